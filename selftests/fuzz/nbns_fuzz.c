// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers to a query for a NetBIOS name, of any bytes. One that is believed must
 * tell an address that a host can have, and no other may change anything.
 */
#include <arpa/inet.h>
#include <string.h>

#include "../../userlib/lib/resolve.h"
#include "fuzz.h"

/* Those of the seeds. */
#define ID	0x1234
#define NAME	"SODA           "

static void check_address(const u8 *bytes, size_t size, struct in_addr address)
{
	u32 host = ntohl(address.s_addr);

	MUST(host >> 24 != 0 && host >> 24 != 127 && host < 0xe0000000);
	MUST(memmem(bytes, size, &address, sizeof(address)));
}

int FUZZ_TARGET(const u8 *data, size_t size)
{
	struct mailslot_host host = { .group = -1 };
	struct in_addr from = { .s_addr = inet_addr("192.0.2.7") };
	u8 *bytes = exactly(data, size);

	if (!mailslot_nbns_answer(bytes, size, ID, (const u8 *)NAME, from,
				  &host))
		check_address(bytes, size, host.address);
	else
		MUST(host.group == -1 && !host.address.s_addr);
	free(bytes);
	return 0;
}
