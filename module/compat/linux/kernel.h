/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MAILSLOT_COMPAT_KERNEL_H
#define _MAILSLOT_COMPAT_KERNEL_H

#include_next <linux/kernel.h>
#include "../version.h"

/* 7.0: hex2bin() is no longer here, but only in a header that 6.12 has, too. */
#if !MAILSLOT_BEFORE(6, 12)
#include <linux/hex.h>
#endif

#endif /* _MAILSLOT_COMPAT_KERNEL_H */
