// SPDX-License-Identifier: GPL-2.0
/* What belongs to a CPU, and work that runs later. */
#include <stdio.h>
#include <stdlib.h>
#include "shim_test.h"

#define CPU_BYTES (1 << 13)

/* The linker defines these. */
extern char __start_shim_percpu[], __stop_shim_percpu[];

static _Alignas(64) char copies[SHIM_CPUS][CPU_BYTES];

void (*shim_work_queued)(const void *work);
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct work_struct *queue;

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "shim: deferred: %s\n", what);
	abort();
}

void *shim_cpu_copy(const void *p, unsigned int cpu)
{
	size_t offset = (const char *)p - __start_shim_percpu;

	check(offset < (size_t)(__stop_shim_percpu - __start_shim_percpu) && offset < CPU_BYTES,
	      "not of a CPU");
	check(cpu < SHIM_CPUS, "no such CPU");
	return copies[cpu] + offset;
}

bool schedule_work(struct work_struct *work)
{
	pthread_mutex_lock(&lock);
	if (work->pending) {
		pthread_mutex_unlock(&lock);
		return false;
	}
	if (shim_work_queued)
		shim_work_queued(work);
	work->pending = true;
	work->next = queue;
	queue = work;
	pthread_mutex_unlock(&lock);
	return true;
}

static struct work_struct *take_work(void)
{
	struct work_struct *work;

	pthread_mutex_lock(&lock);
	work = queue;
	if (work) {
		queue = work->next;
		work->pending = false;
	}
	pthread_mutex_unlock(&lock);
	return work;
}

unsigned int shim_run_work(void)
{
	struct work_struct *work;
	unsigned int n = 0;

	for (; (work = take_work()); n++)
		work->func(work);
	return n;
}
