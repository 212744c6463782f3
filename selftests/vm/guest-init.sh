#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Second part of a test machine's init: finishes the set-up, runs the job that
# boot.sh left in /run/vm, and leaves its exit status, its output and the
# kernel's log there before the power goes off.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LC_ALL=C.UTF-8 TERM=${TERM:-dumb}
# shellcheck disable=SC1091 # made by boot.sh
. /run/vm/env
export VM_KERNEL VM_KERNEL_DIR VM_TOP VM_CACHE

mount_rest() {
	mkdir -p /dev/pts /dev/shm /dev/mqueue
	mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
	mount -t tmpfs -o mode=1777 shm /dev/shm
	mount -t mqueue mqueue /dev/mqueue
	ln -sfn /proc/self/fd /dev/fd
	ln -sf /proc/self/fd/0 /dev/stdin
	ln -sf /proc/self/fd/1 /dev/stdout
	ln -sf /proc/self/fd/2 /dev/stderr
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	mount -t debugfs debugfs /sys/kernel/debug
	mount -t tracefs tracefs /sys/kernel/tracing
} 2>/dev/null

enable_controllers() {
	local controller
	for controller in memory pids; do
		echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
	done
} 2>/dev/null

# So that modprobe, and the kernel's own calls of it, find this kernel's modules.
mount_modules() {
	local release
	release=$(uname -r)
	mkdir -p "/lib/modules/$release"
	mount --bind "$VM_KERNEL_DIR/modules/lib/modules/$release" "/lib/modules/$release"
} 2>/dev/null

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
	exec busybox reboot -f
}

# Without high-resolution timers (the calibration failed while the host was busy)
# every test of a time-out would fail: boot.sh tries again.
clocks_work() {
	[ "$VM_KERNEL" = uml ] || [ ! -r /proc/timer_list ] ||
		! grep -q 'resolution:.*[0-9]\{4\} nsecs' /proc/timer_list
}

interactive() {
	cat /run/vm/motd 2>/dev/null
	setsid --ctty bash -l
	power_off
}

mount_rest
enable_controllers
mount_modules
hostname mailslot
ip link set lo up 2>/dev/null || busybox ifconfig lo 127.0.0.1 up
cd "$VM_CWD" || cd /
if [ "$VM_INTERACTIVE" ]; then
	# shellcheck disable=SC1091 # made by boot.sh
	. /run/vm/job </dev/console >/dev/console 2>&1
	interactive </dev/console >/dev/console 2>&1
fi
clocks_work || power_off
touch /run/vm/started
kmemleak_start
# boot.sh judges only what the kernel says after this line more strictly.
echo "vm: the job starts" >/dev/kmsg
bash /run/vm/job </dev/null >/run/vm/output 2>&1
status=$?
kmemleak_end
dmesg >/run/vm/dmesg
echo "$status" >/run/vm/status
power_off
