#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Mailslots from the shell: a server in one line, and all the ways to feed it.
. "$(dirname "$0")/ktap.sh"

root=${MAILSLOT_ROOT:-/dev/mailslot}
cd "$root" || exit

# until_true COMMAND...: waits for a condition, twenty seconds at most.
until_true() {
	local end=$((SECONDS + 20 * ${MAILSLOT_SLOW:-1}))
	while ! "$@" 2>/dev/null; do
		[ $SECONDS -lt $end ] || return
		sleep 0.01
	done
}

# start_server NAME: what NAME receives goes to the file $got.
start_server() {
	got=/tmp/shell-got
	: >"$got"
	cat <>"$root/$1" >"$got" &
	server=$!
	until_true test -e "$root/$1"
}

stop_server() {
	kill "$server"
	wait "$server" 2>/dev/null
}

got_is() { [ "$(cat "$got")" = "$1" ]; }

# receives TEXT DESCRIPTION: the server has received TEXT since the last time.
receives() {
	if until_true got_is "$1"; then
		pass "$2"
	else
		fail "$2" "got '$(cat "$got")', wanted '$1'"
	fi
	: >"$got"
}

start_server hello
echo "hello world" >hello
receives "hello world" "echo > slot"
echo "from elsewhere" >"$root/hello"
receives "from elsewhere" "echo > path of a slot"
echo "appended" >>hello
receives "appended" "echo >> slot"
echo "Any Case" >HELLO
receives "Any Case" "echo > SLOT in capitals"
echo "UNC" >'\\.\mailslot\Hello'
receives "UNC" 'echo > \\.\mailslot\slot'
echo "tee" | tee hello >/dev/null
receives "tee" "tee slot"
echo "tee -a" | tee -a heLLo >/dev/null
receives "tee -a" "tee -a slot"
echo "a copy" >/tmp/shell-copy
cp /tmp/shell-copy hello
receives "a copy" "cp file slot"
cp -f /tmp/shell-copy hello
receives "a copy" "cp -f file slot"
dd if=/tmp/shell-copy of=hello 2>/dev/null
receives "a copy" "dd of=slot"
dd if=/tmp/shell-copy of=hello conv=notrunc oflag=append 2>/dev/null
receives "a copy" "dd of=slot conv=notrunc oflag=append"
cat /tmp/shell-copy >hello
receives "a copy" "cat file > slot"
printf '%s %s' print f >hello
receives "print f" "printf > slot"
(
	set -o noclobber
	echo "noclobber" >hello
)
receives "noclobber" "echo > slot with noclobber set"
sh -c 'echo "by sh" > hello'
receives "by sh" "sh, which is dash"
(umask 777 && echo "umask" >hello)
receives "umask" "echo > slot under umask 777"
if command -v python3 >/dev/null; then
	python3 -c 'open("Hello", "w").write("python")'
	receives "python" "python's open(slot, 'w')"
	python3 -c 'open("Hello", "ab", buffering=0).write(b"bytes")'
	receives "bytes" "python's open(slot, 'ab')"
else
	skip "python's open(slot, 'w')" "no python3"
	skip "python's open(slot, 'ab')" "no python3"
fi
(
	exec 3>hello
	for word in one two three; do
		echo $word >&3
	done
)
receives $'one\ntwo\nthree' "several messages through one descriptor"

# A thousand clients one after the other: all arrive, in order.
for ((i = 0; i < 1000; i++)); do
	echo "$i"
done >/tmp/shell-thousand
while read -r line; do
	echo "$line" >hello
done </tmp/shell-thousand
receives "$(cat /tmp/shell-thousand)" "a thousand echoes keep their order"

is "$(echo *)" "hello" "a glob finds the slot as it was spelt"
is "$(ls)" "hello" "so does ls"
is "$(stat -c %A hello)" "crw--w--w-" "it is a character device that all may write"
is "$(find . -type f)" "" "find -type f does not see slots"
is "$(find . -type c)" "./hello" "find -type c does"
timeout 20 grep -r anything .
is "$?" 1 "grep -r finds nothing, and does not stop at slots"
check "test -e" test -e HELLO
check "test -c" test -c hello
check "test -w" test -w hello
check_fails "a second server of the name" timeout 20 cat hello
like "$(cat hello 2>&1)" "busy" "it says that the slot is busy"
check_fails "a second server in one line" timeout 20 sh -c 'cat <>Hello'
check_fails "rm" rm -f hello
check_fails "rm of the whole directory" rm -rf "$root"
check_fails "mv" mv hello other
check_fails "mkdir" mkdir directory
check_fails "ln" ln hello link
check_fails "ln -s" ln -s hello link
is "$(ls)" "hello" "after all that the slot is there, and nothing else"
echo "still here" >hello
receives "still here" "and takes mail"
stop_server

is "$(ls -A)" "" "the slot goes with its server"
check_fails "echo > slot that is gone" sh -c 'echo x > hello'
check_fails "tee of a missing slot" sh -c 'echo x | tee missing'
check_fails "cp to a missing slot" cp /tmp/shell-copy missing
check_fails "touch of a missing slot" touch missing
check_fails "cat of a missing slot" cat missing
is "$(ls -A)" "" "nothing of that makes a file"

start_server 'Cooldirectory\Funtest\slot'
echo "deep" >'COOLDIRECTORY\funtest\SLOT'
receives "deep" "a name with backslashes"
is "$(ls)" 'Cooldirectory\Funtest\slot' "which is one entry of the directory"
stop_server

is "$(stat -f -c %t .)" 4d534c54 "stat -f tells the file system's magic"
like "$(cat /proc/devices)" "mailslot" "char-mailslot is in /proc/devices"
like "$(cat /proc/filesystems)" "mailslot" "mailslot is in /proc/filesystems"

cd / || exit
# Mounting loads the module: the kernel asks for the alias that it has.
loads_by_itself() {
	local modprobe
	modprobe=$(cat /proc/sys/kernel/modprobe)
	umount "$root" && rmmod mailslot || return
	cat >/tmp/shell-modprobe <<-END
		#!/bin/sh
		echo "\$@" >>/tmp/shell-asked
		case "\$*" in *fs-mailslot*) /sbin/insmod $MAILSLOT_KO ;; esac
	END
	chmod +x /tmp/shell-modprobe
	echo /tmp/shell-modprobe >/proc/sys/kernel/modprobe
	mount -t mailslot mailslot "$root"
	echo "$modprobe" >/proc/sys/kernel/modprobe
	modinfo -F alias "$MAILSLOT_KO" | grep -qx fs-mailslot || return
	grep -q fs-mailslot /tmp/shell-asked && test -d "$root"
}
if [ -n "${MAILSLOT_KO-}" ]; then
	check "mounting loads the module" loads_by_itself
else
	skip "mounting loads the module" "no MAILSLOT_KO"
fi
done_testing
