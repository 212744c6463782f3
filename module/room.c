// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether there is room for a message: its size, the queue, the quotas; and
 * telling those who wait for it.
 */
#include <linux/minmax.h>

#include "msg.h"
#include "trace.h"

static size_t max_size(const struct mailslot *slot)
{
	return min_not_zero((unsigned long)slot->max_size,
			    mailslot_opt(slot->fs, MAILSLOT_OPT_MAX_MESSAGE));
}

static bool has_room(const struct mailslot *slot, size_t size)
{
	const struct mailslot_fs *fs = slot->fs;

	return slot->count < mailslot_opt(fs, MAILSLOT_OPT_MAX_QUEUE_MESSAGES) &&
	       slot->queued_bytes + size <=
			mailslot_opt(fs, MAILSLOT_OPT_MAX_QUEUE_BYTES);
}

/* The network may fill half of a queue; the rest is for local mail alone. */
static bool has_room_for(const struct mailslot *slot, size_t size, bool remote)
{
	if (remote)
		return has_room(slot, slot->queued_bytes + 2 * size) &&
		       slot->count * 2ULL <
		       mailslot_opt(slot->fs, MAILSLOT_OPT_MAX_QUEUE_MESSAGES);
	return has_room(slot, size);
}

static bool charge_remote(struct mailslot_fs *fs, size_t size)
{
	unsigned long limit = mailslot_opt(fs, MAILSLOT_OPT_MAX_REMOTE_BYTES);
	long charge = mailslot_charge(size);
	long old = atomic_long_read(&fs->remote_bytes);

	do {
		if (old + charge > limit)
			return false;
	} while (!atomic_long_try_cmpxchg(&fs->remote_bytes, &old,
					  old + charge));
	return true;
}

/**
 * mailslot_discharge - a message that was queued is no more
 * @slot: Its slot.
 * @msg: The message.
 *
 * Context: Any but hard interrupts.
 */
void mailslot_discharge(struct mailslot *slot, const struct mailslot_msg *msg)
{
	if (msg->buf & MAILSLOT_BUF_REMOTE)
		atomic_long_sub(mailslot_charge(msg->size),
				&slot->fs->remote_bytes);
	mailslot_user_uncharge(slot->user, msg->size);
}

static unsigned long user_limit(const struct mailslot *slot)
{
	return mailslot_user_limit(slot->fs, MAILSLOT_OPT_MAX_USER_BYTES);
}

static void count_drop(struct mailslot *slot, enum mailslot_drop reason,
		       size_t size)
{
	lockdep_assert_held(&slot->wait.lock);

	slot->stats.dropped[reason]++;
	this_cpu_inc(slot->fs->stats->dropped[reason]);
	trace_mailslot_drop(slot, reason, size);
}

/*
 * The size of message that those who poll wait for. What could never fit, or
 * no more since a remount, is not worth waiting for.
 */
static size_t awaited(const struct mailslot *slot)
{
	size_t most = mailslot_opt(slot->fs, MAILSLOT_OPT_MAX_QUEUE_BYTES);

	if (slot->user)
		most = min_t(size_t, most, user_limit(slot));
	return clamp_t(size_t, slot->refused, 1, most);
}

/* In the queue, and in the owner's quota, which tells us when there is more. */
static bool has_awaited_room(struct mailslot *slot)
{
	size_t size = awaited(slot);

	return has_room(slot, size) &&
	       mailslot_user_room(slot->user, size, user_limit(slot));
}

/* Only a local writer can wait for room, so only its size is remembered. */
static int refuse(struct mailslot *slot, enum mailslot_drop reason, size_t size,
		  bool remote)
{
	if (!remote) {
		slot->refused = size;
		slot->starved = true;
	}
	count_drop(slot, reason, size);
	return -ENOBUFS;
}

/**
 * mailslot_drop - count a message that could not be queued
 * @slot: The slot it was for.
 * @reason: Why.
 *
 * Context: Any but hard interrupts. Takes and releases the slot lock.
 */
void mailslot_drop(struct mailslot *slot, enum mailslot_drop reason)
{
	mailslot_lock(slot);
	count_drop(slot, reason, 0);
	mailslot_unlock(slot);
}

/* The queue may have become full since, but it need not be tried for that. */
static int check_room(struct mailslot *slot, size_t size, bool remote)
{
	int err = 0;

	mailslot_lock(slot);
	if (!has_room_for(slot, size, remote))
		err = refuse(slot, MAILSLOT_DROP_QUEUE_FULL, size, remote);
	mailslot_unlock(slot);
	return err;
}

static int refuse_size(struct mailslot *slot, size_t size)
{
	mailslot_lock(slot);
	count_drop(slot, MAILSLOT_DROP_TOO_LONG, size);
	mailslot_unlock(slot);
	return -EMSGSIZE;
}

/**
 * mailslot_check - may a message of this size be made for this slot?
 * @slot: The slot.
 * @size: Bytes of the message.
 * @remote: Whether it comes from the network.
 *
 * The one place where the size is checked, for every kind of mail, and what
 * can be known before the message is copied. Whether there is room for it is
 * for mailslot_enqueue() to say; only a large message is turned away here
 * already, as it would be copied in vain. What is refused is counted.
 *
 * Context: Any but hard interrupts. May take and release the slot lock.
 * Return: 0; -EPIPE when the server end is closed, -EMSGSIZE above the slot's
 * or the mount's maximum, -ENOBUFS when the queue is full.
 */
int mailslot_check(struct mailslot *slot, size_t size, bool remote)
{
	if (unlikely(READ_ONCE(slot->state) == MAILSLOT_DEAD))
		return -EPIPE;
	if (unlikely(size > max_size(slot)))
		return refuse_size(slot, size);
	if (unlikely(size > PAGE_SIZE))
		return check_room(slot, size, remote);
	return 0;
}

/**
 * mailslot_admit - may a message enter the queue?
 * @slot: The slot.
 * @msg: The message. If the answer is yes, it has been charged, until
 *	mailslot_discharge().
 *
 * The one place where quotas are checked: room in the queue, in the owner's
 * quota, and in that of all remote mail. What is refused is counted, and
 * poll(2) will wait for its size.
 *
 * Context: Slot lock held.
 * Return: 0, or an error of mailslot_enqueue().
 */
int mailslot_admit(struct mailslot *slot, const struct mailslot_msg *msg)
{
	bool remote = msg->buf & MAILSLOT_BUF_REMOTE;
	size_t size = msg->size;

	lockdep_assert_held(&slot->wait.lock);

	if (unlikely(slot->state == MAILSLOT_DEAD))
		return -EPIPE;
	if (unlikely(!has_room_for(slot, size, remote)))
		return refuse(slot, MAILSLOT_DROP_QUEUE_FULL, size, remote);
	if (slot->user &&
	    unlikely(!mailslot_user_charge(slot->user, size, user_limit(slot))))
		return refuse(slot, MAILSLOT_DROP_USER_QUOTA, size, remote);
	if (unlikely(remote) && !charge_remote(slot->fs, size)) {
		mailslot_user_uncharge(slot->user, size);
		return -EDQUOT;
	}
	return 0;
}

/**
 * mailslot_writable - is there room for a message?
 * @slot: The slot.
 *
 * "Room" is for a message of the size that was last refused: a writer that
 * waits because of ENOBUFS is not told to go on until it would succeed.
 *
 * Context: Slot lock held.
 * Return: whether a write of that size would find room in the queue and in
 * the owner's quota.
 */
bool mailslot_writable(struct mailslot *slot)
{
	lockdep_assert_held(&slot->wait.lock);

	if (has_awaited_room(slot))
		return true;
	slot->starved = true;
	return false;
}

/**
 * mailslot_feed - if somebody waits for room and there is some, tell them
 * @slot: The slot.
 *
 * Context: Slot lock held.
 */
void mailslot_feed(struct mailslot *slot)
{
	lockdep_assert_held(&slot->wait.lock);

	if (likely(!slot->starved) || !has_awaited_room(slot))
		return;
	slot->starved = false;
	slot->refused = 0;
	mailslot_wake_writers(&slot->writers);
}
