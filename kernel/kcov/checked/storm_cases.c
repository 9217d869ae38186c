// SPDX-License-Identifier: GPL-2.0
/*
 * Everything at once, on all processors, while allocations fail at random. Tasks that inherit start
 * and end in every way; owners of handles start and end while sections run.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checked.h"
#include "device.h"
#include "fault.h"
#include "inherit.h"
#include "section.h"
#include "storm.h"
#include "suite.h"

#define WORDS	      (8 * PAGE_WORDS)
#define PROCESSES     4
#define DEPTH	      3
#define HANDLES	      6
#define MOST_HANDLES  3000
#define HANDLE(n)     COMMON(0xd00 + (n))
#define STACK_BYTES   65536
#define LEFT_UNWAITED 4

/* --- tasks that inherit --- */

static struct set storm_set;

/* Each process has its own. Children of a process that has disabled are not recorded. */
static bool is_recorded = true;

static void storm_tasks(unsigned int depth);

/* Only once: later another mapping may be at the same address. */
static void unmap(void)
{
	if (storm_set.map)
		munmap(storm_set.map, storm_set.init.map_size);
	storm_set.map = NULL;
}

/* Another descriptor of the same set, for children that closed theirs. */
static int storm_probe;

/* A child may have got no memory to be recorded; then its own children are not counted either. */
static void find_out(void)
{
	int err = kcov_call(storm_probe, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT);

	is_recorded = err == EBUSY;
	if (!err)
		kcov_call(storm_probe, KCOV_DISABLE, 0);
}

/* A child. At random it keeps its files or closes them, has children, and waits for them. */
static void child_live(unsigned int depth)
{
	random_begin();
	find_out();
	if (random_below(4) == 0)
		close(storm_set.fd);
	if (random_below(8) == 0)
		unmap();
	if (random_below(8) == 0 && kcov_call(storm_set.fd, KCOV_DISABLE, 0) == 0)
		is_recorded = false;
	if (depth < DEPTH && random_below(2))
		storm_tasks(depth + 1);
	if (random_below(8) == 0)
		kill(getpid(), SIGKILL);
	_exit(0);
}

static pid_t count_birth(pid_t pid)
{
	if (pid > 0)
		counters->lived += is_recorded;
	return pid;
}

static pid_t make_fork(unsigned int depth)
{
	pid_t pid = fork();

	if (pid == 0)
		child_live(depth);
	return count_birth(pid);
}

static pid_t make_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	return count_birth(pid);
}

static pid_t make_clone3(unsigned int depth)
{
	int pidfd = -1;
	struct clone_args arguments = { .flags = CLONE_PIDFD | CLONE_FILES | CLONE_FS,
					.pidfd = (unsigned long)&pidfd,
					.exit_signal = SIGCHLD };
	pid_t pid = clone3(&arguments);

	if (pid == 0) {
		/* The child shares our file table, so it closes nothing. */
		if (depth < DEPTH && random_below(2)) {
			find_out();
			make_fork(DEPTH);
		}
		_exit(0);
	}
	if (pid > 0)
		close(pidfd);
	return count_birth(pid);
}

static void *thread_live(void *argument)
{
	call_gettid(1);
	return argument;
}

/* A detached thread: the process does not wait for it. */
static void make_thread(void)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attributes, thread_live, NULL) == 0)
		counters->lived += is_recorded;
	pthread_attr_destroy(&attributes);
}

static void make_any(unsigned int depth)
{
	counters->tried += is_recorded;
	switch (random_below(6)) {
	case 0:
		make_vfork();
		break;
	case 1:
		make_clone3(depth);
		break;
	case 2:
		make_thread();
		break;
	default:
		make_fork(depth);
	}
}

static void storm_tasks(unsigned int depth)
{
	unsigned int turns = depth ? 1 + random_below(3) : -1u;

	while (turns-- && seconds() < end_time) {
		make_any(depth);
		if (random_below(LEFT_UNWAITED) == 0 && (!depth || random_below(2)))
			reap_all();
	}
	/*
	 * The outermost processes wait for all children, or the number of tasks would grow forever.
	 */
	if (!depth)
		reap_all();
}

/* Most of the time of a fork is spent on this large mapping, so only some processes have it. */
static void storm_process(void *index)
{
	if (*(unsigned int *)index)
		unmap();
	random_begin();
	fault_random(0, true);
	storm_tasks(0);
	fault_random(0, false);
}

static void storm_run(void)
{
	pid_t pids[PROCESSES];

	storm_begin(250);
	storm_set = inherit_create();
	storm_probe = dup(storm_set.fd);
	for (unsigned int i = 0; i < PROCESSES; i++)
		pids[i] = task_start(storm_process, &i);
	for (unsigned int i = 0; i < PROCESSES; i++) {
		int status;

		waitpid(pids[i], &status, 0);
		note_status(status);
	}
	reap_all();
	set_disable(&storm_set);
	expect_no_tasks(&storm_set);
	struct kcov_stats stats = stats_get(storm_set.fd);
	unsigned int lived = counters->lived + PROCESSES, tried = counters->tried + PROCESSES;

	/* More than lived: a fork may fail after its child was counted as dropped. */
	expect_between(stats.inherited_tasks + stats.dropped_tasks, lived, 2 * tried,
		       "children, recorded and not");
	/* A task that is killed while it makes a child may not have counted it. */
	expect_between(stats.inherited_tasks, lived - stats.dropped_tasks,
		       counters->killed ? tried * 2 : lived, "children that were recorded");
	expect_true(lived > 50, "there are many tasks");
	expect_true(!faults_are_there() || tried > lived, "some births failed");
	printf("%u births of %u, %u recorded, %u not, %u killed\n", lived, tried,
	       (unsigned int)stats.inherited_tasks, (unsigned int)stats.dropped_tasks,
	       counters->killed);
	fflush(stdout);
}

/* --- owners of handles, and sections --- */

/* Some owners have so many handles that they need more than a page, and the table has to grow. */
static int own(int fd, bool is_set)
{
	static struct {
		struct kcov_remote_arg argument;
		__aligned_u64 handles[MOST_HANDLES];
	} own;
	unsigned int count = random_below(4) ? 0 : random_below(MOST_HANDLES);

	own.argument = (struct kcov_remote_arg){
		.trace_mode = is_set ? KCOV_TRACE_SET : KCOV_TRACE_PC,
		.area_size = 1 + random_below(3) * 1000,
		.num_handles = count,
		.common_handle = HANDLE(random_below(HANDLES)),
	};
	for (unsigned int i = 0, first = random_below(1 << 24); i < count; i++)
		own.handles[i] = USB(first + i);
	return kcov_call_pointer(fd, KCOV_REMOTE_ENABLE, &own);
}

static int initialize(int fd, bool is_set)
{
	struct kcov_set_init init = { .size = sizeof(init) };

	return is_set ? kcov_call_pointer(fd, KCOV_INIT_SET, &init)
		      : kcov_call(fd, KCOV_INIT_TRACE, WORDS);
}

/* Sometimes also records itself, with descriptors and children that outlive the owner. */
static void owner_turn(void)
{
	bool is_set = random_below(6) == 0;
	int fd = open(KCOV_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	int error = initialize(fd, is_set) ?: own(fd, is_set);
	if (error && error != ENOMEM && error != EEXIST && error != EBUSY)
		storm_wrong("KCOV_REMOTE_ENABLE", error);
	*(error ? &counters->refused : &counters->owned) += 1;
	/*
	 * It closed an earlier descriptor without KCOV_DISABLE, so it stays the owner until it
	 * exits.
	 */
	if (error == EBUSY)
		_exit(0);
	if (is_set && random_below(2))
		kcov_call(fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT);
	if (!error && random_below(4) == 0 && fork() == 0)
		_exit(0);
	for (unsigned int i = random_below(4); i; i--)
		usleep(random_below(2000));
	if (!error && random_below(4) == 0)
		_exit(0);
	if (!error && random_below(8) == 0)
		kill(getpid(), SIGKILL);
	if (random_below(2))
		kcov_call(fd, KCOV_DISABLE, 0);
	close(fd);
}

static void owner_live(void)
{
	random_begin();
	fault_random(0, true);
	while (seconds() < end_time)
		owner_turn();
	_exit(0);
}

static void owners(void *unused)
{
	(void)unused;
	while (seconds() < end_time) {
		pid_t pid = fork();

		if (pid == 0)
			owner_live();
		int status;
		waitpid(pid, &status, 0);
		note_status(status);
	}
}

/* Tasks that wait for sections are killed at the end, and sometimes before. */
static void sections_forever(void *context)
{
	random_begin();
	for (;;)
		sections_run(*(unsigned int *)context, HANDLE(random_below(HANDLES)), 20, 3);
}

static void sections_until_end(void *context)
{
	while (seconds() < end_time) {
		pid_t pid = task_start(sections_forever, context);

		usleep(300000);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
}

/* The handle is free, and what runs under it is recorded. */
static void expect_handle_works(uint64_t handle)
{
	struct trace trace = trace_create(WORDS);
	uint64_t before = 0;

	remote_own(trace.fd, 1000, handle);
	__atomic_store_n(trace.area, 0, __ATOMIC_RELEASE);
	for (unsigned int context = KCOVREPORT_KTHREAD; context <= KCOVREPORT_NESTED; context++) {
		sections_run(context, handle, 2, 1);
		expect_true(trace_count(&trace) > before, "sections are recorded");
		before = trace_count(&trace);
	}
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "KCOV_DISABLE");
	trace_destroy(&trace);
}

static void remote_run(void)
{
	unsigned int contexts[] = { KCOVREPORT_KTHREAD, KCOVREPORT_WORK, KCOVREPORT_SOFTIRQ,
				    KCOVREPORT_NESTED };

	storm_begin(80);
	if (section_thread())
		fault_random(section_thread(), true);
	for (unsigned int i = 0; i < PROCESSES; i++) {
		task_start(sections_until_end, &contexts[i]);
		task_start(owners, NULL);
	}
	reap_all();
	if (section_thread())
		fault_random(section_thread(), false);
	for (unsigned int i = 0; i < HANDLES; i++)
		expect_handle_works(HANDLE(i));
	expect_equal(counters->wrong, 0, "wrong results");
	expect_true(counters->owned > 5, "there were owners");
	expect_true(counters->refused > 0, "some were refused");
	printf("%u owners, %u refused, %u killed\n", counters->owned, counters->refused,
	       counters->killed);
	fflush(stdout);
}

/* A line is a case. */
/* clang-format off */
const struct test_case storm_cases[] = {
	{ "storm: tasks that inherit", OURS, .run = storm_run },
	{ "storm: owners and sections", OURS, .run = remote_run },
	{}
};
/* clang-format on */
