// SPDX-License-Identifier: GPL-2.0-only
/* Numbers as people write them. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* strtoull(3) would take a sign and leading blanks. */
static int parse_digits(const char *text, int base, char **end,
			uint64_t *number)
{
	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	*number = strtoull(text, end, base);
	return errno ? -1 : 0;
}

/**
 * parse_number() - read a decimal number
 * @text: Nothing but the number.
 * @most: The largest that is allowed.
 * @number: Answer.
 *
 * Return: 0, or -1 when it is no such number.
 */
int parse_number(const char *text, uint64_t most, uint64_t *number)
{
	char *end;

	if (parse_digits(text, 10, &end, number) || *end || *number > most)
		return -1;
	return 0;
}

/**
 * parse_size() - read a number of bytes, such as 400, 64K or 1M
 * @text: Nothing but the size. K, M and G are powers of 1024.
 * @most: The largest that is allowed.
 * @size: Answer, in bytes.
 *
 * Return: 0, or -1 when it is no such size.
 */
int parse_size(const char *text, uint64_t most, uint64_t *size)
{
	static const char suffixes[] = "KMG";
	const char *suffix;
	char *end;
	int shift = 0;

	if (parse_digits(text, 10, &end, size))
		return -1;
	if (*end) {
		suffix = strchr(suffixes, toupper((unsigned char)*end));
		if (!suffix || end[1])
			return -1;
		shift = 10 * (suffix - suffixes + 1);
	}
	if (*size > most >> shift)
		return -1;
	*size <<= shift;
	return 0;
}

/**
 * parse_mode() - read permission bits, such as 0622
 * @text: Nothing but an octal number up to 0777.
 * @mode: Answer.
 *
 * Return: 0, or -1 when it is no such number.
 */
int parse_mode(const char *text, mode_t *mode)
{
	uint64_t number;
	char *end;

	if (parse_digits(text, 8, &end, &number) || *end || number > 0777)
		return -1;
	*mode = number;
	return 0;
}

/**
 * human_size() - write a number of bytes in at most 7 characters
 * @bytes: The number.
 * @text: Answer: such as "512", "1.5K", "64.0M".
 *
 * Return: @text.
 */
const char *human_size(uint64_t bytes, char text[8])
{
	static const char suffixes[] = "KMGTPE";
	double value = bytes;
	int i = -1;

	if (bytes < 1024) {
		snprintf(text, 8, "%" PRIu64, bytes);
		return text;
	}
	/* 1023.95 would be written as 1024.0. */
	while (i < 0 || value >= 1023.95) {
		value /= 1024;
		i++;
	}
	snprintf(text, 8, "%.1f%c", value, suffixes[i]);
	return text;
}
