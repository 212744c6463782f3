// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several messages in one call. Also built for 32 bits.
 */
#define N		8
#define BOX_MEMBERS	char bufs[N][64]; \
			struct mailslot_ioctl_recv msgs[N]; \
			struct mailslot_ioctl_recv_many args

#include "box_test.h"

/* A call for so many messages, with answers that must not stay. */
static int receive(struct _test_data_box *box, uint32_t count, uint32_t flags)
{
	int i;

	memset(box->msgs, 0xee, sizeof(box->msgs));
	memset(box->bufs, '#', sizeof(box->bufs));
	for (i = 0; i < N; i++) {
		box->msgs[i].buf = (uintptr_t)box->bufs[i];
		box->msgs[i].len = sizeof(box->bufs[i]);
	}
	box->args = (struct mailslot_ioctl_recv_many) {
		.msgs = (uintptr_t)box->msgs,
		.count = count,
		.msg_size = sizeof(box->msgs[0]),
		.flags = flags,
	};
	return ioctl(box->server, MAILSLOT_IOC_RECV_MANY, &box->args);
}

static bool is_untouched(const struct _test_data_box *box, int i)
{
	return box->msgs[i].size == 0xeeeeeeee &&
	       all_bytes(box->bufs[i], sizeof(box->bufs[i]), '#');
}

static void say_numbers(int fd, int from, int to)
{
	char text[16];

	for (; from < to; from++) {
		snprintf(text, sizeof(text), "message %d", from);
		write(fd, text, strlen(text));
	}
}

static bool is_number(const struct _test_data_box *box, int i, int n)
{
	char text[16];

	snprintf(text, sizeof(text), "message %d", n);
	return box->msgs[i].size == strlen(text) &&
	       !memcmp(box->bufs[i], text, strlen(text)) &&
	       box->bufs[i][strlen(text)] == '#';
}

TEST_F(box, all_that_wait_come_in_order_each_with_its_sender)
{
	int i;

	say_numbers(self->client, 0, 5);
	EXPECT_EQ(5, receive(self, N, 0));
	for (i = 0; i < 5; i++) {
		EXPECT_TRUE(is_number(self, i, i));
		EXPECT_EQ(0, self->msgs[i].msg_flags);
		EXPECT_EQ(getpid(), self->msgs[i].pid);
		EXPECT_EQ(getuid(), self->msgs[i].uid);
		EXPECT_EQ(getgid(), self->msgs[i].gid);
		EXPECT_LT(0, self->msgs[i].realtime_ns);
		EXPECT_EQ(0, self->msgs[i].address);
		/* The question is as it was. */
		EXPECT_EQ(sizeof(self->bufs[i]), self->msgs[i].len);
		EXPECT_EQ(0xeeeeeeee, self->msgs[i].flags);
	}
	EXPECT_TRUE(is_untouched(self, 5));
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_F(box, no_more_come_than_there_is_room_for)
{
	say_numbers(self->client, 0, 12);
	EXPECT_EQ(N, receive(self, N, 0));
	EXPECT_TRUE(is_number(self, N - 1, N - 1));
	EXPECT_EQ(4, slot_count(self->server));
	EXPECT_EQ(1, receive(self, 1, 0));
	EXPECT_TRUE(is_number(self, 0, N));
	EXPECT_TRUE(is_untouched(self, 1));
	EXPECT_EQ(3, receive(self, N, 0));
}

static int write_as(const char *text)
{
	int client = slot_open("box");

	return say(client, text) == (ssize_t)strlen(text) ? 0 : 1;
}

TEST_F(box, senders_are_told_apart)
{
	say(self->client, "root");
	EXPECT_EQ(0, as_user(ALICE, write_as, "alice"));
	EXPECT_EQ(0, as_user(BOB, write_as, "bob"));
	say(self->client, "root");
	EXPECT_EQ(4, receive(self, N, 0));
	EXPECT_EQ(0, self->msgs[0].uid);
	EXPECT_EQ(ALICE, self->msgs[1].uid);
	EXPECT_EQ(ALICE, self->msgs[1].gid);
	EXPECT_EQ(BOB, self->msgs[2].uid);
	EXPECT_EQ(BOB, self->msgs[2].gid);
	EXPECT_EQ(0, self->msgs[3].uid);
	EXPECT_EQ(getpid(), self->msgs[3].pid);
	EXPECT_NE(getpid(), self->msgs[1].pid);
}

TEST_F(box, a_message_that_does_not_fit_ends_the_call_and_stays)
{
	char big[100] = "";

	say_numbers(self->client, 0, 2);
	EXPECT_EQ(100, write(self->client, big, 100));
	say_numbers(self->client, 3, 4);
	EXPECT_EQ(2, receive(self, N, 0));
	EXPECT_TRUE(is_untouched(self, 2));
	EXPECT_EQ(2, slot_count(self->server));
	/* As the first it is an error that tells the size. */
	EXPECT_ERR(receive(self, N, 0), EMSGSIZE);
	EXPECT_EQ(100, self->msgs[0].size);
	EXPECT_TRUE(is_untouched(self, 1));
	EXPECT_EQ(2, slot_count(self->server));
	/* Or it is cut. */
	EXPECT_EQ(2, receive(self, N, MAILSLOT_TRUNC));
	EXPECT_EQ(100, self->msgs[0].size);
	EXPECT_TRUE(all_bytes(self->bufs[0], sizeof(self->bufs[0]), 0));
	EXPECT_TRUE(is_number(self, 1, 3));
}

TEST_F(box, empty_messages_are_messages)
{
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(2, receive(self, N, 0));
	EXPECT_EQ(0, self->msgs[0].size);
	EXPECT_EQ(0, self->msgs[1].size);
	EXPECT_TRUE(all_bytes(self->bufs[0], sizeof(self->bufs[0]), '#'));
}

TEST_F(box, an_empty_slot_answers_as_a_read_does)
{
	EXPECT_ERR(receive(self, N, 0), EAGAIN);
	EXPECT_OK(slot_set_timeout(self->server, 20));
	EXPECT_ERR(receive(self, N, 0), ETIMEDOUT);
	EXPECT_OK(slot_set_timeout(self->server, MAILSLOT_WAIT_FOREVER));
	EXPECT_ERR(receive(self, N, MAILSLOT_DONTWAIT), EAGAIN);
	EXPECT_TRUE(is_untouched(self, 1));
}

TEST_F(box, it_waits_for_the_first_message_only)
{
	pid_t pid;

	EXPECT_OK(slot_set_timeout(self->server, MAILSLOT_WAIT_FOREVER));
	pid = fork();
	if (!pid)
		_exit(receive(self, N, 0) == 1 && is_number(self, 0, 7) ?
		      0 : 1);
	ASSERT_TRUE(wait_blocked(pid, SYS_ioctl));
	say_numbers(self->client, 7, 8);
	EXPECT_EQ(0, exit_of(pid));
}

TEST_F(box, what_cannot_be_copied_out_stays)
{
	say_numbers(self->client, 0, 4);
	memset(self->msgs, 0, sizeof(self->msgs));
	self->args = (struct mailslot_ioctl_recv_many) {
		.msgs = (uintptr_t)self->msgs,
		.count = N,
		.msg_size = sizeof(self->msgs[0]),
	};
	self->msgs[0].buf = (uintptr_t)self->bufs[0];
	self->msgs[0].len = sizeof(self->bufs[0]);
	self->msgs[1].buf = (uintptr_t)bad_address();
	self->msgs[1].len = 64;
	EXPECT_EQ(1, ioctl(self->server, MAILSLOT_IOC_RECV_MANY, &self->args));
	EXPECT_EQ(3, slot_count(self->server));
	self->args.msgs = (uintptr_t)&self->msgs[1];
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV_MANY, &self->args),
		   EFAULT);
	self->args.msgs = (uintptr_t)bad_address();
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV_MANY, &self->args),
		   EFAULT);
	EXPECT_EQ(3, slot_count(self->server));
	EXPECT_EQ(3, receive(self, N, 0));
	EXPECT_TRUE(is_number(self, 0, 1));
	/* Nor is it waited for a message that has nowhere to go. */
	self->args.msgs = (uintptr_t)bad_address();
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV_MANY, &self->args),
		   EFAULT);
}

TEST_F(box, it_is_for_the_server_alone)
{
	receive(self, N, 0);
	EXPECT_ERR(ioctl(self->client, MAILSLOT_IOC_RECV_MANY, &self->args),
		   EBADF);
}

TEST_F(box, bad_arguments_are_refused)
{
	say_numbers(self->client, 0, 1);
	EXPECT_ERR(receive(self, 0, 0), EINVAL);
	EXPECT_ERR(receive(self, 1, MAILSLOT_PEEK), EINVAL);
	EXPECT_ERR(receive(self, 1, 0x80), EINVAL);
	receive(self, 0, 0);
	self->args.count = 1;
	self->args.reserved = 1;
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV_MANY, &self->args),
		   EINVAL);
	self->args.reserved = 0;
	self->args.msg_size = MAILSLOT_RECV_SIZE_VER0 - 1;
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV_MANY, &self->args),
		   EINVAL);
	self->args.msg_size = 1 << 20;
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV_MANY, &self->args),
		   EINVAL);
	EXPECT_EQ(1, slot_count(self->server));
}

/* A program of the future has a longer struct, whose end is cleared. */
TEST_F(box, the_structs_may_grow)
{
	struct {
		struct mailslot_ioctl_recv recv;
		char more[48];
	} msgs[2];

	memset(msgs, 0xee, sizeof(msgs));
	receive(self, 2, 0);
	self->args.msgs = (uintptr_t)msgs;
	self->args.msg_size = sizeof(msgs[0]);
	msgs[0].recv.buf = (uintptr_t)self->bufs[0];
	msgs[0].recv.len = sizeof(self->bufs[0]);
	msgs[1].recv.buf = (uintptr_t)self->bufs[1];
	msgs[1].recv.len = sizeof(self->bufs[1]);
	say_numbers(self->client, 0, 2);
	EXPECT_EQ(2, ioctl(self->server, MAILSLOT_IOC_RECV_MANY, &self->args));
	EXPECT_EQ(9, msgs[1].recv.size);
	EXPECT_TRUE(all_bytes(msgs[0].more, 48, 0));
	EXPECT_TRUE(all_bytes(msgs[1].more, 48, 0));
}

TEST_HARNESS_MAIN
