// SPDX-License-Identifier: GPL-2.0-only
/* mailslot info: show the state of one slot. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

const char info_help[] =
"Usage: mailslot info [OPTION]... NAME\n"
"Show the state of the mailslot NAME. Whoever may send to it may see it.\n"
"\n"
"  -j, --json           print a JSON object\n"
"  -h, --help           show this text\n"
"\n"
"Exit status: 0 success, 1 failure, 2 a call that was not understood.\n";

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ }
};

/**
 * put_json_members() - write a slot as the members of a JSON object
 * @out: Where to.
 * @row: The slot.
 */
void put_json_members(FILE *out, const struct row *row)
{
	const struct mailslot_info *info = &row->info;

	fputs("\"name\":", out);
	put_json_string(out, row->name, strlen(row->name));
	fprintf(out, ",\"max_message_size\":%" PRIu32
		",\"read_timeout_ms\":%" PRIu32 ",\"message_count\":%" PRIu32
		",\"queued_bytes\":%" PRIu64 ",\"delivered\":%" PRIu64,
		info->max_message_size, info->read_timeout_ms,
		info->message_count, info->queued_bytes, info->delivered);
	fprintf(out, ",\"dropped_too_long\":%" PRIu64
		",\"dropped_queue_full\":%" PRIu64
		",\"dropped_user_quota\":%" PRIu64
		",\"dropped_no_memory\":%" PRIu64,
		info->dropped_too_long, info->dropped_queue_full,
		info->dropped_user_quota, info->dropped_no_memory);
	fprintf(out, ",\"accept_remote\":%s,\"accept_broadcast\":%s",
		info->flags & MAILSLOT_ACCEPT_REMOTE ? "true" : "false",
		info->flags & MAILSLOT_ACCEPT_BROADCAST ? "true" : "false");
	fprintf(out, ",\"uid\":%u,\"mode\":\"%04o\"", row->uid, row->mode);
}

static void put_json(const struct row *row)
{
	putchar('{');
	put_json_members(stdout, row);
	if (row->info.next_size == MAILSLOT_NO_MESSAGE)
		puts(",\"next_size\":null}");
	else
		printf(",\"next_size\":%" PRIu32 "}\n", row->info.next_size);
}

static void put_timeout(uint32_t ms)
{
	if (ms == MAILSLOT_WAIT_FOREVER)
		puts("read timeout:     for ever");
	else
		printf("read timeout:     %" PRIu32 " ms\n", ms);
}

static void put_limits(const struct mailslot_info *info)
{
	if (info->max_message_size)
		printf("maximum size:     %" PRIu32 " bytes\n",
		       info->max_message_size);
	else
		puts("maximum size:     the mount's");
	put_timeout(info->read_timeout_ms);
}

static const char *accepted(unsigned int flags)
{
	switch (flags & (MAILSLOT_ACCEPT_REMOTE | MAILSLOT_ACCEPT_BROADCAST)) {
	case MAILSLOT_ACCEPT_REMOTE:
		return "local, remote";
	case MAILSLOT_ACCEPT_BROADCAST:
		return "local, broadcast";
	case 0:
		return "local";
	}
	return "local, remote, broadcast";
}

static void put_queue(const struct mailslot_info *info)
{
	printf("messages waiting: %" PRIu32 " (%" PRIu64 " bytes)\n",
	       info->message_count, info->queued_bytes);
	if (info->next_size != MAILSLOT_NO_MESSAGE)
		printf("next message:     %" PRIu32 " bytes\n",
		       info->next_size);
	printf("delivered:        %" PRIu64 "\n", info->delivered);
	printf("dropped:          %" PRIu64 " (%" PRIu64 " too long, %" PRIu64
	       " queue full, %" PRIu64 " user quota, %" PRIu64 " no memory)\n",
	       dropped(info), info->dropped_too_long, info->dropped_queue_full,
	       info->dropped_user_quota, info->dropped_no_memory);
}

static void put_plain(const struct row *row)
{
	printf("name:             ");
	put_text(stdout, row->name, strlen(row->name), isatty(STDOUT_FILENO));
	printf("\nowner:            uid %u\n", row->uid);
	printf("mode:             %04o\n", row->mode);
	put_limits(&row->info);
	printf("accepts:          %s\n", accepted(row->info.flags));
	put_queue(&row->info);
}

static int get_row(struct row *row, char *name)
{
	int fd = mailslot_open(name, O_WRONLY | O_CLOEXEC);
	struct stat st = { };
	int status = 0;

	if (fd < 0)
		return report_open(name);
	if (mailslot_get_info(fd, &row->info) || fstat(fd, &st))
		status = report("cannot get the state of '%s': %s", name,
				strerror(errno));
	close(fd);
	row->name = name;
	row->uid = st.st_uid;
	row->mode = st.st_mode & 07777;
	return status;
}

int info_command(int argc, char **argv)
{
	void (*put)(const struct row *row) = put_plain;
	int option, status;
	struct row row;

	while ((option = getopt_long(argc, argv, "j", long_options,
				     NULL)) != -1) {
		if (option != 'j')
			return usage_error(argv[0], NULL);
		put = put_json;
	}
	status = need_operands(argv[0], argc - optind, 1, 1);
	if (status)
		return status;
	status = get_row(&row, argv[optind]);
	if (!status)
		put(&row);
	return status;
}
