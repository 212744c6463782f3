// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many slots there may be: in a mount, and of each user over all
 * namespaces.
 */
#include <linux/capability.h>
#include <sys/resource.h>

#include "mailslot_test.h"

static int set_options(const char *options)
{
	return mount(NULL, slot_root(), NULL, MS_REMOUNT, options);
}

/* Creates slots until that fails; how many there were. 255 is the error. */
static int create_until_full(const char *prefix, int error)
{
	char name[64];
	int n;

	for (n = 0; n < 200; n++) {
		snprintf(name, sizeof(name), "%s%d", prefix, n);
		if (n % 2 ? slot_serve(name) < 0 : slot_create(name, 0, 0) < 0)
			break;
	}
	if (n == 200 || errno != error)
		return 255;
	/* Both ways to create must agree. */
	if (slot_serve(name) >= 0 || errno != error)
		return 255;
	return slot_create(name, 0, 0) < 0 && errno == error ? n : 255;
}

static int create_all(const char *prefix)
{
	return create_until_full(prefix, ENOBUFS);
}

FIXTURE(quota) {
};

FIXTURE_SETUP(quota)
{
	const struct rlimit files = { 5000, 5000 };

	ASSERT_OK(setrlimit(RLIMIT_NOFILE, &files));
}

FIXTURE_TEARDOWN(quota)
{
	set_options("max_slots=256k,max_user_slots=4096");
}

TEST_F(quota, max_slots_holds_for_everybody)
{
	int fd = slot_serve("first"), i;

	ASSERT_OK(set_options("max_slots=5"));
	EXPECT_EQ(4, create_all("root"));
	EXPECT_EQ(0, as_user(ALICE, create_all, "alice"));
	/* A slot that goes makes room for one. */
	close(fd);
	EXPECT_EQ(1, as_user(ALICE, create_all, "alice"));
	fd = slot_serve("again");
	EXPECT_OK(fd);
	/* What exists stays when the limit falls below it. */
	ASSERT_OK(set_options("max_slots=2"));
	EXPECT_EQ(1, say(slot_open("again"), "x"));
	close(fd);
	EXPECT_ERR(slot_serve("again"), ENOBUFS);
	for (i = 0; i < 100; i++)
		EXPECT_ERR(slot_serve("again"), ENOBUFS);
	ASSERT_OK(set_options("max_slots=5"));
	EXPECT_OK(slot_serve("again"));
}

static int hold_one_and_fail(const char *name)
{
	int i;

	if (slot_serve(name) < 0)
		return 201;
	/* What max_slots= refuses must not count against max_user_slots=. */
	for (i = 0; i < 100; i++)
		if (slot_serve("more") >= 0 || slot_create("more", 0, 0) >= 0)
			return 202;
	kill(getpid(), SIGSTOP);
	return create_all("more");
}

TEST_F(quota, refused_slots_count_nowhere)
{
	int status;
	pid_t pid;

	ASSERT_OK(set_options("max_slots=1,max_user_slots=10"));
	pid = fork();
	if (!pid) {
		become(ALICE);
		_exit(hold_one_and_fail("one"));
	}
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_OK(set_options("max_slots=100"));
	kill(pid, SIGCONT);
	EXPECT_EQ(9, exit_of(pid));
}

TEST_F(quota, max_user_slots_holds_for_each_user)
{
	ASSERT_OK(set_options("max_user_slots=3"));
	EXPECT_EQ(3, as_user(ALICE, create_all, "a"));
	EXPECT_EQ(3, as_user(BOB, create_all, "b"));
	/* Those who failed have used nothing up, nor those who ended. */
	EXPECT_EQ(3, as_user(ALICE, create_all, "c"));
	/* 255 is more slots than that function tries. */
	EXPECT_EQ(255, create_all("root"));
}

static int close_and_create(const char *prefix)
{
	int one = slot_serve("one"), two = slot_serve("two");
	int client = slot_open("one");

	if (one < 0 || two < 0 || slot_serve("three") >= 0)
		return 1;
	close(one);
	/* A client that is left does not count. */
	if (slot_serve("one") < 0 || slot_serve("three") >= 0)
		return 2;
	return say(client, "x") < 0 && errno == EPIPE ? 0 : 3;
}

TEST_F(quota, a_slot_counts_until_its_server_end_closes)
{
	ASSERT_OK(set_options("max_user_slots=2"));
	EXPECT_EQ(0, as_user(ALICE, close_and_create, NULL));
}

static int hold_then_new_namespace(const char *options)
{
	if (slot_serve("one") < 0 || slot_serve("two") < 0)
		return 201;
	if (enter_userns())
		return 202;
	if (mount_slots("/tmp/mine", options))
		return 203;
	return create_all("more");
}

TEST_F(quota, a_new_namespace_is_no_way_round_max_user_slots)
{
	ASSERT_OK(set_options("max_user_slots=5"));
	EXPECT_EQ(3, as_user(ALICE, hold_then_new_namespace,
			     "max_user_slots=1000000,max_slots=1000000"));
	EXPECT_EQ(3, as_user(ALICE, hold_then_new_namespace, NULL));
	/* Less is anybody's own business. */
	EXPECT_EQ(2, as_user(ALICE, hold_then_new_namespace,
			     "max_user_slots=4"));
	EXPECT_EQ(0, as_user(ALICE, hold_then_new_namespace,
			     "max_user_slots=1"));
}

/* Two namespaces of one user's own, one inside the other. */
static int nested_namespaces(const char *options)
{
	if (enter_userns() || mount_slots("/tmp/mine", options) ||
	    slot_serve("one") < 0 || slot_serve("two") < 0)
		return 201;
	if (enter_userns() || mount_slots("/tmp/nested", options))
		return 202;
	return create_all("more");
}

TEST_F(quota, nor_is_a_second_namespace_inside_it)
{
	ASSERT_OK(set_options("max_user_slots=5"));
	EXPECT_EQ(3, as_user(ALICE, nested_namespaces, "max_user_slots=1000"));
}

/* Without an instance in the initial namespace its presets hold. */
TEST_F(quota, nor_is_there_one_while_nothing_else_is_mounted)
{
	char root[256];

	strcpy(root, slot_root());
	ASSERT_OK(set_options("max_user_slots=5"));
	ASSERT_OK(umount(root));
	EXPECT_EQ(255, as_user(ALICE, nested_namespaces,
			       "max_user_slots=1000000"));
	EXPECT_EQ(0, as_user(ALICE, nested_namespaces, "max_user_slots=2"));
	ASSERT_OK(mount("mailslot", root, "mailslot", 0, NULL));
}

/* The file belongs to the effective user, as files do; the bill does not. */
static int create_as_effective(const char *prefix)
{
	struct stat st;

	if (slot_serve("first") < 0 || setresuid(ALICE, BOB, BOB))
		return 201;
	if (slot_serve("effective") < 0 ||
	    stat(slot_path("effective"), &st) || st.st_uid != BOB)
		return 202;
	if (create_all(prefix) != 0)
		return 203;
	return 0;
}

TEST_F(quota, the_real_user_counts)
{
	pid_t pid;

	ASSERT_OK(set_options("max_user_slots=2"));
	pid = fork();
	if (!pid) {
		/* As a set-user-ID program of Bob's that Alice runs. */
		if (setresuid(ALICE, ALICE, BOB))
			_exit(200);
		_exit(create_as_effective("more"));
	}
	EXPECT_EQ(0, exit_of(pid));
}

static int set_capabilities(uint64_t set)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {
		{ set, set, 0 }, { set >> 32, set >> 32, 0 },
	};

	return syscall(SYS_capset, &header, data);
}

static int create_with_capability(uid_t uid, uint64_t set)
{
	pid_t pid = fork();

	if (!pid) {
		if (prctl(PR_SET_KEEPCAPS, 1) || setresuid(uid, uid, uid) ||
		    set_capabilities(set))
			_exit(200);
		_exit(create_all("more"));
	}
	return exit_of(pid);
}

TEST_F(quota, cap_sys_resource_is_what_lifts_the_limits)
{
	ASSERT_OK(set_options("max_user_slots=3"));
	EXPECT_EQ(255, create_with_capability(ALICE, 1 << CAP_SYS_RESOURCE));
	EXPECT_EQ(3, create_with_capability(ALICE, 1 << CAP_SYS_ADMIN));
	EXPECT_EQ(3, create_with_capability(0, 1 << CAP_SYS_ADMIN));
}

TEST_F(quota, root_of_a_user_namespace_has_no_such_right)
{
	ASSERT_OK(set_options("max_user_slots=5"));
	/* All capabilities, but over the namespace only. */
	EXPECT_EQ(3, as_user(ALICE, nested_namespaces, NULL));
}

TEST_HARNESS_MAIN
