// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which NetBIOS names are this machine's own: those in the options of the
 * mount, as the kernel shows them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "internal.h"
#include "resolve.h"

/* The kernel writes what would end a field as a backslash and octal digits. */
static char next_byte(const char **at)
{
	const char *text = *at;
	int i, byte = 0;

	++*at;
	if (*text != '\\')
		return *text;
	for (i = 1; i <= 3; i++) {
		if (text[i] < '0' || text[i] > '7')
			return *text;
		byte = byte * 8 + text[i] - '0';
	}
	*at = text + 4;
	return byte;
}

/**
 * mailslot_option_is() - does an option of the mount have a name as its value?
 * @options: All options, as in /proc/self/mountinfo.
 * @option: The option, with the comma before it and the ``=`` behind it.
 * @name: The name; its suffix does not count.
 *
 * Return: whether it does.
 */
int mailslot_option_is(const char *options, const char *option,
		       const uint8_t name[NETBIOS_LEN])
{
	const char *at = strstr(options, option);
	uint8_t value[NETBIOS_LEN];
	char text[NETBIOS_LEN];
	size_t len = 0;

	if (!at)
		return 0;
	at += strlen(option);
	while (*at && *at != ',' && *at != '\n' && len < sizeof(text))
		text[len++] = next_byte(&at);
	return !mailslot_netbios_name(text, len, value) &&
	       !memcmp(value, name, NETBIOS_LEN - 1);
}

/* "36 35 98:0 /root /mount/point OPTIONS [FIELDS] - TYPE SOURCE OPTIONS" */
static const char *options_of(const char *line, dev_t device)
{
	unsigned int major, minor;
	const char *type;

	if (sscanf(line, "%*u %*u %u:%u", &major, &minor) != 2 ||
	    makedev(major, minor) != device)
		return NULL;
	type = strstr(line, " - ");
	return type ? strchr(type, ',') : NULL;
}

static int whose(const char *options, const uint8_t name[NETBIOS_LEN])
{
	if (mailslot_option_is(options, ",netbios=", name))
		return OWN_HOST;
	if (mailslot_option_is(options, ",workgroup=", name))
		return OWN_WORKGROUP;
	return 0;
}

/**
 * mailslot_own_name() - is it this machine's name, or its workgroup's?
 * @name: The name; its suffix does not count.
 *
 * Return: %OWN_HOST, %OWN_WORKGROUP, or 0 if it is neither, as far as that can
 * be found out.
 */
int mailslot_own_name(const uint8_t name[NETBIOS_LEN])
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	const char *options;
	char *line = NULL;
	struct stat root;
	size_t size = 0;
	int own = 0;

	if (!file)
		return 0;
	if (stat(mailslot_root(), &root))
		root.st_dev = 0;
	while (!own && getline(&line, &size, file) >= 0) {
		options = options_of(line, root.st_dev);
		own = options ? whose(options, name) : 0;
	}
	free(line);
	fclose(file);
	return own;
}
