/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MAILSLOT_COMPAT_UACCESS_H
#define _MAILSLOT_COMPAT_UACCESS_H

#include_next <linux/uaccess.h>
#include <linux/bug.h>
#include <linux/minmax.h>
#include "../version.h"

/* 6.13: the counterpart of copy_struct_from_user(), which checks @src like it. */
#if MAILSLOT_BEFORE(6, 13)
static __always_inline __must_check int
mailslot_copy_to_user(void __user *dst, size_t usize, const void *src,
		      size_t ksize, bool *ignored_trailing)
{
	size_t size = min(ksize, usize);

	if (WARN_ON_ONCE(ksize > __builtin_object_size(src, 1)))
		return -E2BIG;
	if (usize > size && clear_user(dst + size, usize - size))
		return -EFAULT;
	if (ignored_trailing)
		*ignored_trailing = usize < ksize;
	return copy_to_user(dst, src, size) ? -EFAULT : 0;
}

#define copy_struct_to_user mailslot_copy_to_user
#endif

#endif /* _MAILSLOT_COMPAT_UACCESS_H */
