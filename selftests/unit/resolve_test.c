// SPDX-License-Identifier: GPL-2.0-only
/* Names of hosts: queries, answers that may be forged, lmhosts, options. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "resolve.h"
#include "kselftest_harness.h"

#define ID	0x1234

/* As RFC 1002 4.2.12 draws it, for "SODA<00>". */
static const uint8_t query_bytes[] =
	"\x12\x34\x01\x10\0\x01\0\0\0\0\0\0"
	"\040FDEPEEEBCACACACACACACACACACACAAA\0"
	"\0\x20\0\x01";

/* 4.2.13: the owner is at 192.0.2.7, and at 198.51.100.7. */
static const uint8_t answer_bytes[] =
	"\x12\x34\x85\0\0\0\0\x01\0\0\0\0"
	"\040FDEPEEEBCACACACACACACACACACACAAA\0"
	"\0\x20\0\x01\0\x03\xf4\x80\0\x0c"
	"\x60\0\xc0\0\x02\x07\x60\0\xc6\x33\x64\x07";

#define ANSWER_LEN	(sizeof(answer_bytes) - 1)

FIXTURE(answer) {
	uint8_t packet[ANSWER_LEN];
	uint8_t name[NETBIOS_LEN];
	struct in_addr from;
	struct mailslot_host host;
};

FIXTURE_SETUP(answer)
{
	memcpy(self->packet, answer_bytes, ANSWER_LEN);
	mailslot_netbios_name("soda", 4, self->name);
	self->from.s_addr = inet_addr("192.0.2.7");
}

FIXTURE_TEARDOWN(answer)
{
}

/* A copy of its own, so that a sanitizer sees what is read behind its end. */
#define PARSE(len) ({							\
	uint8_t *__copy = memcpy(malloc((len) ?: 1), self->packet, (len)); \
	int __ret = mailslot_nbns_answer(__copy, (len), ID, self->name,	\
					 self->from, &self->host);	\
	free(__copy);							\
	__ret;								\
})

#define EXPECT_HOST(wanted)						\
	EXPECT_EQ(inet_addr(wanted), self->host.address.s_addr)

TEST(a_query_is_that_of_the_rfc)
{
	uint8_t name[NETBIOS_LEN], query[NBNS_QUERY_LEN];

	ASSERT_EQ(0, mailslot_netbios_name("soda", 4, name));
	mailslot_nbns_query(query, ID, name);
	ASSERT_EQ(sizeof(query), sizeof(query_bytes) - 1);
	EXPECT_EQ(0, memcmp(query, query_bytes, sizeof(query)));
}

TEST_F(answer, it_tells_the_address)
{
	EXPECT_EQ(0, PARSE(ANSWER_LEN));
	EXPECT_HOST("192.0.2.7");
	EXPECT_EQ(0, self->host.group);
}

TEST_F(answer, the_address_that_it_came_from_is_preferred)
{
	self->from.s_addr = inet_addr("198.51.100.7");
	EXPECT_EQ(0, PARSE(ANSWER_LEN));
	EXPECT_HOST("198.51.100.7");
	self->from.s_addr = inet_addr("203.0.113.1");
	EXPECT_EQ(0, PARSE(ANSWER_LEN));
	EXPECT_HOST("192.0.2.7");
}

TEST_F(answer, it_tells_a_group)
{
	self->packet[56] |= 0x80;
	EXPECT_EQ(0, PARSE(ANSWER_LEN));
	EXPECT_NE(0, self->host.group);
}

TEST_F(answer, no_part_of_it_is_enough)
{
	size_t len;

	for (len = 0; len < ANSWER_LEN; len++)
		EXPECT_EQ(-1, PARSE(len));
	EXPECT_EQ(0, self->host.address.s_addr);
}

/* Where a changed byte must, or must not, make it another packet. */
TEST_F(answer, every_byte_that_matters_is_looked_at)
{
	/* Authority and additional records, time to live, flags, addresses. */
	static const char ignored[] = "\x08\x09\x0a\x0b\x32\x33\x34\x35";
	int wanted;
	size_t i;

	for (i = 0; i < 56; i++) {
		self->packet[i] ^= 0x88;
		wanted = memchr(ignored, i, sizeof(ignored) - 1) ? 0 : -1;
		EXPECT_EQ(wanted, PARSE(ANSWER_LEN)) TH_LOG("byte %zu", i);
		self->packet[i] ^= 0x88;
	}
}

TEST_F(answer, a_refusal_or_a_query_is_none)
{
	self->packet[3] = 3;
	EXPECT_EQ(-1, PARSE(ANSWER_LEN));
	self->packet[3] = 0;
	self->packet[2] = 0x05;
	EXPECT_EQ(-1, PARSE(ANSWER_LEN));
}

TEST_F(answer, its_length_is_not_believed)
{
	static const uint16_t lengths[] = { 0, 1, 5, 7, 11, 13, 18, 0x7ffe,
					    0xfffc, 0xffff };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		self->packet[54] = lengths[i] >> 8;
		self->packet[55] = lengths[i];
		EXPECT_EQ(-1, PARSE(ANSWER_LEN)) TH_LOG("%u", lengths[i]);
	}
	self->packet[54] = 0;
	self->packet[55] = 6;
	EXPECT_EQ(0, PARSE(ANSWER_LEN));
}

TEST_F(answer, an_address_that_no_host_has_is_passed_over)
{
	static const char * const addresses[] = {
		"0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.1", "255.255.255.255",
	};
	in_addr_t address;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		address = inet_addr(addresses[i]);
		memcpy(self->packet + 58, &address, 4);
		self->from.s_addr = address;
		EXPECT_EQ(0, PARSE(ANSWER_LEN));
		EXPECT_HOST("198.51.100.7");
		EXPECT_EQ(-1, PARSE(ANSWER_LEN - 6));
	}
}

#define EXPECT_NETBIOS(ret, text, wanted) do {				\
	uint8_t name[NETBIOS_LEN];					\
	EXPECT_EQ(ret, mailslot_netbios_name(text, strlen(text), name)); \
	if ((ret) >= 0)							\
		EXPECT_EQ(0, memcmp(wanted, name, NETBIOS_LEN));	\
} while (0)

TEST(netbios_names)
{
	EXPECT_NETBIOS(0, "soda", "SODA           \0");
	EXPECT_NETBIOS(0, "fifteen-letters", "FIFTEEN-LETTERS\0");
	EXPECT_NETBIOS(0, "my pc", "MY PC          \0");
	EXPECT_NETBIOS(1, "office#1d", "OFFICE         \x1d");
	EXPECT_NETBIOS(1, "office#FF", "OFFICE         \xff");
	EXPECT_NETBIOS(-1, "", "");
	EXPECT_NETBIOS(-1, "sixteen-letters-", "");
	EXPECT_NETBIOS(-1, " x", "");
	EXPECT_NETBIOS(-1, "x ", "");
	EXPECT_NETBIOS(-1, ".x", "");
	EXPECT_NETBIOS(-1, "a*b", "");
	EXPECT_NETBIOS(-1, "a@b", "");
	EXPECT_NETBIOS(-1, "gr\303\274n", "");
	EXPECT_NETBIOS(-1, "x#", "");
	EXPECT_NETBIOS(-1, "x#1", "");
	EXPECT_NETBIOS(-1, "x#1g", "");
	EXPECT_NETBIOS(-1, "x# 1", "");
	EXPECT_NETBIOS(-1, "x#1d0", "");
	EXPECT_NETBIOS(-1, "#1d", "");
}

/* The address that a line has for SODA<20>; "" for none. */
static const char *listed(const char *text)
{
	static char address[INET_ADDRSTRLEN];
	uint8_t name[NETBIOS_LEN];
	struct in_addr found;
	char line[256];

	mailslot_netbios_name("soda#20", 7, name);
	snprintf(line, sizeof(line), "%s", text);
	if (mailslot_lmhosts_line(line, name, &found))
		return "";
	return inet_ntop(AF_INET, &found, address, sizeof(address));
}

TEST(lines_of_lmhosts)
{
	EXPECT_STREQ("192.0.2.7", listed("192.0.2.7 SODA\n"));
	EXPECT_STREQ("192.0.2.7", listed("  192.0.2.7\t\tsoda\r\n"));
	EXPECT_STREQ("192.0.2.7", listed("192.0.2.7 soda #PRE #DOM:drinks\n"));
	EXPECT_STREQ("192.0.2.7", listed("192.0.2.7 soda#20 # fridge"));
	EXPECT_STREQ("", listed("192.0.2.7 soda#00\n"));
	EXPECT_STREQ("", listed("192.0.2.7 soda#PRE\n"));
	EXPECT_STREQ("", listed("192.0.2.7 sodas\n"));
	EXPECT_STREQ("", listed("192.0.2.7 beer soda\n"));
	EXPECT_STREQ("", listed("192.0.2.7\n"));
	EXPECT_STREQ("", listed("192.0.2.777 soda\n"));
	EXPECT_STREQ("", listed("2001:db8::7 soda\n"));
	EXPECT_STREQ("", listed("# 192.0.2.7 soda\n"));
	EXPECT_STREQ("", listed("#192.0.2.7 soda\n"));
	EXPECT_STREQ("", listed("#INCLUDE \\\\server\\public\\lmhosts\n"));
	EXPECT_STREQ("", listed("\n"));
	EXPECT_STREQ("", listed(""));
}

TEST(options_of_the_mount)
{
	static const char options[] =
		",port=138,netbios=MY\\040PC,workgroup=OFFICE,names=1d\n";
	uint8_t name[NETBIOS_LEN];

	mailslot_netbios_name("my pc", 5, name);
	EXPECT_TRUE(mailslot_option_is(options, ",netbios=", name));
	EXPECT_FALSE(mailslot_option_is(options, ",workgroup=", name));
	mailslot_netbios_name("office", 6, name);
	EXPECT_TRUE(mailslot_option_is(options, ",workgroup=", name));
	mailslot_netbios_name("off", 3, name);
	EXPECT_FALSE(mailslot_option_is(options, ",workgroup=", name));
	EXPECT_FALSE(mailslot_option_is(",netbios=OFFICES", ",netbios=", name));
	EXPECT_FALSE(mailslot_option_is("", ",netbios=", name));
	EXPECT_FALSE(mailslot_option_is(",netbios=", ",netbios=", name));
	EXPECT_FALSE(mailslot_option_is(",netbios=\\04", ",netbios=", name));
}

TEST(names_that_nobody_need_be_asked_about)
{
	struct mailslot_host host;

	EXPECT_EQ(0, mailslot_resolve("192.0.2.7", &host));
	EXPECT_EQ(inet_addr("192.0.2.7"), host.address.s_addr);
	EXPECT_EQ(0, mailslot_resolve("soda#20@192.0.2.8:139", &host));
	EXPECT_EQ(inet_addr("192.0.2.8"), host.address.s_addr);
	EXPECT_EQ(0, mailslot_resolve("*", &host));
	EXPECT_NE(0, host.group);
	EXPECT_EQ(0, mailslot_resolve("LocalHost", &host));
	EXPECT_EQ(htonl(INADDR_LOOPBACK), host.address.s_addr);
	EXPECT_EQ(0, mailslot_resolve("no-such-group#1d", &host));
	EXPECT_NE(0, host.group);
}

TEST_HARNESS_MAIN
