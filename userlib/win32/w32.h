/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the Win32 face share, and nobody else sees.
 *
 * Two locks. The table lock guards the table of handles and every count in a
 * handle or object. The read lock guards the list of overlapped reads, and is
 * held while one of them is tried, so that they are served in order; it is
 * taken first where both are needed.
 */
#ifndef _MAILSLOT_W32_H
#define _MAILSLOT_W32_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include <mailslot/winternl.h>

#include "../lib/internal.h"

/** W32_NAME_SIZE - bytes for the longest name in UTF-8, with its host */
#define W32_NAME_SIZE	PATH_MAX

/** W32_NEVER - a deadline that does not come */
#define W32_NEVER	UINT64_MAX

/* What a handle is for: a set of these says which ones a call takes. */
#define W32_SERVER	0x1U
#define W32_CLIENT	0x2U
#define W32_EVENT	0x4U
#define W32_THREAD	0x8U
#define W32_FILE	(W32_SERVER | W32_CLIENT)
#define W32_ANY		(W32_FILE | W32_EVENT | W32_THREAD)

/* Rights that let a handle read and write, however they were spelled. */
#define W32_MAY_READ	(GENERIC_READ | GENERIC_ALL | MAXIMUM_ALLOWED | \
			 FILE_READ_DATA)
#define W32_MAY_WRITE	(GENERIC_WRITE | GENERIC_ALL | MAXIMUM_ALLOWED | \
			 FILE_WRITE_DATA | FILE_APPEND_DATA)

/**
 * struct w32_object - what a handle and its duplicates have in common
 * @type: One of %W32_SERVER, %W32_CLIENT, %W32_EVENT, %W32_THREAD.
 * @refs: References to all of its handles together.
 * @handles: Handles that are open. When the last handle of a server is closed,
 *	reads that wait end: only then, as on Windows.
 * @pending: Overlapped reads that wait. Guarded by the read lock.
 * @io_event: eventfd that is set while no read or write goes on, which is what
 *	waiting for a file's handle means; -1 until somebody waits.
 * @manual_reset: Of an event: waiting does not reset it.
 * @synchronous: Of a file: the NT layer's calls wait, as its creator chose.
 * @exit_code: Of a thread: %STILL_ACTIVE until it ends.
 * @name: Of an event: its name, or NULL.
 */
struct w32_object {
	unsigned int type;
	unsigned int refs;
	unsigned int handles;
	unsigned int pending;
	int io_event;
	BOOL manual_reset;
	BOOL synchronous;
	DWORD exit_code;
	char *name;
};

/**
 * struct w32_handle - a handle
 * @object: What it is a handle to.
 * @refs: One while it is open, and one for every call or overlapped read that
 *	uses it: the descriptor lives until the last of them is gone, so that
 *	none of them meets another file under the same number.
 * @fd: The descriptor. The value of the handle is made of it, and of nothing
 *	else: it means the same to a program that inherits the descriptor.
 * @access: The rights that were asked for.
 * @closed: CloseHandle() was called.
 * @pending: Overlapped reads that wait on this descriptor. Guarded by the
 *	read lock.
 */
struct w32_handle {
	struct w32_object *object;
	unsigned int refs;
	int fd;
	DWORD access;
	BOOL closed;
	unsigned int pending;
};

/**
 * enum w32_context - what was being done when an errno came back
 * @W32_OTHER: Nothing of the below.
 * @W32_OPEN: A name was looked up.
 * @W32_READ: A message was read.
 * @W32_WRITE: A message was written to a slot of this machine.
 * @W32_SEND: A message was sent to another machine.
 */
enum w32_context {
	W32_OTHER = 0x1,
	W32_OPEN = 0x2,
	W32_READ = 0x4,
	W32_WRITE = 0x8,
	W32_SEND = 0x10,
};

/* error.c */
NTSTATUS w32_status(int error, enum w32_context context);
BOOL w32_fail(DWORD error);
BOOL w32_result(NTSTATUS status);

/*
 * Reads and writes tell their result in an OVERLAPPED, of which they touch
 * Internal and InternalHigh. Both layers have such a pair, since IO_STATUS_BLOCK
 * is laid out alike.
 */

/* handle.c */
HANDLE w32_value(int fd);
struct w32_object *w32_object_new(unsigned int type);
void w32_object_free(struct w32_object *object);
HANDLE w32_handle_new(struct w32_object *object, int fd, DWORD access);
struct w32_handle *w32_get(HANDLE value, unsigned int types);
struct w32_handle *w32_ref(struct w32_handle *h);
void w32_put(struct w32_handle *h);
struct w32_handle *w32_get_named(const char *name);
BOOL w32_inherits(const SECURITY_ATTRIBUTES *sa);

/* duplicate.c */
HANDLE w32_duplicate(struct w32_handle *h, DWORD access, BOOL inherit);

/* text.c */
NTSTATUS w32_utf8(const WCHAR *text, size_t len, char out[W32_NAME_SIZE]);

/* security.c */
NTSTATUS w32_mode(const void *descriptor, mode_t *mode);

/* mailslot.c */
NTSTATUS w32_create(const char *name, DWORD max_message_size,
		    DWORD read_timeout, const SECURITY_ATTRIBUTES *sa,
		    BOOL synchronous, HANDLE *handle);

/* io.c */
NTSTATUS w32_read(struct w32_handle *h, struct w32_handle *event,
		  OVERLAPPED *result, void *buf, DWORD len);
NTSTATUS w32_read_sync(struct w32_handle *h, OVERLAPPED *result, void *buf,
		       DWORD len);
NTSTATUS w32_write(struct w32_handle *h, struct w32_handle *event,
		   OVERLAPPED *result, const void *buf, DWORD len);

/* async.c */
uint64_t w32_now(void);
struct timespec w32_timespec(uint64_t ns);
void w32_io_begin(struct w32_handle *h, struct w32_handle *event,
		  OVERLAPPED *result);
void w32_io_end(struct w32_handle *h, struct w32_handle *event,
		OVERLAPPED *result, NTSTATUS status, size_t size);
NTSTATUS w32_read_async(struct w32_handle *h, struct w32_handle *event,
			OVERLAPPED *result, void *buf, DWORD len,
			uint64_t start);
int w32_io_event(struct w32_object *object);
NTSTATUS w32_await(const OVERLAPPED *result);
unsigned int w32_cancel(const struct w32_object *object,
			const OVERLAPPED *result, pid_t issuer);
void w32_async_prepare_fork(void);
void w32_async_parent_forked(void);
void w32_async_child_forked(void);

/* wait.c */
void w32_event_set(int fd);
void w32_event_reset(int fd);

#endif /* _MAILSLOT_W32_H */
