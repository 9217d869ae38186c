// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Turn the statements of a function into a network: a line becomes an arc, whose flow is its count.
 * Arcs without a line connect them. The end is connected with the entry, so that all flow goes in
 * circles.
 */
#include "symbolize/source/flow.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/source/flow_builder.h"

/* Steps for each arc: functions of Linux 6.12 take up to 1,006. And for all of them: a second. */
#define ARC_STEPS_MAX 5000
#define STEPS_MAX     50000000
/* A function with more lines is not balanced. */
#define LINES_MAX 100000
/* Loops in loops are connected one after the other. */
#define LONE_LOOPS_MAX 8

static void add_function(struct builder *b, const uint64_t *calls)
{
	const struct source_function *f = b->function;
	uint32_t end_in = flow_node(b), end_out, at;

	b->entry = flow_node(b);
	b->end = end_in;
	for (uint32_t i = 0; i < f->nr_labels; i++) {
		b->labels[i] = flow_node(b);
		b->enters[i] = NO_ARC;
	}
	at = flow_node(b);
	uint32_t arc = flow_arc(b, b->entry, at, 0);
	if (calls && arc != NO_ARC) {
		struct balance_arc *a = &b->arcs.data[arc];

		flow_observe(b, a, *calls, *calls);
		a->below = a->above = b->weights->calls;
	}
	at = flow_line(b, at, f->name_line, SOURCE_NONE, FLOW_ENTRY);
	at = flow_more_lines(b, at, (struct source_lines){ f->name_line, f->open_line },
			     SOURCE_NONE);
	at = flow_statement(b, at, f->first_statement);
	b->falls_off = flow_arc(b, at, end_in, 0);
	end_out = flow_line(b, end_in, f->close_line, SOURCE_NONE, FLOW_END);
	flow_arc(b, end_out, b->entry, 0);
}

/* Scratch: the arcs out of node i are out[first_out[i]] to out[first_out[i + 1]]. */
struct reach {
	bool *is_reached; /* the result: flow reaches the node from the entry */
	uint32_t *first_out, *out;
	uint32_t *open;
};

static void reach_deinit(struct reach *r)
{
	free(r->is_reached);
	free(r->first_out);
	free(r->out);
	free(r->open);
}

static bool reach_init(struct reach *r, const struct builder *b)
{
	r->is_reached = calloc(b->nr_nodes + 1, sizeof(*r->is_reached));
	r->first_out = calloc(b->nr_nodes + 2, sizeof(*r->first_out));
	r->out = calloc(b->arcs.len + 1, sizeof(*r->out));
	r->open = calloc(b->nr_nodes + 1, sizeof(*r->open));
	if (!r->is_reached || !r->first_out || !r->out || !r->open)
		return false;
	vector_for_each(&b->arcs, a)
		r->first_out[a->from + 2]++;
	for (size_t i = 2; i < b->nr_nodes + 2; i++)
		r->first_out[i] += r->first_out[i - 1];
	for (size_t i = 0; i < b->arcs.len; i++)
		r->out[r->first_out[b->arcs.data[i].from + 1]++] = i;
	return true;
}

/* Mark the nodes that flow reaches from the entry. */
static void mark_reached(const struct builder *b, struct reach *r)
{
	size_t nr = 0;

	memset(r->is_reached, 0, b->nr_nodes * sizeof(*r->is_reached));
	r->is_reached[b->entry] = true;
	r->open[nr++] = b->entry;
	for (size_t i = 0; i < nr; i++) {
		for (uint32_t j = r->first_out[r->open[i]]; j < r->first_out[r->open[i] + 1]; j++) {
			const struct balance_arc *a = &b->arcs.data[r->out[j]];

			if (!a->flow || r->is_reached[a->to])
				continue;
			r->is_reached[a->to] = true;
			r->open[nr++] = a->to;
		}
	}
}

/* What it costs if nothing is executed that flow does not reach from the entry. */
static uint32_t price_unreached(const struct builder *b, const bool *is_reached)
{
	int64_t price = 0;

	vector_for_each(&b->arcs, a) {
		if (!is_reached[a->from] && price < BALANCE_COST_MAX)
			price += a->below * (a->flow < a->observed ? a->flow : a->observed);
	}
	return price < BALANCE_COST_MAX ? price : BALANCE_COST_MAX;
}

/*
 * Flow may go round in a loop that it never entered. Then let it cost as much not to enter the loop
 * as not to execute it. If entering is dearer still, make leading back dear. Returns whether
 * something was changed.
 */
static bool close_lone_loops(struct builder *b, const bool *is_reached)
{
	uint32_t price = price_unreached(b, is_reached);
	bool changed = false;

	vector_for_each(&b->loops, loop) {
		struct balance_arc *back = &b->arcs.data[loop->back];
		struct balance_arc *enter =
			loop->enter != NO_ARC ? &b->arcs.data[loop->enter] : NULL;

		if (!back->flow || is_reached[back->from] || back->above == FLOW_LONE_LOOP)
			continue;
		if (enter && !enter->observed && price) {
			enter->observed = 1;
			enter->below = price;
		} else {
			back->above = FLOW_LONE_LOOP;
		}
		changed = true;
	}
	return changed;
}

static struct error *solve(struct builder *b, uint64_t *file_steps, bool *ret_done)
{
	_cleanup_(reach_deinit) struct reach reach = { 0 };
	uint64_t limit = (b->arcs.len + 1) * (uint64_t)ARC_STEPS_MAX, steps;
	bool ok = b->ok && reach_init(&reach, b);

	limit = limit < STEPS_MAX ? limit : STEPS_MAX;
	limit = limit < *file_steps ? limit : *file_steps;
	steps = limit;
	for (int i = 0; ok && i < LONE_LOOPS_MAX; i++) {
		ok = balance(b->arcs.data, b->arcs.len, b->nr_nodes, &steps, ret_done);
		if (!ok || !*ret_done)
			break;
		mark_reached(b, &reach);
		if (!close_lone_loops(b, reach.is_reached))
			break;
	}
	*file_steps -= limit - steps;
	return ok ? NULL : &error_no_memory;
}

static void builder_deinit(struct builder *b)
{
	balance_arc_vector_deinit(&b->arcs);
	loop_vector_deinit(&b->loops);
	free(b->labels);
	free(b->enters);
	free(b->lines);
}

struct error *flow_balance(const struct source_file *file, const struct source_function *function,
			   const struct flow_machine *machine, uint64_t *steps,
			   struct flow_result *results, bool *ret_done)
{
	_cleanup_flow_weights_ struct flow_weights *weights = NULL;
	_cleanup_(builder_deinit) struct builder b = {
		.file = file,
		.function = function,
		.machine = machine,
		.ok = true,
	};
	size_t nr = function->close_line - function->first_line + 1;

	*ret_done = false;
	if (function->reason != SOURCE_UNDERSTOOD || nr > LINES_MAX)
		return NULL;
	weights = flow_weights_create(file, function);
	b.weights = weights;
	b.labels = calloc(function->nr_labels + 1, sizeof(*b.labels));
	b.lines = calloc(nr, sizeof(*b.lines));
	b.enters = calloc(function->nr_labels + 1, sizeof(*b.enters));
	if (!weights || !b.labels || !b.enters || !b.lines)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++)
		b.lines[i] = (struct line_arc){ NO_ARC, SOURCE_NONE, { NO_ARC, NO_ARC } };
	add_function(&b, machine->calls);
	if (b.is_too_large)
		return NULL;
	struct error *err = solve(&b, steps, ret_done);
	if (!err && *ret_done)
		flow_fill_results(&b, results);
	return err;
}