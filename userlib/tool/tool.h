/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the command mailslot share. */
#ifndef _MAILSLOT_TOOL_H
#define _MAILSLOT_TOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <mailslot.h>

/* The compiler checks the arguments against the format. */
#define __printf(a, b) __attribute__(( \
	__format__(__printf__, a, b)))

/** EXIT_USAGE - exit status of a call that was not understood */
#define EXIT_USAGE	2

/* report.c */
__printf(2, 3)
int usage_error(const char *command, const char *format, ...);
int need_operands(const char *command, int have, int least, int most);
__printf(1, 2)
int report(const char *format, ...);
int report_create(const char *name);
int report_open(const char *name);
int report_write(const char *name);

/* number.c */
int parse_number(const char *text, uint64_t most, uint64_t *number);
int parse_size(const char *text, uint64_t most, uint64_t *size);
int parse_mode(const char *text, mode_t *mode);
const char *human_size(uint64_t bytes, char text[8]);

/* format.c */
void put_text(FILE *out, const void *data, size_t len, bool safe);
void put_hex(FILE *out, const void *data, size_t len);
void put_json_string(FILE *out, const void *data, size_t len);
void put_json_data(FILE *out, const void *data, size_t len, bool hex);
void put_json_time(FILE *out, uint64_t realtime_ns);

/* buffer.c */

/**
 * struct buffer - bytes that grow
 * @data: The bytes; NULL before the first.
 * @len: How many there are.
 * @size: How many there is room for.
 */
struct buffer {
	char *data;
	size_t len;
	size_t size;
};

int buffer_reserve(struct buffer *buffer, size_t size);
int buffer_read(struct buffer *buffer, FILE *in, int end, size_t most);

/* table.c */

/** TABLE_PATH - where the kernel lists the slots of this network namespace */
#define TABLE_PATH	"/proc/net/mailslot"

/**
 * struct row - a slot as the kernel lists it
 * @name: In the spelling of its creator.
 * @info: State and counters.
 * @uid: Who created it.
 * @mode: Permission bits.
 */
struct row {
	char *name;
	struct mailslot_info info;
	unsigned int uid;
	unsigned int mode;
};

/**
 * struct table - all slots, sorted by name
 * @rows: The slots.
 * @count: How many there are.
 */
struct table {
	struct row *rows;
	size_t count;
};

int table_parse(struct table *table, FILE *in);
int table_read(struct table *table);
const struct row *table_find(const struct table *table, const char *name);
void table_free(struct table *table);
uint64_t dropped(const struct mailslot_info *info);

/* info.c */
void put_json_members(FILE *out, const struct row *row);

/* The commands. argv[0] is "mailslot COMMAND"; each returns an exit status. */
int recv_command(int argc, char **argv);
int send_command(int argc, char **argv);
int list_command(int argc, char **argv);
int info_command(int argc, char **argv);
int top_command(int argc, char **argv);
int resolve_command(int argc, char **argv);

extern const char recv_help[];
extern const char send_help[];
extern const char list_help[];
extern const char info_help[];
extern const char top_help[];
extern const char resolve_help[];

#endif /* _MAILSLOT_TOOL_H */
