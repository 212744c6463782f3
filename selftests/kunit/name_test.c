// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the names: which are legal, and which are the same.
 */
#include "../../module/name.h"
#include "text.h"

/* Every way into the parser must give the same answer for a plain name. */
static void expect_plain(struct kunit *test, const char *at, size_t len,
			 int expected)
{
	const char *name = exactly(test, at, len);
	struct mslot_name parsed;
	u32 hash = 4711;

	KUNIT_EXPECT_EQ_MSG(test, mslot_name_check(name, len), expected,
			    "check '%s'", at);
	KUNIT_EXPECT_EQ_MSG(test, mslot_name_parse(name, len, &parsed),
			    expected, "parse '%s'", at);
	KUNIT_EXPECT_EQ_MSG(test, mslot_name_hash(name, len, NULL, &hash),
			    expected, "hash '%s'", at);
	if (expected) {
		KUNIT_EXPECT_EQ_MSG(test, hash, 4711, "hash of '%s'", at);
		return;
	}
	KUNIT_EXPECT_TRUE_MSG(test, parsed.slot == name, "slot of '%s'", at);
	KUNIT_EXPECT_EQ_MSG(test, parsed.slot_len, len, "slot of '%s'", at);
	KUNIT_EXPECT_FALSE_MSG(test, parsed.unc, "'%s'", at);
	KUNIT_EXPECT_FALSE_MSG(test, parsed.remote, "'%s'", at);
}

static const struct text legal_names[] = {
	TEXT("x"),
	TEXT("Cooldirectory\\Funtest\\slot"),
	TEXT("mailslot\\x"),
	TEXT("a b"),
	TEXT(" "),
	TEXT("a."),
	TEXT(".a"),
	TEXT("..."),
	TEXT("..a\\b.."),
	TEXT("a\\...\\b"),
	TEXT("?*<>|\":#@~"),
	TEXT("\xc2\x80"),
	TEXT("\xc3\xa9t\xc3\xa9"),
	TEXT("\xe0\xa0\x80"),
	TEXT("\xed\x9f\xbf"),
	TEXT("\xee\x80\x80"),
	TEXT("\xef\xbf\xbf"),
	TEXT("\xf0\x90\x80\x80"),
	TEXT("\xf0\x9f\x93\xab"),
	TEXT("\xf4\x8f\xbf\xbf"),
};

static void name_accepts(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(legal_names); i++)
		expect_plain(test, legal_names[i].at, legal_names[i].len, 0);
}

static const struct text bad_components[] = {
	TEXT("."),
	TEXT(".."),
	TEXT("\\"),
	TEXT("\\a"),
	TEXT("a\\"),
	TEXT("a\\\\b"),
	TEXT("a\\."),
	TEXT(".\\a"),
	TEXT("a\\.."),
	TEXT("..\\a"),
	TEXT("a\\..\\b"),
	TEXT("a\\.\\b"),
};

static void name_rejects_components(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_components); i++)
		expect_plain(test, bad_components[i].at, bad_components[i].len,
			     -EINVAL);
}

static void name_rejects_characters(struct kunit *test)
{
	unsigned int c;

	for (c = 0; c < 0x80; c++) {
		const char name[] = { 'a', c, 'b', 0 };
		bool bad = c < 0x20 || c == 0x7f || c == '/';

		expect_plain(test, name, 3, bad ? -EINVAL : 0);
	}
}

/* RFC 3629: stray and missing continuations, overlong forms, no characters */
static const struct text bad_utf8[] = {
	TEXT("\x80"),
	TEXT("\xbf"),
	TEXT("\xbf\xbf"),
	TEXT("a\xe9"),
	TEXT("\xc3"),
	TEXT("\xc3("),
	TEXT("\xc3\xc3\xa9"),
	TEXT("\xc0\x80"),
	TEXT("\xc0\xaf"),
	TEXT("\xc1\xbf"),
	TEXT("\xe2\x82"),
	TEXT("\xe2\x82x"),
	TEXT("\xe0\x80\xaf"),
	TEXT("\xe0\x9f\xbf"),
	TEXT("\xed\xa0\x80"),
	TEXT("\xed\xbf\xbf"),
	TEXT("\xf0\x9f\x93"),
	TEXT("\xf0\x80\x80\xaf"),
	TEXT("\xf0\x8f\xbf\xbf"),
	TEXT("\xf4\x90\x80\x80"),
	TEXT("\xf5\x80\x80\x80"),
	TEXT("\xf8\x88\x80\x80\x80"),
	TEXT("\xf9\x80\x80\x80"),
	TEXT("\xfe"),
	TEXT("\xff"),
};

static void name_rejects_bad_utf8(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_utf8); i++)
		expect_plain(test, bad_utf8[i].at, bad_utf8[i].len, -EINVAL);
}

static void expect_long(struct kunit *test, const char *prefix, size_t len,
			int expected)
{
	size_t prefix_len = strlen(prefix);
	char *name = kunit_kmalloc(test, prefix_len + len, GFP_KERNEL);
	struct mslot_name parsed;
	u32 hash;

	KUNIT_ASSERT_NOT_NULL(test, name);
	memcpy(name, prefix, prefix_len);
	memset(name + prefix_len, 'n', len);
	len += prefix_len;
	KUNIT_EXPECT_EQ_MSG(test, mslot_name_parse(name, len, &parsed),
			    expected, "%zu behind '%s'", len, prefix);
	KUNIT_EXPECT_EQ_MSG(test, mslot_name_hash(name, len, NULL, &hash),
			    expected, "%zu behind '%s'", len, prefix);
}

static void name_limits_length(struct kunit *test)
{
	static const char * const prefixes[] = { "", LOCAL, REMOTE };
	struct mslot_name parsed;
	size_t i;
	u32 hash;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		expect_long(test, prefixes[i], MSLOT_NAME_MAX, 0);
		expect_long(test, prefixes[i], MSLOT_NAME_MAX + 1,
			    -ENAMETOOLONG);
		expect_long(test, prefixes[i], 4000, -ENAMETOOLONG);
	}
	KUNIT_EXPECT_EQ(test, mslot_name_check("", 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, mslot_name_parse("", 0, &parsed), -ENOENT);
	KUNIT_EXPECT_EQ(test, mslot_name_hash("", 0, NULL, &hash), -ENOENT);
}

struct pair {
	struct text a;
	struct text b;
};

static const struct pair equal_names[] = {
	{ TEXT("x"), TEXT("X") },
	{ TEXT("Net\\Logon"), TEXT("nET\\lOGON") },
	{ TEXT(LOCAL "x"), TEXT("X") },
	{ TEXT("\\\\.\\MAILSLOT\\x"), TEXT("\\\\.\\mailslot\\X") },
	{ TEXT("\xc3\xa9t\xc3\xa9"), TEXT("\xc3\x89T\xc3\x89") },
	{ TEXT("\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0"),
	  TEXT("\xd0\x9f\xd0\x9e\xd0\xa7\xd0\xa2\xd0\x90") },
	{ TEXT("\xc3\xbf"), TEXT("\xc5\xb8") },
	/* U+2C65 and U+023A: the two cases differ in length */
	{ TEXT("a\xe2\xb1\xa5z"), TEXT("A\xc8\xbaZ") },
	{ TEXT(REMOTE "x"), TEXT("\\\\host\\MAILSLOT\\X") },
	{ TEXT("\\\\*\\mailslot\\x"), TEXT("\\\\*\\Mailslot\\X") },
};

static void expect_hashes(struct kunit *test, const struct pair *pair)
{
	u32 hash_a = 1, hash_b = 2, salted = 3;

	mslot_name_hash(pair->a.at, pair->a.len, test, &hash_a);
	mslot_name_hash(pair->b.at, pair->b.len, test, &hash_b);
	mslot_name_hash(pair->a.at, pair->a.len, NULL, &salted);
	KUNIT_EXPECT_EQ_MSG(test, hash_a, hash_b, "'%s', '%s'", pair->a.at,
			    pair->b.at);
	KUNIT_EXPECT_NE(test, hash_a, salted);
}

static void equal_without_case(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(equal_names); i++) {
		const struct pair *pair = &equal_names[i];
		const char *a = exactly(test, pair->a.at, pair->a.len);
		const char *b = exactly(test, pair->b.at, pair->b.len);

		KUNIT_EXPECT_TRUE_MSG(test, mslot_name_equal(a, pair->a.len, b,
							     pair->b.len),
				      "'%s', '%s'", pair->a.at, pair->b.at);
		KUNIT_EXPECT_TRUE_MSG(test, mslot_name_equal(b, pair->b.len, a,
							     pair->a.len),
				      "'%s', '%s'", pair->a.at, pair->b.at);
		expect_hashes(test, pair);
	}
}

static const struct pair different_names[] = {
	{ TEXT("x"), TEXT("y") },
	{ TEXT("x"), TEXT("xx") },
	{ TEXT("x"), TEXT("") },
	{ TEXT("a"), TEXT("a\\b") },
	{ TEXT("["), TEXT("{") },
	{ TEXT("@"), TEXT("`") },
	{ TEXT("a\0b"), TEXT("a\0c") },
	{ TEXT(LOCAL "x"), TEXT(REMOTE "x") },
	{ TEXT("x"), TEXT(REMOTE "x") },
	{ TEXT(REMOTE "x"), TEXT("\\\\HOST#00\\mailslot\\x") },
	{ TEXT(LOCAL REMOTE "x"), TEXT(REMOTE "x") },
	{ TEXT(LOCAL), TEXT("\\\\.\\mailslot") },
	/* Not there and back: dotless i, long s, micro sign, final sigma */
	{ TEXT("\xc4\xb1"), TEXT("I") },
	{ TEXT("\xc5\xbf"), TEXT("S") },
	{ TEXT("\xc2\xb5"), TEXT("\xce\x9c") },
	{ TEXT("\xcf\x82"), TEXT("\xce\xa3") },
	{ TEXT("\xc3\x9f"), TEXT("SS") },
	/* Composed and decomposed: no normalisation */
	{ TEXT("\xc3\xa9"), TEXT("e\xcc\x81") },
	/* Beyond the BMP: U+10428 and U+10400 */
	{ TEXT("\xf0\x90\x90\xa8"), TEXT("\xf0\x90\x90\x80") },
	/* What is no UTF-8 equals only itself */
	{ TEXT("\xff"), TEXT("\xfe") },
	{ TEXT("\xe9"), TEXT("\xc9") },
	{ TEXT("\x80"), TEXT("\xc2\x80") },
	{ TEXT("\xc3"), TEXT("\xc3\xa9") },
	{ TEXT("\xe9"), TEXT("\xc3\xa9") },
	{ TEXT("\xc1\xa1"), TEXT("a") },
};

static void different_stay_different(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(different_names); i++) {
		const struct pair *pair = &different_names[i];
		const char *a = exactly(test, pair->a.at, pair->a.len);
		const char *b = exactly(test, pair->b.at, pair->b.len);

		KUNIT_EXPECT_FALSE_MSG(test, mslot_name_equal(a, pair->a.len, b,
							      pair->b.len),
				       "'%s', '%s'", pair->a.at, pair->b.at);
		KUNIT_EXPECT_FALSE_MSG(test, mslot_name_equal(b, pair->b.len, a,
							      pair->a.len),
				       "'%s', '%s'", pair->a.at, pair->b.at);
	}
	KUNIT_EXPECT_TRUE(test, mslot_name_equal("A\xff", 2, "a\xff", 2));
}

static size_t utf8_encode(u32 letter, char *to)
{
	if (letter < 0x80) {
		to[0] = letter;
		return 1;
	}
	if (letter < 0x800) {
		to[0] = 0xc0 | letter >> 6;
		to[1] = 0x80 | (letter & 0x3f);
		return 2;
	}
	to[0] = 0xe0 | letter >> 12;
	to[1] = 0x80 | ((letter >> 6) & 0x3f);
	to[2] = 0x80 | (letter & 0x3f);
	return 3;
}

static bool folds_alike(u32 letter)
{
	char a[4], b[4];
	size_t alen = utf8_encode(letter, a);
	size_t blen = utf8_encode(mslot_fold(letter), b);
	u32 hash_a = 1, hash_b = 2;

	if (mslot_name_hash(a, alen, NULL, &hash_a) ||
	    mslot_name_hash(b, blen, NULL, &hash_b))
		return letter < 0x20 || letter == '/' || letter == '\\' ||
		       letter == '.' || letter == 0x7f ||
		       (letter >= 0xd800 && letter <= 0xdfff);
	return hash_a == hash_b && mslot_name_equal(a, alen, b, blen);
}

/* Hash and comparison fold every letter, and both in the same way. */
static void fold_is_consistent(struct kunit *test)
{
	unsigned int folding = 0;
	u32 letter;

	for (letter = 0; letter < 0x10000; letter++) {
		u32 folded = mslot_fold(letter);

		folding += folded != letter;
		if (folded > 0xffff || mslot_fold(folded) != folded ||
		    (letter >= 0x80 && folded < 0x80) || !folds_alike(letter))
			KUNIT_EXPECT_EQ_MSG(test, letter, folded, "bad fold");
	}
	/* 26 of ASCII; Windows 7 had 973, and later letters came to them. */
	KUNIT_EXPECT_TRUE(test, folding >= 973);
	KUNIT_EXPECT_EQ(test, mslot_fold(0x10428), 0x10428);
	KUNIT_EXPECT_EQ(test, mslot_fold(0xffffffff), 0xffffffff);
}

static struct kunit_case name_cases[] = {
	KUNIT_CASE(name_accepts),
	KUNIT_CASE(name_rejects_components),
	KUNIT_CASE(name_rejects_characters),
	KUNIT_CASE(name_rejects_bad_utf8),
	KUNIT_CASE(name_limits_length),
	KUNIT_CASE(equal_without_case),
	KUNIT_CASE(different_stay_different),
	KUNIT_CASE(fold_is_consistent),
	{}
};

static struct kunit_suite name_suite = {
	.name = "mailslot-name",
	.test_cases = name_cases,
};

kunit_test_suite(name_suite);

MODULE_DESCRIPTION("KUnit tests of mailslot names");
MODULE_LICENSE("GPL");
