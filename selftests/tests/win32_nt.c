// SPDX-License-Identifier: GPL-2.0-only
/* The NT layer: native calls and their status values. */
#ifdef _WIN32
#define WIN32_NO_STATUS
#include <windows.h>
#undef WIN32_NO_STATUS
#include <ntstatus.h>
#include <winternl.h>

/* Not in this header. */
NTSTATUS NTAPI NtCreateMailslotFile(PHANDLE handle, ULONG access,
				    POBJECT_ATTRIBUTES object,
				    PIO_STATUS_BLOCK iosb, ULONG options,
				    ULONG quota, ULONG max_message_size,
				    PLARGE_INTEGER read_timeout);
NTSTATUS NTAPI NtReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc,
			  PVOID apc_context, PIO_STATUS_BLOCK iosb, PVOID buf,
			  ULONG len, PLARGE_INTEGER offset, PULONG key);
NTSTATUS NTAPI NtWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc,
			   PVOID apc_context, PIO_STATUS_BLOCK iosb, PVOID buf,
			   ULONG len, PLARGE_INTEGER offset, PULONG key);
#else
#include <mailslot/winternl.h>
#endif

#include <stdint.h>

#include "win32_test.h"

static WCHAR name[64];
static UNICODE_STRING counted;
static OBJECT_ATTRIBUTES object;
static IO_STATUS_BLOCK iosb;

static NTSTATUS create(PHANDLE slot, const char *path, ULONG options,
		       ULONG max, LONGLONG timeout)
{
	LARGE_INTEGER units = { .QuadPart = timeout };
	size_t i;

	for (i = 0; i <= strlen(path); i++)
		name[i] = path[i];
	RtlInitUnicodeString(&counted, name);
	InitializeObjectAttributes(&object, &counted, OBJ_CASE_INSENSITIVE,
				   NULL, NULL);
	*slot = NULL;
	return NtCreateMailslotFile(slot, GENERIC_READ, &object, &iosb, options,
				    0, max, &units);
}

static HANDLE nt_server(ULONG max, LONGLONG timeout)
{
	HANDLE slot;

	IS(create(&slot, "\\??\\MAILSLOT\\win32\\nt", 0, max, timeout),
	   STATUS_SUCCESS);
	IS(iosb.Information, FILE_CREATED);
	OK(slot);
	return slot;
}

TEST(nt_creates_what_win32_opens)
{
	HANDLE slot = nt_server(0, -1), writer = client("nt"), other;

	OK(writer != INVALID_HANDLE_VALUE);
	IS(create(&other, "\\??\\mailslot\\WIN32\\NT", 0, 0, -1),
	   STATUS_OBJECT_NAME_COLLISION);
	OK(!other);
	CloseHandle(writer);
	IS(NtClose(slot), STATUS_SUCCESS);
	IS(NtClose(slot), STATUS_INVALID_HANDLE);
}

TEST(nt_names)
{
	HANDLE slot;

	IS(create(&slot, "\\??\\MAILSLOT\\R:\\FRED", 0, 0, -1), STATUS_SUCCESS);
	NtClose(slot);
	IS(create(&slot, "\\DosDevices\\mailslot\\win32\\nt2", 0, 0, -1),
	   STATUS_SUCCESS);
	NtClose(slot);
	IS(create(&slot, "\\Device\\Mailslot\\win32\\nt3", 0, 0, -1),
	   STATUS_SUCCESS);
	NtClose(slot);
	OK(!NT_SUCCESS(create(&slot, "mailslot\\x", 0, 0, -1)));
	OK(!NT_SUCCESS(create(&slot, "\\??\\mailslot\\", 0, 0, -1)));
	OK(!NT_SUCCESS(create(&slot, "\\??\\elsewhere\\x", 0, 0, -1)));
}

TEST(nt_bad_arguments)
{
	HANDLE slot = nt_server(0, 0), other = NULL;
	LARGE_INTEGER absolute = { .QuadPart = 1 };

	OK(!NT_SUCCESS(NtCreateMailslotFile(NULL, GENERIC_READ, &object, &iosb,
					    0, 0, 0, NULL)));
	NtClose(slot);
	IS(NtCreateMailslotFile(&other, GENERIC_READ, &object, &iosb, 0, 0, 0,
				&absolute), STATUS_INVALID_PARAMETER);
	object.Length = 0;
	IS(NtCreateMailslotFile(&other, GENERIC_READ, &object, &iosb, 0, 0, 0,
				NULL), STATUS_INVALID_PARAMETER);
	object.Length = sizeof(object);
	object.ObjectName = NULL;
	IS(NtCreateMailslotFile(&other, GENERIC_READ, &object, &iosb, 0, 0, 0,
				NULL), STATUS_OBJECT_PATH_SYNTAX_BAD);
}

TEST(nt_query_tells_the_state)
{
	FILE_MAILSLOT_QUERY_INFORMATION info;
	HANDLE slot = nt_server(100, -2000 * 10000LL), writer = client("nt");

	IS(sizeof(info), 24);
	send_text(writer, "abc");
	IS(NtQueryInformationFile(slot, &iosb, &info, sizeof(info),
				  FileMailslotQueryInformation),
	   STATUS_SUCCESS);
	IS(iosb.Information, 24);
	IS(info.MaximumMessageSize, 100);
	IS(info.NextMessageSize, 3);
	IS(info.MessagesAvailable, 1);
	IS(info.ReadTimeout.QuadPart, -2000 * 10000LL);
	IS(NtQueryInformationFile(slot, &iosb, &info, sizeof(info) - 1,
				  FileMailslotQueryInformation),
	   STATUS_INFO_LENGTH_MISMATCH);
	expect_text(slot, "abc");
	IS(NtQueryInformationFile(slot, &iosb, &info, sizeof(info),
				  FileMailslotQueryInformation),
	   STATUS_SUCCESS);
	IS(info.NextMessageSize, MAILSLOT_NO_MESSAGE);
	CloseHandle(writer);
	NtClose(slot);
}

#ifndef _WIN32
/* This struct is not the same in Microsoft's header and in others. */
TEST(nt_set_changes_the_timeout)
{
	FILE_MAILSLOT_SET_INFORMATION set;
	LARGE_INTEGER units;
	HANDLE slot = nt_server(0, -1);
	DWORD timeout = 77;

	OK(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout));
	IS(timeout, MAILSLOT_WAIT_FOREVER);
	set.ReadTimeout = &units;
	units.QuadPart = -70 * 10000LL;
	IS(NtSetInformationFile(slot, &iosb, &set, sizeof(set),
				FileMailslotSetInformation), STATUS_SUCCESS);
	OK(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout));
	IS(timeout, 70);
	units.QuadPart = 0;
	IS(NtSetInformationFile(slot, &iosb, &set, sizeof(set),
				FileMailslotSetInformation), STATUS_SUCCESS);
	OK(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout));
	IS(timeout, 0);
	NtClose(slot);
}
#endif

TEST(nt_timeouts)
{
	static const struct {
		LONGLONG units;
		DWORD timeout;
	} rows[] = {
		{ -1, MAILSLOT_WAIT_FOREVER },
		{ INT64_MAX, MAILSLOT_WAIT_FOREVER },
		{ 0, 0 },
		{ -10000, 1 },
		{ -70 * 10000LL, 70 },
		{ -4294967294LL * 10000, 0xFFFFFFFE },
	};
	DWORD timeout;
	HANDLE slot;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		slot = nt_server(0, rows[i].units);
		timeout = 77;
		OK(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout));
		IS(timeout, rows[i].timeout);
		NtClose(slot);
	}
}

TEST(nt_read_is_pending)
{
	HANDLE slot = nt_server(0, -1), writer = client("nt");
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	char buf[8];

	IS(NtReadFile(slot, event, NULL, NULL, &iosb, buf, sizeof(buf), NULL,
		      NULL), STATUS_PENDING);
	send_text(writer, "nt");
	IS(WaitForSingleObject(event, SOON), WAIT_OBJECT_0);
	IS(iosb.Status, STATUS_SUCCESS);
	IS(iosb.Information, 2);
	OK(!memcmp(buf, "nt", 2));
	CloseHandle(event);
	CloseHandle(writer);
	NtClose(slot);
}

TEST(nt_read_waits_where_the_slot_is_synchronous)
{
	HANDLE slot, writer;
	char buf[8];

	IS(create(&slot, "\\??\\MAILSLOT\\win32\\nt",
		  FILE_SYNCHRONOUS_IO_NONALERT, 0, -100 * 10000LL),
	   STATUS_SUCCESS);
	writer = client("nt");
	IS(NtReadFile(slot, NULL, NULL, NULL, &iosb, buf, sizeof(buf), NULL,
		      NULL), STATUS_IO_TIMEOUT);
	send_text(writer, "sync");
	IS(NtReadFile(slot, NULL, NULL, NULL, &iosb, buf, 1, NULL, NULL),
	   STATUS_BUFFER_TOO_SMALL);
	IS(NtReadFile(slot, NULL, NULL, NULL, &iosb, buf, sizeof(buf), NULL,
		      NULL), STATUS_SUCCESS);
	IS(iosb.Status, STATUS_SUCCESS);
	IS(iosb.Information, 4);
	CloseHandle(writer);
	NtClose(slot);
}

TEST(nt_write)
{
	HANDLE slot = nt_server(4, 0), writer = client("nt");

	IS(NtWriteFile(writer, NULL, NULL, NULL, &iosb, (char *)"nt", 2, NULL,
		       NULL), STATUS_SUCCESS);
	IS(iosb.Information, 2);
	IS(NtWriteFile(writer, NULL, NULL, NULL, &iosb, (char *)"12345", 5,
		       NULL, NULL), STATUS_INVALID_PARAMETER);
	IS(NtWriteFile(slot, NULL, NULL, NULL, &iosb, (char *)"nt", 2, NULL,
		       NULL), STATUS_ACCESS_DENIED);
	IS(message_count(slot), 1);
	expect_text(slot, "nt");
	NtClose(slot);
	IS(NtWriteFile(writer, NULL, NULL, NULL, &iosb, (char *)"nt", 2, NULL,
		       NULL), STATUS_END_OF_FILE);
	NtClose(writer);
}

TEST(nt_status_and_win32_error)
{
	static const struct {
		NTSTATUS status;
		DWORD error;
	} rows[] = {
		{ STATUS_SUCCESS, ERROR_SUCCESS },
		{ STATUS_PENDING, ERROR_IO_PENDING },
		{ STATUS_IO_TIMEOUT, ERROR_SEM_TIMEOUT },
		{ STATUS_BUFFER_TOO_SMALL, ERROR_INSUFFICIENT_BUFFER },
		{ STATUS_INVALID_PARAMETER, ERROR_INVALID_PARAMETER },
		{ STATUS_END_OF_FILE, ERROR_HANDLE_EOF },
		{ STATUS_OBJECT_NAME_COLLISION, ERROR_ALREADY_EXISTS },
		{ STATUS_OBJECT_NAME_NOT_FOUND, ERROR_FILE_NOT_FOUND },
		{ STATUS_OBJECT_NAME_INVALID, ERROR_INVALID_NAME },
		{ STATUS_OBJECT_PATH_NOT_FOUND, ERROR_PATH_NOT_FOUND },
		{ STATUS_NAME_TOO_LONG, ERROR_FILENAME_EXCED_RANGE },
		{ STATUS_ACCESS_DENIED, ERROR_ACCESS_DENIED },
		{ STATUS_INVALID_HANDLE, ERROR_INVALID_HANDLE },
		{ STATUS_INVALID_DEVICE_REQUEST, ERROR_INVALID_FUNCTION },
		{ STATUS_QUOTA_EXCEEDED, ERROR_NOT_ENOUGH_QUOTA },
		{ STATUS_NO_MEMORY, ERROR_NOT_ENOUGH_MEMORY },
		{ STATUS_CANCELLED, ERROR_OPERATION_ABORTED },
		{ STATUS_BAD_NETWORK_PATH, ERROR_BAD_NETPATH },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		IS(RtlNtStatusToDosError(rows[i].status), rows[i].error);
}

TEST_MAIN
