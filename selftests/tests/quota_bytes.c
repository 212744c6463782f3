// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much may be queued: in a slot, and in all slots of a user over all
 * namespaces.
 */
#include <sys/resource.h>

#include "mailslot_test.h"

static const char zeros[1000];

static int set_options(const char *options)
{
	return mount(NULL, slot_root(), NULL, MS_REMOUNT, options);
}

/* Writes messages until that fails with ENOBUFS; how many, or -1. */
static long fill(int client, size_t size)
{
	char *buf = calloc(1, size);
	long n = 0;

	while (write(client, buf, size) == (ssize_t)size)
		n++;
	free(buf);
	return errno == ENOBUFS ? n : -1;
}

FIXTURE(quota_bytes) {
};

FIXTURE_SETUP(quota_bytes)
{
}

FIXTURE_TEARDOWN(quota_bytes)
{
	set_options("max_user_bytes=64m,max_queue_bytes=64m,"
		    "max_queue_messages=256k");
}

struct letter {
	int server;
	int client;
};

static int open_letter(const char *name, struct letter *letter)
{
	letter->server = slot_serve(name);
	letter->client = slot_open(name);
	return letter->client < 0 ? -1 : 0;
}

static uint64_t quota_drops(int fd)
{
	struct mailslot_ioctl_info info;

	return slot_info(fd, &info) ? UINT64_MAX : info.dropped_user_quota;
}

/* 10 messages of 1,000 bytes fit, in all of a user's slots together. */
static int fill_two_slots(const char *options)
{
	struct letter one, two;
	char buf[1000];

	if (open_letter("one", &one))
		return 1;
	if (options && (enter_userns() || mount_slots("/tmp/mine", options)))
		return 2;
	if (open_letter("two", &two))
		return 3;
	if (write(one.client, buf, 1000) != 1000)
		return 4;
	if (fill(two.client, 1000) != 9 || fill(one.client, 1000) != 0)
		return 5;
	if (quota_drops(one.server) != 1 || quota_drops(two.server) != 1)
		return 6;
	if (poll_now(one.client, POLLOUT) || poll_now(two.client, POLLOUT))
		return 7;
	/* What is read makes room, in the other slot too. */
	if (read(one.server, buf, 1000) != 1000 ||
	    poll_now(two.client, POLLOUT) != POLLOUT)
		return 8;
	if (fill(two.client, 1000) != 1)
		return 9;
	/* So does what is deleted with its slot, though a client is left. */
	close(two.server);
	return fill(one.client, 1000) == 10 ? 0 : 10;
}

/* A thread that waits for room, and what it learns. */
struct waiter {
	int client;
	pid_t tid;
	short events;
};

static void *wait_for_room(void *arg)
{
	struct waiter *waiter = arg;
	struct pollfd pfd = { .fd = waiter->client, .events = POLLOUT };

	__atomic_store_n(&waiter->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	poll(&pfd, 1, 20000 * slowness());
	waiter->events = pfd.revents;
	return NULL;
}

static bool is_waiting(struct waiter *waiter)
{
	pid_t tid = __atomic_load_n(&waiter->tid, __ATOMIC_ACQUIRE);

	return tid && is_blocked(tid, SYS_poll);
}

/* Who waits for room in one slot is told when there is some in another. */
static int wait_for_other_slot(const char *unused)
{
	struct waiter waiter = {};
	struct letter one, two;
	pthread_t thread;
	char buf[1000];

	if (open_letter("one", &one) || open_letter("two", &two))
		return 1;
	if (fill(one.client, 1000) != 10 || fill(two.client, 1000) != 0)
		return 2;
	waiter.client = two.client;
	if (pthread_create(&thread, NULL, wait_for_room, &waiter) ||
	    !wait_until(is_waiting(&waiter)))
		return 3;
	if (read(one.server, buf, 1000) != 1000)
		return 4;
	pthread_join(thread, NULL);
	return waiter.events == POLLOUT ? 0 : 5;
}

TEST_F(quota_bytes, who_waits_for_room_is_told_of_it)
{
	ASSERT_OK(set_options("max_user_bytes=10000"));
	EXPECT_EQ(0, as_user(ALICE, wait_for_other_slot, NULL));
}

TEST_F(quota_bytes, max_user_bytes_holds_over_all_slots_of_a_user)
{
	ASSERT_OK(set_options("max_user_bytes=10000"));
	EXPECT_EQ(0, as_user(ALICE, fill_two_slots, NULL));
	EXPECT_EQ(0, as_user(BOB, fill_two_slots, NULL));
}

TEST_F(quota_bytes, and_over_all_namespaces)
{
	ASSERT_OK(set_options("max_user_bytes=10000"));
	EXPECT_EQ(0, as_user(ALICE, fill_two_slots,
			     "max_user_bytes=1g,max_queue_bytes=1g"));
}

/* Who owns the slot pays, not who writes; and the slots of root are free. */
TEST_F(quota_bytes, the_owner_pays_whoever_writes)
{
	int roots = slot_serve("roots"), to_alice[2], i;
	pid_t pid;

	ASSERT_OK(roots);
	ASSERT_OK(set_options("max_user_bytes=10000"));
	ASSERT_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, to_alice));
	pid = fork();
	if (!pid) {
		become(ALICE);
		close(to_alice[0]);
		if (slot_serve("alices") < 0)
			_exit(1);
		_exit(read(to_alice[1], &i, 1));
	}
	ASSERT_TRUE(wait_until(slot_exists("alices")));
	EXPECT_EQ(10, fill(slot_open("alices"), 1000));
	for (i = 0; i < 100; i++)
		EXPECT_EQ(1000, write(slot_open("roots"), zeros,
				      1000));
	close(to_alice[0]);
	EXPECT_EQ(0, exit_of(pid));
}

static int fill_with_nothing(const char *name)
{
	struct letter letter;

	if (open_letter(name, &letter))
		return 201;
	return fill(letter.client, 0);
}

TEST_F(quota_bytes, empty_messages_are_not_free)
{
	ASSERT_OK(set_options("max_user_bytes=6400"));
	EXPECT_EQ(100, as_user(ALICE, fill_with_nothing, "slot"));
}

/* Refused and failed writes give back what they were charged. */
static int fail_then_fill(const char *name)
{
	struct letter letter;
	int i;

	if (open_letter(name, &letter))
		return 201;
	for (i = 0; i < 1000; i++) {
		if (write(letter.client, bad_address(), 1000) >= 0)
			return 202;
		if (write(letter.client, bad_address(), 4000) >= 0)
			return 203;
	}
	return fill(letter.client, 1000);
}

TEST_F(quota_bytes, failed_writes_use_nothing_up)
{
	ASSERT_OK(set_options("max_user_bytes=10000"));
	EXPECT_EQ(10, as_user(ALICE, fail_then_fill, "slot"));
}

static int live_on_the_defaults(const char *name)
{
	static const size_t sizes[] = { 1 << 20, 65536, 424 };
	size_t sum, i;
	char *buf = calloc(1, 1 << 20);
	int server[1000];
	char slot[16];

	for (i = 0; i < ARRAY_SIZE(server); i++) {
		snprintf(slot, sizeof(slot), "slot%zu", i);
		server[i] = slot_serve(slot);
		if (server[i] < 0)
			return 1;
	}
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		int client;

		snprintf(slot, sizeof(slot), "slot%zu", i);
		client = slot_open(slot);
		for (sum = 0; sum < 16 << 20; sum += sizes[i])
			if (write(client, buf, sizes[i]) != (ssize_t)sizes[i])
				return 2 + i;
		/* The next one shall have all to itself. */
		close(server[i]);
	}
	return 0;
}

TEST_F(quota_bytes, the_defaults_let_a_user_keep_1000_slots_and_queue_16_mib)
{
	const struct rlimit files = { 1100, 1100 };

	ASSERT_OK(setrlimit(RLIMIT_NOFILE, &files));
	EXPECT_EQ(0, as_user(ALICE, live_on_the_defaults, NULL));
}

TEST_F(quota_bytes, a_queue_has_limits_of_its_own)
{
	int server = slot_serve("slot"), client = slot_open("slot");
	struct mailslot_ioctl_info info;

	ASSERT_OK(set_options("max_queue_messages=7"));
	EXPECT_EQ(7, fill(client, 0));
	ASSERT_OK(set_options("max_queue_messages=1000,max_queue_bytes=5000"));
	EXPECT_EQ(5, fill(client, 1000));
	EXPECT_OK(slot_info(server, &info));
	EXPECT_EQ(12, info.message_count);
	EXPECT_EQ(2, info.dropped_queue_full);
	EXPECT_EQ(0, info.dropped_user_quota);
	/* Of another slot they are no business. */
	EXPECT_OK(slot_serve("other"));
	EXPECT_EQ(1000, write(slot_open("other"), zeros, 1000));
}

TEST_HARNESS_MAIN
