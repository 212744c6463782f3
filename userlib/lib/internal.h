/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of libmailslot share, and nobody else sees. */
#ifndef _MAILSLOT_INTERNAL_H
#define _MAILSLOT_INTERNAL_H

#include <limits.h>

#include <mailslot.h>

/** MAILSLOT_API - marks a call that programs may link to */
#define MAILSLOT_API	__attribute__((visibility("default")))

/** MAILSLOT_DEFAULT_ROOT - mount point when $MAILSLOT_ROOT names none */
#define MAILSLOT_DEFAULT_ROOT	"/dev/mailslot"

const char *mailslot_root(void);
int mailslot_kernel_name(const char *name, char kernel_name[PATH_MAX]);
int mailslot_path(const char *name, char path[PATH_MAX]);
uint8_t mailslot_source_name(const uint8_t raw[MAILSLOT_NETBIOS_NAME_LEN],
			     char text[MAILSLOT_SOURCE_NAME_MAX + 1]);

#endif /* _MAILSLOT_INTERNAL_H */
