/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all suites in C share. Include this instead of kselftest_harness.h.
 *
 * Every helper that stands for a system call returns what that call returns,
 * -1 and errno on failure, so that EXPECT_ERR() works on it. Nothing here
 * sleeps and hopes: what has to wait, waits for a condition.
 */
#ifndef _MAILSLOT_TEST_H
#define _MAILSLOT_TEST_H

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

#include <linux/mailslot.h>

#include "kselftest_harness.h"

/*
 * A single test that hangs is stopped before the whole suite is, on kernels
 * with all their checkers as well.
 */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	100

/* Two ordinary users. */
#define ALICE	1000
#define BOB	1001

/* The error of a call that returned @ret, 0 if it was none. */
static inline int error_of(long ret)
{
	return ret < 0 ? errno : 0;
}

/* The call fails, and with this error. */
#define EXPECT_ERR(call, error)	EXPECT_EQ(error, error_of(call))
#define ASSERT_ERR(call, error)	ASSERT_EQ(error, error_of(call))
/* The call succeeds. */
#define EXPECT_OK(call)		EXPECT_EQ(0, error_of(call))
#define ASSERT_OK(call)		ASSERT_EQ(0, error_of(call))

/* How many times longer than usual a wait may take on this kernel. */
static inline int slowness(void)
{
	const char *slow = getenv("MAILSLOT_SLOW");

	return slow ? atoi(slow) : 1;
}

static inline bool on_debug_kernel(void)
{
	const char *kernel = getenv("MAILSLOT_KERNEL");

	return kernel && !strcmp(kernel, "debug");
}

/* --- Clocks, and waiting for conditions --------------------------------- */

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static inline uint64_t now_ms(void)
{
	return clock_ns(CLOCK_MONOTONIC) / 1000000;
}

static inline void nap(void)
{
	const struct timespec ms = { .tv_nsec = 1000000 };

	nanosleep(&ms, NULL);
}

/* Whether @condition came true within ten seconds (more on slow kernels). */
#define wait_until(condition) ({				\
	uint64_t __end = now_ms() + 10000 * slowness();		\
	bool __true;						\
								\
	while (!(__true = (condition)) && now_ms() < __end)	\
		nap();						\
	__true;							\
})

/* The first line of a file, without its end; "" if there is none. */
static inline const char *first_line(const char *path, char *line, int size)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (!file)
		return line;
	if (!fgets(line, size, file))
		line[0] = '\0';
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/*
 * Whether a thread sleeps in a system call, SYS_read for example; -1 is any.
 * The kernel answers "running" unless the thread is really off its processor.
 */
static inline bool is_blocked(pid_t tid, long call)
{
	char path[64], line[256];

	snprintf(path, sizeof(path), "/proc/%d/syscall", tid);
	first_line(path, line, sizeof(line));
	if (line[0] < '0' || line[0] > '9')
		return false;
	return call < 0 || atol(line) == call;
}

static inline bool wait_blocked(pid_t tid, long call)
{
	return wait_until(is_blocked(tid, call));
}

/* Waits for a child; its exit status, or 128 + the signal that killed it. */
static inline int exit_of(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   128 + WTERMSIG(status);
}

/* --- Slots ---------------------------------------------------------------- */

/* The mount that the helpers below work in; see use_mount(). */
static char test_root[256];

static inline const char *slot_root(void)
{
	const char *root = getenv("MAILSLOT_ROOT");

	if (!test_root[0])
		snprintf(test_root, sizeof(test_root), "%s",
			 root ? root : "/dev/mailslot");
	return test_root;
}

static inline void use_mount(const char *path)
{
	snprintf(test_root, sizeof(test_root), "%s", path);
}

/* The path of a slot, good until the eighth next call. */
static inline const char *slot_path(const char *name)
{
	static char paths[8][1024];
	static int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", slot_root(), name);
	return path;
}

/* The server end of a new slot, as the shell's <> opens it. */
static inline int slot_serve(const char *name)
{
	return open(slot_path(name), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
}

/* A client end. */
static inline int slot_open(const char *name)
{
	return open(slot_path(name), O_WRONLY | O_CLOEXEC);
}

static inline bool slot_exists(const char *name)
{
	struct stat st;

	return !stat(slot_path(name), &st);
}

/* The create ioctl with a struct of any size at @args. */
static inline int slot_create_sized(const void *args, size_t size)
{
	int dir = open(slot_root(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd, err;

	if (dir < 0)
		return -1;
	fd = ioctl(dir, _IOC(_IOC_WRITE, MAILSLOT_IOC_MAGIC,
			     _IOC_NR(MAILSLOT_IOC_CREATE), size), args);
	err = errno;
	close(dir);
	errno = err;
	return fd;
}

static inline int slot_create_with(const struct mailslot_ioctl_create *args)
{
	return slot_create_sized(args, sizeof(*args));
}

/* The server end of a new slot, made by the create ioctl. */
static inline int slot_create(const char *name, uint32_t max_message_size,
			      uint32_t read_timeout_ms)
{
	struct mailslot_ioctl_create args = {
		.name = (uintptr_t)name,
		.max_message_size = max_message_size,
		.read_timeout_ms = read_timeout_ms,
		.open_flags = O_CLOEXEC,
	};

	return slot_create_with(&args);
}

static inline int slot_info(int fd, struct mailslot_ioctl_info *info)
{
	return ioctl(fd, MAILSLOT_IOC_GET_INFO, info);
}

/* Messages that wait in a slot, or -1. */
static inline long slot_count(int fd)
{
	struct mailslot_ioctl_info info;

	return slot_info(fd, &info) ? -1 : (long)info.message_count;
}

static inline int slot_set_timeout(int fd, uint32_t read_timeout_ms)
{
	struct mailslot_ioctl_set set = {
		.mask = MAILSLOT_SET_TIMEOUT,
		.read_timeout_ms = read_timeout_ms,
	};

	return ioctl(fd, MAILSLOT_IOC_SET_INFO, &set);
}

/* Writes a string without its NUL. */
static inline ssize_t say(int fd, const char *text)
{
	return write(fd, text, strlen(text));
}

/* Whether the next message is this string; never waits. */
static inline bool hears(int fd, const char *text)
{
	char buf[4096];
	struct mailslot_ioctl_recv args = {
		.buf = (uintptr_t)buf,
		.len = sizeof(buf),
		.flags = MAILSLOT_DONTWAIT,
	};

	return !ioctl(fd, MAILSLOT_IOC_RECV, &args) &&
	       args.size == strlen(text) && !memcmp(buf, text, args.size);
}

/* An address that can be neither read nor written. */
static inline void *bad_address(void)
{
	static void *page;

	if (!page)
		page = mmap(NULL, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
	return page;
}

/* poll(2) for one descriptor without waiting: the events, or -1. */
static inline int poll_now(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	return poll(&pfd, 1, 0) < 0 ? -1 : pfd.revents;
}

/* --- A thread that reads -------------------------------------------------- */

/**
 * struct reader - one read(2) in a thread of its own
 * @fd: What to read.
 * @buf: Where to.
 * @len: How much.
 * @ret: What read() returned.
 * @error: Its errno, 0 if it succeeded.
 * @done_ns: CLOCK_MONOTONIC when it returned; 0 while it has not.
 * @tid: The thread.
 * @thread: The same for pthread_join().
 */
struct reader {
	int fd;
	void *buf;
	size_t len;
	ssize_t ret;
	int error;
	uint64_t done_ns;
	pid_t tid;
	pthread_t thread;
};

static inline void *reader_main(void *arg)
{
	struct reader *reader = arg;

	__atomic_store_n(&reader->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	reader->ret = read(reader->fd, reader->buf, reader->len);
	reader->error = error_of(reader->ret);
	__atomic_store_n(&reader->done_ns, clock_ns(CLOCK_MONOTONIC),
			 __ATOMIC_RELEASE);
	return NULL;
}

static inline bool reader_done(struct reader *reader)
{
	return __atomic_load_n(&reader->done_ns, __ATOMIC_ACQUIRE);
}

/* Whether the thread now sleeps in its read. */
static inline bool reader_start(struct reader *reader, int fd, void *buf,
				size_t len)
{
	memset(reader, 0, sizeof(*reader));
	reader->fd = fd;
	reader->buf = buf;
	reader->len = len;
	if (pthread_create(&reader->thread, NULL, reader_main, reader))
		return false;
	return wait_until(__atomic_load_n(&reader->tid, __ATOMIC_ACQUIRE)) &&
	       wait_blocked(reader->tid, SYS_read);
}

/* What the read returned, once it has; with its errno. */
static inline ssize_t reader_join(struct reader *reader)
{
	pthread_join(reader->thread, NULL);
	errno = reader->error;
	return reader->ret;
}

/* --- Other users, other namespaces ---------------------------------------- */

/* Ends the process if it cannot become this user, with no rights but its own. */
static inline void become(uid_t uid)
{
	/* Dumpable, for otherwise /proc/self would stay root's. */
	if (setgroups(0, NULL) || setresgid(uid, uid, uid) ||
	    setresuid(uid, uid, uid) || prctl(PR_SET_DUMPABLE, 1)) {
		perror("become");
		_exit(199);
	}
}

/*
 * What @function returns (0 to 255: an errno, for example) when a child of
 * ours calls it as user @uid.
 */
static inline int as_user(uid_t uid, int (*function)(const char *arg),
			  const char *arg)
{
	pid_t pid = fork();

	if (!pid) {
		become(uid);
		_exit(function(arg));
	}
	return exit_of(pid);
}

static inline int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = fd < 0 || write(fd, text, strlen(text)) < 0 ? -1 : 0;

	if (fd >= 0)
		close(fd);
	return err;
}

/* A directory that is gone with the mount namespace, and a mount on it. */
static inline int mount_slots(const char *dir, const char *options)
{
	if (mkdir(dir, 0755) && errno != EEXIST)
		return -1;
	if (mount("mailslot", dir, "mailslot", 0, options))
		return -1;
	use_mount(dir);
	return 0;
}

/* New network and mount namespaces, in which mounts stay to themselves. */
static inline int enter_netns(void)
{
	if (unshare(CLONE_NEWNET | CLONE_NEWNS))
		return -1;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

/*
 * The same in a new user namespace, whose root we are: any user may. Needs a
 * process with one thread.
 */
static inline int enter_userns(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();
	char map[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS))
		return -1;
	snprintf(map, sizeof(map), "0 %u 1", uid);
	if (write_file("/proc/self/setgroups", "deny") ||
	    write_file("/proc/self/uid_map", map))
		return -1;
	snprintf(map, sizeof(map), "0 %u 1", gid);
	if (write_file("/proc/self/gid_map", map))
		return -1;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

#endif /* _MAILSLOT_TEST_H */
