// SPDX-License-Identifier: GPL-2.0-only
/* mailslot resolve: show where mail to a host goes. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"
#include "../lib/resolve.h"

const char resolve_help[] =
"Usage: mailslot resolve [OPTION]... HOST\n"
"Print the address that mail to HOST is sent to, or \"broadcast\".\n"
"\n"
"  -l, --long           print as well who knows: name, lmhosts, system, network\n"
"  -h, --help           show this text\n"
"\n"
"Exit status: 0 success, 1 failure, 2 a call that was not understood.\n";

static const struct option long_options[] = {
	{ "long", no_argument, NULL, 'l' },
	{ }
};

static const char * const sources[] = {
	[MAILSLOT_FROM_NAME] = "name",
	[MAILSLOT_FROM_LMHOSTS] = "lmhosts",
	[MAILSLOT_FROM_SYSTEM] = "system",
	[MAILSLOT_FROM_NETWORK] = "network",
};

static int report_resolve(const char *host)
{
	if (errno == EHOSTUNREACH)
		return report("cannot resolve '%s': not in files or DNS, and nobody answers",
			      host);
	if (errno == EINVAL)
		return report("cannot resolve '%s': no host can have this name; see mailslot(7)",
			      host);
	return report("cannot resolve '%s': %s", host, strerror(errno));
}

static void put_host(const struct mailslot_host *host, bool brief)
{
	char address[INET_ADDRSTRLEN];

	if (host->group)
		fputs("broadcast", stdout);
	else
		fputs(inet_ntop(AF_INET, &host->address, address,
				sizeof(address)), stdout);
	if (!brief)
		printf("\t%s", sources[host->source]);
	putchar('\n');
}

int resolve_command(int argc, char **argv)
{
	struct mailslot_host host;
	bool brief = true;
	int option, status;

	while ((option = getopt_long(argc, argv, "l", long_options,
				     NULL)) != -1) {
		if (option != 'l')
			return usage_error(argv[0], NULL);
		brief = false;
	}
	status = need_operands(argv[0], argc - optind, 1, 1);
	if (status)
		return status;
	if (mailslot_resolve(argv[optind], &host))
		return report_resolve(argv[optind]);
	put_host(&host, brief);
	return EXIT_SUCCESS;
}
