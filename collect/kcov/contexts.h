/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sets of what the kernel executes for the tasks of a set in other contexts (KCOV_ADD_CONTEXT),
 * and that of the whole system.
 */
#ifndef COLLECT_KCOV_CONTEXTS_H
#define COLLECT_KCOV_CONTEXTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "collect/kcov/kcov_set.h"
#include "run/source.h"

#define CONTEXTS_MAX (RUN_SOURCE_KINDS - RUN_SOURCE_SOFTIRQ)

struct collector;

/* Kinds of run sources as bits. */
#define CONTEXT_BIT(kind) (1U << (kind))
/* Contexts of tasks. */
#define CONTEXTS_OF_TASKS                                                                          \
	(CONTEXT_BIT(RUN_SOURCE_SOFTIRQ) | CONTEXT_BIT(RUN_SOURCE_INTERRUPT) |                     \
	 CONTEXT_BIT(RUN_SOURCE_KTHREAD) | CONTEXT_BIT(RUN_SOURCE_WORK))
/* Those that the kernel attributes for certain. */
#define CONTEXTS_CERTAIN (CONTEXTS_OF_TASKS & ~CONTEXT_BIT(RUN_SOURCE_INTERRUPT))

struct context {
	enum run_source_kind kind;
	struct kcov_set set;
	char *problem; /* why it is not recorded; then set is closed; owned */
};

struct contexts {
	struct context all[CONTEXTS_MAX];
	size_t nr;
	bool from_boot; /* the system has recorded since boot, and goes on */
};

/*
 * Open a set for each of the kinds and add it to set, in the order of the kinds. required: fail if
 * that is not possible. Otherwise there are no contexts if the kernel knows none, and if one of
 * them is refused, its problem says why.
 */
struct error *contexts_open(struct contexts *contexts, const char *path, uint64_t hash_slots,
			    const struct kcov_set *set, unsigned int kinds, bool required);
/* Add the set of the whole system; see kcov_set_open_system(). */
struct error *contexts_open_system(struct contexts *contexts, const char *path, uint64_t hash_slots,
				   bool from_boot);
/* Does nothing on zeroed memory, or when called again. */
void contexts_close(struct contexts *contexts);

/* Map them into this process. */
struct error *contexts_map(struct contexts *contexts);
/* Record the system from now on, if it is among them. */
struct error *contexts_start_system(struct contexts *contexts);
/* Call after the command was started. They are borrowed until collector_destroy(). */
struct error *contexts_collect(struct contexts *contexts, struct collector *c);

/*
 * The workload has ended. Wait for work that it queued: at most a second, and no longer than 200 ms
 * without change, since some of it may have been cancelled. Then stop recording the system.
 * read_stats: NULL = kcov_set_stats(). Tests replace it.
 */
struct error *contexts_settle(struct contexts *contexts,
			      struct error *(*read_stats)(const struct kcov_set *set,
							  struct kcov_stats *ret));

#endif
