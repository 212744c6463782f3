// SPDX-License-Identifier: GPL-2.0-only
/* Bytes that grow. */
#include <errno.h>
#include <stdlib.h>

#include "tool.h"

#define FIRST_SIZE	4096

/**
 * buffer_reserve() - make room
 * @buffer: The buffer.
 * @size: Bytes that it must have room for.
 *
 * Return: 0; or -1 and errno.
 */
int buffer_reserve(struct buffer *buffer, size_t size)
{
	size_t wanted = buffer->size ? buffer->size : FIRST_SIZE;
	char *data;

	if (size <= buffer->size)
		return 0;
	while (wanted < size)
		wanted *= 2;
	data = realloc(buffer->data, wanted);
	if (!data)
		return -1;
	buffer->data = data;
	buffer->size = wanted;
	return 0;
}

/**
 * buffer_read() - read up to a character or the end of a file
 * @buffer: Its content is replaced.
 * @in: The file.
 * @end: The character that ends the content and is dropped, or EOF.
 * @most: Most bytes that are taken.
 *
 * Return: 1 when something was read, if only the @end; 0 at the end of the
 * file; or -1 and errno, EMSGSIZE when there is more than @most.
 */
int buffer_read(struct buffer *buffer, FILE *in, int end, size_t most)
{
	int c;

	buffer->len = 0;
	while ((c = getc_unlocked(in)) != EOF && c != end) {
		if (buffer->len == most) {
			errno = EMSGSIZE;
			return -1;
		}
		if (buffer_reserve(buffer, buffer->len + 1))
			return -1;
		buffer->data[buffer->len++] = c;
	}
	if (ferror(in))
		return -1;
	return c != EOF || buffer->len;
}
