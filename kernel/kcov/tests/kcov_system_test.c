// SPDX-License-Identifier: GPL-2.0
/* The set of the whole system, one thread. The first tests boot it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>
#include "driver.h"

#define TEXT	  ((unsigned long)_stext)
#define INIT_TEXT (TEXT + 300000) /* between text and modules */
#define BOOT_BITS 18

DECLARE_STATIC_KEY_FALSE(kcov_system_on);

static struct set set_of(int fd, const struct kcov_set_init *init)
{
	return (struct set){ fd, *init, kcov_map(fd, init->map_size) };
}

static int init_system(int fd, u64 hash_slots, struct kcov_set_init *ret)
{
	*ret = (struct kcov_set_init){ .size = sizeof(*ret),
				       .flags = KCOV_SET_SYSTEM,
				       .hash_slots = hash_slots };
	return kcov_ioctl(fd, KCOV_INIT_SET, ret);
}

static struct set open_system(void)
{
	struct kcov_set_init init;
	int fd = kcov_open();

	assert_int_equal(init_system(fd, 0, &init), 0);
	return set_of(fd, &init);
}

static void turn(const struct set *set, bool on)
{
	assert_int_equal(
		kcov_number(set->fd, on ? KCOV_ENABLE : KCOV_DISABLE, on ? KCOV_TRACE_SYSTEM : 0),
		0);
}

static u64 tasks(const struct set *set)
{
	return stats_of(set->fd).tasks;
}

/* With kcov_boot: from the first fork on, and handed out to the first that gets it, as it is. */
static void test_boot(void **state)
{
	char value[] = "";
	struct kcov_set_init init, *fault = (struct kcov_set_init *)8;
	struct set set;
	int fd = kcov_open();

	(void)state;
	/* Without memory nothing records, and the kernel says so. */
	assert_int_equal(shim_early_param(value), 0);
	shim_fail_at = 0;
	task_free(task_fork());
	shim_fail_at = -1;
	assert_int_equal(shim_errors_printed, 1);
	assert_false(kcov_system_is_on());
	task_free(task_fork());
	assert_false(kcov_system_is_on());

	assert_int_equal(shim_early_param(NULL), 0);
	execute(TEXT + 1);
	task_free(task_fork());
	execute(TEXT + 2);
	execute_in(SHIM_HARDIRQ, INIT_TEXT);
	task_free(task_fork());
	assert_int_equal(kcov_ioctl(fd, KCOV_INIT_SET, fault), -EFAULT);
	shim_copy_fails = true;
	assert_int_equal(init_system(fd, 0, &init), -EFAULT);
	shim_copy_fails = false;
	execute(TEXT + 3);
	assert_int_equal(init_system(fd, 64, &init), 0);
	assert_int_equal(init.hash_slots, 1 << BOOT_BITS);
	set = set_of(fd, &init);
	assert_int_equal(tasks(&set), 1);
	execute(TEXT + 4);
	assert_false(set_has(&set, TEXT + 1));
	assert_true(set_has(&set, TEXT + 2) && set_has(&set, INIT_TEXT) &&
		    set_has(&set, TEXT + 3) && set_has(&set, TEXT + 4));
	kcov_close(set.fd);
	/* Only once. */
	set = open_system();
	assert_int_equal(tasks(&set), 0);
	assert_false(set_has(&set, TEXT + 2) || set_has(&set, INIT_TEXT));
	execute(TEXT + 5);
	assert_false(set_has(&set, TEXT + 5));
}

/* A CPU may see the key before the set. It then records nothing. */
static void test_key_first(void **state)
{
	(void)state;
	kcov_system_on.on = true;
	execute_in(SHIM_NMI, TEXT + 1);
	kcov_system_on.on = false;
}

/*
 * The machine has fewer pages than text and modules have addresses: modules have no bits. The set
 * of the system is made once, so this is a process of its own.
 */
static void test_little_memory(void **state)
{
	char value[] = "";
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (!pid) {
		struct kcov_set_init init;
		int fd = kcov_open();

		shim_ram_pages = 8;
		shim_early_param(value);
		task_free(task_fork());
		execute_in(SHIM_NMI, TEXT + 1);
		execute_in(SHIM_NMI, MODULES_VADDR);
		if (init_system(fd, 0, &init) || init.modules_size)
			_exit(1);
		struct set set = set_of(fd, &init);

		_exit(tasks(&set) != 1 || !set_has(&set, TEXT + 1) ||
		      !set_has(&set, MODULES_VADDR) || set_has(&set, MODULES_VADDR + 1));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void test_contexts(void **state)
{
	struct set set = open_system(), own;

	(void)state;
	set_open(&own, 16);
	turn(&set, true);
	assert_int_equal(kcov_number(own.fd, KCOV_ENABLE, KCOV_TRACE_SET), 0);
	for (int context = SHIM_TASK; context <= SHIM_NMI; context++)
		execute_in(context, TEXT + context);
	current = NULL;
	execute(TEXT + 20);
	current = &init_task;
	for (int context = SHIM_TASK; context <= SHIM_NMI; context++) {
		assert_true(set_has(&set, TEXT + context));
		assert_int_equal(set_has(&own, TEXT + context), context <= SHIM_BH_OFF);
	}
	assert_true(set_has(&set, TEXT + 20));
	turn(&set, false);
	execute(TEXT + 21);
	assert_true(set_has(&own, TEXT + 21));
	assert_false(set_has(&set, TEXT + 21));
	assert_int_equal(stats_of(set.fd).dropped_pcs, 0);
}

/* Both ends of text and of modules have bits; all else is in the hash table. */
static void test_addresses(void **state)
{
	struct set set = open_system();
	const unsigned long start = set.init.modules_start, end = start + set.init.modules_size;
	const unsigned long pcs[] = { TEXT,	TEXT + SHIM_TEXT_SIZE - 1, start,     end - 1,
				      TEXT - 1, TEXT + SHIM_TEXT_SIZE,	   start - 1, end,
				      INIT_TEXT };
	const unsigned int count = sizeof(pcs) / sizeof(pcs[0]);
	unsigned int i, slots = 0;
	const u64 *hash = (u64 *)(set.memory + set.init.hash_offset);

	(void)state;
	turn(&set, true);
	for (i = 0; i < 2 * count; i++)
		execute(pcs[i % count]);
	turn(&set, false);
	for (i = 0; i < count; i++)
		assert_true(set_has(&set, pcs[i]));
	for (u64 n = 0; n < set.init.hash_slots; n++)
		slots += hash[n] != 0;
	assert_int_equal(slots, count - 4);
	assert_false(set_has(&set, TEXT + 1) || set_has(&set, start + 1));
}

static void test_reset(void **state)
{
	struct set set = open_system();

	(void)state;
	turn(&set, true);
	execute(TEXT + 1);
	execute(INIT_TEXT);
	assert_int_equal(kcov_number(set.fd, KCOV_RESET_SET, 0), 0);
	assert_false(set_has(&set, TEXT + 1) || set_has(&set, INIT_TEXT));
	execute(TEXT + 1);
	execute(INIT_TEXT);
	execute(TEXT + 2);
	assert_true(set_has(&set, TEXT + 1) && set_has(&set, INIT_TEXT) && set_has(&set, TEXT + 2));
	assert_int_equal(tasks(&set), 1);
	turn(&set, false);
}

/* More PCs than there are slots: those that find none are counted. The next user starts at 0. */
static void test_full(void **state)
{
	struct set set = open_system();
	u64 slots = set.init.hash_slots, found = 0, i;
	const u64 *hash = (u64 *)(set.memory + set.init.hash_offset);

	(void)state;
	turn(&set, true);
	for (i = 0; i < slots + 1000; i++)
		execute_in(SHIM_NMI, 0x10000000 + i);
	turn(&set, false);
	for (i = 0; i < slots; i++)
		found += hash[i] != 0;
	assert_in_range(stats_of(set.fd).dropped_pcs, 1000, slots);
	assert_int_equal(found + stats_of(set.fd).dropped_pcs, slots + 1000);
	kcov_close(set.fd);
	set = open_system();
	assert_int_equal(stats_of(set.fd).dropped_pcs, 0);
	assert_false(set_has(&set, 0x10000000));
}

static void test_errors(void **state)
{
	struct set set = open_system(), own;
	struct kcov_set_init init = { .size = sizeof(init),
				      .flags = KCOV_SET_SYSTEM | KCOV_SET_HASH_MODULES };
	int fd = kcov_open();

	(void)state;
	set_open(&own, 16);
	assert_int_equal(kcov_ioctl(fd, KCOV_INIT_SET, &init), -EINVAL);
	init.flags = 4;
	assert_int_equal(kcov_ioctl(fd, KCOV_INIT_SET, &init), -EINVAL);
	assert_int_equal(init_system(fd, 3, &init), -EINVAL);
	assert_int_equal(init_system(fd, 0, &init), -EBUSY);
	assert_int_equal(init_system(set.fd, 0, &init), -EBUSY);
	assert_int_equal(init_system(own.fd, 0, &init), -EBUSY);
	assert_int_equal(kcov_number(fd, KCOV_SHARE_SET, set.fd), -EINVAL);
	/* It is for the system, and the others are not. */
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SET), -EINVAL);
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_PC), -EINVAL);
	assert_int_equal(kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SYSTEM | KCOV_INHERIT),
			 -EINVAL);
	assert_int_equal(remote_enable(set.fd, KCOV_TRACE_SET, 0, 5, 0, 0), -EINVAL);
	assert_int_equal(remote_enable(set.fd, KCOV_TRACE_SYSTEM, 0, 5, 0, 0), -EINVAL);
	assert_int_equal(kcov_number(own.fd, KCOV_ENABLE, KCOV_TRACE_SYSTEM), -EINVAL);
	assert_int_equal(kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_SYSTEM), -EINVAL);
	assert_int_equal(kcov_number(set.fd, KCOV_DISABLE, 1), -EINVAL);
	turn(&set, false);
	turn(&set, true);
	turn(&set, true);
	assert_int_equal(tasks(&set), 1);
	assert_int_equal(kcov_number(own.fd, KCOV_DISABLE, 0), -EINVAL);
	assert_int_equal(tasks(&set), 1);
}

/* It stops when its descriptor is closed, and not when another one is, or when its task ends. */
static void test_close(void **state)
{
	struct task_struct other = { 0 };
	struct set set = open_system(), own;

	(void)state;
	set_open(&own, 16);
	current = &other;
	turn(&set, true);
	task_exit(&other);
	current = &init_task;
	kcov_close(own.fd);
	assert_true(kcov_system_is_on());
	execute(TEXT + 1);
	assert_true(set_has(&set, TEXT + 1));
	kcov_close(set.fd);
	assert_false(kcov_system_is_on());
	execute(TEXT + 2);
	set = open_system();
	assert_false(set_has(&set, TEXT + 1) || set_has(&set, TEXT + 2));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, driver_setup, driver_teardown)
	const struct CMUnitTest first[] = {
		cmocka_unit_test_setup(test_key_first, driver_setup),
		cmocka_unit_test_setup(test_little_memory, driver_setup),
		cmocka_unit_test_setup(test_boot, driver_setup),
	};
	const struct CMUnitTest tests[] = {
		TEST(contexts), TEST(addresses), TEST(reset), TEST(full), TEST(errors), TEST(close),
	};

	if (shim_initcall() || cmocka_run_group_tests(first, NULL, NULL))
		return 1;
	for (int fd = 0; fd < SHIM_FILES; fd++)
		if (shim_files[fd].f_op)
			kcov_close(fd);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
