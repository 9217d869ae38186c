// SPDX-License-Identifier: GPL-2.0-or-later
/* Tell which rows and statements of a block belong to the block before it. */
#include "symbolize/index/infer.h"
#include "symbolize/index/private.h"

/* Blocks of real code have fewer rows than this. */
#define LEFT_OVER_ROWS_MAX 512

bool runs_into(const struct index_draft *draft, size_t block)
{
	const struct index_block *blocks = draft->blocks.data;

	if (!block || blocks[block - 1].offset + blocks[block - 1].size != blocks[block].offset)
		return false;
	for (size_t e = blocks[block - 1].first_edge; e < blocks[block].first_edge; e++)
		if (draft->edges.data[e] == block)
			return true;
	return false;
}

static bool is_of_same(const struct index_row *before, const struct index_row *row)
{
	return before->line == row->line && before->file == row->file &&
	       before->flags >= row->flags;
}

/*
 * A statement at the end of a block may leave no code there. Then its row is at
 * the first address of the next block, before that block's own rows. Such a
 * row belongs to the earlier block if that block also has the line: by another
 * row, or by the row that is active where it begins. An example of the latter
 * is the code after the trap of BUG().
 */
bool is_left_over(const struct index_draft *draft, size_t block, size_t row)
{
	const struct index_block *blocks = draft->blocks.data;
	const struct index_row *rows = draft->rows.data, *r = &rows[row];

	if (r->offset != blocks[block].offset || row + 1 == draft->rows.len ||
	    r[1].offset != r->offset || !runs_into(draft, block))
		return false;
	uint32_t start = blocks[block - 1].offset;
	for (int n = 0; n < LEFT_OVER_ROWS_MAX && row > 0 && rows[row - 1].offset >= start; n++)
		if (rows[--row].offset < r->offset && is_of_same(&rows[row], r))
			return true;
	return row > 0 && rows[row - 1].offset < start && rows[row].offset > start &&
	       is_of_same(&rows[row - 1], r);
}

/*
 * Tails that end in a conditional jump are excluded: most of these are the condition of a loop,
 * which is the same on entry and on each iteration. judge.c says what tails are.
 */
bool may_be_tail(const struct index_draft *draft, size_t block)
{
	const struct index_block *b = &draft->blocks.data[block];
	const struct index_graph graph = { .points = draft->points.data,
					   .nr_points = draft->points.len };
	size_t first;

	return !(b->flags & (INDEX_BLOCK_BRANCH | INDEX_BLOCK_OPEN_IN)) &&
	       runs_into(draft, block) && !graph_block_points(&graph, b, &first);
}
