// SPDX-License-Identifier: GPL-2.0-only
/* How the library rewrites names, and where it looks for them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "kselftest_harness.h"

#define EXPECT_NAME(given, wanted) do { \
	char name[PATH_MAX]; \
	EXPECT_EQ(0, mailslot_kernel_name(given, name)); \
	EXPECT_STREQ(wanted, name); \
} while (0)

#define EXPECT_REFUSED(error, given) do { \
	char name[PATH_MAX]; \
	errno = 0; \
	EXPECT_EQ(-1, mailslot_kernel_name(given, name)); \
	EXPECT_EQ(error, errno); \
} while (0)

/* @len letters. */
static char *letters(size_t len)
{
	char *text = malloc(len + 1);

	memset(text, 'x', len);
	text[len] = '\0';
	return text;
}

TEST(plain_names_stay_as_they_are)
{
	EXPECT_NAME("hello", "hello");
	EXPECT_NAME("Two Words", "Two Words");
	EXPECT_NAME("Cooldirectory\\Funtest\\slot",
		    "Cooldirectory\\Funtest\\slot");
	EXPECT_NAME("...", "...");
	EXPECT_NAME(".hidden", ".hidden");
	EXPECT_NAME("gr\303\274\303\237e", "gr\303\274\303\237e");
}

TEST(slashes_become_backslashes)
{
	EXPECT_NAME("dir/slot", "dir\\slot");
	EXPECT_NAME("a/b\\c/d", "a\\b\\c\\d");
	EXPECT_NAME("//./mailslot/x", "\\\\.\\mailslot\\x");
	EXPECT_NAME("/\\./MailSlot\\dir/x", "\\\\.\\MailSlot\\dir\\x");
}

TEST(question_mark_prefix_becomes_dot)
{
	EXPECT_NAME("\\\\?\\mailslot\\x", "\\\\.\\mailslot\\x");
	EXPECT_NAME("//?/mailslot/x", "\\\\.\\mailslot\\x");
	EXPECT_NAME("\\\\?mailslot\\x", "\\\\?mailslot\\x");
	EXPECT_NAME("a\\\\?\\x", "a\\\\?\\x");
}

TEST(remote_names_stay_as_they_are)
{
	EXPECT_NAME("\\\\*\\mailslot\\x", "\\\\*\\mailslot\\x");
	EXPECT_NAME("//HOST#1d@192.0.2.7/mailslot/x",
		    "\\\\HOST#1d@192.0.2.7\\mailslot\\x");
}

/* These reach the kernel as they are, and it refuses them. */
TEST(rules_are_left_to_the_kernel)
{
	EXPECT_NAME("a//b", "a\\\\b");
	EXPECT_NAME("dir/", "dir\\");
	EXPECT_NAME("/lead", "\\lead");
	EXPECT_NAME("../x", "..\\x");
	EXPECT_NAME("new\nline", "new\nline");
}

TEST(no_name)
{
	EXPECT_REFUSED(EFAULT, NULL);
	EXPECT_REFUSED(ENOENT, "");
}

/* Paths that end in these are directories, whatever file system they are on. */
TEST(dots_never_become_a_directory)
{
	EXPECT_REFUSED(EINVAL, ".");
	EXPECT_REFUSED(EINVAL, "..");
}

TEST(long_names_are_never_cut)
{
	char *longest = letters(PATH_MAX - 1);
	char *too_long = letters(PATH_MAX);

	EXPECT_NAME(longest, longest);
	EXPECT_REFUSED(ENAMETOOLONG, too_long);
	free(longest);
	free(too_long);
}

TEST(path_below_default_root)
{
	char path[PATH_MAX];

	unsetenv("MAILSLOT_ROOT");
	EXPECT_EQ(0, mailslot_path("a/b", path));
	EXPECT_STREQ("/dev/mailslot/a\\b", path);
	EXPECT_EQ(0, mailslot_path("//?/mailslot/x", path));
	EXPECT_STREQ("/dev/mailslot/\\\\.\\mailslot\\x", path);
}

TEST(path_below_chosen_root)
{
	char path[PATH_MAX];

	setenv("MAILSLOT_ROOT", "/mnt/slots", 1);
	EXPECT_EQ(0, mailslot_path("x", path));
	EXPECT_STREQ("/mnt/slots/x", path);
}

TEST(empty_root_is_no_root)
{
	setenv("MAILSLOT_ROOT", "", 1);
	EXPECT_STREQ("/dev/mailslot", mailslot_root());
}

TEST(long_paths_are_never_cut)
{
	char *name = letters(PATH_MAX - 1 - strlen("/dev/mailslot/"));
	char *longer = letters(PATH_MAX - strlen("/dev/mailslot/"));
	char path[PATH_MAX];

	unsetenv("MAILSLOT_ROOT");
	EXPECT_EQ(0, mailslot_path(name, path));
	EXPECT_EQ(PATH_MAX - 1, strlen(path));
	EXPECT_EQ(-1, mailslot_path(longer, path));
	EXPECT_EQ(ENAMETOOLONG, errno);
	free(name);
	free(longer);
}

TEST(path_refuses_what_the_name_refuses)
{
	char path[PATH_MAX];

	EXPECT_EQ(-1, mailslot_path(NULL, path));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, mailslot_path("", path));
	EXPECT_EQ(ENOENT, errno);
}

static uint8_t source(const char *raw, char text[MAILSLOT_SOURCE_NAME_MAX + 1])
{
	return mailslot_source_name((const uint8_t *)raw, text);
}

TEST(source_name_is_trimmed)
{
	char text[MAILSLOT_SOURCE_NAME_MAX + 1];

	EXPECT_EQ(0x1d, source("LINUX          \x1d", text));
	EXPECT_STREQ("LINUX", text);
	EXPECT_EQ(0x20, source("TWO WORDS       ", text));
	EXPECT_STREQ("TWO WORDS", text);
	EXPECT_EQ(0, source("FIFTEENLETTERS!", text));
	EXPECT_STREQ("FIFTEENLETTERS!", text);
	EXPECT_EQ(0, source("*\0\0\0\0\0\0\0\0\0\0\0\0\0\0", text));
	EXPECT_STREQ("*", text);
	EXPECT_EQ(3, source("               \x03", text));
	EXPECT_STREQ("", text);
}

TEST_HARNESS_MAIN
