# SPDX-License-Identifier: GPL-2.0-only
#
# Installing the module, by hand and by dkms; included by the top-level Makefile.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
DKMS_DIR := $(DESTDIR)/usr/src/mailslot-$(VERSION)
DKMS_FILES := dkms.conf Kbuild uapi/linux/mailslot.h \
	$(wildcard module/*.[ch] module/compat/*.h module/compat/linux/*.h)

# What uname -r says there; the kernel's own target says it otherwise on Debian.
RELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h)

install-module: modules
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) \
		modules_install

# modules_install chose the folder by the kernel's age, and packed the module or
# did not, as the kernel wants it.
uninstall-module:
	rm -f $(foreach d,extra updates, \
		$(DESTDIR)/lib/modules/$(RELEASE)/$(d)/mailslot.ko*)
	[ -n "$(DESTDIR)" ] || depmod $(RELEASE)

# What dkms needs, where it looks for it.
dkms-files:
	for f in $(DKMS_FILES); do \
		install -D -m 0644 $$f $(DKMS_DIR)/$$f || exit 1; \
	done

# All versions of before go, so that no two are registered side by side.
dkms-install: dkms-remove dkms-files
	dkms add -m mailslot -v $(VERSION)
	dkms install -m mailslot -v $(VERSION) -k $(RELEASE)

dkms-remove:
	dkms status -m mailslot | sed 's,^mailslot/\([^,:]*\).*,\1,' | \
	sort -u | while read -r v; do \
		dkms remove -m mailslot -v $$v --all && \
		rm -rf /usr/src/mailslot-$$v || exit 1; \
	done

.PHONY: install-module uninstall-module dkms-files dkms-install dkms-remove
