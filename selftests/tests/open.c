// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening the client end by name, and that nothing else is to be had by name.
 */
#include "mailslot_test.h"

/* Child functions for as_user(): the errno of an attempt. */
static int try_write(const char *name)
{
	return error_of(slot_open(name));
}

/* What the shell's > does. */
static int try_redirect(const char *name)
{
	return error_of(open(slot_path(name), O_WRONLY | O_CREAT | O_TRUNC,
			     0666));
}

static int try_read(const char *name)
{
	return error_of(open(slot_path(name), O_RDONLY));
}

static int try_read_write(const char *name)
{
	return error_of(open(slot_path(name), O_RDWR));
}

static int try_serve(const char *name)
{
	return error_of(slot_serve(name));
}

static int create_with_mode(const char *name, uint32_t mode)
{
	struct mailslot_ioctl_create args = {
		.name = (uintptr_t)name,
		.mode = mode,
	};

	return slot_create_with(&args);
}

/* A slot that belongs to @uid; root holds its server end. */
static int create_owned(const char *name, uint32_t mode, uid_t uid)
{
	int fd = create_with_mode(name, mode);

	return chown(slot_path(name), uid, uid) ? -1 : fd;
}

TEST(a_missing_slot_is_enoent_and_stays_missing)
{
	const char *path = slot_path("nobody");

	EXPECT_ERR(open(path, O_WRONLY), ENOENT);
	EXPECT_ERR(open(path, O_WRONLY | O_CREAT, 0666), ENOENT);
	EXPECT_ERR(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666), ENOENT);
	EXPECT_ERR(open(path, O_WRONLY | O_CREAT | O_EXCL, 0666), ENOENT);
	EXPECT_ERR(open(path, O_WRONLY | O_CREAT | O_APPEND, 0666), ENOENT);
	EXPECT_ERR(open(path, O_RDONLY), ENOENT);
	EXPECT_ERR(open(path, O_RDWR), ENOENT);
	EXPECT_ERR(open(path, O_PATH), ENOENT);
	EXPECT_FALSE(slot_exists("nobody"));
}

TEST(any_number_of_clients)
{
	int server = slot_serve("slot"), i;

	for (i = 0; i < 500; i++)
		ASSERT_EQ(1, say(slot_open("slot"), "x"));
	EXPECT_EQ(500, slot_count(server));
}

TEST(truncating_and_appending_change_nothing)
{
	static const int flags[] = {
		O_TRUNC, O_APPEND, O_TRUNC | O_CREAT, O_APPEND | O_CREAT,
		O_CREAT, O_NONBLOCK, O_NOCTTY, O_SYNC, O_CLOEXEC | O_NOFOLLOW,
	};
	int server = slot_serve("slot");
	size_t i;

	say(slot_open("slot"), "first");
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		int fd = open(slot_path("slot"), O_WRONLY | flags[i], 0666);

		EXPECT_EQ(4, say(fd, "next")) TH_LOG("flags %#x", flags[i]);
		close(fd);
	}
	EXPECT_TRUE(hears(server, "first"));
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		EXPECT_TRUE(hears(server, "next"));
	EXPECT_EQ(0, slot_count(server));
}

TEST(exclusive_opens_of_what_exists_are_eexist)
{
	const char *path = slot_path("slot");

	ASSERT_OK(slot_serve("slot"));
	EXPECT_ERR(open(path, O_WRONLY | O_CREAT | O_EXCL, 0666), EEXIST);
	EXPECT_ERR(open(path, O_RDWR | O_CREAT | O_EXCL, 0666), EEXIST);
	EXPECT_ERR(open(path, O_RDONLY | O_CREAT | O_EXCL, 0666), EEXIST);
	EXPECT_ERR(open(path, O_WRONLY | O_EXCL), EEXIST);
	EXPECT_ERR(open(path, O_WRONLY | O_EXCL | O_TRUNC), EEXIST);
}

TEST(reading_by_name_is_busy_for_everybody)
{
	static const char *const names[] = { "open", "shut", "alices" };
	size_t i;

	ASSERT_OK(create_with_mode("open", 0666));
	ASSERT_OK(create_with_mode("shut", 0444));
	ASSERT_OK(create_owned("alices", 0600, ALICE));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_EQ(EBUSY, try_read(names[i]));
		EXPECT_EQ(EBUSY, try_read_write(names[i]));
		EXPECT_EQ(EBUSY, try_serve(names[i]));
		EXPECT_EQ(EBUSY, as_user(ALICE, try_read, names[i]));
		EXPECT_EQ(EBUSY, as_user(ALICE, try_read_write, names[i]));
		EXPECT_EQ(EBUSY, as_user(ALICE, try_serve, names[i]));
		EXPECT_EQ(EBUSY, as_user(BOB, try_read, names[i]));
		EXPECT_EQ(EBUSY, as_user(BOB, try_read_write, names[i]));
		EXPECT_EQ(EBUSY, as_user(BOB, try_serve, names[i]));
	}
}

/* Access mode 3 asks for neither right, but for those of both. */
TEST(the_odd_access_mode_gives_no_end)
{
	EXPECT_ERR(open(slot_path("slot"), O_ACCMODE), ENOENT);
	EXPECT_ERR(open(slot_path("slot"), O_ACCMODE | O_CREAT, 0666), EINVAL);
	ASSERT_OK(slot_serve("slot"));
	EXPECT_ERR(open(slot_path("slot"), O_ACCMODE), EBUSY);
}

TEST(a_client_cannot_read)
{
	int server = slot_serve("slot"), client = slot_open("slot");
	char c;

	say(client, "x");
	EXPECT_ERR(read(client, &c, 1), EBADF);
	EXPECT_EQ(1, slot_count(server));
}

TEST(the_default_mode_lets_everybody_write)
{
	struct stat st;

	ASSERT_OK(slot_serve("slot"));
	ASSERT_OK(stat(slot_path("slot"), &st));
	EXPECT_EQ(S_IFCHR | 0622, st.st_mode);
	EXPECT_EQ(0, as_user(ALICE, try_write, "slot"));
	EXPECT_EQ(0, as_user(BOB, try_redirect, "slot"));
}

TEST(write_bits_say_who_may_write)
{
	ASSERT_OK(create_owned("owner", 0200, ALICE));
	ASSERT_OK(create_owned("group", 0020, ALICE));
	ASSERT_OK(create_owned("other", 0002, ALICE));
	EXPECT_EQ(0, as_user(ALICE, try_write, "owner"));
	EXPECT_EQ(EACCES, as_user(BOB, try_write, "owner"));
	EXPECT_EQ(EACCES, as_user(BOB, try_redirect, "owner"));
	/* POSIX: the first class that fits decides. */
	EXPECT_EQ(EACCES, as_user(ALICE, try_write, "group"));
	EXPECT_EQ(EACCES, as_user(ALICE, try_write, "other"));
	EXPECT_EQ(0, as_user(BOB, try_write, "other"));
	/* Root is root. */
	EXPECT_EQ(0, try_write("owner"));
	EXPECT_EQ(0, try_write("group"));

	ASSERT_OK(create_with_mode("readonly", 0444));
	EXPECT_EQ(EACCES, as_user(ALICE, try_write, "readonly"));
}

static int try_write_in_group(const char *name)
{
	const gid_t group = 77;

	if (setgroups(1, &group) || setresgid(BOB, BOB, BOB) ||
	    setresuid(BOB, BOB, BOB))
		return 199;
	return try_write(name);
}

TEST(a_group_that_may_write)
{
	pid_t pid;

	ASSERT_OK(create_with_mode("slot", 0620));
	ASSERT_OK(chown(slot_path("slot"), ALICE, 77));
	EXPECT_EQ(EACCES, as_user(BOB, try_write, "slot"));
	pid = fork();
	if (!pid)
		_exit(try_write_in_group("slot"));
	EXPECT_EQ(0, exit_of(pid));
}

/* Others must not be able to write, nor the owner be asked to. */
TEST(the_right_is_looked_at_when_opening_only)
{
	int server = create_owned("slot", 0222, ALICE);
	int client = slot_open("slot");

	ASSERT_OK(server);
	ASSERT_OK(chmod(slot_path("slot"), 0));
	EXPECT_EQ(EACCES, as_user(BOB, try_write, "slot"));
	EXPECT_EQ(2, say(client, "hi"));
}

TEST(a_client_learns_who_serves)
{
	pid_t pid = fork();
	struct stat st;
	int client;

	if (!pid) {
		become(ALICE);
		if (slot_serve("alices") < 0)
			_exit(1);
		pause();
	}
	ASSERT_TRUE(wait_until(slot_exists("alices")));
	client = slot_open("alices");
	ASSERT_OK(client);
	EXPECT_OK(fstat(client, &st));
	EXPECT_EQ(ALICE, st.st_uid);
	EXPECT_EQ(ALICE, st.st_gid);
	kill(pid, SIGKILL);
	exit_of(pid);
}

/*
 * In a sticky directory anybody may write to, open(2) with O_CREAT would fail
 * on another user's slot, and O_CREAT is what the shell's > passes.
 */
TEST(the_shell_can_write_to_other_users_slots)
{
	struct stat st;
	int server;

	ASSERT_OK(stat(slot_root(), &st));
	EXPECT_EQ(0777, st.st_mode & 07777);
	server = create_owned("alices", 0622, ALICE);
	ASSERT_OK(server);
	EXPECT_EQ(0, try_redirect("alices"));
	EXPECT_EQ(0, as_user(ALICE, try_redirect, "alices"));
	EXPECT_EQ(0, as_user(BOB, try_redirect, "alices"));
}

TEST(a_slot_is_no_directory_and_no_link)
{
	char target[8];

	ASSERT_OK(slot_serve("slot"));
	EXPECT_ERR(open(slot_path("slot"), O_WRONLY | O_DIRECTORY), ENOTDIR);
	EXPECT_ERR(open(slot_path("slot/"), O_WRONLY), ENOTDIR);
	EXPECT_ERR(open(slot_path("slot/x"), O_WRONLY), ENOTDIR);
	EXPECT_ERR(open(slot_path("slot/x"), O_RDWR | O_CREAT, 0666), ENOTDIR);
	EXPECT_ERR(readlink(slot_path("slot"), target, sizeof(target)), EINVAL);
}

/* A client has no use for its offset, and nothing may come of it. */
TEST(a_client_is_a_stream)
{
	int server = slot_serve("slot"), client = slot_open("slot");

	EXPECT_ERR(lseek(client, 0, SEEK_SET), ESPIPE);
	EXPECT_ERR(pwrite(client, "x", 1, 0), ESPIPE);
	EXPECT_ERR(ftruncate(client, 0), EINVAL);
	EXPECT_ERR(truncate(slot_path("slot"), 0), EINVAL);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, client,
				   0));
	EXPECT_EQ(0, slot_count(server));
}

TEST(the_server_cannot_write)
{
	int both = slot_serve("both");
	int reader = open(slot_path("reader"), O_CREAT | O_RDONLY, 0666);

	EXPECT_ERR(write(both, "x", 1), EINVAL);
	EXPECT_ERR(write(reader, "x", 1), EBADF);
	EXPECT_EQ(0, slot_count(both));
	EXPECT_EQ(0, slot_count(reader));
}

TEST_HARNESS_MAIN
