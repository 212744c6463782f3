// SPDX-License-Identifier: GPL-2.0-only
/*
 * UDP multicast over the loopback interface.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

#define PORT	5138

static struct sockaddr_in group_address(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };

	sa.sin_port = htons(PORT);
	sa.sin_addr.s_addr = inet_addr("239.7.7.7");
	return sa;
}

static void udpmc_create(struct chan *ch, unsigned int id)
{
	struct sockaddr_in sa = group_address();
	struct ip_mreq mreq = { .imr_multiaddr = sa.sin_addr };
	int on = 1;

	(void)id;
	ch->wr = -1;
	mreq.imr_interface.s_addr = htonl(INADDR_LOOPBACK);
	ch->rd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (ch->rd < 0 ||
	    setsockopt(ch->rd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(ch->rd, (struct sockaddr *)&sa, sizeof(sa)) ||
	    setsockopt(ch->rd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq,
		       sizeof(mreq)))
		err(1, "udp receiver");
}

static void udpmc_attach(struct chan *ch)
{
	struct sockaddr_in sa = group_address();
	struct in_addr lo = { .s_addr = htonl(INADDR_LOOPBACK) };

	ch->wr = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (ch->wr < 0 ||
	    setsockopt(ch->wr, IPPROTO_IP, IP_MULTICAST_IF, &lo, sizeof(lo)) ||
	    connect(ch->wr, (struct sockaddr *)&sa, sizeof(sa)))
		err(1, "udp sender");
}

static void udpmc_detach(struct chan *ch)
{
	close(ch->wr);
}

static void udpmc_destroy(struct chan *ch)
{
	close(ch->rd);
}

static ssize_t udpmc_send(struct chan *ch, void *buf, size_t len)
{
	return send(ch->wr, buf, len, 0);
}

static ssize_t udpmc_recv(struct chan *ch, void *buf, size_t len)
{
	return recv(ch->rd, buf, len, 0);
}

static int udpmc_send_many(struct chan *ch, int n, void *buf, size_t len)
{
	return send(ch->wr, buf, len, 0) == (ssize_t)len ? n : -1;
}

const struct backend be_udpmc = {
	.name = "udpmc",
	.max_size = 65507,
	.flags = B_POLL | B_GROUP,
	.create = udpmc_create,
	.attach = udpmc_attach,
	.detach = udpmc_detach,
	.destroy = udpmc_destroy,
	.send = udpmc_send,
	.recv = udpmc_recv,
	.send_many = udpmc_send_many,
};
