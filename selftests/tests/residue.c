// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing is left of a slot that is gone: numbers of objects, and memory.
 *
 * suite-timeout: 240
 */
#include <sys/resource.h>

#include "mailslot_test.h"

/*
 * The checking allocators hold on to what was freed, and there kmemleak has
 * the say; so a debug kernel does the work, less of it, and counts only what
 * is not hidden from it.
 */
static int scaled(int n)
{
	return on_debug_kernel() ? n / 20 : n;
}

/**
 * struct usage - what exists in the whole machine
 * @dentries: Names, of all file systems.
 * @slots: Inodes of ours in use; -1 if the kernel does not tell.
 * @slab_kb: Memory of all slab caches, in KiB.
 */
struct usage {
	long dentries;
	long slots;
	long slab_kb;
};

static long number_in(const char *path, const char *format)
{
	FILE *file = fopen(path, "re");
	long number = -1;
	char line[512];

	while (file && number < 0 && fgets(line, sizeof(line), file))
		if (sscanf(line, format, &number) != 1)
			number = -1;
	if (file)
		fclose(file);
	return number;
}

/* Without a shrink, what each processor keeps at hand counts as in use. */
static struct usage measure(void)
{
	write_file("/sys/kernel/slab/mailslot_inode/shrink", "1");
	return (struct usage) {
		.dentries = number_in("/proc/sys/fs/dentry-state", "%ld"),
		.slots = number_in("/proc/slabinfo", "mailslot_inode %ld"),
		.slab_kb = number_in("/proc/meminfo", "Slab: %ld kB"),
	};
}

/*
 * Back to where we were: the inodes to the last one, as nobody else has any.
 * Names come and go in the rest of the system as well, and a slab page is
 * given back only when all on it are free: hence a margin. It is a fraction
 * of what one byte lost in each slot, or one name in a hundred, would come to:
 * 100,000 slots are 100 MiB.
 */
#define MARGIN_DENTRIES	500
#define MARGIN_KB	4096

static bool is_back(const struct usage *before, const struct usage *now)
{
	if (on_debug_kernel())
		return now->dentries <= before->dentries + MARGIN_DENTRIES;
	return now->slots <= before->slots &&
	       now->dentries <= before->dentries + MARGIN_DENTRIES &&
	       now->slab_kb <= before->slab_kb + MARGIN_KB;
}

/* Inodes are freed after a grace period, so wait for it. */
static void expect_back(struct __test_metadata *_metadata,
			const struct usage *before)
{
	struct usage now;

	EXPECT_TRUE(wait_until((now = measure(), is_back(before, &now))))
		TH_LOG("slots %ld -> %ld, names %ld -> %ld, slab %ld -> %ld KiB",
		       before->slots, now.slots, before->dentries,
		       now.dentries, before->slab_kb, now.slab_kb);
}

static int churn_one(int round)
{
	int server, client, err;

	server = round % 2 ? slot_serve("slot") : slot_create("slot", 0, 0);
	client = slot_open("SLOT");
	err = say(client, "left behind") != 11;
	/* Now and then the client is last. */
	if (round % 3)
		close(server);
	close(client);
	if (!(round % 3))
		close(server);
	return err;
}

static int churn(int rounds)
{
	int i;

	for (i = 0; i < rounds; i++)
		if (churn_one(i))
			return -1;
	return 0;
}

TEST(a_hundred_thousand_slots_leave_nothing_behind)
{
	struct usage before;

	ASSERT_OK(churn(1000));
	before = measure();
	ASSERT_OK(churn(scaled(100000)));
	expect_back(_metadata, &before);
}

static char letter[3000];

/* Message @n of slot @slot is recognisable and has a size of its own. */
static size_t letter_for(int slot, int n)
{
	size_t size = n ? 2900 : 100;

	memset(letter, '.', size);
	snprintf(letter, sizeof(letter), "%d/%d", slot, n);
	return size;
}

static int fill_slot(int i)
{
	char name[32];
	int server, client, n;

	snprintf(name, sizeof(name), "Dir\\slot%d", i);
	server = slot_create(name, 0, 0);
	client = slot_open(name);
	for (n = 0; n < 2; n++) {
		size_t size = letter_for(i, n);

		if (write(client, letter, size) != (ssize_t)size)
			return -1;
	}
	close(client);
	return server;
}

static bool slot_has_its_letters(int server, int i)
{
	char buf[sizeof(letter)];
	int n;

	for (n = 0; n < 2; n++) {
		ssize_t size = letter_for(i, n);

		if (read(server, buf, sizeof(buf)) != size ||
		    memcmp(buf, letter, size))
			return false;
	}
	return slot_count(server) == 0;
}

static int listed(void)
{
	DIR *dir = opendir(slot_root());
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n - 2;
}

static void hold(struct __test_metadata *_metadata, int slots)
{
	int *server = calloc(slots, sizeof(*server)), i;

	for (i = 0; i < slots; i++) {
		server[i] = fill_slot(i);
		ASSERT_OK(server[i]) TH_LOG("slot %d", i);
	}
	EXPECT_EQ(slots, listed());
	EXPECT_EQ(slots, number_in("/proc/net/mailslot", "counter slots %ld"));
	/* Some are emptied, and so have buffers to keep; the rest stay full. */
	for (i = 0; i < slots; i += 10) {
		EXPECT_TRUE(slot_has_its_letters(server[i], i))
			TH_LOG("slot %d", i);
	}
	for (i = 0; i < slots; i++)
		close(server[i]);
	EXPECT_EQ(0, listed());
	EXPECT_EQ(0, number_in("/proc/net/mailslot", "counter slots %ld"));
	free(server);
}

TEST(ten_thousand_full_slots_leave_nothing_behind)
{
	const struct rlimit files = { 10100, 10100 };
	struct usage before;

	ASSERT_OK(setrlimit(RLIMIT_NOFILE, &files));
	/* So that tables which only ever grow have grown. */
	hold(_metadata, scaled(10000));
	before = measure();
	hold(_metadata, scaled(10000));
	expect_back(_metadata, &before);
}

TEST_HARNESS_MAIN
