// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls beyond read and write: what each kind of descriptor knows, and how
 * structs of other sizes than ours are answered. Also built for 32 bits.
 */
#include "io_test.h"

FIXTURE(box) {
	int dir;
	int server;
	int client;
};

FIXTURE_SETUP(box)
{
	self->dir = open(slot_root(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, self->dir);
	self->server = slot_create("box", 100, 7);
	ASSERT_LE(0, self->server);
	self->client = slot_open("box");
	ASSERT_LE(0, self->client);
}

FIXTURE_TEARDOWN(box)
{
	close(self->client);
	close(self->server);
	close(self->dir);
}

/* The request with a struct of another size. */
static unsigned int sized(unsigned int cmd, size_t size)
{
	return _IOC(_IOC_DIR(cmd), _IOC_TYPE(cmd), _IOC_NR(cmd), size);
}

/* What fills a struct and does not fault, whatever is done with it. */
static char junk[4096] __attribute__((aligned(8)));

TEST_F(box, the_version_is_known_everywhere)
{
	const int fds[] = { self->dir, self->server, self->client };
	uint32_t version;
	int i;

	for (i = 0; i < 3; i++) {
		version = 0;
		EXPECT_EQ(0, ioctl(fds[i], MAILSLOT_IOC_VERSION, &version));
		EXPECT_EQ(MAILSLOT_ABI_VERSION, version);
		EXPECT_ERR(ioctl(fds[i], MAILSLOT_IOC_VERSION, NULL), EFAULT);
	}
}

TEST_F(box, unknown_calls_are_enotty_on_every_kind_of_descriptor)
{
	static const unsigned int calls[] = {
		_IO(MAILSLOT_IOC_MAGIC, 100), _IO(MAILSLOT_IOC_MAGIC, 255),
		_IOR(MAILSLOT_IOC_MAGIC, 100, uint32_t), 0, 1, 0xffffffff,
		_IO('x', 0), 0x5401, 0x5413,
		/* Right number, wrong direction or size. */
		_IOW(MAILSLOT_IOC_MAGIC, 0, uint32_t),
		_IOR(MAILSLOT_IOC_MAGIC, 0, uint64_t),
		_IOW(MAILSLOT_IOC_MAGIC, 2, struct mailslot_ioctl_info),
		_IOR(MAILSLOT_IOC_MAGIC, 3, struct mailslot_ioctl_set),
		_IOR(MAILSLOT_IOC_MAGIC, 4, struct mailslot_ioctl_recv),
		_IOR(MAILSLOT_IOC_MAGIC, 5, uint32_t),
		_IOR(MAILSLOT_IOC_MAGIC, 1, struct mailslot_ioctl_create),
	};
	const int fds[] = { self->dir, self->server, self->client };
	size_t i, call;

	for (i = 0; i < ARRAY_SIZE(fds); i++)
		for (call = 0; call < ARRAY_SIZE(calls); call++)
			EXPECT_ERR(ioctl(fds[i], calls[call], junk), ENOTTY) {
				TH_LOG("call %#x on %zu", calls[call], i);
			}
}

TEST_F(box, each_kind_of_descriptor_has_its_own_calls)
{
	EXPECT_ERR(ioctl(self->dir, MAILSLOT_IOC_GET_INFO, junk), ENOTTY);
	EXPECT_ERR(ioctl(self->dir, MAILSLOT_IOC_SET_INFO, junk), ENOTTY);
	EXPECT_ERR(ioctl(self->dir, MAILSLOT_IOC_RECV, junk), ENOTTY);
	EXPECT_ERR(ioctl(self->dir, MAILSLOT_IOC_CANCEL), ENOTTY);
	EXPECT_ERR(ioctl(self->dir, FIONREAD, junk), ENOTTY);
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_CREATE, junk), ENOTTY);
	EXPECT_ERR(ioctl(self->client, MAILSLOT_IOC_CREATE, junk), ENOTTY);
}

TEST_F(box, clients_may_ask_but_neither_set_nor_receive_nor_cancel)
{
	struct mailslot_ioctl_set set = {
		.mask = MAILSLOT_SET_TIMEOUT,
		.read_timeout_ms = 99,
	};
	struct mailslot_ioctl_recv recv = { .flags = MAILSLOT_DONTWAIT };

	EXPECT_EQ(1, say(self->client, "x"));
	EXPECT_ERR(ioctl(self->client, MAILSLOT_IOC_SET_INFO, &set), EPERM);
	EXPECT_ERR(ioctl(self->client, MAILSLOT_IOC_SET_INFO, NULL), EPERM);
	EXPECT_ERR(ioctl(self->client, sized(MAILSLOT_IOC_SET_INFO, 4), &set),
		   EPERM);
	EXPECT_ERR(ioctl(self->client, MAILSLOT_IOC_RECV, &recv), EBADF);
	EXPECT_ERR(ioctl(self->client, sized(MAILSLOT_IOC_RECV, 200), junk),
		   EBADF);
	EXPECT_ERR(ioctl(self->client, MAILSLOT_IOC_CANCEL), EBADF);
	EXPECT_EQ(7, info_of(self->client).read_timeout_ms);
	EXPECT_EQ(1, slot_count(self->client));
}

TEST_F(box, fionread_is_the_size_of_the_next_message)
{
	int n = -1;

	EXPECT_EQ(0, ioctl(self->server, FIONREAD, &n));
	EXPECT_EQ(0, n);
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(3, say(self->client, "you"));
	EXPECT_EQ(0, ioctl(self->server, FIONREAD, &n));
	EXPECT_EQ(5, n);
	n = -1;
	EXPECT_EQ(0, ioctl(self->client, FIONREAD, &n));
	EXPECT_EQ(5, n);
	EXPECT_TRUE(hears(self->server, "hello"));
	EXPECT_EQ(0, ioctl(self->server, FIONREAD, &n));
	EXPECT_EQ(3, n);
	EXPECT_ERR(ioctl(self->server, FIONREAD, NULL), EFAULT);
	EXPECT_ERR(ioctl(self->client, FIONREAD, NULL), EFAULT);
}

/* --- Get info ------------------------------------------------------------------ */

TEST_F(box, info_tells_the_state_on_either_end)
{
	struct mailslot_ioctl_info info = info_of(self->server), other;

	EXPECT_EQ(100, info.max_message_size);
	EXPECT_EQ(7, info.read_timeout_ms);
	EXPECT_EQ(MAILSLOT_NO_MESSAGE, info.next_size);
	EXPECT_EQ(0, info.message_count);
	EXPECT_EQ(0, info.queued_bytes);
	EXPECT_EQ(0, info.delivered);
	EXPECT_EQ(0, info.flags);
	EXPECT_EQ(0, info.reserved);
	EXPECT_EQ(0, write(self->client, "", 0));
	EXPECT_EQ(5, say(self->client, "hello"));
	EXPECT_EQ(7, say(self->client, "goodbye"));
	EXPECT_ERR(write(self->client, junk, 101), EMSGSIZE);
	info = info_of(self->server);
	other = info_of(self->client);
	EXPECT_EQ(0, memcmp(&info, &other, sizeof(info)));
	EXPECT_EQ(0, info.next_size);
	EXPECT_EQ(3, info.message_count);
	EXPECT_EQ(12, info.queued_bytes);
	EXPECT_EQ(3, info.delivered);
	EXPECT_EQ(1, info.dropped_too_long);
	EXPECT_TRUE(hears(self->server, ""));
	EXPECT_TRUE(hears(self->server, "hello"));
	info = info_of(self->client);
	EXPECT_EQ(7, info.next_size);
	EXPECT_EQ(1, info.message_count);
	EXPECT_EQ(7, info.queued_bytes);
	EXPECT_EQ(3, info.delivered);
}

/* The counters remain; what was queued is gone. */
TEST_F(box, info_can_be_asked_after_the_server_is_gone)
{
	struct mailslot_ioctl_info info;

	EXPECT_EQ(5, say(self->client, "hello"));
	close(self->server);
	ASSERT_OK(slot_info(self->client, &info));
	EXPECT_EQ(0, info.message_count);
	EXPECT_EQ(0, info.queued_bytes);
	EXPECT_EQ(MAILSLOT_NO_MESSAGE, info.next_size);
	EXPECT_EQ(1, info.delivered);
}

TEST_F(box, info_of_another_size)
{
	char *short_one = guarded_buffer(MAILSLOT_INFO_SIZE_VER0);
	struct mailslot_ioctl_info *info = (void *)junk;
	unsigned int call = MAILSLOT_IOC_GET_INFO;

	EXPECT_ERR(ioctl(self->server, sized(call, 0), junk), EINVAL);
	EXPECT_ERR(ioctl(self->server, sized(call, 4), junk), EINVAL);
	EXPECT_ERR(ioctl(self->server,
			 sized(call, MAILSLOT_INFO_SIZE_VER0 - 1), junk),
		   EINVAL);
	EXPECT_OK(ioctl(self->server, call, short_one));
	EXPECT_ERR(ioctl(self->server, call, short_one + 1), EFAULT);
	EXPECT_ERR(ioctl(self->server, call, NULL), EFAULT);
	/* A newer program's struct is filled up with zeroes. */
	memset(junk, '#', sizeof(junk));
	EXPECT_OK(ioctl(self->server, sized(call, 1000), junk));
	EXPECT_EQ(100, info->max_message_size);
	EXPECT_TRUE(all_bytes(info + 1, 1000 - sizeof(*info), 0));
	EXPECT_TRUE(all_bytes(junk + 1000, sizeof(junk) - 1000, '#'));
	EXPECT_ERR(ioctl(self->server, sized(call, 1000), short_one), EFAULT);
}

/* --- Set info ------------------------------------------------------------------ */

#define ALL_ACCEPT	(MAILSLOT_ACCEPT_REMOTE | MAILSLOT_ACCEPT_BROADCAST)

static int set(int fd, uint32_t mask, uint32_t timeout, uint32_t flags)
{
	struct mailslot_ioctl_set args = {
		.mask = mask,
		.read_timeout_ms = timeout,
		.flags = flags,
	};

	return ioctl(fd, MAILSLOT_IOC_SET_INFO, &args);
}

TEST_F(box, set_takes_what_the_mask_names)
{
	struct mailslot_ioctl_info info;

	EXPECT_OK(set(self->server, 0, 99, ALL_ACCEPT));
	info = info_of(self->server);
	EXPECT_EQ(7, info.read_timeout_ms);
	EXPECT_EQ(0, info.flags);
	EXPECT_OK(set(self->server, MAILSLOT_SET_TIMEOUT, 99, ALL_ACCEPT));
	info = info_of(self->server);
	EXPECT_EQ(99, info.read_timeout_ms);
	EXPECT_EQ(0, info.flags);
	EXPECT_OK(set(self->server, MAILSLOT_SET_FLAGS, 5,
		      MAILSLOT_ACCEPT_REMOTE));
	info = info_of(self->client);
	EXPECT_EQ(99, info.read_timeout_ms);
	EXPECT_EQ(MAILSLOT_ACCEPT_REMOTE, info.flags);
	EXPECT_OK(set(self->server, MAILSLOT_SET_FLAGS | MAILSLOT_SET_TIMEOUT,
		      FOREVER, MAILSLOT_ACCEPT_BROADCAST));
	info = info_of(self->client);
	EXPECT_EQ(FOREVER, info.read_timeout_ms);
	EXPECT_EQ(MAILSLOT_ACCEPT_BROADCAST, info.flags);
}

TEST_F(box, set_refuses_what_it_does_not_know_and_changes_nothing)
{
	struct mailslot_ioctl_set args = {
		.mask = MAILSLOT_SET_TIMEOUT,
		.read_timeout_ms = 99,
		.reserved = 1,
	};
	int bit;

	for (bit = 2; bit < 32; bit++)
		EXPECT_ERR(set(self->server, MAILSLOT_SET_TIMEOUT | 1U << bit,
			       99, 0), EINVAL);
	for (bit = 0; bit < 32; bit++)
		if (!(1U << bit & ALL_ACCEPT))
			EXPECT_ERR(set(self->server, MAILSLOT_SET_TIMEOUT |
				       MAILSLOT_SET_FLAGS, 99, 1U << bit),
				   EINVAL);
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_SET_INFO, &args), EINVAL);
	EXPECT_ERR(ioctl(self->server, MAILSLOT_IOC_SET_INFO, NULL), EFAULT);
	EXPECT_EQ(7, info_of(self->server).read_timeout_ms);
	EXPECT_EQ(0, info_of(self->server).flags);
}

TEST_F(box, set_of_another_size)
{
	struct mailslot_ioctl_set *args = (void *)junk;
	unsigned int call = MAILSLOT_IOC_SET_INFO;
	char *short_one = guarded_buffer(MAILSLOT_SET_SIZE_VER0);

	memset(junk, 0, sizeof(junk));
	args->mask = MAILSLOT_SET_TIMEOUT;
	args->read_timeout_ms = 50;
	EXPECT_ERR(ioctl(self->server, sized(call, 0), junk), EINVAL);
	EXPECT_ERR(ioctl(self->server, sized(call, 15), junk), EINVAL);
	/* What is not known may be there as long as it is not used. */
	EXPECT_OK(ioctl(self->server, sized(call, 1000), junk));
	EXPECT_EQ(50, info_of(self->server).read_timeout_ms);
	args->read_timeout_ms = 51;
	junk[999] = 1;
	EXPECT_ERR(ioctl(self->server, sized(call, 1000), junk), E2BIG);
	junk[999] = 0;
	junk[sizeof(*args)] = 1;
	EXPECT_ERR(ioctl(self->server, sized(call, 1000), junk), E2BIG);
	EXPECT_EQ(50, info_of(self->server).read_timeout_ms);
	memcpy(short_one, junk, sizeof(*args));
	EXPECT_ERR(ioctl(self->server, call, short_one + 1), EFAULT);
	EXPECT_ERR(ioctl(self->server, sized(call, 1000), short_one), EFAULT);
	EXPECT_OK(ioctl(self->server, call, short_one));
	EXPECT_EQ(51, info_of(self->server).read_timeout_ms);
}

TEST_HARNESS_MAIN
