// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_UNIX datagram and seqpacket socket pairs, by send() and recv(), which
 * take fewer instructions than write() and read().
 */
#define _GNU_SOURCE
#include <err.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

#define BATCH_MAX	64

static void open_pair(struct chan *ch, int type)
{
	int fd[2];

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fd))
		err(1, "socketpair");
	ch->rd = fd[0];
	ch->wr = fd[1];
}

static void dgram_create(struct chan *ch, unsigned int id)
{
	(void)id;
	open_pair(ch, SOCK_DGRAM);
}

static void seqpacket_create(struct chan *ch, unsigned int id)
{
	(void)id;
	open_pair(ch, SOCK_SEQPACKET);
}

static void unix_destroy(struct chan *ch)
{
	close(ch->wr);
	close(ch->rd);
}

static ssize_t unix_send(struct chan *ch, void *buf, size_t len)
{
	return send(ch->wr, buf, len, 0);
}

static ssize_t unix_recv(struct chan *ch, void *buf, size_t len)
{
	return recv(ch->rd, buf, len, 0);
}

static int unix_recv_many(struct chan *ch, int n, size_t size)
{
	static struct mmsghdr msgs[BATCH_MAX];
	static struct iovec iov[BATCH_MAX];

	for (int i = 0; i < n && !msgs[i].msg_hdr.msg_iov; i++) {
		iov[i].iov_base = recv_buf + i * size;
		iov[i].iov_len = size;
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	return recvmmsg(ch->rd, msgs, n, 0, NULL);
}

const struct backend be_dgram = {
	.name = "dgram",
	.max_size = BENCH_MAX_SIZE,
	.flags = B_POLL | B_RELIABLE | B_MEMORY,
	.create = dgram_create,
	.destroy = unix_destroy,
	.send = unix_send,
	.recv = unix_recv,
	.recv_many = unix_recv_many,
};

const struct backend be_seqpacket = {
	.name = "seqpacket",
	.max_size = BENCH_MAX_SIZE,
	.flags = B_POLL | B_RELIABLE,
	.create = seqpacket_create,
	.destroy = unix_destroy,
	.send = unix_send,
	.recv = unix_recv,
	.recv_many = unix_recv_many,
};
