/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test harness in a few macros, because the same suites are compiled for
 * Windows, too, where the kernel's harness is not to be had. Prints KTAP.
 *
 *	TEST(what_it_shows)
 *	{
 *		HANDLE slot = server("name", 0, 0);
 *
 *		FAILS(ReadFile(...), ERROR_SEM_TIMEOUT);
 *		CloseHandle(slot);
 *	}
 *	TEST_MAIN
 */
#ifndef _WIN32_TEST_H
#define _WIN32_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#else
#include <sys/syscall.h>

#include <mailslot/win32/windows.h>
#endif

#ifndef ERROR_REMOTE_MAILSLOTS_DEPRECATED
#define ERROR_REMOTE_MAILSLOTS_DEPRECATED	3025
#endif

struct test {
	const char *name;
	void (*run)(void);
	struct test *next;
};

static struct test *tests, **tests_tail = &tests;
static int test_count, failures;

#define TEST(test_name)							\
	static void test_name(void);					\
	static void __attribute__((constructor)) add_##test_name(void)	\
	{								\
		static struct test test = { #test_name, test_name, NULL }; \
									\
		*tests_tail = &test;					\
		tests_tail = &test.next;				\
		test_count++;						\
	}								\
	static void test_name(void)

static inline void expect(int ok, const char *what, const char *file, int line)
{
	if (ok)
		return;
	printf("# %s:%d: %s\n", file, line, what);
	failures++;
}

static inline void expect_is(long long got, long long wanted, const char *what,
			     const char *file, int line)
{
	if (got == wanted)
		return;
	printf("# %s:%d: %s is %lld (0x%llx), wanted %lld\n", file, line, what,
	       got, got, wanted);
	failures++;
}

/* OK() - the expression is true */
#define OK(expression)	expect(!!(expression), #expression, __FILE__, __LINE__)

/* IS() - the expression has a value */
#define IS(expression, wanted)						\
	expect_is((long long)(expression), (long long)(wanted),		\
		  #expression, __FILE__, __LINE__)

/* FAILS() - the call returns FALSE, and says this error */
#define FAILS(call, error)						\
	do {								\
		SetLastError(0xdead);					\
		expect(!(call), #call " fails", __FILE__, __LINE__);	\
		expect_is(GetLastError(), error, "error of " #call,	\
			  __FILE__, __LINE__);				\
	} while (0)

/* NO_HANDLE() - the call returns no handle, and says this error */
#define NO_HANDLE(call, error)						\
	FAILS((call) != INVALID_HANDLE_VALUE, error)

static inline int run_test(const struct test *test, int number)
{
	failures = 0;
	test->run();
	printf("%sok %d %s\n", failures ? "not " : "", number, test->name);
	fflush(stdout);
	return !!failures;
}

/* All tests; the one that is named; or, with --list, their names. */
static inline int run_tests(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	int list = only && !strcmp(only, "--list");
	const struct test *test;
	int number = 0, failed = 0;

	if (!only)
		printf("KTAP version 1\n1..%d\n", test_count);
	for (test = tests; test; test = test->next) {
		if (list)
			printf("%s\n", test->name);
		else if (!only || !strcmp(only, test->name))
			failed += run_test(test, ++number);
	}
	return failed || (!number && !list);
}

#define TEST_MAIN							\
	int main(int argc, char **argv)					\
	{								\
		return run_tests(argc, argv);				\
	}

#define SLOT(name)	"\\\\.\\mailslot\\win32\\" name

/* A server of SLOT(name). Without one no test can go on. */
static inline HANDLE server_of(const char *path, DWORD max, DWORD timeout)
{
	HANDLE slot = CreateMailslotA(path, max, timeout, NULL);

	if (slot == INVALID_HANDLE_VALUE) {
		printf("Bail out! CreateMailslot(%s): error %u\n", path,
		       (unsigned int)GetLastError());
		exit(1);
	}
	return slot;
}

#define server(name, max, timeout)	server_of(SLOT(name), max, timeout)

static inline HANDLE client_of(const char *path)
{
	return CreateFileA(path, GENERIC_WRITE,
			   FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
			   OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
}

#define client(name)	client_of(SLOT(name))

/* Writes a string as a message, and expects it to arrive. */
static inline void send_text(HANDLE file, const char *text)
{
	DWORD count = 77;

	OK(WriteFile(file, text, (DWORD)strlen(text), &count, NULL));
	IS(count, strlen(text));
}

/* Reads a message, and expects it to be this string. */
static inline void expect_text(HANDLE slot, const char *text)
{
	char buf[1024] = "";
	DWORD count = 77;

	OK(ReadFile(slot, buf, sizeof(buf), &count, NULL));
	IS(count, strlen(text));
	OK(!memcmp(buf, text, strlen(text)));
}

static inline DWORD message_count(HANDLE slot)
{
	DWORD count = 77;

	OK(GetMailslotInfo(slot, NULL, NULL, &count, NULL));
	return count;
}

/* How long a test may wait for what must come, and how long the clock stands
 * still between two ticks; in milliseconds.
 */
#ifdef _WIN32
#define SOON	3000
#define TICK	16
#else
#define SOON	60000
#define TICK	1
#endif

/* Waits until a thread that calls ReadFile() waits in it. */
static inline void until_it_reads(DWORD thread_id)
{
#ifdef _WIN32
	/* Windows does not tell. */
	(void)thread_id;
	Sleep(300);
#else
	char path[64], line[64] = "running";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%u/syscall", thread_id);
	while (strtol(line, NULL, 10) != SYS_read || line[0] == 'r') {
		Sleep(1);
		file = fopen(path, "r");
		if (!file || !fgets(line, sizeof(line), file))
			strcpy(line, "running");
		if (file)
			fclose(file);
	}
#endif
}

/* A read in a thread of its own. */
struct reader {
	HANDLE slot, thread;
	DWORD id, len, count, error, elapsed;
	BOOL ok;
	char buf[64];
};

static inline DWORD WINAPI read_in_thread(LPVOID parameter)
{
	struct reader *reader = (struct reader *)parameter;
	DWORD start = GetTickCount();

	reader->count = 77;
	SetLastError(0xdead);
	reader->ok = ReadFile(reader->slot, reader->buf, reader->len,
			      &reader->count, NULL);
	reader->error = GetLastError();
	reader->elapsed = GetTickCount() - start;
	return 0;
}

static inline void start_reader(struct reader *reader, HANDLE slot, DWORD len)
{
	memset(reader, 0, sizeof(*reader));
	reader->slot = slot;
	reader->len = len;
	reader->thread = CreateThread(NULL, 0, read_in_thread, reader, 0,
				      &reader->id);
	OK(reader->thread);
	until_it_reads(reader->id);
}

static inline void join_reader(struct reader *reader)
{
	IS(WaitForSingleObject(reader->thread, SOON), WAIT_OBJECT_0);
	OK(CloseHandle(reader->thread));
}

#endif /* _WIN32_TEST_H */
