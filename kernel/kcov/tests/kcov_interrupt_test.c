// SPDX-License-Identifier: GPL-2.0
/*
 * The core in user space, interrupted at each place where a task changes what the callbacks
 * read: by interrupt code that is traced before preempt_count says so, and by a softirq with a
 * remote section.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "driver.h"

#define WORDS	(1 << 14)
#define COMMON	5
#define ENTRY	90 /* PCs of the interrupt, before the softirq and in it */
#define SOFTIRQ 91

static unsigned int interrupts;

static void interrupt(void)
{
	unsigned long ip = shim_ip;

	interrupts++;
	execute(ENTRY);
	execute((unsigned long)_stext + ENTRY);
	execute_in(SHIM_HARDIRQ, 99);
	section(SHIM_SOFTIRQ, COMMON, SOFTIRQ);
	shim_context = SHIM_SOFTIRQ;
	kcov_remote_start(77);
	kcov_remote_stop();
	kcov_remote_stop();
	shim_context = SHIM_TASK;
	shim_ip = ip;
}

static void entry(void)
{
	unsigned long ip = shim_ip;

	execute(ENTRY);
	execute((unsigned long)_stext + ENTRY);
	shim_ip = ip;
}

/* A task uses a trace, a set, both ends of remote coverage, and a child. */
static void work(int trace, int set, int remote)
{
	struct task_struct *child;

	assert_int_equal(kcov_number(trace, KCOV_ENABLE, KCOV_TRACE_PC), 0);
	execute(1);
	kcov_remote_start(COMMON + 1);
	execute(2);
	kcov_remote_stop();
	execute(3);
	assert_int_equal(remote_enable(remote, KCOV_TRACE_PC, 16, COMMON + 2, 0, 0), 0);
	execute(4);
	assert_int_equal(kcov_number(trace, KCOV_DISABLE, 0), 0);
	assert_int_equal(kcov_number(set, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT), 0);
	execute(5);
	child = task_fork();
	assert_int_equal(kcov_number(remote, KCOV_DISABLE, 0), 0);
	kcov_task_exit(current);
	assert_true(!current->kcov && !current->kcov_mode && !current->kcov_softirq);
	task_end(child);
}

/* Compares after dropping the PCs of interrupts. */
static void assert_own(const unsigned long *area, const unsigned long *pcs, unsigned int count)
{
	unsigned int n = 0;

	for (unsigned long i = 1; i <= area[0]; i++) {
		if (area[i] == ENTRY || area[i] == (unsigned long)_stext + ENTRY)
			continue;
		assert_in_range(n, 0, count - 1);
		assert_int_equal(area[i], pcs[n++]);
	}
	assert_int_equal(n, count);
}

static void test_softirqs_anywhere(void **state)
{
	struct task_struct owner = { 0 }, task = { 0 };
	unsigned long *softirq, *section, *local, *unused;
	int remote = trace_open(WORDS, &softirq), second = trace_open(WORDS, &section);
	int trace = trace_open(WORDS, &local), third = trace_open(WORDS, &unused);
	struct task_struct owner2 = { 0 };
	struct set set;

	(void)state;
	set_open(&set, 16);
	current = &owner;
	assert_int_equal(remote_enable(remote, KCOV_TRACE_PC, 16, COMMON, 0, 0), 0);
	current = &owner2;
	assert_int_equal(remote_enable(second, KCOV_TRACE_PC, 1000, COMMON + 1, 0, 0), 0);
	current = &task;
	shim_interrupt = interrupt;
	work(trace, set.fd, third);
	shim_interrupt = NULL;

	assert_in_range(interrupts, 50, WORDS - 2);
	assert_int_equal(softirq[0], interrupts);
	for (unsigned int i = 1; i <= interrupts; i++)
		assert_int_equal(softirq[i], SOFTIRQ);
	assert_own(local, (unsigned long[]){ 1, 3, 4 }, 3);
	assert_own(section, (unsigned long[]){ 2 }, 1);
	assert_true(set_has(&set, 5));
	assert_false(set_has(&set, SOFTIRQ) || set_has(&set, 99) || set_has(&set, 1));
	current = &owner;
	kcov_task_exit(current);
	current = &owner2;
	kcov_task_exit(current);
}

/* No softirq updates the fields before this code reads them, and no area has room. */
static void test_entry_anywhere(void **state)
{
	struct task_struct task = { 0 };
	unsigned long *area, *unused;
	int trace = trace_open(WORDS, &area), remote = trace_open(WORDS, &unused);
	struct set set;

	(void)state;
	set_open(&set, 1);
	current = &task;
	area[0] = WORDS;
	shim_interrupt = entry;
	work(trace, set.fd, remote);
	shim_interrupt = NULL;
	assert_int_equal(area[0], WORDS);
	assert_in_range(stats_of(trace).dropped_pcs, 10, WORDS);
	assert_in_range(stats_of(set.fd).dropped_pcs, 1, WORDS);
	assert_int_equal(unused[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_softirqs_anywhere),
		cmocka_unit_test(test_entry_anywhere),
	};

	if (shim_initcall())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
