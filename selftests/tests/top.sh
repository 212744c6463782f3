#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317
#
# mailslot top in a terminal of 80 columns and 24 lines.
#
# suite-kernels: 6.1
. "$(dirname "$0")/ktap.sh"
command -v tmux >/dev/null || skip_all "no tmux"

terminal() { tmux -L top "$@"; }
screen() { terminal capture-pane -p; }
shows() { screen | grep -qE "$1"; }
width() { screen | wc -L; }

# The line of a slot, with single spaces.
line_of() { screen | grep -F " $1" | xargs; }

mailslot recv -s 8 long >/dev/null &
exec {queue}<>/dev/mailslot/queue
wait_for test -e /dev/mailslot/long
for _ in 1 2 3; do
	mailslot send long 123456789 2>/dev/null
done
mount -o remount,max_queue_messages=2 /dev/mailslot
for text in one two three; do
	mailslot send queue $text 2>/dev/null
done
mount -o remount,max_queue_messages=262144 /dev/mailslot
mailslot recv "a name that is much too long for the rest of a line" >/dev/null &

terminal -f /dev/null new-session -d -x 80 -y 24 'mailslot top -d 0.2; sleep 1000'
wait_for shows 'mailslots: 3'
wait_for shows '^ +MSG/S WAITING +BYTES +DROP/S +LONG +FULL QUOTA NOMEM NAME$'
pass "the columns fit into 80"
is "$(line_of long)" "0.0 0 0 0 3 0 0 0 long" "what was too long is counted"
is "$(line_of queue)" "0.0 2 6 0 0 1 0 0 queue" "so is what a full queue refused, and what waits"
like "$(screen)" 'a name that is much' "a long name is there"
check "but cut to the window" test "$(width)" -le 80
is "$(screen | grep -c .)" 5 "there is one line for each slot, and two of heading"

while :; do
	mailslot send long 123456789 2>/dev/null
done &
sender=$!
wait_for shows ' [1-9][0-9]* +[1-9][0-9]+ +0 +0 +0 long$'
pass "the rate of drops rises while they happen"
kill $sender
wait $sender 2>/dev/null
wait_for shows ' 0 +[1-9][0-9]+ +0 +0 +0 long$'
pass "and falls afterwards"

# More slots than lines: the table ends where the window does.
for n in {1..30}; do
	# shellcheck disable=SC2034 # held open is all
	exec {fd}<>"/dev/mailslot/many$n"
done
wait_for shows 'mailslots: 33'
is "$(screen | grep -c 'NAME$')" 1 "the heading stays when there are more slots than lines"
exec {queue}>&-
terminal send-keys C-c
terminal kill-server
done_testing
