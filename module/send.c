// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending one message to several slots: one copy, one allocation, one result
 * for each.
 */
#include <linux/build_bug.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fsnotify.h>
#include <linux/minmax.h>
#include <linux/sched.h>

#include "ioctl.h"
#include "remote.h"
#include "room.h"

static_assert(sizeof(struct mailslot_ioctl_send_many) ==
	      MAILSLOT_SEND_MANY_SIZE_VER0);

/* Targets whose descriptors are loaded, and their results stored, at once. */
#define CHUNK	16

/**
 * struct sender - one message and where it is to go
 * @shared: What the slots get.
 * @data: The payload in it.
 * @size: Bytes of it.
 * @pid: The sender's thread group; its reference is @shared's.
 * @uid: The sender's real user.
 * @gid: The sender's real group.
 * @unsent: References to @shared that no message has, the sender's own one
 *	included.
 */
struct sender {
	struct mailslot_shared *shared;
	void *data;
	size_t size;
	struct pid *pid;
	kuid_t uid;
	kgid_t gid;
	u32 unsent;
};

static void fill_in(const struct sender *from, struct mailslot_msg *msg)
{
	msg->size = from->size;
	msg->room = 0;
	msg->buf = MAILSLOT_BUF_LARGE | MAILSLOT_BUF_SHARED;
	msg->peeks = 0;
	msg->pid = from->pid;
	msg->uid = from->uid;
	msg->gid = from->gid;
	msg->large = from->data;
	msg->shared = from->shared;
}

/* Once the queue has it, the message may have been read when we return. */
static int send_to_slot(struct sender *from, struct mailslot *slot,
			struct mailslot_msg *msg)
{
	int err = mailslot_check(slot, from->size, false);

	if (err)
		return err;
	fill_in(from, msg);
	err = mailslot_enqueue(slot, msg);
	if (!err)
		from->unsent--;
	return err;
}

/* What vfs_write() asks and tells, it does for one descriptor at a time. */
static int send_to_file(struct sender *from, struct file *file,
			struct mailslot_msg *msg)
{
	struct mailslot *slot = mailslot_of_client(file);
	int err;

	if (!slot && !mailslot_is_dest(file))
		return -EBADF;
	err = rw_verify_area(WRITE, file, NULL, from->size);
	if (err)
		return err;
	if (slot)
		err = send_to_slot(from, slot, msg);
	else
		err = mailslot_dest_send(file, from->data, from->size);
	if (!err)
		fsnotify_modify(file);
	return err;
}

static int send_to(struct sender *from, int fd, struct mailslot_msg *msg)
{
	struct fd f = fdget(fd);
	int err;

	if (!fd_file(f))
		return -EBADF;
	err = send_to_file(from, fd_file(f), msg);
	fdput(f);
	return err;
}

/* As many of the descriptors as can be loaded. */
static u32 load_fds(const struct mailslot_ioctl_target __user *targets,
		    int *fds, u32 count)
{
	u32 i = 0;

	if (!user_read_access_begin(targets, count * sizeof(*targets)))
		return 0;
	for (; i < count; i++)
		unsafe_get_user(fds[i], &targets[i].fd, out);
out:
	user_read_access_end();
	return i;
}

static bool store_errors(struct mailslot_ioctl_target __user *targets,
			 const int *errs, u32 count)
{
	u32 i = 0;

	if (!user_write_access_begin(targets, count * sizeof(*targets)))
		return false;
	for (; i < count; i++)
		unsafe_put_user(-errs[i], &targets[i].error, out);
out:
	user_write_access_end();
	return i == count;
}

/* Those before one that cannot be loaded are served. */
static long send_to_some(struct sender *from, struct mailslot_msg *msgs,
			 struct mailslot_ioctl_target __user *targets,
			 u32 count)
{
	int fds[CHUNK];
	long sent = 0;
	u32 i, n;

	n = load_fds(targets, fds, count);
	for (i = 0; i < n; i++) {
		fds[i] = send_to(from, fds[i], &msgs[i]);
		sent += !fds[i];
		if (need_resched())
			cond_resched();
	}
	if (!store_errors(targets, fds, n) || n < count)
		return -EFAULT;
	return sent;
}

static long send_to_all(struct sender *from,
			struct mailslot_ioctl_target __user *targets, u32 count)
{
	long sent = 0, some;
	u32 i;

	for (i = 0; i < count; i += CHUNK) {
		some = send_to_some(from, &from->shared->msgs[i], &targets[i],
				    min_t(u32, count - i, CHUNK));
		if (some < 0)
			return some;
		sent += some;
	}
	return sent;
}

static int init_sender(struct sender *from, u32 count, u32 size)
{
	from->shared = mailslot_shared_alloc(count, size);
	if (!from->shared)
		return -ENOMEM;
	from->data = &from->shared->msgs[count];
	from->size = size;
	from->pid = from->shared->pid;
	from->uid = current_uid();
	from->gid = current_gid();
	from->unsent = 1 + count;
	return 0;
}

/**
 * mailslot_send_many - MAILSLOT_IOC_SEND_MANY
 * @arg: User address of a struct mailslot_ioctl_send_many.
 * @usize: Its size in the caller's eyes.
 *
 * Context: Process context, may sleep.
 * Return: as linux/mailslot.h says.
 */
long mailslot_send_many(void __user *arg, size_t usize)
{
	struct mailslot_ioctl_send_many args;
	struct sender from;
	long ret;

	ret = mailslot_copy_in(&args, sizeof(args), arg, usize,
			       MAILSLOT_SEND_MANY_SIZE_VER0);
	if (ret)
		return ret;
	if (!args.count || args.count > MAILSLOT_MANY_MAX || args.flags ||
	    args.reserved)
		return -EINVAL;
	if (args.len > MAILSLOT_MESSAGE_MAX)
		return -EMSGSIZE;
	ret = init_sender(&from, args.count, args.len);
	if (ret)
		return ret;
	if (copy_from_user(from.data, u64_to_user_ptr(args.buf), args.len))
		ret = -EFAULT;
	else
		ret = send_to_all(&from, u64_to_user_ptr(args.targets),
				  args.count);
	mailslot_shared_put(from.shared, from.unsent);
	return ret;
}
