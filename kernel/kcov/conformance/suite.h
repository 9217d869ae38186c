/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a case is made of, and what it may use.
 *
 * A case is one line in a list: name, the kernels that it is true of, and either a script
 * (script.h) or a function. It runs in a process of its own, as the leader of a process group that
 * is killed after it, with a limit in time. What it says with fail() goes behind its line, as
 * diagnostics; one fail() is enough for "not ok".
 */
#ifndef KCOV_CONFORMANCE_SUITE_H
#define KCOV_CONFORMANCE_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum kernels {
	BOTH,
	STOCK, /* a listed difference: what 6.12 does */
	OURS,  /* a listed difference, or what only we have */
};

struct test_case {
	const char *name;
	enum kernels kernels;
	const char *script;
	void (*run)(void);
};

/* Each ends with a case without name. */
extern const struct test_case ioctl_cases[], mmap_cases[], record_cases[], compare_cases[],
	task_cases[], remote_cases[], section_cases[], lifetime_cases[], set_cases[], stats_cases[],
	inherit_cases[], inherit_fail_cases[], compat_cases[];

/* The kernel is ours. */
extern bool is_ours;

/* runner.c. One line of TAP, and below it what the case said. */
void case_run(const struct test_case *test);
/* All of them until now, and what the program ends with. */
struct totals {
	unsigned int passed, failed, skipped;
};
extern struct totals totals;
int totals_print(void);
double seconds(void);

/* How many times as much time as otherwise: KCOV_SLOWNESS, or 1. */
unsigned int slowness(void);

void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* fail(), and the case or the task of it that calls ends. */
void quit(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* Only for what cannot be there. */
void skip(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

const char *errno_name(int error);
/* Were they the same? */
bool expect_errno(int actual, int expected, const char *what);
bool expect_equal(uint64_t actual, uint64_t expected, const char *what);
bool expect_between(uint64_t actual, uint64_t low, uint64_t high, const char *what);
bool expect_true(bool condition, const char *what);

/* A process of the case: it runs the function and exits, with success if there was no fail(). */
pid_t task_start(void (*run)(void *), void *argument);
/* It must have had success. */
void task_wait(pid_t pid);
void task_run(void (*run)(void *), void *argument);

/* Wait until the condition is true, for some seconds. */
bool wait_until(bool (*condition)(void *), void *argument);

/* Something that one task waits for until another one did it. */
struct gate {
	int fds[2];
};
void gate_init(struct gate *gate);
void gate_open(struct gate *gate);
void gate_wait(struct gate *gate);

/* The program of the suite with these arguments, in place of the calling process (helper.c). */
void helper_exec(const char *what, const char *argument) __attribute__((noreturn));
int helper_main(int argc, char **argv);

#endif
