#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# root.sh NAME: make the root directory of a Debian available, print its path.
#
#   bookworm  a clean Debian 12 with a kernel; the packages that an installation
#             of mailslot pulls in lie in its apt cache, so that it needs no network
#   sid       the newest kernel, and what builds a module for it, for check-kernels
#
# They come from the mirror that this machine uses.  Needs root; nothing runs in
# them here, and nobody may change them: lay an overlay on top.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$vm_dir/apt.sh"

roots_dir=$cache_dir/roots
# Raise to have the roots made anew.
layout=1
machine_packages=(systemd-sysv sudo kmod linux-image-amd64)
archived_packages=(make gcc build-essential debhelper dh-dkms dkms linux-headers-amd64)
sid_packages=(linux-image-amd64 linux-headers-amd64 make gcc libc6-dev sparse)

# in_root DIRECTORY COMMAND...: in mounts of its own, which end with it.
in_root() {
	local dir=$1
	shift
	# shellcheck disable=SC2016
	unshare --mount bash -ec 'dir=$1; shift
		mount -t proc proc "$dir/proc"
		mount -t tmpfs run "$dir/run"
		exec chroot "$dir" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
			DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 INITRD=No "$@"' _ "$dir" "$@"
}

# This machine's Debian sources, and backports; no third party's.
bookworm_sources() {
	local origin
	apt_ready
	for origin in Debian 'Debian Backports'; do
		# shellcheck disable=SC2016 # apt's own variables
		apt-get "${apt_options[@]}" indextargets --format \
			'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(REPO_URI) $(RELEASE) $(COMPONENT)' \
			'Created-By: Packages' "Origin: $origin"
	done | grep -E " $debian_suite(-[a-z]+)? main\$" | sort -u
}

make_bookworm() {
	local dir=$1
	debootstrap --variant=minbase "$debian_suite" "$dir" "$(apt_mirror)"
	bookworm_sources >"$dir/etc/apt/sources.list"
	printf 'APT::Keep-Downloaded-Packages "true";\n' >"$dir/etc/apt/apt.conf.d/keep"
	in_root "$dir" apt-get update
	in_root "$dir" apt-get install -y --no-install-recommends "${machine_packages[@]}"
	in_root "$dir" apt-get install -y --download-only "${archived_packages[@]}"
	in_root "$dir" apt-get install -y --download-only -t "$debian_suite-backports" \
		linux-headers-amd64
	rm "$dir/etc/apt/apt.conf.d/keep"
	echo mailslot >"$dir/etc/hostname"
}

make_sid() {
	debootstrap --variant=minbase sid "$1" "$(apt_mirror)"
	in_root "$1" apt-get install -y --no-install-recommends "${sid_packages[@]}"
}

packages_of() {
	case $1 in
	bookworm) echo "${machine_packages[*]} ${archived_packages[*]}" ;;
	sid) echo "${sid_packages[*]}" ;;
	esac
}

make_root() {
	local name=$1 dir=$2 work start=$SECONDS
	[ "$(id -u)" = 0 ] || die "making a Debian root takes root"
	mkdir -p "$roots_dir"
	# Nobody else: we hold the lock.
	rm -rf "$roots_dir/.work-$name".* "$roots_dir/$name"-* "$cache_dir/kernels/$name"-*
	work=$(mktemp -d "$roots_dir/.work-$name.XXXXXX")
	chmod 755 "$work"
	note "making a Debian root, $name, once; log: $cache_dir/log/root-$name.log"
	quietly "$cache_dir/log/root-$name.log" "$0" --make "$name" "$work"
	mv "$work" "$dir"
	note "made it in $((SECONDS - start)) s"
}

main() {
	local name=$1 key dir
	key=$(echo "$layout $(packages_of "$name")" | hash_of -)
	dir=$roots_dir/$name-$key
	[ -d "$dir" ] || make_root "$name" "$dir"
	echo "$dir"
}

case ${1-} in
--make) "make_$2" "$3"; exit ;;
bookworm | sid) ;;
*) die "usage: root.sh bookworm|sid" ;;
esac
if [ "${MAILSLOT_ROOT_LOCKED-}" ]; then
	main "$@"
else
	MAILSLOT_ROOT_LOCKED=1 with_lock "root-$1" "$0" "$@"
fi
