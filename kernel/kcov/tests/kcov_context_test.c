// SPDX-License-Identifier: GPL-2.0
/* Contexts of sets, one thread: what is recorded in which set, and what is counted as lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "driver.h"

#define TEXT ((unsigned long)_stext)
#define TASK 0
#define NO   -1

/* By context; that of the tasks is at TASK. */
static struct set sets[KCOV_NR_CONTEXTS];
static char objects[100];

static void open_sets(unsigned int contexts)
{
	for (unsigned int i = 0; i < KCOV_NR_CONTEXTS; i++) {
		set_open(&sets[i], 16);
		if (i && contexts & 1U << i)
			assert_int_equal(context_add(sets[TASK].fd, i, sets[i].fd), 0);
	}
}

static void enable(void)
{
	assert_int_equal(kcov_number(sets[TASK].fd, KCOV_ENABLE, KCOV_TRACE_SET), 0);
}

static int setup(void **state)
{
	driver_setup(state);
	open_sets(~0U);
	enable();
	return 0;
}

/* The PC is in this set and in no other one. */
static void assert_only_in(int context, unsigned long pc)
{
	for (int i = 0; i < KCOV_NR_CONTEXTS; i++)
		if (set_has(&sets[i], pc) != (i == context))
			fail_msg("set %d, PC %lu: expected in %d", i, pc - TEXT, context);
}

static u64 lost(unsigned int context)
{
	return stats_of(sets[context].fd).dropped_sections;
}

static u64 queued(void)
{
	return stats_of(sets[KCOV_CONTEXT_WORK].fd).tasks;
}

static void test_softirq(void **state)
{
	struct task_struct other = { 0 };

	(void)state;
	execute(TEXT + 99);
	/* On top of the task, of another one, and in ksoftirqd. */
	softirq_raise(3);
	softirqs_run(false, TEXT, NULL);
	execute(TEXT + 98);
	softirq_raise(4);
	softirq_raise(5);
	softirq_raise(4);
	current = &other;
	softirqs_run(false, TEXT, NULL);
	execute(TEXT + 97);
	current = &init_task;
	softirq_raise(6);
	current = &other;
	softirqs_run(true, TEXT, NULL);
	current = &init_task;
	for (int nr = 3; nr <= 6; nr++)
		assert_only_in(KCOV_CONTEXT_SOFTIRQ, TEXT + nr);
	assert_only_in(TASK, TEXT + 98);
	assert_only_in(TASK, TEXT + 99);
	assert_only_in(NO, TEXT + 97);
	assert_int_equal(lost(KCOV_CONTEXT_SOFTIRQ), 0);
}

static void in_hard_interrupts(void)
{
	execute_in(SHIM_HARDIRQ, TEXT + 90);
	execute_in(SHIM_NMI, TEXT + 91);
}

/* Raised for two: for the task, and by a hard interrupt or by another task. */
static void test_softirq_of_two(void **state)
{
	struct task_struct other = { 0 };

	(void)state;
	softirq_raise(1);
	shim_context = SHIM_HARDIRQ;
	softirq_raise(1);
	softirq_raise(2);
	shim_context = SHIM_TASK;
	softirq_raise(2);
	softirq_raise(3);
	current = &other;
	softirq_raise(3);
	softirq_raise(4);
	softirqs_run(true, TEXT, in_hard_interrupts);
	for (int nr = 1; nr <= 4; nr++)
		assert_only_in(NO, TEXT + nr);
	assert_only_in(NO, TEXT + 90);
	current = &init_task;
	assert_int_equal(lost(KCOV_CONTEXT_SOFTIRQ), 3);
	/* That is over when it has run. */
	softirq_raise(3);
	softirqs_run(false, TEXT, in_hard_interrupts);
	assert_only_in(KCOV_CONTEXT_SOFTIRQ, TEXT + 3);
	assert_only_in(NO, TEXT + 90);
	assert_only_in(NO, TEXT + 91);
}

/* Each CPU has softirqs of its own, and the task may be elsewhere when they run. */
static void test_softirq_migration(void **state)
{
	struct task_struct other = { 0 };

	(void)state;
	softirq_raise(3);
	shim_cpu = 1;
	current = &other;
	softirq_raise(3);
	current = &init_task;
	softirqs_run(false, TEXT, NULL);
	assert_only_in(KCOV_CONTEXT_INTERRUPT, TEXT + 3);
	shim_cpu = 0;
	current = &other;
	softirqs_run(false, TEXT + 10, NULL);
	assert_only_in(KCOV_CONTEXT_SOFTIRQ, TEXT + 13);
	current = &init_task;
	assert_int_equal(lost(KCOV_CONTEXT_SOFTIRQ), 0);
}

static unsigned int specials;

/* An RCU section that was preempted ends in a hard interrupt, as rcu_read_unlock_special() does. */
static void unlock_special(void)
{
	enum shim_context old = shim_context;

	if (++specials > 4)
		abort();
	shim_context = SHIM_HARDIRQ;
	softirq_raise(9);
	shim_context = old;
}

static void test_softirq_of_rcu(void **state)
{
	struct task_struct other = { 0 };

	(void)state;
	softirq_raise(9);
	shim_unlock_special = unlock_special;
	current = &other;
	softirq_raise(9);
	current = &init_task;
	softirqs_run(false, TEXT, NULL);
	shim_unlock_special = NULL;
	assert_only_in(KCOV_CONTEXT_INTERRUPT, TEXT + 9);
	assert_int_equal(lost(KCOV_CONTEXT_SOFTIRQ), 1);
	softirqs_run(true, TEXT, NULL);
}

static void queue_in_softirq(void)
{
	kcov_object_queued(&objects[1]);
	softirq_raise(9);
	assert_int_equal(kcov_context_id(), 0);
}

static void queue_first(void)
{
	kcov_object_queued(&objects[1]);
	assert_int_not_equal(kcov_context_id(), 0);
}

static void test_interrupt(void **state)
{
	struct task_struct other = { 0 };

	(void)state;
	current = &other;
	softirq_raise(1);
	current = &init_task;
	softirqs_run(false, TEXT, queue_in_softirq);
	assert_only_in(KCOV_CONTEXT_INTERRUPT, TEXT + 1);
	/* What it queues is not attributed. */
	work_run(&objects[1], TEXT + 2, NULL);
	assert_only_in(NO, TEXT + 2);
	current = &other;
	softirqs_run(false, TEXT, NULL);
	assert_only_in(NO, TEXT + 9);
	/* What a softirq of the task queues is. */
	current = &init_task;
	softirq_raise(3);
	current = &other;
	softirqs_run(false, TEXT, queue_first);
	work_run(&objects[1], TEXT + 4, NULL);
	assert_only_in(KCOV_CONTEXT_WORK, TEXT + 4);
	current = &init_task;
	/* The task that ksoftirqd would be is recorded: that is not on top of it. */
	shim_context = SHIM_HARDIRQ;
	softirq_raise(5);
	shim_context = SHIM_TASK;
	softirqs_run(true, TEXT, NULL);
	assert_only_in(NO, TEXT + 5);
}

static void test_kthread(void **state)
{
	struct task_struct thread = { 0 }, second = { 0 }, *child;
	u64 id = kcov_context_id(), id2;

	(void)state;
	assert_int_not_equal(id, 0);
	current = &thread;
	assert_int_equal(kcov_context_id(), 0);
	kcov_thread_begin(id);
	execute(TEXT + 1);
	id2 = kcov_context_id();
	assert_int_equal(id2, id);
	kcov_object_queued(&objects[1]);
	child = task_fork();
	current = child;
	execute(TEXT + 2);
	current = &second;
	kcov_thread_begin(0);
	execute(TEXT + 3);
	kcov_thread_begin(id2);
	execute(TEXT + 4);
	work_run(&objects[1], TEXT + 5, NULL);
	assert_int_equal(stats_of(sets[KCOV_CONTEXT_KTHREAD].fd).tasks, 3);
	assert_int_equal(stats_of(sets[KCOV_CONTEXT_KTHREAD].fd).inherited_tasks, 3);
	task_exit(&second);
	execute(TEXT + 6);
	task_end(child);
	current = &thread;
	task_exit(&thread);
	current = &init_task;
	assert_int_equal(stats_of(sets[KCOV_CONTEXT_KTHREAD].fd).tasks, 0);
	assert_only_in(KCOV_CONTEXT_KTHREAD, TEXT + 1);
	assert_only_in(KCOV_CONTEXT_KTHREAD, TEXT + 2);
	assert_only_in(NO, TEXT + 3);
	assert_only_in(KCOV_CONTEXT_KTHREAD, TEXT + 4);
	assert_only_in(KCOV_CONTEXT_WORK, TEXT + 5);
	assert_only_in(NO, TEXT + 6);
}

static void queue_second(void)
{
	kcov_object_queued(&objects[2]);
}

static void test_work(void **state)
{
	struct task_struct worker = { 0 };

	(void)state;
	kcov_object_queued(&objects[1]);
	assert_int_equal(queued(), 1);
	kcov_object_queued(&objects[1]);
	assert_int_equal(queued(), 1);
	current = &worker;
	work_run(&objects[1], TEXT + 1, queue_second);
	execute(TEXT + 2);
	work_run(&objects[1], TEXT + 3, NULL);
	work_run(&objects[2], TEXT + 4, NULL);
	assert_int_equal(queued(), 0);
	/* The task goes on as itself after the work of others that it runs. */
	current = &init_task;
	work_run(&objects[3], TEXT + 5, NULL);
	execute(TEXT + 6);
	kcov_object_queued(&objects[1]);
	work_run(&objects[1], TEXT + 7, NULL);
	assert_only_in(KCOV_CONTEXT_WORK, TEXT + 1);
	assert_only_in(NO, TEXT + 2);
	assert_only_in(NO, TEXT + 3);
	assert_only_in(KCOV_CONTEXT_WORK, TEXT + 4);
	assert_only_in(NO, TEXT + 5);
	assert_only_in(TASK, TEXT + 6);
	assert_only_in(KCOV_CONTEXT_WORK, TEXT + 7);
	assert_int_equal(lost(KCOV_CONTEXT_WORK), 0);
}

/* Queued again before it runs, by another task; and cancelled, freed, and something else there. */
static void test_work_again(void **state)
{
	struct task_struct other = { 0 };

	(void)state;
	for (int again = 0; again < 2; again++) {
		kcov_object_queued(&objects[1]);
		assert_int_equal(queued(), 1);
		current = &other;
		kcov_object_queued(&objects[1]);
		assert_int_equal(queued(), 0);
		work_run(&objects[1], TEXT + 1, NULL);
		current = &init_task;
	}
	kcov_object_queued(&objects[1]);
	kcov_object_taken(&objects[1]);
	work_run(&objects[1], TEXT + 1, NULL);
	assert_only_in(NO, TEXT + 1);
	current = &other;
	kcov_object_queued(&objects[1]);
	current = &init_task;
	kcov_object_queued(&objects[1]);
	current = &other;
	work_run(&objects[1], TEXT + 2, NULL);
	assert_only_in(KCOV_CONTEXT_WORK, TEXT + 2);
	current = &init_task;
}

static void run_timers(void)
{
	work_run(&objects[1], TEXT + 50, NULL);
	work_run(&objects[2], TEXT + 51, NULL);
}

/* Timers: one of the task and one of another task, in softirqs of each kind. */
static void test_work_in_softirq(void **state)
{
	struct task_struct other = { 0 };

	(void)state;
	kcov_object_queued(&objects[1]);
	shim_context = SHIM_HARDIRQ;
	kcov_object_queued(&objects[2]);
	softirq_raise(1);
	shim_context = SHIM_TASK;
	current = &other;
	softirqs_run(false, TEXT, run_timers);
	assert_only_in(KCOV_CONTEXT_WORK, TEXT + 50);
	assert_only_in(NO, TEXT + 51);
	assert_only_in(NO, TEXT + 1);

	/* In a softirq that is the task's, the timer of the other is not. */
	current = &init_task;
	softirq_raise(2);
	softirqs_run(false, TEXT, run_timers);
	assert_only_in(NO, TEXT + 51);
	assert_only_in(KCOV_CONTEXT_SOFTIRQ, TEXT + 2);

	/* In one that only interrupts the task, it is a part of the interruption. */
	shim_context = SHIM_HARDIRQ;
	softirq_raise(3);
	shim_context = SHIM_TASK;
	softirqs_run(false, TEXT, run_timers);
	assert_only_in(KCOV_CONTEXT_INTERRUPT, TEXT + 51);
	assert_only_in(KCOV_CONTEXT_INTERRUPT, TEXT + 3);
}

/* Each object is recorded or counted, also if there are more than the table has places. */
static void test_overflow(void **state)
{
	enum { COUNT = 60000 };
	static char many[COUNT];
	unsigned int recorded = 0;

	(void)state;
	for (int i = 0; i < COUNT; i++)
		kcov_object_queued(&many[i]);
	assert_in_range(lost(KCOV_CONTEXT_WORK), COUNT / 2, COUNT - 1);
	assert_int_equal(lost(KCOV_CONTEXT_WORK) + queued(), COUNT);
	for (int i = 0; i < COUNT; i++) {
		kcov_number(sets[KCOV_CONTEXT_WORK].fd, KCOV_RESET_SET, 0);
		work_run(&many[i], TEXT + 1, NULL);
		recorded += set_has(&sets[KCOV_CONTEXT_WORK], TEXT + 1);
	}
	assert_int_equal(lost(KCOV_CONTEXT_WORK) + recorded, COUNT);
	assert_int_equal(queued(), 0);
}

/* As task_work_add() calls the hooks. */
static void add_task_work(struct task_struct *t, const void *work)
{
	if (t != current)
		kcov_object_queued(work);
	else
		kcov_object_taken(work);
}

static void test_task_work(void **state)
{
	struct task_struct other = { 0 }, unrecorded = { 0 };
	struct set own;

	(void)state;
	set_open(&own, 16);
	current = &other;
	assert_int_equal(kcov_number(own.fd, KCOV_ENABLE, KCOV_TRACE_SET), 0);
	current = &init_task;
	add_task_work(&other, &objects[1]);
	add_task_work(&init_task, &objects[2]);
	task_work_run(&objects[2], TEXT + 2);
	current = &unrecorded;
	add_task_work(&other, &objects[3]);
	current = &other;
	task_work_run(&objects[1], TEXT + 1);
	task_work_run(&objects[3], TEXT + 3);
	/* The same memory, which was queued for another task and did not run. */
	current = &init_task;
	add_task_work(&other, &objects[4]);
	add_task_work(&init_task, &objects[4]);
	task_work_run(&objects[4], TEXT + 4);
	assert_only_in(KCOV_CONTEXT_WORK, TEXT + 1);
	assert_false(set_has(&own, TEXT + 1));
	assert_only_in(TASK, TEXT + 2);
	assert_only_in(NO, TEXT + 3);
	assert_true(set_has(&own, TEXT + 3));
	assert_only_in(TASK, TEXT + 4);
	current = &other;
	task_exit(&other);
	current = &init_task;
}

static int setup_interrupt_only(void **state)
{
	driver_setup(state);
	open_sets(1U << KCOV_CONTEXT_INTERRUPT);
	enable();
	return 0;
}

/* Without a set for what it causes, a task is as any other; the sets come later, or never. */
static void test_some_contexts(void **state)
{
	struct task_struct other = { 0 };

	(void)state;
	softirq_raise(1);
	softirqs_run(false, TEXT, NULL);
	assert_only_in(KCOV_CONTEXT_INTERRUPT, TEXT + 1);
	add_task_work(&other, &objects[1]);
	kcov_object_queued(&objects[2]);
	softirq_raise(2);
	for (int i = KCOV_CONTEXT_SOFTIRQ; i <= KCOV_CONTEXT_WORK; i++)
		if (i != KCOV_CONTEXT_INTERRUPT)
			assert_int_equal(context_add(sets[TASK].fd, i, sets[i].fd), 0);
	task_work_run(&objects[1], TEXT + 3);
	assert_only_in(TASK, TEXT + 3);
	work_run(&objects[2], TEXT + 4, NULL);
	softirqs_run(false, TEXT, NULL);
	assert_only_in(NO, TEXT + 4);
	assert_only_in(KCOV_CONTEXT_INTERRUPT, TEXT + 2);
	assert_int_equal(queued(), 0);
	kcov_object_queued(&objects[2]);
	assert_int_equal(queued(), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, driver_teardown)
	const struct CMUnitTest tests[] = {
		TEST(softirq),
		TEST(softirq_of_two),
		TEST(softirq_migration),
		TEST(softirq_of_rcu),
		TEST(interrupt),
		TEST(kthread),
		TEST(work),
		TEST(work_again),
		TEST(work_in_softirq),
		TEST(overflow),
		TEST(task_work),
		cmocka_unit_test_setup_teardown(test_some_contexts, setup_interrupt_only,
						driver_teardown),
	};

	if (shim_initcall())
		return 1;
	driver_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
