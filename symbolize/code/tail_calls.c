// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find the functions that can end in a tail call of the callback (gcc before 14,
 * GCC PR 90746). Such a call records the return address of the function's caller,
 * which is not a point. This explains most PCs that match no point.
 *
 * Edges are direct jumps from one function into another: .cold and .part
 * pieces, sibling calls, aliases.
 */
#include <stdlib.h>

#include "base/search.h"
#include "symbolize/code/code.h"

static int compare_edges(const void *va, const void *vb)
{
	const struct code_edge *a = va, *b = vb;

	if (a->to != b->to)
		return compare_values(a->to, b->to);
	return compare_values(a->from, b->from);
}

static size_t first_edge_to(const struct code_edge_vector *edges, uint32_t to)
{
	return search_first(edges->len, i, edges->data[i].to >= to);
}

/* Each symbol is queued again at most once per flag that it gains, or twice for its points. */
DEFINE_VECTOR(symbol_queue, uint32_t);

static bool spread_from(uint32_t to, uint8_t *flags, const struct code_edge_vector *edges,
			struct symbol_queue *queue)
{
	for (size_t i = first_edge_to(edges, to); i < edges->len; i++) {
		const struct code_edge *e = &edges->data[i];

		if (e->to != to)
			break;
		if ((flags[e->from] | flags[to]) == flags[e->from])
			continue;
		flags[e->from] |= flags[to];
		if (!symbol_queue_append(queue, &e->from))
			return false;
	}
	return true;
}

struct error *tail_calls_spread(uint8_t *flags, size_t nr, struct code_edge_vector *edges)
{
	struct symbol_queue queue = VECTOR_INIT;
	bool ok = true;

	if (edges->len)
		qsort(edges->data, edges->len, sizeof(*edges->data), compare_edges);
	for (uint32_t i = 0; ok && i < nr; i++)
		if (flags[i])
			ok = symbol_queue_append(&queue, &i);
	while (ok && queue.len) {
		uint32_t to = queue.data[--queue.len];

		ok = spread_from(to, flags, edges, &queue);
	}
	symbol_queue_deinit(&queue);
	return ok ? NULL : &error_no_memory;
}

static bool add_tail_point(uint32_t *to, uint32_t point)
{
	uint32_t sum = *to == CODE_NO_POINT || *to == point ? point : CODE_MANY_POINTS;

	if (point == CODE_NO_POINT || sum == *to)
		return false;
	*to = sum;
	return true;
}

struct error *tail_points_spread(uint32_t *points, size_t nr, const struct code_edge_vector *edges)
{
	struct symbol_queue queue = VECTOR_INIT;
	bool ok = true;

	for (uint32_t i = 0; ok && i < nr; i++)
		if (points[i] != CODE_NO_POINT)
			ok = symbol_queue_append(&queue, &i);
	while (ok && queue.len) {
		uint32_t to = queue.data[--queue.len];

		for (size_t i = first_edge_to(edges, to);
		     ok && i < edges->len && edges->data[i].to == to; i++)
			if (add_tail_point(&points[edges->data[i].from], points[to]))
				ok = symbol_queue_append(&queue, &edges->data[i].from);
	}
	symbol_queue_deinit(&queue);
	return ok ? NULL : &error_no_memory;
}
