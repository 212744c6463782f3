// SPDX-License-Identifier: GPL-2.0-only
/*
 * The root directory: what it shows, and what it refuses.
 */
#include <sys/inotify.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "mailslot_test.h"

static int entries(void)
{
	DIR *dir = opendir(slot_root());
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n - 2;
}

TEST(the_directory_lists_exactly_the_slots_there_are)
{
	int fd[100], i;
	char name[16];

	EXPECT_EQ(0, entries());
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "slot%d", i);
		fd[i] = slot_serve(name);
		ASSERT_OK(fd[i]);
	}
	EXPECT_EQ(100, entries());
	slot_open("SLOT7");
	slot_open("missing");
	slot_exists("missing");
	EXPECT_EQ(100, entries());
	for (i = 0; i < 100; i += 2)
		close(fd[i]);
	EXPECT_EQ(50, entries());
	for (i = 1; i < 100; i += 2)
		close(fd[i]);
	EXPECT_EQ(0, entries());
}

TEST(statfs_knows_the_file_system)
{
	struct statfs st;

	ASSERT_OK(statfs(slot_root(), &st));
	EXPECT_EQ(MAILSLOT_SUPER_MAGIC, st.f_type);
	EXPECT_EQ(MAILSLOT_NAME_MAX, st.f_namelen);
}

/* The number that /proc/devices lists for "mailslot". */
static int mailslot_major(void)
{
	FILE *file = fopen("/proc/devices", "re");
	char line[80], name[80];
	int major = -1, n;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%d %79s", &n, name) == 2 &&
		    !strcmp(name, "mailslot"))
			major = n;
	if (file)
		fclose(file);
	return major;
}

TEST(slots_are_character_devices_of_a_known_number)
{
	struct stat st;

	ASSERT_LT(0, mailslot_major());
	ASSERT_OK(slot_serve("slot"));
	ASSERT_OK(stat(slot_path("slot"), &st));
	EXPECT_TRUE(S_ISCHR(st.st_mode));
	EXPECT_EQ(mailslot_major(), (int)major(st.st_rdev));
	EXPECT_EQ(0, minor(st.st_rdev));
	EXPECT_EQ(1, st.st_nlink);
}

/* Only our file system makes slots of them: elsewhere nothing is behind them. */
TEST(a_copy_made_by_mknod_is_dead)
{
	int minor;

	ASSERT_OK(slot_serve("slot"));
	for (minor = 0; minor < 2; minor++) {
		ASSERT_OK(mknod("/dev/copy", S_IFCHR | 0666,
				makedev(mailslot_major(), minor)));
		EXPECT_ERR(open("/dev/copy", O_WRONLY), ENXIO);
		EXPECT_ERR(open("/dev/copy", O_RDWR), ENXIO);
		EXPECT_ERR(open("/dev/copy", O_RDONLY), ENXIO);
		unlink("/dev/copy");
	}
}

TEST(a_live_slot_cannot_be_removed)
{
	int server = slot_serve("slot");

	EXPECT_ERR(unlink(slot_path("slot")), EPERM);
	EXPECT_ERR(unlink(slot_path("SLOT")), EPERM);
	EXPECT_ERR(unlink(slot_path("\\\\.\\mailslot\\slot")), EPERM);
	EXPECT_ERR(rmdir(slot_path("slot")), ENOTDIR);
	EXPECT_EQ(2, say(slot_open("slot"), "hi"));
	EXPECT_TRUE(hears(server, "hi"));
	EXPECT_ERR(unlink(slot_path("missing")), ENOENT);
}

TEST(names_cannot_be_moved)
{
	ASSERT_OK(slot_serve("slot"));
	ASSERT_OK(slot_serve("other"));
	EXPECT_ERR(rename(slot_path("slot"), slot_path("new")), EPERM);
	EXPECT_ERR(rename(slot_path("slot"), slot_path("other")), EPERM);
	EXPECT_ERR(renameat2(AT_FDCWD, slot_path("slot"), AT_FDCWD,
			     slot_path("other"), RENAME_EXCHANGE), EPERM);
	EXPECT_ERR(rename(slot_path("slot"), "/dev/slot"), EXDEV);
	EXPECT_TRUE(slot_exists("slot"));
	EXPECT_TRUE(slot_exists("other"));
	EXPECT_FALSE(slot_exists("new"));
}

/* It could never be unmounted again: the name goes when its slot does. */
TEST(nothing_can_be_mounted_on_a_slot)
{
	ASSERT_OK(slot_serve("slot"));
	EXPECT_ERR(mount("/dev/null", slot_path("slot"), NULL, MS_BIND, NULL),
		   ENOENT);
	EXPECT_ERR(mount(slot_path("slot"), slot_path("slot"), NULL, MS_BIND,
			 NULL), ENOENT);
	EXPECT_EQ(2, say(slot_open("slot"), "hi"));
}

TEST(nothing_but_slots_can_be_made)
{
	static const mode_t types[] = { S_IFIFO, S_IFCHR, S_IFBLK, S_IFSOCK };
	const char *path = slot_path("new");
	size_t i;

	ASSERT_OK(slot_serve("slot"));
	EXPECT_ERR(mkdir(path, 0777), EPERM);
	EXPECT_ERR(symlink("slot", path), EPERM);
	EXPECT_ERR(link(slot_path("slot"), path), EPERM);
	for (i = 0; i < ARRAY_SIZE(types); i++)
		EXPECT_ERR(mknod(path, types[i] | 0666, makedev(1, 3)), EPERM);
	EXPECT_ERR(mknod(path, S_IFREG | 0666, 0), EACCES);
	EXPECT_LT(open(slot_root(), O_RDWR | O_TMPFILE, 0666), 0);
	EXPECT_EQ(1, entries());
}

TEST(the_directory_is_not_written_to_or_read_as_a_file)
{
	int dir = open(slot_root(), O_RDONLY);
	char c;

	EXPECT_ERR(open(slot_root(), O_WRONLY), EISDIR);
	EXPECT_ERR(open(slot_root(), O_RDWR), EISDIR);
	EXPECT_ERR(read(dir, &c, 1), EISDIR);
	EXPECT_ERR(write(dir, &c, 1), EBADF);
}

static int next_event(int fd, uint32_t *mask, char *name)
{
	char buf[sizeof(struct inotify_event) + NAME_MAX + 1]
		__attribute__((aligned(8)));
	struct inotify_event *event = (void *)buf;

	if (read(fd, buf, sizeof(buf)) < 0)
		return -1;
	*mask = event->mask;
	strcpy(name, event->name);
	return 0;
}

#define EXPECT_EVENT(fd, wanted, wanted_name) do {	\
	char __name[NAME_MAX + 1] = "";			\
	uint32_t __mask = 0;				\
							\
	EXPECT_OK(next_event(fd, &__mask, __name));	\
	EXPECT_EQ((uint32_t)(wanted), __mask);		\
	EXPECT_STREQ(wanted_name, __name);		\
} while (0)

TEST(watchers_see_slots_come_and_go)
{
	int watch = inotify_init1(IN_NONBLOCK), server;

	ASSERT_OK(inotify_add_watch(watch, slot_root(),
				    IN_CREATE | IN_DELETE));
	server = slot_serve("By\\Open");
	EXPECT_EVENT(watch, IN_CREATE, "By\\Open");
	close(server);
	EXPECT_EVENT(watch, IN_DELETE, "By\\Open");

	server = slot_create("By\\Call", 0, 0);
	EXPECT_EVENT(watch, IN_CREATE, "By\\Call");
	close(slot_open("by\\call"));
	close(server);
	EXPECT_EVENT(watch, IN_DELETE, "By\\Call");

	slot_open("missing");
	slot_create("a\\", 0, 0);
	EXPECT_ERR(next_event(watch, &(uint32_t){ 0 }, (char[256]){}), EAGAIN);
}

static uint64_t stamp(struct timespec ts)
{
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* Waits for the coarse clock, which stamps files, to move on. */
static uint64_t next_tick(void)
{
	uint64_t start = clock_ns(CLOCK_REALTIME_COARSE);

	while (clock_ns(CLOCK_REALTIME_COARSE) == start)
		;
	return clock_ns(CLOCK_REALTIME_COARSE);
}

TEST(mtime_is_the_last_write_and_atime_the_last_read)
{
	uint64_t before = clock_ns(CLOCK_REALTIME_COARSE);
	int server = slot_serve("slot"), client = slot_open("slot");
	uint64_t written, read, later;
	struct stat st;

	ASSERT_OK(fstat(server, &st));
	EXPECT_LE(before, stamp(st.st_mtim));
	EXPECT_LE(before, stamp(st.st_atim));

	written = next_tick();
	say(client, "x");
	later = next_tick();
	ASSERT_OK(stat(slot_path("slot"), &st));
	EXPECT_LE(written, stamp(st.st_mtim));
	EXPECT_GT(later, stamp(st.st_mtim));
	EXPECT_GT(written, stamp(st.st_atim));

	read = next_tick();
	ASSERT_TRUE(hears(server, "x"));
	later = next_tick();
	ASSERT_OK(fstat(client, &st));
	EXPECT_GT(read, stamp(st.st_mtim));
	EXPECT_LE(read, stamp(st.st_atim));
	EXPECT_GT(later, stamp(st.st_atim));
}

TEST(the_directory_is_modified_when_slots_come_and_go)
{
	uint64_t before = next_tick(), between;
	struct stat st;
	int server;

	server = slot_serve("slot");
	between = next_tick();
	ASSERT_OK(stat(slot_root(), &st));
	EXPECT_LE(before, stamp(st.st_mtim));
	EXPECT_GT(between, stamp(st.st_mtim));
	say(slot_open("slot"), "x");
	ASSERT_OK(stat(slot_root(), &st));
	EXPECT_GT(between, stamp(st.st_mtim));
	close(server);
	ASSERT_OK(stat(slot_root(), &st));
	EXPECT_LE(between, stamp(st.st_mtim));
}

static int remove_slot(const char *name)
{
	return error_of(unlink(slot_path(name)));
}

static int change_mode(const char *name)
{
	return error_of(chmod(slot_path(name), 0666));
}

static int change_owner(const char *name)
{
	return error_of(chown(slot_path(name), BOB, BOB));
}

TEST(other_users_cannot_change_a_slot)
{
	struct stat st;

	ASSERT_OK(slot_serve("slot"));
	EXPECT_EQ(EPERM, as_user(ALICE, remove_slot, "slot"));
	EXPECT_EQ(EPERM, as_user(ALICE, change_mode, "slot"));
	EXPECT_EQ(EPERM, as_user(ALICE, change_owner, "slot"));
	EXPECT_EQ(EPERM, as_user(ALICE, change_mode, "."));
	ASSERT_OK(stat(slot_path("slot"), &st));
	EXPECT_EQ(0622, st.st_mode & 07777);
	EXPECT_EQ(0, st.st_uid);
}

/* A listing goes on while slots come and go: each that stays is seen once. */
TEST(a_listing_survives_changes)
{
	int staying = slot_serve("staying"), i, seen = 0;
	struct dirent *entry;
	DIR *dir;

	ASSERT_OK(staying);
	dir = opendir(slot_root());
	ASSERT_NE(NULL, dir);
	while ((entry = readdir(dir))) {
		int fd = slot_serve("passing");

		ASSERT_OK(fd);
		close(fd);
		seen += !strcmp(entry->d_name, "staying");
	}
	EXPECT_EQ(1, seen);
	closedir(dir);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(1, entries());
}

TEST_HARNESS_MAIN
