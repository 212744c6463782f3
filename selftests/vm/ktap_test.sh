#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What every verdict goes through, the parser of results and the scan of the
# kernel's log, tested on small outputs; part of the static stage.
. "$(dirname "$0")/../tests/ktap.sh"
. "$(dirname "$0")/klog.sh"

awk_file=$(dirname "$0")/ktap.awk

# counts DESCRIPTION WANTED STATUS PLANS TEXT
counts() {
	is "$(printf '%b' "$5" | awk -v status="$3" -v plans="$4" -f "$awk_file" | head -n 1)" \
		"$2" "$1"
}

counts "plain" "2 0 0" 0 1 "KTAP version 1\n1..2\nok 1 a\nok 2 b\n"
counts "plan at the end" "2 0 0" 0 1 "ok 1 a\nok 2 b\n1..2\n"
counts "one failed" "1 1 0" 1 1 "1..2\nok 1 a\nnot ok 2 b\n"
counts "one skipped" "1 0 1" 0 1 "1..2\nok 1 a\nok 2 b # SKIP no net\n"
counts "ends early" "1 1 0" 0 1 "1..2\nok 1 a\n"
counts "no plan" "1 1 0" 0 1 "ok 1 a\n"
counts "no test" "0 1 0" 0 1 "hello\n"
counts "an empty plan" "0 1 0" 0 1 "1..0\n"
counts "all skipped" "0 0 1" 4 1 "1..0 # SKIP no ioctl\n"
counts "exit 4 without output" "0 0 1" 4 1 ""
counts "crash after the last test" "2 1 0" 139 1 "1..2\nok 1 a\nok 2 b\n"
counts "time-out" "1 1 0" 124 1 "1..2\nok 1 a\n"
counts "more than planned" "2 1 0" 0 1 "1..1\nok 1 a\nok 2 b\n"
counts "bail out" "1 2 0" 0 1 "1..2\nok 1 a\nBail out! no module\n"
counts "subtests" "3 0 0" 0 1 \
	"1..2\n    1..2\n    ok 1 a\n    ok 2 b\nok 1 s\nok 2 t\n"
counts "a subtest failed" "1 1 0" 1 1 \
	"1..1\n    1..2\n    ok 1 a\n    not ok 2 b\nnot ok 1 s\n"
counts "only the sum failed" "2 1 0" 1 1 \
	"1..1\n    1..2\n    ok 1 a\n    ok 2 b\nnot ok 1 s\n"
counts "a subtest ends early" "1 1 0" 0 1 "1..1\n    1..2\n    ok 1 a\nok 1 s\n"
counts "kunit module, no outer plan" "3 0 0" 0 0 \
	"    # Subtest: x\n    1..1\n    ok 1 a\nok 1 x\n    # Subtest: y\n    1..2\n    ok 1 c\n    ok 2 d\nok 2 y\n"
counts "kunit module dies in a suite" "1 1 0" 0 0 \
	"    # Subtest: x\n    1..2\n    ok 1 a\n"
counts "parameterised kunit" "2 0 0" 0 0 \
	"    # Subtest: x\n    1..1\n        # Subtest: p\n        ok 1 one\n        ok 2 two\n    ok 1 p\nok 1 x\n"
counts "kunit module dies after a suite's last test" "1 1 0" 0 0 \
	"    # Subtest: x\n    1..1\n    ok 1 a\n"

# scans DESCRIPTION WANTED TEXT [last]: does the log hold a complaint?
scans() {
	is "$(printf '%b' "$3" | klog_scan - "${4-}" >/dev/null && echo yes || echo no)" \
		"$2" "$1"
}

started="$klog_marker\n"
scans "a warning while booting" no "WARNING: x\n${started}fine\n"
scans "a bug while booting" yes "BUG: x\n$started"
scans "a warning afterwards" yes "${started}WARNING: x\n"
scans "one of any suite" yes "${started}WARNING: x\n${started}fine\n"
scans "one of the suite before" no "${started}WARNING: x\n${started}fine\n" last
scans "one of this suite" yes "${started}WARNING: x\n${started}WARNING: y\n" last
done_testing
