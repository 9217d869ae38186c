/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folds sources into one for each kind. */
#ifndef RUN_FOLD_H
#define RUN_FOLD_H

#include "base/pc_merge.h"
#include "run/source.h"

/* Sources of one kind. */
struct run_folded {
	struct run_source about; /* the sum, without PCs; .name is owned */
	uint64_t nr_sources;	 /* 0 = there was none of this kind */
	uint64_t nr_incomplete;	 /* not followed, or cut */
	struct pc_parts parts;
};

/* By kind. Zeroed memory is empty. */
struct run_fold {
	struct run_folded folded[RUN_SOURCE_KINDS];
};

void run_fold_deinit(struct run_fold *fold);
/* Add a source whose PCs are pcs. Nothing of it is kept. */
struct error *run_fold_add(struct run_fold *fold, const struct run_source *source,
			   const struct pc_count *pcs, size_t nr_pcs);
/*
 * Move the sum of one kind into *ret, with PCs; the caller deinits it. Its id is 0, and
 * it has no parent. Call only if there was a source of this kind.
 */
struct error *run_fold_take(struct run_folded *folded, struct run_source *ret);

#endif
