// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of UNC names: which are local, and where a remote one leads.
 */
#include "../../module/name.h"
#include "text.h"

#define IP(a, b, c, d) { a, b, c, d }

static const struct text local_names[] = {
	TEXT("\\\\.\\mailslot\\Slot"),
	TEXT("\\\\.\\MAILSLOT\\Slot"),
	TEXT("\\\\.\\MailSlot\\Slot"),
};

static void unc_local(struct kunit *test)
{
	u32 plain, hash;
	size_t i;

	KUNIT_EXPECT_EQ(test, mslot_name_hash("slot", 4, NULL, &plain), 0);
	for (i = 0; i < ARRAY_SIZE(local_names); i++) {
		size_t len = local_names[i].len;
		const char *name = exactly(test, local_names[i].at, len);
		struct mslot_name parsed;

		KUNIT_EXPECT_EQ(test, mslot_name_parse(name, len, &parsed), 0);
		KUNIT_EXPECT_TRUE(test, parsed.unc);
		KUNIT_EXPECT_FALSE(test, parsed.remote);
		KUNIT_EXPECT_TRUE(test, parsed.slot == name + len - 4);
		KUNIT_EXPECT_EQ(test, parsed.slot_len, 4);
		hash = ~plain;
		KUNIT_EXPECT_EQ(test, mslot_name_hash(name, len, NULL, &hash),
				0);
		KUNIT_EXPECT_EQ(test, hash, plain);
	}
}

static const struct text malformed_unc[] = {
	TEXT("\\\\"),
	TEXT("\\\\\\"),
	TEXT("\\\\."),
	TEXT("\\\\.\\"),
	TEXT("\\\\.\\mailslot"),
	TEXT("\\\\.\\mailslot\\"),
	TEXT("\\\\.\\mailslots\\x"),
	TEXT("\\\\.\\mail\\x"),
	TEXT("\\\\.\\pipe\\x"),
	TEXT("\\\\.\\mailslot\\\\x"),
	TEXT("\\\\.\\mailslot\\a/b"),
	TEXT("\\\\.\\mailslot\\."),
	TEXT("\\\\.\\mailslot\\\\\\.\\mailslot\\x"),
	TEXT("\\\\?\\mailslot\\x"),
	TEXT("\\\\..\\mailslot\\x"),
	TEXT("\\\\\\mailslot\\x"),
	TEXT("\\\\HOST"),
	TEXT("\\\\HOST\\"),
	TEXT("\\\\HOST\\mailslot"),
	TEXT("\\\\HOST\\mailslot\\"),
	TEXT("\\\\HOST\\pipe\\x"),
	TEXT("\\\\HOST\\share\\mailslot\\x"),
	TEXT("\\\\HOST\\mailslot\\a\\\\b"),
	TEXT("\\\\HOST\\mailslot\\\xff"),
};

static void unc_rejects_malformed(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(malformed_unc); i++) {
		const struct text *text = &malformed_unc[i];
		const char *name = exactly(test, text->at, text->len);
		struct mslot_name parsed;
		u32 hash = 4711;

		KUNIT_EXPECT_EQ_MSG(test,
				    mslot_name_parse(name, text->len, &parsed),
				    -EINVAL, "'%s'", text->at);
		KUNIT_EXPECT_EQ_MSG(test, mslot_name_hash(name, text->len, NULL,
							  &hash),
				    -EINVAL, "'%s'", text->at);
		KUNIT_EXPECT_EQ_MSG(test, hash, 4711, "'%s'", text->at);
	}
}

struct host_case {
	const char *host;
	const char *netbios;	/* without padding and suffix */
	u8 suffix;
	u8 kind;
	u8 address[4];
	u16 port;
};

static const struct host_case hosts[] = {
	{ "*", "", 0, MSLOT_DEST_WORKGROUP, {}, 0 },
	{ "*#1e", "", 0x1e, MSLOT_DEST_WORKGROUP, {}, 0 },
	{ "host", "HOST", 0, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "a", "A", 0, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "Fifteen-letters", "FIFTEEN-LETTERS", 0, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "localhost", "LOCALHOST", 0, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "my host", "MY HOST", 0, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "a.b", "A.B", 0, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "12345", "12345", 0, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "1.2.3x", "1.2.3X", 0, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "_!$%&'()+,-;=[]", "_!$%&'()+,-;=[]", 0, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "host#1D", "HOST", 0x1d, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "host#Af", "HOST", 0xaf, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "host#ff", "HOST", 0xff, MSLOT_DEST_BROADCAST, {}, 0 },
	{ "Fifteen-letters#09", "FIFTEEN-LETTERS", 9, MSLOT_DEST_BROADCAST,
	  {}, 0 },
	{ "192.0.2.7", NULL, 0, MSLOT_DEST_UNICAST, IP(192, 0, 2, 7), 0 },
	{ "255.255.255.255", NULL, 0, MSLOT_DEST_UNICAST,
	  IP(255, 255, 255, 255), 0 },
	{ "0.0.0.1:1", NULL, 0, MSLOT_DEST_UNICAST, IP(0, 0, 0, 1), 1 },
	{ "192.0.2.7:65535", NULL, 0, MSLOT_DEST_UNICAST, IP(192, 0, 2, 7),
	  65535 },
	{ "host@10.0.0.1", "HOST", 0, MSLOT_DEST_UNICAST, IP(10, 0, 0, 1), 0 },
	{ "HOST#1d@192.0.2.7", "HOST", 0x1d, MSLOT_DEST_UNICAST,
	  IP(192, 0, 2, 7), 0 },
	{ "h#20@192.0.2.7:4000", "H", 0x20, MSLOT_DEST_UNICAST,
	  IP(192, 0, 2, 7), 4000 },
};

static void expect_netbios(struct kunit *test, const struct host_case *host,
			   const u8 *netbios)
{
	u8 expected[MSLOT_NETBIOS_LEN] = { '*' };

	if (host->netbios) {
		memset(expected, ' ', sizeof(expected));
		memcpy(expected, host->netbios, strlen(host->netbios));
		expected[MSLOT_NETBIOS_SUFFIX] = host->suffix;
	}
	KUNIT_EXPECT_EQ_MSG(test, memcmp(netbios, expected, sizeof(expected)),
			    0, "name of '%s'", host->host);
}

static void unc_remote(struct kunit *test)
{
	char name[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		const struct host_case *host = &hosts[i];
		int len = snprintf(name, sizeof(name),
				   "\\\\%s\\mailSlot\\net\\Slot", host->host);
		const char *copy = exactly(test, name, len);
		struct mslot_name parsed;

		KUNIT_EXPECT_EQ_MSG(test, mslot_name_parse(copy, len, &parsed),
				    0, "'%s'", name);
		KUNIT_EXPECT_TRUE_MSG(test, parsed.unc && parsed.remote,
				      "'%s'", name);
		KUNIT_EXPECT_EQ_MSG(test, parsed.slot - copy, len - 8,
				    "'%s'", name);
		KUNIT_EXPECT_EQ_MSG(test, parsed.slot_len, 8, "'%s'", name);
		KUNIT_EXPECT_EQ_MSG(test, parsed.dest.kind, host->kind,
				    "'%s'", name);
		KUNIT_EXPECT_EQ_MSG(test, memcmp(&parsed.dest.address,
						 host->address, 4), 0,
				    "address of '%s'", name);
		KUNIT_EXPECT_EQ_MSG(test, parsed.dest.port, host->port,
				    "'%s'", name);
		expect_netbios(test, host, parsed.dest.netbios);
	}
}

static const struct text bad_hosts[] = {
	TEXT(""),
	TEXT(" "),
	TEXT(" host"),
	TEXT("host "),
	TEXT(".host"),
	TEXT("sixteen-letters!"),
	TEXT("sixteen-letters!#00"),
	TEXT("h\\st"),
	TEXT("h/st"),
	TEXT("h:st"),
	TEXT("host:138"),
	TEXT("h*st"),
	TEXT("**"),
	TEXT("h?st"),
	TEXT("h\"st"),
	TEXT("h<st"),
	TEXT("h>st"),
	TEXT("h|st"),
	TEXT("h\tst"),
	TEXT("h\x7fst"),
	TEXT("h\0st"),
	TEXT("h\xc3\xb6st"),
	TEXT("#00"),
	TEXT("host#"),
	TEXT("host#1"),
	TEXT("host#001"),
	TEXT("host#g0"),
	TEXT("host#0g"),
	TEXT("host#00#00"),
	TEXT("host#+1"),
	TEXT("@1.2.3.4"),
	TEXT("#00@1.2.3.4"),
	TEXT("host@"),
	TEXT("host@host"),
	TEXT("host@1.2.3"),
	TEXT("host@1.2.3.4@1.2.3.4"),
	TEXT("host@1.2.3.4#00"),
	TEXT("host@1.2.3.4."),
	TEXT("1.2.3.4@host"),
	TEXT("*@1.2.3.4"),
	TEXT("1.2.3.4#00"),
	TEXT("1.2.3"),
	TEXT("1.2.3."),
	TEXT("1.2.3.4.5"),
	TEXT("1..2.3"),
	TEXT("0.0.0.0"),
	TEXT("256.1.1.1"),
	TEXT("1.1.1.256"),
	TEXT("99999999999.1.1.1"),
	TEXT("01.2.3.4"),
	TEXT("1.2.3.00"),
	TEXT("1.2.3.4:"),
	TEXT("1.2.3.4:0"),
	TEXT("1.2.3.4:0138"),
	TEXT("1.2.3.4:65536"),
	TEXT("1.2.3.4:4294967434"),
	TEXT("1.2.3.4:x"),
	TEXT("1.2.3.4:138x"),
	TEXT("1.2.3.4:-1"),
	TEXT("1.2.3.4@5.6.7.8"),
};

static void unc_rejects_hosts(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_hosts); i++) {
		const struct text *text = &bad_hosts[i];
		const char *host = exactly(test, text->at, text->len);
		struct mslot_dest dest;

		KUNIT_EXPECT_EQ_MSG(test,
				    mslot_host_parse(host, text->len, &dest),
				    -EINVAL, "'%s'", text->at);
	}
}

static void netbios_names(struct kunit *test)
{
	u8 a[MSLOT_NETBIOS_LEN], b[MSLOT_NETBIOS_LEN];

	KUNIT_EXPECT_EQ(test, mslot_netbios_parse("Host", 4, a), 0);
	KUNIT_EXPECT_EQ(test, memcmp(a, "HOST           ", 16), 0);
	memcpy(b, "hoST           ", 16);
	KUNIT_EXPECT_TRUE(test, mslot_netbios_equal(a, b));
	b[MSLOT_NETBIOS_SUFFIX] = 0x20;
	KUNIT_EXPECT_FALSE(test, mslot_netbios_equal(a, b));
	a[MSLOT_NETBIOS_SUFFIX] = 'a';
	b[MSLOT_NETBIOS_SUFFIX] = 'A';
	KUNIT_EXPECT_FALSE(test, mslot_netbios_equal(a, b));
	memcpy(b, "HOSTS          a", 16);
	KUNIT_EXPECT_FALSE(test, mslot_netbios_equal(a, b));
}

static struct kunit_case unc_cases[] = {
	KUNIT_CASE(unc_local),
	KUNIT_CASE(unc_rejects_malformed),
	KUNIT_CASE(unc_remote),
	KUNIT_CASE(unc_rejects_hosts),
	KUNIT_CASE(netbios_names),
	{}
};

static struct kunit_suite unc_suite = {
	.name = "mailslot-unc",
	.test_cases = unc_cases,
};

kunit_test_suite(unc_suite);

MODULE_DESCRIPTION("KUnit tests of UNC names of mailslots");
MODULE_LICENSE("GPL");
