// SPDX-License-Identifier: GPL-2.0-only
/* Messages through Win32: sizes, order, timeouts, and who may do what. */
#include "win32_test.h"

TEST(messages_arrive_whole_and_in_order)
{
	HANDLE slot = server("order", 0, 0);
	HANDLE first = client("order"), second = client("order");

	send_text(first, "one");
	send_text(second, "two and more");
	send_text(first, "3");
	expect_text(slot, "one");
	expect_text(slot, "two and more");
	expect_text(slot, "3");
	CloseHandle(second);
	CloseHandle(first);
	CloseHandle(slot);
}

TEST(an_empty_slot_is_error_121)
{
	HANDLE slot = server("empty", 0, 0);
	DWORD count = 77;
	char buf[8];

	FAILS(ReadFile(slot, buf, sizeof(buf), &count, NULL),
	      ERROR_SEM_TIMEOUT);
	IS(count, 0);
	count = 77;
	FAILS(ReadFile(slot, buf, 0, &count, NULL), ERROR_SEM_TIMEOUT);
	IS(count, 0);
	CloseHandle(slot);
}

TEST(a_short_buffer_is_error_122_and_loses_nothing)
{
	HANDLE slot = server("short", 0, 0), writer = client("short");
	DWORD count = 77, next = 77, waiting = 77;
	char buf[8];

	send_text(writer, "12345");
	memset(buf, '#', sizeof(buf));
	FAILS(ReadFile(slot, buf, 4, &count, NULL), ERROR_INSUFFICIENT_BUFFER);
	IS(count, 0);
	IS(buf[0], '#');
	count = 77;
	FAILS(ReadFile(slot, buf, 0, &count, NULL), ERROR_INSUFFICIENT_BUFFER);
	IS(count, 0);
	OK(GetMailslotInfo(slot, NULL, &next, &waiting, NULL));
	IS(next, 5);
	IS(waiting, 1);
	OK(ReadFile(slot, buf, 5, &count, NULL));
	IS(count, 5);
	OK(!memcmp(buf, "12345", 5));
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(an_empty_message_is_a_message)
{
	HANDLE slot = server("zero", 0, 0), writer = client("zero");
	DWORD count = 77, next = 77, waiting = 77;
	char buf[4];

	send_text(writer, "");
	send_text(writer, "");
	OK(GetMailslotInfo(slot, NULL, &next, &waiting, NULL));
	IS(next, 0);
	IS(waiting, 2);
	OK(ReadFile(slot, buf, sizeof(buf), &count, NULL));
	IS(count, 0);
	OK(ReadFile(slot, buf, 0, &count, NULL));
	IS(count, 0);
	FAILS(ReadFile(slot, buf, 0, &count, NULL), ERROR_SEM_TIMEOUT);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(the_maximum_size_holds)
{
	HANDLE slot = server("max", 10, 0), writer = client("max");
	DWORD count = 77;

	send_text(writer, "0123456789");
	FAILS(WriteFile(writer, "0123456789a", 11, &count, NULL),
	      ERROR_INVALID_PARAMETER);
	IS(count, 0);
	IS(message_count(slot), 1);
	expect_text(slot, "0123456789");
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(writing_after_the_server_is_gone_is_error_38)
{
	HANDLE slot = server("gone", 0, 0), writer = client("gone");
	DWORD count = 77;

	send_text(writer, "lost");
	CloseHandle(slot);
	FAILS(WriteFile(writer, "x", 1, &count, NULL), ERROR_HANDLE_EOF);
	IS(count, 0);
	/* The new slot of that name is not the one that was opened. */
	slot = server("gone", 0, 0);
	count = 77;
	FAILS(WriteFile(writer, "x", 1, &count, NULL), ERROR_HANDLE_EOF);
	IS(count, 0);
	IS(message_count(slot), 0);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_server_may_not_write)
{
	HANDLE slot = server("direction", 0, 0);
	DWORD count = 77;

	FAILS(WriteFile(slot, "x", 1, &count, NULL), ERROR_ACCESS_DENIED);
	IS(count, 0);
	CloseHandle(slot);
}

TEST(a_client_may_not_read)
{
	HANDLE slot = server("client", 0, 0), writer = client("client");
	DWORD count = 77;
	char buf[8];

	send_text(writer, "x");
	FAILS(ReadFile(writer, buf, sizeof(buf), &count, NULL),
	      ERROR_ACCESS_DENIED);
	IS(count, 0);
	IS(message_count(slot), 1);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_client_that_asked_to_read_may_not_either)
{
	HANDLE slot = server("both", 0, 0), file;
	DWORD count = 77;
	char buf[8];

	file = CreateFileA(SLOT("both"), GENERIC_READ | GENERIC_WRITE,
			   FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
			   OPEN_EXISTING, 0, NULL);
	OK(file != INVALID_HANDLE_VALUE);
	send_text(file, "x");
	SetLastError(0xdead);
	OK(!ReadFile(file, buf, sizeof(buf), &count, NULL));
	OK(GetLastError() == ERROR_INVALID_PARAMETER ||
	   GetLastError() == ERROR_ACCESS_DENIED);
	IS(count, 0);
	IS(message_count(slot), 1);
	CloseHandle(file);
	CloseHandle(slot);
}

TEST(info_tells_the_state)
{
	HANDLE slot = server("info", 1000, 2000), writer = client("info");
	DWORD max = 77, next = 77, count = 77, timeout = 77;

	OK(GetMailslotInfo(slot, &max, &next, &count, &timeout));
	IS(max, 1000);
	IS(next, MAILSLOT_NO_MESSAGE);
	IS(count, 0);
	IS(timeout, 2000);
	send_text(writer, "abc");
	send_text(writer, "abcdef");
	OK(GetMailslotInfo(slot, &max, &next, &count, &timeout));
	IS(next, 3);
	IS(count, 2);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(info_pointers_may_be_null)
{
	HANDLE slot = server("null", 0, MAILSLOT_WAIT_FOREVER);
	DWORD max = 77, timeout = 77;

	OK(GetMailslotInfo(slot, NULL, NULL, NULL, NULL));
	OK(GetMailslotInfo(slot, &max, NULL, NULL, NULL));
	IS(max, 0);
	OK(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout));
	IS(timeout, MAILSLOT_WAIT_FOREVER);
	CloseHandle(slot);
}

TEST(a_client_may_ask_but_not_set)
{
	HANDLE slot = server("ask", 99, 50), writer = client("ask");
	DWORD timeout = 77;

	OK(GetMailslotInfo(writer, NULL, NULL, NULL, NULL));
	OK(!SetMailslotInfo(writer, 0));
	OK(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout));
	IS(timeout, 50);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_read_waits_as_long_as_the_timeout)
{
	HANDLE slot = server("wait", 0, 150);
	DWORD count = 77, start = GetTickCount(), elapsed;
	char buf[8];

	FAILS(ReadFile(slot, buf, sizeof(buf), &count, NULL),
	      ERROR_SEM_TIMEOUT);
	elapsed = GetTickCount() - start;
	IS(count, 0);
	OK(elapsed >= 150 - TICK && elapsed < SOON);
	CloseHandle(slot);
}

TEST(set_info_changes_the_timeout)
{
	HANDLE slot = server("set", 0, MAILSLOT_WAIT_FOREVER);
	DWORD timeout = 77;
	char buf[8];

	OK(SetMailslotInfo(slot, 10));
	OK(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout));
	IS(timeout, 10);
	FAILS(ReadFile(slot, buf, sizeof(buf), &timeout, NULL),
	      ERROR_SEM_TIMEOUT);
	OK(SetMailslotInfo(slot, 0xFFFFFFFE));
	OK(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout));
	IS(timeout, 0xFFFFFFFE);
	CloseHandle(slot);
}

TEST(a_message_ends_a_wait)
{
	HANDLE slot = server("ends", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("ends");
	struct reader reader;

	start_reader(&reader, slot, 64);
	send_text(writer, "here");
	join_reader(&reader);
	OK(reader.ok);
	IS(reader.count, 4);
	OK(!memcmp(reader.buf, "here", 4));
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_read_that_waits_keeps_its_timeout)
{
	HANDLE slot = server("keeps", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("keeps");
	struct reader reader;
	char buf[8];
	DWORD count;

	start_reader(&reader, slot, 64);
	OK(SetMailslotInfo(slot, 0));
	/* The new timeout is in force, but not for the read that waits. */
	FAILS(ReadFile(slot, buf, sizeof(buf), &count, NULL),
	      ERROR_SEM_TIMEOUT);
	IS(WaitForSingleObject(reader.thread, 200), WAIT_TIMEOUT);
	send_text(writer, "late");
	join_reader(&reader);
	OK(reader.ok);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(readers_that_wait_are_served_in_order)
{
	HANDLE slot = server("queue", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("queue");
	struct reader first, second;

	start_reader(&first, slot, 64);
	start_reader(&second, slot, 64);
	send_text(writer, "1st");
	send_text(writer, "2nd");
	join_reader(&first);
	join_reader(&second);
	OK(first.ok && !memcmp(first.buf, "1st", 3));
	OK(second.ok && !memcmp(second.buf, "2nd", 3));
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_message_that_is_too_long_goes_to_the_next_reader)
{
	HANDLE slot = server("next", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("next");
	struct reader small, large;

	start_reader(&small, slot, 2);
	start_reader(&large, slot, 64);
	send_text(writer, "large");
	join_reader(&small);
	join_reader(&large);
	OK(!small.ok);
	IS(small.error, ERROR_INSUFFICIENT_BUFFER);
	IS(small.count, 0);
	OK(large.ok && !memcmp(large.buf, "large", 5));
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(a_large_message)
{
	const DWORD len = 300000;
	HANDLE slot = server("large", 0, 0), writer = client("large");
	char *sent = (char *)malloc(len), *got = (char *)calloc(1, len);
	DWORD count = 77, i;

	for (i = 0; i < len; i++)
		sent[i] = (char)(i * 7 + i / 251);
	OK(WriteFile(writer, sent, len, &count, NULL));
	IS(count, len);
	OK(ReadFile(slot, got, len, &count, NULL));
	IS(count, len);
	OK(!memcmp(sent, got, len));
	free(got);
	free(sent);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(the_last_error_is_the_thread_s_own)
{
	HANDLE slot = server("error", 0, 0);
	struct reader reader = { slot, NULL, 0, 8, 0, 0, 0, 0, "" };

	SetLastError(4711);
	reader.thread = CreateThread(NULL, 0, read_in_thread, &reader, 0, NULL);
	IS(WaitForSingleObject(reader.thread, SOON), WAIT_OBJECT_0);
	IS(GetLastError(), 4711);
	IS(reader.error, ERROR_SEM_TIMEOUT);
	CloseHandle(reader.thread);
	CloseHandle(slot);
}

TEST_MAIN
