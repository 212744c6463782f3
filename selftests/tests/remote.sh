#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC1003,SC2317
#
# Mail between machines: how they are addressed, and that each message arrives
# exactly once.
#
# suite-timeout: 600
. "$(dirname "$0")/ktap.sh"
. "$(dirname "$0")/helpers/remote_net.sh"

three_machines
for machine in a:alpha b:bravo c:charlie; do
	mount_in "${machine%:*}" "remote=on,rate=0,netbios=${machine#*:}"
	serve "${machine%:*}" soda --remote --broadcast
done
mark a b c

# ---- every spelling, from the shell -----------------------------------------

say a '\\*\mailslot\soda' everybody
receives a.soda everybody '\\*: the own host'
receives b.soda everybody '\\*: a host on two links'
receives c.soda everybody '\\*: a host on one link'
counts a "delivered+1 dropped_duplicate+3 received+4 sent+4" \
	'\\*: one datagram a link and one to itself, taken once'
counts b "delivered+1 dropped_duplicate+1 received+2" "the second copy is dropped"
counts c "delivered+1 received+1" "a single copy is just delivered"

say a '\\WORKGROUP\mailslot\soda' group
receives a.soda group '\\WORKGROUP: the own host'
receives b.soda group '\\WORKGROUP: two links'
receives c.soda group '\\WORKGROUP: one link'
mark a b c
say a '\\OTHERS\mailslot\soda' others
counts b "dropped_not_our_name+2 received+2" "another workgroup is not for us"
counts c "dropped_not_our_name+1 received+1" "nor for others"
counts a "dropped_not_our_name+4 received+4 sent+4" "nor for the sender's host"

say a '\\bravo\mailslot\soda' "by name"
receives b.soda "by name" '\\HOST: it arrives there'
counts b "delivered+1 dropped_duplicate+1 received+2" '\\HOST: once'
counts c "dropped_not_our_name+1 received+1" '\\HOST: and nowhere else'
counts a "dropped_not_our_name+4 received+4 sent+4" '\\HOST: not at home'

say a '\\10.78.0.2\mailslot\soda' "by address"
receives b.soda "by address" '\\A.B.C.D: it arrives'
counts b "delivered+1 received+1" '\\A.B.C.D: one datagram'
say a '\\bravo@10.77.0.2\mailslot\SODA' "both"
receives b.soda both '\\NAME@A.B.C.D: it arrives, in any case of letters'
say a '\\Bravo#20@10.77.0.2:138\Mailslot\soda' "suffix"
receives b.soda suffix '\\NAME#20@A.B.C.D:port: it arrives'
mark b
say a '\\gamma@10.77.0.2\mailslot\soda' "wrong"
counts b "dropped_not_our_name+1 received+1" "another name at our address is refused"
say a '\\bravo#1d@10.77.0.2\mailslot\soda' "wrong"
counts b "dropped_not_our_name+1 received+1" "another suffix is refused"

remount_in b names=1d:1c,port=10138
mark a b
say a '\\WORKGROUP#1d@10.77.0.2:10138\mailslot\soda' "port and suffix"
receives b.soda "port and suffix" '\\NAME#1d@A.B.C.D:port with names=1d'
counts b "delivered+1 received+1" "it came by the port that was named"
remount_in b port=138
mark a

say a '\\alpha\mailslot\soda' self
receives a.soda self '\\OWNNAME'
say a '\\localhost\mailslot\soda' self
receives a.soda self '\\localhost'
counts a "delivered+2 received+2 sent+2" "to itself: one datagram each, no broadcast"
say a '\\.\mailslot\soda' local
receives a.soda local '\\.: local'
counts a "" "which is not for the network"

mark a b c
MAILSLOT_ROOT=$PWD/b mailslot send '\\*\mailslot\soda' ""
counts b "delivered+1 dropped_duplicate+2 received+3 sent+3" "an empty broadcast, at its sender"
counts a "delivered+1 dropped_duplicate+1 received+2" "and at the host on both links"
counts c "" "not at the host that has no link to the sender"
truncate -s 0 ./?.soda

# Two messages that are the same are two messages.
exec 3>'a/\\*\mailslot\soda'
for _ in 1 2 3 4 5 6 7 8 9 10; do
	printf same >&3
done
exec 3>&-
counts b "delivered+10 dropped_duplicate+10 received+20" "ten times the same text is ten messages"
counts c "delivered+10 received+10" "with one link, too"
truncate -s 0 ./?.soda

# ---- the sender -----------------------------------------------------------------

serve b show --json --remote --broadcast -n 2 -t 20000
say a '\\10.78.0.2\mailslot\show' "one for you"
say a '\\*\mailslot\show' "one for all"
wait "$server"
python3 - b.show >shown <<'PROGRAM'
import json, sys
heard = [json.loads(line) for line in open(sys.argv[1])]
for keys in (("data",), ("remote", "broadcast"), ("source_name", "source_suffix"),
             ("port", "mail_class", "priority"), ("address",), ("pid", "uid")):
    print(*(m.get(key) for m in heard for key in keys))
PROGRAM
mapfile -t shown <shown
is "${shown[0]}" "one for you one for all" "both messages, in their order"
is "${shown[1]}" "True False True True" "they are remote, and the second is a broadcast"
is "${shown[2]}" "ALPHA 0 ALPHA 0" "the sender's NetBIOS name"
is "${shown[3]}" "138 2 0 138 2 0" "port, class and priority"
like "${shown[4]}" '^10\.78\.0\.1 (10\.77\.0\.1|10\.78\.0\.1|127\.0\.0\.1)$' "the sender's address"
is "${shown[5]}" "None None None None" "and nothing of local senders"

# ---- what is refused at once -----------------------------------------------------

say_refused "Network is unreachable" "an address without a route" a '\\192.0.2.7\mailslot\soda'
say_refused "Permission denied" "a broadcast address as a host" a '\\10.77.0.255\mailslot\soda'
say_refused "Network is unreachable" "the broadcast address of all, without a default route" a '\\255.255.255.255\mailslot\soda'
serve_here() { timeout 20 cat <>"$1"; }
for name in '\\*' '\\WORKGROUP' '\\bravo' '\\10.77.0.2' '\\alpha' '\\localhost'; do
	refused "Invalid argument" "nobody creates a slot at $name" \
		serve_here "a/$name\\mailslot\\new"
done
create_remote() { MAILSLOT_ROOT=$PWD/a timeout 20 mailslot recv -t 0 "$1"; }
refused "not a valid name" "nor by the command" create_remote '\\10.77.0.2\mailslot\new'
for name in '\\' '\\bravo' '\\bravo\soda' '\\bravo\mailslot\' '\\b*d\mailslot\soda' \
	'\\bravo#1\mailslot\soda' '\\bravo#1dd\mailslot\soda' '\\bravo@1.2.3\mailslot\soda' \
	'\\1.2.3.4:0\mailslot\soda' '\\1.2.3.4:65536\mailslot\soda' '\\NAMEWITHSIXTEENS\mailslot\x'; do
	say_refused "Invalid argument" "malformed: $name" a "$name"
done

# ---- two machines as people have them ---------------------------------------------

# own_mount: a /dev/mailslot that only the machine's own processes see.
own_mount() {
	in_machine "$1" unshare --mount bash -c "
		mount --bind '$PWD/$1' /dev/mailslot && cd / && $2"
}
own_mount b 'mailslot recv --remote -n 1 -t 20000 lunch' >lunch &
server=$!
until_true test -e b/lunch
own_mount a 'echo "a sandwich" >"/dev/mailslot/\\\\10.77.0.2\\mailslot\\lunch"'
wait $server
is "$(cat lunch)" "a sandwich" "from one machine's /dev/mailslot to the other's"

for machine in a b c; do
	check "the counters of $machine add up" adds_up $machine
done
done_testing
