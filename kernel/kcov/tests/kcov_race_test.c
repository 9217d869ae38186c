// SPDX-License-Identifier: GPL-2.0
/*
 * The core in user space, threads against each other: each thread is a CPU with a task. The tests
 * assert what must happen; the sanitizers find what must not. One more thread runs work and
 * the RCU callbacks all the time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>
#include "driver.h"

#define WORDS	   1024
#define THREADS	   4
#define RACE_MS	   400
#define COMMON	   5
#define LAST_BUS   64
#define SET_PCS	   4000
#define MODULE_PCS 0x1000000

static bool stop;
static struct set shared;

struct cpu {
	pthread_t thread;
	unsigned int number;
	void (*run)(unsigned int number, unsigned int round);
	unsigned long done; /* number of checks that passed */
};

static _Thread_local struct cpu *cpu;

static void must(bool good)
{
	if (!good)
		abort();
	cpu->done++;
}

static void *run_cpu(void *arg)
{
	struct task_struct task = { 0 };
	unsigned int round;

	cpu = arg;
	shim_cpu = cpu->number;
	current = &task;
	for (round = 0; !READ_ONCE(stop); round++)
		cpu->run(cpu->number, round);
	task_exit(&task);
	return NULL;
}

static void *run_rcu(void *arg)
{
	(void)arg;
	while (!READ_ONCE(stop)) {
		shim_run_work();
		rcu_barrier();
	}
	return NULL;
}

/* Runs two functions on half of the CPUs each, for RACE_MS. Each must have checked something. */
static void race(void (*one)(unsigned int, unsigned int), void (*other)(unsigned int, unsigned int))
{
	struct timespec time = { .tv_nsec = RACE_MS * 1000000 };
	struct cpu cpus[THREADS] = { 0 };
	pthread_t rcu;
	unsigned int i;

	WRITE_ONCE(stop, false);
	pthread_create(&rcu, NULL, run_rcu, NULL);
	for (i = 0; i < THREADS; i++) {
		cpus[i].number = i;
		cpus[i].run = i % 2 ? other : one;
		pthread_create(&cpus[i].thread, NULL, run_cpu, &cpus[i]);
	}
	nanosleep(&time, NULL);
	WRITE_ONCE(stop, true);
	for (i = 0; i < THREADS; i++)
		pthread_join(cpus[i].thread, NULL);
	pthread_join(rcu, NULL);
	for (i = 0; i < THREADS; i++)
		assert_true(cpus[i].done > 0);
}

/* Nested sections of all contexts, with handles that appear and disappear. */
static void sections(unsigned int number, unsigned int round)
{
	u64 outer =
		round % 3 ? COMMON + number / 2 * 2 - number % 2 + 1 : USB(1 + round % LAST_BUS);

	kcov_remote_start(outer);
	execute(1);
	section(SHIM_SOFTIRQ, USB(1 + (round + 1) % LAST_BUS), 2);
	section(SHIM_TASK, COMMON, 3);
	section(SHIM_BH_OFF, USB(1 + round % LAST_BUS), 4);
	section(SHIM_HARDIRQ, COMMON, 5);
	kcov_remote_stop();
	must(!current->kcov && !current->kcov_mode && !current->kcov_softirq);
}

static void end_owner(int fd, unsigned int round)
{
	if (round % 2)
		must(!kcov_number(fd, KCOV_DISABLE, 0));
	else
		task_exit(current);
}

/* Nothing is copied into an area after its owner has disabled or exited. */
static void owner(unsigned int number, unsigned int round)
{
	unsigned long *area, seen, i;
	int fd = trace_open(WORDS, &area), again;

	for (again = 0; again < 4; again++) {
		must(!remote_enable(fd, KCOV_TRACE_PC, 16, COMMON + number, 0, 0));
		for (i = 0; i < 200 && !READ_ONCE(area[0]); i++)
			barrier();
		end_owner(fd, round + again);
		seen = READ_ONCE(area[0]);
		for (i = 0; i < 200; i++)
			must(READ_ONCE(area[0]) == seen);
	}
	for (i = 1; i <= seen; i++)
		must(area[i] >= 1 && area[i] <= 4);
	kcov_close(fd);
}

static void test_stop_disable_exit(void **state)
{
	(void)state;
	race(owner, sections);
}

/* Two owners compete for the same handles, in changing numbers, and close before they end. */
static void reuse(unsigned int number, unsigned int round)
{
	unsigned int mode = round % 5 ? KCOV_TRACE_PC : KCOV_TRACE_CMP,
		     first = 1 + round % LAST_BUS;
	unsigned long *area;
	int fd = trace_open(WORDS, &area);
	int err = remote_enable(fd, mode, 16, COMMON + number, first, 1 + round % 2000);

	must(err == 0 || err == -EEXIST);
	kcov_close(fd);
	if (round % 4)
		section(SHIM_TASK, USB(first), 1);
	task_exit(current);
}

static void test_handle_reuse(void **state)
{
	(void)state;
	race(reuse, sections);
}

/* Descriptors of one set are opened and closed while its tasks go on recording. */
static void sharer(unsigned int number, unsigned int round)
{
	int fd = kcov_open(), err = kcov_number(fd, KCOV_SHARE_SET, (number + round) % 8);

	if (err) {
		must(err == -EBADF || err == -EINVAL);
		err = kcov_number(fd, KCOV_SHARE_SET, shared.fd);
	}
	must(!err);
	must(!kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT));
	err = remote_enable(fd, KCOV_TRACE_SET, 0, COMMON, 1, 3);
	must(err == 0 || err == -EEXIST);
	if (round % 3 == 0)
		must(!kcov_number(fd, KCOV_RESET_SET, 0));
	if (round % 2)
		must(!kcov_number(fd, KCOV_DISABLE, 0));
	kcov_close(fd);
	execute((unsigned long)_stext + round % 1000);
	execute(MODULE_PCS + round % 1000);
	task_exit(current);
}

static void forker(unsigned int number, unsigned int round)
{
	struct task_struct *child, *grandchild, *parent = current;
	int fd = kcov_open();

	must(!kcov_number(fd, KCOV_SHARE_SET, shared.fd));
	must(!kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT));
	child = task_fork();
	if (round % 2)
		kcov_close(fd);
	current = child;
	section(SHIM_SOFTIRQ, COMMON, 3);
	execute(MODULE_PCS + number);
	grandchild = task_fork();
	current = parent;
	if (round % 3)
		task_exit(parent);
	if (round % 5)
		task_end(child);
	else
		task_free(child);
	if (round % 7)
		task_end(grandchild);
	else
		task_free(grandchild);
	if (round % 2 == 0)
		kcov_close(fd);
	task_exit(parent);
}

static void test_fork_close_reset(void **state)
{
	(void)state;
	set_open(&shared, 0);
	race(forker, sharer);
	assert_int_equal(stats_of(shared.fd).tasks, 0);
	kcov_close(shared.fd);
}

/* Each PC of each CPU ends up in the set, whichever CPU records it first. */
static void fill(unsigned int number, unsigned int round)
{
	unsigned int i, n;

	if (round)
		return;
	must(!kcov_number(shared.fd, KCOV_ENABLE, KCOV_TRACE_SET));
	for (i = 0; i < SET_PCS; i++) {
		n = number % 2 ? SET_PCS - i : i;
		execute((unsigned long)_stext + 3 * n + number / 2);
		execute(MODULE_PCS + 5 * n + number / 2);
	}
}

static void test_shared_set(void **state)
{
	unsigned int i;

	(void)state;
	set_open(&shared, 1 << 15);
	race(fill, fill);
	for (i = 1; i < SET_PCS; i++) {
		assert_true(set_has(&shared, (unsigned long)_stext + 3 * i));
		assert_true(set_has(&shared, (unsigned long)_stext + 3 * i + 1));
	}
	for (i = 1; i < SET_PCS; i += 61) {
		assert_true(set_has(&shared, MODULE_PCS + 5 * i));
		assert_true(set_has(&shared, MODULE_PCS + 5 * i + 1));
	}
	assert_int_equal(stats_of(shared.fd).dropped_pcs, 0);
	kcov_close(shared.fd);
}

/* Only the table of handles is left. It grows once, to the size that is needed. */
static int teardown(void **state)
{
	static bool table;

	(void)state;
	assert_true(live() <= !table);
	table = true;
	return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(test_##name, teardown)
	const struct CMUnitTest tests[] = {
		TEST(stop_disable_exit),
		TEST(handle_reuse),
		TEST(fork_close_reset),
		TEST(shared_set),
	};

	if (shim_initcall())
		return 1;
	live();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
