/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrays of PCs with counts, ascending by PC: several become one. Counts of the
 * same PC are added up and saturate at 2^64-1; the result has each PC once.
 */
#ifndef BASE_PC_MERGE_H
#define BASE_PC_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/pc_map.h"
#include "base/vector.h"

DEFINE_VECTOR(pc_count_vector, struct pc_count);

/* Borrowed. Ascending; a PC may be there several times in a row. */
struct pc_span {
	const struct pc_count *data;
	size_t len;
};

DEFINE_VECTOR(pc_span_vector, struct pc_span);

/* Time: PCs of all spans times log2 of their number. The caller frees *ret (also when *ret_len is
 * 0). */
struct error *pc_merge(const struct pc_span *spans, size_t nr_spans, struct pc_count **ret,
		       size_t *ret_len);

DEFINE_VECTOR(pc_start_vector, size_t);

/*
 * Ascending arrays that come one after the other, to be merged at the end.
 * Now and then those that are there are merged, so that memory is bounded by a
 * few times the distinct PCs. Zeroed memory is empty.
 */
struct pc_parts {
	struct pc_count_vector pcs;
	struct pc_start_vector starts; /* of each part in pcs */
	size_t merged;		       /* length of the first part, when it was made by merging */
};

/*
 * The most distinct PCs that parts may have. The largest kernels have fewer coverage points, but a
 * hostile run file of a few MB can hold hundreds of millions of PCs.
 */
#define PC_PARTS_MAX ((size_t)1 << 23)

/* pcs are copied. ERROR_UNSUPPORTED: there are more than PC_PARTS_MAX. */
struct error *pc_parts_add(struct pc_parts *parts, const struct pc_count *pcs, size_t nr_pcs);
/* All of them, merged; parts is empty after. The caller frees *ret. Fails as pc_parts_add(). */
struct error *pc_parts_take(struct pc_parts *parts, struct pc_count **ret, size_t *ret_len);
void pc_parts_deinit(struct pc_parts *parts);

#endif
