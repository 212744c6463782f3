// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V message queues. The eight bytes before the payload are the message
 * type.
 */
#include <err.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include "bench.h"

static void sysv_create(struct chan *ch, unsigned int id)
{
	(void)id;
	ch->rd = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	if (ch->rd < 0)
		err(1, "msgget");
	ch->wr = ch->rd;
}

static void sysv_destroy(struct chan *ch)
{
	msgctl(ch->rd, IPC_RMID, NULL);
}

static ssize_t sysv_send(struct chan *ch, void *buf, size_t len)
{
	long *msg = (long *)buf - 1;

	*msg = 1;
	return msgsnd(ch->wr, msg, len, 0) ? -1 : (ssize_t)len;
}

static ssize_t sysv_recv(struct chan *ch, void *buf, size_t len)
{
	return msgrcv(ch->rd, (long *)buf - 1, len, 0, 0);
}

const struct backend be_sysv = {
	.name = "sysv",
	.max_size = BENCH_MAX_SIZE,
	.flags = B_RELIABLE | B_MEMORY,
	.create = sysv_create,
	.destroy = sysv_destroy,
	.send = sysv_send,
	.recv = sysv_recv,
};
