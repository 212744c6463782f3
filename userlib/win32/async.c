// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Overlapped reads that wait. They stand in one list, in the order in which
 * they began, and one thread of the library, started by the first of them,
 * watches their descriptors and the nearest deadline with epoll(7). It takes
 * messages without waiting, so cancelling a read is taking it off the list.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "w32.h"

#define NS_PER_SEC	1000000000U
#define NS_PER_MS	1000000U

/**
 * struct read - an overlapped read that waits
 * @next: The read that began after it.
 * @h: The server, for which this holds a reference.
 * @event: Set at the end, with a reference likewise; or NULL.
 * @result: Told how it ended.
 * @buf: Where the message goes.
 * @len: Bytes at @buf.
 * @deadline: When the slot's timeout ends it, by w32_now(); or %W32_NEVER.
 * @issuer: The thread that began it.
 */
struct read {
	struct read *next;
	struct w32_handle *h;
	struct w32_handle *event;
	OVERLAPPED *result;
	void *buf;
	DWORD len;
	uint64_t deadline;
	pid_t issuer;
};

static pthread_mutex_t read_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t read_ended = PTHREAD_COND_INITIALIZER;
/* All of these are guarded by read_lock. */
static struct read *reads, **reads_tail = &reads;
static int poller = -1, timer = -1;

/**
 * w32_now() - the time
 *
 * Return: nanoseconds of CLOCK_MONOTONIC.
 */
uint64_t w32_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_SEC + ts.tv_nsec;
}

/**
 * w32_timespec() - a time or a span as the system calls take it
 * @ns: Nanoseconds.
 *
 * Return: the same.
 */
struct timespec w32_timespec(uint64_t ns)
{
	return (struct timespec) {
		.tv_sec = ns / NS_PER_SEC,
		.tv_nsec = ns % NS_PER_SEC,
	};
}

/**
 * w32_io_begin() - say that a read or write goes on
 * @h: Its file.
 * @event: Its event, or NULL.
 * @result: Where its result will be.
 */
void w32_io_begin(struct w32_handle *h, struct w32_handle *event,
		  OVERLAPPED *result)
{
	result->Internal = STATUS_PENDING;
	result->InternalHigh = 0;
	w32_event_reset(h->object->io_event);
	if (event)
		w32_event_reset(event->fd);
}

/**
 * w32_io_end() - say that a read or write has ended
 * @h: Its file.
 * @event: Its event, or NULL: then the file itself is signalled.
 * @result: Where its result goes.
 * @status: How it ended.
 * @size: Bytes read or written.
 *
 * The status is written last: whoever sees it sees the message, too.
 */
void w32_io_end(struct w32_handle *h, struct w32_handle *event,
		OVERLAPPED *result, NTSTATUS status, size_t size)
{
	result->InternalHigh = size;
	__atomic_store_n(&result->Internal, (ULONG)status, __ATOMIC_RELEASE);
	w32_event_set(event ? event->fd : h->object->io_event);
}

/**
 * w32_io_event() - what to poll for a file
 * @object: The file.
 *
 * Return: an eventfd, readable while no overlapped read waits; or -1 and errno.
 */
int w32_io_event(struct w32_object *object)
{
	pthread_mutex_lock(&read_lock);
	if (object->io_event < 0)
		object->io_event = eventfd(!object->pending,
					   EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_unlock(&read_lock);
	return object->io_event;
}

/* Makes the timer fire at the nearest deadline. */
static void set_timer(void)
{
	struct itimerspec when = { 0 };
	uint64_t nearest = W32_NEVER;
	const struct read *r;

	for (r = reads; r; r = r->next)
		if (r->deadline < nearest)
			nearest = r->deadline;
	if (nearest != W32_NEVER)
		when.it_value = w32_timespec(nearest);
	timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Takes a read off the list and tells how it ended. */
static void end_read(struct read **link, NTSTATUS status, size_t size)
{
	struct read *r = *link;

	*link = r->next;
	if (!*link)
		reads_tail = link;
	__atomic_sub_fetch(&r->h->object->pending, 1, __ATOMIC_RELAXED);
	if (!--r->h->pending)
		epoll_ctl(poller, EPOLL_CTL_DEL, r->h->fd, NULL);
	w32_io_end(r->h, r->event, r->result, status, size);
	pthread_cond_broadcast(&read_ended);
	w32_put(r->event);
	w32_put(r->h);
	free(r);
}

/* Gives the messages of a slot to the reads that wait for them. One whose
 * buffer is too short fails, and the message is the next one's.
 */
static void serve(const struct w32_object *object)
{
	struct read **link = &reads, *r;
	ssize_t size;

	while ((r = *link)) {
		if (r->h->object != object) {
			link = &r->next;
			continue;
		}
		size = mailslot_recv(r->h->fd, r->buf, r->len, NULL,
				     MAILSLOT_DONTWAIT);
		if (size < 0 && errno == EAGAIN)
			return;
		if (size < 0)
			end_read(link, w32_status(errno, W32_READ), 0);
		else
			end_read(link, STATUS_SUCCESS, size);
	}
}

/* The descriptor may have left the list since epoll reported it. */
static void serve_fd(int fd)
{
	const struct read *r;

	for (r = reads; r; r = r->next) {
		if (r->h->fd == fd) {
			serve(r->h->object);
			return;
		}
	}
}

static void expire(void)
{
	struct read **link = &reads;
	uint64_t now = w32_now();

	while (*link) {
		if ((*link)->deadline <= now)
			end_read(link, STATUS_IO_TIMEOUT, 0);
		else
			link = &(*link)->next;
	}
	set_timer();
}

static void *serve_reads(void *arg)
{
	struct epoll_event events[16];
	int count, i;

	(void)arg;
	while ((count = epoll_wait(poller, events, 16, -1)) >= 0 ||
	       errno == EINTR) {
		pthread_mutex_lock(&read_lock);
		for (i = 0; i < count; i++)
			if (events[i].data.fd != timer)
				serve_fd(events[i].data.fd);
		expire();
		pthread_mutex_unlock(&read_lock);
	}
	/* The program closed descriptors that it did not open, as daemons do.
	 * Their numbers may be in use again, so they are only forgotten.
	 */
	pthread_mutex_lock(&read_lock);
	poller = -1;
	timer = -1;
	while (reads)
		end_read(&reads, STATUS_CANCELLED, 0);
	pthread_mutex_unlock(&read_lock);
	return NULL;
}

static int watch(int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
}

/* The program's signals are not for a thread of which it does not know. */
static int start_thread(void)
{
	sigset_t all, old;
	pthread_t thread;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&thread, NULL, serve_reads, NULL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!error)
		pthread_detach(thread);
	errno = error;
	return error ? -1 : 0;
}

static void stop(void)
{
	if (timer >= 0)
		close(timer);
	if (poller >= 0)
		close(poller);
	timer = -1;
	poller = -1;
}

static int start(void)
{
	int error;

	if (poller >= 0)
		return 0;
	poller = epoll_create1(EPOLL_CLOEXEC);
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (poller >= 0 && timer >= 0 && !watch(timer) && !start_thread())
		return 0;
	error = errno;
	stop();
	errno = error;
	return -1;
}

/* Puts a read at the end of the list. */
static NTSTATUS queue_read(const struct read *template)
{
	struct read *r = malloc(sizeof(*r));

	if (!r || start() || (!template->h->pending &&
			      watch(template->h->fd))) {
		free(r);
		return w32_status(errno, W32_OTHER);
	}
	*r = *template;
	w32_ref(r->h);
	w32_ref(r->event);
	r->h->pending++;
	__atomic_add_fetch(&r->h->object->pending, 1, __ATOMIC_RELAXED);
	*reads_tail = r;
	reads_tail = &r->next;
	if (r->deadline != W32_NEVER)
		set_timer();
	return STATUS_PENDING;
}

/* Finds out how long a read that begins now may wait. */
static NTSTATUS set_deadline(struct read *r, uint64_t start)
{
	struct mailslot_info info;

	if (mailslot_get_info(r->h->fd, &info))
		return w32_status(errno, W32_OTHER);
	if (!info.read_timeout_ms)
		return STATUS_IO_TIMEOUT;
	r->deadline = W32_NEVER;
	if (info.read_timeout_ms != MAILSLOT_WAIT_FOREVER)
		r->deadline = start +
			      (uint64_t)info.read_timeout_ms * NS_PER_MS;
	return STATUS_SUCCESS;
}

/* Reads that wait already come first, and have all messages that are there. */
static NTSTATUS try_read(struct read *r, uint64_t start)
{
	ssize_t size = -1;
	NTSTATUS status;

	serve(r->h->object);
	errno = EAGAIN;
	if (!r->h->object->pending)
		size = mailslot_recv(r->h->fd, r->buf, r->len, NULL,
				     MAILSLOT_DONTWAIT);
	if (size >= 0) {
		w32_io_end(r->h, r->event, r->result, STATUS_SUCCESS, size);
		return STATUS_SUCCESS;
	}
	if (errno != EAGAIN)
		return w32_status(errno, W32_READ);
	status = set_deadline(r, start);
	return status ? status : queue_read(r);
}

/**
 * w32_read_async() - read a message, or put the read on the list
 * @h: A server.
 * @event: Set when the read has ended, or NULL.
 * @result: Told how it ended.
 * @buf: Where the message goes.
 * @len: Bytes at @buf.
 * @start: When the read began, by w32_now().
 *
 * Return: how it ended, or STATUS_PENDING.
 */
NTSTATUS w32_read_async(struct w32_handle *h, struct w32_handle *event,
			OVERLAPPED *result, void *buf, DWORD len,
			uint64_t start)
{
	struct read r = {
		.h = h,
		.event = event,
		.result = result,
		.buf = buf,
		.len = len,
		.issuer = gettid(),
	};
	NTSTATUS status;

	pthread_mutex_lock(&read_lock);
	w32_io_begin(h, event, result);
	status = try_read(&r, start);
	pthread_mutex_unlock(&read_lock);
	return status;
}

/**
 * w32_await() - wait until a read has ended
 * @result: Where its result goes.
 *
 * Return: how it ended.
 */
NTSTATUS w32_await(const OVERLAPPED *result)
{
	NTSTATUS status;

	pthread_mutex_lock(&read_lock);
	while ((status = result->Internal) == STATUS_PENDING)
		pthread_cond_wait(&read_ended, &read_lock);
	pthread_mutex_unlock(&read_lock);
	return status;
}

/**
 * w32_cancel() - end overlapped reads
 * @object: Of which server; NULL is any.
 * @result: Which one; NULL is all.
 * @issuer: Begun by which thread; 0 is any.
 *
 * Return: how many there were.
 */
unsigned int w32_cancel(const struct w32_object *object,
			const OVERLAPPED *result, pid_t issuer)
{
	struct read **link = &reads, *r;
	unsigned int count = 0;

	pthread_mutex_lock(&read_lock);
	while ((r = *link)) {
		if ((object && r->h->object != object) ||
		    (result && r->result != result) ||
		    (issuer && r->issuer != issuer)) {
			link = &r->next;
			continue;
		}
		end_read(link, STATUS_CANCELLED, 0);
		count++;
	}
	pthread_mutex_unlock(&read_lock);
	return count;
}

/** w32_async_prepare_fork() - hold reads still while the process forks */
void w32_async_prepare_fork(void)
{
	pthread_mutex_lock(&read_lock);
}

/** w32_async_parent_forked() - let them go on in the parent */
void w32_async_parent_forked(void)
{
	pthread_mutex_unlock(&read_lock);
}

/**
 * w32_async_child_forked() - let the child begin without any
 *
 * The reads are the parent's, and so is the thread that serves them. The child
 * must not touch the events, which it shares with the parent; its own copies of
 * the results say that the reads were cancelled.
 */
void w32_async_child_forked(void)
{
	struct read *r;

	while ((r = reads)) {
		reads = r->next;
		r->result->Internal = (ULONG)STATUS_CANCELLED;
		free(r);
	}
	reads_tail = &reads;
	/* Threads of the parent may have been waiting for it. */
	read_ended = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
	stop();
	pthread_mutex_unlock(&read_lock);
}
