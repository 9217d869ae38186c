// SPDX-License-Identifier: GPL-2.0
/* Contexts of a set (kcov_set.h): what the kernel does for a task elsewhere. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "kcovreport_remote.h"
#include "section.h"
#include "suite.h"
#include "symbols.h"

/* A set and its contexts, by KCOV_CONTEXT_. */
struct sets {
	struct set task, contexts[5];
};

static const char *const names[] = { "task", "softirq", "interrupt", "kthread", "work" };

static struct sets sets_create(void)
{
	struct sets sets = { .task = set_create(0) };

	for (unsigned int i = KCOV_CONTEXT_SOFTIRQ; i <= KCOV_CONTEXT_WORK; i++)
		sets.contexts[i] = context_add(&sets.task, i);
	return sets;
}

static const struct set *set_of(const struct sets *sets, unsigned int context)
{
	return context ? &sets->contexts[context] : &sets->task;
}

/* The function is in this set. It is in no other, but perhaps in that of interrupts. */
static void expect_in(const struct sets *sets, const char *function, unsigned int context)
{
	for (unsigned int i = 0; i <= KCOV_CONTEXT_WORK; i++) {
		bool has = set_has_function(set_of(sets, i), function);

		if (has != (i == context) && i != KCOV_CONTEXT_INTERRUPT)
			fail("%s is %sin the set of context %s", function, has ? "" : "not ",
			     names[i]);
	}
}

static void errors(void)
{
	struct set set = set_create_small(1), other = set_create_small(1),
		   third = set_create_small(1);
	struct trace trace = trace_create(PAGE_WORDS);
	struct kcov_set_context wrong = { .size = sizeof(wrong) - 1,
					  .context = KCOV_CONTEXT_WORK,
					  .fd = other.fd };

	expect_errno(kcov_call_pointer(set.fd, KCOV_ADD_CONTEXT, NULL), EFAULT, "no argument");
	expect_errno(kcov_call_pointer(set.fd, KCOV_ADD_CONTEXT, &wrong), EINVAL, "size");
	wrong.size++, wrong.reserved = 1;
	expect_errno(kcov_call_pointer(set.fd, KCOV_ADD_CONTEXT, &wrong), EINVAL, "reserved");
	expect_errno(context_call(set.fd, 0, other.fd), EINVAL, "context 0");
	expect_errno(context_call(set.fd, 5, other.fd), EINVAL, "context 5");
	expect_errno(context_call(set.fd, 1, -1), EBADF, "fd -1");
	expect_errno(context_call(set.fd, 1, 999), EBADF, "fd 999");
	expect_errno(context_call(set.fd, 1, 0), EINVAL, "another file");
	expect_errno(context_call(set.fd, 1, kcov_open()), EINVAL, "a descriptor without a set");
	expect_errno(context_call(kcov_open(), 1, other.fd), EINVAL, "to one without a set");
	expect_errno(context_call(set.fd, 1, trace.fd), EINVAL, "a trace");
	expect_errno(context_call(trace.fd, 1, set.fd), EINVAL, "to a trace");
	expect_errno(context_call(set.fd, 1, set.fd), EINVAL, "the set itself");
	expect_errno(context_call(set.fd, 1, other.fd), 0, "a set");
	expect_errno(context_call(set.fd, 1, third.fd), EBUSY, "the same context again");
	expect_errno(context_call(other.fd, 2, third.fd), EINVAL, "a context of a context");
	expect_errno(context_call(third.fd, 2, set.fd), EINVAL, "a set with contexts");
	expect_errno(context_call(set.fd, 2, other.fd), 0, "one set for two contexts");
}

/* More sets have contexts, one after the other, than the kernel allows at a time: 256. */
static void many(void)
{
	struct set other = set_create_small(1);

	for (int i = 0; i < 300; i++) {
		struct kcov_set_init init = { .size = sizeof(init),
					      .flags = KCOV_SET_HASH_MODULES,
					      .hash_slots = 1 };
		int fd = kcov_open();

		expect_errno(kcov_call_pointer(fd, KCOV_INIT_SET, &init), 0, "KCOV_INIT_SET");
		expect_errno(context_call(fd, KCOV_CONTEXT_WORK, other.fd), 0, "add");
		close(fd);
	}
}

static void module_case(unsigned int module_context, unsigned int context)
{
	struct sets sets = sets_create();
	const char *function = section_function(module_context);

	set_enable(&sets.task, 0);
	sections_run(module_context, 0, 3, 1);
	set_disable(&sets.task);
	expect_in(&sets, function, context);
	expect_equal(stats_get(sets.contexts[KCOV_CONTEXT_WORK].fd).dropped_sections, 0,
		     "lost work");
}

static void in_softirq(void)
{
	module_case(KCOVREPORT_SOFTIRQ, KCOV_CONTEXT_SOFTIRQ);
}

static void in_work(void)
{
	module_case(KCOVREPORT_WORK, KCOV_CONTEXT_WORK);
}

static void in_timer(void)
{
	module_case(KCOVREPORT_TIMER, KCOV_CONTEXT_WORK);
}

static void in_rcu(void)
{
	module_case(KCOVREPORT_RCU, KCOV_CONTEXT_WORK);
}

static void in_new_thread(void)
{
	module_case(KCOVREPORT_THREAD, KCOV_CONTEXT_KTHREAD);
}

/* The worker's thread was created by another task, but the work was queued by this one. */
static void in_worker(void)
{
	module_case(KCOVREPORT_KTHREAD, KCOV_CONTEXT_WORK);
}

/* Without contexts nothing of it is recorded. */
static void without(void)
{
	struct set set = set_create(0);

	set_enable(&set, 0);
	for (unsigned int i = 0; i <= KCOVREPORT_THREAD; i++)
		if (i != KCOVREPORT_NESTED)
			sections_run(i, 0, 1, 1);
	set_disable(&set);
	for (unsigned int i = 0; i <= KCOVREPORT_THREAD; i++)
		if (i != KCOVREPORT_NESTED && set_has_function(&set, section_function(i)))
			fail("%s is in the set of the task", section_function(i));
}

/* Of a system call of its own, so that it is seen whether the right function was found. */
static void send_datagram(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int in = socket(AF_INET, SOCK_DGRAM, 0), out = socket(AF_INET, SOCK_DGRAM, 0);
	char byte = 'x';

	if (in < 0 || out < 0 || bind(in, (struct sockaddr *)&address, length) ||
	    getsockname(in, (struct sockaddr *)&address, &length))
		quit("no socket: %s", strerror(errno));
	for (int i = 0; i < 20; i++)
		if (sendto(out, &byte, 1, 0, (struct sockaddr *)&address, length) != 1 ||
		    recv(in, &byte, 1, 0) != 1)
			quit("a datagram was lost: %s", strerror(errno));
	close(in);
	close(out);
}

static void loopback(void)
{
	struct sets sets = sets_create();

	set_enable(&sets.task, 0);
	send_datagram();
	set_disable(&sets.task);
	expect_in(&sets, "udp_rcv", KCOV_CONTEXT_SOFTIRQ);
}

/* Softirqs on top of the task that it did not raise: the timer tick raises one. */
static void interrupted(void)
{
	time_t end = time(NULL) + 2 * slowness();
	struct utsname name;

	/* There an interrupt leaves softirqs to threads. */
	if (!uname(&name) && strstr(name.version, "PREEMPT_RT"))
		skip("no softirq runs on top of a task with PREEMPT_RT");
	struct sets sets = sets_create();

	set_enable(&sets.task, 0);
	while (time(NULL) < end &&
	       !set_has_function(&sets.contexts[KCOV_CONTEXT_INTERRUPT], "run_timer_softirq"))
		;
	set_disable(&sets.task);
	expect_in(&sets, "run_timer_softirq", KCOV_CONTEXT_INTERRUPT);
	expect_true(set_has_function(&sets.contexts[KCOV_CONTEXT_INTERRUPT], "run_timer_softirq"),
		    "run_timer_softirq");
}

static void everything(void)
{
	for (unsigned int i = 0; i <= KCOVREPORT_THREAD; i++)
		if (i != KCOVREPORT_NESTED)
			sections_run(i, 0, 20, 1);
	send_datagram();
}

static void other_task(void *argument)
{
	(void)argument;
	everything();
}

/* What a task does that is not recorded, or is recorded into another set. */
static void side_by_side(void)
{
	struct sets sets = sets_create();
	pid_t pid;

	set_enable(&sets.task, 0);
	pid = task_start(other_task, NULL);
	task_wait(pid);
	set_disable(&sets.task);
	for (unsigned int i = 0; i <= KCOVREPORT_THREAD; i++)
		for (unsigned int context = 0; context <= KCOV_CONTEXT_WORK; context++)
			if (i != KCOVREPORT_NESTED && context != KCOV_CONTEXT_INTERRUPT &&
			    set_has_function(set_of(&sets, context), section_function(i)))
				fail("%s of another task is in the set of %s", section_function(i),
				     names[context]);
}

static void owner_task(void *argument)
{
	struct sets sets = sets_create();

	(void)argument;
	set_enable(&sets.task, 0);
	everything();
	for (unsigned int i = 0; i <= KCOVREPORT_THREAD; i++)
		if (i != KCOVREPORT_NESTED && i != KCOVREPORT_SOFTIRQ)
			expect_in(&sets, section_function(i),
				  i == KCOVREPORT_THREAD ? KCOV_CONTEXT_KTHREAD
							 : KCOV_CONTEXT_WORK);
}

/* Two sets, the same work at the same time: each has it. Both end while they record. */
static void two_owners(void)
{
	pid_t first = task_start(owner_task, NULL), second = task_start(owner_task, NULL);

	task_wait(first);
	task_wait(second);
}

/* A remote handle's section inside work is recorded for the handle. */
static void section_in_work(void)
{
	struct sets sets = sets_create();
	struct trace trace = trace_create(16 * PAGE_WORDS);

	remote_own(trace.fd, 16 * PAGE_WORDS, COMMON(getpid()));
	set_enable(&sets.task, 0);
	sections_run(KCOVREPORT_WORK, COMMON(getpid()), 1, 4);
	set_disable(&sets.task);
	expect_equal(trace_entries(&trace, "kcovreport_in_work"), 4, "entries for the handle");
	expect_true(!set_has_function(&sets.contexts[KCOV_CONTEXT_WORK], "kcovreport_in_work"),
		    "not for the context");
}

/* The kernel starts a program: a work item creates the task. */
static void helper_program(void)
{
	struct sets sets = sets_create();

	set_enable(&sets.task, 0);
	/* No such family: the kernel starts modprobe. */
	close(socket(AF_MAX - 1, SOCK_STREAM, 0));
	close(socket(27, SOCK_STREAM, 0));
	set_disable(&sets.task);
	if (!set_has_function(&sets.contexts[KCOV_CONTEXT_KTHREAD],
			      "call_usermodehelper_exec_async"))
		fail("the started program is not recorded");
	expect_true(!set_has_function(&sets.task, "call_usermodehelper_exec_async"),
		    "not as the task");
}

const struct test_case context_cases[] = {
	{ .name = "context/errors", .kernels = OURS, .run = errors },
	{ .name = "context/many", .kernels = OURS, .run = many },
	{ .name = "context/without", .kernels = OURS, .run = without },
	{ .name = "context/softirq", .kernels = OURS, .run = in_softirq },
	{ .name = "context/loopback", .kernels = OURS, .run = loopback },
	{ .name = "context/interrupt", .kernels = OURS, .run = interrupted },
	{ .name = "context/work", .kernels = OURS, .run = in_work },
	{ .name = "context/timer", .kernels = OURS, .run = in_timer },
	{ .name = "context/rcu", .kernels = OURS, .run = in_rcu },
	{ .name = "context/worker", .kernels = OURS, .run = in_worker },
	{ .name = "context/thread", .kernels = OURS, .run = in_new_thread },
	{ .name = "context/helper", .kernels = OURS, .run = helper_program },
	{ .name = "context/section", .kernels = OURS, .run = section_in_work },
	{ .name = "context/side-by-side", .kernels = OURS, .run = side_by_side },
	{ .name = "context/two-owners", .kernels = OURS, .run = two_owners },
	{ 0 },
};
