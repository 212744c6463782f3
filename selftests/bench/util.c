// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clock, samples, output and small helpers.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

/* qemu's isa-debugcon device: every byte lands in a file of the host. */
#define DEBUG_PORT	0xe9

/* Room for what a backend keeps before the payload, see struct backend. */
#define HEADROOM	64

static _Alignas(4096) char send_area[4096 + BENCH_MAX_SIZE];
static _Alignas(4096) char recv_area[4096 + BENCH_MAX_SIZE];

char *const send_buf = send_area + HEADROOM;
char *const recv_buf = recv_area + HEADROOM;

bool use_two_cpus;

static bool debug_port;

/* Nanoseconds; under qemu's -icount shift=0 one per instruction. */
static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/**
 * round_begin() - begin a round
 *
 * The instruction does nothing, but the profiler waits for it.
 *
 * Return: For samples_add().
 */
uint64_t round_begin(void)
{
	uint64_t start = now();

	asm volatile("xchg %bx, %bx");
	return start;
}

/**
 * samples_add() - end a round
 * @s: Where to.
 * @start: What round_begin() gave.
 * @ops: Operations that the round had.
 */
void samples_add(struct samples *s, uint64_t start, unsigned int ops)
{
	uint64_t end;

	/* As above: here the profiler stops. */
	asm volatile("xchg %cx, %cx");
	end = now();
	if (s->n == SAMPLES_MAX)
		errx(1, "too many rounds");
	s->v[s->n++] = (double)(end - start) / ops;
	s->ops += ops;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/**
 * samples_median() - the median, which no timer interrupt can move
 * @s: Rounds; they are sorted.
 *
 * Return: Per operation.
 */
double samples_median(struct samples *s)
{
	qsort(s->v, s->n, sizeof(s->v[0]), compare);
	return s->n ? s->v[s->n / 2] : 0;
}

/**
 * report_to_debug_port() - send every line to the machine's debug port
 *
 * The kernel log shares the console, so figures get a way of their own.
 */
void report_to_debug_port(void)
{
	debug_port = true;
}

/**
 * report_line() - put one line out
 * @line: Text with its final newline.
 *
 * The right to use the port lasts no longer than the line: the kernel checks
 * it at the end of every system call, which would be measured.
 */
void report_line(const char *line)
{
	if (!debug_port) {
		fputs(line, stdout);
		return;
	}
	if (iopl(3))
		err(1, "iopl");
	outsb(DEBUG_PORT, line, strlen(line));
	iopl(0);
}

/**
 * report() - put one figure out, in a cell's process
 * @be: What was measured.
 * @cell: What of it.
 * @value: The figure.
 * @ops: Operations it was measured with.
 */
void report(const struct backend *be, const struct cell *cell, double value,
	    unsigned long ops)
{
	char line[160];

	snprintf(line, sizeof(line), "cell %s %zu %u %s %.2f %lu\n",
		 cell->metric, cell->size, cell->count, be->name, value, ops);
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		err(1, "report");
}

/**
 * chan_name() - give a queue a name, unless it has one
 * @ch: The queue.
 * @dir: What comes before the "/".
 * @id: Number that tells it from this process' other queues.
 *
 * All names are equally long, as hashing them takes time.
 */
void chan_name(struct chan *ch, const char *dir, unsigned int id)
{
	if (!ch->name[0])
		snprintf(ch->name, sizeof(ch->name), "%s/bench-%06d-%06u", dir,
			 getpid(), id);
}

/**
 * chan_open() - make a queue with both ends
 * @be: Of which kind.
 * @ch: Filled in.
 * @id: Number that tells it from this process' other queues.
 */
void chan_open(const struct backend *be, struct chan *ch, unsigned int id)
{
	memset(ch, 0, sizeof(*ch));
	be->create(ch, id);
	if (be->attach)
		be->attach(ch);
}

/**
 * chan_close() - undo chan_open()
 * @be: The queue's kind.
 * @ch: The queue.
 */
void chan_close(const struct backend *be, struct chan *ch)
{
	if (be->detach)
		be->detach(ch);
	be->destroy(ch);
}

/**
 * send_one() - send, or end the process
 * @be: The queue's kind.
 * @ch: The queue.
 * @size: Bytes to send.
 */
void send_one(const struct backend *be, struct chan *ch, size_t size)
{
	if (be->send(ch, send_buf, size) != (ssize_t)size)
		err(1, "%s: send", be->name);
}

/**
 * recv_one() - receive, or end the process
 * @be: The queue's kind.
 * @ch: The queue.
 * @size: Bytes that must come.
 */
void recv_one(const struct backend *be, struct chan *ch, size_t size)
{
	if (be->recv(ch, recv_buf, size) != (ssize_t)size)
		err(1, "%s: receive", be->name);
}

/**
 * pin_to_cpu() - run on one processor only
 * @cpu: Its number; ignored in the single-processor comparison.
 */
void pin_to_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(use_two_cpus ? cpu : 0, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "sched_setaffinity");
}

/**
 * raise_nofile() - make room for descriptors
 * @n: How many.
 *
 * Grows the descriptor table at once too, so that its memory and the time of
 * its growth are not taken for the queues'.
 */
void raise_nofile(unsigned int n)
{
	struct rlimit rl = { .rlim_cur = n + 64, .rlim_max = n + 64 };

	if (setrlimit(RLIMIT_NOFILE, &rl))
		err(1, "setrlimit");
	if (dup2(0, n + 32) < 0 || close(n + 32))
		err(1, "growing the descriptor table");
}

/**
 * read_file() - read a small text file, or end the process
 * @path: Which.
 * @buf: Filled in, ended by a NUL.
 * @size: Bytes at @buf.
 */
void read_file(const char *path, char *buf, size_t size)
{
	size_t done = 0;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	while ((n = read(fd, buf + done, size - 1 - done)) > 0)
		done += n;
	if (n < 0)
		err(1, "%s", path);
	buf[done] = '\0';
	close(fd);
}

/**
 * write_file() - write a kernel setting, or end the process
 * @path: Which.
 * @text: What.
 */
void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}
