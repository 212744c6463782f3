#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317
#
# The programs of userlib/examples do what they say.
#
# suite-kernels: 6.1
. "$(dirname "$0")/ktap.sh"
PATH=$MAILSLOT_TOP/userlib/examples:$PATH

# start PROGRAM ARGUMENT...: until it has the slot of the last argument.
start() {
	"$@" >out 2>err &
	program=$!
	wait_for test -e "/dev/mailslot/${!#}"
}

# ended DESCRIPTION: the program ends by itself, and well.
ended() {
	local status=0
	wait "$program" || status=$?
	is "$status" 0 "$1"
}

stop() {
	kill "$program"
	wait "$program" 2>/dev/null
}

start server counter
check "client sends" client counter "11 sodas left"
check "client sends the end" client counter stop
ended "server ends"
like "$(cat out)" 'process [0-9]+ of user 0: 11 sodas left' "server tells who sent what"
check_fails "client fails without a server" client counter "nobody there"

start poll orders returns
echo one >/dev/mailslot/orders
echo two >/dev/mailslot/returns
wait_for grep -q two out
wait_for grep -q one out
mailslot send returns ""
ended "poll ends"
is "$(grep . out | sort | xargs)" "orders: one returns: two" "poll serves several slots"

start uring ring
wait_for grep -q nothing out
mailslot send ring one
wait_for grep -q one out
mailslot send ring ""
ended "uring ends"
is "$(uniq out | xargs | sed 's/ (nothing for a second)$//')" "(nothing for a second) one" \
	"uring reads, and its reads end in time"

start single letter single-0
mailslot send single-0 x
wait_for grep -q "'x', too" out
check "a second one hands over and ends" single photo
wait_for grep -q photo out
is "$(xargs -d '\n' <out)" "opening 'letter' opening 'x', too opening 'photo', too" \
	"the first one opens it"
stop
single second >out &
program=$!
wait_for grep -q second out
pass "when the first has been killed the next takes its place"
stop

start logsink log
printf 'started\nhere' >/dev/mailslot/log
wait_for grep -q started out
check_fails "logsink refuses what is no line" sh -c 'head -c 2000 /dev/zero >/dev/mailslot/log'
mailslot send log ended
wait_for grep -q lost out
stop
like "$(head -n 1 out)" '^20..-..-.. ..:..:..\.[0-9]{6} uid 0 pid [0-9]+: started$' \
	"logsink writes a line with time and writer"
is "$(tail -n 1 out)" "1 messages were lost" "and tells what was lost"

# cat takes an empty message for the end, so that each child reads one message.
# What is left when the supervisor dies ends with the suite.
supervise work sh -c 'cat; echo " end"' >out 2>err &
program=$!
wait_for test -e /dev/mailslot/work
for text in one '' two ''; do
	mailslot send work "$text"
done
wait_for grep -q 'two end' out
stop
is "$(xargs <out)" "one end two end" "supervise starts a child anew, and no message is lost"

# Two machines: this network namespace and another one.
far() {
	ip netns exec far sh -c 'mount -t mailslot -o remote=on mailslot /dev/mailslot &&
		exec broadcast serve'
}

far_serves() { ip netns exec far grep -qF 'who\ask' /proc/net/mailslot; }

ip netns add far
ip link add mslot0 type veth peer name mslot1 netns far
ip addr add 192.0.2.1/24 broadcast + dev mslot0
ip -n far addr add 192.0.2.2/24 broadcast + dev mslot1
ip link set mslot0 up
ip -n far link set lo up
ip -n far link set mslot1 up
mount -o remount,remote=on /dev/mailslot
far &
wait_for far_serves
is "$(broadcast ask)" "$(uname -n) at 192.0.2.2" "broadcast finds another machine"
mount -o remount,remote=off /dev/mailslot
kill $!
wait
ip netns del far
done_testing
