// SPDX-License-Identifier: GPL-2.0-only
/*
 * What /proc and the tracepoints tell about slots.
 */
#include "io_test.h"

FIXTURE(box) {
	int server;
	int client;
	struct mailslot_ioctl_info info;
};

static const char big[2000];

/* A slot with something in every figure that an ordinary user can cause. */
FIXTURE_SETUP(box)
{
	ASSERT_OK(set_limits(DEFAULT_LIMITS));
	self->server = slot_create("Box\\of mine", 1000, 1234);
	ASSERT_LE(0, self->server);
	self->client = slot_open("box\\OF MINE");
	ASSERT_LE(0, self->client);
	EXPECT_EQ(5, say(self->client, "first"));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(3, say(self->client, "you"));
	EXPECT_TRUE(hears(self->server, "first"));
	EXPECT_ERR(write(self->client, big, 1001), EMSGSIZE);
	EXPECT_ERR(write(self->client, big, 2000), EMSGSIZE);
	ASSERT_OK(set_limits("max_queue_messages=2"));
	EXPECT_ERR(say(self->client, "no"), ENOBUFS);
	ASSERT_OK(set_limits(DEFAULT_LIMITS));
	self->info = info_of(self->server);
}

FIXTURE_TEARDOWN(box)
{
	close(self->client);
	close(self->server);
}

/* --- /proc/PID/fdinfo ----------------------------------------------------------- */

/* What follows "KEY:" in the fdinfo of a descriptor. */
static const char *fdinfo(int fd, const char *key)
{
	static char line[256];
	size_t len = strlen(key);
	const char *value = "not there";
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, key, len) || line[len] != ':')
			continue;
		value = line + len + 1;
		value += strspn(value, " \t");
		break;
	}
	if (file)
		fclose(file);
	return value;
}

TEST_F(box, fdinfo_tells_what_get_info_tells)
{
	const int fds[] = { self->server, self->client };
	const struct mailslot_ioctl_info *info = &self->info;
	int i;

	for (i = 0; i < 2; i++) {
		int fd = fds[i];

		EXPECT_STREQ(i ? "client" : "server",
			     fdinfo(fd, "mailslot-end"));
		EXPECT_EQ(1000, atoll(fdinfo(fd, "max-message-size")));
		EXPECT_STREQ("5", fdinfo(fd, "next-size"));
		EXPECT_STREQ("2", fdinfo(fd, "message-count"));
		EXPECT_STREQ("1234", fdinfo(fd, "read-timeout-ms"));
		EXPECT_STREQ("8", fdinfo(fd, "queued-bytes"));
		EXPECT_STREQ("3", fdinfo(fd, "delivered"));
		EXPECT_STREQ("2", fdinfo(fd, "dropped-too-long"));
		EXPECT_STREQ("1", fdinfo(fd, "dropped-queue-full"));
		EXPECT_STREQ("0", fdinfo(fd, "dropped-user-quota"));
		EXPECT_STREQ("0", fdinfo(fd, "dropped-no-memory"));
	}
	EXPECT_EQ(2, info->dropped_too_long);
	EXPECT_EQ(1, info->dropped_queue_full);
	EXPECT_EQ(2, drain(self->server));
	EXPECT_STREQ("none", fdinfo(self->server, "next-size"));
	EXPECT_STREQ("0", fdinfo(self->client, "message-count"));
	close(self->server);
	EXPECT_STREQ("client", fdinfo(self->client, "mailslot-end"));
	EXPECT_STREQ("3", fdinfo(self->client, "delivered"));
}

/* --- /proc/net/mailslot ---------------------------------------------------------- */

/* The first line that begins with @start, wholly; "" if there is none. */
static const char *proc_line(const char *start, char *line, int size)
{
	FILE *file = fopen("/proc/net/mailslot", "re");
	bool found = false;

	while (file && !found && fgets(line, size, file))
		found = !strncmp(line, start, strlen(start));
	if (file)
		fclose(file);
	if (!found)
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static long long counter(const char *name)
{
	char line[256], start[64];

	snprintf(start, sizeof(start), "counter %s ", name);
	proc_line(start, line, sizeof(line));
	return line[0] ? atoll(line + strlen(start)) : -1;
}

TEST_F(box, proc_has_a_line_for_each_slot)
{
	int other = slot_serve("other");
	char line[512];
	FILE *file;
	int n = 0;

	EXPECT_STREQ("slot 1000 1234 2 8 3 2 1 0 0 0 0 0622 Box\\of mine",
		     proc_line("slot 1000 ", line, sizeof(line)));
	EXPECT_STREQ("slot 0 4294967295 0 0 0 0 0 0 0 0 0 0622 other",
		     proc_line("slot 0 ", line, sizeof(line)));
	file = fopen("/proc/net/mailslot", "re");
	while (fgets(line, sizeof(line), file))
		n += !strncmp(line, "slot ", 5);
	fclose(file);
	EXPECT_EQ(2, n);
	EXPECT_EQ(2, counter("slots"));
	close(other);
	EXPECT_EQ(1, counter("slots"));
	EXPECT_STREQ("", proc_line("slot 0 ", line, sizeof(line)));
}

TEST_F(box, counters_add_up_over_slots_that_are_and_were)
{
	long long created = counter("created");
	long long delivered = counter("delivered");
	long long too_long = counter("dropped_too_long");
	long long full = counter("dropped_queue_full");
	int other = slot_create("other", 1, 0);
	int client = slot_open("other");

	EXPECT_EQ(0, counter("dropped_user_quota"));
	EXPECT_EQ(0, counter("dropped_no_memory"));
	EXPECT_EQ(1, say(client, "x"));
	EXPECT_ERR(say(client, "xx"), EMSGSIZE);
	EXPECT_EQ(created + 1, counter("created"));
	EXPECT_EQ(delivered + 1, counter("delivered"));
	EXPECT_EQ(too_long + 1, counter("dropped_too_long"));
	close(other);
	EXPECT_EQ(1, counter("slots"));
	EXPECT_EQ(created + 1, counter("created"));
	EXPECT_EQ(delivered + 1, counter("delivered"));
	EXPECT_EQ(too_long + 1, counter("dropped_too_long"));
	close(self->server);
	EXPECT_EQ(0, counter("slots"));
	EXPECT_EQ(delivered + 1, counter("delivered"));
	EXPECT_EQ(full, counter("dropped_queue_full"));
	close(client);
}

struct churner {
	bool stop;
	long long sent;
};

static void *come_and_go(void *arg)
{
	struct churner *churner = arg;

	while (!__atomic_load_n(&churner->stop, __ATOMIC_ACQUIRE)) {
		int server = slot_create("brief", 0, 0);
		int client = slot_open("brief");
		int i;

		for (i = 0; i < 200; i++)
			churner->sent += say(client, "x");
		close(client);
		close(server);
	}
	return NULL;
}

/* Whoever draws a curve of them would see it fall. */
TEST_F(box, counters_never_fall_while_slots_come_and_go)
{
	long long start = counter("delivered"), last = start, now;
	struct churner churner = {};
	pthread_t thread;
	int i;

	ASSERT_EQ(0, pthread_create(&thread, NULL, come_and_go, &churner));
	for (i = 0; i < 1000 / slowness(); i++) {
		now = counter("delivered");
		EXPECT_LE(last, now);
		last = now;
	}
	__atomic_store_n(&churner.stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	EXPECT_LE(last, counter("delivered"));
	EXPECT_EQ(start + churner.sent, counter("delivered"));
}

TEST_F(box, a_list_longer_than_a_page_is_whole)
{
	char line[512], name[64];
	int servers[300], seen[300] = {};
	FILE *file;
	int i, n;

	for (i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "slot-number-%d-of-300", i);
		servers[i] = slot_create(name, 7, 0);
		ASSERT_LE(0, servers[i]);
	}
	file = fopen("/proc/net/mailslot", "re");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "slot 7 %*u %*u %*u %*u %*u %*u %*u %*u %*x "
			   "%*u %*u slot-number-%d-of-300", &n) == 1)
			seen[n]++;
	fclose(file);
	for (i = 0; i < 300; i++) {
		EXPECT_EQ(1, seen[i]);
		close(servers[i]);
	}
}

/* /proc/net is that of who asks, so look from a process that is there. */
static int look_from_another_machine(void)
{
	char line[512];
	int server;

	if (enter_netns())
		return 1;
	if (counter("slots") != -1 || proc_line("", line, sizeof(line))[0])
		return 2;
	if (mount_slots("/tmp/elsewhere", ""))
		return 3;
	if (counter("slots") != 0 || counter("delivered") != 0)
		return 4;
	server = slot_create("elsewhere", 5, 0);
	if (say(slot_open("elsewhere"), "x") != 1 || counter("slots") != 1 ||
	    counter("delivered") != 1 || counter("created") != 1)
		return 5;
	if (strcmp(proc_line("slot ", line, sizeof(line)),
		   "slot 5 0 1 1 1 0 0 0 0 0 0 0622 elsewhere"))
		return 6;
	return server < 0;
}

TEST_F(box, each_network_namespace_has_its_own_list)
{
	long long delivered = counter("delivered");
	char line[512];
	pid_t pid = fork();

	if (!pid)
		_exit(look_from_another_machine());
	EXPECT_EQ(0, exit_of(pid));
	EXPECT_EQ(1, counter("slots"));
	EXPECT_EQ(delivered, counter("delivered"));
	EXPECT_STREQ("", proc_line("slot 5 ", line, sizeof(line)));
}

/* --- Tracepoints -------------------------------------------------------------------- */

#define TRACING	"/sys/kernel/tracing/instances/mailslot-test"

/* How many lines of the trace hold both texts. */
static int traced(const char *event, const char *what)
{
	FILE *file = fopen(TRACING "/trace", "re");
	char line[512], *at;
	int n = 0;

	while (file && fgets(line, sizeof(line), file)) {
		at = strstr(line, event);
		n += at && at[strlen(event)] == ':' && strstr(at, what);
	}
	if (file)
		fclose(file);
	return n;
}

TEST_F(box, tracepoints_tell_what_happens)
{
	struct stat st;
	char slot[64];
	int server, client;

	rmdir(TRACING);
	if (mkdir(TRACING, 0755))
		SKIP(return, "no tracing");
	ASSERT_OK(write_file(TRACING "/events/mailslot/enable", "1"));
	server = slot_create("Traced", 10, 99);
	ASSERT_LE(0, server);
	client = slot_open("traced");
	ASSERT_OK(fstat(server, &st));
	EXPECT_EQ(7, say(client, "seventh"));
	EXPECT_EQ(3, say(client, "you"));
	EXPECT_ERR(write(client, big, 11), EMSGSIZE);
	EXPECT_TRUE(hears(server, "seventh"));
	ASSERT_OK(set_limits("max_queue_messages=1"));
	EXPECT_ERR(say(client, "full"), ENOBUFS);
	EXPECT_EQ(3, read(server, slot, sizeof(slot)));
	EXPECT_EQ(4, say(client, "left"));
	close(server);
	close(client);
	ASSERT_OK(write_file(TRACING "/events/mailslot/enable", "0"));

	snprintf(slot, sizeof(slot), "slot=%lu ", (unsigned long)st.st_ino);
	EXPECT_EQ(1, traced("mailslot_create", "name=Traced"));
	EXPECT_EQ(1, traced("mailslot_create", "max_size=10 timeout_ms=99"));
	EXPECT_EQ(1, traced("mailslot_create", slot));
	EXPECT_EQ(3, traced("mailslot_write", slot));
	EXPECT_EQ(1, traced("mailslot_write", "size=7 count=0"));
	EXPECT_EQ(1, traced("mailslot_write", "size=3 count=1"));
	EXPECT_EQ(2, traced("mailslot_read", slot));
	EXPECT_EQ(1, traced("mailslot_read", "size=7"));
	EXPECT_EQ(1, traced("mailslot_read", "size=3"));
	EXPECT_EQ(2, traced("mailslot_drop", slot));
	EXPECT_EQ(1, traced("mailslot_drop", "reason=too_long size=11"));
	EXPECT_EQ(1, traced("mailslot_drop", "reason=queue_full size=4"));
	EXPECT_EQ(1, traced("mailslot_release", slot));
	EXPECT_EQ(1, traced("mailslot_release", "delivered=3 unread=1"));
	EXPECT_OK(rmdir(TRACING));
}

TEST_HARNESS_MAIN
