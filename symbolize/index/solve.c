// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find out which edges between blocks were taken, and how often. From that,
 * decide blocks whose state is still unknown.
 *
 * An edge from or to a missed block was not taken. A hit block was entered by
 * one of its edges and left by one: if all others on one side were not taken,
 * that one was. Also, a block is left as often as it is entered: if the counts
 * of all edges on one side but one are known, the count of the block gives the
 * last one. The count of a block with a point is what was recorded. The count
 * of another block is known if the counts of all edges into it, or out of it,
 * are known. The rest may follow from several blocks together (network.h): what
 * goes into a part of the function comes out of that part.
 *
 * Counts balance only where nothing enters or leaves unseen: not at
 * INDEX_BLOCK_OPEN_*, and not where an instruction may fault. If they would
 * make an edge negative, because a task ended within the block, they are not
 * used. And only exact counts balance. A block that is in a set was executed at
 * least once, so equal numbers mean nothing. A block that is in no set was not
 * executed by the tasks that recorded into sets, so the counts of traces are
 * exact for it.
 */
#include "base/cleanup.h"
#include "symbolize/index/infer.h"
#include "symbolize/index/network.h"

/* Within what network.h allows (two nodes for each block); no image has more. */
#define NETWORK_BLOCKS_MAX (1U << 21)

/* The edges into a block, or out of it, as numbers of edges. */
struct edge_set {
	const uint32_t *list; /* NULL = first, first + 1, ... */
	uint32_t first;
	size_t nr;
	bool is_closed; /* the list is complete */
};

static uint32_t edge_of(struct edge_set set, size_t i)
{
	return set.list ? set.list[i] : set.first + i;
}

static struct edge_set edges_out(const struct inference *s, uint32_t block)
{
	const struct index_block *b = &s->graph.blocks[block];
	uint32_t open = INDEX_BLOCK_OPEN_OUT | INDEX_BLOCK_LEAVES | INDEX_BLOCK_FAULTS;

	return (struct edge_set){ NULL, b->first_edge,
				  graph_edges_end(&s->graph, block) - b->first_edge,
				  !(b->flags & open) };
}

static struct edge_set edges_in(const struct inference *s, uint32_t block)
{
	const uint32_t *first = &s->first_in[block - s->first];

	return (struct edge_set){ s->in + first[0], 0, first[1] - first[0],
				  !(s->graph.blocks[block].flags & INDEX_BLOCK_OPEN_IN) };
}

/* Blocks at the other ends of edges_in() and edges_out(), in the same order. */
static const uint32_t *blocks_in(const struct inference *s, uint32_t block)
{
	return s->from + s->first_in[block - s->first];
}

static const uint32_t *blocks_out(const struct inference *s, uint32_t block)
{
	return s->graph.edges + s->graph.blocks[block].first_edge;
}

static void set_edge(struct inference *s, uint32_t edge, enum edge_state state, uint64_t count,
		     bool is_exact)
{
	s->edges[edge] = (struct inferred_edge){ count, state, is_exact };
	s->changed = true;
}

static void mark_missed(struct inference *s)
{
	for (uint32_t b = s->first; b < s->end; b++) {
		struct edge_set out = edges_out(s, b);

		for (size_t i = 0; i < out.nr; i++)
			if (s->blocks[b].state == BLOCK_MISSED ||
			    s->blocks[blocks_out(s, b)[i]].state == BLOCK_MISSED)
				set_edge(s, edge_of(out, i), EDGE_NOT_TAKEN, 0, true);
	}
}

/* The only edge of a set whose count is not known, or INDEX_NONE. *sum: counts of the others. */
static uint32_t open_edge(const struct inference *s, struct edge_set set, uint64_t *sum)
{
	uint32_t open = INDEX_NONE;

	*sum = 0;
	for (size_t i = 0; i < set.nr; i++) {
		uint32_t e = edge_of(set, i);

		if (s->edges[e].is_exact)
			*sum = count_add(*sum, s->edges[e].count);
		else if (open != INDEX_NONE)
			return INDEX_NONE;
		else
			open = e;
	}
	return open;
}

static bool all_exact(const struct inference *s, struct edge_set set)
{
	for (size_t i = 0; i < set.nr; i++)
		if (!s->edges[edge_of(set, i)].is_exact)
			return false;
	return true;
}

/* One side of a block with a known count: its only edge without a count gets what is missing. */
static void solve_side(struct inference *s, uint32_t block, struct edge_set set)
{
	uint64_t sum, count = s->blocks[block].count;
	uint32_t open = open_edge(s, set, &sum);

	if (!set.is_closed || open == INDEX_NONE || !s->is_exact[block - s->first] || sum > count)
		return;
	set_edge(s, open, sum < count ? EDGE_TAKEN : EDGE_NOT_TAKEN, count - sum, true);
}

/* A hit block whose count is not known: the sum of one side, if all counts there are known. */
static void solve_block(struct inference *s, uint32_t block, struct edge_set set)
{
	uint64_t sum;

	if (s->is_exact[block - s->first] || s->blocks[block].state != BLOCK_HIT ||
	    s->blocks[block].is_least || !set.is_closed || !set.nr || !all_exact(s, set))
		return;
	open_edge(s, set, &sum);
	/* The block was hit, so a sum of 0 is not its count: a task ended somewhere. */
	if (!sum)
		return;
	s->blocks[block].count = sum;
	s->is_exact[block - s->first] = true;
	s->changed = true;
}

/* A hit block: if all edges on one side but one were not taken, that one was taken. */
static void infer_taken(struct inference *s, uint32_t block, struct edge_set set)
{
	uint32_t left = INDEX_NONE;

	if (s->blocks[block].state != BLOCK_HIT || !set.is_closed)
		return;
	for (size_t i = 0; i < set.nr; i++) {
		uint32_t e = edge_of(set, i);

		if (s->edges[e].state == EDGE_NOT_TAKEN)
			continue;
		if (left != INDEX_NONE)
			return;
		left = e;
	}
	if (left != INDEX_NONE && s->edges[left].state == EDGE_UNKNOWN)
		set_edge(s, left, EDGE_TAKEN, s->blocks[block].count, false);
}

static void set_block(struct inference *s, uint32_t block, enum block_state state, uint32_t source,
		      uint64_t count)
{
	s->blocks[block] = (struct inferred_block){ count, source, state };
	s->is_exact[block - s->first] = state == BLOCK_MISSED;
	s->changed = true;
}

/*
 * A block of unknown state: it was hit if an edge on one side was taken, and missed if all edges on
 * one side are known not to be taken.
 */
static void infer_block(struct inference *s, uint32_t block, struct edge_set set,
			const uint32_t *neighbours)
{
	uint32_t source = INDEX_NONE;

	for (size_t i = 0; i < set.nr; i++) {
		const struct inferred_edge *e = &s->edges[edge_of(set, i)];

		source = neighbours[i];
		if (e->state == EDGE_TAKEN) {
			set_block(s, block, BLOCK_HIT, source, e->count);
			return;
		}
		if (e->state == EDGE_UNKNOWN)
			return;
	}
	if (set.is_closed && source != INDEX_NONE)
		set_block(s, block, BLOCK_MISSED, source, 0);
}

static void leave_missed(struct inference *s, struct edge_set set)
{
	for (size_t i = 0; i < set.nr; i++)
		if (s->edges[edge_of(set, i)].state == EDGE_UNKNOWN)
			set_edge(s, edge_of(set, i), EDGE_NOT_TAKEN, 0, true);
}

/* The states of the blocks around this block did not decide it. The counts of its edges may. */
static void solve_open(struct inference *s, uint32_t block)
{
	struct edge_set in = edges_in(s, block), out = edges_out(s, block);

	infer_block(s, block, in, blocks_in(s, block));
	if (s->blocks[block].state == BLOCK_UNKNOWN)
		infer_block(s, block, out, blocks_out(s, block));
	if (s->blocks[block].state == BLOCK_MISSED) {
		leave_missed(s, in);
		leave_missed(s, out);
	}
}

static void solve(struct inference *s)
{
	s->changed = true;
	for (int pass = 0; s->changed && pass < INFERENCE_PASSES_MAX; pass++) {
		s->changed = false;
		for (uint32_t i = s->first; i < s->end; i++) {
			/* Conclusions may spread in either direction through the code. */
			uint32_t b = pass % 2 ? s->end - 1 - (i - s->first) : i;
			struct edge_set in, out;

			if (s->blocks[b].state == BLOCK_UNKNOWN)
				solve_open(s, b);
			if (s->blocks[b].state != BLOCK_HIT)
				continue;
			in = edges_in(s, b);
			out = edges_out(s, b);
			solve_block(s, b, in);
			solve_block(s, b, out);
			solve_side(s, b, in);
			solve_side(s, b, out);
			infer_taken(s, b, in);
			infer_taken(s, b, out);
		}
	}
}

/* The last node of the network. */
static uint32_t ground(const struct inference *s)
{
	return 2 * (s->end - s->first);
}

/*
 * Nodes of the network: one where a block is entered, and one where it is left. If the edges on
 * that side are not all known, the ground takes the place of the node.
 */
static uint32_t node_in(const struct inference *s, uint32_t block)
{
	return edges_in(s, block).is_closed ? 2 * (block - s->first) : ground(s);
}

static uint32_t node_out(const struct inference *s, uint32_t block)
{
	return edges_out(s, block).is_closed ? 2 * (block - s->first) + 1 : ground(s);
}

/*
 * Add the flow through an edge or a block to the network. A known count goes into the supplies. An
 * unknown one becomes an arc, and of[] notes the edge or block that it stands for.
 */
static void add_arc(struct network *n, uint32_t *of, uint32_t id, uint32_t from, uint32_t to,
		    bool is_exact, uint64_t count)
{
	if (is_exact && count <= NETWORK_COUNT_MAX) {
		n->supply[from] -= count;
		n->supply[to] += count;
	} else if (from != to) {
		of[n->nr_arcs] = id;
		n->arcs[n->nr_arcs++] = (struct network_arc){ .from = from, .to = to };
	}
}

static uint32_t executed_neighbour(const struct inference *s, uint32_t block)
{
	struct edge_set in = edges_in(s, block), out = edges_out(s, block);

	for (size_t i = 0; i < in.nr; i++)
		if (s->edges[edge_of(in, i)].state != EDGE_NOT_TAKEN)
			return blocks_in(s, block)[i];
	for (size_t i = 0; i < out.nr; i++)
		if (s->edges[edge_of(out, i)].state != EDGE_NOT_TAKEN)
			return blocks_out(s, block)[i];
	return block;
}

static void apply_to_block(struct inference *s, uint32_t block, uint64_t count)
{
	if (s->blocks[block].is_least)
		return;
	if (s->blocks[block].state == BLOCK_UNKNOWN)
		set_block(s, block, BLOCK_HIT, executed_neighbour(s, block), count);
	s->blocks[block].count = count;
	s->is_exact[block - s->first] = true;
	s->changed = true;
}

static uint32_t add_arcs(const struct inference *s, struct network *n, uint32_t *of)
{
	for (uint32_t b = s->first; b < s->end; b++) {
		struct edge_set out = edges_out(s, b);

		for (size_t i = 0; i < out.nr; i++) {
			uint32_t e = edge_of(out, i);

			add_arc(n, of, e, node_out(s, b), node_in(s, blocks_out(s, b)[i]),
				s->edges[e].is_exact, s->edges[e].count);
		}
	}
	uint32_t nr_of_edges = n->nr_arcs;
	for (uint32_t b = s->first; b < s->end; b++)
		add_arc(n, of, b, node_in(s, b), node_out(s, b), s->is_exact[b - s->first],
			s->blocks[b].count);
	return nr_of_edges;
}

/*
 * Solve the network of the group. Only positive counts are taken from it: a count of 0 may
 * also come from a task that went there and has not come back yet.
 */
static bool solve_network(struct inference *s)
{
	size_t nr_nodes = ground(s) + 1;
	size_t nr_arcs = (s->end - s->first) + (s->end_edge - s->first_edge);
	struct network n = { .nr_nodes = nr_nodes };
	_cleanup_free_ int64_t *supply = calloc(nr_nodes, sizeof(*supply));
	_cleanup_free_ struct network_arc *arcs = calloc(nr_arcs + 1, sizeof(*arcs));
	_cleanup_free_ uint32_t *of = calloc(nr_arcs + 1, sizeof(*of));

	if (!supply || !arcs || !of)
		return false;
	n.supply = supply;
	n.arcs = arcs;
	uint32_t nr_of_edges = add_arcs(s, &n, of);
	if (!network_solve(&n))
		return false;
	for (uint32_t i = 0; i < n.nr_arcs; i++)
		if (n.arcs[i].is_known && n.arcs[i].value > 0) {
			if (i < nr_of_edges)
				set_edge(s, of[i], EDGE_TAKEN, n.arcs[i].value, true);
			else
				apply_to_block(s, of[i], n.arcs[i].value);
		}
	return true;
}

/* Solve the network, then single blocks with what it found. s->changed: it found something. */
static bool solve_further(struct inference *s)
{
	s->changed = false;
	if (!solve_network(s))
		return false;
	if (s->changed) {
		solve(s);
		s->changed = true;
	}
	return true;
}

static bool has_hit_block(const struct inference *s)
{
	for (uint32_t b = s->first; b < s->end; b++)
		if (s->blocks[b].state == BLOCK_HIT)
			return true;
	return false;
}

struct error *solve_edges(struct inference *s)
{
	bool ok = true;

	for (uint32_t b = s->first; b < s->end; b++) {
		const struct inferred_block *state = &s->blocks[b];

		s->is_exact[b - s->first] =
			state->state == BLOCK_MISSED ||
			(state->state == BLOCK_HIT && state->source == b && !state->is_least);
	}
	mark_missed(s);
	solve(s);
	/* Without a hit block all counts are 0, and no positive one can follow. */
	s->changed = s->end - s->first <= NETWORK_BLOCKS_MAX && has_hit_block(s);
	for (int pass = 0; ok && s->changed && pass < INFERENCE_PASSES_MAX; pass++)
		ok = solve_further(s);
	return ok ? NULL : &error_no_memory;
}
