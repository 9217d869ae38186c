// SPDX-License-Identifier: GPL-2.0
/*
 * KCOV_INHERIT: a task that a recorded task creates is recorded from its first instruction, into
 * the same set, and is counted. Each child makes a system call that no other task makes.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "inherit.h"
#include "suite.h"
#include "symbols.h"

static void forked(void)
{
	struct set set = inherit_create();

	task_run(child_gettid, NULL);
	expect_gettid(&set, true);
	expect_tasks(&set, 1, 1);
	set_disable(&set);
	expect_no_tasks(&set);
}

static void not_inherited(void)
{
	struct set set = set_create_small(0);

	set_enable(&set, 0);
	task_run(child_gettid, NULL);
	set_disable(&set);
	expect_gettid(&set, false);
	expect_tasks(&set, 0, 0);
}

/* Children that exist before ENABLE, and children created after DISABLE. */
static void gated_gettid(void *argument)
{
	gate_wait(argument);
	call_gettid(1);
}

static void only_from_then_on(void)
{
	struct gate gate;

	gate_init(&gate);
	pid_t pid = task_start(gated_gettid, &gate);
	struct set set = inherit_create();
	gate_open(&gate);
	task_wait(pid);
	set_disable(&set);
	task_run(child_gettid, NULL);
	expect_gettid(&set, false);
	expect_tasks(&set, 0, 0);
}

static void child_forks(void *argument)
{
	int depth = *(int *)argument - 1;

	if (depth)
		task_run(child_forks, &depth);
	else
		call_gettid(1);
}

static void descendants(void)
{
	struct set set = inherit_create();
	int depth = 6;

	task_run(child_forks, &depth);
	expect_gettid(&set, true);
	expect_tasks(&set, 1, 6);
	set_disable(&set);
	expect_no_tasks(&set);
}

static void *thread_gettid(void *argument)
{
	call_gettid(1);
	return argument;
}

static void threads(void)
{
	struct set set = inherit_create();
	pthread_t thread;

	for (unsigned int i = 0; i < 4; i++) {
		if (pthread_create(&thread, NULL, thread_gettid, NULL))
			quit("cannot make a thread");
		pthread_join(thread, NULL);
	}
	expect_gettid(&set, true);
	set_disable(&set);
	expect_no_tasks(&set);
	expect_tasks(&set, 0, 4);
}

static void vforked(void)
{
	struct set set = inherit_create();
	pid_t pid = vfork();

	if (pid == 0) {
		call_gettid(1);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	expect_gettid(&set, true);
	expect_tasks(&set, 1, 1);
	set_disable(&set);
	expect_no_tasks(&set);
}

/* Coverage stays enabled over exec: the new program is recorded. */
static void spawned(void)
{
	char *arguments[] = { "kcov_conformance", "--helper", "getpid", "3", NULL };
	struct set set = inherit_create();
	int status = -1;
	pid_t pid;

	if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, arguments, NULL))
		quit("cannot spawn");
	waitpid(pid, &status, 0);
	expect_equal(status, 0, "status of the child");
	set_disable(&set);
	expect_true(set_has_function(&set, "__x64_sys_getpid"),
		    "what the new program did is in the set");
	expect_no_tasks(&set);
	expect_tasks(&set, 0, 1);
}

static void cloned3(void)
{
	struct clone_args arguments = { .exit_signal = SIGCHLD };
	struct set set = inherit_create();
	long pid = clone3(&arguments);

	if (pid == 0) {
		call_gettid(1);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	expect_gettid(&set, true);
	expect_tasks(&set, 1, 1);
	set_disable(&set);
	expect_no_tasks(&set);
}

/* The first PCs of a child are those of its return from fork, before it does anything. */
static void first_instruction(void)
{
	struct set set = inherit_create();
	pid_t pid = fork();

	if (pid == 0)
		syscall(SYS_exit_group, syscall(SYS_gettid) == 0);
	waitpid(pid, NULL, 0);
	expect_gettid(&set, true);
	set_disable(&set);
}

/* The grandchild continues after all its ancestors have exited. */
struct orphan {
	struct gate go;
	struct set set;
};

static void orphan_parent(void *argument)
{
	struct orphan *orphan = argument;

	set_enable(&orphan->set, KCOV_INHERIT);
	if (fork() == 0) {
		gate_wait(&orphan->go);
		call_gettid(1);
		_exit(0);
	}
}

static void parent_exits(void)
{
	struct orphan orphan = { .set = set_create_small(0) };

	gate_init(&orphan.go);
	task_run(orphan_parent, &orphan);
	expect_gettid(&orphan.set, false);
	expect_tasks(&orphan.set, 1, 1);
	gate_open(&orphan.go);
	expect_no_tasks(&orphan.set);
	expect_gettid(&orphan.set, true);
}

static void closed(void)
{
	struct gate gate;
	struct set set = inherit_create(), other = set_share(&set);

	gate_init(&gate);
	pid_t pid = task_start(gated_gettid, &gate);
	close(set.fd);
	set_destroy(&other);
	gate_open(&gate);
	task_wait(pid);
	task_run(child_gettid, NULL);
	expect_gettid(&set, true);
}

static void child_disables(void *argument)
{
	struct set *set = argument;

	expect_errno(kcov_call(set->fd, KCOV_DISABLE, 0), 0, "disable by the child");
	expect_errno(kcov_call(set->fd, KCOV_DISABLE, 0), EINVAL, "disable once more");
	call_gettid(1);
	task_run(child_gettid, NULL);
	expect_tasks(set, 1, 1);
}

static void disabled_by_child(void)
{
	struct set set = inherit_create();

	task_run(child_disables, &set);
	expect_gettid(&set, false);
	task_run(child_gettid, NULL);
	expect_gettid(&set, true);
	set_disable(&set);
	expect_no_tasks(&set);
}

static void child_enables(void *argument)
{
	struct set *set = argument;
	struct trace trace = trace_create(64 * PAGE_WORDS);

	expect_errno(kcov_call(set->fd, KCOV_ENABLE, KCOV_TRACE_SET), EBUSY, "enable of the set");
	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, 0), EBUSY, "enable of a trace");
	expect_errno(kcov_call(set->fd, KCOV_DISABLE, 0), 0, "disable");
	trace_enable(&trace);
	call_gettid(5);
	trace_disable(&trace);
	expect_equal(trace_entries(&trace, "__x64_sys_gettid"), 5,
		     "calls of gettid in its own trace");
}

static void own_in_child(void)
{
	struct set set = inherit_create();

	task_run(child_enables, &set);
	expect_gettid(&set, false);
	set_disable(&set);
	expect_no_tasks(&set);
}

static void parent_disables(void)
{
	struct gate gate;
	struct set set = inherit_create();

	gate_init(&gate);
	pid_t pid = task_start(gated_gettid, &gate);
	set_disable(&set);
	expect_tasks(&set, 1, 1);
	gate_open(&gate);
	task_wait(pid);
	expect_gettid(&set, true);
	expect_no_tasks(&set);
}

static void *thread_forks(void *argument)
{
	for (unsigned int i = 0; i < 25; i++)
		task_run(child_gettid, NULL);
	return argument;
}

/* All at once: threads that fork, in processes that fork. */
static void storm_process(void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, thread_forks, NULL))
		quit("cannot make a thread");
	thread_forks(argument);
	pthread_join(thread, NULL);
}

static void storm(void)
{
	struct set set = inherit_create();
	pid_t pids[3];

	for (unsigned int i = 0; i < 3; i++)
		pids[i] = task_start(storm_process, NULL);
	for (unsigned int i = 0; i < 3; i++)
		task_wait(pids[i]);
	set_disable(&set);
	expect_no_tasks(&set);
	/* Three processes, each with a thread and 50 children. */
	expect_tasks(&set, 0, 3 * (1 + 1 + 50));
	expect_gettid(&set, true);
}

static void killed_child(void *argument)
{
	gate_open(argument);
	for (;;)
		call_gettid(1);
}

static void killed(void)
{
	struct gate gate;
	struct set set = inherit_create();

	gate_init(&gate);
	for (unsigned int i = 0; i < 8; i++) {
		pid_t pid = task_start(killed_child, &gate);

		gate_wait(&gate);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	set_disable(&set);
	expect_no_tasks(&set);
	expect_tasks(&set, 0, 8);
}

/* A line is a case. */
/* clang-format off */
const struct test_case inherit_cases[] = {
	{ "inherit: fork", OURS, .run = forked },
	{ "inherit: not without KCOV_INHERIT", OURS, .run = not_inherited },
	{ "inherit: not before ENABLE and after DISABLE", OURS, .run = only_from_then_on },
	{ "inherit: child of a child of a child", OURS, .run = descendants },
	{ "inherit: threads", OURS, .run = threads },
	{ "inherit: vfork", OURS, .run = vforked },
	{ "inherit: posix_spawn, and exec in it", OURS, .run = spawned },
	{ "inherit: clone3", OURS, .run = cloned3 },
	{ "inherit: from the first instruction", OURS, .run = first_instruction },
	{ "inherit: after the parent's exit", OURS, .run = parent_exits },
	{ "inherit: after close of all descriptors", OURS, .run = closed },
	{ "inherit: DISABLE by the child", OURS, .run = disabled_by_child },
	{ "inherit: DISABLE by the parent", OURS, .run = parent_disables },
	{ "inherit: a child with a trace of its own", OURS, .run = own_in_child },
	{ "inherit: forks by threads of many processes", OURS, .run = storm },
	{ "inherit: SIGKILL", OURS, .run = killed },
	{}
};
/* clang-format on */
