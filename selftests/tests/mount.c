// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mounting: options, one instance per network namespace, user namespaces.
 */
#include "mailslot_test.h"

/* Every test has a network namespace, and so an instance, of its own. */
FIXTURE(mount) {
};

FIXTURE_SETUP(mount)
{
	ASSERT_OK(enter_netns());
}

FIXTURE_TEARDOWN(mount)
{
}

/* The options of a mount as /proc/mounts shows them, "," before and after. */
static const char *shown(const char *dir)
{
	static char options[1024];
	char line[2048], where[256];
	FILE *file = fopen("/proc/self/mounts", "re");

	options[0] = '\0';
	while (file && fgets(line, sizeof(line), file)) {
		char found[1000];

		if (sscanf(line, "%*s %255s mailslot %999s", where, found) == 2 &&
		    !strcmp(where, dir))
			snprintf(options, sizeof(options), ",%s,", found);
	}
	if (file)
		fclose(file);
	return options;
}

static bool shows(const char *dir, const char *option)
{
	char wanted[256];

	snprintf(wanted, sizeof(wanted), ",%s,", option);
	return strstr(shown(dir), wanted);
}

static int remount(const char *options)
{
	return mount(NULL, "/tmp/m", NULL, MS_REMOUNT, options);
}

static const char *const defaults[] = {
	"mode=0777", "uid=0", "gid=0", "slot_mode=0622", "max_message=1048576",
};

TEST_F(mount, the_defaults_are_shown)
{
	size_t i;

	ASSERT_OK(mount_slots("/tmp/m", NULL));
	for (i = 0; i < ARRAY_SIZE(defaults); i++) {
		EXPECT_TRUE(shows("/tmp/m", defaults[i]))
			TH_LOG("%s not in %s", defaults[i], shown("/tmp/m"));
	}
}

struct setting {
	const char *given;
	const char *shown;
};

static const struct setting settings[] = {
	{ "mode=0750", "mode=0750" },
	{ "mode=700", "mode=0700" },
	{ "mode=0", "mode=0000" },
	{ "uid=1000", "uid=1000" },
	{ "gid=1001", "gid=1001" },
	{ "uid=4294967294", "uid=4294967294" },
	{ "slot_mode=0666", "slot_mode=0666" },
	{ "slot_mode=0", "slot_mode=0000" },
	{ "max_message=1", "max_message=1" },
	{ "max_message=64M", "max_message=67108864" },
	{ "max_message=67108864", "max_message=67108864" },
	{ "max_message=512k", "max_message=524288" },
	{ "max_queue_bytes=1", "max_queue_bytes=1" },
	{ "max_queue_bytes=3g", "max_queue_bytes=3221225472" },
	{ "max_queue_messages=17", "max_queue_messages=17" },
	{ "max_queue_messages=4294967295", "max_queue_messages=4294967295" },
	{ "max_user_bytes=100m", "max_user_bytes=104857600" },
	{ "max_user_slots=9", "max_user_slots=9" },
	{ "max_slots=12345", "max_slots=12345" },
};

TEST_F(mount, every_option_is_taken_and_shown)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		ASSERT_OK(mount_slots("/tmp/m", settings[i].given))
			TH_LOG("%s", settings[i].given);
		EXPECT_TRUE(shows("/tmp/m", settings[i].shown))
			TH_LOG("%s not in %s", settings[i].shown,
			       shown("/tmp/m"));
		ASSERT_OK(umount("/tmp/m"));
	}
}

TEST_F(mount, a_remount_changes_what_it_names_and_no_more)
{
	size_t i;

	ASSERT_OK(mount_slots("/tmp/m", "max_slots=77"));
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		EXPECT_OK(remount(settings[i].given));
		EXPECT_TRUE(shows("/tmp/m", settings[i].shown))
			TH_LOG("%s not in %s", settings[i].shown,
			       shown("/tmp/m"));
		if (i + 1 < ARRAY_SIZE(settings))
			EXPECT_TRUE(shows("/tmp/m", "max_slots=77"));
	}
	/* All that were set one after the other are still there. */
	EXPECT_TRUE(shows("/tmp/m", "gid=1001"));
	EXPECT_TRUE(shows("/tmp/m", "max_queue_messages=4294967295"));
}

static const char *const bad[] = {
	"mode=1777", "mode=01000", "mode=8", "mode=0x1ff", "mode=-1", "mode=",
	"mode=rwx", "mode", "mode=777777777777",
	"uid=-1", "uid=root", "uid=", "uid", "uid=4294967295", "uid=4294967296",
	"gid=-1", "gid=root", "gid=", "gid", "gid=4294967295", "gid=4294967296",
	"slot_mode=1000", "slot_mode=9", "slot_mode=-1", "slot_mode=",
	"max_message=0", "max_message=67108865", "max_message=65M",
	"max_message=-1", "max_message=", "max_message", "max_message=1x",
	"max_message=x", "max_message=1 ", "max_message=1kk", "max_message=k",
	"max_message=18446744073709551617", "max_message=16777216t",
	"max_queue_bytes=0", "max_queue_bytes=-1", "max_queue_bytes=x",
	"max_queue_bytes=17e", "max_queue_bytes=18446744073709551617",
	"max_queue_bytes=99999999999999999999999",
	"max_queue_messages=0", "max_queue_messages=4294967296",
	"max_queue_messages=-1", "max_queue_messages=ten",
	"max_user_bytes=0", "max_user_bytes=-5", "max_user_bytes=",
	"max_user_bytes=18446744073709551617",
	"max_user_bytes=18014398509481985k",
	"max_user_slots=0", "max_user_slots=-1", "max_user_slots=4294967296",
	"max_slots=0", "max_slots=-1", "max_slots=4294967296", "max_slots=1.5",
	"unknown=1", "unknown", "max_slot=5", "mode=0777 ", "Mode=0777",
};

TEST_F(mount, bad_options_are_refused)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_ERR(mount_slots("/tmp/m", bad[i]), EINVAL)
			TH_LOG("%s", bad[i]);
		umount("/tmp/m");
	}
}

TEST_F(mount, a_bad_remount_changes_nothing)
{
	char options[128], before[1024];
	size_t i;

	ASSERT_OK(mount_slots("/tmp/m", "max_slots=1000"));
	strcpy(before, shown("/tmp/m"));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(options, sizeof(options), "max_slots=5,%s", bad[i]);
		EXPECT_ERR(remount(options), EINVAL) TH_LOG("%s", bad[i]);
		snprintf(options, sizeof(options), "%s,gid=5", bad[i]);
		EXPECT_ERR(remount(options), EINVAL) TH_LOG("%s", bad[i]);
		ASSERT_STREQ(before, shown("/tmp/m")) TH_LOG("%s", bad[i]);
	}
}

TEST_F(mount, the_root_directory_is_whose_the_options_say)
{
	struct stat st;

	ASSERT_OK(mount_slots("/tmp/m", "mode=0750,uid=1000,gid=1001"));
	ASSERT_OK(stat("/tmp/m", &st));
	EXPECT_EQ(S_IFDIR | 0750, st.st_mode);
	EXPECT_EQ(1000, st.st_uid);
	EXPECT_EQ(1001, st.st_gid);
	ASSERT_OK(remount("mode=0711,uid=7,gid=8"));
	ASSERT_OK(stat("/tmp/m", &st));
	EXPECT_EQ(S_IFDIR | 0711, st.st_mode);
	EXPECT_EQ(7, st.st_uid);
	EXPECT_EQ(8, st.st_gid);
}

TEST_F(mount, slot_mode_is_for_slots_made_with_open)
{
	struct stat st;

	ASSERT_OK(mount_slots("/tmp/m", "slot_mode=0640"));
	ASSERT_OK(slot_serve("old"));
	ASSERT_OK(remount("slot_mode=0602"));
	ASSERT_OK(slot_serve("new"));
	ASSERT_OK(slot_create("call", 0, 0));
	ASSERT_OK(stat(slot_path("old"), &st));
	EXPECT_EQ(S_IFCHR | 0640, st.st_mode);
	ASSERT_OK(stat(slot_path("new"), &st));
	EXPECT_EQ(S_IFCHR | 0602, st.st_mode);
	ASSERT_OK(stat(slot_path("call"), &st));
	EXPECT_EQ(S_IFCHR | 0602, st.st_mode);
}

TEST_F(mount, max_message_holds_for_every_slot_at_once)
{
	int server, client;
	char buf[200] = "";

	ASSERT_OK(mount_slots("/tmp/m", "max_message=100"));
	server = slot_serve("slot");
	client = slot_open("slot");
	ASSERT_OK(slot_create("own", 1000, 0));
	EXPECT_EQ(100, write(client, buf, 100));
	EXPECT_ERR(write(client, buf, 101), EMSGSIZE);
	EXPECT_ERR(write(slot_open("own"), buf, 101), EMSGSIZE);
	ASSERT_OK(remount("max_message=150"));
	EXPECT_EQ(150, write(client, buf, 150));
	EXPECT_ERR(write(client, buf, 151), EMSGSIZE);
	ASSERT_OK(remount("max_message=50"));
	EXPECT_ERR(write(client, buf, 51), EMSGSIZE);
	/* What has arrived stays whole. */
	EXPECT_EQ(100, read(server, buf, sizeof(buf)));
	EXPECT_EQ(150, read(server, buf, sizeof(buf)));
	EXPECT_EQ(0, slot_count(server));
}

TEST_F(mount, all_mounts_of_a_namespace_show_the_same_slots)
{
	int server;

	ASSERT_OK(mount_slots("/tmp/m", NULL));
	server = slot_serve("slot");
	ASSERT_OK(mount_slots("/tmp/second", NULL));
	EXPECT_EQ(2, say(slot_open("SLOT"), "hi"));
	EXPECT_TRUE(hears(server, "hi"));
	EXPECT_ERR(slot_serve("slot"), EBUSY);
	ASSERT_OK(slot_serve("other"));
	use_mount("/tmp/m");
	EXPECT_TRUE(slot_exists("other"));
	/* An option that the second mount names is an option of them both. */
	ASSERT_OK(mount_slots("/tmp/third", "max_slots=2"));
	EXPECT_TRUE(shows("/tmp/m", "max_slots=2"));
	EXPECT_ERR(slot_serve("more"), ENOBUFS);
	EXPECT_ERR(mount_slots("/tmp/fourth", "max_slots=0"), EINVAL);
}

TEST_F(mount, the_last_unmount_forgets_the_options)
{
	ASSERT_OK(mount_slots("/tmp/m", "max_slots=2"));
	ASSERT_OK(mount_slots("/tmp/second", NULL));
	ASSERT_OK(umount("/tmp/m"));
	EXPECT_TRUE(shows("/tmp/second", "max_slots=2"));
	ASSERT_OK(umount("/tmp/second"));
	ASSERT_OK(mount_slots("/tmp/m", NULL));
	EXPECT_FALSE(shows("/tmp/m", "max_slots=2"));
}

TEST_F(mount, namespaces_share_nothing)
{
	int server;

	ASSERT_OK(mount_slots("/tmp/m", NULL));
	server = slot_serve("slot");
	ASSERT_OK(enter_netns());
	ASSERT_OK(mount_slots("/tmp/other", NULL));
	EXPECT_FALSE(slot_exists("slot"));
	EXPECT_ERR(slot_open("slot"), ENOENT);
	ASSERT_OK(slot_serve("slot"));
	EXPECT_EQ(2, say(slot_open("slot"), "hi"));
	EXPECT_EQ(0, slot_count(server));
	/* The mount that was inherited still is the other machine's. */
	use_mount("/tmp/m");
	EXPECT_EQ(3, say(slot_open("slot"), "far"));
	EXPECT_TRUE(hears(server, "far"));
}

static int mount_as_user(const char *unused)
{
	return error_of(mount("mailslot", "/tmp/m", "mailslot", 0, NULL));
}

static int mount_in_userns_only(const char *unused)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return 200;
	return mount_as_user(NULL);
}

TEST_F(mount, a_user_may_not_mount_in_a_network_namespace_of_others)
{
	mkdir("/tmp/m", 0777);
	EXPECT_EQ(EPERM, as_user(ALICE, mount_as_user, NULL));
	EXPECT_EQ(EPERM, as_user(ALICE, mount_in_userns_only, NULL));
}

static int live_in_userns(const char *options)
{
	struct stat st;
	int server, call;

	if (enter_userns() || mount_slots("/tmp/mine", options))
		return 1;
	server = slot_serve("slot");
	call = slot_create("call", 0, 0);
	if (server < 0 || call < 0)
		return 2;
	if (say(slot_open("SLOT"), "hi") != 2 || !hears(server, "hi") ||
	    say(slot_open("CALL"), "ho") != 2 || !hears(call, "ho"))
		return 3;
	if (fstat(server, &st) || st.st_uid || st.st_gid ||
	    stat("/tmp/mine", &st) || st.st_uid || st.st_mode != 040777)
		return 4;
	if (mount(NULL, "/tmp/mine", NULL, MS_REMOUNT, "max_slots=2") ||
	    !shows("/tmp/mine", "max_slots=2"))
		return 5;
	if (slot_serve("more") >= 0 || errno != ENOBUFS)
		return 6;
	/* Only root is mapped. */
	if (!mount(NULL, "/tmp/mine", NULL, MS_REMOUNT, "uid=5") ||
	    errno != EINVAL)
		return 7;
	if (!mount(NULL, "/tmp/mine", NULL, MS_REMOUNT, "gid=5") ||
	    errno != EINVAL)
		return 8;
	return 0;
}

TEST_F(mount, a_user_may_mount_in_a_namespace_of_his_own)
{
	EXPECT_EQ(0, as_user(ALICE, live_in_userns, NULL));
	EXPECT_EQ(0, as_user(BOB, live_in_userns, "mode=0777,uid=0,gid=0"));
}

static int change_inherited(const char *dir)
{
	if (enter_userns())
		return 200;
	return error_of(mount(NULL, dir, NULL, MS_REMOUNT, "max_slots=1"));
}

TEST_F(mount, a_user_may_not_change_the_mount_of_others)
{
	ASSERT_OK(mount_slots("/tmp/m", NULL));
	EXPECT_EQ(EPERM, as_user(ALICE, change_inherited, "/tmp/m"));
	EXPECT_FALSE(shows("/tmp/m", "max_slots=1"));
}

/* Alice with a mount in namespaces of her own, which we see as she does. */
static pid_t enter_alices_mounts(int hold[2])
{
	char path[64], c;
	int ready[2];
	pid_t pid;

	if (pipe(ready) || pipe(hold))
		return -1;
	pid = fork();
	if (!pid) {
		become(ALICE);
		if (enter_userns() || mount_slots("/tmp/mine", NULL))
			_exit(1);
		say(ready[1], "x");
		close(hold[1]);
		_exit(read(hold[0], &c, 1));
	}
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", pid);
	if (read(ready[0], &c, 1) != 1 ||
	    setns(open(path, O_RDONLY), CLONE_NEWNS))
		return -1;
	use_mount("/tmp/mine");
	return pid;
}

/* Whose ids an option means is the mount's affair, not the caller's. */
TEST_F(mount, ids_are_those_of_the_mounts_namespace)
{
	struct stat st;
	int hold[2];
	pid_t pid;

	pid = enter_alices_mounts(hold);
	ASSERT_LT(0, pid);
	EXPECT_ERR(mount(NULL, "/tmp/mine", NULL, MS_REMOUNT, "uid=70000"),
		   EINVAL);
	EXPECT_ERR(mount(NULL, "/tmp/mine", NULL, MS_REMOUNT, "gid=70000"),
		   EINVAL);
	ASSERT_OK(stat("/tmp/mine", &st));
	EXPECT_EQ(ALICE, st.st_uid);
	EXPECT_OK(mount(NULL, "/tmp/mine", NULL, MS_REMOUNT, "uid=0"));
	close(hold[1]);
	EXPECT_EQ(0, exit_of(pid));
}

static int try_serve(const char *name)
{
	return error_of(slot_serve(name));
}

static int try_create(const char *name)
{
	return error_of(slot_create(name, 0, 0));
}

static int try_write(const char *name)
{
	return error_of(slot_open(name));
}

/* The user is known there, and the group is not. */
static int try_create_in_a_strange_group(const char *name)
{
	return setresgid(BOB, BOB, BOB) || setresuid(ALICE, ALICE, ALICE) ?
	       -1 : try_create(name);
}

/* A slot must belong to somebody whom the mount's owner knows. */
TEST_F(mount, who_is_nobody_in_the_mounts_namespace_creates_nothing)
{
	int hold[2];
	pid_t pid;

	pid = enter_alices_mounts(hold);
	ASSERT_LT(0, pid);
	EXPECT_EQ(EOVERFLOW, as_user(BOB, try_serve, "slot"));
	EXPECT_EQ(EOVERFLOW, as_user(BOB, try_create, "slot"));
	EXPECT_EQ(EOVERFLOW,
		  as_user(0, try_create_in_a_strange_group, "slot"));
	EXPECT_EQ(0, as_user(ALICE, try_serve, "slot"));
	EXPECT_EQ(0, as_user(ALICE, try_create, "slot"));
	/* Sending is open to all the same. */
	ASSERT_OK(setgid(ALICE));
	ASSERT_OK(seteuid(ALICE));
	ASSERT_OK(slot_serve("slot"));
	ASSERT_OK(seteuid(0));
	EXPECT_EQ(0, as_user(BOB, try_write, "slot"));
	close(hold[1]);
	EXPECT_EQ(0, exit_of(pid));
}

TEST_HARNESS_MAIN
