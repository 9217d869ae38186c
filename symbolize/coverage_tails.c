// SPDX-License-Identifier: GPL-2.0-or-later
/* Blocks and those in front of them. */
#include "symbolize/coverage_private.h"

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
