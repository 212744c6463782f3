// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mailslot client: one message.
 *
 *	make client LDLIBS=-lmailslot && ./client counter "11 sodas left"
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mailslot.h>

int main(int argc, char **argv)
{
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: %s NAME MESSAGE\n", argv[0]);
		return 2;
	}
	fd = mailslot_open(argv[1], O_CLOEXEC);
	if (fd < 0) {
		fprintf(stderr, "cannot open %s: %s\n", argv[1],
			strerror(errno));
		return 1;
	}
	if (mailslot_write(fd, argv[2], strlen(argv[2])) < 0) {
		fprintf(stderr, "cannot write to %s: %s\n", argv[1],
			strerror(errno));
		return 1;
	}
	return close(fd);
}
