// SPDX-License-Identifier: GPL-2.0-only
/* libmailslot on a real mount: names, and making and opening slots. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "library_test.h"

/* @len letters, in a buffer that the next call uses again. */
static const char *letters(size_t len)
{
	static char text[8192];

	memset(text, 'x', len);
	text[len] = '\0';
	return text;
}

static int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

TEST_F(slot, every_spelling_is_the_same_slot)
{
	static const char * const names[] = {
		"library", "LiBrArY", "\\\\.\\mailslot\\library",
		"\\\\.\\MAILSLOT\\Library", "//./mailslot/library",
		"\\\\?\\mailslot\\library", "//?/mailslot/library",
	};
	size_t i;
	int fd;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		fd = mailslot_open(names[i], O_WRONLY);
		ASSERT_LE(0, fd) {
			TH_LOG("%s: %m", names[i]);
		}
		EXPECT_EQ(1, mailslot_write(fd, &i, 1));
		EXPECT_EQ(1, mailslot_read(self->server, self->buf, 1));
		EXPECT_EQ(i, self->buf[0]);
		close(fd);
		EXPECT_ERROR(EEXIST, mailslot_create(names[i], 0, 0, 0, 0));
	}
}

TEST(slashes_in_names_are_backslashes)
{
	int server = mailslot_create("//./mailslot/Dir/sub\\slot", 0, 0, 0, 0);
	int client = mailslot_open("dir/SUB/slot", O_WRONLY);
	struct stat st;

	ASSERT_LE(0, server);
	EXPECT_LE(0, client);
	EXPECT_EQ(0, stat("/dev/mailslot/Dir\\sub\\slot", &st));
	close(client);
	close(server);
}

TEST(names_that_are_refused)
{
	int before = open_descriptors();

	EXPECT_ERROR(EFAULT, mailslot_create(NULL, 0, 0, 0, 0));
	EXPECT_ERROR(ENOENT, mailslot_create("", 0, 0, 0, 0));
	EXPECT_ERROR(EINVAL, mailslot_create(".", 0, 0, 0, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("..", 0, 0, 0, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("a//b", 0, 0, 0, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("dir/", 0, 0, 0, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("/dir", 0, 0, 0, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("a/../b", 0, 0, 0, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("new\nline", 0, 0, 0, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("\\\\.\\mailslot\\", 0, 0, 0, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("//*/mailslot/x", 0, 0, 0, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("//HOST/mailslot/x", 0, 0, 0, 0));
	EXPECT_ERROR(ENAMETOOLONG, mailslot_create(letters(256), 0, 0, 0, 0));
	EXPECT_ERROR(ENAMETOOLONG, mailslot_create(letters(5000), 0, 0, 0, 0));

	EXPECT_ERROR(EFAULT, mailslot_open(NULL, O_WRONLY));
	EXPECT_ERROR(ENOENT, mailslot_open("", O_WRONLY));
	EXPECT_ERROR(EINVAL, mailslot_open(".", O_WRONLY));
	EXPECT_ERROR(EINVAL, mailslot_open("..", O_WRONLY));
	EXPECT_ERROR(EINVAL, mailslot_open("a//b", O_WRONLY));
	EXPECT_ERROR(EINVAL, mailslot_open("dir/", O_WRONLY));
	EXPECT_ERROR(EINVAL, mailslot_open("../x", O_WRONLY));
	EXPECT_ERROR(EINVAL, mailslot_open("//./mailslot/..", O_WRONLY));
	EXPECT_ERROR(EINVAL, mailslot_open("//./pipe/x", O_WRONLY));
	EXPECT_ERROR(ENAMETOOLONG, mailslot_open(letters(256), O_WRONLY));
	EXPECT_ERROR(ENAMETOOLONG, mailslot_open(letters(5000), O_WRONLY));

	EXPECT_EQ(before, open_descriptors());
}

TEST(the_longest_name)
{
	const char *name = letters(MAILSLOT_NAME_MAX);
	int server = mailslot_create(name, 0, 0, 0, 0);
	int client = mailslot_open(name, O_WRONLY);
	char unc[sizeof("//./mailslot/") + MAILSLOT_NAME_MAX];

	EXPECT_LE(0, server);
	EXPECT_LE(0, client);
	close(client);
	strcpy(stpcpy(unc, "//./mailslot/"), name);
	client = mailslot_open(unc, O_WRONLY);
	EXPECT_LE(0, client);
	close(client);
	close(server);
}

TEST_F(slot, create_passes_everything_on)
{
	unsigned int flags = MAILSLOT_ACCEPT_REMOTE | MAILSLOT_ACCEPT_BROADCAST;
	struct stat st;
	int fd;

	umask(0777);
	fd = mailslot_create("created", 424, 1234, flags | O_CLOEXEC |
			     O_NONBLOCK, 0640);
	ASSERT_LE(0, fd);
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	EXPECT_EQ(O_NONBLOCK, fcntl(fd, F_GETFL) & O_NONBLOCK);
	EXPECT_EQ(0, mailslot_get_info(fd, &self->info));
	EXPECT_EQ(424, self->info.max_message_size);
	EXPECT_EQ(1234, self->info.read_timeout_ms);
	EXPECT_EQ(flags, self->info.flags);
	EXPECT_EQ(0, fstat(fd, &st));
	EXPECT_EQ(S_IFCHR | 0640, st.st_mode);
	close(fd);

	fd = mailslot_create("created", 0, 0, 0, 0);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, fcntl(fd, F_GETFD));
	EXPECT_EQ(0, fcntl(fd, F_GETFL) & O_NONBLOCK);
	EXPECT_EQ(0, mailslot_get_info(fd, &self->info));
	EXPECT_EQ(0, self->info.flags);
	EXPECT_EQ(0, fstat(fd, &st));
	EXPECT_EQ(S_IFCHR | 0622, st.st_mode);
	close(fd);
}

TEST(create_refuses)
{
	struct rlimit limit = { .rlim_cur = 3, .rlim_max = 3 };

	EXPECT_ERROR(EINVAL, mailslot_create("x", 0, 0, O_APPEND, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("x", 0, 0, O_RDWR, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("x", 0, 0, 0x40000000, 0));
	EXPECT_ERROR(EINVAL, mailslot_create("x", 0, 0, 0, 010000));
	setenv("MAILSLOT_ROOT", "/nonexistent", 1);
	EXPECT_ERROR(ENOENT, mailslot_create("x", 0, 0, 0, 0));
	setenv("MAILSLOT_ROOT", "/dev/null", 1);
	EXPECT_ERROR(ENOTDIR, mailslot_create("x", 0, 0, 0, 0));
	setenv("MAILSLOT_ROOT", "/proc", 1);
	EXPECT_ERROR(ENOTTY, mailslot_create("x", 0, 0, 0, 0));
	setenv("MAILSLOT_ROOT", "/dev/mailslot", 1);
	EXPECT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_ERROR(EMFILE, mailslot_create("x", 0, 0, 0, 0));
}

TEST_F(slot, open_is_for_writing)
{
	int fd = mailslot_open("library", 0);

	ASSERT_LE(0, fd);
	EXPECT_EQ(O_WRONLY, fcntl(fd, F_GETFL) & O_ACCMODE);
	EXPECT_EQ(0, fcntl(fd, F_GETFD));
	EXPECT_ERROR(EBADF, mailslot_read(fd, self->buf, 1));
	close(fd);

	fd = mailslot_open("library", O_CLOEXEC | O_NONBLOCK);
	ASSERT_LE(0, fd);
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	EXPECT_EQ(O_NONBLOCK, fcntl(fd, F_GETFL) & O_NONBLOCK);
	close(fd);

	EXPECT_ERROR(EINVAL, mailslot_open("library", O_RDWR));
	EXPECT_ERROR(EINVAL, mailslot_open("library", O_ACCMODE));
}

TEST(open_needs_a_slot)
{
	char path[] = "/tmp/library-test.XXXXXX";
	int before = open_descriptors();
	char *name;
	int fd;

	EXPECT_ERROR(ENOENT, mailslot_open("missing", O_WRONLY));
	EXPECT_ERROR(ENOENT, mailslot_open("missing", O_WRONLY | O_CREAT));
	setenv("MAILSLOT_ROOT", "/nonexistent", 1);
	EXPECT_ERROR(ENOENT, mailslot_open("missing", O_WRONLY));

	/* An ordinary file is not taken for a slot. */
	fd = mkstemp(path);
	ASSERT_LE(0, fd);
	close(fd);
	name = strrchr(path, '/');
	*name++ = '\0';
	setenv("MAILSLOT_ROOT", path, 1);
	EXPECT_ERROR(ENOTTY, mailslot_open(name, O_WRONLY));
	name[-1] = '/';
	unlink(path);
	EXPECT_EQ(before, open_descriptors());
}

TEST_F(slot, open_needs_the_right_to_write)
{
	int server = mailslot_create("private", 0, 0, 0, 0600);

	ASSERT_LE(0, server);
	EXPECT_EQ(0, setuid(NOBODY));
	EXPECT_ERROR(EACCES, mailslot_open("private", O_WRONLY));
	EXPECT_LE(0, mailslot_open("library", O_WRONLY));
	close(server);
}

TEST_HARNESS_MAIN
