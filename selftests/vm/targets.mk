# SPDX-License-Identifier: GPL-2.0-only
#
# Targets that need a machine of their own; included by the top-level Makefile.

VM := selftests/vm

# make check [T=stage or suite] [K=6.1, 6.12, debug, uml or host]
check:
	@T='$(T)' K='$(K)' bash $(VM)/check.sh

# Do the tests notice when checks are taken out of the module? M=words of some.
mutate:
	@nice bash selftests/mutate/mutate.sh -k $(or $(K),6.1) $(M)

# The module on every kernel that it is said to serve: a table.
check-kernels:
	@bash $(VM)/kernels.sh

# A shell in a machine that has the module loaded; K=kernel for another one.
shell:
	@bash $(VM)/run.sh -k $(or $(K),6.1) -i

# The demonstration, in a machine.  DEMO: what to run there.
DEMO ?= demo/demo.sh
demo-vm:
	@bash $(VM)/run.sh -k $(or $(K),6.1) -- bash $(DEMO)

# Kernels, builds and logs: half an hour of work to make again.
clean-cache:
	rm -rf "$${XDG_CACHE_HOME:-$$HOME/.cache}/mailslot"

.PHONY: check mutate check-kernels shell demo-vm clean-cache
