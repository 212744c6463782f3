// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several who read the same slot: first come, first served, and each message
 * goes to exactly one of them.
 */
#define BOX_TIMEOUT	FOREVER

#include "box_test.h"

TEST_F(box, who_waits_first_is_served_first)
{
	struct reader readers[5];
	char buf[5][32], text[32];
	int i;

	for (i = 0; i < 5; i++)
		ASSERT_TRUE(reader_start(&readers[i], self->server, buf[i], 32));
	for (i = 0; i < 5; i++) {
		snprintf(text, sizeof(text), "for number %d", i);
		EXPECT_LT(0, say(self->client, text));
		EXPECT_EQ(strlen(text), reader_join(&readers[i]));
		EXPECT_EQ(0, memcmp(buf[i], text, strlen(text)));
	}
	EXPECT_EQ(0, slot_count(self->server));
}

/* They wake in any order, but what each of them gets is settled before. */
TEST_F(box, a_burst_is_dealt_out_in_the_order_of_waiting)
{
	struct reader readers[5];
	char buf[5][32], text[32];
	int i;

	for (i = 0; i < 5; i++)
		ASSERT_TRUE(reader_start(&readers[i], self->server, buf[i], 32));
	for (i = 0; i < 7; i++) {
		snprintf(text, sizeof(text), "for number %d", i);
		EXPECT_LT(0, say(self->client, text));
	}
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(12, reader_join(&readers[i]));
		snprintf(text, sizeof(text), "for number %d", i);
		EXPECT_EQ(0, memcmp(buf[i], text, 12));
	}
	EXPECT_TRUE(hears(self->server, "for number 5"));
	EXPECT_TRUE(hears(self->server, "for number 6"));
}

TEST_F(box, a_waiting_reader_whose_buffer_is_short_fails_and_the_next_is_served)
{
	struct reader small, tiny, large, larger;
	char buf[4][100];

	memset(buf, '#', sizeof(buf));
	ASSERT_TRUE(reader_start(&small, self->server, buf[0], 5));
	ASSERT_TRUE(reader_start(&tiny, self->server, buf[1], 0));
	ASSERT_TRUE(reader_start(&large, self->server, buf[2], 100));
	ASSERT_TRUE(reader_start(&larger, self->server, buf[3], 100));
	EXPECT_EQ(6, say(self->client, "sixsix"));
	EXPECT_ERR(reader_join(&small), EMSGSIZE);
	EXPECT_ERR(reader_join(&tiny), EMSGSIZE);
	EXPECT_TRUE(all_bytes(buf[0], 200, '#'));
	EXPECT_EQ(6, reader_join(&large));
	EXPECT_EQ(0, memcmp(buf[2], "sixsix", 6));
	EXPECT_EQ(0, slot_count(self->server));
	EXPECT_TRUE(is_blocked(larger.tid, SYS_read));
	EXPECT_EQ(5, say(self->client, "seven"));
	EXPECT_EQ(5, reader_join(&larger));
}

TEST_F(box, if_all_buffers_are_short_the_message_stays)
{
	struct reader one, two;
	char buf[8];

	ASSERT_TRUE(reader_start(&one, self->server, buf, 3));
	ASSERT_TRUE(reader_start(&two, self->server, buf, 3));
	EXPECT_EQ(4, say(self->client, "four"));
	EXPECT_ERR(reader_join(&one), EMSGSIZE);
	EXPECT_ERR(reader_join(&two), EMSGSIZE);
	EXPECT_EQ(1, slot_count(self->server));
	EXPECT_EQ(POLLIN, poll_now(self->server, POLLIN));
	EXPECT_TRUE(hears(self->server, "four"));
}

TEST_F(box, an_empty_message_satisfies_a_reader_without_room)
{
	struct reader reader;

	ASSERT_TRUE(reader_start(&reader, self->server, NULL, 0));
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(0, reader_join(&reader));
	EXPECT_EQ(0, slot_count(self->server));
}

static int read_one(int fd)
{
	char buf[32];

	return read(fd, buf, sizeof(buf)) == 1 ? buf[0] : 0;
}

/* Parent, child and a duplicate share the one queue. */
TEST_F(box, dup_and_fork_share_the_queue)
{
	int copy = dup(self->server);
	struct reader by_copy;
	char buf[32];
	pid_t pid;

	ASSERT_LE(0, copy);
	pid = fork();
	if (!pid)
		_exit(read_one(self->server));
	ASSERT_TRUE(wait_blocked(pid, SYS_read));
	ASSERT_TRUE(reader_start(&by_copy, copy, buf, sizeof(buf)));
	EXPECT_EQ(1, say(self->client, "A"));
	EXPECT_EQ(1, say(self->client, "B"));
	EXPECT_EQ(1, say(self->client, "C"));
	EXPECT_EQ('A', exit_of(pid));
	EXPECT_EQ(1, reader_join(&by_copy));
	EXPECT_EQ('B', buf[0]);
	EXPECT_TRUE(hears(self->server, "C"));
	close(copy);
}

TEST_F(box, the_slot_lives_until_the_last_copy_of_its_server_end_closes)
{
	int copy = dup(self->server);
	int to_child[2];
	pid_t pid;

	ASSERT_OK(pipe(to_child));
	pid = fork();
	if (!pid) {
		close(to_child[1]);
		_exit(read_one(to_child[0]));
	}
	close(copy);
	EXPECT_EQ(1, say(self->client, "x"));
	close(self->server);
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_TRUE(slot_exists("box"));
	EXPECT_EQ(1, say(to_child[1], "q"));
	EXPECT_EQ('q', exit_of(pid));
	EXPECT_ERR(say(self->client, "x"), EPIPE);
	EXPECT_FALSE(slot_exists("box"));
}

/*
 * What would block for good without stream_open(): somebody else who uses the
 * same open file while a read waits on it.
 */
TEST_F(box, while_one_reads_others_may_use_the_same_descriptor)
{
	int server = slot_serve("both");
	int client = slot_open("both");
	struct reader reader;
	char buf[8];

	ASSERT_TRUE(reader_start(&reader, server, buf, 8));
	EXPECT_ERR(say(server, "x"), EINVAL);
	EXPECT_ERR(lseek(server, 0, SEEK_CUR), ESPIPE);
	EXPECT_EQ(0, slot_count(server));
	EXPECT_EQ(0, poll_now(server, POLLIN));
	EXPECT_EQ(5, say(client, "hello"));
	EXPECT_EQ(5, reader_join(&reader));
	close(client);
	close(server);
}

/* --- A reader who is held up in the middle of a message ------------------- */

/* A reader who has got the first byte of a message and waits for a page. */
static bool stalled_reader(struct reader *reader, int fd, struct stall *stall)
{
	memset(reader, 0, sizeof(*reader));
	reader->fd = fd;
	reader->buf = stall->second - 1;
	reader->len = 100;
	return !pthread_create(&reader->thread, NULL, reader_main, reader) &&
	       stall_wait(stall);
}

TEST_F(box, what_a_held_up_reader_holds_nobody_else_gets)
{
	struct reader stalled, other;
	char buf[4096] = "";
	struct stall stall;

	if (!stall_open(&stall))
		SKIP(return, "no userfaultfd");
	EXPECT_EQ(5, say(self->client, "first"));
	ASSERT_TRUE(stalled_reader(&stalled, self->server, &stall));
	ASSERT_TRUE(reader_start(&other, self->server, buf, 100));
	EXPECT_EQ(6, say(self->client, "second"));
	EXPECT_EQ(6, reader_join(&other));
	EXPECT_EQ(0, memcmp(buf, "second", 6));
	ASSERT_OK(stall_end(&stall, buf));
	EXPECT_EQ(5, reader_join(&stalled));
	EXPECT_EQ(0, memcmp(stall.second - 1, "first", 5));
	EXPECT_EQ(0, slot_count(self->server));
	stall_close(&stall);
}

TEST_F(box, a_message_that_comes_back_goes_to_the_reader_who_waits)
{
	struct reader stalled, short_one, other;
	struct stall stall;
	char buf[100];

	if (!stall_open(&stall))
		SKIP(return, "no userfaultfd");
	EXPECT_EQ(5, say(self->client, "first"));
	ASSERT_TRUE(stalled_reader(&stalled, self->server, &stall));
	ASSERT_TRUE(reader_start(&short_one, self->server, buf, 4));
	ASSERT_TRUE(reader_start(&other, self->server, buf, 100));
	ASSERT_OK(stall_fail(&stall));
	EXPECT_ERR(reader_join(&stalled), EFAULT);
	EXPECT_ERR(reader_join(&short_one), EMSGSIZE);
	EXPECT_EQ(5, reader_join(&other));
	EXPECT_EQ(0, memcmp(buf, "first", 5));
	EXPECT_EQ(0, slot_count(self->server));
	EXPECT_EQ(1, info_of(self->server).delivered);
	stall_close(&stall);
}

TEST_F(box, a_message_that_comes_back_is_the_next_one_again)
{
	struct waiter waiter;
	struct reader stalled;
	struct stall stall;

	if (!stall_open(&stall))
		SKIP(return, "no userfaultfd");
	EXPECT_EQ(5, say(self->client, "first"));
	ASSERT_TRUE(stalled_reader(&stalled, self->server, &stall));
	ASSERT_TRUE(waiter_start(&waiter, self->server, -1, POLLIN));
	ASSERT_OK(stall_fail(&stall));
	/* Whoever polls learns that it is there. */
	EXPECT_EQ(POLLIN, waiter_join(&waiter));
	EXPECT_ERR(reader_join(&stalled), EFAULT);
	EXPECT_EQ(6, say(self->client, "second"));
	EXPECT_EQ(2, slot_count(self->server));
	EXPECT_EQ(11, info_of(self->server).queued_bytes);
	EXPECT_TRUE(hears(self->server, "first"));
	EXPECT_TRUE(hears(self->server, "second"));
	stall_close(&stall);
}

TEST_F(box, a_message_that_comes_back_stands_before_later_ones)
{
	struct reader stalled;
	struct stall stall;

	if (!stall_open(&stall))
		SKIP(return, "no userfaultfd");
	EXPECT_EQ(5, say(self->client, "first"));
	EXPECT_EQ(6, say(self->client, "second"));
	ASSERT_TRUE(stalled_reader(&stalled, self->server, &stall));
	EXPECT_EQ(5, say(self->client, "third"));
	ASSERT_OK(stall_fail(&stall));
	EXPECT_ERR(reader_join(&stalled), EFAULT);
	EXPECT_EQ(3, slot_count(self->server));
	EXPECT_TRUE(hears(self->server, "first"));
	EXPECT_TRUE(hears(self->server, "second"));
	EXPECT_TRUE(hears(self->server, "third"));
	stall_close(&stall);
}

TEST_HARNESS_MAIN
