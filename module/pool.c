// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers for messages: where they come from, who pays, where they go.
 *
 * A slot keeps a few used buffers. They are charged to the memory cgroup of
 * its creator once, when they are made; every other buffer is charged to the
 * writer's for as long as the message lives. So nothing is queued uncharged,
 * and a slot that is read as fast as it is written allocates nothing.
 */
#include <linux/cred.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "msg.h"

/* Above this many bytes the payload has an allocation of its own. */
#define SMALL_MAX	2000
/* The largest payload whose buffer is worth keeping. */
#define SPARE_MAX	65536
/* Small buffers that a slot keeps. */
#define POOL_MAX	16

#define ROOM_UNIT	16

/* What alloc learned under the slot lock. */
struct pick {
	struct mailslot_msg *msg;
	struct mailslot_msg *stale;
	bool pooled;
};

/* What is to be allocated, and for whom. */
struct request {
	size_t size;
	/* With what else the buffer has to hold. */
	size_t need;
	gfp_t gfp;
	bool remote;
};

static size_t room(const struct mailslot_msg *msg)
{
	return (size_t)msg->room * ROOM_UNIT;
}

static void destroy(struct mailslot_msg *msg)
{
	if (msg->buf & MAILSLOT_BUF_LARGE)
		kvfree(msg->large);
	kfree(msg);
}

/*
 * A used buffer that is too small is replaced by one of the right size, so
 * that the pool adapts to what its slot carries.
 */
static void pick_small(struct mailslot *slot, size_t need, struct pick *pick)
{
	struct mailslot_msg *msg = slot->pool;

	if (msg) {
		slot->pool = msg->next;
		slot->pool_count--;
		if (likely(room(msg) >= need)) {
			pick->msg = msg;
			return;
		}
		slot->pooled--;
		pick->stale = msg;
	}
	if (slot->pooled < POOL_MAX) {
		slot->pooled++;
		pick->pooled = true;
	}
}

static void pick_large(struct mailslot *slot, size_t need, struct pick *pick)
{
	struct mailslot_msg *msg = slot->spare;

	if (need > SPARE_MAX)
		return;
	if (msg) {
		slot->spare = NULL;
		if (likely(room(msg) >= need)) {
			pick->msg = msg;
			return;
		}
		slot->spared = false;
		pick->stale = msg;
	}
	if (!slot->spared) {
		slot->spared = true;
		pick->pooled = true;
	}
}

static struct mailslot_msg *make_small(size_t size, gfp_t gfp)
{
	struct mailslot_msg *msg;
	size_t bytes;

	/* struct_size() would count the pointer that shares @data's place. */
	bytes = offsetof(struct mailslot_msg, data) + max(size, sizeof(void *));
	bytes = kmalloc_size_roundup(bytes);
	msg = kmalloc(bytes, gfp);
	if (!msg)
		return NULL;
	msg->buf = 0;
	msg->room = (bytes - offsetof(struct mailslot_msg, data)) / ROOM_UNIT;
	return msg;
}

/*
 * What kvmalloc() does, but a writer that meets the limit of its cgroup gets an
 * error, and not the OOM killer.
 */
static void *make_payload(size_t size, gfp_t gfp)
{
	void *payload = NULL;

	if (size <= SPARE_MAX)
		payload = kmalloc(size, gfp | __GFP_NORETRY);
	if (!payload && gfpflags_allow_blocking(gfp))
		payload = __vmalloc(size, gfp);
	return payload;
}

static struct mailslot_msg *make_large(size_t size, gfp_t gfp)
{
	struct mailslot_msg *msg = kmalloc(sizeof(*msg), gfp);

	if (!msg)
		return NULL;
	size = size <= SPARE_MAX ? kmalloc_size_roundup(size) :
				   PAGE_ALIGN(size);
	msg->large = make_payload(size, gfp);
	if (!msg->large) {
		kfree(msg);
		return NULL;
	}
	msg->buf = MAILSLOT_BUF_LARGE;
	msg->room = min_t(size_t, size / ROOM_UNIT, U16_MAX);
	return msg;
}

static struct mailslot_msg *make(size_t need, gfp_t gfp)
{
	gfp |= __GFP_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL;

	return need <= SMALL_MAX ? make_small(need, gfp) :
				   make_large(need, gfp);
}

static struct mailslot_msg *make_for_creator(struct mailslot *slot,
					     size_t need, gfp_t gfp)
{
	struct mem_cgroup *old = set_active_memcg(slot->memcg);
	struct mailslot_msg *msg = make(need, gfp);

	set_active_memcg(old);
	return msg;
}

static struct mailslot_msg *make_pooled(struct mailslot *slot,
					const struct request *request)
{
	struct mailslot_msg *msg;

	msg = make_for_creator(slot, request->need, request->gfp);
	if (msg) {
		msg->buf |= MAILSLOT_BUF_POOLED;
		return msg;
	}
	mailslot_lock(slot);
	if (request->need <= SMALL_MAX)
		slot->pooled--;
	else
		slot->spared = false;
	mailslot_unlock(slot);
	return NULL;
}

/* Mail from the network has no writer here who could be charged. */
static struct mailslot_msg *make_fresh(struct mailslot *slot,
				       const struct request *request)
{
	if (request->remote)
		return make_for_creator(slot, request->need, request->gfp);
	return make(request->need, request->gfp);
}

static struct mailslot_msg *alloc(struct mailslot *slot,
				  const struct request *request)
{
	struct pick pick = {};
	int err;

	mailslot_lock(slot);
	err = mailslot_admit(slot, request->size, request->remote);
	if (unlikely(err)) {
		mailslot_unlock(slot);
		return ERR_PTR(err);
	}
	if (request->need <= SMALL_MAX)
		pick_small(slot, request->need, &pick);
	else
		pick_large(slot, request->need, &pick);
	mailslot_unlock(slot);

	if (unlikely(pick.stale))
		destroy(pick.stale);
	if (pick.pooled)
		pick.msg = make_pooled(slot, request);
	if (!pick.msg)
		pick.msg = make_fresh(slot, request);
	if (unlikely(!pick.msg)) {
		mailslot_discharge(slot, request->size, request->remote);
		mailslot_drop(slot, MAILSLOT_DROP_NO_MEMORY);
		return ERR_PTR(-ENOMEM);
	}
	pick.msg->size = request->size;
	pick.msg->peeks = 0;
	pick.msg->pid = NULL;
	pick.msg->buf &= MAILSLOT_BUF_POOLED | MAILSLOT_BUF_LARGE;
	return pick.msg;
}

/**
 * mailslot_msg_alloc - get a buffer for a message that a slot would take
 * @slot: Where the message is to go.
 * @size: Its size in bytes.
 *
 * The only source of buffers, together with its counterpart for mail from the
 * network, so that no message passes the checks of mailslot_admit() by,
 * whatever way it came. The caller fills in the sender, copies the payload,
 * and gives the buffer to mailslot_enqueue() or back to mailslot_msg_free().
 *
 * Context: Process context, may sleep. Takes and releases the slot lock.
 * Return: the buffer, or an ERR_PTR of mailslot_admit(), or of -ENOMEM; a
 * message that was refused has been counted.
 */
struct mailslot_msg *mailslot_msg_alloc(struct mailslot *slot, size_t size)
{
	struct request request = {
		.size = size,
		.need = size,
		.gfp = GFP_KERNEL,
	};

	return alloc(slot, &request);
}

/**
 * mailslot_msg_alloc_remote - the same for a message from the network
 * @slot: Where the message is to go.
 * @size: Its size in bytes, its origin not counted.
 *
 * The caller fills in the origin at mailslot_msg_start().
 *
 * Context: Any but hard interrupts. Takes and releases the slot lock.
 * Return: as mailslot_msg_alloc().
 */
struct mailslot_msg *mailslot_msg_alloc_remote(struct mailslot *slot,
					       size_t size)
{
	struct request request = {
		.size = size,
		.need = size + sizeof(struct mailslot_origin),
		/* GFP_ATOMIC would be charged beyond the creator's limit. */
		.gfp = GFP_NOWAIT,
		.remote = true,
	};
	struct mailslot_msg *msg = alloc(slot, &request);

	if (!IS_ERR(msg))
		msg->buf |= MAILSLOT_BUF_REMOTE;
	return msg;
}

static bool keep(struct mailslot *slot, struct mailslot_msg *msg)
{
	lockdep_assert_held(&slot->wait.lock);

	if (!(msg->buf & MAILSLOT_BUF_POOLED) || slot->state == MAILSLOT_DEAD)
		return false;
	if (msg->buf & MAILSLOT_BUF_LARGE) {
		slot->spare = msg;
		return true;
	}
	msg->next = slot->pool;
	slot->pool = msg;
	slot->pool_count++;
	return true;
}

/**
 * mailslot_msg_free - let go of a message that is in no queue
 * @slot: The slot it was allocated for.
 * @msg: The message. If somebody peeks at it, the last of them frees it.
 *
 * Context: Any but hard interrupts. Takes and releases the slot lock.
 */
void mailslot_msg_free(struct mailslot *slot, struct mailslot_msg *msg)
{
	struct pid *pid = msg->pid;
	size_t size = msg->size;
	bool kept, remote;

	mailslot_lock(slot);
	if (unlikely(msg->peeks)) {
		msg->buf |= MAILSLOT_BUF_TAKEN;
		mailslot_unlock(slot);
		return;
	}
	remote = msg->buf & MAILSLOT_BUF_REMOTE;
	kept = keep(slot, msg);
	mailslot_unlock(slot);

	put_pid(pid);
	mailslot_discharge(slot, size, remote);
	if (!kept)
		destroy(msg);
}

/**
 * mailslot_msg_unpeek - end the look at a message that was only peeked at
 * @slot: Its slot.
 * @msg: The message; it may be gone afterwards.
 *
 * Context: Process context. Takes and releases the slot lock.
 */
void mailslot_msg_unpeek(struct mailslot *slot, struct mailslot_msg *msg)
{
	bool last;

	mailslot_lock(slot);
	msg->peeks--;
	last = !msg->peeks && msg->buf & MAILSLOT_BUF_TAKEN;
	mailslot_unlock(slot);
	if (last)
		mailslot_msg_free(slot, msg);
}

/**
 * mailslot_msg_purge - free a chain of messages or of used buffers
 * @slot: The slot that they were cut off from; dead, so nobody peeks.
 * @msg: The first of the chain, or NULL.
 * @queued: Whether they are messages.
 *
 * Context: Process context, may sleep, no locks.
 */
void mailslot_msg_purge(struct mailslot *slot, struct mailslot_msg *msg,
			bool queued)
{
	struct mailslot_msg *next;

	for (; msg; msg = next) {
		next = msg->next;
		if (queued) {
			put_pid(msg->pid);
			mailslot_discharge(slot, msg->size,
					   msg->buf & MAILSLOT_BUF_REMOTE);
		}
		destroy(msg);
		cond_resched();
	}
}
