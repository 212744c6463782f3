# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2016,SC2034
#
# Machines for the suites of remote delivery, each a network namespace; sourced
# after ktap.sh.  Machine a has two links to b and one to c:
#
#	10.77.0.1 a ----- b 10.77.0.2
#	10.78.0.1 a ----- b 10.78.0.2
#	10.79.0.1 a ----- c 10.79.0.3
#
# The mount of machine a is the directory a, and so on: which machine a write
# comes from is said by the path alone.

declare -A netns old

# tidy: the mounts are those of the suite's own mount namespace, which would
# keep the module busy when the machines are long gone.
tidy() {
	local pids machine
	pids=$(jobs -p)
	# shellcheck disable=SC2086
	[ -z "$pids" ] || kill -KILL $pids 2>/dev/null
	wait 2>/dev/null
	exec 3>&- 4>&-
	for machine in "${!netns[@]}"; do
		until_true unmounted "$machine"
	done
}
trap tidy EXIT

unmounted() { ! mountpoint -q "$1" || umount "$1"; }

# nap SECONDS: without starting a program, which takes longer than the nap.
exec {nap_fd}<> <(:)
nap() { read -rt "$1" -u "$nap_fd" || :; }

# until_true COMMAND...: waits for a condition, ten seconds at most.
until_true() {
	local end=$((SECONDS + 10 * ${MAILSLOT_SLOW:-1}))
	while ! "$@" 2>/dev/null; do
		[ $SECONDS -lt $end ] || return
		nap 0.01
	done
}

# machine NAME: a network namespace, kept by a process whose id is netns[NAME].
machine() {
	mkdir -p "$1"
	unshare --net bash -c 'ip link set lo up; : >"$0/up"; exec sleep infinity' "$1" &
	netns[$1]=$!
	until_true test -e "$1/up"
}

# in_machine NAME COMMAND...
in_machine() {
	local pid=${netns[$1]}
	shift
	nsenter --target "$pid" --net -- "$@"
}

end_of_cable() {
	in_machine "$1" ip -batch - <<<"addr add $2/24 brd + dev $3
		link set $3 up"
}

# cable A ADDRESS B ADDRESS DEVICE: a cable between two machines.
cable() {
	ip link add "$5" netns "${netns[$1]}" type veth peer name "$5" netns "${netns[$3]}"
	end_of_cable "$1" "$2" "$5" && end_of_cable "$3" "$4" "$5"
}

three_machines() {
	modprobe veth 2>/dev/null
	machine a
	machine b
	machine c
	cable a 10.77.0.1 b 10.77.0.2 v && cable a 10.78.0.1 b 10.78.0.2 w &&
		cable a 10.79.0.1 c 10.79.0.3 x || skip_all "no virtual network cables here"
}

# mount_in NAME OPTIONS, remount_in NAME OPTIONS
mount_in() { in_machine "$1" mount -t mailslot -o "$2" mailslot "$PWD/$1"; }
remount_in() { in_machine "$1" mount -o "remount,$2" "$PWD/$1"; }

# serve MACHINE SLOT OPTION...: what arrives is added to the file MACHINE.SLOT.
serve() {
	local machine=$1 slot=$2
	shift 2
	MAILSLOT_ROOT=$PWD/$machine mailslot recv "$@" "$slot" >>"$machine.$slot" &
	server=$!
	until_true test -e "$machine/$slot"
}

stop() {
	kill "$1"
	wait "$1" 2>/dev/null
}

# read_all FILE: into the variable text. No $(), which starts a process: the
# suites look at files and counters thousands of times.
read_all() { IFS= read -rd '' text <"$1" || :; }

got() {
	read_all "$1"
	[ "$text" = "$2"$'\n' ]
}

# receives MACHINE.SLOT TEXT DESCRIPTION: it has received just that since the
# last time.
receives() {
	local text
	if until_true got "$1" "$2"; then
		pass "$3"
	else
		fail "$3" "$1 got '$text', wanted '$2'"
	fi
	: >"$1"
}

# say MACHINE DESTINATION TEXT: from the shell, as everybody would.
say() { printf '%s' "$3" >"$1/$2"; }

# refused WORDS DESCRIPTION COMMAND...: it fails, and says why.
refused() {
	local words=$1 name=$2 said
	shift 2
	if said=$("$@" 2>&1); then
		fail "$name" "should have failed: $*"
	else
		like "$said" "$words" "$name"
	fi
}

say_refused() { refused "$1" "$2" say "$3" "$4" "${5-x}"; }

# counters MACHINE: into the array now, without the gauge of queued bytes.
counters() {
	local text word name=''
	read_all "/proc/${netns[$1]}/net/mailslot"
	now=()
	for word in ${text%%$'\nslot '*}; do
		[[ $name != remote_* || $name = remote_bytes ]] || now[${name#remote_}]=$word
		name=$word
	done
}

# mark MACHINE...: changes counts from here.
mark() {
	local -A now
	local machine name
	for machine in "$@"; do
		counters "$machine"
		for name in "${!now[@]}"; do
			old[$machine.$name]=${now[$name]}
		done
	done
}

# changes MACHINE: into the variable moved, the counters that have moved, sorted,
# as name+difference.
changes() {
	local -A now
	local name list=() i
	counters "$1"
	for name in "${!now[@]}"; do
		[ "${now[$name]}" != "${old[$1.$name]}" ] || continue
		for ((i = ${#list[@]}; i > 0; i--)); do
			[[ ${list[i - 1]} > $name ]] || break
			list[i]=${list[i - 1]}
		done
		list[i]=$name+$((now[$name] - ${old[$1.$name]}))
	done
	moved=${list[*]}
}

changes_are() {
	changes "$1"
	[ "$moved" = "$2" ]
}

# counts MACHINE "NAME+N..." DESCRIPTION: exactly these counters have moved
# since the mark, and exactly so far; makes a new mark.
counts() {
	local moved
	if until_true changes_are "$1" "$2"; then
		pass "$3"
	else
		fail "$3" "$1 counted '$moved', wanted '$2'"
	fi
	mark "$1"
}

# adds_up MACHINE: every datagram that was received has one fate.
adds_up() {
	local -A now
	local name sum=0
	counters "$1"
	for name in "${!now[@]}"; do
		[[ $name = sent || $name = received ]] || sum=$((sum + now[$name]))
	done
	[ "$sum" = "${now[received]}" ] && [ "$sum" -gt 0 ]
}

# arrived MACHINE N: N datagrams have been received since the mark.
arrived() { [ "$(since "$1" received)" -ge "$2" ]; }

# since MACHINE COUNTER: how far it has moved since the mark.
since() {
	local text
	read_all "/proc/${netns[$1]}/net/mailslot"
	[[ $text =~ \ remote_$2\ ([0-9]+) ]]
	echo $((BASH_REMATCH[1] - old[$1.$2]))
}
