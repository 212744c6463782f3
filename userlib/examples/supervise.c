// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hands the server end to a child, as its standard input, and starts another
 * child when one dies.  The mailslot stays, since this process has it open, too:
 * no client notices, and no message is lost.
 *
 *	make supervise LDLIBS=-lmailslot
 *	./supervise work sh -c 'head -c 100'	(one message for each child)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mailslot.h>

static void become(int fd, char **command)
{
	/* The copy is open after exec; ours, with O_CLOEXEC, is not. */
	dup2(fd, STDIN_FILENO);
	execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

int main(int argc, char **argv)
{
	int fd, status;
	pid_t child;

	if (argc < 3) {
		fprintf(stderr, "usage: %s NAME COMMAND...\n", argv[0]);
		return 2;
	}
	fd = mailslot_create(argv[1], 0, MAILSLOT_WAIT_FOREVER, O_CLOEXEC, 0);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	do {
		child = fork();
		if (!child)
			become(fd, argv + 2);
		if (child < 0 || waitpid(child, &status, 0) < 0) {
			perror("child");
			return 1;
		}
	} while (!WIFEXITED(status) || !WEXITSTATUS(status));
	return WEXITSTATUS(status);
}
