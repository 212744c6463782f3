#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# boot.sh -k KERNEL [options] -- COMMAND [ARG...]
#
# Run COMMAND as root in a machine of its own that sees this machine's files
# read-only, beneath a writable layer that is lost afterwards.
#
#   -k, --kernel NAME   6.1, 6.12, rt, sid, debug or uml, or a root directory that
#                       has a kernel of its own (see kernel.sh)
#   -r, --root DIR      the machine sees these files, and not this machine's; it
#                       starts them by systemd, and has this checkout in /home/me
#   -c, --cpus N        processors (2)       -m, --memory SIZE (1G, debug 2G)
#   -t, --timeout SEC   for COMMAND; then the machine is killed (300)
#   -o, --out DIR       keep console, dmesg, output and status there
#   --append WORDS      more kernel parameters
#   --qemu WORDS        more arguments for qemu
#   -i, --interactive   console on this terminal; COMMAND runs before the shell
#
# In the machine /run/vm is a directory that outlives it (see --out), and
# variables whose names begin with MAILSLOT_ are handed over.
#
# Exit status: COMMAND's; 124 timeout; 120 the kernel's log holds a complaint,
# whatever COMMAND said; 121 the machine died without telling a status.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$vm_dir/initramfs.sh"
. "$vm_dir/klog.sh"

kernel='' root=/ cpus=2 memory='' timeout=300 out='' append='' qemu_extra='' interactive=''

usage() {
	sed -n '4,/^set/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

parse_options() {
	while [ $# -gt 0 ]; do
		case $1 in
		-k | --kernel) kernel=$2 ;;
		-r | --root) root=$2 ;;
		-c | --cpus) cpus=$2 ;;
		-m | --memory) memory=$2 ;;
		-t | --timeout) timeout=$2 ;;
		-o | --out) out=$2 ;;
		--append) append=$2 ;;
		--qemu) qemu_extra=$2 ;;
		-i | --interactive) interactive=1; shift; continue ;;
		--) shift; break ;;
		*) usage ;;
		esac
		shift 2 || usage
	done
	[ -n "$kernel" ] || usage
	[ $# -gt 0 ] || [ -n "$interactive" ] || usage
	command=("$@")
}

prepare_out() {
	if [ -n "$out" ]; then
		mkdir -p "$out"
		rm -f "$out"/{console,dmesg,output,status,kmemleak,job,env,started}
		out=$(cd "$out" && pwd -P)
		return
	fi
	mkdir -p "$cache_dir/run"
	# Runs that failed stay for a look; nobody looks after a day.
	find "$cache_dir/run" -mindepth 1 -maxdepth 1 -mmin +1440 -exec rm -rf {} +
	out=$(mktemp -d "$cache_dir/run/$(basename "$kernel").XXXXXX")
	drop_out=1
}

write_job() {
	local name top=$top_dir cwd=$PWD
	[ "$root" = / ] || top=/home/me/mailslot cwd=/home/me
	{
		printf 'VM_TOP=%q\n' "$top"
		printf 'VM_CACHE=%q\n' "$cache_dir"
		printf 'VM_KERNEL=%q\n' "$kernel"
		printf 'VM_KERNEL_DIR=%q\n' "$kernel_dir"
		printf 'VM_MODULES=%q\n' "$(readlink -f "$kernel_dir/modules/lib/modules")"
		printf 'VM_CWD=%q\n' "$cwd"
		printf 'VM_ROOT=%q\n' "$root"
		printf 'VM_INTERACTIVE=%q\n' "$interactive"
	} >"$out/env"
	{
		for name in ${!MAILSLOT_*}; do
			printf 'export %s=%q\n' "$name" "${!name}"
		done
		[ ${#command[@]} = 0 ] || printf '%q ' "${command[@]}"
		echo
	} >"$out/job"
	: >"$out/output"
}

# oops=panic and -no-reboot: a machine that oopsed is over at once, and the
# missing status says so.  tsc=reliable, no_timer_check: an emulated processor is
# now and then late, and the kernel would blame its clocks for it, or panic.
kernel_parameters() {
	local common="oops=panic panic=-1 loglevel=5 mitigations=off tsc=reliable no_timer_check random.trust_cpu=on"
	[ -z "$interactive" ] || common+=" quiet"
	case $kernel in
	debug) common+=" kmemleak=on slub_debug=FZPU,mailslot* kunit.enable=1" ;;
	esac
	echo "console=ttyS0 $common $append"
}

# The debug kernel's processors take turns in one thread, which goes on with the
# next when one spins: it runs beside other machines, and of two that each want
# both processors of the host most time is lost in waiting for each other's locks.
qemu_command() {
	local console=(-serial "file:$out/console" -monitor none) threads=multi
	[ "$kernel" != debug ] || threads=single
	[ -z "$interactive" ] || console=(-serial mon:stdio)
	machine=(qemu-system-x86_64 -nodefaults -no-user-config -no-reboot
		-display none -accel "tcg,thread=$threads" -cpu "qemu64,+rdrand"
		-smp "$cpus" -m "$memory" "${console[@]}"
		-virtfs "local,path=$root,mount_tag=host,security_model=none,readonly=on,multidevs=remap"
		-virtfs "local,path=$out,mount_tag=out,security_model=none"
		-kernel "$kernel_dir/vmlinuz" -initrd "$initramfs"
		-append "$(kernel_parameters)")
	# KASAN makes the bytecode of the usual machine's ACPI tables take up to half
	# a minute; those of this one are short.
	[ "$kernel" != debug ] ||
		machine+=(-machine "q35,sata=off,smbus=off,vmport=off"
			-global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off)
	# shellcheck disable=SC2206 # several words on purpose
	machine+=($qemu_extra)
}

# kmemleak=off: in user-mode Linux it does not know the memory of modules, and
# says so with a trace. The debug kernel looks for leaks.
uml_command() {
	machine=("$kernel_dir/linux" "mem=$memory" "initrd=$initramfs"
		"vm_out=$out" kmemleak=off loglevel=5 panic=-1 con=null "con0=fd:0,fd:1" con1=null console=tty0)
	# shellcheck disable=SC2206
	machine+=($append)
}

# wait_until SECONDS COMMAND...: false when the time is over, or the machine is.
wait_until() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] && kill -0 "$machine_pid" 2>/dev/null || return
		sleep 0.1
	done
}

machine_ended() { ! kill -0 "$machine_pid" 2>/dev/null; }

pull_plug() {
	kill -KILL "$machine_pid" 2>/dev/null || return 0
	wait_until 10 machine_ended || true
}

# start_machine: true once it runs the job.  On a very busy host an emulated
# kernel may fail to calibrate its clocks, or hang; that is nothing that the
# job did, so it gets another machine.
start_machine() {
	local try log=$out/qemu.log
	[ "$kernel" != uml ] || log=$out/console
	for try in 1 2 3 4 5 6; do
		"${machine[@]}" </dev/null >"$log" 2>&1 &
		machine_pid=$!
		# Or bash would announce its death.
		disown
		! wait_until "$boot_limit" test -e "$out/started" || return 0
		[ ! -e "$out/started" ] || return 0
		pull_plug
		note "the machine ($kernel) did not get ready (try $try): $(tail -n 1 "$out/console")"
	done
	return 1
}

# run_machine: false when it had to be killed.
run_machine() {
	local follower in_time=0
	start_machine || return 0
	tail --pid="$machine_pid" -n +1 -f "$out/output" 2>/dev/null &
	follower=$!
	# It may have ended between the two looks at it, which is no failure.
	wait_until "$timeout" machine_ended || true
	machine_ended || in_time=1
	pull_plug
	# Let it print what was written last.
	sleep 0.3
	kill "$follower" 2>/dev/null || true
	wait "$follower" 2>/dev/null || true
	return $in_time
}

# judge KILLED: prints why, sets result.
judge() {
	result=121
	if [ "$1" = 1 ]; then
		note "the machine ($kernel) was killed after $timeout s"
		result=124
	elif [ -s "$out/status" ]; then
		result=$(cat "$out/status")
	else
		note "the machine ($kernel) died without telling a status; its last words:"
		tail -n 25 "$out/console" "$out/qemu.log" 2>/dev/null >&2 || true
	fi
	if klog_complaints "$out" >"$out/complaints"; then
		note "the kernel ($kernel) complained:"
		head -n 60 "$out/complaints" >&2
		[ "$result" = 124 ] || result=120
	fi
}

prepare() {
	kernel_dir=$("$vm_dir/kernel.sh" "$kernel")
	case $kernel in
	debug) memory=${memory:-2G} ;;
	*) memory=${memory:-1G} ;;
	esac
	initramfs=$(with_lock initramfs initramfs_for "$kernel_dir")
	prepare_out
	write_job
	if [ "$kernel" = uml ]; then uml_command; else qemu_command; fi
}

boot_limit=240 drop_out='' result=0 machine=() command=() machine_pid=''

main() {
	local killed=0
	parse_options "$@"
	prepare
	if [ -n "$interactive" ]; then
		exec "${machine[@]}"
	fi
	trap 'pull_plug' EXIT
	run_machine || killed=1
	judge $killed
	if [ "$result" = 0 ] && [ -n "$drop_out" ]; then
		rm -rf "$out"
	else
		note "logs: $out"
	fi
	exit "$result"
}

main "$@"
