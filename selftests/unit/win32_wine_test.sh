#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The suites of the Win32 face, the same source, compiled for Windows and run
# under Wine: a second opinion on what Windows programs expect. Where Wine is
# known to differ from Windows the list below says how; any other difference is
# a failure, of ours or of Wine's.
cd "$(dirname "$0")" || exit 1
. ../tests/ktap.sh

# Not part of the gate: Wine's timing is its own.
[ "${WINE-}" = 1 ] || skip_all "runs with WINE=1 in the environment"

cross=x86_64-w64-mingw32-gcc
wine=$(command -v wine64 || command -v wine) || skip_all "no wine here"
command -v $cross >/dev/null || skip_all "no $cross here"

work=$(mktemp -d)
export WINEPREFIX=$work/prefix WINEDEBUG=-all
unset DISPLAY
cleanup() {
	WINEPREFIX=$work/prefix wineserver -k 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT

# What Debian's Wine 8 does instead, by test.
declare -A known=(
	[share_modes_do_not_matter]="share modes are enforced, as before Vista"
	[access_0_opens_and_may_not_write]="a client may not ask for info"
	[a_client_may_ask_but_not_set]="a client may not ask for info"
	[every_disposition_opens]="CREATE_ALWAYS leaves error 0; counts end at 1"
	[info_tells_the_state]="counts end at 1"
	[an_empty_message_is_a_message]="counts end at 1"
	[a_short_buffer_is_error_122_and_loses_nothing]="the message is cut, and lost"
	[an_empty_slot_is_error_121]="a read of 0 bytes is error 109"
	[waiting_for_mail_or_a_stop]="overlapped reads block"
	[closing_at_any_moment_ends_the_reader]="the read goes on"
	[nt_read_is_pending]="a time of -1 does not wait"
	[nt_read_waits_where_the_slot_is_synchronous]="the message is cut, and lost"
	[nt_timeouts]="a time of -1 does not wait"
	[a_name_of_255_bytes]="path limit of 260"
	[a_bad_name_is_error_123]="an empty name is error 183; empty parts are fine"
	[a_remote_slot_cannot_be_created]="error 3"
	[the_name_is_free_when_the_server_closes]="clients keep the name alive"
	[the_slot_lives_as_long_as_a_duplicate]="clients keep the name alive"
	[writing_after_the_server_is_gone_is_error_38]="clients keep the slot alive"
	[the_maximum_size_holds]="the maximum size is not enforced"
	[a_large_message]="limit of the socket buffer"
	[a_message_that_is_too_long_goes_to_the_next_reader]="a waiting read is cut"
	[readers_that_wait_are_served_in_order]="no order"
	[closing_ends_a_read_that_waits_in_another_thread]="the read goes on"
	[cancel_io_ex_ends_a_read_that_waits_in_another_thread]="the read goes on"
	[a_duplicate_has_the_rights_it_was_given]="a duplicate may get more rights"
	[a_server_can_be_inherited]="inheritance is lost"
	[a_client_can_be_inherited]="inheritance is lost"
	[nt_bad_arguments]="lengths and times are not checked"
	[nt_query_tells_the_state]="times of another form"
	[nt_write]="the maximum size is not enforced; clients keep the slot alive"
	[nt_creates_what_win32_opens]="another status"
)

# run PROGRAM WORD: a read that never ends is Wine's way to differ, too.
run() { timeout -k 5 15 "$wine" "$@" 2>/dev/null </dev/null | tr -d '\r'; }

# Overlapped reads of a mailslot block in Wine, so that nothing is learned there.
suites=(names messages waits handles nt)

timeout 200 "$wine" wineboot -i >/dev/null 2>&1 </dev/null || skip_all "wine does not start"
wineserver -p 60

# Most of the time is spent in waiting, so the suites run side by side.
run_suite() {
	local program=$work/win32_$1.exe name
	$cross -O1 -Wall -Werror -o "$program" "../tests/win32_$1.c" -lntdll || return
	for name in $(run "$program" --list); do
		run "$program" "$name" >"$work/$1.$name"
	done
}
for suite in "${suites[@]}"; do
	run_suite "$suite" >"$work/$suite.log" 2>&1 &
done
wait

for suite in "${suites[@]}"; do
	is "$(cat "$work/$suite.log")" "" "$suite compiles for Windows"
	for output in "$work/$suite".*_*; do
		name=${output##*.}
		if grep -qx "ok 1 $name" "$output"; then
			pass "Wine agrees: $name"
		elif [ -n "${known[$name]-}" ]; then
			pass "Wine differs, as known: $name: ${known[$name]}"
		else
			fail "Wine agrees: $name" "$(cat "$output")"
		fi
	done
done
done_testing
