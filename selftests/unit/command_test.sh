#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317
#
# The command where there is nothing to talk to: how it is called, what it
# refuses, and what it says.
cd "$(dirname "$0")" || exit 1
. ../tests/ktap.sh

PATH=$(cd ../../userlib && pwd -P):$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export MAILSLOT_ROOT=$work

# exits STATUS PATTERN-OF-STDERR DESCRIPTION COMMAND...
exits() {
	local status=0 wanted=$1 pattern=$2 name=$3 said
	shift 3
	said=$("$@" 2>&1 >/dev/null </dev/null) || status=$?
	if [ $status = "$wanted" ]; then
		like "$said" "$pattern" "$name"
	else
		fail "$name" "exit status $status, not $wanted: $* ($said)"
	fi
}

to_full_disk() { "$@" >/dev/full; }

# helps DESCRIPTION COMMAND...: prints its usage on standard output.
helps() {
	local name=$1 said
	shift
	said=$("$@" 2>&1) || fail "$name" "exit status $?: $*"
	like "$said" '^Usage: mailslot' "$name"
}

helps "--help" mailslot --help
helps "-h" mailslot -h
for command in recv send list info top resolve; do
	helps "$command --help" mailslot $command --help
	helps "$command --help with much else" mailslot $command --no a b c -h
	like "$(mailslot --help)" "  $command " "--help tells of $command"
done
like "$(mailslot --version)" '^mailslot [0-9]+\.[0-9]+' "--version"

exits 2 'command is missing' "no command" mailslot
exits 2 "no such command: 'bogus'" "unknown command" mailslot bogus
exits 2 "'--bogus'.*Try 'mailslot recv --help'" "unknown option" \
	mailslot recv --bogus x
exits 2 "mailslot top: unrecognized" "complaints name the command" \
	mailslot top --bogus
exits 2 'name of a mailslot is missing' "recv without name" mailslot recv
exits 2 'name of a mailslot is missing' "send without name" mailslot send
exits 2 'name of a mailslot is missing' "info without name" mailslot info
exits 2 'too many' "recv with two names" mailslot recv a b
exits 2 'too many' "send with two messages" mailslot send a b c
exits 2 'too many' "info with two names" mailslot info a b
exits 2 'too many' "list with a name" mailslot list a
exits 2 'too many' "top with a name" mailslot top a
exits 2 "valid timeout.*'-1'" "negative timeout" mailslot recv -t -1 x
exits 2 "valid timeout.*'4294967296'" "timeout beyond 32 bits" \
	mailslot recv --timeout 4294967296 x
exits 2 "valid timeout.*'1s'" "timeout with a unit" mailslot recv -t 1s x
exits 2 "valid number of messages.*'0'" "no messages" mailslot recv -n 0 x
exits 2 "valid maximum size.*'0'" "size 0" mailslot recv -s 0 x
exits 2 "valid maximum size.*'4G'" "size beyond 32 bits" mailslot recv -s 4G x
exits 2 "valid mode.*'888'" "mode that is not octal" mailslot recv -m 888 x
exits 2 "valid mode.*'0'" "mode 0" mailslot recv -m 0 x
exits 2 'raw goes with neither' "raw and hex" mailslot recv --raw --hex x
exits 2 'raw goes with neither' "raw and JSON" mailslot recv --raw --json x
exits 2 'takes no MESSAGE' "lines and a message" mailslot send --lines x m
exits 2 "valid delay.*'0'" "delay 0" mailslot top -d 0
exits 2 "valid delay.*'nan'" "delay that is no number" mailslot top -d nan
exits 2 "valid number of tables.*'0'" "no tables" mailslot top -n 0

advice="cannot (create|open) 'x': no mailslot file system at $work.*mount -t mailslot mailslot $work"
for command in recv send info; do
	exits 1 "$advice" "$command where nothing is mounted" \
		mailslot $command x
done
MAILSLOT_ROOT=$work/missing exits 1 'mkdir -p .*/missing && mount' \
	"a mount point that does not exist" mailslot recv x
if [ ! -e /proc/net/mailslot ]; then
	exits 1 'modprobe mailslot' "list without the module" mailslot list
	exits 1 'modprobe mailslot' "top without the module" mailslot top
else
	skip "list without the module" "the module is loaded"
	skip "top without the module" "the module is loaded"
fi

# An ordinary file where a slot should be is neither written to nor cut.
echo precious >"$work/x"
exits 1 'no mailslot file system' "send to an ordinary file" \
	mailslot send x message
is "$(cat "$work/x")" precious "the ordinary file is as it was"

exits 1 'cannot write to standard output' "help to a full disk" \
	to_full_disk mailslot --help

done_testing
