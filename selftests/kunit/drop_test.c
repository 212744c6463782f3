// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of what the parser refuses: a good datagram with one thing wrong in it
 * is dropped for just that reason.
 */
#include "packet.h"

/* Overwrites bytes of the sample packet, whose SMB message begins at 82. */
struct flaw {
	const char *what;
	size_t at;
	const char *bytes;
	size_t len;
	int expected;
};

#define FLAW(what, at, bytes, reason) \
	{ what, at, bytes, sizeof(bytes) - 1, -MSLOT_DROP_##reason }

#define IGNORED(what, at, bytes) FLAW(what, at, bytes, NONE)

static const struct flaw flaws[] = {
	FLAW("type 0x0f", 0, "\x0f", TYPE),
	FLAW("DATAGRAM ERROR", 0, "\x13", TYPE),
	FLAW("DATAGRAM QUERY REQUEST", 0, "\x14", TYPE),
	FLAW("POSITIVE QUERY RESPONSE", 0, "\x15", TYPE),
	FLAW("NEGATIVE QUERY RESPONSE", 0, "\x16", TYPE),
	FLAW("type 0xff", 0, "\xff", TYPE),
	FLAW("more fragments", 1, "\x0f", FRAGMENT),
	FLAW("a later fragment", 1, "\x0c", FRAGMENT),
	FLAW("a fragment between", 1, "\x0d", FRAGMENT),
	FLAW("packet offset 1", 12, "\x00\x01", FRAGMENT),
	FLAW("packet offset 256", 12, "\x01\x00", FRAGMENT),
	FLAW("one byte less than claimed", 10, "\x00\xa2", LENGTH),
	FLAW("far less than claimed", 10, "\xff\xff", LENGTH),
	FLAW("source label 31", 14, "\x1f", SOURCE_NAME),
	FLAW("source label 33", 14, "\x21", SOURCE_NAME),
	FLAW("source label 0", 14, "\x00", SOURCE_NAME),
	FLAW("source pointer", 14, "\xc0\x0e", SOURCE_NAME),
	FLAW("source letter @", 15, "@", SOURCE_NAME),
	FLAW("source letter Q", 46, "Q", SOURCE_NAME),
	FLAW("source letter a", 20, "a", SOURCE_NAME),
	FLAW("source letter 0", 20, "\x00", SOURCE_NAME),
	FLAW("source scope pointer", 47, "\xc0\x0e", SOURCE_NAME),
	FLAW("source scope label 64", 47, "\x40", SOURCE_NAME),
	FLAW("dest label 31", 48, "\x1f", DEST_NAME),
	FLAW("dest label 33", 48, "\x21", DEST_NAME),
	FLAW("dest pointer to source", 48, "\xc0\x0e", DEST_NAME),
	FLAW("dest letter Q", 49, "Q", DEST_NAME),
	FLAW("dest letter z", 80, "z", DEST_NAME),
	FLAW("dest scope pointer", 81, "\xc0\x0e", DEST_NAME),
	FLAW("another scope", 81, "\x02\x41\x42\x00", SCOPE),
	FLAW("SMB2", 82, "\xfe", SMB),
	FLAW("magic", 85, "b", SMB),
	FLAW("command", 86, "\x26", SMB),
	FLAW("WordCount 16", 114, "\x10", WORDS),
	FLAW("WordCount 18", 114, "\x12", WORDS),
	FLAW("WordCount 0", 114, "\x00", WORDS),
	FLAW("opcode 0", 143, "\x00\x00", OPCODE),
	FLAW("opcode 2", 143, "\x02\x00", OPCODE),
	FLAW("opcode 0x0101", 143, "\x01\x01", OPCODE),
	FLAW("one byte of data too many", 137, "\x06\x00", DATA),
	FLAW("data of 65,535 bytes", 137, "\xff\xff", DATA),
	FLAW("data one byte too late", 139, "\x59\x00", DATA),
	FLAW("data at 65,535", 139, "\xff\xff", DATA),
	FLAW("sum of 65,536", 137, "\xa8\xff\x58\x00", DATA),
	FLAW("sum of 131,070", 137, "\xff\xff\xff\xff", DATA),
	FLAW("data at 0", 139, "\x00\x00", DATA),
	FLAW("data in the words", 139, "\x44\x00", DATA),
	FLAW("data where the path begins", 139, "\x45\x00", PATH),
	FLAW("data at the NUL of the path", 139, "\x54\x00", PATH),
	FLAW("empty path", 151, "\x00", PATH),
	FLAW("\\MAILSLOT", 160, "\x00", PATH),
	FLAW("\\MAILSLOT/", 160, "/", PATH),
	FLAW("\\MAILSLOX\\", 159, "X", PATH),
	FLAW("MAILSLOT", 151, "M", PATH),
	FLAW("no NUL before the data", 166, "xxxx", PATH),
	FLAW("\\MAILSLOT\\ and no more", 161, "\x00", SLOT_NAME),
	FLAW("slash", 162, "/", SLOT_NAME),
	FLAW("control character", 162, "\n", SLOT_NAME),
	FLAW("DEL", 162, "\x7f", SLOT_NAME),
	FLAW("leading backslash", 161, "\\", SLOT_NAME),
	FLAW("trailing backslash", 165, "\\", SLOT_NAME),
	FLAW("dot dot", 161, "a\\..\x00", SLOT_NAME),
	FLAW("Latin 1", 162, "\xe9", SLOT_NAME),

	IGNORED("node type and reserved flags", 1, "\xf2"),
	IGNORED("datagram id", 2, "\xff\xff"),
	IGNORED("source address", 4, "\xff\xff\xff\xff"),
	IGNORED("source port", 8, "\x00\x00"),
	IGNORED("datagram length 0", 10, "\x00\x00"),
	IGNORED("status, flags", 87, "\xff\xff\xff\xff\xff\xff\xff"),
	IGNORED("pid, security", 94, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
	IGNORED("tid, pid, uid, mid", 106, "\xff\xff\xff\xff\xff\xff\xff\xff"),
	IGNORED("total counts", 115, "\xff\xff\xff\xff"),
	IGNORED("max counts", 119, "\xff\xff\xff\xff\xff\xff"),
	IGNORED("flags, timeout", 125, "\xff\xff\xff\xff\xff\xff\xff\xff"),
	IGNORED("parameters", 133, "\xff\xff\xff\xff"),
	IGNORED("SetupCount", 141, "\x00\xff"),
	IGNORED("priority, class", 145, "\xff\xff\xff\xff"),
	IGNORED("ByteCount", 149, "\x00\x00"),
	IGNORED("lower-case path", 151, "\\mailslot\\"),
	IGNORED("padding", 167, "\xff\xff\xff"),
	IGNORED("data of 4 bytes", 137, "\x04\x00"),
	IGNORED("unaligned data", 139, "\x55\x00"),
	IGNORED("no data, offset 0", 137, "\x00\x00\x00\x00"),
	IGNORED("no data, at the end", 137, "\x00\x00\x5d\x00"),
};

static void drops_for_the_right_reason(struct kunit *test)
{
	static struct packet packet;
	struct mslot_datagram datagram;
	size_t i;

	sample_packet(test, &packet);
	KUNIT_EXPECT_EQ(test, packet.len, 175);
	KUNIT_EXPECT_EQ(test, parse_packet(test, &packet, &datagram), 0);
	for (i = 0; i < ARRAY_SIZE(flaws); i++) {
		const struct flaw *flaw = &flaws[i];

		sample_packet(test, &packet);
		memcpy(packet.bytes + flaw->at, flaw->bytes, flaw->len);
		KUNIT_EXPECT_EQ_MSG(test,
				    parse_packet(test, &packet, &datagram),
				    flaw->expected, "%s", flaw->what);
	}
}

/* Insert bytes; the length in the header then is too small, which is legal. */
static void insert(struct packet *packet, size_t at, const char *bytes,
		   size_t len)
{
	memmove(packet->bytes + at + len, packet->bytes + at, packet->len - at);
	memcpy(packet->bytes + at, bytes, len);
	packet->len += len;
}

/* The sample packet with labels of scope behind one of its names */
static int parse_scoped(struct kunit *test, size_t at, const char *scope,
			size_t len)
{
	static struct packet packet;
	struct mslot_datagram datagram;
	int err;

	sample_packet(test, &packet);
	insert(&packet, at, scope, len);
	err = parse_packet(test, &packet, &datagram);
	if (!err) {
		KUNIT_EXPECT_EQ(test, datagram.data_offset, 170 + len);
		KUNIT_EXPECT_EQ(test, memcmp(datagram.dest, "LINUXSLOT      ",
					     16), 0);
	}
	return err;
}

static void scopes(struct kunit *test)
{
	char scope[256];
	size_t i;

	KUNIT_EXPECT_EQ(test, parse_scoped(test, 47, "\x07NETBIOS\x03\x43OM",
					   12), 0);
	KUNIT_EXPECT_EQ(test, parse_scoped(test, 81, "\x07NETBIOS\x03\x43OM",
					   12), -MSLOT_DROP_SCOPE);
	/* 255 bytes of name are the limit, here in labels of one byte... */
	for (i = 0; i < sizeof(scope); i += 2)
		memcpy(scope + i, "\x01S", 2);
	KUNIT_EXPECT_EQ(test, parse_scoped(test, 47, scope, 220), 0);
	KUNIT_EXPECT_EQ(test, parse_scoped(test, 47, scope, 222),
			-MSLOT_DROP_SOURCE_NAME);
	KUNIT_EXPECT_EQ(test, parse_scoped(test, 81, scope, 220),
			-MSLOT_DROP_SCOPE);
	KUNIT_EXPECT_EQ(test, parse_scoped(test, 81, scope, 222),
			-MSLOT_DROP_DEST_NAME);
	/* ... and here in the longest ones. */
	memset(scope, 63, sizeof(scope));
	KUNIT_EXPECT_EQ(test, parse_scoped(test, 47, scope, 192), 0);
	KUNIT_EXPECT_EQ(test, parse_scoped(test, 47, scope, 256),
			-MSLOT_DROP_SOURCE_NAME);
}

/* A scope label that leads past the end of the datagram, by one byte and more */
static void scope_leads_outside(struct kunit *test)
{
	static struct packet packet;
	struct mslot_datagram datagram;
	size_t label;

	for (label = 12; label <= 63; label++) {
		sample_packet(test, &packet);
		memset(packet.bytes + 10, 0, 2);
		packet.bytes[81] = label;
		packet.len = 82 + 12;
		KUNIT_EXPECT_EQ(test, parse_packet(test, &packet, &datagram),
				-MSLOT_DROP_DEST_NAME);
	}
}

/* Cut anywhere, the datagram is dropped, and nothing behind the cut is read. */
static void drops_when_cut(struct kunit *test)
{
	static struct packet packet;
	struct mslot_datagram datagram;
	size_t len;

	sample_packet(test, &packet);
	memset(packet.bytes + 10, 0, 2);
	/* One byte suffices to see that it is an error report. */
	KUNIT_EXPECT_EQ(test, mslot_wire_parse((const u8 *)"\x13", 1, 1,
					       &datagram), -MSLOT_DROP_TYPE);
	for (len = 0; len < 175; len++) {
		int expected = len < SMB + 69 ? -MSLOT_DROP_SHORT :
						-MSLOT_DROP_DATA;

		packet.len = len;
		KUNIT_EXPECT_EQ_MSG(test,
				    parse_packet(test, &packet, &datagram),
				    expected, "cut to %zu", len);
	}
}

/* A prefix of the datagram does as soon as the path is in it. */
static void prefix_suffices(struct kunit *test)
{
	static struct packet packet;
	struct mslot_datagram datagram;
	size_t len;

	sample_packet(test, &packet);
	for (len = 0; len <= packet.len; len++) {
		const u8 *copy = exact_bytes(test, packet.bytes, len);
		int err = mslot_wire_parse(copy, len, packet.len, &datagram);
		int expected = len < SMB + 69 ? -MSLOT_DROP_SHORT :
			       len < SMB + 85 ? -MSLOT_DROP_PATH : 0;

		KUNIT_EXPECT_EQ_MSG(test, err, expected, "prefix %zu", len);
		if (err)
			continue;
		KUNIT_EXPECT_EQ(test, datagram.data_offset, 170);
		KUNIT_EXPECT_EQ(test, datagram.data_len, 5);
	}
}

/* MSLOT_WIRE_PREFIX is enough for the longest names there are. */
static void prefix_is_long_enough(struct kunit *test)
{
	static char slot[MSLOT_NAME_MAX + 1];
	static struct packet packet;
	struct mslot_datagram datagram = sample_datagram();
	struct mslot_datagram parsed;
	char scope[220];
	const u8 *copy;
	size_t i;

	memset(slot, 's', sizeof(slot));
	datagram.slot = slot;
	datagram.slot_len = MSLOT_NAME_MAX;
	datagram.data_len = 1000;
	make_packet(test, &packet, &datagram);
	for (i = 0; i < sizeof(scope); i += 2)
		memcpy(scope + i, "\x01S", 2);
	insert(&packet, 47, scope, sizeof(scope));
	copy = exact_bytes(test, packet.bytes, MSLOT_WIRE_PREFIX);
	KUNIT_EXPECT_EQ(test, mslot_wire_parse(copy, MSLOT_WIRE_PREFIX,
					       packet.len, &parsed), 0);
	KUNIT_EXPECT_EQ(test, parsed.slot_len, MSLOT_NAME_MAX);
	KUNIT_EXPECT_EQ(test, parsed.data_offset + 1000, packet.len);
}

/* The path's own length is limited, not only that of the datagram. */
static void drops_long_slot_name(struct kunit *test)
{
	static char slot[MSLOT_NAME_MAX];
	static struct packet packet;
	struct mslot_datagram datagram = sample_datagram();

	memset(slot, 's', sizeof(slot));
	datagram.slot = slot;
	datagram.slot_len = sizeof(slot);
	make_packet(test, &packet, &datagram);
	KUNIT_EXPECT_EQ(test, parse_packet(test, &packet, &datagram), 0);
	/* NUL at 69 + 10 + 255, data behind it at 336 */
	packet.bytes[SMB + 334] = 's';
	KUNIT_EXPECT_EQ(test, parse_packet(test, &packet, &datagram),
			-MSLOT_DROP_SLOT_NAME);
}

static void ignores_what_follows(struct kunit *test)
{
	static struct packet packet;
	struct mslot_datagram datagram;

	sample_packet(test, &packet);
	memset(packet.bytes + packet.len, 'j', 100);
	packet.len += 100;
	KUNIT_EXPECT_EQ(test, parse_packet(test, &packet, &datagram), 0);
	KUNIT_EXPECT_EQ(test, datagram.data_len, 5);
	KUNIT_EXPECT_EQ(test, datagram.data_offset, 170);
}

static void empty_message(struct kunit *test)
{
	static struct packet packet;
	struct mslot_datagram datagram = sample_datagram();

	datagram.data_len = 0;
	make_packet(test, &packet, &datagram);
	KUNIT_EXPECT_EQ(test, parse_packet(test, &packet, &datagram), 0);
	KUNIT_EXPECT_EQ(test, datagram.data_len, 0);
	KUNIT_EXPECT_EQ(test, datagram.data_offset, packet.len);
	/* Offset 0, and nothing behind the path, not even padding */
	memset(packet.bytes + SMB + 57, 0, 2);
	memset(packet.bytes + 10, 0, 2);
	packet.len = SMB + 85;
	KUNIT_EXPECT_EQ(test, parse_packet(test, &packet, &datagram), 0);
	KUNIT_EXPECT_EQ(test, datagram.data_len, 0);
	KUNIT_EXPECT_EQ(test, datagram.data_offset, packet.len);
}

static struct kunit_case drop_cases[] = {
	KUNIT_CASE(drops_for_the_right_reason),
	KUNIT_CASE(scopes),
	KUNIT_CASE(scope_leads_outside),
	KUNIT_CASE(drops_when_cut),
	KUNIT_CASE(prefix_suffices),
	KUNIT_CASE(prefix_is_long_enough),
	KUNIT_CASE(drops_long_slot_name),
	KUNIT_CASE(ignores_what_follows),
	KUNIT_CASE(empty_message),
	{}
};

static struct kunit_suite drop_suite = {
	.name = "mailslot-drop",
	.test_cases = drop_cases,
};

kunit_test_suite(drop_suite);

MODULE_DESCRIPTION("KUnit tests of what the mailslot datagram parser refuses");
MODULE_LICENSE("GPL");
