# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What in a kernel's log makes a run a failure, whatever the tests printed.
# Sourced by boot.sh on the host and by guest.sh in the machine.

# Never harmless, not even while booting.
klog_fatal='BUG:|KASAN|Oops|general protection|Kernel panic|refcount_t:|UBSAN|possible circular|possible recursive|possible irq|inconsistent lock|bad unlock balance|suspicious RCU|sleeping function|stack-protector|kernel stack overflow|unreferenced object|INFO: task .* blocked|detected stall|stall on CPU|soft lockup|ODEBUG:|list_(add|del) corruption|usercopy:|Memory state around|DEBUG_LOCKS_WARN'
# Said now and then by a stock kernel before any test has started.
klog_strict="$klog_fatal|WARNING:|Call Trace|Modules linked in|cut here|unregister_netdevice: waiting"
klog_marker='vm: the job starts'

# klog_scan FILE [last]: the suspicious lines with some lines after each, or only
# those behind the last marker; true if any.
klog_scan() {
	awk -v fatal="$klog_fatal" -v strict="$klog_strict" -v marker="$klog_marker" \
		-v last="${2-}" '
		index($0, marker) { started = 1; if (last) n = left = 0; next }
		$0 ~ (started ? strict : fatal) { left = 25 }
		left > 0 { left--; line[n++] = $0 }
		END { for (i = 0; i < n; i++) print line[i]; exit !n }' "$1"
}

# klog_complaints OUT_DIRECTORY: looks at all that one run left; true if any.
klog_complaints() {
	local out=$1 log=$1/dmesg found=1
	# A machine that died could not write its dmesg: the console has the rest.
	[ -s "$log" ] || log=$out/console
	[ ! -f "$log" ] || ! klog_scan "$log" || found=0
	if [ -s "$out/kmemleak" ]; then
		echo "kmemleak:"
		cat "$out/kmemleak"
		found=0
	fi
	return $found
}
