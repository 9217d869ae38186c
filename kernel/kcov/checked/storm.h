/* SPDX-License-Identifier: GPL-2.0 */
/* What storms share: an end, random numbers, and counters of all their processes. */
#ifndef KCOV_CHECKED_STORM_H
#define KCOV_CHECKED_STORM_H

#include <stdatomic.h>
#include <stdint.h>

/* In memory that all processes share. */
struct counters {
	atomic_uint tried, lived; /* calls that should make a task; those that did */
	atomic_uint killed;	  /* by a signal that followed from a failed allocation */
	atomic_uint wrong;	  /* results that no call should have */
	atomic_uint owned, refused;
	atomic_uint caused, datagrams; /* work of the module; what came over the loopback device */
	atomic_uint pending;	       /* sets that were closed while work was queued for them */
	atomic_uint held, busy;	       /* the set of the system: calls that got it, or EBUSY */
};

extern struct counters *counters;
extern double end_time;

/* Begins a storm of storm_seconds, in which about one in this many allocations of marked tasks
 * fails. Orphans become children of the caller. */
void storm_begin(unsigned int one_in);
/* Each process begins its own random numbers, so that they behave differently. */
void random_begin(void);
uint32_t random_below(uint32_t limit);

/* Says and counts that a call returned this errno. */
void storm_wrong(const char *what, int error);
/* Counts a child that was killed, but not with SIGKILL. */
void note_status(int status);
/* Waits for all children. */
void reap_all(void);

#endif
