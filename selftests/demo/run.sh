#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh: show mailslots at work, from nothing but this checkout. Installs what
# is missing, builds, and runs demo.sh in a small machine of its own. With
# HOST=1 it loads the module into the running kernel instead.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$top"

on_host() {
	local mounted=''
	[ "$(id -u)" = 0 ] || { echo "demo: HOST=1 needs root" >&2; exit 1; }
	selftests/vm/deps.sh build headers
	make
	grep -q '^mailslot ' /proc/modules || insmod ./mailslot.ko
	mkdir -p /dev/mailslot
	mountpoint -q /dev/mailslot || {
		mount -t mailslot mailslot /dev/mailslot
		mounted=1
	}
	bash selftests/demo/demo.sh
	[ -z "$mounted" ] || { umount /dev/mailslot; rmmod mailslot; }
}

in_machine() {
	echo "Preparing a small machine; the first time its kernel is downloaded."
	exec bash selftests/vm/run.sh -t 600 -- \
		bash "$top/selftests/demo/demo.sh"
}

if [ "${HOST:-}" = 1 ]; then
	on_host
else
	in_machine
fi
