// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file system type: mounting, super block, inodes.
 *
 * Every mount in one network namespace shows the same super block, as a
 * machine has one set of mailslots; two namespaces are two machines. The super
 * block holds its namespace, every mount and every open file the super block.
 */
#include <linux/fs_context.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "options.h"
#include "remote.h"

static struct kmem_cache *inode_cache;

static struct inode *mailslotfs_alloc_inode(struct super_block *sb)
{
	struct mailslot *slot;

	slot = alloc_inode_sb(sb, inode_cache, GFP_KERNEL);
	if (!slot)
		return NULL;
	memset(slot, 0, offsetof(struct mailslot, vfs_inode));
	mailslot_init_once(slot);
	return &slot->vfs_inode;
}

static void mailslotfs_free_inode(struct inode *inode)
{
	mailslot_free(MAILSLOT_I(inode));
	kmem_cache_free(inode_cache, MAILSLOT_I(inode));
}

static void mailslotfs_evict_inode(struct inode *inode)
{
	clear_inode(inode);
	if (!S_ISCHR(inode->i_mode))
		return;
	if (iminor(inode) == MAILSLOT_MINOR_REMOTE)
		mailslot_dest_evict(inode);
	else
		mailslot_evict(MAILSLOT_I(inode));
}

static int mailslotfs_show_options(struct seq_file *m, struct dentry *root)
{
	mailslot_options_show(m, mailslot_net_fs(root->d_sb->s_fs_info));
	return 0;
}

static const struct super_operations super_operations = {
	.alloc_inode = mailslotfs_alloc_inode,
	.free_inode = mailslotfs_free_inode,
	.evict_inode = mailslotfs_evict_inode,
	.statfs = simple_statfs,
	.show_options = mailslotfs_show_options,
};

static void free_instance_rcu(struct rcu_head *rcu)
{
	struct mailslot_fs *fs = container_of(rcu, struct mailslot_fs, rcu);

	kfree(rcu_dereference_protected(fs->config, true));
	free_percpu(fs->stats);
	kvfree(fs);
}

/* Who reads /proc/net/mailslot holds nothing but rcu_read_lock(). */
static void free_instance(struct mailslot_fs *fs)
{
	call_rcu(&fs->rcu, free_instance_rcu);
}

static struct mailslot_fs *new_instance(struct super_block *sb)
{
	struct mailslot_fs *fs = kvzalloc(sizeof(*fs), GFP_KERNEL_ACCOUNT);

	if (!fs)
		return NULL;
	fs->net = sb->s_fs_info;
	fs->sb = sb;
	fs->confined = sb->s_user_ns != &init_user_ns;
	mutex_init(&fs->names);
	spin_lock_init(&fs->lock);
	init_rwsem(&fs->remote_lock);
	fs->stats = alloc_percpu_gfp(struct mailslot_stats, GFP_KERNEL_ACCOUNT);
	if (fs->stats && !mailslot_options_init(fs))
		return fs;
	free_instance(fs);
	return NULL;
}

static struct dentry *new_root(struct super_block *sb,
			       const struct mailslot_fs *fs)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = 1;
	inode->i_mode = S_IFDIR | fs->opt[MAILSLOT_OPT_MODE];
	inode->i_uid = make_kuid(sb->s_user_ns, 0);
	inode->i_gid = make_kgid(sb->s_user_ns, 0);
	simple_inode_init_ts(inode);
	inode->i_op = &mailslot_dir_inode_operations;
	inode->i_fop = &mailslot_dir_operations;
	set_nlink(inode, 2);
	return d_make_root(inode);
}

static int mailslotfs_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct mailslot_fs *fs;

	/*
	 * A mount in a user namespace may not hold device nodes, because mknod
	 * could then reach any device. Ours cannot: mknod is not supported,
	 * and all the nodes that there are run our file operations and no
	 * driver's. So lift the ban, as binderfs does. Programs are not here.
	 */
	sb->s_iflags &= ~SB_I_NODEV;
	sb->s_iflags |= SB_I_NOEXEC;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_magic = MAILSLOT_SUPER_MAGIC;
	sb->s_op = &super_operations;
	sb->s_time_gran = 1;
	set_default_d_op(sb, &mailslot_dentry_operations);

	fs = new_instance(sb);
	if (!fs)
		return -ENOMEM;
	/* From here on mailslotfs_kill_sb() frees it. */
	mailslot_net_publish(fs);
	sb->s_root = new_root(sb, fs);
	return sb->s_root ? 0 : -ENOMEM;
}

/*
 * A mount of an instance that exists already changes the options that it names
 * and no others, as a remount does, and as tracefs does: ignoring them without
 * a word would be the only alternative to failing.
 */
static int mailslotfs_get_tree(struct fs_context *fc)
{
	struct super_block *sb;
	int err;

	err = get_tree_keyed(fc, mailslotfs_fill_super, get_net(fc->net_ns));
	if (err)
		return err;
	sb = fc->root->d_sb;
	err = mailslot_options_apply(sb, fc);
	if (err) {
		dput(fc->root);
		fc->root = NULL;
		deactivate_locked_super(sb);
	}
	return err;
}

static int mailslotfs_reconfigure(struct fs_context *fc)
{
	return mailslot_options_apply(fc->root->d_sb, fc);
}

static void mailslotfs_free_fc(struct fs_context *fc)
{
	kfree(fc->fs_private);
	/* Still here when the super block existed already. */
	if (fc->s_fs_info)
		put_net(fc->s_fs_info);
}

static const struct fs_context_operations context_operations = {
	.free = mailslotfs_free_fc,
	.parse_param = mailslot_parse_param,
	.get_tree = mailslotfs_get_tree,
	.reconfigure = mailslotfs_reconfigure,
};

static int mailslotfs_init_fs_context(struct fs_context *fc)
{
	fc->fs_private = mailslot_options_alloc();
	if (!fc->fs_private)
		return -ENOMEM;
	fc->ops = &context_operations;
	/*
	 * Who may mount is who owns the network namespace. A remount has the
	 * super block's owner already, wherever it comes from.
	 */
	if (fc->purpose == FS_CONTEXT_FOR_RECONFIGURE)
		return 0;
	put_user_ns(fc->user_ns);
	fc->user_ns = get_user_ns(fc->net_ns->user_ns);
	return 0;
}

/*
 * Withdrawn first: the next instance of the namespace may come to be as soon
 * as kill_anon_super() has let go of this one.
 */
static void mailslotfs_kill_sb(struct super_block *sb)
{
	struct net *net = sb->s_fs_info;
	struct mailslot_fs *fs = mailslot_net_fs(net);

	if (fs && fs->sb != sb)
		fs = NULL;
	if (fs) {
		mailslot_remote_stop(fs);
		if (net_eq(net, &init_net))
			mailslot_options_ceiling(NULL);
		mailslot_net_withdraw(fs);
	}
	kill_anon_super(sb);
	if (fs)
		free_instance(fs);
	put_net(net);
}

static struct file_system_type mailslotfs_type = {
	.owner = THIS_MODULE,
	.name = "mailslot",
	.init_fs_context = mailslotfs_init_fs_context,
	.parameters = mailslot_parameters,
	.kill_sb = mailslotfs_kill_sb,
	.fs_flags = FS_USERNS_MOUNT,
};
MODULE_ALIAS_FS("mailslot");

static void construct_inode(void *object)
{
	struct mailslot *slot = object;

	inode_init_once(&slot->vfs_inode);
}

/**
 * mailslot_super_init - register the file system type
 *
 * Context: Process context, at load.
 * Return: 0 or an error.
 */
int mailslot_super_init(void)
{
	int err;

	mailslot_options_ceiling(NULL);
	inode_cache = kmem_cache_create("mailslot_inode",
					sizeof(struct mailslot), 0,
					SLAB_ACCOUNT | SLAB_RECLAIM_ACCOUNT,
					construct_inode);
	if (!inode_cache)
		return -ENOMEM;
	err = register_filesystem(&mailslotfs_type);
	if (err)
		kmem_cache_destroy(inode_cache);
	return err;
}

/**
 * mailslot_super_exit - unregister the file system type
 *
 * Nothing is mounted and no file is open, or the module would be in use; but
 * inodes may still wait for their grace period.
 *
 * Context: Process context, at unload.
 */
void mailslot_super_exit(void)
{
	unregister_filesystem(&mailslotfs_type);
	rcu_barrier();
	kmem_cache_destroy(inode_cache);
}
