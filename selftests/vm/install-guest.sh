#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317
#
# install-guest.sh COMMANDS: in a machine that has mailslot installed and just
# booted, under systemd.  COMMANDS is a file of what the README tells to type.
cd "$(dirname "$0")" || exit
# shellcheck source=../tests/ktap.sh
. ../tests/ktap.sh
commands=$1

# wait_for COMMAND...: the machine's own time is the limit.
wait_for() {
	until "$@" >/dev/null 2>&1; do
		sleep 0.1
	done
}

# What the commands print, also those in the background.
typed=/run/typed
has_slot() { [ -n "$(mailslot list)" ]; }

# Types the commands as the user does: a command in the background has begun
# when the next line comes.
type_commands() {
	local line
	while read -r line; do
		eval "$line"
		case $line in
		*' & '* | *' &') wait_for has_slot ;;
		esac
	done <"$commands"
}

first_user() {
	type_commands
	wait_for grep "11 sodas left" "$typed"
	# shellcheck disable=SC2046 # one word a job
	kill $(jobs -p)
	wait
}

first_message() {
	export -f first_user type_commands wait_for has_slot
	export commands typed
	runuser -u me -- bash -c first_user </dev/null >"$typed" 2>&1
	cat "$typed"
}

# in_service PROPERTY...: a service with them sends a message.  (systemd-run wants
# dbus, which this machine does not have.)
in_service() {
	{
		printf '[Service]\nType=oneshot\n'
		printf '%s\n' "$@" "ExecStart=sh -c 'echo x >/dev/mailslot/service'"
	} >/run/systemd/system/sender.service
	systemctl daemon-reload
	systemctl start sender.service
}

is "$(systemctl is-active dev-mailslot.mount)" active "systemd has mounted /dev/mailslot"
is "$(cat /sys/module/mailslot/version)" "$MAILSLOT_VERSION" "mounting has loaded this version"
like "$(first_message)" "11 sodas left" "the first message arrives"
like "$(cat "$typed")" $'(^|\n)soda' "and the list has its mailslot"

check "the packages' test of messages" ../../debian/tests/messages

mailslot recv service >/dev/null &
wait_for has_slot
check "a service may use mailslots" in_service
check_fails "but not one that may use no devices" in_service DevicePolicy=closed
check "unless DeviceAllow= names them" \
	in_service DevicePolicy=closed "DeviceAllow=char-mailslot rw"
check_fails "PrivateDevices= hides them" in_service PrivateDevices=yes
check "and BindPaths= brings them back" in_service PrivateDevices=yes \
	"DeviceAllow=char-mailslot rw" BindPaths=/dev/mailslot
kill %%
wait

check "systemd unmounts it" systemctl stop dev-mailslot.mount
check "the module can be unloaded" modprobe -r mailslot
check "mounting by type alone loads it" mount -t mailslot mailslot /mnt
check "and it works" sh -c 'mailslot recv x -t 0; [ $? = 1 ]'
umount /mnt
check "it starts again" systemctl start dev-mailslot.mount
done_testing
