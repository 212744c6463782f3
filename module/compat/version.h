/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module is written for the newest kernel. The headers below this folder
 * come before the kernel's own of the same names, include those, and add what
 * older kernels lack. No version is tested anywhere else.
 */
#ifndef _MAILSLOT_COMPAT_VERSION_H
#define _MAILSLOT_COMPAT_VERSION_H

#include <linux/version.h>

#define MAILSLOT_BEFORE(major, minor) \
	(LINUX_VERSION_CODE < KERNEL_VERSION(major, minor, 0))

#endif /* _MAILSLOT_COMPAT_VERSION_H */
