// SPDX-License-Identifier: GPL-2.0-only
/*
 * POSIX message queues, with room for what the cells send.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>

#include "bench.h"

/* mq_receive() wants a buffer of at least the queue's message size. */
#define MSGSIZE	BENCH_MAX_SIZE
/* The deepest cell queues 32 messages. */
#define MAXMSG	32

static void mq_backend_create(struct chan *ch, unsigned int id)
{
	struct mq_attr attr = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };

	chan_name(ch, "", id);
	ch->wr = -1;
	ch->rd = mq_open(ch->name, O_CREAT | O_EXCL | O_RDONLY, 0600, &attr);
	/* Where the limits were not raised, what the system gives by itself. */
	if (ch->rd < 0 && errno == EINVAL)
		ch->rd = mq_open(ch->name, O_CREAT | O_EXCL | O_RDONLY, 0600,
				 NULL);
	if (ch->rd < 0)
		err(1, "mq_open %s", ch->name);
}

static void mq_backend_attach(struct chan *ch)
{
	ch->wr = mq_open(ch->name, O_WRONLY);
	if (ch->wr < 0)
		err(1, "mq_open %s", ch->name);
}

static void mq_backend_detach(struct chan *ch)
{
	mq_close(ch->wr);
}

static void mq_backend_destroy(struct chan *ch)
{
	mq_close(ch->rd);
	mq_unlink(ch->name);
}

static ssize_t mq_backend_send(struct chan *ch, void *buf, size_t len)
{
	return mq_send(ch->wr, buf, len, 0) ? -1 : (ssize_t)len;
}

static ssize_t mq_backend_recv(struct chan *ch, void *buf, size_t len)
{
	(void)len;
	return mq_receive(ch->rd, buf, BENCH_MAX_SIZE, NULL);
}

const struct backend be_mq = {
	.name = "mq",
	.max_size = BENCH_MAX_SIZE,
	.flags = B_POLL | B_RELIABLE | B_NAMED | B_MEMORY,
	.create = mq_backend_create,
	.attach = mq_backend_attach,
	.detach = mq_backend_detach,
	.destroy = mq_backend_destroy,
	.send = mq_backend_send,
	.recv = mq_backend_recv,
};
