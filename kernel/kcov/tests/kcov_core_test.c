// SPDX-License-Identifier: GPL-2.0
/* The core in user space, one thread: each call with each errno, and each allocation failing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "driver.h"

#define WORDS 1024

static void test_init_errors(void **state)
{
	int fd = kcov_open();

	(void)state;
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, 0), -EINVAL);
	assert_int_equal(remote_enable(fd, KCOV_TRACE_PC, 64, 1, 0, 0), -EINVAL);
	assert_int_equal(kcov_number(fd, KCOV_DISABLE, 0), -EINVAL);
	assert_null(kcov_map(fd, WORDS * sizeof(long)));
	assert_int_equal(kcov_number(fd, KCOV_INIT_TRACE, 0), -EINVAL);
	assert_int_equal(kcov_number(fd, KCOV_INIT_TRACE, 1), -EINVAL);
	assert_int_equal(kcov_number(fd, KCOV_INIT_TRACE, INT_MAX / 8 + 1ul), -EINVAL);
	assert_int_equal(kcov_number(fd, _IO('c', 1), 0), -ENOTTY);
	shim_cache_is_aliasing = true;
	assert_int_equal(kcov_number(fd, KCOV_INIT_TRACE, WORDS), -EOPNOTSUPP);
	shim_cache_is_aliasing = false;
	assert_int_equal(kcov_number(fd, KCOV_INIT_TRACE, WORDS), 0);
	assert_int_equal(kcov_number(fd, KCOV_INIT_TRACE, WORDS), -EBUSY);
	assert_null(kcov_map(fd, WORDS * sizeof(long) - 4096));
	assert_null(kcov_map(fd, WORDS * sizeof(long) + 4096));
	assert_non_null(kcov_map(fd, WORDS * sizeof(long)));
}

static void test_trace_pc(void **state)
{
	unsigned long *area;
	int fd = trace_open(WORDS, &area);

	(void)state;
	execute(100);
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, 5), -EINVAL);
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_SET), -EINVAL);
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_INHERIT), -EINVAL);
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_PC), 0);
	execute(101);
	for (int context = SHIM_SOFTIRQ; context <= SHIM_NMI; context++)
		execute_in(context, 102);
	current->kcov_mode |= KCOV_IN_CTXSW;
	execute(103);
	current->kcov_mode &= ~KCOV_IN_CTXSW;
	__sanitizer_cov_trace_cmp1(1, 2);
	execute_in(SHIM_BH_OFF, 104);
	assert_int_equal(kcov_number(fd, KCOV_DISABLE, 1), -EINVAL);
	assert_int_equal(kcov_number(fd, KCOV_DISABLE, 0), 0);
	assert_int_equal(kcov_number(fd, KCOV_DISABLE, 0), -EINVAL);
	execute(105);
	assert_int_equal(area[0], 2);
	assert_int_equal(area[1], 101);
	assert_int_equal(area[2], 104);
	current = NULL;
	execute(106);
	current = &init_task;
}

static void test_trace_full(void **state)
{
	unsigned long *area;
	int fd = trace_open(WORDS, &area);

	(void)state;
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_PC), 0);
	for (int i = 0; i < WORDS + 9; i++)
		execute(1000 + i);
	assert_int_equal(area[0], WORDS - 1);
	assert_int_equal(area[WORDS - 1], 1000 + WORDS - 2);
	assert_int_equal(stats_of(fd).dropped_pcs, 10);
	area[0] = ULONG_MAX;
	execute(1);
	area[0] = WORDS;
	execute(1);
	assert_int_equal(stats_of(fd).dropped_pcs, 12);
	assert_int_equal(stats_of(fd).tasks, 1);
}

static void test_trace_cmp(void **state)
{
	u64 cases[] = { 2, 32, 7, 9 };
	unsigned long *area;
	int fd = trace_open(16, &area);

	(void)state;
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_CMP), 0);
	execute(1);
	shim_ip = 55;
	__sanitizer_cov_trace_const_cmp8(3, 4);
	__sanitizer_cov_trace_switch(8, cases);
	__sanitizer_cov_trace_cmp2(1, 2);
	cases[1] = 31;
	__sanitizer_cov_trace_switch(8, cases);
	assert_int_equal(area[0], 3);
	assert_int_equal(area[1], KCOV_CMP_SIZE(3) | KCOV_CMP_CONST);
	assert_int_equal(area[2], 3);
	assert_int_equal(area[3], 4);
	assert_int_equal(area[4], 55);
	assert_int_equal(area[5], KCOV_CMP_SIZE(2) | KCOV_CMP_CONST);
	assert_int_equal(area[6], 7);
	assert_int_equal(area[7], 8);
	assert_int_equal(area[10], 9);
	assert_int_equal(stats_of(fd).dropped_pcs, 1);
}

static void test_enable_busy(void **state)
{
	unsigned long *area, *area2;
	int fd = trace_open(WORDS, &area), fd2 = trace_open(WORDS, &area2);
	struct task_struct *child;

	(void)state;
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_PC), 0);
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_PC), -EINVAL);
	assert_int_equal(kcov_number(fd2, KCOV_ENABLE, KCOV_TRACE_PC), -EBUSY);
	assert_int_equal(remote_enable(fd, KCOV_TRACE_PC, 64, 5, 0, 0), -EINVAL);

	child = task_fork();
	current = child;
	execute(1);
	assert_int_equal(kcov_number(fd, KCOV_DISABLE, 0), -EINVAL);
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_PC), -EINVAL);
	assert_int_equal(kcov_number(fd2, KCOV_ENABLE, KCOV_TRACE_PC), 0);
	execute(2);
	current = &init_task;
	execute(3);
	assert_int_equal(kcov_number(fd, KCOV_DISABLE, 0), 0);
	task_end(child);
	assert_int_equal(area[0] + 10 * area2[0], 11);
	assert_int_equal(area[1] + 10 * area2[1], 23);
	assert_int_equal(kcov_number(fd2, KCOV_ENABLE, KCOV_TRACE_PC), 0);
}

static void test_close_first(void **state)
{
	unsigned long *area;
	int fd = trace_open(WORDS, &area);

	(void)state;
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_PC), 0);
	kcov_close(fd);
	execute(7);
	assert_int_equal(area[0], 1);
}

static void test_remote_errors(void **state)
{
	unsigned long *area;
	int fd = trace_open(WORDS, &area), fd2 = trace_open(WORDS, &area);
	u64 raw[5] = { 0 }, *handles = raw + 3;
	struct kcov_remote_arg *arg = (struct kcov_remote_arg *)raw;
	static const u64 bad[] = { 0, 5, USB(1) | 1ull << 32, 2ull << 56 | 1 };

	(void)state;
	arg->area_size = 64;
	arg->num_handles = 1;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		handles[0] = bad[i];
		assert_int_equal(kcov_ioctl(fd, KCOV_REMOTE_ENABLE, arg), -EINVAL);
	}
	handles[0] = USB(1);
	handles[1] = USB(1);
	arg->num_handles = 2;
	assert_int_equal(kcov_ioctl(fd, KCOV_REMOTE_ENABLE, arg), -EEXIST);
	arg->common_handle = USB(3);
	assert_int_equal(kcov_ioctl(fd, KCOV_REMOTE_ENABLE, arg), -EINVAL);
	arg->num_handles = 1 << 21;
	assert_int_equal(kcov_ioctl(fd, KCOV_REMOTE_ENABLE, arg), -EINVAL);
	assert_int_equal(kcov_ioctl(fd, KCOV_REMOTE_ENABLE, (void *)8), -EFAULT);
	assert_int_equal(remote_enable(fd, 7, 64, 5, 1, 1), -EINVAL);

	assert_int_equal(remote_enable(fd, KCOV_TRACE_PC, 64, 5, 1, 3), 0);
	assert_int_equal(current->kcov_handle, 5);
	assert_int_equal(remote_enable(fd2, KCOV_TRACE_PC, 64, 6, 9, 1), -EBUSY);
	current = task_fork();
	assert_int_equal(kcov_common_handle(), 5);
	assert_int_equal(remote_enable(fd2, KCOV_TRACE_PC, 64, 0, 3, 100), -EEXIST);
	assert_int_equal(remote_enable(fd2, KCOV_TRACE_PC, 64, 5, 0, 0), -EEXIST);
	assert_int_equal(remote_enable(fd2, KCOV_TRACE_PC, 64, 0, 4, 100), 0);
	task_end(current);
	current = &init_task;
	assert_int_equal(kcov_number(fd, KCOV_DISABLE, 0), 0);
	assert_int_equal(kcov_common_handle(), 0);
}

static void test_remote_sections(void **state)
{
	unsigned long *area, *local;
	int fd = trace_open(WORDS, &area), fd2 = trace_open(WORDS, &local);

	(void)state;
	assert_int_equal(remote_enable(fd, KCOV_TRACE_PC, 4, 5, 1, 2), 0);
	execute(1);
	assert_int_equal(area[0], 0);
	assert_int_equal(kcov_number(fd2, KCOV_ENABLE, KCOV_TRACE_PC), 0);
	execute(2);
	section(SHIM_TASK, 5, 3);
	section(SHIM_BH_OFF, USB(1), 4);
	section(SHIM_SOFTIRQ, USB(2), 5);
	section(SHIM_HARDIRQ, USB(2), 6);
	section(SHIM_SOFTIRQ, USB(3), 7);
	section(SHIM_ATOMIC, USB(2), 8);
	kcov_remote_stop();
	execute(9);
	assert_int_equal(stats_of(fd).dropped_sections, 1);
	assert_int_equal(local[0], 3);
	assert_memory_equal(local + 1, ((unsigned long[]){ 2, 8, 9 }), 24);
	assert_int_equal(area[0], 3);
	assert_memory_equal(area + 1, ((unsigned long[]){ 3, 4, 5 }), 24);

	kcov_remote_start(5);
	for (int i = 0; i < 5; i++)
		execute(i);
	kcov_remote_stop();
	assert_int_equal(stats_of(fd).dropped_remote_pcs, 2);
	area[0] = WORDS - 3;
	kcov_remote_start(5);
	for (int i = 0; i < 3; i++)
		execute(i);
	kcov_remote_stop();
	assert_int_equal(area[0], WORDS - 1);
	assert_int_equal(stats_of(fd).dropped_remote_pcs, 3);
}

static void test_remote_nested(void **state)
{
	unsigned long *area;
	int fd = trace_open(WORDS, &area);

	(void)state;
	assert_int_equal(remote_enable(fd, KCOV_TRACE_PC, 64, 5, 1, 3), 0);
	for (int context = SHIM_TASK; context <= SHIM_SOFTIRQ; context += SHIM_BH_OFF) {
		area[0] = 0;
		shim_context = context;
		kcov_remote_start(USB(1));
		execute(1);
		kcov_remote_start(77);
		kcov_remote_start(USB(2));
		execute(2);
		kcov_remote_start(0);
		section(SHIM_HARDIRQ, USB(1), 99);
		kcov_remote_stop();
		execute(3);
		section(SHIM_SOFTIRQ, 78, 98 + (context == SHIM_SOFTIRQ));
		section(SHIM_SOFTIRQ, 5, 4);
		kcov_remote_stop();
		execute(5);
		kcov_remote_stop();
		execute(6);
		kcov_remote_stop();
		execute(7);
		if (context != SHIM_SOFTIRQ) {
			assert_int_equal(area[0], 6);
			assert_memory_equal(area + 1, ((unsigned long[]){ 4, 2, 3, 1, 5, 6 }), 48);
		} else {
			assert_int_equal(area[0], 7);
			assert_memory_equal(area + 1, ((unsigned long[]){ 4, 2, 3, 99, 1, 5, 6 }),
					    56);
		}
		if (context == SHIM_SOFTIRQ)
			break;
		context = SHIM_SOFTIRQ - SHIM_BH_OFF;
	}
	shim_context = SHIM_TASK;
}

static void test_remote_disabled_meanwhile(void **state)
{
	unsigned long *area;
	int fd = trace_open(WORDS, &area);
	struct task_struct *worker = task_fork();

	(void)state;
	for (int again = 0; again < 2; again++) {
		assert_int_equal(remote_enable(fd, KCOV_TRACE_PC, 64, 5, 0, 0), 0);
		current = worker;
		kcov_remote_start(5);
		execute(1);
		current = &init_task;
		assert_int_equal(kcov_number(fd, KCOV_DISABLE, 0), 0);
		if (again)
			assert_int_equal(remote_enable(fd, KCOV_TRACE_PC, 64, 5, 0, 0), 0);
		current = worker;
		kcov_remote_stop();
		section(SHIM_TASK, 5, 2);
		current = &init_task;
		assert_int_equal(area[0], again);
	}
	task_end(worker);
}

static void test_remote_cmp(void **state)
{
	unsigned long *area;
	int fd = trace_open(14, &area);

	(void)state;
	assert_int_equal(remote_enable(fd, KCOV_TRACE_CMP, 9, 5, 0, 0), 0);
	for (int i = 0; i < 2; i++) {
		kcov_remote_start(5);
		__sanitizer_cov_trace_cmp4(1, 2);
		__sanitizer_cov_trace_cmp4(3, 4 + i);
		__sanitizer_cov_trace_cmp4(5, 6);
		kcov_remote_stop();
	}
	assert_int_equal(area[0], 3);
	assert_int_equal(area[4 + 3], 4);
	assert_int_equal(area[8 + 2], 1);
	assert_int_equal(stats_of(fd).dropped_remote_pcs, 3);
}

static void many_handles(void)
{
	unsigned long *area;
	int fd = trace_open(1 << 18, &area);

	assert_int_equal(remote_enable(fd, KCOV_TRACE_PC, 64, 5, 1, 100000), 0);
	for (unsigned long bus = 1; bus <= 100000; bus++)
		section(SHIM_TASK, USB(bus), bus);
	assert_int_equal(area[0], 100000);
	assert_int_equal(kcov_number(fd, KCOV_DISABLE, 0), 0);
	section(SHIM_TASK, USB(7), 1);
	assert_int_equal(area[0], 100000);
	kcov_close(fd);
}

/* The table grows once and keeps its memory, so the first run is not checked for leaks. */
static void test_many_handles(void **state)
{
	(void)state;
	many_handles();
	live();
	many_handles();
}

/* Runs everything that allocates; allocation number n fails. Returns whether it was reached. */
static bool run_all(int n)
{
	struct kcov_set_init init = { .size = sizeof(init) };
	int fd, fd2;

	shim_fail_at = n;
	fd = kcov_open();
	fd2 = kcov_open();
	if (fd >= 0 && !kcov_number(fd, KCOV_INIT_TRACE, WORDS)) {
		remote_enable(fd, KCOV_TRACE_PC, 64, 5, 1, 300);
		section(SHIM_TASK, USB(1), 1);
		section(SHIM_SOFTIRQ, 5, 1);
	}
	if (fd2 >= 0 && !kcov_ioctl(fd2, KCOV_INIT_SET, &init)) {
		kcov_number(fd2, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT);
		task_free(task_fork());
	}
	if (fd >= 0)
		kcov_close(fd);
	task_exit(current);
	if (fd2 >= 0)
		kcov_close(fd2);
	return shim_fail_at == -1;
}

static void test_failing_allocations(void **state)
{
	int n = 0;

	(void)state;
	run_all(INT_MAX);
	live();
	for (n = 0; run_all(n); n++)
		assert_int_equal(live(), 0);
	assert_in_range(n, 10, 30);
	shim_fail_at = -1;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, driver_setup, driver_teardown)
	const struct CMUnitTest tests[] = {
		TEST(many_handles),	   TEST(init_errors),	TEST(trace_pc),
		TEST(trace_full),	   TEST(trace_cmp),	TEST(enable_busy),
		TEST(close_first),	   TEST(remote_errors), TEST(remote_sections),
		TEST(remote_nested),	   TEST(remote_cmp),	TEST(remote_disabled_meanwhile),
		TEST(failing_allocations),
	};

	if (shim_initcall())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
