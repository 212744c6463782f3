/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of mailslots: what is legal, what is the same, and where a UNC name
 * points to. Nothing here allocates, locks or keeps state.
 */
#ifndef _MSLOT_NAME_H
#define _MSLOT_NAME_H

#include "pure.h"

/** MSLOT_NAME_MAX - bytes of the longest slot name, without a final NUL */
#define MSLOT_NAME_MAX		255

/** MSLOT_NETBIOS_LEN - bytes of a NetBIOS name, its suffix included */
#define MSLOT_NETBIOS_LEN	16

/** MSLOT_NETBIOS_SUFFIX - where in a NetBIOS name the suffix byte stands */
#define MSLOT_NETBIOS_SUFFIX	(MSLOT_NETBIOS_LEN - 1)

/**
 * enum mslot_dest_kind - how mail for a remote destination travels
 * @MSLOT_DEST_WORKGROUP: ``\\*``: by broadcast, to our own workgroup.
 * @MSLOT_DEST_BROADCAST: ``\\NAME``: by broadcast, to the host or workgroup
 *	of that name.
 * @MSLOT_DEST_UNICAST: ``\\A.B.C.D`` and ``\\NAME@A.B.C.D``: to one address.
 */
enum mslot_dest_kind {
	MSLOT_DEST_WORKGROUP,
	MSLOT_DEST_BROADCAST,
	MSLOT_DEST_UNICAST,
};

/**
 * struct mslot_dest - the host part of a remote name
 * @netbios: NetBIOS name to send to, upper-cased and padded with spaces, its
 *	suffix last. For %MSLOT_DEST_WORKGROUP only the suffix counts: whoever
 *	sends puts his workgroup before it. For an address without a name it
 *	is the wildcard, a ``*`` and 15 zeros (RFC 1002 4.2.18).
 * @kind: An enum mslot_dest_kind.
 * @address: IPv4 address for %MSLOT_DEST_UNICAST, otherwise 0.
 * @port: UDP port in the host's byte order; 0 is the mount's own port.
 */
struct mslot_dest {
	u8 netbios[MSLOT_NETBIOS_LEN];
	u8 kind;
	__be32 address;
	u16 port;
};

/**
 * struct mslot_name - a parsed name
 * @slot: Name of the slot itself, inside the string that was parsed and not
 *	ended by a NUL.
 * @slot_len: Bytes at @slot, 1 to %MSLOT_NAME_MAX.
 * @unc: The name was in UNC spelling, which open(2) refuses to create.
 * @remote: The slot is to be found at @dest. The machine's own name and
 *	``localhost`` are remote too as far as the parser knows.
 * @dest: Undefined unless @remote.
 */
struct mslot_name {
	const char *slot;
	size_t slot_len;
	bool unc;
	bool remote;
	struct mslot_dest dest;
};

/**
 * mslot_ascii_upper - the upper-case form of an ASCII character
 * @c: Any byte.
 *
 * Return: The byte, with a to z changed to A to Z.
 */
static inline u8 mslot_ascii_upper(u8 c)
{
	return c >= 'a' && c <= 'z' ? c - 0x20 : c;
}

u32 mslot_fold(u32 letter);
bool mslot_begins_with(const char *text, size_t len, const char *upper);

int mslot_name_check(const char *name, size_t len);
int mslot_name_split(const char *name, size_t len, struct mslot_name *out);
int mslot_name_parse(const char *name, size_t len, struct mslot_name *out);
int mslot_name_hash(const char *name, size_t len, const void *salt, u32 *hash);
bool mslot_name_equal(const char *a, size_t alen, const char *b, size_t blen);

int mslot_host_parse(const char *host, size_t len, struct mslot_dest *dest);
int mslot_netbios_parse(const char *text, size_t len, u8 *netbios);
bool mslot_netbios_equal(const u8 *a, const u8 *b);

#endif /* _MSLOT_NAME_H */
