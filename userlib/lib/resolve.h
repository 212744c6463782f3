/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of hosts, and where they are. Private to libmailslot and its tests. */
#ifndef _MAILSLOT_RESOLVE_H
#define _MAILSLOT_RESOLVE_H

#include <assert.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

/** NETBIOS_LEN - bytes of a NetBIOS name, its suffix included */
#define NETBIOS_LEN	16

/** NBNS_QUERY_LEN - bytes of a query for a NetBIOS name */
#define NBNS_QUERY_LEN	50

/** HOST_MAX - bytes of the longest host name, with its NUL (RFC 1035) */
#define HOST_MAX	256

/**
 * enum mailslot_source - who knew where a host is
 * @MAILSLOT_FROM_NAME: The name itself says it: an address, or our own name or
 *	workgroup, or one that the kernel broadcasts as it is.
 * @MAILSLOT_FROM_LMHOSTS: The file lmhosts.
 * @MAILSLOT_FROM_SYSTEM: The system's resolver: /etc/hosts, DNS.
 * @MAILSLOT_FROM_NETWORK: An answer to a query for the NetBIOS name.
 */
enum mailslot_source {
	MAILSLOT_FROM_NAME,
	MAILSLOT_FROM_LMHOSTS,
	MAILSLOT_FROM_SYSTEM,
	MAILSLOT_FROM_NETWORK,
};

/**
 * struct mailslot_host - where a host is
 * @source: Who knew.
 * @address: Its address; 0 for what is reached by broadcast.
 * @group: The name is that of several machines, and reached by broadcast.
 */
struct mailslot_host {
	enum mailslot_source source;
	struct in_addr address;
	int group;
};

/* nbns.c */
void mailslot_nbns_query(uint8_t query[NBNS_QUERY_LEN], uint16_t id,
			 const uint8_t name[NETBIOS_LEN]);
int mailslot_nbns_answer(const uint8_t *packet, size_t len, uint16_t id,
			 const uint8_t name[NETBIOS_LEN], struct in_addr from,
			 struct mailslot_host *host);

/* broadcast.c */
int mailslot_ask_network(const uint8_t name[NETBIOS_LEN],
			 struct mailslot_host *host);

/* lmhosts.c */
int mailslot_netbios_name(const char *text, size_t len,
			  uint8_t name[NETBIOS_LEN]);
int mailslot_lmhosts_line(char *line, const uint8_t name[NETBIOS_LEN],
			  struct in_addr *address);
int mailslot_lmhosts(const uint8_t name[NETBIOS_LEN], struct in_addr *address);

/* own.c */

/* What mailslot_own_name() returns. */
#define OWN_HOST	1
#define OWN_WORKGROUP	2

int mailslot_own_name(const uint8_t name[NETBIOS_LEN]);
int mailslot_option_is(const char *options, const char *option,
		       const uint8_t name[NETBIOS_LEN]);

/* resolve.c */
int mailslot_resolve(const char *host, struct mailslot_host *answer);
int mailslot_resolve_name(char *kernel_name, size_t size);

#endif /* _MAILSLOT_RESOLVE_H */
