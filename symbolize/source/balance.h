/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Balance counts that were observed on the arcs of a network: find the flow that is nearest to
 * them.
 *
 * What enters a node leaves it. An observation may contradict that; then it has to give way, and an
 * observation that is trusted more costs more. The flow found has the least total cost, where an
 * arc costs something for each unit that is missing from its observed count, and for each unit too
 * many. What was observed may be a range. This is a minimum-cost flow, found by successive shortest
 * paths; sample-based profiles are repaired in the same way (R. Levin, I. Newman, G. Haber:
 * "Complementing missing and inaccurate profiling using a minimum cost circulation algorithm",
 * HiPEAC 2008).
 */
#ifndef SYMBOLIZE_SOURCE_BALANCE_H
#define SYMBOLIZE_SOURCE_BALANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Larger counts are cut to this, so that sums over arcs do not overflow. */
#define BALANCE_COUNT_MAX (1LL << 40)
/* No arc may cost more for a unit. */
#define BALANCE_COST_MAX 1000

struct balance_arc {
	uint32_t from, to;
	int64_t observed; /* 0 if nothing was observed: then below is 0 */
	int64_t most;	  /* at least observed: up to this many, a unit costs `within` */
	/* Cost of a unit less than observed, of one up to most, and of one more than that. */
	uint32_t below, within, above;
	/* Results. */
	int64_t flow;
	bool may_be_less, may_be_more; /* another flow with the same total cost has less, or more */
};

/*
 * Fill the results of all arcs, between nodes 0 to nr_nodes - 1. Returns false if memory runs out.
 * The steps that this takes are subtracted from *steps. If that has too few, it becomes 0,
 * *ret_done is false, and the results are not to be used.
 */
bool balance(struct balance_arc *arcs, size_t nr_arcs, size_t nr_nodes, uint64_t *steps,
	     bool *ret_done);

#endif
