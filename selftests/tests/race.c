// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything at once: slots are released and made anew while others write to
 * them, poll, peek, cancel, look them up by their other names, read about them
 * in /proc and change the mount's options. What this is for are the checks of
 * the debug kernel; besides, every call must fail only as it may.
 *
 * suite-kernels: 6.1 debug
 */
#include <stdarg.h>

#include "io_test.h"

#define SLOTS	3

/* The server ends. Whoever replaces one closes it under the others' hands. */
static int servers[SLOTS] = { -1, -1, -1 };
static bool stop;
static long calls;

static __thread unsigned int seed;

static unsigned int roll(unsigned int sides)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % sides;
}

/* The path of a slot in one of its spellings; each thread has its own. */
static const char *any_path(void)
{
	static __thread char path[300];
	static const char *const names[SLOTS][3] = {
		{ "race0", "RACE0", "\\\\.\\mailslot\\race0" },
		{ "Race\\1", "rACE\\1", "\\\\.\\MailSlot\\RACE\\1" },
		{ "race2", "Race2", "\\\\.\\MAILSLOT\\rAcE2" },
	};

	snprintf(path, sizeof(path), "%s/%s", slot_root(),
		 names[roll(SLOTS)][roll(3)]);
	return path;
}

static int open_any(void)
{
	return open(any_path(), O_WRONLY | O_CLOEXEC);
}

static int any_server(void)
{
	return __atomic_load_n(&servers[roll(SLOTS)], __ATOMIC_ACQUIRE);
}

/* One of these errors, which a list ended by 0 names, may happen. */
static bool may_fail(int ret, ...)
{
	int error = ret < 0 ? errno : 0, allowed;
	va_list list;

	__atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
	va_start(list, ret);
	do {
		allowed = va_arg(list, int);
	} while (allowed && allowed != error);
	va_end(list);
	return error == allowed;
}

/*
 * A descriptor that somebody closes meanwhile may be any other file when it is
 * used, so of the calls on servers only crashes and hangs can tell.
 */
static bool do_replace(void)
{
	static const char *const names[SLOTS] = { "race0", "Race\\1", "race2" };
	int i = roll(SLOTS);
	int old = __atomic_exchange_n(&servers[i], -1, __ATOMIC_ACQ_REL);
	int fd;

	if (old < 0)
		return true;
	close(old);
	fd = slot_create(names[i], 0, roll(3));
	__atomic_store_n(&servers[i], fd, __ATOMIC_RELEASE);
	/* A call of another thread may hold the old one a moment longer. */
	if (fd >= 0 || errno != EEXIST)
		return may_fail(fd, 0);
	do {
		fd = slot_create(names[i], 0, roll(3));
	} while (fd < 0 && errno == EEXIST);
	__atomic_store_n(&servers[i], fd, __ATOMIC_RELEASE);
	return may_fail(fd, 0);
}

static bool do_write(void)
{
	static char buf[70000];
	int fd = open_any();
	bool good = may_fail(fd, ENOENT, 0);
	struct iovec iov = { .iov_base = buf, .iov_len = roll(3000) };
	int i;

	for (i = roll(5); fd >= 0 && good && i; i--)
		good = may_fail(roll(2) ? write(fd, buf, roll(70000)) :
					  writev(fd, &iov, 1),
				EPIPE, ENOBUFS, EMSGSIZE, 0);
	if (fd >= 0)
		close(fd);
	return good;
}

static bool do_bad_write(void)
{
	static char *edge;
	int fd = open_any();
	bool good;

	if (!edge)
		edge = guarded_buffer(100) + 50;
	good = fd < 0 || may_fail(write(fd, edge, 100), EFAULT, EPIPE, ENOBUFS,
				  EMSGSIZE, 0);
	if (fd >= 0)
		close(fd);
	return good;
}

static bool do_poll_writer(void)
{
	int fd = open_any();
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };

	if (fd < 0)
		return errno == ENOENT;
	poll(&pfd, 1, roll(3));
	close(fd);
	return !(pfd.revents & ~(POLLOUT | POLLERR | POLLHUP));
}

static bool do_read(void)
{
	char buf[70000];

	if (read(any_server(), buf, roll(2) ? sizeof(buf) : 100) < 0)
		__atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
	return true;
}

static bool do_receive(void)
{
	char buf[2000];
	struct mailslot_ioctl_recv args = {
		.buf = (uintptr_t)buf,
		.len = roll(sizeof(buf)),
		.flags = roll(8),
	};

	/* Now and then there is nowhere to put it. */
	if (!roll(4))
		args.buf = 0;
	ioctl(any_server(), MAILSLOT_IOC_RECV, &args);
	return true;
}

static bool do_peek(void)
{
	char buf[100];
	struct mailslot_ioctl_recv args = {
		.buf = (uintptr_t)buf,
		.len = sizeof(buf),
		.flags = MAILSLOT_PEEK | MAILSLOT_TRUNC | MAILSLOT_DONTWAIT,
	};

	ioctl(any_server(), MAILSLOT_IOC_RECV, &args);
	return true;
}

static bool do_poll_reader(void)
{
	struct pollfd pfd[2] = {
		{ .fd = any_server(), .events = POLLIN },
		{ .fd = any_server(), .events = POLLIN },
	};

	poll(pfd, 2, roll(3));
	return true;
}

static bool do_epoll(void)
{
	struct epoll_event event;
	int epoll = new_epoll(any_server(), roll(2) ? EPOLLIN :
					    EPOLLIN | EPOLLET | EPOLLEXCLUSIVE);

	if (epoll >= 0) {
		epoll_wait(epoll, &event, 1, roll(3));
		close(epoll);
	}
	return true;
}

static bool do_cancel(void)
{
	ioctl(any_server(), MAILSLOT_IOC_CANCEL);
	slot_set_timeout(any_server(), roll(3));
	info_of(any_server());
	return true;
}

static bool do_lookup(void)
{
	struct stat st;
	int fd;

	if (!may_fail(stat(any_path(), &st), ENOENT, 0))
		return false;
	fd = open(any_path(), O_RDONLY | O_CLOEXEC);
	return may_fail(fd, ENOENT, EBUSY, 0) && fd < 0 &&
	       may_fail(unlink(any_path()), ENOENT, EPERM, 0);
}

static bool do_proc(void)
{
	static const char *const paths[] = {
		"/proc/net/mailslot", "/proc/self/mounts",
	};
	char buf[4096], path[64];
	int fd = open(paths[roll(2)], O_RDONLY | O_CLOEXEC);

	while (read(fd, buf, sizeof(buf)) > 0)
		;
	close(fd);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", any_server());
	first_line(path, buf, sizeof(buf));
	return true;
}

static bool do_list(void)
{
	DIR *dir = opendir(slot_root());
	struct dirent *entry;
	bool good = dir;

	while (dir && (entry = readdir(dir)))
		if (strncasecmp(entry->d_name, "race", 4) &&
		    entry->d_name[0] != '.')
			good = false;
	if (dir)
		closedir(dir);
	return good;
}

static bool do_remount(void)
{
	static const char *const limits[] = {
		DEFAULT_LIMITS, "max_queue_messages=3", "max_message=500",
		"max_queue_bytes=5000", "mode=0777", "slot_mode=0666",
	};

	return may_fail(set_limits(limits[roll(ARRAY_SIZE(limits))]), 0);
}

static bool (*const deeds[])(void) = {
	do_replace, do_write, do_write, do_bad_write, do_poll_writer, do_read,
	do_receive, do_peek, do_poll_reader, do_epoll, do_cancel, do_lookup,
	do_proc, do_list, do_remount,
};

/* Tells which deed failed as it may not: its index and errno. */
static void *do_often(void *arg)
{
	long i = (long)arg;

	seed = i + 1;
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
		if (!deeds[i]())
			return (void *)(i * 1000 + 1000 + errno);
	return NULL;
}

TEST(all_calls_at_once_fail_only_as_they_may)
{
	pthread_t threads[ARRAY_SIZE(deeds)];
	void *failed;
	size_t i;

	for (i = 0; i < SLOTS; i++)
		servers[i] = slot_create(i == 1 ? "Race\\1" :
					 i ? "race2" : "race0", 0, 1);
	for (i = 0; i < ARRAY_SIZE(deeds); i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, do_often,
					    (void *)i));
	sleep(10);
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	for (i = 0; i < ARRAY_SIZE(deeds); i++) {
		pthread_join(threads[i], &failed);
		EXPECT_EQ(NULL, failed) {
			TH_LOG("deed %ld, errno %ld", (long)failed / 1000 - 1,
			       (long)failed % 1000);
		}
	}
	TH_LOG("%ld calls that could be judged", calls);
	EXPECT_OK(set_limits(DEFAULT_LIMITS));
	for (i = 0; i < SLOTS; i++)
		close(servers[i]);
	EXPECT_FALSE(slot_exists("race0"));
	EXPECT_FALSE(slot_exists("race\\1"));
	EXPECT_FALSE(slot_exists("race2"));
}

TEST_HARNESS_MAIN
