// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes that cannot be carried through, and the vectored kinds of write:
 * what was not written wholly was not written at all.
 */
#include "box_test.h"

/* Sizes below and above the one from which a payload is kept elsewhere. */
static const size_t sizes[] = { 1, 100, 2000, 2001, 10000, 100000, MIB };

TEST_F(box, a_buffer_that_ends_too_early_queues_nothing)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		char *buf = guarded_buffer(sizes[i]);

		EXPECT_ERR(write(self->client, buf + (sizes[i] + 1) / 2,
				 sizes[i]), EFAULT);
		EXPECT_ERR(write(self->client, buf + 1, sizes[i]), EFAULT);
		EXPECT_EQ(0, slot_count(self->server));
		/* The last byte that is there may be read. */
		EXPECT_EQ(sizes[i], write(self->client, buf, sizes[i]));
		EXPECT_EQ(1, drain(self->server));
	}
	EXPECT_EQ(ARRAY_SIZE(sizes), info_of(self->server).delivered);
	EXPECT_EQ(0, info_of(self->server).queued_bytes);
}

TEST_F(box, no_buffer_at_all_queues_nothing)
{
	/* The compiler must not see that it is none. */
	char *volatile nowhere = NULL;
	char c;

	EXPECT_ERR(write(self->client, nowhere, 1), EFAULT);
	EXPECT_ERR(write(self->client, nowhere, 100000), EFAULT);
	EXPECT_ERR(write(self->client, nowhere - 4096, 1), EFAULT);
	EXPECT_EQ(0, slot_count(self->server));
	EXPECT_ERR(read(self->server, &c, 1), EAGAIN);
}

TEST_F(box, a_gathered_write_is_one_message)
{
	struct iovec iov[] = {
		{ .iov_base = "one ", .iov_len = 4 },
		{ .iov_base = NULL, .iov_len = 0 },
		{ .iov_base = "mess", .iov_len = 4 },
		{ .iov_base = "age", .iov_len = 3 },
	};

	EXPECT_EQ(11, writev(self->client, iov, 4));
	EXPECT_EQ(11, pwritev2(self->client, iov, 4, -1, 0));
	EXPECT_EQ(11, pwritev2(self->client, iov, 4, -1, RWF_NOWAIT));
	EXPECT_EQ(3, slot_count(self->server));
	EXPECT_TRUE(hears(self->server, "one message"));
	EXPECT_TRUE(hears(self->server, "one message"));
	EXPECT_TRUE(hears(self->server, "one message"));
}

TEST_F(box, a_gathered_write_with_a_bad_part_queues_nothing)
{
	char *buf = guarded_buffer(10);
	struct iovec iov[] = {
		{ .iov_base = "good", .iov_len = 4 },
		{ .iov_base = buf, .iov_len = 11 },
		{ .iov_base = "good", .iov_len = 4 },
	};

	EXPECT_ERR(writev(self->client, iov, 3), EFAULT);
	EXPECT_EQ(0, slot_count(self->server));
	iov[1].iov_len = 10;
	EXPECT_EQ(18, writev(self->client, iov, 3));
	EXPECT_EQ(1, drain(self->server));
}

TEST_F(box, a_gathered_write_has_the_same_limits)
{
	struct iovec iov[2];
	char *buf = calloc(1, MIB);

	iov[0] = (struct iovec){ .iov_base = buf, .iov_len = MIB };
	iov[1] = (struct iovec){ .iov_base = buf, .iov_len = 1 };
	EXPECT_ERR(writev(self->client, iov, 2), EMSGSIZE);
	EXPECT_EQ(1, info_of(self->server).dropped_too_long);
	ASSERT_OK(set_limits("max_queue_bytes=100"));
	iov[0].iov_len = 100;
	EXPECT_ERR(writev(self->client, iov, 2), ENOBUFS);
	EXPECT_EQ(1, info_of(self->server).dropped_queue_full);
	close(self->server);
	EXPECT_ERR(writev(self->client, iov, 1), EPIPE);
	self->server = -1;
	free(buf);
}

/* The VFS ends it before it reaches us, so it is documented, not changed. */
TEST_F(box, a_gathered_write_of_nothing_queues_nothing)
{
	struct iovec iov = { .iov_base = "", .iov_len = 0 };

	EXPECT_EQ(0, writev(self->client, &iov, 1));
	EXPECT_EQ(0, writev(self->client, NULL, 0));
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_F(box, there_are_no_positions_to_write_at)
{
	struct iovec iov = { .iov_base = "x", .iov_len = 1 };

	EXPECT_ERR(pwrite(self->client, "x", 1, 0), ESPIPE);
	EXPECT_ERR(pwrite(self->client, "x", 1, 100), ESPIPE);
	EXPECT_ERR(pwritev(self->client, &iov, 1, 0), ESPIPE);
	EXPECT_ERR(lseek(self->client, 0, SEEK_SET), ESPIPE);
	EXPECT_ERR(lseek(self->client, 0, SEEK_END), ESPIPE);
	EXPECT_EQ(0, slot_count(self->server));
}

/* --- A writer who is held up in the middle ---------------------------------- */

/**
 * struct writer - one write(2) in a thread of its own
 * @fd: The client end.
 * @buf: What to write.
 * @len: How much.
 * @error: Its errno, 0 if all was written.
 * @thread: The thread.
 */
struct writer {
	int fd;
	const char *buf;
	size_t len;
	int error;
	pthread_t thread;
};

static void *writer_main(void *arg)
{
	struct writer *writer = arg;
	ssize_t ret = write(writer->fd, writer->buf, writer->len);

	writer->error = ret < 0 ? errno : ret == (ssize_t)writer->len ? 0 : -1;
	return NULL;
}

static bool stalled_writer(struct writer *writer, int fd, struct stall *stall,
			   size_t len)
{
	writer->fd = fd;
	writer->buf = stall->second - 1;
	writer->len = len;
	return !pthread_create(&writer->thread, NULL, writer_main, writer) &&
	       stall_wait(stall);
}

static int writer_join(struct writer *writer)
{
	pthread_join(writer->thread, NULL);
	return writer->error;
}

TEST_F(box, a_writer_who_is_held_up_is_in_nobodys_way)
{
	char page[4096] = "ello";
	struct writer writer;
	struct stall stall;

	if (!stall_open(&stall))
		SKIP(return, "no userfaultfd");
	ASSERT_TRUE(stalled_writer(&writer, self->client, &stall, 5));
	EXPECT_EQ(0, slot_count(self->server));
	EXPECT_EQ(5, say(self->client, "other"));
	EXPECT_TRUE(hears(self->server, "other"));
	ASSERT_OK(stall_end(&stall, page));
	EXPECT_EQ(0, writer_join(&writer));
	EXPECT_TRUE(hears(self->server, "#ello"));
	stall_close(&stall);
}

TEST_F(box, when_the_server_goes_in_the_middle_of_a_write_it_fails)
{
	static const char page[4096];
	struct writer writer;
	struct stall stall;
	int again;

	if (!stall_open(&stall))
		SKIP(return, "no userfaultfd");
	ASSERT_TRUE(stalled_writer(&writer, self->client, &stall, 3000));
	close(self->server);
	again = slot_create("box", 0, 0);
	ASSERT_OK(stall_end(&stall, page));
	EXPECT_EQ(EPIPE, writer_join(&writer));
	EXPECT_EQ(0, slot_count(again));
	close(again);
	stall_close(&stall);
}

TEST_F(box, when_others_take_the_room_in_the_middle_of_a_write_it_fails)
{
	static const size_t lengths[] = { 500, 4097 };
	static const char page[4096], others[5000];
	struct writer writer;
	struct stall stall;
	int i;

	ASSERT_OK(set_limits("max_queue_bytes=5000"));
	for (i = 0; i < 2; i++) {
		if (!stall_open(&stall))
			SKIP(return, "no userfaultfd");
		ASSERT_TRUE(stalled_writer(&writer, self->client, &stall,
					   lengths[i]));
		EXPECT_EQ(5000, write(self->client, others, 5000));
		ASSERT_OK(stall_end(&stall, page));
		EXPECT_EQ(ENOBUFS, writer_join(&writer));
		EXPECT_EQ(i + 1, info_of(self->server).dropped_queue_full);
		EXPECT_EQ(1, drain(self->server));
		stall_close(&stall);
	}
}

TEST_F(box, a_page_that_vanishes_in_the_middle_of_a_write_queues_nothing)
{
	struct writer writer;
	struct stall stall;

	if (!stall_open(&stall))
		SKIP(return, "no userfaultfd");
	ASSERT_TRUE(stalled_writer(&writer, self->client, &stall, 100));
	ASSERT_OK(stall_fail(&stall));
	EXPECT_EQ(EFAULT, writer_join(&writer));
	EXPECT_EQ(0, slot_count(self->server));
	EXPECT_EQ(0, info_of(self->server).delivered);
	stall_close(&stall);
}

/* --- No memory ------------------------------------------------------------ */

#define FAILSLAB "/sys/kernel/debug/failslab/"

/* One failure on demand is no reason to fill the log with a stack trace. */
static void fail_quietly(void)
{
	write_file(FAILSLAB "verbose", "0");
	write_file("/sys/kernel/debug/fail_page_alloc/verbose", "0");
	write_file("/sys/kernel/debug/fail_usercopy/verbose", "0");
}

static bool arm_failslab(void)
{
	fail_quietly();
	return !write_file(FAILSLAB "task-filter", "Y") &&
	       !write_file(FAILSLAB "ignore-gfp-wait", "N") &&
	       !write_file(FAILSLAB "times", "-1") &&
	       !write_file(FAILSLAB "probability", "100");
}

/*
 * The error of a write during which every allocation of this process fails.
 * The switch is open already, as opening a file is an allocation.
 */
static int write_failing(int fd, const void *buf, size_t size)
{
	int fail = open("/proc/self/make-it-fail", O_RDWR | O_CLOEXEC), error;

	if (fail < 0 || pwrite(fail, "1", 1, 0) != 1)
		return -1;
	error = error_of(write(fd, buf, size));
	if (pwrite(fail, "0", 1, 0) != 1)
		error = -1;
	close(fail);
	return error;
}

TEST_F(box, without_memory_write_fails_and_counts_and_loses_nothing)
{
	char *buf = calloc(1, 100000);
	size_t i;

	if (access(FAILSLAB, F_OK))
		SKIP(return, "this kernel cannot make allocations fail");
	ASSERT_TRUE(arm_failslab());
	EXPECT_EQ(6, say(self->client, "before"));
	for (i = 0; i < 5; i++)
		EXPECT_EQ(ENOMEM, write_failing(self->client, buf, sizes[i]));
	EXPECT_EQ(1, slot_count(self->server));
	EXPECT_EQ(5, info_of(self->server).dropped_no_memory);
	EXPECT_EQ(1, info_of(self->server).delivered);
	EXPECT_EQ(5, say(self->client, "after"));
	EXPECT_TRUE(hears(self->server, "before"));
	EXPECT_TRUE(hears(self->server, "after"));
	free(buf);
}

/* A slot that has a used buffer needs no memory for the next message. */
TEST_F(box, a_slot_in_use_needs_no_memory)
{
	char buf[100];

	if (access(FAILSLAB, F_OK))
		SKIP(return, "this kernel cannot make allocations fail");
	ASSERT_TRUE(arm_failslab());
	fill_pattern(buf, 100, 1);
	EXPECT_EQ(100, write(self->client, buf, 100));
	EXPECT_EQ(100, read(self->server, buf, 100));
	EXPECT_EQ(0, write_failing(self->client, buf, 100));
	memset(buf, 0, 100);
	EXPECT_EQ(100, read(self->server, buf, 100));
	EXPECT_TRUE(has_pattern(buf, 100, 1));
}

/*
 * Let the nth operation that can fail do so in a write, be it an allocation or
 * a copy; *failed is whether there were that many.
 */
static int write_failing_nth(int n, int fd, const void *buf, size_t size,
			     bool *failed)
{
	int nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC), error;
	char text[16];
	ssize_t got;

	if (nth < 0)
		return -1;
	snprintf(text, sizeof(text), "%d", n);
	if (pwrite(nth, text, strlen(text), 0) < 0)
		return -1;
	error = error_of(write(fd, buf, size));
	/* This copy to the user may be the nth itself. */
	got = pread(nth, text, sizeof(text) - 1, 0);
	*failed = got > 0 && text[0] == '0';
	while (pwrite(nth, "0", 1, 0) < 0)
		;
	close(nth);
	return error;
}

/* Each step in turn fails once, until there is none left to fail. */
TEST_F(box, whichever_step_fails_the_message_is_there_or_is_not)
{
	char *buf = calloc(1, 10000);
	bool failed;
	long before;
	int error, i, n;

	if (access("/proc/self/fail-nth", F_OK))
		SKIP(return, "this kernel cannot make allocations fail");
	fail_quietly();
	for (i = 0; i < 5; i++) {
		for (n = 1, failed = true; failed && n < 50; n++) {
			before = slot_count(self->server);
			error = write_failing_nth(n, self->client, buf,
						  sizes[i], &failed);
			EXPECT_TRUE(!error || error == ENOMEM ||
				    error == EFAULT);
			EXPECT_EQ(before + !error, slot_count(self->server));
		}
		EXPECT_LT(n, 50);
	}
	free(buf);
}

/* --- The limit of a memory control group ---------------------------------- */

#define GROUP "/sys/fs/cgroup/mailslot-write"

/* Fills the slot with messages until there is an error, which it returns. */
static int fill_up(const char *name)
{
	int client = slot_open(name);
	char *buf = calloc(1, 60000);
	int i, error = 0;

	if (write_file(GROUP "/cgroup.procs", "0"))
		return 201;
	for (i = 0; i < 1000 && !error; i++)
		error = error_of(write(client, buf, 60000));
	/* Small ones use up what is left. */
	for (i = 0; i < 10000 && error == ENOMEM; i++) {
		if (error_of(write(client, buf, 100)) == ENOMEM)
			return ENOMEM;
	}
	return error;
}

TEST_F(box, a_writer_at_its_memory_limit_gets_an_error_and_lives_on)
{
	pid_t pid;

	if (mkdir(GROUP, 0755) && errno != EEXIST)
		SKIP(return, "no control groups");
	ASSERT_OK(write_file(GROUP "/memory.max", "16M"));
	pid = fork();
	if (!pid)
		_exit(fill_up("box"));
	EXPECT_EQ(ENOMEM, exit_of(pid));
	EXPECT_LT(100, slot_count(self->server));
	EXPECT_EQ(slot_count(self->server), info_of(self->server).delivered);
	EXPECT_LE(1, info_of(self->server).dropped_no_memory);
	EXPECT_LT(100, drain(self->server));
	EXPECT_TRUE(wait_until(!rmdir(GROUP)));
}

/* More than the group has, had it not been given back each time. */
static int fail_often(const char *name)
{
	int client = slot_open(name);
	char *buf = guarded_buffer(60000);
	int i;

	memset(buf, 0, 60000);
	if (write_file(GROUP "/cgroup.procs", "0"))
		return 201;
	for (i = 0; i < 2000; i++)
		if (error_of(write(client, buf + 1, 60000)) != EFAULT)
			return 1;
	if (write(client, buf, 60000) != 60000)
		return 2;
	for (i = 0; i < 6000; i++)
		if (error_of(write(client, buf, 60000)) != ENOBUFS ||
		    error_of(write(client, buf, 3000)) != ENOBUFS)
			return 3;
	return 0;
}

TEST_F(box, writes_that_fail_use_up_no_memory)
{
	pid_t pid;

	if (mkdir(GROUP, 0755) && errno != EEXIST)
		SKIP(return, "no control groups");
	ASSERT_OK(write_file(GROUP "/memory.max", "16M"));
	ASSERT_OK(set_limits("max_queue_bytes=60000"));
	pid = fork();
	if (!pid)
		_exit(fail_often("box"));
	EXPECT_EQ(0, exit_of(pid));
	EXPECT_TRUE(wait_until(!rmdir(GROUP)));
}

TEST_HARNESS_MAIN
