// SPDX-License-Identifier: GPL-2.0-only
/* libmailslot on a real mount: messages, and the state of slots. */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include "library_test.h"

static uint64_t now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

TEST_F(slot, read_and_write)
{
	EXPECT_EQ(5, mailslot_write(self->client, "first", 5));
	EXPECT_EQ(0, mailslot_write(self->client, "", 0));
	EXPECT_EQ(6, mailslot_write(self->client, "second", 6));
	EXPECT_ERROR(EMSGSIZE, mailslot_read(self->server, self->buf, 4));
	EXPECT_EQ('#', self->buf[0]);
	EXPECT_EQ(5, mailslot_read(self->server, self->buf, 64));
	EXPECT_EQ(0, memcmp("first#", self->buf, 6));
	EXPECT_EQ(0, mailslot_read(self->server, self->buf, 64));
	EXPECT_EQ(6, mailslot_read(self->server, self->buf, 64));
	EXPECT_EQ(0, memcmp("second#", self->buf, 7));
	EXPECT_ERROR(EBADF, mailslot_write(self->server, "x", 1));
	EXPECT_ERROR(EBADF, mailslot_read(self->client, self->buf, 1));
}

TEST_F(slot, write_to_a_server_that_is_gone)
{
	signal(SIGPIPE, SIG_DFL);
	close(self->server);
	EXPECT_ERROR(EPIPE, mailslot_write(self->client, "x", 1));
	self->server = mailslot_create("library", 0, 0, 0, 0);
	EXPECT_LE(0, self->server);
	EXPECT_ERROR(EPIPE, mailslot_write(self->client, "x", 1));
}

TEST_F(slot, recv_tells_who_sent_it)
{
	uint64_t real = now_ns(CLOCK_REALTIME_COARSE);
	uint64_t mono = now_ns(CLOCK_MONOTONIC_COARSE);
	struct mailslot_msg_info zero = { };
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (setgid(1234) || setuid(NOBODY))
			_exit(1);
		_exit(mailslot_write(self->client, "hello", 5) != 5);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, status);
	memset(&self->msg, 0xff, sizeof(self->msg));
	EXPECT_EQ(5, mailslot_recv(self->server, self->buf, 64, &self->msg, 0));
	EXPECT_EQ(0, memcmp("hello#", self->buf, 6));
	EXPECT_EQ(5, self->msg.size);
	EXPECT_EQ(0, self->msg.flags);
	EXPECT_EQ(pid, self->msg.pid);
	EXPECT_EQ(NOBODY, self->msg.uid);
	EXPECT_EQ(1234, self->msg.gid);
	EXPECT_LE(real, self->msg.realtime_ns);
	EXPECT_GE(now_ns(CLOCK_REALTIME_COARSE), self->msg.realtime_ns);
	EXPECT_LE(mono, self->msg.monotonic_ns);
	EXPECT_GE(now_ns(CLOCK_MONOTONIC_COARSE), self->msg.monotonic_ns);
	/* What only remote mail has is zero, and so is what is reserved. */
	EXPECT_EQ(0, self->msg.mail_class | self->msg.priority);
	EXPECT_EQ(0, memcmp(&zero.address, &self->msg.address,
			    sizeof(zero) - offsetof(struct mailslot_msg_info,
						    address)));
}

/* This machine stands for another one. */
TEST_F(slot, recv_tells_which_machine_sent_it)
{
	struct mailslot_msg_info *msg = &self->msg;
	int far;

	ASSERT_EQ(0, system("mount -o remount,remote=loopback,netbios=FARHOST /dev/mailslot"));
	EXPECT_EQ(0, mailslot_set_flags(self->server, MAILSLOT_ACCEPT_REMOTE));
	far = mailslot_open("//127.0.0.1/mailslot/LIBRARY", O_WRONLY);
	EXPECT_EQ(5, mailslot_write(far, "hello", 5));
	memset(msg, 0xff, sizeof(*msg));
	EXPECT_EQ(5, mailslot_recv(self->server, self->buf, 64, msg, 0));
	EXPECT_EQ(5, msg->size);
	EXPECT_EQ(MAILSLOT_MSG_REMOTE, msg->flags);
	EXPECT_EQ(AF_INET, msg->address.sin_family);
	EXPECT_EQ(htonl(INADDR_LOOPBACK), msg->address.sin_addr.s_addr);
	EXPECT_EQ(htons(138), msg->address.sin_port);
	EXPECT_STREQ("FARHOST", msg->source_name);
	EXPECT_EQ(0, msg->source_suffix);
	EXPECT_EQ(2, msg->mail_class);
	EXPECT_EQ(0, msg->priority);
	EXPECT_EQ(0, msg->pid | msg->uid | msg->gid);
	close(far);
	EXPECT_EQ(0, system("mount -o remount,remote=off /dev/mailslot"));
}

TEST_F(slot, recv_with_a_short_buffer)
{
	mailslot_write(self->client, "hello", 5);
	memset(&self->msg, 0xff, sizeof(self->msg));
	EXPECT_ERROR(EMSGSIZE, mailslot_recv(self->server, self->buf, 4,
					     &self->msg, 0));
	EXPECT_EQ(5, self->msg.size);
	EXPECT_EQ('#', self->buf[0]);
	EXPECT_ERROR(EMSGSIZE, mailslot_recv(self->server, NULL, 0, NULL, 0));
	EXPECT_EQ(5, mailslot_recv(self->server, self->buf, 5, NULL, 0));
	EXPECT_EQ(0, memcmp("hello#", self->buf, 6));
}

TEST_F(slot, recv_cuts_when_told_to)
{
	mailslot_write(self->client, "hello", 5);
	mailslot_write(self->client, "next", 4);
	EXPECT_EQ(5, mailslot_recv(self->server, self->buf, 2, &self->msg,
				   MAILSLOT_TRUNC));
	EXPECT_EQ(5, self->msg.size);
	EXPECT_EQ(0, memcmp("he#", self->buf, 3));
	EXPECT_EQ(4, mailslot_recv(self->server, NULL, 0, NULL,
				   MAILSLOT_TRUNC));
	EXPECT_ERROR(EAGAIN, mailslot_recv(self->server, self->buf, 64, NULL,
					   MAILSLOT_DONTWAIT));
}

TEST_F(slot, recv_peeks)
{
	mailslot_write(self->client, "hello", 5);
	EXPECT_EQ(5, mailslot_recv(self->server, NULL, 0, &self->msg,
				   MAILSLOT_PEEK | MAILSLOT_TRUNC));
	EXPECT_EQ(5, self->msg.size);
	EXPECT_EQ(getpid(), self->msg.pid);
	EXPECT_EQ(5, mailslot_recv(self->server, self->buf, 64, NULL,
				   MAILSLOT_PEEK));
	EXPECT_EQ(0, memcmp("hello#", self->buf, 6));
	EXPECT_EQ(5, mailslot_read(self->server, self->buf, 64));
}

TEST_F(slot, recv_of_an_empty_message)
{
	mailslot_write(self->client, NULL, 0);
	EXPECT_EQ(0, mailslot_recv(self->server, NULL, 0, &self->msg, 0));
	EXPECT_EQ(0, self->msg.size);
	EXPECT_EQ(getpid(), self->msg.pid);
}

TEST_F(slot, recv_refuses)
{
	struct mailslot_msg_info msg;

	memset(&msg, 0x55, sizeof(msg));
	self->msg = msg;
	EXPECT_ERROR(EAGAIN, mailslot_recv(self->server, self->buf, 64,
					   &self->msg, MAILSLOT_DONTWAIT));
	EXPECT_ERROR(EINVAL, mailslot_recv(self->server, self->buf, 64,
					   &self->msg, 0x80));
	EXPECT_ERROR(EBADF, mailslot_recv(self->client, self->buf, 64,
					  &self->msg, 0));
	EXPECT_ERROR(EBADF, mailslot_recv(-1, self->buf, 64, &self->msg, 0));
	EXPECT_ERROR(ENOTTY, mailslot_recv(open("/dev/null", O_RDONLY),
					   self->buf, 64, &self->msg, 0));
	mailslot_write(self->client, "hello", 5);
	EXPECT_ERROR(EFAULT, mailslot_recv(self->server, NULL, 64, &self->msg,
					   0));
	EXPECT_EQ(0, memcmp(&msg, &self->msg, sizeof(msg)));
	EXPECT_EQ(5, mailslot_read(self->server, self->buf, 64));
}

/* A length of 4 GiB must not become one of 0. */
TEST_F(slot, recv_with_a_huge_length)
{
	size_t huge = (size_t)UINT32_MAX + 1;

	mailslot_write(self->client, "hello", 5);
	EXPECT_EQ(5, mailslot_recv(self->server, self->buf,
				   huge ? huge : SIZE_MAX, NULL, 0));
}

TEST_F(slot, get_info_counts)
{
	struct mailslot_info info;

	memset(&self->info, 0xff, sizeof(info));
	EXPECT_EQ(0, mailslot_get_info(self->client, &self->info));
	memset(&info, 0, sizeof(info));
	info.next_size = MAILSLOT_NO_MESSAGE;
	info.read_timeout_ms = MAILSLOT_WAIT_FOREVER;
	EXPECT_EQ(0, memcmp(&info, &self->info, sizeof(info)));

	mailslot_write(self->client, "hello", 5);
	mailslot_write(self->client, "hi", 2);
	EXPECT_EQ(0, mailslot_get_info(self->server, &self->info));
	info.next_size = 5;
	info.message_count = 2;
	info.queued_bytes = 7;
	info.delivered = 2;
	EXPECT_EQ(0, memcmp(&info, &self->info, sizeof(info)));
}

TEST_F(slot, get_info_counts_drops)
{
	int server = mailslot_create("small", 4, 0, 0, 0);
	int client = mailslot_open("small", 0);

	EXPECT_ERROR(EMSGSIZE, mailslot_write(client, "hello", 5));
	EXPECT_EQ(0, mailslot_get_info(client, &self->info));
	EXPECT_EQ(1, self->info.dropped_too_long);
	EXPECT_EQ(0, self->info.delivered);
	EXPECT_EQ(4, self->info.max_message_size);
	close(client);
	close(server);
}

TEST_F(slot, get_info_refuses)
{
	EXPECT_ERROR(EFAULT, mailslot_get_info(self->server, NULL));
	EXPECT_ERROR(EBADF, mailslot_get_info(-1, &self->info));
	EXPECT_ERROR(ENOTTY, mailslot_get_info(open("/dev/null", O_RDONLY),
					       &self->info));
}

TEST_F(slot, set_timeout)
{
	uint64_t start;

	EXPECT_EQ(0, mailslot_set_flags(self->server, MAILSLOT_ACCEPT_REMOTE));
	EXPECT_EQ(0, mailslot_set_timeout(self->server, 0));
	EXPECT_ERROR(EAGAIN, mailslot_read(self->server, self->buf, 64));
	EXPECT_EQ(0, mailslot_set_timeout(self->server, 20));
	start = now_ns(CLOCK_MONOTONIC);
	EXPECT_ERROR(ETIMEDOUT, mailslot_read(self->server, self->buf, 64));
	EXPECT_LE(start + 20000000, now_ns(CLOCK_MONOTONIC));
	EXPECT_EQ(0, mailslot_get_info(self->client, &self->info));
	EXPECT_EQ(20, self->info.read_timeout_ms);
	EXPECT_EQ(MAILSLOT_ACCEPT_REMOTE, self->info.flags);

	EXPECT_ERROR(EPERM, mailslot_set_timeout(self->client, 0));
	EXPECT_ERROR(EBADF, mailslot_set_timeout(-1, 0));
	EXPECT_ERROR(ENOTTY, mailslot_set_timeout(open("/dev/null", O_RDONLY),
						  0));
}

TEST_F(slot, set_flags)
{
	EXPECT_EQ(0, mailslot_set_timeout(self->server, 77));
	EXPECT_EQ(0, mailslot_set_flags(self->server, MAILSLOT_ACCEPT_REMOTE |
					MAILSLOT_ACCEPT_BROADCAST));
	EXPECT_EQ(0, mailslot_set_flags(self->server,
					MAILSLOT_ACCEPT_BROADCAST));
	EXPECT_ERROR(EINVAL, mailslot_set_flags(self->server, 1));
	EXPECT_EQ(0, mailslot_get_info(self->client, &self->info));
	EXPECT_EQ(MAILSLOT_ACCEPT_BROADCAST, self->info.flags);
	EXPECT_EQ(77, self->info.read_timeout_ms);

	EXPECT_ERROR(EPERM, mailslot_set_flags(self->client, 0));
	EXPECT_ERROR(EBADF, mailslot_set_flags(-1, 0));
}

#define MANY	100

TEST_F(slot, many_are_received_in_as_many_calls_as_it_takes)
{
	struct mailslot_message messages[MANY];
	uint16_t numbers[MANY];
	int i;

	for (i = 0; i < MANY; i++) {
		EXPECT_EQ(2, mailslot_write(self->client, &i, 2));
		messages[i].buf = &numbers[i];
		messages[i].len = 2;
	}
	EXPECT_EQ(10, mailslot_recv_many(self->server, messages, 10, 0));
	EXPECT_EQ(MANY - 10, mailslot_recv_many(self->server, messages + 10,
						MANY - 10, 0));
	for (i = 0; i < MANY; i++) {
		EXPECT_EQ(i, numbers[i]);
		EXPECT_EQ(2, messages[i].info.size);
		EXPECT_EQ(getpid(), messages[i].info.pid);
	}
	EXPECT_ERROR(EAGAIN, mailslot_recv_many(self->server, messages, MANY,
						MAILSLOT_DONTWAIT));
	EXPECT_ERROR(EINVAL, mailslot_recv_many(self->server, messages, 0, 0));
	/* Too long for the first: its size; for a later one: not yet. */
	EXPECT_EQ(1, mailslot_write(self->client, "a", 1));
	EXPECT_EQ(3, mailslot_write(self->client, "abc", 3));
	EXPECT_EQ(1, mailslot_recv_many(self->server, messages, MANY, 0));
	EXPECT_ERROR(EMSGSIZE, mailslot_recv_many(self->server, messages, MANY,
						  0));
	EXPECT_EQ(3, messages[0].info.size);
	EXPECT_EQ(1, mailslot_recv_many(self->server, messages, MANY,
					MAILSLOT_TRUNC));
}

TEST_F(slot, one_is_sent_to_many)
{
	struct mailslot_target targets[] = {
		{ -1, -1 }, { STDERR_FILENO, -1 }, { self->client, -1 },
		{ self->server, -1 }, { self->client, -1 },
	};

	EXPECT_EQ(2, mailslot_send_many(targets, 5, "hello", 5));
	EXPECT_EQ(EBADF, targets[0].error);
	EXPECT_EQ(EBADF, targets[1].error);
	EXPECT_EQ(0, targets[2].error);
	EXPECT_EQ(EBADF, targets[3].error);
	EXPECT_EQ(0, targets[4].error);
	EXPECT_EQ(5, mailslot_read(self->server, self->buf, 64));
	EXPECT_EQ(0, memcmp(self->buf, "hello#", 6));
	EXPECT_EQ(5, mailslot_read(self->server, self->buf, 64));
	EXPECT_ERROR(EINVAL, mailslot_send_many(targets, 0, "hello", 5));
	EXPECT_ERROR(EMSGSIZE, mailslot_send_many(targets, 5, "hello",
						  SIZE_MAX));
	EXPECT_ERROR(EFAULT, mailslot_send_many(targets, 5, NULL, 5));
	/* Nobody there at all. */
	EXPECT_ERROR(EBADF, mailslot_send_many(targets, 1, "hello", 5));
	EXPECT_EQ(EBADF, targets[0].error);
}

#define THREADS		8
#define ROUNDS		200

/* A slot of its own for each thread, made and used again and again. */
static void *one_thread(void *arg)
{
	char name[16], sent[16], got[16];
	int server, client;
	int i, len;

	snprintf(name, sizeof(name), "thread/%ld", (long)arg);
	for (i = 0; i < ROUNDS; i++) {
		server = mailslot_create(name, 0, 0, 0, 0);
		client = mailslot_open(name, O_WRONLY);
		len = snprintf(sent, sizeof(sent), "%ld %d", (long)arg, i);
		if (mailslot_write(client, sent, len) != len ||
		    mailslot_read(server, got, sizeof(got)) != len ||
		    memcmp(sent, got, len))
			return "a thread got something else";
		if (mailslot_read(server, got, sizeof(got)) != -1 ||
		    errno != EAGAIN)
			return "a thread's errno is not its own";
		close(client);
		close(server);
	}
	return NULL;
}

TEST(threads)
{
	pthread_t threads[THREADS];
	void *complaint;
	long i;

	for (i = 0; i < THREADS; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, one_thread,
					    (void *)i));
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &complaint);
		EXPECT_EQ(NULL, complaint) {
			TH_LOG("%s", (char *)complaint);
		}
	}
}

TEST_HARNESS_MAIN
