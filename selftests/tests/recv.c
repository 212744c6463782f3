// SPDX-License-Identifier: GPL-2.0-only
/*
 * The receive call: peeking, cutting, not waiting, and when the message was
 * queued. Also built for 32 bits.
 */
#define BOX_MEMBERS	char buf[100]; \
			struct mailslot_ioctl_recv args

#include "box_test.h"

/* A call with all of the answer filled with what it must not stay. */
static int receive(struct _test_data_box *box, uint32_t len, uint32_t flags)
{
	memset(&box->args, 0xee, sizeof(box->args));
	memset(box->buf, '#', sizeof(box->buf));
	box->args.buf = (uintptr_t)box->buf;
	box->args.len = len;
	box->args.flags = flags;
	return ioctl(box->server, MAILSLOT_IOC_RECV, &box->args);
}

TEST_F(box, a_message_comes_with_its_description)
{
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_OK(receive(self, 100, 0));
	EXPECT_EQ(0, memcmp(self->buf, "hello", 5));
	EXPECT_TRUE(all_bytes(self->buf + 5, 95, '#'));
	EXPECT_EQ(5, self->args.size);
	EXPECT_EQ(0, self->args.msg_flags);
	EXPECT_EQ(getpid(), self->args.pid);
	EXPECT_EQ(getuid(), self->args.uid);
	EXPECT_EQ(getgid(), self->args.gid);
	/* What tells of remote mail is zero. */
	EXPECT_EQ(0, self->args.address);
	EXPECT_EQ(0, self->args.port);
	EXPECT_EQ(0, self->args.mail_class);
	EXPECT_EQ(0, self->args.priority);
	EXPECT_EQ(0, self->args.reserved);
	EXPECT_TRUE(all_bytes(self->args.source_name,
			      sizeof(self->args.source_name), 0));
	/* And the question is as it was. */
	EXPECT_EQ((uintptr_t)self->buf, self->args.buf);
	EXPECT_EQ(100, self->args.len);
	EXPECT_EQ(0, self->args.flags);
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_F(box, peeking_leaves_the_message_where_it_is)
{
	int i;

	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(6, say(self->client, "second"));
	for (i = 0; i < 1000; i++) {
		ASSERT_OK(receive(self, 100, MAILSLOT_PEEK));
		EXPECT_EQ(5, self->args.size);
		EXPECT_EQ(0, memcmp(self->buf, "hello", 5));
		EXPECT_EQ(getpid(), self->args.pid);
	}
	EXPECT_EQ(2, slot_count(self->server));
	EXPECT_TRUE(hears(self->server, "hello"));
	EXPECT_OK(receive(self, 100, MAILSLOT_PEEK));
	EXPECT_EQ(6, self->args.size);
	EXPECT_TRUE(hears(self->server, "second"));
	EXPECT_ERR(receive(self, 100, MAILSLOT_PEEK), EAGAIN);
}

TEST_F(box, a_short_buffer_learns_the_size_and_nothing_else)
{
	static const uint32_t flags[] = { 0, MAILSLOT_PEEK, MAILSLOT_DONTWAIT };
	struct mailslot_ioctl_recv zero = {};
	size_t i;

	EXPECT_EQ(5, say(self->client, "hello"));
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		EXPECT_ERR(receive(self, 4, flags[i]), EMSGSIZE);
		EXPECT_EQ(5, self->args.size);
		self->args.size = 0;
		EXPECT_EQ(0, memcmp(&self->args.size, &zero.size, sizeof(zero) -
				    offsetof(struct mailslot_ioctl_recv, size)));
		EXPECT_TRUE(all_bytes(self->buf, 100, '#'));
		EXPECT_ERR(receive(self, 0, flags[i]), EMSGSIZE);
		EXPECT_EQ(5, self->args.size);
		EXPECT_EQ(1, slot_count(self->server));
	}
	EXPECT_OK(receive(self, 5, 0));
}

TEST_F(box, truncation_cuts_the_message_and_tells_its_size)
{
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_OK(receive(self, 3, MAILSLOT_TRUNC | MAILSLOT_PEEK));
	EXPECT_EQ(5, self->args.size);
	EXPECT_EQ(0, memcmp(self->buf, "hello", 3));
	EXPECT_TRUE(all_bytes(self->buf + 3, 97, '#'));
	EXPECT_EQ(1, slot_count(self->server));
	EXPECT_OK(receive(self, 4, MAILSLOT_TRUNC));
	EXPECT_EQ(5, self->args.size);
	EXPECT_EQ(0, memcmp(self->buf, "hello", 4));
	EXPECT_TRUE(all_bytes(self->buf + 4, 96, '#'));
	EXPECT_EQ(0, slot_count(self->server));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_OK(receive(self, 0, MAILSLOT_TRUNC));
	EXPECT_EQ(5, self->args.size);
	EXPECT_EQ(0, slot_count(self->server));
	EXPECT_EQ(2, say(self->client, "hi"));
	EXPECT_OK(receive(self, 100, MAILSLOT_TRUNC));
	EXPECT_EQ(2, self->args.size);
	EXPECT_EQ(0, memcmp(self->buf, "hi#", 3));
}

TEST_F(box, dontwait_does_not_wait_whatever_the_timeout)
{
	ASSERT_OK(slot_set_timeout(self->server, FOREVER));
	EXPECT_ERR(receive(self, 100, MAILSLOT_DONTWAIT), EAGAIN);
	EXPECT_ERR(receive(self, 100, MAILSLOT_DONTWAIT | MAILSLOT_PEEK),
		   EAGAIN);
	ASSERT_OK(slot_set_timeout(self->server, 60000));
	EXPECT_ERR(receive(self, 100, MAILSLOT_DONTWAIT), EAGAIN);
	ASSERT_OK(fcntl(self->server, F_SETFL, O_NONBLOCK));
	EXPECT_ERR(receive(self, 100, 0), EAGAIN);
	ASSERT_OK(fcntl(self->server, F_SETFL, 0));
	ASSERT_OK(slot_set_timeout(self->server, 5));
	EXPECT_ERR(receive(self, 100, 0), ETIMEDOUT);
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_OK(receive(self, 0, MAILSLOT_DONTWAIT));
	EXPECT_EQ(0, self->args.size);
}

TEST_F(box, unknown_flags_are_refused_and_nothing_is_taken)
{
	int bit;

	EXPECT_EQ(5, say(self->client, "hello"));
	for (bit = 3; bit < 32; bit++)
		EXPECT_ERR(receive(self, 100, 1U << bit), EINVAL);
	EXPECT_EQ(1, slot_count(self->server));
}

static unsigned int sized_recv(size_t size)
{
	return _IOC(_IOC_READ | _IOC_WRITE, MAILSLOT_IOC_MAGIC,
		    _IOC_NR(MAILSLOT_IOC_RECV), size);
}

TEST_F(box, structs_of_another_size)
{
	char *bytes = calloc(1, 1000);
	struct mailslot_ioctl_recv *args = (void *)bytes;

	args->buf = (uintptr_t)self->buf;
	args->len = 100;
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_ERR(ioctl(self->server, sized_recv(0), args), EINVAL);
	EXPECT_ERR(ioctl(self->server, sized_recv(79), args), EINVAL);
	bytes[999] = 1;
	EXPECT_ERR(ioctl(self->server, sized_recv(1000), args), E2BIG);
	EXPECT_EQ(1, slot_count(self->server));
	bytes[999] = 0;
	EXPECT_OK(ioctl(self->server, sized_recv(1000), args));
	EXPECT_EQ(5, args->size);
	EXPECT_TRUE(all_bytes(args + 1, 1000 - sizeof(*args), 0));
	free(bytes);
}

static int protect(struct mailslot_ioctl_recv *args, int prot)
{
	return mprotect((void *)((uintptr_t)args & -4096UL), 4096, prot);
}

TEST_F(box, what_cannot_be_stored_is_not_taken)
{
	struct mailslot_ioctl_recv *args = (void *)guarded_buffer(sizeof(*args));
	char *short_buf = guarded_buffer(4);

	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV, NULL), EFAULT);
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV, (char *)args + 8),
		   EFAULT);
	memset(args, 0, sizeof(*args));
	args->buf = (uintptr_t)short_buf;
	args->len = 5;
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV, args), EFAULT);
	args->flags = MAILSLOT_PEEK;
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV, args), EFAULT);
	args->buf = 0;
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV, args), EFAULT);
	EXPECT_EQ(1, slot_count(self->server));
	/* The answer has nowhere to go, be it only that: read-only memory. */
	args->buf = (uintptr_t)self->buf;
	args->flags = 0;
	ASSERT_OK(protect(args, PROT_READ));
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV, args), EFAULT);
	ASSERT_OK(protect(args, PROT_READ | PROT_WRITE));
	/* Nor has the size of what does not fit. */
	args->len = 4;
	ASSERT_OK(protect(args, PROT_READ));
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_RECV, args), EFAULT);
	EXPECT_EQ(1, slot_count(self->server));
	EXPECT_EQ(5, say(self->client, "after"));
	EXPECT_TRUE(hears(self->server, "hello"));
	EXPECT_TRUE(hears(self->server, "after"));
}

/* --- Waiting --------------------------------------------------------------------- */

/**
 * struct receiver - a receive call in a thread of its own
 * @fd: The server end.
 * @args: The call's struct.
 * @buf: Its buffer.
 * @error: Its errno, 0 if it succeeded.
 * @done: It has returned.
 * @tid: The thread.
 * @thread: The same for pthread_join().
 */
struct receiver {
	int fd;
	struct mailslot_ioctl_recv args;
	char buf[100];
	int error;
	bool done;
	pid_t tid;
	pthread_t thread;
};

static void *receiver_main(void *arg)
{
	struct receiver *receiver = arg;

	__atomic_store_n(&receiver->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	receiver->error = error_of(ioctl(receiver->fd, MAILSLOT_IOC_RECV,
					 &receiver->args));
	__atomic_store_n(&receiver->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static bool receiver_start(struct receiver *receiver, int fd, uint32_t len,
			   uint32_t flags)
{
	memset(receiver, 0, sizeof(*receiver));
	receiver->fd = fd;
	receiver->args.buf = (uintptr_t)receiver->buf;
	receiver->args.len = len;
	receiver->args.flags = flags;
	if (pthread_create(&receiver->thread, NULL, receiver_main, receiver))
		return false;
	return wait_until(__atomic_load_n(&receiver->tid, __ATOMIC_ACQUIRE)) &&
	       wait_blocked(receiver->tid, SYS_ioctl);
}

static int receiver_join(struct receiver *receiver)
{
	if (!wait_until(__atomic_load_n(&receiver->done, __ATOMIC_ACQUIRE)))
		return -1;
	pthread_join(receiver->thread, NULL);
	return receiver->error;
}

TEST_F(box, who_waits_with_it_is_served_like_a_reader)
{
	struct receiver small, large;
	struct reader reader;
	char buf[8];

	ASSERT_OK(slot_set_timeout(self->server, FOREVER));
	ASSERT_TRUE(receiver_start(&small, self->server, 4, 0));
	ASSERT_TRUE(receiver_start(&large, self->server, 100, 0));
	ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(EMSGSIZE, receiver_join(&small));
	EXPECT_EQ(5, small.args.size);
	EXPECT_EQ(0, receiver_join(&large));
	EXPECT_EQ(5, large.args.size);
	EXPECT_EQ(0, memcmp(large.buf, "hello", 6));
	EXPECT_EQ(3, say(self->client, "two"));
	EXPECT_EQ(3, reader_join(&reader));
}

TEST_F(box, a_waiting_peek_leaves_the_message_to_others)
{
	struct receiver peek, other, cut;
	char buf[8];

	ASSERT_OK(slot_set_timeout(self->server, FOREVER));
	ASSERT_TRUE(receiver_start(&peek, self->server, 100, MAILSLOT_PEEK));
	ASSERT_TRUE(receiver_start(&other, self->server, 100, MAILSLOT_PEEK));
	ASSERT_TRUE(receiver_start(&cut, self->server, 2,
				   MAILSLOT_PEEK | MAILSLOT_TRUNC));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(0, receiver_join(&peek));
	EXPECT_EQ(0, receiver_join(&other));
	EXPECT_EQ(0, receiver_join(&cut));
	EXPECT_EQ(0, memcmp(peek.buf, "hello", 6));
	EXPECT_EQ(0, memcmp(other.buf, "hello", 6));
	EXPECT_EQ(0, memcmp(cut.buf, "he\0", 3));
	EXPECT_EQ(5, read(self->server, buf, 8));
}

TEST_F(box, a_waiting_peek_and_a_reader_both_get_the_message)
{
	struct receiver peek;
	struct reader reader;
	char buf[8];
	int i;

	ASSERT_OK(slot_set_timeout(self->server, FOREVER));
	for (i = 0; i < 20; i++) {
		ASSERT_TRUE(receiver_start(&peek, self->server, 100,
					   MAILSLOT_PEEK));
		ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
		EXPECT_EQ(5, say(self->client, "hello"));
		EXPECT_EQ(5, reader_join(&reader));
		EXPECT_EQ(0, receiver_join(&peek));
		EXPECT_EQ(0, memcmp(peek.buf, "hello", 6));
		EXPECT_EQ(0, memcmp(buf, "hello", 5));
		EXPECT_EQ(0, slot_count(self->server));
	}
}

/* --- When ------------------------------------------------------------------------- */

TEST_F(box, the_times_are_those_of_queueing)
{
	static const clockid_t coarse[] = {
		CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE,
	};
	uint64_t before[2], after[2], stamp[2];
	int i;

	for (i = 0; i < 2; i++)
		before[i] = clock_ns(coarse[i]);
	wait_until(clock_ns(coarse[1]) > before[1]);
	for (i = 0; i < 2; i++)
		before[i] = clock_ns(coarse[i]);
	EXPECT_EQ(1, say(self->client, "x"));
	for (i = 0; i < 2; i++)
		after[i] = clock_ns(coarse[i]);
	/* Some ticks later it is received. */
	wait_until(clock_ns(coarse[1]) > after[1] + 20000000);
	EXPECT_OK(receive(self, 100, 0));
	stamp[0] = self->args.realtime_ns;
	stamp[1] = self->args.monotonic_ns;
	/* One look at the clocks serves for all messages of a tick. */
	for (i = 0; i < 2; i++) {
		EXPECT_LE(before[i], stamp[i] + 10000000);
		EXPECT_GE(after[i], stamp[i]);
	}
}

TEST_F(box, later_messages_have_no_earlier_times)
{
	uint64_t last = 0;
	int i;

	for (i = 0; i < 50; i++) {
		EXPECT_EQ(1, say(self->client, "x"));
		if (i % 10 == 0)
			nap();
	}
	for (i = 0; i < 50; i++) {
		EXPECT_OK(receive(self, 100, 0));
		EXPECT_LE(last, self->args.monotonic_ns);
		last = self->args.monotonic_ns;
	}
}

TEST_HARNESS_MAIN
