/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merges any number of run files into a file, as run_merge() and run_save() do. It
 * writes each source as soon as it was read, so memory does not grow with the
 * number of files or tasks: it is that of one struct run_stream.
 */
#ifndef RUN_MERGER_H
#define RUN_MERGER_H

#include "run/stream.h"

struct run_merger;

/*
 * Create path, which appears when the merger is finished (base/outfile.h). fold:
 * sources of one kind become one source, with the sums of their counts and losses.
 * Memory is then that of the distinct PCs. It is not known any more which task
 * executed what, nor parents, exit statuses, or the reasons why tasks were not
 * recorded.
 */
struct error *run_merger_create(const char *path, bool fold, struct run_merger **ret);
/* Removes what was written unless it was finished. Accepts NULL. */
void run_merger_destroy(struct run_merger *merger);
/*
 * Add the run of a stream whose sources were not visited yet. Errors are those of
 * run_merge(); after one the merger can only be destroyed.
 */
struct error *run_merger_add(struct run_merger *merger, struct run_stream *stream);
/* Write the rest and put the file in place. */
struct error *run_merger_finish(struct run_merger *merger);
/* Sources that were added so far. */
uint64_t run_merger_sources(const struct run_merger *merger);

static inline void cleanup_run_merger(struct run_merger **merger)
{
	run_merger_destroy(*merger);
}
#define _cleanup_run_merger_ __attribute__((__cleanup__(cleanup_run_merger)))

#endif
