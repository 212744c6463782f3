/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libmailslot: named one-way mailboxes. Every call is a few lines over the
 * kernel's mailslot file system; mailslot(3) is the manual.
 *
 * All calls are thread-safe. They return -1 and set errno when they fail.
 */
#ifndef _MAILSLOT_H
#define _MAILSLOT_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/mailslot.h>

#ifdef __cplusplus
extern "C" {
#endif

/** MAILSLOT_SOURCE_NAME_MAX - bytes of a NetBIOS name as text, without NUL */
#define MAILSLOT_SOURCE_NAME_MAX	15

/**
 * struct mailslot_info - the state and the counters of a slot
 * @max_message_size: Bytes of the largest message, as given at creation; 0
 *	is whatever the mount allows.
 * @next_size: Bytes of the next message, or %MAILSLOT_NO_MESSAGE.
 * @message_count: Messages that wait.
 * @read_timeout_ms: How long a read waits, in milliseconds: 0 not at all,
 *	%MAILSLOT_WAIT_FOREVER for ever.
 * @queued_bytes: Payload bytes of all messages that wait.
 * @delivered: Messages ever put into the slot, local and remote ones.
 * @dropped_too_long: Messages refused because they exceeded the slot's or
 *	the mount's maximum.
 * @dropped_queue_full: Messages refused because the slot was full.
 * @dropped_user_quota: Messages refused because its owner's quota was full.
 * @dropped_no_memory: Messages refused for want of memory.
 * @flags: %MAILSLOT_ACCEPT_REMOTE, %MAILSLOT_ACCEPT_BROADCAST.
 * @reserved: Zero. Room for what later kernels tell, so that programs need
 *	not be compiled anew.
 */
struct mailslot_info {
	uint32_t max_message_size;
	uint32_t next_size;
	uint32_t message_count;
	uint32_t read_timeout_ms;
	uint64_t queued_bytes;
	uint64_t delivered;
	uint64_t dropped_too_long;
	uint64_t dropped_queue_full;
	uint64_t dropped_user_quota;
	uint64_t dropped_no_memory;
	uint32_t flags;
	uint32_t reserved[15];
};

/**
 * struct mailslot_msg_info - a message that was received, and who sent it
 * @size: Bytes of the whole message, also when the buffer was too short.
 * @flags: %MAILSLOT_MSG_REMOTE, %MAILSLOT_MSG_BROADCAST.
 * @pid: Process that wrote a local message, as the caller's PID namespace
 *	numbers it; 0 when that namespace does not know it.
 * @uid: Real user of that process.
 * @gid: Real group of that process.
 * @mail_class: Of a remote message: 1 reliable or 2 broadcastable.
 * @priority: Of a remote message: 0 to 9.
 * @realtime_ns: CLOCK_REALTIME_COARSE of queueing, in nanoseconds.
 * @monotonic_ns: CLOCK_MONOTONIC_COARSE of queueing, in nanoseconds.
 * @address: IPv4 address and UDP port that a remote message came from;
 *	sin_family is AF_INET then, and 0 for a local message.
 * @source_name: NetBIOS name that the sender of a remote message claims, as
 *	text: ended by a NUL, without the spaces that pad it and without its
 *	suffix. Nobody has checked it, nor which bytes it is made of.
 * @source_suffix: Suffix byte of that name.
 * @reserved: Zero.
 *
 * Of the local and the remote members, those that do not apply are zero.
 */
struct mailslot_msg_info {
	uint32_t size;
	uint32_t flags;
	pid_t pid;
	uid_t uid;
	gid_t gid;
	uint16_t mail_class;
	uint16_t priority;
	uint64_t realtime_ns;
	uint64_t monotonic_ns;
	struct sockaddr_in address;
	char source_name[MAILSLOT_SOURCE_NAME_MAX + 1];
	uint8_t source_suffix;
	uint8_t reserved[55];
};

/**
 * mailslot_create() - create a slot and become its server
 * @name: Name in any of the spellings of mailslot(3).
 * @max_message_size: Bytes of the largest message that the slot takes; 0 is
 *	whatever the mount allows.
 * @read_timeout_ms: How long a read waits on the empty slot, in milliseconds:
 *	0 not at all, %MAILSLOT_WAIT_FOREVER for ever.
 * @flags: O_CLOEXEC, O_NONBLOCK, %MAILSLOT_ACCEPT_REMOTE,
 *	%MAILSLOT_ACCEPT_BROADCAST.
 * @mode: Permission bits, whatever the umask; 0 is the mount's slot_mode=.
 *
 * The slot lives until the last copy of the descriptor is closed.
 *
 * Return: the descriptor of the server end; or -1 and errno: EFAULT (@name is
 * NULL), ENOENT (@name is "", or the mount point is missing), EINVAL (bad
 * name, flags or mode), ENAMETOOLONG, EEXIST, EACCES, ENOBUFS (quota), ENOMEM,
 * EMFILE, ENFILE, EROFS, ENOTTY (the mount point holds no mailslots).
 */
int mailslot_create(const char *name, uint32_t max_message_size,
		    uint32_t read_timeout_ms, unsigned int flags, mode_t mode);

/**
 * mailslot_open() - open a slot for writing, as a client
 * @name: Name in any of the spellings of mailslot(3).
 * @oflags: Flags of open(2). The access mode is O_WRONLY whether or not it is
 *	said, since O_RDONLY is 0; O_RDWR is refused.
 *
 * The address of the host in ``\\HOST\mailslot\NAME`` is looked up, which may
 * take a second or, where DNS does not answer, longer.
 *
 * Return: the descriptor; or -1 and errno: EFAULT (@name is NULL), ENOENT
 * (no such slot, or @name is ""), EINVAL (bad name or access mode),
 * ENAMETOOLONG, EACCES, EMFILE, ENFILE, ENOTTY (not a mailslot), EHOSTUNREACH
 * (nobody knows the host), ENETDOWN (remote mail is switched off).
 */
int mailslot_open(const char *name, int oflags);

/**
 * mailslot_read() - take the next message, as read(2) does
 * @fd: The server end.
 * @buf: Where the message goes.
 * @len: Bytes at @buf.
 *
 * Return: the bytes of the message, 0 for an empty one; or -1 and errno:
 * EMSGSIZE (@len is too short, the message stays), EAGAIN, ETIMEDOUT, EINTR,
 * ECANCELED, EBADF (a client), EFAULT (the message stays).
 */
ssize_t mailslot_read(int fd, void *buf, size_t len);

/**
 * mailslot_write() - put a message into a slot, as write(2) does
 * @fd: A client's end.
 * @buf: The message.
 * @len: Its bytes; 0 is an empty message.
 *
 * Return: @len; or -1 and errno: EMSGSIZE (too long), ENOBUFS (the queue or
 * the owner's quota is full), EPIPE (the server is gone; no signal), ENOMEM,
 * EBADF (the server end), EFAULT.
 */
ssize_t mailslot_write(int fd, const void *buf, size_t len);

/**
 * mailslot_recv() - take the next message, and learn who sent it
 * @fd: The server end.
 * @buf: Where the message goes.
 * @len: Bytes at @buf.
 * @info: Filled in when the call succeeds, and when it fails with EMSGSIZE;
 *	may be NULL.
 * @flags: %MAILSLOT_PEEK leaves the message, %MAILSLOT_DONTWAIT does not wait
 *	whatever the slot's timeout, %MAILSLOT_TRUNC cuts a message that is
 *	longer than @len instead of failing with EMSGSIZE.
 *
 * Return: the bytes of the whole message, which is more than @len when it was
 * cut; or -1 and errno: those of mailslot_read(), and EINVAL (flags).
 */
ssize_t mailslot_recv(int fd, void *buf, size_t len,
		      struct mailslot_msg_info *info, unsigned int flags);

/**
 * struct mailslot_message - one of several messages to receive
 * @buf: Where the message goes.
 * @len: Bytes at @buf.
 * @info: Answer: the message and its sender.
 */
struct mailslot_message {
	void *buf;
	size_t len;
	struct mailslot_msg_info info;
};

/**
 * mailslot_recv_many() - take several messages at once
 * @fd: The server end.
 * @messages: Where they go.
 * @n: How many at the most.
 * @flags: %MAILSLOT_DONTWAIT and %MAILSLOT_TRUNC, for all of them.
 *
 * Waits for the first message only, and ends before one that does not fit,
 * which stays.
 *
 * Return: how many were received, 1 at least; or -1 and errno: those of
 * mailslot_recv() for the first message, and EINVAL (@n is 0).
 */
int mailslot_recv_many(int fd, struct mailslot_message *messages,
		       unsigned int n, unsigned int flags);

/**
 * struct mailslot_target - one of those that a message is sent to
 * @fd: A client's end.
 * @error: Answer: 0, or the errno that mailslot_write() would have failed with.
 */
struct mailslot_target {
	int fd;
	int error;
};

/**
 * mailslot_send_many() - send one message to several slots
 * @targets: The clients' ends; what became of each is told there.
 * @n: How many, 1,024 at the most.
 * @buf: The message.
 * @len: Its bytes.
 *
 * The kernel keeps a single copy, until the last receiver has read it.
 *
 * Return: how many it was sent to; or -1 and errno, with nothing sent: EINVAL
 * (@n), EMSGSIZE (@len is more than any slot can take), ENOMEM, EFAULT; or the
 * error of all @targets, if there is no mailslot among them: EBADF, ENOTTY.
 */
int mailslot_send_many(struct mailslot_target *targets, unsigned int n,
		       const void *buf, size_t len);

/**
 * mailslot_get_info() - learn the state and the counters of a slot
 * @fd: Any end of the slot.
 * @info: Filled in.
 *
 * Return: 0; or -1 and errno: EBADF, EFAULT, ENOTTY (not a mailslot).
 */
int mailslot_get_info(int fd, struct mailslot_info *info);

/**
 * mailslot_set_timeout() - change how long reads wait
 * @fd: The server end.
 * @read_timeout_ms: In milliseconds: 0 not at all, %MAILSLOT_WAIT_FOREVER for
 *	ever. A read that waits already keeps the timeout it began with.
 *
 * Return: 0; or -1 and errno: EPERM (a client), EBADF, ENOTTY.
 */
int mailslot_set_timeout(int fd, uint32_t read_timeout_ms);

/**
 * mailslot_set_flags() - change what the slot accepts from the network
 * @fd: The server end.
 * @flags: %MAILSLOT_ACCEPT_REMOTE, %MAILSLOT_ACCEPT_BROADCAST; what is not
 *	named is refused from now on.
 *
 * Return: 0; or -1 and errno: EPERM (a client), EINVAL, EBADF, ENOTTY.
 */
int mailslot_set_flags(int fd, unsigned int flags);

#ifdef __cplusplus
}
#endif

#endif /* _MAILSLOT_H */
