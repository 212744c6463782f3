// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creating slots: by open(2), and by the create ioctl with all that it refuses.
 */
#include <sys/resource.h>

#include "mailslot_test.h"

static const uint32_t all_flags = MAILSLOT_ACCEPT_REMOTE |
				  MAILSLOT_ACCEPT_BROADCAST;

/* What every attempt below starts from; good as it is. */
static struct mailslot_ioctl_create plain(void)
{
	return (struct mailslot_ioctl_create) {
		.name = (uintptr_t)"slot",
	};
}

/* The errno of an attempt, which leaves no slot behind. */
static int attempt_sized(const void *args, size_t size)
{
	int fd = slot_create_sized(args, size), err = error_of(fd);

	if (!err)
		close(fd);
	return err;
}

static int attempt(const struct mailslot_ioctl_create *args)
{
	return attempt_sized(args, sizeof(*args));
}

static int try_serve(const char *name)
{
	return error_of(slot_serve(name));
}

static int try_create(const char *name)
{
	return error_of(slot_create(name, 0, 0));
}

TEST(opening_for_reading_creates)
{
	static const int modes[] = { O_RDONLY, O_RDWR, O_RDONLY | O_EXCL,
				     O_RDWR | O_EXCL, O_RDWR | O_TRUNC,
				     O_RDONLY | O_APPEND, O_RDWR | O_NONBLOCK };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		int server = open(slot_path("slot"), O_CREAT | modes[i], 0);

		EXPECT_OK(server) TH_LOG("flags %#o", modes[i]);
		EXPECT_EQ(5, say(slot_open("slot"), "hello"));
		EXPECT_TRUE(hears(server, "hello"));
		close(server);
		EXPECT_FALSE(slot_exists("slot"));
	}
}

TEST(a_name_that_is_taken_is_busy_or_exists)
{
	int server = slot_serve("Slot"), client = slot_open("slot");
	const char *path = slot_path("sLOT");

	say(client, "kept");
	EXPECT_ERR(open(path, O_CREAT | O_RDWR, 0666), EBUSY);
	EXPECT_ERR(open(path, O_CREAT | O_RDONLY, 0666), EBUSY);
	EXPECT_ERR(open(path, O_CREAT | O_RDWR | O_TRUNC, 0666), EBUSY);
	EXPECT_ERR(open(path, O_CREAT | O_RDWR | O_EXCL, 0666), EEXIST);
	EXPECT_ERR(open(path, O_CREAT | O_RDONLY | O_EXCL, 0666), EEXIST);
	EXPECT_ERR(slot_create("SLOT", 0, 0), EEXIST);
	EXPECT_TRUE(hears(server, "kept"));
}

/* Neither umask nor mode count: slot_mode= of the mount does. */
TEST(a_slot_made_by_opening_has_the_mode_of_the_mount)
{
	struct stat st;

	umask(0777);
	ASSERT_OK(open(slot_path("slot"), O_CREAT | O_RDWR, 0));
	ASSERT_OK(stat(slot_path("slot"), &st));
	EXPECT_EQ(S_IFCHR | 0622, st.st_mode);
}

TEST(the_call_sets_all_before_mail_can_arrive)
{
	struct mailslot_ioctl_create args = {
		.name = (uintptr_t)"slot",
		.max_message_size = 424,
		.read_timeout_ms = 1234,
		.flags = all_flags,
		.open_flags = O_CLOEXEC | O_NONBLOCK,
		.mode = 0602,
	};
	struct mailslot_ioctl_info info;
	struct stat st;
	int fd;

	umask(0777);
	fd = slot_create_with(&args);
	ASSERT_OK(fd);
	ASSERT_OK(slot_info(fd, &info));
	EXPECT_EQ(424, info.max_message_size);
	EXPECT_EQ(1234, info.read_timeout_ms);
	EXPECT_EQ(all_flags, info.flags);
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	EXPECT_EQ(O_RDONLY | O_NONBLOCK,
		  fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	ASSERT_OK(fstat(fd, &st));
	EXPECT_EQ(S_IFCHR | 0602, st.st_mode);
}

TEST(the_call_leaves_the_rest_at_its_defaults)
{
	struct mailslot_ioctl_create args = plain();
	struct mailslot_ioctl_info info;
	struct stat st;
	int fd;

	umask(0777);
	fd = slot_create_with(&args);
	ASSERT_OK(fd);
	ASSERT_OK(slot_info(fd, &info));
	EXPECT_EQ(0, info.max_message_size);
	EXPECT_EQ(0, info.read_timeout_ms);
	EXPECT_EQ(0, info.flags);
	EXPECT_EQ(0, fcntl(fd, F_GETFD));
	EXPECT_EQ(0, fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	ASSERT_OK(fstat(fd, &st));
	EXPECT_EQ(S_IFCHR | 0622, st.st_mode);
}

TEST(a_slot_made_by_opening_waits_for_ever_and_takes_no_remote_mail)
{
	struct mailslot_ioctl_info info;

	ASSERT_OK(slot_info(slot_serve("slot"), &info));
	EXPECT_EQ(MAILSLOT_WAIT_FOREVER, info.read_timeout_ms);
	EXPECT_EQ(0, info.max_message_size);
	EXPECT_EQ(0, info.flags);
}

TEST(every_timeout_is_a_legal_one)
{
	static const uint32_t timeouts[] = { 0, 1, 0x7fffffff, 0x80000000,
					     0xfffffffe, 0xffffffff };
	struct mailslot_ioctl_info info;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(timeouts); i++) {
		int fd = slot_create("slot", 0, timeouts[i]);

		ASSERT_OK(slot_info(fd, &info));
		EXPECT_EQ(timeouts[i], info.read_timeout_ms);
		close(fd);
	}
}

TEST(unknown_flags_are_refused)
{
	struct mailslot_ioctl_create args;
	bool known;
	int bit;

	for (bit = 0; bit < 32; bit++) {
		args = plain();
		args.flags = 1U << bit;
		EXPECT_EQ(args.flags & all_flags ? 0 : EINVAL, attempt(&args))
			TH_LOG("flag %#x", args.flags);
		args = plain();
		args.open_flags = 1U << bit;
		known = args.open_flags & (O_CLOEXEC | O_NONBLOCK);
		EXPECT_EQ(known ? 0 : EINVAL, attempt(&args))
			TH_LOG("open flag %#x", args.open_flags);
	}
}

TEST(odd_modes_are_refused)
{
	struct mailslot_ioctl_create args;
	int bit;

	for (bit = 0; bit < 32; bit++) {
		args = plain();
		args.mode = 1U << bit;
		EXPECT_EQ(bit < 9 ? 0 : EINVAL, attempt(&args))
			TH_LOG("mode %#o", args.mode);
	}
	args.mode = S_IFCHR | 0622;
	EXPECT_EQ(EINVAL, attempt(&args));
}

TEST(reserved_members_must_be_zero)
{
	struct mailslot_ioctl_create args = plain();

	args.reserved = 1;
	EXPECT_EQ(EINVAL, attempt(&args));
	args.reserved = 0x80000000;
	EXPECT_EQ(EINVAL, attempt(&args));
	EXPECT_FALSE(slot_exists("slot"));
}

/* Programs that were compiled with a longer or a shorter struct. */
TEST(the_struct_may_grow)
{
	static union {
		struct mailslot_ioctl_create args;
		char bytes[16384];
	} big;
	static const size_t longer[] = {
		MAILSLOT_CREATE_SIZE_VER0, MAILSLOT_CREATE_SIZE_VER0 + 1, 64,
		4095, 4096,
	};
	size_t i, size;

	big.args = plain();
	for (i = 0; i < ARRAY_SIZE(longer); i++) {
		EXPECT_EQ(0, attempt_sized(&big, longer[i]))
			TH_LOG("size %zu", longer[i]);
		if (longer[i] == MAILSLOT_CREATE_SIZE_VER0)
			continue;
		big.bytes[longer[i] - 1] = 1;
		EXPECT_EQ(E2BIG, attempt_sized(&big, longer[i]))
			TH_LOG("size %zu", longer[i]);
		big.bytes[longer[i] - 1] = 0;
	}
	for (size = 0; size < MAILSLOT_CREATE_SIZE_VER0; size++) {
		EXPECT_EQ(EINVAL, attempt_sized(&big, size))
			TH_LOG("size %zu", size);
	}
	/* The most that a request number can say. */
	big.bytes[16382] = 1;
	EXPECT_EQ(E2BIG, attempt_sized(&big, 16383));
	EXPECT_FALSE(slot_exists("slot"));
}

/* The byte after the struct is another page, and unmapped. */
TEST(a_struct_in_unreadable_memory_is_efault)
{
	struct mailslot_ioctl_create args = plain();
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *at = page + 4096 - sizeof(args);

	munmap(page + 4096, 4096);
	memcpy(at, &args, sizeof(args));
	EXPECT_EQ(0, attempt_sized(at, sizeof(args)));
	EXPECT_EQ(EFAULT, attempt_sized(at, sizeof(args) + 8));
	EXPECT_EQ(EFAULT, attempt_sized(at + 1, sizeof(args)));
	EXPECT_EQ(EFAULT, attempt_sized(NULL, sizeof(args)));
}

TEST(only_the_root_directory_creates)
{
	struct mailslot_ioctl_create args = plain();
	int server = slot_serve("server"), client = slot_open("server");
	int path = open(slot_root(), O_PATH), dir = open("/", O_RDONLY);

	EXPECT_ERR(ioctl(server, MAILSLOT_IOC_CREATE, &args), ENOTTY);
	EXPECT_ERR(ioctl(client, MAILSLOT_IOC_CREATE, &args), ENOTTY);
	EXPECT_ERR(ioctl(path, MAILSLOT_IOC_CREATE, &args), EBADF);
	EXPECT_ERR(ioctl(dir, MAILSLOT_IOC_CREATE, &args), ENOTTY);
	EXPECT_FALSE(slot_exists("slot"));
}

TEST(the_directory_answers_the_version_and_knows_no_other_requests)
{
	int dir = open(slot_root(), O_RDONLY);
	uint32_t version = 0;
	char buf[256] = "";

	EXPECT_OK(ioctl(dir, MAILSLOT_IOC_VERSION, &version));
	EXPECT_EQ(MAILSLOT_ABI_VERSION, version);
	EXPECT_ERR(ioctl(dir, MAILSLOT_IOC_VERSION, NULL), EFAULT);
	EXPECT_ERR(ioctl(dir, MAILSLOT_IOC_GET_INFO, buf), ENOTTY);
	EXPECT_ERR(ioctl(dir, MAILSLOT_IOC_SET_INFO, buf), ENOTTY);
	EXPECT_ERR(ioctl(dir, MAILSLOT_IOC_RECV, buf), ENOTTY);
	EXPECT_ERR(ioctl(dir, MAILSLOT_IOC_CANCEL), ENOTTY);
	EXPECT_ERR(ioctl(dir, _IO(MAILSLOT_IOC_MAGIC, 99)), ENOTTY);
	EXPECT_ERR(ioctl(dir, _IOR(MAILSLOT_IOC_MAGIC, 1,
				   struct mailslot_ioctl_create), buf), ENOTTY);
	EXPECT_ERR(ioctl(dir, _IOW(0xb8, 1, struct mailslot_ioctl_create),
			 buf), ENOTTY);
}

TEST(the_directorys_write_bits_say_who_may_create)
{
	ASSERT_OK(mount(NULL, slot_root(), NULL, MS_REMOUNT,
			"mode=0755,uid=1000"));
	EXPECT_EQ(0, as_user(ALICE, try_serve, "a"));
	EXPECT_EQ(0, as_user(ALICE, try_create, "b"));
	EXPECT_EQ(EACCES, as_user(BOB, try_serve, "a"));
	EXPECT_EQ(EACCES, as_user(BOB, try_create, "b"));
	/* Write without search is no right either. */
	ASSERT_OK(mount(NULL, slot_root(), NULL, MS_REMOUNT, "mode=0666"));
	EXPECT_EQ(EACCES, as_user(BOB, try_serve, "a"));
	EXPECT_EQ(EACCES, as_user(BOB, try_create, "b"));
	ASSERT_OK(mount(NULL, slot_root(), NULL, MS_REMOUNT,
			"mode=0777,uid=0"));
	EXPECT_EQ(0, as_user(BOB, try_serve, "a"));
	EXPECT_EQ(0, as_user(BOB, try_create, "b"));
}

TEST(a_descriptor_of_the_directory_is_no_right_to_create)
{
	struct mailslot_ioctl_create args = plain();
	int dir = open(slot_root(), O_RDONLY);
	pid_t pid;

	ASSERT_OK(mount(NULL, slot_root(), NULL, MS_REMOUNT, "mode=0755"));
	pid = fork();
	if (!pid) {
		become(ALICE);
		_exit(error_of(ioctl(dir, MAILSLOT_IOC_CREATE, &args)));
	}
	EXPECT_EQ(EACCES, exit_of(pid));
	ASSERT_OK(mount(NULL, slot_root(), NULL, MS_REMOUNT, "mode=0777"));
	EXPECT_FALSE(slot_exists("slot"));
}

TEST(a_read_only_mount_creates_nothing_and_delivers_still)
{
	int server = slot_serve("server");

	ASSERT_OK(server);
	ASSERT_OK(mount(NULL, slot_root(), NULL,
			MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	EXPECT_ERR(slot_serve("slot"), EROFS);
	EXPECT_ERR(slot_create("slot", 0, 0), EROFS);
	EXPECT_EQ(2, say(slot_open("server"), "hi"));
	EXPECT_TRUE(hears(server, "hi"));
	ASSERT_OK(mount(NULL, slot_root(), NULL, MS_REMOUNT | MS_BIND, NULL));
	EXPECT_OK(slot_serve("slot"));
}

TEST(a_mount_without_devices_refuses_everything)
{
	int server = slot_serve("server");

	ASSERT_OK(server);
	ASSERT_OK(mount(NULL, slot_root(), NULL,
			MS_REMOUNT | MS_BIND | MS_NODEV, NULL));
	EXPECT_ERR(slot_serve("slot"), EACCES);
	EXPECT_ERR(slot_create("slot", 0, 0), EACCES);
	EXPECT_ERR(slot_open("server"), EACCES);
	EXPECT_FALSE(slot_exists("slot"));
	ASSERT_OK(mount(NULL, slot_root(), NULL, MS_REMOUNT | MS_BIND, NULL));
	EXPECT_OK(slot_open("server"));
}

TEST(running_out_of_descriptors_leaves_no_slot)
{
	const struct rlimit none = { 4, 4096 };

	ASSERT_EQ(3, open(slot_root(), O_RDONLY));
	ASSERT_OK(setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_ERR(slot_serve("slot"), EMFILE);
	EXPECT_ERR(ioctl(3, MAILSLOT_IOC_CREATE,
			 &(struct mailslot_ioctl_create){
				.name = (uintptr_t)"slot" }), EMFILE);
	EXPECT_FALSE(slot_exists("slot"));
}

TEST_HARNESS_MAIN
