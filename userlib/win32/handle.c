// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Handles. The value of a handle is four times its descriptor plus one, so
 * that it is a multiple of four and never NULL, as on Windows. A table knows
 * the handles of this process. A value that it does not know may name a slot
 * that was inherited from another program: then it is taken in at its first
 * use, and the program that passed the value on its child's command line need
 * do no more than on Windows.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "w32.h"

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
/* A call on a closed handle has ended. */
static pthread_cond_t call_ended = PTHREAD_COND_INITIALIZER;
/* By descriptor. Guarded by table_lock, as is all that it points to. */
static struct w32_handle **table;
static int table_size;

/* Windows ignores the two low bits of a handle, and gives one of them a
 * meaning in OVERLAPPED.hEvent.
 */
static int value_fd(HANDLE value)
{
	uintptr_t fd = ((uintptr_t)value >> 2) - 1;

	return fd < INT_MAX ? (int)fd : -1;
}

/**
 * w32_value() - the handle that a descriptor has
 * @fd: The descriptor.
 *
 * Return: its value.
 */
HANDLE w32_value(int fd)
{
	return (HANDLE)(((uintptr_t)fd + 1) << 2);
}

/**
 * w32_inherits() - whether security attributes ask for inheritance
 * @sa: The attributes, or NULL.
 *
 * Return: TRUE if so.
 */
BOOL w32_inherits(const SECURITY_ATTRIBUTES *sa)
{
	return sa && sa->bInheritHandle;
}

/**
 * w32_object_new() - a new object that has no handle
 * @type: %W32_SERVER, %W32_CLIENT, %W32_EVENT or %W32_THREAD.
 *
 * Return: the object, which w32_handle_new() takes over; or NULL.
 */
struct w32_object *w32_object_new(unsigned int type)
{
	struct w32_object *object = calloc(1, sizeof(*object));

	if (!object)
		return NULL;
	object->type = type;
	object->io_event = -1;
	object->exit_code = STILL_ACTIVE;
	return object;
}

/**
 * w32_object_free() - undo w32_object_new()
 * @object: An object without handles.
 */
void w32_object_free(struct w32_object *object)
{
	if (object->io_event >= 0)
		close(object->io_event);
	free(object->name);
	free(object);
}

static void unref(struct w32_handle *h)
{
	struct w32_object *object = h->object;

	object->refs--;
	if (!--h->refs) {
		/* A program that closed the descriptor behind our back may
		 * have the number in use for something else by now.
		 */
		if (table[h->fd] == h) {
			table[h->fd] = NULL;
			close(h->fd);
		}
		free(h);
	}
	if (!object->refs)
		w32_object_free(object);
	else if (!object->handles)
		pthread_cond_broadcast(&call_ended);
}

static void prepare_fork(void)
{
	w32_async_prepare_fork();
	pthread_mutex_lock(&table_lock);
}

static void parent_forked(void)
{
	pthread_mutex_unlock(&table_lock);
	w32_async_parent_forked();
}

/* The child has one thread, which is not inside of any call: what calls and
 * threads of the parent had references to has only its open handles left.
 */
static void child_forked(void)
{
	int fd;

	w32_async_child_forked();
	call_ended = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
	for (fd = 0; fd < table_size; fd++)
		if (table[fd])
			table[fd]->object->refs = 0;
	for (fd = 0; fd < table_size; fd++) {
		if (!table[fd])
			continue;
		table[fd]->refs = 1;
		table[fd]->pending = 0;
		table[fd]->object->refs++;
		table[fd]->object->pending = 0;
	}
	for (fd = 0; fd < table_size; fd++)
		if (table[fd] && table[fd]->closed)
			unref(table[fd]);
	pthread_mutex_unlock(&table_lock);
}

static BOOL grow_table(int fd)
{
	int size = fd < 32 ? 64 : 2 * fd;
	struct w32_handle **bigger;

	if (fd < table_size)
		return TRUE;
	if (!table && pthread_atfork(prepare_fork, parent_forked, child_forked))
		return FALSE;
	bigger = realloc(table, size * sizeof(*table));
	if (!bigger)
		return FALSE;
	memset(bigger + table_size, 0, (size - table_size) * sizeof(*table));
	table = bigger;
	table_size = size;
	return TRUE;
}

/* A program that closed a descriptor behind our back left its handle here. */
static void forget(int fd)
{
	struct w32_handle *stale = table[fd];

	table[fd] = NULL;
	if (!stale || stale->closed)
		return;
	stale->closed = TRUE;
	stale->object->handles--;
	unref(stale);
}

static struct w32_handle *insert(struct w32_object *object, int fd,
				 DWORD access)
{
	struct w32_handle *h;

	if (!grow_table(fd))
		return NULL;
	h = calloc(1, sizeof(*h));
	if (!h)
		return NULL;
	*h = (struct w32_handle) {
		.object = object,
		.refs = 1,
		.fd = fd,
		.access = access,
	};
	object->refs++;
	object->handles++;
	forget(fd);
	table[fd] = h;
	return h;
}

/**
 * w32_handle_new() - a new handle
 * @object: What it is a handle to. Taken over: freed at once if this fails
 *	and it has no other handle.
 * @fd: Its descriptor, taken over likewise. May be -1, with errno set: then
 *	there is no handle, but an error.
 * @access: The rights that it has.
 *
 * Return: its value; or NULL and errno.
 */
HANDLE w32_handle_new(struct w32_object *object, int fd, DWORD access)
{
	struct w32_handle *h = NULL;
	int error = ENOMEM;

	pthread_mutex_lock(&table_lock);
	if (fd < 0)
		error = errno;
	else if (object)
		h = insert(object, fd, access);
	if (!h && object && !object->refs)
		w32_object_free(object);
	pthread_mutex_unlock(&table_lock);
	if (h)
		return w32_value(fd);
	if (fd >= 0)
		close(fd);
	errno = error;
	return NULL;
}

/* Takes in a descriptor that came from elsewhere: inherited, or made by the
 * calls of <mailslot.h>.
 */
static struct w32_handle *adopt(int fd)
{
	struct w32_object *object;
	struct w32_handle *h;
	struct statfs fs;
	struct stat st;
	BOOL client;

	if (fstatfs(fd, &fs) || fstat(fd, &st))
		return NULL;
	errno = ENOTTY;
	if (fs.f_type != MAILSLOT_SUPER_MAGIC || !S_ISCHR(st.st_mode))
		return NULL;
	client = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY;
	object = w32_object_new(client ? W32_CLIENT : W32_SERVER);
	if (!object)
		return NULL;
	h = insert(object, fd, client ? GENERIC_WRITE : GENERIC_READ);
	if (!h)
		w32_object_free(object);
	return h;
}

static struct w32_handle *find(int fd, unsigned int types)
{
	struct w32_handle *h = fd < table_size ? table[fd] : NULL;

	errno = EBADF;
	if (!h && (types & W32_FILE))
		h = adopt(fd);
	if (h && !h->closed && (h->object->type & types))
		return h;
	if (h)
		errno = EBADF;
	return NULL;
}

/**
 * w32_get() - begin a call on a handle
 * @value: The handle's value.
 * @types: What kinds of handle the call takes.
 *
 * Return: the handle, for w32_put(); or NULL with errno and the error set.
 */
struct w32_handle *w32_get(HANDLE value, unsigned int types)
{
	struct w32_handle *h = NULL;
	int fd = value_fd(value);

	errno = EBADF;
	pthread_mutex_lock(&table_lock);
	if (fd >= 0)
		h = find(fd, types);
	if (h) {
		h->refs++;
		h->object->refs++;
	}
	pthread_mutex_unlock(&table_lock);
	if (!h)
		w32_result(w32_status(errno, W32_OTHER));
	return h;
}

/**
 * w32_ref() - use a handle beyond the end of a call
 * @h: The handle, or NULL.
 *
 * Return: the handle, for w32_put().
 */
struct w32_handle *w32_ref(struct w32_handle *h)
{
	if (!h)
		return NULL;
	pthread_mutex_lock(&table_lock);
	h->refs++;
	h->object->refs++;
	pthread_mutex_unlock(&table_lock);
	return h;
}

/**
 * w32_put() - end a call on a handle
 * @h: The handle, or NULL.
 */
void w32_put(struct w32_handle *h)
{
	if (!h)
		return;
	pthread_mutex_lock(&table_lock);
	unref(h);
	pthread_mutex_unlock(&table_lock);
}

/* Ends the reads of a server whose last handle is being closed. The kernel
 * cancels the reads that wait. One that is only about to wait is met by the
 * next round, a millisecond later.
 */
static void end_reads(struct w32_handle *h)
{
	struct timespec ts;
	BOOL busy;

	do {
		w32_cancel(h->object, NULL, 0);
		pthread_mutex_lock(&table_lock);
		busy = h->object->refs > 1;
		if (busy) {
			ioctl(h->fd, MAILSLOT_IOC_CANCEL);
			ts = w32_timespec(w32_now() + 1000000);
			pthread_cond_clockwait(&call_ended, &table_lock,
					       CLOCK_MONOTONIC, &ts);
		}
		pthread_mutex_unlock(&table_lock);
	} while (busy);
}

/**
 * CloseHandle() - close a handle
 * @handle: The handle.
 *
 * When it is the last one to a server in this process, reads that wait in
 * other threads fail with ERROR_OPERATION_ABORTED. When it is the last one
 * anywhere, the slot and its messages are gone.
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_HANDLE.
 */
MAILSLOT_API BOOL WINAPI CloseHandle(HANDLE handle)
{
	struct w32_handle *h = w32_get(handle, W32_ANY);
	BOOL lost_race, last;

	if (!h)
		return FALSE;
	pthread_mutex_lock(&table_lock);
	lost_race = h->closed;
	if (!lost_race) {
		h->closed = TRUE;
		h->object->handles--;
		unref(h);
	}
	last = !h->object->handles && h->object->type == W32_SERVER;
	pthread_mutex_unlock(&table_lock);
	if (last && !lost_race)
		end_reads(h);
	w32_put(h);
	return !lost_race || w32_fail(ERROR_INVALID_HANDLE);
}

/**
 * w32_get_named() - begin a call on an event, by its name
 * @name: The name.
 *
 * Return: the handle, for w32_put(); or NULL if this process has no event of
 * that name.
 */
struct w32_handle *w32_get_named(const char *name)
{
	struct w32_handle *h = NULL;
	int fd;

	pthread_mutex_lock(&table_lock);
	for (fd = 0; fd < table_size && !h; fd++)
		if (table[fd] && !table[fd]->closed &&
		    table[fd]->object->name &&
		    !strcmp(table[fd]->object->name, name))
			h = table[fd];
	if (h) {
		h->refs++;
		h->object->refs++;
	}
	pthread_mutex_unlock(&table_lock);
	return h;
}
