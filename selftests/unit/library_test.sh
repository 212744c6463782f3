#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2317
#
# The files of the library, as built and as installed.
cd "$(dirname "$0")" || exit 1
. ../tests/ktap.sh

userlib=../../userlib
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

calls=(create get_info open read recv recv_many send_many set_flags set_timeout write)

# Names and versions of the symbols that programs can link to.
exported() {
	nm -D --defined-only --with-symbol-versions "$1" |
		awk '$2 == "T" && /mailslot_/ { print $3 }' | sort
}

is "$(exported $userlib/libmailslot.so | xargs)" \
	"$(printf 'mailslot_%s@@LIBMAILSLOT_1.0\n' "${calls[@]}" | xargs)" \
	"the calls of mailslot(3) are exported, and no others of that name"
is "$(nm -D --defined-only $userlib/libmailslot.so | awk '$2 == "T"' |
	grep -c 'mailslot_\(root\|path\|kernel_name\|source_name\|resolve\|nbns\|lmhosts\)')" 0 \
	"internal calls are hidden"
is "$(objdump -p $userlib/libmailslot.so | awk '$1 == "SONAME" { print $2 }')" \
	libmailslot.so.0 "the soname"

cat >"$work/program.c" <<'PROGRAM'
#include <mailslot.h>

int main(void)
{
	return mailslot_open("", 0) == -1 ? 0 : 1;
}
PROGRAM

link_in_tree() {
	"${CC:-cc}" "-I$userlib/include" -o "$work/program" "$work/program.c" "$@" &&
		LD_LIBRARY_PATH=$userlib "$work/program"
}
check "a program links to the shared library in the tree" \
	link_in_tree "-L$userlib" -lmailslot
check "a program links to the archive" link_in_tree $userlib/libmailslot.a

make_install() {
	make -s -C "$userlib" "$1" DESTDIR="$work/root" prefix=/usr \
		libdir=/usr/lib/test mandir=/usr/share/man
}

check "make install" make_install install
for file in bin/mailslot include/mailslot.h include/linux/mailslot.h \
	lib/test/libmailslot.a lib/test/libmailslot.so \
	lib/test/libmailslot.so.0 lib/test/pkgconfig/mailslot.pc \
	share/man/man1/mailslot.1 share/man/man3/mailslot.3 \
	share/man/man3/mailslot_create.3 share/man/man4/mailslot.4 \
	share/man/man5/mailslotfs.5 share/man/man7/mailslot.7 \
	share/bash-completion/completions/mailslot; do
	check "installed: $file" test -s "$work/root/usr/$file"
done
is "$(objdump -p "$work/root/usr/bin/mailslot" | grep -c 'RPATH\|RUNPATH')" 0 \
	"the installed command has no rpath"
check "the installed command runs" "$work/root/usr/bin/mailslot" --version

if command -v pkg-config >/dev/null; then
	is "$(PKG_CONFIG_PATH=$work/root/usr/lib/test/pkgconfig \
		pkg-config --libs mailslot | xargs)" \
		"-L/usr/lib/test -lmailslot" "pkg-config knows how to link"
else
	skip "pkg-config knows how to link" "no pkg-config here"
fi

check "make uninstall" make_install uninstall
is "$(find "$work/root" ! -type d)" "" "make uninstall leaves no file"

done_testing
