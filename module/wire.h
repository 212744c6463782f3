/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mailslot message on the wire: an SMB_COM_TRANSACTION ([MS-MAIL] 2.2.1)
 * inside a NetBIOS datagram (RFC 1002 4.4). Nothing here allocates, locks,
 * keeps state or answers anybody.
 */
#ifndef _MSLOT_WIRE_H
#define _MSLOT_WIRE_H

#include "name.h"

/** MSLOT_WIRE_PORT - UDP port of the NetBIOS datagram service */
#define MSLOT_WIRE_PORT		138

/** MSLOT_WIRE_NAME_MAX - bytes of the longest encoded name (RFC 883) */
#define MSLOT_WIRE_NAME_MAX	255

/** MSLOT_WIRE_UDP_MAX - bytes of the longest UDP payload over IPv4 */
#define MSLOT_WIRE_UDP_MAX	65507

/**
 * MSLOT_WIRE_PREFIX - bytes that mslot_wire_parse() wants to see at once
 *
 * Datagram header, two names with the longest scopes, SMB header and words,
 * ``\MAILSLOT\``, the longest slot name and its NUL.
 */
#define MSLOT_WIRE_PREFIX	\
	(14 + 2 * MSLOT_WIRE_NAME_MAX + 69 + 10 + MSLOT_NAME_MAX + 1)

/**
 * MSLOT_WIRE_HEADER_MAX - the most that mslot_wire_encode() ever writes
 *
 * Datagram header, two names without scope, and everything of the SMB message
 * that comes before the data.
 */
#define MSLOT_WIRE_HEADER_MAX	(14 + 2 * 34 + 80 + MSLOT_NAME_MAX + 1)

/**
 * enum mslot_wire_type - the datagrams that carry messages (RFC 1002 4.4.1)
 * @MSLOT_WIRE_UNIQUE: To the one owner of a name.
 * @MSLOT_WIRE_GROUP: To all members of a group name.
 * @MSLOT_WIRE_BROADCAST: To everybody.
 */
enum mslot_wire_type {
	MSLOT_WIRE_UNIQUE	= 0x10,
	MSLOT_WIRE_GROUP	= 0x11,
	MSLOT_WIRE_BROADCAST	= 0x12,
};

/**
 * enum mslot_drop - why mslot_wire_parse() refuses a datagram
 * @MSLOT_DROP_NONE: It does not.
 * @MSLOT_DROP_SHORT: It ends inside a header.
 * @MSLOT_DROP_TYPE: It carries no message: an error report, a query, an
 *	answer, or an unknown type.
 * @MSLOT_DROP_FRAGMENT: It is one of several; [MS-MAIL] 3.1.5 has them
 *	discarded.
 * @MSLOT_DROP_LENGTH: It claims to be longer than it is.
 * @MSLOT_DROP_SOURCE_NAME: The NetBIOS name of the sender is malformed.
 * @MSLOT_DROP_DEST_NAME: The NetBIOS name of the receiver is malformed.
 * @MSLOT_DROP_SCOPE: It is meant for another NetBIOS scope.
 * @MSLOT_DROP_SMB: It carries no SMB_COM_TRANSACTION.
 * @MSLOT_DROP_WORDS: The transaction has no room for the words of a mailslot
 *	write, or too many.
 * @MSLOT_DROP_OPCODE: The transaction is not the writing of a mailslot.
 * @MSLOT_DROP_DATA: The message lies outside the datagram, or inside a header.
 * @MSLOT_DROP_PATH: The path is without its NUL or does not begin with
 *	``\MAILSLOT\``.
 * @MSLOT_DROP_SLOT_NAME: No slot can have that name.
 * @MSLOT_DROP_WIRE_END: How many there are; receivers number their own reasons
 *	from here.
 */
enum mslot_drop {
	MSLOT_DROP_NONE,
	MSLOT_DROP_SHORT,
	MSLOT_DROP_TYPE,
	MSLOT_DROP_FRAGMENT,
	MSLOT_DROP_LENGTH,
	MSLOT_DROP_SOURCE_NAME,
	MSLOT_DROP_DEST_NAME,
	MSLOT_DROP_SCOPE,
	MSLOT_DROP_SMB,
	MSLOT_DROP_WORDS,
	MSLOT_DROP_OPCODE,
	MSLOT_DROP_DATA,
	MSLOT_DROP_PATH,
	MSLOT_DROP_SLOT_NAME,
	MSLOT_DROP_WIRE_END,
};

/**
 * struct mslot_datagram - what a datagram says
 * @type: An enum mslot_wire_type.
 * @id: Number that the sender gave to it, to tell copies from each other.
 * @address: IPv4 address that the sender claims. Never to be trusted.
 * @port: UDP port that the sender claims, in the host's byte order.
 * @source: NetBIOS name of the sender, as it claims; any bytes.
 * @dest: NetBIOS name of the receiver; any bytes.
 * @slot: Name of the slot behind ``\MAILSLOT\``, legal by mslot_name_check(),
 *	inside the buffer that was parsed and not ended by a NUL.
 * @slot_len: Bytes at @slot, 1 to %MSLOT_NAME_MAX.
 * @mail_class: 1 reliable or 2 broadcastable; any value can arrive, and Windows
 *	ignores it ([MS-MAIL] 2.2.1).
 * @priority: 0 to 9; any value can arrive, and Windows ignores it too.
 * @data_offset: Bytes from the beginning of the UDP payload to the message.
 *	The encoder does not read it.
 * @data_len: Bytes of the message.
 */
struct mslot_datagram {
	u8 type;
	u16 id;
	__be32 address;
	u16 port;
	u8 source[MSLOT_NETBIOS_LEN];
	u8 dest[MSLOT_NETBIOS_LEN];
	const char *slot;
	u16 slot_len;
	u16 mail_class;
	u16 priority;
	u32 data_offset;
	u32 data_len;
};

int mslot_wire_parse(const u8 *buf, size_t prefix_len, size_t total_len,
		     struct mslot_datagram *out);
ssize_t mslot_wire_encode(u8 *dst, size_t dst_size,
			  const struct mslot_datagram *in);

size_t mslot_wire_interop_max(size_t slot_len);
size_t mslot_wire_large_max(size_t slot_len);

const char *mslot_drop_name(unsigned int reason);

#endif /* _MSLOT_WIRE_H */
