// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for room with poll and epoll: POLLOUT is told when the message that
 * was refused would be accepted, and to everybody who waits.
 */
#define BOX_MEMBERS	char buf[1000]

#include "box_test.h"

#define ALL_EVENTS	(POLLIN | POLLRDNORM | POLLPRI | POLLRDBAND | \
			 POLLOUT | POLLWRNORM | POLLWRBAND | POLLRDHUP)
#define WRITABLE	(POLLOUT | POLLWRNORM)
#define GONE		(POLLERR | POLLHUP)

TEST_F(box, writable_while_there_is_room)
{
	EXPECT_EQ(WRITABLE, poll_now(self->client, ALL_EVENTS));
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(WRITABLE, poll_now(self->client, ALL_EVENTS));
	EXPECT_EQ(0, poll_now(self->client, POLLIN));
	EXPECT_EQ(0, poll_now(self->client, 0));
}

TEST_F(box, full_by_bytes_is_not_writable_until_there_is_room)
{
	ASSERT_OK(set_limits("max_queue_bytes=1000"));
	EXPECT_EQ(1000, write(self->client, self->buf, 1000));
	EXPECT_EQ(0, poll_now(self->client, ALL_EVENTS));
	EXPECT_ERR(say(self->client, "x"), ENOBUFS);
	EXPECT_EQ(0, poll_now(self->client, ALL_EVENTS));
	EXPECT_EQ(1, drain(self->server));
	EXPECT_EQ(WRITABLE, poll_now(self->client, ALL_EVENTS));
}

TEST_F(box, full_by_count_is_not_writable_until_there_is_room)
{
	ASSERT_OK(set_limits("max_queue_messages=2"));
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(0, poll_now(self->client, ALL_EVENTS));
	EXPECT_ERR(write(self->client, "", 0), ENOBUFS);
	EXPECT_EQ(0, poll_now(self->client, ALL_EVENTS));
	EXPECT_EQ(0, read(self->server, self->buf, 1));
	EXPECT_EQ(WRITABLE, poll_now(self->client, ALL_EVENTS));
}

/* Or else who was refused would poll and be refused and poll, at full speed. */
TEST_F(box, writable_means_room_for_the_message_that_was_refused)
{
	ASSERT_OK(set_limits("max_queue_bytes=1000"));
	EXPECT_EQ(200, write(self->client, self->buf, 200));
	EXPECT_EQ(500, write(self->client, self->buf, 500));
	EXPECT_EQ(WRITABLE, poll_now(self->client, ALL_EVENTS));
	EXPECT_ERR(write(self->client, self->buf, 600), ENOBUFS);
	EXPECT_EQ(0, poll_now(self->client, ALL_EVENTS));
	EXPECT_EQ(200, read(self->server, self->buf, 1000));
	EXPECT_EQ(0, poll_now(self->client, ALL_EVENTS));
	EXPECT_EQ(500, read(self->server, self->buf, 1000));
	EXPECT_EQ(WRITABLE, poll_now(self->client, ALL_EVENTS));
	EXPECT_EQ(600, write(self->client, self->buf, 600));
}

TEST_F(box, what_can_never_fit_does_not_stop_the_others)
{
	int other = slot_open("box");
	char *large = calloc(1, 100000);

	ASSERT_OK(set_limits("max_queue_bytes=65536"));
	EXPECT_ERR(write(other, large, 100000), ENOBUFS);
	EXPECT_EQ(WRITABLE, poll_now(self->client, ALL_EVENTS));
	EXPECT_EQ(60000, write(self->client, large, 60000));
	EXPECT_ERR(write(other, large, 100000), ENOBUFS);
	EXPECT_EQ(1, drain(self->server));
	EXPECT_EQ(WRITABLE, poll_now(self->client, ALL_EVENTS));
	free(large);
	close(other);
}

/* --- Threads that sleep ---------------------------------------------------- */

/* The ways to wait that differ in what wakes them. */
static const uint32_t ways[] = {
	0, EPOLLOUT, EPOLLOUT | EPOLLET, EPOLLOUT | EPOLLEXCLUSIVE,
};

/* Sleeps in one of them: in poll(2) if it is 0. */
static bool start_way(struct waiter *waiter, int fd, uint32_t way)
{
	int epoll = way ? new_epoll(fd, way) : -1;

	return waiter_start(waiter, fd, epoll, POLLOUT);
}

static int join_way(struct waiter *waiter)
{
	int events = waiter_join(waiter);

	if (waiter->epoll >= 0)
		close(waiter->epoll);
	return events;
}

TEST_F(box, room_wakes_who_waits_for_it)
{
	struct waiter waiter;
	size_t i;

	ASSERT_OK(set_limits("max_queue_bytes=1000"));
	for (i = 0; i < 2 * ARRAY_SIZE(ways); i++) {
		EXPECT_EQ(1000, write(self->client, self->buf, 1000));
		/* Nobody need have been refused before. */
		if (i >= ARRAY_SIZE(ways))
			EXPECT_ERR(say(self->client, "x"), ENOBUFS);
		ASSERT_TRUE(start_way(&waiter, self->client,
				      ways[i % ARRAY_SIZE(ways)]));
		EXPECT_EQ(1, drain(self->server));
		EXPECT_EQ(POLLOUT, join_way(&waiter));
	}
}

TEST_F(box, too_little_room_wakes_nobody)
{
	struct waiter waiter;
	size_t i;

	ASSERT_OK(set_limits("max_queue_bytes=1000"));
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		EXPECT_EQ(100, write(self->client, self->buf, 100));
		EXPECT_EQ(900, write(self->client, self->buf, 900));
		EXPECT_ERR(write(self->client, self->buf, 500), ENOBUFS);
		ASSERT_TRUE(start_way(&waiter, self->client, ways[i]));
		EXPECT_EQ(100, read(self->server, self->buf, 1000));
		EXPECT_TRUE(wait_until(waiter_sleeps(&waiter)));
		EXPECT_EQ(900, read(self->server, self->buf, 1000));
		EXPECT_EQ(POLLOUT, join_way(&waiter));
		EXPECT_EQ(500, write(self->client, self->buf, 500));
		EXPECT_EQ(1, drain(self->server));
	}
}

/* Each of them may be the only one who still has something to say. */
TEST_F(box, room_wakes_all_clients_who_wait_for_it)
{
	struct waiter waiters[12];
	int clients[12];
	int i;

	ASSERT_OK(set_limits("max_queue_messages=5"));
	while (!error_of(say(self->client, "x")))
		;
	EXPECT_EQ(5, slot_count(self->server));
	for (i = 0; i < 12; i++) {
		clients[i] = slot_open("box");
		ASSERT_TRUE(start_way(&waiters[i], clients[i], ways[i % 4]));
	}
	EXPECT_EQ(5, drain(self->server));
	for (i = 0; i < 12; i++) {
		EXPECT_EQ(POLLOUT, join_way(&waiters[i]));
		close(clients[i]);
	}
}

TEST_F(box, a_raised_limit_wakes_who_waits_for_room)
{
	struct waiter waiter;

	ASSERT_OK(set_limits("max_queue_messages=2"));
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(1, say(self->client, "y"));
	EXPECT_ERR(say(self->client, "z"), ENOBUFS);
	ASSERT_TRUE(start_way(&waiter, self->client, 0));
	ASSERT_OK(set_limits("max_queue_messages=3"));
	EXPECT_EQ(POLLOUT, join_way(&waiter));
	EXPECT_EQ(1, say(self->client, "z"));
	ASSERT_TRUE(start_way(&waiter, self->client, 0));
	ASSERT_OK(set_limits("max_queue_messages=2"));
	EXPECT_TRUE(hears(self->server, "x"));
	EXPECT_TRUE(wait_until(waiter_sleeps(&waiter)));
	EXPECT_TRUE(hears(self->server, "y"));
	EXPECT_EQ(POLLOUT, join_way(&waiter));
}

TEST_F(box, the_end_of_the_server_wakes_who_waits_for_room)
{
	struct waiter waiters[4];
	size_t i;

	ASSERT_OK(set_limits("max_queue_messages=1"));
	EXPECT_EQ(1, say(self->client, "x"));
	for (i = 0; i < ARRAY_SIZE(ways); i++)
		ASSERT_TRUE(start_way(&waiters[i], self->client, ways[i]));
	close(self->server);
	for (i = 0; i < ARRAY_SIZE(ways); i++)
		EXPECT_EQ(GONE, join_way(&waiters[i]));
	EXPECT_EQ(GONE, poll_now(self->client, ALL_EVENTS));
	EXPECT_EQ(GONE, poll_now(self->client, 0));
	EXPECT_ERR(say(self->client, "x"), EPIPE);
}

/* --- The quota of a user ------------------------------------------------------ */

/* One slot has no room because another slot of the same user is full. */
static int wait_for_quota(uint32_t way)
{
	int one = slot_create("one", 0, 0);
	int two = slot_create("two", 0, 0);
	int to_one = slot_open("one");
	int to_two = slot_open("two");
	struct waiter waiter;
	char buf[1000] = "";

	if (write(to_one, buf, 200) != 200 || write(to_one, buf, 700) != 700)
		return 1;
	if (error_of(write(to_two, buf, 600)) != ENOBUFS ||
	    poll_now(to_two, POLLOUT))
		return 2;
	if (!start_way(&waiter, to_two, way))
		return 3;
	if (read(one, buf, 1000) != 200)
		return 4;
	if (!wait_until(waiter_sleeps(&waiter)) || poll_now(to_two, POLLOUT))
		return 5;
	if (read(one, buf, 1000) != 700)
		return 6;
	if (join_way(&waiter) != POLLOUT || write(to_two, buf, 600) != 600)
		return 7;
	close(to_two);
	close(to_one);
	close(two);
	close(one);
	return 0;
}

static int wait_for_quota_in_all_ways(const char *unused)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(ways) && !ret; i++)
		ret = wait_for_quota(ways[i]);
	return ret ? 10 * i + ret : 0;
}

TEST_F(box, room_in_a_users_quota_wakes_who_waits_on_another_slot)
{
	ASSERT_OK(set_limits("max_user_bytes=1000"));
	EXPECT_EQ(0, as_user(ALICE, wait_for_quota_in_all_ways, ""));
}

static int never_within_quota(const char *unused)
{
	int client, other;
	char buf[2000] = "";

	slot_create("one", 0, 0);
	client = slot_open("one");
	other = slot_open("one");
	if (error_of(write(other, buf, 2000)) != ENOBUFS)
		return 1;
	return poll_now(client, POLLOUT) != POLLOUT ||
	       write(client, buf, 1000) != 1000;
}

TEST_F(box, what_can_never_be_within_the_quota_does_not_stop_the_others)
{
	ASSERT_OK(set_limits("max_user_bytes=1000"));
	EXPECT_EQ(0, as_user(ALICE, never_within_quota, ""));
}

/* Room in the queue is not enough if the quota has none for the message. */
static int quota_of_one_slot(const char *unused)
{
	int one = slot_create("one", 0, 0);
	int to_one = slot_open("one");
	char buf[1000] = "";

	if (write(to_one, buf, 200) != 200 || write(to_one, buf, 700) != 700 ||
	    error_of(write(to_one, buf, 600)) != ENOBUFS)
		return 1;
	if (poll_now(to_one, POLLOUT) || read(one, buf, 1000) != 200)
		return 2;
	if (poll_now(to_one, POLLOUT) ||
	    error_of(write(to_one, buf, 600)) != ENOBUFS)
		return 3;
	if (read(one, buf, 1000) != 700 || poll_now(to_one, POLLOUT) != POLLOUT)
		return 4;
	return write(to_one, buf, 600) != 600;
}

TEST_F(box, writable_means_room_in_the_users_quota_too)
{
	ASSERT_OK(set_limits("max_user_bytes=1000"));
	EXPECT_EQ(0, as_user(ALICE, quota_of_one_slot, ""));
}

static int many_wait_for_quota(const char *unused)
{
	int one = slot_create("one", 0, 0);
	int to_one = slot_open("one");
	struct waiter waiters[8];
	char buf[1000] = "";
	int i, ret = 0;

	slot_create("two", 0, 0);
	if (write(to_one, buf, 1000) != 1000)
		return 1;
	for (i = 0; i < 8; i++)
		if (!start_way(&waiters[i], slot_open("two"), ways[i % 4]))
			return 2;
	if (read(one, buf, 1000) != 1000)
		return 3;
	for (i = 0; i < 8; i++)
		if (join_way(&waiters[i]) != POLLOUT)
			ret = 4;
	return ret;
}

TEST_F(box, room_in_a_users_quota_wakes_all_who_wait)
{
	ASSERT_OK(set_limits("max_user_bytes=1000"));
	EXPECT_EQ(0, as_user(ALICE, many_wait_for_quota, ""));
}

/*
 * As the edge-triggered are advised: until it fails, then wait. The room comes
 * from another slot, and nobody asks whether there is some after it failed.
 */
static int edges_of_quota(const char *unused)
{
	struct epoll_event event = { .events = EPOLLOUT | EPOLLET };
	int two = slot_create("two", 0, 0);
	int to_two = slot_open("two");
	int to_one, epoll;
	char buf[100] = "";
	int i;

	slot_create("one", 0, 0);
	to_one = slot_open("one");
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, to_one, &event))
		return 1;
	for (i = 0; i < 20; i++) {
		if (write(to_two, buf, 100) != 100)
			return 2;
		while (write(to_one, buf, 100) == 100)
			;
		if (errno != ENOBUFS)
			return 3;
		/* At first it tells of what is so no longer. */
		if (!i && epoll_wait(epoll, &event, 1, 0))
			return 4;
		if (read(two, buf, 100) != 100)
			return 5;
		if (epoll_wait(epoll, &event, 1, 10000 * slowness()) != 1)
			return 6;
	}
	return 0;
}

TEST_F(box, edge_triggered_epoll_tells_of_room_in_a_quota)
{
	ASSERT_OK(set_limits("max_user_bytes=1000"));
	EXPECT_EQ(0, as_user(ALICE, edges_of_quota, ""));
}

/* --- Nothing may be slept through --------------------------------------------- */

struct stream {
	int fd;
	int size;
	int messages;
};

static void *write_politely(void *arg)
{
	struct stream *stream = arg;
	struct pollfd pfd = { .fd = stream->fd, .events = POLLOUT };
	char buf[1000] = "";
	int done = 0;

	while (done < stream->messages) {
		if (write(stream->fd, buf, stream->size) == stream->size)
			done++;
		else if (errno != ENOBUFS || poll(&pfd, 1, -1) != 1)
			break;
	}
	return NULL;
}

static int crowd(const char *unused)
{
	int server = slot_create("crowd", 0, FOREVER);
	struct stream streams[3];
	pthread_t threads[3];
	char buf[1000];
	int i;

	for (i = 0; i < 3; i++) {
		streams[i] = (struct stream){
			.fd = slot_open("crowd"),
			.size = i ? i * 450 : 10,
			.messages = 700,
		};
		pthread_create(&threads[i], NULL, write_politely, &streams[i]);
	}
	for (i = 0; i < 2100; i++)
		if (read(server, buf, sizeof(buf)) < 0)
			return 1;
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return slot_count(server);
}

TEST_F(box, no_room_in_a_queue_is_slept_through)
{
	ASSERT_OK(set_limits("max_queue_bytes=1000,max_queue_messages=5"));
	EXPECT_EQ(0, crowd(""));
}

TEST_F(box, no_room_in_a_quota_is_slept_through)
{
	ASSERT_OK(set_limits("max_user_bytes=1000"));
	EXPECT_EQ(0, as_user(ALICE, crowd, ""));
}

TEST_HARNESS_MAIN
