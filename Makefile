# SPDX-License-Identifier: GPL-2.0-only
#
# make              the module for KDIR, the library, the command
# make demo         see it work, in a machine of its own; HOST=1: in this one
# make check        every test, in machines of its own; T=suite K=kernel for one
# make shell        a machine to play in
# make install      module, library, command, headers, manuals, mount unit;
#                   DESTDIR, prefix as usual; make uninstall
# make dkms-install the module by dkms, for each kernel to come; dkms-remove
# make deb          Debian packages of all, in ../mailslot-deb
# make bench        mailslots against their peers, in guest instructions
# make clean

# The running kernel's headers; where there are none, the newest installed.
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	$(shell ls -d /lib/modules/*/build 2>/dev/null | sort -rV | head -n 1) \
	$(shell ls -d /usr/src/linux-headers-*[!n] 2>/dev/null | \
		grep -v common | sort -rV | head -n 1))

all: modules userlib

modules:
	@case "$(CURDIR)" in *[\ :]*) \
		echo "mailslot: the kernel's makefiles cannot build modules in a" \
		     "folder whose path has a space or a colon: $(CURDIR)" >&2; \
		exit 1 ;; \
	esac
	@if [ ! -e "$(KDIR)/Makefile" ]; then \
		echo "mailslot: no kernel headers: apt install" \
		     "linux-headers-amd64, or name a tree with KDIR=" >&2; \
		exit 1; \
	fi
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

userlib:
	$(MAKE) -C userlib

install: all install-module
	$(MAKE) -C userlib install

uninstall: uninstall-module
	$(MAKE) -C userlib uninstall

clean:
	-[ ! -e "$(KDIR)/Makefile" ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean
	$(MAKE) -C userlib clean

demo:
	@HOST='$(HOST)' bash selftests/demo/run.sh

.PHONY: all modules userlib install uninstall clean demo

# install-module, dkms; deb; check, shell; bench
include module/targets.mk
include debian/targets.mk
include selftests/vm/targets.mk
include selftests/bench/targets.mk
