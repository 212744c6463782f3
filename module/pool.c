// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers for messages: where they come from, who pays, where they go.
 *
 * A slot keeps a few used buffers. They are charged to the memory cgroup of
 * its creator once, when they are made; every other buffer is charged to the
 * writer's for as long as the message lives. So nothing is queued uncharged,
 * and a slot that is read as fast as it is written allocates nothing.
 *
 * Two of the used buffers lie ready to be taken and left without the lock;
 * whoever holds it to queue or to take a message moves them on.
 */
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "pool.h"
#include "room.h"

/*
 * That there is a constructor keeps the allocator from clearing a buffer before
 * its message overwrites it. Nobody sees what it held before: readers get the
 * @size bytes that were copied in for their message and none behind these, and
 * of the header nothing that is not written for each message. A used buffer of
 * a slot is not cleared either.
 */
static void construct(void *object)
{
}

/*
 * Small messages are one object of a cache of ours, header included. As these
 * say which part is user data, no others are merged with them: nothing else
 * lies beside a message. With a constructor the allocator's link lies behind
 * the object, so it is LINK less than a power of two. The smallest has none:
 * it is cleared in no time, and its link would make it an eighth larger.
 */
#define LINK		8

static const struct {
	const char *name;
	unsigned int size;
	void (*construct)(void *object);
} sizes[] = {
	{ "mailslot-64", 64, NULL },
	{ "mailslot-128", 128 - LINK, construct },
	{ "mailslot-256", 256 - LINK, construct },
	{ "mailslot-512", 512 - LINK, construct },
	{ "mailslot-1k", 1024 - LINK, construct },
	{ "mailslot-2k", 2048 - LINK, construct },
};

static struct kmem_cache *caches[ARRAY_SIZE(sizes)] __ro_after_init;

#define HEADER		offsetof(struct mailslot_msg, data)
/* Above this many bytes the payload has an allocation of its own. */
#define SMALL_MAX	(2048 - LINK - HEADER)
/* The largest payload whose buffer is worth keeping. */
#define SPARE_MAX	65536
/* Bytes of small buffers that a slot keeps: 16 of the largest, 64 of 512. */
#define POOL_MAX	32768

#define ROOM_UNIT	8

/* Every buffer is charged, and its lack is the writer's to hear of. */
#define PAYLOAD_FLAGS	(__GFP_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

static size_t room(const struct mailslot_msg *msg)
{
	return (size_t)msg->room * ROOM_UNIT;
}

/* Which of the caches has room for so many bytes of payload. */
static unsigned int class(size_t payload)
{
	return payload <= 64 - HEADER ? 0 :
	       fls(HEADER + payload + LINK - 1) - 6;
}

static void destroy(struct mailslot_msg *msg)
{
	if (msg->buf & MAILSLOT_BUF_SHARED) {
		mailslot_shared_put(msg->shared, 1);
		return;
	}
	put_pid(msg->pid);
	if (msg->buf & MAILSLOT_BUF_LARGE) {
		kvfree(msg->large);
		kmem_cache_free(caches[0], msg);
	} else {
		kmem_cache_free(caches[class(room(msg))], msg);
	}
}

static struct mailslot_msg *make_small(unsigned int i, gfp_t gfp)
{
	struct mailslot_msg *msg = kmem_cache_alloc(caches[i], gfp);

	if (!msg)
		return NULL;
	msg->pid = NULL;
	msg->buf = 0;
	msg->room = (sizes[i].size - HEADER) / ROOM_UNIT;
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
	struct mailslot_msg *msg = kmem_cache_alloc(caches[0], gfp);

	if (!msg)
		return NULL;
	size = size <= SPARE_MAX ? kmalloc_size_roundup(size) :
				   PAGE_ALIGN(size);
	msg->large = make_payload(size, gfp);
	if (!msg->large) {
		kmem_cache_free(caches[0], msg);
		return NULL;
	}
	msg->pid = NULL;
	msg->buf = MAILSLOT_BUF_LARGE;
	msg->room = min_t(size_t, size / ROOM_UNIT, U16_MAX);
	return msg;
}

static struct mailslot_msg *make(size_t need, gfp_t gfp)
{
	gfp |= PAYLOAD_FLAGS;
	return need <= SMALL_MAX ? make_small(class(need), gfp) :
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

/*
 * A queue that is deeper than its slot's used buffers has them all. An answer
 * without the lock may be stale, which costs one allocation.
 */
static bool pool_is_out(const struct mailslot *slot, size_t need)
{
	return !READ_ONCE(slot->pool) &&
	       READ_ONCE(slot->pooled) + sizes[class(need)].size > POOL_MAX;
}

/*
 * A used buffer that is too small is replaced by one of the right size, so
 * that the pool adapts to what its slot carries. Tells whether the slot has
 * room for one more.
 */
static bool replace_small(struct mailslot *slot, size_t need,
			  struct mailslot_msg **msg)
{
	size_t bytes = sizes[class(need)].size;
	bool more;

	if (!*msg && pool_is_out(slot, need))
		return false;
	mailslot_lock(slot);
	if (!*msg)
		*msg = mailslot_pool_pop(slot);
	if (*msg && room(*msg) >= need) {
		mailslot_unlock(slot);
		return false;
	}
	if (*msg)
		slot->pooled -= HEADER + room(*msg);
	more = slot->pooled + bytes <= POOL_MAX;
	if (more)
		slot->pooled += bytes;
	mailslot_unlock(slot);
	if (*msg)
		destroy(*msg);
	*msg = NULL;
	return more;
}

static bool replace_large(struct mailslot *slot, size_t need,
			  struct mailslot_msg **msg)
{
	struct mailslot_msg *stale = NULL;
	bool more;

	if (need > SPARE_MAX)
		return false;
	mailslot_lock(slot);
	swap(slot->spare, *msg);
	if (*msg && room(*msg) < need) {
		swap(stale, *msg);
		slot->spared = false;
	}
	more = !*msg && !slot->spared;
	if (more)
		slot->spared = true;
	mailslot_unlock(slot);
	if (stale)
		destroy(stale);
	return more;
}

/* The buffer was not to be had after all. */
static void give_up_place(struct mailslot *slot, size_t need)
{
	mailslot_lock(slot);
	if (need <= SMALL_MAX)
		slot->pooled -= sizes[class(need)].size;
	else
		slot->spared = false;
	mailslot_unlock(slot);
}

/*
 * No used buffer lay ready, or it is too small. The creator pays for a buffer
 * that the slot will keep, which nobody seeks for long as it can do without; and
 * for mail from the network, which has no writer here who could be charged.
 */
static noinline struct mailslot_msg *
alloc_slowly(struct mailslot *slot, size_t need, struct mailslot_msg *msg,
	     bool remote)
{
	/* GFP_ATOMIC would be charged beyond the creator's limit. */
	gfp_t gfp = remote ? GFP_NOWAIT : GFP_KERNEL;
	bool keep;

	if (need <= SMALL_MAX)
		keep = replace_small(slot, need, &msg);
	else
		keep = replace_large(slot, need, &msg);
	if (msg)
		return msg;
	if (keep) {
		msg = make_for_creator(slot, need, gfp | __GFP_NORETRY);
		if (msg) {
			msg->buf |= MAILSLOT_BUF_POOLED;
			return msg;
		}
		give_up_place(slot, need);
	}
	return remote ? make_for_creator(slot, need, gfp) : make(need, gfp);
}

/* Nothing that fits lay ready: straight to a buffer of the writer's own, if it can. */
static noinline struct mailslot_msg *
alloc_unready(struct mailslot *slot, size_t need, struct mailslot_msg *msg,
	      bool remote)
{
	if (!msg && !remote && need <= SMALL_MAX && pool_is_out(slot, need))
		msg = make_small(class(need), GFP_KERNEL | PAYLOAD_FLAGS);
	else
		msg = alloc_slowly(slot, need, msg, remote);
	if (!msg)
		mailslot_drop(slot, MAILSLOT_DROP_NO_MEMORY, need);
	return msg;
}

static __always_inline struct mailslot_msg *
alloc(struct mailslot *slot, size_t size, size_t need, bool remote)
{
	struct mailslot_msg *msg = NULL;
	int err = mailslot_check(slot, size, remote);

	if (unlikely(err))
		return ERR_PTR(err);
	if (likely(need <= SMALL_MAX)) {
		if (READ_ONCE(slot->ready))
			msg = xchg(&slot->ready, NULL);
		if (!msg && READ_ONCE(slot->left))
			msg = xchg(&slot->left, NULL);
	}
	if (unlikely(!msg || room(msg) < need)) {
		msg = alloc_unready(slot, need, msg, remote);
		if (!msg)
			return ERR_PTR(-ENOMEM);
	}
	msg->size = size;
	msg->peeks = 0;
	msg->buf &= MAILSLOT_BUF_POOLED | MAILSLOT_BUF_LARGE;
	return msg;
}

/**
 * mailslot_msg_alloc - get a buffer for a message that a slot would take
 * @slot: Where the message is to go.
 * @size: Its size in bytes.
 *
 * The only source of buffers, together with its counterpart for mail from the
 * network, so that no message passes mailslot_check() by, whatever way it
 * came. The caller fills in the sender, copies the payload, and gives the
 * buffer to mailslot_enqueue() or back to mailslot_msg_free().
 *
 * Context: Process context, may sleep. May take and release the slot lock.
 * Return: the buffer, or an ERR_PTR of mailslot_check(), or of -ENOMEM; a
 * message that was refused has been counted.
 */
struct mailslot_msg *mailslot_msg_alloc(struct mailslot *slot, size_t size)
{
	return alloc(slot, size, size, false);
}

/**
 * mailslot_msg_alloc_remote - the same for a message from the network
 * @slot: Where the message is to go.
 * @size: Its size in bytes, its origin not counted.
 *
 * The caller fills in the origin at mailslot_msg_start().
 *
 * Context: Any but hard interrupts. May take and release the slot lock.
 * Return: as mailslot_msg_alloc().
 */
struct mailslot_msg *mailslot_msg_alloc_remote(struct mailslot *slot,
					       size_t size)
{
	struct mailslot_msg *msg;

	msg = alloc(slot, size, size + sizeof(struct mailslot_origin), true);
	if (!IS_ERR(msg))
		msg->buf |= MAILSLOT_BUF_REMOTE;
	return msg;
}

static void keep_slowly(struct mailslot *slot, struct mailslot_msg *msg)
{
	mailslot_lock(slot);
	if (msg->buf & MAILSLOT_BUF_LARGE)
		slot->spare = msg;
	else
		mailslot_pool_push(slot, msg);
	mailslot_unlock(slot);
}

/**
 * mailslot_msg_free - let go of a buffer
 * @slot: The slot it was allocated for.
 * @msg: The buffer; it is in no queue, nobody peeks, and nothing is charged
 *	for a message in it.
 *
 * Context: Any but hard interrupts. May take and release the slot lock.
 */
void mailslot_msg_free(struct mailslot *slot, struct mailslot_msg *msg)
{
	if (unlikely(!(msg->buf & MAILSLOT_BUF_POOLED)))
		destroy(msg);
	else if (msg->buf & MAILSLOT_BUF_LARGE ||
		 !mailslot_pool_leave(slot, msg))
		keep_slowly(slot, msg);
}

static void put(struct mailslot *slot, struct mailslot_msg *msg)
{
	if (msg)
		mailslot_pool_push(slot, msg);
}

/**
 * mailslot_pool_drain - free the used buffers
 * @slot: The slot, dead. Writers that are late may leave some more behind, so
 *	this is done once more when the inode is freed.
 *
 * Context: Any but hard interrupts. Takes and releases the slot lock.
 */
void mailslot_pool_drain(struct mailslot *slot)
{
	struct mailslot_msg *msg, *next;

	/* As in most slots that have been drained already, or carried nothing. */
	if (!READ_ONCE(slot->ready) && !READ_ONCE(slot->left) &&
	    !READ_ONCE(slot->spare) && !READ_ONCE(slot->pool))
		return;
	mailslot_lock(slot);
	put(slot, xchg(&slot->ready, NULL));
	put(slot, xchg(&slot->left, NULL));
	put(slot, slot->spare);
	slot->spare = NULL;
	msg = slot->pool;
	slot->pool = NULL;
	mailslot_unlock(slot);
	for (; msg; msg = next) {
		next = msg->next;
		destroy(msg);
	}
}

/**
 * mailslot_msg_purge - free the messages of a dead slot
 * @slot: The slot.
 * @msg: The first of what was its queue, or NULL.
 *
 * Context: Process context, may sleep, no locks.
 */
void mailslot_msg_purge(struct mailslot *slot, struct mailslot_msg *msg)
{
	struct mailslot_msg *next;

	for (; msg; msg = next) {
		next = msg->next;
		mailslot_discharge(slot, msg);
		destroy(msg);
		cond_resched();
	}
}

/**
 * mailslot_shared_alloc - get memory for a message to several slots
 * @count: How many.
 * @size: Bytes of the message.
 *
 * Context: Process context, may sleep.
 * Return: what mailslot_shared_put() frees, charged to the caller and signed by
 * it, with a reference for each of @count messages and one for the caller; or
 * NULL.
 */
struct mailslot_shared *mailslot_shared_alloc(unsigned int count, size_t size)
{
	struct mailslot_shared *shared;

	shared = make_payload(struct_size(shared, msgs, count) + size,
			      GFP_KERNEL | PAYLOAD_FLAGS);
	if (!shared)
		return NULL;
	refcount_set(&shared->refs, 1 + count);
	shared->pid = get_pid(task_tgid(current));
	return shared;
}

/**
 * mailslot_shared_put - fewer users of a message to several slots
 * @shared: The message, which is freed when these were the last.
 * @refs: How many fewer.
 *
 * Context: Process context.
 */
void mailslot_shared_put(struct mailslot_shared *shared, unsigned int refs)
{
	if (!refcount_sub_and_test(refs, &shared->refs))
		return;
	put_pid(shared->pid);
	kvfree(shared);
}

/**
 * mailslot_pool_exit - free the caches
 *
 * Context: Process context, may sleep. No message exists any more.
 */
void mailslot_pool_exit(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(caches); i++)
		kmem_cache_destroy(caches[i]);
}

/**
 * mailslot_pool_init - make the caches that messages come from
 *
 * Context: Process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __init mailslot_pool_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(caches); i++) {
		caches[i] = kmem_cache_create_usercopy(sizes[i].name,
						       sizes[i].size, 0,
						       SLAB_ACCOUNT, HEADER,
						       sizes[i].size - HEADER,
						       sizes[i].construct);
		if (!caches[i]) {
			mailslot_pool_exit();
			return -ENOMEM;
		}
	}
	return 0;
}
