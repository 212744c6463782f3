#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel.sh [--update] NAME: make a kernel available, print its directory.
#
#   6.1     Debian's stock kernel          6.12   the one from backports
#   rt      6.1 with PREEMPT_RT               sid    the newest, in a root of its own
#   debug   self-built with every checker  uml    self-built user-mode Linux
#   source  no kernel: the few files of linux-source-6.1 that the checks use
#           (checkpatch, kernel-doc, kselftest headers)
#   /...    a root directory: the newest kernel that is installed there
#
# The directory holds vmlinuz (or linux, for UML), build (the KDIR of an
# external module), modules (a tree for depmod, modprobe -d) and release
# (what uname -r says there).  Nothing is installed into the system.  Without
# build, modules is the root directory in which that kernel's modules are built.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$vm_dir/apt.sh"

kernels_dir=$cache_dir/kernels
# Raise when the layout of the directories below changes; stock_layout is the one
# of Debian's kernels, which are quicker to get again than the others to build.
layout=1
stock_layout=2

# Every directory is built beside its place and renamed into it at the end, so
# that an interrupted or failed build is never mistaken for a kernel.
publish() {
	rm -rf "$2"
	chmod 755 "$1"
	mv "$1" "$2"
}

new_work_dir() {
	mkdir -p "$kernels_dir"
	# What is going to be replaced; a machine may still be running on a newer one.
	find "$kernels_dir" -mindepth 1 -maxdepth 1 -type d -mtime +2 -name "$1-*" \
		-exec rm -rf {} +
	# Leftovers of a build that was killed: we hold the lock, so nobody's.
	rm -rf "$kernels_dir/.work-$1".*
	mktemp -d "$kernels_dir/.work-$1.XXXXXX"
}

# --- Debian's own kernels ---------------------------------------------------

stock_suite() {
	case $1 in
	6.1 | rt) ;;
	6.12) echo "$debian_suite-backports" ;;
	esac
}

# The four packages that make up one stock kernel, as NAME=VERSION.
stock_packages() {
	local suite=$1 flavour=amd64 image headers common kbuild package
	[ "$2" != rt ] || flavour=rt-amd64
	image=$(apt_depends "$suite" "linux-image-$flavour" "linux-image-[0-9].*-$flavour")
	[ -n "$image" ] || return 1
	headers=${image/image/headers}
	common=$(apt_depends "$suite" "$headers" 'linux-headers-.*-common\(-rt\)\?')
	kbuild=$(apt_depends "$suite" "$headers" 'linux-kbuild-.*')
	for package in "$image" "$headers" "$common" "$kbuild"; do
		printf '%s=%s\n' "$package" "$(apt_version "$suite" "$package")"
	done
}

# The headers expect to live in /usr/src and /usr/lib: point them at themselves.
relocate_headers() {
	local root=$1 final=$2 file
	for file in "$root"/usr/src/linux-headers-*/{Makefile,.kernelvariables}; do
		[ -f "$file" ] || continue
		sed -i "s#\([ =]\)/usr/\(src\|lib\)/linux-#\1$final/usr/\2/linux-#g" "$file"
	done
}

# extract_elf BZIMAGE OUT: the ELF image inside, which qemu starts by PVH; that
# spares an emulated processor the decompression.  See Documentation/x86/boot.rst
# for the fields setup_sects, payload_offset and payload_length.
extract_elf() {
	local image=$1 out=$2 sects offset length start
	sects=$(od -An -tu1 -j497 -N1 "$image")
	offset=$(od -An -tu4 -j584 -N4 "$image")
	length=$(od -An -tu4 -j588 -N4 "$image")
	start=$(((sects + 1) * 512 + offset))
	tail -c "+$((start + 1))" "$image" | head -c "$length" >"$out.payload"
	case $(od -An -tx1 -N4 "$out.payload" | tr -d ' ') in
	# The size that follows the stream looks like garbage to both.
	fd377a58) xz -dcq "$out.payload" >"$out" 2>/dev/null || true ;;
	28b52ffd) zstd -dcq "$out.payload" >"$out" 2>/dev/null || true ;;
	esac
	rm -f "$out.payload"
	[ "$(head -c 4 "$out" 2>/dev/null | tr -d '\0')" = $'\x7fELF' ]
}

stock_unpack() {
	local name=$1 suite=$2 work packages release final
	work=$(new_work_dir "$name")
	packages=$(stock_packages "$suite" "$name") || {
		apt_update
		packages=$(stock_packages "$suite" "$name") || die "no kernel in $suite"
	}
	# shellcheck disable=SC2086 # one word a package
	apt_fetch "$work/debs" $packages || {
		apt_update
		packages=$(stock_packages "$suite" "$name")
		# shellcheck disable=SC2086
		apt_fetch "$work/debs" $packages
	}
	note "unpacking kernel $name"
	find "$work/debs" -name '*.deb' -exec dpkg-deb -x {} "$work" \;
	rm -rf "$work/debs"
	release=$(basename "$work"/boot/vmlinuz-*)
	release=${release#vmlinuz-}
	final=$kernels_dir/$name-$release-$stock_layout
	relocate_headers "$work" "$final"
	extract_elf "$work/boot/vmlinuz-$release" "$work/vmlinuz" ||
		ln -sf "boot/vmlinuz-$release" "$work/vmlinuz"
	ln -s "usr/src/linux-headers-$release" "$work/build"
	mkdir -p "$work/modules/lib"
	mv "$work/lib/modules" "$work/modules/lib/modules"
	rm -f "$work/modules/lib/modules/$release"/{build,source}
	depmod -b "$work/modules" -F "$work/boot/System.map-$release" "$release" 2>/dev/null ||
		depmod -b "$work/modules" "$release"
	echo "$release" >"$work/release"
	publish "$work" "$final"
	ln -sfn "$(basename "$final")" "$kernels_dir/$name"
}

stock_kernel() {
	local name=$1
	case $(readlink "$kernels_dir/$name" 2>/dev/null) in
	*-"$stock_layout") [ -f "$kernels_dir/$name/release" ] ||
		stock_unpack "$name" "$(stock_suite "$name")" ;;
	*) stock_unpack "$name" "$(stock_suite "$name")" ;;
	esac
	readlink -f "$kernels_dir/$name"
}

# --- A kernel that is installed in a root directory --------------------------

installed_kernel() {
	local root=$1 release final work
	release=$(find "$root/boot" -name 'vmlinuz-*' -printf '%f\n' | sort -V | tail -n 1)
	[ -n "$release" ] || die "no kernel in $root"
	release=${release#vmlinuz-}
	final=$kernels_dir/$(basename "$root")-$release
	if [ ! -d "$final" ]; then
		work=$(new_work_dir "$(basename "$root")")
		extract_elf "$root/boot/vmlinuz-$release" "$work/vmlinuz" ||
			cp "$root/boot/vmlinuz-$release" "$work/vmlinuz"
		ln -s "$root" "$work/modules"
		echo "$release" >"$work/release"
		publish "$work" "$final"
	fi
	echo "$final"
}

# --- linux-source -----------------------------------------------------------

source_deb() { find "$cache_dir/src" -name 'linux-source-6.1_*.deb' 2>/dev/null | sort -V | tail -n 1; }

fetch_source() { with_lock source fetch_source_alone; }

fetch_source_alone() {
	local version
	[ -n "$(source_deb)" ] && return
	apt_ready
	version=$(apt_version "" linux-source-6.1)
	if [ -z "$version" ] || ! apt_fetch "$cache_dir/src" "linux-source-6.1=$version"; then
		apt_update
		version=$(apt_version "" linux-source-6.1)
		apt_fetch "$cache_dir/src" "linux-source-6.1=$version"
	fi
}

# unpack_source DIRECTORY [TAR-PATTERN...]
unpack_source() {
	local dir=$1
	shift
	mkdir -p "$dir"
	dpkg-deb --fsys-tarfile "$(source_deb)" |
		tar -xO ./usr/src/linux-source-6.1.tar.xz |
		tar -xJ -C "$dir" --strip-components=1 --wildcards "$@"
}

source_files() {
	local dir work
	fetch_source
	dir=$cache_dir/src/$(basename "$(source_deb)" .deb)-$layout
	if [ ! -d "$dir" ]; then
		note "extracting checkpatch, kernel-doc and the kselftest headers"
		work=$(mktemp -d "$cache_dir/src/.work.XXXXXX")
		unpack_source "$work" 'linux-source-6.1/scripts/*' \
			'linux-source-6.1/Documentation/dev-tools/*' \
			'linux-source-6.1/tools/testing/selftests/*.h' \
			'linux-source-6.1/tools/testing/kunit/*'
		publish "$work" "$dir"
	fi
	echo "$dir"
}

# --- Self-built kernels -----------------------------------------------------

# kconfig drops what does not fit together without a word; we do not.
check_config() {
	local config=$1 fragment=$2 line lost=0
	while read -r line; do
		case $line in
		CONFIG_*=n) ! grep -q "^${line%n}" "$config" || lost=1 ;;
		CONFIG_*) grep -qxF "$line" "$config" || lost=1 ;;
		*) continue ;;
		esac
		[ $lost = 0 ] || die "kconfig did not keep: $line"
	done <"$fragment"
}

build_tree() {
	local tree=$1 arch=$2 fragment=$3 target=$4 log=$5
	quietly "$log" make -C "$tree" ARCH="$arch" \
		KCONFIG_ALLCONFIG="$fragment" allnoconfig
	check_config "$tree/.config" "$fragment"
	quietly "$log" make -C "$tree" ARCH="$arch" -j"$(nproc)" "$target" modules
}

# An external module needs the makefiles, scripts, headers and Module.symvers;
# the sources and object files are a gigabyte of dead weight.
strip_tree() {
	local tree=$1
	(
		cd "$tree"
		rm -rf vmlinux* System.map .tmp_* Documentation drivers sound fs net \
			mm kernel block crypto ipc lib init io_uring samples usr virt \
			rust security certs LICENSES
		find arch -mindepth 1 -maxdepth 1 ! -name x86 ! -name um ! -name Kconfig \
			-exec rm -rf {} +
		find arch tools -name '*.[coS]' -delete
		find . \( -name '*.o' -o -name '.*.cmd' -o -name '*.a' \) \
			! -path './scripts/*' ! -path './tools/objtool/*' -delete
		find tools -mindepth 1 -maxdepth 1 ! -name objtool ! -name include \
			-exec rm -rf {} +
	)
}

build_kernel() {
	local name=$1 arch=$2 image=$3 final=$4 work log start=$SECONDS
	log=$cache_dir/log/kernel-$name.log
	work=$(new_work_dir "$name")
	note "building the $name kernel, once (debug takes about 10 minutes, uml 3); log: $log"
	unpack_source "$work/build"
	build_tree "$work/build" "$arch" "$vm_dir/$name.config" "$image" "$log"
	make -s -C "$work/build" ARCH="$arch" kernelrelease >"$work/release"
	quietly "$log.modules" make -C "$work/build" ARCH="$arch" \
		INSTALL_MOD_PATH="$work/modules" modules_install
	rm -f "$work/modules/lib/modules"/*/{build,source}
	cp "$work/build/System.map" "$work/build/.config" "$work/"
	case $image in
	bzImage) cp "$work/build/arch/x86/boot/bzImage" "$work/vmlinuz" ;;
	linux) cp "$work/build/linux" "$work/linux" ;;
	esac
	strip_tree "$work/build"
	publish "$work" "$final"
	note "built the $name kernel in $((SECONDS - start)) s"
}

built_kernel() {
	local name=$1 arch=$2 image=$3 key final
	fetch_source
	key=$({
		cat "$vm_dir/$name.config"
		basename "$(source_deb)"
		gcc -dumpfullversion
		echo "$layout"
	} | hash_of -)
	final=$kernels_dir/$name-$key
	[ -d "$final" ] || build_kernel "$name" "$arch" "$image" "$final"
	ln -sfn "$(basename "$final")" "$kernels_dir/$name"
	echo "$final"
}

main() {
	local root
	if [ "${1-}" = --update ]; then
		shift
		apt_update
		case ${1-} in
		6.1 | 6.12 | rt) rm -f "$kernels_dir/$1" ;;
		sid) rm -rf "$cache_dir"/roots/sid-* "$kernels_dir"/sid-* ;;
		*) rm -f "$cache_dir"/src/linux-source-6.1_*.deb ;;
		esac
	fi
	case ${1-} in
	/*) installed_kernel "$1" ;;
	sid) root=$("$vm_dir/root.sh" sid) && installed_kernel "$root" ;;
	6.1 | 6.12 | rt) apt_ready; stock_kernel "$1" ;;
	debug) built_kernel debug x86_64 bzImage ;;
	uml) built_kernel uml um linux ;;
	source) source_files ;;
	*) die "usage: kernel.sh [--update] 6.1|6.12|rt|sid|debug|uml|source|ROOT" ;;
	esac
}

# Locked per kernel: whoever comes second finds it done.
if [ "${MAILSLOT_KERNEL_LOCKED-}" ]; then
	main "$@"
else
	export MAILSLOT_KERNEL_LOCKED=1
	with_lock "kernel-$(basename "${!#}")" "$0" "$@"
fi
