# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Builds the module for any kernel, outside the checkout: each kernel gets a copy
# of the sources in the cache, so that they do not fight over object files.
# Sourced by check.sh, shell.sh and static.sh.

# One folder a checkout, so that two checkouts do not fight either.
work_dir=${cache_dir:?}/build/$(basename "${top_dir:?}")-$(hash_of - <<<"$top_dir")
mkdir -p "$work_dir/log"
touch "$work_dir"
# Continuous integration has a new path every time.
find "$cache_dir/build" -mindepth 1 -maxdepth 1 -mtime +3 -exec rm -rf {} +

# copy_sources DIRECTORY: by contents, and with the time of the copy, so that
# make sees every change, also one to an older file.
copy_sources() {
	local dir=$1 part parts=()
	[ -f "$top_dir/Kbuild" ] || die "no Kbuild in $top_dir"
	for part in Kbuild module uapi selftests/kunit selftests/vectors; do
		[ ! -e "$top_dir/$part" ] || parts+=("$top_dir/./$part")
	done
	mkdir -p "$dir"
	rsync -rlcR --delete --exclude='*.o' --exclude='.*.cmd' --exclude='*.ko' \
		--exclude='*.mod' --exclude='*.mod.c' --exclude='.*.d' \
		--exclude=wire_vectors.h --exclude=Module.symvers --exclude=modules.order --exclude='.module-common*' \
		"${parts[@]}" "$dir/"
}

# Debian's kernels have BTF; without their vmlinux a module goes without, and
# the build says so.
build_noise='^Skipping BTF generation|^make\[[0-9]\]: (Entering|Leaving)|^$'

# kbuild LOG KERNEL_DIR M-DIRECTORY ARGS...: succeeds only in silence.  After
# a warning the objects go, or else the next run would have nothing to say.
kbuild() {
	local log=$1 kernel_dir=$2 dir=$3 arch=x86_64 status=0
	shift 3
	[ ! -f "$kernel_dir/linux" ] || arch=um
	make -s -C "$kernel_dir/build" M="$dir" ARCH=$arch -j"$(nproc)" "$@" \
		</dev/null >"$log.all" 2>&1 || status=$?
	grep -Ev "$build_noise" "$log.all" >"$log" || true
	if [ $status != 0 ] || [ -s "$log" ]; then
		note "the build against $(basename "$kernel_dir") is not clean:"
		head -n 60 "$log" >&2
		make -s -C "$kernel_dir/build" M="$dir" ARCH=$arch clean >/dev/null 2>&1 || true
		return 1
	fi
}

# build_part KERNEL PART SUBDIRECTORY FILE: prints the module's path.
build_part() {
	local kernel=$1 part=$2 sub=$3 file=$4 kernel_dir dir
	kernel_dir=$("${vm_dir:?}/kernel.sh" "$kernel") || return
	dir=$work_dir/$part-$(basename "$kernel_dir")
	copy_sources "$dir" || return
	kbuild "$work_dir/log/build-$part-$kernel.log" "$kernel_dir" "$dir$sub" W=1 \
		KCFLAGS=-Werror modules || return
	[ -f "$dir$sub/$file" ] || { note "the build made no $file"; return 1; }
	echo "$dir$sub/$file"
}

build_module() { with_lock "build-$1" build_part "$1" module "" mailslot.ko; }
build_kunit() { with_lock "build-$1" build_part "$1" kunit /selftests/kunit mailslot_kunit.ko; }

# build_programs: the user library and the suites, in the checkout itself.
build_programs() {
	local source
	source=$("$vm_dir/kernel.sh" source) || return
	[ ! -f "$top_dir/userlib/Makefile" ] ||
		quietly "$work_dir/log/userlib.log" make -C "$top_dir/userlib" || return
	quietly "$work_dir/log/selftests.log" make -C "$top_dir/selftests" \
		KSELFTEST="$source/tools/testing/selftests"
}
