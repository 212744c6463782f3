/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether there is room for a message, as every message asks it: in line, with
 * what is rare in room.c.
 */
#ifndef _MAILSLOT_ROOM_H
#define _MAILSLOT_ROOM_H

#include "msg.h"
#include "user.h"

static inline size_t mailslot_max_size(const struct mailslot *slot)
{
	return min_not_zero((unsigned long)slot->max_size,
			    mailslot_opt(slot->fs, MAILSLOT_OPT_MAX_MESSAGE));
}

static inline bool mailslot_has_room(const struct mailslot *slot, size_t size)
{
	const struct mailslot_fs *fs = slot->fs;

	return slot->count < mailslot_opt(fs, MAILSLOT_OPT_MAX_QUEUE_MESSAGES) &&
	       slot->queued_bytes + size <=
			mailslot_opt(fs, MAILSLOT_OPT_MAX_QUEUE_BYTES);
}

static inline unsigned long mailslot_byte_limit(const struct mailslot *slot)
{
	return mailslot_user_limit(slot->fs, MAILSLOT_OPT_MAX_USER_BYTES);
}

static inline bool mailslot_charge_owner(struct mailslot *slot, size_t size)
{
	return mailslot_user_charge(slot->user, size,
				    mailslot_byte_limit(slot));
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
static inline int mailslot_check(struct mailslot *slot, size_t size,
				 bool remote)
{
	if (unlikely(READ_ONCE(slot->state) == MAILSLOT_DEAD))
		return -EPIPE;
	if (unlikely(size > mailslot_max_size(slot)))
		return mailslot_refuse_size(slot, size);
	if (unlikely(size > PAGE_SIZE))
		return mailslot_check_room(slot, size, remote);
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
static inline int mailslot_admit(struct mailslot *slot,
				 const struct mailslot_msg *msg)
{
	size_t size = msg->size;

	lockdep_assert_held(&slot->wait.lock);

	if (unlikely(slot->state == MAILSLOT_DEAD))
		return -EPIPE;
	if (unlikely(msg->buf & MAILSLOT_BUF_REMOTE))
		return mailslot_admit_remote(slot, size);
	if (unlikely(!mailslot_has_room(slot, size)))
		return mailslot_refuse(slot, MAILSLOT_DROP_QUEUE_FULL, size);
	if (unlikely(!mailslot_charge_owner(slot, size)))
		return mailslot_refuse(slot, MAILSLOT_DROP_USER_QUOTA, size);
	return 0;
}

/**
 * mailslot_discharge - a message that was queued is no more
 * @slot: Its slot.
 * @msg: The message.
 *
 * Context: Any but hard interrupts.
 */
static inline void mailslot_discharge(struct mailslot *slot,
				      const struct mailslot_msg *msg)
{
	if (unlikely(msg->buf & MAILSLOT_BUF_REMOTE))
		atomic_long_sub(mailslot_charge(msg->size),
				&slot->fs->remote_bytes);
	mailslot_user_uncharge(slot->user, msg->size);
}

/**
 * mailslot_feed - if somebody waits for room and there is some, tell them
 * @slot: The slot.
 *
 * Context: Slot lock held.
 */
static inline void mailslot_feed(struct mailslot *slot)
{
	lockdep_assert_held(&slot->wait.lock);

	if (unlikely(slot->starved))
		mailslot_feed_writers(slot);
}

#endif /* _MAILSLOT_ROOM_H */
