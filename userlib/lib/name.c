// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names as programs write them, and as the kernel takes them. What a name may
 * hold is the kernel's to judge; here only spellings that no path can carry
 * are rewritten.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/**
 * mailslot_root() - where the mailslot file system is mounted
 *
 * Return: $MAILSLOT_ROOT, unless it is empty or the program runs with the
 * rights of somebody else; then %MAILSLOT_DEFAULT_ROOT.
 */
const char *mailslot_root(void)
{
	const char *root = secure_getenv("MAILSLOT_ROOT");

	return root && *root ? root : MAILSLOT_DEFAULT_ROOT;
}

static int set_errno(int error)
{
	errno = error;
	return -1;
}

/*
 * The VFS takes these two for directories, so the kernel's parser would not
 * get to see them.
 */
static int is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/**
 * mailslot_kernel_name() - rewrite a name to the kernel's spelling
 * @name: As a program writes it.
 * @kernel_name: Answer: the same with every ``/`` a ``\``, and with the device
 *	prefix ``\\?\`` written ``\\.\``.
 *
 * Return: 0; or -1 and errno: EFAULT (NULL), ENOENT (""), EINVAL (``.`` and
 * ``..``), ENAMETOOLONG (nothing is ever cut).
 */
int mailslot_kernel_name(const char *name, char kernel_name[PATH_MAX])
{
	char *c;

	if (!name)
		return set_errno(EFAULT);
	if (!*name)
		return set_errno(ENOENT);
	if (is_dots(name))
		return set_errno(EINVAL);
	if (strnlen(name, PATH_MAX) == PATH_MAX)
		return set_errno(ENAMETOOLONG);

	strcpy(kernel_name, name);
	for (c = kernel_name; (c = strchr(c, '/')); )
		*c = '\\';
	if (!strncmp(kernel_name, "\\\\?\\", 4))
		kernel_name[2] = '.';
	return 0;
}

/**
 * mailslot_path() - where the file of a name is
 * @name: As a program writes it.
 * @path: Answer: its path below mailslot_root().
 *
 * Return: 0; or -1 and errno, as mailslot_kernel_name().
 */
int mailslot_path(const char *name, char path[PATH_MAX])
{
	const char *root = mailslot_root();
	char kernel_name[PATH_MAX];
	size_t len = strlen(root);

	if (mailslot_kernel_name(name, kernel_name))
		return -1;
	if (len + 1 + strlen(kernel_name) >= PATH_MAX)
		return set_errno(ENAMETOOLONG);

	memcpy(path, root, len);
	path[len] = '/';
	strcpy(path + len + 1, kernel_name);
	return 0;
}
