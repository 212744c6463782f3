#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# mutate.sh [-k KERNEL] [-n | -r] [LIST|WORD]...
#
# Do the tests notice when a check is taken out of the module? Every line of the
# *.list files beside this script is a mutation: a small change to the sources.
# Each is made in a copy, built, and the suites that the line names run with it
# in a test machine; at least one test must fail. Without arguments all are
# tried, with arguments those of the lists, or whose lines contain the words.
# With -n nothing is built: it only says which no longer apply. With -r it goes
# on where it was interrupted, if neither the lists nor the module have changed.
#
# A line has four fields, separated by tabs:
#
#	SUITES	FILE	SED	WHAT
#
# SUITES are separated by commas and run until one fails. SED is a program for
# sed -E -z, so that it sees the whole file as one line; it must change FILE. WHAT
# says what the module does not do any more.
#
# Prints one line a mutation: KILLED and the test that noticed; SURVIVED; STALE
# if the sources no longer hold what SED looks for; BROKEN if what SED makes of
# them does not compile. Exit status 0 if all were killed.
set -euo pipefail
mutate_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$mutate_dir/../vm/lib.sh"
# shellcheck source=../vm/build.sh
. "$vm_dir/build.sh"

# A machine that has not gone on to the next mutant for so many seconds hangs.
patience=900
kernel=6.1
dry='' resume=''
words=()
numbers=()
dir=$work_dir/mutate
tree=$dir/tree

parse_options() {
	while [ $# -gt 0 ]; do
		case $1 in
		-k) kernel=$2; shift ;;
		-n) dry=1 ;;
		-r) resume=1 ;;
		-*) sed -n '4,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
		*) words+=("$1") ;;
		esac
		shift
	done
}

# chosen LIST LINE: whether it is among those asked for.
chosen() {
	local word
	[ ${#words[@]} != 0 ] || return 0
	for word in "${words[@]}"; do
		[ "$word" != "$1" ] || return 0
		[[ $2 != *"$word"* ]] || return 0
	done
	return 1
}

# One file a field, named by a number, for the machine to read.
read_lists() {
	local list line suites path sed what n=0
	for list in "$mutate_dir"/*.list; do
		while IFS= read -r line; do
			chosen "${list##*/}" "$line" || continue
			n=$((n + 1))
			numbers+=("$n")
			IFS=$'\t' read -r suites path sed what <<<"$line"
			echo "${suites//,/ }" >"$dir/$n.suites"
			echo "$path" >"$dir/$n.path"
			printf '%s' "$sed" >"$dir/$n.sed"
			echo "$what" >"$dir/$n.what"
		done < <(grep '^[^#]' "$list")
	done
	[ $n != 0 ] || die "no mutation matches"
}

verdict() { echo "$2" >"$dir/$1.verdict"; }

# --- Building ----------------------------------------------------------------

# With a copy that is built, so that a mutant takes one compilation.
build_original() {
	make -s -C "$kernel_dir/build" M="$tree" -j"$(nproc)" modules \
		</dev/null >"$dir/0.build" 2>&1 || return
	keep_module 0
	nm -u "$tree/mailslot.o" >"$dir/0.symbols"
}

# It is there when it is complete.
keep_module() {
	strip --strip-debug -o "$dir/stripped" "$tree/mailslot.ko" &&
		mv "$dir/stripped" "$dir/$1.ko"
}

# again FILE: what kbuild did to make FILE, done once more.
again() {
	local command
	command=$(sed -nE 's/^(saved)?cmd_[^ ]* := //p' "$(dirname "$1")/.$(basename "$1").cmd")
	(cd "$kernel_dir/build" && bash -ec "$command")
}

# kbuild takes five seconds to find out what is to be done for one file, and
# then to ask for the versions of symbols that have not changed.
build_quickly() {
	local object=$1
	again "$object" && again "$tree/mailslot.o" || return
	nm -u "$tree/mailslot.o" | cmp -s - "$dir/0.symbols" || return
	again "$tree/mailslot.ko"
}

build_wholly() {
	local copy=$dir/whole
	rm -rf "$copy"
	cp -a "$tree" "$copy"
	find "$copy" -name '*.cmd' -exec sed -i "s|$tree|$copy|g" {} +
	# It names the objects, or those of the original would be linked.
	rm "$copy/mailslot.mod"
	make -s -C "$kernel_dir/build" M="$copy" -j"$(nproc)" modules </dev/null || return
	cp "$copy/mailslot.ko" "$tree/"
}

# build_mutant N: the tree is as before afterwards.
build_mutant() {
	local n=$1 file object
	file=$tree/$(cat "$dir/$n.path")
	object=${file%.c}.o
	cp -p "$file" "$dir/original"
	[[ $file == *.h ]] || cp -p "$object" "$dir/original.o"
	sed -E -z -f "$dir/$n.sed" "$dir/original" >"$file"
	if { [[ $file == *.c ]] && build_quickly "$object"; } >"$dir/$n.build" 2>&1 ||
		build_wholly >"$dir/$n.build" 2>&1; then
		keep_module "$n"
	else
		verdict "$n" "BROKEN $dir/$n.build"
	fi
	cp -p "$dir/original" "$file"
	[[ $file == *.h ]] || cp -p "$dir/original.o" "$object"
}

# still_applies N
still_applies() {
	local file
	file=$top_dir/$(cat "$dir/$1.path")
	[ -f "$file" ] && sed -E -z -f "$dir/$1.sed" "$file" >"$dir/applied" &&
		! cmp -s "$file" "$dir/applied" && return
	verdict "$1" STALE
	return 1
}

# What all of them are measured against comes first: it takes the machine a
# while, in which the others are built.
build_all() {
	local n
	copy_sources "$tree"
	build_original || return
	for n in "${numbers[@]}"; do
		[ -f "$dir/$n.ko" ] || ! still_applies "$n" || build_mutant "$n"
	done
}

# --- Trying ------------------------------------------------------------------

# pending: the mutants that still have no verdict.
pending() {
	local n
	for n in 0 "${numbers[@]}"; do
		[ -f "$dir/$n.verdict" ] || echo "$n"
	done
}

# ready: those of them that can be tried.
ready() {
	local n
	for n in $(pending); do
		[ ! -f "$dir/$n.ko" ] || echo "$n"
	done
}

# watch PID: end a machine that does not go on.
watch() {
	local now
	while kill -0 "$1" 2>/dev/null; do
		sleep 1
		now=$(date +%s)
		[ $((now - $(stat -c %Y "$dir/trying"))) -le $patience ] || kill "$1"
	done
}

# A machine tries mutants one after the other until one breaks it.
run_machine() {
	# shellcheck disable=SC2046 # one word a mutant
	"$vm_dir/boot.sh" -k "$kernel" -o "$dir" -t 86400 -- \
		"$mutate_dir/guest.sh" $(ready) >"$dir/machine.log" 2>&1 &
	watch $!
	wait $! || true
}

# Every machine comes to at least one verdict.
try_ready() {
	local trying
	: >"$dir/trying"
	run_machine
	trying=$(cat "$dir/trying")
	[ -n "$trying" ] || die "the machine did not start: $dir/machine.log"
	[ -f "$dir/$trying.verdict" ] ||
		verdict "$trying" "KILLED the machine, which it took along"
	if grep -q '^KILLED' "$dir/0.verdict"; then
		die "the suites fail without any mutation: $(cat "$dir/0.verdict")"
	fi
	note "$(pending | wc -l) left"
}

run_all() {
	while [ -n "$(pending)" ]; do
		if [ -n "$(ready)" ]; then
			try_ready
		elif ! kill -0 "$builder" 2>/dev/null && [ -z "$(ready)" ]; then
			die "the build has ended: $dir/0.build"
		fi
		sleep 1
	done
}

# --- Telling -----------------------------------------------------------------

print_verdicts() {
	local n word why
	for n in "${numbers[@]}"; do
		read -r word why <"$dir/$n.verdict"
		printf '%-8s %-50s %s\n' "$word" "$(cat "$dir/$n.what")" "$why"
	done
}

count() { cat "$dir"/[1-9]*.verdict | grep -c "^$1"; }

summary() {
	local killed survived useless
	killed=$(count KILLED) || true
	survived=$(count SURVIVED) || true
	useless=$(count '[SB][TR]') || true
	[ "$useless" = 0 ] || echo "$useless could not be tried"
	echo "$((killed + survived)) tried, $killed killed, $survived survived"
	[ "$killed" = ${#numbers[@]} ]
}

only_look() {
	local n stale=0
	for n in "${numbers[@]}"; do
		still_applies "$n" && continue
		echo "STALE    $(cat "$dir/$n.path"): $(cat "$dir/$n.what")"
		stale=1
	done
	exit $stale
}

main() {
	parse_options "$@"
	mkdir -p "$dir"
	[ -n "$resume" ] || find "$dir" -maxdepth 1 -type f -delete
	read_lists
	cat "$dir"/[1-9]*.suites | tr ' ' '\n' | sort -u | tr '\n' ' ' >"$dir/0.suites"
	[ -z "$dry" ] || only_look
	"$vm_dir/deps.sh" check
	kernel_dir=$("$vm_dir/kernel.sh" "$kernel")
	build_programs
	note "${#numbers[@]} mutants"
	build_all &
	builder=$!
	trap 'kill $builder 2>/dev/null || true' EXIT
	run_all
	print_verdicts
	summary
}

main "$@"
