# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of the module's codecs of names and datagrams, in user space and under
# sanitizers: the KUnit suites, compiled against selftests/kunit/kunit_tap.h.
# To be included by Makefile; "make -f name_wire.mk check" works as well.

CODEC_MODULE := ../../module
CODEC_KUNIT := ../kunit
CODEC_VECTORS := ../vectors
CODEC_SOURCES := $(addprefix $(CODEC_MODULE)/,name.c fold.c host.c wire.c)
CODEC_TESTS := name_codec_test name_unc_test name_unicode_test \
	       wire_codec_test wire_drop_test
CODEC_CFLAGS := -g -O1 -Wall -Wextra -Werror -I. \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined
CODEC_DEPS := $(CODEC_SOURCES) $(wildcard $(CODEC_MODULE)/*.h) \
	      $(wildcard $(CODEC_KUNIT)/*.h)

codec-tests: $(CODEC_TESTS)

name_codec_test: $(CODEC_KUNIT)/name_test.c
name_unc_test: $(CODEC_KUNIT)/unc_test.c
name_unicode_test: name_unicode_test.c
wire_codec_test: $(CODEC_KUNIT)/wire_test.c wire_vectors.h
wire_drop_test: $(CODEC_KUNIT)/drop_test.c

$(CODEC_TESTS): $(CODEC_DEPS)
	$(CC) $(CODEC_CFLAGS) -o $@ $(filter %_test.c,$^) $(CODEC_SOURCES)

wire_vectors.h: $(wildcard $(CODEC_VECTORS)/*)
	$(CODEC_VECTORS)/vectors_to_c.py >$@.new
	mv $@.new $@

codec-check: codec-tests
	prove --exec '' $(addprefix ./,$(CODEC_TESTS))

codec-clean:
	rm -f $(CODEC_TESTS) wire_vectors.h

ifeq ($(firstword $(MAKEFILE_LIST)),name_wire.mk)
check: codec-check
clean: codec-clean
endif

.PHONY: codec-tests codec-check codec-clean check clean
