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
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>

#include "pool.h"
#include "room.h"
#include "trace.h"

/*
 * The coarse clocks move once a tick, so one look at them a tick is enough:
 * a busy slot reads no clock at all for most of its messages.
 */
static noinline void read_clocks(struct mailslot *slot)
{
	struct timespec64 ts;

	slot->stamp_jiffies = jiffies;
	ktime_get_coarse_real_ts64(&ts);
	slot->stamp_real = timespec64_to_ns(&ts);
	ktime_get_coarse_ts64(&ts);
	slot->stamp_mono = timespec64_to_ns(&ts);
}

static inline void refresh_stamp(struct mailslot *slot)
{
	lockdep_assert_held(&slot->wait.lock);

	/* Any difference: after weeks of rest "later" can look earlier. */
	if (unlikely(jiffies - slot->stamp_jiffies))
		read_clocks(slot);
}

/* End a wait. The lock keeps the reader and its task here until we are done. */
static void complete_reader(struct mailslot_reader *reader,
			    struct mailslot_msg *msg)
{
	list_del(&reader->node);
	reader->msg = msg;
	wake_up_process(reader->task);
}

/*
 * Find the reader that the message is for. Who only peeks gets it as well; who
 * has not enough room learns that. As many as wait are woken at once, like the
 * sleepers of a futex.
 */
static bool hand_over(struct mailslot *slot, struct mailslot_msg *msg)
{
	struct mailslot_reader *reader, *next;

	list_for_each_entry_safe(reader, next, &slot->readers, node) {
		if (msg->size > reader->len) {
			reader->size = msg->size;
			complete_reader(reader, ERR_PTR(-EMSGSIZE));
		} else if (reader->peek) {
			if (msg->peeks == U8_MAX) {
				complete_reader(reader, ERR_PTR(-EBUSY));
				continue;
			}
			msg->peeks++;
			complete_reader(reader, msg);
		} else {
			slot->atime = slot->stamp_real;
			complete_reader(reader, msg);
			return true;
		}
	}
	return false;
}

static void count_in(struct mailslot *slot, size_t size)
{
	slot->count++;
	slot->queued_bytes += size;
	/* Who adds himself to the queue does it under the lock that we hold. */
	if (waitqueue_active(&slot->wait))
		wake_up_locked_poll(&slot->wait, EPOLLIN | EPOLLRDNORM);
}

static void append(struct mailslot *slot, struct mailslot_msg *msg, size_t size)
{
	msg->next = NULL;
	*slot->tail = msg;
	slot->tail = &msg->next;
	count_in(slot, size);
}

static void prepend(struct mailslot *slot, struct mailslot_msg *msg)
{
	msg->next = slot->head;
	slot->head = msg;
	if (!msg->next)
		slot->tail = &msg->next;
	count_in(slot, msg->size);
}

/**
 * mailslot_enqueue - put a message into its slot
 * @slot: The slot.
 * @msg: From mailslot_msg_alloc() for this slot, filled in. Belongs to the
 *	slot on success; otherwise it is still the caller's to free.
 *
 * The way in for all mail.
 *
 * Context: Any but hard interrupts. Takes and releases the slot lock.
 * Return: 0, -EPIPE when the server end was closed, -ENOBUFS when the queue or
 * the owner's quota is full, -EDQUOT when that of all remote mail is.
 */
int mailslot_enqueue(struct mailslot *slot, struct mailslot_msg *msg)
{
	size_t size = msg->size;
	int err;

	mailslot_lock(slot);
	err = mailslot_admit(slot, msg);
	if (unlikely(err))
		goto out_unlock;
	refresh_stamp(slot);
	slot->mtime = slot->stamp_real;
	msg->realtime_ns = slot->stamp_real;
	msg->monotonic_ns = slot->stamp_mono;
	slot->stats.delivered++;
	this_cpu_inc(slot->fs->stats->delivered);
	if (unlikely(slot->refused) && size >= slot->refused)
		slot->refused = 0;
	trace_mailslot_write(slot, size);
	if (list_empty(&slot->readers) || !hand_over(slot, msg))
		append(slot, msg, size);
	mailslot_pool_refill(slot);
out_unlock:
	mailslot_unlock(slot);
	return err;
}

static void unlink_head(struct mailslot *slot)
{
	struct mailslot_msg *msg = slot->head;

	slot->queued_bytes -= msg->size;
	slot->count--;
	slot->head = msg->next;
	if (!slot->head)
		slot->tail = &slot->head;
	mailslot_feed(slot);
}

/* The first message belongs to the caller from now on. */
static __always_inline struct mailslot_msg *take_head(struct mailslot *slot)
{
	struct mailslot_msg *msg = slot->head;

	unlink_head(slot);
	refresh_stamp(slot);
	slot->atime = slot->stamp_real;
	mailslot_pool_collect(slot);
	return msg;
}

/* Take the first message, or peek at it, if the reader has room for it. */
static struct mailslot_msg *serve(struct mailslot *slot,
				  struct mailslot_reader *reader)
{
	struct mailslot_msg *msg = slot->head;

	if (msg->size > reader->len) {
		reader->size = msg->size;
		return ERR_PTR(-EMSGSIZE);
	}
	if (!reader->peek)
		return take_head(slot);
	if (msg->peeks == U8_MAX)
		return ERR_PTR(-EBUSY);
	msg->peeks++;
	return msg;
}

/* Sleep once; whether the time is over. No deadline is for ever. */
static bool sleep_until(ktime_t *deadline)
{
	if (deadline)
		return !schedule_hrtimeout_range(deadline,
						 current->timer_slack_ns,
						 HRTIMER_MODE_ABS);
	schedule();
	return false;
}

/* Sleep until the reader is served, a signal arrives, or the time is over. */
static void sleep_in_line(struct mailslot *slot, struct mailslot_reader *reader,
			  ktime_t *deadline)
	__must_hold(&slot->wait.lock)
{
	bool late;

	list_add_tail(&reader->node, &slot->readers);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE | TASK_FREEZABLE);
		mailslot_unlock(slot);
		late = sleep_until(deadline);
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
	reader->task = current;
	reader->msg = NULL;
	if (timeout_ms == MAILSLOT_WAIT_FOREVER) {
		sleep_in_line(slot, reader, NULL);
	} else {
		deadline = ktime_add_ms(ktime_get(), timeout_ms);
		sleep_in_line(slot, reader, &deadline);
	}
	return reader->msg;
}

/**
 * mailslot_take - take the next message if that is simple
 * @slot: The slot.
 * @len: Room of the reader's buffer in bytes.
 *
 * Context: Process context. Takes and releases the slot lock.
 * Return: the message, or NULL if there is none that fits; then
 * mailslot_dequeue() is to find out what to do.
 */
struct mailslot_msg *mailslot_take(struct mailslot *slot, size_t len)
{
	struct mailslot_msg *msg = NULL;

	mailslot_lock(slot);
	if (slot->head && likely(slot->head->size <= len))
		msg = take_head(slot);
	mailslot_unlock(slot);
	return msg;
}

/**
 * mailslot_dequeue - take the next message, waiting for it as the slot says
 * @slot: The slot.
 * @reader: Who reads, @len, @peek and @nowait set. On -EMSGSIZE its @size is
 *	the size of the message.
 *
 * Context: Process context, may sleep. Takes and releases the slot lock.
 * Return: the message, for mailslot_consume(), mailslot_requeue() or, after a
 * peek, mailslot_unpeek(). Or an ERR_PTR: -EAGAIN, -ETIMEDOUT, -EMSGSIZE,
 * -ECANCELED, -EINTR, -ERESTARTSYS, -EBUSY when 255 others peek already.
 */
struct mailslot_msg *mailslot_dequeue(struct mailslot *slot,
				      struct mailslot_reader *reader)
{
	struct mailslot_msg *msg;

	mailslot_lock(slot);
	if (likely(slot->head))
		msg = serve(slot, reader);
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
 * mailslot_leave_to_peeker - let who still looks at a message free it
 * @slot: Its slot.
 * @msg: The message; it has been taken, so nobody can begin to look.
 *
 * Context: Process context. Takes and releases the slot lock.
 * Return: whether somebody looks. If not, it is the caller's to free.
 */
bool mailslot_leave_to_peeker(struct mailslot *slot, struct mailslot_msg *msg)
{
	bool peeked;

	mailslot_lock(slot);
	peeked = msg->peeks;
	if (peeked)
		msg->buf |= MAILSLOT_BUF_TAKEN;
	mailslot_unlock(slot);
	return peeked;
}

/**
 * mailslot_unpeek - end the look at a message that was only peeked at
 * @slot: Its slot.
 * @msg: The message; it may be gone afterwards.
 *
 * Context: Process context. Takes and releases the slot lock.
 */
void mailslot_unpeek(struct mailslot *slot, struct mailslot_msg *msg)
{
	bool last;

	mailslot_lock(slot);
	last = msg->peeks == 1 && msg->buf & MAILSLOT_BUF_TAKEN;
	/* Whoever takes the message sees by this alone that we are done. */
	smp_store_release(&msg->peeks, msg->peeks - 1);
	mailslot_unlock(slot);
	if (last)
		mailslot_consume(slot, msg);
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
