// SPDX-License-Identifier: LGPL-2.1-or-later
/* Messages: written, read, and received with their sender. */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

/* Messages that one system call receives for us. */
#define MAILSLOT_RECV_BATCH	32

/* The kernel fills in the library's struct as it is. */
static_assert(sizeof(struct mailslot_target) ==
	       sizeof(struct mailslot_ioctl_target), "targets differ");

MAILSLOT_API ssize_t mailslot_read(int fd, void *buf, size_t len)
{
	return read(fd, buf, len);
}

MAILSLOT_API ssize_t mailslot_write(int fd, const void *buf, size_t len)
{
	return write(fd, buf, len);
}

/**
 * mailslot_source_name() - a NetBIOS name as text
 * @raw: 16 bytes: the name, padded with spaces, and its suffix. The wildcard
 *	``*`` is padded with NULs.
 * @text: Answer: the name, ended by a NUL.
 *
 * Return: the suffix.
 */
uint8_t mailslot_source_name(const uint8_t raw[MAILSLOT_NETBIOS_NAME_LEN],
			     char text[MAILSLOT_SOURCE_NAME_MAX + 1])
{
	int len = MAILSLOT_SOURCE_NAME_MAX;

	memcpy(text, raw, len);
	while (len > 0 && text[len - 1] == ' ')
		len--;
	text[len] = '\0';
	return raw[MAILSLOT_SOURCE_NAME_MAX];
}

static void msg_info_from_uapi(struct mailslot_msg_info *info,
			       const struct mailslot_ioctl_recv *recv)
{
	*info = (struct mailslot_msg_info) {
		.size = recv->size,
		.flags = recv->msg_flags,
		.pid = recv->pid,
		.uid = recv->uid,
		.gid = recv->gid,
		.mail_class = recv->mail_class,
		.priority = recv->priority,
		.realtime_ns = recv->realtime_ns,
		.monotonic_ns = recv->monotonic_ns,
	};
	if (!(info->flags & MAILSLOT_MSG_REMOTE))
		return;
	info->address.sin_family = AF_INET;
	info->address.sin_port = recv->port;
	info->address.sin_addr.s_addr = recv->address;
	info->source_suffix = mailslot_source_name(recv->source_name,
						   info->source_name);
}

MAILSLOT_API ssize_t mailslot_recv(int fd, void *buf, size_t len,
				   struct mailslot_msg_info *info,
				   unsigned int flags)
{
	struct mailslot_ioctl_recv recv = {
		.buf = (uintptr_t)buf,
		.len = len < UINT32_MAX ? len : UINT32_MAX,
		.flags = flags,
	};
	int ret = ioctl(fd, MAILSLOT_IOC_RECV, &recv);

	if (info && (ret >= 0 || errno == EMSGSIZE))
		msg_info_from_uapi(info, &recv);
	return ret < 0 ? -1 : (ssize_t)recv.size;
}

/* As many as fit on the stack in one go; negative like the system call. */
static int recv_some(int fd, struct mailslot_message *messages, unsigned int n,
		     unsigned int flags)
{
	struct mailslot_ioctl_recv recvs[MAILSLOT_RECV_BATCH];
	struct mailslot_ioctl_recv_many many = {
		.msgs = (uintptr_t)recvs,
		.count = n < MAILSLOT_RECV_BATCH ? n : MAILSLOT_RECV_BATCH,
		.msg_size = sizeof(recvs[0]),
		.flags = flags,
	};
	unsigned int i;
	int ret;

	for (i = 0; i < many.count; i++) {
		recvs[i].buf = (uintptr_t)messages[i].buf;
		recvs[i].len = messages[i].len < UINT32_MAX ?
				       messages[i].len : UINT32_MAX;
	}
	ret = ioctl(fd, MAILSLOT_IOC_RECV_MANY, &many);
	if (ret < 0 && errno == EMSGSIZE)
		msg_info_from_uapi(&messages[0].info, &recvs[0]);
	for (i = 0; ret > 0 && i < (unsigned int)ret; i++)
		msg_info_from_uapi(&messages[i].info, &recvs[i]);
	return ret;
}

MAILSLOT_API int mailslot_recv_many(int fd, struct mailslot_message *messages,
				    unsigned int n, unsigned int flags)
{
	int ret = recv_some(fd, messages, n, flags), sum = ret;

	while (ret == MAILSLOT_RECV_BATCH && (unsigned int)sum < n) {
		ret = recv_some(fd, messages + sum, n - sum,
				flags | MAILSLOT_DONTWAIT);
		if (ret > 0)
			sum += ret;
	}
	return sum;
}

/* Any mailslot will do to call the kernel by, so the first that is one. */
MAILSLOT_API int mailslot_send_many(struct mailslot_target *targets,
				    unsigned int n, const void *buf, size_t len)
{
	struct mailslot_ioctl_send_many many = {
		.buf = (uintptr_t)buf,
		.targets = (uintptr_t)targets,
		.len = len < UINT32_MAX ? len : UINT32_MAX,
		.count = n,
	};
	unsigned int i;
	int ret = -1;

	errno = EINVAL;
	for (i = 0; i < n; i++) {
		ret = ioctl(targets[i].fd, MAILSLOT_IOC_SEND_MANY, &many);
		if (ret >= 0 || (errno != EBADF && errno != ENOTTY))
			break;
		targets[i].error = errno;
	}
	return ret;
}
