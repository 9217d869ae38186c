// SPDX-License-Identifier: GPL-2.0-or-later
/* Find the conditional jumps, and report each on the line of the row that is active there. */
#include "symbolize/coverage/private.h"

/* The row that is active at the end of a block, where its jump is; NULL = none. */
static const struct index_row *jump_row(const struct index_row *rows, size_t nr, size_t *next,
					const struct index_block *block)
{
	while (*next < nr && rows[*next].offset < block->offset + block->size)
		++*next;
	return *next ? &rows[*next - 1] : NULL;
}

static struct error *find_in_image(struct coverage_draft *draft, uint32_t number)
{
	const struct draft_image *image = &draft->images[number];
	const struct index *index = image->input->index;
	size_t nr_blocks, nr_rows, next = 0;
	const struct index_block *blocks = index_blocks(index, &nr_blocks);
	const struct index_row *rows = index_rows(index, &nr_rows);

	for (size_t b = 0; b < nr_blocks; b++) {
		const struct index_row *row = jump_row(rows, nr_rows, &next, &blocks[b]);

		if (!(blocks[b].flags & INDEX_BLOCK_BRANCH) || !row || !row->line ||
		    row->file == INDEX_NONE || image->blocks[b].state == BLOCK_UNKNOWN)
			continue;
		const struct draft_edge *edges = &image->edges[blocks[b].first_edge];
		struct draft_branch branch = {
			.file = image->file_map[row->file],
			.line = row->line,
			.image = number,
			.block = b,
			.is_reached = image->blocks[b].state == BLOCK_HIT,
			.outcomes = { edges[0], edges[1] },
		};
		if (!draft_branch_vector_append(&draft->branches, &branch))
			return &error_no_memory;
	}
	return NULL;
}

static int compare_branches(const void *va, const void *vb)
{
	const struct draft_branch *a = va, *b = vb;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->image != b->image)
		return a->image < b->image ? -1 : 1;
	return a->block < b->block ? -1 : a->block > b->block;
}

struct error *coverage_find_branches(struct coverage_draft *draft)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < draft->input->nr_images; i++)
		if (draft->images[i].input->index)
			err = find_in_image(draft, i);
	if (draft->branches.len)
		qsort(draft->branches.data, draft->branches.len, sizeof(*draft->branches.data),
		      compare_branches);
	return err;
}

static struct coverage_outcome make_outcome(const struct draft_edge *edge)
{
	switch (edge->state) {
	case EDGE_NOT_TAKEN:
		return (struct coverage_outcome){ COVERAGE_OUTCOME_NOT_TAKEN, 0 };
	case EDGE_TAKEN:
		return (struct coverage_outcome){ COVERAGE_OUTCOME_TAKEN, edge->count };
	case EDGE_UNKNOWN:
		break;
	}
	return (struct coverage_outcome){ COVERAGE_OUTCOME_UNKNOWN, 0 };
}

static struct error *fill_line(struct coverage_draft *draft, const struct draft_branch *branches,
			       size_t nr, struct coverage_line *line, struct coverage_ratio *ratio)
{
	line->branches = arena_alloc(draft->arena, nr, sizeof(*line->branches));
	if (!line->branches)
		return &error_no_memory;
	line->nr_branches = nr;
	for (size_t i = 0; i < nr; i++)
		line->branches[i] = (struct coverage_branch){
			.is_reached = branches[i].is_reached,
			.outcomes = { make_outcome(&branches[i].outcomes[0]),
				      make_outcome(&branches[i].outcomes[1]) },
		};
	coverage_ratio_add(ratio, coverage_line_outcomes(line));
	return NULL;
}

struct error *coverage_add_branches(struct coverage_draft *draft, uint32_t file_id,
				    struct coverage_file *file, size_t *next)
{
	const struct draft_branch_vector *v = &draft->branches;
	size_t line = 0;

	while (*next < v->len && v->data[*next].file < file_id)
		++*next;
	while (*next < v->len && v->data[*next].file == file_id) {
		const struct draft_branch *first = &v->data[*next];
		size_t n = 0;

		while (*next + n < v->len && first[n].file == file_id &&
		       first[n].line == first->line)
			n++;
		*next += n;
		while (line < file->nr_lines && file->lines[line].line < first->line)
			line++;
		if (line == file->nr_lines || file->lines[line].line != first->line)
			continue;
		struct error *err =
			fill_line(draft, first, n, &file->lines[line], &file->branch_ratio);
		if (err)
			return err;
	}
	return NULL;
}
