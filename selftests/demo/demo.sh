#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# demo.sh: what mailslots do, shown. Runs as root where the module is loaded
# and mounted on /dev/mailslot; every step is checked, so that a demonstration
# that ends well has worked.
set -euo pipefail

slots=${MAILSLOT_ROOT:-/dev/mailslot}
top=$(cd "$(dirname "$0")/../.." && pwd -P)
work=$(mktemp -d)
PATH=$top/userlib:$PATH
step=0
server=

cleanup() {
	local pids
	pids=$(jobs -p)
	# shellcheck disable=SC2086
	[ -z "$pids" ] || kill $pids 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

title() { printf '\n\033[1m%d. %s\033[0m\n' $((step += 1)) "$*"; }
show() { printf '   $ %s\n' "$*"; }
fail() { printf 'demo: %s\n' "$*" >&2; exit 1; }
indent() { sed 's/^/     /'; }

# run COMMAND: show it and do it.
run() {
	show "$1"
	(cd "$slots" && eval "$1") 2>&1 | indent
}

# refused COMMAND WORDS: it must fail, and say these words.
refused() {
	show "$1"
	if (cd "$slots" && eval "$1") >"$work/said" 2>&1; then
		fail "'$1' should have failed"
	fi
	indent <"$work/said"
	grep -qi -- "$2" "$work/said" || fail "'$1' did not say '$2'"
}

# until_true COMMAND...: wait for a condition, ten seconds at the most.
until_true() {
	for _ in {1..200}; do
		"$@" && return
		sleep 0.05
	done
	fail "waited in vain for: $*"
}

exists() { [ -e "$slots/$1" ]; }
gone() { [ ! -e "$slots/$1" ]; }
lines_in() { [ "$(wc -l <"$work/$1")" -ge "$2" ]; }

shell_server() {
	title "A server in one line of shell, and clients that know its name"
	show 'cat <>hello &'
	cat <>"$slots/hello" >"$work/hello" &
	server=$!
	until_true exists hello
	run 'ls -l'
	run 'echo "from echo" > hello'
	run 'echo "any case of letters" > HELLO'
	run 'echo "through tee" | tee hello >/dev/null'
	until_true lines_in hello 3
	show '# what the server received:'
	indent <"$work/hello"
	refused 'rm hello' 'not permitted'
	kill "$server"
	wait 2>/dev/null || true
	show 'kill %1    # the slot goes with its server, with nothing to clean up'
	until_true gone hello
	refused 'echo anyone > hello' 'No such file'
}

c_programs() {
	local program
	title "C programs: userlib/examples/server.c and client.c"
	for program in server client; do
		cc -I"$top/userlib/include" -o "$work/$program" \
			"$top/userlib/examples/$program.c" \
			"$top/userlib/libmailslot.a" -pthread
	done
	show './server counter &'
	"$work/server" counter >"$work/counter" &
	until_true exists counter
	show './client counter "11 sodas left"; ./client counter stop'
	"$work/client" counter "11 sodas left"
	"$work/client" counter stop
	wait
	indent <"$work/counter"
	grep -q '11 sodas left' "$work/counter" || fail "the message is missing"
}

waiting() {
	title "A read waits as long as the slot says"
	run 'time -p mailslot recv --count 1 --timeout 0 quick || true'
	run 'time -p mailslot recv --count 1 --timeout 300 patient || true'
	show 'mailslot recv --count 1 forever &'
	mailslot recv --count 1 forever >"$work/forever" &
	until_true exists forever
	run 'mailslot send forever "worth the wait"'
	wait
	indent <"$work/forever"
}

limits() {
	title "Nothing is cut, nothing is lost"
	exec 7<>"$slots/small"
	run 'mailslot send small "twelve bytes"'
	show 'dd bs=5 count=1 <&7    # a buffer that is too short loses nothing'
	if dd bs=5 count=1 <&7 >"$work/said" 2>&1; then
		fail "a short read was not refused"
	fi
	grep -i 'too long' "$work/said" | indent
	run 'mailslot info small'
	show 'dd bs=100 count=1 <&7'
	dd bs=100 count=1 <&7 2>/dev/null | indent
	printf '\n'
	refused 'head -c 2M /dev/zero | dd bs=2M iflag=fullblock > small' 'too long'
	exec 7<&-
	until_true gone small
}

report() {
	title "Who is there, and what happened"
	mailslot recv 'Cooldirectory\Funtest\slot' >"$work/deep" &
	server=$!
	until_true exists 'Cooldirectory\Funtest\slot'
	run 'mailslot send --lines "Cooldirectory\\Funtest\\slot" < /etc/issue'
	run 'mailslot list'
	kill "$server"
	wait 2>/dev/null || true
	until_true gone 'Cooldirectory\Funtest\slot'
}

# on MACHINE COMMAND: in the network namespace of that name, with its own mount.
on() {
	ip netns exec "$1" bash -c "mount -t mailslot -o remote=on,netbios=$1 \
		mailslot '$slots' && $2"
}

has_slot() { ip netns exec "$1" grep -q " $2\$" /proc/net/mailslot; }

connect_machines() {
	local n=0 name
	ip link add office type bridge
	ip link set office up
	for name in "$@"; do
		ip netns add "$name"
		ip link add "to-$name" type veth peer name eth0 netns "$name"
		ip link set "to-$name" master office up
		ip -n "$name" link set lo up
		ip -n "$name" addr add "10.138.0.$((n += 1))/24" brd + dev eth0
		ip -n "$name" link set eth0 up
	done
}

disconnect_machines() {
	local name
	for name in "$@"; do
		ip netns del "$name" || true
	done
	ip link del office || true
}

# colour NAME: the name of a machine in its colour.
colour() {
	local -A codes=([red]=31 [green]=32 [blue]=34)
	printf '\033[1;%sm%-5s\033[0m' "${codes[$1]}" "$1"
}

# shows MACHINE: the last message that arrived there, and who sent it.
shows() {
	tail -n 1 "$work/$1" | sed -E \
		's/.*"data":"([^"]*)".*"address":"([^"]*)".*"source_name":"([^"]*)".*/\1   (says \3, from \2)/'
}

# The scenario of the book "Network Programming for Microsoft Windows".
sodas() {
	local machines=(red green blue) name left told=0
	title "Three machines in an office: one counts the sodas, all are told"
	connect_machines "${machines[@]}"
	for name in "${machines[@]}"; do
		on "$name" 'exec mailslot recv --broadcast --json --count 3 soda' \
			>"$work/$name" &
		printf '   %s %s$ mailslot recv --broadcast soda &\n' "$(colour "$name")" \
			"$(ip -n "$name" -4 -br addr show eth0 | awk '{ print $3 }')"
	done
	for name in "${machines[@]}"; do
		until_true has_slot "$name" soda
	done
	for left in "11 sodas" "10 sodas" "no soda"; do
		printf "\n   %s\$ echo %s left > '%s'\n" "$(colour blue)" "$left" \
			'/dev/mailslot/\\*\mailslot\soda'
		on blue "echo -n $left left > '$slots/\\\\*\\mailslot\\soda'"
		told=$((told + 1))
		for name in "${machines[@]}"; do
			until_true lines_in "$name" $told
			printf '     %s shows: %s\n' "$(colour "$name")" "$(shows "$name")"
		done
	done
	wait
	for name in "${machines[@]}"; do
		[ "$(grep -c 'left"' "$work/$name")" = 3 ] ||
			fail "$name did not receive all three, once each"
	done
	disconnect_machines "${machines[@]}"
}

mountpoint -q "$slots" || fail "nothing is mounted on $slots"
shell_server
c_programs
waiting
limits
report
sodas
printf '\n\033[1mThat was it: every step did what it should.\033[0m\n'
