/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Do independent pieces of work in several threads.
 *
 *	static struct error *read_piece(void *arg, unsigned int worker, size_t piece);
 *
 *	err = workers_run(jobs, nr_pieces, read_piece, &state);
 *
 * A piece writes only to memory of its own, or to memory of its worker. So the
 * result does not depend on the number of workers if the pieces do not, and if
 * the caller puts their results together in their order.
 */
#ifndef BASE_WORKERS_H
#define BASE_WORKERS_H

#include <stddef.h>

#include "base/error.h"

/* More than this many threads are of no use to us. */
#define WORKERS_MAX 256

/* worker is below the number of workers. Calls with the same worker follow each other. */
typedef struct error *worker_function(void *arg, unsigned int worker, size_t piece);

/*
 * Call work() once for each piece below nr, in ascending order, in at most
 * nr_workers threads (0 counts as 1). The caller's thread is worker 0; with one
 * worker no thread is created. If threads cannot be created, the others do the
 * work. After an error no further piece is begun. Returns the error of the lowest
 * piece that failed, which does not depend on the number of workers.
 */
struct error *workers_run(unsigned int nr_workers, size_t nr, worker_function *work, void *arg);

/* The number of processors that this process may use: from 1 to WORKERS_MAX. */
unsigned int workers_default(void);

#endif
