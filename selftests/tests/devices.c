// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device cgroups: slots are devices so that an administrator can forbid them
 * to a service, in systemd's words "DeviceAllow=char-mailslot".
 */
#include <linux/bpf.h>
#include <sys/sysmacros.h>

#include "mailslot_test.h"

#define CGROUP	"/sys/fs/cgroup/mailslot-devices"

static struct bpf_insn insn(uint8_t code, uint8_t dst, uint8_t src,
			    int16_t off, int32_t imm)
{
	return (struct bpf_insn) {
		.code = code, .dst_reg = dst, .src_reg = src,
		.off = off, .imm = imm,
	};
}

/* A program that forbids one kind of access to a device, or all if it is 0. */
static int load_rule(unsigned int major, unsigned int minor, uint32_t access)
{
	const struct bpf_insn program[] = {
		insn(BPF_LDX | BPF_MEM | BPF_W, 2, 1,
		     offsetof(struct bpf_cgroup_dev_ctx, major), 0),
		insn(BPF_LDX | BPF_MEM | BPF_W, 3, 1,
		     offsetof(struct bpf_cgroup_dev_ctx, minor), 0),
		insn(BPF_LDX | BPF_MEM | BPF_W, 4, 1,
		     offsetof(struct bpf_cgroup_dev_ctx, access_type), 0),
		insn(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 1),
		insn(BPF_JMP | BPF_JNE | BPF_K, 2, 0, 4, major),
		insn(BPF_JMP | BPF_JNE | BPF_K, 3, 0, 3, minor),
		insn(BPF_ALU64 | BPF_AND | BPF_K, 4, 0, 0, access << 16),
		insn(BPF_JMP | BPF_JNE | BPF_K, 4, 0, 1, access << 16),
		insn(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0),
		insn(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = (uintptr_t)program,
		.insn_cnt = ARRAY_SIZE(program),
		.license = (uintptr_t)"GPL",
	};

	return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int attach_rule(int cgroup, int rule)
{
	union bpf_attr attr = {
		.target_fd = cgroup,
		.attach_bpf_fd = rule,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_OVERRIDE,
	};

	return syscall(SYS_bpf, BPF_PROG_ATTACH, &attr, sizeof(attr));
}

FIXTURE(devices) {
	unsigned int major;
	int cgroup;
	int server;
};

FIXTURE_SETUP(devices)
{
	struct stat st;

	rmdir(CGROUP);
	if (mkdir(CGROUP, 0755))
		SKIP(return, "no cgroup2 to make a group in");
	self->cgroup = open(CGROUP, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_OK(self->cgroup);
	self->server = slot_serve("server");
	ASSERT_OK(fstat(self->server, &st));
	self->major = major(st.st_rdev);
}

FIXTURE_TEARDOWN(devices)
{
	rmdir(CGROUP);
}

/* What a child under the rule gets, as errno. */
static int under_rule(int (*function)(const char *name), const char *name)
{
	pid_t pid = fork();

	if (!pid) {
		if (write_file(CGROUP "/cgroup.procs", "0"))
			_exit(199);
		_exit(function(name));
	}
	return exit_of(pid);
}

static int try_open(const char *name)
{
	return error_of(slot_open(name));
}

static int try_serve(const char *name)
{
	return error_of(slot_serve(name));
}

static int try_create(const char *name)
{
	return error_of(slot_create(name, 0, 0));
}

/* Attaches a rule, or skips the test on a kernel without such rules. */
#define FORBID(major, minor, access) do {				\
	int __rule = load_rule(major, minor, access);			\
									\
	if (__rule < 0 || attach_rule(self->cgroup, __rule))		\
		SKIP(return, "no BPF rules for devices here");		\
} while (0)

TEST_F(devices, a_service_without_the_device_gets_no_end)
{
	if (self->cgroup <= 0)
		SKIP(return, "no cgroup2");
	FORBID(self->major, 0, 0);
	EXPECT_EQ(EPERM, under_rule(try_open, "server"));
	EXPECT_EQ(EPERM, under_rule(try_serve, "slot"));
	EXPECT_EQ(EPERM, under_rule(try_create, "slot"));
	EXPECT_FALSE(slot_exists("slot"));
	EXPECT_EQ(0, try_open("server"));
}

TEST_F(devices, reading_and_writing_are_forbidden_apart)
{
	if (self->cgroup <= 0)
		SKIP(return, "no cgroup2");
	FORBID(self->major, 0, BPF_DEVCG_ACC_WRITE);
	EXPECT_EQ(EPERM, under_rule(try_open, "server"));
	EXPECT_EQ(0, under_rule(try_create, "slot"));
	FORBID(self->major, 0, BPF_DEVCG_ACC_READ);
	EXPECT_EQ(0, under_rule(try_open, "server"));
	EXPECT_EQ(EPERM, under_rule(try_create, "slot"));
	EXPECT_FALSE(slot_exists("slot"));
}

/* The minors are constant: 0 is every slot, 1 every remote destination. */
TEST_F(devices, a_rule_for_remote_destinations_leaves_slots_alone)
{
	if (self->cgroup <= 0)
		SKIP(return, "no cgroup2");
	FORBID(self->major, 1, 0);
	EXPECT_EQ(0, under_rule(try_open, "server"));
	EXPECT_EQ(0, under_rule(try_serve, "slot"));
	EXPECT_EQ(0, under_rule(try_create, "slot"));
}

TEST_HARNESS_MAIN
