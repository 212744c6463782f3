// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receiving a message together with what is known of its sender, and several
 * of them at once.
 */
#include <linux/build_bug.h>
#include <linux/cred.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>

#include "ioctl.h"
#include "pool.h"
#include "trace.h"

#define RECV_FLAGS	(MAILSLOT_PEEK | MAILSLOT_DONTWAIT | MAILSLOT_TRUNC)
#define MANY_FLAGS	(MAILSLOT_DONTWAIT | MAILSLOT_TRUNC)

static_assert(sizeof(struct mailslot_ioctl_recv) == MAILSLOT_RECV_SIZE_VER0);
static_assert(sizeof(struct mailslot_ioctl_recv_many) ==
	      MAILSLOT_RECV_MANY_SIZE_VER0);

/**
 * struct receiver - what the messages of one call have in common
 * @slot: The slot.
 * @reader: How to wait for the first of them.
 * @usize: sizeof(struct mailslot_ioctl_recv) in the caller's eyes.
 * @flags: MAILSLOT_PEEK, MAILSLOT_TRUNC.
 * @pid_ns: The caller's, in which processes have numbers.
 * @kuid: The user whom @args names, the last sender's: many messages are mostly
 *	from one.
 * @kgid: The group likewise.
 * @args: The input for the message at hand, and its answer. Of that, what does
 *	not apply is zero already, and only what changes is written.
 */
struct receiver {
	struct mailslot *slot;
	struct mailslot_reader reader;
	size_t usize;
	u32 flags;
	struct pid_namespace *pid_ns;
	kuid_t kuid;
	kgid_t kgid;
	struct mailslot_ioctl_recv args;
};

/* All that comes after the input is the answer, zero where nothing applies. */
#define ANSWER		offsetof(struct mailslot_ioctl_recv, size)
#define ANSWER_SIZE	(sizeof(struct mailslot_ioctl_recv) - ANSWER)

static void clear_answer(struct receiver *to)
{
	memset_after(&to->args, 0, flags);
	to->kuid = INVALID_UID;
	to->kgid = INVALID_GID;
}

static void init_receiver(struct receiver *to, struct file *file, u32 flags,
			  size_t usize)
{
	to->slot = file->private_data;
	to->usize = usize;
	to->flags = flags;
	to->pid_ns = task_active_pid_ns(current);
	clear_answer(to);
	to->reader.peek = flags & MAILSLOT_PEEK;
	to->reader.nowait = flags & MAILSLOT_DONTWAIT ||
			    file->f_flags & O_NONBLOCK;
}

static void describe_local(struct receiver *to, const struct mailslot_msg *msg)
{
	struct mailslot_ioctl_recv *args = &to->args;

	args->pid = pid_nr_ns(msg->pid, to->pid_ns);
	if (uid_eq(to->kuid, msg->uid) && gid_eq(to->kgid, msg->gid))
		return;
	to->kuid = msg->uid;
	to->kgid = msg->gid;
	args->uid = from_kuid_munged(current_user_ns(), msg->uid);
	args->gid = from_kgid_munged(current_user_ns(), msg->gid);
}

static void describe_remote(struct receiver *to, struct mailslot_msg *msg)
{
	const struct mailslot_origin *origin = mailslot_msg_start(msg);
	struct mailslot_ioctl_recv *args = &to->args;

	args->msg_flags = origin->flags;
	args->address = origin->address;
	args->port = origin->port;
	args->mail_class = origin->mail_class;
	args->priority = origin->priority;
	memcpy(args->source_name, origin->name, sizeof(origin->name));
}

static void describe(struct receiver *to, struct mailslot_msg *msg)
{
	bool remote = msg->buf & MAILSLOT_BUF_REMOTE;

	/* Only remote messages have flags; was the last one of another kind? */
	if (unlikely(remote != !!to->args.msg_flags))
		clear_answer(to);
	to->args.size = msg->size;
	to->args.realtime_ns = msg->realtime_ns;
	to->args.monotonic_ns = msg->monotonic_ns;
	if (unlikely(remote))
		describe_remote(to, msg);
	else
		describe_local(to, msg);
}

/* What copy_to_user() does, without its calls and its loop. */
static long put_words(u64 __user *to, const u64 *from)
{
	static_assert(ANSWER_SIZE == 8 * sizeof(*from));
	static_assert(IS_ALIGNED(ANSWER, sizeof(*from)));

	if (!user_write_access_begin(to, ANSWER_SIZE))
		return -EFAULT;
	unsafe_put_user(from[0], &to[0], efault);
	unsafe_put_user(from[1], &to[1], efault);
	unsafe_put_user(from[2], &to[2], efault);
	unsafe_put_user(from[3], &to[3], efault);
	unsafe_put_user(from[4], &to[4], efault);
	unsafe_put_user(from[5], &to[5], efault);
	unsafe_put_user(from[6], &to[6], efault);
	unsafe_put_user(from[7], &to[7], efault);
	user_write_access_end();
	return 0;

efault:
	user_write_access_end();
	return -EFAULT;
}

static long answer(const struct receiver *to, void __user *arg)
{
	/* &args.size would be that member alone, to who checks object sizes. */
	const void *from = (const void *)&to->args + ANSWER;

	arg += ANSWER;
	if (likely(to->usize == sizeof(to->args)))
		return put_words(arg, from);
	return copy_struct_to_user(arg, to->usize - ANSWER, from, ANSWER_SIZE,
				   NULL);
}

/*
 * Both the message and its description must have arrived before it is taken
 * from the slot for good.
 */
static long give(struct receiver *to, struct mailslot_msg *msg,
		 void __user *arg)
{
	const struct mailslot_ioctl_recv *args = &to->args;
	long ret;

	describe(to, msg);
	ret = answer(to, arg);
	if (!ret && copy_to_user(u64_to_user_ptr(args->buf),
				 mailslot_msg_data(msg),
				 min(args->len, msg->size)))
		ret = -EFAULT;
	if (to->flags & MAILSLOT_PEEK) {
		mailslot_unpeek(to->slot, msg);
	} else if (unlikely(ret)) {
		mailslot_requeue(to->slot, msg);
	} else {
		trace_mailslot_read(to->slot, msg->size);
		mailslot_consume(to->slot, msg);
	}
	return ret;
}

static size_t room(const struct receiver *to)
{
	return to->flags & MAILSLOT_TRUNC ? SIZE_MAX : to->args.len;
}

/* The first message of a call, for which it waits. */
static long recv_first(struct receiver *to, void __user *arg)
{
	struct mailslot_msg *msg;
	long ret = 0;

	to->reader.len = room(to);
	msg = mailslot_dequeue(to->slot, &to->reader);
	if (!IS_ERR(msg))
		return give(to, msg, arg);
	if (PTR_ERR(msg) == -EMSGSIZE) {
		to->args.size = to->reader.size;
		ret = answer(to, arg);
	}
	return ret ?: PTR_ERR(msg);
}

/**
 * mailslot_recv - MAILSLOT_IOC_RECV
 * @file: The server end.
 * @arg: User address of a struct mailslot_ioctl_recv.
 * @usize: Its size in the caller's eyes.
 *
 * Context: Process context, may sleep.
 * Return: as linux/mailslot.h says.
 */
long mailslot_recv(struct file *file, void __user *arg, size_t usize)
{
	struct receiver to;
	int err;

	err = mailslot_copy_in(&to.args, sizeof(to.args), arg, usize,
			       MAILSLOT_RECV_SIZE_VER0);
	if (err)
		return err;
	if (to.args.flags & ~RECV_FLAGS)
		return -EINVAL;
	init_receiver(&to, file, to.args.flags, usize);
	return recv_first(&to, arg);
}

/* Only what is input. */
static bool fetch(struct receiver *to, void __user *arg)
{
	const struct mailslot_ioctl_recv __user *in = arg;
	bool fetched = false;

	if (!user_read_access_begin(in, ANSWER))
		return false;
	unsafe_get_user(to->args.buf, &in->buf, out);
	unsafe_get_user(to->args.len, &in->len, out);
	fetched = true;
out:
	user_read_access_end();
	return fetched;
}

/* One more, if there is one that fits. */
static bool recv_next(struct receiver *to, void __user *arg)
{
	struct mailslot_msg *msg;

	if (!READ_ONCE(to->slot->head) || !fetch(to, arg))
		return false;
	msg = mailslot_take(to->slot, room(to));
	return msg && !give(to, msg, arg);
}

static long recv_all(struct receiver *to, void __user *arg, u32 count)
{
	long n, ret;

	if (!fetch(to, arg))
		return -EFAULT;
	ret = recv_first(to, arg);
	if (ret)
		return ret;
	for (n = 1; n < count; n++) {
		arg += to->usize;
		if (signal_pending(current) || !recv_next(to, arg))
			break;
		if (need_resched())
			cond_resched();
	}
	return n;
}

/**
 * mailslot_recv_many - MAILSLOT_IOC_RECV_MANY
 * @file: The server end.
 * @arg: User address of a struct mailslot_ioctl_recv_many.
 * @usize: Its size in the caller's eyes.
 *
 * Context: Process context, may sleep.
 * Return: as linux/mailslot.h says.
 */
long mailslot_recv_many(struct file *file, void __user *arg, size_t usize)
{
	struct mailslot_ioctl_recv_many args;
	struct receiver to;
	int err;

	err = mailslot_copy_in(&args, sizeof(args), arg, usize,
			       MAILSLOT_RECV_MANY_SIZE_VER0);
	if (err)
		return err;
	if (!args.count || args.reserved || args.flags & ~MANY_FLAGS)
		return -EINVAL;
	if (args.msg_size < MAILSLOT_RECV_SIZE_VER0 ||
	    args.msg_size > PAGE_SIZE)
		return -EINVAL;
	init_receiver(&to, file, args.flags, args.msg_size);
	return recv_all(&to, u64_to_user_ptr(args.msgs),
			min_t(u32, args.count, MAILSLOT_MANY_MAX));
}
