// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a slot: made, published under its name, retired when the server
 * end closes, freed with its inode when the last client is gone as well.
 */
#include <linux/cred.h>
#include <linux/fsnotify.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/kdev_t.h>
#include <linux/memcontrol.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>

#include "room.h"
#include "name.h"
#include "trace.h"

static int take_place(struct mailslot_fs *fs)
{
	int err = -ENOBUFS;

	spin_lock(&fs->lock);
	if (fs->slots < mailslot_opt(fs, MAILSLOT_OPT_MAX_SLOTS)) {
		fs->slots++;
		fs->created++;
		err = 0;
	}
	spin_unlock(&fs->lock);
	return err;
}

/* A directory changes when an entry comes or goes. */
static void touch_dir(struct mailslot_fs *fs)
{
	struct inode *dir = d_inode(fs->sb->s_root);

	lockdep_assert_held(&fs->lock);

	inode_set_mtime_to_ts(dir, inode_set_ctime_current(dir));
}

static void leave_place(struct mailslot_fs *fs, struct mailslot *slot)
{
	spin_lock(&fs->lock);
	fs->slots--;
	if (!hlist_unhashed(&slot->node)) {
		hlist_del_init_rcu(&slot->node);
		touch_dir(fs);
	}
	spin_unlock(&fs->lock);
}

/* Who has not even the bit need not be asked about by security modules. */
static struct mailslot_user *owner(struct mailslot_fs *fs)
{
	if (cap_raised(current_cap(), CAP_SYS_RESOURCE) &&
	    ns_capable_noaudit(&init_user_ns, CAP_SYS_RESOURCE))
		return NULL;
	return mailslot_user_get(current_uid(),
				 mailslot_user_limit(fs, MAILSLOT_OPT_MAX_USER_SLOTS));
}

/**
 * mailslot_init_once - what a slot needs before it is an inode of any kind
 * @slot: Fresh from the slab.
 *
 * Context: Any.
 */
void mailslot_init_once(struct mailslot *slot)
{
	init_waitqueue_head(&slot->wait);
	init_waitqueue_head(&slot->writers);
	INIT_LIST_HEAD(&slot->readers);
	INIT_HLIST_NODE(&slot->node);
	slot->tail = &slot->head;
	slot->stamp_jiffies = jiffies - 1;
}

static void init_inode(struct inode *inode, const struct mailslot_attr *attr)
{
	struct mailslot *slot = MAILSLOT_I(inode);
	umode_t mode = attr->mode ?: mailslot_opt(slot->fs,
						  MAILSLOT_OPT_SLOT_MODE);

	inode->i_ino = get_next_ino();
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	simple_inode_init_ts(inode);
	init_special_inode(inode, S_IFCHR | mode,
			   MKDEV(MAJOR(mailslot_dev), MAILSLOT_MINOR_SLOT));
	inode->i_op = &mailslot_inode_operations;
	inode->i_fop = &mailslot_client_operations;
	slot->max_size = attr->max_size;
	slot->timeout_ms = attr->timeout_ms;
	slot->flags = attr->flags;
	slot->memcg = get_mem_cgroup_from_mm(current->mm);
}

/**
 * mailslot_new - make a slot that nobody knows yet
 * @sb: The file system.
 * @attr: What it is to be like.
 *
 * The next open of the inode makes the server end; then the caller publishes
 * the slot. Until then putting the inode is enough to undo everything.
 *
 * Context: Process context, may sleep.
 * Return: the inode, or an ERR_PTR: -ENOBUFS when max_slots= or
 * max_user_slots= is used up, -EOVERFLOW when the caller's ids mean nothing to
 * the mount, -ENOMEM.
 */
struct inode *mailslot_new(struct super_block *sb,
			   const struct mailslot_attr *attr)
{
	struct mailslot_fs *fs = mailslot_net_fs(sb->s_fs_info);
	struct mailslot_user *user;
	struct inode *inode;
	int err;

	if (!kuid_has_mapping(sb->s_user_ns, current_fsuid()) ||
	    !kgid_has_mapping(sb->s_user_ns, current_fsgid()))
		return ERR_PTR(-EOVERFLOW);
	user = owner(fs);
	if (IS_ERR(user))
		return ERR_CAST(user);
	err = take_place(fs);
	if (err)
		goto err_put_user;
	inode = new_inode(sb);
	if (!inode) {
		err = -ENOMEM;
		goto err_leave;
	}
	MAILSLOT_I(inode)->fs = fs;
	MAILSLOT_I(inode)->user = user;
	init_inode(inode, attr);
	return inode;

err_leave:
	spin_lock(&fs->lock);
	fs->slots--;
	spin_unlock(&fs->lock);
err_put_user:
	mailslot_user_drop_slot(user);
	mailslot_user_put(user);
	return ERR_PTR(err);
}

/**
 * mailslot_publish - let the world see a slot whose server end is open
 * @slot: The slot.
 * @dentry: Its name, held by the server's file; hashed from now on.
 *
 * Context: Process context. The root directory's i_rwsem is held for writing,
 * so no other slot can take the name meanwhile.
 */
void mailslot_publish(struct mailslot *slot, struct dentry *dentry)
{
	struct mailslot_fs *fs = slot->fs;

	lockdep_assert_held_write(&d_inode(fs->sb->s_root)->i_rwsem);

	/* Nothing that is mounted here could ever be unmounted again. */
	dont_mount(dentry);
	slot->dentry = dentry;
	slot->hash = dentry->d_name.hash;
	spin_lock(&fs->lock);
	hlist_add_head_rcu(&slot->node,
			   &fs->table[hash_32(slot->hash, MAILSLOT_HASH_BITS)]);
	touch_dir(fs);
	spin_unlock(&fs->lock);
	trace_mailslot_create(slot);
	mutex_lock(&fs->names);
	d_rehash(dentry);
	mutex_unlock(&fs->names);
}

/**
 * mailslot_find - look a slot up for mail that comes from the network
 * @fs: The instance.
 * @name: Name of the slot, plain, not ended by a NUL.
 * @len: Bytes at @name.
 *
 * Context: Any, under rcu_read_lock().
 * Return: the slot or NULL. It may be dead, which shows under its lock.
 */
struct mailslot *mailslot_find(struct mailslot_fs *fs, const char *name,
			       size_t len)
{
	struct mailslot *slot;
	u32 hash;

	if (mslot_name_hash(name, len, fs->sb->s_root, &hash))
		return NULL;
	hlist_for_each_entry_rcu(slot,
				 &fs->table[hash_32(hash, MAILSLOT_HASH_BITS)],
				 node) {
		const struct qstr *own = &slot->dentry->d_name;

		if (slot->hash == hash &&
		    mslot_name_equal(own->name, own->len, name, len))
			return slot;
	}
	return NULL;
}

static void leave_directory(struct mailslot *slot)
{
	struct mailslot_fs *fs = slot->fs;

	mutex_lock(&fs->names);
	clear_nlink(&slot->vfs_inode);
	d_drop(slot->dentry);
	fsnotify_unlink(d_inode(fs->sb->s_root), slot->dentry);
	mutex_unlock(&fs->names);
}

/**
 * mailslot_retire - the slot's server end is closed
 * @slot: The slot; its name is free when this returns.
 *
 * Context: Process context, may sleep. Takes and releases the slot lock and
 * both locks of the instance.
 */
void mailslot_retire(struct mailslot *slot)
{
	struct mailslot_msg *queue;

	trace_mailslot_release(slot);
	mailslot_lock(slot);
	slot->state = MAILSLOT_DEAD;
	queue = slot->head;
	slot->head = NULL;
	slot->tail = &slot->head;
	slot->count = 0;
	slot->queued_bytes = 0;
	mailslot_unlock(slot);

	/* Against mailslot_client_poll(), which looks at @state after adding. */
	if (wq_has_sleeper(&slot->writers))
		wake_up_all(&slot->writers);
	if (slot->dentry)
		leave_directory(slot);
	leave_place(slot->fs, slot);
	mailslot_user_drop_slot(slot->user);
	mailslot_msg_purge(slot, queue);
	mailslot_pool_drain(slot);
}

/**
 * mailslot_evict - the inode of a slot is about to vanish
 * @slot: The slot; nobody else has it any more.
 *
 * Context: Process context, may sleep.
 */
void mailslot_evict(struct mailslot *slot)
{
	if (slot->state != MAILSLOT_DEAD)
		mailslot_retire(slot);
}

/**
 * mailslot_free - the memory of the slot's inode is about to be freed
 * @slot: The slot, or what would be one in an inode of another kind.
 *
 * Context: Any but hard interrupts, after a grace period.
 */
void mailslot_free(struct mailslot *slot)
{
	mailslot_pool_drain(slot);
	mem_cgroup_put(slot->memcg);
	mailslot_user_put(slot->user);
}

/**
 * mailslot_limits_changed - a remount may have made room
 * @fs: The instance.
 *
 * Context: Process context. Takes and releases slot locks.
 */
void mailslot_limits_changed(struct mailslot_fs *fs)
{
	struct mailslot *slot;
	size_t i;

	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(fs->table); i++) {
		hlist_for_each_entry_rcu(slot, &fs->table[i], node) {
			mailslot_lock(slot);
			mailslot_feed(slot);
			mailslot_unlock(slot);
			mailslot_user_feed(slot->user);
		}
	}
	rcu_read_unlock();
}

/**
 * mailslot_info - a slot's state and counters
 * @slot: The slot.
 * @info: Where they go, wholly.
 *
 * Context: Process context. Takes and releases the slot lock.
 */
void mailslot_info(struct mailslot *slot, struct mailslot_ioctl_info *info)
{
	const u64 *dropped = slot->stats.dropped;

	memset(info, 0, sizeof(*info));
	mailslot_lock(slot);
	info->max_message_size = slot->max_size;
	info->next_size = slot->head ? slot->head->size : MAILSLOT_NO_MESSAGE;
	info->message_count = slot->count;
	info->read_timeout_ms = slot->timeout_ms;
	info->queued_bytes = slot->queued_bytes;
	info->delivered = slot->stats.delivered;
	info->dropped_too_long = dropped[MAILSLOT_DROP_TOO_LONG];
	info->dropped_queue_full = dropped[MAILSLOT_DROP_QUEUE_FULL];
	info->dropped_user_quota = dropped[MAILSLOT_DROP_USER_QUOTA];
	info->dropped_no_memory = dropped[MAILSLOT_DROP_NO_MEMORY];
	info->flags = slot->flags;
	mailslot_unlock(slot);
}
