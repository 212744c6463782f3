// SPDX-License-Identifier: LGPL-2.1-or-later
/* Threads, processes and time. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "w32.h"

#define NS_PER_MS	1000000U

/**
 * struct start - a thread of CreateThread()
 * @h: Its handle, for which it holds a reference.
 * @fn: What it runs.
 * @parameter: What that is given.
 * @exit_code: What that returned.
 * @id: Where its creator wants to have its number.
 * @runs: The creator waits for this, until it has the number.
 */
struct start {
	struct w32_handle *h;
	LPTHREAD_START_ROUTINE fn;
	LPVOID parameter;
	DWORD exit_code;
	DWORD *id;
	sem_t *runs;
};

static __thread struct start *current;

/* A thread's overlapped reads end with it, as on Windows. */
static void end_thread(void *arg)
{
	struct start *s = arg;

	w32_cancel(NULL, NULL, gettid());
	__atomic_store_n(&s->h->object->exit_code, s->exit_code,
			 __ATOMIC_RELEASE);
	w32_event_set(s->h->fd);
	w32_put(s->h);
	free(s);
}

static void *run(void *arg)
{
	struct start *s = arg;

	current = s;
	*s->id = gettid();
	sem_post(s->runs);
	pthread_cleanup_push(end_thread, s);
	s->exit_code = s->fn(s->parameter);
	pthread_cleanup_pop(1);
	return NULL;
}

/* Windows takes a stack size as a wish. Ours are larger than its own. */
static int create_thread(struct start *s, SIZE_T stack_size)
{
	pthread_attr_t attr;
	pthread_t thread;
	size_t usual;
	int error;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_getstacksize(&attr, &usual);
	if (stack_size > usual)
		pthread_attr_setstacksize(&attr, stack_size);
	error = pthread_create(&thread, &attr, run, s);
	pthread_attr_destroy(&attr);
	return error;
}

static BOOL start_thread(struct start *s, SIZE_T stack_size, DWORD *id)
{
	sem_t runs;

	sem_init(&runs, 0, 0);
	s->id = id;
	s->runs = &runs;
	if (create_thread(s, stack_size))
		return FALSE;
	while (sem_wait(&runs))
		;
	sem_destroy(&runs);
	return TRUE;
}

static HANDLE thread_handle(const SECURITY_ATTRIBUTES *sa)
{
	int flags = EFD_NONBLOCK | (w32_inherits(sa) ? 0 : EFD_CLOEXEC);

	return w32_handle_new(w32_object_new(W32_THREAD), eventfd(0, flags),
			      0);
}

/**
 * CreateThread() - start a thread
 * @sa: Whether its handle is inherited; may be NULL.
 * @stack_size: Bytes; taken when it is more than the system's default.
 * @start: What the thread runs.
 * @parameter: What that is given.
 * @flags: %STACK_SIZE_PARAM_IS_A_RESERVATION or 0.
 * @id: Answer: its number, as of GetCurrentThreadId(). May be NULL.
 *
 * Return: its handle, signalled when it ends; or NULL and
 * ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY, ERROR_TOO_MANY_OPEN_FILES.
 */
MAILSLOT_API HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES sa,
					SIZE_T stack_size,
					LPTHREAD_START_ROUTINE start,
					LPVOID parameter, DWORD flags,
					LPDWORD id)
{
	struct start *s = NULL;
	HANDLE handle = NULL;
	DWORD own_id;

	if (!start || (flags & ~STACK_SIZE_PARAM_IS_A_RESERVATION)) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	handle = thread_handle(sa);
	if (handle)
		s = malloc(sizeof(*s));
	if (!s)
		goto err_close_handle;
	*s = (struct start) { .fn = start, .parameter = parameter };
	s->h = w32_get(handle, W32_THREAD);
	if (start_thread(s, stack_size, id ? id : &own_id))
		return handle;
	errno = ENOMEM;
	w32_put(s->h);
	free(s);
err_close_handle:
	w32_result(w32_status(errno, W32_OTHER));
	if (handle)
		CloseHandle(handle);
	return NULL;
}

/**
 * ExitThread() - end the calling thread
 * @exit_code: For GetExitCodeThread(), if CreateThread() started it.
 */
MAILSLOT_API VOID WINAPI ExitThread(DWORD exit_code)
{
	if (current)
		current->exit_code = exit_code;
	pthread_exit(NULL);
}

/**
 * GetExitCodeThread() - learn what a thread returned
 * @thread: The thread.
 * @exit_code: Answer: %STILL_ACTIVE until it ends.
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_HANDLE.
 */
MAILSLOT_API BOOL WINAPI GetExitCodeThread(HANDLE thread, LPDWORD exit_code)
{
	struct w32_handle *h = w32_get(thread, W32_THREAD);

	if (!h)
		return FALSE;
	*exit_code = __atomic_load_n(&h->object->exit_code, __ATOMIC_ACQUIRE);
	w32_put(h);
	return TRUE;
}

/**
 * GetCurrentProcessId() - the number of this process
 *
 * Return: its process ID.
 */
MAILSLOT_API DWORD WINAPI GetCurrentProcessId(void)
{
	return getpid();
}

/**
 * GetCurrentThreadId() - the number of the calling thread
 *
 * Return: its thread ID.
 */
MAILSLOT_API DWORD WINAPI GetCurrentThreadId(void)
{
	return gettid();
}

/**
 * Sleep() - wait for a time
 * @timeout: Milliseconds; 0 gives other threads a turn, %INFINITE is for ever.
 */
MAILSLOT_API VOID WINAPI Sleep(DWORD timeout)
{
	struct timespec ts = w32_timespec(w32_now() +
					  (uint64_t)timeout * NS_PER_MS);

	if (!timeout)
		sched_yield();
	while (timeout == INFINITE)
		pause();
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) ==
	       EINTR)
		;
}

/**
 * GetTickCount64() - time since the machine was started
 *
 * Return: milliseconds.
 */
MAILSLOT_API ULONGLONG WINAPI GetTickCount64(void)
{
	return w32_now() / NS_PER_MS;
}

/**
 * GetTickCount() - time since the machine was started
 *
 * Return: milliseconds. They begin at 0 again every 49.7 days.
 */
MAILSLOT_API DWORD WINAPI GetTickCount(void)
{
	return GetTickCount64();
}
