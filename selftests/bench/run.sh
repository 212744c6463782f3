#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh: the benchmark; `make bench` runs it. Settings are variables:
#
#   MODE=icount    guest instructions of one processor (the default), and memory
#   MODE=smp       two processors, five boots, medians of the ratios
#   METRIC=a,b     only these metrics     BACKEND=a,b  only these backends
#   SIZE=n COUNT=n only this message size, only this depth or width
#   CGROUP=memcg   in a memory cgroup (the default), or root, or none
#   PROFILE=pair   instructions by kernel function of one cell: METRIC, or
#                  METRIC:SIZE:COUNT; BACKEND says whose, ours by default
#   BOOTS=n        boots of MODE=smp (5)
#   KO=FILE        this mailslot.ko for Debian's 6.1, not one built for it
#   OUT=DIR        where everything is kept (selftests/bench/out)
set -euo pipefail
bench_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$bench_dir/../vm/lib.sh"
# shellcheck source=../vm/build.sh
. "$vm_dir/build.sh"
# shellcheck source=../vm/klog.sh
. "$vm_dir/klog.sh"

mode=${MODE:-icount}
metric=${METRIC-} backend=${BACKEND-} size=${SIZE-} count=${COUNT-}
cgroup=${CGROUP:-memcg} profile=${PROFILE-}
out=${OUT:-$bench_dir/out}
boots=${BOOTS:-5}
build=$work_dir/bench

# The flags are part of the measurement: they decide the benchmark's own share.
build_benchmark() {
	mkdir -p "$build"
	quietly "$build/log" gcc -O2 -Wall -Wextra -static -o "$build/bench" \
		-I"$top_dir/uapi" \
		"$bench_dir"/*.c
	quietly "$build/log" gcc -O2 -Wall -Wextra -shared -fPIC \
		-o "$build/count.so" "$bench_dir/prof/count.c"
}

# The benchmark is the machine's init; with the module nothing else is there.
pack_machine() {
	local root ko
	ko=${KO:-$(build_module 6.1)}
	root=$(mktemp -d "$build/root.XXXXXX")
	chmod 755 "$root"
	mkdir -p "$root"/{dev,proc,sys,tmp}
	cp "$build/bench" "$root/init"
	strip --strip-debug -o "$root/mailslot.ko" "$ko"
	(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet) >"$build/initramfs"
	rm -rf "$root"
}

# One guest nanosecond is one guest instruction. qemu64 because the larger
# models copy memory by an instruction that counts a byte as one.
# shellcheck disable=SC2054 # the commas are qemu's
icount_options=(-accel tcg,thread=single -icount shift=0,sleep=off -smp 1)
# shellcheck disable=SC2034,SC2054 # used by name
smp_options=(-accel tcg,thread=multi -smp 2)

# no_timer_check: on a busy host the timer may be late, which is no fault.
kernel_words="console=ttyS0 loglevel=5 panic=-1 oops=panic mitigations=off
tsc=reliable clocksource=tsc no_timer_check nokaslr norandmaps"

# machine NAME OPTIONS-ARRAY BENCH-ARGUMENT...: leaves NAME.raw, NAME.console.
machine() {
	local name=$1 status=0
	local -n options=$2
	shift 2
	note "$name: $*"
	rm -f "$out/$name".{raw,console}
	timeout --kill-after=5 "${TIMEOUT:-900}" qemu-system-x86_64 \
		-nodefaults -no-user-config -no-reboot -display none \
		"${options[@]}" -cpu qemu64 -m 1G -rtc base=2024-01-01,clock=vm \
		-serial "file:$out/$name.console" \
		-chardev "file,id=raw,path=$out/$name.raw" \
		-device isa-debugcon,iobase=0xe9,chardev=raw \
		-kernel "$("$vm_dir/kernel.sh" 6.1)/vmlinuz" \
		-initrd "$build/initramfs" \
		-append "${kernel_words//$'\n'/ } bench_cgroup=$cgroup -- $*" \
		</dev/null >"$out/$name.qemu" 2>&1 || status=$?
	check_machine "$name" $status
}

# Figures of a machine that died or complained are worth nothing.
check_machine() {
	local name=$1
	if [ "$2" != 0 ] || [ "$(tail -n 1 "$out/$name.raw" 2>/dev/null)" != end ]; then
		tail -n 25 "$out/$name.console" "$out/$name.qemu" >&2
		die "$name: the machine did not finish"
	fi
	if klog_scan "$out/$name.console" >&2; then
		die "$name: the kernel complained"
	fi
}

# What was asked for, as the benchmark's arguments.
choice() {
	printf '%s ' ${metric:+-m "$metric"} ${backend:+-b "$backend"} \
		${size:+-s "$size"} ${count:+-c "$count"}
}

# report KIND MODE NAME...
report() {
	local kind=$1 as=$2
	shift 2
	local files=("${@/#/$out/}")
	python3 "$bench_dir/report.py" "$kind" "$as" "${files[@]/%/.raw}"
}

wants_memory() { [[ -z $metric || ,$metric, == *,memory,* ]]; }

# Memory is measured in machines of their own: in the cgroup, where the kernel
# keeps eight bytes more for every allocation, and outside, where what is left
# is the queue's own doing.
measure_memory() {
	local metric=memory
	# shellcheck disable=SC2046 # words on purpose
	machine memory icount_options $(choice)
	cat "$out/memory.raw" >>"$out/all.raw"
	# shellcheck disable=SC2046
	cgroup=none machine bare icount_options $(choice)
}

measure_icount() {
	: >"$out/all.raw"
	if [ "$metric" != memory ]; then
		# shellcheck disable=SC2046 # words on purpose
		machine icount icount_options $(choice)
		cat "$out/icount.raw" >>"$out/all.raw"
	fi
	if wants_memory; then
		measure_memory
	fi
}

icount_tables() {
	report goals icount all
	report goals machine all
	! wants_memory || report goals bare bare
	echo
	report table icount all
	! wants_memory || {
		echo
		echo "Memory outside of a memory cgroup:"
		report table bare bare
	}
}

draw() {
	command -v gnuplot >/dev/null || {
		note "no gnuplot, no plots"
		return 0
	}
	report data icount all >"$out/data.txt"
	gnuplot -e "data='$out/data.txt'; out='$out'" "$bench_dir/plots.gp"
}

run_icount() {
	local chosen=$metric$backend$size$count
	measure_icount
	icount_tables | tee "$out/icount.md"
	# Plots of a part would look like the whole.
	[ -n "$chosen" ] || draw
}

run_smp() {
	local names=() boot
	for ((boot = 1; boot <= boots; boot++)); do
		# shellcheck disable=SC2046
		machine "smp$boot" smp_options -2 $(choice)
		names+=("smp$boot")
	done
	{
		report goals smp "${names[@]}"
		echo
		report table smp "${names[@]}"
	} | tee "$out/smp.md"
}

# One cell's full name, METRIC:SIZE:COUNT, from what PROFILE says.
cell_name() {
	case $1 in
	*:*:*) echo "$1" ;;
	pair | stream) echo "$1:424:1" ;;
	epoll | pingpong) echo "$1:64:1" ;;
	batch) echo batch:424:32 ;;
	fanout) echo fanout:424:64 ;;
	create) echo create:0:1 ;;
	names) echo names:64:10000 ;;
	*) die "PROFILE=$1: say METRIC:SIZE:COUNT" ;;
	esac
}

# The previous profile of the same cell is kept, and compared with.
run_profile() {
	local cell file of=${backend:-mailslot}
	cell=$(cell_name "$profile")
	file=$out/profile-${cell//:/-}-$of
	IFS=: read -r metric size count <<<"$cell"
	backend=$of
	icount_options+=(-plugin "$build/count.so,out=$build/counts")
	# shellcheck disable=SC2046
	machine profile icount_options -k $(choice)
	[ ! -f "$file.txt" ] || mv "$file.txt" "$file.before.txt"
	"$bench_dir/prof/byfunc.py" "$build/counts" "$out/profile.raw" >"$file.txt"
	cat "$file.txt"
	if [ -f "$file.before.txt" ]; then
		echo
		echo "# before -> after"
		"$bench_dir/prof/compare.py" "$file.before.txt" "$file.txt"
	fi
}

run() {
	build_benchmark
	pack_machine
	if [ -n "$profile" ]; then
		run_profile
		return
	fi
	case $mode in
	icount) run_icount ;;
	smp) run_smp ;;
	*) die "MODE=$mode: icount or smp" ;;
	esac
	note "raw figures, tables and plots: $out"
}

main() {
	"$vm_dir/deps.sh" bench
	mkdir -p "$out"
	out=$(cd "$out" && pwd -P)
	# One at a time: two would share the files, and the processors.
	with_lock bench run
}

main
