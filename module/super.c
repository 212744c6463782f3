// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file system type: mounting, options, inodes.
 *
 * Every mount in one network namespace shows the same super block, as a
 * machine has one set of mailslots; two namespaces are two machines. The super
 * block holds its namespace, every mount and every open file the super block.
 */
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/module.h>
#include <linux/parser.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "mailslot.h"

#define KIB	1024UL
#define MIB	(1024UL * 1024)

/* One line an option; everything else about options follows from this. */
static const struct option {
	const char *name;
	const char *format;
	unsigned long preset, min, max;
} options[MAILSLOT_OPTS] = {
	[MAILSLOT_OPT_MODE] = { "mode", "%04lo", 0777, 0, 0777 },
	[MAILSLOT_OPT_UID] = { "uid", "%lu", 0, 0, U32_MAX },
	[MAILSLOT_OPT_GID] = { "gid", "%lu", 0, 0, U32_MAX },
	[MAILSLOT_OPT_SLOT_MODE] = { "slot_mode", "%04lo", 0622, 0, 0777 },
	[MAILSLOT_OPT_MAX_MESSAGE] = { "max_message", "%lu", MIB, 1,
				       64 * MIB },
	[MAILSLOT_OPT_MAX_QUEUE_BYTES] = { "max_queue_bytes", "%lu", 64 * MIB,
					   1, LONG_MAX / 2 },
	[MAILSLOT_OPT_MAX_QUEUE_MESSAGES] = { "max_queue_messages", "%lu",
					      256 * KIB, 1, U32_MAX },
	[MAILSLOT_OPT_MAX_USER_BYTES] = { "max_user_bytes", "%lu", 64 * MIB, 1,
					  LONG_MAX / 2 },
	[MAILSLOT_OPT_MAX_USER_SLOTS] = { "max_user_slots", "%lu", 4096, 1,
					  U32_MAX },
	[MAILSLOT_OPT_MAX_SLOTS] = { "max_slots", "%lu", 256 * KIB, 1,
				     U32_MAX },
};

static const struct fs_parameter_spec parameters[] = {
	fsparam_u32oct("mode", MAILSLOT_OPT_MODE),
	fsparam_u32("uid", MAILSLOT_OPT_UID),
	fsparam_u32("gid", MAILSLOT_OPT_GID),
	fsparam_u32oct("slot_mode", MAILSLOT_OPT_SLOT_MODE),
	fsparam_string("max_message", MAILSLOT_OPT_MAX_MESSAGE),
	fsparam_string("max_queue_bytes", MAILSLOT_OPT_MAX_QUEUE_BYTES),
	fsparam_string("max_queue_messages", MAILSLOT_OPT_MAX_QUEUE_MESSAGES),
	fsparam_string("max_user_bytes", MAILSLOT_OPT_MAX_USER_BYTES),
	fsparam_string("max_user_slots", MAILSLOT_OPT_MAX_USER_SLOTS),
	fsparam_string("max_slots", MAILSLOT_OPT_MAX_SLOTS),
	{}
};

/**
 * struct mount_opts - what one call of mount(2) asks for
 * @set: Bit by enum mailslot_opt: the option was given.
 * @value: Its value.
 */
struct mount_opts {
	unsigned long set;
	unsigned long value[MAILSLOT_OPTS];
};

/*
 * The limits per user that hold for mounts of other user namespaces: those of
 * the initial network namespace's instance, or the presets while it is not
 * mounted. Whoever may mount in a namespace of his own could otherwise give
 * himself any limit.
 */
unsigned long mailslot_ceiling[MAILSLOT_OPTS];

static struct kmem_cache *inode_cache;

static void set_ceiling(const struct mailslot_fs *fs)
{
	int i;

	for (i = 0; i < MAILSLOT_OPTS; i++)
		WRITE_ONCE(mailslot_ceiling[i],
			   fs ? fs->opt[i] : options[i].preset);
}

/**
 * mailslot_user_limit - a limit per user, as it holds in an instance
 * @fs: The instance.
 * @opt: MAILSLOT_OPT_MAX_USER_BYTES or MAILSLOT_OPT_MAX_USER_SLOTS.
 *
 * Context: Any.
 * Return: the limit.
 */
unsigned long mailslot_user_limit(const struct mailslot_fs *fs,
				  enum mailslot_opt opt)
{
	unsigned long limit = mailslot_opt(fs, opt);

	if (likely(!fs->confined))
		return limit;
	return min(limit, READ_ONCE(mailslot_ceiling[opt]));
}

static int parse_size(struct fs_context *fc, const struct fs_parameter *param,
		      unsigned long *value)
{
	unsigned long long size;
	char *end;

	size = memparse(param->string, &end);
	if (end == param->string || *end || *param->string == '-')
		return invalfc(fc, "%s: '%s' is not a number", param->key,
			       param->string);
	*value = min_t(unsigned long long, size, ULONG_MAX);
	return 0;
}

static int mailslotfs_parse_param(struct fs_context *fc,
				  struct fs_parameter *param)
{
	struct mount_opts *opts = fc->fs_private;
	struct fs_parse_result result;
	unsigned long value;
	int opt, err;

	opt = fs_parse(fc, parameters, param, &result);
	if (opt < 0)
		return opt;
	if (param->type == fs_value_is_string && opt >= MAILSLOT_OPT_MAX_MESSAGE) {
		err = parse_size(fc, param, &value);
		if (err)
			return err;
	} else {
		value = result.uint_32;
	}
	if (value < options[opt].min || value > options[opt].max)
		return invalfc(fc, "%s: must be %lu to %lu", param->key,
			       options[opt].min, options[opt].max);
	if (opt == MAILSLOT_OPT_UID &&
	    !uid_valid(make_kuid(fc->user_ns, value)))
		return invalfc(fc, "uid: no such user in this namespace");
	if (opt == MAILSLOT_OPT_GID &&
	    !gid_valid(make_kgid(fc->user_ns, value)))
		return invalfc(fc, "gid: no such group in this namespace");
	opts->value[opt] = value;
	opts->set |= BIT(opt);
	return 0;
}

/* The caller holds s_umount for writing, as every change of options does. */
static void apply_options(struct super_block *sb, const struct mount_opts *opts)
{
	struct mailslot_fs *fs = mailslot_net_fs(sb->s_fs_info);
	struct inode *root = d_inode(sb->s_root);
	unsigned long set = opts->set;
	int i;

	for_each_set_bit(i, &set, MAILSLOT_OPTS)
		WRITE_ONCE(fs->opt[i], opts->value[i]);
	if (set & BIT(MAILSLOT_OPT_MODE))
		root->i_mode = S_IFDIR | fs->opt[MAILSLOT_OPT_MODE];
	if (set & BIT(MAILSLOT_OPT_UID))
		root->i_uid = make_kuid(sb->s_user_ns,
					fs->opt[MAILSLOT_OPT_UID]);
	if (set & BIT(MAILSLOT_OPT_GID))
		root->i_gid = make_kgid(sb->s_user_ns,
					fs->opt[MAILSLOT_OPT_GID]);
	if (net_eq(fs->net, &init_net))
		set_ceiling(fs);
}

static int mailslotfs_show_options(struct seq_file *m, struct dentry *root)
{
	struct mailslot_fs *fs = mailslot_net_fs(root->d_sb->s_fs_info);
	int i;

	for (i = 0; i < MAILSLOT_OPTS; i++) {
		seq_printf(m, ",%s=", options[i].name);
		seq_printf(m, options[i].format, mailslot_opt(fs, i));
	}
	return 0;
}

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
	kmem_cache_free(inode_cache, MAILSLOT_I(inode));
}

static void mailslotfs_evict_inode(struct inode *inode)
{
	clear_inode(inode);
	if (S_ISCHR(inode->i_mode))
		mailslot_evict(MAILSLOT_I(inode));
}

static const struct super_operations super_operations = {
	.alloc_inode = mailslotfs_alloc_inode,
	.free_inode = mailslotfs_free_inode,
	.evict_inode = mailslotfs_evict_inode,
	.statfs = simple_statfs,
	.show_options = mailslotfs_show_options,
};

static struct mailslot_fs *new_instance(struct super_block *sb)
{
	struct mailslot_fs *fs = kvzalloc(sizeof(*fs), GFP_KERNEL_ACCOUNT);
	int i;

	if (!fs)
		return NULL;
	fs->net = sb->s_fs_info;
	fs->sb = sb;
	fs->confined = sb->s_user_ns != &init_user_ns;
	spin_lock_init(&fs->lock);
	for (i = 0; i < MAILSLOT_OPTS; i++)
		fs->opt[i] = options[i].preset;
	return fs;
}

static struct dentry *new_root(struct super_block *sb)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = 1;
	inode->i_mode = S_IFDIR | options[MAILSLOT_OPT_MODE].preset;
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
	sb->s_root = new_root(sb);
	return sb->s_root ? 0 : -ENOMEM;
}

/*
 * A mount of an instance that exists already changes the options that it names
 * and no others, as a remount does, and as tracefs does: ignoring them without
 * a word would be the only alternative to failing.
 */
static int mailslotfs_get_tree(struct fs_context *fc)
{
	int err = get_tree_keyed(fc, mailslotfs_fill_super,
				 get_net(fc->net_ns));

	if (!err)
		apply_options(fc->root->d_sb, fc->fs_private);
	return err;
}

static int mailslotfs_reconfigure(struct fs_context *fc)
{
	sync_filesystem(fc->root->d_sb);
	apply_options(fc->root->d_sb, fc->fs_private);
	return 0;
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
	.parse_param = mailslotfs_parse_param,
	.get_tree = mailslotfs_get_tree,
	.reconfigure = mailslotfs_reconfigure,
};

static int mailslotfs_init_fs_context(struct fs_context *fc)
{
	struct mount_opts *opts = kzalloc(sizeof(*opts), GFP_KERNEL);

	if (!opts)
		return -ENOMEM;
	fc->fs_private = opts;
	/* Who may mount is who owns the network namespace. */
	put_user_ns(fc->user_ns);
	fc->user_ns = get_user_ns(fc->net_ns->user_ns);
	fc->ops = &context_operations;
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
	if (fs)
		mailslot_net_withdraw(fs);
	kill_anon_super(sb);
	if (fs && net_eq(net, &init_net))
		set_ceiling(NULL);
	if (fs)
		kvfree_rcu(fs, rcu);
	put_net(net);
}

static struct file_system_type mailslotfs_type = {
	.owner = THIS_MODULE,
	.name = "mailslot",
	.init_fs_context = mailslotfs_init_fs_context,
	.parameters = parameters,
	.kill_sb = mailslotfs_kill_sb,
	.fs_flags = FS_USERNS_MOUNT,
};
MODULE_ALIAS_FS("mailslot");

static void init_once(void *object)
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

	set_ceiling(NULL);
	inode_cache = kmem_cache_create("mailslot_inode",
					sizeof(struct mailslot), 0,
					SLAB_ACCOUNT | SLAB_RECLAIM_ACCOUNT,
					init_once);
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
