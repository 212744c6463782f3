#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC1003,SC2317
#
# What keeps mail from the network out: the gates, the limits, the options.
#
# suite-timeout: 600
. "$(dirname "$0")/ktap.sh"
. "$(dirname "$0")/helpers/remote_net.sh"

# sockets MACHINE: UDP sockets on port 138 (0x8A).
sockets() { grep -ci ':008A ' "/proc/${netns[$1]}/net/udp"; }

three_machines
to_b='\\10.77.0.2\mailslot\box'

# ---- off, loopback, on -------------------------------------------------------------

mount_in a netbios=alpha
is "$(sockets a)" 0 "remote=off is the default, and there is no socket"
for to in "$to_b" '\\*\mailslot\box' '\\bravo\mailslot\box' '\\localhost\mailslot\box'; do
	say_refused "Network is down" "remote=off: $to" a "$to"
done
mark a
mount_in b netbios=bravo,remote=loopback,rate=0
mount_in c netbios=charlie,remote=on,rate=0
is "$(sockets b) $(sockets c)" "1 1" "one socket otherwise"
serve b box --remote --broadcast
box=$server
remount_in a remote=on,rate=0
is "$(sockets a)" 1 "remount opens the socket"
mark a b c
say a "$to_b" outside
counts b "dropped_not_loopback+1 received+1" "remote=loopback hears nobody else"
say_refused "Network is unreachable" "remote=loopback: nothing leaves" b '\\10.77.0.1\mailslot\box'
say b '\\127.0.0.1\mailslot\box' inside
receives b.box inside "remote=loopback: the machine itself is heard"
say b '\\*\mailslot\box' broadcast
receives b.box broadcast "remote=loopback: so is its broadcast"
counts b "delivered+2 received+2 sent+2" "remote=loopback: one datagram each"
counts a "sent+1" "and none of it got out"
remount_in b remote=off
is "$(sockets b)" 0 "remote=off closes the socket"
say_refused "Network is down" "remote=off: even for a node that was good" b '\\bravo\mailslot\box'
say a "$to_b" nobody 2>/dev/null
counts b "" "remote=off counts nothing"
remount_in b remote=on
# The socket of a may still have the ICMP answer of that.
until_true say a "$to_b" again
receives b.box again "remote=on again"
stop "$box"

# ---- the slot's own gates -----------------------------------------------------------

mark a b c
say a "$to_b" x
counts b "dropped_no_slot+1 received+1" "no such slot"
cat <>b/box >>b.box &
box=$!
until_true test -e b/box
say a "$to_b" x
counts b "dropped_not_accepted+1 received+1" "a slot made with open accepts no remote mail"
say a '\\*\mailslot\box' x
counts b "dropped_duplicate+1 dropped_not_accepted+1 received+2" "and no broadcasts"
echo local >b/box
receives b.box local "but local mail"
stop "$box"
serve b box --remote
say a '\\*\mailslot\box' x
counts b "dropped_duplicate+1 dropped_not_accepted+1 received+2" "--remote alone: no broadcasts"
say a "$to_b" direct
receives b.box direct "--remote alone: unicast"
stop "$server"
serve b box --broadcast
mark b
say a "$to_b" x
counts b "dropped_not_accepted+1 received+1" "--broadcast alone: no unicast"
say a '\\*\mailslot\box' all
receives b.box all "--broadcast alone: broadcasts"
stop "$server"
serve b box --remote --broadcast -s 5
mark b
say a "$to_b" 12345
receives b.box 12345 "as long as the slot allows"
say a "$to_b" 123456
counts b "delivered+1 dropped_slot_refused+1 received+2" "longer than the slot allows"
stop "$server"

# ---- the mount's gates --------------------------------------------------------------

serve b box --remote --broadcast
remount_in b allow=10.78.0.0/24:10.77.0.9
mark b
say a "$to_b" x
counts b "dropped_not_allowed+1 received+1" "a source that allow= does not name"
say a '\\10.78.0.2\mailslot\box' allowed
receives b.box allowed "a source that it names"
remount_in b allow=10.77.0.1
say a "$to_b" alone
receives b.box alone "a single address without a length"
remount_in b allow=0.0.0.0/0
mark b
remount_in b workgroup=OTHERS
say a '\\*\mailslot\box' x
counts b "dropped_not_our_name+2 received+2" "the broadcast of another workgroup"
say a '\\OTHERS\mailslot\box' ours
receives b.box ours "the one of ours, since remount"
remount_in b netbios=newname
mark b
say a '\\bravo\mailslot\box' x
counts b "dropped_not_our_name+2 received+2" "the name that we had"
say a '\\NewName\mailslot\box' new
receives b.box new "the name that we have"
remount_in b names=1c
say a '\\others#1c\mailslot\box' dc
receives b.box dc "names=1c is for the workgroup"
say a '\\newname#1c\mailslot\box' dc
receives b.box dc "and for the host"

# ---- sizes --------------------------------------------------------------------------

# send MACHINE DESTINATION N: a message of N bytes, unsplit.
send() { head -c "$3" /dev/zero | MAILSLOT_ROOT=$PWD/$1 mailslot send "$2"; }
for name in abcd:428 abcde:424 abcdefgh:424 abcdefghi:420 abcdefghijklm:416; do
	max=${name#*:} name=${name%:*}
	serve b "$name" --remote --broadcast --raw
	mark b
	for host in '\\10.77.0.2' '\\*'; do
		truncate -s 0 "b.$name"
		send a "$host\\mailslot\\$name" "$max" 2>/dev/null
		[ "$host" != '\\*' ] || host='\\OTHERS#00'
		refused "longer than the mailslot takes" "$host, $name: $((max + 1)) bytes are too long" \
			send a "$host\\mailslot\\$name" $((max + 1))
	done
	send a "\\\\OTHERS#00\\mailslot\\$name" "$max"
	until_true test "$(since b delivered)" = 2
	is "$(since b delivered)" 2 "$name: $max bytes arrive, by unicast and broadcast"
	stop "$server"
done
remount_in a large
max=$((65345 - 4))
say_large() { send a "$to_b" "$1"; }
mark b
check "large: $max bytes are sent" say_large $max
counts b "dropped_too_long+1 received+1" "large: refused by a receiver without it"
remount_in b large
truncate -s 0 b.box
check "large: sent again" say_large $max
counts b "delivered+1 received+1" "large: delivered when both ends have it"
refused "longer than the mailslot takes" "large: $((max + 1)) bytes are too long" say_large $((max + 1))
refused "longer than the mailslot takes" "large: not for broadcasts" send a '\\*\mailslot\box' 429
truncate -s 0 b.box

for machine in a b; do
	check "the counters of $machine add up" adds_up $machine
done
done_testing
