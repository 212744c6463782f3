// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Events, and waiting. An event is an eventfd(2) and so is the end of a thread:
 * everything that can be waited for is a descriptor, and waiting is poll(2).
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "w32.h"

#define NS_PER_MS	1000000U

/**
 * w32_event_set() - make an eventfd readable
 * @fd: The eventfd, or -1. The write fails only when its counter is full, and
 *	then it is readable.
 */
void w32_event_set(int fd)
{
	if (fd >= 0)
		eventfd_write(fd, 1);
}

/**
 * w32_event_reset() - make an eventfd unreadable
 * @fd: The eventfd, or -1. The read fails only when it was unreadable already.
 */
void w32_event_reset(int fd)
{
	eventfd_t value;

	if (fd >= 0)
		eventfd_read(fd, &value);
}

static HANDLE new_event(BOOL manual_reset, BOOL initial_state, int flags,
			const char *name)
{
	struct w32_object *object = w32_object_new(W32_EVENT);

	if (object) {
		object->manual_reset = manual_reset;
		object->name = name ? strdup(name) : NULL;
	}
	return w32_handle_new(object, eventfd(!!initial_state, flags), 0);
}

/* Windows says through the last error whether the name existed already. */
static HANDLE open_event(const SECURITY_ATTRIBUTES *sa, BOOL manual_reset,
			 BOOL initial_state, const char *name)
{
	int flags = EFD_NONBLOCK | (w32_inherits(sa) ? 0 : EFD_CLOEXEC);
	struct w32_handle *known = name ? w32_get_named(name) : NULL;
	HANDLE handle;

	SetLastError(known ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
	if (known) {
		handle = w32_duplicate(known, 0, w32_inherits(sa));
		w32_put(known);
	} else {
		handle = new_event(manual_reset, initial_state, flags, name);
	}
	if (!handle)
		w32_result(w32_status(errno, W32_OTHER));
	return handle;
}

/**
 * CreateEventA() - create an event
 * @sa: Whether it is inherited; may be NULL.
 * @manual_reset: Whether it stays set until ResetEvent(); else the one wait
 *	that it ends resets it.
 * @initial_state: Whether it is set.
 * @name: NULL; or a name by which this process gets the same event again.
 *
 * Return: the event, with ERROR_ALREADY_EXISTS set if @name was there; or NULL
 * and ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY.
 */
MAILSLOT_API HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES sa,
					BOOL manual_reset, BOOL initial_state,
					LPCSTR name)
{
	return open_event(sa, manual_reset, initial_state, name);
}

/**
 * CreateEventW() - create an event
 * @sa: As for CreateEventA().
 * @manual_reset: As for CreateEventA().
 * @initial_state: As for CreateEventA().
 * @name: As for CreateEventA(), in UTF-16.
 *
 * Return: as CreateEventA(); or NULL and ERROR_INVALID_NAME,
 * ERROR_FILENAME_EXCED_RANGE.
 */
MAILSLOT_API HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES sa,
					BOOL manual_reset, BOOL initial_state,
					LPCWSTR name)
{
	char utf8[W32_NAME_SIZE];

	if (!name)
		return open_event(sa, manual_reset, initial_state, NULL);
	if (!w32_result(w32_utf8(name, SIZE_MAX, utf8)))
		return NULL;
	return open_event(sa, manual_reset, initial_state, utf8);
}

/**
 * SetEvent() - set an event
 * @event: The event.
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_HANDLE.
 */
MAILSLOT_API BOOL WINAPI SetEvent(HANDLE event)
{
	struct w32_handle *h = w32_get(event, W32_EVENT);

	if (!h)
		return FALSE;
	w32_event_set(h->fd);
	w32_put(h);
	return TRUE;
}

/**
 * ResetEvent() - reset an event
 * @event: The event.
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_HANDLE.
 */
MAILSLOT_API BOOL WINAPI ResetEvent(HANDLE event)
{
	struct w32_handle *h = w32_get(event, W32_EVENT);

	if (!h)
		return FALSE;
	w32_event_reset(h->fd);
	w32_put(h);
	return TRUE;
}

/* Ends a wait for a handle that poll() found readable: an event that resets
 * itself is for the first thread only that gets to it.
 */
static BOOL take(const struct w32_handle *h)
{
	eventfd_t value;

	return h->object->type != W32_EVENT || h->object->manual_reset ||
	       !eventfd_read(h->fd, &value);
}

static BOOL poll_until(struct pollfd *fds, nfds_t count, uint64_t deadline)
{
	uint64_t now = w32_now();
	struct timespec ts = w32_timespec(deadline > now ? deadline - now : 0);

	return ppoll(fds, count, deadline == W32_NEVER ? NULL : &ts, NULL) ||
	       deadline > now;
}

static DWORD wait_any(DWORD count, struct w32_handle **handles,
		      struct pollfd *fds, uint64_t deadline)
{
	DWORD i;

	while (poll_until(fds, count, deadline))
		for (i = 0; i < count; i++)
			if ((fds[i].revents & POLLIN) && take(handles[i]))
				return WAIT_OBJECT_0 + i;
	return WAIT_TIMEOUT;
}

/* Takes all or, giving back what it had, none. */
static BOOL take_all(DWORD count, struct w32_handle **handles)
{
	DWORD i;

	for (i = 0; i < count && take(handles[i]); i++)
		;
	if (i == count)
		return TRUE;
	while (i--)
		if (handles[i]->object->type == W32_EVENT)
			w32_event_set(handles[i]->fd);
	return FALSE;
}

/* Waits for one handle after the other, until all are there at one time. */
static DWORD wait_all(DWORD count, struct w32_handle **handles,
		      struct pollfd *fds, uint64_t deadline)
{
	DWORD i = 0;

	while (poll_until(&fds[i], 1, deadline)) {
		if (poll(fds, count, 0) == (int)count &&
		    take_all(count, handles))
			return WAIT_OBJECT_0;
		for (i = 0; i + 1 < count && fds[i].revents; i++)
			;
	}
	return WAIT_TIMEOUT;
}

static BOOL begin_wait(HANDLE value, struct w32_handle **h, struct pollfd *fd)
{
	*h = w32_get(value, W32_ANY);
	if (!*h)
		return FALSE;
	fd->fd = (*h)->object->type & W32_FILE ? w32_io_event((*h)->object) :
						 (*h)->fd;
	fd->events = POLLIN;
	fd->revents = 0;
	if (fd->fd >= 0)
		return TRUE;
	w32_put(*h);
	return w32_result(w32_status(errno, W32_OTHER));
}

/**
 * WaitForMultipleObjects() - wait for one or for all of many handles
 * @count: How many, 1 to %MAXIMUM_WAIT_OBJECTS.
 * @handles: Events, threads, or files with overlapped reads.
 * @wait_all_handles: Whether to wait for all of them at once.
 * @timeout: How long, in milliseconds; %INFINITE is for ever.
 *
 * Return: %WAIT_OBJECT_0 plus the index of the first that was signalled,
 * %WAIT_TIMEOUT; or %WAIT_FAILED and ERROR_INVALID_HANDLE,
 * ERROR_INVALID_PARAMETER.
 */
MAILSLOT_API DWORD WINAPI WaitForMultipleObjects(DWORD count,
						 const HANDLE *handles,
						 BOOL wait_all_handles,
						 DWORD timeout)
{
	struct w32_handle *h[MAXIMUM_WAIT_OBJECTS];
	struct pollfd fds[MAXIMUM_WAIT_OBJECTS];
	uint64_t deadline = W32_NEVER;
	DWORD i, ret = WAIT_FAILED;

	if (!count || count > MAXIMUM_WAIT_OBJECTS) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return WAIT_FAILED;
	}
	if (timeout != INFINITE)
		deadline = w32_now() + (uint64_t)timeout * NS_PER_MS;
	for (i = 0; i < count && begin_wait(handles[i], &h[i], &fds[i]); i++)
		;
	if (i == count)
		ret = wait_all_handles ? wait_all(count, h, fds, deadline) :
					 wait_any(count, h, fds, deadline);
	while (i--)
		w32_put(h[i]);
	return ret;
}

/**
 * WaitForSingleObject() - wait for an event, the end of a thread, or that of a
 *	file's overlapped reads
 * @handle: The handle.
 * @timeout: How long, in milliseconds; %INFINITE is for ever.
 *
 * Return: %WAIT_OBJECT_0, %WAIT_TIMEOUT; or %WAIT_FAILED and
 * ERROR_INVALID_HANDLE.
 */
MAILSLOT_API DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD timeout)
{
	return WaitForMultipleObjects(1, &handle, FALSE, timeout);
}
