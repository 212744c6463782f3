// SPDX-License-Identifier: GPL-2.0-only
/* mailslot list: list all slots. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

const char list_help[] =
"Usage: mailslot list [OPTION]...\n"
"List the mailslots of this network namespace, one name a line.\n"
"\n"
"  -l, --long           show what waits in each, its owner and its mode too\n"
"  -j, --json           print an array of JSON objects\n"
"  -h, --help           show this text\n"
"\n"
"Exit status: 0 success, 1 failure, 2 a call that was not understood.\n";

static const struct option long_options[] = {
	{ "long", no_argument, NULL, 'l' },
	{ "json", no_argument, NULL, 'j' },
	{ }
};

static void put_name(const struct row *row)
{
	put_text(stdout, row->name, strlen(row->name), isatty(STDOUT_FILENO));
	putchar('\n');
}

static void put_names(const struct table *table)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		put_name(&table->rows[i]);
}

static void put_long(const struct table *table)
{
	const struct mailslot_info *info;
	const struct row *row;
	char size[8];

	printf("%-4s %8s %8s %8s %10s %8s %s\n", "MODE", "UID", "MESSAGES",
	       "BYTES", "DELIVERED", "DROPPED", "NAME");
	for (row = table->rows; row < table->rows + table->count; row++) {
		info = &row->info;
		printf("%04o %8u %8" PRIu32 " %8s %10" PRIu64 " %8" PRIu64 " ",
		       row->mode, row->uid, info->message_count,
		       human_size(info->queued_bytes, size), info->delivered,
		       dropped(info));
		put_name(row);
	}
}

static void put_json(const struct table *table)
{
	const char *separator = "[";
	size_t i;

	for (i = 0; i < table->count; i++) {
		printf("%s{", separator);
		put_json_members(stdout, &table->rows[i]);
		putchar('}');
		separator = ",\n ";
	}
	puts(table->count ? "]" : "[]");
}

int list_command(int argc, char **argv)
{
	void (*put)(const struct table *table) = put_names;
	struct table table;
	int option, status;

	while ((option = getopt_long(argc, argv, "lj", long_options,
				     NULL)) != -1) {
		if (option == 'l')
			put = put_long;
		else if (option == 'j')
			put = put_json;
		else
			return usage_error(argv[0], NULL);
	}
	status = need_operands(argv[0], argc - optind, 0, 0);
	if (status)
		return status;
	status = table_read(&table);
	if (status)
		return status;
	put(&table);
	table_free(&table);
	return EXIT_SUCCESS;
}
