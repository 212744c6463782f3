/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few words of KUnit that the suites here use, for a program that prints
 * TAP: the same tests then run in seconds in user space, under the address and
 * undefined-behaviour sanitizers. In the kernel this is <kunit/test.h>.
 */
#ifndef _KUNIT_TAP_H
#define _KUNIT_TAP_H

#ifdef __KERNEL__

#include <kunit/test.h>
#include <linux/module.h>

#else

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define GFP_KERNEL 0
#define TAP_ALLOCATIONS 1024

struct kunit {
	bool failed;
	unsigned int allocations;
	void *allocation[TAP_ALLOCATIONS];
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(function) { .run_case = function, .name = #function }

/* Of the exact size, so that one byte read too far is found. */
static inline void *kunit_kmalloc(struct kunit *test, size_t size, int flags)
{
	void *memory = malloc(size);

	(void)flags;
	if (!memory || test->allocations == TAP_ALLOCATIONS)
		abort();
	test->allocation[test->allocations++] = memory;
	return memory;
}

static inline void tap_expect(struct kunit *test, bool met, const char *where,
			      const char *format, ...)
{
	va_list arguments;

	if (met)
		return;
	test->failed = true;
	printf("# %s: ", where);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

#define TAP_TEXT_OF(number) #number
#define TAP_TEXT(number) TAP_TEXT_OF(number)
#define TAP_WHERE __FILE__ ":" TAP_TEXT(__LINE__)

#define KUNIT_EXPECT_TRUE_MSG(test, condition, ...) \
	tap_expect(test, condition, TAP_WHERE ": " #condition, __VA_ARGS__)
#define KUNIT_EXPECT_FALSE_MSG(test, condition, ...) \
	tap_expect(test, !(condition), TAP_WHERE ": " #condition, __VA_ARGS__)
#define KUNIT_EXPECT_TRUE(test, condition) \
	KUNIT_EXPECT_TRUE_MSG(test, condition, "is false")
#define KUNIT_EXPECT_FALSE(test, condition) \
	KUNIT_EXPECT_FALSE_MSG(test, condition, "is true")
#define KUNIT_EXPECT_EQ_MSG(test, left, right, format, ...) do { \
	long long left_ = (long long)(left); \
	long long right_ = (long long)(right); \
	\
	tap_expect(test, left_ == right_, TAP_WHERE ": " #left " == " #right, \
		   "%lld, %lld; " format, left_, right_, ##__VA_ARGS__); \
} while (0)
#define KUNIT_EXPECT_EQ(test, left, right) \
	KUNIT_EXPECT_EQ_MSG(test, left, right, "not equal")
#define KUNIT_EXPECT_NE(test, left, right) \
	tap_expect(test, (left) != (right), \
		   TAP_WHERE ": " #left " != " #right, "equal")
#define KUNIT_ASSERT_NOT_NULL(test, pointer) \
	KUNIT_EXPECT_TRUE(test, (pointer))

static inline void tap_run(struct kunit_case *run, struct kunit *test)
{
	unsigned int i;

	test->failed = false;
	test->allocations = 0;
	run->run_case(test);
	for (i = 0; i < test->allocations; i++)
		free(test->allocation[i]);
}

extern struct kunit_suite *tap_suite;

int main(void)
{
	static struct kunit test;
	struct kunit_case *run;
	int number = 0, failed = 0;

	for (run = tap_suite->test_cases; run->run_case; run++)
		number++;
	printf("TAP version 13\n1..%d\n", number);
	number = 0;
	for (run = tap_suite->test_cases; run->run_case; run++) {
		tap_run(run, &test);
		failed += test.failed;
		printf("%sok %d - %s.%s\n", test.failed ? "not " : "",
		       ++number, tap_suite->name, run->name);
	}
	return failed ? 1 : 0;
}

#define kunit_test_suite(suite) struct kunit_suite *tap_suite = &(suite)

#define MODULE_DESCRIPTION(text) struct kunit
#define MODULE_LICENSE(text) struct kunit

#endif /* __KERNEL__ */

#endif /* _KUNIT_TAP_H */
