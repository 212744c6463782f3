// SPDX-License-Identifier: GPL-2.0-only
/*
 * One thread, several mailslots: prints what arrives in any of them, until one
 * of the messages is empty.
 *
 *	make poll LDLIBS=-lmailslot && ./poll orders returns
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mailslot.h>

#define MOST	8

/* All messages that wait; 0 when there are none left, 1 after an empty one. */
static int drain(int fd, const char *name)
{
	char text[4096];
	ssize_t size;

	while ((size = mailslot_read(fd, text, sizeof(text))) > 0)
		printf("%s: %.*s\n", name, (int)size, text);
	if (size == 0)
		return 1;
	return errno == EAGAIN ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct pollfd slots[MOST];
	int count = argc - 1;
	int status = 0;
	int i;

	if (count < 1 || count > MOST) {
		fprintf(stderr, "usage: %s NAME... (at most %d)\n", argv[0],
			MOST);
		return 2;
	}
	for (i = 0; i < count; i++) {
		slots[i].fd = mailslot_create(argv[i + 1], 4096, 0,
					      O_CLOEXEC | O_NONBLOCK, 0);
		slots[i].events = POLLIN;
		if (slots[i].fd < 0) {
			perror(argv[i + 1]);
			return 1;
		}
	}
	while (!status && poll(slots, count, -1) > 0) {
		for (i = 0; i < count && !status; i++)
			if (slots[i].revents)
				status = drain(slots[i].fd, argv[i + 1]);
		fflush(stdout);
	}
	return status == 1 ? 0 : 1;
}
