// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two tables: what is measured, and of whom.
 */
#include "bench.h"

const struct backend *const backends[] = {
	&be_mailslot,
	&be_mailslot_ioctl,
	&be_mailslot_uring,
	&be_mq,
	&be_sysv,
	&be_pipe,
	&be_dgram,
	&be_seqpacket,
	&be_netlink,
	&be_udpmc,
	&be_nullzero,
	&be_getppid,
	NULL
};

/*
 * The room comes first: it wants the limits as the system sets them, and all
 * others want them out of the way.
 */
const struct cell cells[] = {
	{ "room", 424, 0, 0, 0, B_MEMORY, run_room },
	{ "room", 1 << 20, 0, 0, 0, B_MEMORY, run_room },
	{ "pair", 16, 1, 256, 0, 0, run_pair },
	{ "pair", 64, 1, 256, 0, 0, run_pair },
	{ "pair", 424, 1, 256, C_SMP, 0, run_pair },
	{ "pair", 4096, 1, 256, 0, 0, run_pair },
	{ "pair", 65535, 1, 64, 0, 0, run_pair },
	{ "pair", 424, 8, 256, 0, 0, run_pair },
	{ "epoll", 64, 1, 256, 0, B_POLL, run_epoll },
	{ "batch", 424, 32, 15, 0, 0, run_batch },
	{ "fanout", 424, 8, 15, 0, 0, run_fanout },
	{ "fanout", 424, 64, 15, 0, 0, run_fanout },
	{ "create", 0, 1, 500, 0, 0, run_create },
	{ "pingpong", 64, 1, 200, C_SMP, B_RELIABLE, run_pingpong },
	{ "pingpong", 64, 2, 200, 0, B_RELIABLE, run_pingpong },
	{ "stream", 424, 1, 48000, C_SMP, B_RELIABLE, run_stream },
	{ "stream", 424, 4, 48000, C_SMP, B_RELIABLE, run_stream },
	{ "names", 64, 10, 16, C_ROOT, B_NAMED, run_names },
	{ "names", 64, 10000, 16, C_ROOT, B_NAMED, run_names },
	{ "names", 64, 100000, 16, C_ROOT, B_NAMED, run_names },
	{ "memory", 0, 1, 0, C_ROOT, B_MEMORY, run_memory },
	{ "memory", 16, 16, 0, C_ROOT, B_MEMORY, run_memory },
	{ "memory", 424, 16, 0, C_ROOT, B_MEMORY, run_memory },
	{ "memory", 4096, 16, 0, C_ROOT, B_MEMORY, run_memory },
	{ }
};
