/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a case consists of, and what it may use.
 *
 * A case is one line in a list: its name, the kernels that it holds for, and either a script
 * (script.h) or a function. It runs in a process of its own, with a time limit. This process leads
 * a process group, which is killed when the case has ended. Messages of fail() are printed after
 * the line of the case, as diagnostics; one fail() is enough for "not ok".
 */
#ifndef KCOV_CONFORMANCE_SUITE_H
#define KCOV_CONFORMANCE_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum kernels {
	BOTH,
	STOCK, /* a listed difference: only 6.12 behaves so */
	OURS,  /* a listed difference, or something only ours has */
};

struct test_case {
	const char *name;
	enum kernels kernels;
	const char *script;
	void (*run)(void);
};

/* Each list ends with a case without a name. */
extern const struct test_case ioctl_cases[], mmap_cases[], record_cases[], compare_cases[],
	task_cases[], remote_cases[], section_cases[], lifetime_cases[], set_cases[], stats_cases[],
	inherit_cases[], inherit_fail_cases[], context_cases[], system_cases[], compat_cases[];

/* The kernel has our kernel side. */
extern bool is_ours;

/* runner.c. Prints one line of TAP, and below it what the case said. */
void case_run(const struct test_case *test);
/* Totals of all cases so far, and the exit status that follows from them. */
struct totals {
	unsigned int passed, failed, skipped;
};
extern struct totals totals;
int totals_print(void);
double seconds(void);

/* Time limits are multiplied by this: KCOV_SLOWNESS, or 1. */
unsigned int slowness(void);

void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Calls fail() and ends the case, or the task of the case that calls it. */
void quit(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* Only for what the system under test cannot have. */
void skip(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

const char *errno_name(int error);
/* Returns whether the two are the same. */
bool expect_errno(int actual, int expected, const char *what);
bool expect_equal(uint64_t actual, uint64_t expected, const char *what);
bool expect_between(uint64_t actual, uint64_t low, uint64_t high, const char *what);
bool expect_true(bool condition, const char *what);

/*
 * Starts a process of the case. It runs the function and exits, with success if fail() was not
 * called.
 */
pid_t task_start(void (*run)(void *), void *argument);
/* Waits for it; it must exit with success. */
void task_wait(pid_t pid);
void task_run(void (*run)(void *), void *argument);

/* Waits some seconds until the condition is true. */
bool wait_until(bool (*condition)(void *), void *argument);

/* One task waits here until another one opens the gate. */
struct gate {
	int fds[2];
};
void gate_init(struct gate *gate);
void gate_open(struct gate *gate);
void gate_wait(struct gate *gate);

/* Replaces the calling process by the suite's program with these arguments (helper.c). */
void helper_exec(const char *what, const char *argument) __attribute__((noreturn));
int helper_main(int argc, char **argv);

#endif
