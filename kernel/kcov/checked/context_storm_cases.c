// SPDX-License-Identifier: GPL-2.0
/*
 * Sets with contexts and the set of the whole system, on all processors, while allocations fail at
 * random. Tasks cause work of every kind, and disable, close, end or are killed while it is
 * pending.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checked.h"
#include "device.h"
#include "fault.h"
#include "inherit.h"
#include "section.h"
#include "storm.h"
#include "suite.h"
#include "symbols.h"

#define PROCESSES   4
#define SYSTEMS	    2
#define DEPTH	    2
#define SETS	    5
#define SLOTS	    1024
#define MOST_PLACES 256
/* After up to this many milliseconds a process is killed. */
#define LIFE_MS 300

/* A set and those of its contexts, by KCOV_CONTEXT_; -1: none. Contexts may share a descriptor. */
struct group {
	int fds[SETS];
};

/* Some tasks record into this one, the others into sets of their own. */
static struct group shared;

static int set_open(void)
{
	struct kcov_set_init init = { .size = sizeof(init),
				      .flags = random_below(8) ? KCOV_SET_HASH_MODULES : 0,
				      .hash_slots = SLOTS };
	int fd = open(KCOV_DEVICE, O_RDWR | O_CLOEXEC);
	int error = fd < 0 ? errno : kcov_call_pointer(fd, KCOV_INIT_SET, &init);

	if (!error)
		return fd;
	if (error != ENOMEM)
		storm_wrong("KCOV_INIT_SET", error);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Adds a context with a set of its own, or with one that is a context already. */
static void context_open(struct group *group, unsigned int context)
{
	unsigned int other = 1 + random_below(SETS - 1);
	int fd = group->fds[other];

	if (fd < 0 || random_below(4))
		fd = set_open();
	if (fd < 0)
		return;
	int error = context_call(group->fds[0], context, fd);
	if (error && error != ENOMEM && error != ENOSPC)
		storm_wrong("KCOV_ADD_CONTEXT", error);
	if (error && fd != group->fds[other])
		close(fd);
	if (!error)
		group->fds[context] = fd;
}

static bool group_open(struct group *group, unsigned int one_in)
{
	*group = (struct group){ { set_open(), -1, -1, -1, -1 } };
	for (unsigned int i = 1; i < SETS && group->fds[0] >= 0; i++)
		if (random_below(one_in) == 0)
			context_open(group, i);
	return group->fds[0] >= 0;
}

static void shared_create(void)
{
	random_begin();
	for (unsigned int i = 0; i < SETS; i++) {
		shared.fds[i] = set_open();
		if (i)
			expect_errno(context_call(shared.fds[0], i, shared.fds[i]), 0,
				     "a context of the set that tasks share");
	}
}

static bool is_first(const struct group *group, unsigned int context)
{
	for (unsigned int i = 0; i < context; i++)
		if (group->fds[i] == group->fds[context])
			return false;
	return group->fds[context] >= 0;
}

/* In any order. A set that is closed lives as long as a task or queued work needs it. */
static void group_close(const struct group *group)
{
	unsigned int first = random_below(SETS);

	if (group->fds[KCOV_CONTEXT_WORK] >= 0)
		counters->pending += stats_get(group->fds[KCOV_CONTEXT_WORK]).tasks > 0;
	for (unsigned int i = 0; i < SETS; i++)
		if (is_first(group, (first + i) % SETS))
			close(group->fds[(first + i) % SETS]);
}

/* --- what the kernel does for a task --- */

static void send_datagram(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int in = socket(AF_INET, SOCK_DGRAM, 0), out = socket(AF_INET, SOCK_DGRAM, 0);
	char byte = 'x';

	if (in >= 0 && out >= 0 && bind(in, (struct sockaddr *)&address, length) == 0 &&
	    getsockname(in, (struct sockaddr *)&address, &length) == 0)
		for (int i = 0; i < 5; i++)
			if (sendto(out, &byte, 1, 0, (struct sockaddr *)&address, length) == 1)
				counters->datagrams += recv(in, &byte, 1, MSG_DONTWAIT) == 1;
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
}

static void run_module(void)
{
	unsigned int context = random_below(KCOVREPORT_THREAD + 1);
	int error = sections_try(context, 0, 1 + random_below(3), 1);

	if (error && error != ENOMEM && error != EAGAIN)
		storm_wrong("work of the module", error);
	counters->caused += !error;
}

static void child_live(const struct group *group, unsigned int depth) __attribute__((noreturn));

/* A child is not waited for here, so it may outlive its parent. */
static void cause(const struct group *group, unsigned int depth)
{
	for (unsigned int i = random_below(5); i; i--) {
		switch (random_below(6)) {
		case 0:
			send_datagram();
			break;
		case 1:
			if (depth == DEPTH)
				break;
			counters->tried++;
			pid_t pid = fork();
			if (pid == 0)
				child_live(group, depth + 1);
			counters->lived += pid > 0;
			break;
		default:
			run_module();
		}
	}
}

/* --- tasks that record --- */

static bool enable(const struct group *group)
{
	int error = kcov_call(group->fds[0], KCOV_ENABLE,
			      KCOV_TRACE_SET | (random_below(2) ? KCOV_INHERIT : 0));

	/* It closed an earlier descriptor without KCOV_DISABLE, so it records until it exits. */
	if (error == EBUSY)
		_exit(0);
	if (error && error != ENOMEM)
		storm_wrong("KCOV_ENABLE", error);
	*(error ? &counters->refused : &counters->owned) += 1;
	return !error;
}

static void end_sometimes(void)
{
	if (random_below(16) == 0)
		_exit(0);
	if (random_below(16) == 0)
		kill(getpid(), SIGKILL);
}

static void turn(unsigned int depth)
{
	struct group own, *group = &shared;

	if (random_below(4)) {
		group = &own;
		if (!group_open(group, 1 + random_below(3))) {
			counters->refused++;
			return;
		}
	}
	if (enable(group)) {
		cause(group, depth);
		/* Contexts may be added while tasks record. */
		for (unsigned int i = 1; i < SETS && group == &own; i++)
			if (group->fds[i] < 0 && random_below(8) == 0)
				context_open(group, i);
		cause(group, depth);
		end_sometimes();
		if (random_below(4))
			kcov_call(group->fds[0], KCOV_DISABLE, 0);
	}
	if (group == &own)
		group_close(group);
}

/* It causes the same as its parent, for the set of the parent or for one of its own. */
static void child_live(const struct group *group, unsigned int depth)
{
	random_begin();
	if (random_below(3) == 0) {
		kcov_call(group->fds[0], KCOV_DISABLE, 0);
		turn(depth);
	} else {
		cause(group, depth);
	}
	end_sometimes();
	_exit(0);
}

static void reap_some(void)
{
	int status;

	while (waitpid(-1, &status, random_below(8) ? 0 : WNOHANG) > 0)
		note_status(status);
}

static void recorded_live(void)
{
	random_begin();
	fault_random(0, true);
	while (seconds() < end_time) {
		turn(0);
		reap_some();
	}
	_exit(0);
}

/* --- the set of the whole system --- */

static void use_system(int fd)
{
	static const unsigned long calls[][2] = { { KCOV_ENABLE, KCOV_TRACE_SYSTEM },
						  { KCOV_RESET_SET, 0 },
						  { KCOV_DISABLE, 0 } };

	for (unsigned int i = random_below(6); i; i--) {
		const unsigned long *call = calls[random_below(3)];
		int error = kcov_call(fd, call[0], call[1]);

		if (error)
			storm_wrong("a call for the set of the system", error);
		usleep(random_below(3000));
	}
}

static void system_turn(void)
{
	struct kcov_set_init init = { .size = sizeof(init), .flags = KCOV_SET_SYSTEM };
	int fd = open(KCOV_DEVICE, O_RDWR | O_CLOEXEC);
	int error = fd < 0 ? errno : kcov_call_pointer(fd, KCOV_INIT_SET, &init);
	void *map = MAP_FAILED;

	if (error && error != ENOMEM && error != EBUSY)
		storm_wrong("KCOV_INIT_SET of the system", error);
	counters->held += !error;
	counters->busy += error == EBUSY;
	if (!error && random_below(4) == 0)
		map = mmap(NULL, init.map_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (!error)
		use_system(fd);
	if (fd >= 0)
		close(fd);
	/* The mapping keeps the set from others. */
	if (map != MAP_FAILED) {
		usleep(random_below(3000));
		munmap(map, init.map_size);
	}
	usleep(random_below(3000));
}

static void system_live(void)
{
	random_begin();
	fault_random(0, true);
	while (seconds() < end_time) {
		system_turn();
		end_sometimes();
	}
	_exit(0);
}

/* --- the storm --- */

/* One process after the other. Half of them are killed, whatever they do. */
static void lives(void *argument)
{
	void (*live)(void) = *(void (**)(void))argument;
	int status;

	random_begin();
	while (seconds() < end_time) {
		pid_t pid = fork();

		if (pid == 0)
			live();
		if (random_below(2)) {
			usleep(random_below(LIFE_MS * 1000));
			kill(pid, SIGKILL);
		}
		waitpid(pid, &status, 0);
		note_status(status);
	}
}

static void storm_live(void)
{
	void (*recorded)(void) = recorded_live, (*system)(void) = system_live;

	for (unsigned int i = 0; i < PROCESSES; i++)
		task_start(lives, &recorded);
	for (unsigned int i = 0; i < SYSTEMS; i++)
		task_start(lives, &system);
	if (section_thread())
		fault_random(section_thread(), true);
	reap_all();
	if (section_thread())
		fault_random(section_thread(), false);
}

/* --- what holds after it --- */

/* A function of the module is in the set of its context, and in no other. */
static void expect_module(const struct set *sets, unsigned int kind, unsigned int expected)
{
	for (unsigned int i = 0; i < SETS; i++)
		if (i != KCOV_CONTEXT_INTERRUPT &&
		    set_has_function(&sets[i], section_function(kind)) != (i == expected))
			fail("%s is %sin set %u", section_function(kind),
			     i == expected ? "not " : "", i);
}

static void expect_contexts_work(void)
{
	static const unsigned int expected[] = {
		[KCOVREPORT_KTHREAD] = KCOV_CONTEXT_WORK,
		[KCOVREPORT_WORK] = KCOV_CONTEXT_WORK,
		[KCOVREPORT_TIMER] = KCOV_CONTEXT_WORK,
		[KCOVREPORT_RCU] = KCOV_CONTEXT_WORK,
		[KCOVREPORT_THREAD] = KCOV_CONTEXT_KTHREAD,
		[KCOVREPORT_SOFTIRQ] = KCOV_CONTEXT_SOFTIRQ,
	};
	struct set sets[SETS] = { set_create(0) };

	for (unsigned int i = 1; i < SETS; i++)
		sets[i] = context_add(&sets[0], i);
	set_enable(&sets[0], 0);
	for (unsigned int kind = 0; kind <= KCOVREPORT_THREAD; kind++)
		if (expected[kind])
			sections_run(kind, 0, 3, 1);
	set_disable(&sets[0]);
	for (unsigned int kind = 0; kind <= KCOVREPORT_THREAD; kind++)
		if (expected[kind])
			expect_module(sets, kind, expected[kind]);
	for (unsigned int i = 0; i < SETS; i++)
		set_destroy(&sets[i]);
}

static void expect_system_works(void)
{
	struct set set = set_create_system();

	expect_equal(stats_get(set.fd).tasks, 0, "it records");
	expect_equal(set_size(&set), 0, "PCs of a new descriptor");
	expect_errno(kcov_call(set.fd, KCOV_ENABLE, KCOV_TRACE_SYSTEM), 0, "KCOV_ENABLE");
	task_run(child_gettid, NULL);
	sections_run(KCOVREPORT_WORK, 0, 1, 1);
	expect_errno(kcov_call(set.fd, KCOV_DISABLE, 0), 0, "KCOV_DISABLE");
	expect_gettid(&set, true);
	expect_true(set_has_function(&set, "kcovreport_in_work"), "work is in the set");
	set_destroy(&set);
}

static bool no_tasks_are_left(void *fd)
{
	return stats_get(*(int *)fd).tasks == 0;
}

/* The tasks of the storm have ended, and then its sets have no more users. */
static void expect_shared_is_unused(void)
{
	struct group *group = &shared;

	expect_true(wait_until(no_tasks_are_left, &group->fds[0]), "no task is left");
	expect_true(wait_until(no_tasks_are_left, &group->fds[KCOV_CONTEXT_KTHREAD]),
		    "no kernel thread is left");
	expect_true(stats_get(group->fds[KCOV_CONTEXT_KTHREAD]).inherited_tasks > 0,
		    "there were kernel threads");
	for (unsigned int i = 0; i < SETS; i++)
		close(group->fds[i]);
}

/* How many sets can have contexts, until one is refused. */
static unsigned int count_places(void)
{
	struct set other = set_create_small(1);
	int fds[MOST_PLACES + 1], error = 0;
	unsigned int count = 0, i;

	while (!error && count <= MOST_PLACES) {
		struct kcov_set_init init = { .size = sizeof(init),
					      .flags = KCOV_SET_HASH_MODULES,
					      .hash_slots = 1 };

		fds[count] = kcov_open();
		error = kcov_call_pointer(fds[count], KCOV_INIT_SET, &init)
				?: context_call(fds[count], KCOV_CONTEXT_WORK, other.fd);
		count++;
	}
	expect_errno(error, ENOSPC, "one more set with contexts");
	for (i = 0; i < count; i++)
		close(fds[i]);
	set_destroy(&other);
	return count - 1;
}

/* The kernel drops the last references of some a while after their tasks have ended. */
static bool all_places_are_free(void *unused)
{
	(void)unused;
	return count_places() == MOST_PLACES;
}

static void context_run(void)
{
	storm_begin(150);
	shared_create();
	storm_live();
	expect_shared_is_unused();
	expect_contexts_work();
	expect_system_works();
	expect_true(wait_until(all_places_are_free, NULL), "no set with contexts is left");
	expect_equal(counters->wrong, 0, "wrong results");
	expect_true(counters->owned > 20 && counters->caused > 20, "much was caused");
	expect_true(counters->datagrams > 0, "datagrams arrived");
	expect_true(counters->pending > 0, "sets were closed while work was pending");
	expect_true(counters->held > 5 && counters->busy > 0, "the system was recorded, or taken");
	expect_true(!faults_are_there() || counters->refused > 0, "some had no memory");
	printf("%u recorded, %u refused, %u children, %u pieces of work, %u datagrams, "
	       "%u closed while work was pending\n"
	       "the system %u times, %u times taken; %u killed\n",
	       counters->owned, counters->refused, counters->lived, counters->caused,
	       counters->datagrams, counters->pending, counters->held, counters->busy,
	       counters->killed);
	fflush(stdout);
}

/* A line is a case. */
/* clang-format off */
const struct test_case context_storm_cases[] = {
	{ "storm: contexts and the whole system", OURS, .run = context_run },
	{}
};
/* clang-format on */
