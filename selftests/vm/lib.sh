# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the scripts of this directory share; sourced, never run.

# shellcheck disable=SC2034 # used by those who source this
vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck disable=SC2034
top_dir=$(cd "$vm_dir/../.." && pwd -P)
cache_dir=${XDG_CACHE_HOME:-${HOME:?}/.cache}/mailslot
mkdir -p "$cache_dir"
cache_dir=$(cd "$cache_dir" && pwd -P)
export LC_ALL=C

# Progress goes to stderr: the standard output of these scripts is for callers.
note() { printf 'vm: %s\n' "$*" >&2; }
die() { printf 'vm: %s\n' "$*" >&2; exit 1; }

# Everything here ends in kbuild, and half an hour into a build is no good time to
# learn that.
case $top_dir$cache_dir in
*[[:space:]:]*)
	die "the kernel's makefiles need paths without spaces and colons; these are" \
		"'$top_dir' (this checkout) and '$cache_dir' (set XDG_CACHE_HOME)"
	;;
esac

# hash_of FILE-OR-'-'...: one short key over the contents.
hash_of() { cat "$@" | sha256sum | cut -c1-12; }

# with_lock NAME COMMAND...: one caller at a time, over all checkouts.
with_lock() {
	local name=$1
	shift
	mkdir -p "$cache_dir/locks"
	(
		flock 9
		"$@" 9>&-
	) 9>"$cache_dir/locks/$name"
}

# quietly LOG COMMAND...: the output is shown only when the command fails.
quietly() {
	local log=$1
	shift
	mkdir -p "$(dirname "$log")"
	"$@" </dev/null >"$log" 2>&1 && return
	note "failed: $* (log: $log)"
	tail -n 40 "$log" >&2
	return 1
}
