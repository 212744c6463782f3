/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MAILSLOT_COMPAT_KERNEL_H
#define _MAILSLOT_COMPAT_KERNEL_H

#include_next <linux/kernel.h>

/* Newer kernels have hex2bin() and its like in a header of their own. */
#if __has_include(<linux/hex.h>)
#include <linux/hex.h>
#endif

#endif /* _MAILSLOT_COMPAT_KERNEL_H */
