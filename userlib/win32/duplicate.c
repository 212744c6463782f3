// SPDX-License-Identifier: LGPL-2.1-or-later
/* Handles that share an object, and who inherits them. */
#include <errno.h>
#include <fcntl.h>

#include "w32.h"

static BOOL is_subset(const struct w32_handle *h, DWORD access)
{
	if (!(h->object->type & W32_FILE))
		return TRUE;
	return (!(access & W32_MAY_READ) || (h->access & W32_MAY_READ)) &&
	       (!(access & W32_MAY_WRITE) || (h->access & W32_MAY_WRITE));
}

/**
 * w32_duplicate() - another handle to the same object
 * @h: The handle.
 * @access: The rights of the duplicate.
 * @inherit: Whether programs that are started from now on inherit it.
 *
 * Return: its value; or NULL and errno.
 */
HANDLE w32_duplicate(struct w32_handle *h, DWORD access, BOOL inherit)
{
	int fd = fcntl(h->fd, inherit ? F_DUPFD : F_DUPFD_CLOEXEC, 0);

	return w32_handle_new(h->object, fd, access);
}

/**
 * DuplicateHandle() - another handle to the same object
 * @source_process: GetCurrentProcess(): other processes get handles by
 *	inheritance.
 * @source: The handle.
 * @target_process: GetCurrentProcess().
 * @target: Answer: the duplicate. May be NULL, which is of use with
 *	%DUPLICATE_CLOSE_SOURCE alone.
 * @access: The rights of the duplicate, without %DUPLICATE_SAME_ACCESS.
 * @inherit: Whether programs that are started from now on inherit it.
 * @options: %DUPLICATE_CLOSE_SOURCE, %DUPLICATE_SAME_ACCESS.
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED (more
 * rights than the source has), ERROR_TOO_MANY_OPEN_FILES,
 * ERROR_NOT_ENOUGH_MEMORY.
 */
MAILSLOT_API BOOL WINAPI DuplicateHandle(HANDLE source_process, HANDLE source,
					 HANDLE target_process,
					 LPHANDLE target, DWORD access,
					 BOOL inherit, DWORD options)
{
	HANDLE copy = NULL;
	struct w32_handle *h;
	NTSTATUS status = STATUS_SUCCESS;

	if (source_process != GetCurrentProcess() ||
	    target_process != GetCurrentProcess())
		return w32_fail(ERROR_INVALID_HANDLE);
	h = w32_get(source, W32_ANY);
	if (!h)
		return FALSE;
	if (options & DUPLICATE_SAME_ACCESS)
		access = h->access;
	if (!is_subset(h, access))
		status = STATUS_ACCESS_DENIED;
	else if (target)
		copy = w32_duplicate(h, access, inherit);
	if (target && !copy && !status)
		status = w32_status(errno, W32_OTHER);
	if (target)
		*target = copy;
	w32_put(h);
	if (options & DUPLICATE_CLOSE_SOURCE)
		CloseHandle(source);
	return w32_result(status);
}

/**
 * GetHandleInformation() - whether a handle is inherited
 * @handle: The handle.
 * @flags: Answer: %HANDLE_FLAG_INHERIT or 0.
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_HANDLE.
 */
MAILSLOT_API BOOL WINAPI GetHandleInformation(HANDLE handle, LPDWORD flags)
{
	struct w32_handle *h = w32_get(handle, W32_ANY);

	if (!h)
		return FALSE;
	*flags = fcntl(h->fd, F_GETFD) & FD_CLOEXEC ? 0 : HANDLE_FLAG_INHERIT;
	w32_put(h);
	return TRUE;
}

/**
 * SetHandleInformation() - change whether a handle is inherited
 * @handle: The handle.
 * @mask: What to change: %HANDLE_FLAG_INHERIT.
 * @flags: %HANDLE_FLAG_INHERIT or 0.
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER.
 */
MAILSLOT_API BOOL WINAPI SetHandleInformation(HANDLE handle, DWORD mask,
					      DWORD flags)
{
	struct w32_handle *h;

	if (mask & ~HANDLE_FLAG_INHERIT)
		return w32_fail(ERROR_INVALID_PARAMETER);
	h = w32_get(handle, W32_ANY);
	if (!h)
		return FALSE;
	if (mask)
		fcntl(h->fd, F_SETFD, flags & mask ? 0 : FD_CLOEXEC);
	w32_put(h);
	return TRUE;
}

/**
 * GetCurrentProcess() - the pseudo handle of this process
 *
 * Return: the handle, of use to DuplicateHandle() only.
 */
MAILSLOT_API HANDLE WINAPI GetCurrentProcess(void)
{
	return INVALID_HANDLE_VALUE;
}
