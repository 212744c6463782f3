// SPDX-License-Identifier: GPL-2.0-only
/* Names of slots, and how they are created and opened, through Win32. */
#include "win32_test.h"

#define OTHER_CASE(name)	"\\\\.\\MAILSLOT\\WIN32\\" name

static void opens(const char *path)
{
	HANDLE writer = client_of(path);

	expect(writer != INVALID_HANDLE_VALUE, path, __FILE__, __LINE__);
	if (writer != INVALID_HANDLE_VALUE)
		OK(CloseHandle(writer));
}

TEST(a_slot_has_one_server)
{
	HANDLE slot = server("one", 0, 0);

	NO_HANDLE(CreateMailslotA(SLOT("one"), 0, 0, NULL),
		  ERROR_ALREADY_EXISTS);
	OK(CloseHandle(slot));
}

TEST(names_have_no_case)
{
	HANDLE slot = server("Mixed", 0, 0);

	NO_HANDLE(CreateMailslotA(OTHER_CASE("MIXED"), 0, 0, NULL),
		  ERROR_ALREADY_EXISTS);
	opens(OTHER_CASE("mixed"));
	CloseHandle(slot);
}

TEST(the_name_is_free_when_the_server_closes)
{
	HANDLE slot = server("again", 0, 0);
	HANDLE writer = client("again");

	OK(writer != INVALID_HANDLE_VALUE);
	OK(CloseHandle(slot));
	NO_HANDLE(client("again"), ERROR_FILE_NOT_FOUND);
	slot = server("again", 0, 0);
	CloseHandle(slot);
	CloseHandle(writer);
}

TEST(no_name_is_error_3)
{
	NO_HANDLE(CreateMailslotA(NULL, 0, 0, NULL), ERROR_PATH_NOT_FOUND);
	NO_HANDLE(CreateMailslotA("", 0, 0, NULL), ERROR_PATH_NOT_FOUND);
	NO_HANDLE(CreateMailslotW(NULL, 0, 0, NULL), ERROR_PATH_NOT_FOUND);
	NO_HANDLE(client_of(NULL), ERROR_PATH_NOT_FOUND);
	NO_HANDLE(client_of(""), ERROR_PATH_NOT_FOUND);
}

TEST(a_bad_name_is_error_123)
{
	NO_HANDLE(CreateMailslotA("blah", 0, 0, NULL), ERROR_INVALID_NAME);
	NO_HANDLE(CreateMailslotA("\\blah", 0, 0, NULL), ERROR_INVALID_NAME);
	NO_HANDLE(CreateMailslotA("\\\\.\\mailslot\\", 0, 0, NULL),
		  ERROR_INVALID_NAME);
	NO_HANDLE(CreateMailslotA("\\\\.\\mailslot", 0, 0, NULL),
		  ERROR_INVALID_NAME);
	NO_HANDLE(CreateMailslotA("\\\\.\\mailslot\\a\\\\b", 0, 0, NULL),
		  ERROR_INVALID_NAME);
}

TEST(a_remote_slot_cannot_be_created)
{
	NO_HANDLE(CreateMailslotA("\\\\*\\mailslot\\x", 0, 0, NULL),
		  ERROR_INVALID_NAME);
	NO_HANDLE(CreateMailslotA("\\\\HOST\\mailslot\\x", 0, 0, NULL),
		  ERROR_INVALID_NAME);
	NO_HANDLE(CreateMailslotA("\\\\192.0.2.7\\mailslot\\x", 0, 0, NULL),
		  ERROR_INVALID_NAME);
}

TEST(spellings_of_one_name)
{
	HANDLE slot = server_of("\\\\.\\mailslot\\win32\\spell\\it", 0, 0);

	opens("\\\\.\\mailslot\\win32\\spell\\it");
	opens("\\\\.\\Mailslot\\Win32\\Spell\\It");
	opens("//./mailslot/win32/spell/it");
	opens("\\\\?\\mailslot\\win32\\spell\\it");
	NO_HANDLE(CreateMailslotA("//./mailslot/win32/spell/it", 0, 0, NULL),
		  ERROR_ALREADY_EXISTS);
	NO_HANDLE(CreateMailslotA("\\\\?\\mailslot\\win32\\spell\\it", 0, 0,
				  NULL), ERROR_ALREADY_EXISTS);
	CloseHandle(slot);
}

TEST(a_path_and_its_beginning_are_two_slots)
{
	HANDLE outer = server("deep", 0, 0);
	HANDLE inner = server("deep\\er", 0, 0);
	HANDLE writer = client("deep\\er");

	send_text(writer, "inner");
	IS(message_count(outer), 0);
	IS(message_count(inner), 1);
	CloseHandle(writer);
	CloseHandle(inner);
	CloseHandle(outer);
}

/* SLOT() is not used: the limit is for all that follows the prefix. */
static void long_name(char *path, size_t len)
{
	strcpy(path, "\\\\.\\mailslot\\");
	path += strlen(path);
	memset(path, 'n', len);
	path[len] = '\0';
}

TEST(a_name_of_255_bytes)
{
	char path[512];
	HANDLE slot;

	long_name(path, 255);
	slot = CreateMailslotA(path, 0, 0, NULL);
	OK(slot != INVALID_HANDLE_VALUE);
	opens(path);
	OK(CloseHandle(slot));
	NO_HANDLE(client_of(path), ERROR_FILE_NOT_FOUND);
}

TEST(a_longer_name_is_error_206)
{
	char path[512];

	long_name(path, 256);
	NO_HANDLE(CreateMailslotA(path, 0, 0, NULL),
		  ERROR_FILENAME_EXCED_RANGE);
	NO_HANDLE(client_of(path), ERROR_FILENAME_EXCED_RANGE);
}

TEST(wide_names)
{
	static const WCHAR name[] = {
		'\\', '\\', '.', '\\', 'm', 'a', 'i', 'l', 's', 'l', 'o', 't',
		'\\', 'w', 0xF6, 0x20AC, 0
	};
	static const WCHAR upper[] = {
		'\\', '\\', '.', '\\', 'm', 'a', 'i', 'l', 's', 'l', 'o', 't',
		'\\', 'W', 0xD6, 0x20AC, 0
	};
	HANDLE slot = CreateMailslotW(name, 0, 0, NULL);
	HANDLE writer;

	OK(slot != INVALID_HANDLE_VALUE);
	NO_HANDLE(CreateMailslotW(upper, 0, 0, NULL), ERROR_ALREADY_EXISTS);
	writer = CreateFileW(upper, GENERIC_WRITE, FILE_SHARE_READ, NULL,
			     OPEN_EXISTING, 0, NULL);
	OK(writer != INVALID_HANDLE_VALUE);
	send_text(writer, "wide");
	expect_text(slot, "wide");
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST(opening_without_a_server_is_error_2)
{
	static const DWORD dispositions[] = {
		CREATE_NEW, CREATE_ALWAYS, OPEN_EXISTING, OPEN_ALWAYS,
		TRUNCATE_EXISTING,
	};
	int i;

	for (i = 0; i < 5; i++)
		NO_HANDLE(CreateFileA(SLOT("missing"), GENERIC_WRITE,
				      FILE_SHARE_READ, NULL, dispositions[i], 0,
				      NULL), ERROR_FILE_NOT_FOUND);
}

TEST(every_disposition_opens)
{
	static const struct {
		DWORD disposition, error;
	} rows[] = {
		{ CREATE_NEW, ERROR_SUCCESS },
		{ CREATE_ALWAYS, ERROR_ALREADY_EXISTS },
		{ OPEN_EXISTING, ERROR_SUCCESS },
		{ OPEN_ALWAYS, ERROR_ALREADY_EXISTS },
		{ TRUNCATE_EXISTING, ERROR_SUCCESS },
	};
	HANDLE slot = server("dispositions", 0, 0), writer;
	int i;

	for (i = 0; i < 5; i++) {
		SetLastError(0xdead);
		writer = CreateFileA(SLOT("dispositions"), GENERIC_WRITE,
				     FILE_SHARE_READ, NULL,
				     rows[i].disposition, 0, NULL);
		OK(writer != INVALID_HANDLE_VALUE);
		IS(GetLastError(), rows[i].error);
		send_text(writer, "m");
		CloseHandle(writer);
	}
	/* Truncation has not taken any of them away. */
	IS(message_count(slot), 5);
	CloseHandle(slot);
}

TEST(a_bad_disposition_is_error_87)
{
	HANDLE slot = server("disposition", 0, 0);

	NO_HANDLE(CreateFileA(SLOT("disposition"), GENERIC_WRITE, 0, NULL, 0, 0,
			      NULL), ERROR_INVALID_PARAMETER);
	NO_HANDLE(CreateFileA(SLOT("disposition"), GENERIC_WRITE, 0, NULL, 6, 0,
			      NULL), ERROR_INVALID_PARAMETER);
	CloseHandle(slot);
}

TEST(share_modes_do_not_matter)
{
	HANDLE slot = server("share", 0, 0), first, second;

	first = CreateFileA(SLOT("share"), GENERIC_WRITE, 0, NULL,
			    OPEN_EXISTING, 0, NULL);
	OK(first != INVALID_HANDLE_VALUE);
	second = CreateFileA(SLOT("share"), GENERIC_WRITE, 0, NULL,
			     OPEN_EXISTING, 0, NULL);
	OK(second != INVALID_HANDLE_VALUE);
	send_text(first, "first");
	send_text(second, "second");
	expect_text(slot, "first");
	expect_text(slot, "second");
	CloseHandle(second);
	CloseHandle(first);
	CloseHandle(slot);
}

TEST(access_0_opens_and_may_not_write)
{
	HANDLE slot = server("access", 0, 0), writer;
	DWORD count = 77, next = 77;

	writer = CreateFileA(SLOT("access"), 0, FILE_SHARE_READ |
			     FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	OK(writer != INVALID_HANDLE_VALUE);
	OK(GetMailslotInfo(writer, NULL, &next, NULL, NULL));
	IS(next, MAILSLOT_NO_MESSAGE);
	FAILS(WriteFile(writer, "x", 1, &count, NULL), ERROR_ACCESS_DENIED);
	IS(count, 0);
	IS(message_count(slot), 0);
	CloseHandle(writer);
	CloseHandle(slot);
}

TEST_MAIN
