// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailslots, by open(), read() and write() of files in the mount, as a program
 * without the library uses them; and created by the ioctl, as the library does.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/mailslot.h>

#include "bench.h"

#define ROOT	"/dev/mailslot"

static void mailslot_create(struct chan *ch, unsigned int id)
{
	chan_name(ch, ROOT, id);
	ch->wr = -1;
	ch->rd = open(ch->name, O_CREAT | O_EXCL | O_RDWR, 0600);
	if (ch->rd < 0)
		err(1, "creating %s", ch->name);
}

static void mailslot_attach(struct chan *ch)
{
	ch->wr = open(ch->name, O_WRONLY);
	if (ch->wr < 0)
		err(1, "opening %s", ch->name);
}

static void mailslot_detach(struct chan *ch)
{
	close(ch->wr);
}

static void mailslot_destroy(struct chan *ch)
{
	close(ch->rd);
}

/* Writing to a slot never waits, so waiting for room is the sender's work. */
static ssize_t send_when_room(struct chan *ch, void *buf, size_t len)
{
	struct pollfd pfd = { .fd = ch->wr, .events = POLLOUT };
	ssize_t n;

	do {
		if (poll(&pfd, 1, -1) < 0)
			return -1;
		n = write(ch->wr, buf, len);
	} while (n < 0 && errno == ENOBUFS);
	return n;
}

static ssize_t mailslot_send(struct chan *ch, void *buf, size_t len)
{
	ssize_t n = write(ch->wr, buf, len);

	if (n < 0 && errno == ENOBUFS)
		return send_when_room(ch, buf, len);
	return n;
}

static ssize_t mailslot_recv(struct chan *ch, void *buf, size_t len)
{
	return read(ch->rd, buf, len);
}

/* Nobody has waited yet, so each message is one of those that are there. */
static int mailslot_recv_many(struct chan *ch, int n, size_t size)
{
	static struct mailslot_ioctl_recv msgs[BENCH_MAX_FAN];
	static char bufs[BENCH_MAX_FAN][BENCH_MAX_SIZE];
	struct mailslot_ioctl_recv_many many = {
		.msgs = (uintptr_t)msgs,
		.count = n,
		.msg_size = sizeof(msgs[0]),
	};
	int i;

	for (i = 0; i < n; i++) {
		msgs[i].buf = (uintptr_t)bufs[i];
		msgs[i].len = size;
	}
	return ioctl(ch->rd, MAILSLOT_IOC_RECV_MANY, &many);
}

static int mailslot_send_many(struct chan *ch, int n, void *buf, size_t len)
{
	struct mailslot_ioctl_target targets[BENCH_MAX_FAN];
	struct mailslot_ioctl_send_many many = {
		.buf = (uintptr_t)buf,
		.targets = (uintptr_t)targets,
		.len = len,
		.count = n,
	};
	int i;

	for (i = 0; i < n; i++)
		targets[i].fd = ch[i].wr;
	return ioctl(ch->wr, MAILSLOT_IOC_SEND_MANY, &many);
}

const struct backend be_mailslot = {
	.name = "mailslot",
	.max_size = 1 << 20,
	.flags = B_POLL | B_RELIABLE | B_NAMED | B_MEMORY,
	.create = mailslot_create,
	.attach = mailslot_attach,
	.detach = mailslot_detach,
	.destroy = mailslot_destroy,
	.send = mailslot_send,
	.recv = mailslot_recv,
	.send_many = mailslot_send_many,
	.recv_many = mailslot_recv_many,
};

/* The directory is opened once, as by a program that creates many slots. */
static void ioctl_create(struct chan *ch, unsigned int id)
{
	struct mailslot_ioctl_create args = {
		.read_timeout_ms = MAILSLOT_WAIT_FOREVER,
		.mode = 0600,
	};
	static int root = -1;

	if (root < 0)
		root = open(ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	chan_name(ch, ROOT, id);
	args.name = (uintptr_t)ch->name + strlen(ROOT "/");
	ch->wr = -1;
	ch->rd = ioctl(root, MAILSLOT_IOC_CREATE, &args);
	if (ch->rd < 0)
		err(1, "creating %s", ch->name);
}

const struct backend be_mailslot_ioctl = {
	.name = "mailslot-ioctl",
	.max_size = 1 << 20,
	.flags = B_CREATE,
	.create = ioctl_create,
	.destroy = mailslot_destroy,
};
