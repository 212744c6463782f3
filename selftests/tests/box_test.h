/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture of the suites about one slot: its server end and a client, with
 * the mount's limits as they are at first. Before including this a suite may
 * define BOX_TIMEOUT, the slot's in ms, and BOX_MEMBERS, what its tests have
 * besides.
 */
#ifndef _BOX_TEST_H
#define _BOX_TEST_H

#include "io_test.h"

#ifndef BOX_TIMEOUT
#define BOX_TIMEOUT	0
#endif
#ifndef BOX_MEMBERS
#define BOX_MEMBERS
#endif

FIXTURE(box) {
	int server;
	int client;

	BOX_MEMBERS;
};

FIXTURE_SETUP(box)
{
	ASSERT_OK(set_limits(DEFAULT_LIMITS));
	self->server = slot_create("box", 0, BOX_TIMEOUT);
	ASSERT_LE(0, self->server);
	self->client = slot_open("box");
	ASSERT_LE(0, self->client);
}

FIXTURE_TEARDOWN(box)
{
	close(self->client);
	close(self->server);
	EXPECT_OK(set_limits(DEFAULT_LIMITS));
}

#endif /* _BOX_TEST_H */
