// SPDX-License-Identifier: GPL-2.0-only
/* Where Win32 meets Linux: descriptors, fork, signals, and Linux's errors. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mailslot.h>
#include <mailslot/winternl.h>

#include "win32_test.h"

/* The rule of mailslot-win32(7). */
static int fd_of(HANDLE handle)
{
	return (int)((ULONG_PTR)handle / 4 - 1);
}

static HANDLE handle_of(int fd)
{
	return (HANDLE)(((ULONG_PTR)fd + 1) * 4);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A child that has nothing to do with the parent's output. */
static pid_t fork_child(void)
{
	fflush(stdout);
	return fork();
}

TEST(descriptor_0_is_no_null_handle)
{
	HANDLE slot = server("zero_fd", 0, 0), writer;
	int saved = fcntl(0, F_DUPFD_CLOEXEC, 3);

	OK(saved >= 0);
	close(0);
	writer = client("zero_fd");
	IS(fd_of(writer), 0);
	OK(writer);
	send_text(writer, "0");
	OK(CloseHandle(writer));
	IS(dup2(saved, 0), 0);
	close(saved);
	expect_text(slot, "0");
	CloseHandle(slot);
}

TEST(a_handle_can_be_polled_by_its_descriptor)
{
	HANDLE slot = server("poll", 0, 0), writer = client("poll");
	struct pollfd fd = { .fd = fd_of(slot), .events = POLLIN };

	IS(poll(&fd, 1, 0), 0);
	send_text(writer, "x");
	IS(poll(&fd, 1, SOON), 1);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_descriptor_of_the_library_is_a_handle)
{
	int slot = mailslot_create("win32\\adopt", 0, 0, O_CLOEXEC, 0);
	int writer = mailslot_open("win32\\adopt", O_WRONLY);
	char buf[8];
	DWORD count;

	OK(slot >= 0 && writer >= 0);
	send_text(handle_of(writer), "adopted");
	expect_text(handle_of(slot), "adopted");
	FAILS(ReadFile(handle_of(writer), buf, sizeof(buf), &count, NULL),
	      ERROR_ACCESS_DENIED);
	FAILS(WriteFile(handle_of(slot), "x", 1, &count, NULL),
	      ERROR_ACCESS_DENIED);
	OK(CloseHandle(handle_of(writer)));
	OK(CloseHandle(handle_of(slot)));
	IS(fcntl(slot, F_GETFD), -1);
	NO_HANDLE(client("adopt"), ERROR_FILE_NOT_FOUND);
}

TEST(a_descriptor_closed_behind_our_back)
{
	HANDLE slot = server("behind", 0, 0), again;

	close(fd_of(slot));
	FAILS(GetMailslotInfo(slot, NULL, NULL, NULL, NULL),
	      ERROR_INVALID_HANDLE);
	again = server("behind", 0, 0);
	IS(fd_of(again), fd_of(slot));
	IS(message_count(again), 0);
	OK(CloseHandle(again));
	NO_HANDLE(client("behind"), ERROR_FILE_NOT_FOUND);
}

TEST(what_is_no_mailslot_is_error_1)
{
	int file = open("/dev/null", O_RDWR);
	int root = open(getenv("MAILSLOT_ROOT") ?: "/dev/mailslot", O_RDONLY);
	char buf[8];
	DWORD count = 77;

	FAILS(GetMailslotInfo(handle_of(file), NULL, NULL, NULL, NULL),
	      ERROR_INVALID_FUNCTION);
	FAILS(ReadFile(handle_of(file), buf, 8, &count, NULL),
	      ERROR_INVALID_FUNCTION);
	IS(count, 0);
	FAILS(GetMailslotInfo(handle_of(root), NULL, NULL, NULL, NULL),
	      ERROR_INVALID_FUNCTION);
	FAILS(SetEvent(handle_of(file)), ERROR_INVALID_HANDLE);
	close(root);
	close(file);
}

TEST(half_a_surrogate_pair_is_no_name)
{
	static const WCHAR emoji[] = {
		'\\', '\\', '.', '\\', 'm', 'a', 'i', 'l', 's', 'l', 'o', 't',
		'\\', 0xD83D, 0xDCEB, 0
	};
	static const WCHAR half[] = {
		'\\', '\\', '.', '\\', 'm', 'a', 'i', 'l', 's', 'l', 'o', 't',
		'\\', 0xD83D, 'x', 0
	};
	static const WCHAR other[] = {
		'\\', '\\', '.', '\\', 'm', 'a', 'i', 'l', 's', 'l', 'o', 't',
		'\\', 0xDCEB, 0
	};
	HANDLE slot = CreateMailslotW(emoji, 0, 0, NULL), writer;

	OK(slot != INVALID_HANDLE_VALUE);
	writer = client_of("\\\\.\\mailslot\\\360\237\223\253");
	OK(writer != INVALID_HANDLE_VALUE);
	CloseHandle(writer);
	CloseHandle(slot);
	NO_HANDLE(CreateMailslotW(half, 0, 0, NULL), ERROR_INVALID_NAME);
	NO_HANDLE(CreateMailslotW(other, 0, 0, NULL), ERROR_INVALID_NAME);
}

TEST(a_full_slot_is_error_1816)
{
	HANDLE slot = server("full", 0, 0), writer = client("full");
	DWORD len = 1 << 20, count = 77, sent = 0, error;
	char *message = calloc(1, len);
	pid_t pid = fork_child();

	/* Root is exempt from quotas, so an ordinary user fills it. */
	if (!pid) {
		if (setuid(65534))
			_exit(99);
		CloseHandle(writer);
		CloseHandle(slot);
		slot = server("fuller", 0, 0);
		writer = client("fuller");
		while (sent < 100000 &&
		       WriteFile(writer, message, len, &count, NULL))
			sent++;
		error = GetLastError();
		_exit(!(sent && error == ERROR_NOT_ENOUGH_QUOTA && !count &&
			message_count(slot) == sent));
	}
	IS(wait_for(pid), 0);
	free(message);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(remote_slots_are_error_3025_while_switched_off)
{
	NO_HANDLE(client_of("\\\\*\\mailslot\\x"),
		  ERROR_REMOTE_MAILSLOTS_DEPRECATED);
	NO_HANDLE(client_of("\\\\192.0.2.7\\mailslot\\x"),
		  ERROR_REMOTE_MAILSLOTS_DEPRECATED);
}

TEST(a_host_that_nobody_knows_is_error_53)
{
	pid_t pid = fork_child();

	if (!pid) {
		if (unshare(CLONE_NEWNET | CLONE_NEWNS) ||
		    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mkdir("mnt", 0755) ||
		    mount("mailslot", "mnt", "mailslot", 0, "remote=on") ||
		    setenv("MAILSLOT_ROOT", "mnt", 1))
			_exit(2);
		_exit(client_of("\\\\NOBODY\\mailslot\\x") !=
		      INVALID_HANDLE_VALUE ||
		      GetLastError() != ERROR_BAD_NETPATH);
	}
	IS(wait_for(pid), 0);
}

TEST(no_more_descriptors_is_error_4)
{
	struct rlimit old, few;

	getrlimit(RLIMIT_NOFILE, &old);
	few = old;
	few.rlim_cur = 3;
	setrlimit(RLIMIT_NOFILE, &few);
	SetLastError(0xdead);
	OK(!CreateEventA(NULL, TRUE, FALSE, NULL));
	IS(GetLastError(), ERROR_TOO_MANY_OPEN_FILES);
	NO_HANDLE(CreateMailslotA(SLOT("nofile"), 0, 0, NULL),
		  ERROR_TOO_MANY_OPEN_FILES);
	setrlimit(RLIMIT_NOFILE, &old);
}

TEST(a_bad_buffer_is_error_998_and_loses_nothing)
{
	HANDLE slot = server("fault", 0, 0), writer = client("fault");
	char *bad = (char *)16;
	DWORD count = 77;

	FAILS(WriteFile(writer, bad, 4, &count, NULL), ERROR_NOACCESS);
	IS(count, 0);
	send_text(writer, "here");
	count = 77;
	FAILS(ReadFile(slot, bad, 4, &count, NULL), ERROR_NOACCESS);
	IS(count, 0);
	expect_text(slot, "here");
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_child_shares_its_parent_s_handles)
{
	HANDLE slot = server("fork", 0, 0), writer = client("fork");
	char buf[8];
	DWORD count;
	pid_t pid;

	send_text(writer, "1");
	send_text(writer, "2");
	pid = fork_child();
	if (!pid) {
		_exit(!ReadFile(slot, buf, sizeof(buf), &count, NULL) ||
		      count != 1 || buf[0] != '1' || !CloseHandle(slot));
	}
	IS(wait_for(pid), 0);
	expect_text(slot, "2");
	CloseHandle(writer);
	CloseHandle(slot);
}

/* A child's first overlapped read, while its parent has one pending. */
static int child_reads(HANDLE slot, HANDLE writer, OVERLAPPED *parents)
{
	OVERLAPPED own = { 0 };
	char buf[8];
	DWORD count;

	if (parents->Internal == STATUS_PENDING)
		return 1;
	if (WaitForSingleObject(parents->hEvent, 0) != WAIT_TIMEOUT)
		return 2;
	if (ReadFile(slot, buf, sizeof(buf), &count, &own) ||
	    GetLastError() != ERROR_IO_PENDING)
		return 3;
	/* The parent's read waits on the same slot, and may be served first. */
	if (!WriteFile(writer, "1", 1, &count, NULL) ||
	    !WriteFile(writer, "2", 1, &count, NULL))
		return 4;
	return !GetOverlappedResult(slot, &own, &count, TRUE) || count != 1;
}

TEST(a_pending_read_stays_with_the_parent)
{
	HANDLE slot = server("pending_fork", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("pending_fork");
	OVERLAPPED overlapped = { 0 };
	char buf[8];
	DWORD count;
	pid_t pid;

	overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
	FAILS(ReadFile(slot, buf, sizeof(buf), &count, &overlapped),
	      ERROR_IO_PENDING);
	pid = fork_child();
	if (!pid)
		_exit(child_reads(slot, writer, &overlapped));
	IS(wait_for(pid), 0);
	OK(GetOverlappedResult(slot, &overlapped, &count, TRUE));
	IS(count, 1);
	CloseHandle(overlapped.hEvent);
	CloseHandle(writer);
	CloseHandle(slot);
}

/* Closing must not wait for a thread that the child does not have. */
TEST(a_child_can_close_what_a_thread_of_the_parent_reads)
{
	HANDLE slot = server("close_fork", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("close_fork");
	struct reader reader;
	pid_t pid;

	start_reader(&reader, slot, 64);
	pid = fork_child();
	if (!pid) {
		alarm(60);
		_exit(!CloseHandle(slot));
	}
	IS(wait_for(pid), 0);
	IS(WaitForSingleObject(reader.thread, 0), WAIT_TIMEOUT);
	send_text(writer, "on");
	join_reader(&reader);
	OK(reader.ok);
	CloseHandle(writer);
	CloseHandle(slot);
}

static void ignore(int signal)
{
	(void)signal;
}

/* Programs for Windows know no EINTR, so a read goes on after a signal. */
static void interrupted_read(DWORD timeout, BOOL with_mail)
{
	HANDLE slot = server("signal", 0, timeout), writer = client("signal");
	struct sigaction action = { .sa_handler = ignore };
	struct reader reader;
	int i;

	sigaction(SIGUSR1, &action, NULL);
	start_reader(&reader, slot, 64);
	for (i = 0; i < 5; i++) {
		syscall(SYS_tgkill, getpid(), reader.id, SIGUSR1);
		IS(WaitForSingleObject(reader.thread, 20), WAIT_TIMEOUT);
	}
	if (with_mail)
		send_text(writer, "after");
	join_reader(&reader);
	IS(reader.ok, with_mail);
	if (!with_mail) {
		IS(reader.error, ERROR_SEM_TIMEOUT);
		OK(reader.elapsed + 1 >= timeout);
	}
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_signal_does_not_end_a_read)
{
	interrupted_read(MAILSLOT_WAIT_FOREVER, TRUE);
}

TEST(a_signal_does_not_change_when_a_read_times_out)
{
	interrupted_read(600, FALSE);
}

static int diverted;

/*
 * A program's own function, which happens to have the name of one of the
 * library. The linker would have the library call it, too.
 */
ULONG NTAPI RtlNtStatusToDosError(NTSTATUS status)
{
	(void)status;
	return ++diverted;
}

TEST(functions_of_the_same_name_do_not_disturb_the_library)
{
	HANDLE slot = server("same_name", 0, 0);
	DWORD count;
	char buf[8];

	FAILS(ReadFile(slot, buf, sizeof(buf), &count, NULL), ERROR_SEM_TIMEOUT);
	IS(diverted, 0);
	IS(RtlNtStatusToDosError(STATUS_SUCCESS), 1);
	CloseHandle(slot);
}

TEST(the_slot_accepts_mail_from_everywhere)
{
	HANDLE slot = server("flags", 0, 0);
	struct mailslot_info info;

	IS(mailslot_get_info(fd_of(slot), &info), 0);
	IS(info.flags, MAILSLOT_ACCEPT_REMOTE | MAILSLOT_ACCEPT_BROADCAST);
	CloseHandle(slot);
}

TEST_MAIN
