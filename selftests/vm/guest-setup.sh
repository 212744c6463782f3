# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced in a test machine, by way of run.sh: loads the module, mounts, and runs
# the command that follows, if any.

export PATH=$VM_TOP/userlib:$PATH LD_LIBRARY_PATH=$VM_TOP/userlib
load_and_mount() {
	insmod "$MAILSLOT_KO" || return
	mkdir -p /dev/mailslot
	mount -t mailslot mailslot /dev/mailslot
}

load_and_mount || {
	echo "cannot load the module or mount the file system; the kernel says:"
	dmesg | tail -n 15
	[ "$VM_INTERACTIVE" ] || exit 1
}

if [ "$VM_INTERACTIVE" ]; then
	cat >/run/vm/motd <<-END

		This is a machine of its own, with Linux $(uname -r).  mailslot.ko is loaded and
		/dev/mailslot is mounted; the command "mailslot" is in the PATH.  Try:

		    cat <>/dev/mailslot/hello &
		    echo hi there >/dev/mailslot/hello
		    mailslot list

		It sees this computer's files; what you write here is lost when you leave.
		"exit" leaves, Ctrl-A X pulls the plug.

	END
fi

if [ $# -gt 0 ]; then
	"$@"
fi
