/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a reader may stay away from a buffer that a task fills: each look costs the task its
 * caches, and an emulated machine a good part of a millisecond. No task records faster than this
 * machine calls a function that does what __sanitizer_cov_trace_pc() cannot do without
 * (kernel/kcov.c, 6.12), with nothing between the calls; that is measured, once. 1 Mi words last
 * for 2 ms on a processor of 2 GHz, and for 20 ms on an emulated one.
 */
#ifndef COLLECT_KCOV_PACE_H
#define COLLECT_KCOV_PACE_H

#include <stddef.h>
#include <stdint.h>

#define PACE_MIN_NS 1000000
#define PACE_MAX_NS 32000000

/* What one PC takes at least, in picoseconds. Takes some 100 microseconds itself, emulated two
 * milliseconds. */
uint64_t pace_measure(void);

/* Until a buffer of so many words that was just read can be full, in nanoseconds; but within the
 * limits above. */
uint64_t pace_wait(uint64_t ps_per_pc, size_t words);

#endif
