// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts and the set of the system, threads against each other: each thread is a CPU with tasks
 * and softirqs of its own. The tests assert what must happen; the sanitizers find what must not.
 * One more thread runs RCU callbacks, and one the work that the core queues.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>
#include "driver.h"

#define TEXT	((unsigned long)_stext)
#define THREADS 4
#define ROUNDS	100 /* of each thread */
#define OBJECTS 64
#define SLOTS	16

/* What a thread queued, and any other may run: an object is owned by who takes it out. */
static char *queue[OBJECTS];
static u64 thread_ids[SLOTS]; /* requests for kernel threads */
static unsigned int running;
static struct set system_set;

static _Thread_local unsigned int number;

static void must(bool good)
{
	if (!good)
		abort();
}

struct cpu {
	pthread_t thread;
	unsigned int number;
	void (*run)(unsigned int round);
};

static void *run_cpu(void *arg)
{
	struct cpu *cpu = arg;
	struct task_struct task = { 0 };

	number = shim_cpu = cpu->number;
	current = &task;
	for (unsigned int round = 0; round < ROUNDS; round++)
		cpu->run(round);
	task_exit(&task);
	__atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* Leaves the readers some time: each grace period stops all of them. */
static void pause_shortly(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
}

static void *run_rcu(void *arg)
{
	(void)arg;
	for (; READ_ONCE(running); pause_shortly())
		rcu_barrier();
	return NULL;
}

static void *run_work(void *arg)
{
	(void)arg;
	for (; READ_ONCE(running); pause_shortly())
		shim_run_work();
	return NULL;
}

/* Each CPU runs the functions in turn; the first one runs on CPU 0. */
static void race(void (*one)(unsigned int), void (*other)(unsigned int))
{
	struct cpu cpus[THREADS] = { 0 };
	pthread_t rcu, work;
	unsigned int i;

	running = THREADS;
	for (i = 0; i < THREADS; i++) {
		cpus[i].number = i;
		cpus[i].run = i % 2 ? other : one;
		pthread_create(&cpus[i].thread, NULL, run_cpu, &cpus[i]);
	}
	pthread_create(&rcu, NULL, run_rcu, NULL);
	pthread_create(&work, NULL, run_work, NULL);
	for (i = 0; i < THREADS; i++)
		pthread_join(cpus[i].thread, NULL);
	pthread_join(rcu, NULL);
	pthread_join(work, NULL);
}

static struct set small_set(void)
{
	struct kcov_set_init init = { .size = sizeof(init),
				      .flags = KCOV_SET_HASH_MODULES,
				      .hash_slots = 512 };
	struct set set = { .fd = kcov_open() };

	must(!kcov_ioctl(set.fd, KCOV_INIT_SET, &init));
	set.init = init;
	set.memory = kcov_map(set.fd, init.map_size);
	return set;
}

/* Takes an object out of the queue, runs it, and puts it back. */
static void run_objects(unsigned int round)
{
	struct task_struct worker = { 0 }, *task = current;
	struct kcov kcov;

	current = &worker;
	for (unsigned int i = 0; i < 8; i++) {
		char **slot = &queue[(round * 8 + i * 7 + number) % OBJECTS];
		char *object = xchg(slot, NULL);

		if (!object)
			continue;
		kcov_work_begin(&kcov, kcov_object_taken(object));
		execute(TEXT + 2000);
		kcov_context_end(&kcov);
		must(!worker.kcov && !worker.kcov_mode);
		free(object);
	}
	current = task;
}

static void queue_objects(unsigned int round)
{
	for (unsigned int i = 0; i < 8; i++) {
		char *object = malloc(1 + (round + i) % 64), *old;

		kcov_object_queued(object);
		old = xchg(&queue[(round + i * 11 + number * 16) % OBJECTS], object);
		/* Cancelled: its entry stays, and its address is used again. */
		free(old);
	}
}

static void use_thread_ids(unsigned int round)
{
	struct task_struct thread = { 0 }, *task = current;

	current = &thread;
	kcov_thread_begin(READ_ONCE(thread_ids[round % SLOTS]));
	execute(TEXT + 3000);
	queue_objects(round);
	task_exit(&thread);
	current = task;
}

/*
 * Owners come and go, with all their contexts. After the owner itself has done what it does, its
 * sets have their own PCs, and no other of those that only it executes.
 */
static void owner(unsigned int round)
{
	struct set sets[KCOV_NR_CONTEXTS];
	unsigned int i;

	for (i = 0; i < KCOV_NR_CONTEXTS; i++)
		sets[i] = small_set();
	for (i = 1; i < KCOV_NR_CONTEXTS; i++)
		must(!context_add(sets[0].fd, i, sets[i].fd));
	must(!kcov_number(sets[0].fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT));
	execute(TEXT + 1000);
	WRITE_ONCE(thread_ids[round % SLOTS], kcov_context_id());
	queue_objects(round);
	softirq_raise(round % NR_SOFTIRQS);
	softirqs_run(round % 3 == 0, TEXT + 1100, NULL);
	shim_context = SHIM_HARDIRQ;
	softirq_raise(1);
	shim_context = SHIM_TASK;
	softirqs_run(false, TEXT + 1200, NULL);
	must(set_has(&sets[0], TEXT + 1000));
	must(set_has(&sets[KCOV_CONTEXT_SOFTIRQ], TEXT + 1100 + round % NR_SOFTIRQS));
	must(set_has(&sets[KCOV_CONTEXT_INTERRUPT], TEXT + 1201));
	for (i = 0; i < KCOV_NR_CONTEXTS; i++) {
		must((i == KCOV_CONTEXT_WORK) || !set_has(&sets[i], TEXT + 2000));
		must((i == KCOV_CONTEXT_KTHREAD) || !set_has(&sets[i], TEXT + 3000));
	}
	/* The next owner inherits what is still pending here. */
	softirq_raise(2);
	if (round % 2)
		must(!kcov_number(sets[0].fd, KCOV_DISABLE, 0));
	for (i = 0; i < KCOV_NR_CONTEXTS; i++)
		kcov_close(sets[(i + round) % KCOV_NR_CONTEXTS].fd);
	task_exit(current);
	softirqs_run(true, TEXT, NULL);
}

static void server(unsigned int round)
{
	run_objects(round);
	use_thread_ids(round);
	if (round % 4 == 0)
		queue_objects(round);
	softirq_raise(round % NR_SOFTIRQS);
	softirqs_run(false, TEXT + 1300, NULL);
}

static void test_owners(void **state)
{
	(void)state;
	race(owner, server);
	for (unsigned int i = 0; i < OBJECTS; i++) {
		free(queue[i]);
		queue[i] = NULL;
	}
}

/* One set is a context of all owners: its numbers add up when all has run. */
static struct set work_set;

static void counted_owner(unsigned int round)
{
	struct set set = small_set();
	char objects[32];

	must(!context_add(set.fd, KCOV_CONTEXT_WORK, work_set.fd));
	must(!kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SET));
	for (unsigned int i = 0; i < sizeof(objects); i++)
		kcov_object_queued(&objects[i]);
	for (unsigned int i = 0; i < sizeof(objects); i++)
		work_run(&objects[i], TEXT + round, NULL);
	task_exit(current);
	kcov_close(set.fd);
	must(set_has(&work_set, TEXT + round));
}

static void test_counts(void **state)
{
	(void)state;
	work_set = small_set();
	race(counted_owner, counted_owner);
	assert_int_equal(stats_of(work_set.fd).tasks, 0);
	kcov_close(work_set.fd);
}

/* The set of the system is turned on and off, reset and taken by another, while all record. */
static void toggle(unsigned int round)
{
	struct kcov_set_init init = { .size = sizeof(init), .flags = KCOV_SET_SYSTEM };
	int fd = kcov_open(), err = kcov_ioctl(fd, KCOV_INIT_SET, &init);
	struct set set = { fd, init, NULL };

	must(!err || err == -EBUSY);
	if (!err) {
		set.memory = kcov_map(fd, init.map_size);
		must(!kcov_number(fd, KCOV_ENABLE, KCOV_TRACE_SYSTEM));
		execute_in(SHIM_NMI, TEXT + 4);
		execute_in(SHIM_HARDIRQ, TEXT + SHIM_TEXT_SIZE + 4);
		must(set_has(&set, TEXT + 4) && set_has(&set, TEXT + SHIM_TEXT_SIZE + 4));
		if (round % 2)
			must(!kcov_number(fd, KCOV_RESET_SET, 0));
		execute(TEXT + 5);
		must(set_has(&set, TEXT + 5));
		if (round % 4)
			must(!kcov_number(fd, KCOV_DISABLE, 0));
	}
	kcov_close(fd);
}

static void record(unsigned int round)
{
	struct set set;

	if (round % 8 == 0) {
		set = small_set();
		must(!kcov_number(set.fd, KCOV_ENABLE, KCOV_TRACE_SET));
		kcov_close(set.fd);
	}
	for (unsigned int i = 0; i < 50; i++) {
		execute_in(i % 6, TEXT + 10 + i + round);
		execute_in(i % 6, TEXT + SHIM_TEXT_SIZE + 10 + i);
	}
	if (round % 8 == 7)
		task_exit(current);
}

static void test_system(void **state)
{
	(void)state;
	race(toggle, record);
	system_set = (struct set){ .init = { .size = sizeof(system_set.init),
					     .flags = KCOV_SET_SYSTEM } };
	system_set.fd = kcov_open();
	assert_int_equal(kcov_ioctl(system_set.fd, KCOV_INIT_SET, &system_set.init), 0);
	system_set.memory = kcov_map(system_set.fd, system_set.init.map_size);
	assert_int_equal(kcov_number(system_set.fd, KCOV_ENABLE, KCOV_TRACE_SYSTEM), 0);
	race(record, record);
	for (unsigned long pc = TEXT + 10; pc < TEXT + 10 + 50 + ROUNDS - 1; pc++)
		assert_true(set_has(&system_set, pc));
	for (unsigned long pc = TEXT + SHIM_TEXT_SIZE + 10; pc < TEXT + SHIM_TEXT_SIZE + 60; pc++)
		assert_true(set_has(&system_set, pc));
	assert_int_equal(stats_of(system_set.fd).dropped_pcs, 0);
	kcov_close(system_set.fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, driver_setup, driver_teardown)
	const struct CMUnitTest tests[] = {
		TEST(owners),
		TEST(counts),
		TEST(system),
	};

	if (shim_initcall())
		return 1;
	driver_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
