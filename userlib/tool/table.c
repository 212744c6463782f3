// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's table of all slots, /proc/net/mailslot. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* Fields of a line between the word "slot" and the name. */
#define FIELDS	12

/*
 * Takes the line without its newline. The name is all that follows the single
 * space behind the mode: it may hold, and begin with, further spaces.
 */
static int parse_row(struct row *row, const char *line)
{
	struct mailslot_info *info = &row->info;
	int at = 0;

	*row = (struct row) { .name = NULL };
	if (sscanf(line, "slot %" SCNu32 " %" SCNu32 " %" SCNu32 " %" SCNu64
		   " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
		   " %" SCNx32 " %u %o%n",
		   &info->max_message_size, &info->read_timeout_ms,
		   &info->message_count, &info->queued_bytes, &info->delivered,
		   &info->dropped_too_long, &info->dropped_queue_full,
		   &info->dropped_user_quota, &info->dropped_no_memory,
		   &info->flags, &row->uid, &row->mode, &at) != FIELDS ||
	    line[at] != ' ' || !line[at + 1]) {
		errno = EPROTO;
		return -1;
	}
	row->name = strdup(line + at + 1);
	return row->name ? 0 : -1;
}

static int add_row(struct table *table, const char *line)
{
	struct row *rows;

	/* Room doubles whenever the count reaches a power of two. */
	if (!(table->count & (table->count - 1))) {
		rows = realloc(table->rows, sizeof(*rows) *
			       (table->count ? table->count * 2 : 1));
		if (!rows)
			return -1;
		table->rows = rows;
	}
	if (parse_row(&table->rows[table->count], line))
		return -1;
	table->count++;
	return 0;
}

static int compare_rows(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->name,
		      ((const struct row *)b)->name);
}

/**
 * table_parse() - read the table from an open file
 * @table: Answer, to be freed with table_free().
 * @in: The file. Lines that tell of other things than slots are passed over.
 *
 * Return: 0; or -1 and errno, EPROTO when a line makes no sense.
 */
int table_parse(struct table *table, FILE *in)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int ret = 0;

	*table = (struct table) { .rows = NULL };
	while (!ret && (len = getline(&line, &size, in)) >= 0) {
		if (len && line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (!strncmp(line, "slot ", 5))
			ret = add_row(table, line);
	}
	free(line);
	if (ret || ferror(in)) {
		table_free(table);
		return -1;
	}
	if (table->count)
		qsort(table->rows, table->count, sizeof(*table->rows),
		      compare_rows);
	return 0;
}

/**
 * table_read() - read the kernel's table, and say so when that fails
 * @table: Answer, to be freed with table_free().
 *
 * Return: 0, or the exit status.
 */
int table_read(struct table *table)
{
	FILE *in = fopen(TABLE_PATH, "re");
	int ret;

	if (!in && errno == ENOENT)
		return report("no " TABLE_PATH ": the kernel has no mailslots; "
			      "try as root: modprobe mailslot");
	if (!in)
		return report("cannot open " TABLE_PATH ": %s",
			      strerror(errno));
	ret = table_parse(table, in);
	if (ret)
		ret = report("cannot read " TABLE_PATH ": %s",
			     strerror(errno));
	fclose(in);
	return ret;
}

/**
 * table_find() - find a slot by its name
 * @table: The table.
 * @name: The name, in the spelling of its creator.
 *
 * Return: the slot, or NULL.
 */
const struct row *table_find(const struct table *table, const char *name)
{
	struct row key = { .name = (char *)name };

	if (!table->count)
		return NULL;
	return bsearch(&key, table->rows, table->count, sizeof(key),
		       compare_rows);
}

/**
 * table_free() - free what table_read() made
 * @table: The table.
 */
void table_free(struct table *table)
{
	while (table->count)
		free(table->rows[--table->count].name);
	free(table->rows);
	table->rows = NULL;
}

/**
 * dropped() - how many messages a slot refused, for any reason
 * @info: Of the slot.
 *
 * Return: the sum.
 */
uint64_t dropped(const struct mailslot_info *info)
{
	return info->dropped_too_long + info->dropped_queue_full +
	       info->dropped_user_quota + info->dropped_no_memory;
}
