// SPDX-License-Identifier: GPL-2.0-only
/* mailslot top: watch the traffic of all slots. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

const char top_help[] =
"Usage: mailslot top [OPTION]...\n"
"Show the mailslots of this network namespace, the busiest first, again and\n"
"again until interrupted.\n"
"\n"
"  -d, --delay SECONDS  time between two tables (default 2; 0.1 to 3600)\n"
"  -n, --count N        end after N tables; the first has no rates yet\n"
"  -h, --help           show this text\n"
"\n"
"  MSG/S    messages put into the mailslot, each second\n"
"  WAITING  messages that its server has not read yet\n"
"  BYTES    their size\n"
"  DROP/S   messages that were refused, each second\n"
"  and since the mailslot was created, messages that were refused because\n"
"  LONG     they were too long\n"
"  FULL     the queue was full\n"
"  QUOTA    its owner had no more room\n"
"  NOMEM    there was no memory\n"
"\n"
"Exit status: 0 success, 1 failure, 2 a call that was not understood.\n";

#define COLUMNS		80
#define NAME_COLUMN	61
#define HEADER_LINES	2

/** struct options - what the command line asks for */
struct options {
	double delay;
	uint64_t count;		/* 0: no end */
};

/** struct line - a slot as it is shown */
struct line {
	const struct row *row;
	double delivered_rate;
	double dropped_rate;
};

static const struct option long_options[] = {
	{ "delay", required_argument, NULL, 'd' },
	{ "count", required_argument, NULL, 'n' },
	{ }
};

static int parse_delay(const char *text, double *delay)
{
	char *end;

	*delay = strtod(text, &end);
	/* Written so that a NaN is out of range. */
	return end != text && !*end && *delay >= 0.1 && *delay <= 3600 ? 0 : -1;
}

static int parse(struct options *options, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "d:n:", long_options,
				     NULL)) != -1) {
		switch (option) {
		case 'd':
			if (parse_delay(optarg, &options->delay))
				return usage_error(argv[0],
						   "not a valid delay: '%s'",
						   optarg);
			break;
		case 'n':
			if (parse_number(optarg, UINT64_MAX,
					 &options->count) || !options->count)
				return usage_error(argv[0],
						   "not a valid number of tables: '%s'",
						   optarg);
			break;
		default:
			return usage_error(argv[0], NULL);
		}
	}
	return need_operands(argv[0], argc - optind, 0, 0);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* A counter that went back belongs to a new slot of the same name. */
static double rate(uint64_t before, uint64_t after, double seconds)
{
	return (after - (after < before ? 0 : before)) / seconds;
}

static int compare_lines(const void *a, const void *b)
{
	const struct line *left = a, *right = b;
	double rates = right->delivered_rate - left->delivered_rate;
	uint32_t left_waits = left->row->info.message_count;
	uint32_t right_waits = right->row->info.message_count;

	if (rates)
		return rates > 0 ? 1 : -1;
	if (left_waits != right_waits)
		return right_waits > left_waits ? 1 : -1;
	return strcmp(left->row->name, right->row->name);
}

/*
 * The lines point into @table. Without @seconds there is no table before, and
 * there are no rates.
 */
static struct line *make_lines(const struct table *table,
			       const struct table *before, double seconds)
{
	struct line *lines = calloc(table->count + 1, sizeof(*lines));
	const struct row *row, *old;
	struct line *line = lines;

	if (!lines)
		return NULL;
	for (row = table->rows; row < table->rows + table->count; row++) {
		line->row = row;
		old = table_find(before, row->name);
		if (seconds > 0) {
			line->delivered_rate =
				rate(old ? old->info.delivered : 0,
				     row->info.delivered, seconds);
			line->dropped_rate =
				rate(old ? dropped(&old->info) : 0,
				     dropped(&row->info), seconds);
		}
		line++;
	}
	qsort(lines, table->count, sizeof(*lines), compare_lines);
	return lines;
}

/* As many bytes of @name as fill @columns, without cutting a character. */
static size_t fitting(const char *name, size_t columns)
{
	size_t len = 0;

	while (name[len]) {
		if ((name[len] & 0xc0) != 0x80 && !columns--)
			break;
		len++;
	}
	return len;
}

/* At most five characters, such as "98765" and "1234k", and a space. */
static void put_count(uint64_t count)
{
	static const char suffixes[] = "kMGTPE";
	int i = -1;

	if (count < 100000) {
		printf("%5" PRIu64 " ", count);
		return;
	}
	while (count >= 10000) {
		count /= 1000;
		i++;
	}
	printf("%4" PRIu64 "%c ", count, suffixes[i]);
}

static void put_line(const struct line *line, int columns, const char *end)
{
	const struct mailslot_info *info = &line->row->info;
	const char *name = line->row->name;
	int width = columns - NAME_COLUMN;
	char size[8];

	printf("%8.1f %7" PRIu32 " %7s %7.0f ", line->delivered_rate,
	       info->message_count, human_size(info->queued_bytes, size),
	       line->dropped_rate);
	put_count(info->dropped_too_long);
	put_count(info->dropped_queue_full);
	put_count(info->dropped_user_quota);
	put_count(info->dropped_no_memory);
	put_text(stdout, name, fitting(name, width > 0 ? width : 0), true);
	fputs(end, stdout);
}

static void put_header(const struct table *table, const char *end)
{
	uint64_t messages = 0, bytes = 0;
	time_t seconds = time(NULL);
	char size[8], clock[32];
	struct tm tm;
	size_t i;

	for (i = 0; i < table->count; i++) {
		messages += table->rows[i].info.message_count;
		bytes += table->rows[i].info.queued_bytes;
	}
	strftime(clock, sizeof(clock), "%H:%M:%S", localtime_r(&seconds, &tm));
	printf("%s  mailslots: %zu  waiting: %" PRIu64 " messages, %s bytes%s",
	       clock, table->count, messages, human_size(bytes, size), end);
	printf("%8s %7s %7s %7s %5s %5s %5s %5s %s%s", "MSG/S", "WAITING",
	       "BYTES", "DROP/S", "LONG", "FULL", "QUOTA", "NOMEM", "NAME",
	       end);
}

/*
 * On a terminal each table is written over the last one, cut to the window.
 * Elsewhere the tables follow each other whole, an empty line between them.
 */
static void put_table(const struct table *table, const struct line *lines)
{
	struct winsize window = { .ws_row = 24, .ws_col = COLUMNS };
	bool terminal = isatty(STDOUT_FILENO);
	const char *end = terminal ? "\033[K\n" : "\n";
	size_t rows = table->count;
	size_t i;

	if (terminal) {
		ioctl(STDOUT_FILENO, TIOCGWINSZ, &window);
		fputs("\033[H", stdout);
		if (rows + HEADER_LINES >= window.ws_row)
			rows = window.ws_row > HEADER_LINES ?
				window.ws_row - HEADER_LINES - 1 : 0;
	} else {
		window.ws_col = UINT16_MAX;
	}
	put_header(table, end);
	for (i = 0; i < rows; i++)
		put_line(&lines[i], window.ws_col, end);
	fputs(terminal ? "\033[J" : "\n", stdout);
}

static void wait_for(double seconds)
{
	struct timespec ts = { .tv_sec = seconds };

	ts.tv_nsec = (seconds - ts.tv_sec) * 1e9;
	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

/* Shows the table as it is now, which takes the place of the one before. */
static int step(struct table *before, double seconds)
{
	struct line *lines;
	struct table table;
	int status = table_read(&table);

	if (status)
		return status;
	lines = make_lines(&table, before, seconds);
	if (!lines)
		status = report("%s", strerror(errno));
	else
		put_table(&table, lines);
	free(lines);
	table_free(before);
	*before = table;
	if (fflush(stdout))
		status = report("cannot write to standard output: %s",
				strerror(errno));
	return status;
}

int top_command(int argc, char **argv)
{
	struct options options = { .delay = 2 };
	struct table before = { };
	uint64_t shown = 0;
	double last = 0;
	int status = parse(&options, argc, argv);

	while (!status) {
		double start = now();

		status = step(&before, shown ? start - last : 0);
		last = start;
		if (++shown == options.count)
			break;
		if (!status)
			wait_for(options.delay);
	}
	table_free(&before);
	return status;
}
