/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts the tasks that a task created, from the task's own coverage. This
 * includes tasks that no tracer is told of (CLONE_UNTRACED).
 *
 * Some PCs are recorded exactly once by every successful clone (of a process or a
 * thread, hidden from the tracer or reported to it), and never by a failed clone
 * or a sleeping call. We find them before the workload starts, by tracing clones
 * of our own (clone_trials.h). 6.12 has about 350 of them. Most are in
 * copy_process(), which the kernel also runs to create io_uring and vhost workers.
 * The last ones are in kernel_clone() after that call (kernel/fork.c), which
 * creating such workers does not execute.
 *
 * Callers other than clone(2) may reach some of these PCs, and not every clone
 * reaches all of them. So the number of clones is the smallest count of the last
 * PCs or the median of all counts, whichever is smaller.
 */
#ifndef COLLECT_KCOV_CLONE_TRACE_H
#define COLLECT_KCOV_CLONE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/pc_map.h"

#define CLONE_TRACE_PCS	 1024
#define CLONE_TRACE_LAST 16

struct clone_trace {
	uint64_t pcs[CLONE_TRACE_PCS]; /* ascending */
	bool last[CLONE_TRACE_PCS];    /* this PC is one of the last ones of a clone */
	size_t nr; /* 0: not known, because the kernel records too little or too much of a clone */
};

/* Find the PCs, in up to three tries. Each creates eight tasks and waits for them. SIGCHLD must not
 * be ignored. */
struct error *clone_trace_run(struct clone_trace *ret);

/* Add the counts of pcs (ascending) to counts, which has one element for each of trace->pcs. */
void clone_trace_count(const struct clone_trace *trace, uint64_t counts[],
		       const struct pc_count *pcs, size_t nr_pcs);
/* The number of clones that such counts show; 0 if trace->nr is 0. */
uint64_t clone_trace_clones(const struct clone_trace *trace, const uint64_t counts[]);

#endif
