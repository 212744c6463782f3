// SPDX-License-Identifier: GPL-2.0-only
/*
 * Servers and clients are killed at random moments, for a minute where the debug
 * kernel watches. A killed server's name is free at once, and at the end nothing
 * is left: the module can be unloaded.
 *
 * suite-timeout: 200
 * suite-kernels: 6.1 debug
 */
#include <sys/prctl.h>

#include "io_test.h"

#define SERVERS	4
#define CLIENTS	6

static unsigned int seed;

static unsigned int roll(unsigned int sides)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % sides;
}

static const char *name_of(int i)
{
	static const char *const names[SERVERS] = {
		"alpha", "Beta\\one", "gamma", "\303\204rger",
	};

	return names[i];
}

static void receive_somehow(int server)
{
	char buf[5000];
	struct mailslot_ioctl_recv args = {
		.buf = (uintptr_t)buf,
		.len = roll(2) ? sizeof(buf) : 100,
		.flags = roll(8),
	};
	struct pollfd pfd = { .fd = server, .events = POLLIN };

	switch (roll(5)) {
	case 0:
		poll(&pfd, 1, roll(5));
		break;
	case 1:
		ioctl(server, MAILSLOT_IOC_RECV, &args);
		break;
	case 2:
		slot_set_timeout(server, roll(4));
		break;
	default:
		while (read(server, buf, sizeof(buf)) >= 0)
			;
	}
}

static void be_server(int i)
{
	int server;

	server = roll(2) ? slot_serve(name_of(i)) :
			   slot_create(name_of(i), 0, roll(3));
	if (server < 0)
		_exit(1);
	/* Others may read it, too; they must not keep it when we are killed. */
	for (;;)
		receive_somehow(server);
}

static void be_client(void)
{
	char *buf = calloc(1, 100000);
	char other[64];
	int i, fd;

	for (;;) {
		snprintf(other, sizeof(other), "\\\\.\\MAILSLOT\\%s",
			 name_of(roll(SERVERS)));
		fd = slot_open(roll(2) ? other : other + 13);
		for (i = roll(20); fd >= 0 && i; i--) {
			struct pollfd pfd = { .fd = fd, .events = POLLOUT };

			if (write(fd, buf, roll(roll(10) ? 4000 : 100000)) < 0)
				poll(&pfd, 1, roll(3));
		}
		if (fd >= 0)
			close(fd);
	}
}

static pid_t start(int i)
{
	pid_t pid;

	seed = seed * 69069 + 1;
	pid = fork();
	if (pid)
		return pid;
	/* Dies with the test, if that dies. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (i < SERVERS)
		be_server(i);
	be_client();
	_exit(0);
}

/* Right after its server was killed a name must be free. */
static bool name_is_free(const char *name)
{
	int fd;

	if (slot_exists(name))
		return false;
	fd = open(slot_path(name), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	close(fd);
	return !slot_exists(name);
}

static int slots_listed(void)
{
	DIR *dir = opendir(slot_root());
	int n = 0;

	if (!dir)
		return -1;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

static long slots_counted(void)
{
	char line[128];

	first_line("/proc/net/mailslot", line, sizeof(line));
	return strncmp(line, "counter slots ", 14) ? -1 : atol(line + 14);
}

FIXTURE(chaos) {
	pid_t pids[SERVERS + CLIENTS];
};

FIXTURE_SETUP(chaos)
{
	int i;

	seed = now_ms();
	TH_LOG("seed %u", seed);
	ASSERT_OK(set_limits("max_queue_messages=50"));
	for (i = 0; i < SERVERS + CLIENTS; i++)
		self->pids[i] = start(i);
}

FIXTURE_TEARDOWN(chaos)
{
	EXPECT_OK(set_limits(DEFAULT_LIMITS));
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST_F_TIMEOUT(chaos, killed_servers_leave_their_names_free_at_once, 180)
{
	uint64_t end_ms = now_ms() + (slowness() > 1 ? 60 : 15) * 1000;
	int killed[2] = {};
	int i;

	while (now_ms() < end_ms) {
		/* From in the middle of the first call to much later. */
		usleep(roll(2) ? roll(2000) : roll(50000));
		i = roll(SERVERS + CLIENTS);
		end(self->pids[i]);
		killed[i < SERVERS]++;
		if (i < SERVERS)
			ASSERT_TRUE(name_is_free(name_of(i)));
		self->pids[i] = start(i);
	}
	for (i = 0; i < SERVERS + CLIENTS; i++)
		end(self->pids[i]);
	TH_LOG("%d servers and %d clients killed", killed[1], killed[0]);
	EXPECT_EQ(0, slots_listed());
	EXPECT_EQ(0, slots_counted());
}

/* --- And afterwards ---------------------------------------------------------------- */

static int load_module(void)
{
	const char *path = getenv("MAILSLOT_KO");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	int ret = fd < 0 ? -1 : syscall(SYS_finit_module, fd, "", 0);

	if (fd >= 0)
		close(fd);
	return ret;
}

/* Fixtures run in this order. */
FIXTURE(afterwards) {
	const char *root;
};

FIXTURE_SETUP(afterwards)
{
	self->root = slot_root();
}

FIXTURE_TEARDOWN(afterwards)
{
}

TEST_F(afterwards, the_module_can_be_unloaded_and_loaded_again)
{
	ASSERT_TRUE(wait_until(!umount(self->root)));
	EXPECT_OK(syscall(SYS_delete_module, "mailslot", O_NONBLOCK));
	EXPECT_NE(0, access("/proc/net/mailslot", F_OK));
	ASSERT_OK(load_module());
	ASSERT_OK(mount("mailslot", self->root, "mailslot", 0, ""));
	EXPECT_EQ(0, slots_counted());
}

TEST_HARNESS_MAIN
