// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server by io_uring: a read waits in the ring while the program could do
 * other things, together with a timeout, since the mailslot's own does not end
 * a read of io_uring.  Ends with an empty message.
 *
 *	make uring LDLIBS='-lmailslot -luring' && ./uring counter
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdio.h>

#include <mailslot.h>

static char text[4096];

/* A read, and a timeout that is linked to it and cancels it. */
static void submit(struct io_uring *ring, int fd)
{
	static struct __kernel_timespec second = { .tv_sec = 1 };
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_read(sqe, fd, text, sizeof(text), 0);
	io_uring_sqe_set_data(sqe, text);
	sqe->flags |= IOSQE_IO_LINK;
	sqe = io_uring_get_sqe(ring);
	io_uring_prep_link_timeout(sqe, &second, 0);
	io_uring_sqe_set_data(sqe, NULL);
	io_uring_submit(ring);
}

/* The result of the read; that of the timeout tells nothing new. */
static int complete(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;
	int result = 0;
	int i;

	for (i = 0; i < 2; i++) {
		if (io_uring_wait_cqe(ring, &cqe))
			return -1;
		if (io_uring_cqe_get_data(cqe))
			result = cqe->res;
		io_uring_cqe_seen(ring, cqe);
	}
	return result;
}

int main(int argc, char **argv)
{
	struct io_uring ring;
	int size, fd;

	fd = mailslot_create(argc > 1 ? argv[1] : "counter", sizeof(text),
			     MAILSLOT_WAIT_FOREVER, O_CLOEXEC, 0);
	if (fd < 0 || io_uring_queue_init(4, &ring, 0)) {
		perror(argv[0]);
		return 1;
	}
	do {
		submit(&ring, fd);
		size = complete(&ring);
		if (size == -ECANCELED)
			puts("(nothing for a second)");
		else if (size > 0)
			printf("%.*s\n", size, text);
		fflush(stdout);
	} while (size > 0 || size == -ECANCELED);
	io_uring_queue_exit(&ring);
	return size ? 1 : 0;
}
