// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The file lmhosts: an address, a NetBIOS name, and perhaps its suffix, as in
 * "192.0.2.7 SERVER#20". It is Samba's (lmhosts(5)) and looks like that of
 * Windows, whose keywords (#PRE, #DOM:...) stand behind the name and are no
 * names: they are passed over, and so is #INCLUDE.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resolve.h"

static const char * const paths[] = { "/etc/samba/lmhosts", "/etc/lmhosts" };

/* As the kernel judges the host of a UNC name. */
static int is_legal(const char *text, size_t len)
{
	size_t i;

	if (len < 1 || len >= NETBIOS_LEN || text[0] == ' ' ||
	    text[0] == '.' || text[len - 1] == ' ')
		return 0;
	for (i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] > 0x7e ||
		    strchr("\\/:*?\"<>|#@", text[i]))
			return 0;
	return 1;
}

/**
 * mailslot_netbios_name() - make a NetBIOS name
 * @text: NAME or NAME#xx, the suffix being two hexadecimal digits.
 * @len: Its bytes.
 * @name: Answer: in upper case, padded with spaces, suffix last.
 *
 * Return: 1 if there was a suffix, 0 if not, -1 if it is no NetBIOS name.
 */
int mailslot_netbios_name(const char *text, size_t len,
			  uint8_t name[NETBIOS_LEN])
{
	const char *hash = memchr(text, '#', len);
	size_t i, name_len = hash ? (size_t)(hash - text) : len;
	unsigned int suffix = 0;

	if (!is_legal(text, name_len))
		return -1;
	if (hash && (len != name_len + 3 ||
		     !isxdigit((unsigned char)hash[1]) ||
		     !isxdigit((unsigned char)hash[2]) ||
		     sscanf(hash + 1, "%2x", &suffix) != 1))
		return -1;
	memset(name, ' ', NETBIOS_LEN);
	for (i = 0; i < name_len; i++)
		name[i] = text[i] >= 'a' && text[i] <= 'z' ? text[i] - 0x20 :
							     text[i];
	name[NETBIOS_LEN - 1] = suffix;
	return hash ? 1 : 0;
}

/**
 * mailslot_lmhosts_line() - look for a name in one line of lmhosts
 * @line: The line; changed.
 * @name: The name, suffix last. A line without a suffix stands for all.
 * @address: Answer: the name's address; unchanged on failure.
 *
 * Return: 0, or -1 if the line is not about that name.
 */
int mailslot_lmhosts_line(char *line, const uint8_t name[NETBIOS_LEN],
			  struct in_addr *address)
{
	char *save, *where = strtok_r(line, " \t\r\n", &save);
	char *who = where ? strtok_r(NULL, " \t\r\n", &save) : NULL;
	uint8_t listed[NETBIOS_LEN];
	struct in_addr found;
	int has_suffix;

	if (!who || inet_pton(AF_INET, where, &found) != 1)
		return -1;
	has_suffix = mailslot_netbios_name(who, strlen(who), listed);
	if (has_suffix < 0 || memcmp(listed, name, NETBIOS_LEN - 1))
		return -1;
	if (has_suffix && listed[NETBIOS_LEN - 1] != name[NETBIOS_LEN - 1])
		return -1;
	*address = found;
	return 0;
}

static int look_into(const char *path, const uint8_t name[NETBIOS_LEN],
		     struct in_addr *address)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int ret = -1;

	if (!file)
		return -1;
	while (ret && getline(&line, &size, file) >= 0)
		ret = mailslot_lmhosts_line(line, name, address);
	free(line);
	fclose(file);
	return ret;
}

/**
 * mailslot_lmhosts() - look for a name in the files that list hosts
 * @name: The name, suffix last.
 * @address: Answer: its address; unchanged on failure.
 *
 * The first line that fits is taken. $MAILSLOT_LMHOSTS names another file,
 * unless the program runs with the rights of somebody else.
 *
 * Return: 0, or -1 if it is not there.
 */
int mailslot_lmhosts(const uint8_t name[NETBIOS_LEN], struct in_addr *address)
{
	const char *other = secure_getenv("MAILSLOT_LMHOSTS");
	size_t i;

	if (other)
		return look_into(other, name, address);
	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (!look_into(paths[i], name, address))
			return 0;
	return -1;
}
