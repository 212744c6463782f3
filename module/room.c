// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether there is room for a message: its size, the queue, the quotas; and
 * telling those who wait for it.
 */
#include "room.h"
#include "trace.h"

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
		most = min_t(size_t, most, mailslot_byte_limit(slot));
	return clamp_t(size_t, slot->refused, 1, most);
}

/* In the queue, and in the owner's quota, which tells us when there is more. */
static bool has_awaited_room(struct mailslot *slot)
{
	size_t size = awaited(slot);

	return mailslot_has_room(slot, size) &&
	       mailslot_user_room(slot->user, size, mailslot_byte_limit(slot));
}

/**
 * mailslot_refuse - there is no room for a message of this machine
 * @slot: The slot.
 * @reason: Where there is none.
 * @size: Bytes of the message, for which poll(2) will wait.
 *
 * Context: Slot lock held.
 * Return: -ENOBUFS.
 */
int mailslot_refuse(struct mailslot *slot, enum mailslot_drop reason,
		    size_t size)
{
	slot->refused = size;
	slot->starved = true;
	count_drop(slot, reason, size);
	return -ENOBUFS;
}

/* The network may fill half of a queue; the rest is for local mail alone. */
static bool has_room_for_remote(const struct mailslot *slot, size_t size)
{
	return mailslot_has_room(slot, slot->queued_bytes + 2 * size) &&
	       slot->count * 2ULL <
	       mailslot_opt(slot->fs, MAILSLOT_OPT_MAX_QUEUE_MESSAGES);
}

/* Only a local writer can wait for room, so no size is remembered. */
static int refuse_remote(struct mailslot *slot, enum mailslot_drop reason,
			 size_t size)
{
	count_drop(slot, reason, size);
	return -ENOBUFS;
}

/**
 * mailslot_drop - count a message that could not be queued
 * @slot: The slot it was for.
 * @reason: Why.
 * @size: Bytes of the message.
 *
 * Context: Any but hard interrupts. Takes and releases the slot lock.
 */
void mailslot_drop(struct mailslot *slot, enum mailslot_drop reason,
		   size_t size)
{
	mailslot_lock(slot);
	count_drop(slot, reason, size);
	mailslot_unlock(slot);
}

/**
 * mailslot_check_room - would a message be refused if it were here already?
 * @slot: The slot.
 * @size: Bytes of the message.
 * @remote: Whether it comes from the network.
 *
 * The queue may still become full while the message is being copied.
 *
 * Context: Any but hard interrupts. Takes and releases the slot lock.
 * Return: 0 or -ENOBUFS.
 */
int mailslot_check_room(struct mailslot *slot, size_t size, bool remote)
{
	int err = 0;

	mailslot_lock(slot);
	if (remote && !has_room_for_remote(slot, size))
		err = refuse_remote(slot, MAILSLOT_DROP_QUEUE_FULL, size);
	else if (!remote && !mailslot_has_room(slot, size))
		err = mailslot_refuse(slot, MAILSLOT_DROP_QUEUE_FULL, size);
	mailslot_unlock(slot);
	return err;
}

/**
 * mailslot_refuse_size - a message is longer than the slot allows
 * @slot: The slot.
 * @size: Bytes of the message.
 *
 * Context: Any but hard interrupts. Takes and releases the slot lock.
 * Return: -EMSGSIZE.
 */
int mailslot_refuse_size(struct mailslot *slot, size_t size)
{
	mailslot_drop(slot, MAILSLOT_DROP_TOO_LONG, size);
	return -EMSGSIZE;
}

/**
 * mailslot_admit_remote - may a message from the network enter the queue?
 * @slot: The slot, which lives.
 * @size: Bytes of the message.
 *
 * Context: Slot lock held.
 * Return: 0 and the message is charged; -ENOBUFS when the queue or the owner's
 * quota is full, -EDQUOT when that of all remote mail is.
 */
int mailslot_admit_remote(struct mailslot *slot, size_t size)
{
	struct mailslot_fs *fs = slot->fs;

	lockdep_assert_held(&slot->wait.lock);

	if (!has_room_for_remote(slot, size))
		return refuse_remote(slot, MAILSLOT_DROP_QUEUE_FULL, size);
	if (!mailslot_charge_owner(slot, size))
		return refuse_remote(slot, MAILSLOT_DROP_USER_QUOTA, size);
	if (mailslot_try_charge(&fs->remote_bytes, mailslot_charge(size),
				mailslot_opt(fs, MAILSLOT_OPT_MAX_REMOTE_BYTES)))
		return 0;
	mailslot_user_uncharge(slot->user, size);
	return -EDQUOT;
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
 * mailslot_feed_writers - if there is room, tell those who wait for it
 * @slot: The slot.
 *
 * Context: Slot lock held.
 */
void mailslot_feed_writers(struct mailslot *slot)
{
	lockdep_assert_held(&slot->wait.lock);

	if (!has_awaited_room(slot))
		return;
	slot->starved = false;
	slot->refused = 0;
	mailslot_wake_writers(&slot->writers);
}
