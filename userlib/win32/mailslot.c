// SPDX-License-Identifier: LGPL-2.1-or-later
/* Slots: made, opened, asked and changed. */
#include <errno.h>
#include <fcntl.h>

#include "w32.h"

#define ACCEPT_ALL	(MAILSLOT_ACCEPT_REMOTE | MAILSLOT_ACCEPT_BROADCAST)

static BOOL is_separator(char c)
{
	return c == '\\' || c == '/';
}

/* Only what the kernel cannot know is judged here: a name without a server in
 * front is a file of the current directory to Windows, not a slot.
 */
static NTSTATUS check_name(const char *name)
{
	if (!name || !*name)
		return STATUS_OBJECT_PATH_NOT_FOUND;
	if (!is_separator(name[0]) || !is_separator(name[1]))
		return STATUS_OBJECT_NAME_INVALID;
	return STATUS_SUCCESS;
}

/**
 * w32_create() - create a slot and its server's handle
 * @name: Its name, with ``\\.\mailslot\`` in front.
 * @max_message_size: Bytes of the largest message; 0 is any size.
 * @read_timeout: Milliseconds that a read waits; %MAILSLOT_WAIT_FOREVER.
 * @sa: Security and inheritance; may be NULL.
 * @synchronous: Whether calls of the NT layer wait.
 * @handle: Answer: the handle, NULL on failure.
 *
 * Return: STATUS_SUCCESS, or why it failed.
 */
NTSTATUS w32_create(const char *name, DWORD max_message_size,
		    DWORD read_timeout, const SECURITY_ATTRIBUTES *sa,
		    BOOL synchronous, HANDLE *handle)
{
	unsigned int flags = ACCEPT_ALL | (w32_inherits(sa) ? 0 : O_CLOEXEC);
	NTSTATUS status = check_name(name);
	struct w32_object *object;
	mode_t mode = 0;

	*handle = NULL;
	if (!status && sa && sa->lpSecurityDescriptor)
		status = w32_mode(sa->lpSecurityDescriptor, &mode);
	if (status)
		return status;
	object = w32_object_new(W32_SERVER);
	if (!object)
		return STATUS_NO_MEMORY;
	object->synchronous = synchronous;
	*handle = w32_handle_new(object,
				 mailslot_create(name, max_message_size,
						 read_timeout, flags, mode),
				 GENERIC_READ | SYNCHRONIZE | WRITE_DAC);
	return *handle ? STATUS_SUCCESS : w32_status(errno, W32_OPEN);
}

/**
 * CreateMailslotA() - create a slot and become its server
 * @name: ``\\.\mailslot\NAME`` in UTF-8.
 * @max_message_size: Bytes of the largest message; 0 is any size.
 * @read_timeout: Milliseconds that a read waits; %MAILSLOT_WAIT_FOREVER.
 * @sa: Who may write, and whether the handle is inherited; NULL is the mount's
 *	slot_mode= and no.
 *
 * The slot accepts mail from other machines as far as the mount does.
 *
 * Return: the handle; or %INVALID_HANDLE_VALUE and ERROR_ALREADY_EXISTS,
 * ERROR_INVALID_NAME, ERROR_PATH_NOT_FOUND (no name), ERROR_FILE_NOT_FOUND (no
 * mount), ERROR_FILENAME_EXCED_RANGE, ERROR_ACCESS_DENIED,
 * ERROR_NOT_ENOUGH_QUOTA, ERROR_NOT_ENOUGH_MEMORY, ERROR_TOO_MANY_OPEN_FILES,
 * ERROR_INVALID_SECURITY_DESCR, ERROR_NOT_SUPPORTED.
 */
MAILSLOT_API HANDLE WINAPI CreateMailslotA(LPCSTR name, DWORD max_message_size,
					   DWORD read_timeout,
					   LPSECURITY_ATTRIBUTES sa)
{
	HANDLE handle;

	if (!w32_result(w32_create(name, max_message_size, read_timeout, sa,
				   FALSE, &handle)))
		return INVALID_HANDLE_VALUE;
	return handle;
}

/* No name stays none, for check_name() to tell. */
static NTSTATUS narrow(LPCWSTR name, char utf8[W32_NAME_SIZE])
{
	utf8[0] = '\0';
	return name ? w32_utf8(name, SIZE_MAX, utf8) : STATUS_SUCCESS;
}

/**
 * CreateMailslotW() - create a slot and become its server
 * @name: ``\\.\mailslot\NAME`` in UTF-16.
 * @max_message_size: As for CreateMailslotA().
 * @read_timeout: As for CreateMailslotA().
 * @sa: As for CreateMailslotA().
 *
 * Return: as CreateMailslotA(); half a surrogate pair is ERROR_INVALID_NAME.
 */
MAILSLOT_API HANDLE WINAPI CreateMailslotW(LPCWSTR name,
					   DWORD max_message_size,
					   DWORD read_timeout,
					   LPSECURITY_ATTRIBUTES sa)
{
	char utf8[W32_NAME_SIZE];

	if (!w32_result(narrow(name, utf8)))
		return INVALID_HANDLE_VALUE;
	return CreateMailslotA(utf8, max_message_size, read_timeout, sa);
}

static NTSTATUS open_client(const char *name, DWORD access, BOOL inherit,
			    HANDLE *handle)
{
	NTSTATUS status = check_name(name);

	if (status)
		return status;
	*handle = w32_handle_new(w32_object_new(W32_CLIENT),
				 mailslot_open(name, inherit ? O_WRONLY :
					       O_WRONLY | O_CLOEXEC),
				 access);
	return *handle ? STATUS_SUCCESS : w32_status(errno, W32_OPEN);
}

/**
 * CreateFileA() - open a slot, as a client
 * @name: ``\\.\mailslot\NAME``, ``\\HOST\mailslot\NAME``,
 *	``\\DOMAIN\mailslot\NAME`` or ``\\*\mailslot\NAME``, in UTF-8.
 * @access: %GENERIC_WRITE. Any rights can be asked for, 0 too, but only
 *	writing can succeed.
 * @share_mode: Not looked at, as since Windows Vista.
 * @sa: Whether the handle is inherited; may be NULL.
 * @disposition: %OPEN_EXISTING. All others do the same: only a server creates
 *	slots.
 * @flags: Not looked at.
 * @template_file: Not looked at.
 *
 * Return: the handle, with ERROR_ALREADY_EXISTS set for %CREATE_ALWAYS and
 * %OPEN_ALWAYS; or %INVALID_HANDLE_VALUE and ERROR_FILE_NOT_FOUND,
 * ERROR_ACCESS_DENIED, ERROR_INVALID_NAME, ERROR_PATH_NOT_FOUND (no name),
 * ERROR_FILENAME_EXCED_RANGE, ERROR_INVALID_PARAMETER (@disposition),
 * ERROR_BAD_NETPATH, ERROR_REMOTE_MAILSLOTS_DEPRECATED,
 * ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY.
 */
MAILSLOT_API HANDLE WINAPI CreateFileA(LPCSTR name, DWORD access,
				       DWORD share_mode,
				       LPSECURITY_ATTRIBUTES sa,
				       DWORD disposition, DWORD flags,
				       HANDLE template_file)
{
	HANDLE handle = INVALID_HANDLE_VALUE;

	(void)share_mode;
	(void)flags;
	(void)template_file;
	if (disposition < CREATE_NEW || disposition > TRUNCATE_EXISTING) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return INVALID_HANDLE_VALUE;
	}
	if (!w32_result(open_client(name, access, w32_inherits(sa), &handle)))
		return INVALID_HANDLE_VALUE;
	SetLastError(disposition == CREATE_ALWAYS ||
		     disposition == OPEN_ALWAYS ?
		     ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
	return handle;
}

/**
 * CreateFileW() - open a slot, as a client
 * @name: As for CreateFileA(), in UTF-16.
 * @access: As for CreateFileA().
 * @share_mode: As for CreateFileA().
 * @sa: As for CreateFileA().
 * @disposition: As for CreateFileA().
 * @flags: As for CreateFileA().
 * @template_file: As for CreateFileA().
 *
 * Return: as CreateFileA(); half a surrogate pair is ERROR_INVALID_NAME.
 */
MAILSLOT_API HANDLE WINAPI CreateFileW(LPCWSTR name, DWORD access,
				       DWORD share_mode,
				       LPSECURITY_ATTRIBUTES sa,
				       DWORD disposition, DWORD flags,
				       HANDLE template_file)
{
	char utf8[W32_NAME_SIZE];

	if (!w32_result(narrow(name, utf8)))
		return INVALID_HANDLE_VALUE;
	return CreateFileA(utf8, access, share_mode, sa, disposition, flags,
			   template_file);
}

static void answer(LPDWORD where, DWORD value)
{
	if (where)
		*where = value;
}

/**
 * GetMailslotInfo() - learn the state of a slot
 * @slot: Its server, or a client.
 * @max_message_size: Answer: as given at creation.
 * @next_size: Answer: bytes of the next message, or %MAILSLOT_NO_MESSAGE.
 * @message_count: Answer: messages that wait.
 * @read_timeout: Answer: milliseconds that a read waits, or
 *	%MAILSLOT_WAIT_FOREVER.
 *
 * Any of the pointers may be NULL.
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_HANDLE, ERROR_INVALID_FUNCTION (no
 * slot).
 */
MAILSLOT_API BOOL WINAPI GetMailslotInfo(HANDLE slot, LPDWORD max_message_size,
					 LPDWORD next_size,
					 LPDWORD message_count,
					 LPDWORD read_timeout)
{
	struct w32_handle *h = w32_get(slot, W32_FILE);
	NTSTATUS status = STATUS_SUCCESS;
	struct mailslot_info info;

	if (!h)
		return FALSE;
	if (mailslot_get_info(h->fd, &info))
		status = w32_status(errno, W32_OTHER);
	w32_put(h);
	if (status)
		return w32_result(status);
	answer(max_message_size, info.max_message_size);
	answer(next_size, info.next_size);
	answer(message_count, info.message_count);
	answer(read_timeout, info.read_timeout_ms);
	return TRUE;
}

/**
 * SetMailslotInfo() - change how long reads wait
 * @slot: The server.
 * @read_timeout: Milliseconds, or %MAILSLOT_WAIT_FOREVER. A read that waits
 *	already keeps the timeout it began with.
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED (a
 * client).
 */
MAILSLOT_API BOOL WINAPI SetMailslotInfo(HANDLE slot, DWORD read_timeout)
{
	struct w32_handle *h = w32_get(slot, W32_FILE);
	NTSTATUS status = STATUS_SUCCESS;

	if (!h)
		return FALSE;
	if (mailslot_set_timeout(h->fd, read_timeout))
		status = w32_status(errno, W32_OTHER);
	w32_put(h);
	return w32_result(status);
}
