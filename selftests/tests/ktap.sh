# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# KTAP for suites written in bash; sourced first by every tests/*.sh:
#
#	. "$(dirname "$0")/ktap.sh"
#	check "an empty slot reads EAGAIN" my_function its arguments
#	is "$(cat file)" "hello" "the message arrives"
#	skip "the large option" "needs two network interfaces"
#	done_testing
#
# A check that fails does not end the suite.  done_testing prints the plan and
# exits; a suite that ends without it has failed, however far it came.

ktap_count=0
ktap_failed=0

echo "KTAP version 1"

ktap_result() {
	ktap_count=$((ktap_count + 1))
	case $1 in
	ok) echo "ok $ktap_count - $2" ;;
	skip) echo "ok $ktap_count - $2 # SKIP $3" ;;
	*)
		ktap_failed=$((ktap_failed + 1))
		echo "not ok $ktap_count - $2"
		;;
	esac
}

# A '#' in a description would begin a directive.
ktap_name() { printf '%s' "${1//#/ }"; }

diag() { printf '%s\n' "$*" | sed 's/^/# /'; }
pass() { ktap_result ok "$(ktap_name "$1")"; }

# fail DESCRIPTION [WHY...]
fail() {
	local name=$1
	shift
	[ $# = 0 ] || diag "$*"
	ktap_result not "$(ktap_name "$name")"
	return 1
}

skip() { ktap_result skip "$(ktap_name "$1")" "${2-}"; }

# check DESCRIPTION COMMAND...: passes when COMMAND succeeds.
check() {
	local name=$1 output status=0
	shift
	output=$("$@" 2>&1) || status=$?
	if [ $status = 0 ]; then
		pass "$name"
	else
		[ -z "$output" ] || diag "$output"
		fail "$name" "exit status $status: $*"
	fi
}

# check_fails DESCRIPTION COMMAND...: passes when COMMAND fails by itself.  One
# that was killed by a signal, or was never found, has not refused anything.
check_fails() {
	local name=$1 output status=0
	shift
	output=$("$@" 2>&1) || status=$?
	if [ $status -gt 0 ] && [ $status -lt 126 ]; then
		pass "$name"
	else
		[ -z "$output" ] || diag "$output"
		fail "$name" "should have failed, exit status $status: $*"
	fi
}

# is GOT WANTED DESCRIPTION
is() {
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		fail "$3" "got '$1', wanted '$2'"
	fi
}

# like GOT PATTERN DESCRIPTION: PATTERN is one of bash's =~.
like() {
	if [[ $1 =~ $2 ]]; then
		pass "$3"
	else
		fail "$3" "got '$1', which does not match '$2'"
	fi
}

# wait_for COMMAND...: until it succeeds; the suite's own time is the limit.
wait_for() {
	until "$@" >/dev/null 2>&1; do
		sleep 0.01
	done
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 4
}

done_testing() {
	echo "1..$ktap_count"
	[ "$ktap_failed" = 0 ] || exit 1
	exit 0
}
