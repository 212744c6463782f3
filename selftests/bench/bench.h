/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The benchmark: one table of backends (ways to pass a message on one
 * machine), one table of metrics, and a cell for every sensible pair.
 */
#ifndef _BENCH_H
#define _BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/** BENCH_MAX_SIZE - bytes of the largest message that any cell sends */
#define BENCH_MAX_SIZE	65536

/** BENCH_MAX_FAN - receivers of the widest fan-out */
#define BENCH_MAX_FAN	64

/**
 * struct chan - one queue, as a backend opened it
 * @rd: Descriptor (or SysV identifier) that messages are received from.
 * @wr: Descriptor (or SysV identifier) that they are sent to, or -1.
 * @name: The queue's name, for backends that have names.
 */
struct chan {
	int rd;
	int wr;
	char name[64];
};

/** B_POLL - @rd of a channel works with epoll */
#define B_POLL		0x1U
/** B_RELIABLE - a full queue makes the sender wait and loses nothing */
#define B_RELIABLE	0x2U
/** B_NAMED - attach() looks a name up among those that create() made */
#define B_NAMED		0x4U
/** B_GROUP - one send on the first channel reaches all channels there are */
#define B_GROUP		0x8U
/** B_FLOOR - not a queue: the cost of two system calls, sizes apart */
#define B_FLOOR		0x10U
/** B_ROOT - nobody else may receive from it */
#define B_ROOT		0x40U
/** B_CREATE - a second way to create what another backend measures */
#define B_CREATE	0x80U
/** B_PAIR - a second way to use what another backend measures */
#define B_PAIR		0x100U
/** B_MEMORY - memory per queue and per message is measured */
#define B_MEMORY	0x20U

/**
 * struct backend - one way to pass messages
 * @name: Short name, as in the raw output and on the command line.
 * @max_size: Bytes of the largest message it can pass whole.
 * @max_depth: Messages that fit into an untuned queue, 0 for "enough".
 * @flags: B_* flags.
 * @create: Make queue number @id of this process; @ch is zero, or was
 *	in use before. Sets @wr where both ends come from one call, else to -1.
 * @attach: Open the sending end, or NULL when create() gave it.
 * @detach: Close what attach() opened; NULL with @attach.
 * @destroy: Remove the queue, the sending end being closed already.
 * @send: Send one message whole. Eight bytes before @buf belong to the
 *	backend, so that SysV's message type costs no copy.
 * @recv: Receive one message; eight bytes before @buf as for @send.
 * @send_many: Send to channels ch[0..n-1] in one go; NULL is a loop of @send.
 *	Returns how many were reached.
 * @recv_many: Receive exactly @n messages of @size; NULL is a loop of @recv.
 *	Returns how many came.
 *
 * create(), attach() and destroy() end the process on failure: a benchmark
 * that goes on after one measures something else.
 */
struct backend {
	const char *name;
	size_t max_size;
	unsigned int max_depth;
	unsigned int flags;
	void (*create)(struct chan *ch, unsigned int id);
	void (*attach)(struct chan *ch);
	void (*detach)(struct chan *ch);
	void (*destroy)(struct chan *ch);
	ssize_t (*send)(struct chan *ch, void *buf, size_t len);
	ssize_t (*recv)(struct chan *ch, void *buf, size_t len);
	int (*send_many)(struct chan *ch, int n, void *buf, size_t len);
	int (*recv_many)(struct chan *ch, int n, size_t size);
};

extern const struct backend be_getppid;
extern const struct backend be_nullzero;
extern const struct backend be_mq;
extern const struct backend be_sysv;
extern const struct backend be_dgram;
extern const struct backend be_seqpacket;
extern const struct backend be_pipe;
extern const struct backend be_netlink;
extern const struct backend be_udpmc;
extern const struct backend be_mailslot;
extern const struct backend be_mailslot_ioctl;
extern const struct backend be_mailslot_uring;

/** C_SMP - belongs to the two-processor comparison */
#define C_SMP	0x1U
/** C_ROOT - exceeds an ordinary user's quotas; all others are run as one */
#define C_ROOT	0x2U

/**
 * struct cell - one figure to measure
 * @metric: Name of the metric.
 * @size: Bytes of a message.
 * @count: Depth, number of receivers, or number of names: what the metric
 *	varies besides the size.
 * @ops: Operations in one round.
 * @flags: C_* flags.
 * @wants: B_* flags that a backend must have.
 * @run: Measures it and reports one or more figures.
 */
struct cell {
	const char *metric;
	size_t size;
	unsigned int count;
	unsigned int ops;
	unsigned int flags;
	unsigned int wants;
	void (*run)(const struct backend *be, const struct cell *cell);
};

/* cells.c: which cells there are */
extern const struct backend *const backends[];
extern const struct cell cells[];

/* pair.c: one thread does everything */
void run_pair(const struct backend *be, const struct cell *cell);
void run_epoll(const struct backend *be, const struct cell *cell);
void run_fanout(const struct backend *be, const struct cell *cell);
void run_batch(const struct backend *be, const struct cell *cell);

/* procs.c: several processes */
void run_pingpong(const struct backend *be, const struct cell *cell);
void run_stream(const struct backend *be, const struct cell *cell);

/* life.c: queues come and go */
void run_create(const struct backend *be, const struct cell *cell);
void run_names(const struct backend *be, const struct cell *cell);

/* memory.c: room and memory */
void run_memory(const struct backend *be, const struct cell *cell);
void run_room(const struct backend *be, const struct cell *cell);

/* util.c: helpers of them all */
extern bool use_two_cpus;
extern char *const send_buf;
extern char *const recv_buf;

/** SAMPLES_MAX - rounds that one cell may have */
#define SAMPLES_MAX	128

/**
 * struct samples - what the rounds of one cell measured, per operation
 * @n: How many rounds.
 * @ops: Operations of all rounds together.
 * @v: Nanoseconds; under the instruction-counting clock, instructions.
 */
struct samples {
	unsigned int n;
	unsigned long ops;
	double v[SAMPLES_MAX];
};

uint64_t round_begin(void);
void samples_add(struct samples *s, uint64_t start, unsigned int ops);
double samples_median(struct samples *s);
void report(const struct backend *be, const struct cell *cell, double value,
	    unsigned long ops);
void report_line(const char *line);
void report_to_debug_port(void);
void chan_name(struct chan *ch, const char *dir, unsigned int id);
void chan_open(const struct backend *be, struct chan *ch, unsigned int id);
void chan_close(const struct backend *be, struct chan *ch);
void send_one(const struct backend *be, struct chan *ch, size_t size);
void recv_one(const struct backend *be, struct chan *ch, size_t size);
void pin_to_cpu(int cpu);
void raise_nofile(unsigned int n);
void read_file(const char *path, char *buf, size_t size);
void write_file(const char *path, const char *text);

/* init.c: the benchmark as the only program of a machine */
void init_machine(void);
void init_limits(void);
void init_power_off(void);

#endif /* _BENCH_H */
