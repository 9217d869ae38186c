/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far to trust what the machine code says of a line: what it costs if the flow has one
 * execution less or more. gcc merges blocks that end alike, so of what leaves alike (returns,
 * gotos) a line often has the count of all. It removes conditions whose outcome it knows on some
 * way.
 */
#ifndef SYMBOLIZE_SOURCE_WEIGHTS_H
#define SYMBOLIZE_SOURCE_WEIGHTS_H

#include "base/cleanup.h"
#include "symbolize/source/flow.h"

/* What it costs if a call does not come back, and if recording begins in one. */
#define FLOW_LEAK   8
#define FLOW_ARRIVE 20
/* If a jump was executed that is not in the tree. */
#define FLOW_HIDDEN_JUMP 1
/* The same, for each time round in a loop that was not entered and cannot be. */
#define FLOW_LONE_LOOP 200

enum flow_part {
	FLOW_ENTRY,	/* the line of the function's name */
	FLOW_END,	/* its closing brace */
	FLOW_STATEMENT, /* a statement without bodies */
	FLOW_TEST,	/* a condition, or a part of one */
	FLOW_CONTINUED, /* more lines of either */
	FLOW_MARK,	/* a label, a case */
};

struct flow_weights {
	const struct source_file *file;
	uint32_t calls; /* of how often the function was called */
	uint32_t first, nr;
	bool *is_repeated; /* of each statement of the function: another one has the same text */
};

struct flow_weights *flow_weights_create(const struct source_file *file,
					 const struct source_function *function);
/* Accepts NULL. */
void flow_weights_destroy(struct flow_weights *weights);
DEFINE_CLEANUP(flow_weights, struct flow_weights, flow_weights_destroy);
#define _cleanup_flow_weights_ _cleanup_(cleanup_flow_weights)

void flow_weigh(const struct flow_weights *weights, uint32_t statement, enum flow_part part,
		const struct flow_observation *observation, uint32_t *ret_below,
		uint32_t *ret_above);
/* Of a way that a test went, as its jumps say it. */
void flow_weigh_way(uint64_t count, uint32_t *ret_below, uint32_t *ret_above);

#endif
