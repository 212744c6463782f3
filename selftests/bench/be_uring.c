// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailslots by io_uring, one request a system call: what a program pays whose
 * loop is made of io_uring anyway. Through the bare interface, as the benchmark
 * is linked statically and has no other use for liburing.
 */
#include <err.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"

#define ENTRIES	4

static struct {
	int fd;
	struct io_uring_sqe *sqes;
	uint32_t *sq_tail, *sq_mask, *sq_array;
	uint32_t *cq_head, *cq_mask;
	struct io_uring_cqe *cqes;
} ring = { .fd = -1 };

static void *map(size_t size, off_t offset)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_POPULATE, ring.fd, offset);

	if (at == MAP_FAILED)
		err(1, "mapping the ring");
	return at;
}

static void open_ring(void)
{
	struct io_uring_params p = { 0 };
	char *sq, *cq;

	ring.fd = syscall(SYS_io_uring_setup, ENTRIES, &p);
	if (ring.fd < 0)
		err(1, "io_uring_setup");
	sq = map(p.sq_off.array + p.sq_entries * sizeof(uint32_t),
		 IORING_OFF_SQ_RING);
	cq = map(p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe),
		 IORING_OFF_CQ_RING);
	ring.sqes = map(p.sq_entries * sizeof(*ring.sqes), IORING_OFF_SQES);
	ring.sq_tail = (uint32_t *)(sq + p.sq_off.tail);
	ring.sq_mask = (uint32_t *)(sq + p.sq_off.ring_mask);
	ring.sq_array = (uint32_t *)(sq + p.sq_off.array);
	ring.cq_head = (uint32_t *)(cq + p.cq_off.head);
	ring.cq_mask = (uint32_t *)(cq + p.cq_off.ring_mask);
	ring.cqes = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
}

/* One request, and its result. */
static ssize_t one(uint8_t opcode, int fd, void *buf, size_t len)
{
	uint32_t tail = *ring.sq_tail, head = *ring.cq_head;
	uint32_t i = tail & *ring.sq_mask;

	ring.sqes[i] = (struct io_uring_sqe) {
		.opcode = opcode,
		.fd = fd,
		.addr = (uintptr_t)buf,
		.len = len,
		.off = -1,
	};
	ring.sq_array[i] = i;
	__atomic_store_n(ring.sq_tail, tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring.fd, 1, 1, IORING_ENTER_GETEVENTS,
		    NULL, 0) != 1)
		return -1;
	__atomic_store_n(ring.cq_head, head + 1, __ATOMIC_RELEASE);
	return ring.cqes[head & *ring.cq_mask].res;
}

static void uring_create(struct chan *ch, unsigned int id)
{
	if (ring.fd < 0)
		open_ring();
	be_mailslot.create(ch, id);
}

static void uring_attach(struct chan *ch)
{
	be_mailslot.attach(ch);
}

static void uring_detach(struct chan *ch)
{
	be_mailslot.detach(ch);
}

static void uring_destroy(struct chan *ch)
{
	be_mailslot.destroy(ch);
}

static ssize_t uring_send(struct chan *ch, void *buf, size_t len)
{
	return one(IORING_OP_WRITE, ch->wr, buf, len);
}

static ssize_t uring_recv(struct chan *ch, void *buf, size_t len)
{
	return one(IORING_OP_READ, ch->rd, buf, len);
}

const struct backend be_mailslot_uring = {
	.name = "mailslot-uring",
	.max_size = 1 << 20,
	.flags = B_PAIR,
	.create = uring_create,
	.attach = uring_attach,
	.detach = uring_detach,
	.destroy = uring_destroy,
	.send = uring_send,
	.recv = uring_recv,
};
