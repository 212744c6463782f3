#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC1003,SC2317
#
# The library finds hosts: by what they are called, in files, and by asking the
# network, where answers may be missing, malformed or forged. All of that happens in
# the library.
#
# suite-timeout: 300
# suite-kernels: 6.1
. "$(dirname "$0")/ktap.sh"
. "$(dirname "$0")/helpers/remote_net.sh"

# A name service in machine b whose answer depends on the name that is asked
# for. Writes each name that it hears to the file heard.
cat >responder.py <<'PROGRAM'
import socket, struct

def bound(address, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    return sock

def answer(query, address="10.77.0.2", group=False, name=None):
    entry = struct.pack("!H", 0xe000 if group else 0x6000) + socket.inet_aton(address)
    return (query[:2] + struct.pack("!5H", 0x8500, 0, 1, 0, 0) + (name or query[12:46])
            + struct.pack("!HHIH", 0x20, 1, 300000, len(entry)) + entry)

def other_id(packet):
    return bytes([packet[0] ^ 0x40]) + packet[1:]

main, other, stranger = bound("", 137), bound("", 1137), bound("10.99.0.1", 137)
heard, log = {}, open("heard", "a", buffering=1)
while True:
    query, client = main.recvfrom(1000)
    name = bytes((query[13 + 2 * i] - 65) << 4 | query[14 + 2 * i] - 65 for i in range(15))
    name = name.decode().rstrip()
    heard[name] = heard.get(name, 0) + 1
    print(name, file=log)
    good = answer(query)
    packets = {
        "GOOD": [good],
        "TEAM": [answer(query, group=True)],
        "LATE": [good] if heard[name] > 4 else [],
        "FORGED": [other_id(answer(query, "10.77.0.66")), good],
        "FLOOD": [other_id(good)] * 200,
        "BADID": [other_id(good)],
        "BADNAME": [answer(query, name=b"\x20" + b"CA" * 16 + b"\0")],
        "POINTER": [answer(query, name=b"\xc0\x0c" + bytes(32))],
        "NEGATIVE": [good[:3] + b"\x03" + good[4:]],
        "ECHO": [query],
        "SHORT": [good[:n] for n in range(len(good))],
        "LONG": [good[:54] + b"\xff\xfc" + good[56:]],
        "NOWHERE": [answer(query, "127.0.0.1"), answer(query, "255.255.255.255")],
    }.get(name, [])
    for packet in packets:
        main.sendto(packet, client)
    if name == "BADPORT":
        other.sendto(good, client)
    if name == "STRANGER":
        stranger.sendto(good, client)
PROGRAM

# resolve HOST...: as machine a.
resolve() { in_machine a env MAILSLOT_ROOT="$PWD/a" mailslot resolve --long "$@" 2>&1; }
found() { is "$(resolve "$1")" "$2"$'\t'"$3" "$4"; }
lost() { refused 'nobody answers' "$2" resolve "$1"; }

# send_as MACHINE DESTINATION: with the library, whatever the shell would do.
send_as() { in_machine "$1" env MAILSLOT_ROOT="$PWD/$1" mailslot send "$2" "by name"; }
asked() { grep -cx "$1" heard; }

three_machines
in_machine b ip addr add 10.99.0.1/32 dev lo
: >heard
nsenter --target "${netns[b]}" --net python3 responder.py &
mount_in a remote=on,rate=0,netbios=alpha,workgroup=office
mount_in b remote=on,rate=0,netbios=good,workgroup=team
listens() { grep -qi ':0089 ' "/proc/${netns[b]}/net/udp"; }
until_true listens

# ---- nobody need be asked ------------------------------------------------------

found 192.0.2.7 192.0.2.7 name "an address"
found GOOD@192.0.2.7:1138 192.0.2.7 name "a name with an address"
found localhost 127.0.0.1 name "localhost"
found Alpha 127.0.0.1 name "the own name, in any case"
found '*' broadcast name "everybody"
found office broadcast name "the own workgroup"
found 'elsewhere#1d' broadcast name "a name with a suffix"
for name in 'a*b' 1.2.3 1.2.3.4.5 'x#1' '' 'a b:c' '[::1]'; do
	refused 'no host can have this name' "no host: '$name'" resolve "$name"
done

# ---- files -----------------------------------------------------------------------

cat >hosts <<'LINES'
# 10.77.0.9 listed
10.77.0.1#PRE listed
10.77.0.2	Listed	#PRE #DOM:office
10.77.0.3	listed
10.77.0.4	suffixed#20
10.77.0.5	alpha
10.77.0.6	secret
LINES
export MAILSLOT_LMHOSTS=$PWD/hosts
found LISTED 10.77.0.2 lmhosts "lmhosts: the first line that fits"
found 'suffixed#20' 10.77.0.4 lmhosts "lmhosts: with its suffix"
found 'suffixed#1c' broadcast name "lmhosts: not with another suffix"
lost suffixed "lmhosts: a line with a suffix is not for a name without"
found alpha 127.0.0.1 name "lmhosts: not for the own name"
cp "$(type -P mailslot)" . && chmod 4755 mailslot
as_other() { in_machine a setpriv --reuid 1000 ./mailslot resolve secret; }
refused 'nobody answers' "a program with other rights ignores MAILSLOT_LMHOSTS" as_other
unset MAILSLOT_LMHOSTS
cp hosts /etc/lmhosts
found LISTED 10.77.0.2 lmhosts "/etc/lmhosts"
mkdir -p /etc/samba
[ ! -e /etc/samba/lmhosts ] || cp /etc/samba/lmhosts saved
echo 10.77.0.7 listed >/etc/samba/lmhosts
found LISTED 10.77.0.7 lmhosts "/etc/samba/lmhosts goes first"
rm -f /etc/lmhosts /etc/samba/lmhosts
[ ! -e saved ] || mv saved /etc/samba/lmhosts
cp /etc/hosts saved
echo 10.77.0.2 good.example.com >>/etc/hosts
found good.example.com 10.77.0.2 system "/etc/hosts"
serve b box --remote
send_as a '\\Good.Example.Com\mailslot\box'
receives b.box "by name" "a host of /etc/hosts, by the first part of its name"
cat saved >/etc/hosts

# ---- the network -----------------------------------------------------------------

found good 10.77.0.2 network "an answer from the network"
is "$(asked ALPHA) $(asked OFFICE) $(asked LISTED) $(asked ELSEWHERE)" "0 0 0 0" \
	"which is not asked about what is known"
send_as a '\\good\mailslot\box'
receives b.box "by name" "a message to a host that was found"
stop "$server"
found team broadcast network "the name of a group"
serve b box --broadcast
send_as a '\\team\mailslot\box'
receives b.box "by name" "a message to a group that was found"
stop "$server"
found late 10.77.0.2 network "an answer to the third query"
found forged 10.77.0.2 network "a true answer behind a forged one"

for name in BADID BADNAME POINTER BADPORT STRANGER NEGATIVE ECHO SHORT LONG NOWHERE FLOOD; do
	begin=${EPOCHREALTIME/./}
	lost $name "no answer: $name"
	took=$(((${EPOCHREALTIME/./} - begin) / 1000))
	is "$(asked $name)" 6 "asked three times on each link"
	# Above that it is the machine that takes its time, unless it has no end.
	check "for three quarters of a second ($took ms)" \
		test $took -ge 750 -a $took -lt $((20000 * ${MAILSLOT_SLOW:-1}))
done

# ---- what a program sees ----------------------------------------------------------

refused 'no such host' "a message to nobody" send_as a '\\nobody\mailslot\box'
send_plain() { in_machine a env MAILSLOT_ROOT="$PWD/a" mailslot send "$@"; }
refused 'not a name' "a malformed host" send_plain '\\no*body\mailslot\box' x
refused 'not a name' "a malformed slot" send_plain '\\body\mailslot\..' x
refused 'not a name' "a name without a slot" send_plain '\\body' x
remount_in a remote=off
refused 'mail between machines is off' "remote=off" send_plain '\\body\mailslot\box' x
is "$(asked BODY)" 0 "and none of these is asked about"
done_testing
