/* SPDX-License-Identifier: GPL-2.0-only */
/* What the fuzz targets share. */
#ifndef _FUZZ_H
#define _FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "../../module/pure.h"

/* The Makefile gives it the name that libFuzzer or replay.c calls. */
int FUZZ_TARGET(const u8 *data, size_t size);

/* Unlike assert(3), never compiled away. */
#define MUST(condition) do { \
	if (!(condition)) { \
		fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, \
			#condition); \
		abort(); \
	} \
} while (0)

/* Into memory of just that size, so that ASan sees a byte too many. */
static inline void *exactly(const void *bytes, size_t len)
{
	void *copy = malloc(len ? len : 1);

	MUST(copy);
	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

#endif /* _FUZZ_H */
