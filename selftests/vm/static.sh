#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The checks that need no machine: style, analysers, house rules.  Prints KTAP,
# one test a check.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$vm_dir/build.sh"
# shellcheck source=../tests/ktap.sh
. "$top_dir/selftests/tests/ktap.sh"

max_function=70
max_file=500
source_dir=$("$vm_dir/kernel.sh" source) || skip_all "no kernel sources"
cd "$top_dir" || exit

# What git knows or would add; generated and ignored files are not our style.
# A checkout without git falls back to all there is.
all_files() {
	git ls-files -co --exclude-standard 2>/dev/null || find . -type f -printf '%P\n'
}

mapfile -t files < <(all_files | while read -r file; do
	[ ! -f "$file" ] || [ -L "$file" ] || echo "$file"
done | sort -u)

# of_type PATTERN [DIRECTORY-PATTERN]: file names, one a line.
of_type() { printf '%s\n' "${files[@]}" | grep -E "^(${2-.*})" | grep -E "$1"; }

is_generated() { head -n 8 "$1" | grep -qiE 'generated (by|from)'; }

# --- checkpatch -------------------------------------------------------------

# Rules that do not fit, by part.  Everywhere: we are no patch to the kernel's
# own tree, so there is no MAINTAINERS file to change.
ignored_everywhere=FILE_PATH_CHANGES
# What the compat folder is for; and what TRACE_EVENT looks like everywhere.
ignored_in_compat=$ignored_everywhere,LINUX_VERSION_CODE,CONSTANT_COMPARISON
ignored_in_trace=$ignored_everywhere,OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT,SPACING
# The programs and the library are user space: C types are the right ones there,
# and helpers of the kernel's headers do not exist.
ignored_in_user_space=$ignored_everywhere,PREFER_KERNEL_TYPES,PREFER_DEFINED_ATTRIBUTE_MACRO
ignored_in_user_space+=,CONST_STRUCT,SSCANF_TO_KSTRTO,CONSIDER_KSTRTO,VOLATILE,USLEEP_RANGE,USE_NEGATIVE_ERRNO
ignored_in_user_space+=,PREFER_FALLTHROUGH,STRNCPY,STRCPY,STRLCPY,AVOID_EXTERNS,NAKED_SSCANF
# PRIu64 and _Alignas are no CamelCase of ours, "usage:" is no function's name in
# a log, and the macros of a test are there to repeat themselves, to skip it, and
# to go on with a TH_LOG(). Options and commands may be longer than a line.
ignored_in_user_space+=,CAMELCASE,EMBEDDED_FUNCTION_NAME,MACRO_ARG_REUSE
ignored_in_user_space+=,MACRO_WITH_FLOW_CONTROL,COMPLEX_MACRO,SPLIT_STRING
# The Win32 face has Microsoft's names and types, letter for letter.
win32_face='win32|userlib/include/mailslot/'
ignored_in_win32=$ignored_in_user_space,NEW_TYPEDEFS,COMPLEX_MACRO

# run_checkpatch IGNORED FILE...: like kernel_doc below, speaks when it complains.
run_checkpatch() {
	local ignored=$1 errors=$work_dir/log/checkpatch.errors
	shift
	[ $# != 0 ] || return 0
	# It leaves notes for itself in the current directory, and mutters about the
	# kernel tree that it was told not to expect: more than 1 means that it died.
	(
		cd "$work_dir" || exit
		perl "$source_dir/scripts/checkpatch.pl" --no-tree --strict --terse \
			--show-types --no-summary --quiet --max-line-length=100 \
			--ignore "$ignored" -f "${@/#/$top_dir/}" 2>"$errors"
		[ $? -le 1 ] || cat "$errors"
	) | sed "s|^$top_dir/||"
}

sources_of() { of_type '\.[ch]$' "$1" | while read -r f; do is_generated "$f" || echo "$f"; done; }

checkpatch_kernel() {
	local list compat trace
	mapfile -t list < <(sources_of 'module/|uapi/|selftests/kunit/' |
		grep -vE '^module/(compat/|trace\.h)')
	mapfile -t compat < <(sources_of 'module/compat/')
	mapfile -t trace < <(sources_of 'module/trace\.h')
	run_checkpatch "$ignored_everywhere" "${list[@]}"
	run_checkpatch "$ignored_in_compat" "${compat[@]}"
	run_checkpatch "$ignored_in_trace" "${trace[@]}"
}

checkpatch_user() {
	local list
	mapfile -t list < <(sources_of 'userlib/|selftests/' |
		grep -vE "^selftests/kunit/|$win32_face")
	run_checkpatch "$ignored_in_user_space" "${list[@]}"
}

checkpatch_win32() {
	local list
	mapfile -t list < <(sources_of 'userlib/' | grep -E "$win32_face")
	run_checkpatch "$ignored_in_win32" "${list[@]}"
}

# --- Analysers --------------------------------------------------------------

sparse_kernel() {
	local kernel_dir dir=$work_dir/sparse
	kernel_dir=$("$vm_dir/kernel.sh" 6.1) || return
	copy_sources "$dir"
	kbuild "$work_dir/log/sparse.log" "$kernel_dir" "$dir" C=2 CF=-D__CHECK_ENDIAN__ modules
}

kernel_doc() {
	local list script
	# Not 6.1's: that one does not know -Wall yet.
	script=$("$vm_dir/kernel.sh" 6.12)/build/scripts/kernel-doc
	mapfile -t list < <(sources_of 'module/|uapi/')
	[ ${#list[@]} != 0 ] || return 0
	perl "$script" -none -Wall "${list[@]}"
}

shell_scripts() {
	local file
	for file in "${files[@]}"; do
		case $file in
		*.sh | *.bash) echo "$file" ;;
		*) ! head -n 1 "$file" | grep -aqE '^#!.*[ /](ba)?sh' || echo "$file" ;;
		esac
	done
}

# SC2317: functions called by way of check() or retry() are not unreachable.
run_shellcheck() {
	local list
	mapfile -t list < <(shell_scripts)
	shellcheck --exclude=SC2317 --external-sources --source-path=SCRIPTDIR "${list[@]}"
}

run_codespell() {
	local list
	mapfile -t list < <(of_type '\.([ch]|sh|md|py|[1-8]|awk|config|mk)$' | while read -r f; do
		is_generated "$f" || echo "$f"
	done)
	codespell --ignore-words-list=mis,ser,te,hist,nd,hel "${list[@]}"
}

run_mandoc() {
	local list
	mapfile -t list < <(of_type '\.[1-8]$')
	[ ${#list[@]} != 0 ] || return 0
	mandoc -Tlint -Wwarning "${list[@]}"
}

# --- House rules ------------------------------------------------------------

compat_only() {
	local list
	mapfile -t list < <(of_type '\.[ch]$' 'module/|uapi/' | grep -v '^module/compat/')
	[ ${#list[@]} != 0 ] || return 0
	! grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION|linux/version\.h' "${list[@]}"
}

# Data in a foreign form, and what Debian gives a form, have no place for the
# line: debian/copyright speaks for them.
spdx_lines() {
	local file bad=0
	while read -r file; do
		head -n 2 "$file" | grep -aq 'SPDX-License-Identifier: ' && continue
		echo "$file: no SPDX-License-Identifier in line 1 or 2"
		bad=1
	done < <(of_type . | grep -vE '^(LICENSES|shared|selftests/fuzz/corpus)/|\.(tsv|svg)$' |
		grep -vxE 'debian/(changelog|copyright|source/format)')
	return "$bad"
}

# The version is in dkms.conf; what cannot read it there repeats it.
one_version() {
	local version bad=0
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
	grep -qxF "MODULE_VERSION(\"$version\");" module/main.c || bad=1
	head -n 1 debian/changelog | grep -qF "mailslot ($version) " || bad=1
	grep -qxF "## $version" CHANGELOG.md || bad=1
	[ "$bad" = 0 ] || echo "module/main.c, debian/changelog and CHANGELOG.md: not $version"
	return "$bad"
}

# Whoever adds a call to the library adds it for Debian, with its version.
debian_symbols() {
	diff <(sed -n 's/^\t\([A-Za-z_]*[0-9]*\);$/\1/p' userlib/libmailslot.map | sort) \
		<(sed -n 's/^ \([A-Za-z_]*[0-9]*\)@LIBMAILSLOT_.*/\1/p' debian/libmailslot0.symbols |
			grep -v '^LIBMAILSLOT_' | sort)
}

# Kernel style puts a function's braces, and only those, alone in column one.
long_functions() {
	local list
	mapfile -t list < <(of_type '\.[ch]$')
	[ ${#list[@]} != 0 ] || return 0
	awk -v max="$max_function" '
		/^[a-zA-Z_].*\(/ { head = $0 }
		/^\{$/ { start = FNR }
		/^\}/ {
			if (start && FNR - start - 1 > max) {
				printf "%s:%d: %d lines: %s\n", FILENAME, start, FNR - start - 1, head
				bad = 1
			}
			start = 0
		}
		END { exit bad }' "${list[@]}"
}

long_files() {
	local file lines bad=0
	while read -r file; do
		lines=$(wc -l <"$file")
		[ "$lines" -gt "$max_file" ] || continue
		is_generated "$file" && continue
		echo "$file: $lines lines, more than $max_file"
		bad=1
	done < <(of_type '\.([ch]|sh|py|awk)$')
	return "$bad"
}

# silent COMMAND...: succeeds when nothing is printed.
silent() { [ -z "$("$@" 2>&1 | tee /dev/stderr)" ]; }

check "checkpatch: module, uapi, kunit" silent checkpatch_kernel
check "checkpatch: user library, tests" silent checkpatch_user
check "checkpatch: win32" silent checkpatch_win32
check "sparse" sparse_kernel
check "kernel-doc" silent kernel_doc
check "shellcheck" run_shellcheck
check "codespell" run_codespell
check "manual pages" run_mandoc
check "kernel versions only in module/compat" compat_only
check "SPDX lines" spdx_lines
check "one version" one_version
check "Debian's list of symbols is the library's" debian_symbols
check "functions of at most $max_function lines" long_functions
check "files of at most $max_file lines" long_files
check "the KTAP parser" "$vm_dir/ktap_test.sh"
done_testing
