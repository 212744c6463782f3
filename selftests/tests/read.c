// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading: one read takes one message, wholly, or leaves it where it is.
 */
#include <sys/sendfile.h>

#include "box_test.h"

TEST_F(box, a_message_that_fits_is_taken_and_no_byte_more_is_touched)
{
	char buf[64];

	memset(buf, '#', sizeof(buf));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(5, read(self->server, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "hello", 5));
	EXPECT_TRUE(all_bytes(buf + 5, sizeof(buf) - 5, '#'));
	EXPECT_EQ(0, slot_count(self->server));
	EXPECT_EQ(0, info_of(self->server).queued_bytes);
	EXPECT_ERR(read(self->server, buf, sizeof(buf)), EAGAIN);
}

TEST_F(box, a_buffer_of_exactly_the_right_size_will_do)
{
	static const size_t sizes[] = { 1, 2000, 2001, 65536, MIB };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		char *buf = guarded_buffer(sizes[i]);

		fill_pattern(buf, sizes[i], i);
		EXPECT_EQ(sizes[i], write(self->client, buf, sizes[i]));
		memset(buf, 0, sizes[i]);
		EXPECT_EQ(sizes[i], read(self->server, buf, sizes[i]));
		EXPECT_TRUE(has_pattern(buf, sizes[i], i));
	}
}

TEST_F(box, a_short_buffer_changes_nothing_at_all)
{
	static const size_t lengths[] = { 0, 1, 10 };
	struct mailslot_ioctl_info before, after;
	char buf[64];
	size_t i;

	memset(buf, '#', sizeof(buf));
	EXPECT_EQ(11, say(self->client, "hello world"));
	EXPECT_EQ(6, say(self->client, "second"));
	before = info_of(self->server);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		EXPECT_ERR(read(self->server, buf, lengths[i]), EMSGSIZE);
		EXPECT_TRUE(all_bytes(buf, sizeof(buf), '#'));
		after = info_of(self->server);
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
		EXPECT_EQ(POLLIN, poll_now(self->server, POLLIN));
	}
	EXPECT_EQ(11, read(self->server, buf, 11));
	EXPECT_EQ(0, memcmp(buf, "hello world", 11));
	EXPECT_TRUE(hears(self->server, "second"));
}

TEST_F(box, a_short_buffer_is_an_error_also_for_a_large_message)
{
	char *buf = malloc(MIB);

	fill_pattern(buf, MIB, 3);
	EXPECT_EQ(MIB, write(self->client, buf, MIB));
	memset(buf, '#', MIB);
	EXPECT_ERR(read(self->server, buf, MIB - 1), EMSGSIZE);
	EXPECT_TRUE(all_bytes(buf, MIB, '#'));
	EXPECT_EQ(MIB, read(self->server, buf, MIB));
	EXPECT_TRUE(has_pattern(buf, MIB, 3));
	free(buf);
}

TEST_F(box, an_empty_message_reads_as_0_also_without_a_buffer)
{
	char buf[8] = "#######";

	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(0, read(self->server, NULL, 0));
	EXPECT_EQ(2, slot_count(self->server));
	EXPECT_EQ(0, read(self->server, buf, 0));
	EXPECT_EQ(0, read(self->server, buf, 7));
	EXPECT_STREQ("#######", buf);
	EXPECT_ERR(read(self->server, buf, 7), EAGAIN);
}

/* So that 0 is never taken for an end of file. */
TEST_F(box, an_empty_queue_is_always_an_error)
{
	char buf[8];
	int waits = slot_create("waits", 0, FOREVER);

	EXPECT_ERR(read(self->server, buf, 8), EAGAIN);
	EXPECT_ERR(read(self->server, buf, 0), EAGAIN);
	EXPECT_ERR(read(self->server, NULL, 0), EAGAIN);
	ASSERT_OK(fcntl(waits, F_SETFL, O_NONBLOCK));
	EXPECT_ERR(read(waits, buf, 8), EAGAIN);
	EXPECT_ERR(read(waits, buf, 0), EAGAIN);
	close(self->client);
	EXPECT_ERR(read(waits, buf, 8), EAGAIN);
	EXPECT_ERR(read(self->server, buf, 8), EAGAIN);
	close(waits);
}

TEST_F(box, the_length_of_the_buffer_may_be_anything)
{
	size_t size = 0x7fff0000;
	char *buf = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	ASSERT_NE(MAP_FAILED, buf);
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(5, read(self->server, buf, size));
	EXPECT_EQ(0, memcmp(buf, "hello", 6));
	munmap(buf, size);
}

TEST_F(box, a_buffer_that_ends_too_early_loses_nothing)
{
	static const size_t sizes[] = { 1, 100, 2000, 2001, 10000, MIB };
	char *in = malloc(MIB);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		char *buf = guarded_buffer(sizes[i]);

		fill_pattern(buf, sizes[i], i);
		EXPECT_EQ(sizes[i], write(self->client, buf, sizes[i]));
		EXPECT_EQ(4, say(self->client, "next"));
		EXPECT_ERR(read(self->server, buf + (sizes[i] + 1) / 2,
				sizes[i]), EFAULT);
		EXPECT_EQ(2, slot_count(self->server));
		EXPECT_EQ(sizes[i], info_of(self->server).next_size);
		EXPECT_EQ(sizes[i] + 4, info_of(self->server).queued_bytes);
		EXPECT_EQ(sizes[i], read(self->server, in, MIB));
		EXPECT_TRUE(has_pattern(in, sizes[i], i));
		EXPECT_TRUE(hears(self->server, "next"));
	}
	EXPECT_EQ(2 * ARRAY_SIZE(sizes), info_of(self->server).delivered);
	free(in);
}

TEST_F(box, reading_to_nowhere_loses_nothing)
{
	char *volatile nowhere = NULL;
	struct iovec iov = { .iov_base = nowhere, .iov_len = 100 };
	int i;

	EXPECT_EQ(3, say(self->client, "one"));
	EXPECT_EQ(3, say(self->client, "two"));
	for (i = 0; i < 3; i++) {
		EXPECT_ERR(read(self->server, nowhere, 100), EFAULT);
		EXPECT_ERR(readv(self->server, &iov, 1), EFAULT);
	}
	/* The queue goes on after a message has come back to it. */
	EXPECT_EQ(5, say(self->client, "three"));
	EXPECT_TRUE(hears(self->server, "one"));
	EXPECT_TRUE(hears(self->server, "two"));
	EXPECT_ERR(read(self->server, nowhere, 100), EFAULT);
	EXPECT_EQ(4, say(self->client, "four"));
	EXPECT_TRUE(hears(self->server, "three"));
	EXPECT_TRUE(hears(self->server, "four"));
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_F(box, a_scattered_read_takes_one_message)
{
	char one[4], two[100];
	struct iovec iov[] = {
		{ .iov_base = one, .iov_len = 4 },
		{ .iov_base = two, .iov_len = 6 },
	};

	EXPECT_EQ(11, say(self->client, "hello world"));
	EXPECT_ERR(readv(self->server, iov, 2), EMSGSIZE);
	EXPECT_EQ(1, slot_count(self->server));
	iov[1].iov_len = 100;
	EXPECT_EQ(11, readv(self->server, iov, 2));
	EXPECT_EQ(0, memcmp(one, "hell", 4));
	EXPECT_EQ(0, memcmp(two, "o world", 7));
	EXPECT_ERR(readv(self->server, iov, 2), EAGAIN);
}

/* The VFS ends it before it reaches us, so it is documented, not changed. */
TEST_F(box, a_scattered_read_of_nothing_takes_nothing)
{
	struct iovec iov = { .iov_base = NULL, .iov_len = 0 };

	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(0, readv(self->server, &iov, 1));
	EXPECT_EQ(1, slot_count(self->server));
}

TEST_F(box, there_are_no_positions_to_read_at)
{
	struct iovec iov;
	char buf[8];

	iov = (struct iovec){ .iov_base = buf, .iov_len = 8 };
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_ERR(pread(self->server, buf, 8, 0), ESPIPE);
	EXPECT_ERR(preadv(self->server, &iov, 1, 0), ESPIPE);
	EXPECT_ERR(lseek(self->server, 0, SEEK_CUR), ESPIPE);
	EXPECT_ERR(lseek(self->server, 1, SEEK_SET), ESPIPE);
	EXPECT_EQ(1, slot_count(self->server));
}

TEST_F(box, a_slot_is_neither_memory_nor_a_source_of_pages)
{
	int file = open("file", O_CREAT | O_RDWR | O_TRUNC, 0600);
	int pipes[2];
	loff_t at = 0;

	ASSERT_LE(0, file);
	ASSERT_OK(pipe(pipes));
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED,
				   self->server, 0));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_ERR(sendfile(file, self->server, NULL, 1), EINVAL);
	EXPECT_ERR(sendfile(file, self->server, &at, 1), ESPIPE);
	EXPECT_ERR(splice(self->server, NULL, pipes[1], NULL, 1, 0), EINVAL);
	EXPECT_EQ(1, say(pipes[1], "y"));
	EXPECT_ERR(splice(pipes[0], NULL, self->client, NULL, 1, 0), EINVAL);
	EXPECT_ERR(copy_file_range(self->server, NULL, file, NULL, 1, 0),
		   EINVAL);
	EXPECT_ERR(ftruncate(self->client, 0), EINVAL);
	EXPECT_ERR(fsync(self->client), EINVAL);
	EXPECT_TRUE(hears(self->server, "x"));
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_F(box, clients_cannot_read)
{
	struct iovec iov;
	char buf[8];

	iov = (struct iovec){ .iov_base = buf, .iov_len = 8 };
	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_ERR(read(self->client, buf, 8), EBADF);
	EXPECT_ERR(read(self->client, buf, 0), EBADF);
	EXPECT_ERR(readv(self->client, &iov, 1), EBADF);
	EXPECT_TRUE(hears(self->server, "x"));
}

/*
 * A slot keeps used buffers. Whatever was in them before, a reader gets what
 * was written to it and nothing else.
 */
TEST_F(box, used_buffers_never_show_what_was_in_them)
{
	char *secret = guarded_buffer(2500);
	char in[4000];
	int i, size;

	memset(secret, 'S', 2500);
	for (i = 0; i < 2000; i++) {
		size = (i * 37) % 2500;
		/* Leaves part of a secret in a buffer. */
		EXPECT_ERR(write(self->client, secret + 1, 2500), EFAULT);
		EXPECT_EQ(2400, write(self->client, secret, 2400));
		EXPECT_EQ(1, drain(self->server));

		fill_pattern(in, size, i);
		EXPECT_EQ(size, write(self->client, in, size));
		memset(in, '#', sizeof(in));
		EXPECT_EQ(size, read(self->server, in, sizeof(in)));
		EXPECT_TRUE(has_pattern(in, size, i));
		EXPECT_TRUE(all_bytes(in + size, sizeof(in) - size, '#'));
	}
}

/* More are in flight than a slot keeps buffers, and of changing sizes. */
TEST_F(box, hundreds_of_messages_of_mixed_sizes_keep_their_contents)
{
	char *buf = malloc(80000);
	int round, i, size;

	for (round = 0; round < 4; round++) {
		for (i = 0; i < 200; i++) {
			size = (i * 7919 * (round + 1)) % (i % 10 ? 2100 : 80000);
			fill_pattern(buf, size, i);
			ASSERT_EQ(size, write(self->client, buf, size));
		}
		for (i = 0; i < 200; i++) {
			size = (i * 7919 * (round + 1)) % (i % 10 ? 2100 : 80000);
			ASSERT_EQ(size, read(self->server, buf, 80000));
			EXPECT_TRUE(has_pattern(buf, size, i));
		}
	}
	free(buf);
}

TEST_F(box, file_times_tell_the_last_write_and_the_last_read)
{
	struct timespec before;
	struct stat st;

	clock_gettime(CLOCK_REALTIME_COARSE, &before);
	/* A tick must pass, or nothing could be told apart. */
	wait_until(clock_ns(CLOCK_REALTIME_COARSE) >
		   before.tv_sec * 1000000000ULL + before.tv_nsec);
	EXPECT_EQ(1, say(self->client, "x"));
	ASSERT_OK(fstat(self->client, &st));
	EXPECT_TRUE(st.st_mtim.tv_sec > before.tv_sec ||
		    (st.st_mtim.tv_sec == before.tv_sec &&
		     st.st_mtim.tv_nsec > before.tv_nsec));
	before = st.st_atim;
	wait_until(clock_ns(CLOCK_REALTIME_COARSE) >
		   st.st_mtim.tv_sec * 1000000000ULL + st.st_mtim.tv_nsec);
	EXPECT_TRUE(hears(self->server, "x"));
	ASSERT_OK(fstat(self->server, &st));
	EXPECT_TRUE(st.st_atim.tv_sec > before.tv_sec ||
		    st.st_atim.tv_nsec > before.tv_nsec);
	EXPECT_TRUE(st.st_atim.tv_sec > st.st_mtim.tv_sec ||
		    st.st_atim.tv_nsec > st.st_mtim.tv_nsec);
}

TEST_HARNESS_MAIN
