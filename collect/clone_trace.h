/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many tasks did a task make? Its own coverage says so, also of those that
 * no tracer is told of (CLONE_UNTRACED).
 *
 * Some PCs are recorded once in every clone that succeeds, of a process or a
 * thread, and never in one that fails; the block of kernel_clone() after its
 * IS_ERR(p) (kernel/fork.c, 6.12) is one of them, which the kernel's own io_uring
 * and vhost workers do not pass. Others of these PCs are in functions that more
 * than clone(2) calls, so the smallest of their counts is the number of clones.
 * Which they are, clones of our own tell, before the workload starts.
 */
#ifndef COLLECT_CLONE_TRACE_H
#define COLLECT_CLONE_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/pc_map.h"

#define CLONE_TRACE_PCS 64

struct clone_trace {
	uint64_t pcs[CLONE_TRACE_PCS]; /* ascending */
	size_t nr; /* 0: not known, since the kernel records too little or too much of a clone */
};

/* Makes three tasks of our own, and waits for them. SIGCHLD must not be ignored. */
struct error *clone_trace_run(struct clone_trace *ret);

/* Add what pcs (ascending) say to counts, one for each of trace->pcs. */
void clone_trace_count(const struct clone_trace *trace, uint64_t counts[],
		       const struct pc_count *pcs, size_t nr_pcs);
/* Number of clones, from such counts; 0 when trace->nr is. */
uint64_t clone_trace_clones(const struct clone_trace *trace, const uint64_t counts[]);

#endif
