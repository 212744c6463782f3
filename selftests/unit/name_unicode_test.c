// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares the table by which names fold with the whole of UnicodeData.txt
 * (Debian's package unicode-data), where that is installed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../../module/name.h"

#define UNICODE_DIR "/usr/share/unicode/"
#define BMP 0x10000
#define LETTERS 0x110000

static u32 upper[LETTERS], lower[LETTERS];

static u32 parse_field(const char *line, int number)
{
	while (number-- > 0 && line)
		line = strchr(line, ';') ? strchr(line, ';') + 1 : NULL;
	return line ? strtoul(line, NULL, 16) : 0;
}

static bool read_unicode_data(void)
{
	FILE *file = fopen(UNICODE_DIR "UnicodeData.txt", "r");
	char line[1024];

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		u32 letter = parse_field(line, 0);

		if (letter >= LETTERS)
			continue;
		upper[letter] = parse_field(line, 12);
		lower[letter] = parse_field(line, 13);
	}
	fclose(file);
	return true;
}

/* Later versions of Unicode may add pairs, but never change one. */
static bool is_version_15(void)
{
	FILE *file = fopen(UNICODE_DIR "DerivedAge.txt", "r");
	char line[64] = "";

	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	return !strncmp(line, "# DerivedAge-15.0.", 18);
}

/* The rule: to the simple upper case, if its lower case leads back. */
static u32 expected_fold(u32 letter)
{
	u32 folded = upper[letter];

	if (letter >= BMP || !folded || folded >= BMP ||
	    lower[folded] != letter)
		return letter;
	return folded;
}

static unsigned int count_wrong(bool exact)
{
	unsigned int wrong = 0;
	u32 letter;

	for (letter = 0; letter < LETTERS; letter++) {
		u32 folded = mslot_fold(letter);

		if (folded == expected_fold(letter) ||
		    (folded == letter && !exact))
			continue;
		printf("# U+%04X folds to U+%04X, not to U+%04X\n", letter,
		       folded, expected_fold(letter));
		wrong++;
	}
	return wrong;
}

int main(void)
{
	bool exact;

	printf("TAP version 13\n1..1\n");
	if (!read_unicode_data()) {
		printf("ok 1 - fold table # SKIP no %sUnicodeData.txt\n",
		       UNICODE_DIR);
		return 0;
	}
	exact = is_version_15();
	if (count_wrong(exact)) {
		printf("not ok 1 - fold table\n");
		return 1;
	}
	printf("ok 1 - fold table agrees with %s of UnicodeData.txt\n",
	       exact ? "all" : "what it has");
	return 0;
}
