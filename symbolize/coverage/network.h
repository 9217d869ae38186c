/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes in comes out: of any part of a network. Each arc carries an unknown number from one
 * node to another; each node but the ground gives off more than it takes in by a known number. An
 * arc is known when no other connects the two sides of it: when it is a bridge. Private to
 * symbolize/.
 */
#ifndef SYMBOLIZE_COVERAGE_NETWORK_H
#define SYMBOLIZE_COVERAGE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Counts up to this add up without overflow, in networks of less than 2^23 nodes. */
#define NETWORK_COUNT_MAX (1ULL << 40)

struct network_arc {
	uint32_t from, to;
	bool is_known; /* by network_solve(): value is */
	int64_t value;
};

struct network {
	uint32_t nr_nodes; /* the last one is the ground, of which nothing is known */
	int64_t *supply;   /* of each node: what leaves it less what comes */
	struct network_arc *arcs;
	uint32_t nr_arcs;
};

/* False: no memory. Changes supply. */
bool network_solve(struct network *network);

#endif
