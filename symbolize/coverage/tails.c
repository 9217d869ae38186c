// SPDX-License-Identifier: GPL-2.0-or-later
/* Tell which rows and statements of a block belong to the block before it. */
#include "symbolize/coverage/private.h"

/* Blocks of real code have fewer rows than this. */
#define LEFT_OVER_ROWS_MAX 512

bool coverage_runs_into(const struct draft_image *image, size_t block)
{
	size_t nr;
	const struct index_block *blocks = index_blocks(image->input->index, &nr);
	const uint32_t *edges = index_edges(image->input->index, &nr);

	if (!block || blocks[block - 1].offset + blocks[block - 1].size != blocks[block].offset)
		return false;
	for (size_t e = blocks[block - 1].first_edge; e < blocks[block].first_edge; e++)
		if (edges[e] == block)
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
bool coverage_is_left_over(const struct draft_image *image, size_t block, size_t row)
{
	size_t nr, nr_rows;
	const struct index_block *blocks = index_blocks(image->input->index, &nr);
	const struct index_row *rows = index_rows(image->input->index, &nr_rows), *r = &rows[row];

	if (r->offset != blocks[block].offset || row + 1 == nr_rows || r[1].offset != r->offset ||
	    !coverage_runs_into(image, block))
		return false;
	uint32_t start = blocks[block - 1].offset;
	for (int n = 0; n < LEFT_OVER_ROWS_MAX && row > 0 && rows[row - 1].offset >= start; n++)
		if (rows[--row].offset < r->offset && is_of_same(&rows[row], r))
			return true;
	return row > 0 && rows[row - 1].offset < start && rows[row].offset > start &&
	       is_of_same(&rows[row - 1], r);
}

/*
 * After instrumentation gcc merges identical block tails (cross-jumping). It
 * keeps the rows of the fall-through predecessor only; no row tells whether the
 * blocks that jump to the tail have the same statements. So if the fall-through
 * predecessor was missed, the statements in the tail count as missed, though
 * the tail itself was hit. Tails that end in a
 * conditional jump are excluded: most of these are the condition of a loop,
 * which is the same on entry and on each iteration.
 */
bool coverage_is_tail_of_missed(const struct draft_image *image, size_t block)
{
	const struct index *index = image->input->index;
	const uint32_t other = INDEX_BLOCK_BRANCH | INDEX_BLOCK_OPEN_IN;
	size_t nr;
	const struct index_block *b = &index_blocks(index, &nr)[block];

	return image->blocks[block].state == BLOCK_HIT && !(b->flags & other) &&
	       coverage_runs_into(image, block) && image->blocks[block - 1].state == BLOCK_MISSED &&
	       !coverage_block_points(index, b);
}
