// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Errors. The kernel's errno is the only source of them; one table says what
 * each is to the NT layer, and what that is to Win32.
 */
#include <errno.h>

#include "w32.h"

static __thread DWORD last_error;

/**
 * GetLastError() - why the last call of this thread failed
 *
 * Return: the error code. Calls that succeed leave it as it is, unless they
 * say otherwise.
 */
MAILSLOT_API DWORD WINAPI GetLastError(void)
{
	return last_error;
}

/**
 * SetLastError() - set what GetLastError() answers in this thread
 * @error: The error code.
 */
MAILSLOT_API VOID WINAPI SetLastError(DWORD error)
{
	last_error = error;
}

#define IN_ALL	(W32_OTHER | W32_OPEN | W32_READ | W32_WRITE | W32_SEND)

/* The first row that fits is taken. A row with errno 0 comes from no system
 * call: the library itself says so. The last one is for all that is unforeseen.
 */
static const struct error_row {
	int error;
	unsigned int contexts;
	NTSTATUS status;
	DWORD win32;
} error_rows[] = {
	{ EAGAIN, IN_ALL, STATUS_IO_TIMEOUT, ERROR_SEM_TIMEOUT },
	{ ETIMEDOUT, IN_ALL, STATUS_IO_TIMEOUT, ERROR_SEM_TIMEOUT },
	{ EMSGSIZE, W32_READ,
	  STATUS_BUFFER_TOO_SMALL, ERROR_INSUFFICIENT_BUFFER },
	{ EMSGSIZE, W32_SEND, STATUS_BAD_NETWORK_PATH, ERROR_BAD_NETPATH },
	{ EHOSTUNREACH, IN_ALL, STATUS_BAD_NETWORK_PATH, ERROR_BAD_NETPATH },
	{ EMSGSIZE, IN_ALL, STATUS_INVALID_PARAMETER, ERROR_INVALID_PARAMETER },
	{ EPIPE, IN_ALL, STATUS_END_OF_FILE, ERROR_HANDLE_EOF },
	{ EEXIST, IN_ALL, STATUS_OBJECT_NAME_COLLISION, ERROR_ALREADY_EXISTS },
	{ EBUSY, IN_ALL, STATUS_OBJECT_NAME_COLLISION, ERROR_ALREADY_EXISTS },
	{ ENOENT, IN_ALL, STATUS_OBJECT_NAME_NOT_FOUND, ERROR_FILE_NOT_FOUND },
	{ EINVAL, W32_OPEN, STATUS_OBJECT_NAME_INVALID, ERROR_INVALID_NAME },
	{ EINVAL, IN_ALL, STATUS_INVALID_PARAMETER, ERROR_INVALID_PARAMETER },
	{ ENAMETOOLONG, IN_ALL,
	  STATUS_NAME_TOO_LONG, ERROR_FILENAME_EXCED_RANGE },
	{ EFAULT, W32_OPEN, STATUS_OBJECT_PATH_NOT_FOUND, ERROR_PATH_NOT_FOUND },
	{ EFAULT, IN_ALL, STATUS_ACCESS_VIOLATION, ERROR_NOACCESS },
	{ EACCES, IN_ALL, STATUS_ACCESS_DENIED, ERROR_ACCESS_DENIED },
	{ EPERM, IN_ALL, STATUS_ACCESS_DENIED, ERROR_ACCESS_DENIED },
	{ EBADF, IN_ALL, STATUS_INVALID_HANDLE, ERROR_INVALID_HANDLE },
	{ ENOTTY, IN_ALL,
	  STATUS_INVALID_DEVICE_REQUEST, ERROR_INVALID_FUNCTION },
	{ ENOBUFS, IN_ALL, STATUS_QUOTA_EXCEEDED, ERROR_NOT_ENOUGH_QUOTA },
	{ ENOMEM, IN_ALL, STATUS_NO_MEMORY, ERROR_NOT_ENOUGH_MEMORY },
	{ ECANCELED, IN_ALL, STATUS_CANCELLED, ERROR_OPERATION_ABORTED },
	{ ENETDOWN, IN_ALL, STATUS_REMOTE_MAILSLOTS_DEPRECATED,
	  ERROR_REMOTE_MAILSLOTS_DEPRECATED },
	{ ENETUNREACH, IN_ALL,
	  STATUS_NETWORK_UNREACHABLE, ERROR_NETWORK_UNREACHABLE },
	{ EMFILE, IN_ALL,
	  STATUS_TOO_MANY_OPENED_FILES, ERROR_TOO_MANY_OPEN_FILES },
	{ ENFILE, IN_ALL,
	  STATUS_TOO_MANY_OPENED_FILES, ERROR_TOO_MANY_OPEN_FILES },
	{ ENOSPC, IN_ALL,
	  STATUS_INSUFFICIENT_RESOURCES, ERROR_NO_SYSTEM_RESOURCES },
	{ EROFS, IN_ALL, STATUS_MEDIA_WRITE_PROTECTED, ERROR_WRITE_PROTECT },
	{ 0, 0, STATUS_NOT_SUPPORTED, ERROR_NOT_SUPPORTED },
	{ 0, 0, STATUS_NOT_FOUND, ERROR_NOT_FOUND },
	{ 0, 0, STATUS_OBJECT_PATH_SYNTAX_BAD, ERROR_BAD_PATHNAME },
	{ 0, 0, STATUS_INVALID_INFO_CLASS, ERROR_INVALID_PARAMETER },
	{ 0, 0, STATUS_INFO_LENGTH_MISMATCH, ERROR_BAD_LENGTH },
	{ 0, 0, STATUS_INVALID_SECURITY_DESCR, ERROR_INVALID_SECURITY_DESCR },
	{ 0, 0, STATUS_PENDING, ERROR_IO_PENDING },
	{ -1, 0, STATUS_UNSUCCESSFUL, ERROR_GEN_FAILURE },
};

/**
 * w32_status() - what an errno is to the NT layer
 * @error: The errno.
 * @context: What was being done.
 *
 * Return: the status; STATUS_UNSUCCESSFUL for an errno that no call of the
 * mailslot file system gives.
 */
NTSTATUS w32_status(int error, enum w32_context context)
{
	const struct error_row *row;

	for (row = error_rows; row->error >= 0; row++)
		if (row->error == error && (row->contexts & context))
			break;
	return row->status;
}

/**
 * RtlNtStatusToDosError() - what a status of the NT layer is to Win32
 * @status: The status.
 *
 * Return: the error code; ERROR_GEN_FAILURE for a status that is not used
 * here.
 */
MAILSLOT_API ULONG NTAPI RtlNtStatusToDosError(NTSTATUS status)
{
	const struct error_row *row;

	if (status == STATUS_SUCCESS)
		return ERROR_SUCCESS;
	for (row = error_rows; row->error >= 0; row++)
		if (row->status == status)
			break;
	return row->win32;
}

/**
 * w32_fail() - end a call of Win32 with an error
 * @error: For GetLastError().
 *
 * Return: FALSE.
 */
BOOL w32_fail(DWORD error)
{
	last_error = error;
	return FALSE;
}

/**
 * w32_result() - end a call of Win32 as a call of the NT layer ended
 * @status: How that ended. STATUS_PENDING is a failure to Win32.
 *
 * Return: TRUE, or FALSE with the error set.
 */
BOOL w32_result(NTSTATUS status)
{
	return status == STATUS_SUCCESS ||
	       w32_fail(RtlNtStatusToDosError(status));
}
