// SPDX-License-Identifier: GPL-2.0
/* Remote sections of the test module: the trace of the handle's owner has exact counts of the
 * module's functions. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "device.h"
#include "section.h"
#include "suite.h"
#include "symbols.h"

#define WORDS  (64 * PAGE_WORDS)
#define HANDLE COMMON(0x401)

static struct trace owner_create(uint64_t handle)
{
	struct trace trace = trace_create(WORDS);

	remote_own(trace.fd, WORDS, handle);
	return trace;
}

static void expect_sections(const struct trace *trace, unsigned int context, uint64_t calls)
{
	expect_equal(trace_entries(trace, section_function(context)), calls,
		     section_function(context));
}

static void context_run(unsigned int context, uint64_t handle)
{
	struct trace trace = owner_create(handle);

	sections_run(context, handle, 7, 5);
	expect_sections(&trace, context, 35);
	sections_run(context, handle, 3, 1);
	expect_sections(&trace, context, 38);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable");
	sections_run(context, handle, 7, 5);
	expect_sections(&trace, context, 38);
}

static void kthread_common(void)
{
	context_run(KCOVREPORT_KTHREAD, HANDLE);
}

static void work_common(void)
{
	context_run(KCOVREPORT_WORK, HANDLE);
}

static void softirq_common(void)
{
	context_run(KCOVREPORT_SOFTIRQ, HANDLE);
}

static void kthread_usb(void)
{
	context_run(KCOVREPORT_KTHREAD, USB(0x401));
}

static void work_usb(void)
{
	context_run(KCOVREPORT_WORK, USB(0x401));
}

static void softirq_usb(void)
{
	context_run(KCOVREPORT_SOFTIRQ, USB(0));
}

static void several(void)
{
	uint64_t handles[] = { USB(0x501), USB(0x502), USB(0x503) };
	struct trace trace = trace_create(WORDS);

	expect_errno(remote_enable(trace.fd, KCOV_TRACE_PC, WORDS, HANDLE, handles, 3), 0,
		     "remote enable");
	sections_run(KCOVREPORT_WORK, HANDLE, 1, 2);
	sections_run(KCOVREPORT_WORK, handles[0], 2, 2);
	sections_run(KCOVREPORT_WORK, handles[1], 4, 2);
	sections_run(KCOVREPORT_WORK, handles[2], 8, 2);
	sections_run(KCOVREPORT_WORK, USB(0x504), 16, 2);
	expect_sections(&trace, KCOVREPORT_WORK, 30);
}

/* Every one of many handles is found. */
static void many(uint64_t count)
{
	static uint64_t handles[65536];
	struct trace trace = trace_create(WORDS);

	for (uint64_t i = 0; i < count; i++)
		handles[i] = USB(0x20000 + 37 * i);
	expect_errno(remote_enable(trace.fd, KCOV_TRACE_PC, WORDS, 0, handles, count), 0,
		     "remote enable");
	for (uint64_t i = 0; i < 8; i++)
		sections_run(KCOVREPORT_WORK, handles[i * (count - 1) / 7], 1, 2);
	sections_run(KCOVREPORT_WORK, USB(0x20001), 1, 2);
	expect_sections(&trace, KCOVREPORT_WORK, 16);
}

static void many_256(void)
{
	many(256);
}

static void many_65536(void)
{
	many(65536);
}

/* The task itself is not recorded. */
static void not_the_owner(void)
{
	struct trace trace = owner_create(HANDLE);

	call_getpid(10);
	expect_equal(trace_count(&trace), 0, "PCs without a section");
	sections_run(KCOVREPORT_KTHREAD, HANDLE, 1, 1);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 0, "calls of getpid");
	expect_equal(trace_entries(&trace, "remote_ioctl"), 0, "calls of the module's ioctl");
}

static void two_owners_child(void *argument)
{
	struct trace trace = owner_create(COMMON(0x402));

	(void)argument;
	for (unsigned int i = 0; i < 10; i++)
		sections_run(i % 2 ? KCOVREPORT_KTHREAD : KCOVREPORT_SOFTIRQ, 0, 10, 2);
	expect_sections(&trace, KCOVREPORT_KTHREAD, 100);
	expect_sections(&trace, KCOVREPORT_SOFTIRQ, 100);
	expect_sections(&trace, KCOVREPORT_WORK, 0);
}

static void two_owners(void)
{
	struct trace trace = owner_create(HANDLE);
	pid_t pid = task_start(two_owners_child, NULL);

	for (unsigned int i = 0; i < 10; i++)
		sections_run(i % 2 ? KCOVREPORT_KTHREAD : KCOVREPORT_WORK, 0, 10, 3);
	task_wait(pid);
	expect_sections(&trace, KCOVREPORT_KTHREAD, 150);
	expect_sections(&trace, KCOVREPORT_WORK, 150);
	expect_sections(&trace, KCOVREPORT_SOFTIRQ, 0);
}

/* Handle 0 stands for the handle of the caller. */
static void sections_of_caller(void *argument)
{
	(void)argument;
	sections_run(KCOVREPORT_WORK, 0, 3, 2);
}

static void grandparent(void *argument)
{
	sections_of_caller(argument);
	task_run(sections_of_caller, NULL);
}

static void *thread_of_caller(void *argument)
{
	sections_of_caller(argument);
	return NULL;
}

static void inherited(void)
{
	struct trace trace = owner_create(HANDLE);
	pthread_t thread;

	sections_of_caller(NULL);
	expect_sections(&trace, KCOVREPORT_WORK, 6);
	task_run(sections_of_caller, NULL);
	expect_sections(&trace, KCOVREPORT_WORK, 12);
	task_run(grandparent, NULL);
	expect_sections(&trace, KCOVREPORT_WORK, 24);
	if (pthread_create(&thread, NULL, thread_of_caller, NULL))
		quit("cannot make a thread");
	pthread_join(thread, NULL);
	expect_sections(&trace, KCOVREPORT_WORK, 30);
}

/* A child created before has no handle. After DISABLE the parent has none either; its children
 * keep theirs, but nothing is recorded for it. */
static void waiting_child(void *argument)
{
	gate_wait(argument);
	sections_of_caller(NULL);
}

static void not_inherited(void)
{
	struct gate before, after;

	gate_init(&before);
	gate_init(&after);
	pid_t first = task_start(waiting_child, &before);
	struct trace trace = owner_create(HANDLE);
	pid_t second = task_start(waiting_child, &after);
	gate_open(&before);
	task_wait(first);
	expect_sections(&trace, KCOVREPORT_WORK, 0);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable");
	sections_of_caller(NULL);
	gate_open(&after);
	task_wait(second);
	expect_sections(&trace, KCOVREPORT_WORK, 0);
}

/* KCOV_DISABLE of a local trace also clears the task's inherited handle. */
static void local_child(void *argument)
{
	struct trace local = trace_create(WORDS);

	(void)argument;
	trace_enable(&local);
	sections_of_caller(NULL);
	expect_errno(kcov_call(local.fd, KCOV_DISABLE, 0), 0, "disable");
	sections_of_caller(NULL);
}

static void local_disabled(void)
{
	struct trace trace = owner_create(HANDLE);

	task_run(local_child, NULL);
	expect_sections(&trace, KCOVREPORT_WORK, 6);
	task_run(sections_of_caller, NULL);
	expect_sections(&trace, KCOVREPORT_WORK, 12);
}

/* The child's handle is only a number: whichever task owns that handle next records the
 * child's sections again. */
static void handle_again(void)
{
	struct gate gate;

	gate_init(&gate);
	struct trace trace = owner_create(HANDLE);
	pid_t pid = task_start(waiting_child, &gate);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable");
	struct trace other = owner_create(HANDLE);
	gate_open(&gate);
	task_wait(pid);
	expect_sections(&trace, KCOVREPORT_WORK, 0);
	expect_sections(&other, KCOVREPORT_WORK, 6);
}

static void area_small(void)
{
	struct trace trace = trace_create(WORDS);

	remote_own(trace.fd, 100, HANDLE);
	section_steps(KCOVREPORT_KTHREAD, HANDLE, 1000);
	expect_equal(trace_count(&trace), 99, "PCs of a section that did not fit into 100 words");
	section_steps(KCOVREPORT_KTHREAD, HANDLE, 1000);
	expect_equal(trace_count(&trace), 198, "PCs of two");
	sections_run(KCOVREPORT_KTHREAD, HANDLE, 5, 2);
	expect_sections(&trace, KCOVREPORT_KTHREAD, 12);
	if (is_ours)
		expect_between(stats_get(trace.fd).dropped_remote_pcs, 2 * 901, 10000,
			       "dropped_remote_pcs");
}

static void full(void)
{
	const size_t words = 8 * PAGE_WORDS;
	struct trace trace = trace_create(words);

	remote_own(trace.fd, WORDS, HANDLE);
	section_steps(KCOVREPORT_KTHREAD, HANDLE, 200);
	expect_between(trace_count(&trace), 200, words - 2, "PCs of a section that fits");
	section_steps(KCOVREPORT_KTHREAD, HANDLE, words);
	expect_equal(trace_count(&trace), words - 1, "PCs of a full area");
	section_steps(KCOVREPORT_WORK, HANDLE, words);
	section_steps(KCOVREPORT_SOFTIRQ, HANDLE, words);
	expect_equal(trace_count(&trace), words - 1, "PCs of a full area");
	expect_true(trace.area[words - 1] != 0, "the last word is a PC");
	__atomic_store_n(trace.area, 0, __ATOMIC_RELEASE);
	sections_run(KCOVREPORT_SOFTIRQ, HANDLE, 5, 2);
	expect_sections(&trace, KCOVREPORT_SOFTIRQ, 10);
}

/* A softirq interrupts a task that has coverage of its own: each records its own PCs. */
static void interrupted_owner(void *argument)
{
	struct gate *gates = argument;
	struct trace trace = owner_create(HANDLE);

	gate_open(&gates[0]);
	gate_wait(&gates[1]);
	expect_sections(&trace, KCOVREPORT_SOFTIRQ, 40);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 0, "getpid in the section");
}

static void interrupted(void)
{
	struct gate gates[2];

	gate_init(&gates[0]);
	gate_init(&gates[1]);
	pid_t pid = task_start(interrupted_owner, gates);
	struct trace trace = trace_create(8 * WORDS);
	gate_wait(&gates[0]);
	trace_enable(&trace);
	for (unsigned int i = 0; i < 20; i++) {
		call_getpid(1);
		sections_run(KCOVREPORT_SOFTIRQ, HANDLE, 1, 2);
	}
	trace_disable(&trace);
	gate_open(&gates[1]);
	task_wait(pid);
	expect_sections(&trace, KCOVREPORT_SOFTIRQ, 0);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 20, "getpid of the task");
	expect_equal(trace_entries(&trace, "remote_ioctl"), 20, "ioctls of the task");
}

/* A section that has no owner, in a task with coverage: it is recorded nowhere. */
static void nobody(void)
{
	struct trace trace = trace_create(8 * WORDS);

	trace_enable(&trace);
	for (unsigned int i = 0; i < 3; i++)
		sections_run(KCOVREPORT_SOFTIRQ, HANDLE, 5, 2);
	trace_disable(&trace);
	expect_sections(&trace, KCOVREPORT_SOFTIRQ, 0);
	expect_equal(trace_entries(&trace, "remote_ioctl"), 3, "ioctls of the task");
}

static void nested_stock(void)
{
	/* The kernel prints the warning inside the section, which makes many PCs. */
	struct trace trace = trace_create(1 << 20);

	remote_own(trace.fd, 1 << 20, HANDLE);
	sections_run(KCOVREPORT_NESTED, HANDLE, 1, 4);
	expect_equal(trace_entries(&trace, "kcovreport_pre_nested"), 4,
		     "calls before the inner section");
	expect_equal(trace_entries(&trace, "kcovreport_in_nested"), 4,
		     "calls in the inner section");
	expect_equal(trace_entries(&trace, "kcovreport_post_nested"), 0,
		     "calls after the inner section");
	sections_run(KCOVREPORT_KTHREAD, HANDLE, 2, 4);
	expect_sections(&trace, KCOVREPORT_KTHREAD, 8);
}

static void nested_ours(void)
{
	struct trace trace = owner_create(HANDLE);

	sections_run(KCOVREPORT_NESTED, HANDLE, 6, 4);
	expect_equal(trace_entries(&trace, "kcovreport_pre_nested"), 24,
		     "calls before the inner section");
	expect_equal(trace_entries(&trace, "kcovreport_in_nested"), 24,
		     "calls in the inner section");
	expect_equal(trace_entries(&trace, "kcovreport_post_nested"), 24,
		     "calls after the inner section");
	sections_run(KCOVREPORT_KTHREAD, HANDLE, 2, 4);
	expect_sections(&trace, KCOVREPORT_KTHREAD, 8);
}

static void local_and_remote(void)
{
	struct trace local = trace_create(8 * WORDS), trace = owner_create(HANDLE);

	trace_enable(&local);
	call_getpid(3);
	sections_run(KCOVREPORT_KTHREAD, 0, 4, 2);
	sections_run(KCOVREPORT_SOFTIRQ, 0, 4, 2);
	trace_disable(&local);
	call_getpid(3);
	sections_run(KCOVREPORT_WORK, 0, 4, 2);
	expect_equal(trace_entries(&local, "__x64_sys_getpid"), 3, "local calls of getpid");
	expect_sections(&local, KCOVREPORT_SOFTIRQ, 0);
	expect_sections(&trace, KCOVREPORT_KTHREAD, 8);
	expect_sections(&trace, KCOVREPORT_SOFTIRQ, 8);
	expect_sections(&trace, KCOVREPORT_WORK, 8);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 0, "remote calls of getpid");
}

/* A line is a case. */
/* clang-format off */
const struct test_case section_cases[] = {
	{ "sections: in a kernel thread, common handle", BOTH, .run = kthread_common },
	{ "sections: in a work item, common handle", BOTH, .run = work_common },
	{ "sections: in a softirq, common handle", BOTH, .run = softirq_common },
	{ "sections: in a kernel thread, USB handle", BOTH, .run = kthread_usb },
	{ "sections: in a work item, USB handle", BOTH, .run = work_usb },
	{ "sections: in a softirq, USB handle of instance 0", BOTH, .run = softirq_usb },
	{ "sections: several handles of one descriptor", BOTH, .run = several },
	{ "sections: 256 handles", BOTH, .run = many_256 },
	{ "sections: 65,536 handles", OURS, .run = many_65536 },
	{ "sections: nothing of the owner itself", BOTH, .run = not_the_owner },
	{ "sections: two owners at a time", BOTH, .run = two_owners },
	{ "common handle: of the task, its children and threads", BOTH, .run = inherited },
	{ "common handle: not before REMOTE_ENABLE and after DISABLE", BOTH, .run = not_inherited },
	{ "common handle: of a child, when it was local and is not any more", BOTH, .run = local_disabled },
	{ "common handle: of a child, when somebody has it again", BOTH, .run = handle_again },
	{ "sections: larger than their area", BOTH, .run = area_small },
	{ "sections: into a full area", BOTH, .run = full },
	{ "sections: in a softirq on top of a task with a trace", BOTH, .run = interrupted },
	{ "sections: of nobody, on top of a task with a trace", BOTH, .run = nobody },
	{ "nested sections: a warning, and the rest of the outer one is lost", STOCK, .run = nested_stock },
	{ "nested sections: recorded", OURS, .run = nested_ours },
	{ "local and remote in one task: both recorded", OURS, .run = local_and_remote },
	{}
};
/* clang-format on */
