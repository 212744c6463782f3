#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317,SC2013 # ktap.sh calls by name; words are meant
#
# The manual pages: well-formed, and about everything that there is.
cd "$(dirname "$0")" || exit 1
. ../tests/ktap.sh

userlib=../../userlib
pages=("$userlib"/man/*.[1-9])

# Pages that are not installed here are not ours to complain about.
lint() {
	! mandoc -Tlint -Wstyle "$1" 2>&1 | grep '^mandoc: .*:[0-9]' |
		grep -v 'referenced manual not found'
}

# The words of a page, without its markup.
words() { mandoc -Tutf8 -Owidth=200 "$userlib/man/$1" | col -b; }

# The first example is a whole program; \e is how mdoc writes a backslash.
compile_example() {
	sed -n '/^#include <mailslot.h>/,/^\.Ed/p' "$userlib/man/mailslot.3" |
		sed -e '/^\.Ed/d' -e 's/\\e/\\/g' |
		"${CC:-cc}" -Wall -Wextra -Werror -fsyntax-only \
			"-I$userlib/include" -x c -
}

if command -v mandoc >/dev/null; then
	for page in "${pages[@]}"; do
		check "mandoc likes $(basename "$page")" lint "$page"
	done

	text=$(words mailslot.3)
	for call in $(awk '/mailslot_/ { sub(";", ""); print $1 }' \
		$userlib/libmailslot.map); do
		like "$text" "$call\\(" "mailslot(3) has $call"
	done
	check "the program in mailslot(3) compiles" compile_example
	text=$(words mailslot.4)
	for request in $(grep -o 'MAILSLOT_IOC_[A-Z_]*' \
		$userlib/include/linux/mailslot.h | grep -v MAGIC | sort -u); do
		like "$text" "$request" "mailslot(4) has $request"
	done
	text=$(words mailslot.1)
	for command in recv send list info top resolve; do
		for option in $($userlib/mailslot $command --help |
			grep -o -- '--[a-z][a-z-]*' | sort -u); do
			like "$text" "$option" \
				"mailslot(1) has $option of $command"
		done
	done
else
	skip "manual pages" "no mandoc here"
fi

if command -v codespell >/dev/null; then
	check "no slips of the pen" codespell --ignore-words-list nd \
		"${pages[@]}"
else
	skip "no slips of the pen" "no codespell here"
fi

done_testing
