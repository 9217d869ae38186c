// SPDX-License-Identifier: GPL-2.0
/* What the cases of KCOV_INHERIT share. */
#include "inherit.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "suite.h"
#include "symbols.h"

struct set inherit_create(void)
{
	struct set set = set_create_small(0);

	set_enable(&set, KCOV_INHERIT);
	return set;
}

void expect_gettid(const struct set *set, bool is_there)
{
	expect_true(set_has_function(set, "__x64_sys_gettid") == is_there,
		    is_there ? "what the child did is in the set"
			     : "what the child did is not in the set");
}

/* The kernel drops some references a while after the task has exited. */
struct tasks {
	int fd;
	uint64_t count;
};

static bool tasks_are(void *argument)
{
	struct tasks *tasks = argument;

	return stats_get(tasks->fd).tasks == tasks->count;
}

void expect_tasks(const struct set *set, uint64_t count, uint64_t inherited)
{
	struct tasks tasks = { set->fd, count };

	wait_until(tasks_are, &tasks);
	struct kcov_stats stats = stats_get(set->fd);
	expect_equal(stats.tasks, count, "tasks");
	expect_equal(stats.inherited_tasks, inherited, "inherited_tasks");
	expect_equal(stats.dropped_tasks, 0, "dropped_tasks");
}

void expect_no_tasks(const struct set *set)
{
	struct tasks tasks = { set->fd, 0 };

	if (!wait_until(tasks_are, &tasks))
		fail("there are tasks at the end");
}

void child_gettid(void *argument)
{
	(void)argument;
	call_gettid(1);
}

long clone3(struct clone_args *arguments)
{
	return syscall(SYS_clone3, arguments, sizeof(*arguments));
}
