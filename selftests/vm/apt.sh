# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Kernel packages, fetched but never installed; sourced by kernel.sh.
#
# The lists live in the cache, apart from the system's: this needs no root, adds
# bookworm-backports without touching the system's sources, and pins the kernel
# versions until the lists are renewed (kernel.sh --update).

apt_dir=${cache_dir:?}/apt
debian_suite=bookworm

apt_options=(
	-o "Dir::State::lists=$apt_dir/lists"
	-o Dir::Etc::sourcelist=/dev/null
	-o "Dir::Etc::sourceparts=$apt_dir/sources.d"
	-o "Dir::Cache::archives=$apt_dir/archives"
	-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
	-o APT::Get::List-Cleanup=false
	-o Acquire::Retries=2
	-o APT::Sandbox::User=root
	-q
)

# The mirror is whatever this machine already uses for the suite.
apt_mirror() {
	# shellcheck disable=SC2016 # apt's own variable
	apt-get indextargets --format '$(REPO_URI)' \
		"RELEASE: $debian_suite" 'Created-By: Packages' | sort -u | head -n 1
}

apt_write_sources() {
	local mirror
	mirror=$(apt_mirror)
	[ -n "$mirror" ] || die "no apt source offers Debian $debian_suite"
	rm -rf "$apt_dir/sources.d"
	mkdir -p "$apt_dir/sources.d" "$apt_dir/lists/partial" "$apt_dir/archives/partial"
	find /etc/apt/sources.list /etc/apt/sources.list.d \
		\( -name '*.list' -o -name '*.sources' \) \
		-exec cp -t "$apt_dir/sources.d" {} + 2>/dev/null || true
	printf 'deb [signed-by=%s] %s %s main\n' \
		/usr/share/keyrings/debian-archive-keyring.gpg "$mirror" \
		"$debian_suite-backports" >"$apt_dir/sources.d/mailslot-backports.list"
}

# A mirror that has no backports (or a dead third-party source) is no reason to
# fail here: what matters is whether the package is found afterwards.
apt_update() {
	apt_write_sources
	note "fetching package lists"
	apt-get "${apt_options[@]}" update >"$apt_dir/update.log.new" 2>&1 ||
		note "apt-get update complained, see $apt_dir/update.log"
	mv "$apt_dir/update.log.new" "$apt_dir/update.log"
}

apt_ready() {
	[ -f "$apt_dir/update.log" ] || with_lock apt apt_first_update
}

# Somebody else may have done it while we waited for the lock.
apt_first_update() { [ -f "$apt_dir/update.log" ] || apt_update; }

# The SUITE of the two below may be empty: then apt takes the newest of what the
# machine's own sources offer, security updates included, and no backports.
# apt_depends SUITE PACKAGE PATTERN: the first dependency that matches.
apt_depends() {
	apt-cache "${apt_options[@]}" ${1:+-t "$1"} depends "$2" 2>/dev/null |
		sed -n "s/^ *Depends: \($3\)\$/\1/p" | head -n 1
}

# apt_version SUITE PACKAGE: the version that apt would take.
apt_version() {
	apt-cache "${apt_options[@]}" ${1:+-t "$1"} show --no-all-versions "$2" 2>/dev/null |
		sed -n 's/^Version: //p' | head -n 1
}

# apt_fetch DIRECTORY PACKAGE=VERSION...
apt_fetch() {
	local dir=$1
	shift
	mkdir -p "$dir"
	note "downloading $*"
	(cd "$dir" && apt-get "${apt_options[@]}" download "$@" >download.log 2>&1) || {
		cat "$dir/download.log" >&2
		return 1
	}
}
