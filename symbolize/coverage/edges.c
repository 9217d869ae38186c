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
#include "symbolize/coverage/private.h"
#include "symbolize/coverage/network.h"

/* Within what network.h allows (two nodes for each block); no image has more. */
#define NETWORK_BLOCKS_MAX (1U << 21)

/* The edges into a block, or out of it, as numbers of edges. */
struct edge_set {
	const uint32_t *list; /* NULL = first, first + 1, ... */
	uint32_t first;
	size_t nr;
	bool is_closed; /* the list is complete */
};

struct edge_solver {
	const struct index_block *blocks;
	const uint32_t *to;
	size_t nr, nr_edges;
	struct draft_block *states;
	struct draft_edge *edges;
	uint32_t *from;	    /* of each edge */
	uint32_t *first_in; /* as in symbolize/coverage/flow.c, but in[] holds edges */
	uint32_t *in;
	uint8_t *is_exact; /* the count of the block is known */
	bool changed;
};

static uint32_t edge_of(struct edge_set set, size_t i)
{
	return set.list ? set.list[i] : set.first + i;
}

static struct edge_set edges_out(const struct edge_solver *s, uint32_t block)
{
	const struct index_block *b = &s->blocks[block];
	size_t end = block + 1 < s->nr ? b[1].first_edge : s->nr_edges;
	uint32_t open = INDEX_BLOCK_OPEN_OUT | INDEX_BLOCK_LEAVES | INDEX_BLOCK_FAULTS;

	return (struct edge_set){ NULL, b->first_edge, end - b->first_edge, !(b->flags & open) };
}

static struct edge_set edges_in(const struct edge_solver *s, uint32_t block)
{
	uint32_t first = s->first_in[block];

	return (struct edge_set){ s->in + first, 0, s->first_in[block + 1] - first,
				  !(s->blocks[block].flags & INDEX_BLOCK_OPEN_IN) };
}

static bool solver_init(struct edge_solver *s)
{
	s->from = calloc(s->nr_edges + 1, sizeof(*s->from));
	s->first_in = calloc(s->nr + 2, sizeof(*s->first_in));
	s->in = calloc(s->nr_edges + 1, sizeof(*s->in));
	s->is_exact = calloc(s->nr + 1, 1);
	if (!s->from || !s->first_in || !s->in || !s->is_exact)
		return false;
	for (size_t e = 0; e < s->nr_edges; e++)
		s->first_in[s->to[e] + 2]++;
	for (size_t i = 2; i < s->nr + 2; i++)
		s->first_in[i] += s->first_in[i - 1];
	for (size_t b = 0; b < s->nr; b++) {
		struct edge_set out = edges_out(s, b);

		for (size_t i = 0; i < out.nr; i++) {
			uint32_t e = edge_of(out, i);

			s->from[e] = b;
			s->in[s->first_in[s->to[e] + 1]++] = e;
		}
		s->is_exact[b] = s->states[b].state == BLOCK_MISSED ||
				 (s->states[b].state == BLOCK_HIT && s->states[b].source == b &&
				  !s->states[b].is_least);
	}
	return true;
}

static void solver_deinit(struct edge_solver *s)
{
	free(s->from);
	free(s->first_in);
	free(s->in);
	free(s->is_exact);
}

static void set_edge(struct edge_solver *s, uint32_t edge, enum edge_state state, uint64_t count,
		     bool is_exact)
{
	s->edges[edge] = (struct draft_edge){ count, state, is_exact };
	s->changed = true;
}

static void mark_missed(struct edge_solver *s)
{
	for (size_t e = 0; e < s->nr_edges; e++)
		if (s->states[s->from[e]].state == BLOCK_MISSED ||
		    s->states[s->to[e]].state == BLOCK_MISSED)
			set_edge(s, e, EDGE_NOT_TAKEN, 0, true);
}

/* The only edge of a set whose count is not known, or INDEX_NONE. *sum: counts of the others. */
static uint32_t open_edge(const struct edge_solver *s, struct edge_set set, uint64_t *sum)
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

static bool all_exact(const struct edge_solver *s, struct edge_set set)
{
	for (size_t i = 0; i < set.nr; i++)
		if (!s->edges[edge_of(set, i)].is_exact)
			return false;
	return true;
}

/* One side of a block with a known count: its only edge without a count gets what is missing. */
static void solve_side(struct edge_solver *s, uint32_t block, struct edge_set set)
{
	uint64_t sum, count = s->states[block].count;
	uint32_t open = open_edge(s, set, &sum);

	if (!set.is_closed || open == INDEX_NONE || !s->is_exact[block] || sum > count)
		return;
	set_edge(s, open, sum < count ? EDGE_TAKEN : EDGE_NOT_TAKEN, count - sum, true);
}

/* A hit block whose count is not known: the sum of one side, if all counts there are known. */
static void solve_block(struct edge_solver *s, uint32_t block, struct edge_set set)
{
	uint64_t sum;

	if (s->is_exact[block] || s->states[block].state != BLOCK_HIT ||
	    s->states[block].is_least || !set.is_closed || !set.nr || !all_exact(s, set))
		return;
	open_edge(s, set, &sum);
	/* The block was hit, so a sum of 0 is not its count: a task ended somewhere. */
	if (!sum)
		return;
	s->states[block].count = sum;
	s->is_exact[block] = true;
	s->changed = true;
}

/* A hit block: if all edges on one side but one were not taken, that one was taken. */
static void infer_taken(struct edge_solver *s, uint32_t block, struct edge_set set)
{
	uint32_t left = INDEX_NONE;

	if (s->states[block].state != BLOCK_HIT || !set.is_closed)
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
		set_edge(s, left, EDGE_TAKEN, s->states[block].count, false);
}

static void set_block(struct edge_solver *s, uint32_t block, enum block_state state,
		      uint32_t source, uint64_t count)
{
	s->states[block] = (struct draft_block){ count, source, state };
	s->is_exact[block] = state == BLOCK_MISSED;
	s->changed = true;
}

/*
 * A block of unknown state: it was hit if an edge on one side was taken, and missed if all edges on
 * one side are known not to be taken.
 */
static void infer_block(struct edge_solver *s, uint32_t block, struct edge_set set,
			const uint32_t *neighbours)
{
	uint32_t source = INDEX_NONE;

	for (size_t i = 0; i < set.nr; i++) {
		const struct draft_edge *e = &s->edges[edge_of(set, i)];

		source = neighbours[edge_of(set, i)];
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

static void leave_missed(struct edge_solver *s, struct edge_set set)
{
	for (size_t i = 0; i < set.nr; i++)
		if (s->edges[edge_of(set, i)].state == EDGE_UNKNOWN)
			set_edge(s, edge_of(set, i), EDGE_NOT_TAKEN, 0, true);
}

/* The states of the blocks around this block did not decide it. The counts of its edges may. */
static void solve_open(struct edge_solver *s, uint32_t block)
{
	struct edge_set in = edges_in(s, block), out = edges_out(s, block);

	infer_block(s, block, in, s->from);
	if (s->states[block].state == BLOCK_UNKNOWN)
		infer_block(s, block, out, s->to);
	if (s->states[block].state == BLOCK_MISSED) {
		leave_missed(s, in);
		leave_missed(s, out);
	}
}

static void solve(struct edge_solver *s)
{
	s->changed = true;
	for (int pass = 0; s->changed && pass < INFERENCE_PASSES_MAX; pass++) {
		s->changed = false;
		for (size_t i = 0; i < s->nr; i++) {
			/* Conclusions may spread in either direction through the code. */
			uint32_t b = pass % 2 ? s->nr - 1 - i : i;
			struct edge_set in, out;

			if (s->states[b].state == BLOCK_UNKNOWN)
				solve_open(s, b);
			if (s->states[b].state != BLOCK_HIT)
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

/*
 * Nodes of the network: one where a block is entered, and one where it is left. If the edges on
 * that side are not all known, the ground takes the place of the node.
 */
static uint32_t node_in(const struct edge_solver *s, uint32_t block)
{
	return edges_in(s, block).is_closed ? 2 * block : 2 * s->nr;
}

static uint32_t node_out(const struct edge_solver *s, uint32_t block)
{
	return edges_out(s, block).is_closed ? 2 * block + 1 : 2 * s->nr;
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

static uint32_t executed_neighbour(const struct edge_solver *s, uint32_t block)
{
	struct edge_set in = edges_in(s, block), out = edges_out(s, block);

	for (size_t i = 0; i < in.nr; i++)
		if (s->edges[edge_of(in, i)].state != EDGE_NOT_TAKEN)
			return s->from[edge_of(in, i)];
	for (size_t i = 0; i < out.nr; i++)
		if (s->edges[edge_of(out, i)].state != EDGE_NOT_TAKEN)
			return s->to[edge_of(out, i)];
	return block;
}

static void apply_to_block(struct edge_solver *s, uint32_t block, uint64_t count)
{
	if (s->states[block].is_least)
		return;
	if (s->states[block].state == BLOCK_UNKNOWN)
		set_block(s, block, BLOCK_HIT, executed_neighbour(s, block), count);
	s->states[block].count = count;
	s->is_exact[block] = true;
	s->changed = true;
}

/*
 * Solve the network of the whole image. Only positive counts are taken from it: a count of 0 may
 * also come from a task that went there and has not come back yet.
 */
static bool solve_network(struct edge_solver *s)
{
	size_t nr_nodes = 2 * s->nr + 1, nr_arcs = s->nr + s->nr_edges;
	struct network n = { .nr_nodes = nr_nodes };
	_cleanup_free_ int64_t *supply = calloc(nr_nodes, sizeof(*supply));
	_cleanup_free_ struct network_arc *arcs = calloc(nr_arcs + 1, sizeof(*arcs));
	_cleanup_free_ uint32_t *of = calloc(nr_arcs + 1, sizeof(*of));

	if (!supply || !arcs || !of)
		return false;
	n.supply = supply;
	n.arcs = arcs;
	for (uint32_t e = 0; e < s->nr_edges; e++)
		add_arc(&n, of, e, node_out(s, s->from[e]), node_in(s, s->to[e]),
			s->edges[e].is_exact, s->edges[e].count);
	uint32_t nr_of_edges = n.nr_arcs;
	for (uint32_t b = 0; b < s->nr; b++)
		add_arc(&n, of, b, node_in(s, b), node_out(s, b), s->is_exact[b],
			s->states[b].count);
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
static bool solve_further(struct edge_solver *s)
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

struct error *coverage_solve_edges(struct draft_image *image)
{
	const struct index *index = image->input->index;
	struct edge_solver s = { .states = image->blocks };

	s.blocks = index_blocks(index, &s.nr);
	s.to = index_edges(index, &s.nr_edges);
	s.edges = image->edges = calloc(s.nr_edges + 1, sizeof(*image->edges));
	bool ok = s.edges && solver_init(&s);
	if (ok) {
		mark_missed(&s);
		solve(&s);
		s.changed = s.nr <= NETWORK_BLOCKS_MAX;
		for (int pass = 0; ok && s.changed && pass < INFERENCE_PASSES_MAX; pass++)
			ok = solve_further(&s);
	}
	solver_deinit(&s);
	return ok ? NULL : &error_no_memory;
}
