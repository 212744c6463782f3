#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317 # functions are called by name, through ktap.sh
#
# Whole Windows programs: compiled as they stand, with nothing but our include
# folder and library, and run.
#
# suite-kernels: 6.1
. "$(dirname "$0")/ktap.sh"

sources=$MAILSLOT_TOP/selftests/unit/win32_programs
include=$MAILSLOT_TOP/userlib/include/mailslot/win32
command -v gcc >/dev/null || skip_all "no compiler here"

for program in printer notify until_key collect; do
	check "$program.c compiles as it stands" gcc -w "-I$include" \
		-o "$program" "$sources/$program.c" "-L$MAILSLOT_TOP/userlib" -lmailslot
done
# Without the programs there is nothing to wait for.
[ "$ktap_failed" = 0 ] || done_testing
if command -v clang >/dev/null; then
	check "printer.c compiles as it stands, with clang" clang -w "-I$include" \
		-o printer "$sources/printer.c" "-L$MAILSLOT_TOP/userlib" -lmailslot
fi

# retry COMMAND...: until it succeeds; the suite's time limit ends the wait.
retry() { until "$@" 2>/dev/null; do sleep 0.05; done; }
slot_is_there() { [ -e "$MAILSLOT_ROOT/$1" ]; }

./printer >printer.out &
printer=$!
retry slot_is_there Printer
is "$(./notify . Printer "This is it")" "Wrote 10 bytes" "a client writes to it"
is "$(./notify . pRINTER "")" "Wrote 0 bytes" "an empty message"
retry grep -q '^0 bytes' printer.out
is "$(cat printer.out)" "$(printf '10 bytes: This is it\n0 bytes: ')" "the server has both"
is "$(./notify . missing x)" "No mailslot: error 2" "no server is error 2"
is "$(./notify '*' Printer x)" "No mailslot: error 3025" "no remote mail is error 3025"
is "$(./printer)" "No mailslot: error 183" "a second server is error 183"

# The machine as its own neighbour.
mount -o remount,remote=loopback "$MAILSLOT_ROOT"
is "$(./notify '*' Printer "to all")" "Wrote 6 bytes" "a client writes to the workgroup"
is "$(./notify 127.0.0.1 Printer "to one")" "Wrote 6 bytes" "and to an address"
retry grep -q 'to one' printer.out
is "$(tail -n 2 printer.out)" "$(printf '6 bytes: to all\n6 bytes: to one')" \
	"the server has both, once"
is "$(./notify '*' Printer "$(printf '%450s' x)")" "Not written: error 53" \
	"more than a datagram takes is error 53"
mount -o remount,remote=off "$MAILSLOT_ROOT"

kill "$printer"
wait "$printer"
check_fails "a killed server's slot is gone" slot_is_there Printer

# A key from a pipe, and one from a terminal, where it needs no Enter.
mkfifo keys
./until_key <keys >until_key.out &
server=$!
exec 9>keys
retry slot_is_there UntilKey
./notify . UntilKey abc >/dev/null
printf 'x' >&9
# The exit status of a void main() says nothing.
wait $server
is "$(cat until_key.out)" "$(printf 'Press a key\nReceived 3 bytes\nKey 120\nStopped')" \
	"a key ends the server, which had its mail"
exec 9>&-

# The terminal is that of script(1), which reads our keys from the pipe.
terminal() {
	{
		retry slot_is_there UntilKey
		retry grep -q 'Press a key' terminal.out
		printf '%b' "$1"
		retry grep -q 'Stopped' terminal.out
	} | script -qfec ./until_key terminal.out >/dev/null
	grep -c "^Key $2.\?$" terminal.out
}
if command -v script >/dev/null; then
	is "$(terminal y 121)" 1 "a key of a terminal"
	is "$(terminal '\003' 3)" 1 "Ctrl-C is a key"
	is "$(terminal '\r' 13)" 1 "Enter is a carriage return"
else
	skip "keys of a terminal" "no script(1) here"
fi

./collect >collect.out &
collect=$!
retry slot_is_there 'collect\sample'
./notify . 'collect\sample' "first" >/dev/null
./notify . 'collect\sample' "second" >/dev/null
# Its main() is void, so its status says nothing.
wait "$collect"
is "$(cat collect.out)" "$(printf 'Contents of the mailslot: %s\nMessage #%d\n' first 1 second 2)" \
	"it had both messages"

# Its thread goes on serving reads, and must find its code where it was.
is "$("$MAILSLOT_TOP/selftests/tests/helpers/win32_unload" "$MAILSLOT_ROOT/unload")" \
	"still here" "a read that waits outlives dlclose(3)"

done_testing
