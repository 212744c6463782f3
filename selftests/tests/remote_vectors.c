// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets from elsewhere over a real socket: those of selftests/vectors one by
 * one, and many of them at once.
 */
#include "remote_packets.h"

/* Whether the message in the slot is the packet's, byte for byte. */
static bool took(int slot, const struct vector *vector)
{
	const uint8_t *p = vector->packet;
	size_t count = p[DATA_COUNT] | p[DATA_COUNT + 1] << 8;
	size_t offset = p[DATA_OFFSET] | p[DATA_OFFSET + 1] << 8;
	uint8_t buf[PACKET_MAX];
	ssize_t len = read(slot, buf, sizeof(buf));

	return len == (ssize_t)count && !memcmp(buf, p + SMB + offset, count);
}

static void try_vector(struct __test_metadata *_metadata, int sock,
		       const struct sockaddr_in *to, const struct vector *vector)
{
	struct counters before, after;
	bool ours = become_dest(vector);
	int slot = serve_path(vector);

	TH_LOG("%s: %s", vector->expect, vector->label);
	before = get_counters();
	ASSERT_TRUE(sends(sock, to, vector->packet, vector->len));
	EXPECT_TRUE(wait_until(get_counters().received > before.received));
	after = get_counters();
	EXPECT_EQ(1, after.received - before.received);
	EXPECT_EQ(1, after.fates - before.fates);
	if (!strcmp(vector->expect, "deliver") && ours) {
		EXPECT_EQ(1, after.delivered - before.delivered);
		EXPECT_TRUE(took(slot, vector));
	}
	if (!ours || !strcmp(vector->expect, "drop"))
		EXPECT_EQ(before.delivered, after.delivered);
	if (slot >= 0)
		close(slot);
}

TEST_F(machine, vectors_meet_their_expectation)
{
	int i;

	ASSERT_GE(vector_count, 85);
	for (i = 0; i < vector_count; i++)
		try_vector(_metadata, self->sock, &self->to, &vectors[i]);
}

/* Changes the text "hello" of the second good packet. */
static void number(struct vector *vector, unsigned int n)
{
	char text[8];

	snprintf(text, sizeof(text), "%05u", n);
	memcpy(vector->packet + vector->len - 5, text, 5);
}

#define IN_A_ROW	20000

/* On a kernel with all its checkers as many as a test has time for. */
static unsigned int in_a_row(void)
{
	return on_debug_kernel() ? IN_A_ROW / 5 : IN_A_ROW;
}

/* The number in a message that number() made; IN_A_ROW if there is none. */
static unsigned int next_number(int slot)
{
	char text[8] = "";

	if (read(slot, text, sizeof(text)) != 5 || atoi(text) >= IN_A_ROW)
		return IN_A_ROW;
	return atoi(text);
}

/*
 * In any order: where a sender can be preempted, and continue on
 * another processor, the kernel does not keep that of datagrams.
 */
TEST_F(machine, twenty_thousand_in_a_row_all_arrive)
{
	static bool seen[IN_A_ROW];
	struct vector *vector = &vectors[1];
	struct counters now;
	unsigned int i;
	unsigned int n;
	int slot, sock;

	sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	self->to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ASSERT_EQ(0, mount("mailslot", "mnt", "mailslot", MS_REMOUNT,
			   "max_remote_bytes=64M"));
	ASSERT_TRUE(become_dest(vector));
	slot = serve_path(vector);
	ASSERT_OK(slot);
	for (i = 0; i < in_a_row(); i++) {
		number(vector, i);
		ASSERT_TRUE(sends(sock, &self->to, vector->packet, vector->len));
	}
	wait_until(get_counters().received == in_a_row());
	now = get_counters();
	EXPECT_EQ(in_a_row(), now.received);
	EXPECT_EQ(in_a_row(), now.delivered);
	for (i = 0; i < in_a_row(); i++) {
		n = next_number(slot);
		if (n == IN_A_ROW || seen[n])
			break;
		seen[n] = true;
	}
	EXPECT_EQ(in_a_row(), i);
	EXPECT_EQ(0, get_counters().bytes);
}

TEST_HARNESS_MAIN
