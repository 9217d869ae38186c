/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What traces of system calls of our own tell about the kernel, before the
 * workload starts.
 */
#ifndef COLLECT_KCOV_SELF_TRACE_H
#define COLLECT_KCOV_SELF_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct self_trace {
	uint64_t kaslr_offset;
	bool kaslr_known;
	uint64_t ptrace_pc; /* recorded in every ptrace(2), and not elsewhere; 0 = not known */
};

/* ERROR_UNSUPPORTED when the kernel records nothing. */
struct error *self_trace_run(struct self_trace *ret);

#endif
