#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# deps.sh [GROUP...]: install what is missing of the Debian packages that a task
# needs.  When nothing is missing it needs neither root nor a network.
#
#   build    the module and the user library
#   demo     build, and a machine to run them in
#   check    everything that the tests and the static checks use
#   bench    demo, and what draws its plots
#   deb      to make Debian packages
#   wine     to compare the Win32 face with (its test is skipped without)
#   headers  kernel headers, for `make` without KDIR on a machine that has none
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

# libelf1 and libssl3 are what the programs in Debian's kernel headers link to.
group_packages() {
	case $1 in
	build) echo gcc gcc-12 libc6-dev make binutils rsync kmod libelf1 libssl3 ;;
	headers) echo linux-headers-amd64 ;;
	demo)
		group_packages build
		echo qemu-system-x86 busybox-static cpio xz-utils zstd iproute2 debian-archive-keyring
		;;
	check)
		group_packages demo
		# The self-built kernels.
		echo bc bison flex libelf-dev lz4
		# The static checks.
		echo perl python3 sparse shellcheck codespell mandoc g++ clang pkg-config
		# The fuzz targets; clang only recommends it.
		echo libclang-rt-14-dev
		# The suites.
		echo gcc-multilib procps util-linux python3 tmux liburing-dev
		# What remote mail is tried against.
		echo samba samba-testsuite smbclient tshark
		# The installation.
		echo debootstrap lintian
		;;
	bench)
		group_packages demo
		echo python3 gnuplot-nox
		;;
	deb) echo build-essential debhelper dh-dkms ;;
	wine) echo wine64 gcc-mingw-w64-x86-64 ;;
	*)
		echo "deps.sh: no group '$1'" >&2
		return 1
		;;
	esac
}

missing_packages() {
	local installed package
	installed=" $(dpkg-query -W -f '${db:Status-Status} ${Package}\n' |
		sed -n 's/^installed //p' | tr '\n' ' ') "
	for package in "$@"; do
		case $installed in
		*" $package "*) ;;
		*) echo "$package" ;;
		esac
	done
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo --preserve-env=DEBIAN_FRONTEND,LC_ALL "$@"
	fi
}

# Samba is wanted for its programs: its services must not run on this computer,
# neither now nor after the next boot. Somebody who has it already keeps it as it
# is. A link to /dev/null masks a service for systemd ("systemctl unmask" takes it
# away); without systemd it is policy-rc.d and update-rc.d that are asked.
samba_services=(smbd nmbd samba-ad-dc)
policy=''

mask_samba() {
	local service
	as_root mkdir -p /etc/systemd/system
	for service in "${samba_services[@]}"; do
		[ -e "/etc/systemd/system/$service.service" ] ||
			as_root ln -s /dev/null "/etc/systemd/system/$service.service"
	done
	[ -e /usr/sbin/policy-rc.d ] || {
		policy=/usr/sbin/policy-rc.d
		as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
	}
}

# Runs at the end, also at a bad one.
unmask_samba() {
	local service
	[ -z "$policy" ] || as_root rm -f "$policy"
	for service in "${samba_services[@]}"; do
		[ ! -e "/etc/init.d/$service" ] ||
			as_root update-rc.d "$service" disable >/dev/null 2>&1 || true
	done
}

can_be_root() { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }

install_packages() {
	as_root apt-get install -y -q --no-install-recommends \
		-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@" </dev/null
}

main() {
	local group packages='' missing log
	[ $# -gt 0 ] || set -- build
	for group in "$@"; do
		packages+=" $(group_packages "$group")"
	done
	# shellcheck disable=SC2086 # one word a package
	missing=$(missing_packages $packages | sort -u | tr '\n' ' ')
	[ -n "$missing" ] || return 0
	can_be_root || {
		echo "deps.sh: packages are missing, and you are not root and have no sudo." >&2
		echo "deps.sh: as root: apt-get install $missing" >&2
		return 1
	}
	echo "installing $missing" >&2
	case " $missing" in
	*" samba "*)
		mask_samba
		trap unmask_samba EXIT
		;;
	esac
	log=$(mktemp)
	# The lists that are there may do; when not, or when they are too old to
	# name files that still exist, fetch new ones and try once more.
	# shellcheck disable=SC2086
	install_packages $missing >"$log" 2>&1 || {
		as_root apt-get update -q >>"$log" 2>&1 || true
		install_packages $missing >>"$log" 2>&1
	} || {
		tail -n 30 "$log" >&2
		echo "deps.sh: could not install $missing" >&2
		return 1
	}
	rm -f "$log"
}

main "$@"
