#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC1003,SC2015,SC2317
#
# Changes in the middle of traffic: options, sockets, mounts, whole machines.
#
# suite-timeout: 600
# suite-kernels: 6.1 debug
. "$(dirname "$0")/ktap.sh"
. "$(dirname "$0")/helpers/remote_net.sh"

three_machines
mount_in a remote=on,rate=0,netbios=alpha
mount_in b remote=on,rate=0,netbios=bravo
serve b box --remote --broadcast
exec 3>'a/\\10.77.0.2\mailslot\box'

# Not without a pause, or nothing else would get on where processors are slow.
flood() {
	while :; do
		printf x >&3
		printf x >&3
		nap 0.01
	done 2>/dev/null
}
flood &
flooder=$!
mark b
more() { arrived b $((from + 1)); }
off_and_on() {
	local i from
	for i in 1 2 3 4 5; do
		remount_in b remote=off && remount_in b remote=on,port=139 &&
			remount_in b port=138 || return
		from=$(since b received)
		until_true more || { echo "$i: stays at $from" && return 1; }
	done
}
check "five times off, on, another port, and traffic goes on each time" off_and_on
off_and_on_at_sender() {
	local i
	for i in 1 2 3 4 5; do
		remount_in a remote=off && remount_in a remote=on || return
	done
}
check "five times off and on at the sender" off_and_on_at_sender
check "the counters add up" adds_up b
stop "$server"
check "umount under traffic" umount b
mount_in b remote=on,rate=0,netbios=bravo
serve b box --remote
mark b
busy() { [ "$(since b delivered)" -gt 0 ]; }
check "a new mount hears the same traffic" until_true busy
stop "$server"
umount b
kill "${netns[b]}"
wait "${netns[b]}" 2>/dev/null
kill "$flooder"
wait "$flooder" 2>/dev/null
exec 3>&- 4>&-

# A machine goes while it receives, mount and slot and all.
machine d
cable a 10.80.0.1 d 10.80.0.4 y
nsenter --target "${netns[d]}" --net unshare --mount --pid --kill-child bash -c "
	mount -t mailslot -o remote=on,rate=0 mailslot /dev/mailslot
	mailslot recv --remote box" >d.box &
gone=$!
exec 3>'a/\\10.80.0.4\mailslot\box'
flood &
flooder=$!
until_true test -s d.box
# unshare blocks SIGTERM while it waits for its child.
kill -KILL "$gone" "${netns[d]}"
wait "$gone" "${netns[d]}" 2>/dev/null
link_is_gone() { ! in_machine a ip link show y >/dev/null 2>&1; }
check "a machine ends under traffic, with its mount and its slots" until_true link_is_gone
kill "$flooder"
wait "$flooder" 2>/dev/null
exec 3>&-
done_testing
