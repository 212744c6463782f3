// SPDX-License-Identifier: GPL-2.0-only
/*
 * Says who is there: asks every machine of the workgroup, this one too, and
 * prints who answers within a second.  The mount needs remote=on.
 *
 *	make broadcast LDLIBS=-lmailslot
 *	./broadcast serve &
 *	./broadcast ask
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mailslot.h>

#define QUESTIONS	"who\\ask"
#define ANSWERS		"who\\answer"

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static int send_to(const char *name, const char *text)
{
	int fd = mailslot_open(name, O_CLOEXEC);
	int status = -1;

	if (fd >= 0) {
		if (mailslot_write(fd, text, strlen(text)) >= 0)
			status = 0;
		close(fd);
	}
	return status;
}

/* Answers whoever asks, at the address that the question came from. */
static int serve(void)
{
	struct mailslot_msg_info info;
	char name[64], me[64] = "";
	int fd = mailslot_create(QUESTIONS, 64, MAILSLOT_WAIT_FOREVER,
				 O_CLOEXEC | MAILSLOT_ACCEPT_BROADCAST, 0);

	if (fd < 0)
		return fail(QUESTIONS);
	gethostname(me, sizeof(me) - 1);
	while (mailslot_recv(fd, NULL, 0, &info, MAILSLOT_TRUNC) >= 0) {
		if (!(info.flags & MAILSLOT_MSG_REMOTE))
			continue;
		snprintf(name, sizeof(name), "\\\\%s\\mailslot\\" ANSWERS,
			 inet_ntoa(info.address.sin_addr));
		if (send_to(name, me))
			perror(name);
	}
	return fail(QUESTIONS);
}

static int ask(void)
{
	struct mailslot_msg_info info;
	char who[64];
	ssize_t size;
	int fd = mailslot_create(ANSWERS, sizeof(who), 1000,
				 O_CLOEXEC | MAILSLOT_ACCEPT_REMOTE, 0);

	if (fd < 0)
		return fail(ANSWERS);
	if (send_to("\\\\*\\mailslot\\" QUESTIONS, "?"))
		return fail("cannot broadcast");
	while ((size = mailslot_recv(fd, who, sizeof(who), &info, 0)) >= 0)
		printf("%.*s at %s\n", (int)size, who,
		       inet_ntoa(info.address.sin_addr));
	return errno == ETIMEDOUT ? 0 : fail(ANSWERS);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "serve"))
		return serve();
	if (argc == 2 && !strcmp(argv[1], "ask"))
		return ask();
	fprintf(stderr, "usage: %s serve|ask\n", argv[0]);
	return 2;
}
