// SPDX-License-Identifier: GPL-2.0-only
/*
 * Metrics of several processes. In the instruction-counting machine they share
 * one processor; in the two-processor comparison, writers and readers are kept
 * apart.
 */
#define _GNU_SOURCE
#include <err.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define ROUNDS	9
#define WARM_UP	20

static void wait_for_children(unsigned int n)
{
	int status;

	while (n--)
		if (wait(&status) < 0 || status)
			errx(1, "a process of the benchmark failed");
}

/* In the child: take no part in the parent's end. */
static pid_t fork_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static void echo(const struct backend *be, struct chan *ch, size_t size,
		 unsigned int n)
{
	pin_to_cpu(1);
	while (n--) {
		recv_one(be, &ch[0], size);
		send_one(be, &ch[1], size);
	}
}

static void ping(const struct backend *be, struct chan *ch, size_t size,
		 unsigned int n)
{
	while (n--) {
		send_one(be, &ch[0], size);
		recv_one(be, &ch[1], size);
	}
}

/* Two processes that nobody has run before, so that each round is alike. */
static void one_pingpong(const struct backend *be, const struct cell *cell,
			 struct samples *s, unsigned int ops)
{
	struct chan ch[2];
	uint64_t start;

	chan_open(be, &ch[0], 0);
	chan_open(be, &ch[1], 1);
	if (!fork_child()) {
		echo(be, ch, cell->size, WARM_UP + ops);
		exit(0);
	}
	ping(be, ch, cell->size, WARM_UP);
	start = round_begin();
	ping(be, ch, cell->size, ops);
	samples_add(s, start, ops);
	wait_for_children(1);
	chan_close(be, &ch[0]);
	chan_close(be, &ch[1]);
}

/**
 * run_pingpong() - a message to another process and one back
 * @be: Of what.
 * @cell: Message size; @count is 2 if waking must not preempt.
 *
 * Reports the cost of the round trip. The scheduler has two ways to run two
 * processes that take turns on one processor: the one that is woken takes over
 * at once, or waits until the other sleeps. Young processes do the former, old
 * ones drift into the latter, so each is measured on its own: SCHED_BATCH is
 * how a process asks for the latter.
 */
void run_pingpong(const struct backend *be, const struct cell *cell)
{
	struct sched_param param = { 0 };
	struct samples s = { 0 };

	pin_to_cpu(0);
	if (cell->count == 2 && sched_setscheduler(0, SCHED_BATCH, &param))
		err(1, "SCHED_BATCH");
	while (s.n < ROUNDS)
		one_pingpong(be, cell, &s, cell->ops);
	report(be, cell, samples_median(&s), s.ops);
}

/* A writer says that it is there, waits for the start, and writes. */
static void writer(const struct backend *be, struct chan *ch, size_t size,
		   unsigned int n, const int *ready, const int *go)
{
	char c = 0;

	pin_to_cpu(1);
	if (write(ready[1], &c, 1) != 1 || read(go[0], &c, 1) != 1)
		err(1, "start");
	while (n--)
		send_one(be, ch, size);
	exit(0);
}

/**
 * run_stream() - cell->count writers, one reader, as fast as they can
 * @be: Of what.
 * @cell: Message size, number of writers.
 *
 * Reports the cost per message, writing and reading together, from the first
 * write to the last read: a queue that takes much before anybody reads must
 * not be rid of the writing.
 */
void run_stream(const struct backend *be, const struct cell *cell)
{
	unsigned int ops = cell->ops;
	unsigned int writers = cell->count;
	char c[8] = { 0 };
	uint64_t start;
	struct samples s = { 0 };
	struct chan ch;
	int ready[2], go[2];

	pin_to_cpu(0);
	if (pipe(ready) || pipe(go))
		err(1, "pipe");
	chan_open(be, &ch, 0);
	for (unsigned int i = 0; i < writers; i++)
		if (!fork_child())
			writer(be, &ch, cell->size, ops / writers, ready, go);
	for (unsigned int i = 0; i < writers; i++)
		if (read(ready[0], c, 1) != 1)
			err(1, "ready");
	start = round_begin();
	if (write(go[1], c, writers) != (ssize_t)writers)
		err(1, "go");
	for (unsigned int i = 0; i < ops; i++)
		recv_one(be, &ch, cell->size);
	samples_add(&s, start, ops);
	report(be, cell, s.v[0], s.ops);
	wait_for_children(writers);
	chan_close(be, &ch);
}
