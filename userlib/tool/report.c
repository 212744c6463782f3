// SPDX-License-Identifier: GPL-2.0-only
/* What went wrong, with which slot, and what to do about it. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "tool.h"
#include "../lib/internal.h"

#define FS_TYPE	"mailslot"

struct advice {
	int error;
	const char *text;
};

static const struct advice create_advice[] = {
	{ EEXIST, "a mailslot of this name exists; try 'mailslot list'" },
	{ EBUSY, "a mailslot of this name exists; try 'mailslot list'" },
	{ EINVAL, "not a valid name, size or mode; see mailslot(7)" },
	{ ENAMETOOLONG, "the name is longer than 255 bytes" },
	{ EACCES, "you may not create mailslots; see mode= in mailslotfs(5)" },
	{ ENOBUFS, "too many mailslots; see max_user_slots= in mailslotfs(5)" },
	{ }
};

static const struct advice open_advice[] = {
	{ ENOENT, "no such mailslot; is its server running? try 'mailslot list'" },
	{ EINVAL, "not a name that a mailslot can have; see mailslot(7)" },
	{ ENAMETOOLONG, "the name is longer than 255 bytes" },
	{ ENETDOWN, "mail between machines is off; see remote= in mailslotfs(5)" },
	{ EHOSTUNREACH, "no such host; see 'mailslot resolve --help'" },
	{ EACCES, "you may not write to it; 'mailslot list --long' shows its mode" },
	{ }
};

static const struct advice write_advice[] = {
	{ EMSGSIZE, "the message is longer than the mailslot takes" },
	{ ENOBUFS, "its queue or its owner's quota is full; try again, or --wait" },
	{ EPIPE, "its server has closed it" },
	{ ENETDOWN, "mail between machines is off; see remote= in mailslotfs(5)" },
	{ }
};

/**
 * usage_error() - say that a call was not understood, and where to read more
 * @command: "mailslot", or "mailslot COMMAND".
 * @format: What is wrong with it, as in printf(3); NULL when that was said.
 *
 * Return: the exit status.
 */
int usage_error(const char *command, const char *format, ...)
{
	va_list args;

	if (format) {
		va_start(args, format);
		fprintf(stderr, "%s: ", command);
		vfprintf(stderr, format, args);
		fputc('\n', stderr);
		va_end(args);
	}
	fprintf(stderr, "Try '%s --help'.\n", command);
	return EXIT_USAGE;
}

/**
 * need_operands() - check how many arguments stand behind the options
 * @command: "mailslot COMMAND".
 * @have: How many there are.
 * @least: How many there must be.
 * @most: How many there may be.
 *
 * Return: 0, or the exit status when there are too few or too many.
 */
int need_operands(const char *command, int have, int least, int most)
{
	if (have < least)
		return usage_error(command, "the name of a mailslot is missing");
	if (have > most)
		return usage_error(command,
				   "too many arguments (quote what has spaces)");
	return 0;
}

/**
 * report() - say what went wrong
 * @format: As in printf(3).
 *
 * Return: the exit status.
 */
int report(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("mailslot: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return EXIT_FAILURE;
}

static const char *advise(const struct advice *advice, int error)
{
	for (; advice->text; advice++)
		if (advice->error == error)
			return advice->text;
	return strerror(error);
}

static bool is_mounted(const char *root)
{
	struct statfs fs;

	return !statfs(root, &fs) && fs.f_type == MAILSLOT_SUPER_MAGIC;
}

static int report_slot(const char *doing, const char *name,
		       const struct advice *advice)
{
	const char *root = mailslot_root();
	int error = errno;

	if ((error == ENOENT || error == ENOTTY || error == ENOTDIR) &&
	    *name && !is_mounted(root)) {
		report("cannot %s '%s': no mailslot file system at %s",
		       doing, name, root);
		return report("try as root: mkdir -p %s && mount -t " FS_TYPE
			      " " FS_TYPE " %s", root, root);
	}
	return report("cannot %s '%s': %s", doing, name,
		      advise(advice, error));
}

/**
 * report_create() - say why a slot could not be created
 * @name: Its name. The reason is in errno.
 *
 * Return: the exit status.
 */
int report_create(const char *name)
{
	return report_slot("create", name, create_advice);
}

/**
 * report_open() - say why a slot could not be opened
 * @name: Its name. The reason is in errno.
 *
 * Return: the exit status.
 */
int report_open(const char *name)
{
	return report_slot("open", name, open_advice);
}

/**
 * report_write() - say why a message could not be sent
 * @name: Name of the slot. The reason is in errno.
 *
 * Return: the exit status.
 */
int report_write(const char *name)
{
	return report_slot("write to", name, write_advice);
}
