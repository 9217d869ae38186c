/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many tasks did a task make? Its own coverage says so, also of those that
 * no tracer is told of (CLONE_UNTRACED).
 *
 * Some PCs are recorded exactly once by every clone that succeeds, of a process or a thread, hidden
 * from the tracer or reported to it, and never by one that fails or by a call that sleeps. Clones
 * of our own tell which, before the workload starts (clone_trials.h). 6.12 has some 350, most of
 * them in copy_process(), which the kernel's io_uring and vhost workers pass too; the last ones are
 * those of kernel_clone() after it (kernel/fork.c), which they do not pass. But other callers than
 * clone(2) may reach some of these PCs, and not every clone reaches all of them. So the number of
 * clones is the smallest count of the last ones, or the median of all counts where that is smaller.
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
	bool last[CLONE_TRACE_PCS];    /* it is one of the last ones of a clone */
	size_t nr; /* 0: not known, since the kernel records too little or too much of a clone */
};

/* Makes eight tasks of our own, and waits for them. SIGCHLD must not be ignored. */
struct error *clone_trace_run(struct clone_trace *ret);

/* Add what pcs (ascending) say to counts, one for each of trace->pcs. */
void clone_trace_count(const struct clone_trace *trace, uint64_t counts[],
		       const struct pc_count *pcs, size_t nr_pcs);
/* Number of clones, from such counts; 0 when trace->nr is. */
uint64_t clone_trace_clones(const struct clone_trace *trace, const uint64_t counts[]);

#endif
