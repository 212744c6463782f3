// SPDX-License-Identifier: GPL-2.0-only
/*
 * Codec of mailslot datagrams.
 *
 * Decoders of this format have a history of holes, in Windows, Samba and
 * others. So every length is compared before it is subtracted, sums of lengths
 * from the wire are 32 bits wide, no loop can stand still, and nothing that
 * was read is trusted to end where it should.
 */
#include "wire.h"

/* The datagram header, RFC 1002 4.4.1; offsets from the UDP payload */
#define NBT_TYPE		0
#define NBT_FLAGS		1
#define NBT_ID			2
#define NBT_ADDRESS		4
#define NBT_PORT		8
#define NBT_LENGTH		10
#define NBT_PACKET_OFFSET	12
#define NBT_HEADER_LEN		14

#define NBT_FLAG_MORE		0x01
#define NBT_FLAG_FIRST		0x02
/* What Windows and Samba send: first and only fragment, from an h-node */
#define NBT_FLAGS_SENT		0x0e

/* A name without scope: a label of 32 letters and the empty label */
#define NBT_LABEL_LEN		32
#define NBT_NAME_LEN		34

/* The SMB message, [MS-MAIL] 2.2.1; offsets from its first byte */
#define SMB_COMMAND		4
#define SMB_FLAGS		9
#define SMB_FLAGS2		10
#define SMB_PID_LOW		26
#define SMB_WORD_COUNT		32
#define SMB_TOTAL_DATA_COUNT	35
#define SMB_MAX_PARAMETER_COUNT	37
#define SMB_TRANSACTION_FLAGS	43
#define SMB_PARAMETER_OFFSET	53
#define SMB_DATA_COUNT		55
#define SMB_DATA_OFFSET		57
#define SMB_SETUP_COUNT		59
#define SMB_OPCODE		61
#define SMB_PRIORITY		63
#define SMB_CLASS		65
#define SMB_BYTE_COUNT		67
#define SMB_PATH		69

#define SMB_MAX_LEN		512
#define SMB_COM_TRANSACTION	0x25
#define MAILSLOT_WORD_COUNT	17
#define MAILSLOT_SETUP_COUNT	3
#define MAILSLOT_OPCODE_WRITE	1

static const u8 smb_magic[] = { 0xff, 'S', 'M', 'B' };
static const char path_prefix[] = "\\MAILSLOT\\";

#define PATH_PREFIX_LEN		(sizeof(path_prefix) - 1)

/* The longest path, its NUL included */
#define PATH_MAX_LEN		(PATH_PREFIX_LEN + MSLOT_NAME_MAX + 1)

static u16 get_be16(const u8 *from)
{
	return from[0] << 8 | from[1];
}

static u16 get_le16(const u8 *from)
{
	return from[1] << 8 | from[0];
}

static void put_be16(u8 *to, u16 value)
{
	to[0] = value >> 8;
	to[1] = value & 0xff;
}

static void put_le16(u8 *to, u16 value)
{
	to[0] = value & 0xff;
	to[1] = value >> 8;
}

static int parse_nbt_header(const u8 *buf, size_t seen, size_t total,
			    struct mslot_datagram *out)
{
	if (seen < 1)
		return -MSLOT_DROP_SHORT;
	out->type = buf[NBT_TYPE];
	if (out->type < MSLOT_WIRE_UNIQUE || out->type > MSLOT_WIRE_BROADCAST)
		return -MSLOT_DROP_TYPE;
	if (seen < NBT_HEADER_LEN)
		return -MSLOT_DROP_SHORT;
	/*
	 * Fragments are never put together: illumos matched them by source
	 * address only, and copied by the length that each of them claimed.
	 */
	if (get_be16(buf + NBT_PACKET_OFFSET) ||
	    (buf[NBT_FLAGS] & (NBT_FLAG_MORE | NBT_FLAG_FIRST)) !=
	    NBT_FLAG_FIRST)
		return -MSLOT_DROP_FRAGMENT;
	/* Only compared; the end of the datagram is where UDP says it is. */
	if (get_be16(buf + NBT_LENGTH) > total - NBT_HEADER_LEN)
		return -MSLOT_DROP_LENGTH;
	out->id = get_be16(buf + NBT_ID);
	out->port = get_be16(buf + NBT_PORT);
	memcpy(&out->address, buf + NBT_ADDRESS, sizeof(out->address));
	return 0;
}

/* First-level encoding, RFC 1001 14.1: a letter of A to P for each nibble. */
static bool decode_label(const u8 *from, u8 *name)
{
	size_t i;

	for (i = 0; i < NBT_LABEL_LEN; i++) {
		u8 nibble = from[i] - 'A';

		if (nibble > 0x0f)
			return false;
		name[i / 2] = name[i / 2] << 4 | nibble;
	}
	return true;
}

/*
 * Count the scope labels behind the first one, the final empty one included.
 * Returns their bytes, or 0 if they do not end within what is left, or are not
 * labels at all.
 *
 * A pointer is no label here: following them made decoders loop for ever (ISS
 * PAM, CVE-2006-3840) or for long (Samba, CVE-2020-10745), and nobody sends
 * them in datagrams. Every turn consumes a byte at least.
 */
static size_t scope_len(const u8 *from, size_t left)
{
	size_t at = 0;

	while (at < left) {
		size_t label = from[at];

		if (!label)
			return at + 1;
		if (label > 63)
			return 0;
		at += label + 1;
	}
	return 0;
}

/* Returns the bytes of the encoded name, or a reason; bad is the usual one. */
static int decode_name(const u8 *from, size_t left, u8 *name,
		       enum mslot_drop bad)
{
	size_t scope;

	if (left < NBT_NAME_LEN)
		return -MSLOT_DROP_SHORT;
	if (from[0] != NBT_LABEL_LEN || !decode_label(from + 1, name))
		return -(int)bad;
	if (left > MSLOT_WIRE_NAME_MAX)
		left = MSLOT_WIRE_NAME_MAX;
	scope = scope_len(from + 1 + NBT_LABEL_LEN, left - 1 - NBT_LABEL_LEN);
	return scope ? (int)(1 + NBT_LABEL_LEN + scope) : -(int)bad;
}

/* Returns where the SMB message begins, or a reason. */
static int parse_names(const u8 *buf, size_t seen, struct mslot_datagram *out)
{
	size_t at = NBT_HEADER_LEN;
	int len;

	len = decode_name(buf + at, seen - at, out->source,
			  MSLOT_DROP_SOURCE_NAME);
	if (len < 0)
		return len;
	at += len;
	len = decode_name(buf + at, seen - at, out->dest,
			  MSLOT_DROP_DEST_NAME);
	if (len < 0)
		return len;
	/* The scope is a part of the name, and ours are without one. */
	if (len > NBT_NAME_LEN)
		return -MSLOT_DROP_SCOPE;
	return at + len;
}

/*
 * Of the words, those that tell what the message is must be right; the others
 * are ignored, as Windows and Samba do, because senders fill them differently.
 */
static int parse_smb_header(const u8 *smb, size_t seen,
			    struct mslot_datagram *out)
{
	if (seen < SMB_PATH)
		return -MSLOT_DROP_SHORT;
	if (memcmp(smb, smb_magic, sizeof(smb_magic)) ||
	    smb[SMB_COMMAND] != SMB_COM_TRANSACTION)
		return -MSLOT_DROP_SMB;
	if (smb[SMB_WORD_COUNT] != MAILSLOT_WORD_COUNT)
		return -MSLOT_DROP_WORDS;
	if (get_le16(smb + SMB_OPCODE) != MAILSLOT_OPCODE_WRITE)
		return -MSLOT_DROP_OPCODE;
	out->priority = get_le16(smb + SMB_PRIORITY);
	/*
	 * Kept, but without influence: srv.sys let class 1 pass the size limit
	 * of class 2 and overflowed its pool (MS06-035, CVE-2006-1314).
	 */
	out->mail_class = get_le16(smb + SMB_CLASS);
	return 0;
}

/* Returns the bytes of the path, its NUL included, or a reason. */
static int parse_path(const char *path, size_t room, struct mslot_datagram *out)
{
	const char *nul;
	size_t len;

	/*
	 * srv.sys took the NUL for granted (CVE-2006-3942). The search ends
	 * before the data, so that a path cannot find its end in there.
	 */
	nul = memchr(path, 0, room < PATH_MAX_LEN ? room : PATH_MAX_LEN);
	if (!nul)
		return room < PATH_MAX_LEN ? -MSLOT_DROP_PATH :
					     -MSLOT_DROP_SLOT_NAME;
	len = nul - path;
	if (!mslot_begins_with(path, len, path_prefix))
		return -MSLOT_DROP_PATH;
	out->slot = path + PATH_PREFIX_LEN;
	out->slot_len = len - PATH_PREFIX_LEN;
	if (mslot_name_check(out->slot, out->slot_len))
		return -MSLOT_DROP_SLOT_NAME;
	return len + 1;
}

/* Find path and data of the SMB message that begins at buf + start. */
static int parse_smb_data(const u8 *buf, size_t start, size_t seen,
			  size_t total, struct mslot_datagram *out)
{
	const u8 *smb = buf + start;
	u32 count = get_le16(smb + SMB_DATA_COUNT);
	u32 offset = get_le16(smb + SMB_DATA_OFFSET);
	size_t room = seen - start - SMB_PATH;
	int path_len;

	/* [MS-CIFS] 2.2.4.33.1: without data, the offset may be left zero. */
	if (count || offset) {
		if (offset < SMB_PATH || offset + count > total - start)
			return -MSLOT_DROP_DATA;
		if (room > offset - SMB_PATH)
			room = offset - SMB_PATH;
	}
	path_len = parse_path((const char *)smb + SMB_PATH, room, out);
	if (path_len < 0)
		return path_len;
	out->data_offset = start + (offset ? : (u32)(SMB_PATH + path_len));
	out->data_len = count;
	return 0;
}

/**
 * mslot_wire_parse - read a mailslot message out of a UDP payload
 * @buf: The payload's first bytes.
 * @prefix_len: Bytes at @buf: %MSLOT_WIRE_PREFIX or more, or all there are.
 * @total_len: Bytes of the whole payload. The message itself may lie behind
 *	the prefix.
 * @out: Takes the answer, which points into @buf; undefined on failure.
 *
 * Accepts what [MS-MAIL] 3.2.5 accepts and refuses fragments. Fields in which
 * Windows and Samba differ are ignored; nothing is ever answered, because
 * answering datagrams made storms and reflectors of others (CVE-2000-0980).
 *
 * Context: Any.
 * Return: 0, or the negative of an enum mslot_drop.
 */
int mslot_wire_parse(const u8 *buf, size_t prefix_len, size_t total_len,
		     struct mslot_datagram *out)
{
	size_t seen = prefix_len < total_len ? prefix_len : total_len;
	int start;
	int err;

	memset(out, 0, sizeof(*out));
	err = parse_nbt_header(buf, seen, total_len, out);
	if (err)
		return err;
	start = parse_names(buf, seen, out);
	if (start < 0)
		return start;
	err = parse_smb_header(buf + start, seen - start, out);
	if (err)
		return err;
	return parse_smb_data(buf, start, seen, total_len, out);
}

static void encode_name(u8 *to, const u8 *name)
{
	size_t i;

	to[0] = NBT_LABEL_LEN;
	for (i = 0; i < MSLOT_NETBIOS_LEN; i++) {
		to[1 + 2 * i] = 'A' + (name[i] >> 4);
		to[2 + 2 * i] = 'A' + (name[i] & 0x0f);
	}
	to[NBT_NAME_LEN - 1] = 0;
}

static void encode_nbt(u8 *to, const struct mslot_datagram *in, size_t smb_len)
{
	to[NBT_TYPE] = in->type;
	to[NBT_FLAGS] = NBT_FLAGS_SENT;
	put_be16(to + NBT_ID, in->id);
	memcpy(to + NBT_ADDRESS, &in->address, sizeof(in->address));
	put_be16(to + NBT_PORT, in->port);
	put_be16(to + NBT_LENGTH, 2 * NBT_NAME_LEN + smb_len);
	put_be16(to + NBT_PACKET_OFFSET, 0);
	encode_name(to + NBT_HEADER_LEN, in->source);
	encode_name(to + NBT_HEADER_LEN + NBT_NAME_LEN, in->dest);
}

/* The values are those of the frame that [MS-MAIL] section 4 prints. */
static void encode_smb(u8 *to, const struct mslot_datagram *in,
		       size_t data_offset)
{
	memset(to, 0, data_offset);
	memcpy(to, smb_magic, sizeof(smb_magic));
	to[SMB_COMMAND] = SMB_COM_TRANSACTION;
	to[SMB_FLAGS] = 0x18;
	put_le16(to + SMB_FLAGS2, 0x0004);
	put_le16(to + SMB_PID_LOW, 0xfeff);
	to[SMB_WORD_COUNT] = MAILSLOT_WORD_COUNT;
	put_le16(to + SMB_TOTAL_DATA_COUNT, in->data_len);
	put_le16(to + SMB_MAX_PARAMETER_COUNT, 2);
	put_le16(to + SMB_TRANSACTION_FLAGS, 0x0002);
	put_le16(to + SMB_PARAMETER_OFFSET, data_offset);
	put_le16(to + SMB_DATA_COUNT, in->data_len);
	put_le16(to + SMB_DATA_OFFSET, data_offset);
	to[SMB_SETUP_COUNT] = MAILSLOT_SETUP_COUNT;
	put_le16(to + SMB_OPCODE, MAILSLOT_OPCODE_WRITE);
	put_le16(to + SMB_PRIORITY, in->priority);
	put_le16(to + SMB_CLASS, in->mail_class);
	put_le16(to + SMB_BYTE_COUNT, data_offset - SMB_PATH + in->data_len);
	memcpy(to + SMB_PATH, path_prefix, PATH_PREFIX_LEN);
	memcpy(to + SMB_PATH + PATH_PREFIX_LEN, in->slot, in->slot_len);
}

/* Where in the SMB message the data begins: behind the NUL, 4-aligned */
static size_t smb_data_offset(size_t slot_len)
{
	return (SMB_PATH + PATH_PREFIX_LEN + slot_len + 1 + 3) & ~(size_t)3;
}

/**
 * mslot_wire_interop_max - the longest message that Windows takes
 * @slot_len: Bytes of the slot's name, at most %MSLOT_NAME_MAX.
 *
 * An SMB message in a datagram has 512 bytes at most ([MS-MAIL] 2.1), names and
 * alignment included: 424 bytes are left behind a name of 5 to 8 bytes.
 *
 * Context: Any.
 * Return: Bytes.
 */
size_t mslot_wire_interop_max(size_t slot_len)
{
	return SMB_MAX_LEN - smb_data_offset(slot_len);
}

/**
 * mslot_wire_large_max - the longest message that fits into one UDP datagram
 * @slot_len: Bytes of the slot's name, at most %MSLOT_NAME_MAX.
 *
 * Context: Any.
 * Return: Bytes.
 */
size_t mslot_wire_large_max(size_t slot_len)
{
	return MSLOT_WIRE_UDP_MAX - NBT_HEADER_LEN - 2 * NBT_NAME_LEN -
	       smb_data_offset(slot_len);
}

/**
 * mslot_wire_encode - write a datagram up to where the message begins
 * @dst: Takes the header; the message itself is to be sent right behind it.
 * @dst_size: Bytes at @dst; %MSLOT_WIRE_HEADER_MAX always suffice.
 * @in: What to write; any @in->data_offset.
 *
 * The sizes come from whoever asked for the message to be sent, and are not
 * believed either: Samba overflowed a buffer because its peer chose the length
 * of the slot's name (CVE-2007-6015).
 *
 * Context: Any.
 * Return: The bytes written; -EINVAL or -ENAMETOOLONG (slot name), -EMSGSIZE
 * (@dst is too small, or one datagram cannot hold the message), with @dst
 * untouched.
 */
ssize_t mslot_wire_encode(u8 *dst, size_t dst_size,
			  const struct mslot_datagram *in)
{
	const size_t smb = NBT_HEADER_LEN + 2 * NBT_NAME_LEN;
	size_t data_offset;
	int err;

	err = mslot_name_check(in->slot, in->slot_len);
	if (err)
		return err;
	data_offset = smb_data_offset(in->slot_len);
	if (dst_size < smb + data_offset ||
	    in->data_len > mslot_wire_large_max(in->slot_len))
		return -EMSGSIZE;
	encode_nbt(dst, in, data_offset + in->data_len);
	encode_smb(dst + smb, in, data_offset);
	return smb + data_offset;
}

static const char * const drop_names[] = {
	[MSLOT_DROP_NONE] = "none",
	[MSLOT_DROP_SHORT] = "short",
	[MSLOT_DROP_TYPE] = "type",
	[MSLOT_DROP_FRAGMENT] = "fragment",
	[MSLOT_DROP_LENGTH] = "length",
	[MSLOT_DROP_SOURCE_NAME] = "source_name",
	[MSLOT_DROP_DEST_NAME] = "dest_name",
	[MSLOT_DROP_SCOPE] = "scope",
	[MSLOT_DROP_SMB] = "smb",
	[MSLOT_DROP_WORDS] = "words",
	[MSLOT_DROP_OPCODE] = "opcode",
	[MSLOT_DROP_DATA] = "data",
	[MSLOT_DROP_PATH] = "path",
	[MSLOT_DROP_SLOT_NAME] = "slot_name",
};

/**
 * mslot_drop_name - what the counter of a reason is called
 * @reason: An enum mslot_drop.
 *
 * Context: Any.
 * Return: One word, or NULL if there is no such reason.
 */
const char *mslot_drop_name(unsigned int reason)
{
	return reason < ARRAY_SIZE(drop_names) ? drop_names[reason] : NULL;
}
