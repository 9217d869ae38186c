// SPDX-License-Identifier: GPL-2.0
/* Remote sections whose owner disables, exits, closes or is killed while they run. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "section.h"
#include "suite.h"
#include "symbols.h"

#define WORDS  (64 * PAGE_WORDS)
#define HANDLE COMMON(0x601)

static void expect_calls(const struct trace *trace, uint64_t calls)
{
	expect_equal(trace_entries(trace, section_function(KCOVREPORT_KTHREAD)), calls,
		     "calls of the section");
}

/* The handle is free, and sections of it are recorded. */
static void expect_handle_works(struct trace *trace)
{
	remote_own(trace->fd, WORDS, HANDLE);
	__atomic_store_n(trace->area, 0, __ATOMIC_RELEASE);
	sections_run(KCOVREPORT_KTHREAD, HANDLE, 3, 3);
	expect_calls(trace, 9);
	expect_errno(kcov_call(trace->fd, KCOV_DISABLE, 0), 0, "disable");
}

static void disabled(void)
{
	struct trace trace = trace_create(WORDS);

	remote_own(trace.fd, 1000, HANDLE);
	pid_t pid = long_section_start(HANDLE);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable while it runs");
	uint64_t count = trace_count(&trace);
	task_wait(pid);
	expect_equal(trace_count(&trace), count, "PCs of a section that ended after DISABLE");
	expect_handle_works(&trace);
}

/* A section that ends late belongs to the earlier owner. The new owner of the handle,
 * through the same descriptor or another one, must not get its records. */
static void enabled_again(void)
{
	struct trace trace = trace_create(WORDS);

	remote_own(trace.fd, 1000, HANDLE);
	pid_t pid = long_section_start(HANDLE);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable while it runs");
	uint64_t count = trace_count(&trace);
	remote_own(trace.fd, 1000, HANDLE);
	task_wait(pid);
	expect_equal(trace_count(&trace), count, "PCs of a section that ended after DISABLE");
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable");
	expect_handle_works(&trace);
}

/* Before the section ends, the descriptor already has a trace of its own task. */
static void local_then(void)
{
	struct trace trace = trace_create(WORDS);

	remote_own(trace.fd, 1000, HANDLE);
	pid_t pid = long_section_start(HANDLE);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable while it runs");
	trace_enable(&trace);
	call_getpid(12);
	task_wait(pid);
	trace_disable(&trace);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 12, "calls of getpid");
	expect_calls(&trace, 0);
}

static void other_owner(void)
{
	struct trace trace = trace_create(WORDS), other = trace_create(WORDS);

	remote_own(trace.fd, 1000, HANDLE);
	pid_t pid = long_section_start(HANDLE);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable while it runs");
	remote_own(other.fd, 1000, HANDLE);
	task_wait(pid);
	expect_equal(trace_count(&other), 0, "PCs of who got the handle during the section");
}

struct owner {
	struct trace trace;
	struct gate ready, leave;
	bool closes;
};

static void owner_run(void *argument)
{
	struct owner *owner = argument;

	remote_own(owner->trace.fd, 1000, HANDLE);
	if (owner->closes)
		trace_destroy(&owner->trace);
	gate_open(&owner->ready);
	gate_wait(&owner->leave);
}

static pid_t owner_start(struct owner *owner)
{
	gate_init(&owner->ready);
	gate_init(&owner->leave);
	pid_t pid = task_start(owner_run, owner);
	gate_wait(&owner->ready);
	return pid;
}

static void exited(void)
{
	struct owner owner = { .trace = trace_create(WORDS) };
	pid_t pid = owner_start(&owner), section = long_section_start(HANDLE);

	gate_open(&owner.leave);
	task_wait(pid);
	uint64_t count = trace_count(&owner.trace);
	task_wait(section);
	expect_equal(trace_count(&owner.trace), count, "PCs of a section whose owner exited");
	expect_handle_works(&owner.trace);
}

static void killed(void)
{
	struct owner owner = { .trace = trace_create(WORDS) };
	pid_t pid = owner_start(&owner), section = long_section_start(HANDLE);

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	task_wait(section);
	expect_handle_works(&owner.trace);
}

/* When the section ends, it holds the last reference. */
static void exited_and_closed(void)
{
	struct owner owner = { .trace = trace_create(WORDS), .closes = true };
	pid_t pid = owner_start(&owner);

	trace_destroy(&owner.trace);
	pid_t section = long_section_start(HANDLE);
	gate_open(&owner.leave);
	task_wait(pid);
	task_wait(section);
	struct trace other = trace_create(WORDS);
	expect_handle_works(&other);
}

static void closed(void)
{
	struct trace trace = trace_create(WORDS);

	remote_own(trace.fd, 1000, HANDLE);
	pid_t pid = long_section_start(HANDLE);
	close(trace.fd);
	task_wait(pid);
	/* One section has room for this many PCs. */
	expect_equal(trace_count(&trace), 999, "PCs of the section");
	uint64_t calls = trace_entries(&trace, section_function(KCOVREPORT_KTHREAD));
	sections_run(KCOVREPORT_KTHREAD, HANDLE, 2, 2);
	expect_calls(&trace, calls + 4);
}

static void unmapped(void)
{
	struct trace trace = trace_create(WORDS), other = trace_create(WORDS);

	remote_own(trace.fd, 1000, HANDLE);
	pid_t pid = long_section_start(HANDLE);
	trace_destroy(&trace);
	task_wait(pid);
	sections_run(KCOVREPORT_KTHREAD, HANDLE, 2, 2);
	expect_errno(remote_enable(other.fd, 0, WORDS, HANDLE, NULL, 0), EBUSY,
		     "a second in the task");
	expect_equal(trace_count(&other), 0, "PCs of the other");
}

static bool is_recorded(void *argument)
{
	return trace_count(argument) > 0;
}

/* Owners come and go as fast as they can while sections run all the time. */
static void sections_forever(void *argument)
{
	(void)argument;
	for (;;)
		for (unsigned int context = KCOVREPORT_KTHREAD; context <= KCOVREPORT_SOFTIRQ;
		     context++)
			sections_run(context, HANDLE, 20, 3);
}

static void turns(void)
{
	struct trace trace = trace_create(PAGE_WORDS);
	pid_t pids[2];

	for (unsigned int i = 0; i < 2; i++)
		pids[i] = task_start(sections_forever, NULL);
	for (unsigned int i = 0; i < 200; i++) {
		remote_own(trace.fd, 16 + i % 3 * 1000, HANDLE);
		if (i % 50 == 49)
			expect_true(wait_until(is_recorded, &trace), "sections are recorded");
		expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable");
		__atomic_store_n(trace.area, 0, __ATOMIC_RELEASE);
	}
	for (unsigned int i = 0; i < 2; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	expect_handle_works(&trace);
}

/* A line is a case. */
/* clang-format off */
const struct test_case lifetime_cases[] = {
	{ "while a section runs: DISABLE", BOTH, .run = disabled },
	{ "while a section runs: DISABLE and REMOTE_ENABLE", BOTH, .run = enabled_again },
	{ "while a section runs: DISABLE and ENABLE", BOTH, .run = local_then },
	{ "while a section runs: another owner", BOTH, .run = other_owner },
	{ "while a section runs: exit of the owner", BOTH, .run = exited },
	{ "while a section runs: SIGKILL of the owner", BOTH, .run = killed },
	{ "while a section runs: exit and close, nobody is left", BOTH, .run = exited_and_closed },
	{ "while a section runs: close", BOTH, .run = closed },
	{ "while a section runs: close and munmap", BOTH, .run = unmapped },
	{ "while sections run: 200 owners", BOTH, .run = turns },
	{}
};
/* clang-format on */
