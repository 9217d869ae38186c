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
 * - A block is missed if all its predecessors are missed; or if all its
 *   successors are, and no instruction in it may fault.
 *
 * Each rule needs all successors, or all predecessors. If the index does not
 * know them all (INDEX_BLOCK_OPEN_*), nothing follows and the block stays
 * unknown.
 */
#include "symbolize/index/infer.h"

#include <string.h>

#include "base/search.h"

/* Successors or predecessors of a block. */
struct neighbours {
	const uint32_t *list;
	size_t nr;
};

static struct neighbours successors(const struct inference *f, uint32_t block)
{
	size_t first = f->graph.blocks[block].first_edge;

	return (struct neighbours){ f->graph.edges + first,
				    graph_edges_end(&f->graph, block) - first };
}

static struct neighbours predecessors(const struct inference *f, uint32_t block)
{
	const uint32_t *first = &f->first_in[block - f->first];

	return (struct neighbours){ f->from + first[0], first[1] - first[0] };
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
		    f->blocks[n.list[i]].state != BLOCK_MISSED)
			return false;
	return true;
}

static bool knows_successors(const struct index_block *b)
{
	return !(b->flags & (INDEX_BLOCK_OPEN_OUT | INDEX_BLOCK_LEAVES));
}

static void set_state(struct inference *f, uint32_t block, enum block_state state, uint32_t source)
{
	f->blocks[block].state = state;
	f->blocks[block].source = source;
	if (state == BLOCK_HIT)
		f->blocks[block].count = f->blocks[source].count;
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
	const struct index_block *b = &f->graph.blocks[block];
	bool no_way_in =
		in.nr && !(b->flags & INDEX_BLOCK_OPEN_IN) && all_missed(f, in, block, block);
	bool no_way_out = out.nr && !(b->flags & INDEX_BLOCK_FAULTS) && knows_successors(b) &&
			  !is_endless(out, block) && all_missed(f, out, block, block);

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

		if (p == block || f->blocks[p].state != BLOCK_HIT ||
		    !knows_successors(&f->graph.blocks[p]))
			continue;
		if (all_missed(f, successors(f, p), p, block)) {
			set_state(f, block, BLOCK_HIT, p);
			return true;
		}
	}
	for (size_t i = 0; i < out.nr; i++) {
		uint32_t s = out.list[i];

		if (s == block || f->blocks[s].state != BLOCK_HIT ||
		    f->graph.blocks[s].flags & INDEX_BLOCK_OPEN_IN)
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

/*
 * Set the states of blocks from their points. A point without a recorded PC means a missed block,
 * with three exceptions: a tail jump to the callback records no PC of its own, an exit callback is
 * recorded in some modes only, and tasks may reach the block when they are no longer recorded
 * (INDEX_BLOCK_UNRECORDED).
 */
static void note_points(struct inference *f, uint32_t block)
{
	struct inferred_block *b = &f->blocks[block];
	size_t first, nr = graph_block_points(&f->graph, &f->graph.blocks[block], &first);
	bool is_unrecorded = f->graph.blocks[block].flags & INDEX_BLOCK_UNRECORDED;

	for (size_t i = first; i < first + nr; i++) {
		uint64_t count = f->counts ? f->counts[i] : 0;

		if (!count && (is_unrecorded || f->graph.points[i].kind != INDEX_CALL))
			continue;
		b->source = block;
		if (b->state == BLOCK_UNKNOWN)
			b->state = BLOCK_MISSED;
		if (count)
			b->state = BLOCK_HIT;
		b->is_least |= (f->is_least && f->is_least[i]) || is_unrecorded;
		if (count > b->count)
			b->count = count;
	}
}

void infer_blocks(struct inference *f)
{
	size_t nr = 0, before;

	for (uint32_t b = f->first; b < f->end; b++)
		note_points(f, b);
	for (uint32_t b = f->first; b < f->end; b++) {
		if (f->blocks[b].state == BLOCK_UNKNOWN &&
		    f->graph.blocks[b].flags & INDEX_BLOCK_FILLING)
			set_state(f, b, BLOCK_MISSED, b);
		if (f->blocks[b].state == BLOCK_UNKNOWN)
			f->open[nr++] = b;
	}
	before = nr + 1;
	for (int pass = 0; nr < before && pass < INFERENCE_PASSES_MAX; pass++) {
		before = nr;
		nr = infer_pass(f, f->open, nr);
		/* Conclusions may spread in either direction through the code. */
		reverse_list(f->open, nr);
	}
}

struct index_graph index_graph(const struct index *index)
{
	struct index_graph g;

	g.blocks = index_blocks(index, &g.nr_blocks);
	g.edges = index_edges(index, &g.nr_edges);
	g.points = index_points(index, &g.nr_points);
	g.groups = index_groups(index, &g.nr_groups);
	return g;
}

uint32_t graph_block_points(const struct index_graph *graph, const struct index_block *block,
			    size_t *ret_first)
{
	uint32_t end = block->offset + block->size;
	size_t first = search_first(graph->nr_points, i, graph->points[i].offset >= block->offset);
	size_t after = first;

	while (after < graph->nr_points && graph->points[after].offset < end)
		after++;
	*ret_first = first;
	return after - first;
}

struct error *inference_init(struct inference *f, struct index_graph graph, const uint64_t *counts,
			     const bool *is_least)
{
	static const uint32_t no_edges[1];

	/* Blocks without edges have an offset of 0 in it: NULL would have none. */
	if (!graph.edges)
		graph.edges = no_edges;
	*f = (struct inference){ .graph = graph, .counts = counts, .is_least = is_least };
	f->blocks = calloc(graph.nr_blocks + 1, sizeof(*f->blocks));
	f->edges = calloc(graph.nr_edges + 1, sizeof(*f->edges));
	f->is_inferred = calloc(graph.nr_blocks + 1, sizeof(*f->is_inferred));
	return f->blocks && f->edges && f->is_inferred ? NULL : &error_no_memory;
}

static void free_scratch(struct inference *f)
{
	free(f->first_in);
	free(f->open);
	free(f->is_exact);
	free(f->in);
	free(f->from);
	f->first_in = f->open = f->in = f->from = NULL;
	f->is_exact = NULL;
	f->block_room = f->edge_room = 0;
}

void inference_deinit(struct inference *f)
{
	free_scratch(f);
	free(f->blocks);
	free(f->edges);
	free(f->is_inferred);
	f->is_inferred = NULL;
	f->blocks = NULL;
	f->edges = NULL;
}

/* The arrays for a group are kept for the next one. */
static bool make_scratch(struct inference *f)
{
	size_t nr = f->end - f->first, nr_edges = f->end_edge - f->first_edge;

	if (nr <= f->block_room && nr_edges <= f->edge_room && f->block_room)
		return true;
	nr = nr > f->block_room ? 2 * nr : f->block_room;
	nr_edges = nr_edges > f->edge_room ? 2 * nr_edges : f->edge_room;
	free_scratch(f);
	f->first_in = calloc(nr + 2, sizeof(*f->first_in));
	f->open = calloc(nr + 1, sizeof(*f->open));
	f->is_exact = calloc(nr + 1, sizeof(*f->is_exact));
	f->in = calloc(nr_edges + 1, sizeof(*f->in));
	f->from = calloc(nr_edges + 1, sizeof(*f->from));
	if (!f->first_in || !f->open || !f->is_exact || !f->in || !f->from)
		return false;
	f->block_room = nr;
	f->edge_room = nr_edges;
	return true;
}

static void reverse_edges(struct inference *f)
{
	const struct index_graph *g = &f->graph;
	uint32_t nr = f->end - f->first;

	memset(f->first_in, 0, (nr + 2) * sizeof(*f->first_in));
	for (size_t e = f->first_edge; e < f->end_edge; e++)
		f->first_in[g->edges[e] - f->first + 2]++;
	for (size_t i = 2; i < nr + 2; i++)
		f->first_in[i] += f->first_in[i - 1];
	for (uint32_t b = f->first; b < f->end; b++)
		for (size_t e = g->blocks[b].first_edge; e < graph_edges_end(g, b); e++) {
			uint32_t i = f->first_in[g->edges[e] - f->first + 1]++;

			f->in[i] = e;
			f->from[i] = b;
		}
}

struct error *inference_enter(struct inference *f, uint32_t group)
{
	f->first = f->graph.groups[group].first_block;
	f->end = f->graph.groups[group + 1].first_block;
	f->first_edge = f->end_edge = 0;
	if (f->first < f->end) {
		f->first_edge = f->graph.blocks[f->first].first_edge;
		f->end_edge = graph_edges_end(&f->graph, f->end - 1);
	}
	if (!make_scratch(f))
		return &error_no_memory;
	reverse_edges(f);
	return NULL;
}

struct error *infer_group(struct inference *f, uint32_t group)
{
	struct error *err = inference_enter(f, group);

	if (err)
		return err;
	infer_blocks(f);
	err = solve_edges(f);
	memset(f->is_inferred + f->first, true, (f->end - f->first) * sizeof(*f->is_inferred));
	return err;
}
