/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A message, and the queue that it waits in.
 */
#ifndef _MAILSLOT_MSG_H
#define _MAILSLOT_MSG_H

#include "mailslot.h"

/* Charged to the slot's creator; goes back to the slot's pool. */
#define MAILSLOT_BUF_POOLED	0x1
/* The payload is not behind the struct but where its first word points. */
#define MAILSLOT_BUF_LARGE	0x2
/* A reader has taken the message while others still peek at it. */
#define MAILSLOT_BUF_TAKEN	0x4
/* From the network: a struct mailslot_origin stands before the payload. */
#define MAILSLOT_BUF_REMOTE	0x8
/* One of several that share a payload; with MAILSLOT_BUF_LARGE. */
#define MAILSLOT_BUF_SHARED	0x10

/**
 * struct mailslot_origin - where a remote message came from
 * @address: IPv4 address of the sender.
 * @port: Its UDP port.
 * @mail_class: Class, as the sender says.
 * @priority: Priority, as the sender says.
 * @flags: MAILSLOT_MSG_*.
 * @name: NetBIOS name of the sender, as it says, suffix last.
 */
struct mailslot_origin {
	__be32 address;
	__be16 port;
	u16 mail_class;
	u16 priority;
	u16 flags;
	u8 name[MAILSLOT_NETBIOS_NAME_LEN];
};

/**
 * struct mailslot_msg - one message, or a buffer for one
 * @next: Next in the queue or in the pool. Slot lock.
 * @size: Bytes of payload.
 * @room: Payload bytes that the buffer has room for, in units of 8; what a
 *	used buffer is chosen by.
 * @buf: MAILSLOT_BUF_*. Slot lock once the message has been queued.
 * @peeks: Readers that copy the message without taking it. Slot lock. Who
 *	takes the message leaves it to the last of them to free it.
 * @realtime_ns: When it was queued, CLOCK_REALTIME_COARSE.
 * @monotonic_ns: When it was queued, CLOCK_MONOTONIC_COARSE.
 * @pid: Thread group of the writer; holds a reference. A used buffer keeps the
 *	one of its last writer, who is likely to be the next one too.
 * @uid: The writer's real user.
 * @gid: The writer's real group.
 * @large: With MAILSLOT_BUF_LARGE, where the payload is.
 * @shared: With MAILSLOT_BUF_SHARED, what the message is a part of; that holds
 *	the reference of @pid.
 * @data: Otherwise the payload.
 *
 * The header is 48 bytes so that a message of 16 bytes takes 64. Between its
 * allocation and its queueing a message belongs to its writer, in the queue to
 * the slot lock, and once it was taken from there to its reader, but for
 * @buf and @peeks.
 */
struct mailslot_msg {
	struct mailslot_msg *next;
	u32 size;
	u16 room;
	u8 buf;
	u8 peeks;
	u64 realtime_ns;
	u64 monotonic_ns;
	struct pid *pid;
	kuid_t uid;
	kgid_t gid;
	union {
		struct {
			void *large;
			struct mailslot_shared *shared;
		};
		DECLARE_FLEX_ARRAY(u8, data);
	};
};

/**
 * struct mailslot_shared - one payload on its way to several slots
 * @refs: Messages that have not been freed, and the sender. All that there may
 *	be are counted from the beginning; the sender gives back at the end what
 *	it did not need, so that no queue meets a count that is too low.
 * @pid: Thread group of the sender; holds a reference.
 * @msgs: A message for each receiver; the payload is behind the last of them.
 *
 * One allocation, charged to the sender, and freed when the last receiver has
 * read or the sender has found nobody to take it. The messages are in queues of
 * their own, under the locks of these; constant is all the rest but @refs.
 */
struct mailslot_shared {
	refcount_t refs;
	struct pid *pid;
	struct mailslot_msg msgs[];
};

/**
 * struct mailslot_reader - one read that may wait, on the stack of its task
 * @node: In mailslot.readers as long as @msg is NULL and the task waits there.
 *	Slot lock.
 * @task: Who waits; constant.
 * @msg: What was handed over, or an error; NULL until then. Slot lock: the
 *	waker wakes @task before it lets go of the lock, and the reader takes
 *	the lock before it leaves, so neither this struct nor the task can be
 *	gone under the waker.
 * @len: Room of the reader's buffer in bytes; constant.
 * @size: Size of the message that did not fit. Slot lock.
 * @peek: Look at the message and leave it; constant.
 * @nowait: Do not wait; constant.
 */
struct mailslot_reader {
	struct list_head node;
	struct task_struct *task;
	struct mailslot_msg *msg;
	size_t len;
	u32 size;
	bool peek;
	bool nowait;
};

static inline void mailslot_lock(struct mailslot *slot)
{
	spin_lock_irq(&slot->wait.lock);
}

static inline void mailslot_unlock(struct mailslot *slot)
{
	spin_unlock_irq(&slot->wait.lock);
}

/* What the buffer holds: the payload, with the origin before it if remote. */
static inline void *mailslot_msg_start(struct mailslot_msg *msg)
{
	return msg->buf & MAILSLOT_BUF_LARGE ? msg->large : msg->data;
}

static inline void *mailslot_msg_data(struct mailslot_msg *msg)
{
	return mailslot_msg_start(msg) +
	       (msg->buf & MAILSLOT_BUF_REMOTE ?
			sizeof(struct mailslot_origin) : 0);
}

/* The slot that a file of any kind is a client of, or NULL. */
static inline struct mailslot *mailslot_of_client(struct file *file)
{
	return file->f_op == &mailslot_client_operations ?
	       file->private_data : NULL;
}

/* pool.c APIs: */
int mailslot_pool_init(void);
void mailslot_pool_exit(void);
struct mailslot_msg *mailslot_msg_alloc(struct mailslot *slot, size_t size);
struct mailslot_msg *mailslot_msg_alloc_remote(struct mailslot *slot,
					       size_t size);
void mailslot_msg_free(struct mailslot *slot, struct mailslot_msg *msg);
struct mailslot_shared *mailslot_shared_alloc(unsigned int count, size_t size);
void mailslot_shared_put(struct mailslot_shared *shared, unsigned int refs);
void mailslot_msg_purge(struct mailslot *slot, struct mailslot_msg *msg);
void mailslot_pool_drain(struct mailslot *slot);

/* room.c APIs: */
int mailslot_refuse(struct mailslot *slot, enum mailslot_drop reason,
		    size_t size);
int mailslot_refuse_size(struct mailslot *slot, size_t size);
int mailslot_check_room(struct mailslot *slot, size_t size, bool remote);
int mailslot_admit_remote(struct mailslot *slot, size_t size);
void mailslot_drop(struct mailslot *slot, enum mailslot_drop reason,
		   size_t size);
bool mailslot_writable(struct mailslot *slot);
void mailslot_feed_writers(struct mailslot *slot);

/* queue.c APIs: */
int mailslot_enqueue(struct mailslot *slot, struct mailslot_msg *msg);
struct mailslot_msg *mailslot_take(struct mailslot *slot, size_t len);
struct mailslot_msg *mailslot_dequeue(struct mailslot *slot,
				      struct mailslot_reader *reader);
void mailslot_requeue(struct mailslot *slot, struct mailslot_msg *msg);
bool mailslot_leave_to_peeker(struct mailslot *slot, struct mailslot_msg *msg);
void mailslot_unpeek(struct mailslot *slot, struct mailslot_msg *msg);
int mailslot_cancel(struct mailslot *slot);

#endif /* _MAILSLOT_MSG_H */
