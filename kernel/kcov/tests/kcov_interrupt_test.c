// SPDX-License-Identifier: GPL-2.0
/*
 * The core in user space, interrupted at each place where a task changes what the callbacks
 * read: by interrupt code that is traced before preempt_count says so, and by softirqs with a
 * remote section or a context.
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
	task_exit(current);
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
	task_exit(current);
	current = &owner2;
	task_exit(current);
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

#define TEXT ((unsigned long)_stext)

static char objects[4];

/*
 * A softirq that runs the timer of another owner, and one without an owner. Each begins and ends
 * contexts on top of what the task is just changing.
 */
static void contexts_softirq(void)
{
	unsigned long ip = shim_ip;
	enum shim_context context = shim_context;

	interrupts++;
	execute(TEXT + ENTRY);
	execute_in(SHIM_HARDIRQ, TEXT + 99);
	softirq_raise(interrupts % 2);
	shim_context = SHIM_HARDIRQ;
	softirq_raise(2);
	shim_context = context;
	softirqs_run(false, TEXT + SOFTIRQ, NULL);
	shim_ip = ip;
}

/* A task of one owner does work of its own and of another, dies in it, or only ends. */
static void contexts_work(int fd, unsigned int round)
{
	struct task_struct *child;
	struct kcov kcov;

	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT), 0);
	execute(TEXT + 1);
	kcov_object_queued(&objects[round % 4]);
	kcov_blank_begin(&kcov);
	execute(TEXT + 2);
	kcov_context_end(&kcov);
	kcov_work_begin(&kcov, kcov_object_taken(&objects[round % 4]));
	execute(TEXT + 3);
	child = task_fork();
	section(SHIM_TASK, COMMON, TEXT + 4);
	if (round % 2)
		kcov_context_end(&kcov);
	execute(TEXT + 5 - round % 2 * 4);
	task_exit(current);
	assert_true(!current->kcov && !current->kcov_mode && !current->kcov_softirq);
	task_end(child);
}

static void test_contexts_anywhere(void **state)
{
	struct task_struct owner = { 0 }, task = { 0 };
	struct set set, contexts[KCOV_NR_CONTEXTS], remote;

	(void)state;
	set_open(&remote, 16);
	current = &owner;
	assert_int_equal(remote_enable(remote.fd, KCOV_TRACE_SET, 0, COMMON, 0, 0), 0);
	current = &task;
	set_open(&set, 16);
	for (int i = 1; i < KCOV_NR_CONTEXTS; i++) {
		set_open(&contexts[i], 16);
		assert_int_equal(context_add(set.fd, i, contexts[i].fd), 0);
	}
	interrupts = 0;
	for (unsigned int round = 0; round < 8; round++) {
		shim_interrupt = contexts_softirq;
		contexts_work(set.fd, round);
		shim_interrupt = NULL;
	}
	assert_in_range(interrupts, 100, 10000);
	assert_true(set_has(&set, TEXT + 1));
	assert_true(set_has(&contexts[KCOV_CONTEXT_WORK], TEXT + 3) &&
		    set_has(&contexts[KCOV_CONTEXT_WORK], TEXT + 5));
	assert_true(set_has(&remote, TEXT + 4));
	assert_true(set_has(&contexts[KCOV_CONTEXT_SOFTIRQ], TEXT + SOFTIRQ) &&
		    set_has(&contexts[KCOV_CONTEXT_SOFTIRQ], TEXT + SOFTIRQ + 1));
	assert_true(set_has(&contexts[KCOV_CONTEXT_INTERRUPT], TEXT + SOFTIRQ + 2));
	assert_false(set_has(&contexts[KCOV_CONTEXT_SOFTIRQ], TEXT + SOFTIRQ + 2));
	for (unsigned long pc = TEXT + 1; pc <= TEXT + 5; pc++)
		assert_false(set_has(&contexts[KCOV_CONTEXT_SOFTIRQ], pc) ||
			     set_has(&contexts[KCOV_CONTEXT_INTERRUPT], pc));
	for (unsigned long pc = TEXT + 2; pc <= TEXT + 5; pc++)
		assert_false(set_has(&set, pc));
	for (unsigned long pc = TEXT + SOFTIRQ; pc <= TEXT + SOFTIRQ + 2; pc++)
		assert_false(set_has(&set, pc) || set_has(&remote, pc) ||
			     set_has(&contexts[KCOV_CONTEXT_WORK], pc));
	current = &owner;
	task_exit(current);
	for (int i = 1; i < KCOV_NR_CONTEXTS; i++)
		assert_int_equal(stats_of(contexts[i].fd).tasks, 0);
}

/* Nothing has room, and some of what begins records nothing. */
static void test_entry_in_contexts(void **state)
{
	struct task_struct task = { 0 };
	struct set owner, context;
	unsigned long *area;
	int trace = trace_open(WORDS, &area);
	struct kcov kcov;

	(void)state;
	set_open(&owner, 1);
	set_open(&context, 1);
	assert_int_equal(context_add(owner.fd, KCOV_CONTEXT_KTHREAD, context.fd), 0);
	current = &task;
	for (int set = 0; set < 2; set++) {
		area[0] = WORDS;
		assert_int_equal(kcov_number(set ? owner.fd : trace, KCOV_ENABLE,
					     set ? KCOV_TRACE_SET : KCOV_TRACE_PC),
				 0);
		execute(1);
		shim_interrupt = entry;
		kcov_blank_begin(&kcov);
		kcov_context_end(&kcov);
		kcov_object_queued(&objects[0]);
		work_run(&objects[0], 2, NULL);
		softirq_raise(1);
		softirqs_run(false, 3, NULL);
		shim_interrupt = NULL;
		task_exit(&task);
	}
	assert_in_range(stats_of(trace).dropped_pcs, 2, WORDS);
	assert_in_range(stats_of(owner.fd).dropped_pcs, 1, WORDS);
}

static void nmi(void)
{
	enum shim_context old = shim_context;

	shim_context = SHIM_NMI;
	kcov_object_taken(&objects[1]);
	shim_context = old;
}

/* perf adds task work to the current task in an NMI, anywhere. */
static void test_nmi(void **state)
{
	struct task_struct task = { 0 }, worker = { 0 };
	struct set set, work;

	(void)state;
	set_open(&set, 16);
	set_open(&work, 16);
	assert_int_equal(context_add(set.fd, KCOV_CONTEXT_WORK, work.fd), 0);
	current = &task;
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SET), 0);
	kcov_object_queued(&objects[2]);
	shim_nmi = nmi;
	kcov_object_queued(&objects[1]);
	shim_nmi = NULL;
	assert_int_equal(stats_of(work.fd).tasks, 2);
	nmi();
	assert_int_equal(stats_of(work.fd).tasks, 1);
	current = &worker;
	work_run(&objects[1], TEXT + 1, NULL);
	work_run(&objects[2], TEXT + 2, NULL);
	task_exit(&task);
	assert_false(set_has(&work, TEXT + 1));
	assert_true(set_has(&work, TEXT + 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_softirqs_anywhere),
		cmocka_unit_test(test_entry_anywhere),
		cmocka_unit_test(test_contexts_anywhere),
		cmocka_unit_test(test_entry_in_contexts),
		cmocka_unit_test(test_nmi),
	};

	if (shim_initcall())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
