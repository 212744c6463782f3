#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a test machine is for: runs the job that boot.sh left in /run/vm, and
# leaves its exit status, its output and the kernel's log there before the power
# goes off.  Everything is mounted by init.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LC_ALL=C.UTF-8 TERM=${TERM:-dumb}
# shellcheck disable=SC1091 # made by boot.sh
. /run/vm/env
export VM_KERNEL VM_KERNEL_DIR VM_TOP VM_CACHE

# Only what the job leaked counts: forget what the boot left.
kmemleak=/sys/kernel/debug/kmemleak
kmemleak_start() { [ ! -e $kmemleak ] || echo clear >$kmemleak; } 2>/dev/null

# kmemleak trusts an object for its first five seconds.  Machines that never
# loaded a module of ours (taint flag O) need not wait for that.
kmemleak_end() {
	[ -e $kmemleak ] || return 0
	(($(cat /proc/sys/kernel/tainted) & 4096)) || return 0
	sleep 5.2
	echo scan >$kmemleak
	cat $kmemleak >/run/vm/kmemleak
}

# qemu was told to end where a computer would boot again.
power_off() {
	sync
	if [ "$VM_KERNEL" = uml ]; then
		exec busybox poweroff -f
	fi
	[ "$VM_ROOT" = / ] || exec systemctl reboot -ff
	exec busybox reboot -f
}

interactive() {
	cat /run/vm/motd 2>/dev/null
	setsid --ctty bash -l
	power_off
}

cd "$VM_CWD" || cd /
if [ "$VM_INTERACTIVE" ]; then
	# shellcheck disable=SC1091 # made by boot.sh
	. /run/vm/job </dev/console >/dev/console 2>&1
	interactive </dev/console >/dev/console 2>&1
fi
: >/run/vm/started
kmemleak_start
# boot.sh judges only what the kernel says after this line more strictly.
echo "vm: the job starts" >/dev/kmsg
bash /run/vm/job </dev/null >/run/vm/output 2>&1
status=$?
kmemleak_end
dmesg >/run/vm/dmesg
echo "$status" >/run/vm/status
power_off
