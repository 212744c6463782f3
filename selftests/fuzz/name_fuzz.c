// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of any bytes. The input is two names, with a newline between them,
 * which is in no legal name.
 */
#include "../../module/name.h"
#include "fuzz.h"

static void check_parsed(const char *name, size_t len,
			 const struct mslot_name *parsed)
{
	MUST(parsed->slot >= name);
	MUST(parsed->slot + parsed->slot_len == name + len);
	MUST(parsed->slot_len >= 1 && parsed->slot_len <= MSLOT_NAME_MAX);
	MUST(!mslot_name_check(parsed->slot, parsed->slot_len));
	MUST(parsed->unc == (parsed->slot != name));
	MUST(parsed->unc || !parsed->remote);
	MUST(!memchr(parsed->slot, '/', parsed->slot_len));
	MUST(!memchr(parsed->slot, 0, parsed->slot_len));
}

static void check_dest(const struct mslot_dest *dest)
{
	MUST(dest->kind <= MSLOT_DEST_UNICAST);
	MUST((dest->kind == MSLOT_DEST_UNICAST) == (dest->address != 0));
	MUST(dest->kind == MSLOT_DEST_UNICAST || !dest->port);
}

/* Whatever one half of the module accepts, the other must accept too. */
static int check_name(const char *name, size_t len, u32 *hash)
{
	struct mslot_name parsed;
	int err = mslot_name_parse(name, len, &parsed);

	MUST(mslot_name_hash(name, len, NULL, hash) == err);
	MUST(mslot_name_equal(name, len, name, len));
	if (err) {
		MUST(err == -EINVAL || err == -ENAMETOOLONG || err == -ENOENT);
		return err;
	}
	check_parsed(name, len, &parsed);
	if (parsed.remote) {
		check_dest(&parsed.dest);
		return 0;
	}
	MUST(mslot_name_equal(name, len, parsed.slot, parsed.slot_len));
	return 0;
}

/* The same name in other case is the same name, but for case. */
static void check_case(const char *name, size_t len, u32 hash)
{
	char *other = exactly(name, len);
	u32 other_hash = ~hash;
	size_t i;

	for (i = 0; i < len; i++)
		if ((other[i] | 0x20) >= 'a' && (other[i] | 0x20) <= 'z')
			other[i] ^= 0x20;
	MUST(mslot_name_equal(name, len, other, len));
	MUST(!mslot_name_hash(other, len, NULL, &other_hash));
	MUST(other_hash == hash);
	free(other);
}

static void check_pair(const char *a, size_t alen, const char *b, size_t blen)
{
	bool equal = mslot_name_equal(a, alen, b, blen);
	u32 hash_a = 1, hash_b = 2;

	MUST(equal == mslot_name_equal(b, blen, a, alen));
	if (!check_name(a, alen, &hash_a)) {
		check_case(a, alen, hash_a);
		if (!check_name(b, blen, &hash_b))
			MUST(!equal || hash_a == hash_b);
	}
}

int FUZZ_TARGET(const u8 *data, size_t size)
{
	const u8 *newline = size ? memchr(data, '\n', size) : NULL;
	size_t alen = newline ? (size_t)(newline - data) : size;
	size_t blen = newline ? size - alen - 1 : 0;
	char *a = exactly(data, alen);
	char *b = exactly(newline ? newline + 1 : data, blen);

	check_pair(a, alen, b, blen);
	free(a);
	free(b);
	return 0;
}
