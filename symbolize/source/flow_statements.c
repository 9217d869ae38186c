// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements with bodies, jumps and labels. */
#include "symbolize/source/flow_builder.h"

static uint32_t add_list(struct builder *b, uint32_t from, uint32_t id);

static uint32_t label_node(struct builder *b, uint32_t label)
{
	return label == SOURCE_NONE ? NO_NODE : b->labels[label - b->function->first_label];
}

static const struct targets *find_targets(const struct builder *b, uint32_t statement)
{
	const struct targets *t = b->targets;

	while (t && t->statement != statement)
		t = t->outer;
	return t;
}

/* A body, with targets of its own; returns where it ends. */
static uint32_t add_body(struct builder *b, uint32_t from, uint32_t body, struct targets *targets)
{
	uint32_t to;

	targets->outer = b->targets;
	b->targets = targets;
	to = body == SOURCE_NONE ? from : add_list(b, from, body);
	b->targets = targets->outer;
	return to;
}

/* Without the braces: `} else if (...)` has the line of a brace and of a condition. */
static struct source_lines lines_of(const struct builder *b, uint32_t id)
{
	struct source_lines lines = { 0 };

	if (id == SOURCE_NONE)
		return lines;
	if (statement_of(b, id)->kind != SOURCE_COMPOUND)
		return statement_of(b, id)->lines;
	for (id = statement_of(b, id)->first_child; id != SOURCE_NONE;
	     id = statement_of(b, id)->next) {
		lines.first = lines.first ? lines.first : statement_of(b, id)->lines.first;
		lines.last = statement_of(b, id)->lines.last;
	}
	return lines;
}

/* The lines of what comes after a statement in its list, or around it; of its head, if it has
 * bodies. */
static struct source_lines lines_after(const struct builder *b, uint32_t id)
{
	for (; id != SOURCE_NONE; id = statement_of(b, id)->parent) {
		const struct source_statement *s = statement_of(b, id);

		if (s->next != SOURCE_NONE)
			return statement_of(b, s->next)->head;
		if (s->parent != SOURCE_NONE) {
			uint32_t kind = statement_of(b, s->parent)->kind;

			if (kind != SOURCE_COMPOUND && kind != SOURCE_IF)
				break;
		}
	}
	return (struct source_lines){ 0, 0 };
}

static uint32_t add_if(struct builder *b, uint32_t from, uint32_t id)
{
	const struct source_statement *s = statement_of(b, id);
	const struct destinations to = {
		lines_of(b, s->first_child),
		s->else_child != SOURCE_NONE ? lines_of(b, s->else_child) : lines_after(b, id),
	};
	struct ways ways = flow_test(b, from, id, s->head, &to);
	uint32_t one = ways.if_true, other = ways.if_false;

	if (s->first_child != SOURCE_NONE)
		one = add_list(b, one, s->first_child);
	if (s->else_child != SOURCE_NONE)
		other = add_list(b, other, s->else_child);
	return flow_join(b, one, other);
}

static uint32_t add_loop(struct builder *b, uint32_t from, uint32_t id)
{
	const struct source_statement *s = statement_of(b, id);
	struct targets targets = { .statement = id, .switch_node = NO_NODE };
	struct source_lines test = s->kind == SOURCE_FOR ? s->test : s->head;
	uint32_t begin = flow_node(b), after = flow_node(b), again = flow_node(b);
	struct ways ways;

	if (s->kind == SOURCE_FOR && s->head.first != test.first &&
	    (test.first || s->init.first || flow_is_observed(b, s->head.first)))
		from = flow_line(b, from, s->head.first, id, FLOW_CONTINUED);
	if (s->kind == SOURCE_FOR && s->init.first && s->init.first != test.first)
		from = flow_line(b, from, s->init.first, id, FLOW_CONTINUED);
	uint32_t enter = flow_arc(b, from, begin, 0);
	targets.break_node = after;
	targets.continue_node = again;
	if (s->kind == SOURCE_FOR && !test.first) {
		ways = (struct ways){ begin, NO_NODE };
	} else {
		const struct destinations to = { lines_of(b, s->first_child), lines_after(b, id) };

		ways = flow_test(b, begin, id, test, &to);
	}
	if (s->flags & (SOURCE_ONCE | SOURCE_AT_MOST_ONCE)) {
		flow_arc(b, again, after, 0);
	} else {
		uint32_t step = again;

		if (s->kind == SOURCE_FOR && s->step.first && s->step.first != test.first)
			step = flow_line(b, again, s->step.first, id, FLOW_CONTINUED);
		flow_back_arc(b, step, begin, enter);
	}
	flow_arc(b, ways.if_false, after, 0);
	flow_arc(b, add_body(b, ways.if_true, s->first_child, &targets), again, 0);
	return after;
}

static uint32_t add_do(struct builder *b, uint32_t from, uint32_t id)
{
	const struct source_statement *s = statement_of(b, id);
	struct targets targets = { .statement = id, .switch_node = NO_NODE };
	uint32_t begin = flow_node(b), after = flow_node(b), test = flow_node(b);
	struct ways ways;

	uint32_t enter = flow_arc(b, from, begin, 0);
	targets.break_node = after;
	targets.continue_node = test;
	flow_arc(b, add_body(b, begin, s->first_child, &targets), test, 0);
	const struct destinations to = { lines_of(b, s->first_child), lines_after(b, id) };
	ways = flow_test(b, test, id, s->tail, &to);
	flow_back_arc(b, ways.if_true, begin, enter);
	flow_arc(b, ways.if_false, after, 0);
	return after;
}

static uint32_t add_switch(struct builder *b, uint32_t from, uint32_t id)
{
	const struct source_statement *s = statement_of(b, id);
	uint32_t after = flow_node(b), choice;
	struct targets targets = { .statement = id, .break_node = after, .continue_node = NO_NODE };
	struct ways ways = flow_test(b, from, id, s->head, NULL);

	choice = flow_join(b, ways.if_true, ways.if_false);
	targets.switch_node = choice;
	if (!(s->flags & SOURCE_DEFAULT))
		flow_arc(b, choice, after, 0);
	flow_arc(b, add_body(b, NO_NODE, s->first_child, &targets), after, 0);
	return after;
}

/* What falls through to a case or a label, and what comes to it from elsewhere. */
static uint32_t add_mark(struct builder *b, uint32_t from, uint32_t other, uint32_t id)
{
	const struct source_statement *s = statement_of(b, id);
	uint32_t to = flow_node(b), enter = flow_arc(b, from, to, 0);

	flow_arc(b, other, to, 0);
	if (s->kind == SOURCE_LABEL)
		b->enters[s->label - b->function->first_label] = enter;
	return flow_line(b, to, statement_of(b, id)->lines.first, id, FLOW_MARK);
}

static void add_jumps(struct builder *b, uint32_t from, const struct source_statement *s)
{
	const struct source_function *f = b->function;

	if (s->kind == SOURCE_COMPUTED_GOTO)
		for (uint32_t i = 0; i < f->nr_labels && !b->is_too_large; i++)
			if (b->file->labels[f->first_label + i].is_address_taken)
				flow_arc(b, from, b->labels[i], 0);
	for (uint32_t i = 0; i < s->nr_targets; i++)
		flow_arc(b, from, label_node(b, b->file->targets[s->first_target + i]), 0);
}

/* Returns where control continues after the statement; NO_NODE = nowhere. */
uint32_t flow_statement(struct builder *b, uint32_t from, uint32_t id)
{
	const struct source_statement *s = statement_of(b, id);
	const struct targets *t;

	switch ((enum source_statement_kind)s->kind) {
	case SOURCE_COMPOUND:
		return add_list(b, from, s->first_child);
	case SOURCE_IF:
		return add_if(b, from, id);
	case SOURCE_WHILE:
	case SOURCE_FOR:
	case SOURCE_LOOP_MACRO:
		return add_loop(b, from, id);
	case SOURCE_DO:
		return add_do(b, from, id);
	case SOURCE_SWITCH:
		return add_switch(b, from, id);
	case SOURCE_CASE:
		t = find_targets(b, s->target);
		return add_mark(b, from, t ? t->switch_node : NO_NODE, id);
	case SOURCE_LABEL:
		return add_mark(b, from, label_node(b, s->label), id);
	case SOURCE_GOTO:
		from = flow_plain(b, from, id);
		if (s->label != SOURCE_NONE && b->file->labels[s->label].statement < id)
			flow_back_arc(b, from, label_node(b, s->label),
				      b->enters[s->label - b->function->first_label]);
		else
			flow_arc(b, from, label_node(b, s->label), 0);
		return NO_NODE;
	case SOURCE_RETURN:
		flow_arc(b, flow_plain(b, from, id), b->end, 0);
		return NO_NODE;
	case SOURCE_BREAK:
	case SOURCE_CONTINUE:
		t = find_targets(b, s->target);
		from = flow_plain(b, from, id);
		if (t)
			flow_arc(b, from,
				 s->kind == SOURCE_BREAK ? t->break_node : t->continue_node, 0);
		return NO_NODE;
	case SOURCE_COMPUTED_GOTO:
		add_jumps(b, flow_plain(b, from, id), s);
		return NO_NODE;
	case SOURCE_DECLARATION:
		if (!(s->flags & (SOURCE_INITIALISED | SOURCE_CALLS)))
			return from;
		break;
	case SOURCE_SIMPLE:
	case SOURCE_ASM:
		break;
	}
	from = flow_plain(b, from, id);
	add_jumps(b, from, s);
	return s->flags & SOURCE_NO_RETURN ? NO_NODE : from;
}

/* A statement, and those after it in its list. */
static uint32_t add_list(struct builder *b, uint32_t from, uint32_t id)
{
	for (; id != SOURCE_NONE; id = statement_of(b, id)->next) {
		/* What no label leads to needs a node all the same, as what follows may have one.
		 */
		if (from == NO_NODE)
			from = flow_node(b);
		from = flow_statement(b, from, id);
	}
	return from;
}
