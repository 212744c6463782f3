// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ending the reads of this process that wait, which close(2) does not do.
 */
#define BOX_TIMEOUT	FOREVER

#include "box_test.h"

static int cancel(int fd)
{
	return ioctl(fd, MAILSLOT_IOC_CANCEL);
}

TEST_F(box, waiting_reads_end_and_are_counted)
{
	struct reader readers[3];
	char buf[8];
	int i;

	EXPECT_EQ(0, cancel(self->server));
	for (i = 0; i < 3; i++)
		ASSERT_TRUE(reader_start(&readers[i], self->server, buf, 8));
	EXPECT_EQ(3, cancel(self->server));
	for (i = 0; i < 3; i++)
		EXPECT_ERR(reader_join(&readers[i]), ECANCELED);
	EXPECT_EQ(0, cancel(self->server));
}

TEST_F(box, timed_reads_end_too)
{
	struct reader reader;
	char buf[8];

	ASSERT_OK(slot_set_timeout(self->server, 60000));
	ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
	EXPECT_EQ(1, cancel(self->server));
	EXPECT_ERR(reader_join(&reader), ECANCELED);
}

TEST_F(box, a_duplicate_of_the_descriptor_is_the_same_slot)
{
	struct reader reader;
	char buf[8];
	int copy = dup(self->server);

	ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
	EXPECT_EQ(1, cancel(copy));
	EXPECT_ERR(reader_join(&reader), ECANCELED);
	close(copy);
}

TEST_F(box, reads_of_other_slots_go_on)
{
	int other = slot_create("other", 0, FOREVER);
	struct reader reader;
	char buf[8];

	ASSERT_TRUE(reader_start(&reader, other, buf, 8));
	EXPECT_EQ(0, cancel(self->server));
	EXPECT_TRUE(is_blocked(reader.tid, SYS_read));
	EXPECT_EQ(1, say(slot_open("other"), "x"));
	EXPECT_EQ(1, reader_join(&reader));
	close(other);
}

static int read_once(int fd)
{
	char buf[64];
	ssize_t ret = read(fd, buf, sizeof(buf));

	return ret < 0 ? 100 + errno : ret;
}

TEST_F(box, reads_of_other_processes_go_on)
{
	struct reader reader;
	char buf[8];
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(read_once(self->server));
	ASSERT_TRUE(wait_blocked(pid, SYS_read));
	ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
	EXPECT_EQ(1, cancel(self->server));
	EXPECT_ERR(reader_join(&reader), ECANCELED);
	EXPECT_TRUE(is_blocked(pid, SYS_read));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(5, exit_of(pid));
}

TEST_F(box, reads_that_come_later_wait_again)
{
	struct reader reader;
	char buf[8];

	EXPECT_EQ(0, cancel(self->server));
	ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(1, reader_join(&reader));
}

TEST_F(box, messages_stay_where_they_are)
{
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(0, cancel(self->server));
	EXPECT_EQ(1, slot_count(self->server));
	EXPECT_TRUE(hears(self->server, "x"));
}

TEST_F(box, closing_alone_ends_no_read)
{
	struct reader reader;
	char buf[8];
	int copy = dup(self->server);

	ASSERT_TRUE(reader_start(&reader, copy, buf, 8));
	close(copy);
	EXPECT_TRUE(is_blocked(reader.tid, SYS_read));
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(1, reader_join(&reader));
	/* Also when it was the last: the read holds the slot until it ends. */
	ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
	close(self->server);
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(1, reader_join(&reader));
	EXPECT_TRUE(wait_until(!slot_exists("box")));
}

/* --- Messages that come together with it ------------------------------------ */

struct race {
	int server;
	int client;
	int count;
	int read;
	int ended;
};

/* Each message and an attempt to cancel come as close together as can be. */
static void *write_and_cancel(void *arg)
{
	struct race *race = arg;
	volatile unsigned int spin;
	int i;

	for (i = 0; i < race->count; i++) {
		while (__atomic_load_n(&race->read, __ATOMIC_ACQUIRE) < i)
			sched_yield();
		if (i % 2)
			race->ended += cancel(race->server);
		for (spin = i * 7919U % 1000; spin; spin--)
			;
		if (write(race->client, &i, sizeof(i)) != sizeof(i))
			break;
		if (i % 2 == 0)
			race->ended += cancel(race->server);
	}
	return NULL;
}

TEST_F(box, no_message_is_lost_to_a_read_that_is_cancelled)
{
	struct race race = {
		.server = self->server,
		.client = self->client,
		.count = 600,
	};
	int cancelled = 0, got;
	pthread_t other;

	ASSERT_EQ(0, pthread_create(&other, NULL, write_and_cancel, &race));
	while (race.read < race.count) {
		if (read(self->server, &got, sizeof(got)) == sizeof(got)) {
			ASSERT_EQ(race.read, got);
			__atomic_add_fetch(&race.read, 1, __ATOMIC_RELEASE);
		} else {
			ASSERT_EQ(ECANCELED, errno);
			cancelled++;
		}
	}
	pthread_join(other, NULL);
	TH_LOG("%d messages, %d cancelled", race.read, cancelled);
	EXPECT_EQ(race.ended, cancelled);
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_HARNESS_MAIN
