/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MAILSLOT_COMPAT_FILE_H
#define _MAILSLOT_COMPAT_FILE_H

#include_next <linux/file.h>

/* 6.12, and some stable kernels: a struct fd is looked into by a macro. */
#ifndef fd_file
#define fd_file(f)	((f).file)
#endif

#endif /* _MAILSLOT_COMPAT_FILE_H */
