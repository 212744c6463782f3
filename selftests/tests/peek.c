// SPDX-License-Identifier: GPL-2.0-only
/*
 * Peeking at a message that others read meanwhile: who looks sees it whole, and
 * who reads gets it once.
 */
#define BOX_TIMEOUT	FOREVER

#include "box_test.h"

/**
 * struct peeker - one look at a message in a thread of its own
 * @fd: The server end.
 * @buf: Where to copy it.
 * @len: How much there is room for.
 * @flags: Of the call, besides that it peeks and does not wait.
 * @size: What size it was told.
 * @error: The call's errno, 0 if it succeeded.
 * @tid: The thread.
 * @thread: The same for pthread_join().
 */
struct peeker {
	int fd;
	char *buf;
	uint32_t len;
	uint32_t flags;
	uint32_t size;
	int error;
	pid_t tid;
	pthread_t thread;
};

static void *peeker_main(void *arg)
{
	struct peeker *peeker = arg;
	struct mailslot_ioctl_recv args = {
		.buf = (uintptr_t)peeker->buf,
		.len = peeker->len,
		.flags = MAILSLOT_PEEK | MAILSLOT_DONTWAIT | peeker->flags,
	};

	__atomic_store_n(&peeker->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	peeker->error = error_of(ioctl(peeker->fd, MAILSLOT_IOC_RECV, &args));
	peeker->size = args.size;
	return NULL;
}

/* Starts a look that gets so many bytes and then waits for a page. */
static bool peeker_start(struct peeker *peeker, int fd, struct stall *stall,
			 size_t before)
{
	memset(peeker, 0, sizeof(*peeker));
	peeker->fd = fd;
	peeker->buf = stall->second - before;
	peeker->len = before + stall->page;
	if (pthread_create(&peeker->thread, NULL, peeker_main, peeker))
		return false;
	return wait_until(__atomic_load_n(&peeker->tid, __ATOMIC_ACQUIRE)) &&
	       stall_wait(stall) && wait_blocked(peeker->tid, SYS_ioctl);
}

static int peeker_join(struct peeker *peeker)
{
	pthread_join(peeker->thread, NULL);
	return peeker->error;
}

/* Messages come and go in the buffers of the slot. */
static void keep_busy(struct __test_metadata *_metadata, int server, int client,
		      size_t size)
{
	char out[8000], in[8000];
	int i;

	for (i = 0; i < 40; i++) {
		fill_pattern(out, size, 100 + i);
		ASSERT_EQ(size, write(client, out, size));
		ASSERT_EQ(size, read(server, in, sizeof(in)));
		ASSERT_TRUE(has_pattern(in, size, 100 + i));
	}
}

TEST_F(box, who_looks_sees_a_message_whole_that_is_read_meanwhile)
{
	static const size_t sizes[] = { 1000, 1999, 3000, 4500 };
	static const char page[4096];
	struct peeker peeker;
	struct stall stall;
	char buf[5000];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (!stall_open(&stall))
			SKIP(return, "no userfaultfd");
		fill_pattern(buf, sizes[i], i);
		EXPECT_EQ(sizes[i], write(self->client, buf, sizes[i]));
		ASSERT_TRUE(peeker_start(&peeker, self->server, &stall, 900));
		EXPECT_EQ(1, slot_count(self->server));
		EXPECT_EQ(sizes[i], read(self->server, buf, sizeof(buf)));
		EXPECT_TRUE(has_pattern(buf, sizes[i], i));
		EXPECT_EQ(0, slot_count(self->server));
		keep_busy(_metadata, self->server, self->client, sizes[i]);
		ASSERT_OK(stall_end(&stall, page));
		EXPECT_EQ(0, peeker_join(&peeker));
		EXPECT_EQ(sizes[i], peeker.size);
		EXPECT_TRUE(has_pattern(peeker.buf, sizes[i], i));
		keep_busy(_metadata, self->server, self->client, sizes[i]);
		stall_close(&stall);
	}
}

TEST_F(box, a_look_that_fails_leaves_the_message_alone)
{
	struct peeker peeker;
	struct stall stall;
	char buf[2000];

	if (!stall_open(&stall))
		SKIP(return, "no userfaultfd");
	fill_pattern(buf, 2000, 1);
	EXPECT_EQ(2000, write(self->client, buf, 2000));
	ASSERT_TRUE(peeker_start(&peeker, self->server, &stall, 900));
	ASSERT_OK(stall_fail(&stall));
	EXPECT_EQ(EFAULT, peeker_join(&peeker));
	EXPECT_EQ(1, slot_count(self->server));
	EXPECT_EQ(2000, read(self->server, buf, 2000));
	EXPECT_TRUE(has_pattern(buf, 2000, 1));
	stall_close(&stall);
}

TEST_F(box, the_first_who_has_seen_it_leaves_it_to_the_other)
{
	static const char page[4096];
	struct peeker peekers[2];
	struct stall stalls[2];
	char buf[1000];
	int i;

	fill_pattern(buf, 1000, 5);
	EXPECT_EQ(1000, write(self->client, buf, 1000));
	for (i = 0; i < 2; i++) {
		if (!stall_open(&stalls[i]))
			SKIP(return, "no userfaultfd");
		ASSERT_TRUE(peeker_start(&peekers[i], self->server, &stalls[i],
					 900));
	}
	EXPECT_EQ(1000, read(self->server, buf, 1000));
	for (i = 0; i < 2; i++) {
		ASSERT_OK(stall_end(&stalls[i], page));
		EXPECT_EQ(0, peeker_join(&peekers[i]));
		EXPECT_TRUE(has_pattern(peekers[i].buf, 1000, 5));
		keep_busy(_metadata, self->server, self->client, 1000);
		stall_close(&stalls[i]);
	}
}

/* The quota counts a message that was read for as long as somebody looks. */
static int look_for_long(const char *unused)
{
	int server = slot_create("long", 0, 0);
	int client = slot_open("long");
	static const char page[4096];
	struct peeker peeker;
	struct stall stall;
	char buf[1000] = "";

	if (!stall_open(&stall))
		return 0;
	if (write(client, buf, 1000) != 1000 ||
	    !peeker_start(&peeker, server, &stall, 900))
		return 1;
	if (read(server, buf, 1000) != 1000 || slot_count(server))
		return 2;
	if (error_of(write(client, buf, 1000)) != ENOBUFS)
		return 3;
	if (stall_end(&stall, page) || peeker_join(&peeker))
		return 4;
	return write(client, buf, 1000) != 1000;
}

TEST_F(box, quotas_count_what_somebody_still_looks_at)
{
	ASSERT_OK(set_limits("max_user_bytes=1000"));
	EXPECT_EQ(0, as_user(ALICE, look_for_long, ""));
	ASSERT_OK(set_limits(DEFAULT_LIMITS));
}

TEST_F(box, as_many_as_256_looks_at_once_are_too_many)
{
	static struct peeker peekers[256];
	static const char page[4096];
	struct stall stall;
	char buf[1000];
	int i;

	if (!stall_open(&stall))
		SKIP(return, "no userfaultfd");
	fill_pattern(buf, 1000, 9);
	EXPECT_EQ(1000, write(self->client, buf, 1000));
	for (i = 0; i < 255; i++)
		ASSERT_TRUE(peeker_start(&peekers[i], self->server, &stall,
					 900));
	peekers[255] = (struct peeker){
		.fd = self->server,
		.buf = buf,
		.len = 1000,
	};
	peeker_main(&peekers[255]);
	EXPECT_EQ(EBUSY, peekers[255].error);
	/* Which does not keep anybody from reading. */
	EXPECT_EQ(1000, read(self->server, buf, 1000));
	keep_busy(_metadata, self->server, self->client, 1000);
	ASSERT_OK(stall_end(&stall, page));
	for (i = 0; i < 255; i++)
		EXPECT_EQ(0, peeker_join(&peekers[i]));
	EXPECT_TRUE(has_pattern(stall.second - 900, 1000, 9));
	EXPECT_EQ(1000, write(self->client, buf, 1000));
	peeker_main(&peekers[255]);
	EXPECT_EQ(0, peekers[255].error);
	stall_close(&stall);
}

static void *wait_and_look(void *arg)
{
	struct peeker *peeker = arg;
	struct mailslot_ioctl_recv args = { .flags = MAILSLOT_PEEK };

	__atomic_store_n(&peeker->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	peeker->error = error_of(ioctl(peeker->fd, MAILSLOT_IOC_RECV, &args));
	return NULL;
}

/* They all get it at once, before the first of them can have seen it. */
TEST_F(box, of_256_who_wait_to_look_the_last_is_told)
{
	static struct peeker peekers[256];
	int i;

	for (i = 0; i < 256; i++) {
		peekers[i].fd = self->server;
		ASSERT_EQ(0, pthread_create(&peekers[i].thread, NULL,
					    wait_and_look, &peekers[i]));
		ASSERT_TRUE(wait_until(__atomic_load_n(&peekers[i].tid,
						       __ATOMIC_ACQUIRE)));
		ASSERT_TRUE(wait_blocked(peekers[i].tid, SYS_ioctl));
	}
	EXPECT_EQ(0, write(self->client, "", 0));
	for (i = 0; i < 256; i++)
		EXPECT_EQ(i < 255 ? 0 : EBUSY, peeker_join(&peekers[i]));
	EXPECT_EQ(1, slot_count(self->server));
}

/* --- Without any order ----------------------------------------------------------- */

struct watch {
	int fd;
	bool stop;
	long looks;
	long wrong;
};

/* Each message is filled with a pattern whose seed is its length. */
static void *look_often(void *arg)
{
	struct watch *watch = arg;
	char buf[5000];
	struct peeker peeker = {
		.fd = watch->fd,
		.buf = buf,
		.len = sizeof(buf),
	};

	while (!__atomic_load_n(&watch->stop, __ATOMIC_ACQUIRE)) {
		peeker_main(&peeker);
		if (peeker.error)
			continue;
		__atomic_add_fetch(&watch->looks, 1, __ATOMIC_RELAXED);
		if (!has_pattern(buf, peeker.size, peeker.size))
			__atomic_add_fetch(&watch->wrong, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void *write_often(void *arg)
{
	int fd = *(int *)arg;
	char buf[5000];
	int i;

	for (i = 0; i < 3000; i++) {
		size_t size = i * 7919 % sizeof(buf);

		fill_pattern(buf, size, size);
		if (write(fd, buf, size) != (ssize_t)size)
			break;
	}
	return NULL;
}

TEST_F(box, looks_and_reads_in_any_order_see_whole_messages)
{
	struct watch watch = { .fd = self->server };
	pthread_t writer, watchers[2];
	char buf[5000];
	ssize_t size;
	int i;

	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&watchers[i], NULL, look_often,
					    &watch));
	ASSERT_EQ(0, pthread_create(&writer, NULL, write_often, &self->client));
	for (i = 0; i < 3000; i++) {
		size = read(self->server, buf, sizeof(buf));
		ASSERT_EQ(i * 7919 % sizeof(buf), size);
		EXPECT_TRUE(has_pattern(buf, size, size));
	}
	__atomic_store_n(&watch.stop, true, __ATOMIC_RELEASE);
	pthread_join(writer, NULL);
	for (i = 0; i < 2; i++)
		pthread_join(watchers[i], NULL);
	TH_LOG("%ld looks", watch.looks);
	EXPECT_EQ(0, watch.wrong);
}

TEST_HARNESS_MAIN
