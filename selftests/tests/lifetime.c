// SPDX-License-Identifier: GPL-2.0-only
/*
 * A slot lives exactly as long as its server end is open anywhere.
 */
#include "mailslot_test.h"

#define UNC_PREFIX	"\\\\.\\mailslot\\"

TEST(the_last_duplicate_counts)
{
	int server = slot_serve("slot"), copy = dup(server), i;

	close(server);
	EXPECT_EQ(2, say(slot_open("slot"), "hi"));
	for (i = 0; i < 10; i++) {
		server = fcntl(copy, F_DUPFD_CLOEXEC, 50);
		close(copy);
		copy = server;
	}
	EXPECT_TRUE(slot_exists("slot"));
	EXPECT_TRUE(hears(copy, "hi"));
	close(copy);
	EXPECT_FALSE(slot_exists("slot"));
}

/* A child that has the descriptor and nothing else to do. */
static pid_t hold(int fd)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	close(fd);
	return pid;
}

TEST(a_child_that_inherits_the_server_end_keeps_the_slot)
{
	int server = slot_serve("slot"), client = slot_open("slot");
	pid_t pid = hold(server);

	EXPECT_EQ(2, say(client, "hi"));
	EXPECT_TRUE(slot_exists("slot"));
	kill(pid, SIGKILL);
	EXPECT_EQ(128 + SIGKILL, exit_of(pid));
	EXPECT_FALSE(slot_exists("slot"));
	EXPECT_ERR(say(client, "late"), EPIPE);
}

TEST(a_client_in_a_child_does_not_keep_the_slot)
{
	int server = slot_serve("slot");
	pid_t pid = hold(slot_open("slot"));

	/* The child inherited the server end too; so kill it last. */
	close(server);
	EXPECT_TRUE(slot_exists("slot"));
	kill(pid, SIGKILL);
	exit_of(pid);
	EXPECT_FALSE(slot_exists("slot"));

	pid = fork();
	if (!pid) {
		server = slot_serve("slot");
		_exit(slot_open("slot") < 0);
	}
	EXPECT_EQ(0, exit_of(pid));
	EXPECT_FALSE(slot_exists("slot"));
}

static int send_fd(int via, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {};
	struct iovec byte = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	return sendmsg(via, &msg, 0) == 1 ? 0 : -1;
}

static int receive_fd(int via)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {};
	char c;
	struct iovec byte = { &c, 1 };
	struct msghdr msg = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(via, &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg))
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

TEST(a_server_end_on_its_way_through_a_socket_keeps_the_slot)
{
	int server = slot_serve("slot"), client = slot_open("slot"), via[2];

	ASSERT_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, via));
	ASSERT_OK(send_fd(via[0], server));
	close(server);
	EXPECT_EQ(2, say(client, "hi"));
	EXPECT_ERR(slot_serve("slot"), EBUSY);
	server = receive_fd(via[1]);
	EXPECT_TRUE(hears(server, "hi"));

	/* If nobody ever receives it, the slot goes with the socket. */
	ASSERT_OK(send_fd(via[0], server));
	close(server);
	close(via[0]);
	EXPECT_TRUE(slot_exists("slot"));
	close(via[1]);
	EXPECT_FALSE(slot_exists("slot"));
	EXPECT_ERR(say(client, "late"), EPIPE);
}

TEST(exec_closes_the_server_end)
{
	pid_t pid = fork();

	if (!pid) {
		if (slot_serve("slot") < 0)
			_exit(1);
		execl("/bin/sh", "sh", "-c", "test ! -e \"$0\"",
		      slot_path("slot"), NULL);
		_exit(2);
	}
	EXPECT_EQ(0, exit_of(pid));
}

TEST(the_name_is_free_in_the_instant_the_server_closes)
{
	int i;

	for (i = 0; i < 1000 / slowness(); i++) {
		int server = i % 2 ? slot_serve("slot") :
				     slot_create("SLOT", 0, 0);

		ASSERT_OK(server) TH_LOG("round %d", i);
		ASSERT_EQ(1, say(slot_open("Slot"), "x"));
		ASSERT_EQ(1, slot_count(server));
		close(server);
	}
}

/* The clients of all those slots are open still. */
TEST(the_name_is_free_in_the_instant_the_server_is_killed)
{
	int via[2], i;
	char c;

	ASSERT_OK(pipe(via));
	for (i = 0; i < 1000 / slowness(); i++) {
		pid_t pid = fork();

		if (!pid) {
			c = slot_serve("slot") < 0 ? errno : 0;
			if (write(via[1], &c, 1) != 1)
				_exit(1);
			for (;;)
				pause();
		}
		ASSERT_EQ(1, read(via[0], &c, 1));
		ASSERT_EQ(0, c) TH_LOG("round %d", i);
		kill(pid, SIGKILL);
		ASSERT_EQ(128 + SIGKILL, exit_of(pid));
	}
}

TEST(a_server_killed_while_it_reads_frees_the_name)
{
	int i;

	for (i = 0; i < 50 / slowness(); i++) {
		pid_t pid = fork();
		char c;

		if (!pid)
			_exit(read(slot_serve("slot"), &c, 1));
		ASSERT_TRUE(wait_until(slot_exists("slot")));
		ASSERT_TRUE(wait_blocked(pid, SYS_read));
		kill(pid, SIGKILL);
		ASSERT_EQ(128 + SIGKILL, exit_of(pid));
		ASSERT_FALSE(slot_exists("slot"));
	}
}

TEST(clients_of_the_old_slot_do_not_reach_the_new_one)
{
	int server = slot_serve("slot"), old = slot_open("slot");
	struct mailslot_ioctl_info info;
	struct stat st;

	say(old, "unread");
	close(server);
	EXPECT_ERR(say(old, "late"), EPIPE);
	EXPECT_OK(fstat(old, &st));
	EXPECT_EQ(0, st.st_nlink);

	server = slot_serve("slot");
	ASSERT_OK(server);
	EXPECT_ERR(say(old, "late"), EPIPE);
	EXPECT_EQ(POLLERR | POLLHUP, poll_now(old, POLLIN | POLLOUT));
	EXPECT_OK(slot_info(old, &info));
	EXPECT_EQ(0, info.message_count);
	EXPECT_EQ(0, slot_count(server));
	EXPECT_EQ(3, say(slot_open("slot"), "new"));
	EXPECT_TRUE(hears(server, "new"));
	EXPECT_EQ(0, slot_count(server));
}

TEST(unread_messages_are_deleted_at_once)
{
	int server = slot_serve("slot"), client = slot_open("slot"), i;
	struct mailslot_ioctl_info info;

	for (i = 0; i < 100; i++)
		say(client, "unread");
	close(server);
	EXPECT_OK(slot_info(client, &info));
	EXPECT_EQ(0, info.message_count);
	EXPECT_EQ(0, info.queued_bytes);
	EXPECT_EQ(MAILSLOT_NO_MESSAGE, info.next_size);
	EXPECT_EQ(100, info.delivered);
}

static const char *const spellings[] = {
	"dir\\slot", "DIR\\SLOT", "Dir\\Slot", UNC_PREFIX "dir\\slot",
	UNC_PREFIX "DIR\\SLOT", "\\\\.\\MAILSLOT\\Dir\\Slot",
};

TEST(no_spelling_of_the_name_outlives_the_slot)
{
	size_t i, round;

	for (round = 0; round < ARRAY_SIZE(spellings); round++) {
		int server = slot_create(spellings[round], 0, 0), client;

		ASSERT_OK(server);
		for (i = 0; i < ARRAY_SIZE(spellings); i++) {
			EXPECT_TRUE(slot_exists(spellings[i]));
			client = slot_open(spellings[i]);
			EXPECT_EQ(1, say(client, "x"));
			close(client);
		}
		EXPECT_EQ(ARRAY_SIZE(spellings), slot_count(server));
		close(server);
		for (i = 0; i < ARRAY_SIZE(spellings); i++) {
			EXPECT_FALSE(slot_exists(spellings[i]))
				TH_LOG("%s", spellings[i]);
			EXPECT_ERR(slot_open(spellings[i]), ENOENT)
				TH_LOG("%s", spellings[i]);
		}
	}
}

/* Opens the file behind a descriptor anew. */
static int reopen(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC);
}

TEST(a_descriptor_opened_anew_is_a_client)
{
	int server = slot_serve("slot"), client = slot_open("slot");
	int path = open(slot_path("slot"), O_PATH), anew, i;
	const int ends[] = { server, client, path };

	for (i = 0; i < 3; i++) {
		EXPECT_ERR(reopen(ends[i], O_RDONLY), EBUSY);
		EXPECT_ERR(reopen(ends[i], O_RDWR), EBUSY);
		anew = reopen(ends[i], O_WRONLY);
		EXPECT_EQ(2, say(anew, "hi"));
		EXPECT_TRUE(hears(server, "hi"));
		close(anew);
	}
}

/* Not even O_PATH, which pins the name, brings a slot back to life. */
TEST(a_dead_slot_cannot_be_opened_anew)
{
	int server = slot_serve("slot"), client = slot_open("slot");
	int path = open(slot_path("slot"), O_PATH), i;
	const int ends[] = { client, path };

	close(server);
	EXPECT_FALSE(slot_exists("slot"));
	for (i = 0; i < 2; i++) {
		EXPECT_ERR(reopen(ends[i], O_WRONLY), ENOENT);
		EXPECT_LT(reopen(ends[i], O_RDONLY), 0);
		EXPECT_LT(reopen(ends[i], O_RDWR), 0);
	}
	/* And it stays dead beside a new one of its name. */
	server = slot_serve("slot");
	ASSERT_OK(server);
	EXPECT_ERR(reopen(path, O_WRONLY), ENOENT);
	EXPECT_EQ(2, say(slot_open("slot"), "hi"));
	EXPECT_EQ(1, slot_count(server));
}

/* --- Races ---------------------------------------------------------------- */

/* How each attempt of a thread ended, by errno. */
struct tally {
	int (*attempt)(void);
	int rounds;
	int ended[200];
};

static void *race_main(void *arg)
{
	struct tally *tally = arg;
	int i;

	for (i = 0; i < tally->rounds; i++) {
		int fd = tally->attempt();

		tally->ended[fd < 0 ? errno : 0]++;
		if (fd >= 0)
			close(fd);
	}
	return NULL;
}

static char race_path[256];

static int race_serve(void)
{
	return open(race_path, O_CREAT | O_RDWR, 0);
}

static int race_exclusive(void)
{
	return open(race_path, O_CREAT | O_EXCL | O_RDONLY, 0);
}

static int race_create(void)
{
	return slot_create("race", 0, 0);
}

static int race_redirect(void)
{
	return open(race_path, O_CREAT | O_TRUNC | O_WRONLY, 0);
}

/* Two threads at a time; what neither may see is any error but @allowed. */
static void race(struct __test_metadata *_metadata, int (*one)(void),
		 int (*other)(void), int allowed)
{
	struct tally tallies[2] = {
		{ .attempt = one, .rounds = 5000 / slowness() },
		{ .attempt = other, .rounds = 5000 / slowness() },
	};
	pthread_t threads[2];
	int i, error;

	strcpy(race_path, slot_path("race"));
	for (i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, race_main, &tallies[i]);
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (error = 1; error < 200; error++) {
		int times = tallies[0].ended[error] + tallies[1].ended[error];

		if (error == allowed)
			continue;
		EXPECT_EQ(0, times)
			TH_LOG("%s", strerror(error));
	}
	EXPECT_LT(0, tallies[0].ended[0]);
	EXPECT_FALSE(slot_exists("race"));
}

TEST(two_servers_racing_for_a_name_find_it_free_or_busy)
{
	race(_metadata, race_serve, race_serve, EBUSY);
}

TEST(two_exclusive_servers_racing_find_it_free_or_there)
{
	race(_metadata, race_exclusive, race_exclusive, EEXIST);
}

TEST(two_create_calls_racing_find_it_free_or_there)
{
	race(_metadata, race_create, race_create, EEXIST);
}

TEST(a_client_racing_a_server_finds_it_there_or_not)
{
	race(_metadata, race_create, race_redirect, ENOENT);
}

TEST_HARNESS_MAIN
