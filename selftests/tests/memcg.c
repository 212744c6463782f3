// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who pays for messages: the memory cgroup of the writer, or, for the buffers
 * that a slot keeps to use them again, the slot's creator. Nobody else.
 */
#include "mailslot_test.h"

#define GROUPS	"/sys/fs/cgroup/"
#define CREATOR	GROUPS "mailslot-creator"
#define WRITER	GROUPS "mailslot-writer"
#define MIB	1048576L

static const char *file_of(const char *group, const char *file)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", group, file);
	return path;
}

/* The value behind a word in a file of a group; -1 if there is none. */
static long value_of(const char *group, const char *file, const char *word)
{
	FILE *stream = fopen(file_of(group, file), "re");
	long value, found = -1;
	char name[64];

	while (stream && fscanf(stream, "%63s %ld", name, &value) == 2)
		if (!strcmp(name, word))
			found = value;
	if (stream)
		fclose(stream);
	return found;
}

static long kernel_memory(const char *group)
{
	return value_of(group, "memory.stat", "kernel");
}

/* Statistics lag behind a little; the debug kernel pads what it allocates. */
static bool pays(const char *group, long from, long to)
{
	if (on_debug_kernel())
		to *= 2;
	return wait_until(kernel_memory(group) >= from &&
			  kernel_memory(group) < to);
}

#define EXPECT_PAYS(group, from, to)				\
	EXPECT_TRUE(pays(group, from, to))			\
		TH_LOG("%s: %ld bytes", group, kernel_memory(group))

/* A group that is killed is not empty at once. */
static void remove_group(const char *group)
{
	write_file(file_of(group, "cgroup.kill"), "1");
	wait_until(!rmdir(group) || errno == ENOENT);
}

/* Makes the group that the caller's child is to live in. */
static pid_t fork_into(const char *group)
{
	pid_t pid = fork();

	if (!pid && write_file(file_of(group, "cgroup.procs"), "0"))
		_exit(200);
	return pid;
}

FIXTURE(memcg) {
	pid_t server;
	int hold[2];
};

FIXTURE_SETUP(memcg)
{
	char line[256];

	first_line(GROUPS "cgroup.subtree_control", line, sizeof(line));
	if (!strstr(line, "memory"))
		SKIP(return, "no memory controller");
	remove_group(CREATOR);
	remove_group(WRITER);
	ASSERT_OK(mkdir(CREATOR, 0755));
	ASSERT_OK(mkdir(WRITER, 0755));
	ASSERT_LE(0, kernel_memory(WRITER));
}

FIXTURE_TEARDOWN(memcg)
{
	remove_group(CREATOR);
	remove_group(WRITER);
}

static const char *numbered(int n)
{
	static char name[16];

	snprintf(name, sizeof(name), "slot%d", n);
	return name;
}

static void serve_and_wait(int ready, int slots)
{
	char c = 0;
	int i;

	for (i = 0; i < slots; i++)
		if (slot_serve(numbered(i)) < 0)
			c = errno;
	if (write(ready, &c, 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

/* A process in the creator's group with that many slots; whether it has. */
static bool start_server(pid_t *server, int slots)
{
	int ready[2];
	char c = 1;

	if (pipe(ready))
		return false;
	*server = fork_into(CREATOR);
	if (!*server)
		serve_and_wait(ready[1], slots);
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		return false;
	close(ready[0]);
	return !c;
}

static int stop_server(pid_t server)
{
	kill(server, SIGKILL);
	return exit_of(server);
}

/* Messages from the writer's group to each of so many slots; its errno. */
static int send_from_writer(int slots, int messages, size_t size)
{
	pid_t pid = fork_into(WRITER);
	int i, n;

	if (pid)
		return exit_of(pid);
	for (i = 0; i < slots; i++) {
		int client = slot_open(numbered(i));
		char *buf = calloc(1, size);

		for (n = 0; n < messages; n++)
			if (write(client, buf, size) != (ssize_t)size)
				_exit(errno);
		close(client);
		free(buf);
	}
	_exit(0);
}

static int waiting(const char *name)
{
	int client = slot_open(name), n = slot_count(client);

	close(client);
	return n;
}

TEST_F(memcg, queued_messages_are_the_writers)
{
	ASSERT_TRUE(start_server(&self->server, 1));
	EXPECT_EQ(0, send_from_writer(1, 128, 131072));
	EXPECT_EQ(128, waiting(numbered(0)));
	EXPECT_PAYS(WRITER, 16 * MIB, 18 * MIB);
	EXPECT_PAYS(CREATOR, 0, 2 * MIB);
	/* Nobody pays when the slot is gone. */
	EXPECT_EQ(128 + SIGKILL, stop_server(self->server));
	EXPECT_PAYS(WRITER, 0, MIB);
}

TEST_F(memcg, so_are_small_ones)
{
	ASSERT_TRUE(start_server(&self->server, 1));
	EXPECT_EQ(0, send_from_writer(1, 10000, 900));
	EXPECT_EQ(10000, waiting(numbered(0)));
	EXPECT_PAYS(WRITER, 10000 * 900, 12 * MIB);
	EXPECT_PAYS(CREATOR, 0, 2 * MIB);
	EXPECT_EQ(128 + SIGKILL, stop_server(self->server));
	EXPECT_PAYS(WRITER, 0, MIB);
}

/* A slot that is emptied keeps a few buffers, but none of the writer's. */
TEST_F(memcg, what_was_read_is_nobodys_but_for_a_little_of_the_creators)
{
	char *buf = malloc(131072);
	int server, i;
	pid_t pid;

	pid = fork_into(CREATOR);
	if (!pid) {
		server = slot_serve(numbered(0));
		while (slot_count(server) < 100)
			nap();
		for (i = 0; i < 100; i++)
			if (read(server, buf, 131072) != 131072)
				_exit(1);
		for (;;)
			pause();
	}
	ASSERT_TRUE(wait_until(slot_exists(numbered(0))));
	EXPECT_EQ(0, send_from_writer(1, 100, 131072));
	EXPECT_TRUE(wait_until(waiting(numbered(0)) == 0));
	EXPECT_PAYS(WRITER, 0, MIB);
	EXPECT_PAYS(CREATOR, 0, 2 * MIB);
	EXPECT_EQ(128 + SIGKILL, stop_server(pid));
}

/* A message of 60,000 bytes is in a buffer that its slot will keep. */
TEST_F(memcg, buffers_that_slots_keep_are_their_creators)
{
	ASSERT_TRUE(start_server(&self->server, 200));
	EXPECT_EQ(0, send_from_writer(200, 1, 60000));
	EXPECT_PAYS(CREATOR, 200 * 60000, 18 * MIB);
	EXPECT_PAYS(WRITER, 0, 2 * MIB);
	EXPECT_EQ(128 + SIGKILL, stop_server(self->server));
	EXPECT_PAYS(CREATOR, 0, 2 * MIB);
}

TEST_F(memcg, so_are_small_buffers_that_slots_keep)
{
	ASSERT_TRUE(start_server(&self->server, 200));
	EXPECT_EQ(0, send_from_writer(200, 16, 1900));
	EXPECT_PAYS(CREATOR, 200 * 16 * 1900, 10 * MIB);
	EXPECT_PAYS(WRITER, 0, 2 * MIB);
	/* And no more than these 16. */
	EXPECT_EQ(0, send_from_writer(200, 20, 1900));
	EXPECT_PAYS(CREATOR, 200 * 16 * 1900, 10 * MIB);
	EXPECT_PAYS(WRITER, 200 * 20 * 1900, 10 * MIB);
	EXPECT_EQ(128 + SIGKILL, stop_server(self->server));
	EXPECT_PAYS(CREATOR, 0, 2 * MIB);
	EXPECT_PAYS(WRITER, 0, 2 * MIB);
}

TEST_F(memcg, a_creator_with_a_full_group_is_not_killed_for_its_writers)
{
	char limit[32], line[32];

	ASSERT_TRUE(start_server(&self->server, 200));
	first_line(CREATOR "/memory.current", line, sizeof(line));
	snprintf(limit, sizeof(limit), "%ld", atol(line) + 65536);
	ASSERT_OK(write_file(CREATOR "/memory.max", limit));
	EXPECT_EQ(0, send_from_writer(200, 1, 60000));
	EXPECT_EQ(0, send_from_writer(200, 16, 1900));
	EXPECT_PAYS(WRITER, 180 * 60000L, 26 * MIB);
	EXPECT_EQ(17, waiting(numbered(199)));
	EXPECT_EQ(0, value_of(CREATOR, "memory.events", "oom_kill"));
	/* It lives. */
	EXPECT_EQ(0, kill(self->server, 0));
	EXPECT_EQ(0, waitpid(self->server, NULL, WNOHANG));
	EXPECT_EQ(128 + SIGKILL, stop_server(self->server));
}

/*
 * Writes messages of a size until that fails, in a group that becomes full; the
 * errno. Nothing but the write must need memory by then.
 */
static int write_until_full(size_t size)
{
	static char buf[65536];
	pid_t pid = fork_into(WRITER);
	int client, n;

	if (pid)
		return exit_of(pid);
	client = slot_open(numbered(0));
	if (client < 0 || mlockall(MCL_CURRENT))
		_exit(201);
	for (n = 0; n < 100000; n++)
		if (write(client, buf, size) < 0)
			_exit(errno);
	_exit(0);
}

static uint64_t memory_drops(int fd)
{
	struct mailslot_ioctl_info info;

	return slot_info(fd, &info) ? UINT64_MAX : info.dropped_no_memory;
}

static void fill_group(struct __test_metadata *_metadata, size_t size)
{
	int client = slot_open(numbered(0));
	long queued;

	ASSERT_OK(write_file(WRITER "/memory.max", "8M"));
	EXPECT_EQ(ENOMEM, write_until_full(size));
	EXPECT_EQ(1, memory_drops(client));
	/* Nobody is killed to make room. */
	EXPECT_EQ(0, value_of(WRITER, "memory.events", "oom_kill"));
	EXPECT_EQ(0, value_of(CREATOR, "memory.events", "oom_kill"));
	EXPECT_PAYS(WRITER, 6 * MIB, 8 * MIB + 1);
	/* What was sent before that waits, and others can still send. */
	queued = slot_count(client);
	EXPECT_LT(6 * MIB / 65536, queued);
	EXPECT_EQ(4, say(client, "mail"));
	EXPECT_EQ(queued + 1, slot_count(client));
}

TEST_F(memcg, a_writer_with_a_full_group_gets_enomem_and_hurts_nobody)
{
	ASSERT_TRUE(start_server(&self->server, 1));
	fill_group(_metadata, 65536);
	EXPECT_EQ(128 + SIGKILL, stop_server(self->server));
	EXPECT_PAYS(WRITER, 0, MIB);
}

TEST_F(memcg, nor_does_one_that_fills_it_with_small_messages)
{
	ASSERT_TRUE(start_server(&self->server, 1));
	fill_group(_metadata, 900);
	EXPECT_EQ(128 + SIGKILL, stop_server(self->server));
	EXPECT_PAYS(WRITER, 0, MIB);
}

TEST_HARNESS_MAIN
