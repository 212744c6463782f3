// SPDX-License-Identifier: GPL-2.0-only
/* Overlapped reads and writes through Win32. */
#include "win32_test.h"

struct overlapped {
	OVERLAPPED o;
	char buf[64];
	DWORD count;
};

static void init(struct overlapped *read, BOOL manual_reset)
{
	memset(read, 0, sizeof(*read));
	read->o.hEvent = CreateEventA(NULL, manual_reset, FALSE, NULL);
	OK(read->o.hEvent);
}

/* Begins a read, which has to wait. */
static void begin(HANDLE slot, struct overlapped *read, DWORD len)
{
	read->count = 77;
	FAILS(ReadFile(slot, read->buf, len, &read->count, &read->o),
	      ERROR_IO_PENDING);
	IS(read->count, 0);
	OK(!HasOverlappedIoCompleted(&read->o));
}

/* Waits for a read that succeeds, and has this message. */
static void finish(HANDLE slot, struct overlapped *read, const char *text)
{
	read->count = 77;
	OK(GetOverlappedResult(slot, &read->o, &read->count, TRUE));
	IS(read->count, strlen(text));
	OK(!memcmp(read->buf, text, strlen(text)));
}

TEST(a_read_of_an_empty_slot_is_pending)
{
	HANDLE slot = server("pending", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("pending");
	struct overlapped read;

	init(&read, TRUE);
	begin(slot, &read, 64);
	IS(WaitForSingleObject(read.o.hEvent, 0), WAIT_TIMEOUT);
	FAILS(GetOverlappedResult(slot, &read.o, &read.count, FALSE),
	      ERROR_IO_INCOMPLETE);
	send_text(writer, "mail");
	IS(WaitForSingleObject(read.o.hEvent, SOON), WAIT_OBJECT_0);
	OK(HasOverlappedIoCompleted(&read.o));
	finish(slot, &read, "mail");
	CloseHandle(read.o.hEvent);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_read_of_a_message_that_waits_is_not)
{
	HANDLE slot = server("there", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("there");
	struct overlapped read;

	init(&read, TRUE);
	send_text(writer, "there");
	read.count = 77;
	OK(ReadFile(slot, read.buf, 64, &read.count, &read.o));
	IS(read.count, 5);
	IS(WaitForSingleObject(read.o.hEvent, 0), WAIT_OBJECT_0);
	finish(slot, &read, "there");
	CloseHandle(read.o.hEvent);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_read_resets_its_event)
{
	HANDLE slot = server("reset", 0, MAILSLOT_WAIT_FOREVER);
	struct overlapped read;

	init(&read, TRUE);
	OK(SetEvent(read.o.hEvent));
	begin(slot, &read, 64);
	IS(WaitForSingleObject(read.o.hEvent, 0), WAIT_TIMEOUT);
	OK(CancelIo(slot));
	CloseHandle(read.o.hEvent);
	CloseHandle(slot);
}

TEST(waiting_for_the_result_resets_an_event_that_resets_itself)
{
	HANDLE slot = server("auto", 0, MAILSLOT_WAIT_FOREVER);
	struct overlapped read;

	init(&read, FALSE);
	OK(SetMailslotInfo(slot, 100));
	begin(slot, &read, 64);
	FAILS(GetOverlappedResult(slot, &read.o, &read.count, TRUE),
	      ERROR_SEM_TIMEOUT);
	IS(WaitForSingleObject(read.o.hEvent, 0), WAIT_TIMEOUT);
	CloseHandle(read.o.hEvent);
	CloseHandle(slot);
}

TEST(the_slot_s_timeout_ends_a_pending_read)
{
	HANDLE slot = server("timeout", 0, 150);
	DWORD start = GetTickCount(), elapsed;
	struct overlapped read;

	init(&read, TRUE);
	begin(slot, &read, 64);
	IS(WaitForSingleObject(read.o.hEvent, SOON), WAIT_OBJECT_0);
	elapsed = GetTickCount() - start;
	OK(elapsed >= 150 - TICK && elapsed < SOON);
	FAILS(GetOverlappedResult(slot, &read.o, &read.count, FALSE),
	      ERROR_SEM_TIMEOUT);
	IS(read.count, 0);
	CloseHandle(read.o.hEvent);
	CloseHandle(slot);
}

TEST(each_pending_read_has_its_own_timeout)
{
	HANDLE slot = server("timeouts", 0, 60000);
	struct overlapped slow, fast;

	init(&slow, TRUE);
	init(&fast, TRUE);
	begin(slot, &slow, 64);
	OK(SetMailslotInfo(slot, 100));
	begin(slot, &fast, 64);
	IS(WaitForSingleObject(fast.o.hEvent, SOON), WAIT_OBJECT_0);
	FAILS(GetOverlappedResult(slot, &fast.o, &fast.count, FALSE),
	      ERROR_SEM_TIMEOUT);
	OK(!HasOverlappedIoCompleted(&slow.o));
	OK(CancelIo(slot));
	CloseHandle(fast.o.hEvent);
	CloseHandle(slow.o.hEvent);
	CloseHandle(slot);
}

TEST(a_timeout_of_0_does_not_wait)
{
	HANDLE slot = server("nowait", 0, 0);
	struct overlapped read;

	init(&read, TRUE);
	read.count = 77;
	FAILS(ReadFile(slot, read.buf, 64, &read.count, &read.o),
	      ERROR_SEM_TIMEOUT);
	IS(read.count, 0);
	CloseHandle(read.o.hEvent);
	CloseHandle(slot);
}

TEST(many_pending_reads_are_served_in_order)
{
	enum { READS = 20 };
	HANDLE slot = server("many", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("many");
	struct overlapped reads[READS];
	char text[16];
	int i;

	for (i = 0; i < READS; i++) {
		init(&reads[i], TRUE);
		begin(slot, &reads[i], 64);
	}
	for (i = 0; i < READS; i++) {
		sprintf(text, "message %d", i);
		send_text(writer, text);
	}
	for (i = 0; i < READS; i++) {
		sprintf(text, "message %d", i);
		finish(slot, &reads[i], text);
		CloseHandle(reads[i].o.hEvent);
	}
	IS(message_count(slot), 0);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_pending_read_with_a_short_buffer_fails_alone)
{
	HANDLE slot = server("short2", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("short2");
	struct overlapped small, large;

	init(&small, TRUE);
	init(&large, TRUE);
	begin(slot, &small, 2);
	begin(slot, &large, 64);
	send_text(writer, "large");
	finish(slot, &large, "large");
	FAILS(GetOverlappedResult(slot, &small.o, &small.count, TRUE),
	      ERROR_INSUFFICIENT_BUFFER);
	IS(small.count, 0);
	CloseHandle(large.o.hEvent);
	CloseHandle(small.o.hEvent);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(cancel_io_ends_pending_reads_and_loses_nothing)
{
	HANDLE slot = server("cancel", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("cancel");
	struct overlapped first, second;

	init(&first, TRUE);
	init(&second, TRUE);
	begin(slot, &first, 64);
	begin(slot, &second, 64);
	OK(CancelIo(slot));
	IS(WaitForSingleObject(first.o.hEvent, SOON), WAIT_OBJECT_0);
	FAILS(GetOverlappedResult(slot, &first.o, &first.count, TRUE),
	      ERROR_OPERATION_ABORTED);
	FAILS(GetOverlappedResult(slot, &second.o, &second.count, TRUE),
	      ERROR_OPERATION_ABORTED);
	IS(first.count, 0);
	send_text(writer, "kept");
	IS(message_count(slot), 1);
	expect_text(slot, "kept");
	CloseHandle(second.o.hEvent);
	CloseHandle(first.o.hEvent);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(cancel_io_without_pending_reads_succeeds)
{
	HANDLE slot = server("nothing", 0, 0);

	OK(CancelIo(slot));
	FAILS(CancelIoEx(slot, NULL), ERROR_NOT_FOUND);
	CloseHandle(slot);
}

TEST(cancel_io_ex_ends_the_read_it_names)
{
	HANDLE slot = server("named", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("named");
	struct overlapped first, second;

	init(&first, TRUE);
	init(&second, TRUE);
	begin(slot, &first, 64);
	begin(slot, &second, 64);
	OK(CancelIoEx(slot, &first.o));
	FAILS(GetOverlappedResult(slot, &first.o, &first.count, TRUE),
	      ERROR_OPERATION_ABORTED);
	FAILS(CancelIoEx(slot, &first.o), ERROR_NOT_FOUND);
	send_text(writer, "2nd");
	finish(slot, &second, "2nd");
	CloseHandle(second.o.hEvent);
	CloseHandle(first.o.hEvent);
	CloseHandle(writer);
	CloseHandle(slot);
}

static DWORD WINAPI cancel_in_thread(LPVOID slot)
{
	OK(CancelIo(slot));
	return 0;
}

TEST(cancel_io_is_for_the_calling_thread_s_reads)
{
	HANDLE slot = server("thread", 0, MAILSLOT_WAIT_FOREVER), thread;
	struct overlapped read;

	init(&read, TRUE);
	begin(slot, &read, 64);
	thread = CreateThread(NULL, 0, cancel_in_thread, slot, 0, NULL);
	IS(WaitForSingleObject(thread, SOON), WAIT_OBJECT_0);
	OK(!HasOverlappedIoCompleted(&read.o));
	OK(CancelIoEx(slot, NULL));
	FAILS(GetOverlappedResult(slot, &read.o, &read.count, TRUE),
	      ERROR_OPERATION_ABORTED);
	CloseHandle(thread);
	CloseHandle(read.o.hEvent);
	CloseHandle(slot);
}

static HANDLE threads_slot;

static DWORD WINAPI begin_in_thread(LPVOID parameter)
{
	begin(threads_slot, (struct overlapped *)parameter, 64);
	return 0;
}

TEST(a_thread_takes_its_pending_reads_with_it)
{
	HANDLE thread;
	struct overlapped read;

	threads_slot = server("exit", 0, MAILSLOT_WAIT_FOREVER);
	init(&read, TRUE);
	thread = CreateThread(NULL, 0, begin_in_thread, &read, 0, NULL);
	IS(WaitForSingleObject(read.o.hEvent, SOON), WAIT_OBJECT_0);
	FAILS(GetOverlappedResult(threads_slot, &read.o, &read.count, TRUE),
	      ERROR_OPERATION_ABORTED);
	WaitForSingleObject(thread, SOON);
	CloseHandle(thread);
	CloseHandle(read.o.hEvent);
	CloseHandle(threads_slot);
}

TEST(closing_the_server_ends_pending_reads)
{
	HANDLE slot = server("close", 0, MAILSLOT_WAIT_FOREVER);
	struct overlapped read;

	init(&read, TRUE);
	begin(slot, &read, 64);
	OK(CloseHandle(slot));
	IS(WaitForSingleObject(read.o.hEvent, SOON), WAIT_OBJECT_0);
	OK(HasOverlappedIoCompleted(&read.o));
	NO_HANDLE(client("close"), ERROR_FILE_NOT_FOUND);
	CloseHandle(read.o.hEvent);
}

TEST(without_an_event_the_file_is_signalled)
{
	HANDLE slot = server("noevent", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("noevent");
	struct overlapped read;

	memset(&read, 0, sizeof(read));
	begin(slot, &read, 64);
	IS(WaitForSingleObject(slot, 50), WAIT_TIMEOUT);
	send_text(writer, "file");
	IS(WaitForSingleObject(slot, SOON), WAIT_OBJECT_0);
	finish(slot, &read, "file");
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_blocking_read_queues_behind_pending_ones)
{
	HANDLE slot = server("mixed", 0, 5000), writer = client("mixed");
	struct overlapped read;
	DWORD count = 77;
	char buf[8];

	init(&read, TRUE);
	begin(slot, &read, 64);
	send_text(writer, "1st");
	send_text(writer, "2nd");
	OK(ReadFile(slot, buf, sizeof(buf), &count, NULL));
	IS(count, 3);
	OK(!memcmp(buf, "2nd", 3));
	finish(slot, &read, "1st");
	CloseHandle(read.o.hEvent);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(an_overlapped_write_ends_at_once)
{
	HANDLE slot = server("write", 5, 0), writer;
	struct overlapped write;
	DWORD count = 77;

	init(&write, TRUE);
	writer = CreateFileA(SLOT("write"), GENERIC_WRITE, FILE_SHARE_READ,
			     NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
	OK(writer != INVALID_HANDLE_VALUE);
	OK(WriteFile(writer, "12345", 5, &count, &write.o));
	IS(count, 5);
	IS(WaitForSingleObject(write.o.hEvent, 0), WAIT_OBJECT_0);
	count = 77;
	OK(GetOverlappedResult(writer, &write.o, &count, FALSE));
	IS(count, 5);
	count = 77;
	FAILS(WriteFile(writer, "123456", 6, &count, &write.o),
	      ERROR_INVALID_PARAMETER);
	IS(count, 0);
	IS(message_count(slot), 1);
	CloseHandle(write.o.hEvent);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_bad_event_is_error_6)
{
	HANDLE slot = server("event", 0, MAILSLOT_WAIT_FOREVER);
	struct overlapped read;

	memset(&read, 0, sizeof(read));
	read.o.hEvent = slot;
	read.count = 77;
	FAILS(ReadFile(slot, read.buf, 64, &read.count, &read.o),
	      ERROR_INVALID_HANDLE);
	IS(read.count, 0);
	CloseHandle(slot);
}

TEST_MAIN
