// SPDX-License-Identifier: GPL-2.0-only
/*
 * What queues and messages take: memory of the machine, and how much fits into
 * a queue that nobody tuned.
 */
#include <err.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define QUEUES		2000
#define MESSAGES	16

/* Give back what the slab allocator keeps of earlier work. */
static void shrink_slabs(void)
{
	glob_t g;

	write_file("/proc/sys/vm/drop_caches", "3");
	if (glob("/sys/kernel/slab/*/shrink", 0, NULL, &g))
		errx(1, "/sys/kernel/slab: no slabs");
	for (size_t i = 0; i < g.gl_pathc; i++)
		write_file(g.gl_pathv[i], "1");
	globfree(&g);
}

/* Free pages, and those that wait on the processors' own lists, in bytes. */
static double free_memory(void)
{
	static char text[1 << 17];
	double pages = 0;
	char *p;

	read_file("/proc/zoneinfo", text, sizeof(text));
	for (p = strstr(text, "pages free "); p; p = strstr(p, "pages free ")) {
		p += strlen("pages free ");
		pages += strtoul(p, NULL, 10);
	}
	for (p = strstr(text, " count:"); p; p = strstr(p, " count:")) {
		p += strlen(" count:");
		pages += strtoul(p, NULL, 10);
	}
	return pages * sysconf(_SC_PAGESIZE);
}

/**
 * run_memory() - bytes of memory per message, or per queue if size is 0
 * @be: Of what.
 * @cell: Message size.
 */
void run_memory(const struct backend *be, const struct cell *cell)
{
	struct chan *ch = calloc(QUEUES, sizeof(*ch));
	double before, after;

	if (!ch)
		err(1, "calloc");
	raise_nofile(3 * QUEUES);
	/* One round for everything that is allocated once and stays. */
	free_memory();
	shrink_slabs();
	before = free_memory();
	for (unsigned int i = 0; i < QUEUES; i++)
		be->create(&ch[i], i);
	after = free_memory();
	if (cell->size) {
		for (unsigned int i = 0; be->attach && i < QUEUES; i++)
			be->attach(&ch[i]);
		before = free_memory();
		for (unsigned int i = 0; i < QUEUES; i++)
			for (unsigned int m = 0; m < MESSAGES; m++)
				send_one(be, &ch[i], cell->size);
		after = free_memory();
		report(be, cell, (before - after) / QUEUES / MESSAGES,
		       QUEUES * MESSAGES);
	} else {
		report(be, cell, (before - after) / QUEUES, QUEUES);
	}
	for (unsigned int i = 0; i < QUEUES; i++) {
		if (be->detach)
			be->detach(&ch[i]);
		be->destroy(&ch[i]);
	}
}

static void on_alarm(int sig)
{
	(void)sig;
}

/**
 * run_room() - messages that an untuned queue of an unprivileged user takes
 * @be: Of what.
 * @cell: Message size.
 *
 * The queue is full when sending waits, which the alarm ends.
 */
void run_room(const struct backend *be, const struct cell *cell)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	char *buf = calloc(1, 64 + cell->size);
	struct chan ch;
	unsigned int n = 0;

	if (!buf || sigaction(SIGALRM, &sa, NULL))
		err(1, "room");
	chan_open(be, &ch, 0);
	alarm(2);
	while (be->send(&ch, buf + 64, cell->size) == (ssize_t)cell->size)
		n++;
	report(be, cell, n, n);
	chan_close(be, &ch);
}
