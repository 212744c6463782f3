#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kernels.sh: does the module build, without a word, for every kernel that it is
# said to, with W=1 and sparse; and do the suites pass there?  Prints a table.
#
#   SUITES=0   do not run the suites, which takes most of the time
#   KERNELS=   only these, of 6.1 6.12 rt sid
#
# sid moves: its kernel is what Debian's newest was when it was first asked for.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$vm_dir/build.sh"

read -ra kernels <<<"${KERNELS:-6.1 6.12 rt sid}"
failed=0

# row KERNEL RELEASE W=1 SPARSE SUITES
row() {
	printf '%-6s %-26s %-8s %-8s %s\n' "$@"
	case "$*" in
	*FAIL*) failed=1 ;;
	esac
}

# said COMMAND...: ok, or FAIL.  What went wrong goes to stderr.
said() { if "$@" >/dev/null; then echo ok; else echo FAIL; fi; }

sparse_module() {
	local dir=$work_dir/sparse-$1
	copy_sources "$dir"
	kbuild "$work_dir/log/sparse-$1.log" "$2" "$dir" C=2 CF=-D__CHECK_ENDIAN__ modules
}

suites() {
	local log=$work_dir/log/kernels-$1.log
	[ "${SUITES-1}" = 1 ] || { echo -; return; }
	K=$1 "$vm_dir/check.sh" >"$log" 2>&1
	grep -E '^[0-9]+ passed, ' "$log" | sed 's/.* \([1-9][0-9]*\) failed.*/FAIL: &/' ||
		echo FAIL
}

# kernel_row KERNEL: nobody is to blame when sid cannot be had today.
kernel_row() {
	local kernel_dir missing=FAIL
	[ "$1" != sid ] || missing=-
	kernel_dir=$("$vm_dir/kernel.sh" "$1") || { row "$1" "not there" $missing - -; return; }
	row "$1" "$(cat "$kernel_dir/release")" "$(said build_module "$1")" \
		"$(said sparse_module "$1" "$kernel_dir")" "$(suites "$1")"
}

"$vm_dir/deps.sh" check || exit
row KERNEL RELEASE W=1 SPARSE SUITES
for kernel in "${kernels[@]}"; do
	if [ "$kernel" = sid ] && [ "$(id -u)" != 0 ]; then
		row sid "takes root" - - -
	else
		kernel_row "$kernel"
	fi
done
exit $failed
