/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The owners of an index, by group. Those of a line that are in one function of the machine code
 * are judged together, so they stand together: a run. Runs ascend by function, then by line; owners
 * within a run ascend by block, and there is one for each block.
 *
 * A run is packed (base/packed.h) as the difference of the number of its line to that of the run
 * before, how many owners it has, and for each of these the difference of its block to the block
 * before it, and its kinds. The first differences are to line 0 and to the first block of the
 * group. The owners of functions are packed likewise, with functions in place of lines.
 */
#ifndef SYMBOLIZE_INDEX_OWNERS_H
#define SYMBOLIZE_INDEX_OWNERS_H

#include "base/packed.h"
#include "symbolize/index/index.h"

#define OWNER_KINDS_SHIFT 3
#define OWNER_OTHER_KINDS 7
/* What most owners are. */
extern const uint32_t owner_kinds[OWNER_OTHER_KINDS];

enum owner_list { OWNERS_OF_LINES, OWNERS_OF_FUNCTIONS };

struct owner_reader {
	struct packed_reader bytes;
	uint32_t id; /* of the last run: the number of its line or function */
	uint32_t nr_ids;
	uint32_t first_block, end_block;
};

/* A run, in memory that the next run reuses. */
struct owner_run {
	uint32_t id;
	struct index_owner *owners;
	size_t nr;
	size_t room; /* private */
};

struct owner_reader owner_reader(const struct index *index, uint32_t group, enum owner_list list);
/*
 * Read the next run. *ret_more = false: there is none. ERROR_FORMAT if the bytes are damaged. The
 * caller frees run->owners, at the end; it may be NULL at first.
 */
struct error *owner_next(struct owner_reader *reader, struct owner_run *run, bool *ret_more);

#endif
