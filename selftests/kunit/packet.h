/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Datagrams for the tests of the codec: made by the encoder, then spoilt.
 */
#ifndef _PACKET_H
#define _PACKET_H

#include "../../module/wire.h"
#include "kunit_tap.h"

/* Where the SMB message begins behind two names without scope */
#define SMB 82

struct packet {
	u8 bytes[2048];
	size_t len;
};

static inline struct mslot_datagram sample_datagram(void)
{
	struct mslot_datagram datagram = {
		.type = MSLOT_WIRE_UNIQUE,
		.id = 0x1234,
		.port = MSLOT_WIRE_PORT,
		.source = "PYCLIENT       ",
		.dest = "LINUXSLOT      ",
		.slot = "TEST1",
		.slot_len = 5,
		.mail_class = 2,
		.data_len = 5,
	};

	memcpy(&datagram.address, "\x0a\x4d\x00\x04", 4);
	return datagram;
}

/* The datagram with data_len bytes of the letter d behind it */
static inline void make_packet(struct kunit *test, struct packet *packet,
			       const struct mslot_datagram *datagram)
{
	ssize_t len = mslot_wire_encode(packet->bytes, sizeof(packet->bytes),
					datagram);

	packet->len = 0;
	KUNIT_EXPECT_TRUE_MSG(test, len > 0, "encode returns %d", (int)len);
	if (len < 0 || datagram->data_len > sizeof(packet->bytes) - len)
		return;
	memset(packet->bytes + len, 'd', datagram->data_len);
	packet->len = len + datagram->data_len;
}

static inline void sample_packet(struct kunit *test, struct packet *packet)
{
	struct mslot_datagram datagram = sample_datagram();

	make_packet(test, packet, &datagram);
}

/* Into memory of just that size, so that KASAN or ASan see a byte too many. */
static inline u8 *exact_bytes(struct kunit *test, const u8 *bytes, size_t len)
{
	u8 *copy = kunit_kmalloc(test, len ? len : 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, bytes, len);
	return copy;
}

/* Parse all of it, at once and out of memory that ends where it ends. */
static inline int parse_packet(struct kunit *test, const struct packet *packet,
			       struct mslot_datagram *out)
{
	const u8 *copy = exact_bytes(test, packet->bytes, packet->len);

	return mslot_wire_parse(copy, packet->len, packet->len, out);
}

#endif /* _PACKET_H */
