// SPDX-License-Identifier: GPL-2.0
/* Sets in user space, one thread: bits, the hash table, sharing and inheritance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include "driver.h"

static void test_set(void **state)
{
	const unsigned long text = (unsigned long)_stext, elsewhere = text - 1000;
	struct set set;
	int fd;

	(void)state;
	set_open(&set, 16);
	assert_int_equal(set.init.text_start, text);
	assert_int_equal(set.init.text_size, SHIM_TEXT_SIZE);
	assert_int_equal(kcov_ioctl(set.fd, KCOV_INIT_SET, &set.init), -EBUSY);
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_PC), -EINVAL);
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_CMP), -EINVAL);
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT), 0);
	execute(text);
	execute(text + SHIM_TEXT_SIZE - 1);
	for (int i = 0; i < 20; i++)
		execute(elsewhere + i % 17);
	assert_true(set_has(&set, text) && set_has(&set, text + SHIM_TEXT_SIZE - 1));
	assert_false(set_has(&set, text + 1));
	assert_true(set_has(&set, elsewhere) && set_has(&set, elsewhere + 15));
	assert_int_equal(stats_of(set.fd).dropped_pcs, 1);

	fd = kcov_open();
	assert_int_equal(kcov_number(fd, KCOV_SHARE_SET, 63), -EBADF);
	assert_int_equal(kcov_number(fd, KCOV_SHARE_SET, fd), -EINVAL);
	assert_int_equal(kcov_number(fd, KCOV_SHARE_SET, set.fd), 0);
	assert_int_equal(kcov_number(fd, KCOV_SHARE_SET, set.fd), -EBUSY);
	assert_int_equal(stats_of(fd).tasks, 1);
	assert_int_equal(kcov_number(fd, KCOV_DISABLE, 0), -EINVAL);
	assert_int_equal(remote_enable(fd, KCOV_TRACE_SET, 0, 5, 0, 0), 0);
	section(SHIM_TASK, 5, text + 8);
	section(SHIM_SOFTIRQ, 5, text + 9);
	execute(text + 10);
	assert_true(set_has(&set, text + 8) && set_has(&set, text + 9) && set_has(&set, text + 10));
	assert_int_equal(kcov_number(fd, KCOV_RESET_SET, 0), 0);
	assert_false(set_has(&set, text) || set_has(&set, elsewhere));
}

static unsigned long count_bits(const struct set *set)
{
	unsigned long count = 0;

	for (unsigned long i = set->init.bitmap_offset; i < set->init.map_size; i++)
		count += __builtin_popcount(set->memory[i]);
	return count;
}

/* The first and the last PC of modules that has a bit, and the next PC, which gets one
 * of the only two slots. */
static void test_set_modules(void **state)
{
	struct set set;
	unsigned long start, end;

	(void)state;
	set_open(&set, 2);
	start = set.init.modules_start;
	end = start + set.init.modules_size;
	assert_in_range(MODULES_VADDR - start, 0, PAGE_SIZE * 8 - 1);
	assert_int_equal(set.init.modules_size, MODULES_LEN);
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SET), 0);
	execute(start);
	execute(MODULES_VADDR);
	execute(end - 1);
	assert_int_equal(count_bits(&set), 3);
	execute(end);
	/* There is no code between text and modules, and nothing to record it in. */
	execute(start - 1);
	assert_true(set_has(&set, start) && set_has(&set, MODULES_VADDR) &&
		    set_has(&set, end - 1) && set_has(&set, end));
	assert_false(set_has(&set, start + 1) || set_has(&set, end + 1));
	assert_int_equal(count_bits(&set), 3);
	assert_int_equal(stats_of(set.fd).dropped_pcs, 0);
}

/* The machine has fewer pages than text and modules have addresses: modules have no bits. */
static void test_set_little_memory(void **state)
{
	const unsigned long pages = shim_ram_pages, text = (unsigned long)_stext;
	struct set set, asked = { .init = { .size = sizeof(asked.init), .hash_slots = 2 } };

	(void)state;
	shim_ram_pages = 8;
	set_open(&set, 2);
	shim_ram_pages = pages;
	assert_int_equal(set.init.modules_size, 0);
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SET), 0);
	execute(text + 1);
	execute(MODULES_VADDR);
	assert_int_equal(count_bits(&set), 1);
	assert_true(set_has(&set, text + 1) && set_has(&set, MODULES_VADDR));
	/* As if it was asked for. */
	asked.fd = kcov_open();
	asked.init.flags = KCOV_SET_HASH_MODULES;
	assert_int_equal(kcov_ioctl(asked.fd, KCOV_INIT_SET, &asked.init), 0);
	assert_int_equal(set.init.map_size, asked.init.map_size);
	assert_int_equal(set.init.flags, 0);
	assert_int_equal(asked.init.flags, KCOV_SET_HASH_MODULES);
}

static void test_inherit(void **state)
{
	const unsigned long text = (unsigned long)_stext;
	struct task_struct *child, *grandchild, *failed;
	struct set set;

	(void)state;
	set_open(&set, 0);
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT), 0);
	child = task_fork();
	failed = task_fork();
	current = child;
	execute(text + 1);
	grandchild = task_fork();
	assert_int_equal(kcov_number(set.fd, KCOV_DISABLE, 0), 0);
	execute(text + 2);
	current = grandchild;
	execute(text + 3);
	current = &init_task;
	assert_int_equal(stats_of(set.fd).tasks, 3);
	assert_int_equal(stats_of(set.fd).inherited_tasks, 3);
	shim_context = SHIM_SOFTIRQ;
	task_free(failed);
	shim_context = SHIM_TASK;
	assert_int_equal(stats_of(set.fd).inherited_tasks, 2);
	shim_fail_at = 0;
	failed = task_fork();
	assert_int_equal(stats_of(set.fd).dropped_tasks, 1);
	task_exit(current);
	kcov_close(set.fd);
	task_end(child);
	current = grandchild;
	execute(text + 4);
	current = &init_task;
	assert_true(set_has(&set, text + 1) && set_has(&set, text + 3) && set_has(&set, text + 4));
	assert_false(set_has(&set, text + 2));
	task_free(failed);
	task_end(grandchild);
}

/* Creates the table of handles, which stays once it exists. */
static void make_table(void)
{
	unsigned long *area;
	int fd = trace_open(1024, &area);

	driver_setup(NULL);
	remote_enable(fd, KCOV_TRACE_PC, 64, 5, 0, 0);
	task_exit(current);
	kcov_close(fd);
}

/* A task that inherits records until its parent can learn of its exit; others until it begins. */
static void test_exit(void **state)
{
	unsigned long text = (unsigned long)_stext;
	struct set set;

	(void)state;
	set_open(&set, 16);
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SET), 0);
	kcov_task_exit(current);
	execute(text + 1);
	assert_false(set_has(&set, text + 1));
	assert_int_equal(stats_of(set.fd).tasks, 0);
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT), 0);
	kcov_task_exit(current);
	execute(text + 1);
	assert_true(set_has(&set, text + 1));
	assert_int_equal(stats_of(set.fd).tasks, 1);
	kcov_task_dead(current);
	execute(text + 2);
	assert_false(set_has(&set, text + 2));
	assert_int_equal(stats_of(set.fd).tasks, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, driver_setup, driver_teardown)
	const struct CMUnitTest tests[] = {
		TEST(set), TEST(exit), TEST(set_modules), TEST(set_little_memory), TEST(inherit),
	};

	if (shim_initcall())
		return 1;
	make_table();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
