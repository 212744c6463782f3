# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What a suite says of itself in a comment; sourced by check.sh and guest.sh.

# source_of SUITE: where its source is, when SUITE is its file name.
source_of() {
	local tests=${tests_dir:?} base=${1%-32}
	if [ -f "$tests/$base.c" ]; then
		echo "$tests/$base.c"
	else
		echo "$tests/$1"
	fi
}

# tag_of SUITE NAME: what stands behind "NAME:", up to the end of the line.
tag_of() {
	local text pattern="$2: *([0-9a-z. ]*)"
	IFS= read -rd '' text <"$(source_of "$1")" || :
	[[ ! $text =~ $pattern ]] || echo "${BASH_REMATCH[1]}"
}
