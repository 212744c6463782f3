#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317
#
# The public headers in every dialect that programs may be written in.
cd "$(dirname "$0")" || exit 1
. ../tests/ktap.sh

include=../../userlib/include
cc=${CC:-cc} cxx=${CXX:-c++}
strict=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only "-I$include")

# A program that includes the header first, and calls all of it.
program() {
	cat <<-'PROGRAM'
		#include <mailslot.h>

		ssize_t program(void)
		{
			struct mailslot_msg_info msg;
			struct mailslot_info info;
			char buf[16];
			int fd = mailslot_create("x", 0, MAILSLOT_WAIT_FOREVER,
						 MAILSLOT_ACCEPT_REMOTE |
						 MAILSLOT_ACCEPT_BROADCAST, 0);

			if (mailslot_get_info(fd, &info) ||
			    info.next_size == MAILSLOT_NO_MESSAGE ||
			    mailslot_set_timeout(fd, 0) || mailslot_set_flags(fd, 0))
				return mailslot_write(mailslot_open("x", 0), buf, 1);
			if (mailslot_recv(fd, buf, sizeof(buf), &msg, MAILSLOT_PEEK |
					  MAILSLOT_DONTWAIT | MAILSLOT_TRUNC) < 0)
				return msg.source_name[0] + msg.address.sin_port;
			return mailslot_read(fd, buf, sizeof(buf));
		}
	PROGRAM
}

compile() { program | "${@}" "${strict[@]}" -; }

for standard in c99 c11 c17 gnu99 gnu17; do
	check "$standard" compile "$cc" -x c -std=$standard
done
for standard in c++11 c++17 c++20; do
	check "$standard" compile "$cxx" -x c++ -std=$standard
done
check "C with short wide characters" compile "$cc" -x c -fshort-wchar
check "C++ with short wide characters" compile "$cxx" -x c++ -fshort-wchar
if command -v clang >/dev/null; then
	check "clang" compile clang -x c
else
	skip "clang" "no clang here"
fi

layout=("$cc" -fsyntax-only -D_GNU_SOURCE "-I$include" layout.c)
check "struct layout" "${layout[@]}"

# Debian's 32-bit C library brings no asm/ of its own: the 64-bit one serves.
m32=(-m32 -isystem "/usr/include/$("$cc" -print-multiarch)")
if echo '#include <stdio.h>' | "$cc" "${m32[@]}" -x c -fsyntax-only - 2>/dev/null; then
	check "struct layout, 32 bit" "${layout[@]}" "${m32[@]}"
	check "C, 32 bit" compile "$cc" -x c "${m32[@]}"
	check "C++, 32 bit" compile "$cxx" -x c++ "${m32[@]}"
else
	for name in "struct layout" C C++; do
		skip "$name, 32 bit" "no 32-bit C library here"
	done
fi

done_testing
