/* SPDX-License-Identifier: GPL-2.0-only */
/* What the suites of libmailslot share: a slot and a client, made by it. */
#ifndef _LIBRARY_TEST_H
#define _LIBRARY_TEST_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <mailslot.h>

#include "kselftest_harness.h"

#define NOBODY	65534

#define EXPECT_ERROR(error, call) do { \
	errno = 0; \
	EXPECT_EQ(-1, call); \
	EXPECT_EQ(error, errno); \
} while (0)

FIXTURE(slot) {
	int server;
	int client;
	char buf[64];
	struct mailslot_info info;
	struct mailslot_msg_info msg;
};

FIXTURE_SETUP(slot)
{
	self->server = mailslot_create("library", 0, MAILSLOT_WAIT_FOREVER,
				       O_CLOEXEC, 0);
	ASSERT_LE(0, self->server);
	self->client = mailslot_open("library", O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, self->client);
	memset(self->buf, '#', sizeof(self->buf));
}

FIXTURE_TEARDOWN(slot)
{
	close(self->client);
	close(self->server);
}

#endif /* _LIBRARY_TEST_H */
