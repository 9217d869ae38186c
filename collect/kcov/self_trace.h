/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts about the kernel that traces of our own system calls show, before
 * the workload starts.
 */
#ifndef COLLECT_KCOV_SELF_TRACE_H
#define COLLECT_KCOV_SELF_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct self_trace {
	uint64_t kaslr_offset;
	bool kaslr_known;
	uint64_t ptrace_pc; /* recorded by every ptrace(2) and by nothing else; 0 = not known */
	/*
	 * Recorded by every finit_module(2) and init_module(2) that has read the module's file, and
	 * by few other calls; 0 = not known, or we may not load modules.
	 */
	uint64_t load_pcs[2];
};

/* ERROR_UNSUPPORTED if the kernel records nothing. */
struct error *self_trace_run(struct self_trace *ret);

#endif
