#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# install.sh: the README's installation, letter by letter, on a clean Debian 12.
# Prints KTAP.
#
# Compilers take minutes on an emulated processor, so what builds and installs
# runs on this computer's own, in a chroot: the same files, the same programs.
# What needs the kernel runs in a machine that boots these files.  Everything is
# an overlay in a mount namespace without a network, gone when this ends.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=../tests/ktap.sh
[ "${1-}" = --inside ] || . "$top_dir/selftests/tests/ktap.sh"

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top_dir/dkms.conf")
next_version=$version.1

# --- The clean machine ------------------------------------------------------

if [ "${1-}" != --inside ]; then
	[ "$(id -u)" = 0 ] || skip_all "a chroot takes root"
	base=$("$vm_dir/root.sh" bookworm) || { fail "a clean Debian 12"; done_testing; }
	kernel_dir=$("$vm_dir/kernel.sh" "$base") || { fail "its kernel"; done_testing; }
	MAILSLOT_BASE=$base MAILSLOT_RELEASE=$(cat "$kernel_dir/release")
	export MAILSLOT_BASE MAILSLOT_RELEASE
	exec unshare --mount --net "$0" --inside
fi

# shellcheck source=../tests/ktap.sh
. "$top_dir/selftests/tests/ktap.sh"
base=$MAILSLOT_BASE release=$MAILSLOT_RELEASE
# Of runs that were killed; their mounts ended with them.
find "$cache_dir" -maxdepth 1 -name 'install.*' -mmin +1440 -exec rm -rf {} +
work=$(mktemp -d "$cache_dir/install.XXXXXX")
root=$work/root home=/home/me
log=$work/log
trap 'umount -R "$root"; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# on_machine USER DIRECTORY COMMAND...  What is to start or stop there does so when
# it boots; systemctl cannot always see by itself that it has not.
on_machine() {
	local user=$1 dir=$2
	shift 2
	chroot "$root" env -i HOME="$home" LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		SYSTEMD_OFFLINE=1 \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		setpriv --reuid="$user" --regid="$user" --init-groups \
		env -C "$dir" "$@" </dev/null
}

as_root() { on_machine root / "$@"; }

copy_checkout() {
	(cd "$top_dir" && { git ls-files -co --exclude-standard 2>/dev/null ||
		find . -type f -printf '%P\n'; }) |
		while read -r file; do [ ! -e "$top_dir/$file" ] || echo "$file"; done |
		tar -C "$top_dir" -c -T - | tar -C "$root$home/mailslot" -x --no-same-owner
	as_root chown -R me: "$home"
}

# A user with sudo, who says yes to apt; and what starts the test when it boots.
prepare_machine() {
	mkdir -p "$work"/{root,upper,layer}
	mount -t overlay -o "lowerdir=$base,upperdir=$work/upper,workdir=$work/layer" \
		install "$root" || return
	mount -t proc proc "$root/proc"
	mount -t tmpfs run "$root/run"
	mount -t tmpfs -o mode=1777 tmp "$root/tmp"
	as_root useradd --create-home --shell /bin/bash me || return
	printf '%s\n' 'me ALL=(ALL) NOPASSWD: ALL' 'Defaults env_keep += SYSTEMD_OFFLINE' \
		>"$root/etc/sudoers.d/me"
	echo 'APT::Get::Assume-Yes "true";' >"$root/etc/apt/apt.conf.d/yes"
	printf '127.0.0.1 localhost mailslot\n' >"$root/etc/hosts"
	mkdir "$root$home/mailslot"
	copy_checkout || return
	cat >"$root/etc/systemd/system/vm-job.service" <<-END
		[Unit]
		After=multi-user.target
		[Service]
		ExecStart=/bin/bash $home/mailslot/selftests/vm/guest-init.sh
		[Install]
		WantedBy=default.target
	END
	as_root systemctl enable vm-job.service
}

# --- What the README says ---------------------------------------------------

# block NAME: the commands that follow <!-- install: NAME -->.
block() {
	awk -v mark="<!-- install: $1 -->" '
		$0 == mark { wanted = 1; next }
		wanted && /^```sh/ { on = 1; next }
		on && /^```/ { exit }
		on' "$top_dir/README.md"
}

# follow NAME: those commands, as the user, in the checkout.
follow() {
	local commands
	commands=$(block "$1")
	[ -n "$commands" ] || { echo "README.md has no block '$1'"; return 1; }
	on_machine me "$home/mailslot" bash -exc "$commands" >>"$log" 2>&1 || {
		tail -n 40 "$log"
		return 1
	}
}

# boot WHEN VERSION: install-guest.sh in the machine; its tests become ours.
boot() {
	local line status=0
	block "first message" >"$root$home/commands"
	MAILSLOT_VERSION=$2 "$vm_dir/boot.sh" -k "$base" -r "$root" -t 300 \
		-- bash "$home/mailslot/selftests/vm/install-guest.sh" "$home/commands" \
		>"$work/guest" 2>"$work/boot" || status=$?
	while read -r line; do
		case $line in
		"ok "*) pass "$1: ${line#* - }" ;;
		"not ok "*) fail "$1: ${line#* - }" ;;
		"# "*) diag "${line#\# }" ;;
		esac
	done <"$work/guest"
	[ $status = 0 ] || diag "$(cat "$work/boot")"
	is $status 0 "$1: the machine ends well"
}

# --- What is there ----------------------------------------------------------

module_files() { find "$root/usr/lib/modules" -name 'mailslot.ko*' -printf '%P\n' | sort; }
dkms_status() { as_root dkms status -m mailslot; }
dpkg_is_whole() { [ -z "$(as_root dpkg --audit 2>&1 | tee /dev/stderr)" ]; }

# all_files: but for folders, logs, caches, what dpkg and apt note, and the user's.
all_files() {
	(cd "$root" && find . -xdev \( -path ./home -o -path ./var/cache -o -path ./var/log \
		-o -path ./var/lib/dpkg -o -path ./var/lib/apt \) -prune -o ! -type d -printf '/%P\n') | sort
}

# Files that no package has.  dpkg knows /lib/..., which is /usr/lib/... now; the
# links of update-alternatives belong to their packages, too.
files_of_nobody() {
	cat "$root"/var/lib/dpkg/info/*.list "$root"/var/lib/dpkg/alternatives/* |
		sed -nE 's#^/(bin|sbin|lib[0-9]*)/#/usr/\1/#; /^\//p' | sort -u >"$work/owned"
	all_files | comm -23 - "$work/owned"
}

# What the scripts of other packages make is not ours; dkms makes itself a key for
# Secure Boot when it builds for the first time.
others='/__pycache__(/|$)|^/etc/(alternatives|ssl|ld\.so|\.pwd)|^/var/lib/dkms/mok\.'
others+='|/modules\.[a-z.]*$|^/(boot/)?(vmlinuz|initrd)'
others+='|apparmor|man-db|dsh-also$|/[a-z]*\.target\.wants$|/alternatives/|^/usr/lib/cpp$'

# nothing_left BEFORE
nothing_left() {
	files_of_nobody | comm -13 "$1" - | grep -vE "$others" >"$work/left"
	find "$root"/{etc,usr,var} -xdev -iname '*mailslot*' >>"$work/left"
	cat "$work/left"
	[ ! -s "$work/left" ]
}

# bump FROM TO: the next release, as CONTRIBUTING.md has it.
bump() {
	(cd "$root$home/mailslot" &&
		sed -i "s/\"$1\"/\"$2\"/" dkms.conf module/main.c &&
		sed -i "1s/($1)/($2)/" debian/changelog)
}

by_hand() { on_machine me "$home/mailslot" bash -exc "$1"; }

second_kernel() {
	as_root env INITRD=No apt-get install -t bookworm-backports \
		linux-image-amd64 linux-headers-amd64
}

# headers_for RELEASE: as if they were installed; they are those of the first kernel.
headers_for() {
	mkdir -p "$root/usr/lib/modules/$1"
	ln -sfn "/usr/src/linux-headers-$release" "$root/usr/lib/modules/$1/build"
	as_root /etc/kernel/header_postinst.d/dkms "$1"
}

ignored() { headers_for "$1" && ! dkms_status | grep -F "$1"; }
built() { headers_for "$1" && dkms_status | grep -F " $1, x86_64: installed"; }

forget() {
	as_root dkms remove "mailslot/$next_version" -k "$2"
	rm -r "$root/etc/dkms/mailslot.conf" "$root/usr/lib/modules"/{"$1","$2"}
}

lint() { lintian --fail-on error,warning "$root$home"/mailslot-deb/*.changes; }

# --- The tests --------------------------------------------------------------

main() {
	check "a clean Debian 12" prepare_machine
	files_of_nobody >"$work/before"
	check "the packages build" follow build
	check "lintian finds no errors and no warnings" lint
	check "the packages install" follow packages
	check "dpkg has nothing half-done" dpkg_is_whole
	is "$(module_files)" "$release/updates/dkms/mailslot.ko" \
		"the module is built for the kernel that is installed"
	check "the packages' test of the command" by_hand debian/tests/command
	boot "installed" "$version"

	check "a next release" bump "$version" "$next_version"
	check "its packages build" follow build
	check "its packages install over the old ones" follow packages
	is "$(dkms_status)" "mailslot/$next_version, $release, x86_64: installed" \
		"dkms has the new version alone"
	boot "upgraded" "$next_version"

	check "a second kernel, beside the first" second_kernel
	is "$(module_files | wc -l)" 2 "dkms has built the module for both"
	check "an older kernel than it can serve does no harm" ignored 5.10.0-1-amd64
	check "nor does a newer one" ignored 9.9.0-1-amd64
	check "which can be tried nevertheless" follow "newer kernel"
	check "and is built for then" built 9.9.0-1-amd64
	check "neither is there any more" forget 5.10.0-1-amd64 9.9.0-1-amd64
	check "dpkg has nothing half-done then, either" dpkg_is_whole

	check "the packages can be purged" follow purge
	check "nothing of them is left" nothing_left "$work/before"

	check "dkms without packages" follow dkms
	is "$(module_files | wc -l)" 1 "the module is built for the newest kernel"
	check "dkms builds it for the other one" \
		as_root dkms install mailslot/"$next_version" -k "$release"
	boot "without packages" "$next_version"
	check "dkms without packages can be taken back" follow dkms-remove
	check "nothing of it is left" nothing_left "$work/before"

	check "make install" by_hand 'make && sudo make install'
	like "$(module_files)" '^[^/]*/(extra|updates)/mailslot\.ko' "the module is in place"
	check "make uninstall" by_hand 'sudo make uninstall && sudo make clean'
	check "nothing of that is left" nothing_left "$work/before"
	done_testing
}

main
