# SPDX-License-Identifier: GPL-2.0-only
#
# Debian packages; included by the top-level Makefile.

# They are built from a copy, so that nothing is left in the checkout.
DEB_DIR ?= $(abspath ..)/mailslot-deb
DEB_FILES := debian dkms.conf Kbuild LICENSES module uapi userlib

deb:
	@bash selftests/vm/deps.sh deb
	rm -rf $(DEB_DIR)/source $(DEB_DIR)/*mailslot*
	mkdir -p $(DEB_DIR)/source
	cp -a $(DEB_FILES) $(DEB_DIR)/source
	cd $(DEB_DIR)/source && \
		DEB_BUILD_OPTIONS="$$DEB_BUILD_OPTIONS noautodbgsym" \
		dpkg-buildpackage -us -uc -b
	rm -rf $(DEB_DIR)/source
	@echo "The packages are:"; ls $(DEB_DIR)/*.deb

.PHONY: deb
