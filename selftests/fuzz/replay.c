// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a fuzz target once over each file named, where there is no libFuzzer.
 */
#include "fuzz.h"

#define INPUT_MAX 65536

static void replay(const char *path)
{
	static u8 input[INPUT_MAX];
	FILE *file = fopen(path, "rb");
	size_t len;

	if (!file) {
		perror(path);
		exit(1);
	}
	len = fread(input, 1, sizeof(input), file);
	fclose(file);
	FUZZ_TARGET(input, len);
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%d inputs\n", argc - 1);
	return argc < 2;
}
