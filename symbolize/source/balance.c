// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Begin with the observed counts. Nodes where more enters than leaves then have an excess, others
 * lack something. Send each excess along the cheapest path to a node that lacks something
 * (Dijkstra, with potentials that keep the costs of the residual edges from being negative).
 */
#include "symbolize/source/balance.h"

#include <stdlib.h>

#include "base/cleanup.h"

#define NO_EDGE UINT32_MAX
#define EDGES	6 /* of an arc */

/* A way to change the flow of an arc. Edge i ^ 1 undoes what edge i does. */
struct edge {
	uint32_t from, to;
	int64_t room;
	int64_t cost;
};

struct node {
	int64_t excess;
	int64_t potential;
	/* Of the search at hand: valid if its number is that of the search. */
	uint64_t search;
	int64_t distance;
	uint32_t way; /* the edge that leads here */
	bool is_done;
};

struct heap_entry {
	int64_t distance;
	uint32_t node;
};

struct solver {
	struct balance_arc *arcs;
	size_t nr_arcs, nr_nodes, nr_edges;
	struct edge *edges; /* of each arc: more, undo; less, undo; more up to `most`, undo */
	struct node *nodes;
	uint32_t *first_out; /* edges out of node i: out[first_out[i]] to out[first_out[i + 1]] */
	uint32_t *out;
	struct heap_entry *heap;
	size_t heap_len;
	uint32_t *done; /* nodes whose distance is final */
	size_t nr_done;
	uint64_t search, steps;
};

static void solver_deinit(struct solver *s)
{
	free(s->edges);
	free(s->nodes);
	free(s->first_out);
	free(s->out);
	free(s->heap);
	free(s->done);
}

static void add_edges(struct solver *s, size_t i)
{
	const struct balance_arc *arc = &s->arcs[i];
	int64_t observed = arc->observed < BALANCE_COUNT_MAX ? arc->observed : BALANCE_COUNT_MAX;
	int64_t most = arc->most < BALANCE_COUNT_MAX ? arc->most : BALANCE_COUNT_MAX;
	struct edge *e = &s->edges[EDGES * i];

	e[0] = (struct edge){ arc->from, arc->to, INT64_MAX / 4, arc->above };
	e[1] = (struct edge){ arc->to, arc->from, 0, -(int64_t)arc->above };
	e[2] = (struct edge){ arc->to, arc->from, observed, arc->below };
	e[3] = (struct edge){ arc->from, arc->to, 0, -(int64_t)arc->below };
	e[4] = (struct edge){ arc->from, arc->to, most > observed ? most - observed : 0,
			      arc->within };
	e[5] = (struct edge){ arc->to, arc->from, 0, -(int64_t)arc->within };
	s->nodes[arc->to].excess += observed;
	s->nodes[arc->from].excess -= observed;
}

static bool solver_init(struct solver *s)
{
	s->nr_edges = EDGES * s->nr_arcs;
	s->edges = calloc(s->nr_edges + 1, sizeof(*s->edges));
	s->nodes = calloc(s->nr_nodes + 1, sizeof(*s->nodes));
	s->first_out = calloc(s->nr_nodes + 2, sizeof(*s->first_out));
	s->out = calloc(s->nr_edges + 1, sizeof(*s->out));
	/* Each edge adds at most one entry in a search. */
	s->heap = calloc(s->nr_edges + 2, sizeof(*s->heap));
	s->done = calloc(s->nr_nodes + 1, sizeof(*s->done));
	if (!s->edges || !s->nodes || !s->first_out || !s->out || !s->heap || !s->done)
		return false;
	for (size_t i = 0; i < s->nr_arcs; i++)
		add_edges(s, i);
	for (size_t i = 0; i < s->nr_edges; i++)
		s->first_out[s->edges[i].from + 2]++;
	for (size_t i = 2; i < s->nr_nodes + 2; i++)
		s->first_out[i] += s->first_out[i - 1];
	for (size_t i = 0; i < s->nr_edges; i++)
		s->out[s->first_out[s->edges[i].from + 1]++] = i;
	return true;
}

static void heap_push(struct solver *s, struct heap_entry entry)
{
	size_t i = s->heap_len++;

	for (; i && s->heap[(i - 1) / 2].distance > entry.distance; i = (i - 1) / 2)
		s->heap[i] = s->heap[(i - 1) / 2];
	s->heap[i] = entry;
}

static struct heap_entry heap_pop(struct solver *s)
{
	struct heap_entry top = s->heap[0], last = s->heap[--s->heap_len];
	size_t i = 0;

	for (size_t child; (child = 2 * i + 1) < s->heap_len; i = child) {
		if (child + 1 < s->heap_len &&
		    s->heap[child + 1].distance < s->heap[child].distance)
			child++;
		if (s->heap[child].distance >= last.distance)
			break;
		s->heap[i] = s->heap[child];
	}
	s->heap[i] = last;
	return top;
}

static int64_t reduced_cost(const struct solver *s, const struct edge *e)
{
	return e->cost + s->nodes[e->from].potential - s->nodes[e->to].potential;
}

static void reach(struct solver *s, uint32_t id, int64_t distance, uint32_t way)
{
	struct node *node = &s->nodes[id];

	if (node->search == s->search && node->distance <= distance)
		return;
	node->search = s->search;
	node->distance = distance;
	node->way = way;
	node->is_done = false;
	heap_push(s, (struct heap_entry){ distance, id });
}

static void leave(struct solver *s, uint32_t id)
{
	const struct node *node = &s->nodes[id];

	for (uint32_t i = s->first_out[id]; i < s->first_out[id + 1]; i++, s->steps++) {
		const struct edge *e = &s->edges[s->out[i]];

		if (e->room)
			reach(s, e->to, node->distance + reduced_cost(s, e), s->out[i]);
	}
}

/* Find the nearest node that lacks something. UINT32_MAX: none can be reached. */
static uint32_t search(struct solver *s, uint32_t start)
{
	s->search++;
	s->heap_len = 0;
	s->nr_done = 0;
	reach(s, start, 0, NO_EDGE);
	while (s->heap_len) {
		struct heap_entry entry = heap_pop(s);
		struct node *node = &s->nodes[entry.node];

		if (node->is_done || entry.distance != node->distance)
			continue;
		node->is_done = true;
		s->done[s->nr_done++] = entry.node;
		if (node->excess < 0)
			return entry.node;
		leave(s, entry.node);
	}
	return UINT32_MAX;
}

/* Send as much as possible along the path that was found. */
static void send(struct solver *s, uint32_t start, uint32_t end)
{
	int64_t amount = s->nodes[start].excess;

	if (-s->nodes[end].excess < amount)
		amount = -s->nodes[end].excess;
	for (uint32_t at = end; at != start; at = s->edges[s->nodes[at].way].from)
		if (s->edges[s->nodes[at].way].room < amount)
			amount = s->edges[s->nodes[at].way].room;
	for (uint32_t at = end; at != start; at = s->edges[s->nodes[at].way].from) {
		s->edges[s->nodes[at].way].room -= amount;
		s->edges[s->nodes[at].way ^ 1].room += amount;
	}
	s->nodes[start].excess -= amount;
	s->nodes[end].excess += amount;
	for (size_t i = 0; i < s->nr_done; i++) {
		struct node *node = &s->nodes[s->done[i]];

		node->potential += node->distance - s->nodes[end].distance;
	}
}

/* False: it takes too many steps. */
static bool settle(struct solver *s, uint64_t steps)
{
	for (uint32_t i = 0; i < s->nr_nodes; i++) {
		while (s->nodes[i].excess > 0) {
			uint32_t end = search(s, i);

			if (end == UINT32_MAX || s->steps > steps)
				return false;
			send(s, i, end);
		}
	}
	return true;
}

static bool is_free(const struct solver *s, const struct edge *e)
{
	return e->room && !reduced_cost(s, e);
}

/* Whether a path that changes no cost leads from one node to another, without the edges of an arc.
 */
static bool has_free_path(struct solver *s, uint32_t from, uint32_t to, size_t arc)
{
	s->search++;
	s->nr_done = 0;
	s->nodes[from].search = s->search;
	s->done[s->nr_done++] = from;
	for (size_t i = 0; i < s->nr_done && s->nodes[to].search != s->search; i++) {
		uint32_t id = s->done[i];

		for (uint32_t j = s->first_out[id]; j < s->first_out[id + 1]; j++, s->steps++) {
			const struct edge *e = &s->edges[s->out[j]];

			if (s->out[j] / EDGES == arc || !is_free(s, e) ||
			    s->nodes[e->to].search == s->search)
				continue;
			s->nodes[e->to].search = s->search;
			s->done[s->nr_done++] = e->to;
		}
	}
	return s->nodes[to].search == s->search;
}

static void fill_result(struct solver *s, size_t i)
{
	const struct edge *e = &s->edges[EDGES * i];
	struct balance_arc *arc = &s->arcs[i];
	bool more = is_free(s, &e[0]) || is_free(s, &e[3]) || is_free(s, &e[4]);
	bool less = is_free(s, &e[1]) || is_free(s, &e[2]) || is_free(s, &e[5]);

	arc->flow = e[1].room + e[2].room + e[5].room;
	arc->may_be_more = more && has_free_path(s, arc->to, arc->from, i);
	arc->may_be_less = less && has_free_path(s, arc->from, arc->to, i);
}

bool balance(struct balance_arc *arcs, size_t nr_arcs, size_t nr_nodes, uint64_t *steps,
	     bool *ret_done)
{
	_cleanup_(solver_deinit) struct solver s = {
		.arcs = arcs,
		.nr_arcs = nr_arcs,
		.nr_nodes = nr_nodes,
	};

	*ret_done = false;
	if (!solver_init(&s))
		return false;
	*ret_done = settle(&s, *steps);
	for (size_t i = 0; i < nr_arcs && *ret_done; i++) {
		fill_result(&s, i);
		*ret_done = s.steps <= *steps;
	}
	*steps -= s.steps < *steps ? s.steps : *steps;
	return true;
}
