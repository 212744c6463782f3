/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MAILSLOT_COMPAT_FS_H
#define _MAILSLOT_COMPAT_FS_H

#include_next <linux/fs.h>
#include "../version.h"

/* 6.3: inode operations take the mount's idmapping, no longer a namespace. */
#if MAILSLOT_BEFORE(6, 3)
#define mnt_idmap user_namespace
#endif

/* 6.6: generic_fillattr() learns which attributes are wanted. */
#if MAILSLOT_BEFORE(6, 6)
#define generic_fillattr(idmap, mask, inode, stat) \
	generic_fillattr(idmap, inode, stat)

/* Some stable kernels have it already; then this one takes its place. */
static inline struct timespec64 mailslot_set_ctime(struct inode *inode)
{
	inode->i_ctime = current_time(inode);
	return inode->i_ctime;
}

#define inode_set_ctime_current mailslot_set_ctime
#endif

/* 6.7: the other file times are reached through functions, too. */
#if MAILSLOT_BEFORE(6, 7)
static inline void mailslot_set_mtime(struct inode *inode, struct timespec64 ts)
{
	inode->i_mtime = ts;
}

#define inode_set_mtime_to_ts mailslot_set_mtime

static inline void mailslot_init_ts(struct inode *inode)
{
	inode->i_atime = inode_set_ctime_current(inode);
	inode->i_mtime = inode->i_atime;
}

#define simple_inode_init_ts mailslot_init_ts
#endif

/* 6.17: a function sets the dentry operations of a super block. */
#if MAILSLOT_BEFORE(6, 17)
static inline void mailslot_set_d_op(struct super_block *sb,
				     const struct dentry_operations *ops)
{
	sb->s_d_op = ops;
}

#define set_default_d_op mailslot_set_d_op
#endif

#endif /* _MAILSLOT_COMPAT_FS_H */
