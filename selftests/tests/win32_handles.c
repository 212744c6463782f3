// SPDX-License-Identifier: GPL-2.0-only
/* Handles through Win32: valid and not, duplicated, inherited, closed. */
#include "win32_test.h"

#ifndef _WIN32
#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>
#endif

static void no_call_takes(HANDLE handle)
{
	DWORD count = 77;
	char buf[8];
	HANDLE copy;

	FAILS(ReadFile(handle, buf, sizeof(buf), &count, NULL),
	      ERROR_INVALID_HANDLE);
	IS(count, 0);
	count = 77;
	FAILS(WriteFile(handle, "x", 1, &count, NULL), ERROR_INVALID_HANDLE);
	IS(count, 0);
	FAILS(GetMailslotInfo(handle, NULL, NULL, NULL, NULL),
	      ERROR_INVALID_HANDLE);
	FAILS(SetMailslotInfo(handle, 0), ERROR_INVALID_HANDLE);
	FAILS(CancelIo(handle), ERROR_INVALID_HANDLE);
	FAILS(SetEvent(handle), ERROR_INVALID_HANDLE);
	FAILS(ResetEvent(handle), ERROR_INVALID_HANDLE);
	FAILS(DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(),
			      &copy, 0, FALSE, DUPLICATE_SAME_ACCESS),
	      ERROR_INVALID_HANDLE);
	SetLastError(0xdead);
	IS(WaitForSingleObject(handle, 0), WAIT_FAILED);
	IS(GetLastError(), ERROR_INVALID_HANDLE);
	FAILS(CloseHandle(handle), ERROR_INVALID_HANDLE);
}

TEST(null_is_no_handle)
{
	no_call_takes(NULL);
}

TEST(a_closed_handle_is_no_handle)
{
	HANDLE slot = server("closed", 0, 0);

	OK(CloseHandle(slot));
	no_call_takes(slot);
}

TEST(invalid_handle_value_is_no_handle)
{
	FAILS(GetMailslotInfo(INVALID_HANDLE_VALUE, NULL, NULL, NULL, NULL),
	      ERROR_INVALID_HANDLE);
	FAILS(SetMailslotInfo(INVALID_HANDLE_VALUE, 0), ERROR_INVALID_HANDLE);
}

TEST(handles_are_multiples_of_four)
{
	HANDLE slot = server("four", 0, 0), writer = client("four");
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

	OK(slot && !((ULONG_PTR)slot & 3));
	OK(writer && !((ULONG_PTR)writer & 3));
	OK(event && !((ULONG_PTR)event & 3));
	CloseHandle(event);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(handles_of_other_kinds_are_error_6)
{
	HANDLE slot = server("kinds", 0, 0);
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	char buf[8];
	DWORD count;

	FAILS(ReadFile(event, buf, sizeof(buf), &count, NULL),
	      ERROR_INVALID_HANDLE);
	FAILS(GetMailslotInfo(event, NULL, NULL, NULL, NULL),
	      ERROR_INVALID_HANDLE);
	FAILS(SetEvent(slot), ERROR_INVALID_HANDLE);
	FAILS(GetExitCodeThread(slot, &count), ERROR_INVALID_HANDLE);
	CloseHandle(event);
	CloseHandle(slot);
}

static HANDLE duplicate(HANDLE handle, BOOL inherit, DWORD options)
{
	HANDLE copy = NULL;

	OK(DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(),
			   &copy, 0, inherit, options));
	OK(copy);
	return copy;
}

TEST(a_duplicate_reads_the_same_slot)
{
	HANDLE slot = server("dup", 0, 0), writer = client("dup");
	HANDLE copy = duplicate(slot, FALSE, DUPLICATE_SAME_ACCESS);

	OK(copy != slot);
	send_text(writer, "1");
	send_text(writer, "2");
	expect_text(copy, "1");
	expect_text(slot, "2");
	CloseHandle(copy);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(the_slot_lives_as_long_as_a_duplicate)
{
	HANDLE slot = server("lives", 0, 0), writer = client("lives");
	HANDLE copy = duplicate(slot, FALSE, DUPLICATE_SAME_ACCESS);

	OK(CloseHandle(slot));
	send_text(writer, "alive");
	expect_text(copy, "alive");
	OK(CloseHandle(copy));
	NO_HANDLE(client("lives"), ERROR_FILE_NOT_FOUND);
	CloseHandle(writer);
}

TEST(duplicating_can_close_the_source)
{
	HANDLE slot = server("move", 0, 0), writer = client("move");
	HANDLE copy = duplicate(slot, FALSE, DUPLICATE_SAME_ACCESS |
				DUPLICATE_CLOSE_SOURCE);

	if (copy != slot)
		FAILS(CloseHandle(slot), ERROR_INVALID_HANDLE);
	send_text(writer, "moved");
	expect_text(copy, "moved");
	CloseHandle(copy);
	CloseHandle(writer);
}

TEST(a_duplicate_has_the_rights_it_was_given)
{
	HANDLE slot = server("rights", 0, 0), writer = client("rights");
	HANDLE copy = duplicate(writer, FALSE, 0);
	DWORD count = 77;

	FAILS(WriteFile(copy, "x", 1, &count, NULL), ERROR_ACCESS_DENIED);
	IS(count, 0);
	CloseHandle(copy);
	copy = NULL;
	FAILS(DuplicateHandle(GetCurrentProcess(), slot, GetCurrentProcess(),
			      &copy, GENERIC_WRITE, FALSE, 0),
	      ERROR_ACCESS_DENIED);
	send_text(writer, "still");
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_duplicate_event_is_the_same_event)
{
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	HANDLE copy = duplicate(event, FALSE, DUPLICATE_SAME_ACCESS);

	OK(SetEvent(copy));
	IS(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
	OK(CloseHandle(event));
	IS(WaitForSingleObject(copy, 0), WAIT_OBJECT_0);
	CloseHandle(copy);
}

TEST(closing_ends_a_read_that_waits_in_another_thread)
{
	HANDLE slot = server("blocked", 0, MAILSLOT_WAIT_FOREVER);
	struct reader reader;

	start_reader(&reader, slot, 64);
	OK(CloseHandle(slot));
	join_reader(&reader);
	OK(!reader.ok);
	IS(reader.count, 0);
	IS(reader.error, ERROR_OPERATION_ABORTED);
	NO_HANDLE(client("blocked"), ERROR_FILE_NOT_FOUND);
}

TEST(closing_a_duplicate_does_not_end_reads)
{
	HANDLE slot = server("other", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE copy = duplicate(slot, FALSE, DUPLICATE_SAME_ACCESS);
	HANDLE writer = client("other");
	struct reader reader;

	start_reader(&reader, slot, 64);
	OK(CloseHandle(copy));
	IS(WaitForSingleObject(reader.thread, 100), WAIT_TIMEOUT);
	send_text(writer, "mine");
	join_reader(&reader);
	OK(reader.ok);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(cancel_io_ex_ends_a_read_that_waits_in_another_thread)
{
	HANDLE slot = server("cancelex", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("cancelex");
	struct reader reader;

	start_reader(&reader, slot, 64);
	OK(CancelIoEx(slot, NULL));
	join_reader(&reader);
	OK(!reader.ok);
	IS(reader.error, ERROR_OPERATION_ABORTED);
	send_text(writer, "kept");
	expect_text(slot, "kept");
	CloseHandle(writer);
	CloseHandle(slot);
}

/* Reads until it is stopped. Whatever the moment, it must not hang. */
static DWORD WINAPI read_until_closed(LPVOID slot)
{
	char buf[8];
	DWORD count;

	while (ReadFile((HANDLE)slot, buf, sizeof(buf), &count, NULL))
		;
	return GetLastError();
}

TEST(closing_at_any_moment_ends_the_reader)
{
	enum { ROUNDS = 100 };
	HANDLE slot, writer, thread;
	DWORD code = 77;
	int i, j;

	for (i = 0; i < ROUNDS; i++) {
		slot = server("race", 0, MAILSLOT_WAIT_FOREVER);
		writer = client("race");
		thread = CreateThread(NULL, 0, read_until_closed, slot, 0,
				      NULL);
		for (j = 0; j < i % 7; j++)
			send_text(writer, "x");
		OK(CloseHandle(slot));
		IS(WaitForSingleObject(thread, SOON), WAIT_OBJECT_0);
		OK(GetExitCodeThread(thread, &code));
		OK(code == ERROR_OPERATION_ABORTED ||
		   code == ERROR_INVALID_HANDLE);
		CloseHandle(thread);
		CloseHandle(writer);
	}
}

static char *own_path;

/* Runs this program with two words, and tells how it ended. */
static int run_self(const char *what, HANDLE handle)
{
	char number[32];

	snprintf(number, sizeof(number), "%llu",
		 (unsigned long long)(ULONG_PTR)handle);
#ifdef _WIN32
	char line[1024];
	STARTUPINFOA startup = { sizeof(startup) };
	PROCESS_INFORMATION process;
	DWORD code = 99;

	snprintf(line, sizeof(line), "\"%s\" %s %s", own_path, what, number);
	if (!CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL,
			    &startup, &process))
		return 98;
	WaitForSingleObject(process.hProcess, SOON);
	GetExitCodeProcess(process.hProcess, &code);
	return code;
#else
	char *argv[] = { own_path, (char *)what, number, NULL };
	int status;
	pid_t pid;

	fflush(stdout);
	if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ))
		return 98;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 97;
#endif
}

/* The other end of run_self(): a program that was given a handle. */
static int child(const char *what, const char *number)
{
	HANDLE handle = (HANDLE)(ULONG_PTR)strtoull(number, NULL, 10);
	DWORD count = 77;
	char buf[64];

	if (!strcmp(what, "read"))
		return !ReadFile(handle, buf, sizeof(buf), &count, NULL) ||
		       count != 3 || memcmp(buf, "fry", 3);
	if (!strcmp(what, "write"))
		return !WriteFile(handle, "back", 4, &count, NULL);
	return GetMailslotInfo(handle, NULL, NULL, NULL, NULL) ||
	       GetLastError() != ERROR_INVALID_HANDLE;
}

TEST(a_server_can_be_inherited)
{
	SECURITY_ATTRIBUTES sa = { sizeof(sa), NULL, TRUE };
	HANDLE slot = CreateMailslotA(SLOT("inherit"), 0, 0, &sa);
	HANDLE writer = client("inherit");

	OK(slot != INVALID_HANDLE_VALUE);
	send_text(writer, "fry");
	IS(run_self("read", slot), 0);
	IS(message_count(slot), 0);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_client_can_be_inherited)
{
	SECURITY_ATTRIBUTES sa = { sizeof(sa), NULL, TRUE };
	HANDLE slot = server("inherit2", 0, 0);
	HANDLE writer = CreateFileA(SLOT("inherit2"), GENERIC_WRITE, 0, &sa,
				    OPEN_EXISTING, 0, NULL);

	IS(run_self("write", writer), 0);
	expect_text(slot, "back");
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(handles_are_not_inherited_unless_asked)
{
	SECURITY_ATTRIBUTES sa = { sizeof(sa), NULL, FALSE };
	HANDLE slot = server("private", 0, 0);
	HANDLE other = CreateMailslotA(SLOT("private2"), 0, 0, &sa);
	HANDLE writer = client("private");

	IS(run_self("none", slot), 0);
	IS(run_self("none", other), 0);
	IS(run_self("none", writer), 0);
	CloseHandle(writer);
	CloseHandle(other);
	CloseHandle(slot);
}

TEST(inheritance_can_be_changed)
{
	HANDLE slot = server("flag", 0, 0), writer = client("flag"), copy;
	DWORD flags = 77;

	OK(GetHandleInformation(slot, &flags));
	IS(flags, 0);
	OK(SetHandleInformation(slot, HANDLE_FLAG_INHERIT,
				HANDLE_FLAG_INHERIT));
	OK(GetHandleInformation(slot, &flags));
	IS(flags, HANDLE_FLAG_INHERIT);
	send_text(writer, "fry");
	IS(run_self("read", slot), 0);

	copy = duplicate(slot, FALSE, DUPLICATE_SAME_ACCESS);
	IS(run_self("none", copy), 0);
	CloseHandle(copy);
	copy = duplicate(slot, TRUE, DUPLICATE_SAME_ACCESS);
	send_text(writer, "fry");
	IS(run_self("read", copy), 0);
	CloseHandle(copy);
	CloseHandle(writer);
	CloseHandle(slot);
}

int main(int argc, char **argv)
{
	own_path = argv[0];
	return argc == 3 ? child(argv[1], argv[2]) : run_tests(argc, argv);
}
