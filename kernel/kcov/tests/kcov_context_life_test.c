// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts: errors, contexts inside each other and inside sections, and how long their sets and
 * owners live.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "driver.h"

#define TEXT	   ((unsigned long)_stext)
#define MAX_OWNERS 256
#define COMMON	   5

static char objects[16];

/* A set and its context, with modules in the hash table. Small: there are many. */
struct pair {
	int fd, context;
};

static int small_set(void)
{
	struct kcov_set_init init = { .size = sizeof(init),
				      .flags = KCOV_SET_HASH_MODULES,
				      .hash_slots = 1 };
	int fd = kcov_open();

	assert_int_equal(kcov_ioctl(fd, KCOV_INIT_SET, &init), 0);
	return fd;
}

static struct pair open_pair(unsigned int context)
{
	struct pair pair = { small_set(), small_set() };

	assert_int_equal(context_add(pair.fd, context, pair.context), 0);
	return pair;
}

static void enable(int fd)
{
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_SET), 0);
}

static void add(const struct set *set, unsigned int context, const struct set *second)
{
	assert_int_equal(context_add(set->fd, context, second->fd), 0);
}

static void test_errors(void **state)
{
	struct kcov_set_context arg = { sizeof(arg), KCOV_CONTEXT_WORK, 0, 0 };
	struct kcov_set_init init = { .size = sizeof(init), .flags = KCOV_SET_SYSTEM };
	int empty = kcov_open(), fd, trace, system = kcov_open(), shared = kcov_open();
	unsigned long *area;
	struct set set, second, third;

	(void)state;
	set_open(&set, 16);
	set_open(&second, 16);
	set_open(&third, 16);
	trace = trace_open(64, &area);
	fd = set.fd;
	arg.fd = second.fd;
	assert_int_equal(kcov_ioctl(system, KCOV_INIT_SET, &init), 0);
	assert_int_equal(kcov_number(shared, KCOV_SHARE_SET, fd), 0);
	assert_int_equal(kcov_ioctl(fd, KCOV_ADD_CONTEXT, (void *)8), -EFAULT);
	arg.size++;
	assert_int_equal(kcov_ioctl(fd, KCOV_ADD_CONTEXT, &arg), -EINVAL);
	arg.size--;
	arg.reserved = 1;
	assert_int_equal(kcov_ioctl(fd, KCOV_ADD_CONTEXT, &arg), -EINVAL);
	assert_int_equal(context_add(fd, 0, second.fd), -EINVAL);
	assert_int_equal(context_add(fd, KCOV_NR_CONTEXTS, second.fd), -EINVAL);
	assert_int_equal(context_add(fd, UINT_MAX, second.fd), -EINVAL);
	assert_int_equal(context_add(fd, KCOV_CONTEXT_WORK, -1), -EBADF);
	assert_int_equal(context_add(fd, KCOV_CONTEXT_WORK, SHIM_FILES - 1), -EBADF);
	assert_int_equal(context_add(fd, KCOV_CONTEXT_WORK, empty), -EINVAL);
	assert_int_equal(context_add(fd, KCOV_CONTEXT_WORK, trace), -EINVAL);
	assert_int_equal(context_add(fd, KCOV_CONTEXT_WORK, system), -EINVAL);
	assert_int_equal(context_add(fd, KCOV_CONTEXT_WORK, fd), -EINVAL);
	assert_int_equal(context_add(fd, KCOV_CONTEXT_WORK, shared), -EINVAL);
	assert_int_equal(context_add(empty, KCOV_CONTEXT_WORK, second.fd), -EINVAL);
	assert_int_equal(context_add(trace, KCOV_CONTEXT_WORK, second.fd), -EINVAL);
	assert_int_equal(context_add(system, KCOV_CONTEXT_WORK, second.fd), -EINVAL);
	assert_false(kcov_contexts_on.on);

	assert_int_equal(context_add(fd, KCOV_CONTEXT_WORK, second.fd), 0);
	assert_true(kcov_contexts_on.on);
	assert_int_equal(context_add(shared, KCOV_CONTEXT_WORK, third.fd), -EBUSY);
	assert_int_equal(context_add(second.fd, KCOV_CONTEXT_WORK, third.fd), -EINVAL);
	assert_int_equal(context_add(third.fd, KCOV_CONTEXT_WORK, fd), -EINVAL);
	/* One set may be a context of several, and several contexts of one. */
	assert_int_equal(context_add(fd, KCOV_CONTEXT_SOFTIRQ, second.fd), 0);
	assert_int_equal(context_add(third.fd, KCOV_CONTEXT_WORK, second.fd), 0);
}

static void test_blank(void **state)
{
	struct task_struct other = { 0 }, *child;
	struct set set, kthread;
	struct kcov kcov, inner;

	(void)state;
	set_open(&set, 16);
	set_open(&kthread, 16);
	add(&set, KCOV_CONTEXT_KTHREAD, &kthread);
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT), 0);
	kcov_blank_begin(&kcov);
	execute(TEXT + 1);
	assert_int_equal(kcov_context_id(), 0);
	kcov_object_queued(&objects[1]);
	softirq_raise(1);
	kcov_blank_begin(&inner);
	execute(TEXT + 2);
	kcov_context_end(&inner);
	child = task_fork();
	current = child;
	execute(TEXT + 3);
	current = &init_task;
	kcov_context_end(&kcov);
	task_end(child);
	execute(TEXT + 4);
	current = &other;
	kcov_blank_begin(&kcov);
	assert_int_equal(kcov.kind, KCOV_NONE);
	work_run(&objects[1], TEXT + 5, NULL);
	softirqs_run(true, TEXT + 5, NULL);
	kcov_context_end(&kcov);
	current = &init_task;
	for (int i = 1; i <= 6; i++)
		assert_int_equal(set_has(&set, TEXT + i) + set_has(&kthread, TEXT + i), i == 4);
}

static struct task_struct *forked;

static void fork_here(void)
{
	forked = task_fork();
}

static void section_here(void)
{
	execute(TEXT + 1);
	kcov_remote_start(COMMON);
	execute(TEXT + 2);
	kcov_remote_start(99);
	execute(TEXT + 3);
	kcov_object_queued(&objects[2]);
	fork_here();
	kcov_remote_stop();
	kcov_remote_stop();
}

/* Work that begins sections of a second owner, and makes programs. */
static void test_inside_work(void **state)
{
	struct task_struct worker = { 0 }, owner = { 0 };
	struct set set, work, kthread, remote, remote_work;

	(void)state;
	set_open(&set, 16);
	set_open(&work, 16);
	set_open(&kthread, 16);
	set_open(&remote, 16);
	set_open(&remote_work, 16);
	add(&set, KCOV_CONTEXT_WORK, &work);
	add(&set, KCOV_CONTEXT_KTHREAD, &kthread);
	add(&remote, KCOV_CONTEXT_WORK, &remote_work);
	enable(set.fd);
	kcov_object_queued(&objects[1]);
	current = &owner;
	assert_int_equal(remote_enable(remote.fd, KCOV_TRACE_SET, 0, COMMON, 0, 0), 0);
	current = &worker;
	work_run(&objects[1], TEXT + 4, section_here);
	current = forked;
	execute(TEXT + 5);
	task_end(current);
	current = &worker;
	work_run(&objects[2], TEXT + 6, NULL);
	current = &owner;
	task_exit(&owner);
	current = &init_task;
	assert_true(set_has(&work, TEXT + 1) && set_has(&work, TEXT + 4));
	assert_true(set_has(&remote, TEXT + 2) && set_has(&remote, TEXT + 3));
	assert_true(set_has(&kthread, TEXT + 5));
	assert_true(set_has(&remote_work, TEXT + 6));
	assert_false(set_has(&set, TEXT + 1) || set_has(&work, TEXT + 2) ||
		     set_has(&work, TEXT + 3) || set_has(&work, TEXT + 6));
}

static void die_here(void)
{
	kcov_remote_start(COMMON);
	task_exit(current);
	execute(TEXT + 3);
}

/* A task that dies in work, with a section inside it, leaves nothing behind. */
static void test_die_in_work(void **state)
{
	struct task_struct worker = { 0 };
	struct set set, work;

	(void)state;
	set_open(&set, 16);
	set_open(&work, 16);
	add(&set, KCOV_CONTEXT_WORK, &work);
	enable(set.fd);
	assert_int_equal(remote_enable(set.fd, KCOV_TRACE_SET, 0, COMMON, 0, 0), 0);
	kcov_object_queued(&objects[1]);
	current = &worker;
	work_run(&objects[1], TEXT + 4, die_here);
	assert_null(worker.kcov);
	current = &init_task;
	assert_false(set_has(&work, TEXT + 3) || set_has(&work, TEXT + 4));
}

/* Closes in each order; what runs and what is queued lives on, or is not recorded. */
static void test_close_order(void **state)
{
	struct task_struct worker = { 0 };
	struct kcov kcov;

	(void)state;
	for (int order = 0; order < 16; order++) {
		struct pair pair = open_pair(KCOV_CONTEXT_WORK);
		bool context_first = order & 1, before = order & 2, in_work = order & 4;

		enable(pair.fd);
		kcov_object_queued(&objects[1]);
		if (before)
			kcov_close(context_first ? pair.context : pair.fd);
		if (order & 8)
			task_exit(current);
		current = &worker;
		kcov_work_begin(&kcov, kcov_object_taken(&objects[1]));
		execute(TEXT + 1);
		current = &init_task;
		if (in_work) {
			kcov_close(before == context_first ? pair.fd : pair.context);
			task_exit(current);
			rcu_barrier();
		}
		current = &worker;
		execute(TEXT + 2);
		kcov_context_end(&kcov);
		current = &init_task;
		for (int fd = 0; fd < SHIM_FILES; fd++)
			if (shim_files[fd].f_op)
				kcov_close(fd);
		task_exit(current);
		shim_run_work();
		assert_int_equal(live(), 0);
		assert_false(kcov_contexts_on.on);
	}
}

/* The store dies while its work is queued, and the next one gets its place. */
static void test_store_dies(void **state)
{
	struct pair pair = open_pair(KCOV_CONTEXT_WORK), next;
	struct set work;
	u64 id;

	(void)state;
	enable(pair.fd);
	kcov_object_queued(&objects[1]);
	softirq_raise(3);
	id = kcov_context_id();
	task_exit(current);
	kcov_close(pair.fd);
	kcov_close(pair.context);
	/* The work that turns the hooks off runs only after there is a new owner. */
	next = open_pair(KCOV_CONTEXT_SOFTIRQ);
	set_open(&work, 16);
	assert_int_equal(context_add(next.fd, KCOV_CONTEXT_WORK, work.fd), 0);
	assert_int_equal(shim_run_work(), 3); /* and frees two stores */
	assert_true(kcov_contexts_on.on);
	enable(next.fd);
	assert_int_equal(kcov_context_id() % MAX_OWNERS, id % MAX_OWNERS);
	assert_int_not_equal(kcov_context_id(), id);
	work_run(&objects[1], TEXT + 1, NULL);
	kcov_thread_begin(id);
	softirqs_run(false, TEXT, NULL);
	assert_false(set_has(&work, TEXT + 1));
	assert_int_equal(stats_of(work.fd).tasks, 0);
	assert_int_equal(stats_of(next.context).dropped_sections, 0);
}

/* While the hooks are off, what begins is nothing, and what began before ends. */
static void test_off(void **state)
{
	struct pair pair = open_pair(KCOV_CONTEXT_WORK);
	struct task_struct worker = { 0 };
	struct kcov kcov, off;
	u64 ids[NR_SOFTIRQS];

	(void)state;
	enable(pair.fd);
	kcov_object_queued(&objects[1]);
	current = &worker;
	kcov_work_begin(&kcov, kcov_object_taken(&objects[1]));
	current = &init_task;
	task_exit(current);
	kcov_close(pair.fd);
	shim_run_work();
	assert_true(kcov_contexts_on.on);
	current = &worker;
	kcov_context_end(&kcov);
	current = &init_task;
	shim_run_work();
	assert_false(kcov_contexts_on.on);
	kcov_softirq_begin(&off, 256, false);
	assert_int_equal(off.kind, KCOV_NONE);
	kcov_context_end(&off);
	memset(ids, 1, sizeof(ids));
	kcov_softirqs_take(ids);
	for (int nr = 0; nr < NR_SOFTIRQS; nr++)
		assert_int_equal(ids[nr], 0);
	assert_int_equal(kcov_context_id(), 0);
}

static void test_many_owners(void **state)
{
	struct pair pairs[MAX_OWNERS], pair;
	u64 last = 0;
	int fd, second, i;

	(void)state;
	/* One after the other. */
	for (i = 0; i < 3 * MAX_OWNERS; i++) {
		pair = open_pair(KCOV_CONTEXT_WORK);
		enable(pair.fd);
		assert_true(kcov_context_id() > last);
		last = kcov_context_id();
		task_exit(current);
		kcov_close(pair.fd);
		kcov_close(pair.context);
		shim_run_work();
		rcu_barrier();
	}
	/* At once: all of them with one set as the context. */
	second = small_set();
	for (i = 0; i < MAX_OWNERS; i++) {
		pairs[i].fd = small_set();
		assert_int_equal(context_add(pairs[i].fd, KCOV_CONTEXT_WORK, second), 0);
	}
	fd = small_set();
	assert_int_equal(context_add(fd, KCOV_CONTEXT_WORK, second), -ENOSPC);
	assert_int_equal(context_add(pairs[7].fd, KCOV_CONTEXT_SOFTIRQ, second), 0);
	kcov_close(pairs[9].fd);
	assert_int_equal(context_add(fd, KCOV_CONTEXT_WORK, second), 0);
	enable(fd);
	kcov_object_queued(&objects[1]);
	assert_int_equal(stats_of(second).tasks, 1);
	work_run(&objects[1], TEXT + 1, NULL);
	assert_int_equal(stats_of(second).tasks, 0);
}

/* Does everything that allocates; allocation number n fails. Returns whether it was reached. */
static bool run_all(int n)
{
	struct kcov_set_init init = { .size = sizeof(init), .hash_slots = 1 };
	struct task_struct thread = { 0 };
	int fd, second;

	shim_fail_at = n;
	fd = kcov_open();
	second = kcov_open();
	if (fd >= 0 && second >= 0 && !kcov_ioctl(fd, KCOV_INIT_SET, &init) &&
	    !kcov_ioctl(second, KCOV_INIT_SET, &init)) {
		int err = context_add(fd, KCOV_CONTEXT_KTHREAD, second);

		assert_true(!err || err == -ENOMEM);
		assert_int_equal(err ? false : kcov_contexts_on.on, !err);
		kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_SET);
		u64 id = kcov_context_id();

		current = &thread;
		kcov_thread_begin(id);
		if (id)
			assert_int_equal(stats_of(second).tasks + stats_of(second).dropped_tasks,
					 1);
		task_free(task_fork());
		task_exit(&thread);
		current = &init_task;
	}
	task_exit(current);
	if (fd >= 0)
		kcov_close(fd);
	if (second >= 0)
		kcov_close(second);
	shim_run_work();
	return shim_fail_at == -1;
}

/* The first to run: the table of objects is allocated once. */
static void test_failing_allocations(void **state)
{
	long left = 0;
	int n;

	(void)state;
	for (n = 0; run_all(n); n++) {
		left += live();
		assert_in_range(left, 0, 1);
	}
	assert_int_equal(left + live(), 1);
	assert_in_range(n, 10, 40);
	shim_fail_at = -1;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, driver_setup, driver_teardown)
	const struct CMUnitTest tests[] = {
		TEST(errors),	   TEST(blank),	     TEST(inside_work), TEST(die_in_work),
		TEST(close_order), TEST(store_dies), TEST(off),		TEST(many_owners),
	};
	const struct CMUnitTest first[] = { TEST(failing_allocations) };

	if (shim_initcall() || cmocka_run_group_tests(first, NULL, NULL))
		return 1;
	driver_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
