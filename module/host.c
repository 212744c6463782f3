// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host part of a UNC name: NAME, NAME#xx, NAME#xx@A.B.C.D:port,
 * A.B.C.D:port or *. The spelling NAME#xx is Samba's.
 */
#include "name.h"

/*
 * [MS-NBTE] 2.2.1 lets a NetBIOS name hold any bytes. Forbidden here is what
 * Windows forbids in the names of computers and workgroups (Microsoft's
 * article 909264), and the two characters that introduce suffix and address.
 */
static bool netbios_char_ok(u8 c)
{
	return c >= 0x20 && c < 0x7f && !memchr("\\/:*?\"<>|#@", c, 11);
}

static int hex_value(u8 c)
{
	c = mslot_ascii_upper(c);
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -EINVAL;
}

/* Always two digits, so that #1 is not taken for #10 by somebody. */
static int parse_suffix(const char *text, size_t len, u8 *suffix)
{
	int high, low;

	if (len != 2)
		return -EINVAL;
	high = hex_value(text[0]);
	low = hex_value(text[1]);
	if (high < 0 || low < 0)
		return -EINVAL;
	*suffix = high << 4 | low;
	return 0;
}

/**
 * mslot_netbios_parse - make the 16 bytes of a NetBIOS name
 * @text: 1 to 15 printable ASCII characters without \ / : * ? " < > | # @,
 *	which begin with neither a space nor a period and do not end with a
 *	space.
 * @len: Bytes at @text.
 * @netbios: Takes %MSLOT_NETBIOS_LEN bytes: the name in upper case, padded
 *	with spaces, and the suffix 0.
 *
 * A final space would be lost in the padding, and Windows allows no period at
 * the beginning.
 *
 * Context: Any.
 * Return: 0, or -EINVAL, with @netbios left undefined.
 */
int mslot_netbios_parse(const char *text, size_t len, u8 *netbios)
{
	size_t i;

	if (len < 1 || len >= MSLOT_NETBIOS_LEN)
		return -EINVAL;
	if (text[0] == ' ' || text[0] == '.' || text[len - 1] == ' ')
		return -EINVAL;
	memset(netbios, ' ', MSLOT_NETBIOS_SUFFIX);
	netbios[MSLOT_NETBIOS_SUFFIX] = 0;
	for (i = 0; i < len; i++) {
		if (!netbios_char_ok(text[i]))
			return -EINVAL;
		netbios[i] = mslot_ascii_upper(text[i]);
	}
	return 0;
}

/**
 * mslot_netbios_equal - do two NetBIOS names mean the same?
 * @a: %MSLOT_NETBIOS_LEN bytes.
 * @b: Likewise.
 *
 * RFC 1001 compares without case, [MS-NBTE] 2.2.1 with it, and Samba accepts
 * names in lower case from the wire: so without. The suffix is a number and
 * must be the same.
 *
 * Context: Any.
 * Return: Whether they are equal.
 */
bool mslot_netbios_equal(const u8 *a, const u8 *b)
{
	size_t i;

	for (i = 0; i < MSLOT_NETBIOS_SUFFIX; i++)
		if (mslot_ascii_upper(a[i]) != mslot_ascii_upper(b[i]))
			return false;
	return a[MSLOT_NETBIOS_SUFFIX] == b[MSLOT_NETBIOS_SUFFIX];
}

/* A decimal number without sign or leading zeros; moves *at behind it. */
static int parse_decimal(const char **at, const char *end, u32 max)
{
	const char *first = *at;
	u32 value = 0;

	while (*at < end && **at >= '0' && **at <= '9') {
		value = value * 10 + (**at - '0');
		if (value > max)
			return -EINVAL;
		++*at;
	}
	if (*at == first || (*first == '0' && *at - first > 1))
		return -EINVAL;
	return value;
}

static int parse_quad(const char **at, const char *end, __be32 *address)
{
	u8 byte[4];
	int i;

	for (i = 0; i < 4; i++) {
		int value;

		if (i > 0 && (*at == end || *(*at)++ != '.'))
			return -EINVAL;
		value = parse_decimal(at, end, 255);
		if (value < 0)
			return value;
		byte[i] = value;
	}
	memcpy(address, byte, sizeof(byte));
	return *address ? 0 : -EINVAL;
}

/* A.B.C.D or A.B.C.D:port, and nothing behind it. */
static int parse_address(const char *at, const char *end,
			 struct mslot_dest *dest)
{
	int port;
	int err;

	dest->kind = MSLOT_DEST_UNICAST;
	err = parse_quad(&at, end, &dest->address);
	if (err || at == end)
		return err;
	if (*at++ != ':')
		return -EINVAL;
	port = parse_decimal(&at, end, 65535);
	if (port < 1 || at != end)
		return -EINVAL;
	dest->port = port;
	return 0;
}

/*
 * A host of digits and periods only is meant as an address: a slip of the
 * finger in one must not become a broadcast to a strange name.
 */
static bool looks_like_address(const char *host, size_t len)
{
	bool period = false;
	size_t i;

	for (i = 0; i < len && !memchr(":#@", host[i], 3); i++) {
		if (host[i] == '.')
			period = true;
		else if (host[i] < '0' || host[i] > '9')
			return false;
	}
	return period;
}

/* NAME, NAME#xx, * or *#xx */
static int parse_label(const char *text, size_t len, struct mslot_dest *dest)
{
	const char *hash = memchr(text, '#', len);
	size_t name_len = hash ? (size_t)(hash - text) : len;
	int err = 0;

	if (name_len == 1 && text[0] == '*') {
		if (dest->kind == MSLOT_DEST_UNICAST)
			return -EINVAL;
		dest->kind = MSLOT_DEST_WORKGROUP;
		memset(dest->netbios, ' ', MSLOT_NETBIOS_SUFFIX);
	} else {
		err = mslot_netbios_parse(text, name_len, dest->netbios);
	}
	if (err || !hash)
		return err;
	return parse_suffix(hash + 1, len - name_len - 1,
			    &dest->netbios[MSLOT_NETBIOS_SUFFIX]);
}

/**
 * mslot_host_parse - find out which destination the host of a UNC name means
 * @host: ``*``, ``NAME`` or ``A.B.C.D``; ``#xx`` behind the first two sets the
 *	suffix; ``@A.B.C.D`` behind a name sets its address; ``:port`` may
 *	follow any address.
 * @len: Bytes at @host.
 * @dest: Takes the answer; undefined on failure.
 *
 * Neither ``*@A.B.C.D`` nor ``A.B.C.D#xx`` has a meaning: the one names no
 * workgroup that the other end could know, the other is no wildcard any more.
 *
 * Context: Any.
 * Return: 0, or -EINVAL.
 */
int mslot_host_parse(const char *host, size_t len, struct mslot_dest *dest)
{
	const char *at = memchr(host, '@', len);
	int err;

	memset(dest, 0, sizeof(*dest));
	dest->kind = MSLOT_DEST_BROADCAST;
	if (looks_like_address(host, len)) {
		dest->netbios[0] = '*';
		return parse_address(host, host + len, dest);
	}
	if (!at)
		return parse_label(host, len, dest);
	err = parse_address(at + 1, host + len, dest);
	if (err)
		return err;
	return parse_label(host, at - host, dest);
}
