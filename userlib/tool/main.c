// SPDX-License-Identifier: GPL-2.0-only
/* mailslot: receive, send and look at mailslots from the command line. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static const char main_help[] =
"Usage: mailslot COMMAND [OPTION]... [ARGUMENT]...\n"
"Receive, send and look at mailslots.\n"
"\n"
"  recv NAME            create a mailslot and print what arrives\n"
"  send NAME [MESSAGE]  send a message: the argument, or standard input\n"
"  list                 list the mailslots\n"
"  info NAME            show the state of one mailslot\n"
"  top                  watch the traffic of all mailslots\n"
"  resolve HOST         show where mail to a host is sent\n"
"\n"
"  -h, --help           show this text; 'mailslot COMMAND --help' shows more\n"
"  -V, --version        show the version\n"
"\n"
"Exit status: 0 success, 1 failure, 2 a call that was not understood.\n"
"The manual is mailslot(1).\n";

static const struct command {
	const char *name;
	const char *full_name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "recv", "mailslot recv", recv_command, recv_help },
	{ "send", "mailslot send", send_command, send_help },
	{ "list", "mailslot list", list_command, list_help },
	{ "info", "mailslot info", info_command, info_help },
	{ "top", "mailslot top", top_command, top_help },
	{ "resolve", "mailslot resolve", resolve_command, resolve_help },
};

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static bool is_option(const char *argument, const char *brief, const char *full)
{
	return !strcmp(argument, brief) || !strcmp(argument, full);
}

/*
 * Asking for help must work whatever else is on the line, so it is looked for
 * before anything is parsed.
 */
static bool wants_help(char **argv)
{
	for (argv++; *argv && strcmp(*argv, "--"); argv++)
		if (is_option(*argv, "-h", "--help"))
			return true;
	return false;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	if (wants_help(argv)) {
		fputs(command->help, stdout);
		return EXIT_SUCCESS;
	}
	/* getopt_long(3) begins its complaints with this. */
	argv[0] = (char *)command->full_name;
	return command->run(argc, argv);
}

/* A full disk behind standard output shows only when the rest is written. */
static int close_stdout(int status)
{
	bool failed = ferror(stdout);

	failed |= fclose(stdout) != 0;
	if (failed && status == EXIT_SUCCESS)
		return report("cannot write to standard output: %s",
			      strerror(errno));
	return status;
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2)
		return usage_error("mailslot", "a command is missing");
	if (is_option(argv[1], "-h", "--help")) {
		fputs(main_help, stdout);
		return close_stdout(EXIT_SUCCESS);
	}
	if (is_option(argv[1], "-V", "--version")) {
		puts("mailslot " VERSION);
		return close_stdout(EXIT_SUCCESS);
	}
	command = find_command(argv[1]);
	if (!command)
		return usage_error("mailslot", "no such command: '%s'",
				   argv[1]);
	return close_stdout(run_command(command, argc - 1, argv + 1));
}
