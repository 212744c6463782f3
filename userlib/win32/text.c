// SPDX-License-Identifier: LGPL-2.1-or-later
/* Text of Windows: UTF-16, where Linux has UTF-8. */
#include <stdint.h>

#include "w32.h"

static BOOL is_high(uint32_t unit)
{
	return unit >= 0xD800 && unit < 0xDC00;
}

static BOOL is_low(uint32_t unit)
{
	return unit >= 0xDC00 && unit < 0xE000;
}

/* Returns how many bytes the character took. */
static int put_utf8(uint32_t c, char *out)
{
	static const uint8_t lead[] = { 0x00, 0x00, 0xC0, 0xE0, 0xF0 };
	int len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	int i;

	for (i = len - 1; i > 0; i--) {
		out[i] = 0x80 | (c & 0x3F);
		c >>= 6;
	}
	out[0] = lead[len] | c;
	return len;
}

/**
 * w32_utf8() - convert UTF-16 to UTF-8
 * @text: The text, in the machine's byte order.
 * @len: Code units at @text, if no NUL ends it before.
 * @out: Answer: the same, ended by a NUL.
 *
 * A surrogate without its other half is refused. Replacing it would give two
 * names of Windows the same name here.
 *
 * Return: STATUS_SUCCESS, STATUS_OBJECT_NAME_INVALID, STATUS_NAME_TOO_LONG.
 */
NTSTATUS w32_utf8(const WCHAR *text, size_t len, char out[W32_NAME_SIZE])
{
	char *end = out + W32_NAME_SIZE - 4;
	size_t i;

	for (i = 0; i < len && text[i]; i++) {
		uint32_t c = text[i];

		if (out >= end)
			return STATUS_NAME_TOO_LONG;
		if (is_high(c) && i + 1 < len && is_low(text[i + 1])) {
			c = 0x10000 + ((c - 0xD800) << 10) +
			    (text[++i] - 0xDC00);
		} else if (is_high(c) || is_low(c)) {
			return STATUS_OBJECT_NAME_INVALID;
		}
		out += put_utf8(c, out);
	}
	*out = '\0';
	return STATUS_SUCCESS;
}
