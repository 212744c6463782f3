# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The small first file system of a machine: a static busybox, our init and, for
# kernels that have them as modules, the drivers that reach the host's files.
# Sourced by boot.sh.

# Named so that kernels with a driver built in just skip it.
boot_modules=(virtio_pci 9pnet_virtio 9p overlay)

# module_files KERNEL_DIR: what to insmod, in order, one path a line.
module_files() {
	local dir=$1 release module
	release=$(cat "$dir/release")
	for module in "${boot_modules[@]}"; do
		/sbin/modprobe -d "$dir/modules" -S "$release" --show-depends "$module" 2>/dev/null
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# Programs that shell suites and guest.sh start again and again.
hot_programs=(bash sh awk cat chmod cp cut date dd dirname dmesg env find grep head id ip
	ln ls mkdir mktemp modprobe mount mountpoint mv nsenter ps readlink rm rmdir sed
	seq setpriv setsid sleep sort stat sync tail tee timeout touch tr true umount
	uname unshare wc insmod rmmod)

# with_links PATH: it and every link on the way to the file, each without a first /.
with_links() {
	local path=$1
	while :; do
		path=$(realpath "${path%/*}")/${path##*/}
		echo "${path#/}"
		[ -L "$path" ] || return 0
		path=$(cd "${path%/*}" && realpath -s "$(readlink "$path")")
	done
}

# hot_files: what init copies into the machine's memory, as each open of a file over
# 9p costs the host a walk through its path, and two machines at once wait for that
# more than for anything else.
hot_files() {
	local path programs
	mapfile -t programs < <(type -P "${hot_programs[@]}")
	for path in /bin /sbin /lib /lib64; do
		[ ! -L $path ] || echo "${path#/}"
	done
	{
		printf '%s\n' "${programs[@]}"
		ldd "${programs[@]}" | grep -o '[[:space:]]/[^ :]*' | tr -d '\t '
	} | sort -u | while read -r path; do
		with_links "$path"
	done
	find /usr/lib/locale/C.utf8 /usr/lib/*/gconv/gconv-modules.cache \
		/usr/share/locale/locale.alias \
		/etc/{fstab,group,ld.so.cache,locale.alias,nsswitch.conf,passwd} \
		! -type d 2>/dev/null | sed 's,^/,,'
}

pack_initramfs() {
	local dir=$1 out=$2 root file name
	root=$(mktemp -d "${cache_dir:?}/initramfs.XXXXXX")
	mkdir -p "$root"/{bin,modules,proc,sys,dev,host,out,rw,root}
	cp /bin/busybox "$root/bin/busybox"
	cp "${vm_dir:?}/init" "$root/init"
	chmod 755 "$root/init"
	hot_files | sort -u >"$root/hot"
	while read -r file; do
		name=$(basename "$file")
		case $file in
		*.xz) xz -dc "$file" >"$root/modules/${name%.xz}" ;;
		*) cp "$file" "$root/modules/$name" ;;
		esac
		echo "${name%.xz}" >>"$root/modules/order"
	done < <(module_files "$dir")
	(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) >"$out.$$"
	rm -rf "$root"
	mv "$out.$$" "$out"
}

# initramfs_for KERNEL_DIR: the path of one that is up to date.
initramfs_for() {
	local dir=$1 key out
	key=$({
		cat "$vm_dir/init" "$vm_dir/initramfs.sh" /bin/busybox
		echo "$dir"
	} | hash_of -)
	out=$cache_dir/initramfs-$(basename "$dir")-$key.gz
	if [ ! -f "$out" ]; then
		rm -f "$cache_dir/initramfs-$(basename "$dir")"-*.gz
		pack_initramfs "$dir" "$out"
	fi
	echo "$out"
}
