/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Texts of known length for the tests of names.
 */
#ifndef _TEXT_H
#define _TEXT_H

#include "kunit_tap.h"

#define TEXT(text) { (text), sizeof(text) - 1 }
#define LOCAL "\\\\.\\mailslot\\"
#define REMOTE "\\\\HOST\\mailslot\\"

struct text {
	const char *at;
	size_t len;
};

/* Into memory of just that size, so that KASAN or ASan see a byte too many. */
static inline const char *exactly(struct kunit *test, const char *at,
				  size_t len)
{
	char *copy = kunit_kmalloc(test, len ? len : 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, at, len);
	return copy;
}

#endif /* _TEXT_H */
