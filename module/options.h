/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of the mount.
 */
#ifndef _MAILSLOT_OPTIONS_H
#define _MAILSLOT_OPTIONS_H

#include <linux/fs_context.h>
#include <linux/fs_parser.h>

#include "mailslot.h"

extern const struct fs_parameter_spec mailslot_parameters[];

void mailslot_options_ceiling(const struct mailslot_fs *fs);
int mailslot_options_init(struct mailslot_fs *fs);
void *mailslot_options_alloc(void);
int mailslot_parse_param(struct fs_context *fc, struct fs_parameter *param);
int mailslot_options_apply(struct super_block *sb, struct fs_context *fc);
void mailslot_options_show(struct seq_file *m, struct mailslot_fs *fs);

#endif /* _MAILSLOT_OPTIONS_H */
