// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of mailslots. One file decides for the shell, the library and the
 * network alike, because the name in the directory is the name of the slot.
 */
#include "name.h"

/*
 * FNV-1a of 64 bits, begun with the salt. The dcache takes the upper bits of a
 * hash, so the last step mixes upwards: Fibonacci hashing.
 */
static u64 hash_begin(const void *salt)
{
	return 0xcbf29ce484222325ULL ^ (uintptr_t)salt;
}

static u64 hash_step(u64 hash, u32 letter)
{
	return (hash ^ letter) * 0x100000001b3ULL;
}

static u32 hash_end(u64 hash)
{
	return hash * 0x9e3779b97f4a7c15ULL >> 32;
}

/* What begins the UNC spelling of a slot on this machine, in upper case */
static const char local_prefix[] = "\\\\.\\MAILSLOT\\";

/* What stands between the host and the slot */
static const char share_prefix[] = "\\MAILSLOT\\";

/* Above every code point, so that an ill-formed byte equals only itself */
#define RAW_BYTE	0x200000

/**
 * mslot_begins_with - does a text begin with a word, in any case?
 * @text: The text, not ended by a NUL.
 * @len: Bytes at @text.
 * @upper: The word, in upper case and of ASCII only.
 *
 * Context: Any.
 * Return: Whether it does.
 */
bool mslot_begins_with(const char *text, size_t len, const char *upper)
{
	size_t i;

	for (i = 0; upper[i]; i++)
		if (i == len || mslot_ascii_upper(text[i]) != (u8)upper[i])
			return false;
	return true;
}

static bool is_unc(const char *name, size_t len)
{
	return len >= 2 && name[0] == '\\' && name[1] == '\\';
}

/* Take away the prefix of local UNC names, of which the rest is a slot. */
static bool strip_local(const char **name, size_t *len)
{
	if (!mslot_begins_with(*name, *len, local_prefix))
		return false;
	*name += sizeof(local_prefix) - 1;
	*len -= sizeof(local_prefix) - 1;
	return true;
}

/*
 * How many bytes the sequence that begins with this one has. 0xc0 and 0xc1
 * could only begin overlong forms, and from 0xf5 on lies nothing.
 */
static size_t utf8_sequence(u8 lead)
{
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	if (lead < 0xe0)
		return 2;
	return lead < 0xf0 ? 3 : 4;
}

/*
 * Decode a sequence that does not begin with an ASCII byte (RFC 3629). Returns
 * its length, or 0 if it is cut off, overlong, a surrogate or out of range.
 */
static size_t utf8_decode(const u8 *at, size_t left, u32 *letter)
{
	static const u32 smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t i, len = utf8_sequence(at[0]);
	u32 value;

	if (!len || len > left)
		return 0;
	value = at[0] & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (at[i] & 0x3f);
	}
	if (value < smallest[len] || value > 0x10ffff)
		return 0;
	if (value >= 0xd800 && value <= 0xdfff)
		return 0;
	*letter = value;
	return len;
}

/* Empty, "." and ".." would mean something else to a path of Windows. */
static bool component_ok(const u8 *first, const u8 *end)
{
	if (first == end || (first[0] == '.' && end - first == 1))
		return false;
	return end - first != 2 || first[0] != '.' || first[1] != '.';
}

/*
 * Which bits of a byte make the letter that it stands for: printable ASCII in
 * upper case. 0 for all that is not so simple or not allowed.
 */
static const u8 letter_bits[256] = {
	[' ' ... '.'] = 0xff,
	['0' ... '['] = 0xff,
	[']' ... '`'] = 0xff,
	['a' ... 'z'] = 0xdf,
	['{' ... '~'] = 0xff,
};

/*
 * Take a backslash, which ends a component and begins the next, or a letter
 * beyond ASCII. Returns its length, or 0 if it cannot stand there.
 */
static size_t scan_odd(const u8 *at, const u8 *end, const u8 **component,
		       u32 *letter)
{
	size_t len;

	if (*at == '\\') {
		if (!component_ok(*component, at))
			return 0;
		*component = at + 1;
		*letter = *at;
		return 1;
	}
	len = utf8_decode(at, end - at, letter);
	if (len)
		*letter = mslot_fold(*letter);
	return len;
}

/*
 * Check a plain name and hash its folded form in one pass: this is on the way
 * of every open(2), and almost every name is short and ASCII.
 */
static int scan_plain(const char *name, size_t len, u64 *hash)
{
	const u8 *at = (const u8 *)name, *end = at + len, *component = at;
	u64 sum = *hash;
	size_t step;
	u32 odd;

	if (len > MSLOT_NAME_MAX)
		return -ENAMETOOLONG;
	while (at < end) {
		u32 letter = *at & letter_bits[*at];

		if (letter) {
			sum = hash_step(sum, letter);
			at++;
			continue;
		}
		step = scan_odd(at, end, &component, &odd);
		if (!step)
			return -EINVAL;
		sum = hash_step(sum, odd);
		at += step;
	}
	*hash = sum;
	return component_ok(component, end) ? 0 : -EINVAL;
}

/**
 * mslot_name_check - is this a legal plain name of a slot?
 * @name: The name, not ended by a NUL; no UNC spelling.
 * @len: Bytes at @name.
 *
 * Legal is UTF-8 of 1 to %MSLOT_NAME_MAX bytes whose components between
 * backslashes are neither empty nor ``.`` or ``..``, without slashes and
 * control characters of ASCII.
 *
 * Context: Any.
 * Return: 0, -EINVAL, or -ENAMETOOLONG.
 */
int mslot_name_check(const char *name, size_t len)
{
	u64 unused = 0;

	return scan_plain(name, len, &unused);
}

/* \\HOST\mailslot\SLOT, where HOST is not the period */
static int parse_remote(const char *name, size_t len, struct mslot_name *out)
{
	const char *host = name + 2, *end = name + len;
	const char *share = memchr(host, '\\', len - 2);
	int err;

	if (!share)
		return -EINVAL;
	if (!mslot_begins_with(share, end - share, share_prefix))
		return -EINVAL;
	err = mslot_host_parse(host, share - host, &out->dest);
	if (err)
		return err;
	out->remote = true;
	out->slot = share + sizeof(share_prefix) - 1;
	err = mslot_name_check(out->slot, end - out->slot);
	if (!err)
		out->slot_len = end - out->slot;
	return err;
}

/**
 * mslot_name_split - take a name apart that is legal
 * @name: Plain or UNC name, not ended by a NUL, that mslot_name_hash() has
 *	found or will find legal.
 * @len: Bytes at @name.
 * @out: Takes the answer; undefined on failure. Points into @name.
 *
 * ``\\.\mailslot\X`` is the slot X of this machine, ``\\HOST\mailslot\X`` the
 * one of another; mslot_host_parse() says what HOST may be. ``mailslot`` may
 * be in any case (MSDN, CreateMailslot).
 *
 * Context: Any.
 * Return: 0, -ENOENT (no name at all), -EINVAL, or -ENAMETOOLONG.
 */
int mslot_name_split(const char *name, size_t len, struct mslot_name *out)
{
	if (!len)
		return -ENOENT;
	out->unc = is_unc(name, len);
	out->remote = false;
	if (out->unc && !strip_local(&name, &len))
		return parse_remote(name, len, out);
	if (!len)
		return -EINVAL;
	out->slot = name;
	out->slot_len = len;
	return 0;
}

/**
 * mslot_name_parse - take a name apart, and find out whether it is legal
 * @name: Plain or UNC name, not ended by a NUL.
 * @len: Bytes at @name.
 * @out: Takes the answer; undefined on failure. Points into @name.
 *
 * Context: Any.
 * Return: 0, -ENOENT (no name at all), -EINVAL, or -ENAMETOOLONG.
 */
int mslot_name_parse(const char *name, size_t len, struct mslot_name *out)
{
	int err = mslot_name_split(name, len, out);

	if (err || out->remote)
		return err;
	return mslot_name_check(out->slot, out->slot_len);
}

/*
 * The next letter of a name, folded; moves *at behind it. Takes everything,
 * because the dcache may compare a name that is being changed at that time.
 */
static u32 next_folded(const u8 **at, const u8 *end)
{
	const u8 *here = *at;
	u32 letter;
	size_t step;

	if (*here < 0x80) {
		++*at;
		return mslot_ascii_upper(*here);
	}
	step = utf8_decode(here, end - here, &letter);
	if (!step) {
		++*at;
		return RAW_BYTE | *here;
	}
	*at += step;
	return mslot_fold(letter);
}

static int hash_remote(const char *name, size_t len, u64 *hash)
{
	const u8 *at = (const u8 *)name, *end = at + len;
	struct mslot_name parsed;
	int err;

	err = mslot_name_parse(name, len, &parsed);
	if (err)
		return err;
	while (at < end)
		*hash = hash_step(*hash, next_folded(&at, end));
	return 0;
}

/**
 * mslot_name_hash - check a name and hash it, for the dcache
 * @name: Plain or UNC name, not ended by a NUL.
 * @len: Bytes at @name.
 * @salt: What the hash is to depend on besides; in the kernel the dentry of
 *	the directory.
 * @hash: Takes the hash; unchanged on failure.
 *
 * Names that mslot_name_equal() finds equal have the same hash.
 *
 * Context: Any, also inside an RCU read-side section.
 * Return: 0, or what mslot_name_parse() returns for that name.
 */
int mslot_name_hash(const char *name, size_t len, const void *salt, u32 *hash)
{
	u64 sum = hash_begin(salt);
	int err;

	if (!len)
		return -ENOENT;
	if (is_unc(name, len) && !strip_local(&name, &len))
		err = hash_remote(name, len, &sum);
	else
		err = scan_plain(name, len, &sum);
	if (!err)
		*hash = hash_end(sum);
	return err;
}

static bool equal_folded(const char *a, size_t alen, const char *b, size_t blen)
{
	const u8 *at_a = (const u8 *)a, *end_a = at_a + alen;
	const u8 *at_b = (const u8 *)b, *end_b = at_b + blen;

	while (at_a < end_a && at_b < end_b)
		if (next_folded(&at_a, end_a) != next_folded(&at_b, end_b))
			return false;
	return at_a == end_a && at_b == end_b;
}

/**
 * mslot_name_equal - do two names mean the same slot?
 * @a: One name, plain or UNC, not ended by a NUL; need not be legal.
 * @alen: Bytes at @a.
 * @b: The other.
 * @blen: Bytes at @b.
 *
 * Compares without case, and a slot of this machine the same in both its
 * spellings. Remote names are compared as text, without case: nothing is gained
 * by finding out that two of them lead to one host.
 *
 * Context: Any, also inside an RCU read-side section, and while another
 * processor writes to a name: nothing outside the given lengths is touched.
 * Return: Whether they are equal.
 */
bool mslot_name_equal(const char *a, size_t alen, const char *b, size_t blen)
{
	bool remote_a, remote_b;

	if (alen == blen && !memcmp(a, b, alen))
		return true;
	remote_a = is_unc(a, alen) && !strip_local(&a, &alen);
	remote_b = is_unc(b, blen) && !strip_local(&b, &blen);
	return remote_a == remote_b && equal_folded(a, alen, b, blen);
}
