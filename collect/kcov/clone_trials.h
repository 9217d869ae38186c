/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel records of clones of our own, one trial each. First clones that
 * are hidden from a tracer (CLONE_UNTRACED), then the same kinds in a task that is
 * traced in the way follow.c traces the command. The paths through kernel_clone()
 * differ: gcc 14 gives a vfork that is reported to the tracer a tail of its own.
 * Internal to collect/kcov/clone_trace.c.
 */
#ifndef COLLECT_KCOV_CLONE_TRIALS_H
#define COLLECT_KCOV_CLONE_TRIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* One of our forks records about 17,000 PCs. */
#define CLONE_TRIAL_WORDS ((size_t)64 << 10)

enum clone_trial {
	TRIAL_FAILURE, /* a clone that fails */
	TRIAL_SLEEP,   /* no clone, but the task sleeps and is switched away from and back to */
	TRIAL_HIDDEN_VFORK,
	TRIAL_HIDDEN_THREAD,
	TRIAL_HIDDEN_PROCESS,
	TRIAL_SEEN_VFORK,
	TRIAL_SEEN_THREAD,
	TRIAL_SEEN_PROCESS,
	CLONE_TRIALS,
};

struct clone_trials {
	size_t nr[CLONE_TRIALS];
	uint64_t pcs[CLONE_TRIALS][CLONE_TRIAL_WORDS]; /* in the order of recording */
	bool is_traced_done; /* the traced task has completed its trials */
};

/*
 * Run all trials. Creates eight tasks and waits for them. SIGCHLD must not be
 * ignored. The caller destroys *ret.
 */
struct error *clone_trials_run(struct clone_trials **ret);
/* Accepts NULL. */
void clone_trials_destroy(struct clone_trials *trials);

static inline void cleanup_clone_trials(struct clone_trials **trials)
{
	clone_trials_destroy(*trials);
}
#define _cleanup_clone_trials_ __attribute__((__cleanup__(cleanup_clone_trials)))

#endif
