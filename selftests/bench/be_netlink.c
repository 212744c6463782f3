// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink multicast between user sockets: every receiver joins one group,
 * which takes CAP_NET_ADMIN.
 */
#include <err.h>
#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

#define GROUP	1

static int netlink_socket(unsigned int groups)
{
	struct sockaddr_nl sa = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK);

	sa.nl_groups = groups;
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)))
		err(1, "netlink socket");
	return fd;
}

static void netlink_create(struct chan *ch, unsigned int id)
{
	(void)id;
	ch->wr = -1;
	ch->rd = netlink_socket(GROUP);
}

static void netlink_attach(struct chan *ch)
{
	ch->wr = netlink_socket(0);
}

static void netlink_detach(struct chan *ch)
{
	close(ch->wr);
}

static void netlink_destroy(struct chan *ch)
{
	close(ch->rd);
}

static ssize_t netlink_send(struct chan *ch, void *buf, size_t len)
{
	static const struct sockaddr_nl sa = {
		.nl_family = AF_NETLINK, .nl_groups = GROUP,
	};
	ssize_t n = sendto(ch->wr, buf, len, 0, (const struct sockaddr *)&sa,
			   sizeof(sa));

	/*
	 * After the group, the kernel looks for a receiver with port 0, which
	 * is itself, and says that it does not listen to this family.
	 */
	return n < 0 && errno == ECONNREFUSED ? (ssize_t)len : n;
}

static ssize_t netlink_recv(struct chan *ch, void *buf, size_t len)
{
	return recv(ch->rd, buf, len, 0);
}

static int netlink_send_many(struct chan *ch, int n, void *buf, size_t len)
{
	return netlink_send(ch, buf, len) == (ssize_t)len ? n : -1;
}

const struct backend be_netlink = {
	.name = "netlink",
	.max_size = BENCH_MAX_SIZE,
	.flags = B_POLL | B_GROUP | B_ROOT,
	.create = netlink_create,
	.attach = netlink_attach,
	.detach = netlink_detach,
	.destroy = netlink_destroy,
	.send = netlink_send,
	.recv = netlink_recv,
	.send_many = netlink_send_many,
};
