// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reading and writing messages. */
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "w32.h"

/* Minor number of the file system's nodes for slots of other machines. */
#define REMOTE_MINOR	1

static NTSTATUS may_read(const struct w32_handle *h)
{
	if (!(h->access & W32_MAY_READ))
		return STATUS_ACCESS_DENIED;
	return h->object->type == W32_SERVER ?
		STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/**
 * w32_read() - read a message, but let the caller go on if none is there
 * @h: A file.
 * @event: Set at the end, or NULL.
 * @result: Status and size, for as long as the read takes.
 * @buf: Where the message goes, likewise.
 * @len: Bytes at @buf.
 *
 * Return: how it ended, or STATUS_PENDING.
 */
NTSTATUS w32_read(struct w32_handle *h, struct w32_handle *event,
		  OVERLAPPED *result, void *buf, DWORD len)
{
	NTSTATUS status = may_read(h);

	return status ? status :
	       w32_read_async(h, event, result, buf, len, w32_now());
}

/**
 * w32_read_sync() - read a message, and wait for it
 * @h: A file.
 * @result: Answer: status and size.
 * @buf: Where the message goes.
 * @len: Bytes at @buf.
 *
 * A read(2), unless overlapped reads wait that were there before, or a signal
 * handler cut it short, of which programs for Windows know nothing: then it
 * queues up with the overlapped reads, with the time that it has left.
 *
 * Return: how it ended.
 */
NTSTATUS w32_read_sync(struct w32_handle *h, OVERLAPPED *result, void *buf,
		       DWORD len)
{
	NTSTATUS status = may_read(h);
	uint64_t start = w32_now();
	ssize_t size;

	if (status)
		return status;
	if (!__atomic_load_n(&h->object->pending, __ATOMIC_RELAXED)) {
		size = mailslot_read(h->fd, buf, len);
		if (size >= 0)
			result->InternalHigh = size;
		if (size >= 0 || errno != EINTR)
			return size < 0 ? w32_status(errno, W32_READ) : 0;
	}
	status = w32_read_async(h, NULL, result, buf, len, start);
	return status == STATUS_PENDING ? w32_await(result) : status;
}

/* A message that is too long is another error when it was to be sent. */
static NTSTATUS write_status(int fd, int error)
{
	struct stat st;

	return w32_status(error, !fstat(fd, &st) &&
			  minor(st.st_rdev) == REMOTE_MINOR ?
			  W32_SEND : W32_WRITE);
}

/**
 * w32_write() - write a message, which never waits
 * @h: A file.
 * @event: Set at the end, or NULL.
 * @result: Answer: status and size.
 * @buf: The message.
 * @len: Its bytes.
 *
 * Return: how it ended.
 */
NTSTATUS w32_write(struct w32_handle *h, struct w32_handle *event,
		   OVERLAPPED *result, const void *buf, DWORD len)
{
	ssize_t size;

	if (h->object->type == W32_SERVER || !(h->access & W32_MAY_WRITE))
		return STATUS_ACCESS_DENIED;
	w32_io_begin(h, event, result);
	size = mailslot_write(h->fd, buf, len);
	if (size < 0)
		return write_status(h->fd, errno);
	w32_io_end(h, event, result, STATUS_SUCCESS, size);
	return STATUS_SUCCESS;
}

/* Every call begins by forgetting what it was told about the last one, and by
 * getting its handles.
 */
static BOOL begin(HANDLE file, LPDWORD count, const OVERLAPPED *overlapped,
		  struct w32_handle **h, struct w32_handle **event)
{
	HANDLE event_value = overlapped ? overlapped->hEvent : NULL;

	*event = NULL;
	if (count)
		*count = 0;
	*h = w32_get(file, W32_FILE);
	if (!*h)
		return FALSE;
	if (!event_value)
		return TRUE;
	*event = w32_get(event_value, W32_EVENT);
	if (!*event)
		w32_put(*h);
	return !!*event;
}

/* An error at once is no completion: as on Windows the event stays reset. */
static BOOL end(struct w32_handle *h, struct w32_handle *event,
		OVERLAPPED *result, NTSTATUS status, LPDWORD count)
{
	if (!status && count)
		*count = result->InternalHigh;
	if (!NT_SUCCESS(status))
		result->Internal = (ULONG)status;
	w32_put(event);
	w32_put(h);
	return w32_result(status);
}

/**
 * ReadFile() - take the next message of a slot
 * @file: Its server.
 * @buf: Where the message goes.
 * @len: Bytes at @buf.
 * @count: Answer: bytes of the message, 0 on failure. May be NULL.
 * @overlapped: NULL to wait for a message as long as the slot's timeout says;
 *	else the call does not wait, and @overlapped and @buf are in use until
 *	the read has ended.
 *
 * Return: TRUE; or FALSE and ERROR_SEM_TIMEOUT, ERROR_INSUFFICIENT_BUFFER (the
 * message stays), ERROR_IO_PENDING (@overlapped), ERROR_OPERATION_ABORTED
 * (cancelled or closed), ERROR_ACCESS_DENIED or ERROR_INVALID_PARAMETER (a
 * client), ERROR_INVALID_HANDLE, ERROR_NOACCESS.
 */
MAILSLOT_API BOOL WINAPI ReadFile(HANDLE file, LPVOID buf, DWORD len,
				  LPDWORD count, LPOVERLAPPED overlapped)
{
	OVERLAPPED own, *result = overlapped ? overlapped : &own;
	struct w32_handle *h, *event;
	NTSTATUS status;

	if (!begin(file, count, overlapped, &h, &event))
		return FALSE;
	status = overlapped ? w32_read(h, event, result, buf, len) :
			      w32_read_sync(h, result, buf, len);
	return end(h, event, result, status, count);
}

/**
 * WriteFile() - put a message into a slot
 * @file: A client.
 * @buf: The message.
 * @len: Its bytes; 0 is an empty message.
 * @count: Answer: @len, 0 on failure. May be NULL.
 * @overlapped: NULL, or told how the call ended. It never waits.
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_PARAMETER (longer than the slot's
 * maximum), ERROR_BAD_NETPATH (longer than can be sent), ERROR_HANDLE_EOF (the
 * server is gone), ERROR_NOT_ENOUGH_QUOTA, ERROR_NOT_ENOUGH_MEMORY,
 * ERROR_ACCESS_DENIED (the server), ERROR_INVALID_HANDLE, ERROR_NOACCESS,
 * ERROR_REMOTE_MAILSLOTS_DEPRECATED.
 */
MAILSLOT_API BOOL WINAPI WriteFile(HANDLE file, LPCVOID buf, DWORD len,
				   LPDWORD count, LPOVERLAPPED overlapped)
{
	OVERLAPPED own, *result = overlapped ? overlapped : &own;
	struct w32_handle *h, *event;

	if (!begin(file, count, overlapped, &h, &event))
		return FALSE;
	return end(h, event, result, w32_write(h, event, result, buf, len),
		   count);
}

/**
 * GetOverlappedResult() - learn how an overlapped call ended
 * @file: Not looked at: @overlapped tells it all.
 * @overlapped: What the call was given.
 * @count: Answer: bytes read or written.
 * @wait: Whether to wait for the end; this resets an event that resets itself.
 *
 * Return: TRUE; or FALSE and ERROR_IO_INCOMPLETE, or the error of the call.
 */
MAILSLOT_API BOOL WINAPI GetOverlappedResult(HANDLE file,
					     LPOVERLAPPED overlapped,
					     LPDWORD count, BOOL wait)
{
	NTSTATUS status;

	(void)file;
	status = __atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE);
	if (status == STATUS_PENDING) {
		if (!wait)
			return w32_fail(ERROR_IO_INCOMPLETE);
		status = w32_await(overlapped);
		if (overlapped->hEvent)
			WaitForSingleObject(overlapped->hEvent, 0);
	}
	*count = overlapped->InternalHigh;
	return w32_result(status);
}

/**
 * CancelIo() - end the overlapped reads that this thread began
 * @file: The server.
 *
 * They end with ERROR_OPERATION_ABORTED; no message is lost.
 *
 * Return: TRUE, also when there was none; or FALSE and ERROR_INVALID_HANDLE.
 */
MAILSLOT_API BOOL WINAPI CancelIo(HANDLE file)
{
	struct w32_handle *h = w32_get(file, W32_FILE);

	if (!h)
		return FALSE;
	w32_cancel(h->object, NULL, gettid());
	w32_put(h);
	return TRUE;
}

/**
 * CancelIoEx() - end reads, whichever thread of this process began them
 * @file: The server.
 * @overlapped: Which one; NULL for all, those that wait in ReadFile() too.
 *
 * They end with ERROR_OPERATION_ABORTED; no message is lost.
 *
 * Return: TRUE; or FALSE and ERROR_NOT_FOUND (there was none),
 * ERROR_INVALID_HANDLE.
 */
MAILSLOT_API BOOL WINAPI CancelIoEx(HANDLE file, LPOVERLAPPED overlapped)
{
	struct w32_handle *h = w32_get(file, W32_FILE);
	int count;

	if (!h)
		return FALSE;
	count = w32_cancel(h->object, overlapped, 0);
	if (!overlapped && h->object->type == W32_SERVER)
		count += ioctl(h->fd, MAILSLOT_IOC_CANCEL);
	w32_put(h);
	return w32_result(count > 0 ? STATUS_SUCCESS : STATUS_NOT_FOUND);
}
