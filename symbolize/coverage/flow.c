// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Infer the state of every block from the recorded points. Points decide the
 * blocks that they are in. Other blocks follow from the flow of control, by
 * rules that are applied until nothing changes:
 *
 * - A hit block was left: if all its successors but one are missed, that one is
 *   hit.
 * - A hit block was entered: if all its predecessors but one are missed, that
 *   one is hit.
 * - A block is missed if all its predecessors, or all its successors, are
 *   missed.
 *
 * Each rule needs all successors, or all predecessors. If the index does not
 * know them all (INDEX_BLOCK_OPEN_*), nothing follows and the block stays
 * unknown.
 */
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/coverage/private.h"

struct inference {
	const struct index *index;
	struct draft_block *states;
	const struct index_block *blocks;
	const uint32_t *edges;
	size_t nr, nr_edges;
	uint32_t *first_in; /* predecessors of block i: in[first_in[i]] to in[first_in[i + 1]] */
	uint32_t *in;
};

static size_t edges_end(const struct inference *f, size_t block)
{
	return block + 1 < f->nr ? f->blocks[block + 1].first_edge : f->nr_edges;
}

static struct error *reverse_edges(struct inference *f)
{
	f->first_in = calloc(f->nr + 2, sizeof(*f->first_in));
	f->in = calloc(f->nr_edges + 1, sizeof(*f->in));
	if (!f->first_in || !f->in)
		return &error_no_memory;
	for (size_t e = 0; e < f->nr_edges; e++)
		f->first_in[f->edges[e] + 2]++;
	for (size_t i = 2; i < f->nr + 2; i++)
		f->first_in[i] += f->first_in[i - 1];
	for (size_t i = 0; i < f->nr; i++)
		for (size_t e = f->blocks[i].first_edge; e < edges_end(f, i); e++)
			f->in[f->first_in[f->edges[e] + 1]++] = i;
	return NULL;
}

/* Successors or predecessors of a block. */
struct neighbours {
	const uint32_t *list;
	size_t nr;
};

static struct neighbours successors(const struct inference *f, uint32_t block)
{
	size_t first = f->blocks[block].first_edge;

	return (struct neighbours){ f->edges + first, edges_end(f, block) - first };
}

static struct neighbours predecessors(const struct inference *f, uint32_t block)
{
	size_t first = f->first_in[block];

	return (struct neighbours){ f->in + first, f->first_in[block + 1] - first };
}

/*
 * Are all neighbours of `self` missed, apart from `except`? Ignores an edge of `self` to itself:
 * such a loop was also entered from another block, and left to another one.
 */
static bool all_missed(const struct inference *f, struct neighbours n, uint32_t self,
		       uint32_t except)
{
	for (size_t i = 0; i < n.nr; i++)
		if (n.list[i] != self && n.list[i] != except &&
		    f->states[n.list[i]].state != BLOCK_MISSED)
			return false;
	return true;
}

static bool knows_successors(const struct index_block *b)
{
	return !(b->flags & (INDEX_BLOCK_OPEN_OUT | INDEX_BLOCK_LEAVES));
}

static void set_state(struct inference *f, uint32_t block, enum block_state state, uint32_t source)
{
	f->states[block].state = state;
	f->states[block].source = source;
	if (state == BLOCK_HIT)
		f->states[block].count = f->states[source].count;
}

/* An endless loop: its only successor is the block itself. */
static bool is_endless(struct neighbours out, uint32_t block)
{
	return out.nr == 1 && out.list[0] == block;
}

/* The first neighbour that is not the block itself; the block itself if there is no other. */
static uint32_t first_other(struct neighbours n, uint32_t self)
{
	for (size_t i = 0; i < n.nr; i++)
		if (n.list[i] != self)
			return n.list[i];
	return self;
}

static bool infer_missed(struct inference *f, uint32_t block)
{
	struct neighbours in = predecessors(f, block), out = successors(f, block);
	const struct index_block *b = &f->blocks[block];
	bool no_way_in =
		in.nr && !(b->flags & INDEX_BLOCK_OPEN_IN) && all_missed(f, in, block, block);
	bool no_way_out = out.nr && knows_successors(b) && !is_endless(out, block) &&
			  all_missed(f, out, block, block);

	if (!no_way_in && !no_way_out)
		return false;
	set_state(f, block, BLOCK_MISSED, first_other(no_way_in ? in : out, block));
	return true;
}

static bool infer_hit(struct inference *f, uint32_t block)
{
	struct neighbours in = predecessors(f, block), out = successors(f, block);

	for (size_t i = 0; i < in.nr; i++) {
		uint32_t p = in.list[i];

		if (p == block || f->states[p].state != BLOCK_HIT ||
		    !knows_successors(&f->blocks[p]))
			continue;
		if (all_missed(f, successors(f, p), p, block)) {
			set_state(f, block, BLOCK_HIT, p);
			return true;
		}
	}
	for (size_t i = 0; i < out.nr; i++) {
		uint32_t s = out.list[i];

		if (s == block || f->states[s].state != BLOCK_HIT ||
		    f->blocks[s].flags & INDEX_BLOCK_OPEN_IN)
			continue;
		if (all_missed(f, predecessors(f, s), s, block)) {
			set_state(f, block, BLOCK_HIT, s);
			return true;
		}
	}
	return false;
}

/* One pass over the undecided blocks. Those left move to the front; returns how many they are. */
static size_t infer_pass(struct inference *f, uint32_t *open, size_t nr)
{
	size_t left = 0;

	for (size_t i = 0; i < nr; i++)
		if (!infer_hit(f, open[i]) && !infer_missed(f, open[i]))
			open[left++] = open[i];
	return left;
}

static void reverse_list(uint32_t *list, size_t nr)
{
	for (size_t i = 0; i < nr / 2; i++) {
		uint32_t other = list[nr - 1 - i];

		list[nr - 1 - i] = list[i];
		list[i] = other;
	}
}

static struct error *infer(struct inference *f)
{
	_cleanup_free_ uint32_t *open = calloc(f->nr + 1, sizeof(*open));
	size_t nr = 0, before;

	if (!open)
		return &error_no_memory;
	for (size_t i = 0; i < f->nr; i++)
		if (f->states[i].state == BLOCK_UNKNOWN)
			open[nr++] = i;
	before = nr + 1;
	for (int pass = 0; nr < before && pass < INFERENCE_PASSES_MAX; pass++) {
		before = nr;
		nr = infer_pass(f, open, nr);
		/* Conclusions may spread in either direction through the code. */
		reverse_list(open, nr);
	}
	return NULL;
}

/*
 * Set the states of blocks from their points. A point without a recorded PC means a missed block,
 * with two exceptions: a tail jump to the callback records no PC of its own, and tasks may reach
 * the block when they are no longer recorded (INDEX_BLOCK_UNRECORDED).
 */
static void note_points(struct inference *f, const struct draft_image *image)
{
	const uint64_t *counts = image->counts;
	size_t nr;
	const struct index_point *points = index_points(f->index, &nr);

	for (size_t i = 0; i < nr; i++) {
		uint32_t block = index_find_block(f->index, points[i].offset);
		struct draft_block *b;

		if (block == INDEX_NONE)
			continue;
		bool is_unrecorded = f->blocks[block].flags & INDEX_BLOCK_UNRECORDED;
		if (!counts[i] && (is_unrecorded || points[i].kind == INDEX_JUMP))
			continue;
		b = &f->states[block];
		b->source = block;
		if (b->state == BLOCK_UNKNOWN)
			b->state = BLOCK_MISSED;
		if (counts[i])
			b->state = BLOCK_HIT;
		b->is_least |= image->is_least[i] || is_unrecorded;
		if (counts[i] > b->count)
			b->count = counts[i];
	}
}

/*
 * Padding before an aligned address runs into the code there. It would be a
 * predecessor that may have been executed, so mark it as missed. Padding is
 * code that nothing leads to and that has no row: code that is reached in
 * unknown ways does have a row.
 */
static void note_fillings(struct inference *f)
{
	size_t nr, row = 0;
	const struct index_row *rows = index_rows(f->index, &nr);

	for (size_t i = 0; i < f->nr; i++) {
		while (row < nr && rows[row].offset < f->blocks[i].offset)
			row++;
		if (f->states[i].state == BLOCK_UNKNOWN && !predecessors(f, i).nr &&
		    !(f->blocks[i].flags & INDEX_BLOCK_OPEN_IN) &&
		    (row == nr || rows[row].offset != f->blocks[i].offset))
			set_state(f, i, BLOCK_MISSED, i);
	}
}

struct error *coverage_infer_blocks(struct draft_image *image)
{
	struct inference f = { .index = image->input->index };

	f.blocks = index_blocks(f.index, &f.nr);
	f.edges = index_edges(f.index, &f.nr_edges);
	f.states = image->blocks = calloc(f.nr + 1, sizeof(*image->blocks));
	struct error *err = f.states ? reverse_edges(&f) : &error_no_memory;
	if (!err) {
		note_points(&f, image);
		note_fillings(&f);
		err = infer(&f);
	}
	free(f.first_in);
	free(f.in);
	return err;
}
