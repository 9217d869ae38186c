// SPDX-License-Identifier: GPL-2.0
/* Calls in which each allocation fails once. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checked.h"
#include "device.h"
#include "fault.h"
#include "inherit.h"
#include "nth.h"
#include "section.h"
#include "suite.h"

#define WORDS	     (64 * PAGE_WORDS)
#define HANDLE	     COMMON(0xc01)
#define MOST_HANDLES 5000
#define ROUNDS	     20

void each_failure_of(pid_t pid, struct call *call, int (*run)(struct call *),
		     void (*undo)(struct call *), unsigned int least)
{
	unsigned int n, failures = 0;
	int fd = fault_nth_open(pid);

	for (n = 1; n < MOST; n++) {
		fault_nth(fd, n);
		int error = run(call);
		bool injected = fault_nth_end(fd);

		if (!error) {
			call->successes++;
			undo(call);
		} else if (error == ENOMEM || error == EAGAIN) {
			failures++;
		} else {
			fail("allocation %u fails: %s", n, errno_name(error));
		}
		if (!injected)
			break;
	}
	expect_between(n, least + 1, MOST - 1, "calls until no allocation failed");
	expect_between(failures, least, MOST, "calls that failed");
	expect_true(call->successes > 0, "without a failure it works");
	close(fd);
}

void each_failure(struct call *call, int (*run)(struct call *), void (*undo)(struct call *),
		  unsigned int least)
{
	each_failure_of(0, call, run, undo, least);
}

static void close_it(struct call *call)
{
	close(call->fd);
}

void reopen(struct call *call)
{
	close(call->fd);
	call->fd = kcov_open();
}

void disable_it(struct call *call)
{
	expect_errno(kcov_call(call->fd, KCOV_DISABLE, 0), 0, "KCOV_DISABLE");
}

static int do_open(struct call *call)
{
	call->fd = open(KCOV_DEVICE, O_RDWR | O_CLOEXEC);
	return call->fd < 0 ? errno : 0;
}

static void opens(void)
{
	struct call call = {};

	each_failure(&call, do_open, close_it, 1);
}

static int do_init_trace(struct call *call)
{
	return kcov_call(call->fd, KCOV_INIT_TRACE, WORDS);
}

/* After a failure the same descriptor is used again: nothing of the failed trace may be left. */
static void init_trace(void)
{
	struct call call = { .fd = -1 };

	reopen(&call);
	each_failure(&call, do_init_trace, reopen, 2);
}

static int do_init_set(struct call *call)
{
	call->set.init = (struct kcov_set_init){ .size = sizeof(call->set.init) };
	return kcov_call_pointer(call->fd, KCOV_INIT_SET, &call->set.init);
}

static void init_set(void)
{
	struct call call = { .fd = -1 };

	reopen(&call);
	each_failure(&call, do_init_set, reopen, 2);
}

static int do_map(struct call *call)
{
	call->map = mmap(NULL, call->set.init.map_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 call->set.fd, 0);
	return call->map == MAP_FAILED ? errno : 0;
}

static void unmap(struct call *call)
{
	munmap(call->map, call->set.init.map_size);
}

static void maps(void)
{
	struct call call = { .set = set_create(0) };
	each_failure(&call, do_map, unmap, 1);
}

static int do_enable(struct call *call)
{
	return kcov_call(call->fd, KCOV_ENABLE, call->set.map ? KCOV_TRACE_SET : KCOV_TRACE_PC);
}

/* After a failure the trace must not be taken, and no task counted. */
static void enable_trace(void)
{
	struct trace trace = trace_create(WORDS);
	struct call call = { .fd = trace.fd };
	each_failure(&call, do_enable, disable_it, 1);
	expect_equal(stats_get(trace.fd).tasks, 0, "tasks");
}

static void enable_set(void)
{
	struct set set = set_create(0);
	struct call call = { .fd = set.fd, .set = set };
	each_failure(&call, do_enable, disable_it, 1);
	expect_equal(stats_get(set.fd).tasks, 0, "tasks");
}

static int do_remote_enable(struct call *call)
{
	return kcov_call_pointer(call->fd, KCOV_REMOTE_ENABLE, call->remote);
}

/* More handles need a bigger table. The first call that succeeds makes it grow. */
static void remote_enable_of(unsigned int count)
{
	struct trace trace = trace_create(WORDS);
	struct call call = { .fd = trace.fd };

	call.remote = calloc(1, sizeof(*call.remote) + count * sizeof(__aligned_u64));
	*call.remote = (struct kcov_remote_arg){ .trace_mode = KCOV_TRACE_PC,
						 .area_size = WORDS,
						 .num_handles = count,
						 .common_handle = HANDLE };
	for (unsigned int i = 0; i < count; i++)
		call.remote->handles[i] = USB(0xc000 + i);
	/* Large allocations fall back to vmalloc, so they may succeed. */
	each_failure(&call, do_remote_enable, disable_it, count ? 0 : 1);
}

static void remote_enable_one(void)
{
	remote_enable_of(0);
}

static void remote_enable_many(void)
{
	for (unsigned int count = 100; count <= MOST_HANDLES; count *= 7)
		remote_enable_of(count);
}

/* Memory of a section in the module's thread: its allocation fails. */
static void section_of(unsigned int words, bool is_small)
{
	struct trace trace = trace_create(WORDS);
	int fd = fault_nth_open(section_thread());
	unsigned int dropped = 0, n;

	for (n = 1; n < MOST; n++) {
		/* A new remote, which has no memory of earlier sections. */
		remote_own(trace.fd, words, HANDLE);
		__atomic_store_n(trace.area, 0, __ATOMIC_RELEASE);
		fault_nth(fd, n);
		sections_run(KCOVREPORT_NESTED, HANDLE, 1, 1);
		bool injected = fault_nth_end(fd), recorded = trace_count(&trace) > 0;
		unsigned int now = stats_get(trace.fd).dropped_sections;

		expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "KCOV_DISABLE");
		/* At most one allocation fails, so either the outer or the inner section is
		 * recorded. */
		expect_between(now - dropped, 0, injected, "sections that were dropped");
		expect_true(recorded, "the other section is recorded");
		dropped = now;
		if (!injected)
			break;
	}
	expect_between(n, 3, MOST - 1, "sections until no allocation failed");
	expect_true(!is_small || dropped > 0, "sections were dropped");
	close(fd);
	trace_destroy(&trace);
}

static void sections(void)
{
	section_of(100, true);
	section_of(WORDS, false);
}

static bool only_we_are_left(void *set)
{
	return stats_get(((struct set *)set)->fd).tasks == 1;
}

void births_of(const struct set *set, int (*run)(struct call *), void (*undo)(struct call *))
{
	/* For a pidfd. The mapping is shared, so the kernel can write to it without a copy. */
	struct call call = { .map = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0),
			     .set = *set };

	struct kcov_stats stats = {};
	for (unsigned int i = 0; i < ROUNDS && !stats.dropped_tasks; i++) {
		each_failure(&call, run, undo, 1);
		stats = stats_get(call.set.fd);
	}
	/* Children whose fork failed late are counted until RCU has freed them. */
	expect_true(wait_until(only_we_are_left, &call.set), "the task itself is left");
	stats = stats_get(call.set.fd);
	expect_equal(stats.inherited_tasks + stats.dropped_tasks, call.successes,
		     "children, recorded and not");
	expect_true(stats.dropped_tasks > 0, "one got no memory to be recorded");
	set_disable(&call.set);
	expect_no_tasks(&call.set);
}

static void births(int (*run)(struct call *), void (*undo)(struct call *))
{
	struct set set = inherit_create();

	births_of(&set, run, undo);
}

int do_fork(struct call *call)
{
	call->pid = fork();
	if (call->pid == 0)
		_exit(0);
	return call->pid < 0 ? errno : 0;
}

static int do_vfork(struct call *call)
{
	call->pid = vfork();
	if (call->pid == 0)
		_exit(0);
	return call->pid < 0 ? errno : 0;
}

static int do_clone3(struct call *call)
{
	struct clone_args arguments = { .flags = CLONE_PIDFD | CLONE_NEWUTS | CLONE_NEWPID,
					.pidfd = (unsigned long)call->map,
					.exit_signal = SIGCHLD };

	call->pid = clone3(&arguments);
	if (call->pid == 0)
		_exit(0);
	int error = call->pid < 0 ? errno : 0;
	if (call->pid > 0)
		close(*(int *)call->map);
	return error;
}

void reap(struct call *call)
{
	waitpid(call->pid, NULL, 0);
}

static void *thread_run(void *argument)
{
	call_gettid(1);
	return argument;
}

static int do_thread(struct call *call)
{
	return pthread_create(&call->thread, NULL, thread_run, NULL);
}

static void join(struct call *call)
{
	pthread_join(call->thread, NULL);
}

static void forks(void)
{
	births(do_fork, reap);
}

static void vforks(void)
{
	births(do_vfork, reap);
}

static void clones(void)
{
	births(do_clone3, reap);
}

static void threads(void)
{
	births(do_thread, join);
}

/* A line is a case. */
/* clang-format off */
const struct test_case nth_cases[] = {
	{ "each allocation fails: open", OURS, .run = opens },
	{ "each allocation fails: KCOV_INIT_TRACE", OURS, .run = init_trace },
	{ "each allocation fails: KCOV_INIT_SET", OURS, .run = init_set },
	{ "each allocation fails: mmap", OURS, .run = maps },
	{ "each allocation fails: KCOV_ENABLE of a trace", OURS, .run = enable_trace },
	{ "each allocation fails: KCOV_ENABLE of a set", OURS, .run = enable_set },
	{ "each allocation fails: KCOV_REMOTE_ENABLE", OURS, .run = remote_enable_one },
	{ "each allocation fails: KCOV_REMOTE_ENABLE of many handles", OURS, .run = remote_enable_many },
	{ "each allocation fails: sections in a kernel thread", OURS, .run = sections },
	{ "each allocation fails: fork", OURS, .run = forks },
	{ "each allocation fails: vfork", OURS, .run = vforks },
	{ "each allocation fails: clone3 with namespaces", OURS, .run = clones },
	{ "each allocation fails: pthread_create", OURS, .run = threads },
	{}
};
/* clang-format on */
