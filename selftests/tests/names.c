// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a slot may be called, which names are the same, and the UNC spellings.
 */
#include "mailslot_test.h"

static const char *const legal[] = {
	"a", "with space", " ", "...", "..a", "a..", ".hidden", "-rf", "*?[",
	"Cooldirectory\\Funtest\\slot", "a\\.b", "a\\...", "a:b|c<d>e\"f",
	"\xc3\xa9t\xc3\xa9",			/* été */
	"\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0", /* почта */
	"\xe9\x83\xb5\xe4\xbe\xbf",		/* 郵便 */
	"\xf0\x9f\x93\xac",			/* beyond the BMP */
	"mailslot\\x", "\x21", "\x7e", "\xc2\x80",
};

static const char *const illegal[] = {
	"\\", "\\a", "a\\", "a\\\\b", "a\\.", "a\\..", ".\\a", "..\\a",
	"a\\.\\b", "a\\..\\b", "\x01", "a\nb", "\x1f", "a\tb", "\x7f", "a\x7f",
	"\x80",			/* a continuation without a start */
	"\xff", "\xc0\x80",	/* overlong */
	"\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
	"\xc3",			/* cut off */
	"\xe9\x83", "\xf0\x9f\x93", "\xc3(",
	"\xed\xa0\x80",		/* a surrogate */
	"\xf4\x90\x80\x80",	/* beyond Unicode */
};

/* UNC names that lead nowhere. */
static const char *const malformed[] = {
	"\\\\", "\\\\.", "\\\\.\\", "\\\\.\\mailslot", "\\\\.\\mailslot\\",
	"\\\\.\\mailslots\\a", "\\\\.\\mail\\a", "\\\\.\\pipe\\a",
	"\\\\.\\mailslot\\\\a", "\\\\.\\mailslot\\a\\", "\\\\.\\mailslot\\..",
	"\\\\.\\mailslot\\.", "\\\\.\\mailslot\\a\nb", "\\\\\\mailslot\\a",
	"\\\\host", "\\\\host\\", "\\\\host\\mailslot", "\\\\host\\mailslot\\",
	"\\\\host\\share\\a", "\\\\host\\mailslot\\a\\\\b",
	"\\\\sixteen-letters-\\mailslot\\a", "\\\\1.2.3.400\\mailslot\\a",
	"\\\\host#1\\mailslot\\a", "\\\\host@1.2.3\\mailslot\\a",
	"\\\\?\\mailslot\\a",
};

/* Hosts that are none: names that NetBIOS cannot have, addresses that IP has not. */
static const char *const no_hosts[] = {
	" host", ".host", "host ", "ho:st", "ho|st", "h\xc3\xb6st", "#1d", "@1.2.3.4",
	"host#", "host#123", "host#1g", "host#g1", "host#1d#1d",
	"1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2..4", "0.0.0.0", "1.2.3.4#1d",
	"host@", "host@1-2-3-4", "host@1.2.3.4-138", "host@1.2.3.4:",
	"1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:138x", "1.2.3.4:0138",
	"*@1.2.3.4", "**", "*a",
};

static const char *const remote[] = {
	"\\\\*\\mailslot\\x", "\\\\DOMAIN\\mailslot\\x",
	"\\\\host\\MAILSLOT\\x\\y", "\\\\192.0.2.7\\mailslot\\x",
	"\\\\host#1d@192.0.2.7\\mailslot\\x",
};

static bool listed(const char *name)
{
	DIR *dir = opendir(slot_root());
	struct dirent *entry;
	bool found = false;

	while (dir && (entry = readdir(dir)))
		found |= !strcmp(entry->d_name, name);
	if (dir)
		closedir(dir);
	return found;
}

TEST(legal_names_work_and_are_listed_as_spelt)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(legal); i++) {
		int server, client;

		server = slot_serve(legal[i]);
		EXPECT_OK(server) TH_LOG("name %zu: %s", i, legal[i]);
		client = slot_open(legal[i]);
		EXPECT_EQ(2, say(client, "hi")) TH_LOG("%s", legal[i]);
		EXPECT_TRUE(hears(server, "hi")) TH_LOG("%s", legal[i]);
		EXPECT_TRUE(listed(legal[i])) TH_LOG("%s", legal[i]);
		close(client);
		close(server);
		EXPECT_FALSE(slot_exists(legal[i])) TH_LOG("%s", legal[i]);
	}
}

TEST(legal_names_work_in_the_create_call)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(legal); i++) {
		int server = slot_create(legal[i], 0, 0);

		EXPECT_OK(server) TH_LOG("name %zu: %s", i, legal[i]);
		EXPECT_TRUE(listed(legal[i])) TH_LOG("%s", legal[i]);
		close(server);
	}
}

static void expect_refused(struct __test_metadata *_metadata, const char *name,
			   int error)
{
	struct stat st;

	EXPECT_ERR(slot_serve(name), error) TH_LOG("serve %s", name);
	EXPECT_ERR(slot_open(name), error) TH_LOG("open %s", name);
	EXPECT_ERR(slot_create(name, 0, 0), error) TH_LOG("create %s", name);
	EXPECT_ERR(stat(slot_path(name), &st), error) TH_LOG("stat %s", name);
	EXPECT_FALSE(listed(name)) TH_LOG("%s", name);
}

TEST(illegal_names_are_refused)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(illegal); i++)
		expect_refused(_metadata, illegal[i], EINVAL);
}

TEST(malformed_unc_names_are_refused)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(malformed); i++)
		expect_refused(_metadata, malformed[i], EINVAL);
}

TEST(unc_names_with_malformed_hosts_are_refused)
{
	char name[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(no_hosts); i++) {
		snprintf(name, sizeof(name), "\\\\%s\\mailslot\\a", no_hosts[i]);
		expect_refused(_metadata, name, EINVAL);
	}
}

/* "." and ".." are the directories of that name, in whatever call. */
TEST(dot_and_dotdot_are_no_slots)
{
	EXPECT_ERR(slot_create(".", 0, 0), EINVAL);
	EXPECT_ERR(slot_create("..", 0, 0), EINVAL);
	EXPECT_ERR(slot_create("a/b", 0, 0), EINVAL);
	EXPECT_ERR(slot_create("/", 0, 0), EINVAL);
	EXPECT_ERR(slot_serve("."), EISDIR);
}

TEST(no_name_at_all_is_enoent)
{
	EXPECT_ERR(slot_create("", 0, 0), ENOENT);
	EXPECT_ERR(open("", O_CREAT | O_RDWR), ENOENT);
}

TEST(a_name_in_unreadable_memory_is_efault)
{
	EXPECT_ERR(slot_create(NULL, 0, 0), EFAULT);
	EXPECT_ERR(slot_create((char *)8, 0, 0), EFAULT);
}

TEST(names_of_255_bytes_work_and_longer_ones_do_not)
{
	char name[16 + 300] = "\\\\.\\mailslot\\";
	char *plain = name + strlen(name);
	int fd;

	memset(plain, 'n', 255);
	fd = slot_serve(plain);
	EXPECT_OK(fd);
	EXPECT_TRUE(listed(plain));
	EXPECT_OK(slot_open(name));
	close(fd);
	fd = slot_create(name, 0, 0);
	EXPECT_OK(fd);
	EXPECT_TRUE(listed(plain));
	close(fd);

	plain[255] = 'n';
	expect_refused(_metadata, plain, ENAMETOOLONG);
	expect_refused(_metadata, name, ENAMETOOLONG);
	memset(plain, 'n', 299);
	expect_refused(_metadata, plain, ENAMETOOLONG);
	expect_refused(_metadata, name, ENAMETOOLONG);
}

/* 85 letters of three bytes each: bytes count, not letters. */
TEST(the_length_of_a_name_counts_bytes)
{
	char name[3 * 86 + 1] = "";
	int i;

	for (i = 0; i < 85; i++)
		strcat(name, "\xe9\x83\xb5");
	EXPECT_OK(slot_serve(name));
	strcat(name, "\xe9\x83\xb5");
	expect_refused(_metadata, name, ENAMETOOLONG);
}

struct pair {
	const char *made;
	const char *asked;
};

TEST(names_are_the_same_in_any_case)
{
	static const struct pair same[] = {
		{ "Hello", "hELLO" }, { "x\\Yz", "X\\yZ" },
		{ "\xc3\xa9t\xc3\xa9", "\xc3\x89T\xc3\x89" },	/* été */
		{ "\xd0\x9f\xd0\xbe", "\xd0\xbf\xd0\x9e" },	/* По */
		{ "\xce\xa9\xce\xb4", "\xcf\x89\xce\x94" },	/* Ωδ */
		{ "\xef\xbd\x81", "\xef\xbc\xa1" },		/* fullwidth a */
		{ "\xe2\x93\x90", "\xe2\x92\xb6" },		/* circled a */
		{ "\xd5\xa1", "\xd4\xb1" },			/* Armenian */
		{ "\xc3\xbf", "\xc5\xb8" },			/* ÿ */
		{ "\xc4\x83", "\xc4\x82" },			/* ă */
		{ "\xc4\xbb", "\xc4\xbc" },			/* Ļ */
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(same); i++) {
		const char *made = same[i].made, *asked = same[i].asked;
		int server = slot_serve(made), client = slot_open(asked);

		EXPECT_EQ(1, say(client, "x")) TH_LOG("%s %s", made, asked);
		EXPECT_TRUE(hears(server, "x")) TH_LOG("%s %s", made, asked);
		EXPECT_TRUE(listed(made)) TH_LOG("%s", made);
		EXPECT_FALSE(listed(asked)) TH_LOG("%s", asked);
		EXPECT_ERR(slot_serve(asked), EBUSY) TH_LOG("%s", asked);
		EXPECT_ERR(slot_create(asked, 0, 0), EEXIST) TH_LOG("%s", asked);
		EXPECT_ERR(open(slot_path(asked), O_CREAT | O_EXCL | O_RDWR),
			   EEXIST) TH_LOG("%s", asked);
		close(client);
		close(server);
	}
}

TEST(letters_that_only_look_alike_differ)
{
	static const struct pair different[] = {
		{ "i", "\xc4\xb1" },		/* dotless i */
		{ "s", "\xc5\xbf" },		/* long s */
		{ "k", "\xe2\x84\xaa" },	/* Kelvin sign */
		{ "ss", "\xc3\x9f" },		/* sharp s */
		{ "\xc3\xa9", "e\xcc\x81" },	/* é, composed or not */
		{ "a", "\xd0\xb0" },		/* Latin, Cyrillic */
		{ "[", "{" }, { "@", "`" },	/* 32 apart, no letters */
		{ "\xc3\x97", "\xc3\xb7" },	/* times and divided by */
		{ "a", "a " }, { "a", "a." },	/* Windows strips files so */
		/* Deseret, beyond the BMP: Windows folds no such letters */
		{ "\xf0\x90\x90\x80", "\xf0\x90\x90\xa8" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(different); i++) {
		int one = slot_serve(different[i].made);
		int other = slot_serve(different[i].asked);

		EXPECT_OK(other) TH_LOG("%s %s", different[i].made,
					different[i].asked);
		close(other);
		EXPECT_ERR(slot_open(different[i].asked), ENOENT)
			TH_LOG("%s", different[i].asked);
		close(one);
	}
}

TEST(a_name_and_longer_ones_behind_a_backslash_coexist)
{
	int a = slot_serve("a"), b = slot_serve("a\\b");
	int c = slot_serve("a\\b\\c");

	ASSERT_OK(a);
	ASSERT_OK(b);
	ASSERT_OK(c);
	say(slot_open("A\\B"), "b");
	say(slot_open("A"), "a");
	EXPECT_TRUE(hears(a, "a"));
	EXPECT_TRUE(hears(b, "b"));
	EXPECT_EQ(0, slot_count(c));
	close(a);
	EXPECT_FALSE(slot_exists("a"));
	EXPECT_TRUE(slot_exists("a\\b"));
}

TEST(a_plain_name_can_be_asked_for_in_unc_spelling)
{
	int server = slot_serve("Dir\\Slot");
	struct stat plain, unc;

	ASSERT_OK(server);
	say(slot_open("\\\\.\\mailslot\\dir\\slot"), "one");
	say(slot_open("\\\\.\\MailSlot\\DIR\\SLOT"), "two");
	EXPECT_TRUE(hears(server, "one"));
	EXPECT_TRUE(hears(server, "two"));
	EXPECT_OK(stat(slot_path("dir\\slot"), &plain));
	EXPECT_OK(stat(slot_path("\\\\.\\MAILSLOT\\dir\\slot"), &unc));
	EXPECT_EQ(plain.st_ino, unc.st_ino);
}

TEST(the_create_call_takes_unc_spelling)
{
	int server = slot_create("\\\\.\\MAILslot\\Slot", 0, 0);

	ASSERT_OK(server);
	EXPECT_TRUE(listed("Slot"));
	say(slot_open("slot"), "one");
	EXPECT_TRUE(hears(server, "one"));
	EXPECT_ERR(slot_create("\\\\.\\mailslot\\SLOT", 0, 0), EEXIST);
	EXPECT_ERR(slot_create("sLOT", 0, 0), EEXIST);
}

TEST(opening_never_creates_from_a_unc_name)
{
	static const char name[] = "\\\\.\\mailslot\\slot";

	EXPECT_ERR(open(slot_path(name), O_CREAT | O_RDWR), EINVAL);
	EXPECT_ERR(open(slot_path(name), O_CREAT | O_RDONLY), EINVAL);
	EXPECT_ERR(open(slot_path(name), O_CREAT | O_EXCL | O_RDWR), EINVAL);
	EXPECT_ERR(open(slot_path(name), O_CREAT | O_WRONLY), ENOENT);
	EXPECT_ERR(open(slot_path(name), O_WRONLY), ENOENT);
	EXPECT_ERR(open(slot_path(name), O_RDONLY), ENOENT);
	EXPECT_FALSE(listed("slot"));

	ASSERT_OK(slot_serve("slot"));
	EXPECT_ERR(open(slot_path(name), O_CREAT | O_RDWR), EBUSY);
}

TEST(nobody_can_create_a_remote_slot)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(remote); i++) {
		EXPECT_ERR(slot_create(remote[i], 0, 0), EINVAL)
			TH_LOG("%s", remote[i]);
		EXPECT_ERR(slot_serve(remote[i]), EINVAL)
			TH_LOG("%s", remote[i]);
		EXPECT_ERR(open(slot_path(remote[i]), O_CREAT | O_RDONLY),
			   EINVAL) TH_LOG("%s", remote[i]);
		EXPECT_FALSE(listed(remote[i]));
	}
}

/* Remote delivery is off unless a mount says otherwise. */
TEST(remote_names_say_that_the_network_is_off)
{
	struct stat st;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(remote); i++) {
		EXPECT_ERR(slot_open(remote[i]), ENETDOWN)
			TH_LOG("%s", remote[i]);
		EXPECT_ERR(open(slot_path(remote[i]), O_WRONLY | O_CREAT |
				O_TRUNC, 0666), ENETDOWN)
			TH_LOG("%s", remote[i]);
		EXPECT_ERR(stat(slot_path(remote[i]), &st), ENETDOWN)
			TH_LOG("%s", remote[i]);
	}
}

TEST_HARNESS_MAIN
