// SPDX-License-Identifier: LGPL-2.1-or-later
/* Slots: made, opened, asked and changed. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "internal.h"
#include "resolve.h"

#define ACCEPT_FLAGS	(MAILSLOT_ACCEPT_REMOTE | MAILSLOT_ACCEPT_BROADCAST)

static_assert(!(ACCEPT_FLAGS & (O_CLOEXEC | O_NONBLOCK)),
	      "mailslot_create() takes both kinds of flags in one word");

static_assert(offsetof(struct mailslot_info, reserved) ==
	      offsetof(struct mailslot_ioctl_info, reserved),
	      "the kernel fills in the front of the library's struct");

static int close_keeping_errno(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

MAILSLOT_API int mailslot_create(const char *name, uint32_t max_message_size,
				 uint32_t read_timeout_ms, unsigned int flags,
				 mode_t mode)
{
	char kernel_name[PATH_MAX];
	struct mailslot_ioctl_create create = {
		.name = (uintptr_t)kernel_name,
		.max_message_size = max_message_size,
		.read_timeout_ms = read_timeout_ms,
		.flags = flags & ACCEPT_FLAGS,
		.open_flags = flags & ~ACCEPT_FLAGS,
		.mode = mode,
	};
	int root, fd;

	if (mailslot_kernel_name(name, kernel_name))
		return -1;
	root = open(mailslot_root(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -1;
	fd = ioctl(root, MAILSLOT_IOC_CREATE, &create);
	close_keeping_errno(root);
	return fd;
}

/*
 * A plain directory at the mount point must not pass for a mount, and its
 * files for slots. This asks the file system and not the file, so that it
 * holds for every kind of file that the mount may ever have.
 */
static int is_mailslot(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return 0;
	if (fs.f_type == MAILSLOT_SUPER_MAGIC)
		return 1;
	errno = ENOTTY;
	return 0;
}

MAILSLOT_API int mailslot_open(const char *name, int oflags)
{
	char kernel_name[PATH_MAX], path[PATH_MAX];
	int accmode = oflags & O_ACCMODE;
	int fd;

	if (accmode != O_WRONLY && accmode != O_RDONLY) {
		errno = EINVAL;
		return -1;
	}
	if (mailslot_kernel_name(name, kernel_name) ||
	    mailslot_resolve_name(kernel_name, sizeof(kernel_name)) ||
	    mailslot_path(kernel_name, path))
		return -1;
	fd = open(path, (oflags & ~O_ACCMODE) | O_WRONLY, 0);
	if (fd >= 0 && !is_mailslot(fd))
		return close_keeping_errno(fd);
	return fd;
}

MAILSLOT_API int mailslot_get_info(int fd, struct mailslot_info *info)
{
	if (ioctl(fd, MAILSLOT_IOC_GET_INFO, info) < 0)
		return -1;
	memset(info->reserved, 0, sizeof(info->reserved));
	return 0;
}

MAILSLOT_API int mailslot_set_timeout(int fd, uint32_t read_timeout_ms)
{
	struct mailslot_ioctl_set set = {
		.mask = MAILSLOT_SET_TIMEOUT,
		.read_timeout_ms = read_timeout_ms,
	};

	return ioctl(fd, MAILSLOT_IOC_SET_INFO, &set);
}

MAILSLOT_API int mailslot_set_flags(int fd, unsigned int flags)
{
	struct mailslot_ioctl_set set = {
		.mask = MAILSLOT_SET_FLAGS,
		.flags = flags,
	};

	return ioctl(fd, MAILSLOT_IOC_SET_INFO, &set);
}
