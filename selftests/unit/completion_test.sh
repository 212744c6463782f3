#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317
#
# What bash offers after "mailslot ... <Tab>".
cd "$(dirname "$0")" || exit 1
. ../tests/ktap.sh
# shellcheck source=../../userlib/completion/mailslot
. ../../userlib/completion/mailslot

# The slots that exist.
mailslot() {
	[ "$*" = list ] && printf '%s\n' alpha 'two words' 'dir\slot'
}

# offers WORD...: what bash would offer for the last of them.
offers() {
	COMP_WORDS=(mailslot "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_mailslot mailslot "${!#}" "${*: -2:1}"
	printf '%s\n' "${COMPREPLY[@]}" | paste -sd ' '
}

is "$(offers '')" "recv send list info top resolve --help --version" "commands"
is "$(offers s)" "send" "commands that begin with s"
is "$(offers --v)" "--version" "options of the command itself"
like "$(offers recv --)" "--timeout .*--json" "options of recv"
is "$(offers recv x --ti)" "--timeout" "options behind a name"
like "$(offers send --)" "--lines --wait" "options of send"
is "$(offers info a)" "alpha" "names of slots"
is "$(offers send t)" 'two\ words' "names are quoted"
is "$(offers send d)" 'dir\\slot' "backslashes are quoted"
is "$(offers send 'dir\\s')" 'dir\\slot' "what was typed may be quoted"
is "$(offers send alpha a)" "" "a message is not completed"
is "$(offers recv --timeout a)" "" "a value is not completed"
is "$(offers recv a)" "" "the name of a new slot is not completed"
is "$(offers list a)" "" "list takes no name"
is "$(offers bogus '')" "" "an unknown command has nothing to offer"

done_testing
