/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine that hears another one, and the packets of selftests/vectors: what
 * the suites that send packets of their own making share.
 */
#ifndef _REMOTE_PACKETS_H
#define _REMOTE_PACKETS_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <strings.h>

#include "mailslot_test.h"

#define PACKET_MAX	2048
#define VECTORS_MAX	128

/* Offsets in a packet whose names have no scope. */
#define DEST		48
#define SMB		82
#define DATA_COUNT	(SMB + 55)
#define DATA_OFFSET	(SMB + 57)
#define PATH		(SMB + 69)

struct vector {
	char expect[16];
	char label[128];
	size_t len;
	uint8_t packet[PACKET_MAX];
};

static struct vector vectors[VECTORS_MAX];
static int vector_count;

/* Columns with a tab between; the packet is the last one. */
static inline void add_vector(char *line, bool samba)
{
	struct vector *vector = &vectors[vector_count];
	char *hex = strrchr(line, '\t');
	char *field = strsep(&line, "\t");

	if (!hex || field[0] == '#' || !strcmp(field, "expect"))
		return;
	hex++;
	snprintf(vector->expect, sizeof(vector->expect), "%s",
		 samba ? "deliver" : field);
	field = strsep(&line, "\t");
	snprintf(vector->label, sizeof(vector->label), "%s %s",
		 samba ? "samba frame" : line, field);
	vector->label[strcspn(vector->label, "\t")] = '\0';
	for (vector->len = 0; sscanf(hex, "%2hhx", &vector->packet[vector->len])
			      == 1; hex += 2)
		vector->len++;
	vector_count++;
}

static inline void load_vectors(const char *name)
{
	static char line[2 * PACKET_MAX + 512];
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/selftests/vectors/%s.tsv",
		 getenv("MAILSLOT_TOP") ?: ".", name);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		add_vector(line, !strcmp(name, "samba"));
	}
	if (file)
		fclose(file);
}

struct counters {
	long received;
	long delivered;
	long bytes;
	long fates;
};

/* Of the network namespace that we are in. */
static inline struct counters get_counters(void)
{
	struct counters now = {};
	char line[256], name[64];
	long value;
	FILE *file = fopen("/proc/self/net/mailslot", "re");

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "counter remote_%63s %ld", name, &value) != 2)
			continue;
		if (!strcmp(name, "received"))
			now.received = value;
		else if (!strcmp(name, "bytes"))
			now.bytes = value;
		else if (strcmp(name, "sent"))
			now.fates += value;
		if (!strcmp(name, "delivered"))
			now.delivered = value;
	}
	if (file)
		fclose(file);
	return now;
}

static inline int run(const char *format, ...)
{
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	return system(command);
}

/* A process that keeps the network namespace it was born in. */
static inline pid_t keep_netns(void)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return pid;
}

/* A server that accepts all mail and never waits. */
static inline int serve(const char *name)
{
	struct mailslot_ioctl_create args = {
		.name = (uintptr_t)name,
		.flags = MAILSLOT_ACCEPT_REMOTE | MAILSLOT_ACCEPT_BROADCAST,
		.open_flags = O_CLOEXEC,
	};

	return slot_create_with(&args);
}

/* A sender in a machine of its own; we are the other machine. */
FIXTURE(machine) {
	pid_t sender;
	int sock;
	struct sockaddr_in to;
};

FIXTURE_SETUP(machine)
{
	load_vectors("good");
	load_vectors("bad");
	load_vectors("samba");
	ASSERT_OK(enter_netns());
	self->sender = keep_netns();
	self->sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ASSERT_OK(self->sock);
	ASSERT_OK(enter_netns());
	run("modprobe veth 2>/dev/null");
	if (run("ip link add v type veth peer name v netns %d", self->sender))
		SKIP(return, "no virtual network cables here");
	ASSERT_EQ(0, run("ip link set lo up; ip link set v up"));
	ASSERT_EQ(0, run("ip addr add 10.77.0.2/24 brd + dev v"));
	ASSERT_EQ(0, run("nsenter -t %d -n ip link set v up", self->sender));
	ASSERT_EQ(0, run("nsenter -t %d -n ip addr add 10.77.0.1/24 dev v",
			 self->sender));
	ASSERT_OK(mount_slots("mnt", "remote=on,rate=0,large"));
	self->to.sin_family = AF_INET;
	self->to.sin_port = htons(138);
	self->to.sin_addr.s_addr = inet_addr("10.77.0.2");
}

FIXTURE_TEARDOWN(machine)
{
	kill(self->sender, SIGKILL);
}

static inline bool sends(int sock, const struct sockaddr_in *to,
			 const void *packet, size_t len)
{
	return sendto(sock, packet, len, 0, (const void *)to, sizeof(*to)) ==
	       (ssize_t)len;
}

/* The host that the packet is for, as text, with its suffix; false for none. */
static inline bool dest_of(const struct vector *vector, char *name, int *suffix)
{
	const uint8_t *from = vector->packet + DEST;
	uint8_t byte = 0;
	int i;

	if (vector->len < SMB)
		return false;
	for (i = 0; i < 16; i++) {
		byte = (from[1 + 2 * i] - 'A') << 4 |
		       ((from[2 + 2 * i] - 'A') & 0xf);
		if (i < 15)
			name[i] = byte;
	}
	*suffix = byte;
	for (i = 15; i && name[i - 1] == ' '; i--)
		;
	name[i] = '\0';
	return i && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
	       (size_t)i && name[0] != '_';
}

/* Become the host that the packet is for; false if nobody can be that. */
static inline bool become_dest(const struct vector *vector)
{
	char name[16], options[64];
	int suffix;

	if (!dest_of(vector, name, &suffix))
		return vector->len > SMB &&
		       !memcmp(vector->packet + DEST + 1, "CKAAAA", 6);
	snprintf(options, sizeof(options), "netbios=%s,names=%02x", name,
		 suffix);
	return !mount("mailslot", "mnt", "mailslot", MS_REMOUNT, options);
}

/* A server for the slot that the packet names, if it names one. */
static inline int serve_path(const struct vector *vector)
{
	char path[PACKET_MAX + 1] = "";

	if (vector->len > PATH + 10)
		memcpy(path, vector->packet + PATH, vector->len - PATH);
	if (strncasecmp(path, "\\MAILSLOT\\", 10))
		return -1;
	return serve(path + 10);
}

#endif /* _REMOTE_PACKETS_H */
