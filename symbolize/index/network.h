/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flow in a network: what enters a part of it also leaves that part. Each arc carries an unknown
 * number from one node to another. For each node but the ground it is known how much more leaves
 * than enters. The value of an arc is known if no other arc connects its two sides, that is, if
 * it is a bridge. Private to symbolize/.
 */
#ifndef SYMBOLIZE_INDEX_NETWORK_H
#define SYMBOLIZE_INDEX_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Counts up to this add up without overflow in networks of fewer than 2^23 nodes. */
#define NETWORK_COUNT_MAX (1ULL << 40)

struct network_arc {
	uint32_t from, to;
	bool is_known; /* set by network_solve(): value is valid */
	int64_t value;
};

struct network {
	uint32_t nr_nodes; /* the last one is the ground, whose supply is not known */
	int64_t *supply;   /* of each node: what leaves it minus what enters it */
	struct network_arc *arcs;
	uint32_t nr_arcs;
};

/*
 * Find the values of all bridges. Values that contradict each other stay unknown. Overwrites
 * supply. Returns false if memory runs out.
 */
bool network_solve(struct network *network);

#endif
