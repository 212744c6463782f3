#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317
#
# The command mailslot on a real mount, as people and scripts use it. What it asks
# of the module is tested elsewhere, where the debug kernel watches.
#
# suite-timeout: 240
# suite-kernels: 6.1 6.12
. "$(dirname "$0")/ktap.sh"

# serve NAME OPTION...: recv in the background, its output in ./out; returns
# when clients can send.
serve() {
	local name=$1
	shift
	mailslot recv "$@" "$name" >out 2>err &
	server=$!
	wait_for ready "/dev/mailslot/$name"
}

# Also when there will never be a slot, so that a failure is no endless wait.
ready() { test -e "$1" || ! kill -0 "$server"; }

# served STATUS DESCRIPTION: out and err are complete after this.
served() {
	local status=0
	wait "$server" || status=$?
	[ $# = 0 ] || is "$status" "$1" "$2"
}

stop() {
	kill "$server"
	wait "$server" 2>/dev/null
}

# fails STATUS PATTERN-OF-STDERR DESCRIPTION COMMAND...
fails() {
	local status=0 wanted=$1 pattern=$2 name=$3 said
	shift 3
	said=$("$@" 2>&1 >/dev/null </dev/null) || status=$?
	if [ $status = "$wanted" ]; then
		like "$said" "$pattern" "$name"
	else
		fail "$name" "exit status $status, not $wanted: $* ($said)"
	fi
}

as_nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups)

# All in one line.
flat() { tr -s ' \n' ' '; }

# json FILE PYTHON-EXPRESSION: of m, the first line.
json() {
	python3 -c 'import json, sys
m = json.loads(open(sys.argv[1]).readline())
print(eval(sys.argv[2]))' "$1" "$2"
}

# ---- recv and send ----------------------------------------------------------

serve hello -n 5
check "send an argument" mailslot send hello "hi there"
check "send an empty argument" mailslot send hello ""
printf 'one\ntwo\n' | mailslot send hello
echo "from echo" >/dev/mailslot/hello
mailslot send -- hello -dash
served 0 "recv ends after --count messages"
is "$(cat out)" $'hi there\n\none\ntwo\nfrom echo\n-dash' \
	"one message a line, no newline added to one that has it"

serve lines -n 4 --hex
printf 'a\n\nlast' | mailslot send --lines lines
printf '\0\377\n' | mailslot send lines
served
is "$(xargs <out)" "61 6c617374 00ff0a" "lines become messages; --hex"
is "$(wc -l <out)" 4 "an empty line is an empty message"

serve raw -n 2 --raw
mailslot send raw "no newline"
head -c 100000 /dev/zero | mailslot send raw
served
is "$(wc -c <out)" 100010 "--raw adds nothing; long messages arrive whole"

serve twice
fails 1 "cannot create 'TWICE': a mailslot of this name exists" \
	"a name that is taken, in another case" mailslot recv TWICE
stop
fails 1 "cannot open 'twice': no such mailslot.*'mailslot list'" \
	"the slot is gone with its server" mailslot send twice x

serve dir\\slot -n 1
check "slashes and UNC spellings in names" mailslot send //?/mailslot/DIR/slot x
served

# ---- JSON ---------------------------------------------------------------------

serve json -n 1 --json
"${as_nobody[@]}" mailslot send json $'q"\\\n\xc3\xa9\x01'
served
is "$(json out 'm["data"] == "q\"\\\n\u00e9\x01" and m["size"] == 7')" True \
	"--json: the message"
is "$(json out '[m["uid"], m["gid"], m["remote"], m["broadcast"]]')" \
	"[65534, 65534, False, False]" "--json: the sender"
is "$(json out 'm["pid"] > 1 and m["monotonic_ns"] > 0')" True \
	"--json: the process and the time"
is "$(json out 'abs(m["realtime_ns"] / 1e9 - __import__("time").time()) < 100')" \
	True "--json: the real time"

serve json -n 1 --json
printf '\xff' | mailslot send json
served
is "$(json out 'm["data_hex"]')" ff "--json: what is no text is hexadecimal"

mount -o remount,remote=loopback,netbios=FARHOST /dev/mailslot
serve far -n 1 --json --remote
mailslot send //127.0.0.1/mailslot/far "from afar"
served
is "$(json out '[m["data"], m["remote"], m["broadcast"], m["address"], m["port"]]')" \
	"['from afar', True, False, '127.0.0.1', 138]" "--json: from another machine"
is "$(json out '[m["source_name"], m["source_suffix"], m["mail_class"], m["priority"]]')" \
	"['FARHOST', 0, 2, 0]" "--json: what that machine says of itself"
is "$(json out '"pid" in m or "uid" in m')" False \
	"--json: no process of another machine"
like "$(mailslot info //127.0.0.1/mailslot/broken | flat)" \
	"maximum size: 424 bytes" "info tells how much can be sent to a machine"
mount -o remount,remote=off /dev/mailslot

# ---- timeouts -------------------------------------------------------------------

fails 1 "no message for 'quiet' in 50 ms" "a timeout without a message fails" \
	mailslot recv quiet -t 50
fails 1 "no message for 'quiet' in 0 ms" "a timeout of 0 does not wait" \
	mailslot recv quiet -t 0
# Begins before there is a slot, so that no timeout is over before the message.
send_soon() {
	until echo x >"/dev/mailslot/$1"; do
		:
	done 2>/dev/null &
}

send_soon some
check "a timeout after a message is the end" \
	mailslot recv some -t $((1000 * MAILSLOT_SLOW))
wait $!
send_soon some
fails 1 "'some' received 1 of 2 messages" \
	"a timeout before --count messages fails" \
	mailslot recv some -t $((1000 * MAILSLOT_SLOW)) -n 2
wait $!

serve stopped -t 20000 -n 1
kill -STOP "$server"
wait_for grep -q '^State:.T' "/proc/$server/status"
kill -CONT "$server"
wait_for grep -q '^State:.S' "/proc/$server/status"
mailslot send stopped x
served 0 "a stop and a continuation do not end the wait"

# ---- what is refused ------------------------------------------------------------

serve small -s 8 -m 0644 --remote --broadcast
fails 1 "'small': the message is longer" "too long" mailslot send small 123456789
fails 1 "you may not write" "no right to send" "${as_nobody[@]}" mailslot send small x
fails 1 "you may not write" "no right to look" "${as_nobody[@]}" mailslot info small
like "$(mailslot info small | flat)" \
	"mode: 0644 maximum size: 8 bytes.*accepts: local, remote, broadcast.*1 too long" \
	"info shows what recv asked for, and what was refused"
stop

fails 1 "not a name that a mailslot can have" "bad name" mailslot send a//b x
fails 1 "not a valid name" "bad name of a server" mailslot recv a//b
fails 1 "not a name that a mailslot can have" "a dot" mailslot send . x
fails 1 "not a valid name" "nobody creates remote mailslots" \
	mailslot recv '\\HOST\mailslot\x'
fails 1 "mail between machines is off; see remote=" "no mail to other machines" \
	mailslot send '//*/mailslot/x' x
fails 1 "longer than 255 bytes" "long name" mailslot send "$(printf %300s x)" x

mount -o remount,mode=0755 /dev/mailslot
fails 1 "you may not create mailslots" "no right to create" \
	"${as_nobody[@]}" mailslot recv x
mount -o remount,mode=0777,max_user_slots=1 /dev/mailslot
"${as_nobody[@]}" mailslot recv first &
wait_for test -e /dev/mailslot/first
fails 1 "too many mailslots.*max_user_slots=" "too many slots" \
	"${as_nobody[@]}" mailslot recv second
kill $!
wait $! 2>/dev/null
mount -o remount,max_user_slots=4096,max_queue_messages=2 /dev/mailslot

exec {full}<>/dev/mailslot/full
drain() { timeout $((60 * MAILSLOT_SLOW)) dd bs=100 count=5 <&"$full"; }
mailslot send full 1
mailslot send full 2
fails 1 "'full': its queue.* is full" "a full queue" mailslot send full 3
printf '3\n4\n5\n' | mailslot send --wait --lines full &
check "--wait outlasts a full queue" drain
wait $!
is $? 0 "and ends well"
printf 'a\nb\nc\n' | mailslot send --lines full 2>err
like "$(cat err)" "stopped at line 3" "--lines says where it stopped"
mount -o remount,max_queue_messages=262144 /dev/mailslot
exec {full}>&-

exec {gone}<>/dev/mailslot/gone
mkfifo pipe
# Without the server end, which this shell will not be the last to close.
mailslot send --lines gone <pipe 2>err {gone}>&- &
exec {pipe}>pipe
echo first >&"$pipe"
wait_for grep -q ' 1 .* gone$' /proc/net/mailslot
exec {gone}>&-
echo second >&"$pipe"
exec {pipe}>&-
wait $!
is $? 1 "send fails when the server is gone"
like "$(cat err)" "'gone': its server has closed it" "and says so"

serve disk -n 1
stop
mailslot recv disk >/dev/full 2>err &
server=$!
wait_for test -e /dev/mailslot/disk
mailslot send disk x
served 1 "recv fails when its output does"
like "$(cat err)" "cannot write to standard output: No space" "and says so"

# ---- list, info, top --------------------------------------------------------------

serve 'B two words'
other=$server
serve 'a'
mailslot send a 12345
wait_for grep -q 12345 out
exec {queue}<>'/dev/mailslot/C\queue'
mailslot send 'c/queue' 123
mailslot send 'c/queue' 4567
is "$(mailslot list)" $'B two words\nC\\queue\na' "list"
like "$(mailslot list --long | grep queue)" \
	'^0622 +0 +2 +7 +2 +0 C\\queue$' "list --long"
mailslot list --json | tr -d '\n' >json
is "$(json json '[(s["name"], s["queued_bytes"], s["mode"]) for s in m]')" \
	"[('B two words', 0, '0622'), ('C\\\\queue', 7, '0622'), ('a', 0, '0622')]" \
	"list --json"
"${as_nobody[@]}" mailslot info --json c/queue >json
is "$(json json '[m["next_size"], m["message_count"], m["delivered"], m["uid"]]')" \
	"[3, 2, 2, 0]" "info --json, by somebody else"
mailslot info --json a >json
is "$(json json 'm["next_size"]')" None "info --json of an empty slot"
like "$(mailslot info c/queue | flat)" \
	"messages waiting: 2 \(7 bytes\) next message: 3 bytes delivered: 2" "info"

# shellcheck disable=SC2094 # it is to grow while it is read
mailslot top -d 0.1 -n 2 >top &
wait_for grep -q MSG/S ./top
wait $!
is "$(grep -c MSG/S top)" 2 "top shows --count tables"
like "$(cat top)" '0\.0 +2 +7 +0 +0 +0 +0 +0 C\\queue' "top shows the queue"
like "$(head -n 1 top)" 'mailslots: 3 +waiting: 2 messages, 7 bytes' \
	"top shows the sum"
is "$(wc -L <top)" "$(awk '{ if (length > m) m = length } END { print m }' top)" \
	"top writes no control characters into a file"

# shellcheck disable=SC2094
mailslot top -d "$MAILSLOT_SLOW" -n 2 >top &
top=$!
while echo x; do
	:
done >/dev/mailslot/a &
wait $top
kill $!
wait $! 2>/dev/null
like "$(tail -n 6 top | sed -n 3p)" '^ +[1-9][0-9]*\.[0-9] +[0-9]+ .* a$' \
	"top shows the rate, the busiest slot first"

kill "$server" "$other"
wait "$server" "$other" 2>/dev/null
exec {queue}>&-
is "$(mailslot list)" "" "no slots, no list"
is "$(mailslot list --json)" "[]" "no slots, an empty list of JSON"

# ---- terminals ----------------------------------------------------------------------

printf 'a\033[31mb\n' >message
script -qec "mailslot recv -n 1 tty" typescript >/dev/null </dev/null &
wait_for test -e /dev/mailslot/tty
mailslot send tty <message
wait $!
check "a message cannot control the terminal" \
	grep -qF 'a\x1b[31mb' typescript
TERM=xterm script -qec "stty rows 5 cols 80; mailslot top -n 1" typescript \
	>/dev/null </dev/null
check "top redraws a terminal in place" grep -qF $'\033[H' typescript

# ---- where the slots are --------------------------------------------------------------

mkdir plain
MAILSLOT_ROOT=$PWD/plain fails 1 "no mailslot file system at .*/plain" \
	"MAILSLOT_ROOT is obeyed" mailslot recv x
install -m 4755 "$(command -v mailslot)" ./setuid
chmod 755 .
MAILSLOT_ROOT=$PWD/plain fails 1 "cannot open 'x': no such mailslot" \
	"MAILSLOT_ROOT does not mislead a set-user-ID program" \
	"${as_nobody[@]}" ./setuid send x y
umount /dev/mailslot
fails 1 "try as root: .*mount -t mailslot mailslot /dev/mailslot" \
	"not mounted" mailslot send x y
is "$(mailslot list)" "" "not mounted: no slots"
mount -t mailslot mailslot /dev/mailslot

done_testing
