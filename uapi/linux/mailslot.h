/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Mailslots: named one-way mailboxes. The calls of the mailslot file system;
 * mailslot(4) and mailslotfs(5) are the manual.
 *
 * Every struct may grow at its end. The size that a program was compiled with
 * travels in the request number, so old programs run on new kernels, and new
 * programs on old kernels as long as the members that the old kernel does not
 * know are zero (otherwise E2BIG), as with clone3(2).
 */
#ifndef _UAPI_LINUX_MAILSLOT_H
#define _UAPI_LINUX_MAILSLOT_H

#include <linux/ioctl.h>
#include <linux/types.h>

/** MAILSLOT_SUPER_MAGIC - f_type of a mailslot mount in statfs(2), "MSLT" */
#define MAILSLOT_SUPER_MAGIC	0x4d534c54

/** MAILSLOT_ABI_VERSION - what MAILSLOT_IOC_VERSION answers */
#define MAILSLOT_ABI_VERSION	1

/** MAILSLOT_NAME_MAX - bytes of the longest name, without a final NUL */
#define MAILSLOT_NAME_MAX	255

/** MAILSLOT_NO_MESSAGE - next size of a slot in which no message waits */
#define MAILSLOT_NO_MESSAGE	0xFFFFFFFFU

/** MAILSLOT_WAIT_FOREVER - read timeout of a slot whose reads wait for ever */
#define MAILSLOT_WAIT_FOREVER	0xFFFFFFFFU

/*
 * What a slot accepts from other machines. The values stay clear of every
 * architecture's O_* flags, because mailslot_create(3) takes both in one word.
 */
/** MAILSLOT_ACCEPT_REMOTE - accept mail that was sent to this machine alone */
#define MAILSLOT_ACCEPT_REMOTE		0x10000000U
/** MAILSLOT_ACCEPT_BROADCAST - accept mail that was sent to the workgroup */
#define MAILSLOT_ACCEPT_BROADCAST	0x20000000U

/**
 * struct mailslot_ioctl_create - a new slot, complete before mail can arrive
 * @name: User address of the name, ended by a NUL: a plain name, or the same
 *	behind ``\\.\mailslot\``.
 * @max_message_size: Bytes of the largest message that the slot takes; 0 is
 *	whatever the mount allows.
 * @read_timeout_ms: How long a read waits on an empty slot, in milliseconds:
 *	0 not at all, %MAILSLOT_WAIT_FOREVER for ever.
 * @flags: %MAILSLOT_ACCEPT_REMOTE, %MAILSLOT_ACCEPT_BROADCAST.
 * @open_flags: O_CLOEXEC, O_NONBLOCK of the new descriptor.
 * @mode: Permission bits, 0777 at the most; only the write bits matter; 0 is the
 *	mount's slot_mode. The umask plays no part.
 * @reserved: Must be zero.
 */
struct mailslot_ioctl_create {
	__aligned_u64 name;
	__u32 max_message_size;
	__u32 read_timeout_ms;
	__u32 flags;
	__u32 open_flags;
	__u32 mode;
	__u32 reserved;
};

#define MAILSLOT_CREATE_SIZE_VER0	32

/**
 * struct mailslot_ioctl_info - the state and the counters of a slot
 * @max_message_size: As given at creation, 0 for "whatever the mount allows".
 * @next_size: Bytes of the next message, or %MAILSLOT_NO_MESSAGE.
 * @message_count: Messages that wait.
 * @read_timeout_ms: In milliseconds; %MAILSLOT_WAIT_FOREVER is for ever.
 * @queued_bytes: Payload bytes of all messages that wait.
 * @delivered: Messages ever put into the slot, local and remote ones.
 * @dropped_too_long: Messages refused because they exceed the slot's or the
 *	mount's maximum.
 * @dropped_queue_full: Messages refused because max_queue_bytes= or
 *	max_queue_messages= was reached.
 * @dropped_user_quota: Messages refused because the owner's max_user_bytes=
 *	was reached.
 * @dropped_no_memory: Messages refused for want of memory.
 * @flags: %MAILSLOT_ACCEPT_REMOTE, %MAILSLOT_ACCEPT_BROADCAST.
 * @reserved: Zero.
 */
struct mailslot_ioctl_info {
	__u32 max_message_size;
	__u32 next_size;
	__u32 message_count;
	__u32 read_timeout_ms;
	__aligned_u64 queued_bytes;
	__aligned_u64 delivered;
	__aligned_u64 dropped_too_long;
	__aligned_u64 dropped_queue_full;
	__aligned_u64 dropped_user_quota;
	__aligned_u64 dropped_no_memory;
	__u32 flags;
	__u32 reserved;
};

#define MAILSLOT_INFO_SIZE_VER0		72

/** MAILSLOT_SET_TIMEOUT - take read_timeout_ms of mailslot_ioctl_set */
#define MAILSLOT_SET_TIMEOUT	0x1U
/** MAILSLOT_SET_FLAGS - take flags of mailslot_ioctl_set */
#define MAILSLOT_SET_FLAGS	0x2U

/**
 * struct mailslot_ioctl_set - change a slot, from its server end
 * @mask: Which of the members below to take: %MAILSLOT_SET_TIMEOUT,
 *	%MAILSLOT_SET_FLAGS.
 * @read_timeout_ms: For the reads that begin from now on; one that waits
 *	already keeps the timeout it began with.
 * @flags: %MAILSLOT_ACCEPT_REMOTE, %MAILSLOT_ACCEPT_BROADCAST: what is not
 *	named is refused from now on.
 * @reserved: Must be zero.
 */
struct mailslot_ioctl_set {
	__u32 mask;
	__u32 read_timeout_ms;
	__u32 flags;
	__u32 reserved;
};

#define MAILSLOT_SET_SIZE_VER0		16

/** MAILSLOT_PEEK - leave the message where it is */
#define MAILSLOT_PEEK		0x1U
/** MAILSLOT_DONTWAIT - do not wait, whatever the slot's timeout */
#define MAILSLOT_DONTWAIT	0x2U
/** MAILSLOT_TRUNC - cut a message that is longer than the buffer */
#define MAILSLOT_TRUNC		0x4U

/** MAILSLOT_MSG_REMOTE - the message came from the network */
#define MAILSLOT_MSG_REMOTE	0x1U
/** MAILSLOT_MSG_BROADCAST - it was sent to the workgroup, not to us alone */
#define MAILSLOT_MSG_BROADCAST	0x2U

/** MAILSLOT_NETBIOS_NAME_LEN - bytes of a NetBIOS name, its suffix included */
#define MAILSLOT_NETBIOS_NAME_LEN	16

/**
 * struct mailslot_ioctl_recv - take the next message, and learn who sent it
 * @buf: User address that the message is copied to.
 * @len: Bytes at @buf.
 * @flags: %MAILSLOT_PEEK, %MAILSLOT_DONTWAIT, %MAILSLOT_TRUNC.
 * @size: Answer: bytes of the message, also when the call fails with EMSGSIZE.
 * @msg_flags: Answer: %MAILSLOT_MSG_REMOTE, %MAILSLOT_MSG_BROADCAST.
 * @pid: Answer: process that wrote a local message, as the caller's PID
 *	namespace numbers it; 0 when that namespace does not know it.
 * @uid: Answer: real user of that process, in the caller's user namespace.
 * @gid: Answer: real group of that process, likewise.
 * @address: Answer: IPv4 address that a remote message came from.
 * @port: Answer: UDP port that it came from.
 * @mail_class: Answer: 1 reliable or 2 broadcastable, as the sender says.
 * @priority: Answer: 0 to 9, as the sender says.
 * @reserved: Answer: zero.
 * @source_name: Answer: NetBIOS name that the sender claims, padded with
 *	spaces, its suffix last; never checked by anybody.
 * @realtime_ns: Answer: CLOCK_REALTIME_COARSE of queueing, in nanoseconds.
 * @monotonic_ns: Answer: CLOCK_MONOTONIC_COARSE of queueing, in nanoseconds.
 *
 * Of the local and the remote members, those that do not apply are zero. All
 * of the struct but the first three members is ignored on input.
 */
struct mailslot_ioctl_recv {
	__aligned_u64 buf;
	__u32 len;
	__u32 flags;
	__u32 size;
	__u32 msg_flags;
	__u32 pid;
	__u32 uid;
	__u32 gid;
	__be32 address;
	__be16 port;
	__u16 mail_class;
	__u16 priority;
	__u16 reserved;
	__u8 source_name[MAILSLOT_NETBIOS_NAME_LEN];
	__aligned_u64 realtime_ns;
	__aligned_u64 monotonic_ns;
};

#define MAILSLOT_RECV_SIZE_VER0		80

/** MAILSLOT_MANY_MAX - messages that one call receives, or receivers it has */
#define MAILSLOT_MANY_MAX	1024

/**
 * struct mailslot_ioctl_recv_many - take several messages at once
 * @msgs: User address of @count structs mailslot_ioctl_recv. Of each, @buf and
 *	@len are read, @flags is left alone, and the rest is the answer.
 * @count: How many there are, at least 1. No more than %MAILSLOT_MANY_MAX are
 *	used.
 * @msg_size: sizeof(struct mailslot_ioctl_recv).
 * @flags: %MAILSLOT_DONTWAIT, %MAILSLOT_TRUNC; they hold for every message.
 * @reserved: Must be zero.
 */
struct mailslot_ioctl_recv_many {
	__aligned_u64 msgs;
	__u32 count;
	__u32 msg_size;
	__u32 flags;
	__u32 reserved;
};

#define MAILSLOT_RECV_MANY_SIZE_VER0	24

/**
 * struct mailslot_ioctl_target - one of those that a message is sent to
 * @fd: A client's descriptor, of a slot or of a remote name.
 * @error: Answer: 0, or the error that write(2) would have failed with.
 */
struct mailslot_ioctl_target {
	__s32 fd;
	__s32 error;
};

/**
 * struct mailslot_ioctl_send_many - send one message to several slots
 * @buf: User address of the message.
 * @targets: User address of @count structs mailslot_ioctl_target.
 * @len: Bytes of the message.
 * @count: Receivers, 1 to %MAILSLOT_MANY_MAX.
 * @flags: Must be zero.
 * @reserved: Must be zero.
 */
struct mailslot_ioctl_send_many {
	__aligned_u64 buf;
	__aligned_u64 targets;
	__u32 len;
	__u32 count;
	__u32 flags;
	__u32 reserved;
};

#define MAILSLOT_SEND_MANY_SIZE_VER0	32

#define MAILSLOT_IOC_MAGIC	0xB9

/**
 * MAILSLOT_IOC_VERSION - which version of this interface the kernel speaks
 *
 * On any end of a slot and on the root directory. Writes a __u32.
 */
#define MAILSLOT_IOC_VERSION	_IOR(MAILSLOT_IOC_MAGIC, 0, __u32)

/**
 * MAILSLOT_IOC_CREATE - create a slot
 *
 * On a descriptor of the root directory of the mount. Returns the descriptor
 * of the server end, open for reading only. Errors: EACCES (no right to write
 * to the directory), EEXIST, EINVAL (name, flags, mode), ENAMETOOLONG, ENOBUFS
 * (quota), ENOMEM, EMFILE, EROFS, EFAULT, E2BIG.
 */
#define MAILSLOT_IOC_CREATE	\
	_IOW(MAILSLOT_IOC_MAGIC, 1, struct mailslot_ioctl_create)

/**
 * MAILSLOT_IOC_GET_INFO - state and counters, on any end of a slot
 */
#define MAILSLOT_IOC_GET_INFO	\
	_IOR(MAILSLOT_IOC_MAGIC, 2, struct mailslot_ioctl_info)

/**
 * MAILSLOT_IOC_SET_INFO - change timeout or flags, on the server end
 *
 * Errors: EPERM (a client's descriptor), EINVAL, EFAULT, E2BIG.
 */
#define MAILSLOT_IOC_SET_INFO	\
	_IOW(MAILSLOT_IOC_MAGIC, 3, struct mailslot_ioctl_set)

/**
 * MAILSLOT_IOC_RECV - receive a message with its sender, on the server end
 *
 * Errors: those of read(2) on a slot, and EBADF (a client's descriptor),
 * EINVAL (flags), E2BIG.
 */
#define MAILSLOT_IOC_RECV	\
	_IOWR(MAILSLOT_IOC_MAGIC, 4, struct mailslot_ioctl_recv)

/**
 * MAILSLOT_IOC_CANCEL - end the waiting reads of this process with ECANCELED
 *
 * On the server end. Ends the reads that wait in any thread of the calling
 * process on this slot; no message is lost. Returns how many there were.
 */
#define MAILSLOT_IOC_CANCEL	_IO(MAILSLOT_IOC_MAGIC, 5)

/**
 * MAILSLOT_IOC_RECV_MANY - receive as many messages as there are
 *
 * On the server end. Waits for the first message as MAILSLOT_IOC_RECV does, and
 * for no other; ends before a message that does not fit, which stays. Returns
 * how many were received, 1 at least. Errors: those of MAILSLOT_IOC_RECV for
 * the first message, and EINVAL (count, msg_size, flags).
 */
#define MAILSLOT_IOC_RECV_MANY	\
	_IOW(MAILSLOT_IOC_MAGIC, 6, struct mailslot_ioctl_recv_many)

/**
 * MAILSLOT_IOC_SEND_MANY - send one message to several slots
 *
 * On any end of a slot, a remote name, or the root directory; which one makes
 * no difference. The message is copied once, and its memory is free when the
 * last receiver has read it. Returns how many of the targets it was sent to;
 * @error of each tells what became of it. Errors, with nothing sent: EINVAL
 * (count, flags), EMSGSIZE (more than any slot can take), ENOMEM, E2BIG,
 * EFAULT; EFAULT also when a target cannot be read or written, and then those
 * before it have been served; when it cannot be written perhaps it and some
 * behind it, too, as the results of several are stored together.
 */
#define MAILSLOT_IOC_SEND_MANY	\
	_IOW(MAILSLOT_IOC_MAGIC, 7, struct mailslot_ioctl_send_many)

#endif /* _UAPI_LINUX_MAILSLOT_H */
