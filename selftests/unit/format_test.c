// SPDX-License-Identifier: GPL-2.0-only
/* How the command writes messages and reads numbers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"
#include "kselftest_harness.h"

/* Runs @call with a file named out, and compares what it wrote. */
#define EXPECT_OUTPUT(wanted, call) do { \
	char *text = NULL; \
	size_t size; \
	FILE *out = open_memstream(&text, &size); \
	call; \
	fclose(out); \
	EXPECT_STREQ(wanted, text); \
	free(text); \
} while (0)

#define EXPECT_JSON(wanted, bytes) \
	EXPECT_OUTPUT(wanted, put_json_string(out, bytes, sizeof(bytes) - 1))
#define EXPECT_DATA(wanted, bytes) \
	EXPECT_OUTPUT(wanted, put_json_data(out, bytes, sizeof(bytes) - 1, \
					    false))
#define EXPECT_SAFE(wanted, bytes) \
	EXPECT_OUTPUT(wanted, put_text(out, bytes, sizeof(bytes) - 1, true))

TEST(hex)
{
	EXPECT_OUTPUT("", put_hex(out, "", 0));
	EXPECT_OUTPUT("00097f80ff", put_hex(out, "\x00\x09\x7f\x80\xff", 5));
}

TEST(text_as_it_is)
{
	EXPECT_OUTPUT("\033[2J\xff\n", put_text(out, "\033[2J\xff\n", 6,
						false));
}

TEST(text_safe_for_a_terminal)
{
	EXPECT_SAFE("two\nlines\tand \xe2\x82\xac", "two\nlines\tand \xe2\x82\xac");
	EXPECT_SAFE("\\x1b[2J", "\033[2J");
	EXPECT_SAFE("\\x00\\x7f\\x0d", "\0\x7f\r");
	/* U+009B is what ESC [ is, U+00A0 is a space. */
	EXPECT_SAFE("\\xc2\\x9b\xc2\xa0", "\xc2\x9b\xc2\xa0");
}

TEST(text_that_is_no_utf8)
{
	EXPECT_SAFE("\\xff", "\xff");
	EXPECT_SAFE("\\xe2\\x82", "\xe2\x82");
	EXPECT_SAFE("\\xe2\\x82x", "\xe2\x82x");
	EXPECT_SAFE("\\xc0\\x8a", "\xc0\x8a");
	EXPECT_SAFE("\\xe0\\x80\\x8a", "\xe0\x80\x8a");
	EXPECT_SAFE("\\xf0\\x80\\x80\\x8a", "\xf0\x80\x80\x8a");
	EXPECT_SAFE("\\xed\\xa0\\x80", "\xed\xa0\x80");
	EXPECT_SAFE("\\xf4\\x90\\x80\\x80", "\xf4\x90\x80\x80");
	EXPECT_SAFE("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf");
}

TEST(json_strings)
{
	EXPECT_JSON("\"\"", "");
	EXPECT_JSON("\"hello\"", "hello");
	EXPECT_JSON("\"a\\\"b\\\\c/d\"", "a\"b\\c/d");
	EXPECT_JSON("\"\\b\\t\\n\\f\\r\"", "\b\t\n\f\r");
	EXPECT_JSON("\"\\u0000\\u0001\\u001f\\u007f\"", "\0\x01\x1f\x7f");
	EXPECT_JSON("\"gr\303\274\303\237e\"", "gr\303\274\303\237e");
	EXPECT_JSON("\"\\u00ff\\u0080x\"", "\xff\x80x");
}

TEST(json_data_is_a_string_only_when_it_can_be)
{
	EXPECT_DATA("\"data\":\"\"", "");
	EXPECT_DATA("\"data\":\"hi\\u0000\"", "hi\0");
	EXPECT_DATA("\"data_hex\":\"6869ff\"", "hi\xff");
	EXPECT_OUTPUT("\"data_hex\":\"6869\"",
		      put_json_data(out, "hi", 2, true));
}

TEST(json_time)
{
	EXPECT_OUTPUT("\"1970-01-01T00:00:00.000000000Z\"",
		      put_json_time(out, 0));
	EXPECT_OUTPUT("\"2024-02-29T12:34:56.000000789Z\"",
		      put_json_time(out, 1709210096000000789ULL));
}

TEST(numbers)
{
	uint64_t number;

	EXPECT_EQ(0, parse_number("0", UINT32_MAX, &number));
	EXPECT_EQ(0, number);
	EXPECT_EQ(0, parse_number("4294967295", UINT32_MAX, &number));
	EXPECT_EQ(UINT32_MAX, number);
	EXPECT_EQ(-1, parse_number("4294967296", UINT32_MAX, &number));
	EXPECT_EQ(-1, parse_number("18446744073709551616", UINT64_MAX,
				   &number));
	EXPECT_EQ(-1, parse_number("", UINT64_MAX, &number));
	EXPECT_EQ(-1, parse_number("-1", UINT64_MAX, &number));
	EXPECT_EQ(-1, parse_number("+1", UINT64_MAX, &number));
	EXPECT_EQ(-1, parse_number(" 1", UINT64_MAX, &number));
	EXPECT_EQ(-1, parse_number("1 ", UINT64_MAX, &number));
	EXPECT_EQ(-1, parse_number("0x10", UINT64_MAX, &number));
}

TEST(sizes)
{
	uint64_t size;

	EXPECT_EQ(0, parse_size("400", UINT32_MAX, &size));
	EXPECT_EQ(400, size);
	EXPECT_EQ(0, parse_size("64K", UINT32_MAX, &size));
	EXPECT_EQ(65536, size);
	EXPECT_EQ(0, parse_size("3m", UINT32_MAX, &size));
	EXPECT_EQ(3 << 20, size);
	EXPECT_EQ(0, parse_size("3G", UINT32_MAX, &size));
	EXPECT_EQ(3ULL << 30, size);
	EXPECT_EQ(-1, parse_size("4G", UINT32_MAX, &size));
	EXPECT_EQ(-1, parse_size("17179869184G", UINT64_MAX, &size));
	EXPECT_EQ(-1, parse_size("1KB", UINT32_MAX, &size));
	EXPECT_EQ(-1, parse_size("1T", UINT64_MAX, &size));
	EXPECT_EQ(-1, parse_size("K", UINT32_MAX, &size));
	EXPECT_EQ(-1, parse_size("", UINT32_MAX, &size));
}

TEST(modes)
{
	mode_t mode;

	EXPECT_EQ(0, parse_mode("0622", &mode));
	EXPECT_EQ(0622, mode);
	EXPECT_EQ(0, parse_mode("777", &mode));
	EXPECT_EQ(0777, mode);
	EXPECT_EQ(-1, parse_mode("1777", &mode));
	EXPECT_EQ(-1, parse_mode("628", &mode));
	EXPECT_EQ(-1, parse_mode("u+w", &mode));
	EXPECT_EQ(-1, parse_mode("", &mode));
}

TEST(sizes_for_people)
{
	char text[8];

	EXPECT_STREQ("0", human_size(0, text));
	EXPECT_STREQ("1023", human_size(1023, text));
	EXPECT_STREQ("1.0K", human_size(1024, text));
	EXPECT_STREQ("1.5K", human_size(1536, text));
	EXPECT_STREQ("1.0M", human_size((1 << 20) - 1, text));
	EXPECT_STREQ("64.0M", human_size(64 << 20, text));
	EXPECT_STREQ("1023.9K", human_size((1 << 20) - 100, text));
	EXPECT_STREQ("16.0E", human_size(UINT64_MAX, text));
}

/* Is @wanted the next of the lines, of at most 5 bytes each? */
static bool reads(struct buffer *buffer, FILE *file, const char *wanted)
{
	return buffer_read(buffer, file, '\n', 5) == 1 &&
	       buffer->len == strlen(wanted) &&
	       !memcmp(buffer->data, wanted, buffer->len);
}

TEST(input_in_lines)
{
	struct buffer buffer = { };
	FILE *file = tmpfile();

	fputs("one\n\nthree\nlast", file);
	rewind(file);
	EXPECT_TRUE(reads(&buffer, file, "one"));
	EXPECT_TRUE(reads(&buffer, file, ""));
	EXPECT_TRUE(reads(&buffer, file, "three"));
	EXPECT_TRUE(reads(&buffer, file, "last"));
	EXPECT_EQ(0, buffer_read(&buffer, file, '\n', 5));
	fclose(file);
	free(buffer.data);
}

TEST(input_as_a_whole)
{
	struct buffer buffer = { };
	FILE *file = tmpfile();
	int i;

	for (i = 0; i < 10000; i++)
		putc(i, file);
	rewind(file);
	EXPECT_EQ(1, buffer_read(&buffer, file, EOF, 10000));
	ASSERT_EQ(10000, buffer.len);
	for (i = 0; i < 10000; i++)
		ASSERT_EQ((char)i, buffer.data[i]);
	rewind(file);
	EXPECT_EQ(-1, buffer_read(&buffer, file, EOF, 9999));
	EXPECT_EQ(EMSGSIZE, errno);
	fclose(file);
	free(buffer.data);
}

TEST_HARNESS_MAIN
