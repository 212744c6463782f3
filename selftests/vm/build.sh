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

# make_in_root ROOT RELEASE M-DIRECTORY ARGS...: by the compiler of that Debian.
# Its headers lack the script that finds out whether sparse works, and then make
# goes on without it.  The layer over the root is in memory, the objects are not.
make_in_root() {
	# shellcheck disable=SC2016
	unshare --mount --net bash -ec 'lower=$1 release=$2 dir=$3; shift 3
		mount -t tmpfs layer /mnt
		mkdir /mnt/{root,upper,work}
		mount -t overlay -o "lowerdir=$lower,upperdir=/mnt/upper,workdir=/mnt/work" \
			root /mnt/root
		mount -t proc proc /mnt/root/proc
		mkdir -p "/mnt/root$dir"
		mount --bind "$dir" "/mnt/root$dir"
		for scripts in /mnt/root/usr/src/linux-headers-*-common/scripts; do
			[ ! -e "$scripts/checker-valid.sh" ] || continue
			printf "#!/bin/sh\necho 1\n" >"$scripts/checker-valid.sh"
			chmod +x "$scripts/checker-valid.sh"
		done
		exec chroot /mnt/root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
			make -s -C "/lib/modules/$release/build" M="$dir" "$@"' _ "$@"
}

# kmake KERNEL_DIR M-DIRECTORY ARGS...
kmake() {
	local kernel_dir=$1 dir=$2 arch=x86_64
	shift 2
	[ ! -f "$kernel_dir/linux" ] || arch=um
	if [ -e "$kernel_dir/build" ]; then
		make -s -C "$kernel_dir/build" M="$dir" ARCH=$arch "$@"
	else
		make_in_root "$(readlink -f "$kernel_dir/modules")" \
			"$(cat "$kernel_dir/release")" "$dir" "$@"
	fi
}

# kbuild LOG KERNEL_DIR M-DIRECTORY ARGS...: succeeds only in silence.  After
# a warning the objects go, or else the next run would have nothing to say.
kbuild() {
	local log=$1 kernel_dir=$2 dir=$3 status=0
	shift 3
	kmake "$kernel_dir" "$dir" -j"$(nproc)" "$@" </dev/null >"$log.all" 2>&1 || status=$?
	grep -Ev "$build_noise" "$log.all" >"$log" || true
	if [ $status != 0 ] || [ -s "$log" ]; then
		note "the build against $(basename "$kernel_dir") is not clean:"
		head -n 60 "$log" >&2
		kmake "$kernel_dir" "$dir" clean >/dev/null 2>&1 || true
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
