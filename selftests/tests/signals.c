// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads that wait while signals arrive, while their process is stopped, frozen
 * or killed.
 */
#define BOX_TIMEOUT	FOREVER

#include "box_test.h"

static int handled;

static void handler(int sig)
{
	__atomic_add_fetch(&handled, 1, __ATOMIC_SEQ_CST);
}

static int handle(int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	return sigaction(SIGUSR1, &action, NULL);
}

static int times_handled(void)
{
	return __atomic_load_n(&handled, __ATOMIC_SEQ_CST);
}

static int signal_thread(pid_t tid)
{
	return syscall(SYS_tgkill, getpid(), tid, SIGUSR1);
}

TEST_F(box, a_read_for_ever_goes_on_after_a_handler_with_sa_restart)
{
	struct reader reader;
	char buf[8];
	int i;

	ASSERT_OK(handle(SA_RESTART));
	ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
	for (i = 1; i <= 5; i++) {
		ASSERT_OK(signal_thread(reader.tid));
		ASSERT_TRUE(wait_until(times_handled() == i));
		ASSERT_TRUE(wait_blocked(reader.tid, SYS_read));
	}
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(5, reader_join(&reader));
}

TEST_F(box, a_read_for_ever_ends_after_a_handler_without_sa_restart)
{
	struct reader reader;
	char buf[8];

	ASSERT_OK(handle(0));
	ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
	ASSERT_OK(signal_thread(reader.tid));
	EXPECT_ERR(reader_join(&reader), EINTR);
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_TRUE(hears(self->server, "hello"));
}

/* Restarted it would wait its whole time once more, for every signal. */
TEST_F(box, a_timed_read_ends_whatever_the_handler_says)
{
	static const int flags[] = { 0, SA_RESTART };
	struct reader reader;
	char buf[8];
	int i;

	ASSERT_OK(slot_set_timeout(self->server, 60000));
	for (i = 0; i < 2; i++) {
		ASSERT_OK(handle(flags[i]));
		ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
		ASSERT_OK(signal_thread(reader.tid));
		EXPECT_ERR(reader_join(&reader), EINTR);
		EXPECT_EQ(i + 1, times_handled());
	}
	EXPECT_EQ(0, slot_count(self->server));
}

TEST_F(box, a_signal_that_is_ignored_or_blocked_disturbs_no_read)
{
	struct reader reader;
	sigset_t set;
	char buf[8];

	ASSERT_OK(slot_set_timeout(self->server, 60000));
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	ASSERT_EQ(0, pthread_sigmask(SIG_BLOCK, &set, NULL));
	ASSERT_TRUE(reader_start(&reader, self->server, buf, 8));
	ASSERT_OK(signal_thread(reader.tid));
	ASSERT_NE(SIG_ERR, signal(SIGUSR2, SIG_IGN));
	ASSERT_OK(kill(getpid(), SIGUSR2));
	ASSERT_TRUE(wait_blocked(reader.tid, SYS_read));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(5, reader_join(&reader));
}

/* --- In another process ---------------------------------------------------- */

/* A child that reads once, and exits with the size, or with 100 + errno. */
static pid_t reading_child(int server)
{
	pid_t pid = fork();
	char buf[64];
	ssize_t ret;

	if (pid)
		return pid;
	ret = read(server, buf, sizeof(buf));
	_exit(ret < 0 ? 100 + errno : ret);
}

TEST_F(box, a_waiting_reader_can_be_killed)
{
	static const uint32_t times[] = { FOREVER, 60000 };
	pid_t pid;
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_OK(slot_set_timeout(self->server, times[i]));
		pid = reading_child(self->server);
		ASSERT_TRUE(wait_blocked(pid, SYS_read));
		ASSERT_OK(kill(pid, SIGKILL));
		EXPECT_EQ(128 + SIGKILL, exit_of(pid));
		/* It took its place in the line with it. */
		EXPECT_EQ(5, say(self->client, "hello"));
		EXPECT_TRUE(hears(self->server, "hello"));
	}
}

TEST_F(box, a_slot_dies_with_the_reader_that_is_killed)
{
	int again;
	pid_t pid;

	pid = reading_child(self->server);
	ASSERT_TRUE(wait_blocked(pid, SYS_read));
	close(self->server);
	EXPECT_TRUE(slot_exists("box"));
	ASSERT_OK(kill(pid, SIGKILL));
	EXPECT_EQ(128 + SIGKILL, exit_of(pid));
	EXPECT_FALSE(slot_exists("box"));
	EXPECT_ERR(say(self->client, "x"), EPIPE);
	again = slot_create("box", 0, 0);
	EXPECT_LE(0, again);
	close(again);
}

static bool has_state(pid_t pid, char state)
{
	char path[64], line[512], *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	first_line(path, line, sizeof(line));
	at = strrchr(line, ')');
	return at && at[2] == state;
}

TEST_F(box, a_read_for_ever_goes_on_after_stop_and_continue)
{
	pid_t pid = reading_child(self->server);
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_TRUE(wait_blocked(pid, SYS_read));
		ASSERT_OK(kill(pid, SIGSTOP));
		ASSERT_TRUE(wait_until(has_state(pid, 'T')));
		ASSERT_OK(kill(pid, SIGCONT));
	}
	ASSERT_TRUE(wait_blocked(pid, SYS_read));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(5, exit_of(pid));
}

/* As signal(7) tells of timed calls on sockets. */
TEST_F(box, a_timed_read_ends_when_it_was_stopped)
{
	pid_t pid;

	ASSERT_OK(slot_set_timeout(self->server, 60000));
	pid = reading_child(self->server);
	ASSERT_TRUE(wait_blocked(pid, SYS_read));
	ASSERT_OK(kill(pid, SIGSTOP));
	ASSERT_TRUE(wait_until(has_state(pid, 'T')));
	ASSERT_OK(kill(pid, SIGCONT));
	EXPECT_EQ(100 + EINTR, exit_of(pid));
}

TEST_F(box, what_is_written_while_the_reader_is_stopped_is_there_afterwards)
{
	pid_t pid = reading_child(self->server);

	ASSERT_TRUE(wait_blocked(pid, SYS_read));
	ASSERT_OK(kill(pid, SIGSTOP));
	ASSERT_TRUE(wait_until(has_state(pid, 'T')));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(6, say(self->client, "second"));
	ASSERT_OK(kill(pid, SIGCONT));
	EXPECT_EQ(5, exit_of(pid));
	EXPECT_TRUE(hears(self->server, "second"));
}

/* --- The freezer ------------------------------------------------------------ */

#define GROUP "/sys/fs/cgroup/mailslot-frozen"

static bool group_says(const char *what)
{
	FILE *events = fopen(GROUP "/cgroup.events", "re");
	char line[64];
	bool found = false;

	while (events && !found && fgets(line, sizeof(line), events))
		found = !strncmp(line, what, strlen(what));
	if (events)
		fclose(events);
	return found;
}

static bool freeze(pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	return !write_file(GROUP "/cgroup.procs", text) &&
	       !write_file(GROUP "/cgroup.freeze", "1") &&
	       wait_until(group_says("frozen 1"));
}

static bool thaw(void)
{
	return !write_file(GROUP "/cgroup.freeze", "0") &&
	       wait_until(group_says("frozen 0"));
}

TEST_F(box, a_read_for_ever_outlasts_the_freezer)
{
	pid_t pid;

	if (mkdir(GROUP, 0755) && errno != EEXIST)
		SKIP(return, "no control groups");
	pid = reading_child(self->server);
	ASSERT_TRUE(wait_blocked(pid, SYS_read));
	ASSERT_TRUE(freeze(pid));
	ASSERT_TRUE(thaw());
	ASSERT_TRUE(wait_blocked(pid, SYS_read));
	ASSERT_TRUE(freeze(pid));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(6, say(self->client, "second"));
	ASSERT_TRUE(thaw());
	EXPECT_EQ(5, exit_of(pid));
	EXPECT_TRUE(hears(self->server, "second"));
	EXPECT_TRUE(wait_until(!rmdir(GROUP)));
}

TEST_F(box, a_timed_read_ends_when_it_was_frozen)
{
	pid_t pid;

	if (mkdir(GROUP, 0755) && errno != EEXIST)
		SKIP(return, "no control groups");
	ASSERT_OK(slot_set_timeout(self->server, 60000));
	pid = reading_child(self->server);
	ASSERT_TRUE(wait_blocked(pid, SYS_read));
	ASSERT_TRUE(freeze(pid));
	ASSERT_TRUE(thaw());
	EXPECT_EQ(100 + EINTR, exit_of(pid));
	EXPECT_TRUE(wait_until(!rmdir(GROUP)));
}

/* --- Messages that come together with signals ------------------------------- */

struct storm {
	pid_t tid;
	int fd;
	int count;
	int read;
};

/* Each message and its signal come as close together as can be. */
static void *write_and_signal(void *arg)
{
	struct storm *storm = arg;
	volatile unsigned int spin;
	int i;

	for (i = 0; i < storm->count; i++) {
		while (__atomic_load_n(&storm->read, __ATOMIC_ACQUIRE) < i)
			sched_yield();
		if (i % 2)
			signal_thread(storm->tid);
		for (spin = i * 7919U % 1000; spin; spin--)
			;
		if (write(storm->fd, &i, sizeof(i)) != sizeof(i))
			break;
		if (i % 2 == 0)
			signal_thread(storm->tid);
	}
	return NULL;
}

static void read_in_the_storm(struct __test_metadata *_metadata, int server,
			      int client)
{
	struct storm storm = {
		.tid = syscall(SYS_gettid),
		.fd = client,
		.count = 600,
	};
	int interrupted = 0, got;
	pthread_t thunder;

	ASSERT_EQ(0, pthread_create(&thunder, NULL, write_and_signal, &storm));
	while (storm.read < storm.count) {
		if (read(server, &got, sizeof(got)) == sizeof(got)) {
			ASSERT_EQ(storm.read, got);
			__atomic_add_fetch(&storm.read, 1, __ATOMIC_RELEASE);
		} else {
			ASSERT_EQ(EINTR, errno);
			interrupted++;
		}
	}
	pthread_join(thunder, NULL);
	TH_LOG("%d messages, %d interrupted, %d signals", storm.read,
	       interrupted, times_handled());
	EXPECT_EQ(0, slot_count(server));
	EXPECT_EQ(storm.count, info_of(server).delivered);
}

TEST_F(box, no_message_is_lost_when_signals_end_reads)
{
	ASSERT_OK(handle(0));
	read_in_the_storm(_metadata, self->server, self->client);
}

TEST_F(box, no_message_is_lost_when_signals_end_timed_reads)
{
	ASSERT_OK(handle(SA_RESTART));
	ASSERT_OK(slot_set_timeout(self->server, 60000));
	read_in_the_storm(_metadata, self->server, self->client);
}

TEST_F(box, no_message_is_lost_when_signals_restart_reads)
{
	ASSERT_OK(handle(SA_RESTART));
	read_in_the_storm(_metadata, self->server, self->client);
}

TEST_HARNESS_MAIN
