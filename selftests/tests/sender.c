// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who sent a message, as seen from this and other namespaces.
 */
#define BOX_MEMBERS	struct mailslot_ioctl_recv args

#include "box_test.h"

static int receive(int server, struct mailslot_ioctl_recv *args)
{
	char buf[64];

	memset(args, 0xee, sizeof(*args));
	args->buf = (uintptr_t)buf;
	args->len = sizeof(buf);
	args->flags = MAILSLOT_DONTWAIT;
	return ioctl(server, MAILSLOT_IOC_RECV, args);
}

TEST_F(box, the_sender_is_the_process_that_wrote_and_not_the_one_that_opened)
{
	pid_t pid = fork();

	if (!pid) {
		become(BOB);
		_exit(say(self->client, "x") != 1);
	}
	EXPECT_EQ(0, exit_of(pid));
	EXPECT_EQ(1, say(self->client, "x"));
	/* He is gone, and still it was he. */
	EXPECT_OK(receive(self->server, &self->args));
	EXPECT_EQ(pid, self->args.pid);
	EXPECT_EQ(BOB, self->args.uid);
	EXPECT_EQ(BOB, self->args.gid);
	EXPECT_OK(receive(self->server, &self->args));
	EXPECT_EQ(getpid(), self->args.pid);
	EXPECT_EQ(0, self->args.uid);
	EXPECT_EQ(0, self->args.gid);
}

static void *write_in_thread(void *arg)
{
	return (void *)(long)say(*(int *)arg, "x");
}

TEST_F(box, a_thread_sends_as_its_process)
{
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, write_in_thread,
				    &self->client));
	pthread_join(thread, NULL);
	EXPECT_OK(receive(self->server, &self->args));
	EXPECT_EQ(getpid(), self->args.pid);
}

/* What a program with the set-user-ID bit was made to write is its caller's. */
TEST_F(box, the_sender_is_the_real_user)
{
	pid_t pid = fork();

	if (!pid)
		_exit(setresgid(ALICE, BOB, BOB) || setresuid(ALICE, BOB, BOB) ||
		      say(self->client, "x") != 1);
	EXPECT_EQ(0, exit_of(pid));
	EXPECT_OK(receive(self->server, &self->args));
	EXPECT_EQ(ALICE, self->args.uid);
	EXPECT_EQ(ALICE, self->args.gid);
}

TEST_F(box, recycled_buffers_do_not_remember_their_last_sender)
{
	pid_t pid;
	int i;

	for (i = 0; i < 10; i++) {
		pid = fork();
		if (!pid) {
			become(i % 2 ? ALICE : BOB);
			_exit(say(self->client, "x") != 1);
		}
		EXPECT_EQ(0, exit_of(pid));
		EXPECT_OK(receive(self->server, &self->args));
		EXPECT_EQ(pid, self->args.pid);
		EXPECT_EQ(i % 2 ? ALICE : BOB, self->args.uid);
	}
}

/* --- PID namespaces ---------------------------------------------------------- */

/* The first process of a new PID namespace, or -1. */
static pid_t fork_in_new_pidns(void)
{
	if (unshare(CLONE_NEWPID))
		return -1;
	return fork();
}

TEST_F(box, from_a_pid_namespace_below_we_know_the_sender_by_our_number)
{
	pid_t pid = fork_in_new_pidns();

	ASSERT_NE(-1, pid);
	if (!pid)
		_exit(getpid() != 1 || say(self->client, "x") != 1);
	EXPECT_EQ(0, exit_of(pid));
	EXPECT_OK(receive(self->server, &self->args));
	EXPECT_EQ(pid, self->args.pid);
}

/* 0 if the messages are from the outside and from ourselves. */
static int receive_inside(int server, int client)
{
	struct mailslot_ioctl_recv args;

	if (say(client, "x") != 1)
		return 1;
	if (receive(server, &args) || args.pid != 0 || args.uid != 0)
		return 2;
	if (receive(server, &args) || args.pid != 1)
		return 3;
	return 0;
}

TEST_F(box, in_a_pid_namespace_senders_from_outside_have_no_number)
{
	pid_t pid;

	EXPECT_EQ(1, say(self->client, "x"));
	pid = fork_in_new_pidns();
	ASSERT_NE(-1, pid);
	if (!pid)
		_exit(receive_inside(self->server, self->client));
	EXPECT_EQ(0, exit_of(pid));
}

/* --- User namespaces ---------------------------------------------------------- */

static uid_t overflow_id(void)
{
	char line[32];

	return atoi(first_line("/proc/sys/kernel/overflowuid", line,
			       sizeof(line)));
}

TEST_F(box, from_a_user_namespace_below_we_know_the_sender_by_our_number)
{
	pid_t pid = fork();

	if (!pid) {
		become(ALICE);
		_exit(enter_userns() || getuid() || say(self->client, "x") != 1);
	}
	EXPECT_EQ(0, exit_of(pid));
	EXPECT_OK(receive(self->server, &self->args));
	EXPECT_EQ(ALICE, self->args.uid);
	EXPECT_EQ(ALICE, self->args.gid);
}

/* Alice, who is root in there, receives from Bob, who is not known there. */
static int receive_as_her_own_root(int server, int client)
{
	struct mailslot_ioctl_recv args;

	become(ALICE);
	if (enter_userns() || say(client, "x") != 1)
		return 1;
	if (receive(server, &args) || args.uid != overflow_id() ||
	    args.gid != overflow_id())
		return 2;
	if (receive(server, &args) || args.uid != 0 || args.gid != 0)
		return 3;
	return 0;
}

TEST_F(box, in_a_user_namespace_senders_from_outside_are_nobody)
{
	pid_t pid = fork();

	if (!pid) {
		become(BOB);
		_exit(say(self->client, "x") != 1);
	}
	EXPECT_EQ(0, exit_of(pid));
	pid = fork();
	if (!pid)
		_exit(receive_as_her_own_root(self->server, self->client));
	EXPECT_EQ(0, exit_of(pid));
}

TEST_HARNESS_MAIN
