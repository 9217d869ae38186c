// SPDX-License-Identifier: GPL-2.0
/* Allocations that fail, for sets with contexts and for the set of the whole system. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "checked.h"
#include "device.h"
#include "fault.h"
#include "inherit.h"
#include "nth.h"
#include "section.h"
#include "suite.h"
#include "symbols.h"

#define WORDS	   (64 * PAGE_WORDS)
#define HANDLE	   COMMON(0xe01)
#define MOST_TRIES 3000
#define KTHREADD   2

static struct set contexts_create(struct set contexts[5])
{
	struct set set = set_create(0);

	for (unsigned int i = KCOV_CONTEXT_SOFTIRQ; i <= KCOV_CONTEXT_WORK; i++)
		contexts[i] = context_add(&set, i);
	return set;
}

/*
 * The first call since boot allocates the table of objects, as one large allocation or, if that
 * fails, as vmalloc memory. So all allocations must fail at once. This case comes before all others
 * with contexts.
 */
static void add_context(void)
{
	struct set set = set_create_small(1), other = set_create_small(1),
		   third = set_create_small(1);
	int fd = fault_all_begin(), error = context_call(set.fd, KCOV_CONTEXT_WORK, other.fd);

	fault_all_end(fd);
	expect_errno(error, ENOMEM, "without memory");
	/* Neither of the two has a context or is one. */
	expect_errno(context_call(third.fd, KCOV_CONTEXT_WORK, set.fd), 0, "it to another set");
	expect_errno(context_call(other.fd, KCOV_CONTEXT_WORK, third.fd), EINVAL,
		     "a set that has contexts");
	set_destroy(&set);
	set = set_create_small(1);
	expect_errno(context_call(other.fd, KCOV_CONTEXT_WORK, set.fd), 0, "the other way round");
}

/* Once the table is there, nothing is allocated. */
static void add_context_again(void)
{
	struct set set = set_create_small(1), other = set_create_small(1),
		   third = set_create_small(1);

	expect_errno(context_call(set.fd, KCOV_CONTEXT_WORK, other.fd), 0, "with memory");
	int fd = fault_all_begin(), first = context_call(set.fd, KCOV_CONTEXT_SOFTIRQ, other.fd),
	    second = context_call(third.fd, KCOV_CONTEXT_KTHREAD, other.fd);

	fault_all_end(fd);
	expect_errno(first, 0, "another context");
	expect_errno(second, 0, "another set");
}

static int do_init_system(struct call *call)
{
	call->set.init =
		(struct kcov_set_init){ .size = sizeof(call->set.init), .flags = KCOV_SET_SYSTEM };
	return kcov_call_pointer(call->fd, KCOV_INIT_SET, &call->set.init);
}

/*
 * The first call that succeeds is the last one that allocates. After each failure the descriptor
 * has no set and the system has no holder, or the next call would return EBUSY.
 */
static void init_system(void)
{
	struct call call = { .fd = kcov_open() };

	each_failure(&call, do_init_system, reopen, 2);
	expect_errno(do_init_system(&call), 0, "KCOV_INIT_SET");
	expect_equal(call.set.init.hash_slots, 1 << 18, "slots");
}

static void use_system(void)
{
	struct set set = set_create_system();
	int fd = fault_all_begin(), on = kcov_call(set.fd, KCOV_ENABLE, KCOV_TRACE_SYSTEM),
	    reset = kcov_call(set.fd, KCOV_RESET_SET, 0), off = kcov_call(set.fd, KCOV_DISABLE, 0);

	fault_all_end(fd);
	expect_errno(on, 0, "KCOV_ENABLE");
	expect_errno(reset, 0, "KCOV_RESET_SET");
	expect_errno(off, 0, "KCOV_DISABLE");
	expect_true(set_size(&set) > 0, "it recorded");
}

static int do_enable(struct call *call)
{
	return kcov_call(call->fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT);
}

static void enable_contexts(void)
{
	struct set contexts[5], set = contexts_create(contexts);
	struct call call = { .fd = set.fd };

	each_failure(&call, do_enable, disable_it, 1);
	expect_equal(stats_get(set.fd).tasks, 0, "tasks");
}

static void forks(void)
{
	struct set contexts[5], set = contexts_create(contexts);

	set_enable(&set, KCOV_INHERIT);
	births_of(&set, do_fork, reap);
}

static int do_thread(struct call *call)
{
	(void)call;
	return sections_try(KCOVREPORT_THREAD, 0, 1, 1);
}

static void nothing(struct call *call)
{
	(void)call;
}

static void expect_threads(const struct set *threads, unsigned int count)
{
	struct kcov_stats stats = stats_get(threads->fd);

	expect_equal(stats.inherited_tasks + stats.dropped_tasks, count,
		     "kernel threads, recorded and not");
	expect_no_tasks(threads);
}

/* First the allocations of the task that asks for the thread fail, then those of kthreadd. */
static void threads(void)
{
	struct set contexts[5], set = contexts_create(contexts);
	struct call call = {};

	set_enable(&set, 0);
	each_failure(&call, do_thread, nothing, 3);
	each_failure_of(KTHREADD, &call, do_thread, nothing, 2);
	set_disable(&set);
	expect_true(set_has_function(&contexts[KCOV_CONTEXT_KTHREAD], "kcovreport_in_thread"),
		    "a thread is recorded");
	expect_equal(stats_get(contexts[KCOV_CONTEXT_KTHREAD].fd).dropped_tasks, 0,
		     "threads that got no memory");
	expect_threads(&contexts[KCOV_CONTEXT_KTHREAD], call.successes);
}

/*
 * A new thread allocates what it needs to be recorded. It cannot be marked before it runs, but is
 * marked like kthreadd, whose copy it is.
 */
static void thread_without_memory(void)
{
	struct set contexts[5], set = contexts_create(contexts);
	unsigned int tries, successes = 0;

	set_enable(&set, 0);
	faults_rate(30);
	fault_random(KTHREADD, true);
	for (tries = 0; tries < MOST_TRIES; tries++) {
		int error = do_thread(NULL);

		successes += !error;
		if (error && error != ENOMEM && error != EAGAIN)
			fail("a kernel thread: %s", errno_name(error));
		if (stats_get(contexts[KCOV_CONTEXT_KTHREAD].fd).dropped_tasks)
			break;
	}
	fault_random_end();
	set_disable(&set);
	expect_true(tries < MOST_TRIES, "one got no memory to be recorded");
	expect_threads(&contexts[KCOV_CONTEXT_KTHREAD], successes);
}

/*
 * Work of a recorded task in the module's thread, and a section in it for a handle of the task. If
 * there is no memory for the section, then the work's set has what it executes.
 */
static void section_in_work(void)
{
	struct set contexts[5], set = contexts_create(contexts);
	struct trace trace = trace_create(WORDS);
	int fd = fault_nth_open(section_thread());
	unsigned int dropped = 0, n;

	set_enable(&set, 0);
	for (n = 1; n < MOST; n++) {
		remote_own(trace.fd, 100, HANDLE);
		__atomic_store_n(trace.area, 0, __ATOMIC_RELEASE);
		kcov_call(contexts[KCOV_CONTEXT_WORK].fd, KCOV_RESET_SET, 0);
		fault_nth(fd, n);
		sections_run(KCOVREPORT_KTHREAD, HANDLE, 1, 1);
		bool injected = fault_nth_end(fd);
		unsigned int now = stats_get(trace.fd).dropped_sections;

		expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "KCOV_DISABLE");
		expect_equal(trace_entries(&trace, "kcovreport_in_kthread"), now == dropped,
			     "entries for the handle");
		expect_true(set_has_function(&contexts[KCOV_CONTEXT_WORK],
					     "kcovreport_in_kthread") == (now > dropped),
			    "the work's set has only what the handle has not");
		dropped = now;
		if (!injected)
			break;
	}
	expect_between(n, 2, MOST - 1, "sections until no allocation failed");
	expect_true(dropped > 0, "sections were dropped");
	close(fd);
}

/* A line is a case. The first one comes first. */
/* clang-format off */
const struct test_case nth_context_cases[] = {
	{ "each allocation fails: KCOV_ADD_CONTEXT", OURS, .run = add_context },
	{ "each allocation fails: KCOV_ADD_CONTEXT again", OURS, .run = add_context_again },
	{ "each allocation fails: KCOV_INIT_SET of the whole system", OURS, .run = init_system },
	{ "each allocation fails: KCOV_ENABLE of the whole system", OURS, .run = use_system },
	{ "each allocation fails: KCOV_ENABLE of a set with contexts", OURS, .run = enable_contexts },
	{ "each allocation fails: fork of a task with contexts", OURS, .run = forks },
	{ "each allocation fails: kernel threads of a recorded task", OURS, .run = threads },
	{ "each allocation fails: recording a new kernel thread", OURS, .run = thread_without_memory },
	{ "each allocation fails: a section in work of a recorded task", OURS, .run = section_in_work },
	{}
};
/* clang-format on */
