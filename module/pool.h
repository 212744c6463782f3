/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is done to a slot's used buffers while its lock is held for something
 * else, and how a message becomes one.
 */
#ifndef _MAILSLOT_POOL_H
#define _MAILSLOT_POOL_H

#include "msg.h"
#include "room.h"

static inline struct mailslot_msg *mailslot_pool_pop(struct mailslot *slot)
{
	struct mailslot_msg *msg = slot->pool;

	if (msg)
		slot->pool = msg->next;
	return msg;
}

static inline void mailslot_pool_push(struct mailslot *slot,
				      struct mailslot_msg *msg)
{
	msg->next = slot->pool;
	slot->pool = msg;
}

/**
 * mailslot_pool_refill - lay a used buffer ready for the next writer
 * @slot: The slot.
 *
 * Context: Slot lock held.
 */
static inline void mailslot_pool_refill(struct mailslot *slot)
{
	lockdep_assert_held(&slot->wait.lock);

	/* Only we, under the lock, ever put something there. */
	if (!READ_ONCE(slot->ready) && slot->pool)
		/* It is taken without the lock, by xchg(). */
		smp_store_release(&slot->ready, mailslot_pool_pop(slot));
}

/**
 * mailslot_pool_collect - take in the buffer that the last reader has left
 * @slot: The slot.
 *
 * Context: Slot lock held.
 */
static inline void mailslot_pool_collect(struct mailslot *slot)
{
	struct mailslot_msg *msg;

	lockdep_assert_held(&slot->wait.lock);

	if (!READ_ONCE(slot->left))
		return;
	msg = xchg(&slot->left, NULL);
	if (msg)
		mailslot_pool_push(slot, msg);
}

/**
 * mailslot_pool_leave - leave a used buffer to the next writer
 * @slot: The slot that it was allocated for.
 * @msg: The buffer, as for mailslot_msg_free().
 *
 * Context: Any.
 * Return: whether that was possible without the lock. If not, the buffer is
 * still to be freed.
 */
static inline bool mailslot_pool_leave(struct mailslot *slot,
				       struct mailslot_msg *msg)
{
	u8 kind = msg->buf & (MAILSLOT_BUF_POOLED | MAILSLOT_BUF_LARGE);

	return kind == MAILSLOT_BUF_POOLED && !cmpxchg(&slot->left, NULL, msg);
}

/**
 * mailslot_consume - a message has been read and is no more
 * @slot: Its slot.
 * @msg: The message; if somebody peeks at it, the last of them frees it.
 *
 * Context: Process context. May take and release the slot lock.
 */
static inline void mailslot_consume(struct mailslot *slot,
				    struct mailslot_msg *msg)
{
	/* Pairs with the release in mailslot_unpeek(). */
	if (unlikely(smp_load_acquire(&msg->peeks)) &&
	    mailslot_leave_to_peeker(slot, msg))
		return;
	mailslot_discharge(slot, msg);
	if (!mailslot_pool_leave(slot, msg))
		mailslot_msg_free(slot, msg);
}

#endif /* _MAILSLOT_POOL_H */
