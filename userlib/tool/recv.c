// SPDX-License-Identifier: GPL-2.0-only
/* mailslot recv: create a slot and print what arrives. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

const char recv_help[] =
"Usage: mailslot recv [OPTION]... NAME\n"
"Create the mailslot NAME and print each message that arrives, one a line,\n"
"until interrupted. The mailslot is gone when the command ends.\n"
"\n"
"  -t, --timeout MS     end when no message arrives for MS milliseconds\n"
"  -n, --count N        end after N messages\n"
"  -s, --max-size N     refuse messages longer than N bytes (400, 64K, 1M)\n"
"  -m, --mode MODE      permission bits in octal; the write bits say who may\n"
"                       send (default: the mount's slot_mode=)\n"
"  -r, --remote         accept messages that other machines send to this one\n"
"  -b, --broadcast      accept messages that they send to the workgroup\n"
"      --raw            print the bytes of the messages and nothing else\n"
"  -x, --hex            print each message as a line of hexadecimal digits\n"
"  -j, --json           print each message as a line of JSON, with its sender\n"
"  -h, --help           show this text\n"
"\n"
"Exit status: 0 success; 1 failure, also when the timeout is over and no\n"
"message (with --count, fewer than N) arrived; 2 a call not understood.\n";

/** struct options - what the command line asks for */
struct options {
	const char *name;
	uint64_t timeout_ms;
	uint64_t max_size;
	uint64_t count;		/* 0: no end */
	unsigned int flags;
	mode_t mode;
	bool raw;
	bool hex;
	bool json;
};

enum { OPTION_RAW = 0x100 };

static const struct option long_options[] = {
	{ "timeout", required_argument, NULL, 't' },
	{ "count", required_argument, NULL, 'n' },
	{ "max-size", required_argument, NULL, 's' },
	{ "mode", required_argument, NULL, 'm' },
	{ "remote", no_argument, NULL, 'r' },
	{ "broadcast", no_argument, NULL, 'b' },
	{ "raw", no_argument, NULL, OPTION_RAW },
	{ "hex", no_argument, NULL, 'x' },
	{ "json", no_argument, NULL, 'j' },
	{ }
};

static int bad_value(const char *what, const char *value)
{
	return usage_error("mailslot recv", "not a valid %s: '%s'", what,
			   value);
}

/* Of the options that take a value. */
static int set_value(struct options *options, int option, const char *value)
{
	switch (option) {
	case 't':
		if (parse_number(value, UINT32_MAX, &options->timeout_ms))
			return bad_value("timeout in milliseconds", value);
		return 0;
	case 'n':
		if (parse_number(value, UINT64_MAX, &options->count) ||
		    !options->count)
			return bad_value("number of messages", value);
		return 0;
	case 's':
		if (parse_size(value, UINT32_MAX, &options->max_size) ||
		    !options->max_size)
			return bad_value("maximum size", value);
		return 0;
	case 'm':
		if (parse_mode(value, &options->mode) || !options->mode)
			return bad_value("mode", value);
		return 0;
	}
	return usage_error("mailslot recv", NULL);
}

static int set_option(struct options *options, int option, const char *value)
{
	switch (option) {
	case 'r':
		options->flags |= MAILSLOT_ACCEPT_REMOTE;
		return 0;
	case 'b':
		options->flags |= MAILSLOT_ACCEPT_BROADCAST;
		return 0;
	case OPTION_RAW:
		options->raw = true;
		return 0;
	case 'x':
		options->hex = true;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	}
	return set_value(options, option, value);
}

static int parse(struct options *options, int argc, char **argv)
{
	int option, status;

	while ((option = getopt_long(argc, argv, "t:n:s:m:rbxj", long_options,
				     NULL)) != -1) {
		status = set_option(options, option, optarg);
		if (status)
			return status;
	}
	if (options->raw && (options->hex || options->json))
		return usage_error(argv[0],
				   "--raw goes with neither --hex nor --json");
	status = need_operands(argv[0], argc - optind, 1, 1);
	options->name = argv[optind];
	return status;
}

static void put_sender(const struct mailslot_msg_info *info)
{
	char address[INET_ADDRSTRLEN];

	if (!(info->flags & MAILSLOT_MSG_REMOTE)) {
		printf(",\"pid\":%d,\"uid\":%u,\"gid\":%u", info->pid,
		       info->uid, info->gid);
		return;
	}
	inet_ntop(AF_INET, &info->address.sin_addr, address, sizeof(address));
	printf(",\"address\":\"%s\",\"port\":%u,\"source_name\":", address,
	       ntohs(info->address.sin_port));
	put_json_string(stdout, info->source_name, strlen(info->source_name));
	printf(",\"source_suffix\":%u,\"mail_class\":%u,\"priority\":%u",
	       info->source_suffix, info->mail_class, info->priority);
}

static void put_json(const void *data, const struct mailslot_msg_info *info,
		     bool hex)
{
	printf("{\"size\":%" PRIu32 ",", info->size);
	put_json_data(stdout, data, info->size, hex);
	printf(",\"remote\":%s,\"broadcast\":%s",
	       info->flags & MAILSLOT_MSG_REMOTE ? "true" : "false",
	       info->flags & MAILSLOT_MSG_BROADCAST ? "true" : "false");
	put_sender(info);
	fputs(",\"time\":", stdout);
	put_json_time(stdout, info->realtime_ns);
	printf(",\"realtime_ns\":%" PRIu64 ",\"monotonic_ns\":%" PRIu64 "}\n",
	       info->realtime_ns, info->monotonic_ns);
}

static void put_line(const char *data, size_t len)
{
	put_text(stdout, data, len, isatty(STDOUT_FILENO));
	if (!len || data[len - 1] != '\n')
		putchar('\n');
}

static int put_message(const struct options *options, const char *data,
		       const struct mailslot_msg_info *info)
{
	if (options->json) {
		put_json(data, info, options->hex);
	} else if (options->hex) {
		put_hex(stdout, data, info->size);
		putchar('\n');
	} else if (options->raw) {
		put_text(stdout, data, info->size, false);
	} else {
		put_line(data, info->size);
	}
	if (fflush(stdout))
		return report("cannot write to standard output: %s",
			      strerror(errno));
	return 0;
}

/*
 * The message waits while room is made for it. A stop and a continuation of
 * this process end a timed wait with EINTR: it then begins anew.
 */
static int receive(int fd, struct buffer *buffer,
		   struct mailslot_msg_info *info)
{
	while (mailslot_recv(fd, buffer->data, buffer->size, info, 0) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EMSGSIZE || buffer_reserve(buffer, info->size))
			return -1;
	}
	return 0;
}

static int end_of_wait(const struct options *options, uint64_t received)
{
	if (errno != ETIMEDOUT && errno != EAGAIN)
		return report("cannot receive from '%s': %s", options->name,
			      strerror(errno));
	if (options->count && received)
		return report("timeout: '%s' received %" PRIu64 " of %" PRIu64
			      " messages", options->name, received,
			      options->count);
	if (!received)
		return report("timeout: no message for '%s' in %" PRIu64 " ms",
			      options->name, options->timeout_ms);
	return EXIT_SUCCESS;
}

static int receive_all(const struct options *options, int fd)
{
	struct mailslot_msg_info info;
	struct buffer buffer = { };
	uint64_t received = 0;
	int status = 0;

	do {
		if (receive(fd, &buffer, &info)) {
			status = end_of_wait(options, received);
			break;
		}
		received++;
		status = put_message(options, buffer.data, &info);
	} while (!status && received != options->count);
	free(buffer.data);
	return status;
}

int recv_command(int argc, char **argv)
{
	struct options options = { .timeout_ms = MAILSLOT_WAIT_FOREVER };
	int status = parse(&options, argc, argv);
	int fd;

	if (status)
		return status;
	fd = mailslot_create(options.name, options.max_size,
			     options.timeout_ms, options.flags | O_CLOEXEC,
			     options.mode);
	if (fd < 0)
		return report_create(options.name);
	status = receive_all(&options, fd);
	close(fd);
	return status;
}
