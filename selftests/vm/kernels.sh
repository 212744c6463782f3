#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kernels.sh: does the module build, without a word, for every kernel that it is
# said to, with W=1 and sparse; and do the suites pass there?  Prints a table.
#
#   SUITES=0   do not run the suites, which takes most of the time
#   KERNELS=   only these, of 6.1 6.12 rt sid
#
# sid moves, and its kernel is only built for, with its own compiler.
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

debian_kernel() {
	local kernel_dir
	kernel_dir=$("$vm_dir/kernel.sh" "$1") || { row "$1" - FAIL - -; return; }
	row "$1" "$(cat "$kernel_dir/release")" "$(said build_module "$1")" \
		"$(said sparse_module "$1" "$kernel_dir")" "$(suites "$1")"
}

# Runs in sid, over a layer that takes the objects.  Its headers lack the script
# that finds out whether sparse works, and then make goes on without it.
build_in_sid() {
	local root=$1 work=$2 what=$3
	# shellcheck disable=SC2016
	unshare --mount --net bash -c 'root=$1 work=$2; shift 2
		mount -t overlay -o "lowerdir=$root,upperdir=$work/upper,workdir=$work/layer" \
			sid "$work/root" && mount -t proc proc "$work/root/proc" || exit
		for d in "$work"/root/usr/src/linux-headers-*-common/scripts; do
			[ -e "$d/checker-valid.sh" ] || {
				printf "#!/bin/sh\necho 1\n" >"$d/checker-valid.sh"
				chmod +x "$d/checker-valid.sh"
			}
		done
		exec chroot "$work/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
			sh -c "exec make -s -j$(nproc) -C /usr/src/linux-headers-*-amd64 M=/mailslot $*"' \
		_ "$root" "$work" "$what" KCFLAGS=-Werror modules >"$work/log" 2>&1 &&
		! grep -qvE "$build_noise" "$work/log" && return
	cat "$work/log" >&2
	return 1
}

# sid_build SID WHAT
sid_build() {
	local work status=0
	work=$(mktemp -d "$cache_dir/sid.XXXXXX")
	mkdir -p "$work"/{root,upper,layer}
	copy_sources "$work/upper/mailslot"
	build_in_sid "$1" "$work" "$2" || status=$?
	rm -rf "$work"
	return "$status"
}

sid_kernel() {
	local root release
	[ "$(id -u)" = 0 ] || { row sid "needs root" - - -; return; }
	root=$("$vm_dir/root.sh" sid) || { row sid "not reachable" - - -; return; }
	release=$(basename "$root"/usr/src/linux-headers-*-amd64)
	row sid "${release#linux-headers-}" "$(said sid_build "$root" W=1)" \
		"$(said sid_build "$root" "C=2 CF=-D__CHECK_ENDIAN__")" -
}

"$vm_dir/deps.sh" check || exit
row KERNEL RELEASE W=1 SPARSE SUITES
for kernel in "${kernels[@]}"; do
	case $kernel in
	sid) sid_kernel ;;
	*) debian_kernel "$kernel" ;;
	esac
done
exit $failed
