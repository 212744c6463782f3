// SPDX-License-Identifier: GPL-2.0-only
/*
 * The root directory: the names of the slots, and how slots are created.
 *
 * A name is in the dcache exactly as long as its slot exists: the server's
 * file holds the dentry, and when that file goes the dentry is unhashed.
 * Nothing else is ever hashed, no missing name and no second spelling: the
 * dentry operations see through case and through \\.\mailslot\ instead. So
 * there is no alias that could outlive a slot, no residue, and every look-up
 * of a slot that exists is the VFS's fast path.
 */
#include <linux/file.h>
#include <linux/fsnotify.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/security.h>
#include <linux/slab.h>

#include "remote.h"

static int mailslotfs_d_hash(const struct dentry *dir, struct qstr *name)
{
	return mslot_name_hash(name->name, name->len, dir, &name->hash);
}

static int mailslotfs_d_compare(const struct dentry *dentry, unsigned int len,
				const char *str, const struct qstr *name)
{
	return !mslot_name_equal(str, len, name->name, name->len);
}

const struct dentry_operations mailslot_dentry_operations = {
	.d_hash = mailslotfs_d_hash,
	.d_compare = mailslotfs_d_compare,
};

/* Whoever gets here has hashed the name, and so checked it. */
static int split(const struct dentry *dentry, struct mslot_name *name)
{
	return mslot_name_split(dentry->d_name.name, dentry->d_name.len, name);
}

/* Give a dentry its inode, and leave it unhashed: only we can reach it. */
static void instantiate(struct dentry *dentry, struct inode *inode)
{
	d_lookup_done(dentry);
	d_instantiate(dentry, inode);
}

/* Every look-up of a remote name makes a node of its own. */
static int find_remote(struct dentry *dentry, const struct mslot_name *name)
{
	struct super_block *sb = dentry->d_sb;
	struct inode *inode;

	if (mailslot_opt(mailslot_net_fs(sb->s_fs_info),
			 MAILSLOT_OPT_REMOTE) == MAILSLOT_REMOTE_OFF)
		return -ENETDOWN;
	inode = mailslot_dest_new(sb, name);
	if (IS_ERR(inode))
		return PTR_ERR(inode);
	instantiate(dentry, inode);
	return 0;
}

/* The slots that exist are in the dcache, so what arrives here does not. */
static struct dentry *mailslotfs_lookup(struct inode *dir,
					struct dentry *dentry,
					unsigned int flags)
{
	struct mslot_name name;
	int err = split(dentry, &name);

	if (!err && name.remote)
		err = find_remote(dentry, &name);
	return ERR_PTR(err);
}

/*
 * Open the server end of a slot while its dentry is not hashed: nobody else
 * can reach it, so the first open is ours.
 */
static int open_server(struct inode *dir, struct dentry *dentry,
		       struct file *file)
{
	struct mailslot_attr attr = {
		.timeout_ms = MAILSLOT_WAIT_FOREVER,
	};
	struct inode *inode = mailslot_new(dir->i_sb, &attr);
	int err;

	if (IS_ERR(inode))
		return PTR_ERR(inode);
	instantiate(dentry, inode);
	file->f_mode |= FMODE_CREATED;
	err = finish_open(file, dentry, NULL);
	if (!err)
		mailslot_publish(MAILSLOT_I(inode), dentry);
	return err;
}

/*
 * A client's O_CREAT comes from the shell's ">" and never makes a slot; only
 * somebody who will be able to read creates one. That is why ->create(), which
 * cannot see the access mode, would not do. The access mode is the file's,
 * because @flags has those of the VFS, which folds the odd mode 3 into O_RDWR.
 */
static int mailslotfs_atomic_open(struct inode *dir, struct dentry *dentry,
				  struct file *file, unsigned int flags,
				  umode_t mode)
{
	unsigned int access = file->f_flags & O_ACCMODE;
	struct mslot_name name;
	int err = split(dentry, &name);

	if (err)
		return err;
	if (flags & O_CREAT && access != O_WRONLY) {
		if (name.unc || access == O_ACCMODE)
			return -EINVAL;
		return open_server(dir, dentry, file);
	}
	if (!name.remote)
		return -ENOENT;
	err = find_remote(dentry, &name);
	return err ?: finish_no_open(file, NULL);
}

const struct inode_operations mailslot_dir_inode_operations = {
	.lookup = mailslotfs_lookup,
	.atomic_open = mailslotfs_atomic_open,
};

const struct file_operations mailslot_dir_operations = {
	.open = dcache_dir_open,
	.release = dcache_dir_close,
	.llseek = dcache_dir_lseek,
	.read = generic_read_dir,
	.iterate_shared = dcache_readdir,
	.fsync = noop_fsync,
	.unlocked_ioctl = mailslot_dir_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/* A new dentry for a name that nobody has; the directory is locked. */
static struct dentry *new_name(struct dentry *root, const struct qstr *text)
{
	struct dentry *dentry;
	struct mslot_name name;
	struct qstr q;
	int err;

	err = mslot_name_split(text->name, text->len, &name);
	if (err)
		return ERR_PTR(err);
	if (name.remote)
		return ERR_PTR(-EINVAL);
	q = (struct qstr)QSTR_INIT(name.slot, name.slot_len);
	err = mailslotfs_d_hash(root, &q);
	if (err)
		return ERR_PTR(err);
	dentry = d_lookup(root, &q);
	if (dentry) {
		dput(dentry);
		return ERR_PTR(-EEXIST);
	}
	dentry = d_alloc(root, &q);
	return dentry ?: ERR_PTR(-ENOMEM);
}

/* What security modules are asked before open(2) makes a file. */
static int may_create_name(const struct path *dir, struct dentry *dentry,
			   const struct mailslot_attr *attr)
{
	umode_t mode = S_IFREG | attr->mode;

	return security_path_mknod(dir, dentry, mode, 0) ?:
	       security_inode_create(d_inode(dir->dentry), dentry, mode);
}

/* The mirror of what open(2) with O_CREAT does, with attributes of its own. */
static struct file *create_file(const struct path *dir,
				const struct qstr *text,
				u32 open_flags,
				const struct mailslot_attr *attr)
{
	struct path path_of_slot = *dir, *path = &path_of_slot;
	struct dentry *root = dir->dentry;
	struct inode *inode;
	struct file *file;

	path->dentry = new_name(root, text);
	if (IS_ERR(path->dentry))
		return ERR_CAST(path->dentry);
	file = ERR_PTR(may_create_name(dir, path->dentry, attr));
	if (IS_ERR(file))
		goto out_dput;
	inode = mailslot_new(root->d_sb, attr);
	file = ERR_CAST(inode);
	if (IS_ERR(inode))
		goto out_dput;
	d_instantiate(path->dentry, inode);
	file = dentry_open(path, O_RDONLY | (open_flags & O_NONBLOCK),
			   current_cred());
	if (!IS_ERR(file))
		mailslot_publish(MAILSLOT_I(inode), path->dentry);
out_dput:
	dput(path->dentry);
	return file;
}

/* What the VFS checks for an open(2) that creates. */
static int may_create(struct file *dir)
{
	int err = file_permission(dir, MAY_WRITE | MAY_EXEC);

	if (err)
		return err;
	return dir->f_path.mnt->mnt_flags & MNT_NODEV ? -EACCES : 0;
}

static struct file *create_locked(struct file *dir, const struct qstr *text,
				  u32 open_flags,
				  const struct mailslot_attr *attr)
{
	struct inode *inode = file_inode(dir);
	struct file *file;
	int err;

	err = mnt_want_write_file(dir);
	if (err)
		return ERR_PTR(err);
	inode_lock(inode);
	file = create_file(&dir->f_path, text, open_flags, attr);
	if (!IS_ERR(file))
		fsnotify_create(inode, file->f_path.dentry);
	inode_unlock(inode);
	mnt_drop_write_file(dir);
	if (IS_ERR(file))
		return file;
	/* Device cgroups and security modules have a say, as in open(2). */
	err = file_permission(file, MAY_OPEN | MAY_READ);
	if (err) {
		fput(file);
		return ERR_PTR(err);
	}
	return file;
}

/**
 * mailslot_create_fd - create a slot for an ioctl on the root directory
 * @dir: The directory.
 * @name: The slot's name, plain or behind \\.\mailslot\.
 * @open_flags: O_CLOEXEC, O_NONBLOCK.
 * @attr: What the slot is to be like.
 *
 * Context: Process context, may sleep. Takes the directory's i_rwsem.
 * Return: the descriptor of the server end, or an error of open(2).
 */
int mailslot_create_fd(struct file *dir, const struct qstr *name,
		       u32 open_flags, const struct mailslot_attr *attr)
{
	struct file *file;
	int fd, err;

	err = may_create(dir);
	if (err)
		return err;
	fd = get_unused_fd_flags(open_flags & O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = create_locked(dir, name, open_flags, attr);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}
