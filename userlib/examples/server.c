// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mailslot server: prints every message together with who sent it, until
 * one says "stop".
 *
 *	make server LDLIBS=-lmailslot && ./server counter
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mailslot.h>

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "counter";
	struct mailslot_msg_info info;
	char text[4096];
	ssize_t size;
	int fd;

	fd = mailslot_create(name, sizeof(text), MAILSLOT_WAIT_FOREVER,
			     O_CLOEXEC, 0);
	if (fd < 0) {
		fprintf(stderr, "cannot create %s: %s\n", name,
			strerror(errno));
		return 1;
	}
	do {
		size = mailslot_recv(fd, text, sizeof(text), &info, 0);
		if (size < 0) {
			perror("mailslot_recv");
			return 1;
		}
		printf("process %d of user %d: %.*s\n", (int)info.pid,
		       (int)info.uid, (int)size, text);
		fflush(stdout);
	} while (size != 4 || memcmp(text, "stop", 4));
	return close(fd);
}
