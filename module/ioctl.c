// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls. A struct may grow: its size in the caller's eyes travels in the
 * request number (_IOC_SIZE), everything else of the number must match.
 */
#include <linux/build_bug.h>
#include <linux/uaccess.h>
#include <asm/ioctls.h>

#include "ioctl.h"
#include "msg.h"
#include "name.h"

#define ACCEPT_FLAGS	(MAILSLOT_ACCEPT_REMOTE | MAILSLOT_ACCEPT_BROADCAST)

/* Longest UNC spelling of a local name: \\.\mailslot\, the name, a NUL. */
#define NAME_BUFFER	(sizeof("\\\\.\\mailslot\\") + MAILSLOT_NAME_MAX)

/* A request number without the size, which is checked by itself. */
#define NO_SIZE(cmd)	((cmd) & ~IOCSIZE_MASK)

/* Every struct has the size that its first version is documented with. */
static_assert(sizeof(struct mailslot_ioctl_create) ==
	      MAILSLOT_CREATE_SIZE_VER0);
static_assert(sizeof(struct mailslot_ioctl_info) == MAILSLOT_INFO_SIZE_VER0);
static_assert(sizeof(struct mailslot_ioctl_set) == MAILSLOT_SET_SIZE_VER0);

static long get_version(void __user *arg)
{
	return put_user(MAILSLOT_ABI_VERSION, (u32 __user *)arg);
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
	char text[NAME_BUFFER];
	struct qstr name;
	long ret;

	ret = mailslot_copy_in(&args, sizeof(args), arg, usize,
			       MAILSLOT_CREATE_SIZE_VER0);
	if (ret)
		return ret;
	ret = check_create(&args);
	if (ret)
		return ret;
	ret = strncpy_from_user(text, u64_to_user_ptr(args.name), NAME_BUFFER);
	if (ret < 0)
		return ret;
	if (ret == NAME_BUFFER)
		return -ENAMETOOLONG;
	name = (struct qstr)QSTR_INIT(text, ret);
	attr.max_size = args.max_message_size;
	attr.timeout_ms = args.read_timeout_ms;
	attr.flags = args.flags;
	attr.mode = args.mode;
	return mailslot_create_fd(dir, &name, args.open_flags, &attr);
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
	    NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_RECV_MANY) ||
	    cmd == MAILSLOT_IOC_CANCEL)
		return -EBADF;
	return 0;
}

static long set_info(struct mailslot *slot, void __user *arg, size_t usize)
{
	struct mailslot_ioctl_set args;
	long ret;

	ret = mailslot_copy_in(&args, sizeof(args), arg, usize,
			       MAILSLOT_SET_SIZE_VER0);
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

/* What every end of a slot answers. */
static long common_ioctl(struct mailslot *slot, unsigned int cmd,
			 void __user *arg)
{
	struct mailslot_ioctl_info info;

	if (cmd == MAILSLOT_IOC_VERSION)
		return get_version(arg);
	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_SEND_MANY))
		return mailslot_send_many(arg, _IOC_SIZE(cmd));
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
		return mailslot_recv(file, uarg, _IOC_SIZE(cmd));
	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_RECV_MANY))
		return mailslot_recv_many(file, uarg, _IOC_SIZE(cmd));
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
 * @cmd: MAILSLOT_IOC_GET_INFO, MAILSLOT_IOC_SEND_MANY, MAILSLOT_IOC_VERSION,
 *	FIONREAD.
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
	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_SEND_MANY))
		return mailslot_send_many(uarg, _IOC_SIZE(cmd));
	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_GET_INFO))
		return put_info(&info, uarg, _IOC_SIZE(cmd));
	return -ENOTTY;
}

/**
 * mailslot_dir_ioctl - ioctl(2) on the root directory
 * @file: The directory.
 * @cmd: MAILSLOT_IOC_CREATE, MAILSLOT_IOC_SEND_MANY, MAILSLOT_IOC_VERSION.
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
	if (NO_SIZE(cmd) == NO_SIZE(MAILSLOT_IOC_SEND_MANY))
		return mailslot_send_many(uarg, _IOC_SIZE(cmd));
	return -ENOTTY;
}
