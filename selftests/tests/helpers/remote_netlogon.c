// SPDX-License-Identifier: GPL-2.0-only
/*
 * remote_netlogon NAME DOMAIN: answers those who look for the domain's primary
 * controller, as the computer NAME. For the tests: it knows one of the requests
 * of the NETLOGON slot ([MS-ADTS] 6.3.1), and uses nothing but libmailslot.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mailslot.h>

#define PRIMARY_QUERY		7
#define PRIMARY_RESPONSE	12

/* NT 4's version, and two tokens that are always the same. */
static const unsigned char version[] = {
	1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
};

struct buffer {
	unsigned char data[512];
	size_t len;
};

static void put(struct buffer *out, const void *data, size_t len)
{
	memcpy(out->data + out->len, data, len);
	out->len += len;
}

/* Two bytes a letter, on an even offset. */
static void put_wide(struct buffer *out, const char *text)
{
	out->len += out->len % 2;
	do {
		out->data[out->len] = *text;
		out->len += 2;
	} while (*text++);
}

static void make_response(struct buffer *out, const char *name,
			  const char *domain)
{
	memset(out, 0, sizeof(*out));
	out->data[0] = PRIMARY_RESPONSE;
	out->len = 2;
	put(out, name, strlen(name) + 1);
	put_wide(out, name);
	put_wide(out, domain);
	put(out, version, sizeof(version));
}

/*
 * The request names the slot that wants the answer; who has it is told by the
 * datagram.
 */
static int answer(const char *slot, const struct mailslot_msg_info *info,
		  const struct buffer *response)
{
	char name[512];
	int fd, failed;

	snprintf(name, sizeof(name), "\\\\%s@%s:%u%s", info->source_name,
		 inet_ntoa(info->address.sin_addr),
		 ntohs(info->address.sin_port), slot);
	fd = mailslot_open(name, O_CLOEXEC);
	if (fd < 0)
		return -1;
	failed = mailslot_write(fd, response->data, response->len) < 0;
	close(fd);
	printf("answered to %s\n", name);
	fflush(stdout);
	return failed ? -1 : 0;
}

/* Its operation, the name of a computer and that of a slot, each with a NUL. */
static const char *slot_of(const char *request, size_t len)
{
	const char *end = request + len, *slot;

	if (len < 4 || request[0] != PRIMARY_QUERY || request[1])
		return NULL;
	slot = memchr(request + 2, '\0', len - 2);
	if (!slot || !memchr(slot + 1, '\0', end - slot - 1))
		return NULL;
	return slot + 1;
}

int main(int argc, char **argv)
{
	struct mailslot_msg_info info;
	struct buffer response;
	const char *slot;
	char request[512];
	ssize_t len;
	int fd;

	if (argc != 3)
		return 2;
	make_response(&response, argv[1], argv[2]);
	fd = mailslot_create("NET\\NETLOGON", sizeof(request),
			     MAILSLOT_WAIT_FOREVER,
			     O_CLOEXEC | MAILSLOT_ACCEPT_REMOTE |
			     MAILSLOT_ACCEPT_BROADCAST, 0);
	while ((len = mailslot_recv(fd, request, sizeof(request), &info, 0)) >=
	       0) {
		slot = slot_of(request, len);
		if (slot && answer(slot, &info, &response))
			perror(slot);
	}
	perror("NET\\NETLOGON");
	return 1;
}
