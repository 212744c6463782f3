// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending one message to several slots: one copy, one allocation, one result
 * for each.
 */
#include <linux/build_bug.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fsnotify.h>
#include <linux/sched.h>

#include "ioctl.h"
#include "remote.h"
#include "room.h"

static_assert(sizeof(struct mailslot_ioctl_send_many) ==
	      MAILSLOT_SEND_MANY_SIZE_VER0);

/**
 * struct sender - one message and where it is to go
 * @shared: What the slots get.
 * @data: The payload in it.
 * @size: Bytes of it.
 */
struct sender {
	struct mailslot_shared *shared;
	void *data;
	size_t size;
};

static void fill_in(const struct sender *from, struct mailslot_msg *msg)
{
	msg->size = from->size;
	msg->room = 0;
	msg->buf = MAILSLOT_BUF_LARGE | MAILSLOT_BUF_SHARED;
	msg->peeks = 0;
	msg->pid = from->shared->pid;
	msg->uid = current_uid();
	msg->gid = current_gid();
	msg->large = from->data;
	msg->shared = from->shared;
}

static int send_to_slot(const struct sender *from, struct mailslot *slot,
			struct mailslot_msg *msg)
{
	int err = mailslot_check(slot, from->size, false);

	if (err)
		return err;
	fill_in(from, msg);
	/* Before the queue has it: it may have been read when we return. */
	refcount_inc(&from->shared->refs);
	err = mailslot_enqueue(slot, msg);
	if (err)
		refcount_dec(&from->shared->refs);
	return err;
}

/* What vfs_write() asks and tells, it does for one descriptor at a time. */
static int send_to_file(const struct sender *from, struct file *file,
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

static int send_to(const struct sender *from, int fd, struct mailslot_msg *msg)
{
	struct fd f = fdget(fd);
	int err;

	if (!fd_file(f))
		return -EBADF;
	err = send_to_file(from, fd_file(f), msg);
	fdput(f);
	return err;
}

static long send_to_all(const struct sender *from,
			struct mailslot_ioctl_target __user *targets, u32 count)
{
	long sent = 0;
	int fd, err;
	u32 i;

	for (i = 0; i < count; i++) {
		if (get_user(fd, &targets[i].fd))
			return -EFAULT;
		err = send_to(from, fd, &from->shared->msgs[i]);
		sent += !err;
		if (put_user(-err, &targets[i].error))
			return -EFAULT;
		cond_resched();
	}
	return sent;
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
	from.size = args.len;
	from.shared = mailslot_shared_alloc(args.count, args.len);
	if (!from.shared)
		return -ENOMEM;
	from.data = &from.shared->msgs[args.count];
	if (copy_from_user(from.data, u64_to_user_ptr(args.buf), args.len))
		ret = -EFAULT;
	else
		ret = send_to_all(&from, u64_to_user_ptr(args.targets),
				  args.count);
	mailslot_shared_put(from.shared);
	return ret;
}
