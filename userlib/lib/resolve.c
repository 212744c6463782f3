// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From the name of a host to its address. The kernel sends to addresses and to
 * everybody; who has a name is found out here, before it is asked to. Nothing
 * is remembered: whoever could forge one answer would be believed for longer.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "internal.h"
#include "resolve.h"

/* In any locale. */
static int is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/*
 * A name that the system's resolver may be asked for. It would take 0x7f000001
 * for an address, too.
 */
static int is_dns_name(const char *host)
{
	struct in_addr unused;
	int letters = 0;
	const char *c;

	for (c = host; *c; c++) {
		if (!strchr("0123456789-_.", *c) && !is_letter(*c))
			return 0;
		letters += is_letter(*c);
	}
	return letters && !strchr("-.", *host) && !inet_aton(host, &unused);
}

/* A.B.C.D or NAME@A.B.C.D, and perhaps :port behind it. */
static int says_address(const char *host, struct in_addr *address)
{
	const char *at = strchr(host, '@');
	char text[INET_ADDRSTRLEN];
	size_t len;

	at = at ? at + 1 : host;
	len = strcspn(at, ":");
	if (len >= sizeof(text))
		return 0;
	memcpy(text, at, len);
	text[len] = '\0';
	return inet_pton(AF_INET, text, address) == 1;
}

/* Digits and periods are meant as an address, also when it is none. */
static int is_slip(const char *host)
{
	return strchr(host, '.') && !host[strspn(host, "0123456789.")];
}

/* The kernel knows whom these names mean. */
static int knows_kernel(const char *host, struct mailslot_host *answer)
{
	uint8_t name[NETBIOS_LEN];
	int own;

	if (says_address(host, &answer->address) || is_slip(host))
		return 1;
	answer->group = host[0] == '*';
	if (answer->group)
		return 1;
	if (mailslot_netbios_name(host, strlen(host), name) < 0)
		return !is_dns_name(host);
	own = mailslot_own_name(name);
	answer->group = own == OWN_WORKGROUP;
	if (own == OWN_HOST || !strcasecmp(host, "localhost"))
		answer->address.s_addr = htonl(INADDR_LOOPBACK);
	return answer->group || answer->address.s_addr;
}

static int ask_system(const char *host, struct in_addr *address)
{
	const struct addrinfo hints = {
		.ai_family = AF_INET,
		.ai_socktype = SOCK_DGRAM,
	};
	struct addrinfo *found;

	if (!is_dns_name(host) || getaddrinfo(host, NULL, &hints, &found))
		return -1;
	*address = ((struct sockaddr_in *)found->ai_addr)->sin_addr;
	freeaddrinfo(found);
	return 0;
}

/*
 * Whoever gives a suffix means a NetBIOS name and not a computer: no DNS has
 * it, and what is not in lmhosts is broadcast, as Samba does.
 */
static int search(const char *host, struct mailslot_host *answer)
{
	uint8_t name[NETBIOS_LEN];
	int kind = mailslot_netbios_name(host, strlen(host), name);

	answer->source = MAILSLOT_FROM_LMHOSTS;
	if (kind >= 0 && !mailslot_lmhosts(name, &answer->address))
		return 0;
	if (kind == 1) {
		answer->source = MAILSLOT_FROM_NAME;
		answer->group = 1;
		return 0;
	}
	answer->source = MAILSLOT_FROM_SYSTEM;
	if (!ask_system(host, &answer->address))
		return 0;
	answer->source = MAILSLOT_FROM_NETWORK;
	if (kind == 0 && !mailslot_ask_network(name, answer))
		return 0;
	errno = EHOSTUNREACH;
	return -1;
}

/**
 * mailslot_resolve() - find out where a host is
 * @host: What may stand behind the ``\\`` of a remote name.
 * @answer: Where it is.
 *
 * Return: 0; or -1 and errno: EHOSTUNREACH (nobody knows), EINVAL (nobody can
 * have that name).
 */
int mailslot_resolve(const char *host, struct mailslot_host *answer)
{
	memset(answer, 0, sizeof(*answer));
	if (!knows_kernel(host, answer))
		return search(host, answer);
	if (answer->group || answer->address.s_addr)
		return 0;
	errno = EINVAL;
	return -1;
}

/*
 * Whether mail can be sent at all is known without asking anybody. The name of
 * everybody is always good, so that what is wrong is the rest.
 */
static int can_send(const char *share)
{
	char everybody[PATH_MAX + 4], path[PATH_MAX];
	int fd;

	snprintf(everybody, sizeof(everybody), "\\\\*%s", share);
	if (mailslot_path(everybody, path))
		return 0;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	close(fd);
	return 1;
}

/*
 * The NetBIOS name that is sent to stays what the caller said, but of a name
 * from DNS it is the first part, as on Windows.
 */
static void make_label(const char *host, const struct mailslot_host *answer,
		       char label[HOST_MAX])
{
	uint8_t name[NETBIOS_LEN];
	size_t len = strlen(host);

	if (answer->source == MAILSLOT_FROM_SYSTEM)
		len = strcspn(host, ".");
	if (answer->source == MAILSLOT_FROM_SYSTEM && len >= NETBIOS_LEN)
		len = NETBIOS_LEN - 1;
	memcpy(label, host, len);
	strcpy(label + len, "@");
	if (mailslot_netbios_name(host, len, name) < 0)
		label[0] = '\0';
}

static int put_address(char *kernel_name, size_t size, const char *host,
		       const char *share, const struct mailslot_host *answer)
{
	char label[HOST_MAX + 1], address[INET_ADDRSTRLEN], whole[PATH_MAX];
	int len;

	make_label(host, answer, label);
	inet_ntop(AF_INET, &answer->address, address, sizeof(address));
	len = snprintf(whole, sizeof(whole), "\\\\%s%s%s", label, address,
		       share);
	if (len >= (int)sizeof(whole) || (size_t)len >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(kernel_name, whole);
	return 0;
}

/**
 * mailslot_resolve_name() - put the address of its host into a remote name
 * @kernel_name: From mailslot_kernel_name(). What the kernel can send to as it
 *	is, and what it would refuse, stays as it is.
 * @size: Bytes that there is room for.
 *
 * Return: 0; or -1 and errno: EHOSTUNREACH (the host is unknown), ENETDOWN
 * (remote mail is switched off), ENAMETOOLONG, and those of open(2).
 */
int mailslot_resolve_name(char *kernel_name, size_t size)
{
	struct mailslot_host answer = { };
	const char *share;
	char host[HOST_MAX];
	size_t len;

	if (strncmp(kernel_name, "\\\\", 2) || !strncmp(kernel_name + 2, ".\\", 2))
		return 0;
	share = strchr(kernel_name + 2, '\\');
	len = share ? share - kernel_name - 2 : 0;
	if (!len || len >= sizeof(host))
		return 0;
	memcpy(host, kernel_name + 2, len);
	host[len] = '\0';
	if (knows_kernel(host, &answer))
		return 0;
	if (!can_send(share) || search(host, &answer))
		return -1;
	return answer.group ? 0 : put_address(kernel_name, size, host, share,
					      &answer);
}
