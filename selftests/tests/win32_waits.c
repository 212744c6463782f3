// SPDX-License-Identifier: GPL-2.0-only
/* Events, threads, waiting and time through Win32. */
#include "win32_test.h"

TEST(a_manual_event_stays_set)
{
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

	IS(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
	OK(SetEvent(event));
	OK(SetEvent(event));
	IS(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
	IS(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0);
	OK(ResetEvent(event));
	IS(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
	OK(CloseHandle(event));
}

TEST(an_auto_event_ends_one_wait)
{
	HANDLE event = CreateEventA(NULL, FALSE, TRUE, NULL);

	IS(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
	IS(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
	OK(SetEvent(event));
	OK(SetEvent(event));
	IS(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
	IS(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
	OK(CloseHandle(event));
}

TEST(a_wait_is_not_shorter_than_it_should_be)
{
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	DWORD start = GetTickCount(), elapsed;

	IS(WaitForSingleObject(event, 120), WAIT_TIMEOUT);
	elapsed = GetTickCount() - start;
	OK(elapsed >= 120 - TICK && elapsed < SOON);
	start = GetTickCount();
	Sleep(120);
	elapsed = GetTickCount() - start;
	OK(elapsed >= 120 - TICK && elapsed < SOON);
	CloseHandle(event);
}

TEST(a_named_event_is_found_by_its_name)
{
	static const WCHAR wide[] = { 'w', '3', '2', 0 };
	HANDLE first, second, third;

	SetLastError(0xdead);
	first = CreateEventA(NULL, TRUE, FALSE, "w32");
	OK(first);
	IS(GetLastError(), ERROR_SUCCESS);
	second = CreateEventW(NULL, FALSE, FALSE, wide);
	OK(second && second != first);
	IS(GetLastError(), ERROR_ALREADY_EXISTS);
	OK(SetEvent(second));
	IS(WaitForSingleObject(first, 0), WAIT_OBJECT_0);
	IS(WaitForSingleObject(second, 0), WAIT_OBJECT_0);
	CloseHandle(second);
	CloseHandle(first);
	third = CreateEventA(NULL, TRUE, FALSE, "w32");
	IS(GetLastError(), ERROR_SUCCESS);
	IS(WaitForSingleObject(third, 0), WAIT_TIMEOUT);
	CloseHandle(third);
}

static DWORD WINAPI set_it(LPVOID event)
{
	OK(SetEvent((HANDLE)event));
	return 0;
}

TEST(another_thread_s_event_ends_a_wait)
{
	HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
	HANDLE thread = CreateThread(NULL, 0, set_it, event, 0, NULL);

	IS(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0);
	IS(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
	CloseHandle(thread);
	CloseHandle(event);
}

static DWORD WINAPI wait_for_it(LPVOID event)
{
	return WaitForSingleObject((HANDLE)event, SOON);
}

TEST(an_event_can_be_closed_while_a_thread_waits_for_it)
{
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), copy;
	HANDLE thread;
	DWORD code = 77;

	OK(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(),
			   &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
	thread = CreateThread(NULL, 0, wait_for_it, event, 0, NULL);
	IS(WaitForSingleObject(thread, 50), WAIT_TIMEOUT);
	OK(CloseHandle(event));
	OK(SetEvent(copy));
	IS(WaitForSingleObject(thread, SOON), WAIT_OBJECT_0);
	OK(GetExitCodeThread(thread, &code));
	IS(code, WAIT_OBJECT_0);
	CloseHandle(thread);
	CloseHandle(copy);
}

static DWORD WINAPI return_it(LPVOID parameter)
{
	*(DWORD *)parameter = GetCurrentThreadId();
	return 4711;
}

static DWORD WINAPI exit_with_it(LPVOID event)
{
	WaitForSingleObject((HANDLE)event, INFINITE);
	ExitThread(4712);
	return 0;
}

TEST(a_thread_has_an_id_and_an_exit_code)
{
	DWORD id = 0, own_id = 1, code = 77;
	HANDLE thread = CreateThread(NULL, 0, return_it, &own_id, 0, &id);

	IS(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
	IS(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
	IS(id, own_id);
	OK(id != GetCurrentThreadId());
	OK(GetExitCodeThread(thread, &code));
	IS(code, 4711);
	OK(CloseHandle(thread));
}

TEST(a_thread_that_runs_is_still_active)
{
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	HANDLE thread = CreateThread(NULL, 0, exit_with_it, event, 0, NULL);
	DWORD code = 77;

	OK(GetExitCodeThread(thread, &code));
	IS(code, STILL_ACTIVE);
	IS(WaitForSingleObject(thread, 0), WAIT_TIMEOUT);
	OK(SetEvent(event));
	IS(WaitForSingleObject(thread, SOON), WAIT_OBJECT_0);
	OK(GetExitCodeThread(thread, &code));
	IS(code, 4712);
	CloseHandle(thread);
	CloseHandle(event);
}

TEST(a_thread_outlives_its_handle)
{
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	HANDLE thread = CreateThread(NULL, 0, set_it, event, 0, NULL);

	OK(CloseHandle(thread));
	IS(WaitForSingleObject(event, SOON), WAIT_OBJECT_0);
	CloseHandle(event);
}

TEST(waiting_for_any_of_many)
{
	HANDLE events[3];
	int i;

	for (i = 0; i < 3; i++)
		events[i] = CreateEventA(NULL, FALSE, FALSE, NULL);
	IS(WaitForMultipleObjects(3, events, FALSE, 20), WAIT_TIMEOUT);
	OK(SetEvent(events[2]));
	OK(SetEvent(events[1]));
	IS(WaitForMultipleObjects(3, events, FALSE, 0), WAIT_OBJECT_0 + 1);
	IS(WaitForMultipleObjects(3, events, FALSE, 0), WAIT_OBJECT_0 + 2);
	IS(WaitForMultipleObjects(3, events, FALSE, 0), WAIT_TIMEOUT);
	for (i = 0; i < 3; i++)
		CloseHandle(events[i]);
}

TEST(waiting_for_all_of_many)
{
	HANDLE events[3], thread;
	int i;

	for (i = 0; i < 3; i++)
		events[i] = CreateEventA(NULL, i == 0, i != 1, NULL);
	IS(WaitForMultipleObjects(3, events, TRUE, 20), WAIT_TIMEOUT);
	/* None of them was taken, as not all were there. */
	IS(WaitForSingleObject(events[2], 0), WAIT_OBJECT_0);
	OK(SetEvent(events[2]));
	thread = CreateThread(NULL, 0, set_it, events[1], 0, NULL);
	IS(WaitForMultipleObjects(3, events, TRUE, SOON), WAIT_OBJECT_0);
	IS(WaitForSingleObject(events[0], 0), WAIT_OBJECT_0);
	IS(WaitForSingleObject(events[1], 0), WAIT_TIMEOUT);
	IS(WaitForSingleObject(events[2], 0), WAIT_TIMEOUT);
	WaitForSingleObject(thread, SOON);
	CloseHandle(thread);
	for (i = 0; i < 3; i++)
		CloseHandle(events[i]);
}

TEST(waiting_for_mail_or_a_stop)
{
	HANDLE slot = server("stop", 0, MAILSLOT_WAIT_FOREVER);
	HANDLE writer = client("stop"), handles[2];
	OVERLAPPED overlapped;
	DWORD count = 77;
	char buf[8];

	memset(&overlapped, 0, sizeof(overlapped));
	overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
	handles[0] = overlapped.hEvent;
	handles[1] = CreateEventA(NULL, TRUE, FALSE, NULL);
	FAILS(ReadFile(slot, buf, sizeof(buf), &count, &overlapped),
	      ERROR_IO_PENDING);
	IS(WaitForMultipleObjects(2, handles, FALSE, 20), WAIT_TIMEOUT);
	send_text(writer, "mail");
	IS(WaitForMultipleObjects(2, handles, FALSE, SOON), WAIT_OBJECT_0);
	OK(GetOverlappedResult(slot, &overlapped, &count, FALSE));
	IS(count, 4);
	FAILS(ReadFile(slot, buf, sizeof(buf), &count, &overlapped),
	      ERROR_IO_PENDING);
	OK(SetEvent(handles[1]));
	IS(WaitForMultipleObjects(2, handles, FALSE, SOON), WAIT_OBJECT_0 + 1);
	OK(CancelIo(slot));
	CloseHandle(handles[1]);
	CloseHandle(handles[0]);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(bad_waits_fail)
{
	HANDLE handles[2] = { CreateEventA(NULL, TRUE, TRUE, NULL), NULL };

	SetLastError(0xdead);
	IS(WaitForMultipleObjects(2, handles, FALSE, 0), WAIT_FAILED);
	IS(GetLastError(), ERROR_INVALID_HANDLE);
	IS(WaitForMultipleObjects(0, handles, FALSE, 0), WAIT_FAILED);
	IS(GetLastError(), ERROR_INVALID_PARAMETER);
	IS(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, handles, FALSE, 0),
	   WAIT_FAILED);
	IS(GetLastError(), ERROR_INVALID_PARAMETER);
	CloseHandle(handles[0]);
}

TEST(time_goes_on)
{
	DWORD start = GetTickCount();
	ULONGLONG start64 = GetTickCount64();

	Sleep(0);
	Sleep(20);
	OK(GetTickCount() - start >= 20 - TICK);
	OK(GetTickCount64() - start64 >= 20 - TICK);
}

TEST_MAIN
