// SPDX-License-Identifier: GPL-2.0-only
/*
 * A qemu plugin that counts every guest instruction by its kernel address,
 * between the benchmark's markers: "xchg %bx, %bx" begins, "xchg %cx, %cx"
 * ends. One processor; qemu 7.2's plugin interface, version 1.
 *
 * Debian ships no header for plugins, so what we use of it is declared here.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define EXPORT __attribute__((visibility("default")))

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info;

typedef uint64_t plugin_id;

enum { PLUGIN_CB_NO_REGS = 0, PLUGIN_INLINE_ADD_U64 = 0 };

typedef void (*tb_callback)(plugin_id id, struct qemu_plugin_tb *tb);
typedef void (*exit_callback)(plugin_id id, void *data);
typedef void (*cpu_callback)(unsigned int cpu, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, tb_callback cb);
void qemu_plugin_register_atexit_cb(plugin_id id, exit_callback cb, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						int op, void *ptr,
						uint64_t value);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    cpu_callback cb, int flags,
					    void *data);

EXPORT int qemu_plugin_version = 1;

/* Where the kernel and its modules are, without address randomization. */
struct region {
	uint64_t base;
	uint64_t bytes;
	uint64_t *count;
	uint64_t *before;
	uint64_t *sum;
	uint64_t first;
	uint64_t last;
};

static struct region regions[] = {
	{ .base = 0xffffffff81000000, .bytes = 64 << 20 },
	{ .base = 0xffffffffc0000000, .bytes = 32 << 20 },
	/* Two words for all the rest: user space, and kernel elsewhere. */
	{ .base = 0, .bytes = 2 },
};

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define N_REGIONS	ARRAY_SIZE(regions)

static const char *out = "profile.out";
static bool counting;

static uint64_t *table(uint64_t n)
{
	void *p = mmap(NULL, n * sizeof(uint64_t), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED) {
		perror("count.so");
		exit(1);
	}
	return p;
}

static void begin(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	for (struct region *r = regions; r < regions + N_REGIONS; r++)
		if (r->last)
			memcpy(r->before + r->first, r->count + r->first,
			       (r->last - r->first) * sizeof(uint64_t));
	counting = true;
}

static void end(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (!counting)
		return;
	for (struct region *r = regions; r < regions + N_REGIONS; r++)
		for (uint64_t i = r->first; i < r->last; i++)
			r->sum[i] += r->count[i] - r->before[i];
	counting = false;
}

static uint64_t *counter(uint64_t address)
{
	struct region *r;
	uint64_t i;

	for (r = regions; r->base && address - r->base >= r->bytes; r++)
		;
	i = r->base ? address - r->base : address >> 63;
	if (!r->last || i < r->first)
		r->first = i;
	if (i >= r->last)
		r->last = i + 1;
	return &r->count[i];
}

static void add_marker(struct qemu_plugin_insn *insn)
{
	static const uint8_t start[] = { 0x66, 0x87, 0xdb };
	static const uint8_t stop[] = { 0x66, 0x87, 0xc9 };
	const void *code = qemu_plugin_insn_data(insn);

	if (qemu_plugin_insn_size(insn) != sizeof(start))
		return;
	if (!memcmp(code, start, sizeof(start)))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, begin,
						       PLUGIN_CB_NO_REGS, NULL);
	else if (!memcmp(code, stop, sizeof(stop)))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, end,
						       PLUGIN_CB_NO_REGS, NULL);
}

static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);

		qemu_plugin_register_vcpu_insn_exec_inline(insn,
							   PLUGIN_INLINE_ADD_U64,
							   counter(address), 1);
		if (!(address >> 63))
			add_marker(insn);
	}
}

static void write_counts(plugin_id id, void *data)
{
	FILE *f = fopen(out, "w");

	(void)id;
	(void)data;
	if (!f) {
		perror(out);
		return;
	}
	for (struct region *r = regions; r < regions + N_REGIONS; r++)
		for (uint64_t i = r->first; r->base && i < r->last; i++)
			if (r->sum[i])
				fprintf(f, "%lx %lu\n", r->base + i, r->sum[i]);
	fprintf(f, "user %lu\nelsewhere %lu\n", regions[N_REGIONS - 1].sum[0],
		regions[N_REGIONS - 1].sum[1]);
	fclose(f);
}

/**
 * qemu_plugin_install() - called by qemu
 * @id: Ours.
 * @info: Of the machine; not used.
 * @argc: How many.
 * @argv: "out=FILE".
 *
 * Return: 0.
 */
EXPORT int qemu_plugin_install(plugin_id id, const struct qemu_info *info,
			       int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			out = strdup(argv[i] + 4);
	for (struct region *r = regions; r < regions + N_REGIONS; r++) {
		r->count = table(r->bytes);
		r->before = table(r->bytes);
		r->sum = table(r->bytes);
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, write_counts, NULL);
	return 0;
}
