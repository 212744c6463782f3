#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # ktap.sh calls by name
#
# What reads bytes that others wrote: the seeds, and inputs made of them.
cd "$(dirname "$0")" || exit 1
. ../tests/ktap.sh

# inputs TARGET: how many the fuzzer has tried.
inputs() {
	make -s -C ../fuzz "quick-$1" 2>&1 | tee fuzz.log |
		sed -n 's/^stat::number_of_executed_units: *//p'
}

for target in name wire nbns; do
	check "every seed of $target" make -s -C ../fuzz seeds-$target
	is "$(inputs $target)" 200000 "200000 inputs made of them" ||
		diag "$(tail -n 30 fuzz.log)"
done
rm -f fuzz.log
done_testing
