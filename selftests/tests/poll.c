// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for messages with poll, select and epoll.
 */
#include <sys/select.h>

#include "box_test.h"

#define ALL_EVENTS	(POLLIN | POLLRDNORM | POLLPRI | POLLRDBAND | \
			 POLLOUT | POLLWRNORM | POLLWRBAND | POLLRDHUP)

TEST_F(box, readable_exactly_while_a_message_waits)
{
	EXPECT_EQ(0, poll_now(self->server, ALL_EVENTS));
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(POLLIN | POLLRDNORM, poll_now(self->server, ALL_EVENTS));
	EXPECT_EQ(1, say(self->client, "y"));
	EXPECT_TRUE(hears(self->server, "x"));
	EXPECT_EQ(POLLIN | POLLRDNORM, poll_now(self->server, ALL_EVENTS));
	EXPECT_TRUE(hears(self->server, "y"));
	EXPECT_EQ(0, poll_now(self->server, ALL_EVENTS));
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(POLLIN | POLLRDNORM, poll_now(self->server, ALL_EVENTS));
	EXPECT_EQ(1, drain(self->server));
	/* No client is no reason for anything: one may come any time. */
	close(self->client);
	EXPECT_EQ(0, poll_now(self->server, ALL_EVENTS));
}

TEST_F(box, the_timeout_of_poll_is_not_that_of_the_slot)
{
	struct pollfd pfd = { .fd = self->server, .events = POLLIN };
	uint64_t start = clock_ns(CLOCK_MONOTONIC);

	ASSERT_OK(slot_set_timeout(self->server, FOREVER));
	EXPECT_EQ(0, poll(&pfd, 1, 20));
	EXPECT_LE(start + 20000000, clock_ns(CLOCK_MONOTONIC));
}

/* --- Threads that sleep ---------------------------------------------------- */

TEST_F(box, a_message_wakes_who_polls)
{
	struct waiter one, two;

	ASSERT_TRUE(waiter_start(&one, self->server, -1, POLLIN));
	ASSERT_TRUE(waiter_start(&two, self->server, -1, ALL_EVENTS));
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(POLLIN, waiter_join(&one));
	EXPECT_EQ(POLLIN | POLLRDNORM, waiter_join(&two));
}

/* It was handed over, so there is nothing that could be read. */
TEST_F(box, a_message_for_a_waiting_reader_does_not_show)
{
	struct reader reader;
	struct waiter waiter;
	char buf[8];

	ASSERT_OK(slot_set_timeout(self->server, FOREVER));
	ASSERT_TRUE(waiter_start(&waiter, self->server, -1, POLLIN));
	ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(1, reader_join(&reader));
	EXPECT_TRUE(is_blocked(waiter.tid, SYS_poll));
	EXPECT_EQ(1, say(self->client, "y"));
	EXPECT_EQ(POLLIN, waiter_join(&waiter));
	EXPECT_TRUE(hears(self->server, "y"));
}

TEST_F(box, select_tells_the_same)
{
	struct timeval zero = {};
	fd_set in, out;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(self->server, &in);
	FD_SET(self->server, &out);
	EXPECT_EQ(0, select(self->server + 1, &in, &out, NULL, &zero));
	EXPECT_EQ(1, say(self->client, "x"));
	FD_SET(self->server, &in);
	FD_SET(self->server, &out);
	EXPECT_EQ(1, select(self->server + 1, &in, &out, NULL, NULL));
	EXPECT_TRUE(FD_ISSET(self->server, &in));
	EXPECT_FALSE(FD_ISSET(self->server, &out));
}

/* --- epoll ------------------------------------------------------------------ */

TEST_F(box, level_triggered_epoll_tells_until_all_is_read)
{
	int epoll = new_epoll(self->server, EPOLLIN);

	ASSERT_LE(0, epoll);
	EXPECT_EQ(0, epoll_now(epoll));
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(1, say(self->client, "y"));
	EXPECT_EQ(EPOLLIN, epoll_now(epoll));
	EXPECT_EQ(EPOLLIN, epoll_now(epoll));
	EXPECT_TRUE(hears(self->server, "x"));
	EXPECT_EQ(EPOLLIN, epoll_now(epoll));
	EXPECT_TRUE(hears(self->server, "y"));
	EXPECT_EQ(0, epoll_now(epoll));
	close(epoll);
}

TEST_F(box, edge_triggered_epoll_tells_of_every_new_message)
{
	int epoll = new_epoll(self->server, EPOLLIN | EPOLLET);
	int i;

	ASSERT_LE(0, epoll);
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(0, epoll_now(epoll));
		EXPECT_EQ(1, say(self->client, "x"));
		EXPECT_EQ(EPOLLIN, epoll_now(epoll));
		EXPECT_EQ(0, epoll_now(epoll));
	}
	EXPECT_EQ(5, drain(self->server));
	EXPECT_EQ(0, epoll_now(epoll));
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(EPOLLIN, epoll_now(epoll));
	close(epoll);
}

TEST_F(box, epoll_tells_what_was_there_before_it_came)
{
	int epoll;

	EXPECT_EQ(1, say(self->client, "x"));
	epoll = new_epoll(self->server, EPOLLIN | EPOLLET);
	ASSERT_LE(0, epoll);
	EXPECT_EQ(EPOLLIN, epoll_now(epoll));
	close(epoll);
}

TEST_F(box, oneshot_epoll_tells_once_until_it_is_armed_again)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT };
	int epoll = new_epoll(self->server, EPOLLIN | EPOLLONESHOT);

	ASSERT_LE(0, epoll);
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(EPOLLIN, epoll_now(epoll));
	EXPECT_EQ(1, say(self->client, "y"));
	EXPECT_EQ(0, epoll_now(epoll));
	ASSERT_OK(epoll_ctl(epoll, EPOLL_CTL_MOD, self->server, &event));
	EXPECT_EQ(EPOLLIN, epoll_now(epoll));
	EXPECT_EQ(0, epoll_now(epoll));
	close(epoll);
}

TEST_F(box, epoll_inside_epoll_tells_and_wakes)
{
	int inner = new_epoll(self->server, EPOLLIN);
	int middle = new_epoll(inner, EPOLLIN);
	int outer = new_epoll(middle, EPOLLIN);
	struct waiter waiter;

	ASSERT_LE(0, outer);
	EXPECT_EQ(0, epoll_now(outer));
	ASSERT_TRUE(waiter_start(&waiter, -1, outer, 0));
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(EPOLLIN, waiter_join(&waiter));
	EXPECT_EQ(EPOLLIN, epoll_now(inner));
	EXPECT_TRUE(hears(self->server, "x"));
	EXPECT_EQ(0, epoll_now(outer));
	close(outer);
	close(middle);
	close(inner);
}

TEST_F(box, exclusive_epolls_wake_one_for_each_message)
{
	struct waiter waiters[4];
	int i, asleep = 0;

	for (i = 0; i < 4; i++) {
		int epoll = new_epoll(self->server, EPOLLIN | EPOLLEXCLUSIVE);

		ASSERT_LE(0, epoll);
		ASSERT_TRUE(waiter_start(&waiters[i], -1, epoll, 0));
	}
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(EPOLLIN, waiter_join(&waiters[0]));
	for (i = 1; i < 4; i++)
		asleep += is_blocked(waiters[i].tid, SYS_epoll_wait);
	EXPECT_EQ(3, asleep);
	for (i = 1; i < 4; i++) {
		EXPECT_EQ(1, say(self->client, "x"));
		EXPECT_EQ(EPOLLIN, waiter_join(&waiters[i]));
	}
}

TEST_F(box, a_slot_that_is_closed_leaves_its_epoll)
{
	int epoll = new_epoll(self->server, EPOLLIN);

	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(EPOLLIN, epoll_now(epoll));
	close(self->server);
	EXPECT_EQ(0, epoll_now(epoll));
	EXPECT_FALSE(slot_exists("box"));
	close(epoll);
}

/* --- Nothing may be slept through -------------------------------------------- */

struct pacer {
	int fd;
	int rounds;
	int read;
};

/* Each message comes about when its reader decides to sleep. */
static void *write_paced(void *arg)
{
	struct pacer *pacer = arg;
	volatile unsigned int spin;
	int i;

	for (i = 0; i < pacer->rounds; i++) {
		while (__atomic_load_n(&pacer->read, __ATOMIC_ACQUIRE) < i)
			sched_yield();
		for (spin = i * 7919U % 2000; spin; spin--)
			;
		if (write(pacer->fd, &i, sizeof(i)) != sizeof(i))
			break;
	}
	return NULL;
}

static int wait_by_poll(int server, int unused)
{
	struct pollfd pfd = { .fd = server, .events = POLLIN };

	return poll(&pfd, 1, -1);
}

static int wait_by_select(int server, int unused)
{
	fd_set in;

	FD_ZERO(&in);
	FD_SET(server, &in);
	return select(server + 1, &in, NULL, NULL, NULL);
}

static int wait_by_epoll(int server, int epoll)
{
	struct epoll_event event;

	return epoll_wait(epoll, &event, 1, -1);
}

FIXTURE(hammer) {
	int server;
	int client;
	int epoll;
};

FIXTURE_VARIANT(hammer) {
	int (*wait)(int server, int epoll);
	uint32_t events;
};

FIXTURE_VARIANT_ADD(hammer, poll) {
	.wait = wait_by_poll,
	.events = EPOLLIN,
};

FIXTURE_VARIANT_ADD(hammer, select) {
	.wait = wait_by_select,
	.events = EPOLLIN,
};

FIXTURE_VARIANT_ADD(hammer, level) {
	.wait = wait_by_epoll,
	.events = EPOLLIN,
};

FIXTURE_VARIANT_ADD(hammer, edge) {
	.wait = wait_by_epoll,
	.events = EPOLLIN | EPOLLET,
};

FIXTURE_VARIANT_ADD(hammer, exclusive) {
	.wait = wait_by_epoll,
	.events = EPOLLIN | EPOLLEXCLUSIVE,
};

FIXTURE_SETUP(hammer)
{
	self->server = slot_create("hammer", 0, 0);
	ASSERT_LE(0, self->server);
	self->client = slot_open("hammer");
	ASSERT_LE(0, self->client);
	self->epoll = new_epoll(self->server, variant->events);
	ASSERT_LE(0, self->epoll);
}

FIXTURE_TEARDOWN(hammer)
{
	close(self->epoll);
	close(self->client);
	close(self->server);
}

TEST_F(hammer, no_message_is_slept_through)
{
	struct pacer pacer = { .fd = self->client, .rounds = 1000 / slowness() };
	int got;
	pthread_t writer;

	ASSERT_EQ(0, pthread_create(&writer, NULL, write_paced, &pacer));
	while (pacer.read < pacer.rounds) {
		if (read(self->server, &got, sizeof(got)) == sizeof(got)) {
			ASSERT_EQ(pacer.read, got);
			__atomic_add_fetch(&pacer.read, 1, __ATOMIC_RELEASE);
			continue;
		}
		ASSERT_EQ(EAGAIN, errno);
		ASSERT_EQ(1, variant->wait(self->server, self->epoll));
	}
	pthread_join(writer, NULL);
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_HARNESS_MAIN
