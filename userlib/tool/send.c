// SPDX-License-Identifier: GPL-2.0-only
/* mailslot send: send a message. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

/* No mount takes longer messages, so no more input is kept in memory. */
#define MAX_MESSAGE	(64U << 20)

const char send_help[] =
"Usage: mailslot send [OPTION]... NAME [MESSAGE]\n"
"Send MESSAGE to the mailslot NAME. Without MESSAGE, send all of standard\n"
"input as one message.\n"
"\n"
"  -l, --lines          send each line of standard input as a message\n"
"  -w, --wait           wait while the mailslot is full, instead of failing\n"
"  -h, --help           show this text\n"
"\n"
"NAME may be a name on other machines, such as '\\\\*\\mailslot\\news'.\n"
"Exit status: 0 success, 1 failure, 2 a call that was not understood.\n";

/** struct options - what the command line asks for */
struct options {
	const char *name;
	const char *message;	/* NULL: standard input */
	bool lines;
	bool wait;
};

static const struct option long_options[] = {
	{ "lines", no_argument, NULL, 'l' },
	{ "wait", no_argument, NULL, 'w' },
	{ }
};

static int parse(struct options *options, int argc, char **argv)
{
	int option, status;

	while ((option = getopt_long(argc, argv, "lw", long_options,
				     NULL)) != -1) {
		switch (option) {
		case 'l':
			options->lines = true;
			break;
		case 'w':
			options->wait = true;
			break;
		default:
			return usage_error(argv[0], NULL);
		}
	}
	status = need_operands(argv[0], argc - optind, 1, 2);
	if (status)
		return status;
	options->name = argv[optind];
	options->message = argv[optind + 1];
	if (options->lines && options->message)
		return usage_error(argv[0],
				   "--lines reads standard input and takes no MESSAGE");
	return 0;
}

static int send_message(const struct options *options, int fd,
			const void *data, size_t len)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLOUT };

	while (mailslot_write(fd, data, len) < 0) {
		if (errno != ENOBUFS || !options->wait)
			return report_write(options->name);
		/* When this fails or the server is gone, the write tells. */
		poll(&pollfd, 1, -1);
	}
	return 0;
}

static int report_input(void)
{
	if (errno == EMSGSIZE)
		return report("standard input: a message is longer than %u bytes",
			      MAX_MESSAGE);
	return report("cannot read standard input: %s", strerror(errno));
}

static int send_input(const struct options *options, int fd)
{
	struct buffer buffer = { };
	int status = 0;

	if (buffer_read(&buffer, stdin, EOF, MAX_MESSAGE) < 0)
		status = report_input();
	else
		status = send_message(options, fd, buffer.data, buffer.len);
	free(buffer.data);
	return status;
}

static int send_lines(const struct options *options, int fd)
{
	struct buffer buffer = { };
	uint64_t sent = 0;
	int status = 0;
	int got;

	while ((got = buffer_read(&buffer, stdin, '\n', MAX_MESSAGE)) > 0) {
		status = send_message(options, fd, buffer.data, buffer.len);
		if (status)
			break;
		sent++;
	}
	if (got < 0)
		status = report_input();
	if (status)
		report("stopped at line %" PRIu64 " of standard input",
		       sent + 1);
	free(buffer.data);
	return status;
}

int send_command(int argc, char **argv)
{
	struct options options = { };
	int status = parse(&options, argc, argv);
	int fd;

	if (status)
		return status;
	/* Before standard input is read, so that nobody types in vain. */
	fd = mailslot_open(options.name, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return report_open(options.name);
	if (options.message)
		status = send_message(&options, fd, options.message,
				      strlen(options.message));
	else if (options.lines)
		status = send_lines(&options, fd);
	else
		status = send_input(&options, fd);
	close(fd);
	return status;
}
