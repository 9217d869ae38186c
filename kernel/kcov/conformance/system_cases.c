// SPDX-License-Identifier: GPL-2.0
/* The set of the whole system (kcov_set.h). */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "kcovreport_remote.h"
#include "section.h"
#include "suite.h"
#include "symbols.h"

static void enable(const struct set *set)
{
	expect_errno(kcov_call(set->fd, KCOV_ENABLE, KCOV_TRACE_SYSTEM), 0, "KCOV_ENABLE");
}

static void errors(void)
{
	struct set set = set_create_system(), other = set_create_small(1);
	struct kcov_set_init init = { .size = sizeof(init), .flags = KCOV_SET_SYSTEM };
	int fd = kcov_open();

	expect_errno(kcov_call_pointer(fd, KCOV_INIT_SET, &init), EBUSY, "a second descriptor");
	init.flags |= KCOV_SET_HASH_MODULES;
	expect_errno(kcov_call_pointer(fd, KCOV_INIT_SET, &init), EINVAL, "both flags");
	expect_errno(kcov_call(fd, KCOV_SHARE_SET, set.fd), EINVAL, "sharing it");
	expect_errno(kcov_call(set.fd, KCOV_ENABLE, KCOV_TRACE_SET), EINVAL, "for a task");
	expect_errno(kcov_call(set.fd, KCOV_ENABLE, KCOV_TRACE_SYSTEM | KCOV_INHERIT), EINVAL,
		     "inherited");
	expect_errno(kcov_call(other.fd, KCOV_ENABLE, KCOV_TRACE_SYSTEM), EINVAL, "another set");
	expect_errno(context_call(set.fd, 1, other.fd), EINVAL, "its contexts");
	expect_errno(context_call(other.fd, 1, set.fd), EINVAL, "it as a context");
	expect_equal(set_size(&set), 0, "PCs before it records");
	set_destroy(&set);
	init = (struct kcov_set_init){ .size = sizeof(init), .flags = KCOV_SET_SYSTEM };
	expect_errno(kcov_call_pointer(fd, KCOV_INIT_SET, &init), 0, "after it was closed");
}

static void other_task(void *argument)
{
	(void)argument;
	call_gettid(1);
	for (unsigned int i = 0; i <= KCOVREPORT_THREAD; i++)
		sections_run(i, 0, 1, 1);
}

static bool was_interrupted(void *set)
{
	return set_has_function(set, "update_process_times") &&
	       set_has_function(set, "run_timer_softirq");
}

/* Other tasks, threads, work, softirqs and hard interrupts. */
static void everything(void)
{
	struct set set = set_create_system();

	enable(&set);
	enable(&set);
	expect_equal(stats_get(set.fd).tasks, 1, "it records");
	task_run(other_task, NULL);
	expect_true(wait_until(was_interrupted, &set), "interrupts are recorded");
	expect_errno(kcov_call(set.fd, KCOV_DISABLE, 0), 0, "KCOV_DISABLE");
	expect_errno(kcov_call(set.fd, KCOV_DISABLE, 0), 0, "again");
	expect_equal(stats_get(set.fd).tasks, 0, "it does not record");
	expect_true(set_has_function(&set, "__x64_sys_gettid"), "another task");
	for (unsigned int i = 0; i <= KCOVREPORT_THREAD; i++)
		if (i != KCOVREPORT_NESTED && !set_has_function(&set, section_function(i)))
			fail("%s is not recorded", section_function(i));
	expect_equal(stats_get(set.fd).dropped_pcs, 0, "dropped PCs");
}

/* Nothing after KCOV_DISABLE, and what is executed after a reset is there again. */
static void reset(void)
{
	struct set set = set_create_system();

	call_getppid(1);
	enable(&set);
	call_gettid(1);
	expect_errno(kcov_call(set.fd, KCOV_RESET_SET, 0), 0, "KCOV_RESET_SET");
	call_getppid(1);
	expect_true(!set_has_function(&set, "__x64_sys_gettid"), "from before the reset");
	expect_true(set_has_function(&set, "__x64_sys_getppid"), "from after the reset");
	kcov_call(set.fd, KCOV_DISABLE, 0);
	expect_errno(kcov_call(set.fd, KCOV_RESET_SET, 0), 0, "KCOV_RESET_SET");
	call_getppid(1);
	expect_equal(set_size(&set), 0, "PCs when it does not record");
}

static void resets(void *argument)
{
	struct set *set = argument;

	for (int i = 0; i < 50; i++)
		kcov_call(set->fd, KCOV_RESET_SET, 0);
}

/* Resets of another task lose nothing that is executed after the last one. */
static void reset_while(void)
{
	struct set set = set_create_system();
	pid_t pid;

	enable(&set);
	pid = task_start(resets, &set);
	for (int i = 0; i < 200; i++)
		call_getpid(50);
	task_wait(pid);
	call_getpid(1);
	expect_true(set_has_function(&set, "__x64_sys_getpid"), "after the last reset");
}

/* A task's own set is not affected, and closing ends the recording. */
static void beside(void)
{
	struct set set = set_create_system(), own = set_create_small(0);

	enable(&set);
	set_enable(&own, 0);
	call_getppid(1);
	set_disable(&own);
	set_destroy(&set);
	expect_true(set_has_function(&own, "__x64_sys_getppid"), "the task's own set");
	set = set_create_system();
	call_gettid(1);
	expect_equal(set_size(&set), 0, "PCs of a new descriptor");
}

const struct test_case system_cases[] = {
	{ .name = "system/errors", .kernels = OURS, .run = errors },
	{ .name = "system/everything", .kernels = OURS, .run = everything },
	{ .name = "system/reset", .kernels = OURS, .run = reset },
	{ .name = "system/reset-while", .kernels = OURS, .run = reset_while },
	{ .name = "system/beside", .kernels = OURS, .run = beside },
	{ 0 },
};
