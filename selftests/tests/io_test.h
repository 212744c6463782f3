/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the suites about reading and writing share: mount limits, buffers that
 * end at a guard page, and payloads that tell which message they belong to.
 */
#ifndef _IO_TEST_H
#define _IO_TEST_H

#include <linux/userfaultfd.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include "mailslot_test.h"

#define MIB		(1024 * 1024)
#define FOREVER		MAILSLOT_WAIT_FOREVER

#define DEFAULT_LIMITS	"max_message=1M,max_queue_bytes=64M,"		\
			"max_queue_messages=256K,max_user_bytes=64M,"	\
			"max_user_slots=4096,max_slots=256K"

/* Changes the mount's options for all slots, also those that exist. */
static inline int set_limits(const char *options)
{
	return mount(NULL, slot_root(), NULL, MS_REMOUNT, options);
}

/**
 * guarded_buffer - memory whose next byte does not exist
 * @size: How many bytes of it are there.
 *
 * Return: the first byte; a page that may not be touched follows the last.
 */
static inline char *guarded_buffer(size_t size)
{
	size_t page = sysconf(_SC_PAGESIZE);
	size_t bytes = (size + page - 1) / page * page;
	char *map = mmap(NULL, bytes + page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED || mprotect(map + bytes, page, PROT_NONE)) {
		perror("guarded_buffer");
		_exit(198);
	}
	return map + bytes - size;
}

/* Bytes that differ from message to message and from place to place. */
static inline void fill_pattern(void *buf, size_t size, unsigned int seed)
{
	unsigned char *bytes = buf;
	uint32_t x = seed * 2654435761U + 1;
	size_t i;

	for (i = 0; i < size; i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = x >> 24;
	}
}

static inline bool has_pattern(const void *buf, size_t size, unsigned int seed)
{
	const unsigned char *bytes = buf;
	uint32_t x = seed * 2654435761U + 1;
	size_t i;

	for (i = 0; i < size; i++) {
		x = x * 1664525 + 1013904223;
		if (bytes[i] != (unsigned char)(x >> 24))
			return false;
	}
	return true;
}

/* Whether @size bytes are all @value. */
static inline bool all_bytes(const void *buf, size_t size, unsigned char value)
{
	const unsigned char *bytes = buf;

	while (size && *bytes == value) {
		bytes++;
		size--;
	}
	return !size;
}

/* The slot's figures; all ones when they cannot be had. */
static inline struct mailslot_ioctl_info info_of(int fd)
{
	struct mailslot_ioctl_info info;

	if (slot_info(fd, &info))
		memset(&info, 0xff, sizeof(info));
	return info;
}

/* Takes all that waits in a slot; how many messages that were. */
static inline int drain(int fd)
{
	struct mailslot_ioctl_recv args = {
		.flags = MAILSLOT_DONTWAIT | MAILSLOT_TRUNC,
	};
	int n = 0;

	while (!ioctl(fd, MAILSLOT_IOC_RECV, &args))
		n++;
	return n;
}

/* --- Buffers that hold up whoever copies to or from them -------------------- */

/**
 * struct stall - two pages, of which the second is not there yet
 * @uffd: The userfaultfd by which it can be made to come, or not to come.
 * @second: The second page. Whoever touches it sleeps until then.
 * @page: Bytes of a page.
 */
struct stall {
	int uffd;
	char *second;
	size_t page;
};

static inline bool stall_open(struct stall *stall)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	char *map;

	stall->page = sysconf(_SC_PAGESIZE);
	map = mmap(NULL, 2 * stall->page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stall->second = map + stall->page;
	memset(map, '#', stall->page);
	reg.range.start = (uintptr_t)stall->second;
	reg.range.len = stall->page;
	stall->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	return stall->uffd >= 0 && !ioctl(stall->uffd, UFFDIO_API, &api) &&
	       !ioctl(stall->uffd, UFFDIO_REGISTER, &reg);
}

/* Whether somebody now waits for the page. */
static inline bool stall_wait(struct stall *stall)
{
	struct pollfd pfd = { .fd = stall->uffd, .events = POLLIN };

	return poll(&pfd, 1, 10000 * slowness()) == 1 && pfd.revents == POLLIN;
}

/* Here it is, with these contents. */
static inline int stall_end(struct stall *stall, const void *contents)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)stall->second,
		.src = (uintptr_t)contents,
		.len = stall->page,
	};

	return ioctl(stall->uffd, UFFDIO_COPY, &copy);
}

/* It will never be there: the copy fails. */
static inline int stall_fail(struct stall *stall)
{
	struct uffdio_range range = {
		.start = (uintptr_t)stall->second,
		.len = stall->page,
	};

	if (mprotect(stall->second, stall->page, PROT_NONE))
		return -1;
	return ioctl(stall->uffd, UFFDIO_WAKE, &range);
}

static inline void stall_close(struct stall *stall)
{
	close(stall->uffd);
	munmap(stall->second - stall->page, 2 * stall->page);
}

/* --- A thread that polls --------------------------------------------------- */

/**
 * struct waiter - a thread in epoll_wait(2) or, when @epoll is -1, in poll(2)
 * @fd: What it polls.
 * @epoll: An epoll instance to wait on instead.
 * @events: What for; then what it was told.
 * @ret: What the call returned.
 * @done: It has returned.
 * @tid: The thread.
 * @thread: The same for pthread_join().
 */
struct waiter {
	int fd;
	int epoll;
	int events;
	int ret;
	bool done;
	pid_t tid;
	pthread_t thread;
};

static inline void *waiter_main(void *arg)
{
	struct waiter *waiter = arg;
	struct pollfd pfd = { .fd = waiter->fd, .events = waiter->events };
	struct epoll_event event = {};

	__atomic_store_n(&waiter->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	if (waiter->epoll < 0) {
		waiter->ret = poll(&pfd, 1, -1);
		waiter->events = pfd.revents;
	} else {
		waiter->ret = epoll_wait(waiter->epoll, &event, 1, -1);
		waiter->events = event.events;
	}
	__atomic_store_n(&waiter->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static inline bool waiter_sleeps(struct waiter *waiter)
{
	return is_blocked(waiter->tid,
			  waiter->epoll < 0 ? SYS_poll : SYS_epoll_wait);
}

/* Whether the thread now sleeps. */
static inline bool waiter_start(struct waiter *waiter, int fd, int epoll,
				int events)
{
	memset(waiter, 0, sizeof(*waiter));
	waiter->fd = fd;
	waiter->epoll = epoll;
	waiter->events = events;
	if (pthread_create(&waiter->thread, NULL, waiter_main, waiter))
		return false;
	return wait_until(__atomic_load_n(&waiter->tid, __ATOMIC_ACQUIRE)) &&
	       wait_until(waiter_sleeps(waiter));
}

/* What the thread was told; -1 when nothing woke it in good time. */
static inline int waiter_join(struct waiter *waiter)
{
	if (!wait_until(__atomic_load_n(&waiter->done, __ATOMIC_ACQUIRE)))
		return -1;
	pthread_join(waiter->thread, NULL);
	return waiter->ret == 1 ? waiter->events : -1;
}

/* An epoll instance that watches one descriptor. */
static inline int new_epoll(int fd, uint32_t events)
{
	struct epoll_event event = { .events = events };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (!epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		return epoll;
	close(epoll);
	return -1;
}

/* The events that are there now, 0 if there are none. */
static inline int epoll_now(int epoll)
{
	struct epoll_event event;

	return epoll_wait(epoll, &event, 1, 0) == 1 ? event.events : 0;
}

#endif /* _IO_TEST_H */
