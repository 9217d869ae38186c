// SPDX-License-Identifier: GPL-2.0-or-later
/* Blocks and those in front of them. */
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
 * What ends the block before without leaving code there has its row at the
 * first address of this one: in front of its own rows, which come last. When
 * the block before has the line too, the row is that one's: by a row of its own, or by
 * the one in force where it begins, as what lies behind the trap of a bug has.
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
 * After points were given out gcc makes equal ends of blocks one, and keeps that
 * of the block which runs into it, with its statements. Whether the others, which
 * jump there, have the same no row says: where only these were executed, it
 * was missed. A condition is left out: most are that of a loop, at both its ends.
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
