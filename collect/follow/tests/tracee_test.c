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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_gone),
	};

	return cmocka_run_group_tests_name("tracee", tests, NULL, NULL);
}
