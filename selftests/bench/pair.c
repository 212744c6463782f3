// SPDX-License-Identifier: GPL-2.0-only
/*
 * Metrics of one thread that does everything: no scheduler in the figures.
 */
#include <err.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench.h"

#define ROUNDS	15

/* @n times: @depth messages in, @depth messages out. */
static void pairs(const struct backend *be, struct chan *ch, size_t size,
		  unsigned int depth, unsigned int n)
{
	for (unsigned int i = 0; i < n; i += depth) {
		for (unsigned int d = 0; d < depth; d++)
			send_one(be, ch, size);
		for (unsigned int d = 0; d < depth; d++)
			recv_one(be, ch, size);
	}
}

/**
 * run_pair() - one send and one receive, cell->count messages deep
 * @be: Of what.
 * @cell: Message size and depth.
 */
void run_pair(const struct backend *be, const struct cell *cell)
{
	struct samples s = { 0 };
	struct chan ch;

	pin_to_cpu(0);
	chan_open(be, &ch, 0);
	pairs(be, &ch, cell->size, cell->count, cell->ops);
	while (s.n < ROUNDS) {
		uint64_t start = round_begin();

		pairs(be, &ch, cell->size, cell->count, cell->ops);
		samples_add(&s, start, cell->ops);
	}
	report(be, cell, samples_median(&s), s.ops);
	chan_close(be, &ch);
}

static void epoll_pairs(const struct backend *be, struct chan *ch, int ep,
			size_t size, unsigned int n)
{
	struct epoll_event ev;

	while (n--) {
		send_one(be, ch, size);
		if (epoll_wait(ep, &ev, 1, -1) != 1)
			err(1, "epoll_wait");
		recv_one(be, ch, size);
	}
}

/**
 * run_epoll() - send, epoll_wait() and receive
 * @be: Of what.
 * @cell: Message size.
 */
void run_epoll(const struct backend *be, const struct cell *cell)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct samples s = { 0 };
	struct chan ch;
	int ep = epoll_create1(EPOLL_CLOEXEC);

	pin_to_cpu(0);
	chan_open(be, &ch, 0);
	if (ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, ch.rd, &ev))
		err(1, "epoll");
	epoll_pairs(be, &ch, ep, cell->size, cell->ops);
	while (s.n < ROUNDS) {
		uint64_t start = round_begin();

		epoll_pairs(be, &ch, ep, cell->size, cell->ops);
		samples_add(&s, start, cell->ops);
	}
	report(be, cell, samples_median(&s), s.ops);
	chan_close(be, &ch);
}

static void fan_send(const struct backend *be, struct chan *ch, int n,
		     size_t size)
{
	if (be->send_many) {
		if (be->send_many(ch, n, send_buf, size) != n)
			err(1, "%s: send to many", be->name);
		return;
	}
	for (int i = 0; i < n; i++)
		send_one(be, &ch[i], size);
}

/**
 * run_fanout() - one message to cell->count receivers, the sending part alone
 * @be: Of what.
 * @cell: Message size and number of receivers.
 *
 * Reports the cost per receiver.
 */
void run_fanout(const struct backend *be, const struct cell *cell)
{
	struct chan ch[BENCH_MAX_FAN] = { 0 };
	unsigned int n = cell->count, ops = cell->ops;
	struct samples s = { 0 };

	pin_to_cpu(0);
	for (unsigned int i = 0; i < n; i++)
		be->create(&ch[i], i);
	for (unsigned int i = 0; be->attach && i < n; i++)
		be->attach(&ch[i]);
	for (unsigned int r = 0; r < ops + 1; r++) {
		uint64_t start = round_begin();

		fan_send(be, ch, n, cell->size);
		/* The first round fills caches and pools. */
		if (r)
			samples_add(&s, start, n);
		for (unsigned int i = 0; i < n; i++)
			recv_one(be, &ch[i], cell->size);
	}
	report(be, cell, samples_median(&s), s.ops);
}

static void batch_recv(const struct backend *be, struct chan *ch, int n,
		       size_t size)
{
	if (be->recv_many) {
		if (be->recv_many(ch, n, size) != n)
			err(1, "%s: receive many", be->name);
		return;
	}
	for (int i = 0; i < n; i++)
		recv_one(be, ch, size);
}

/**
 * run_batch() - receive cell->count queued messages, the receiving part alone
 * @be: Of what.
 * @cell: Message size and number of messages.
 *
 * Reports the cost per message.
 */
void run_batch(const struct backend *be, const struct cell *cell)
{
	unsigned int n = cell->count, ops = cell->ops;
	struct samples s = { 0 };
	struct chan ch;

	pin_to_cpu(0);
	chan_open(be, &ch, 0);
	for (unsigned int r = 0; r < ops + 1; r++) {
		uint64_t start;

		for (unsigned int i = 0; i < n; i++)
			send_one(be, &ch, cell->size);
		start = round_begin();
		batch_recv(be, &ch, n, cell->size);
		if (r)
			samples_add(&s, start, n);
	}
	report(be, cell, samples_median(&s), s.ops);
	chan_close(be, &ch);
}
