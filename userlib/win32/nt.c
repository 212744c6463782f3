// SPDX-License-Identifier: LGPL-2.1-or-later
/* The NT layer: the native calls, over the same functions as Win32's. */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "w32.h"

/* Units of a LARGE_INTEGER timeout in a millisecond. */
#define UNITS_PER_MS	10000

#define PREFIX		"\\\\.\\"

static_assert(sizeof(FILE_MAILSLOT_QUERY_INFORMATION) == 24,
	      "programs pass this size");
static_assert(offsetof(OVERLAPPED, InternalHigh) ==
	      offsetof(IO_STATUS_BLOCK, Information),
	      "results are told in either");

/* Skips a directory of the object manager. */
static const char *skip(const char *name, const char *directory)
{
	size_t len = strlen(directory);

	return strncasecmp(name, directory, len) ? NULL : name + len;
}

/* Turns \??\MAILSLOT\X and \Device\Mailslot\X into what Win32 calls it. */
static NTSTATUS win32_name(const UNICODE_STRING *name, char out[W32_NAME_SIZE])
{
	static const char *const directories[] = {
		"\\??\\", "\\DosDevices\\", "\\GLOBAL??\\", "\\Device\\",
	};
	size_t len = strlen(PREFIX), i;
	char utf8[W32_NAME_SIZE];
	const char *rest = NULL;
	NTSTATUS status;

	if (!name || !name->Buffer)
		return STATUS_OBJECT_PATH_SYNTAX_BAD;
	for (i = 0; i < name->Length / sizeof(WCHAR); i++)
		if (!name->Buffer[i])
			return STATUS_OBJECT_NAME_INVALID;
	status = w32_utf8(name->Buffer, name->Length / sizeof(WCHAR), utf8);
	if (status)
		return status;
	for (i = 0; !rest && i < sizeof(directories) / sizeof(*directories);
	     i++)
		rest = skip(utf8, directories[i]);
	if (!rest)
		return STATUS_OBJECT_PATH_SYNTAX_BAD;
	if (len + strlen(rest) >= W32_NAME_SIZE)
		return STATUS_NAME_TOO_LONG;
	memcpy(out, PREFIX, len);
	strcpy(out + len, rest);
	return STATUS_SUCCESS;
}

/* Only times from now on are of use. Parts of a millisecond are waited for. */
static NTSTATUS timeout_ms(const LARGE_INTEGER *timeout, DWORD *ms)
{
	LONGLONG units = timeout ? timeout->QuadPart : -1;
	uint64_t rounded_up;

	*ms = MAILSLOT_WAIT_FOREVER;
	if (units == -1 || units == INT64_MAX)
		return STATUS_SUCCESS;
	if (units > 0)
		return STATUS_INVALID_PARAMETER;
	rounded_up = -(units / UNITS_PER_MS) + !!(units % UNITS_PER_MS);
	*ms = rounded_up < MAILSLOT_WAIT_FOREVER ?
		rounded_up : MAILSLOT_WAIT_FOREVER - 1;
	return STATUS_SUCCESS;
}

/**
 * NtCreateMailslotFile() - create a slot and become its server
 * @handle: Answer: the handle.
 * @access: Not looked at: a server may read.
 * @object: Name, security and inheritance.
 * @iosb: Answer: the status, and %FILE_CREATED.
 * @options: %FILE_SYNCHRONOUS_IO_ALERT or %FILE_SYNCHRONOUS_IO_NONALERT make
 *	NtReadFile() wait.
 * @quota: Not looked at: the quotas are the mount's.
 * @max_message_size: Bytes of the largest message; 0 is any size.
 * @read_timeout: Units of -100 ns that a read waits, rounded up to
 *	milliseconds; NULL, -1 and the largest number are for ever.
 *
 * Return: STATUS_SUCCESS, STATUS_OBJECT_NAME_COLLISION,
 * STATUS_OBJECT_NAME_INVALID, STATUS_OBJECT_PATH_SYNTAX_BAD,
 * STATUS_NAME_TOO_LONG, STATUS_INVALID_PARAMETER, STATUS_ACCESS_VIOLATION (a
 * pointer is NULL), or what w32_status() makes of the kernel's errno.
 */
MAILSLOT_API NTSTATUS NTAPI
NtCreateMailslotFile(PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES object,
		     PIO_STATUS_BLOCK iosb, ULONG options, ULONG quota,
		     ULONG max_message_size, PLARGE_INTEGER read_timeout)
{
	SECURITY_ATTRIBUTES sa = { .nLength = sizeof(sa) };
	BOOL synchronous = !!(options & (FILE_SYNCHRONOUS_IO_ALERT |
					 FILE_SYNCHRONOUS_IO_NONALERT));
	char name[W32_NAME_SIZE];
	NTSTATUS status;
	DWORD ms;

	(void)access;
	(void)quota;
	if (!handle || !object || !iosb)
		return STATUS_ACCESS_VIOLATION;
	if (object->Length != sizeof(*object) || object->RootDirectory)
		return STATUS_INVALID_PARAMETER;
	sa.lpSecurityDescriptor = object->SecurityDescriptor;
	sa.bInheritHandle = !!(object->Attributes & OBJ_INHERIT);
	status = timeout_ms(read_timeout, &ms);
	if (!status)
		status = win32_name(object->ObjectName, name);
	if (!status)
		status = w32_create(name, max_message_size, ms, &sa,
				    synchronous, handle);
	iosb->Status = status;
	iosb->Information = status ? 0 : FILE_CREATED;
	return status;
}

static NTSTATUS begin(HANDLE file, HANDLE event_value, PIO_APC_ROUTINE apc,
		      PIO_STATUS_BLOCK iosb, struct w32_handle **h,
		      struct w32_handle **event)
{
	*h = NULL;
	*event = NULL;
	if (!iosb)
		return STATUS_ACCESS_VIOLATION;
	if (apc)
		return STATUS_NOT_SUPPORTED;
	*h = w32_get(file, W32_FILE);
	if (*h && event_value)
		*event = w32_get(event_value, W32_EVENT);
	if (!*h || (event_value && !*event))
		return w32_status(errno, W32_OTHER);
	return STATUS_SUCCESS;
}

static NTSTATUS end(struct w32_handle *h, struct w32_handle *event,
		    PIO_STATUS_BLOCK iosb, NTSTATUS status)
{
	if (iosb && !NT_SUCCESS(status)) {
		iosb->Status = status;
		iosb->Information = 0;
	}
	w32_put(event);
	w32_put(h);
	return status;
}

static NTSTATUS read_file(struct w32_handle *h, struct w32_handle *event,
			  OVERLAPPED *result, void *buf, DWORD len)
{
	NTSTATUS status;

	if (!h->object->synchronous)
		return w32_read(h, event, result, buf, len);
	w32_io_begin(h, event, result);
	status = w32_read_sync(h, result, buf, len);
	if (!status)
		w32_io_end(h, event, result, status, result->InternalHigh);
	return status;
}

/**
 * NtReadFile() - take the next message of a slot
 * @file: Its server.
 * @event: Set when the read has ended, or NULL.
 * @apc: Must be NULL.
 * @apc_context: Not looked at.
 * @iosb: Answer: status and size. In use until the read has ended.
 * @buf: Where the message goes. In use likewise.
 * @len: Bytes at @buf.
 * @offset: Not looked at.
 * @key: Not looked at.
 *
 * Return: STATUS_SUCCESS, STATUS_PENDING, STATUS_IO_TIMEOUT,
 * STATUS_BUFFER_TOO_SMALL, STATUS_CANCELLED, STATUS_ACCESS_DENIED or
 * STATUS_INVALID_PARAMETER (a client), STATUS_INVALID_HANDLE,
 * STATUS_NOT_SUPPORTED (@apc), STATUS_ACCESS_VIOLATION.
 */
MAILSLOT_API NTSTATUS NTAPI NtReadFile(HANDLE file, HANDLE event,
				       PIO_APC_ROUTINE apc, PVOID apc_context,
				       PIO_STATUS_BLOCK iosb, PVOID buf,
				       ULONG len, PLARGE_INTEGER offset,
				       PULONG key)
{
	struct w32_handle *h, *e;
	NTSTATUS status;

	(void)apc_context;
	(void)offset;
	(void)key;
	status = begin(file, event, apc, iosb, &h, &e);
	if (!status)
		status = read_file(h, e, (OVERLAPPED *)iosb, buf, len);
	return end(h, e, iosb, status);
}

/**
 * NtWriteFile() - put a message into a slot
 * @file: A client.
 * @event: Set when the message is in the slot, or NULL.
 * @apc: Must be NULL.
 * @apc_context: Not looked at.
 * @iosb: Answer: status and size.
 * @buf: The message.
 * @len: Its bytes.
 * @offset: Not looked at.
 * @key: Not looked at.
 *
 * Return: STATUS_SUCCESS, STATUS_INVALID_PARAMETER (longer than the slot's
 * maximum), STATUS_END_OF_FILE (the server is gone), STATUS_QUOTA_EXCEEDED,
 * STATUS_NO_MEMORY, STATUS_ACCESS_DENIED (the server), STATUS_INVALID_HANDLE,
 * STATUS_BAD_NETWORK_PATH, STATUS_NOT_SUPPORTED (@apc),
 * STATUS_ACCESS_VIOLATION.
 */
MAILSLOT_API NTSTATUS NTAPI NtWriteFile(HANDLE file, HANDLE event,
					PIO_APC_ROUTINE apc, PVOID apc_context,
					PIO_STATUS_BLOCK iosb, PVOID buf,
					ULONG len, PLARGE_INTEGER offset,
					PULONG key)
{
	struct w32_handle *h, *e;
	NTSTATUS status;

	(void)apc_context;
	(void)offset;
	(void)key;
	status = begin(file, event, apc, iosb, &h, &e);
	if (!status)
		status = w32_write(h, e, (OVERLAPPED *)iosb, buf, len);
	return end(h, e, iosb, status);
}

/**
 * NtQueryInformationFile() - learn the state of a slot
 * @file: Its server, or a client.
 * @iosb: Answer: status and size.
 * @info: Answer: a &struct _FILE_MAILSLOT_QUERY_INFORMATION.
 * @len: Bytes at @info.
 * @info_class: %FileMailslotQueryInformation.
 *
 * Return: STATUS_SUCCESS, STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_INVALID_INFO_CLASS, STATUS_INVALID_HANDLE,
 * STATUS_INVALID_DEVICE_REQUEST (no slot), STATUS_ACCESS_VIOLATION.
 */
MAILSLOT_API NTSTATUS NTAPI
NtQueryInformationFile(HANDLE file, PIO_STATUS_BLOCK iosb, PVOID info,
		       ULONG len, FILE_INFORMATION_CLASS info_class)
{
	FILE_MAILSLOT_QUERY_INFORMATION *query = info;
	struct mailslot_info slot;
	struct w32_handle *h, *e;
	NTSTATUS status;

	if (info_class != FileMailslotQueryInformation)
		return STATUS_INVALID_INFO_CLASS;
	if (len < sizeof(*query))
		return STATUS_INFO_LENGTH_MISMATCH;
	status = begin(file, NULL, NULL, iosb, &h, &e);
	if (!status && mailslot_get_info(h->fd, &slot))
		status = w32_status(errno, W32_OTHER);
	if (status)
		return end(h, e, iosb, status);
	*query = (FILE_MAILSLOT_QUERY_INFORMATION) {
		.MaximumMessageSize = slot.max_message_size,
		.NextMessageSize = slot.next_size,
		.MessagesAvailable = slot.message_count,
		.ReadTimeout.QuadPart = -1,
	};
	if (slot.read_timeout_ms != MAILSLOT_WAIT_FOREVER)
		query->ReadTimeout.QuadPart =
			-(LONGLONG)slot.read_timeout_ms * UNITS_PER_MS;
	iosb->Status = STATUS_SUCCESS;
	iosb->Information = sizeof(*query);
	return end(h, e, iosb, STATUS_SUCCESS);
}

/**
 * NtSetInformationFile() - change how long reads wait
 * @file: The server.
 * @iosb: Answer: status.
 * @info: A &struct _FILE_MAILSLOT_SET_INFORMATION.
 * @len: Bytes at @info.
 * @info_class: %FileMailslotSetInformation.
 *
 * Return: STATUS_SUCCESS, STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_INVALID_INFO_CLASS, STATUS_INVALID_PARAMETER, STATUS_INVALID_HANDLE,
 * STATUS_ACCESS_DENIED (a client), STATUS_ACCESS_VIOLATION.
 */
MAILSLOT_API NTSTATUS NTAPI
NtSetInformationFile(HANDLE file, PIO_STATUS_BLOCK iosb, PVOID info, ULONG len,
		     FILE_INFORMATION_CLASS info_class)
{
	const FILE_MAILSLOT_SET_INFORMATION *set = info;
	struct w32_handle *h, *e;
	NTSTATUS status;
	DWORD ms;

	if (info_class != FileMailslotSetInformation)
		return STATUS_INVALID_INFO_CLASS;
	if (len < sizeof(*set))
		return STATUS_INFO_LENGTH_MISMATCH;
	status = timeout_ms(set->ReadTimeout, &ms);
	if (status)
		return status;
	status = begin(file, NULL, NULL, iosb, &h, &e);
	if (!status && mailslot_set_timeout(h->fd, ms))
		status = w32_status(errno, W32_OTHER);
	if (iosb)
		iosb->Status = status;
	return end(h, e, iosb, status);
}

/**
 * NtClose() - close a handle
 * @handle: The handle.
 *
 * Return: STATUS_SUCCESS, STATUS_INVALID_HANDLE.
 */
MAILSLOT_API NTSTATUS NTAPI NtClose(HANDLE handle)
{
	return CloseHandle(handle) ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

/**
 * RtlInitUnicodeString() - count a string
 * @string: Answer: the counted string, which uses @text.
 * @text: UTF-16 up to a NUL, or NULL.
 */
MAILSLOT_API VOID NTAPI RtlInitUnicodeString(PUNICODE_STRING string,
					     PCWSTR text)
{
	size_t len = 0;

	while (text && len < UINT16_MAX / sizeof(WCHAR) - 1 && text[len])
		len++;
	string->Length = len * sizeof(WCHAR);
	string->MaximumLength = text ? string->Length + sizeof(WCHAR) : 0;
	string->Buffer = (PWSTR)text;
}
