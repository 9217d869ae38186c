/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What follows from the points of an image: the states of its blocks and edges. An index has the
 * answer for the case that nothing was recorded (the baseline); coverage asks for what was.
 *
 * Blocks come in groups. Nothing that happens in one group says anything of another one, so a group
 * is all that has to be looked at to tell what follows from its points.
 */
#ifndef SYMBOLIZE_INDEX_INFER_H
#define SYMBOLIZE_INDEX_INFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "symbolize/index/index.h"

/* Real code needs fewer than ten passes. In code crafted to need more, blocks stay unknown. */
#define INFERENCE_PASSES_MAX 100

enum block_state { BLOCK_UNKNOWN, BLOCK_MISSED, BLOCK_HIT };

struct inferred_block {
	uint64_t count;
	uint32_t source; /* the block that its state follows from; itself: from its points */
	enum block_state state;
	bool is_least; /* count is a lower bound */
};

enum edge_state { EDGE_UNKNOWN, EDGE_NOT_TAKEN, EDGE_TAKEN };

struct inferred_edge {
	uint64_t count;
	enum edge_state state;
	bool is_exact; /* count is the count of the edge, not an upper bound */
};

/* The arrays of an index that inference reads: see index.h. */
struct index_graph {
	const struct index_block *blocks;
	size_t nr_blocks;
	const uint32_t *edges;
	size_t nr_edges;
	const struct index_point *points;
	size_t nr_points;
	const struct index_group *groups; /* one more than nr_groups: the end of the last */
	size_t nr_groups;
};

struct index_graph index_graph(const struct index *index);

/* The end of the edges of a block; they begin at first_edge. */
static inline size_t graph_edges_end(const struct index_graph *graph, size_t block)
{
	return block + 1 < graph->nr_blocks ? graph->blocks[block + 1].first_edge : graph->nr_edges;
}

/* How many points begin in a block, and the number of the first one. */
uint32_t graph_block_points(const struct index_graph *graph, const struct index_block *block,
			    size_t *ret_first);

struct inference {
	struct index_graph graph;
	const uint64_t *counts;	       /* of each point, as recorded; NULL = nothing was recorded */
	const bool *is_least;	       /* of each count: it is a lower bound */
	struct inferred_block *blocks; /* results: of all blocks, zero where not inferred */
	struct inferred_edge *edges;   /* and of all edges */
	bool *is_inferred;	       /* of each block: infer_group() was called for its group */
	/* Private: the group at hand, and its edges backwards. */
	uint32_t first, end;	       /* blocks */
	uint32_t first_edge, end_edge; /* edges */
	/* Edges into block b of the group: number i of these, first_in[b - first] <= i < the next
	 */
	uint32_t *first_in;
	uint32_t *in;	   /* edges */
	uint32_t *from;	   /* the block at the other end of in[i] */
	uint32_t *open;	   /* scratch: blocks */
	uint8_t *is_exact; /* of each block of the group: its count is known */
	size_t block_room, edge_room;
	bool changed;
};

/*
 * Make room for the results. The graph and what was recorded are borrowed until inference_deinit(),
 * which is to be called also after an error.
 */
struct error *inference_init(struct inference *inference, struct index_graph graph,
			     const uint64_t *counts, const bool *is_least);
void inference_deinit(struct inference *inference);

/* Fill blocks and edges of one group. A second call for the same group is not allowed. */
struct error *infer_group(struct inference *inference, uint32_t group);

/* a + b, or UINT64_MAX if that overflows. */
static inline uint64_t count_add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* infer.c: make a group the one at hand. Private to symbolize/index/. */
struct error *inference_enter(struct inference *inference, uint32_t group);
/* infer.c: states of blocks, from their points and each other. Private, too. */
void infer_blocks(struct inference *inference);
/* solve.c: states and counts of edges, and what these say of blocks. Private, too. */
struct error *solve_edges(struct inference *inference);

#endif
