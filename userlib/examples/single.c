// SPDX-License-Identifier: GPL-2.0-only
/*
 * An application that runs once: who starts it again hands what it was to open
 * to the one that runs, and ends.  The name is gone with the process, whatever
 * ends it, so that no lock is ever stale.
 *
 *	make single LDLIBS=-lmailslot && ./single letter.txt & ./single photo.png
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mailslot.h>

/* One for each user, and only the user may write. */
static int create(char *name, size_t size)
{
	snprintf(name, size, "single-%d", (int)getuid());
	return mailslot_create(name, 4096, MAILSLOT_WAIT_FOREVER, O_CLOEXEC,
			       0200);
}

static int hand_over(const char *name, const char *document)
{
	int fd = mailslot_open(name, O_CLOEXEC);

	if (fd < 0 || mailslot_write(fd, document, strlen(document)) < 0)
		return -1;
	return close(fd);
}

int main(int argc, char **argv)
{
	const char *document = argc > 1 ? argv[1] : "";
	char name[32], text[4096];
	ssize_t size;
	int fd;

	/* The other one may end between the two calls: then it is our turn. */
	while ((fd = create(name, sizeof(name))) < 0) {
		if (errno != EEXIST) {
			perror(name);
			return 1;
		}
		if (!hand_over(name, document))
			return 0;
	}
	printf("opening '%s'\n", document);
	fflush(stdout);
	while ((size = mailslot_read(fd, text, sizeof(text))) >= 0) {
		printf("opening '%.*s', too\n", (int)size, text);
		fflush(stdout);
	}
	perror(name);
	return 1;
}
