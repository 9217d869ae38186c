/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Repeat one call, in which first the first allocation fails, then the second, until no
 * allocation is left to fail. Each time the call must fail as a whole and leave nothing behind,
 * or succeed.
 */
#ifndef KCOV_CHECKED_NTH_H
#define KCOV_CHECKED_NTH_H

#include <pthread.h>
#include <sys/types.h>

#include "device.h"

/* More calls than any case makes. */
#define MOST 20000

/* What run and undo below work on. */
struct call {
	int fd;
	struct set set;
	void *map;
	pid_t pid;
	pthread_t thread;
	struct kcov_remote_arg *remote;
	unsigned int successes;
};

/*
 * run returns an errno; undo is called after it returned 0. At least `least` of the calls must
 * fail. Not every allocation is hit: sometimes a slab first needs a page for an object.
 */
void each_failure(struct call *call, int (*run)(struct call *), void (*undo)(struct call *),
		  unsigned int least);
/* The same for allocations that another task makes for the call. */
void each_failure_of(pid_t pid, struct call *call, int (*run)(struct call *),
		     void (*undo)(struct call *), unsigned int least);

/* Closes the call's descriptor and opens another one. */
void reopen(struct call *call);
void disable_it(struct call *call);

/*
 * Children of the calling task, which records into the set with KCOV_INHERIT. Only one allocation
 * fails. If it is one of KCOV, the child lives and is not recorded.
 */
void births_of(const struct set *set, int (*run)(struct call *), void (*undo)(struct call *));
int do_fork(struct call *call);
void reap(struct call *call);

#endif
