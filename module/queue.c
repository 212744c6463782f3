// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue of a slot: one way in for local and remote mail, one way out.
 *
 * A message either goes to the reader that has waited longest and has room for
 * it, or to the end of the queue. So while a message is queued nobody waits
 * who could take it, and a reader is never woken to find its message gone.
 */
#include <linux/freezer.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>

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
 * mailslot_discharge - a message that was admitted is no more
 * @slot: Its slot.
 * @size: Bytes of the message.
 * @remote: Whether it came from the network.
 *
 * Context: Any but hard interrupts.
 */
void mailslot_discharge(struct mailslot *slot, size_t size, bool remote)
{
	if (remote)
		atomic_long_sub(mailslot_charge(size), &slot->fs->remote_bytes);
	mailslot_user_uncharge(slot->user, size);
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

/**
 * mailslot_admit - may a message of this size be made for this slot?
 * @slot: The slot. If the answer is yes, its owner has been charged, until
 *	mailslot_discharge().
 * @size: Bytes of the message.
 * @remote: Whether it comes from the network.
 *
 * The one place where size and quotas are checked, for every kind of mail. A
 * message that is refused is counted, and poll(2) will wait for its size.
 *
 * Context: Slot lock held.
 * Return: 0; -EPIPE when the server end is closed, -EMSGSIZE above the slot's
 * or the mount's maximum, -ENOBUFS when a quota is used up, -EDQUOT when it is
 * that of all remote mail.
 */
int mailslot_admit(struct mailslot *slot, size_t size, bool remote)
{
	lockdep_assert_held(&slot->wait.lock);

	if (unlikely(slot->state == MAILSLOT_DEAD))
		return -EPIPE;
	if (unlikely(size > max_size(slot))) {
		count_drop(slot, MAILSLOT_DROP_TOO_LONG, size);
		return -EMSGSIZE;
	}
	if (unlikely(!has_room_for(slot, size, remote)))
		return refuse(slot, MAILSLOT_DROP_QUEUE_FULL, size, remote);
	if (unlikely(!mailslot_user_charge(slot->user, size,
					   user_limit(slot))))
		return refuse(slot, MAILSLOT_DROP_USER_QUOTA, size, remote);
	if (remote && !charge_remote(slot->fs, size)) {
		mailslot_user_uncharge(slot->user, size);
		return -EDQUOT;
	}
	return 0;
}

/*
 * The coarse clocks move once a tick, so one look at them a tick is enough:
 * a busy slot reads no clock at all for most of its messages.
 */
static void refresh_stamp(struct mailslot *slot)
{
	struct timespec64 ts;

	lockdep_assert_held(&slot->wait.lock);

	if (likely(!time_after(jiffies, slot->stamp_jiffies)))
		return;
	slot->stamp_jiffies = jiffies;
	ktime_get_coarse_real_ts64(&ts);
	slot->stamp_real = timespec64_to_ns(&ts);
	ktime_get_coarse_ts64(&ts);
	slot->stamp_mono = timespec64_to_ns(&ts);
}

/* End a wait. The lock keeps the reader and its task here until we are done. */
static void complete_reader(struct mailslot_reader *reader,
			    struct mailslot_msg *msg)
{
	list_del(&reader->node);
	reader->msg = msg;
	wake_up_process(reader->task);
}

/* Find the reader that the message is for; the others learn why it is not. */
static bool hand_over(struct mailslot *slot, struct mailslot_msg *msg)
{
	struct mailslot_reader *reader, *next;

	list_for_each_entry_safe(reader, next, &slot->readers, node) {
		if (msg->size > reader->len) {
			reader->size = msg->size;
			complete_reader(reader, ERR_PTR(-EMSGSIZE));
		} else if (reader->peek) {
			complete_reader(reader, ERR_PTR(-EAGAIN));
		} else {
			slot->atime = slot->stamp_real;
			complete_reader(reader, msg);
			return true;
		}
	}
	return false;
}

static void count_in(struct mailslot *slot, struct mailslot_msg *msg)
{
	slot->count++;
	slot->queued_bytes += msg->size;
	/* Who adds himself to the queue does it under the lock that we hold. */
	if (waitqueue_active(&slot->wait))
		wake_up_locked_poll(&slot->wait, EPOLLIN | EPOLLRDNORM);
}

static void append(struct mailslot *slot, struct mailslot_msg *msg)
{
	msg->next = NULL;
	*slot->tail = msg;
	slot->tail = &msg->next;
	count_in(slot, msg);
}

static void prepend(struct mailslot *slot, struct mailslot_msg *msg)
{
	msg->next = slot->head;
	slot->head = msg;
	if (!msg->next)
		slot->tail = &msg->next;
	count_in(slot, msg);
}

/**
 * mailslot_enqueue - put a message into its slot
 * @slot: The slot.
 * @msg: From mailslot_msg_alloc() for this slot, filled in. Belongs to the
 *	slot on success; otherwise it is still the caller's to free.
 *
 * The way in for all mail. Room is looked at again, because other writers may
 * have used it up while this one copied its payload.
 *
 * Context: Any but hard interrupts. Takes and releases the slot lock.
 * Return: 0, -EPIPE when the server end was closed, -ENOBUFS when the queue is
 * full.
 */
int mailslot_enqueue(struct mailslot *slot, struct mailslot_msg *msg)
{
	bool remote = msg->buf & MAILSLOT_BUF_REMOTE;
	int err = 0;

	mailslot_lock(slot);
	if (unlikely(slot->state == MAILSLOT_DEAD)) {
		err = -EPIPE;
		goto out_unlock;
	}
	if (unlikely(!has_room_for(slot, msg->size, remote))) {
		err = refuse(slot, MAILSLOT_DROP_QUEUE_FULL, msg->size, remote);
		goto out_unlock;
	}
	refresh_stamp(slot);
	slot->mtime = slot->stamp_real;
	msg->realtime_ns = slot->stamp_real;
	msg->monotonic_ns = slot->stamp_mono;
	slot->stats.delivered++;
	if (msg->size >= slot->refused)
		slot->refused = 0;
	trace_mailslot_write(slot, msg->size);
	if (!hand_over(slot, msg))
		append(slot, msg);
out_unlock:
	mailslot_unlock(slot);
	return err;
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
	size_t size = awaited(slot);

	lockdep_assert_held(&slot->wait.lock);

	if (has_room(slot, size) &&
	    mailslot_user_room(slot->user, size, user_limit(slot)))
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

	if (likely(!slot->starved) || !has_room(slot, awaited(slot)))
		return;
	slot->starved = false;
	slot->refused = 0;
	mailslot_wake_writers(&slot->writers);
}

static void unlink_head(struct mailslot *slot)
{
	struct mailslot_msg *msg = slot->head;

	slot->head = msg->next;
	if (!slot->head)
		slot->tail = &slot->head;
	slot->count--;
	slot->queued_bytes -= msg->size;
	mailslot_feed(slot);
}

/* Take the first message, or peek at it, if the reader has room for it. */
static struct mailslot_msg *take(struct mailslot *slot,
				 struct mailslot_reader *reader)
{
	struct mailslot_msg *msg = slot->head;

	if (msg->size > reader->len) {
		reader->size = msg->size;
		return ERR_PTR(-EMSGSIZE);
	}
	if (!reader->peek) {
		unlink_head(slot);
		refresh_stamp(slot);
		slot->atime = slot->stamp_real;
		return msg;
	}
	if (msg->peeks == U8_MAX)
		return ERR_PTR(-EBUSY);
	msg->peeks++;
	return msg;
}

/*
 * Sleep until the reader is served, a signal arrives, or the time is over.
 * Returns false when it has to look at the queue again.
 */
static bool sleep_once(struct mailslot *slot, struct mailslot_reader *reader,
		       ktime_t *deadline)
	__must_hold(&slot->wait.lock)
{
	bool late = false;

	list_add_tail(&reader->node, &slot->readers);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE | TASK_FREEZABLE);
		mailslot_unlock(slot);
		if (deadline)
			late = !schedule_hrtimeout_range(deadline,
							 current->timer_slack_ns,
							 HRTIMER_MODE_ABS);
		else
			schedule();
		mailslot_lock(slot);
		if (reader->msg)
			break;
		if (!late && !signal_pending(current))
			continue;
		list_del(&reader->node);
		if (late)
			reader->msg = ERR_PTR(-ETIMEDOUT);
		else
			reader->msg = ERR_PTR(deadline ? -EINTR : -ERESTARTSYS);
		break;
	}
	__set_current_state(TASK_RUNNING);
	return reader->msg != ERR_PTR(-EAGAIN);
}

/*
 * A message that was handed over wins over a signal or a timeout that came at
 * the same time, so none is lost. A timed wait ends with EINTR on a signal:
 * restarting it would begin the whole timeout anew.
 */
static struct mailslot_msg *wait_for_message(struct mailslot *slot,
					     struct mailslot_reader *reader)
	__must_hold(&slot->wait.lock)
{
	u32 timeout_ms = slot->timeout_ms;
	ktime_t deadline;

	if (!timeout_ms || reader->nowait)
		return ERR_PTR(-EAGAIN);
	if (timeout_ms != MAILSLOT_WAIT_FOREVER)
		deadline = ktime_add_ms(ktime_get(), timeout_ms);
	reader->task = current;
	do {
		reader->msg = NULL;
		if (sleep_once(slot, reader,
			       timeout_ms == MAILSLOT_WAIT_FOREVER ?
					NULL : &deadline))
			return reader->msg;
	} while (!slot->head);
	return take(slot, reader);
}

/**
 * mailslot_dequeue - take the next message, waiting for it as the slot says
 * @slot: The slot.
 * @reader: Who reads, @len, @peek and @nowait set. On -EMSGSIZE its @size is
 *	the size of the message.
 *
 * Context: Process context, may sleep. Takes and releases the slot lock.
 * Return: the message, for mailslot_msg_free(), mailslot_requeue() or, after a
 * peek, mailslot_msg_unpeek(). Or an ERR_PTR: -EAGAIN, -ETIMEDOUT, -EMSGSIZE,
 * -ECANCELED, -EINTR, -ERESTARTSYS, -EBUSY when 255 others peek already.
 */
struct mailslot_msg *mailslot_dequeue(struct mailslot *slot,
				      struct mailslot_reader *reader)
{
	struct mailslot_msg *msg;

	mailslot_lock(slot);
	if (likely(slot->head))
		msg = take(slot, reader);
	else
		msg = wait_for_message(slot, reader);
	mailslot_unlock(slot);
	return msg;
}

/**
 * mailslot_requeue - put a message back to the front
 * @slot: The slot it was taken from.
 * @msg: The message; its reader could not copy it.
 *
 * Context: Process context. Takes and releases the slot lock.
 */
void mailslot_requeue(struct mailslot *slot, struct mailslot_msg *msg)
{
	mailslot_lock(slot);
	if (!hand_over(slot, msg))
		prepend(slot, msg);
	mailslot_unlock(slot);
}

/**
 * mailslot_cancel - end the waiting reads of the calling process
 * @slot: The slot that they wait on.
 *
 * Context: Process context. Takes and releases the slot lock.
 * Return: how many there were.
 */
int mailslot_cancel(struct mailslot *slot)
{
	struct mailslot_reader *reader, *next;
	int n = 0;

	mailslot_lock(slot);
	list_for_each_entry_safe(reader, next, &slot->readers, node) {
		if (!same_thread_group(reader->task, current))
			continue;
		complete_reader(reader, ERR_PTR(-ECANCELED));
		n++;
	}
	mailslot_unlock(slot);
	return n;
}
