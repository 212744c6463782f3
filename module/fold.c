// SPDX-License-Identifier: GPL-2.0-only
/*
 * Upper-casing of one letter, as Windows compares the names of its objects.
 *
 * The kernel's own utf8 tables fold with normalisation, which Windows does not
 * do, and its NLS tables know one code page each. Hence a table of our own: it
 * is small, because most letters stand in runs.
 */
#include "name.h"

/*
 * The letters first, first + stride, ... last fold by adding delta, which is
 * taken modulo 65,536 so that one type holds both directions.
 */
struct fold_range {
	u16 first;
	u16 last;
	u16 delta;
	u16 stride;
};

#include "fold_table.h"

static u32 fold_in_range(const struct fold_range *range, u32 letter)
{
	if ((letter - range->first) % range->stride)
		return letter;
	return (letter + range->delta) & 0xffff;
}

/**
 * mslot_fold - the upper-case form of a letter
 * @letter: Unicode code point; any other value is returned as it is.
 *
 * Simple 1:1 upper-casing over the BMP, without the mappings that do not lead
 * back (dotless i, long s, micro sign, final sigma and the like), which agrees
 * with the $UpCase table that mkntfs writes for Windows 7 and later.
 *
 * Context: Any.
 * Return: The folded code point.
 */
u32 mslot_fold(u32 letter)
{
	size_t low = 0, high = ARRAY_SIZE(fold_ranges);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct fold_range *range = &fold_ranges[middle];

		if (letter < range->first)
			high = middle;
		else if (letter > range->last)
			low = middle + 1;
		else
			return fold_in_range(range, letter);
	}
	return letter;
}
