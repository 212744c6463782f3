// SPDX-License-Identifier: GPL-2.0-only
/*
 * A flood of packets, most of them broken: what it does to local mail.
 *
 * suite-timeout: 240
 * suite-kernels: 6.1 debug
 */
#include <sys/mman.h>

#include "remote_packets.h"

/* Always the same numbers, so that what goes wrong goes wrong again. */
static uint32_t next_random(void)
{
	static uint64_t state = 0x6d61696c736c6f74;

	state = state * 6364136223846793005 + 1442695040888963407;
	return state >> 33;
}

/* Whole, with bytes changed, cut, or nothing but noise. */
static size_t make_broken(uint8_t *packet)
{
	const struct vector *vector = &vectors[next_random() % vector_count];
	uint32_t kind = next_random() % 4;
	size_t len = vector->len;
	int i;

	if (kind == 3) {
		len = next_random() % 600;
		for (i = 0; i < (int)len; i++)
			packet[i] = next_random();
		return len;
	}
	memcpy(packet, vector->packet, len);
	for (i = next_random() % 4; kind && len && i; i--)
		packet[next_random() % len] = next_random();
	return kind == 2 && len ? next_random() % len : len;
}

/* On a kernel with all its checkers as many as there is time for. */
static int flood_size(void)
{
	return on_debug_kernel() ? 5000 : 100000;
}

static void flood(int sock, const struct sockaddr_in *to)
{
	uint8_t packet[PACKET_MAX];
	int i;

	for (i = 0; i < flood_size(); i++)
		sends(sock, to, packet, make_broken(packet));
}

/* Writes numbers until it is killed. */
static void write_numbers(const char *name)
{
	int fd = slot_open(name);
	uint32_t n;

	for (n = 0;; n++)
		while (write(fd, &n, sizeof(n)) < 0)
			nap();
}

/* Reads what has come; the next number, or what is in the way. */
static uint32_t read_numbers(int slot, uint32_t next)
{
	uint32_t n;

	while (read(slot, &n, sizeof(n)) == sizeof(n)) {
		if (n != next)
			break;
		next++;
	}
	return next;
}

TEST_F(machine, a_flood_of_broken_ones_harms_nobody)
{
	uint32_t next = 0, last;
	struct counters now;
	int i, slot, local;
	pid_t flooder, writer;

	ASSERT_EQ(0, mount("mailslot", "mnt", "mailslot", MS_REMOUNT,
			   "max_remote_bytes=1M,max_queue_messages=8192"));
	ASSERT_TRUE(become_dest(&vectors[1]));
	slot = serve_path(&vectors[1]);
	ASSERT_OK(slot);
	local = slot_create("local", 0, 0);
	ASSERT_OK(local);
	writer = fork();
	if (!writer)
		write_numbers("local");
	flooder = fork();
	if (!flooder) {
		flood(self->sock, &self->to);
		_exit(0);
	}
	for (i = 0; waitpid(flooder, NULL, WNOHANG) == 0; i++) {
		next = read_numbers(local, next);
		if (i % 64 == 0)
			ASSERT_LE(get_counters().bytes, 1024 * 1024);
	}
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	last = read_numbers(local, next);
	EXPECT_EQ(-1, read(local, &i, sizeof(i)));
	EXPECT_GT(last, 1000);
	now = get_counters();
	TH_LOG("%ld received, %ld delivered, %u local messages", now.received, now.delivered, last);
	EXPECT_EQ(flood_size(), now.received);
	EXPECT_EQ(now.received, now.fates);
	EXPECT_GT(now.delivered, 0);
	EXPECT_LE(now.bytes, 1024 * 1024);
	close(slot);
	EXPECT_TRUE(wait_until(get_counters().bytes == 0));
}

/* --- How long local mail takes ------------------------------------------------- */

#define SLICES	40
#define TRIPS	1000	/* in a slice */

/* Where packets go that no socket is there for. */
#define CLOSED_PORT	9

/**
 * struct dial - tells the flooder where to, and how far it has come
 * @port: UDP port to flood; 0 is to rest.
 * @sent: Packets sent.
 */
struct dial {
	_Atomic uint16_t port;
	_Atomic uint64_t sent;
};

static int run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

static void flood_as_told(struct dial *dial, int sock, struct sockaddr_in to)
{
	uint8_t packet[PACKET_MAX];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		to.sin_port = htons(dial->port);
		if (!to.sin_port) {
			nap();
			continue;
		}
		sends(sock, &to, packet, make_broken(packet));
		dial->sent++;
	}
}

/* Makes room, so that the flood goes on being delivered. */
static void empty(int slot)
{
	char message[PACKET_MAX];

	while (read(slot, message, sizeof(message)) >= 0)
		;
}

static uint64_t round_trip(int client, int server)
{
	uint64_t begin = clock_ns(CLOCK_MONOTONIC);
	char message[100] = "";

	if (write(client, message, sizeof(message)) != sizeof(message) ||
	    read(server, message, sizeof(message)) != sizeof(message))
		return UINT64_MAX;
	return clock_ns(CLOCK_MONOTONIC) - begin;
}

static int by_time(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static uint64_t median(uint64_t *times, size_t count)
{
	qsort(times, count, sizeof(*times), by_time);
	return times[count / 2];
}

/*
 * The flood has a processor of its own, and so have we: what is compared is
 * not who gets how much of one. Under emulation even that leaves the two to
 * share caches, buses and the emulator's locks; so the same flood is also sent
 * to a port that nobody listens on, in turns so short that whatever else this
 * computer does disturbs both alike.
 */
TEST_F(machine, local_mail_takes_no_more_than_twice_as_long)
{
	static const uint16_t ports[] = { 0, CLOSED_PORT, 138 };
	static uint64_t times[3][SLICES * TRIPS];
	uint64_t sent, medians[3];
	int i, j, slot, server, client;
	struct dial *dial;

	dial = mmap(NULL, sizeof(*dial), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, dial);
	ASSERT_TRUE(become_dest(&vectors[1]));
	slot = serve_path(&vectors[1]);
	ASSERT_OK(slot);
	server = slot_create("local", 0, 0);
	client = slot_open("local");
	ASSERT_OK(client);
	if (!fork()) {
		run_on(1);
		flood_as_told(dial, self->sock, self->to);
	}
	if (run_on(1) || run_on(0))
		SKIP(return, "needs two processors");
	for (i = 0; i < 3 * SLICES; i++) {
		dial->port = ports[i % 3];
		sent = dial->sent;
		if (dial->port)
			ASSERT_TRUE(wait_until(dial->sent > sent + 20));
		for (j = 0; j < TRIPS; j++)
			times[i % 3][i / 3 * TRIPS + j] =
				round_trip(client, server);
		empty(slot);
	}
	for (i = 0; i < 3; i++)
		medians[i] = median(times[i], SLICES * TRIPS);
	TH_LOG("local round trip, median: %lu ns; beside a flood to a closed port %lu, to us %lu",
	       medians[0], medians[1], medians[2]);
	EXPECT_LE(medians[2], 2 * medians[1]);
	EXPECT_GT(get_counters().delivered, SLICES);
}

TEST_HARNESS_MAIN
