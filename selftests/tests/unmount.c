// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of mounts, namespaces and the module, while slots are in use.
 */
#include "mailslot_test.h"

static int unload(void)
{
	return syscall(SYS_delete_module, "mailslot", O_NONBLOCK);
}

static int load(void)
{
	const char *path = getenv("MAILSLOT_KO");
	int fd = open(path ? path : "mailslot.ko", O_RDONLY | O_CLOEXEC);
	int err = syscall(SYS_finit_module, fd, "", 0);

	close(fd);
	return err;
}

FIXTURE(unmount) {
	char root[256];
};

FIXTURE_SETUP(unmount)
{
	strcpy(self->root, slot_root());
}

/* The next test finds a fresh mount again. */
FIXTURE_TEARDOWN(unmount)
{
	use_mount(self->root);
	load();
	mount("mailslot", self->root, "mailslot", 0, NULL);
}

TEST_F(unmount, a_mount_in_use_is_busy)
{
	int server = slot_serve("slot"), client = slot_open("slot");
	int dir;

	EXPECT_ERR(umount(self->root), EBUSY);
	close(server);
	EXPECT_ERR(umount(self->root), EBUSY);
	close(client);
	dir = open(self->root, O_RDONLY);
	EXPECT_ERR(umount(self->root), EBUSY);
	close(dir);
	EXPECT_OK(umount(self->root));
	EXPECT_FALSE(slot_exists("slot"));
}

TEST_F(unmount, open_ends_go_on_working_after_a_lazy_unmount)
{
	int server = slot_serve("slot"), client = slot_open("slot");
	struct mailslot_ioctl_info info;
	struct stat st;

	say(client, "before");
	ASSERT_OK(umount2(self->root, MNT_DETACH));
	EXPECT_FALSE(slot_exists("slot"));
	EXPECT_EQ(5, say(client, "after"));
	EXPECT_TRUE(hears(server, "before"));
	EXPECT_TRUE(hears(server, "after"));
	EXPECT_OK(slot_info(client, &info));
	EXPECT_EQ(2, info.delivered);
	EXPECT_OK(fstat(server, &st));
	EXPECT_EQ(POLLOUT, poll_now(client, POLLOUT));
	close(server);
	EXPECT_ERR(say(client, "late"), EPIPE);
	close(client);
}

TEST_F(unmount, the_directory_creates_still_after_a_lazy_unmount)
{
	int dir = open(self->root, O_RDONLY), server, client;

	ASSERT_OK(umount2(self->root, MNT_DETACH));
	server = openat(dir, "slot", O_CREAT | O_RDWR, 0666);
	ASSERT_OK(server);
	client = openat(dir, "SLOT", O_WRONLY);
	close(dir);
	EXPECT_EQ(2, say(client, "hi"));
	EXPECT_TRUE(hears(server, "hi"));
}

TEST_F(unmount, the_slots_are_there_again_when_it_is_mounted_again)
{
	int server = slot_serve("slot");

	ASSERT_OK(umount2(self->root, MNT_DETACH));
	ASSERT_OK(mount("mailslot", self->root, "mailslot", 0, NULL));
	EXPECT_EQ(2, say(slot_open("SLOT"), "hi"));
	EXPECT_TRUE(hears(server, "hi"));
	EXPECT_ERR(slot_serve("slot"), EBUSY);
}

TEST_F(unmount, a_waiting_read_survives_a_lazy_unmount)
{
	int server = slot_serve("slot"), client = slot_open("slot");
	struct reader reader;
	char buf[16];

	ASSERT_TRUE(reader_start(&reader, server, buf, sizeof(buf)));
	ASSERT_OK(umount2(self->root, MNT_DETACH));
	EXPECT_EQ(4, say(client, "mail"));
	EXPECT_EQ(4, reader_join(&reader));
}

TEST_F(unmount, a_read_only_remount_creates_nothing_and_delivers_still)
{
	int server = slot_serve("slot"), client = slot_open("slot");

	ASSERT_OK(mount(NULL, self->root, NULL, MS_REMOUNT | MS_RDONLY, NULL));
	EXPECT_ERR(slot_serve("other"), EROFS);
	EXPECT_ERR(slot_create("other", 0, 0), EROFS);
	EXPECT_EQ(3, say(client, "old"));
	EXPECT_EQ(3, say(slot_open("slot"), "new"));
	EXPECT_TRUE(hears(server, "old"));
	EXPECT_TRUE(hears(server, "new"));
	close(server);
	EXPECT_FALSE(slot_exists("slot"));
	ASSERT_OK(mount(NULL, self->root, NULL, MS_REMOUNT, NULL));
	EXPECT_OK(slot_serve("other"));
}

/* Hands two descriptors to another process. */
static int send_fds(int via, int one, int other)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(2 * sizeof(int))];
	} control = {};
	struct iovec byte = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(2 * sizeof(int));
	memcpy(CMSG_DATA(cmsg), (int[]){ one, other }, 2 * sizeof(int));
	return sendmsg(via, &msg, 0) == 1 ? 0 : -1;
}

static int receive_fds(int via, int fds[2])
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(2 * sizeof(int))];
	} control = {};
	char c;
	struct iovec byte = { &c, 1 };
	struct msghdr msg = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};

	if (recvmsg(via, &msg, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&msg))
		return -1;
	memcpy(fds, CMSG_DATA(CMSG_FIRSTHDR(&msg)), 2 * sizeof(int));
	return 0;
}

static void serve_elsewhere(int via, int (*enter)(void))
{
	int server;

	if (enter() || mount_slots("/tmp/m", NULL))
		_exit(1);
	server = slot_serve("slot");
	if (server < 0 || send_fds(via, server, slot_open("slot")))
		_exit(2);
	_exit(0);
}

static void outlive_namespace(struct __test_metadata *_metadata,
			      int (*enter)(void))
{
	int via[2], fds[2];
	pid_t pid;

	ASSERT_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, via));
	pid = fork();
	if (!pid)
		serve_elsewhere(via[1], enter);
	/* With the process go its namespaces, but for what the slot holds. */
	ASSERT_EQ(0, exit_of(pid));
	ASSERT_OK(receive_fds(via[0], fds));
	EXPECT_EQ(2, say(fds[1], "hi"));
	EXPECT_TRUE(hears(fds[0], "hi"));
	EXPECT_EQ(4, say(fds[1], "left"));
	close(fds[0]);
	EXPECT_ERR(say(fds[1], "late"), EPIPE);
	close(fds[1]);
}

TEST_F(unmount, open_ends_outlive_their_network_namespace)
{
	int i;

	for (i = 0; i < 5; i++)
		outlive_namespace(_metadata, enter_netns);
}

TEST_F(unmount, open_ends_outlive_their_user_namespace)
{
	int i;

	for (i = 0; i < 5; i++)
		outlive_namespace(_metadata, enter_userns);
}

TEST_F(unmount, the_module_stays_while_anything_is_mounted_or_open)
{
	int server, client;

	EXPECT_ERR(unload(), EWOULDBLOCK);
	server = slot_serve("slot");
	client = slot_open("slot");
	ASSERT_OK(umount2(self->root, MNT_DETACH));
	EXPECT_ERR(unload(), EWOULDBLOCK);
	close(client);
	EXPECT_ERR(unload(), EWOULDBLOCK);
	client = -1;
	close(server);
	EXPECT_OK(unload());
	ASSERT_OK(load());
}

TEST_F(unmount, the_module_comes_and_goes)
{
	int i;

	ASSERT_OK(umount(self->root));
	for (i = 0; i < 3; i++) {
		ASSERT_OK(unload());
		EXPECT_ERR(mount("mailslot", self->root, "mailslot", 0, NULL),
			   ENODEV);
		ASSERT_OK(load());
		ASSERT_OK(mount("mailslot", self->root, "mailslot", 0, NULL));
		close(slot_serve("slot"));
		ASSERT_OK(umount(self->root));
	}
}

/* A client that is left alone holds the module as well. */
TEST_F(unmount, the_module_stays_while_a_client_is_open)
{
	int server = slot_serve("slot"), client = slot_open("slot");

	close(server);
	ASSERT_OK(umount2(self->root, MNT_DETACH));
	EXPECT_ERR(unload(), EWOULDBLOCK);
	EXPECT_ERR(say(client, "late"), EPIPE);
	close(client);
	EXPECT_OK(unload());
}

TEST_HARNESS_MAIN
