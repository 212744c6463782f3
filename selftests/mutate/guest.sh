#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh N...: in a test machine, run for each mutant the suites that should
# notice it, and leave a verdict for mutate.sh. See there.
set -uo pipefail
vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../vm" && pwd -P)

# What hangs for long enough is to end the machine, as what crashes does.
sysctl -q -w kernel.softlockup_panic=1 kernel.hung_task_panic=1 \
	kernel.hung_task_timeout_secs=90 kernel.panic_on_rcu_stall=1

# noticed_by LOG...: the first test that failed.
noticed_by() {
	local test
	test=$(sed -nE 's/^ *not ok [0-9]+ (- )?//p' "$@" 2>/dev/null | head -n 1)
	echo "${test:-$(grep -hoE 'not ok: .*' /run/vm/report | head -n 1)}"
}

# limit SUITE: thrice what it took without a mutation, once that is known.
limit() {
	local seconds
	seconds=$(sed -n "s/^${1%.sh} .* //p" /run/vm/times 2>/dev/null | tail -n 1)
	[ -z "$seconds" ] || echo $((seconds * 3 + 20))
}

# try N: whether a suite notices.
try() {
	local n=$1 suite suites
	read -ra suites <"/run/vm/$n.suites"
	for suite in "${suites[@]}"; do
		MAILSLOT_KO=/run/vm/$n.ko MAILSLOT_SUITE_LIMIT=$(limit "$suite") \
			"$vm_dir/guest.sh" "$suite" >/run/vm/report 2>&1 || {
			echo "KILLED $suite: $(noticed_by "/run/vm/${suite%.sh}.log")"
			return
		}
		[ "$n" != 0 ] || grep "^${suite%.sh} " /run/vm/results >>/run/vm/times
	done
	echo "SURVIVED ${suites[*]}"
}

# The next mutant needs a machine in which no other one is left, and whose
# kernel has not yet given the warnings that it gives only once.
good_as_new() {
	! grep -q '^mailslot ' /proc/modules &&
		! (($(cat /proc/sys/kernel/tainted) & (1 << 7 | 1 << 9)))
}

for n in "$@"; do
	echo "$n" >/run/vm/trying
	try "$n" >/run/vm/verdict
	mv /run/vm/verdict "/run/vm/$n.verdict"
	good_as_new || exit
done
