// SPDX-License-Identifier: LGPL-2.1-or-later
/* A NetBIOS name is asked for on every network that this machine is on. */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "resolve.h"

#define NBNS_PORT	137

/* RFC 1002 6: BCAST_REQ_RETRY_COUNT and BCAST_REQ_RETRY_TIMEOUT. */
#define TRIES		3
#define TRY_MS		250

/* RFC 1002 4.2: no packet of the name service is longer. */
#define PACKET_MAX	576

/**
 * struct query - what we ask, and how
 * @sock: The socket.
 * @networks: The networks we are on.
 * @id: Number of the query.
 * @name: What is asked for.
 */
struct query {
	int sock;
	struct ifaddrs *networks;
	uint16_t id;
	const uint8_t *name;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static in_addr_t address_of(const struct sockaddr *address)
{
	return ((const struct sockaddr_in *)address)->sin_addr.s_addr;
}

static int is_network(const struct ifaddrs *network)
{
	return network->ifa_addr && network->ifa_addr->sa_family == AF_INET &&
	       network->ifa_netmask && network->ifa_broadaddr &&
	       (network->ifa_flags & IFF_UP) &&
	       (network->ifa_flags & IFF_BROADCAST);
}

static void ask(const struct query *query)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(NBNS_PORT),
	};
	const struct ifaddrs *network;
	uint8_t packet[NBNS_QUERY_LEN];

	mailslot_nbns_query(packet, query->id, query->name);
	for (network = query->networks; network; network = network->ifa_next) {
		if (!is_network(network))
			continue;
		to.sin_addr.s_addr = address_of(network->ifa_broadaddr);
		/* One that is lost is asked for again. */
		sendto(query->sock, packet, sizeof(packet), MSG_DONTWAIT,
		       (struct sockaddr *)&to, sizeof(to));
	}
}

/* Only hosts that could hear us answer, and only their name service. */
static int is_neighbour(const struct query *query,
			const struct sockaddr_in *from)
{
	const struct ifaddrs *network;
	in_addr_t mask;

	if (from->sin_family != AF_INET || from->sin_port != htons(NBNS_PORT))
		return 0;
	for (network = query->networks; network; network = network->ifa_next) {
		if (!is_network(network))
			continue;
		mask = address_of(network->ifa_netmask);
		if (!((from->sin_addr.s_addr ^ address_of(network->ifa_addr)) &
		      mask))
			return 1;
	}
	return 0;
}

static int hear(const struct query *query, struct mailslot_host *host)
{
	struct sockaddr_in from = { };
	socklen_t from_len = sizeof(from);
	uint8_t packet[PACKET_MAX];
	ssize_t len;

	len = recvfrom(query->sock, packet, sizeof(packet), MSG_DONTWAIT,
		       (struct sockaddr *)&from, &from_len);
	if (len < 0 || !is_neighbour(query, &from))
		return -1;
	return mailslot_nbns_answer(packet, len, query->id, query->name,
				    from.sin_addr, host);
}

/* However much comes that is no answer, the time ends. */
static int wait_for_answer(const struct query *query,
			   struct mailslot_host *host)
{
	struct pollfd pollfd = { .fd = query->sock, .events = POLLIN };
	int64_t end = now_ms() + TRY_MS;
	int64_t left;

	while ((left = end - now_ms()) > 0)
		if (poll(&pollfd, 1, left) > 0 && !hear(query, host))
			return 0;
	return -1;
}

static int ask_and_wait(struct query *query, struct mailslot_host *host)
{
	int i;

	if (getrandom(&query->id, sizeof(query->id), 0) < 0 ||
	    getifaddrs(&query->networks))
		return -1;
	for (i = 0; i < TRIES; i++) {
		ask(query);
		if (!wait_for_answer(query, host))
			break;
	}
	freeifaddrs(query->networks);
	return i < TRIES ? 0 : -1;
}

/**
 * mailslot_ask_network() - find the owner of a NetBIOS name by broadcast
 * @name: The name, suffix last.
 * @host: Answer: its address, or that it is a group; unchanged on failure.
 *
 * It takes three quarters of a second when nobody answers.
 *
 * Return: 0, or -1 if nobody has that name.
 */
int mailslot_ask_network(const uint8_t name[NETBIOS_LEN],
			 struct mailslot_host *host)
{
	struct query query = { .name = name };
	const int on = 1;
	int ret = -1;

	query.sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (query.sock < 0)
		return -1;
	if (!setsockopt(query.sock, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)))
		ret = ask_and_wait(&query, host);
	close(query.sock);
	return ret;
}
