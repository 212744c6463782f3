// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Queries for NetBIOS names (RFC 1002 4.2.12) and the answers to them (4.2.13).
 * Anybody on the network can send an answer, so every byte of one is checked
 * before it is used. Nothing here does input or output.
 */
#include <string.h>

#include "resolve.h"

#define HEADER_LEN	12
#define NAME_LEN	34
#define RECORD_LEN	10	/* type, class, time to live, length */
#define ENTRY_LEN	6	/* flags, address */

#define QUERY_FLAGS	0x0110	/* recursion desired, broadcast */
#define ANSWER_MASK	0xf80f	/* response, operation, error */
#define ANSWER_FLAGS	0x8000	/* a response to a query, and no error */
#define TYPE_NB		0x0020
#define CLASS_IN	0x0001
#define GROUP_FLAG	0x8000

static_assert(HEADER_LEN + NAME_LEN + 4 == NBNS_QUERY_LEN,
	      "a query is a header, a name, its type and its class");

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static uint16_t get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

/* One label of 32 letters, two for each byte (RFC 1001 14.1), and no scope. */
static void put_name(uint8_t at[NAME_LEN], const uint8_t name[NETBIOS_LEN])
{
	int i;

	at[0] = 2 * NETBIOS_LEN;
	for (i = 0; i < NETBIOS_LEN; i++) {
		at[1 + 2 * i] = 'A' + (name[i] >> 4);
		at[2 + 2 * i] = 'A' + (name[i] & 0xf);
	}
	at[NAME_LEN - 1] = 0;
}

/**
 * mailslot_nbns_query() - make the query for a name, to be broadcast
 * @query: Answer: the packet.
 * @id: Number that the answer will bear.
 * @name: The name, suffix last.
 */
void mailslot_nbns_query(uint8_t query[NBNS_QUERY_LEN], uint16_t id,
			 const uint8_t name[NETBIOS_LEN])
{
	memset(query, 0, NBNS_QUERY_LEN);
	put16(query, id);
	put16(query + 2, QUERY_FLAGS);
	put16(query + 4, 1);
	put_name(query + HEADER_LEN, name);
	put16(query + HEADER_LEN + NAME_LEN, TYPE_NB);
	put16(query + HEADER_LEN + NAME_LEN + 2, CLASS_IN);
}

/* The header of a positive answer to this very query, with one record. */
static int header_fits(const uint8_t *packet, uint16_t id)
{
	return get16(packet) == id &&
	       (get16(packet + 2) & ANSWER_MASK) == ANSWER_FLAGS &&
	       get16(packet + 4) == 0 && get16(packet + 6) == 1;
}

/* An address that one host can have on a network. */
static int is_host(uint32_t address)
{
	return address >> 24 != 0 && address >> 24 != 127 &&
	       address >> 28 < 0xe;
}

/*
 * A host on several networks lists all its addresses. The one that it answered
 * from is known to be reachable.
 */
static int choose_address(const uint8_t *entries, size_t len,
			  struct in_addr from, struct in_addr *address)
{
	struct in_addr entry;
	int found = -1;
	size_t i;

	for (i = 0; i + ENTRY_LEN <= len; i += ENTRY_LEN) {
		memcpy(&entry, entries + i + 2, sizeof(entry));
		if (!is_host(ntohl(entry.s_addr)))
			continue;
		if (found < 0 || entry.s_addr == from.s_addr)
			*address = entry;
		found = 0;
	}
	return found;
}

/**
 * mailslot_nbns_answer() - read what may be the answer to a query
 * @packet: A datagram, as it came.
 * @len: Its bytes.
 * @id: Number of the query.
 * @name: The name that was asked for.
 * @from: Where the datagram came from.
 * @host: Answer: who has the name; unchanged on failure.
 *
 * An answer that names the name of a group tells nothing of its members: they
 * are reached by broadcast.
 *
 * Return: 0, or -1 if it is no answer to that query, or makes no sense.
 */
int mailslot_nbns_answer(const uint8_t *packet, size_t len, uint16_t id,
			 const uint8_t name[NETBIOS_LEN], struct in_addr from,
			 struct mailslot_host *host)
{
	const uint8_t *record = packet + HEADER_LEN + NAME_LEN;
	const uint8_t *entries = record + RECORD_LEN;
	uint8_t wanted[NAME_LEN];
	struct in_addr address = { };
	size_t data_len;

	if (len < HEADER_LEN + NAME_LEN + RECORD_LEN || !header_fits(packet, id))
		return -1;
	put_name(wanted, name);
	if (memcmp(packet + HEADER_LEN, wanted, NAME_LEN) ||
	    get16(record) != TYPE_NB || get16(record + 2) != CLASS_IN)
		return -1;
	data_len = get16(record + 8);
	if (!data_len || data_len % ENTRY_LEN ||
	    data_len > len - (entries - packet))
		return -1;
	if (choose_address(entries, data_len, from, &address))
		return -1;
	host->address = address;
	host->group = get16(entries) & GROUP_FLAG;
	return 0;
}
