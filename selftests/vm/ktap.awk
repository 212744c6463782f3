# SPDX-License-Identifier: GPL-2.0-only
#
# Reads one suite's (K)TAP and prints "PASSED FAILED SKIPPED", then one line a
# failure.  Variables: status, the suite's exit status; plans=0 when a level may
# lack its plan (the outermost and the parameterised ones of KUnit modules do).
#
# A suite has failed, whatever its tests said, when it ends before its plan is
# complete, runs no test, or exits with a status that its tests do not explain.

function indent_of(line) { match(line, /^ */); return int(RLENGTH / 4) }

function problem(text) { failed++; lines[++n] = "not ok: " text }

# Leaving a level: were as many results there as its plan said?
function close_level(d) {
	if (plan[d] >= 0 && seen[d] != plan[d])
		problem("planned " plan[d] " tests, " seen[d] + 0 " reported" where(d))
	else if (plan[d] < 0 && seen[d] && plans != "0")
		problem("no plan" where(d))
	plan[d] = -1
	seen[d] = 0
	bad[d] = 0
}

function where(d) { return d > 0 ? " in a subtest" : "" }

# The summary line of a group of subtests is no test, unless it alone failed.
function result(d, ok, skip, text,    inner) {
	inner = deepest > d ? tests_below(d) : 0
	if (!inner) {
		if (!ok) { failed++; bad[d]++; lines[++n] = text }
		else if (skip) skipped++
		else passed++
	} else if (!ok && !bad[d + 1]) {
		problem(text)
		bad[d]++
	} else if (!ok) {
		bad[d]++
	}
	while (deepest > d)
		close_level(deepest--)
	deepest = d
	seen[d]++
}

function tests_below(d,    i, sum) {
	for (i = d + 1; i <= deepest; i++)
		sum += seen[i]
	return sum
}

BEGIN {
	passed = failed = skipped = n = deepest = 0
	for (d = 0; d < 50; d++)
		plan[d] = -1
}

{ sub(/\r$/, "") }

/^ *1\.\.[0-9]+/ {
	d = indent_of($0)
	text = $0
	sub(/^ *1\.\./, "", text)
	plan[d] = text + 0
	if (d > deepest)
		deepest = d
	if (d == 0 && plan[0] == 0 && toupper($0) ~ /# *SKIP/)
		skip_all = 1
	next
}

/^ *(not )?ok [0-9]+/ {
	result(indent_of($0), $0 !~ /^ *not /, toupper($0) ~ /# *SKIP/, $0)
	next
}

/^ *(not )?ok( |$)/ {
	result(indent_of($0), $0 !~ /^ *not /, toupper($0) ~ /# *SKIP/, $0)
	next
}

/^ *Bail out!/ { problem($0) }

END {
	if (deepest > 0 && plans == "0" && seen[deepest] == plan[deepest])
		problem("ended inside a subtest")
	while (deepest > 0)
		close_level(deepest--)
	total = passed + failed + skipped
	if (status == 4 && failed == 0 && (total == 0 || skip_all)) {
		skipped++
	} else if (status == 124 || status == 137) {
		problem("killed: it took too long")
	} else if (total == 0) {
		problem("ran no test, exit status " status)
	} else {
		close_level(0)
		if (status != 0 && status != 4 && failed == 0)
			problem("exit status " status)
	}
	print passed, failed, skipped
	for (i = 1; i <= n; i++)
		print lines[i]
}
