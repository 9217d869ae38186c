// SPDX-License-Identifier: GPL-2.0-or-later
/* What /proc says about a task, whatever its name is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect/follow/tracee.h"

static void check_name(const char *name, const char *expected)
{
	struct task_status status = { 0 }, comm = { 0 };

	assert_int_equal(prctl(PR_SET_NAME, name), 0);
	assert_true(task_status_read(getpid(), &status));
	assert_int_equal(status.tgid, getpid());
	assert_int_equal(status.ppid, getppid());
	assert_string_equal(status.comm, expected);
	assert_true(task_comm_read(getpid(), &comm));
	assert_string_equal(comm.comm, expected);
}

static void test_names(void **state)
{
	(void)state;
	check_name("plain", "plain");
	check_name("a b\tc", "a b\tc");
	check_name("", "");
	check_name("fifteen-letters", "fifteen-letters");
	/* The kernel escapes these in status. */
	check_name("back\\slash", "back\\slash");
	check_name("two\nPPid:\t7", "two");
}

static void test_gone(void **state)
{
	struct task_status status = { .tgid = 1, .ppid = 2, .comm = "before" };
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_false(task_status_read(pid, &status));
	assert_false(task_comm_read(pid, &status));
	assert_int_equal(status.tgid, 1);
	assert_int_equal(status.ppid, 2);
	assert_string_equal(status.comm, "before");
}

static struct tracee *add(struct tracee_table *table, pid_t pid, bool announced)
{
	struct tracee *t = tracee_get(table, pid);

	assert_non_null(t);
	t->announced = announced;
	return t;
}

static void test_strays(void **state)
{
	struct tracee_table table = { 0 };

	(void)state;
	tracee_remove_ended(&table, add(&table, 2, true));
	assert_int_equal(table.nr_strays, 0);
	assert_false(tracee_take_stray(&table, 2));
	/* The parent reports it late. */
	tracee_remove_ended(&table, add(&table, 3, false));
	assert_int_equal(table.nr_strays, 1);
	assert_true(tracee_take_stray(&table, 3));
	assert_int_equal(table.nr_strays, 0);
	assert_false(tracee_take_stray(&table, 3));
	/* The parent was killed, and another task has the id now. */
	tracee_remove_ended(&table, add(&table, 4, false));
	add(&table, 4, false);
	assert_false(tracee_take_stray(&table, 4));
	assert_int_equal(table.nr_strays, 1);
	for (pid_t pid = 5; pid < 5 + 2 * TRACEE_STRAYS; pid++)
		tracee_remove_ended(&table, add(&table, pid, false));
	assert_int_equal(table.nr_strays, 1 + 2 * TRACEE_STRAYS);
	assert_false(tracee_take_stray(&table, 5));
	assert_true(tracee_take_stray(&table, 4 + 2 * TRACEE_STRAYS));
	assert_int_equal(table.len, 1);
	tracee_table_deinit(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_strays),
	};

	return cmocka_run_group_tests_name("tracee", tests, NULL, NULL);
}
