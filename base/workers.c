// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads that take pieces of work, one after the other, from a common counter. */
#include "base/workers.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

struct workers {
	worker_function *work;
	void *arg;
	size_t nr;
	atomic_size_t next;
	atomic_bool failed;
	pthread_mutex_t lock;
	struct error *err; /* under lock */
	size_t err_piece;  /* under lock: the piece of err */
};

struct worker {
	struct workers *workers;
	unsigned int number;
	pthread_t thread;
};

static void note_error(struct workers *w, struct error *err, size_t piece)
{
	pthread_mutex_lock(&w->lock);
	if (!w->err || piece < w->err_piece) {
		error_destroy(w->err);
		w->err = err;
		w->err_piece = piece;
	} else {
		error_destroy(err);
	}
	pthread_mutex_unlock(&w->lock);
	atomic_store(&w->failed, true);
}

/* All pieces below one that fails were taken before it, and a piece that was taken is done. */
static void *run_worker(void *arg)
{
	struct worker *worker = arg;
	struct workers *w = worker->workers;

	while (!atomic_load(&w->failed)) {
		size_t piece = atomic_fetch_add(&w->next, 1);

		if (piece >= w->nr)
			break;
		struct error *err = w->work(w->arg, worker->number, piece);
		if (err)
			note_error(w, err, piece);
	}
	return NULL;
}

struct error *workers_run(unsigned int nr_workers, size_t nr, worker_function *work, void *arg)
{
	struct workers w = { .work = work, .arg = arg, .nr = nr };
	struct worker workers[WORKERS_MAX];
	unsigned int started = 1;

	if (nr_workers > WORKERS_MAX)
		nr_workers = WORKERS_MAX;
	pthread_mutex_init(&w.lock, NULL);
	workers[0] = (struct worker){ .workers = &w };
	for (; started < nr_workers && started < nr; started++) {
		struct worker *worker = &workers[started];

		*worker = (struct worker){ .workers = &w, .number = started };
		if (pthread_create(&worker->thread, NULL, run_worker, worker))
			break;
	}
	run_worker(&workers[0]);
	for (unsigned int i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	pthread_mutex_destroy(&w.lock);
	return w.err;
}

unsigned int workers_default(void)
{
	cpu_set_t set;

	/* Fails if the machine has more processors than cpu_set_t has bits (1024). */
	if (sched_getaffinity(0, sizeof(set), &set))
		return WORKERS_MAX;
	int nr = CPU_COUNT(&set);
	return nr < 1 ? 1 : nr > WORKERS_MAX ? WORKERS_MAX : nr;
}
