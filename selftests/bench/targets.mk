# SPDX-License-Identifier: GPL-2.0-only
# The benchmark. Its settings are explained in selftests/bench/run.sh.

bench: export MODE := $(MODE)
bench: export METRIC := $(METRIC)
bench: export BACKEND := $(BACKEND)
bench: export SIZE := $(SIZE)
bench: export COUNT := $(COUNT)
bench: export CGROUP := $(CGROUP)
bench: export PROFILE := $(PROFILE)
bench: export BOOTS := $(BOOTS)
bench: export KO := $(KO)
bench:
	selftests/bench/run.sh

# The plots that the README shows.
bench-plots: bench
	mkdir -p selftests/bench/plots
	cp selftests/bench/out/*.svg selftests/bench/plots/

.PHONY: bench bench-plots
