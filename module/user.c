// SPDX-License-Identifier: GPL-2.0-only
/*
 * Quotas per user. They count what a real user owns in all namespaces at once,
 * so that a new namespace is no way round them.
 */
#include <linux/hashtable.h>
#include <linux/slab.h>

#include "user.h"

static DEFINE_HASHTABLE(users, 6);
static DEFINE_SPINLOCK(users_lock);

static struct mailslot_user *lookup_user(kuid_t uid)
{
	struct mailslot_user *user;

	lockdep_assert_held(&users_lock);

	hash_for_each_possible(users, user, node, __kuid_val(uid))
		if (uid_eq(user->uid, uid))
			return user;
	return NULL;
}

static struct mailslot_user *new_user(kuid_t uid)
{
	struct mailslot_user *user = kzalloc(sizeof(*user), GFP_KERNEL_ACCOUNT);

	if (user) {
		user->uid = uid;
		init_waitqueue_head(&user->writers);
	}
	return user;
}

/**
 * mailslot_user_get - account a new slot to a user
 * @uid: The real user.
 * @max_slots: How many slots the user may have.
 *
 * Context: Process context, may sleep.
 * Return: the user, for mailslot_user_drop_slot() when the slot vanishes and
 * mailslot_user_put() when its inode does; or an ERR_PTR of -ENOBUFS when that
 * would be too many slots, or of -ENOMEM.
 */
struct mailslot_user *mailslot_user_get(kuid_t uid, unsigned long max_slots)
{
	struct mailslot_user *fresh = NULL, *user;

	spin_lock_bh(&users_lock);
	user = lookup_user(uid);
	if (!user) {
		spin_unlock_bh(&users_lock);
		fresh = new_user(uid);
		if (!fresh)
			return ERR_PTR(-ENOMEM);
		spin_lock_bh(&users_lock);
		user = lookup_user(uid);
	}
	if (!user) {
		user = fresh;
		fresh = NULL;
		hash_add(users, &user->node, __kuid_val(uid));
	}
	if (atomic_read(&user->slots) < max_slots) {
		user->refs++;
		atomic_inc(&user->slots);
	} else {
		if (!user->refs) {
			hash_del(&user->node);
			fresh = user;
		}
		user = ERR_PTR(-ENOBUFS);
	}
	spin_unlock_bh(&users_lock);
	kfree(fresh);
	return user;
}

/**
 * mailslot_user_drop_slot - a slot of the user's exists no more
 * @user: The user, or NULL.
 *
 * Context: Process context.
 */
void mailslot_user_drop_slot(struct mailslot_user *user)
{
	if (user)
		atomic_dec(&user->slots);
}

/**
 * mailslot_user_put - drop a reference to a user
 * @user: The user, or NULL.
 *
 * Context: Process context.
 */
void mailslot_user_put(struct mailslot_user *user)
{
	bool last;

	if (!user)
		return;
	spin_lock_bh(&users_lock);
	last = !--user->refs;
	if (last)
		hash_del(&user->node);
	spin_unlock_bh(&users_lock);
	if (last)
		kfree(user);
}

/* Somebody is refused and may wait for room; @bytes is to be looked at again. */
static void starve(struct mailslot_user *user)
{
	WRITE_ONCE(user->starved, true);
	/* Against the full barrier in mailslot_user_uncharge(). */
	smp_mb();
}

/**
 * mailslot_user_charge_again - charge a message for which there was no room
 * @user: The owner.
 * @charge: What it counts for.
 * @limit: What the owner may have in all slots together.
 *
 * Context: Any but hard interrupts.
 * Return: whether there is room by now. If not, whoever polls
 * &mailslot_user.writers is woken when there is more.
 */
bool mailslot_user_charge_again(struct mailslot_user *user, long charge,
				unsigned long limit)
{
	starve(user);
	return mailslot_try_charge(&user->bytes, charge, limit);
}

/**
 * mailslot_user_feed - there is more room; tell those who wait for it
 * @user: The owner, or NULL if there is no limit.
 *
 * Context: Any but hard interrupts, after a full barrier.
 */
void mailslot_user_feed(struct mailslot_user *user)
{
	if (user && unlikely(READ_ONCE(user->starved))) {
		WRITE_ONCE(user->starved, false);
		mailslot_wake_writers(&user->writers);
	}
}

/**
 * mailslot_user_room - would a message be charged?
 * @user: The owner, or NULL if there is no limit.
 * @size: Bytes of the message.
 * @limit: What the owner may have in all slots together.
 *
 * If not, whoever polls &mailslot_user.writers is woken when there is more
 * room.
 *
 * Context: Any but hard interrupts.
 * Return: whether there is room.
 */
bool mailslot_user_room(struct mailslot_user *user, size_t size,
			unsigned long limit)
{
	long charge = mailslot_charge(size);

	if (!user || atomic_long_read(&user->bytes) + charge <= limit)
		return true;
	starve(user);
	return atomic_long_read(&user->bytes) + charge <= limit;
}
