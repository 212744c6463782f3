// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark's command line; with -h it explains itself.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

/**
 * struct choice - which cells to run
 * @metrics: Names with commas, or NULL for all.
 * @backends: Names with commas, or NULL for all.
 * @size: Message size, or -1 for all.
 * @count: Depth, receivers, names; or -1 for all.
 */
struct choice {
	const char *metrics;
	const char *backends;
	long size;
	long count;
};

static void usage(int status)
{
	puts("usage: bench [-m METRIC,...] [-b BACKEND,...] [-s SIZE]\n"
	     "	[-c COUNT] [-2] [-k]\n"
	     "\n"
	     "	-m  only these metrics	    -b  only these backends\n"
	     "	-s  only this message size  -c  only this depth, width, ...\n"
	     "	-2  the two-processor comparison\n"
	     "	-k  print the kernel's symbols first\n"
	     "\n"
	     "Every figure is a line: cell METRIC SIZE COUNT BACKEND VALUE OPS.");
	exit(status);
}

static bool listed(const char *list, const char *name)
{
	size_t len = strlen(name);

	if (!list)
		return true;
	for (; list; list = strchr(list, ',')) {
		list += *list == ',';
		if (!strncmp(list, name, len) &&
		    (!list[len] || list[len] == ','))
			return true;
	}
	return false;
}

static bool wanted(const struct choice *c, const struct cell *cell)
{
	if (use_two_cpus && !(cell->flags & C_SMP))
		return false;
	/* Memory takes a machine of its own, so it must be asked for. */
	if (!c->metrics && cell->run == run_memory)
		return false;
	return listed(c->metrics, cell->metric) &&
	       (c->size < 0 || (size_t)c->size == cell->size) &&
	       (c->count < 0 || (unsigned int)c->count == cell->count);
}

static bool possible(const struct backend *be, const struct cell *cell)
{
	if (be->flags & (B_FLOOR | B_PAIR) && cell->run != run_pair)
		return false;
	if (be->flags & B_CREATE && cell->run != run_create)
		return false;
	if (be->max_depth && cell->run == run_batch &&
	    cell->count > be->max_depth)
		return false;
	return (be->flags & cell->wants) == cell->wants &&
	       cell->size <= be->max_size;
}

/*
 * Root is exempt from quotas, here and there, so figures of root's would be
 * too good.
 */
static void become_nobody(void)
{
	if (setgid(65534) || setuid(65534))
		err(1, "becoming nobody");
}

static void forward_lines(int fd)
{
	char line[200];
	FILE *f = fdopen(fd, "r");

	if (!f)
		err(1, "fdopen");
	while (fgets(line, sizeof(line), f))
		report_line(line);
	fclose(f);
}

/* A process of its own for each cell, so that one that fails costs only it. */
static void run_cell(const struct backend *be, const struct cell *cell)
{
	char line[120];
	int status, fd[2];
	pid_t pid;

	fflush(stdout);
	if (pipe(fd))
		err(1, "pipe");
	pid = fork();
	if (!pid) {
		dup2(fd[1], STDOUT_FILENO);
		close(fd[0]);
		close(fd[1]);
		if (!geteuid() && !(cell->flags & C_ROOT) &&
		    !(be->flags & B_ROOT))
			become_nobody();
		cell->run(be, cell);
		exit(0);
	}
	close(fd[1]);
	forward_lines(fd[0]);
	if (pid > 0 && waitpid(pid, &status, 0) == pid && !status)
		return;
	snprintf(line, sizeof(line), "fail %s %zu %u %s\n", cell->metric,
		 cell->size, cell->count, be->name);
	report_line(line);
}

static void run_all(const struct choice *c, bool raise_limits)
{
	for (const struct cell *cell = cells; cell->metric; cell++) {
		if (!wanted(c, cell))
			continue;
		if (raise_limits && cell->run != run_room) {
			init_limits();
			raise_limits = false;
		}
		for (int i = 0; backends[i]; i++)
			if (listed(c->backends, backends[i]->name) &&
			    possible(backends[i], cell))
				run_cell(backends[i], cell);
	}
}

static void print_symbols(void)
{
	char line[300], out[320];
	FILE *f = fopen("/proc/kallsyms", "r");

	if (!f)
		err(1, "/proc/kallsyms");
	while (fgets(line, sizeof(line), f)) {
		if (!strchr("tTwW", line[17]))
			continue;
		snprintf(out, sizeof(out), "symbol %s", line);
		report_line(out);
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	struct choice c = { .size = -1, .count = -1 };
	bool is_init = getpid() == 1, symbols = false;
	int opt;

	while ((opt = getopt(argc, argv, "m:b:s:c:2kh")) != -1) {
		switch (opt) {
		case 'm':
			c.metrics = optarg;
			break;
		case 'b':
			c.backends = optarg;
			break;
		case 's':
			c.size = atol(optarg);
			break;
		case 'c':
			c.count = atol(optarg);
			break;
		case '2':
			use_two_cpus = true;
			break;
		case 'k':
			symbols = true;
			break;
		default:
			usage(opt == 'h' ? 0 : 2);
		}
	}
	if (is_init)
		init_machine();
	if (symbols)
		print_symbols();
	run_all(&c, is_init);
	if (is_init)
		init_power_off();
	return 0;
}
