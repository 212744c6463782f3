// SPDX-License-Identifier: GPL-2.0-only
/*
 * One message to several slots in one call. Also built for 32 bits.
 */
#include <sys/inotify.h>
#include <sys/mman.h>

#include "io_test.h"

#define N	4

FIXTURE(boxes) {
	int server[N];
	struct mailslot_ioctl_target to[N];
	struct mailslot_ioctl_send_many args;
	char big[100000];
};

static const char *name_of(int i)
{
	static char name[16];

	snprintf(name, sizeof(name), "box%d", i);
	return name;
}

FIXTURE_SETUP(boxes)
{
	int i;

	for (i = 0; i < N; i++) {
		self->server[i] = slot_create(name_of(i), 0, 0);
		ASSERT_LE(0, self->server[i]);
		self->to[i].fd = slot_open(name_of(i));
		self->to[i].error = -1;
		ASSERT_LE(0, self->to[i].fd);
	}
	fill_pattern(self->big, sizeof(self->big), 3);
}

FIXTURE_TEARDOWN(boxes)
{
	int i;

	for (i = 0; i < N; i++) {
		close(self->server[i]);
		close(self->to[i].fd);
	}
}

static int send_by(int fd, struct _test_data_boxes *boxes, const void *buf,
		   uint32_t len)
{
	boxes->args = (struct mailslot_ioctl_send_many) {
		.buf = (uintptr_t)buf,
		.targets = (uintptr_t)boxes->to,
		.len = len,
		.count = N,
	};
	return ioctl(fd, MAILSLOT_IOC_SEND_MANY, &boxes->args);
}

static int send_all(struct _test_data_boxes *boxes, const char *text)
{
	return send_by(boxes->server[0], boxes, text, strlen(text));
}

TEST_F(boxes, everybody_gets_the_message_and_knows_the_sender)
{
	struct mailslot_ioctl_recv recv;
	char buf[16];
	int i;

	EXPECT_EQ(N, send_all(self, "hello"));
	for (i = 0; i < N; i++) {
		EXPECT_EQ(0, self->to[i].error);
		EXPECT_EQ(1, slot_count(self->server[i]));
		recv = (struct mailslot_ioctl_recv) {
			.buf = (uintptr_t)buf,
			.len = sizeof(buf),
		};
		EXPECT_OK(ioctl(self->server[i], MAILSLOT_IOC_RECV, &recv));
		EXPECT_EQ(5, recv.size);
		EXPECT_EQ(0, memcmp(buf, "hello", 5));
		EXPECT_EQ(getpid(), recv.pid);
		EXPECT_EQ(getuid(), recv.uid);
		EXPECT_EQ(getgid(), recv.gid);
		EXPECT_EQ(1, info_of(self->server[i]).delivered);
	}
}

TEST_F(boxes, messages_of_all_sizes_stay_until_each_has_read_them)
{
	static const uint32_t sizes[] = { 0, 1, 4096, 4097, 65536, 100000 };
	static char buf[100000];
	size_t s;
	int i;

	for (s = 0; s < ARRAY_SIZE(sizes); s++)
		EXPECT_EQ(N, send_by(self->server[0], self, self->big,
				     sizes[s]));
	for (i = 0; i < N; i++) {
		for (s = 0; s < ARRAY_SIZE(sizes); s++) {
			EXPECT_EQ(sizes[s],
				  read(self->server[i], buf, sizeof(buf)));
			EXPECT_TRUE(has_pattern(buf, sizes[s], 3));
		}
		/* Those that are left lose nothing when a reader is gone. */
		close(self->server[i]);
	}
}

TEST_F(boxes, a_reader_that_waits_gets_it_at_once)
{
	struct reader reader;
	char buf[16];

	EXPECT_OK(slot_set_timeout(self->server[2], MAILSLOT_WAIT_FOREVER));
	ASSERT_TRUE(reader_start(&reader, self->server[2], buf, sizeof(buf)));
	EXPECT_EQ(N, send_all(self, "hello"));
	EXPECT_EQ(5, reader_join(&reader));
	EXPECT_EQ(0, slot_count(self->server[2]));
	EXPECT_EQ(1, slot_count(self->server[3]));
}

TEST_F(boxes, a_reader_that_cannot_take_it_gets_it_again)
{
	EXPECT_EQ(N, send_all(self, "hello"));
	EXPECT_ERR(read(self->server[1], bad_address(), 10), EFAULT);
	EXPECT_ERR(read(self->server[1], self->big, 4), EMSGSIZE);
	EXPECT_TRUE(hears(self->server[1], "hello"));
	EXPECT_TRUE(hears(self->server[0], "hello"));
}

TEST_F(boxes, each_has_an_error_of_its_own)
{
	int fds[N], i;

	for (i = 0; i < N; i++)
		fds[i] = self->to[i].fd;
	close(self->server[1]);
	self->to[2].fd = self->server[2];
	self->to[3].fd = -1;
	EXPECT_EQ(1, send_all(self, "hello"));
	EXPECT_EQ(0, self->to[0].error);
	EXPECT_EQ(EPIPE, self->to[1].error);
	EXPECT_EQ(EBADF, self->to[2].error);
	EXPECT_EQ(EBADF, self->to[3].error);
	EXPECT_TRUE(hears(self->server[0], "hello"));
	EXPECT_EQ(0, slot_count(self->server[2]));
	EXPECT_EQ(0, slot_count(self->server[3]));
	for (i = 0; i < N; i++)
		self->to[i].fd = fds[i];
}

TEST_F(boxes, what_is_no_mailslot_is_no_target)
{
	int pair[2], old = self->to[1].fd;

	ASSERT_OK(pipe(pair));
	self->to[1].fd = pair[1];
	EXPECT_EQ(N - 1, send_all(self, "hello"));
	EXPECT_EQ(EBADF, self->to[1].error);
	EXPECT_EQ(0, poll_now(pair[0], POLLIN));
	self->to[1].fd = old;
	close(pair[0]);
	close(pair[1]);
}

TEST_F(boxes, a_slot_that_takes_less_refuses_it_and_counts)
{
	int server = slot_create("small", 4, 0), old = self->to[1].fd;

	self->to[1].fd = slot_open("small");
	EXPECT_EQ(N - 1, send_all(self, "hello"));
	EXPECT_EQ(EMSGSIZE, self->to[1].error);
	EXPECT_EQ(1, info_of(server).dropped_too_long);
	EXPECT_EQ(0, slot_count(server));
	close(self->to[1].fd);
	close(server);
	self->to[1].fd = old;
}

TEST_F(boxes, a_full_slot_is_no_loss_to_the_others)
{
	ASSERT_OK(set_limits("max_queue_messages=2"));
	EXPECT_EQ(4, say(self->to[1].fd, "full"));
	EXPECT_EQ(4, say(self->to[1].fd, "full"));
	EXPECT_EQ(N - 1, send_all(self, "hello"));
	EXPECT_EQ(ENOBUFS, self->to[1].error);
	EXPECT_EQ(1, info_of(self->server[1]).dropped_queue_full);
	EXPECT_TRUE(hears(self->server[3], "hello"));
	ASSERT_OK(set_limits("max_queue_messages=262144"));
}

TEST_F(boxes, the_same_slot_may_be_named_twice)
{
	int old = self->to[1].fd;

	self->to[1].fd = self->to[0].fd;
	EXPECT_EQ(N, send_all(self, "hello"));
	EXPECT_TRUE(hears(self->server[0], "hello"));
	EXPECT_TRUE(hears(self->server[0], "hello"));
	EXPECT_EQ(0, slot_count(self->server[1]));
	self->to[1].fd = old;
}

TEST_F(boxes, a_long_list_is_served_to_its_end)
{
	struct mailslot_ioctl_target to[100];
	int i;

	for (i = 0; i < 100; i++)
		to[i] = self->to[i % N];
	to[50].fd = -1;
	self->args = (struct mailslot_ioctl_send_many) {
		.buf = (uintptr_t)"hello",
		.targets = (uintptr_t)to,
		.len = 5,
		.count = 100,
	};
	EXPECT_EQ(99, ioctl(self->server[0], MAILSLOT_IOC_SEND_MANY,
			    &self->args));
	for (i = 0; i < 100; i++)
		EXPECT_EQ(i == 50 ? EBADF : 0, to[i].error);
	for (i = 0; i < N; i++)
		EXPECT_EQ(50 % N == i ? 24 : 25, slot_count(self->server[i]));
	EXPECT_TRUE(hears(self->server[3], "hello"));
}

/* The list runs out of its page. */
TEST_F(boxes, those_before_a_target_that_cannot_be_loaded_are_served)
{
	long page = sysconf(_SC_PAGESIZE);
	struct mailslot_ioctl_target *to;
	char *at = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, at);
	ASSERT_OK(mprotect(at + page, page, PROT_NONE));
	to = (void *)(at + page - 2 * sizeof(*to));
	memcpy(to, self->to, 2 * sizeof(*to));
	self->args = (struct mailslot_ioctl_send_many) {
		.buf = (uintptr_t)"hello",
		.targets = (uintptr_t)to,
		.len = 5,
		.count = N,
	};
	EXPECT_ERR(ioctl(self->server[0], MAILSLOT_IOC_SEND_MANY, &self->args),
		   EFAULT);
	EXPECT_EQ(0, to[0].error);
	EXPECT_EQ(0, to[1].error);
	EXPECT_TRUE(hears(self->server[0], "hello"));
	EXPECT_TRUE(hears(self->server[1], "hello"));
	EXPECT_EQ(0, slot_count(self->server[2]));
	munmap(at, 2 * page);
}

TEST_F(boxes, an_answer_that_cannot_be_stored_is_an_error)
{
	long page = sysconf(_SC_PAGESIZE);
	void *at = mmap(NULL, page, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, at);
	memcpy(at, self->to, sizeof(self->to));
	ASSERT_OK(mprotect(at, page, PROT_READ));
	self->args = (struct mailslot_ioctl_send_many) {
		.buf = (uintptr_t)"hello",
		.targets = (uintptr_t)at,
		.len = 5,
		.count = N,
	};
	EXPECT_ERR(ioctl(self->server[0], MAILSLOT_IOC_SEND_MANY, &self->args),
		   EFAULT);
	munmap(at, page);
}

TEST_F(boxes, any_mailslot_can_be_called)
{
	int root = open(slot_root(), O_RDONLY | O_DIRECTORY);

	EXPECT_EQ(N, send_by(self->to[3].fd, self, "a", 1));
	EXPECT_EQ(N, send_by(root, self, "b", 1));
	EXPECT_EQ(2, slot_count(self->server[2]));
	close(root);
}

TEST_F(boxes, watchers_see_each_slot_change)
{
	struct inotify_event event;
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	ASSERT_LE(0, inotify_add_watch(watch, slot_path(name_of(1)),
				       IN_MODIFY));
	EXPECT_EQ(N, send_all(self, "hello"));
	EXPECT_EQ((ssize_t)sizeof(event), read(watch, &event, sizeof(event)));
	EXPECT_EQ(IN_MODIFY, event.mask);
	close(watch);
}

TEST_F(boxes, bad_arguments_send_nothing)
{
	struct mailslot_ioctl_send_many *args = &self->args;
	int fd = self->server[0];

	send_by(-1, self, "hello", 5);
	args->count = 0;
	EXPECT_ERR(ioctl(fd, MAILSLOT_IOC_SEND_MANY, args), EINVAL);
	args->count = MAILSLOT_MANY_MAX + 1;
	EXPECT_ERR(ioctl(fd, MAILSLOT_IOC_SEND_MANY, args), EINVAL);
	args->count = N;
	args->flags = 1;
	EXPECT_ERR(ioctl(fd, MAILSLOT_IOC_SEND_MANY, args), EINVAL);
	args->flags = 0;
	args->reserved = 1;
	EXPECT_ERR(ioctl(fd, MAILSLOT_IOC_SEND_MANY, args), EINVAL);
	args->reserved = 0;
	args->len = UINT32_MAX;
	EXPECT_ERR(ioctl(fd, MAILSLOT_IOC_SEND_MANY, args), EMSGSIZE);
	args->len = 5;
	args->buf = (uintptr_t)bad_address();
	EXPECT_ERR(ioctl(fd, MAILSLOT_IOC_SEND_MANY, args), EFAULT);
	args->buf = (uintptr_t)"hello";
	args->targets = (uintptr_t)bad_address();
	EXPECT_ERR(ioctl(fd, MAILSLOT_IOC_SEND_MANY, args), EFAULT);
	EXPECT_EQ(0, slot_count(self->server[0]));
	EXPECT_EQ(0, slot_count(self->server[1]));
}

TEST_HARNESS_MAIN
