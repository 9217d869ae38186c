// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Put blocks into groups (index.h): the sets that edges and common functions connect. Then number
 * the blocks by group, so that a group is a range of blocks, and its edges are a range of edges.
 */
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/index/private.h"

/* Disjoint sets of blocks: the parent of each. The root of a set is its lowest block. */
static uint32_t find_root(uint32_t *parents, uint32_t block)
{
	while (parents[block] != block) {
		parents[block] = parents[parents[block]];
		block = parents[block];
	}
	return block;
}

static void join(uint32_t *parents, uint32_t a, uint32_t b)
{
	a = find_root(parents, a);
	b = find_root(parents, b);
	if (a < b)
		parents[b] = a;
	else
		parents[a] = b;
}

/* firsts: of each symbol, and of no symbol behind them, its first block or INDEX_NONE. */
static void join_all(const struct index_draft *d, uint32_t *parents, uint32_t *firsts)
{
	for (uint32_t i = 0; i <= d->symbols.len; i++)
		firsts[i] = INDEX_NONE;
	for (uint32_t b = 0; b < d->blocks.len; b++)
		parents[b] = b;
	for (uint32_t b = 0; b < d->blocks.len; b++) {
		uint32_t symbol = d->blocks.data[b].symbol;
		uint32_t *first = &firsts[symbol == INDEX_NONE ? d->symbols.len : symbol];

		if (*first == INDEX_NONE)
			*first = b;
		join(parents, *first, b);
		for (size_t e = d->blocks.data[b].first_edge; e < draft_edges_end(d, b); e++)
			join(parents, b, d->edges.data[e]);
	}
}

/* Turn the root of each block into its new number. Fills groups. */
static struct error *number_blocks(struct index_draft *d, uint32_t *parents)
{
	uint32_t nr = d->blocks.len, next = 0;
	/* Of each root: first the size of its set, then the next number in it. */
	_cleanup_free_ uint32_t *of_root = calloc(nr + 1, sizeof(*of_root));

	if (!of_root)
		return &error_no_memory;
	for (uint32_t b = 0; b < nr; b++)
		of_root[find_root(parents, b)]++;
	for (uint32_t b = 0; b < nr; b++) {
		uint32_t size = of_root[b];

		if (!size)
			continue;
		of_root[b] = next;
		if (!index_group_vector_append(&d->groups,
					       &(struct index_group){ .first_block = next }))
			return &error_no_memory;
		next += size;
	}
	if (!index_group_vector_append(&d->groups, &(struct index_group){ .first_block = nr }))
		return &error_no_memory;
	for (uint32_t b = 0; b < nr; b++)
		parents[b] = find_root(parents, b);
	for (uint32_t b = 0; b < nr; b++)
		parents[b] = of_root[parents[b]]++;
	return NULL;
}

static struct error *move_blocks(struct index_draft *d, const uint32_t *numbers)
{
	uint32_t nr = d->blocks.len, nr_edges = 0;
	_cleanup_free_ struct index_block *blocks = calloc(nr + 1, sizeof(*blocks));
	_cleanup_free_ uint32_t *edges = calloc(d->edges.len + 1, sizeof(*edges));
	_cleanup_free_ uint32_t *old = calloc(nr + 1, sizeof(*old));

	if (!blocks || !edges || !old)
		return &error_no_memory;
	for (uint32_t b = 0; b < nr; b++)
		old[numbers[b]] = b;
	for (uint32_t b = 0; b < nr; b++) {
		size_t e = d->blocks.data[old[b]].first_edge, end = draft_edges_end(d, old[b]);

		blocks[b] = d->blocks.data[old[b]];
		blocks[b].first_edge = nr_edges;
		for (; e < end; e++)
			edges[nr_edges++] = numbers[d->edges.data[e]];
	}
	if (nr)
		memcpy(d->blocks.data, blocks, nr * sizeof(*blocks));
	if (nr_edges)
		memcpy(d->edges.data, edges, nr_edges * sizeof(*edges));
	return NULL;
}

/* numbers: of the blocks, by offset. */
static bool find_extents(struct index_draft *d, const uint32_t *numbers)
{
	struct index_extent_vector *v = &d->extents;

	for (uint32_t b = 0; b < d->blocks.len; b++) {
		struct index_extent *last = v->len ? &v->data[v->len - 1] : NULL;
		const struct index_extent extent = { d->blocks.data[b].offset, numbers[b], 1 };

		if (last && last->first_block + last->nr_blocks == numbers[b])
			last->nr_blocks++;
		else if (!index_extent_vector_append(v, &extent))
			return false;
	}
	return true;
}

struct error *group_blocks(struct index_draft *draft, uint32_t **ret_new_numbers)
{
	_cleanup_free_ uint32_t *numbers = calloc(draft->blocks.len + 1, sizeof(*numbers));
	_cleanup_free_ uint32_t *firsts = calloc(draft->symbols.len + 1, sizeof(*firsts));

	if (!numbers || !firsts)
		return &error_no_memory;
	join_all(draft, numbers, firsts);
	struct error *err = number_blocks(draft, numbers);
	if (!err && !find_extents(draft, numbers))
		err = &error_no_memory;
	if (!err)
		err = move_blocks(draft, numbers);
	if (!err)
		*ret_new_numbers = steal_ptr(&numbers);
	return err;
}
