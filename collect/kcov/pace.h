/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a reader may leave a buffer alone while a task fills it. Each read
 * causes cache misses in the task, and on an emulated machine costs a good part of
 * a millisecond. No task can record faster than this machine calls a function with
 * only the unavoidable work of __sanitizer_cov_trace_pc() (kernel/kcov.c, 6.12),
 * without other code between the calls. That is measured, once. 1 Mi words last
 * for 2 ms on a processor of 2 GHz, and for 20 ms on an emulated one.
 */
#ifndef COLLECT_KCOV_PACE_H
#define COLLECT_KCOV_PACE_H

#include <stddef.h>
#include <stdint.h>

#define PACE_MIN_NS 1000000
#define PACE_MAX_NS 32000000

/* The minimum time per PC, in picoseconds. The measurement takes some 100 microseconds, on an
 * emulated machine two milliseconds. */
uint64_t pace_measure(void);

/* How long it takes at least, in nanoseconds, to fill a buffer of `words` words that was just
 * read; clamped to the limits above. */
uint64_t pace_wait(uint64_t ps_per_pc, size_t words);

#endif
