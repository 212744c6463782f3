// SPDX-License-Identifier: GPL-2.0-only
/* How the command reads the kernel's table of slots. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"
#include "kselftest_harness.h"

static int parse(struct table *table, const char *text)
{
	FILE *in = fmemopen((char *)text, strlen(text), "r");
	int ret = table_parse(table, in);
	int error = errno;

	fclose(in);
	errno = error;
	return ret;
}

#define EXPECT_REFUSED(line) do { \
	struct table table; \
	EXPECT_EQ(-1, parse(&table, line)); \
	EXPECT_EQ(EPROTO, errno); \
	EXPECT_NULL(table.rows); \
} while (0)

TEST(every_field_arrives)
{
	const struct mailslot_info *info;
	struct table table;

	ASSERT_EQ(0, parse(&table,
			   "slot 424 4294967295 2 300 4000 5 6 7 8 30000000 1000 622 x\n"));
	ASSERT_EQ(1, table.count);
	info = &table.rows[0].info;
	EXPECT_STREQ("x", table.rows[0].name);
	EXPECT_EQ(424, info->max_message_size);
	EXPECT_EQ(MAILSLOT_WAIT_FOREVER, info->read_timeout_ms);
	EXPECT_EQ(2, info->message_count);
	EXPECT_EQ(300, info->queued_bytes);
	EXPECT_EQ(4000, info->delivered);
	EXPECT_EQ(5, info->dropped_too_long);
	EXPECT_EQ(6, info->dropped_queue_full);
	EXPECT_EQ(7, info->dropped_user_quota);
	EXPECT_EQ(8, info->dropped_no_memory);
	EXPECT_EQ(26, dropped(info));
	EXPECT_EQ(MAILSLOT_ACCEPT_REMOTE | MAILSLOT_ACCEPT_BROADCAST,
		  info->flags);
	EXPECT_EQ(1000, table.rows[0].uid);
	EXPECT_EQ(0622, table.rows[0].mode);
	table_free(&table);
}

TEST(names_are_the_rest_of_the_line)
{
	struct table table;

	ASSERT_EQ(0, parse(&table,
			   "slot 0 0 0 0 0 0 0 0 0 0 0 622  a b \\c\040\n"));
	EXPECT_STREQ(" a b \\c ", table.rows[0].name);
	table_free(&table);
}

TEST(rows_are_sorted_and_found)
{
	struct table table;

	ASSERT_EQ(0, parse(&table,
			   "counter slots 3\n"
			   "slot 0 0 0 0 30 0 0 0 0 0 0 622 c\n"
			   "slot 0 0 0 0 10 0 0 0 0 0 0 622 a\n"
			   "something new\n"
			   "slot 0 0 0 0 20 0 0 0 0 0 0 622 a\\b"));
	ASSERT_EQ(3, table.count);
	EXPECT_STREQ("a", table.rows[0].name);
	EXPECT_STREQ("a\\b", table.rows[1].name);
	EXPECT_STREQ("c", table.rows[2].name);
	EXPECT_EQ(&table.rows[1], table_find(&table, "a\\b"));
	EXPECT_EQ(20, table_find(&table, "a\\b")->info.delivered);
	EXPECT_NULL(table_find(&table, "b"));
	table_free(&table);
}

TEST(no_slots)
{
	struct table table;

	ASSERT_EQ(0, parse(&table, "counter slots 0\n"));
	EXPECT_EQ(0, table.count);
	EXPECT_NULL(table_find(&table, "a"));
	table_free(&table);
}

TEST(lines_that_make_no_sense)
{
	EXPECT_REFUSED("slot\040\n");
	EXPECT_REFUSED("slot 0 0 0 0 0 0 0 0 0 0 0 622\n");
	EXPECT_REFUSED("slot 0 0 0 0 0 0 0 0 0 0 0 622\040\n");
	EXPECT_REFUSED("slot 0 0 0 0 0 0 0 0 0 0 x 622 name\n");
	EXPECT_REFUSED("slot 0 0 0 0 0 0 0 0 0 0 0 622 good\n"
		       "slot bad\n");
}

TEST_HARNESS_MAIN
