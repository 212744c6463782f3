#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC1003,SC2015,SC2317
#
# The options of remote delivery: bad values, and limits that hold exactly.
#
# suite-timeout: 600
# suite-kernels: 6.1
. "$(dirname "$0")/ktap.sh"
. "$(dirname "$0")/helpers/remote_net.sh"

three_machines
to_b='\\10.77.0.2\mailslot\box'
mount_in a remote=on,rate=0,netbios=alpha
mount_in b remote=on,rate=0,netbios=bravo

for option in remote= remote=maybe port=0 port=65536 port=x port=-1 rate=-1 rate=x \
	rate=4294967296 rate_all=x max_remote_bytes=-1 max_remote_bytes=x large=yes \
	netbios= netbios=SIXTEENCHARACTER 'netbios=A*B' workgroup= workgroup=SIXTEENCHARACTER \
	'workgroup=A/B' names=1 names=1dd names=gg names=1d: names=1d::1e allow=10.0.0 \
	allow=10.0.0.0/33 allow=10.0.0.0/ allow=10.0.0.1/8 allow=10.0.0.1: allow=x nonsense; do
	refused "bad option" "remount with $option" remount_in b "$option"
done
options=$(grep "$PWD/b " /proc/mounts)
like "$options" 'remote=on' "after all that remote is on"
like "$options" 'netbios=BRAVO,workgroup=WORKGROUP ' "and nobody has another name"

# options_of_b PATTERN: what /proc/mounts says matches it.
options_of_b() { [[ $(grep "$PWD/b " /proc/mounts) =~ $1 ]]; }
no_options_of_b() { ! options_of_b "$1"; }
remount_in b names=1d:1c,allow=10.0.0.0/8:192.0.2.7
check "lists are shown" options_of_b ',names=1d:1c,allow=10.0.0.0/8:192.0.2.7/32 '
remount_in b names=,allow=
check "an empty value empties them" no_options_of_b 'names=|allow='
remount_in b "netbios=MY PC"
check "a name with a space is shown escaped" options_of_b ',netbios=MY\\040PC,'
remount_in b rate=2000
check "and survives what mount(8) makes of that" options_of_b ',netbios=MY\\040PC,'
check "rate_all= follows rate=" no_options_of_b 'rate_all='
remount_in b rate_all=5
remount_in b rate=0
check "unless it was given" options_of_b ',rate=0,rate_all=5,'
remount_in b netbios=bravo

# ---- rates --------------------------------------------------------------------------

serve b box --remote --broadcast
exec 3>"a/$to_b" 4>'a/\\10.78.0.2\mailslot\box'

# look: how many machine b has received and delivered, fast.
look() {
	local text
	read_all "/proc/${netns[b]}/net/mailslot"
	[[ $text =~ \ remote_received\ ([0-9]+).*\ remote_delivered\ ([0-9]+) ]]
	received=${BASH_REMATCH[1]} delivered=${BASH_REMATCH[2]}
}
received_all() { look && [ "$received" -ge "$1" ]; }

# probe: one datagram; succeeds when it is delivered, fails when it is refused.
probe() {
	look
	local before=$delivered
	printf x >&3
	until_true received_all $((received + 1))
	[ "$delivered" != "$before" ]
}

# burst FD: twenty datagrams, half of them to FD; more than any limit below.
burst() {
	local i
	for ((i = 0; i < 10; i++)); do
		printf x >&3
		printf x >&"$1"
	done
}

# in_one_second FD: how many are delivered in one window of a second. That the
# window is new is known from this: one was refused, and the next was not.
in_one_second() {
	local begin taken received delivered before
	while :; do
		look
		burst 3
		until_true received_all $((received + 20))
		! probe || continue
		begin=${EPOCHREALTIME/./}
		until probe; do begin=${EPOCHREALTIME/./}; done
		before=$delivered
		burst "$1"
		taken=$((${EPOCHREALTIME/./} - begin))
		until_true received_all $((received + 20))
		# Later than that it might have been another second.
		[ $taken -gt 900000 ] || break
	done
	echo $((1 + delivered - before))
}
remount_in b rate=10,rate_all=0
is "$(in_one_second 3)" 10 "rate=10: ten in a second from one source"
remount_in b rate=0,rate_all=7
is "$(in_one_second 4)" 7 "rate_all=7: seven in a second from all sources"
remount_in b rate=10,rate_all=13
is "$(in_one_second 4)" 13 "both limits hold together"
remount_in b rate=0,rate_all=0
mark b
for ((i = 0; i < 100; i++)); do printf x >&3; done
counts b "delivered+100 received+100" "rate=0 sets no limit"
truncate -s 0 b.box

# ---- room ---------------------------------------------------------------------------

# A reader that does not read, yet.
asleep() { [[ $(cat "/proc/$server/stat") =~ \)\ T ]]; }
kill -STOP "$server"
until_true asleep
remount_in b max_queue_messages=20
mark b
for ((i = 0; i < 15; i++)); do printf x >&3; done
counts b "delivered+10 dropped_slot_refused+5 received+15" "remote mail fills half of a queue"
for ((i = 0; i < 10; i++)); do echo local >b/box; done 2>err
is "$(cat err)" "" "the other half is left to local mail"
refused "No buffer space" "until that is full, too" say b box x
kill -CONT "$server"
drained() { [ "$(wc -l <b.box)" -ge 20 ]; }
until_true drained
is "$(grep -c x b.box) $(grep -c local b.box)" "10 10" "all of it is read at last"
remount_in b max_queue_messages=100000
kill -STOP "$server"
until_true asleep
remote_bytes() { sed -n 's/^counter remote_bytes //p' "/proc/${netns[b]}/net/mailslot"; }
is "$(remote_bytes)" 0 "and no remote bytes are left"
mark b
printf x >&3
until_true arrived b 1
each=$(remote_bytes)
remount_in b max_remote_bytes=$((each * 5))
mark b
for ((i = 0; i < 9; i++)); do printf x >&3; done
counts b "delivered+4 dropped_no_room+5 received+9" "max_remote_bytes= holds to the byte"
check "local mail has room" say b box local
kill -CONT "$server"
until_true test "$(remote_bytes)" = 0
remount_in b max_remote_bytes=16M
truncate -s 0 b.box
done_testing
