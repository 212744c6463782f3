// SPDX-License-Identifier: GPL-2.0-only
/*
 * The types of the Win32 face have Microsoft's sizes and values, in C and in
 * C++, for 32 and 64 bits, whatever the compiler's wchar_t is. Compiled only.
 */
#include <windows.h>
#include <winbase.h>
#include <winternl.h>
#include <tchar.h>
#include <strsafe.h>
#include <conio.h>

/* Beside the library's own header, in either order. */
#include <mailslot.h>

#ifdef __cplusplus
#define SAME_TYPE(a, b)	(__is_same(a, b))
#define CHECK(condition)	static_assert(condition, #condition)
#else
#define SAME_TYPE(a, b)	__builtin_types_compatible_p(a, b)
#define CHECK(condition)	_Static_assert(condition, #condition)
#endif
#define PTR	((int)sizeof(void *))

CHECK(SAME_TYPE(BOOL, int));
CHECK(SAME_TYPE(DWORD, uint32_t));
CHECK(SAME_TYPE(WCHAR, uint16_t));
CHECK(SAME_TYPE(HANDLE, void *));
CHECK(SAME_TYPE(LPCSTR, const char *));
CHECK(SAME_TYPE(LPVOID, void *));
CHECK(SAME_TYPE(LPCVOID, const void *));
CHECK(SAME_TYPE(LPDWORD, uint32_t *));
CHECK(sizeof(BYTE) == 1 && sizeof(BOOLEAN) == 1);
CHECK(sizeof(WORD) == 2 && sizeof(USHORT) == 2 && sizeof(SHORT) == 2);
CHECK(sizeof(LONG) == 4 && sizeof(ULONG) == 4 && sizeof(UINT) == 4);
CHECK((LONG)-1 < 0 && (LONGLONG)-1 < 0 && (DWORD)-1 > 0);
CHECK(sizeof(LONGLONG) == 8 && sizeof(ULONGLONG) == 8);
CHECK(sizeof(LARGE_INTEGER) == 8);
CHECK(sizeof(SIZE_T) == PTR && sizeof(ULONG_PTR) == PTR);
CHECK(sizeof(OVERLAPPED) == 8 + 3 * PTR);
CHECK(offsetof(OVERLAPPED, Offset) == 2 * PTR);
CHECK(offsetof(OVERLAPPED, hEvent) == 2 * PTR + 8);
CHECK(sizeof(SECURITY_ATTRIBUTES) == 3 * PTR);
CHECK(sizeof(SECURITY_DESCRIPTOR) == (PTR == 8 ? 40 : 20));
CHECK(sizeof(SID) == 12 && sizeof(ACL) == 8);
CHECK(sizeof(ACCESS_ALLOWED_ACE) == 12);
CHECK(sizeof(IO_STATUS_BLOCK) == 2 * PTR);
CHECK(sizeof(UNICODE_STRING) == (PTR == 8 ? 16 : 8));
CHECK(sizeof(OBJECT_ATTRIBUTES) == (PTR == 8 ? 48 : 24));
CHECK(sizeof(FILE_MAILSLOT_QUERY_INFORMATION) == 24);
CHECK(offsetof(FILE_MAILSLOT_QUERY_INFORMATION, ReadTimeout) == 16);

CHECK(MAILSLOT_NO_MESSAGE == 0xFFFFFFFF);
CHECK(MAILSLOT_WAIT_FOREVER == 0xFFFFFFFF && INFINITE == 0xFFFFFFFF);
CHECK(GENERIC_READ == 0x80000000 && GENERIC_WRITE == 0x40000000);
CHECK(FILE_SHARE_READ == 1 && FILE_SHARE_WRITE == 2);
CHECK(CREATE_NEW == 1 && CREATE_ALWAYS == 2 && OPEN_EXISTING == 3);
CHECK(OPEN_ALWAYS == 4 && TRUNCATE_EXISTING == 5);
CHECK(FILE_ATTRIBUTE_NORMAL == 0x80);
CHECK(FILE_FLAG_OVERLAPPED == 0x40000000);
CHECK(WAIT_OBJECT_0 == 0 && WAIT_TIMEOUT == 258);
CHECK(WAIT_FAILED == 0xFFFFFFFF && STILL_ACTIVE == 259);
CHECK(DUPLICATE_CLOSE_SOURCE == 1 && DUPLICATE_SAME_ACCESS == 2);
CHECK(ERROR_INVALID_FUNCTION == 1 && ERROR_FILE_NOT_FOUND == 2);
CHECK(ERROR_PATH_NOT_FOUND == 3 && ERROR_ACCESS_DENIED == 5);
CHECK(ERROR_INVALID_HANDLE == 6 && ERROR_NOT_ENOUGH_MEMORY == 8);
CHECK(ERROR_HANDLE_EOF == 38 && ERROR_BAD_NETPATH == 53);
CHECK(ERROR_INVALID_PARAMETER == 87 && ERROR_SEM_TIMEOUT == 121);
CHECK(ERROR_INSUFFICIENT_BUFFER == 122 && ERROR_INVALID_NAME == 123);
CHECK(ERROR_ALREADY_EXISTS == 183 && ERROR_FILENAME_EXCED_RANGE == 206);
CHECK(ERROR_OPERATION_ABORTED == 995 && ERROR_IO_INCOMPLETE == 996);
CHECK(ERROR_IO_PENDING == 997 && ERROR_NOT_ENOUGH_QUOTA == 1816);
CHECK(ERROR_REMOTE_MAILSLOTS_DEPRECATED == 3025);

/* Text is of the kind that UNICODE says, and constants have its type. */
#ifdef UNICODE
CHECK(SAME_TYPE(TCHAR, WCHAR));
#else
CHECK(SAME_TYPE(TCHAR, char));
#endif

HANDLE use_the_macros(LPOVERLAPPED overlapped);

HANDLE use_the_macros(LPOVERLAPPED overlapped)
{
	LPCTSTR name = TEXT("\\\\.\\mailslot\\x");
	HANDLE slot = CreateMailslot(name, 0, MAILSLOT_WAIT_FOREVER, NULL);
	HANDLE writer = CreateFile(_T("\\\\.\\mailslot\\x"), GENERIC_WRITE,
				   FILE_SHARE_READ, NULL, OPEN_EXISTING,
				   FILE_ATTRIBUTE_NORMAL, NULL);

	if (slot == INVALID_HANDLE_VALUE || !writer ||
	    HasOverlappedIoCompleted(overlapped))
		return CreateEvent(NULL, FALSE, FALSE, name);
	ZeroMemory(overlapped, sizeof(*overlapped));
	return GlobalAlloc(GPTR, lstrlen(name) * sizeof(TCHAR) + _kbhit());
}
