#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317
#
# The headers of the Win32 face: in every dialect that a Windows program may be
# written in, with only their folder on the include path, and complete.
cd "$(dirname "$0")" || exit 1
. ../tests/ktap.sh

userlib=../../userlib
include=$userlib/include
cc=${CC:-cc} cxx=${CXX:-c++}
strict=(-Wall -Wextra -Werror -fsyntax-only "-I$include/mailslot/win32" "-I$include")

compile() { "$@" "${strict[@]}" win32_layout.c; }

for standard in gnu99 c11 gnu17; do
	check "C: $standard" compile "$cc" -std=$standard
	check "C: $standard, UNICODE" compile "$cc" -std=$standard -DUNICODE
done
for standard in c++11 gnu++17 c++20; do
	check "C++: $standard" compile "$cxx" -x c++ -std=$standard
	check "C++: $standard, UNICODE" compile "$cxx" -x c++ -std=$standard -DUNICODE
done
check "C, short wide characters" compile "$cc" -fshort-wchar -DUNICODE
check "C++, short wide characters" compile "$cxx" -x c++ -fshort-wchar -DUNICODE
if command -v clang >/dev/null; then
	check "C, clang" compile clang
	check "C++, clang" compile clang++ -x c++ -std=c++17
	check "C++, clang, UNICODE" compile clang++ -x c++ -std=c++17 -DUNICODE
else
	skip "clang" "no clang here"
fi

# Debian's 32-bit C library brings no asm/ of its own: the 64-bit one serves.
m32=(-m32 -isystem "/usr/include/$("$cc" -print-multiarch)")
if echo '#include <stdio.h>' | "$cc" "${m32[@]}" -x c -fsyntax-only - 2>/dev/null; then
	check "C, 32 bit" compile "$cc" "${m32[@]}"
	check "C++, 32 bit" compile "$cxx" -x c++ "${m32[@]}"
else
	skip "32 bit" "no 32-bit C library here"
fi

# The book's programs say no more than these, and void main().
book_style() {
	local header=$1
	shift
	printf '#include <%s>\nvoid main(void)\n{\n\tHANDLE slot = %s;\n\tCloseHandle(slot);\n}\n' \
		"$header" 'CreateMailslot("x", 0, MAILSLOT_WAIT_FOREVER, NULL)' |
		"$cc" -x c -fsyntax-only "$@" -
}
check "void main() with <windows.h> alone" book_style windows.h "-I$include/mailslot/win32"
check "void main() with <winbase.h> alone" book_style winbase.h "-I$include/mailslot/win32"
check "void main() with <mailslot/win32.h> alone" book_style mailslot/win32.h "-I$include"

# Each header stands alone.
stands_alone() {
	"$cc" -x c -Wall -Wextra -Werror -fsyntax-only "$1" -include "$1" </dev/null
}
for header in "$include"/mailslot/*.h "$include"/mailslot/win32/*.h; do
	check "<${header#"$include"/}> stands alone" stands_alone "$header"
done

# Every call that is declared can be linked to, and every symbol has a header.
declared() {
	cat "$include"/mailslot/*.h "$include"/mailslot/win32/conio.h |
		tr '\n' ' ' | grep -oE '(WINAPI|NTAPI|int) [A-Za-z_0-9]+\(' |
		grep -oE '[A-Za-z_0-9]+\($' | tr -d '(' | sort -u
}
exported() {
	nm -D --defined-only $userlib/libmailslot.so |
		awk '$2 == "T" { print $3 }' | cut -d@ -f1 | grep -v '^mailslot_' | sort -u
}
is "$(exported | xargs)" "$(declared | xargs)" \
	"what is declared is exported, and nothing else"
is "$(nm $userlib/libmailslot.so | awk '$2 == "T"' | grep -c ' w32_')" 0 \
	"internal calls are hidden"

# The manual's table of behaviour is the suites' list of tests: a heading names
# the suite, and each row beneath it a test.
rows() {
	sed -nE -e 's/^\.Ss .*\((win32_[a-z0-9]+)\)$/\1/p' -e 's/^\.It Sy ([a-z0-9_]+)$/ \1/p' \
		$userlib/man/mailslot-win32.7 |
		awk '/^ / { print suite $0; next } { suite = $1 }' | sort
}
tests() {
	local suite
	for suite in ../tests/win32_*.c; do
		sed -n "s/^TEST(\([a-z0-9_]*\))\$/$(basename "$suite" .c) \1/p" "$suite"
	done | sort
}
is "$(comm -3 <(rows) <(tests))" "" "mailslot-win32(7) has a row for every test, and no other"

done_testing
