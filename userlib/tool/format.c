// SPDX-License-Identifier: GPL-2.0-only
/* Messages and names as people and programs want to see them. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tool.h"

#define NS_PER_S	1000000000U

static bool is_continuation(const unsigned char *bytes, size_t count)
{
	while (count--)
		if ((*bytes++ & 0xc0) != 0x80)
			return false;
	return true;
}

/*
 * Bytes of the UTF-8 character at the start of @bytes, 0 when there is none.
 * Overlong forms, surrogates and what lies beyond U+10FFFF are none.
 */
static size_t utf8_len(const unsigned char *bytes, size_t left)
{
	unsigned char first = bytes[0];
	unsigned char second = left > 1 ? bytes[1] : 0;
	size_t len;

	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (len > left || !is_continuation(bytes + 1, len - 1))
		return 0;
	if ((first == 0xe0 && second < 0xa0) ||
	    (first == 0xed && second > 0x9f) ||
	    (first == 0xf0 && second < 0x90) ||
	    (first == 0xf4 && second > 0x8f))
		return 0;
	return len;
}

static bool is_utf8(const unsigned char *bytes, size_t len)
{
	size_t n;

	for (; len; bytes += n, len -= n) {
		n = utf8_len(bytes, len);
		if (!n)
			return false;
	}
	return true;
}

/* Of one valid character. U+0080 to U+009F are controls to a terminal. */
static bool is_control(const unsigned char *bytes)
{
	if (bytes[0] < 0x20)
		return bytes[0] != '\n' && bytes[0] != '\t';
	return bytes[0] == 0x7f || (bytes[0] == 0xc2 && bytes[1] < 0xa0);
}

/**
 * put_text() - write bytes as they are
 * @out: Where to.
 * @data: The bytes.
 * @len: How many.
 * @safe: Write control characters and bytes that are no UTF-8 as ``\xNN``,
 *	so that a message cannot take over the terminal it is shown on.
 */
void put_text(FILE *out, const void *data, size_t len, bool safe)
{
	const unsigned char *bytes = data;
	size_t n;

	if (!safe) {
		fwrite(data, 1, len, out);
		return;
	}
	for (; len; bytes += n, len -= n) {
		n = utf8_len(bytes, len);
		if (n && !is_control(bytes)) {
			fwrite(bytes, 1, n, out);
			continue;
		}
		n = 1;
		fprintf(out, "\\x%02x", *bytes);
	}
}

/**
 * put_hex() - write bytes as hexadecimal digits, two a byte
 * @out: Where to.
 * @data: The bytes.
 * @len: How many.
 */
void put_hex(FILE *out, const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = data;

	for (; len; bytes++, len--) {
		putc(digits[*bytes >> 4], out);
		putc(digits[*bytes & 0xf], out);
	}
}

static void put_json_escape(FILE *out, unsigned char byte)
{
	static const char named[] = "\b\t\n\f\r";
	static const char letters[] = "btnfr";
	const char *found = byte ? strchr(named, byte) : NULL;

	if (found)
		fprintf(out, "\\%c", letters[found - named]);
	else
		fprintf(out, "\\u%04x", byte);
}

/**
 * put_json_string() - write bytes as a JSON string
 * @out: Where to.
 * @data: The bytes, which should be UTF-8; a byte that is not is taken for
 *	the Latin-1 character of that value.
 * @len: How many.
 */
void put_json_string(FILE *out, const void *data, size_t len)
{
	const unsigned char *bytes = data;
	size_t n;

	putc('"', out);
	for (; len; bytes += n, len -= n) {
		n = utf8_len(bytes, len);
		if (*bytes == '"' || *bytes == '\\')
			fprintf(out, "\\%c", *bytes);
		else if (!n || *bytes < 0x20 || *bytes == 0x7f)
			put_json_escape(out, *bytes);
		else
			fwrite(bytes, 1, n, out);
		n = n ? n : 1;
	}
	putc('"', out);
}

/**
 * put_json_data() - write a message as a member of a JSON object
 * @out: Where to.
 * @data: The message.
 * @len: Its bytes.
 * @hex: Write ``data_hex`` whatever the message is made of. Otherwise that is
 *	kept for messages that are no UTF-8, and so no JSON string.
 */
void put_json_data(FILE *out, const void *data, size_t len, bool hex)
{
	if (!hex && is_utf8(data, len)) {
		fputs("\"data\":", out);
		put_json_string(out, data, len);
		return;
	}
	fputs("\"data_hex\":\"", out);
	put_hex(out, data, len);
	putc('"', out);
}

/**
 * put_json_time() - write a time as an RFC 3339 string in UTC
 * @out: Where to.
 * @realtime_ns: Nanoseconds since 1970.
 */
void put_json_time(FILE *out, uint64_t realtime_ns)
{
	time_t seconds = realtime_ns / NS_PER_S;
	char text[32];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	fprintf(out, "\"%s.%09" PRIu64 "Z\"", text, realtime_ns % NS_PER_S);
}
