#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh: every test there is; T=NAME only this stage or suite, K=KERNEL only
# this kernel (6.1, 6.12, rt, sid, debug, uml, or host for what needs no machine).
#
# Stages: static (style and analysers), unit (programs in selftests/unit), kunit
# (in user-mode Linux), then the suites of selftests/tests on every kernel. And,
# only when asked for by T=install, what the README tells of installing.
# The last line says "N passed, N failed, N skipped".
#
# The debug kernel takes as long as all the rest, so it goes beside that, and the
# lines of the two mix; each begins with the name of its kernel.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$vm_dir/build.sh"
tests_dir=$top_dir/selftests/tests
. "$vm_dir/suite.sh"

only=${T-} only_kernel=${K-}
log_dir=$work_dir/log
tally=$log_dir/tally

# count PASSED FAILED SKIPPED
count() { echo "$@" >>"$tally"; }

# broken WHERE WHY: a stage that could not run is a failure of its own.
broken() {
	printf '%-6s FAIL %s\n' "$1" "$2"
	count 0 1 0
}

# verdict WHERE NAME LOG STATUS SECONDS [PLANS]: reads KTAP, prints one line, and
# what went wrong.
verdict() {
	local where=$1 name=$2 log=$3 seconds=$5 counts word=ok p f s
	counts=$(awk -v status="$4" -v plans="${6-1}" -f "$vm_dir/ktap.awk" "$log")
	read -r p f s <<<"${counts%%$'\n'*}"
	[ "$f" = 0 ] || word=FAIL
	printf '%-6s %-4s %-24s %4d passed %3d failed %3d skipped %4d s\n' \
		"$where" "$word" "$name" "$p" "$f" "$s" "$seconds"
	count "$p" "$f" "$s"
	[ "$f" != 0 ] || return 0
	{
		printf '%s\n' "$counts" | tail -n +2
		echo "last lines of $log:"
		tail -n 25 "$log"
	} | sed "s/^/$where | /"
}

# --- What is there, and what was asked for ----------------------------------

# list_suites: file names in selftests/tests, programs as they will be built.
list_suites() {
	local file
	{
		for file in "$tests_dir"/*.c; do
			[ ! -f "$file" ] || basename "$file" .c
		done
		for file in "$tests_dir"/*-32 "$tests_dir"/*.sh; do
			[ ! -f "$file" ] || basename "$file"
		done
	} | grep -vx ktap.sh | sort
}

chosen_suites() {
	local suite
	for suite in $(list_suites); do
		case $only in
		'' | "$suite" | "${suite%.sh}" | "${suite%-32}") echo "$suite" ;;
		esac
	done
}

list_units() {
	find "$top_dir/selftests/unit" -maxdepth 1 -type f -perm -u+x 2>/dev/null | sort
}

wants_kernel() { [ -z "$only_kernel" ] || [ "$only_kernel" = "$1" ]; }
wants_stage() { [ -z "$only" ] || [ "$only" = "$1" ]; }

# --- Stages -----------------------------------------------------------------

static_stage() {
	local log=$log_dir/static.log start=$SECONDS status=0
	"$vm_dir/static.sh" >"$log" 2>&1 || status=$?
	verdict host static "$log" $status $((SECONDS - start))
}

install_stage() {
	local log=$log_dir/install.log start=$SECONDS status=0
	"$vm_dir/install.sh" >"$log" 2>&1 || status=$?
	verdict 6.1 install "$log" $status $((SECONDS - start))
}

unit_stage() {
	local program name log start status source
	source=$("$vm_dir/kernel.sh" source)
	[ -f "$top_dir/selftests/unit/Makefile" ] || return 0
	quietly "$log_dir/unit-build.log" make -C "$top_dir/selftests/unit" \
		KSELFTEST="$source/tools/testing/selftests" || {
		broken host "selftests/unit does not build"
		return
	}
	for program in $(list_units); do
		name=$(basename "$program")
		[ -z "$only" ] || [ "$only" = unit ] || [ "$only" = "${name%.*}" ] || continue
		log=$log_dir/unit-$name.log start=$SECONDS status=0
		(cd "$top_dir/selftests/unit" && timeout 300 "$program") </dev/null >"$log" 2>&1 ||
			status=$?
		verdict host "$name" "$log" $status $((SECONDS - start))
	done
}

kunit_stage() {
	local kernel=$1 ko out=$log_dir/kunit-$1 start=$SECONDS status=0
	compgen -G "$top_dir/selftests/kunit/*_test.c" >/dev/null || return 0
	ko=$(build_kunit "$kernel") || {
		broken "$kernel" "selftests/kunit does not build"
		return
	}
	"$vm_dir/boot.sh" -k "$kernel" -t 180 -o "$out" -- insmod "$ko" \
		>"$log_dir/kunit-$kernel.log" 2>&1 || status=$?
	# KUnit reports in the kernel's log, which has other lines too.
	sed -n '/vm: the job starts/,$s/^\[[^]]*\] //p' "$out/dmesg" 2>/dev/null |
		grep -E '^ *(not )?ok |^ *1\.\.[0-9]|^ *#' >"$out/ktap"
	[ $status = 0 ] || cat "$log_dir/kunit-$kernel.log" >>"$out/ktap"
	verdict "$kernel" kunit "$out/ktap" $status $((SECONDS - start)) 0
}

# The machine may run as long as all its suites may, and some more for a busy host.
machine_limit() {
	local kernel=$1 suite seconds sum=0 factor=1
	shift
	[ "$kernel" != debug ] || factor=5
	for suite in "$@"; do
		seconds=$(tag_of "$suite" suite-timeout)
		sum=$((sum + ${seconds:-120}))
	done
	sum=$((300 + sum * factor))
	echo $((sum < 3600 ? sum : 3600))
}

# add_results KERNEL RESULTS MACHINE_STATUS SUITE...
add_results() {
	local kernel=$1 results=$2 status=$3 suite p f s blamed=0
	shift 3
	for suite in "$@" unload; do
		if read -r _ p f s _ < <(grep "^${suite%.sh} " "$results" 2>/dev/null); then
			count "$p" "$f" "$s"
			[ "$f" = 0 ] || blamed=1
		else
			broken "$kernel" "$suite: the machine ended before it did"
			blamed=1
		fi
	done
	[ "$status" = 0 ] || [ $blamed = 1 ] ||
		broken "$kernel" "the machine ended with status $status"
}

suites_stage() {
	local kernel=$1 ko out=$log_dir/$1 status=0
	shift
	ko=$(build_module "$kernel") || {
		broken "$kernel" "the module does not build without warnings"
		return
	}
	rm -rf "$out"
	MAILSLOT_KO=$ko "$vm_dir/boot.sh" -k "$kernel" -o "$out" \
		-t "$(machine_limit "$kernel" "$@")" -- "$vm_dir/guest.sh" "$@" || status=$?
	add_results "$kernel" "$out/results" $status "$@"
}

# worth_it KERNEL SUITE: a suite may name the kernels on which `make check` is to
# run it. The debug kernel has no old futex call, by which the threads of 32-bit
# programs wait; and what these suites have beyond their twins, the other way into
# an ioctl, is the same on every kernel.
worth_it() {
	local kernels
	[[ $1 != debug || $2 != *-32 ]] || return
	[[ $2 = *-32 ]] && kernels=6.1 || kernels=$(tag_of "$2" suite-kernels)
	[[ -z $kernels || -n $only_kernel || " $kernels " == *" $1 "* ]]
}

suites_on() {
	local kernel=$1 suite suites=()
	wants_kernel "$kernel" || return 0
	for suite in $(chosen_suites); do
		! worth_it "$kernel" "$suite" || suites+=("$suite")
	done
	[ ${#suites[@]} = 0 ] || suites_stage "$kernel" "${suites[@]}"
}

all_but_debug() {
	local kernel
	if wants_kernel host; then
		! wants_stage static || static_stage
		unit_stage
	fi
	if wants_kernel 6.1 && [ "$only" = install ]; then
		install_stage
	fi
	if wants_stage kunit; then
		case $only_kernel in
		'' | uml) kunit_stage uml ;;
		debug) [ -z "$only" ] || kunit_stage debug ;;
		esac
	fi
	for kernel in 6.1 6.12; do
		suites_on $kernel
	done
	# Others, rt and sid, only when they are asked for.
	case $only_kernel in
	'' | host | uml | 6.1 | 6.12 | debug) ;;
	*) suites_on "$only_kernel" ;;
	esac
}

summary() {
	local passed failed skipped
	read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 }
		END { print p + 0, f + 0, s + 0 }' "$tally")
	if [ $((passed + failed)) = 0 ]; then
		echo "nothing ran: T='$only' K='$only_kernel' match no test"
		failed=1
	fi
	echo "logs: $log_dir; it took $SECONDS s"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}

main() {
	"$vm_dir/deps.sh" check || exit
	: >"$tally"
	build_programs || broken host "the user library or the suites do not build"
	suites_on debug &
	all_but_debug
	wait
	summary
}

# One run at a time in one checkout: two would build the same files.
if [ "${MAILSLOT_CHECK_LOCKED-}" ]; then
	main
else
	export MAILSLOT_CHECK_LOCKED=1
	with_lock "check-$(basename "$work_dir")" "$0"
fi
