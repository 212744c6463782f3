// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots in io_uring: what need not wait is done at once and without a worker
 * thread, what has to wait is not in anybody's way. And RWF_NOWAIT, by which
 * io_uring asks for that.
 */
#include <linux/io_uring.h>

#include "io_test.h"

/**
 * struct ring - one io_uring
 * @fd: It.
 * @sqes: The entries to fill in.
 * @sq_tail: Where the next one goes.
 * @sq_array: The order of submission.
 * @sq_mask: Entries, less one.
 * @cq_head: What we have seen.
 * @cq_tail: What there is.
 * @cq_mask: Entries, less one.
 * @cqes: The results.
 */
struct ring {
	int fd;
	struct io_uring_sqe *sqes;
	uint32_t *sq_tail;
	uint32_t *sq_array;
	uint32_t sq_mask;
	uint32_t *cq_head;
	uint32_t *cq_tail;
	uint32_t cq_mask;
	struct io_uring_cqe *cqes;
};

static int ring_open(struct ring *ring)
{
	struct io_uring_params p = {};
	char *sq, *cq;

	ring->fd = syscall(SYS_io_uring_setup, 8, &p);
	if (ring->fd < 0)
		return -1;
	sq = mmap(NULL, p.sq_off.array + p.sq_entries * sizeof(uint32_t),
		  PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd,
		  IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*ring->cqes),
		  PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd,
		  IORING_OFF_CQ_RING);
	ring->sqes = mmap(NULL, p.sq_entries * sizeof(*ring->sqes),
			  PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd,
			  IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || ring->sqes == MAP_FAILED)
		return -1;
	ring->sq_tail = (uint32_t *)(sq + p.sq_off.tail);
	ring->sq_array = (uint32_t *)(sq + p.sq_off.array);
	ring->sq_mask = p.sq_entries - 1;
	ring->cq_head = (uint32_t *)(cq + p.cq_off.head);
	ring->cq_tail = (uint32_t *)(cq + p.cq_off.tail);
	ring->cq_mask = p.cq_entries - 1;
	ring->cqes = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
	return 0;
}

/* Submits one operation and waits for nothing. */
static int submit(struct ring *ring, int op, int fd, const void *buf,
		  size_t len, uint64_t tag, int flags)
{
	uint32_t tail = *ring->sq_tail;
	struct io_uring_sqe *sqe = &ring->sqes[tail & ring->sq_mask];

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = op;
	sqe->fd = fd;
	sqe->addr = (uintptr_t)buf;
	sqe->len = len;
	sqe->off = -1;
	sqe->user_data = tag;
	sqe->flags = flags;
	if (op == IORING_OP_POLL_ADD) {
		sqe->off = 0;
		sqe->poll32_events = len;
		sqe->len = 0;
	} else if (op == IORING_OP_ASYNC_CANCEL) {
		sqe->off = 0;
	}
	ring->sq_array[tail & ring->sq_mask] = tail & ring->sq_mask;
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_RELEASE);
	return syscall(SYS_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0);
}

static bool completed(struct ring *ring)
{
	return *ring->cq_head !=
	       __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE);
}

#define NOTHING	INT32_MIN

/* The next result and whose it is, if there is one already. */
static int result_now(struct ring *ring, uint64_t *tag)
{
	uint32_t head = *ring->cq_head;
	struct io_uring_cqe *cqe = &ring->cqes[head & ring->cq_mask];
	int res;

	if (!completed(ring))
		return NOTHING;
	res = cqe->res;
	if (tag)
		*tag = cqe->user_data;
	__atomic_store_n(ring->cq_head, head + 1, __ATOMIC_RELEASE);
	return res;
}

/* The same when there is one. */
static int result(struct ring *ring, uint64_t *tag)
{
	if (!completed(ring))
		syscall(SYS_io_uring_enter, ring->fd, 0, 1,
			IORING_ENTER_GETEVENTS, NULL, 0);
	return result_now(ring, tag);
}

/* Submits, and takes the result that must be there at once. */
static int at_once(struct ring *ring, int op, int fd, const void *buf,
		   size_t len)
{
	if (submit(ring, op, fd, buf, len, 1, 0) != 1)
		return NOTHING;
	return result_now(ring, NULL);
}

/* Threads that io_uring made to do our work; they are called iou-wrk-PID. */
static int workers(void)
{
	DIR *dir = opendir("/proc/self/task");
	char path[64], comm[32];
	struct dirent *entry;
	int n = 0;

	while (dir) {
		entry = readdir(dir);
		if (!entry)
			break;
		snprintf(path, sizeof(path), "/proc/self/task/%.20s/comm",
			 entry->d_name);
		n += !strncmp(first_line(path, comm, sizeof(comm)), "iou-wrk",
			      7);
	}
	if (dir)
		closedir(dir);
	return n;
}

FIXTURE(box) {
	int server;
	int client;
	struct ring ring;
	char buf[64];
};

FIXTURE_SETUP(box)
{
	self->server = slot_create("box", 0, FOREVER);
	ASSERT_LE(0, self->server);
	self->client = slot_open("box");
	ASSERT_LE(0, self->client);
	ASSERT_OK(ring_open(&self->ring));
}

FIXTURE_TEARDOWN(box)
{
	close(self->ring.fd);
	close(self->client);
	close(self->server);
}

TEST_F(box, writes_are_done_at_once_and_without_a_worker)
{
	struct iovec iov[] = {
		{ .iov_base = "wor", .iov_len = 3 },
		{ .iov_base = "ld", .iov_len = 2 },
	};
	int i;

	EXPECT_EQ(5, at_once(&self->ring, IORING_OP_WRITE, self->client,
			     "hello", 5));
	EXPECT_EQ(5, at_once(&self->ring, IORING_OP_WRITEV, self->client,
			     iov, 2));
	EXPECT_EQ(0, at_once(&self->ring, IORING_OP_WRITE, self->client,
			     "", 0));
	for (i = 0; i < 100; i++)
		EXPECT_EQ(1, at_once(&self->ring, IORING_OP_WRITE,
				     self->client, "x", 1));
	EXPECT_EQ(0, workers());
	EXPECT_TRUE(hears(self->server, "hello"));
	EXPECT_TRUE(hears(self->server, "world"));
	EXPECT_TRUE(hears(self->server, ""));
	EXPECT_EQ(100, drain(self->server));
}

TEST_F(box, reads_of_what_is_there_are_done_at_once_and_without_a_worker)
{
	struct iovec iov = { .iov_base = self->buf, .iov_len = 64 };

	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(5, say(self->client, "world"));
	EXPECT_EQ(5, at_once(&self->ring, IORING_OP_READ, self->server,
			     self->buf, 64));
	EXPECT_EQ(0, memcmp(self->buf, "hello", 5));
	EXPECT_EQ(0, at_once(&self->ring, IORING_OP_READ, self->server,
			     self->buf, 64));
	EXPECT_EQ(5, at_once(&self->ring, IORING_OP_READV, self->server,
			     &iov, 1));
	EXPECT_EQ(0, memcmp(self->buf, "world", 5));
	EXPECT_EQ(0, workers());
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_F(box, a_read_that_must_wait_waits_without_a_worker)
{
	uint64_t tag;
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(1, submit(&self->ring, IORING_OP_READ, self->server,
				    self->buf, 64, 70 + i, 0));
		EXPECT_EQ(NOTHING, result_now(&self->ring, NULL));
		EXPECT_EQ(0, workers());
		EXPECT_EQ(5, say(self->client, "hello"));
		EXPECT_EQ(5, result(&self->ring, &tag));
		EXPECT_EQ(70 + i, tag);
		EXPECT_EQ(0, memcmp(self->buf, "hello", 5));
		EXPECT_EQ(0, workers());
	}
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_F(box, of_many_reads_each_message_completes_one)
{
	char bufs[6][8];
	uint64_t tag;
	int i, seen = 0;

	for (i = 0; i < 6; i++)
		ASSERT_EQ(1, submit(&self->ring, IORING_OP_READ, self->server,
				    bufs[i], 8, i, 0));
	for (i = 0; i < 6; i++) {
		EXPECT_EQ(1, write(self->client, "abcdef" + i, 1));
		EXPECT_EQ(1, result(&self->ring, &tag));
		ASSERT_LT(tag, 6);
		EXPECT_EQ("abcdef"[i], bufs[tag][0]);
		seen |= 1 << tag;
	}
	EXPECT_EQ(63, seen);
	EXPECT_EQ(NOTHING, result_now(&self->ring, NULL));
}

TEST_F(box, errors_come_as_results_and_lose_nothing)
{
	char *large = calloc(1, 2 * MIB);

	EXPECT_EQ(-EMSGSIZE, at_once(&self->ring, IORING_OP_WRITE,
				     self->client, large, 2 * MIB));
	EXPECT_EQ(-EBADF, at_once(&self->ring, IORING_OP_WRITE, self->server,
				  "x", 1));
	EXPECT_EQ(-EBADF, at_once(&self->ring, IORING_OP_READ, self->client,
				  self->buf, 64));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(-EMSGSIZE, at_once(&self->ring, IORING_OP_READ, self->server,
				     self->buf, 4));
	EXPECT_EQ(-EMSGSIZE, at_once(&self->ring, IORING_OP_READ, self->server,
				     self->buf, 0));
	EXPECT_TRUE(hears(self->server, "hello"));
	close(self->server);
	EXPECT_EQ(-EPIPE, at_once(&self->ring, IORING_OP_WRITE, self->client,
				  "x", 1));
	free(large);
}

TEST_F(box, registered_buffers_work)
{
	struct iovec iov = { .iov_base = self->buf, .iov_len = 64 };

	ASSERT_EQ(0, syscall(SYS_io_uring_register, self->ring.fd,
			     IORING_REGISTER_BUFFERS, &iov, 1));
	strcpy(self->buf, "hello");
	EXPECT_EQ(5, at_once(&self->ring, IORING_OP_WRITE_FIXED, self->client,
			     self->buf, 5));
	memset(self->buf, 0, 64);
	EXPECT_EQ(-EMSGSIZE, at_once(&self->ring, IORING_OP_READ_FIXED,
				     self->server, self->buf, 4));
	EXPECT_EQ(5, at_once(&self->ring, IORING_OP_READ_FIXED, self->server,
			     self->buf, 64));
	EXPECT_STREQ("hello", self->buf);
}

TEST_F(box, polls_complete)
{
	uint64_t tag;

	EXPECT_EQ(POLLOUT, at_once(&self->ring, IORING_OP_POLL_ADD,
				   self->client, NULL, POLLOUT));
	ASSERT_EQ(1, submit(&self->ring, IORING_OP_POLL_ADD, self->server,
			    NULL, POLLIN, 5, 0));
	EXPECT_EQ(NOTHING, result_now(&self->ring, NULL));
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(POLLIN, result(&self->ring, &tag));
	EXPECT_EQ(5, tag);
	EXPECT_TRUE(hears(self->server, "x"));
}

TEST_F(box, a_read_that_is_left_to_a_worker_gets_its_message)
{
	uint64_t tag;
	int i;

	for (i = 0; i < 10; i++) {
		ASSERT_EQ(1, submit(&self->ring, IORING_OP_READ, self->server,
				    self->buf, 64, i, IOSQE_ASYNC));
		EXPECT_EQ(5, say(self->client, "hello"));
		EXPECT_EQ(5, result(&self->ring, &tag));
		EXPECT_EQ(i, tag);
	}
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_F(box, a_waiting_read_can_be_cancelled_and_loses_nothing)
{
	int results = 0;
	uint64_t tag;
	int res, i;

	ASSERT_EQ(1, submit(&self->ring, IORING_OP_READ, self->server,
			    self->buf, 64, 9, 0));
	ASSERT_EQ(1, submit(&self->ring, IORING_OP_ASYNC_CANCEL, -1,
			    (void *)9, 0, 10, 0));
	for (i = 0; i < 2; i++) {
		res = result(&self->ring, &tag);
		EXPECT_EQ(tag == 9 ? -ECANCELED : 0, res);
		results |= 1 << (tag - 9);
	}
	EXPECT_EQ(3, results);
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(1, slot_count(self->server));
	EXPECT_TRUE(hears(self->server, "hello"));
}

static int wait_in_a_ring(int server)
{
	struct ring ring;
	char buf[8];

	if (ring_open(&ring) ||
	    submit(&ring, IORING_OP_READ, server, buf, 8, 9, 0) != 1)
		return 1;
	close(server);
	result(&ring, NULL);
	return 2;
}

/* The ring holds the server's file as long as a read waits in it. */
TEST_F(box, a_slot_dies_with_the_process_whose_ring_holds_it)
{
	pid_t pid = fork();

	if (!pid)
		_exit(wait_in_a_ring(self->server));
	ASSERT_TRUE(wait_blocked(pid, SYS_io_uring_enter));
	close(self->server);
	EXPECT_TRUE(slot_exists("box"));
	ASSERT_OK(kill(pid, SIGKILL));
	EXPECT_EQ(128 + SIGKILL, exit_of(pid));
	EXPECT_TRUE(wait_until(!slot_exists("box")));
	EXPECT_ERR(say(self->client, "x"), EPIPE);
}

/* --- Without io_uring --------------------------------------------------------- */

TEST_F(box, rwf_nowait_reads_what_is_there_and_does_not_wait)
{
	struct iovec iov = { .iov_base = self->buf, .iov_len = 64 };

	EXPECT_ERR(preadv2(self->server, &iov, 1, -1, RWF_NOWAIT), EAGAIN);
	ASSERT_OK(slot_set_timeout(self->server, 60000));
	EXPECT_ERR(preadv2(self->server, &iov, 1, -1, RWF_NOWAIT), EAGAIN);
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(5, preadv2(self->server, &iov, 1, -1, RWF_NOWAIT));
	EXPECT_EQ(0, memcmp(self->buf, "hello", 5));
	EXPECT_ERR(preadv2(self->server, &iov, 1, -1, RWF_NOWAIT), EAGAIN);
	iov.iov_base = "x";
	iov.iov_len = 1;
	EXPECT_EQ(1, pwritev2(self->client, &iov, 1, -1, RWF_NOWAIT));
	EXPECT_TRUE(hears(self->server, "x"));
}

TEST_HARNESS_MAIN
