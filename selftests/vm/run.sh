#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [-k KERNEL] [options of boot.sh] -- COMMAND [ARG...]
# run.sh -i
#
# Run COMMAND in a machine (kernel 6.1 unless told) in which the module is loaded,
# /dev/mailslot is mounted and the mailslot command is in the PATH.  With -i the
# machine gives a shell on this terminal.  Builds and installs what is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$vm_dir/build.sh"

kernel=6.1 options=() interactive=''

while [ $# -gt 0 ]; do
	case $1 in
	-k | --kernel) kernel=$2; shift ;;
	-i | --interactive) interactive=1; options+=("$1") ;;
	--) shift; break ;;
	-h | --help) sed -n '4,/^set/s/^# \{0,1\}//p' "$0"; exit ;;
	-*) options+=("$1" "$2"); shift ;;
	*) break ;;
	esac
	shift
done
[ $# -gt 0 ] || [ -n "$interactive" ] || die "run.sh: no command; see run.sh --help"

"$vm_dir/deps.sh" demo
MAILSLOT_KO=$(build_module "$kernel")
export MAILSLOT_KO
[ ! -f "$top_dir/userlib/Makefile" ] ||
	quietly "$work_dir/log/userlib.log" make -C "$top_dir/userlib"
exec "$vm_dir/boot.sh" -k "$kernel" "${options[@]}" -- . "$vm_dir/guest-setup.sh" "$@"
