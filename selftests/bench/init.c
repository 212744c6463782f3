// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark as /init: with it and mailslot.ko in the initramfs, nothing
 * else runs in the machine that could be measured by accident.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/random.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"

#define CGROUP	"/sys/fs/cgroup"

static void mount_at(const char *type, const char *dir, const char *options)
{
	mkdir(dir, 0755);
	if (mount(type, dir, type, 0, options))
		warn("mounting %s", type);
}

static void loopback_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &ifr))
		err(1, "lo");
	ifr.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &ifr))
		err(1, "lo");
	close(fd);
}

/* Without the module, its cells fail, and the peers can still be measured. */
static void load_mailslot(void)
{
	int fd = open("/mailslot.ko", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (syscall(SYS_finit_module, fd, "", 0))
		warn("mailslot.ko");
	close(fd);
	mount_at("mailslot", "/dev/mailslot", NULL);
}

/*
 * Services live in a memory cgroup of their own, and so does the benchmark,
 * unless bench_cgroup= on the kernel's command line says "root" (a cgroup
 * exists, the benchmark is not in it) or "none".
 */
static void enter_cgroup(void)
{
	const char *where = getenv("bench_cgroup");

	if (where && !strcmp(where, "none"))
		return;
	write_file(CGROUP "/cgroup.subtree_control", "+memory");
	if (mkdir(CGROUP "/bench", 0755))
		err(1, "cgroup");
	if (!where || strcmp(where, "root"))
		write_file(CGROUP "/bench/cgroup.procs", "0");
}

/*
 * An emulated machine has nothing to be surprised by, and a kernel whose random
 * numbers are not ready yet makes each one anew, at a price that nobody pays
 * elsewhere: the slab allocator asks for them.
 */
static void seed_random(void)
{
	/* struct rand_pool_info, whose last member has no length. */
	struct {
		int entropy_bits;
		int bytes;
		unsigned int buf[16];
	} seed = { .entropy_bits = 512, .bytes = sizeof(seed.buf) };
	int fd = open("/dev/random", O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, RNDADDENTROPY, &seed))
		err(1, "/dev/random");
	close(fd);
}

/**
 * init_machine() - set up what the benchmark needs, as process 1
 */
void init_machine(void)
{
	mount_at("devtmpfs", "/dev", NULL);
	mount_at("proc", "/proc", NULL);
	mount_at("sysfs", "/sys", NULL);
	mount_at("cgroup2", CGROUP, NULL);
	mount_at("tmpfs", "/tmp", NULL);
	report_to_debug_port();
	seed_random();
	loopback_up();
	load_mailslot();
	enter_cgroup();
}

/**
 * init_limits() - take the peers' limits out of the way
 *
 * Every queue is to be measured, not its administrator.
 */
void init_limits(void)
{
	struct rlimit rl = { RLIM_INFINITY, RLIM_INFINITY };

	write_file("/proc/sys/fs/mqueue/msg_max", "65536");
	write_file("/proc/sys/fs/mqueue/msgsize_max", "16777216");
	write_file("/proc/sys/fs/mqueue/queues_max", "1000000");
	write_file("/proc/sys/kernel/msgmax", "65536");
	write_file("/proc/sys/kernel/msgmnb", "16777216");
	if (setrlimit(RLIMIT_MSGQUEUE, &rl))
		err(1, "RLIMIT_MSGQUEUE");
}

/**
 * init_power_off() - end the machine
 */
void init_power_off(void)
{
	report_line("end\n");
	sync();
	reboot(RB_POWER_OFF);
	err(1, "power off");
}
