// SPDX-License-Identifier: GPL-2.0
/* Whose PCs a trace contains when tasks are created, execute programs and end. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "suite.h"
#include "symbols.h"

#define WORDS (256 * PAGE_WORDS)

static void expect_getpid(const struct trace *trace, uint64_t calls)
{
	expect_between(trace_count(trace), 1, trace->words - 2, "PCs, and room left");
	expect_equal(trace_entries(trace, "__x64_sys_getpid"), calls, "calls of getpid");
}

static void child_own(void *argument)
{
	struct trace *theirs = argument, own = trace_create(WORDS);

	call_getpid(50);
	expect_errno(kcov_call(theirs->fd, KCOV_DISABLE, 0), EINVAL, "disable of the parent's");
	trace_enable(&own);
	call_getpid(60);
	trace_disable(&own);
	expect_getpid(&own, 60);
}

static void forked(void)
{
	struct trace trace = trace_create(WORDS);

	trace_enable(&trace);
	pid_t pid = task_start(child_own, &trace);
	call_getpid(5);
	trace_disable(&trace);
	task_wait(pid);
	expect_getpid(&trace, 5);
}

/* A child of posix_spawn or vfork shares the memory, but not the coverage. */
static void vforked(void)
{
	struct trace trace = trace_create(WORDS);
	int status;

	trace_enable(&trace);
	pid_t pid = vfork();
	if (pid == 0) {
		call_getpid(30);
		_exit(kcov_call(trace.fd, KCOV_DISABLE, 0) == EINVAL ? 0 : 1);
	}
	call_getpid(2);
	trace_disable(&trace);
	waitpid(pid, &status, 0);
	expect_equal(status, 0, "status of the child");
	expect_getpid(&trace, 2);
}

static void *thread_getpid(void *argument)
{
	call_getpid(40);
	return (void *)(long)kcov_call(((struct trace *)argument)->fd, KCOV_DISABLE, 0);
}

static void threads(void)
{
	struct trace trace = trace_create(WORDS);
	pthread_t thread;
	void *result;

	trace_enable(&trace);
	if (pthread_create(&thread, NULL, thread_getpid, &trace))
		quit("cannot make a thread");
	call_getpid(3);
	pthread_join(thread, &result);
	trace_disable(&trace);
	expect_errno((long)result, EINVAL, "disable by the thread");
	expect_getpid(&trace, 3);
}

static void execute(void *argument)
{
	trace_enable(argument);
	helper_exec("getpid", "37");
}

static void executed(void)
{
	struct trace trace = trace_create(WORDS);

	task_run(execute, &trace);
	/* Starting the program may fill the area. */
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 37, "calls of getpid after exec");
	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, 0), 0, "enable after the exit");
}

static void execute_disable(void *argument)
{
	struct trace *trace = argument;
	int fd = dup(trace->fd);
	char number[16] = { '0' + fd / 100 % 10, '0' + fd / 10 % 10, '0' + fd % 10 };

	trace_enable(trace);
	helper_exec("disable", number);
}

static void executed_disable(void)
{
	struct trace trace = trace_create(WORDS);

	task_run(execute_disable, &trace);
}

static void enable_and_exit(void *argument)
{
	trace_enable(argument);
	call_getpid(9);
}

static void exited(void)
{
	struct trace trace = trace_create(WORDS);

	task_run(enable_and_exit, &trace);
	expect_getpid(&trace, 9);
	trace_enable(&trace);
	call_getpid(4);
	trace_disable(&trace);
	expect_getpid(&trace, 4);
}

static void *thread_enable(void *argument)
{
	enable_and_exit(argument);
	return NULL;
}

static void thread_exited(void)
{
	struct trace trace = trace_create(WORDS);
	pthread_t thread;

	if (pthread_create(&thread, NULL, thread_enable, &trace))
		quit("cannot make a thread");
	pthread_join(thread, NULL);
	call_getpid(100);
	expect_getpid(&trace, 9);
	trace_enable(&trace);
	call_getpid(4);
	trace_disable(&trace);
	expect_getpid(&trace, 4);
}

/* The first thread of a process may end before the others. */
static void *leader_left(void *argument)
{
	struct trace *trace = argument;
	bool is_free = false;

	for (unsigned int i = 0; i < 5000 && !is_free; i++) {
		is_free = kcov_call(trace->fd, KCOV_ENABLE, 0) == 0;
		usleep(is_free ? 0 : 1000);
	}
	exit(is_free ? 0 : 1);
}

static void leader_exits(void *argument)
{
	pthread_t thread;

	trace_enable(argument);
	if (pthread_create(&thread, NULL, leader_left, argument))
		quit("cannot make a thread");
	syscall(SYS_exit, 0);
}

static void leader_exited(void)
{
	struct trace trace = trace_create(WORDS);

	task_run(leader_exits, &trace);
	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, 0), 0, "enable after both");
}

static void closed(void)
{
	struct trace trace = trace_create(WORDS);

	trace_enable(&trace);
	close(trace.fd);
	call_getpid(21);
	expect_getpid(&trace, 21);
	/* The trace cannot be disabled any more, and the task stays bound to it. */
	struct trace other = trace_create(PAGE_WORDS);
	expect_errno(kcov_call(other.fd, KCOV_ENABLE, 0), EBUSY, "enable of another");
	expect_errno(kcov_call(other.fd, KCOV_DISABLE, 0), EINVAL, "disable of another");
}

static void closed_and_unmapped(void)
{
	struct trace trace = trace_create(PAGE_WORDS);

	trace_enable(&trace);
	trace_destroy(&trace);
	call_getpid(2000);
	/* The memory of a new trace is not that of the last one. */
	for (unsigned int i = 0; i < 8; i++) {
		struct trace other = trace_create(PAGE_WORDS);

		call_getpid(100);
		expect_equal(trace_count(&other), 0, "PCs of a new area");
		trace_destroy(&other);
	}
}

static void closed_and_unmapped_exit(void *argument)
{
	(void)argument;
	closed_and_unmapped();
}

static void closed_then_exit(void)
{
	for (unsigned int i = 0; i < 8; i++)
		task_run(closed_and_unmapped_exit, NULL);
}

static bool is_recorded(void *argument)
{
	struct trace *trace = argument;

	return trace_count(trace) > 100;
}

static void killed_child(void *argument)
{
	trace_enable(argument);
	for (;;)
		call_getpid(1);
}

static void killed(void)
{
	struct trace trace = trace_create(WORDS);
	pid_t pid = task_start(killed_child, &trace);

	expect_true(wait_until(is_recorded, &trace), "the child is recorded");
	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, 0), EINVAL, "enable while it runs");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	expect_true(trace_entries_kept(&trace, "__x64_sys_getpid") > 10, "what it recorded is there");
	trace_enable(&trace);
	call_getpid(6);
	trace_disable(&trace);
	expect_getpid(&trace, 6);
}

static void *group_thread(void *argument)
{
	killed_child(argument);
	return NULL;
}

static void group_exits(void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, group_thread, argument))
		quit("cannot make a thread");
	expect_true(wait_until(is_recorded, argument), "the thread is recorded");
	_exit(0);
}

static void group_exited(void)
{
	struct trace trace = trace_create(WORDS);

	task_run(group_exits, &trace);
	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, 0), 0, "enable after it");
}

/* A thread other than the first executes a program: the others end, and this one stays recorded. */
static void *thread_executes(void *argument)
{
	execute(argument);
	return NULL;
}

static void thread_execute(void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, thread_executes, argument))
		quit("cannot make a thread");
	pause();
}

static void thread_executed(void)
{
	struct trace trace = trace_create(WORDS);

	task_run(thread_execute, &trace);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 37, "calls of getpid after exec");
}

static int cloned_child(void *argument)
{
	struct trace *trace = argument;

	call_getpid(10);
	return kcov_call(trace->fd, KCOV_DISABLE, 0) == EINVAL ? 0 : 1;
}

/* The child shares descriptors, memory and signal handlers. Coverage still belongs to the task. */
static void cloned(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	struct trace trace = trace_create(WORDS);
	int status;

	trace_enable(&trace);
	pid_t pid = clone(cloned_child, stack + sizeof(stack),
			  CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | SIGCHLD, &trace);
	call_getpid(1);
	waitpid(pid, &status, 0);
	trace_disable(&trace);
	expect_equal(status, 0, "status of the child");
	expect_getpid(&trace, 1);
}

/* A line is a case. */
/* clang-format off */
const struct test_case task_cases[] = {
	{ "fork: the child is off, and can enable its own", BOTH, .run = forked },
	{ "vfork: the child is off", BOTH, .run = vforked },
	{ "thread: it is off", BOTH, .run = threads },
	{ "clone: with all shared, the child is off", BOTH, .run = cloned },
	{ "exec: coverage goes on", BOTH, .run = executed },
	{ "exec: and can be disabled by the new program", BOTH, .run = executed_disable },
	{ "exec: by another thread than the first", BOTH, .run = thread_executed },
	{ "exit: when enabled", BOTH, .run = exited },
	{ "exit: of a thread, the process lives", BOTH, .run = thread_exited },
	{ "exit: of the first thread, the process lives", BOTH, .run = leader_exited },
	{ "exit: of the group, while a thread is enabled", BOTH, .run = group_exited },
	{ "SIGKILL: when enabled", BOTH, .run = killed },
	{ "close: when enabled", BOTH, .run = closed },
	{ "close and munmap: when enabled", BOTH, .run = closed_and_unmapped },
	{ "close, munmap, exit: when enabled", BOTH, .run = closed_then_exit },
	{}
};
/* clang-format on */
