// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing: one write is one message, whole or not at all, and it never waits.
 */
#include "box_test.h"

TEST_F(box, an_empty_message_is_a_message)
{
	char c = 'x';

	EXPECT_EQ(0, write(self->client, &c, 0));
	EXPECT_EQ(1, slot_count(self->server));
	EXPECT_EQ(0, info_of(self->server).next_size);
	EXPECT_EQ(0, write(self->client, NULL, 0));
	EXPECT_EQ(2, slot_count(self->server));
	EXPECT_EQ(0, read(self->server, &c, 1));
	EXPECT_EQ(0, read(self->server, &c, 1));
	EXPECT_ERR(read(self->server, &c, 1), EAGAIN);
}

TEST_F(box, every_size_arrives_as_it_was_sent)
{
	static const size_t sizes[] = {
		1, 15, 16, 17, 63, 64, 65, 424, 1999, 2000, 2001, 4095, 4096,
		4097, 65535, 65536, 65537, 100000, MIB - 1, MIB,
	};
	char *out = malloc(MIB);
	char *in = malloc(MIB);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		fill_pattern(out, sizes[i], i);
		ASSERT_EQ(sizes[i], write(self->client, out, sizes[i]));
	}
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		ASSERT_EQ(sizes[i], info_of(self->server).next_size);
		ASSERT_EQ(sizes[i], read(self->server, in, MIB));
		EXPECT_TRUE(has_pattern(in, sizes[i], i));
	}
	free(out);
	free(in);
}

TEST_F(box, messages_of_all_clients_come_in_the_order_of_writing)
{
	int other = slot_open("box");
	char text[16];
	int i;

	ASSERT_LE(0, other);
	for (i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "message %d", i);
		ASSERT_LT(0, say(i % 3 ? other : self->client, text));
	}
	for (i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "message %d", i);
		EXPECT_TRUE(hears(self->server, text));
	}
	close(other);
}

TEST_F(box, nuls_and_all_other_bytes_pass)
{
	unsigned char all[512], in[512];
	int i;

	for (i = 0; i < 512; i++)
		all[i] = i;
	EXPECT_EQ(512, write(self->client, all, 512));
	EXPECT_EQ(512, read(self->server, in, 512));
	EXPECT_EQ(0, memcmp(all, in, 512));
	EXPECT_EQ(4, write(self->client, "\0\0\0", 4));
	EXPECT_EQ(4, read(self->server, in, 512));
	EXPECT_TRUE(all_bytes(in, 4, 0));
}

TEST_F(box, longer_than_the_slot_takes_is_refused_and_counted)
{
	int small = slot_create("small", 10, 0);
	int client = slot_open("small");

	ASSERT_LE(0, client);
	EXPECT_EQ(10, say(client, "0123456789"));
	EXPECT_ERR(say(client, "0123456789a"), EMSGSIZE);
	EXPECT_EQ(1, slot_count(small));
	EXPECT_EQ(1, info_of(small).dropped_too_long);
	EXPECT_EQ(1, info_of(small).delivered);
	EXPECT_TRUE(hears(small, "0123456789"));
	EXPECT_EQ(0, slot_count(small));
	close(client);
	close(small);
}

TEST_F(box, longer_than_the_mount_takes_is_refused_and_counted)
{
	int wide = slot_create("wide", 2 * MIB, 0);
	int client = slot_open("wide");
	char *buf = calloc(1, 2 * MIB);

	ASSERT_LE(0, client);
	EXPECT_EQ(MIB, write(client, buf, MIB));
	EXPECT_ERR(write(client, buf, MIB + 1), EMSGSIZE);
	EXPECT_ERR(write(client, buf, 2 * MIB), EMSGSIZE);
	EXPECT_ERR(write(self->client, buf, MIB + 1), EMSGSIZE);
	EXPECT_EQ(1, slot_count(wide));
	EXPECT_EQ(2, info_of(wide).dropped_too_long);
	EXPECT_EQ(1, info_of(self->server).dropped_too_long);
	ASSERT_OK(set_limits("max_message=100"));
	EXPECT_ERR(write(client, buf, 101), EMSGSIZE);
	EXPECT_EQ(100, write(client, buf, 100));
	free(buf);
	close(client);
	close(wide);
}

TEST_F(box, a_message_of_64_mib_passes)
{
	size_t size = 64 * MIB;
	char *buf = malloc(size);

	ASSERT_NE(NULL, buf);
	ASSERT_OK(set_limits("max_message=64M"));
	fill_pattern(buf, size, 7);
	EXPECT_EQ(size, write(self->client, buf, size));
	memset(buf, 0, size);
	EXPECT_EQ(size, info_of(self->server).next_size);
	EXPECT_EQ(size, read(self->server, buf, size));
	EXPECT_TRUE(has_pattern(buf, size, 7));
	free(buf);
}

/* A length like this must be refused before anything is done with it. */
TEST_F(box, an_absurd_length_is_refused_without_touching_the_buffer)
{
	size_t size = 0x7fff0000;
	char *buf = mmap(NULL, size, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	ASSERT_NE(MAP_FAILED, buf);
	EXPECT_ERR(write(self->client, buf, size), EMSGSIZE);
	EXPECT_ERR(write(self->client, buf, MIB + 1), EMSGSIZE);
	EXPECT_EQ(0, slot_count(self->server));
	munmap(buf, size);
}

TEST_F(box, full_by_bytes_refuses_and_counts_and_loses_nothing)
{
	char buf[1000] = "";

	ASSERT_OK(set_limits("max_queue_bytes=1000"));
	EXPECT_EQ(600, write(self->client, buf, 600));
	EXPECT_ERR(write(self->client, buf, 401), ENOBUFS);
	EXPECT_EQ(1, info_of(self->server).dropped_queue_full);
	EXPECT_EQ(400, write(self->client, buf, 400));
	EXPECT_ERR(write(self->client, buf, 1), ENOBUFS);
	EXPECT_EQ(2, slot_count(self->server));
	EXPECT_EQ(1000, info_of(self->server).queued_bytes);
	EXPECT_EQ(2, info_of(self->server).delivered);
	EXPECT_EQ(2, info_of(self->server).dropped_queue_full);
	EXPECT_EQ(600, read(self->server, buf, 1000));
	EXPECT_EQ(600, write(self->client, buf, 600));
	EXPECT_EQ(400, read(self->server, buf, 1000));
	EXPECT_EQ(600, read(self->server, buf, 1000));
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_F(box, full_by_count_refuses_even_empty_messages)
{
	char buf[8];
	int i;

	ASSERT_OK(set_limits("max_queue_messages=3"));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_ERR(write(self->client, "", 0), ENOBUFS);
	EXPECT_ERR(say(self->client, "x"), ENOBUFS);
	EXPECT_EQ(3, slot_count(self->server));
	EXPECT_EQ(2, info_of(self->server).dropped_queue_full);
	EXPECT_EQ(0, read(self->server, buf, sizeof(buf)));
	EXPECT_EQ(1, say(self->client, "x"));
}

/* As root the quota would not hold, so the slot is an ordinary user's. */
static int fill_user_quota(const char *unused)
{
	int one = slot_create("one", 0, 0);
	int two = slot_create("two", 0, 0);
	int to_one = slot_open("one");
	int to_two = slot_open("two");
	char buf[1000] = "";

	if (write(to_one, buf, 700) != 700 || write(to_two, buf, 300) != 300)
		return 1;
	if (error_of(write(to_one, buf, 1)) != ENOBUFS ||
	    error_of(write(to_two, buf, 0)) != ENOBUFS)
		return 2;
	if (info_of(one).dropped_user_quota != 1 ||
	    info_of(two).dropped_user_quota != 1 || slot_count(one) != 1 ||
	    info_of(one).dropped_queue_full || slot_count(two) != 1)
		return 3;
	/* What one slot gives back the other may use. */
	if (read(one, buf, 1000) != 700 || write(to_two, buf, 700) != 700)
		return 4;
	close(two);
	return write(to_one, buf, 1000) == 1000 ? 0 : 5;
}

TEST_F(box, a_user_at_his_quota_is_refused_and_counted)
{
	ASSERT_OK(set_limits("max_user_bytes=1000"));
	EXPECT_EQ(0, as_user(ALICE, fill_user_quota, ""));
}

/* Each way to fail gives back what had been charged before. */
static int fail_often(const char *unused)
{
	int server = slot_create("often", 0, 0);
	int client = slot_open("often");
	char *buf = guarded_buffer(1000);
	int i;

	memset(buf, 0, 1000);
	for (i = 0; i < 100; i++)
		if (error_of(write(client, buf + 1, 1000)) != EFAULT)
			return 1;
	for (i = 0; i < 100; i++)
		if (write(client, buf, 1000) != 1000 ||
		    read(server, buf, 1000) != 1000)
			return 2;
	return info_of(server).dropped_user_quota;
}

TEST_F(box, refused_messages_use_up_no_quota)
{
	ASSERT_OK(set_limits("max_user_bytes=1000"));
	EXPECT_EQ(0, as_user(ALICE, fail_often, ""));
}

/* SIGPIPE would end this process, as the harness leaves it at its default. */
TEST_F(box, when_the_server_is_gone_write_fails_with_epipe_and_no_signal)
{
	char *large = calloc(1, 2 * MIB);
	char *volatile nowhere = NULL;

	ASSERT_NE(SIG_ERR, signal(SIGPIPE, SIG_DFL));
	EXPECT_EQ(5, say(self->client, "hello"));
	close(self->server);
	EXPECT_ERR(say(self->client, "hello"), EPIPE);
	EXPECT_ERR(write(self->client, "", 0), EPIPE);
	/* Nothing else about the message matters any more. */
	EXPECT_ERR(write(self->client, large, 2 * MIB), EPIPE);
	EXPECT_ERR(write(self->client, nowhere, 5), EPIPE);
	EXPECT_EQ(0, info_of(self->client).dropped_too_long);
	EXPECT_EQ(POLLERR | POLLHUP, poll_now(self->client, POLLOUT));
	free(large);
}

TEST_F(box, a_new_slot_of_the_same_name_gets_nothing_from_old_clients)
{
	int again;

	close(self->server);
	again = slot_create("box", 0, 0);
	ASSERT_LE(0, again);
	EXPECT_ERR(say(self->client, "for the old one"), EPIPE);
	EXPECT_EQ(POLLERR | POLLHUP, poll_now(self->client, POLLOUT));
	EXPECT_EQ(0, slot_count(again));
	close(again);
}

TEST_F(box, the_server_end_cannot_be_written)
{
	int both = slot_serve("both");
	struct iovec iov = { .iov_base = "x", .iov_len = 1 };

	ASSERT_LE(0, both);
	EXPECT_ERR(say(self->server, "x"), EBADF);
	EXPECT_ERR(say(both, "x"), EINVAL);
	EXPECT_ERR(writev(self->server, &iov, 1), EBADF);
	EXPECT_ERR(writev(both, &iov, 1), EINVAL);
	EXPECT_EQ(0, slot_count(self->server));
	EXPECT_EQ(0, slot_count(both));
	close(both);
}

/* A thousand writers of one slot: none is in another's way. */
TEST_F(box, many_clients_may_write)
{
	struct rlimit files = { .rlim_cur = 4096, .rlim_max = 4096 };
	int i, fd;

	ASSERT_OK(setrlimit(RLIMIT_NOFILE, &files));
	for (i = 0; i < 1000; i++) {
		fd = slot_open("box");
		ASSERT_LE(0, fd);
		ASSERT_EQ(sizeof(i), write(fd, &i, sizeof(i)));
	}
	EXPECT_EQ(1000, drain(self->server));
}

TEST_HARNESS_MAIN
