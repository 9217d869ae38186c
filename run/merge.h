/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of merging one run into another, for run_merge() and struct run_merger. */
#ifndef RUN_MERGE_H
#define RUN_MERGE_H

#include "run/run.h"

/* PCs of the added run in [start, end) move by delta (modulo 2^64). */
struct run_move {
	uint64_t start, end;
	uint64_t delta;
};
DEFINE_VECTOR(run_move_vector, struct run_move);

/* Have they the same name and build id? Without build ids they must be at the same address. */
bool run_module_same(const struct run_module *a, const struct run_module *b);
/* Add the modules of other to run, which has none. */
struct error *run_copy_modules(struct run *run, const struct run *other);
/* Add the modules of other to run. moves: in ascending order of start. */
struct error *run_merge_modules(struct run *run, const struct run *other,
				struct run_move_vector *moves);

/*
 * Merge everything of other except sources. first: run is empty. Appends where the
 * modules of other move to, in their order. Errors are those of run_merge().
 */
struct error *run_merge_facts(struct run *run, const struct run *other, bool first,
			      struct run_move_vector *moves);
/* Is this the note that run_merge_facts() adds only if run does not have it yet? */
bool run_merge_says_once(const char *note);
/* Does any PC change? */
bool run_moves_any(const struct run_move_vector *moves);
/* The PCs of a source of other at their places in run. The caller frees *ret. */
struct error *run_move_pcs(const struct run_source *from, const struct run_move_vector *moves,
			   struct pc_count **ret, size_t *ret_len);
/*
 * The new id of a parent; -1 = none. Ids keep their order: the new id of a source is
 * first + its index in other.
 */
int32_t run_merged_parent(const struct run *other, int32_t parent, uint32_t first);

#endif
