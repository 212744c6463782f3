// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pipes in packet mode. A message larger than a page is split, so 4,096 bytes
 * is the end of it; and a packet needs a page of its own, however short.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <unistd.h>

#include "bench.h"

static void pipe_create(struct chan *ch, unsigned int id)
{
	int fd[2];

	(void)id;
	if (pipe2(fd, O_DIRECT | O_CLOEXEC))
		err(1, "pipe2");
	ch->rd = fd[0];
	ch->wr = fd[1];
}

static void pipe_destroy(struct chan *ch)
{
	close(ch->wr);
	close(ch->rd);
}

static ssize_t pipe_send(struct chan *ch, void *buf, size_t len)
{
	return write(ch->wr, buf, len);
}

static ssize_t pipe_recv(struct chan *ch, void *buf, size_t len)
{
	return read(ch->rd, buf, len);
}

const struct backend be_pipe = {
	.name = "pipe",
	.max_size = 4096,
	.max_depth = 16,
	.flags = B_POLL | B_RELIABLE | B_MEMORY,
	.create = pipe_create,
	.destroy = pipe_destroy,
	.send = pipe_send,
	.recv = pipe_recv,
};
