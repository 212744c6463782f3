// SPDX-License-Identifier: GPL-2.0-only
/*
 * The open ends of a slot. Opening by name makes a client, always: the server
 * end is the file that came into being together with the slot.
 */
#include <linux/cred.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "pool.h"
#include "trace.h"

static const struct file_operations server_operations;

/*
 * Reading by name is answered with EBUSY by the open itself, whoever asks and
 * whatever the mode; and the creator may read without the mode saying so.
 */
static int mailslotfs_permission(struct mnt_idmap *idmap, struct inode *inode,
				 int mask)
{
	if ((mask & (MAY_OPEN | MAY_READ)) == (MAY_OPEN | MAY_READ))
		return 0;
	return generic_permission(idmap, inode, mask);
}

static void later(struct timespec64 *time, u64 ns)
{
	struct timespec64 ts = ns_to_timespec64(ns);

	if (timespec64_compare(&ts, time) > 0)
		*time = ts;
}

/*
 * A message leaves its time stamp in the slot, under the lock that it holds
 * anyway; only who asks pays for making file times of them.
 */
static int mailslotfs_getattr(struct mnt_idmap *idmap, const struct path *path,
			      struct kstat *stat, u32 request_mask,
			      unsigned int query_flags)
{
	struct inode *inode = d_inode(path->dentry);
	struct mailslot *slot = MAILSLOT_I(inode);

	generic_fillattr(idmap, request_mask, inode, stat);
	mailslot_lock(slot);
	later(&stat->mtime, slot->mtime);
	later(&stat->atime, slot->atime);
	mailslot_unlock(slot);
	return 0;
}

const struct inode_operations mailslot_inode_operations = {
	.permission = mailslotfs_permission,
	.getattr = mailslotfs_getattr,
};

static int mailslot_open(struct inode *inode, struct file *file)
{
	struct mailslot *slot = MAILSLOT_I(inode);
	enum mailslot_state state = READ_ONCE(slot->state);
	bool writer = (file->f_flags & O_ACCMODE) == O_WRONLY;

	if (state == MAILSLOT_NEW) {
		/* Of the same module, whose reference the file has. */
		file->f_op = &server_operations;
		WRITE_ONCE(slot->state, MAILSLOT_LIVE);
	} else if (state == MAILSLOT_DEAD) {
		/* Who wants to create it came a moment too early. */
		return file->f_flags & O_CREAT && !writer ? -EBUSY : -ENOENT;
	} else if (!writer) {
		return -EBUSY;
	} else if (file->f_flags & O_EXCL) {
		return -EEXIST;
	}
	file->private_data = slot;
	file->f_mode |= FMODE_NOWAIT;
	return stream_open(inode, file);
}

static int mailslot_server_release(struct inode *inode, struct file *file)
{
	mailslot_retire(MAILSLOT_I(inode));
	return 0;
}

/*
 * Whoever reads learns who wrote: the process and its real user, as with
 * SCM_CREDENTIALS of unix(7). What a program with the set-user-ID bit is
 * tricked into writing is still its caller's.
 */
static __always_inline void sign(struct mailslot_msg *msg)
{
	const struct cred *cred = current_cred();
	struct pid *pid = task_tgid(current);

	/* A used buffer mostly carries the name of the same sender. */
	if (msg->pid != pid) {
		put_pid(msg->pid);
		msg->pid = get_pid(pid);
	}
	msg->uid = cred->uid;
	msg->gid = cred->gid;
}

static __always_inline ssize_t send(struct mailslot *slot,
				    struct mailslot_msg *msg, size_t size)
{
	int err;

	sign(msg);
	err = mailslot_enqueue(slot, msg);
	if (unlikely(err)) {
		mailslot_msg_free(slot, msg);
		return err;
	}
	return size;
}

static ssize_t mailslot_write(struct file *file, const char __user *buf,
			      size_t size, loff_t *pos)
{
	struct mailslot *slot = file->private_data;
	struct mailslot_msg *msg = mailslot_msg_alloc(slot, size);

	if (IS_ERR(msg))
		return PTR_ERR(msg);
	if (copy_from_user(mailslot_msg_start(msg), buf, size)) {
		mailslot_msg_free(slot, msg);
		return -EFAULT;
	}
	return send(slot, msg, size);
}

static ssize_t mailslot_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct mailslot *slot = iocb->ki_filp->private_data;
	size_t size = iov_iter_count(from);
	struct mailslot_msg *msg = mailslot_msg_alloc(slot, size);

	if (IS_ERR(msg))
		return PTR_ERR(msg);
	if (!copy_from_iter_full(mailslot_msg_start(msg), size, from)) {
		mailslot_msg_free(slot, msg);
		return -EFAULT;
	}
	return send(slot, msg, size);
}

/* The payload is out, or not: then the message goes back to where it was. */
static __always_inline ssize_t finish_read(struct mailslot *slot,
					   struct mailslot_msg *msg,
					   size_t size, bool copied)
{
	if (unlikely(!copied)) {
		mailslot_requeue(slot, msg);
		return -EFAULT;
	}
	trace_mailslot_read(slot, size);
	mailslot_consume(slot, msg);
	return size;
}

/* There is no message that fits, or was not a moment ago. */
static noinline struct mailslot_msg *wait_for_message(struct mailslot *slot,
						      size_t len, bool nowait)
{
	struct mailslot_reader reader = {
		.len = len,
		.nowait = nowait,
	};

	return mailslot_dequeue(slot, &reader);
}

static ssize_t mailslot_read(struct file *file, char __user *buf, size_t len,
			     loff_t *pos)
{
	struct mailslot *slot = file->private_data;
	struct mailslot_msg *msg = mailslot_take(slot, len);
	size_t size;

	if (unlikely(!msg)) {
		msg = wait_for_message(slot, len, file->f_flags & O_NONBLOCK);
		if (IS_ERR(msg))
			return PTR_ERR(msg);
	}
	size = msg->size;
	return finish_read(slot, msg, size,
			   !copy_to_user(buf, mailslot_msg_data(msg), size));
}

static ssize_t mailslot_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct mailslot *slot = file->private_data;
	size_t len = iov_iter_count(to);
	struct mailslot_msg *msg = mailslot_take(slot, len);
	size_t size;

	if (unlikely(!msg)) {
		msg = wait_for_message(slot, len,
				       file->f_flags & O_NONBLOCK ||
				       iocb->ki_flags & IOCB_NOWAIT);
		if (IS_ERR(msg))
			return PTR_ERR(msg);
	}
	size = msg->size;
	return finish_read(slot, msg, size,
			   copy_to_iter(mailslot_msg_data(msg), size,
					to) == size);
}

/*
 * Adding ourselves to the wait queue took the slot lock, under which messages
 * are queued and pollers woken: a message that we do not see now wakes us.
 */
static __poll_t mailslot_server_poll(struct file *file, poll_table *wait)
{
	struct mailslot *slot = file->private_data;

	poll_wait(file, &slot->wait, wait);
	return READ_ONCE(slot->head) ? EPOLLIN | EPOLLRDNORM : 0;
}

static __poll_t mailslot_client_poll(struct file *file, poll_table *wait)
{
	struct mailslot *slot = file->private_data;
	__poll_t events = 0;

	poll_wait(file, &slot->writers, wait);
	if (slot->user)
		poll_wait(file, &slot->user->writers, wait);
	mailslot_lock(slot);
	if (slot->state == MAILSLOT_DEAD)
		events = EPOLLERR | EPOLLHUP;
	else if (mailslot_writable(slot))
		events = EPOLLOUT | EPOLLWRNORM;
	mailslot_unlock(slot);
	return events;
}

static void mailslot_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct mailslot_ioctl_info info;

	mailslot_info(file->private_data, &info);
	seq_printf(m, "mailslot-end:\t%s\n",
		   file->f_mode & FMODE_READ ? "server" : "client");
	seq_printf(m, "max-message-size:\t%u\n", info.max_message_size);
	if (info.next_size == MAILSLOT_NO_MESSAGE)
		seq_puts(m, "next-size:\tnone\n");
	else
		seq_printf(m, "next-size:\t%u\n", info.next_size);
	seq_printf(m, "message-count:\t%u\n", info.message_count);
	seq_printf(m, "read-timeout-ms:\t%u\n", info.read_timeout_ms);
	seq_printf(m, "queued-bytes:\t%llu\n", info.queued_bytes);
	seq_printf(m, "delivered:\t%llu\n", info.delivered);
	seq_printf(m, "dropped-too-long:\t%llu\n", info.dropped_too_long);
	seq_printf(m, "dropped-queue-full:\t%llu\n", info.dropped_queue_full);
	seq_printf(m, "dropped-user-quota:\t%llu\n", info.dropped_user_quota);
	seq_printf(m, "dropped-no-memory:\t%llu\n", info.dropped_no_memory);
	seq_printf(m, "accept-flags:\t%08x\n", info.flags);
}

/*
 * Both ->read and ->read_iter: read(2) takes the former, which is 10 percent
 * shorter, and io_uring and readv(2) the latter.
 */
static const struct file_operations server_operations = {
	.owner = THIS_MODULE,
	.release = mailslot_server_release,
	.read = mailslot_read,
	.read_iter = mailslot_read_iter,
	.poll = mailslot_server_poll,
	.unlocked_ioctl = mailslot_server_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.show_fdinfo = mailslot_show_fdinfo,
};

const struct file_operations mailslot_client_operations = {
	.owner = THIS_MODULE,
	.open = mailslot_open,
	.write = mailslot_write,
	.write_iter = mailslot_write_iter,
	.poll = mailslot_client_poll,
	.unlocked_ioctl = mailslot_client_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.show_fdinfo = mailslot_show_fdinfo,
};
