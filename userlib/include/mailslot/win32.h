/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The Win32 face of libmailslot: Windows programs that use mailslots compile
 * as they stand, and behave as on Windows. mailslot-win32(7) is the manual.
 *
 * A program that says #include <windows.h> finds this header when the folder
 * mailslot/win32 is on its include path.
 */
#ifndef _MAILSLOT_WIN32_H
#define _MAILSLOT_WIN32_H

#include "win32/windef.h"
#include "win32/winerror.h"
#include "win32/winnt.h"

#ifdef __cplusplus
extern "C" {
#endif

#define INVALID_HANDLE_VALUE	((HANDLE)~(ULONG_PTR)0)
#define INFINITE		0xFFFFFFFFU

/* Spelled as in <linux/mailslot.h>, so that a program can include both. */
#define MAILSLOT_NO_MESSAGE	0xFFFFFFFFU
#define MAILSLOT_WAIT_FOREVER	0xFFFFFFFFU

#define CREATE_NEW		1
#define CREATE_ALWAYS		2
#define OPEN_EXISTING		3
#define OPEN_ALWAYS		4
#define TRUNCATE_EXISTING	5

#define FILE_FLAG_WRITE_THROUGH	0x80000000U
#define FILE_FLAG_OVERLAPPED	0x40000000U
#define FILE_FLAG_NO_BUFFERING	0x20000000U

#define HANDLE_FLAG_INHERIT	0x1U

#define WAIT_OBJECT_0		0U
#define WAIT_ABANDONED		0x80U
#define WAIT_ABANDONED_0	0x80U
#define WAIT_FAILED		0xFFFFFFFFU
#define STILL_ACTIVE		STATUS_PENDING

#define STACK_SIZE_PARAM_IS_A_RESERVATION	0x10000U

/**
 * struct _SECURITY_ATTRIBUTES - security and inheritance of a new handle
 * @nLength: Bytes of this struct.
 * @lpSecurityDescriptor: A &struct _SECURITY_DESCRIPTOR, or NULL.
 * @bInheritHandle: Whether programs that are started from now on inherit it.
 */
typedef struct _SECURITY_ATTRIBUTES {
	DWORD nLength;
	LPVOID lpSecurityDescriptor;
	BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

/**
 * struct _OVERLAPPED - a read or write that need not have ended
 * @Internal: %STATUS_PENDING, and later how it ended.
 * @InternalHigh: Bytes read or written.
 * @Offset: Without meaning for mailslots.
 * @OffsetHigh: Likewise.
 * @Pointer: Likewise.
 * @hEvent: An event that is set at the end, or NULL.
 */
typedef struct _OVERLAPPED {
	ULONG_PTR Internal;
	ULONG_PTR InternalHigh;
	union {
		__extension__ struct {
			DWORD Offset;
			DWORD OffsetHigh;
		};
		PVOID Pointer;
	};
	HANDLE hEvent;
} OVERLAPPED, *LPOVERLAPPED;

/* Whoever sees that a read has ended sees its message, too. */
#define HasOverlappedIoCompleted(overlapped)				\
	(__atomic_load_n(&(overlapped)->Internal, __ATOMIC_ACQUIRE) !=	\
	 STATUS_PENDING)

typedef DWORD (*LPTHREAD_START_ROUTINE)(LPVOID parameter);

/* Slots */
HANDLE WINAPI CreateMailslotA(LPCSTR name, DWORD max_message_size,
			      DWORD read_timeout, LPSECURITY_ATTRIBUTES sa);
HANDLE WINAPI CreateMailslotW(LPCWSTR name, DWORD max_message_size,
			      DWORD read_timeout, LPSECURITY_ATTRIBUTES sa);
HANDLE WINAPI CreateFileA(LPCSTR name, DWORD access, DWORD share_mode,
			  LPSECURITY_ATTRIBUTES sa, DWORD disposition,
			  DWORD flags, HANDLE template_file);
HANDLE WINAPI CreateFileW(LPCWSTR name, DWORD access, DWORD share_mode,
			  LPSECURITY_ATTRIBUTES sa, DWORD disposition,
			  DWORD flags, HANDLE template_file);
BOOL WINAPI GetMailslotInfo(HANDLE slot, LPDWORD max_message_size,
			    LPDWORD next_size, LPDWORD message_count,
			    LPDWORD read_timeout);
BOOL WINAPI SetMailslotInfo(HANDLE slot, DWORD read_timeout);

/* Messages */
BOOL WINAPI ReadFile(HANDLE file, LPVOID buf, DWORD len, LPDWORD count,
		     LPOVERLAPPED overlapped);
BOOL WINAPI WriteFile(HANDLE file, LPCVOID buf, DWORD len, LPDWORD count,
		      LPOVERLAPPED overlapped);
BOOL WINAPI GetOverlappedResult(HANDLE file, LPOVERLAPPED overlapped,
				LPDWORD count, BOOL wait);
BOOL WINAPI CancelIo(HANDLE file);
BOOL WINAPI CancelIoEx(HANDLE file, LPOVERLAPPED overlapped);

/* Handles */
BOOL WINAPI CloseHandle(HANDLE handle);
BOOL WINAPI DuplicateHandle(HANDLE source_process, HANDLE source,
			    HANDLE target_process, LPHANDLE target,
			    DWORD access, BOOL inherit, DWORD options);
BOOL WINAPI GetHandleInformation(HANDLE handle, LPDWORD flags);
BOOL WINAPI SetHandleInformation(HANDLE handle, DWORD mask, DWORD flags);
HANDLE WINAPI GetCurrentProcess(void);
DWORD WINAPI GetCurrentProcessId(void);
DWORD WINAPI GetCurrentThreadId(void);

/* Events, threads, waiting */
HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES sa, BOOL manual_reset,
			   BOOL initial_state, LPCSTR name);
HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES sa, BOOL manual_reset,
			   BOOL initial_state, LPCWSTR name);
BOOL WINAPI SetEvent(HANDLE event);
BOOL WINAPI ResetEvent(HANDLE event);
HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES sa, SIZE_T stack_size,
			   LPTHREAD_START_ROUTINE start, LPVOID parameter,
			   DWORD flags, LPDWORD id);
VOID WINAPI ExitThread(DWORD exit_code);
BOOL WINAPI GetExitCodeThread(HANDLE thread, LPDWORD exit_code);
DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD timeout);
DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *handles,
				    BOOL wait_all, DWORD timeout);
VOID WINAPI Sleep(DWORD timeout);
DWORD WINAPI GetTickCount(void);
ULONGLONG WINAPI GetTickCount64(void);

/* Errors */
DWORD WINAPI GetLastError(void);
VOID WINAPI SetLastError(DWORD error);

/* Who may write */
BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor,
					 DWORD revision);
BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor,
				      BOOL present, PACL dacl, BOOL defaulted);
BOOL WINAPI InitializeAcl(PACL acl, DWORD size, DWORD revision);
BOOL WINAPI AddAccessAllowedAce(PACL acl, DWORD revision, DWORD mask,
				PSID sid);
BOOL WINAPI AddAccessDeniedAce(PACL acl, DWORD revision, DWORD mask, PSID sid);
BOOL WINAPI AllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority,
				     BYTE count, DWORD sub0, DWORD sub1,
				     DWORD sub2, DWORD sub3, DWORD sub4,
				     DWORD sub5, DWORD sub6, DWORD sub7,
				     void **sid);
PVOID WINAPI FreeSid(PSID sid);
DWORD WINAPI GetLengthSid(PSID sid);

#ifdef UNICODE
#define CreateMailslot	CreateMailslotW
#define CreateFile	CreateFileW
#define CreateEvent	CreateEventW
#else
#define CreateMailslot	CreateMailslotA
#define CreateFile	CreateFileA
#define CreateEvent	CreateEventA
#endif

#ifdef __cplusplus
}
#endif

#endif /* _MAILSLOT_WIN32_H */
