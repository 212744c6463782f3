#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC1003,SC2015,SC2154,SC2317
#
# Mail to and from software that was made elsewhere: Samba's nmbd and smbtorture,
# and Wireshark, which looks at what is on the wire.
#
#	10.77.0.1 a, ours ----- b 10.77.0.2, Samba's: browse master of OFFICE
#	10.80.0.4 d, ours ----- c 10.80.0.3, Samba's: smbtorture
#
# It is mostly waiting, for what Samba does once a minute, and nothing in it
# depends on the kernel.
#
# suite-timeout: 400
# suite-kernels: 6.1
. "$(dirname "$0")/ktap.sh"
. "$(dirname "$0")/helpers/remote_net.sh"

for program in nmbd smbd smbclient smbtorture tshark dumpcap; do
	type -P $program >/dev/null || skip_all "no $program here"
done
# An election among browsers has fixed times, which that kernel does not keep.
[ "$MAILSLOT_KERNEL" != debug ] || skip_all "Samba is too slow on this kernel"

helpers=$(cd "$(dirname "$0")/helpers" && pwd -P)

# configure DIRECTORY WORKGROUP LINE...: Samba's, with all its files in there.
configure() {
	local dir=$PWD/$1 workgroup=$2 path
	shift 2
	mkdir -p "$dir/nmbd"
	{
		printf '%s\n' "[global]" "workgroup = $workgroup" "log level = 4" \
			"bind interfaces only = yes" "load printers = no" \
			"disable spoolss = yes" "server min protocol = NT1" \
			"client min protocol = NT1" "map to guest = Bad User" \
			"nmbd:socket dir = $dir/nmbd" "$@"
		for path in lock state cache pid private ncalrpc; do
			mkdir -p "$dir/$path"
			case $path in
			private | ncalrpc) echo "$path dir = $dir/$path" ;;
			*) echo "$path directory = $dir/$path" ;;
			esac
		done
	} >"$dir/smb.conf"
}

# capture MACHINE DEVICE FILE
capture() {
	in_machine "$1" dumpcap -q -i "$2" -f "udp port 138" -w "$PWD/$3" \
		>"$3.log" 2>&1 &
	capturer=$!
	until_true test -s "$3"
}

captured() { grep -qa "$2" "$1"; }

# end_capture FILE: when the last packet is in it.
end_capture() {
	say a '\\OFFICE\mailslot\end' "that was it"
	until_true captured "$1" 'that was it'
	kill -INT $capturer $(pgrep -P $capturer) 2>/dev/null
	wait $capturer 2>/dev/null
}

modprobe veth 2>/dev/null
for name in a b c d; do machine $name; done
cable a 10.77.0.1 b 10.77.0.2 v && cable d 10.80.0.4 c 10.80.0.3 z ||
	skip_all "no virtual network cables here"
mount_in a remote=on,rate=0,netbios=alpha,workgroup=office,names=1d:1e
capture a v office.pcap

# ---- Samba's machine, which needs some time to be master of its group ---------------

configure b.samba OFFICE "netbios name = MASTER" "interfaces = 10.77.0.2/24" \
	"preferred master = yes" "os level = 65"
serve a browse --broadcast --json
browse=$server
mark a
in_machine b nmbd -F --no-process-group -s "$PWD/b.samba/smb.conf" -l "$PWD/b.samba" &
nmbd=$!
in_machine b smbd -F --no-process-group -s "$PWD/b.samba/smb.conf" -l "$PWD/b.samba" \
	>smbd.log 2>&1 &

# ---- meanwhile: a test of Samba's, against us -----------------------------------------

configure c.samba TORTGRP "netbios name = TORTURER" "interfaces = 10.80.0.3/24" \
	"name resolve order = lmhosts"
mkdir -p torture
mount_in d remote=on,rate=0,netbios=bigserver,workgroup=tortgrp,names=1c
MAILSLOT_ROOT=$PWD/d "$helpers/remote_netlogon" BIGSERVER TORTGRP >answers &
until_true test -e 'd/NET\NETLOGON'
mkdir -p /etc/samba
echo '10.80.0.4 TORTGRP#1c' >lmhosts
[ -e /etc/samba/lmhosts ] || : >/etc/samba/lmhosts
mount --bind lmhosts /etc/samba/lmhosts
torture() {
	cd torture && in_machine c timeout 60 smbtorture -s ../c.samba/smb.conf \
		//10.80.0.4/none -U% nbt.dgram.netlogon
}
check "smbtorture nbt.dgram.netlogon" torture
umount /etc/samba/lmhosts
like "$(cat answers)" 'answered to .*@10\.80\.0\.3:[0-9]*\\MAILSLOT\\NET\\GETDC' \
	"it was our responder that answered"

# ---- our machine in Samba's browse list -----------------------------------------------

# announce SERVERTYPE NAME: a HostAnnouncement ([MS-BRWS] 2.2.1), as text for
# printf: it has zeros.
announce() {
	local name=$2
	while [ ${#name} -lt $((16 * 4 - 3 * ${#2})) ]; do name+='\x00'; done
	printf '%s' '\x01\x00\x60\xea\x00\x00' "$name" '\x04\x09' "$1" \
		'\x0f\x01\x55\xaa' 'eleven sodas' '\x00'
}
here='\x03\x90\x00\x00' gone='\x00\x00\x00\x00'

# listed NAME: what a client of Samba's is told. Only without SPNEGO does it learn
# the name of the group whose machines it then asks for.
listed() {
	in_machine a timeout 60 smbclient -s "$PWD/b.samba/smb.conf" -m NT1 -N -g \
		--option="client use spnego = no" -L //10.77.0.2 >list 2>&1
	grep -q "^Server|$1|" list
}
noticed() { grep -q "\"$1\"" b.samba/*/browse.dat; }
unnoticed() { ! noticed "$1"; }

# within_30 COMMAND...
within_30() {
	local end=$((SECONDS + 30 * MAILSLOT_SLOW))
	while ! "$@" 2>/dev/null; do
		[ $SECONDS -lt $end ] || return
		nap 0.2
	done
}
is_master() { grep -q '"OFFICE".*"MASTER"' b.samba/*/browse.dat; }
# The first list starts daemons, which takes long.
listed nobody
within_30 is_master || within_30 is_master || fail "nmbd becomes master of its group"

# shellcheck disable=SC2059 # it is a format
printf "$(announce "$here" SODAHOST)" >'a/\\OFFICE#1d\mailslot\browse'
check "a HostAnnouncement is noticed within 30 s" within_30 noticed SODAHOST
check "smbclient lists our host" within_30 listed SODAHOST || diag "$(cat list smbd.log)"
# shellcheck disable=SC2059
printf "$(announce "$gone" SODAHOST)" >'a/\\OFFICE#1d\mailslot\browse'
check "ServerType 0 is noticed within 30 s" within_30 unnoticed SODAHOST
check_fails "and smbclient does not list our host any more" listed SODAHOST

# ---- one port for two ------------------------------------------------------------------

mount_in b remote=on,rate=0,netbios=master,workgroup=office,names=1d
mark b
for letter in {A..P}; do say a '\\MASTER@10.77.0.2\mailslot\unicast' "$letter"; done
for letter in {A..P}; do say a '\\OFFICE\mailslot\broadcast' "$letter"; done
counts b "dropped_no_slot+16 received+16" "beside nmbd we hear every broadcast, and no unicast mail"
# "... datagram from ALPHA<00> to ... for \MAILSLOT\unicast of type 65 len=1", where
# the type is the first byte. Of a broadcast each of nmbd's sockets has a copy.
heard_by_nmbd() {
	[ "$(sed -n "s/.*process_dgram: .*for .MAILSLOT.$1 of type \([0-9]*\) .*/\1/p" \
		b.samba/log.nmbd | sort -u | xargs)" = "$(echo {65..80})" ]
}
check "nmbd hears all of its unicast mail" until_true heard_by_nmbd unicast
check "and every broadcast" until_true heard_by_nmbd broadcast
umount b

# ---- what nmbd says, and what was on the wire -------------------------------------------

kill $(pgrep -P $nmbd) $nmbd 2>/dev/null
wait $nmbd 2>/dev/null
end_capture office.pcap
stop "$browse"
fields() {
	tshark -n -r "$1" -Y "$2" -T fields -E separator='|' "${@:3}" 2>/dev/null
}
fields office.pcap 'ip.src == 10.77.0.2 && mailslot.name contains "BROWSE"' \
	-e nbdgm.destination_name >announced
ours=$(grep -c '^OFFICE *<\(00\|1d\|1e\)>' announced)
is "$(grep -c '"address":"10.77.0.2"' a.browse)" "$ours" \
	"we have heard as many announcements as were on the wire" ||
	diag "$(sort announced | uniq -c; cat a.browse)"
check "which were some" test "$ours" -ge 3

# ---- what we send ------------------------------------------------------------------------

capture a v ours.pcap
say a '\\*\mailslot\soda' hello
say a '\\10.77.0.2\mailslot\soda' hello
say a '\\MASTER#20@10.77.0.2\mailslot\Two Words' hello
say a '\\office#1e\mailslot\dir\ectory' hello
say a '\\MASTER@10.77.0.2\mailslot\x' x
head -c 424 /dev/zero | tr '\0' y >'a/\\MASTER@10.77.0.2\mailslot\eight888'
end_capture ours.pcap
fields ours.pcap 'ip.src == 10.77.0.1' -e nbdgm.type -e nbdgm.source_name \
	-e nbdgm.destination_name -e mailslot.name -e mailslot.opcode \
	-e mailslot.class -e mailslot.priority -e smb.dc -e ip.dst >decoded
diag "$(cat decoded)"
sed 's/ *<\(..\)>[^|]*/<\1>/g' decoded >names
row=0
# decodes TYPE DESTINATION SLOT BYTES ADDRESS
decodes() {
	row=$((row + 1))
	is "$(sed -n ${row}p names)" \
		"$1|ALPHA<00>|$2|\\MAILSLOT\\$3|1|2|0|$4|$5" "tshark: $2 $3"
}
decodes 17 'OFFICE<00>' soda 5 10.77.0.255
decodes 16 '*<00>' soda 5 10.77.0.2
decodes 16 'MASTER<20>' 'Two Words' 5 10.77.0.2
decodes 17 'OFFICE<1e>' 'dir\ectory' 5 10.77.0.255
decodes 16 'MASTER<00>' x 1 10.77.0.2
decodes 16 'MASTER<00>' eight888 424 10.77.0.2
decodes 17 'OFFICE<00>' end 11 10.77.0.255
is "$(fields ours.pcap '_ws.malformed || _ws.expert.severity >= warning' -e frame.number)" "" \
	"and finds nothing malformed"
done_testing
