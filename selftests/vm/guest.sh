#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh SUITE...: inside a test machine, load the module, run the suites one
# after the other, unload the module.  A SUITE is a program in selftests/tests,
# by its file name.
#
# For the host: /run/vm/results has one line a suite, "NAME PASSED FAILED SKIPPED
# SECONDS", and /run/vm/NAME.log what it printed.
set -uo pipefail
cd "$(dirname "$0")" || exit
. ./klog.sh
. ./suite.sh

ko=${MAILSLOT_KO:?}
tests_dir=$(cd ../tests && pwd -P)
mount_point=/dev/mailslot
cgroup=/sys/fs/cgroup/suite
results=/run/vm/results

# The checkers make everything slower; time limits are stretched by this.
case $VM_KERNEL in
debug) slow=5 ;;
*) slow=1 ;;
esac

export MAILSLOT_TOP=$VM_TOP MAILSLOT_KERNEL=$VM_KERNEL MAILSLOT_SLOW=$slow
export MAILSLOT_ROOT=$mount_point
export PATH=$VM_TOP/userlib:$PATH LD_LIBRARY_PATH=$VM_TOP/userlib

say() { printf '%s\n' "$*"; }

mark() { echo "$klog_marker" >/dev/kmsg; }

# Starting a program takes a fifth of a second on a slow kernel, so what follows
# does without where bash can.  has FILE TEXT: is the text in the file?
has() {
	local text
	IFS= read -rd '' text <"$1" || :
	[[ $text == *"$2"* ]]
}

is_loaded() { [ -d /sys/module/mailslot ]; }
is_mounted() { has /proc/self/mounts " $mount_point "; }

# prepare: a suite finds the module loaded and a fresh mount, whatever the one
# before it did.
prepare() {
	is_loaded || insmod "$ko" || return
	[ -d "$mount_point" ] || mkdir "$mount_point" || return
	is_mounted || mount -t mailslot mailslot "$mount_point"
}

nobody_is_left() { has "$cgroup/cgroup.events" "populated 0"; }
release_mount() { ! is_mounted || umount "$mount_point" 2>/dev/null; }

# A killed process lets go of its files and its control group a little later.
retry() {
	local _
	for _ in {1..30}; do
		"$@" && return
		sleep 0.1
	done
	return 1
}

# clean_up: kill what the suite left behind; then nothing may hold the mount.
clean_up() {
	echo 1 >"$cgroup/cgroup.kill"
	retry nobody_is_left
	retry release_mount
}

# A suite that needs longer says so in its source: "suite-timeout: SECONDS".
# MAILSLOT_SUITE_LIMIT is for who is in a hurry and knows what it should take.
timeout_of() {
	local seconds=${MAILSLOT_SUITE_LIMIT-}
	[ -z "$seconds" ] || {
		echo "$seconds"
		return
	}
	seconds=$(tag_of "$1" suite-timeout)
	echo $((${seconds:-120} * slow))
}

# Who is in a hurry need not see a second failure.
end_at_failure() {
	until grep -q '^not ok' "$1"; do sleep 0.5; done
	echo 1 >"$cgroup/cgroup.kill"
}

# In a control group, so that no process it started outlives it; in an empty
# directory, so that files it leaves are nobody's trouble.
run_suite() {
	local suite=$1 log=$2 work=/tmp/$1 status watcher=''
	mkdir -p "$work"
	cd "$work" || return
	if [ "${MAILSLOT_SUITE_LIMIT-}" ]; then
		end_at_failure "$log" &
		watcher=$!
	fi
	(
		echo "$BASHPID" >"$cgroup/cgroup.procs"
		exec timeout -k 5 "$(timeout_of "$suite")" "$tests_dir/$suite"
	) </dev/null >"$log" 2>&1
	status=$?
	[ -z "$watcher" ] || kill "$watcher"
	return $status
}

# report NAME LOG STATUS SECONDS PROBLEM: one line for people, one for the host.
report() {
	local name=$1 log=$2 seconds=$4 problem=$5 counts failures verdict=ok
	local passed failed skipped
	counts=$(awk -v status="$3" -f ktap.awk "$log")
	failures=${counts#*$'\n'}
	read -r passed failed skipped <<<"${counts%%$'\n'*}"
	[ -z "$problem" ] || failed=$((failed + 1))
	[ "$failed" = 0 ] || verdict=FAIL
	echo "$name $passed $failed $skipped $seconds" >>"$results"
	printf '%-6s %-4s %-24s %4d passed %3d failed %3d skipped %4d s\n' \
		"$VM_KERNEL" "$verdict" "$name" "$passed" "$failed" "$skipped" "$seconds"
	[ "$failed" != 0 ] || return 0
	{
		[ "$failures" = "$counts" ] || say "$failures"
		[ -z "$problem" ] || say "not ok: $problem"
		say "last lines of $name:"
		tail -n 25 "$log"
	} | sed "s/^/$VM_KERNEL | /"
}

test_suite() {
	local suite=$1 name=${1%.sh} log status start=$SECONDS problem=''
	log=/run/vm/$name.log
	: >"$log"
	mark
	echo "mailslot-test: $name" >/dev/kmsg
	if prepare 2>>"$log"; then
		run_suite "$suite" "$log" 2>/dev/null
		status=$?
		cd "$VM_TOP/selftests/vm" || return
		clean_up 2>>"$log" || problem="the mount is still busy after the suite"
	else
		status=1
		problem="cannot load or mount"
	fi
	if dmesg | klog_scan - last >>"$log"; then
		problem="the kernel complained"
	fi
	report "$name" "$log" "$status" $((SECONDS - start)) "$problem"
}

# kmemleak names functions only while the module is there to name them from.
scan_leaks() {
	local kmemleak=/sys/kernel/debug/kmemleak
	[ -e $kmemleak ] || return 0
	sleep 5.2
	echo scan >$kmemleak
	cat $kmemleak
	[ ! -s $kmemleak ] || ! grep -q 'unreferenced object' $kmemleak
}

# The module's own life, told as one more suite.
unload_checks() {
	# shellcheck source=../tests/ktap.sh
	. "$tests_dir/ktap.sh"
	check "no memory leaked while suites ran" scan_leaks
	! is_loaded || check "rmmod" rmmod mailslot
	if [ -z "${MAILSLOT_SUITE_LIMIT-}" ]; then
		check "insmod again" insmod "$ko"
		check "rmmod again" rmmod mailslot
	fi
	done_testing
}

test_unload() {
	local log=/run/vm/unload.log start=$SECONDS status problem=''
	mark
	(unload_checks) >"$log" 2>&1
	status=$?
	if dmesg | klog_scan - last >>"$log"; then
		problem="the kernel complained"
	fi
	report unload "$log" $status $((SECONDS - start)) "$problem"
}

: >"$results"
mkdir "$cgroup"
for suite in "$@"; do
	test_suite "$suite"
done
test_unload
! grep -q '^[^ ]* [0-9]* [1-9]' "$results"
