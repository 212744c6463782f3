// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls. A struct may grow: its size in the caller's eyes travels in the
 * request number (_IOC_SIZE), everything else of the number must match.
 */
#include <linux/build_bug.h>
#include <linux/cred.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/ioctls.h>

#include "msg.h"
#include "name.h"
#include "trace.h"

#define ACCEPT_FLAGS	(MAILSLOT_ACCEPT_REMOTE | MAILSLOT_ACCEPT_BROADCAST)
#define RECV_FLAGS	(MAILSLOT_PEEK | MAILSLOT_DONTWAIT | MAILSLOT_TRUNC)

/* Longest UNC spelling of a local name: \\.\mailslot\ and the name. */
#define NAME_BUFFER	(sizeof("\\\\.\\mailslot\\") + MAILSLOT_NAME_MAX)

/* A request number without the size, which is checked by itself. */
#define NO_SIZE(cmd)	((cmd) & ~IOCSIZE_MASK)

/* Every struct has the size that its first version is documented with. */
static_assert(sizeof(struct mailslot_ioctl_create) ==
	      MAILSLOT_CREATE_SIZE_VER0);
static_assert(sizeof(struct mailslot_ioctl_info) == MAILSLOT_INFO_SIZE_VER0);
static_assert(sizeof(struct mailslot_ioctl_set) == MAILSLOT_SET_SIZE_VER0);
static_assert(sizeof(struct mailslot_ioctl_recv) == MAILSLOT_RECV_SIZE_VER0);

static long get_version(void __user *arg)
{
	return put_user(MAILSLOT_ABI_VERSION, (u32 __user *)arg);
}

static long copy_in(void *to, size_t ksize, const void __user *from,
		    size_t usize, size_t min_size)
{
	if (usize < min_size)
		return -EINVAL;
	return copy_struct_from_user(to, ksize, from, usize);
}

static int check_create(const struct mailslot_ioctl_create *args)
{
	if (args->flags & ~ACCEPT_FLAGS || args->reserved)
		return -EINVAL;
	if (args->open_flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	if (args->mode & ~0777)
		return -EINVAL;
	return 0;
}

static long create(struct file *dir, void __user *arg, size_t usize)
{
	struct mailslot_ioctl_create args;
	struct mailslot_attr attr;
	char *name;
	long ret;

	ret = copy_in(&args, sizeof(args), arg, usize,
		      MAILSLOT_CREATE_SIZE_VER0);
	if (ret)
		return ret;
	ret = check_create(&args);
	if (ret)
		return ret;
	name = strndup_user(u64_to_user_ptr(args.name), NAME_BUFFER);
	if (IS_ERR(name))
		return PTR_ERR(name) == -EINVAL ? -ENAMETOOLONG : PTR_ERR(name);
	attr.max_size = args.max_message_size;
	attr.timeout_ms = args.read_timeout_ms;
	attr.flags = args.flags;
	attr.mode = args.mode;
	ret = mailslot_create_fd(dir, name, args.open_flags, &attr);
	kfree(name);
	return ret;
}

static long put_info(const struct mailslot_ioctl_info *info, void __user *arg,
		     size_t usize)
{
	if (usize < MAILSLOT_INFO_SIZE_VER0)
		return -EINVAL;
	return copy_struct_to_user(arg, usize, info, sizeof(*info), NULL);
}

/* How a client is told that a call is for the server end, or 0. */
static long only_server(unsigned int cmd)
{
	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_SET_INFO))
		return -EPERM;
	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_RECV) ||
	    cmd == MAILSLOT_IOC_CANCEL)
		return -EBADF;
	return 0;
}

static long set_info(struct mailslot *slot, void __user *arg, size_t usize)
{
	struct mailslot_ioctl_set args;
	long ret;

	ret = copy_in(&args, sizeof(args), arg, usize, MAILSLOT_SET_SIZE_VER0);
	if (ret)
		return ret;
	if (args.mask & ~(MAILSLOT_SET_TIMEOUT | MAILSLOT_SET_FLAGS) ||
	    args.flags & ~ACCEPT_FLAGS || args.reserved)
		return -EINVAL;
	mailslot_lock(slot);
	if (args.mask & MAILSLOT_SET_TIMEOUT)
		slot->timeout_ms = args.read_timeout_ms;
	if (args.mask & MAILSLOT_SET_FLAGS)
		slot->flags = args.flags;
	mailslot_unlock(slot);
	return 0;
}

static void describe(struct mailslot_msg *msg,
		     struct mailslot_ioctl_recv *args)
{
	const struct mailslot_origin *origin;

	args->size = msg->size;
	args->realtime_ns = msg->realtime_ns;
	args->monotonic_ns = msg->monotonic_ns;
	if (msg->buf & MAILSLOT_BUF_REMOTE) {
		origin = mailslot_msg_start(msg);
		args->msg_flags = origin->flags;
		args->address = origin->address;
		args->port = origin->port;
		args->mail_class = origin->mail_class;
		args->priority = origin->priority;
		memcpy(args->source_name, origin->name, sizeof(origin->name));
		return;
	}
	args->pid = pid_nr_ns(msg->pid, task_active_pid_ns(current));
	args->uid = from_kuid_munged(current_user_ns(), msg->uid);
	args->gid = from_kgid_munged(current_user_ns(), msg->gid);
}

/* All that comes after the input is the answer, zero where nothing applies. */
static void clear_answer(struct mailslot_ioctl_recv *args)
{
	memset_after(args, 0, flags);
}

/*
 * Both the message and its description must have arrived before it is taken
 * from the slot for good.
 */
static long give(struct mailslot *slot, struct mailslot_msg *msg,
		 struct mailslot_ioctl_recv *args, void __user *arg,
		 size_t usize)
{
	long ret;

	describe(msg, args);
	ret = copy_struct_to_user(arg, usize, args, sizeof(*args), NULL);
	if (!ret && copy_to_user(u64_to_user_ptr(args->buf),
				 mailslot_msg_data(msg),
				 min(args->len, msg->size)))
		ret = -EFAULT;
	if (args->flags & MAILSLOT_PEEK) {
		mailslot_unpeek(slot, msg);
	} else if (ret) {
		mailslot_requeue(slot, msg);
	} else {
		trace_mailslot_read(slot, msg->size);
		mailslot_consume(slot, msg);
	}
	return ret;
}

static long recv(struct file *file, void __user *arg, size_t usize)
{
	struct mailslot *slot = file->private_data;
	struct mailslot_ioctl_recv args;
	struct mailslot_reader reader;
	struct mailslot_msg *msg;
	long ret;

	ret = copy_in(&args, sizeof(args), arg, usize, MAILSLOT_RECV_SIZE_VER0);
	if (ret)
		return ret;
	if (args.flags & ~RECV_FLAGS)
		return -EINVAL;
	reader.len = args.flags & MAILSLOT_TRUNC ? SIZE_MAX : args.len;
	reader.peek = args.flags & MAILSLOT_PEEK;
	reader.nowait = args.flags & MAILSLOT_DONTWAIT ||
			file->f_flags & O_NONBLOCK;
	msg = mailslot_dequeue(slot, &reader);
	clear_answer(&args);
	if (!IS_ERR(msg))
		return give(slot, msg, &args, arg, usize);
	if (PTR_ERR(msg) == -EMSGSIZE) {
		args.size = reader.size;
		ret = copy_struct_to_user(arg, usize, &args, sizeof(args),
					  NULL);
	}
	return ret ?: PTR_ERR(msg);
}

/* What every end of a slot answers. */
static long common_ioctl(struct mailslot *slot, unsigned int cmd,
			 void __user *arg)
{
	struct mailslot_ioctl_info info;

	if (cmd == MAILSLOT_IOC_VERSION)
		return get_version(arg);
	mailslot_info(slot, &info);
	if (cmd == FIONREAD)
		return put_user(info.message_count ? info.next_size : 0,
				(int __user *)arg);
	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_GET_INFO))
		return put_info(&info, arg, _IOC_SIZE(cmd));
	return -ENOTTY;
}

/**
 * mailslot_server_ioctl - ioctl(2) on the server end
 * @file: The server end.
 * @cmd: MAILSLOT_IOC_*, FIONREAD.
 * @arg: User address.
 *
 * Context: Process context, may sleep.
 * Return: as linux/mailslot.h says; -ENOTTY for what it does not know.
 */
long mailslot_server_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg)
{
	struct mailslot *slot = file->private_data;
	void __user *uarg = (void __user *)arg;

	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_RECV))
		return recv(file, uarg, _IOC_SIZE(cmd));
	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_SET_INFO))
		return set_info(slot, uarg, _IOC_SIZE(cmd));
	if (cmd == MAILSLOT_IOC_CANCEL)
		return mailslot_cancel(slot);
	return common_ioctl(slot, cmd, uarg);
}

/**
 * mailslot_client_ioctl - ioctl(2) on a client end
 * @file: The client end.
 * @cmd: MAILSLOT_IOC_*, FIONREAD.
 * @arg: User address.
 *
 * Context: Process context, may sleep.
 * Return: as linux/mailslot.h says; -EPERM or -EBADF for what only the server
 * may do, -ENOTTY for what nobody knows.
 */
long mailslot_client_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg)
{
	if (only_server(cmd))
		return only_server(cmd);
	return common_ioctl(file->private_data, cmd, (void __user *)arg);
}

/**
 * mailslot_dest_ioctl - ioctl(2) on a remote destination
 * @max_size: Bytes of the largest message that can be sent there.
 * @cmd: MAILSLOT_IOC_GET_INFO, MAILSLOT_IOC_VERSION, FIONREAD.
 * @arg: User address.
 *
 * What waits at the other end nobody can know.
 *
 * Context: Process context, may sleep.
 * Return: as mailslot_client_ioctl().
 */
long mailslot_dest_ioctl(size_t max_size, unsigned int cmd, unsigned long arg)
{
	struct mailslot_ioctl_info info = {
		.max_message_size = max_size,
		.next_size = MAILSLOT_NO_MESSAGE,
	};
	void __user *uarg = (void __user *)arg;

	if (only_server(cmd))
		return only_server(cmd);
	if (cmd == FIONREAD)
		return put_user(0, (int __user *)arg);
	if (cmd == MAILSLOT_IOC_VERSION)
		return get_version(uarg);
	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_GET_INFO))
		return put_info(&info, uarg, _IOC_SIZE(cmd));
	return -ENOTTY;
}

/**
 * mailslot_dir_ioctl - ioctl(2) on the root directory
 * @file: The directory.
 * @cmd: MAILSLOT_IOC_CREATE, MAILSLOT_IOC_VERSION.
 * @arg: User address.
 *
 * Context: Process context, may sleep.
 * Return: as linux/mailslot.h says; -ENOTTY for what it does not know.
 */
long mailslot_dir_ioctl(struct file *file, unsigned int cmd,
			unsigned long arg)
{
	void __user *uarg = (void __user *)arg;

	if (cmd == MAILSLOT_IOC_VERSION)
		return get_version(uarg);
	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_CREATE))
		return create(file, uarg, _IOC_SIZE(cmd));
	return -ENOTTY;
}
