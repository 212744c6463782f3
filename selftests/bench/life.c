// SPDX-License-Identifier: GPL-2.0-only
/*
 * Metrics of queues that come and go.
 */
#include <err.h>
#include <stdlib.h>

#include "bench.h"

#define ROUNDS		9
#define NAME_ROUNDS	64

/**
 * run_create() - make a queue and remove it
 * @be: Of what.
 * @cell: How often.
 *
 * A round lasts for several ticks, so that what the kernel puts off (freeing
 * after a grace period) is part of the cost.
 */
void run_create(const struct backend *be, const struct cell *cell)
{
	unsigned int ops = cell->ops;
	struct samples s = { 0 };
	struct chan ch = { 0 };

	pin_to_cpu(0);
	for (unsigned int r = 0; r < ROUNDS; r++) {
		uint64_t start = round_begin();

		for (unsigned int i = 0; i < ops; i++) {
			be->create(&ch, 0);
			be->destroy(&ch);
		}
		/* The first round fills the slabs. */
		if (r)
			samples_add(&s, start, ops);
	}
	report(be, cell, samples_median(&s), s.ops);
}

static void drain(const struct backend *be, struct chan *ch, unsigned int *pick,
		  const struct cell *cell)
{
	for (unsigned int i = 0; i < cell->ops; i++)
		recv_one(be, &ch[pick[i]], cell->size);
}

static void open_send_close(const struct backend *be, struct chan *ch,
			    unsigned int *pick, const struct cell *cell)
{
	for (unsigned int i = 0; i < cell->ops; i++) {
		be->attach(&ch[pick[i]]);
		send_one(be, &ch[pick[i]], cell->size);
		be->detach(&ch[pick[i]]);
	}
}

/* The same names in the same order in every pass and every run. */
static void name_rounds(const struct backend *be, struct chan *ch,
			const struct cell *cell, struct samples *s)
{
	unsigned int *pick = calloc(cell->ops, sizeof(*pick));

	if (!pick)
		err(1, "calloc");
	srandom(1);
	for (unsigned int r = 0; r < NAME_ROUNDS; r++) {
		uint64_t start;

		for (unsigned int i = 0; i < cell->ops; i++)
			pick[i] = random() % cell->count;
		start = round_begin();
		open_send_close(be, ch, pick, cell);
		samples_add(s, start, cell->ops);
		drain(be, ch, pick, cell);
	}
	free(pick);
}

/**
 * run_names() - open by name, write and close, among cell->count queues
 * @be: Of what.
 * @cell: Message size, number of queues.
 *
 * Every round takes other names, so that long hash chains and short ones
 * have their part. The first pass is not counted: it is about the look-up, not
 * about a queue's first message.
 */
void run_names(const struct backend *be, const struct cell *cell)
{
	struct chan *ch = calloc(cell->count, sizeof(*ch));
	struct samples warm_up = { 0 }, s = { 0 };

	if (!ch)
		err(1, "calloc");
	pin_to_cpu(0);
	raise_nofile(cell->count + 64);
	for (unsigned int i = 0; i < cell->count; i++)
		be->create(&ch[i], i);
	name_rounds(be, ch, cell, &warm_up);
	name_rounds(be, ch, cell, &s);
	report(be, cell, samples_median(&s), s.ops);
	for (unsigned int i = 0; i < cell->count; i++)
		be->destroy(&ch[i]);
}
