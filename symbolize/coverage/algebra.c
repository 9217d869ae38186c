// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Leave out what an operand executed too, or what it did not execute. That is said of points, and
 * of PCs that are none. What follows from the points of the sources is inferred first: a point that
 * is left out was executed, and nothing may follow from it as if it was not. Then blocks are left
 * out whose state follows from nothing else.
 */
#include <stdlib.h>

#include "base/search.h"
#include "symbolize/coverage/private.h"

/* Of the blocks that a state follows from, one after the other. Real code needs few. */
#define SOURCES_MAX 10000

static bool is_left_out(const struct coverage_operand *operand, bool is_in_operand)
{
	return is_in_operand == operand->is_subtracted;
}

static struct error *note_points(struct draft_image *image, const struct draft_image *other,
				 const struct coverage_operand *operand)
{
	size_t nr;

	index_points(image->input->index, &nr);
	if (!image->is_left_out)
		image->is_left_out = calloc(nr + 1, sizeof(*image->is_left_out));
	if (!image->is_left_out)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++)
		image->is_left_out[i] |= is_left_out(operand, other->counts[i] > 0);
	return NULL;
}

static bool has_unmatched(const struct draft_unmatched_vector *v, const struct draft_unmatched *u)
{
	size_t at = search_first(v->len, i, draft_unmatched_compare(&v->data[i], u) >= 0);

	return at < v->len && !draft_unmatched_compare(&v->data[at], u);
}

static void remove_unmatched(struct coverage_draft *draft, const struct coverage_draft *other,
			     const struct coverage_operand *operand)
{
	size_t nr = 0;

	vector_for_each(&draft->unmatched, u) {
		if (!is_left_out(operand, has_unmatched(&other->unmatched, u)))
			draft->unmatched.data[nr++] = *u;
		else if (u->image != INDEX_NONE)
			draft->images[u->image].nr_unmatched--;
	}
	draft->unmatched.len = nr;
}

static struct error *apply(struct coverage_draft *draft, const struct coverage_draft *other,
			   const struct coverage_operand *operand)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < draft->input->nr_images; i++)
		if (draft->images[i].input->index)
			err = note_points(&draft->images[i], &other->images[i], operand);
	remove_unmatched(draft, other, operand);
	return err;
}

struct error *coverage_apply_operands(struct coverage_draft *draft)
{
	const struct coverage_input *input = draft->input;
	struct error *err = NULL;

	for (size_t i = 0; !err && i < input->nr_operands; i++) {
		const struct coverage_operand *operand = &input->operands[i];
		struct coverage_input alone = *input;
		struct coverage_draft other;

		alone.sources = operand->sources;
		alone.nr_sources = operand->nr_sources;
		alone.nr_operands = 0;
		err = coverage_draft_init(&other, &alone);
		if (!err)
			err = coverage_count(&other);
		if (!err)
			err = apply(draft, &other, operand);
		coverage_draft_deinit(&other);
	}
	return err;
}

/* Whether a block has points that were recorded; *ret_left_out: all of these are left out. */
static bool has_hit_points(const struct draft_image *image, uint32_t block, bool *ret_left_out)
{
	const struct index_graph *g = &image->inference.graph;
	size_t first, nr = graph_block_points(g, &g->blocks[block], &first);
	bool has_any = false;

	*ret_left_out = true;
	for (size_t i = first; i < first + nr; i++) {
		if (!image->counts[i])
			continue;
		has_any = true;
		*ret_left_out &= image->is_left_out[i];
	}
	return has_any;
}

/* Whether all recorded points of a group are left out. */
static bool is_group_left_out(const struct draft_image *image, const struct index_group *group)
{
	for (uint32_t b = group[0].first_block; b < group[1].first_block; b++) {
		bool left_out;

		if (has_hit_points(image, b, &left_out) && !left_out)
			return false;
	}
	return true;
}

/* is_all: what to say of a block whose state follows from the counts of edges, not of one block. */
static bool is_block_left_out(const struct draft_image *image, uint32_t block, bool is_all)
{
	const struct inferred_block *blocks = image->inference.blocks;
	bool left_out = false;

	for (int i = 0; i < SOURCES_MAX; i++) {
		if (has_hit_points(image, block, &left_out))
			return left_out;
		if (blocks[block].source == block)
			return is_all;
		block = blocks[block].source;
	}
	return is_all;
}

void coverage_leave_out(struct draft_image *image, uint32_t group)
{
	const struct index_group *g = &image->inference.graph.groups[group];
	struct inferred_block *blocks = image->inference.blocks;

	if (!image->is_left_out)
		return;
	bool is_all = is_group_left_out(image, g);
	for (uint32_t b = g[0].first_block; b < g[1].first_block; b++) {
		if (blocks[b].state != BLOCK_HIT || !is_block_left_out(image, b, is_all))
			continue;
		/* The sources of other blocks are kept. */
		blocks[b].state = BLOCK_MISSED;
		blocks[b].count = 0;
	}
}

void coverage_remove_points(struct draft_image *image)
{
	size_t nr;
	const struct index_point *points = index_points(image->input->index, &nr);

	for (size_t i = 0; image->is_left_out && i < nr; i++) {
		if (!image->is_left_out[i] || !image->counts[i])
			continue;
		/* Tail calls were recorded as other PCs. */
		image->nr_pcs -= points[i].kind != INDEX_JUMP;
		image->counts[i] = 0;
	}
}
