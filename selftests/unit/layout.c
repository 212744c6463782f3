// SPDX-License-Identifier: GPL-2.0-only
/*
 * The structs that programs were compiled with must never change. It is the
 * compiler that checks it, so that machines which cannot run 32-bit programs
 * check these too: headers_test.sh compiles this file both ways.
 */
#include <assert.h>
#include <fcntl.h>

#include <mailslot.h>

#define SIZE(size, type) \
	static_assert(sizeof(struct type) == (size), "size changed")
#define AT(offset, type, member) \
	static_assert(offsetof(struct type, member) == (offset), "moved")
#define SAME(a, b) \
	static_assert((a) == (b), "changed")

SIZE(MAILSLOT_CREATE_SIZE_VER0, mailslot_ioctl_create);
SAME(32, MAILSLOT_CREATE_SIZE_VER0);
AT(0, mailslot_ioctl_create, name);
AT(8, mailslot_ioctl_create, max_message_size);
AT(12, mailslot_ioctl_create, read_timeout_ms);
AT(16, mailslot_ioctl_create, flags);
AT(20, mailslot_ioctl_create, open_flags);
AT(24, mailslot_ioctl_create, mode);
AT(28, mailslot_ioctl_create, reserved);

SIZE(MAILSLOT_INFO_SIZE_VER0, mailslot_ioctl_info);
SAME(72, MAILSLOT_INFO_SIZE_VER0);
AT(0, mailslot_ioctl_info, max_message_size);
AT(4, mailslot_ioctl_info, next_size);
AT(8, mailslot_ioctl_info, message_count);
AT(12, mailslot_ioctl_info, read_timeout_ms);
AT(16, mailslot_ioctl_info, queued_bytes);
AT(24, mailslot_ioctl_info, delivered);
AT(32, mailslot_ioctl_info, dropped_too_long);
AT(40, mailslot_ioctl_info, dropped_queue_full);
AT(48, mailslot_ioctl_info, dropped_user_quota);
AT(56, mailslot_ioctl_info, dropped_no_memory);
AT(64, mailslot_ioctl_info, flags);
AT(68, mailslot_ioctl_info, reserved);

SIZE(MAILSLOT_SET_SIZE_VER0, mailslot_ioctl_set);
SAME(16, MAILSLOT_SET_SIZE_VER0);
AT(0, mailslot_ioctl_set, mask);
AT(4, mailslot_ioctl_set, read_timeout_ms);
AT(8, mailslot_ioctl_set, flags);
AT(12, mailslot_ioctl_set, reserved);

SIZE(MAILSLOT_RECV_SIZE_VER0, mailslot_ioctl_recv);
SAME(80, MAILSLOT_RECV_SIZE_VER0);
AT(0, mailslot_ioctl_recv, buf);
AT(8, mailslot_ioctl_recv, len);
AT(12, mailslot_ioctl_recv, flags);
AT(16, mailslot_ioctl_recv, size);
AT(20, mailslot_ioctl_recv, msg_flags);
AT(24, mailslot_ioctl_recv, pid);
AT(28, mailslot_ioctl_recv, uid);
AT(32, mailslot_ioctl_recv, gid);
AT(36, mailslot_ioctl_recv, address);
AT(40, mailslot_ioctl_recv, port);
AT(42, mailslot_ioctl_recv, mail_class);
AT(44, mailslot_ioctl_recv, priority);
AT(46, mailslot_ioctl_recv, reserved);
AT(48, mailslot_ioctl_recv, source_name);
AT(64, mailslot_ioctl_recv, realtime_ns);
AT(72, mailslot_ioctl_recv, monotonic_ns);

SIZE(MAILSLOT_RECV_MANY_SIZE_VER0, mailslot_ioctl_recv_many);
SAME(24, MAILSLOT_RECV_MANY_SIZE_VER0);
AT(0, mailslot_ioctl_recv_many, msgs);
AT(8, mailslot_ioctl_recv_many, count);
AT(12, mailslot_ioctl_recv_many, msg_size);
AT(16, mailslot_ioctl_recv_many, flags);
AT(20, mailslot_ioctl_recv_many, reserved);

SIZE(8, mailslot_ioctl_target);
AT(0, mailslot_ioctl_target, fd);
AT(4, mailslot_ioctl_target, error);
SIZE(8, mailslot_target);
AT(0, mailslot_target, fd);
AT(4, mailslot_target, error);

SIZE(MAILSLOT_SEND_MANY_SIZE_VER0, mailslot_ioctl_send_many);
SAME(32, MAILSLOT_SEND_MANY_SIZE_VER0);
AT(0, mailslot_ioctl_send_many, buf);
AT(8, mailslot_ioctl_send_many, targets);
AT(16, mailslot_ioctl_send_many, len);
AT(20, mailslot_ioctl_send_many, count);
AT(24, mailslot_ioctl_send_many, flags);
AT(28, mailslot_ioctl_send_many, reserved);

SIZE(128, mailslot_info);
AT(0, mailslot_info, max_message_size);
AT(4, mailslot_info, next_size);
AT(8, mailslot_info, message_count);
AT(12, mailslot_info, read_timeout_ms);
AT(16, mailslot_info, queued_bytes);
AT(24, mailslot_info, delivered);
AT(32, mailslot_info, dropped_too_long);
AT(40, mailslot_info, dropped_queue_full);
AT(48, mailslot_info, dropped_user_quota);
AT(56, mailslot_info, dropped_no_memory);
AT(64, mailslot_info, flags);

SIZE(128, mailslot_msg_info);
AT(0, mailslot_msg_info, size);
AT(4, mailslot_msg_info, flags);
AT(8, mailslot_msg_info, pid);
AT(12, mailslot_msg_info, uid);
AT(16, mailslot_msg_info, gid);
AT(20, mailslot_msg_info, mail_class);
AT(22, mailslot_msg_info, priority);
AT(24, mailslot_msg_info, realtime_ns);
AT(32, mailslot_msg_info, monotonic_ns);
AT(40, mailslot_msg_info, address);
AT(56, mailslot_msg_info, source_name);
AT(72, mailslot_msg_info, source_suffix);

/* As x86 numbers them; the type letter, the size and the number are in them. */
SAME(0x8004b900, MAILSLOT_IOC_VERSION);
SAME(0x4020b901, MAILSLOT_IOC_CREATE);
SAME(0x8048b902, MAILSLOT_IOC_GET_INFO);
SAME(0x4010b903, MAILSLOT_IOC_SET_INFO);
SAME(0xc050b904, MAILSLOT_IOC_RECV);
SAME(0xb905, MAILSLOT_IOC_CANCEL);

#define ACCEPT_FLAGS	(MAILSLOT_ACCEPT_REMOTE | MAILSLOT_ACCEPT_BROADCAST)
#define OPEN_FLAGS	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | \
			 O_APPEND | O_NONBLOCK | O_SYNC | O_CLOEXEC | \
			 O_DIRECTORY | O_NOFOLLOW | O_PATH | O_TMPFILE | \
			 O_LARGEFILE)

/* mailslot_create() takes them in one word. */
SAME(0, MAILSLOT_ACCEPT_REMOTE & MAILSLOT_ACCEPT_BROADCAST);
SAME(0, ACCEPT_FLAGS & OPEN_FLAGS);

