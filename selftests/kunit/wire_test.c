// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the codec against packets from elsewhere, and of what it sends.
 */
#include "packet.h"

enum wire_expect {
	EXPECT_DELIVER,
	EXPECT_DROP,
	EXPECT_EITHER,
};

/* A packet of selftests/vectors; from type on only for frames of Samba's */
struct wire_vector {
	const char *file;
	unsigned int number;
	const char *label;
	enum wire_expect expect;
	size_t len;
	const char *bytes;
	u8 type;
	const char *source;
	const char *dest;
	const char *path;
	u32 data_offset;
	u32 data_len;
};

#include "wire_vectors.h"

static int parse_vector(struct kunit *test, const struct wire_vector *vector,
			struct mslot_datagram *out)
{
	const u8 *bytes = exact_bytes(test, (const u8 *)vector->bytes,
				      vector->len);

	return mslot_wire_parse(bytes, vector->len, vector->len, out);
}

static void vectors_meet_expectation(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wire_vectors); i++) {
		const struct wire_vector *vector = &wire_vectors[i];
		struct mslot_datagram datagram;
		int err = parse_vector(test, vector, &datagram);

		if (vector->expect == EXPECT_DELIVER)
			KUNIT_EXPECT_EQ_MSG(test, err, 0, "%s %u: %s",
					    vector->file, vector->number,
					    vector->label);
		if (vector->expect == EXPECT_DROP)
			KUNIT_EXPECT_TRUE_MSG(test, err < 0, "%s %u: %s",
					      vector->file, vector->number,
					      vector->label);
		KUNIT_EXPECT_TRUE_MSG(test, err <= 0 &&
				      err > -MSLOT_DROP_WIRE_END, "%s %u: %s",
				      vector->file, vector->number,
				      vector->label);
	}
}

/* In all packets of good.tsv the message is what ends the datagram. */
static void vectors_deliver_whole_message(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wire_vectors); i++) {
		const struct wire_vector *vector = &wire_vectors[i];
		struct mslot_datagram datagram;

		if (strcmp(vector->file, "good") ||
		    parse_vector(test, vector, &datagram))
			continue;
		KUNIT_EXPECT_EQ_MSG(test,
				    datagram.data_offset + datagram.data_len,
				    vector->len, "%s", vector->label);
		KUNIT_EXPECT_EQ_MSG(test,
				    vector->bytes[datagram.data_offset - 1], 0,
				    "%s", vector->label);
	}
}

/* What Windows' form of packet says, written anew, is the same packet. */
static void vectors_survive_round_trip(struct kunit *test)
{
	static u8 again[MSLOT_WIRE_HEADER_MAX];
	unsigned int same = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wire_vectors); i++) {
		const struct wire_vector *vector = &wire_vectors[i];
		struct mslot_datagram datagram;
		ssize_t len;

		if (vector->len < SMB + 16 ||
		    memcmp(vector->bytes + SMB + 9, "\x18\x04", 3) ||
		    vector->bytes[1] != 0x0e ||
		    strcmp(vector->file, "good") ||
		    parse_vector(test, vector, &datagram) ||
		    memcmp(vector->bytes + SMB + 69, "\\MAILSLOT\\", 10))
			continue;
		len = mslot_wire_encode(again, sizeof(again), &datagram);
		KUNIT_EXPECT_EQ_MSG(test, len, datagram.data_offset, "%s",
				    vector->label);
		if (len != datagram.data_offset)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, memcmp(again, vector->bytes, len), 0,
				    "%s", vector->label);
		same++;
	}
	KUNIT_EXPECT_TRUE_MSG(test, same >= 15, "only %u", same);
}

static bool same_path(const struct wire_vector *vector,
		      const struct mslot_datagram *datagram)
{
	size_t len = strlen(vector->path);

	return datagram->slot_len == len - 10 &&
	       !memcmp(vector->path + 10, datagram->slot, len - 10);
}

static void samba_fields(struct kunit *test)
{
	unsigned int frames = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wire_vectors); i++) {
		const struct wire_vector *vector = &wire_vectors[i];
		struct mslot_datagram datagram;

		if (!vector->path)
			continue;
		frames++;
		KUNIT_EXPECT_EQ(test, parse_vector(test, vector, &datagram), 0);
		KUNIT_EXPECT_EQ(test, datagram.type, vector->type);
		KUNIT_EXPECT_EQ(test, datagram.data_offset,
				vector->data_offset);
		KUNIT_EXPECT_EQ(test, datagram.data_len, vector->data_len);
		KUNIT_EXPECT_EQ(test, memcmp(datagram.source, vector->source,
					     MSLOT_NETBIOS_LEN), 0);
		KUNIT_EXPECT_EQ(test, memcmp(datagram.dest, vector->dest,
					     MSLOT_NETBIOS_LEN), 0);
		KUNIT_EXPECT_TRUE(test, same_path(vector, &datagram));
	}
	KUNIT_EXPECT_EQ(test, frames, 16);
}

/* The SMB message of [MS-MAIL] section 4, up to its 36 bytes of data */
static const u8 published[] = {
	0xff, 0x53, 0x4d, 0x42, 0x25, 0x00, 0x00, 0x00, 0x00, 0x18, 0x04, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0xff, 0xfe, 0x00, 0x00, 0x00, 0x00, 0x11, 0x00, 0x00, 0x24,
	0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x68, 0x00, 0x24, 0x00, 0x68, 0x00, 0x03,
	0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 0x00, 0x47, 0x00, 0x5c, 0x4d, 0x41,
	0x49, 0x4c, 0x53, 0x4c, 0x4f, 0x54, 0x5c, 0x74, 0x65, 0x73, 0x74, 0x31,
	0x5c, 0x73, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x5f, 0x6d, 0x61, 0x69, 0x6c,
	0x73, 0x6c, 0x6f, 0x74, 0x00, 0x00, 0x00, 0x00,
};

static void encodes_published_frame(struct kunit *test)
{
	static u8 frame[MSLOT_WIRE_HEADER_MAX];
	struct mslot_datagram datagram = sample_datagram();
	ssize_t len;

	datagram.slot = "test1\\sample_mailslot";
	datagram.slot_len = 21;
	datagram.data_len = 36;
	memset(frame, 0xaa, sizeof(frame));
	len = mslot_wire_encode(frame, sizeof(frame), &datagram);
	KUNIT_EXPECT_EQ(test, len, SMB + sizeof(published));
	KUNIT_EXPECT_EQ(test, memcmp(frame + SMB, published, sizeof(published)),
			0);
	KUNIT_EXPECT_EQ(test, frame[len], 0xaa);
}

/* RFC 1002 4.4.1; names by RFC 1001 14.1 */
static const char datagram_header[] =
	"\x11\x0e\x12\x34\x0a\x4d\x00\x04\x10\x00\x00\xa1\x00\x00"
	" FAFJEDEMEJEFEOFECACACACACACACAAA\0"
	" EMEJEOFFFIFDEMEPFECACACACACACABN";

static void encodes_datagram_header(struct kunit *test)
{
	static u8 frame[MSLOT_WIRE_HEADER_MAX];
	struct mslot_datagram datagram = sample_datagram();

	datagram.type = MSLOT_WIRE_GROUP;
	datagram.port = 4096;
	datagram.dest[MSLOT_NETBIOS_SUFFIX] = 0x1d;
	KUNIT_EXPECT_EQ(test, mslot_wire_encode(frame, sizeof(frame),
						&datagram), SMB + 88);
	KUNIT_EXPECT_EQ(test, memcmp(frame, datagram_header, SMB), 0);
}

static void expect_untouched(struct kunit *test,
			     const struct mslot_datagram *datagram,
			     size_t size, int expected)
{
	static u8 frame[MSLOT_WIRE_HEADER_MAX + 1];
	size_t i;

	memset(frame, 0xaa, sizeof(frame));
	KUNIT_EXPECT_EQ_MSG(test, mslot_wire_encode(frame, size, datagram),
			    expected, "size %zu", size);
	for (i = 0; i < sizeof(frame); i++)
		if (frame[i] != 0xaa)
			break;
	KUNIT_EXPECT_EQ_MSG(test, i, sizeof(frame), "size %zu", size);
}

static void encode_keeps_to_its_buffer(struct kunit *test)
{
	static char slot[MSLOT_NAME_MAX];
	struct mslot_datagram datagram = sample_datagram();
	size_t size, len;

	memset(slot, 's', sizeof(slot));
	datagram.slot = slot;
	for (len = 1; len <= sizeof(slot); len += 127) {
		size_t needed = SMB + 512 - mslot_wire_interop_max(len);
		u8 *frame = kunit_kmalloc(test, needed, GFP_KERNEL);

		datagram.slot_len = len;
		for (size = 0; size < needed; size++)
			expect_untouched(test, &datagram, size, -EMSGSIZE);
		KUNIT_ASSERT_NOT_NULL(test, frame);
		KUNIT_EXPECT_EQ(test, mslot_wire_encode(frame, needed,
							&datagram), needed);
		KUNIT_EXPECT_TRUE(test, needed <= MSLOT_WIRE_HEADER_MAX);
	}
}

static void encode_refuses_slot_names(struct kunit *test)
{
	static char slot[MSLOT_NAME_MAX + 1];
	struct mslot_datagram datagram = sample_datagram();

	datagram.slot = "a/b";
	datagram.slot_len = 3;
	expect_untouched(test, &datagram, MSLOT_WIRE_HEADER_MAX, -EINVAL);
	datagram.slot_len = 0;
	expect_untouched(test, &datagram, MSLOT_WIRE_HEADER_MAX, -EINVAL);
	memset(slot, 's', sizeof(slot));
	datagram.slot = slot;
	datagram.slot_len = sizeof(slot);
	expect_untouched(test, &datagram, MSLOT_WIRE_HEADER_MAX, -ENAMETOOLONG);
}

/* [MS-MAIL] 2.1 and its note 2; 65,507 is the most that IPv4 leaves to UDP. */
static void size_limits(struct kunit *test)
{
	static char slot[MSLOT_NAME_MAX];
	struct mslot_datagram datagram = sample_datagram();
	size_t len;

	memset(slot, 's', sizeof(slot));
	datagram.slot = slot;
	for (len = 1; len <= sizeof(slot); len++) {
		size_t aligned = (len + 3) / 4 * 4;

		KUNIT_EXPECT_EQ(test, mslot_wire_interop_max(len),
				432 - aligned);
		KUNIT_EXPECT_EQ(test, mslot_wire_large_max(len),
				65345 - aligned);
		datagram.slot_len = len;
		datagram.data_len = 65345 - aligned + 1;
		expect_untouched(test, &datagram, MSLOT_WIRE_HEADER_MAX,
				 -EMSGSIZE);
		datagram.data_len = 0xffffffff;
		expect_untouched(test, &datagram, MSLOT_WIRE_HEADER_MAX,
				 -EMSGSIZE);
	}
	KUNIT_EXPECT_EQ(test, mslot_wire_interop_max(8), 424);
	KUNIT_EXPECT_EQ(test, mslot_wire_large_max(8), 65337);
}

static void large_message_round_trip(struct kunit *test)
{
	static u8 frame[MSLOT_WIRE_HEADER_MAX];
	struct mslot_datagram datagram = sample_datagram();
	struct mslot_datagram parsed;
	ssize_t len;

	datagram.data_len = mslot_wire_large_max(datagram.slot_len);
	len = mslot_wire_encode(frame, sizeof(frame), &datagram);
	KUNIT_EXPECT_EQ(test, len + datagram.data_len, MSLOT_WIRE_UDP_MAX);
	/* The message itself is not looked at, so it need not be there. */
	KUNIT_EXPECT_EQ(test, mslot_wire_parse(frame, len, MSLOT_WIRE_UDP_MAX,
					       &parsed), 0);
	KUNIT_EXPECT_EQ(test, parsed.data_offset, len);
	KUNIT_EXPECT_EQ(test, parsed.data_len, datagram.data_len);
}

static void fields_round_trip(struct kunit *test)
{
	static struct packet packet;
	struct mslot_datagram datagram = sample_datagram();
	struct mslot_datagram parsed;

	datagram.type = MSLOT_WIRE_BROADCAST;
	datagram.id = 0xfedc;
	datagram.port = 0xba98;
	datagram.mail_class = 0x7654;
	datagram.priority = 0x3210;
	memcpy(datagram.source, "\x00\x01\x7f\x80\xfe\xff~*#@!. xy\xff", 16);
	memcpy(datagram.dest, "*\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	datagram.slot = "Net\\\xc3\xa9t\xc3\xa9";
	datagram.slot_len = 9;
	make_packet(test, &packet, &datagram);
	KUNIT_EXPECT_EQ(test, parse_packet(test, &packet, &parsed), 0);
	KUNIT_EXPECT_EQ(test, parsed.type, datagram.type);
	KUNIT_EXPECT_EQ(test, parsed.id, datagram.id);
	KUNIT_EXPECT_EQ(test, parsed.port, datagram.port);
	KUNIT_EXPECT_TRUE(test, parsed.address == datagram.address);
	KUNIT_EXPECT_EQ(test, parsed.mail_class, datagram.mail_class);
	KUNIT_EXPECT_EQ(test, parsed.priority, datagram.priority);
	KUNIT_EXPECT_EQ(test, memcmp(parsed.source, datagram.source, 16), 0);
	KUNIT_EXPECT_EQ(test, memcmp(parsed.dest, datagram.dest, 16), 0);
	KUNIT_EXPECT_EQ(test, parsed.slot_len, datagram.slot_len);
	KUNIT_EXPECT_EQ(test, memcmp(parsed.slot, datagram.slot,
				     datagram.slot_len), 0);
}

static void reasons_have_names(struct kunit *test)
{
	unsigned int a, b;

	for (a = 0; a < MSLOT_DROP_WIRE_END; a++) {
		const char *name = mslot_drop_name(a);

		KUNIT_EXPECT_TRUE_MSG(test, name && *name, "reason %u", a);
		for (b = 0; name && b < a; b++)
			KUNIT_EXPECT_TRUE_MSG(test,
					      strcmp(name, mslot_drop_name(b)),
					      "reasons %u, %u", a, b);
	}
	KUNIT_EXPECT_TRUE(test, !mslot_drop_name(MSLOT_DROP_WIRE_END));
	KUNIT_EXPECT_TRUE(test, !mslot_drop_name(0xffffffff));
}

static struct kunit_case wire_cases[] = {
	KUNIT_CASE(vectors_meet_expectation),
	KUNIT_CASE(vectors_deliver_whole_message),
	KUNIT_CASE(vectors_survive_round_trip),
	KUNIT_CASE(samba_fields),
	KUNIT_CASE(encodes_published_frame),
	KUNIT_CASE(encodes_datagram_header),
	KUNIT_CASE(encode_keeps_to_its_buffer),
	KUNIT_CASE(encode_refuses_slot_names),
	KUNIT_CASE(size_limits),
	KUNIT_CASE(large_message_round_trip),
	KUNIT_CASE(fields_round_trip),
	KUNIT_CASE(reasons_have_names),
	{}
};

static struct kunit_suite wire_suite = {
	.name = "mailslot-wire",
	.test_cases = wire_cases,
};

kunit_test_suite(wire_suite);

MODULE_DESCRIPTION("KUnit tests of the mailslot datagram codec");
MODULE_LICENSE("GPL");
