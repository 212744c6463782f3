// SPDX-License-Identifier: GPL-2.0-only
/*
 * Eight writers and two readers share one queue: no message is lost, none
 * comes twice, and each reader sees the messages of each writer in the order
 * in which that one wrote them. A million messages, 100,000 on the debug
 * kernel. suite-timeout: 400
 */
#include "io_test.h"

#define WRITERS		8
#define READERS		2

struct note {
	uint32_t writer;
	uint32_t number;
};

/* In place of a writer's number: there is nothing more to come. */
#define END		WRITERS

/**
 * struct ledger - what all processes see
 * @wrong: What a reader found out of order.
 * @waits: How often a writer had to wait for room.
 * @got: How many messages each reader took.
 * @seen: How often each message of each writer arrived.
 */
struct ledger {
	uint32_t wrong;
	uint32_t waits;
	uint32_t got[READERS];
	uint8_t seen[];
};

FIXTURE(crowd) {
	int server;
	uint32_t each;
	struct ledger *ledger;
};

FIXTURE_VARIANT(crowd) {
	const char *limits;
	uint32_t messages;
	uint32_t timeout;
};

/* The queue may become as long as it likes. */
FIXTURE_VARIANT_ADD(crowd, deep) {
	.limits = "max_queue_messages=2M,max_queue_bytes=64M",
	.messages = 1000000,
	.timeout = FOREVER,
};

/* Writers have to wait for room all the time. */
FIXTURE_VARIANT_ADD(crowd, shallow) {
	.limits = "max_queue_messages=20",
	.messages = 10000,
	.timeout = FOREVER,
};

/* Readers look for messages all the time. */
FIXTURE_VARIANT_ADD(crowd, polling) {
	.limits = DEFAULT_LIMITS,
	.messages = 40000,
	.timeout = 0,
};

FIXTURE_SETUP(crowd)
{
	ASSERT_OK(set_limits(variant->limits));
	self->each = variant->messages / WRITERS;
	if (on_debug_kernel())
		self->each /= 10;
	self->ledger = mmap(NULL, sizeof(*self->ledger) + WRITERS * self->each,
			    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			    -1, 0);
	ASSERT_NE(MAP_FAILED, self->ledger);
	self->server = slot_create("crowd", 0, variant->timeout);
	ASSERT_LE(0, self->server);
}

FIXTURE_TEARDOWN(crowd)
{
	close(self->server);
	EXPECT_OK(set_limits(DEFAULT_LIMITS));
}

static int write_all(uint32_t writer, uint32_t each, struct ledger *ledger)
{
	int fd = slot_open("crowd");
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };
	struct note note = { .writer = writer };

	while (note.number < each) {
		if (write(fd, &note, sizeof(note)) == sizeof(note)) {
			note.number++;
			continue;
		}
		if (errno != ENOBUFS || poll(&pfd, 1, -1) != 1)
			return 1;
		__atomic_add_fetch(&ledger->waits, 1, __ATOMIC_RELAXED);
	}
	return 0;
}

static int read_all(int reader, int server, uint32_t each,
		    struct ledger *ledger)
{
	struct pollfd pfd = { .fd = server, .events = POLLIN };
	int64_t last[WRITERS] = { -1, -1, -1, -1, -1, -1, -1, -1 };
	struct note note;
	ssize_t ret;

	for (;;) {
		ret = read(server, &note, sizeof(note));
		if (ret < 0 && errno == EAGAIN) {
			poll(&pfd, 1, -1);
			continue;
		}
		if (ret != sizeof(note) || note.writer > END)
			return 1;
		if (note.writer == END)
			return 0;
		if (note.number >= each || note.number <= last[note.writer])
			__atomic_add_fetch(&ledger->wrong, 1, __ATOMIC_RELAXED);
		last[note.writer] = note.number;
		ledger->got[reader]++;
		__atomic_add_fetch(&ledger->seen[note.writer * each +
						 note.number],
				   1, __ATOMIC_RELAXED);
	}
}

TEST_F_TIMEOUT(crowd, every_message_arrives_once_and_in_order, 380)
{
	struct note end = { .writer = END };
	pid_t writers[WRITERS], readers[READERS];
	uint32_t missing = 0, doubled = 0, i;
	uint64_t start = now_ms();
	int client = slot_open("crowd");

	for (i = 0; i < READERS; i++) {
		readers[i] = fork();
		if (!readers[i])
			_exit(read_all(i, self->server, self->each,
				       self->ledger));
	}
	for (i = 0; i < WRITERS; i++) {
		writers[i] = fork();
		if (!writers[i])
			_exit(write_all(i, self->each, self->ledger));
	}
	for (i = 0; i < WRITERS; i++)
		EXPECT_EQ(0, exit_of(writers[i]));
	for (i = 0; i < READERS; i++)
		ASSERT_TRUE(wait_until(write(client, &end, sizeof(end)) > 0));
	for (i = 0; i < READERS; i++)
		EXPECT_EQ(0, exit_of(readers[i]));
	for (i = 0; i < WRITERS * self->each; i++) {
		missing += !self->ledger->seen[i];
		doubled += self->ledger->seen[i] > 1;
	}
	TH_LOG("%u messages (%u and %u) in %u ms, %u waits for room",
	       WRITERS * self->each, self->ledger->got[0],
	       self->ledger->got[1], (unsigned int)(now_ms() - start),
	       self->ledger->waits);
	EXPECT_EQ(0, missing);
	EXPECT_EQ(0, doubled);
	EXPECT_EQ(0, self->ledger->wrong);
	EXPECT_EQ(0, slot_count(self->server));
	EXPECT_EQ(WRITERS * self->each + READERS,
		  info_of(self->server).delivered);
	close(client);
}

TEST_HARNESS_MAIN
