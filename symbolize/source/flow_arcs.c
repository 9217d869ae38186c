// SPDX-License-Identifier: GPL-2.0-or-later
/* Nodes and arcs of the network of a function, and the lines that arcs have. */
#include "symbolize/source/flow_builder.h"

/* A function with more is not balanced. Those of Linux 6.12 have up to some 10,000. */
#define ARCS_MAX 200000

uint32_t flow_node(struct builder *b)
{
	return b->nr_nodes++;
}

uint32_t flow_arc(struct builder *b, uint32_t from, uint32_t to, uint32_t cost)
{
	const struct balance_arc arc = { .from = from, .to = to, .above = cost };

	if (from == NO_NODE || to == NO_NODE)
		return NO_ARC;
	b->is_too_large |= b->arcs.len == ARCS_MAX;
	if (b->is_too_large)
		return NO_ARC;
	b->ok = b->ok && balance_arc_vector_append(&b->arcs, &arc);
	return b->ok ? b->arcs.len - 1 : NO_ARC;
}

void flow_back_arc(struct builder *b, uint32_t from, uint32_t to, uint32_t enter)
{
	const struct loop loop = { flow_arc(b, from, to, 0), enter };

	if (loop.back != NO_ARC)
		b->ok = b->ok && loop_vector_append(&b->loops, &loop);
}

bool flow_is_observed(const struct builder *b, uint32_t line)
{
	const struct source_function *f = b->function;

	return line >= f->first_line && line <= f->close_line &&
	       b->machine->observations[line - f->first_line].is_known;
}

static int64_t cut(uint64_t count)
{
	return count < BALANCE_COUNT_MAX ? count : BALANCE_COUNT_MAX;
}

void flow_observe(const struct builder *b, struct balance_arc *arc, uint64_t count, uint64_t most)
{
	bool is_least = b->machine->counts_are_least && count;

	arc->observed = is_least ? 1 : cut(count);
	arc->most = is_least ? BALANCE_COUNT_MAX : cut(most);
	arc->within = is_least ? 0 : 1;
}

/* The arc of a line, from a node to the one that is returned. Only one arc has the line. */
uint32_t flow_line(struct builder *b, uint32_t from, uint32_t line, uint32_t statement,
		   enum flow_part part)
{
	uint32_t to = flow_node(b), arc = flow_arc(b, from, to, 0);
	const struct source_function *f = b->function;

	if (arc == NO_ARC || line < f->first_line || line > f->close_line)
		return to;
	struct line_arc *l = &b->lines[line - f->first_line];
	const struct flow_observation *o = &b->machine->observations[line - f->first_line];
	if (l->arc != NO_ARC)
		return to;
	l->arc = arc;
	l->statement = statement;
	if (o->is_known) {
		struct balance_arc *a = &b->arcs.data[arc];

		flow_observe(b, a, o->count, o->most);
		flow_weigh(b->weights, statement, part, o, &a->below, &a->above);
	}
	return to;
}

/* The other lines of a part of a statement, where each is executed as often as the first one. */
uint32_t flow_more_lines(struct builder *b, uint32_t from, struct source_lines lines,
			 uint32_t statement)
{
	for (uint32_t line = lines.first + 1; lines.first && line <= lines.last; line++)
		if (flow_is_observed(b, line))
			from = flow_line(b, from, line, statement, FLOW_CONTINUED);
	return from;
}

/*
 * Jumps in a statement that is an argument, or in ({ }), are not in the tree. They may lead to any
 * label, to the end, or to where break and continue lead.
 */
static void add_hidden_jumps(struct builder *b, uint32_t at)
{
	uint32_t to_break = NO_NODE, to_continue = NO_NODE;

	for (const struct targets *t = b->targets; t; t = t->outer) {
		to_break = to_break == NO_NODE ? t->break_node : to_break;
		to_continue = to_continue == NO_NODE ? t->continue_node : to_continue;
	}
	flow_arc(b, at, b->end, FLOW_HIDDEN_JUMP);
	flow_arc(b, at, to_break, FLOW_HIDDEN_JUMP);
	flow_arc(b, at, to_continue, FLOW_HIDDEN_JUMP);
	for (uint32_t i = 0; i < b->function->nr_labels && !b->is_too_large; i++)
		flow_arc(b, at, b->labels[i], FLOW_HIDDEN_JUMP);
}

/* A call may not come back; and recording may begin in one. */
void flow_leaks(struct builder *b, uint32_t at, const struct source_statement *s)
{
	if (s->flags & SOURCE_NESTED_JUMP)
		add_hidden_jumps(b, at);
	if (!(s->flags & (SOURCE_CALLS | SOURCE_NESTED | SOURCE_NESTED_JUMP | SOURCE_NO_RETURN)))
		return;
	/* Without the closing brace. */
	flow_arc(b, at, b->entry, s->flags & SOURCE_NO_RETURN ? 0 : FLOW_LEAK);
	flow_arc(b, b->entry, at, FLOW_ARRIVE);
}

uint32_t flow_join(struct builder *b, uint32_t one, uint32_t other)
{
	uint32_t to = flow_node(b);

	flow_arc(b, one, to, 0);
	flow_arc(b, other, to, 0);
	return to;
}

/* A statement without bodies. */
uint32_t flow_plain(struct builder *b, uint32_t from, uint32_t id)
{
	const struct source_statement *s = statement_of(b, id);

	from = flow_line(b, from, s->lines.first, id, FLOW_STATEMENT);
	flow_leaks(b, from, s);
	if (s->flags & SOURCE_NESTED)
		return from;
	if (!(s->flags & SOURCE_CONDITIONAL))
		return flow_more_lines(b, from, s->lines, id);
	for (uint32_t c = s->condition; c != SOURCE_NONE; c = b->file->conditions[c].next) {
		struct ways ways;

		if (b->file->conditions[c].lines.first == b->file->conditions[c].lines.last)
			continue;
		ways = flow_condition(b, from, c, id, NULL);
		from = flow_join(b, ways.if_true, ways.if_false);
	}
	return from;
}
