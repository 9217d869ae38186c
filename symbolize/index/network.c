// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find bridges with a depth-first search (Tarjan). An arc of the search tree is
 * a bridge if no other arc leads from the nodes below it to a node above it. It
 * carries the sum of the supplies of the nodes below it. The first search begins
 * at the ground, so the ground is never below a bridge.
 */
#include "symbolize/index/network.h"

#include <stdlib.h>

#define NO_ARC UINT32_MAX

struct node {
	uint32_t next;	   /* in ends: the first one not searched yet */
	uint32_t number;   /* in the order of the search; 0 = not seen */
	uint32_t earliest; /* the lowest number that it, or a node below it, leads to */
	uint32_t way;	   /* the arc by which it was reached */
	uint32_t root;	   /* the node where this search began */
};

struct walk {
	struct network *network;
	struct node *nodes;
	uint32_t *first_end; /* ends of node i: ends[first_end[i]] to ends[first_end[i + 1]] */
	uint32_t *ends;	     /* arcs */
	uint32_t *stack;
	uint32_t nr_seen;
};

static bool sort_ends(struct walk *w)
{
	const struct network *n = w->network;

	w->nodes = calloc((size_t)n->nr_nodes + 1, sizeof(*w->nodes));
	w->first_end = calloc((size_t)n->nr_nodes + 2, sizeof(*w->first_end));
	w->ends = calloc(2 * (size_t)n->nr_arcs + 1, sizeof(*w->ends));
	w->stack = calloc((size_t)n->nr_nodes + 1, sizeof(*w->stack));
	if (!w->nodes || !w->first_end || !w->ends || !w->stack)
		return false;
	for (uint32_t i = 0; i < n->nr_arcs; i++) {
		w->first_end[n->arcs[i].from + 1]++;
		w->first_end[n->arcs[i].to + 1]++;
	}
	for (uint32_t i = 0; i < n->nr_nodes; i++) {
		w->first_end[i + 1] += w->first_end[i];
		w->nodes[i].next = w->first_end[i];
	}
	for (uint32_t i = 0; i < n->nr_arcs; i++) {
		w->ends[w->nodes[n->arcs[i].from].next++] = i;
		w->ends[w->nodes[n->arcs[i].to].next++] = i;
	}
	for (uint32_t i = 0; i < n->nr_nodes; i++)
		w->nodes[i].next = w->first_end[i];
	return true;
}

static void see(struct walk *w, uint32_t id, uint32_t way, uint32_t root)
{
	struct node *node = &w->nodes[id];

	node->number = node->earliest = ++w->nr_seen;
	node->way = way;
	node->root = root;
}

/* All nodes below a node are done: go back to `before`, the node that it was reached from. */
static void leave(struct walk *w, uint32_t id, uint32_t before)
{
	struct node *node = &w->nodes[id], *parent = &w->nodes[before];
	struct network_arc *way = &w->network->arcs[node->way];

	if (node->earliest < parent->earliest)
		parent->earliest = node->earliest;
	if (node->earliest > parent->number) {
		way->is_known = true;
		way->value = way->from == id ? w->network->supply[id] : -w->network->supply[id];
	}
	w->network->supply[before] += w->network->supply[id];
}

static void walk_from(struct walk *w, uint32_t root)
{
	uint32_t depth = 0;

	see(w, root, NO_ARC, root);
	w->stack[depth++] = root;
	while (depth) {
		uint32_t id = w->stack[depth - 1];
		struct node *node = &w->nodes[id];

		if (node->next == w->first_end[id + 1]) {
			if (--depth)
				leave(w, id, w->stack[depth - 1]);
			continue;
		}
		uint32_t arc = w->ends[node->next++];
		const struct network_arc *a = &w->network->arcs[arc];
		uint32_t other = a->from == id ? a->to : a->from;
		if (arc == node->way)
			continue;
		if (!w->nodes[other].number) {
			see(w, other, arc, root);
			w->stack[depth++] = other;
		} else if (w->nodes[other].number < node->earliest) {
			node->earliest = w->nodes[other].number;
		}
	}
}

/*
 * In a part that is not connected with the ground, the supplies must add up to 0. If they do not,
 * the counts are wrong: nothing is known of its arcs.
 */
static void forget_contradictions(struct walk *w)
{
	const struct network *n = w->network;

	for (uint32_t i = 0; i < n->nr_arcs; i++) {
		uint32_t root = w->nodes[n->arcs[i].from].root;

		if (root != n->nr_nodes - 1 && n->supply[root])
			n->arcs[i].is_known = false;
	}
}

bool network_solve(struct network *network)
{
	struct walk w = { .network = network };
	bool ok = sort_ends(&w);

	for (uint32_t i = network->nr_nodes; ok && i-- > 0;)
		if (!w.nodes[i].number && w.first_end[i] < w.first_end[i + 1])
			walk_from(&w, i);
	if (ok)
		forget_contradictions(&w);
	free(w.nodes);
	free(w.first_end);
	free(w.ends);
	free(w.stack);
	return ok;
}
