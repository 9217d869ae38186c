// SPDX-License-Identifier: GPL-2.0-or-later
/* The conditions of statements, and where the machine code says that they went. */
#include "base/search.h"
#include "symbolize/source/flow_builder.h"

static bool is_in(struct source_lines lines, uint32_t line)
{
	return line && lines.first <= line && line <= lines.last;
}

/* What the jumps of a test say of one of its ways. */
struct jump_sum {
	uint64_t count;
	bool has_any, is_unknown;
};

static void add_outcome(struct jump_sum *sum, const struct flow_outcome *outcome)
{
	sum->has_any = true;
	sum->is_unknown |= !outcome->is_known;
	/* So that the sum does not overflow. */
	sum->count += outcome->count < BALANCE_COUNT_MAX ? outcome->count : BALANCE_COUNT_MAX;
}

static uint32_t observe_way(struct builder *b, uint32_t from, const struct jump_sum *sum)
{
	uint32_t to = flow_node(b), arc = flow_arc(b, from, to, 0);

	if (arc == NO_ARC || !sum->has_any || sum->is_unknown)
		return to;
	struct balance_arc *a = &b->arcs.data[arc];
	flow_observe(b, a, sum->count, sum->count);
	flow_weigh_way(a->observed, &a->below, &a->above);
	return to;
}

/*
 * The jumps of a test tell how often it went each way. A jump may lead to what the compiler merged,
 * far from the statement that the source has there; then the other outcome tells which way it is.
 */
static struct ways observe_ways(struct builder *b, struct ways ways, struct source_lines test,
				const struct destinations *to)
{
	const struct flow_machine *m = b->machine;
	struct jump_sum if_true = { 0 }, if_false = { 0 }, other = { 0 };
	size_t i = search_first(m->nr_jumps, i, m->jumps[i].line >= test.first);

	for (; i < m->nr_jumps && m->jumps[i].line <= test.last; i++) {
		for (int j = 0; j < 2; j++) {
			const struct flow_outcome *o = &m->jumps[i].outcomes[j];

			if (is_in(to->if_true, o->to))
				add_outcome(&if_true, o);
			else if (is_in(to->if_false, o->to))
				add_outcome(&if_false, o);
			else if (!is_in(test, o->to))
				add_outcome(&other, o);
		}
	}
	if (if_true.has_any && !if_false.has_any)
		if_false = other;
	else if (if_false.has_any && !if_true.has_any)
		if_true = other;
	else if (other.has_any)
		return ways;
	return (struct ways){ observe_way(b, ways.if_true, &if_true),
			      observe_way(b, ways.if_false, &if_false) };
}

static bool is_tested(const struct source_statement *s)
{
	return s->kind == SOURCE_IF || s->kind == SOURCE_WHILE || s->kind == SOURCE_DO ||
	       s->kind == SOURCE_FOR || s->kind == SOURCE_LOOP_MACRO;
}

/* The ways of a test begin with these arcs. */
static void note_test(struct builder *b, uint32_t statement, uint32_t line,
		      const struct test_arcs *arcs)
{
	const struct source_function *f = b->function;

	if (statement == SOURCE_NONE || !is_tested(statement_of(b, statement)) ||
	    line < f->first_line || line > f->close_line)
		return;
	struct test_arcs *test = &b->lines[line - f->first_line].test;
	bool is_other = test->if_true != NO_ARC || test->if_false != NO_ARC;

	if (!is_other)
		*test = *arcs;
	test->is_ambiguous |= is_other;
}

static struct ways add_leaf(struct builder *b, uint32_t from, const struct source_condition *c,
			    uint32_t statement, const struct destinations *to)
{
	struct ways ways = { flow_node(b), flow_node(b) };
	struct test_arcs arcs = { NO_ARC, NO_ARC, .has_operands = true };

	if (c->kind == SOURCE_LEAF)
		arcs.has_operands = c->flags & SOURCE_CONDITIONAL;
	/* Of a constant a report has no line of its own. */
	if (!(c->flags & (SOURCE_TRUE | SOURCE_FALSE)) || flow_is_observed(b, c->lines.first))
		from = flow_line(b, from, c->lines.first, statement, FLOW_TEST);
	if (!(c->flags & (SOURCE_CONDITIONAL | SOURCE_NESTED)))
		from = flow_more_lines(b, from, c->lines, statement);
	if (!(c->flags & (c->negated ? SOURCE_TRUE : SOURCE_FALSE)))
		arcs.if_true = flow_arc(b, from, ways.if_true, 0);
	if (!(c->flags & (c->negated ? SOURCE_FALSE : SOURCE_TRUE)))
		arcs.if_false = flow_arc(b, from, ways.if_false, 0);
	if (!(c->flags & SOURCE_CONSTANT))
		note_test(b, statement, c->lines.first, &arcs);
	return to ? observe_ways(b, ways, c->lines, to) : ways;
}

/* Where the operands of && and || lead. Not known if they share a line: so do their jumps. */
struct operands {
	struct destinations left, right;
	bool is_known;
};

static struct operands find_operands(const struct builder *b, const struct source_condition *c,
				     const struct destinations *to)
{
	const struct source_condition *left = &b->file->conditions[c->left];
	const struct source_condition *right = &b->file->conditions[c->right];
	struct operands o = { .is_known = to && left->lines.last < right->lines.first };

	if (!o.is_known)
		return o;
	o.right = o.left = *to;
	if (c->negated)
		o.right = o.left = (struct destinations){ to->if_false, to->if_true };
	if (c->kind == SOURCE_AND)
		o.left.if_true = right->lines;
	else
		o.left.if_false = right->lines;
	return o;
}

static struct ways add_operands(struct builder *b, uint32_t from, const struct source_condition *c,
				uint32_t statement, const struct destinations *to)
{
	struct operands o = find_operands(b, c, to);
	struct ways left = flow_condition(b, from, c->left, statement, o.is_known ? &o.left : NULL);
	bool is_and = c->kind == SOURCE_AND;
	struct ways right = flow_condition(b, is_and ? left.if_true : left.if_false, c->right,
					   statement, o.is_known ? &o.right : NULL);

	if (is_and)
		right.if_false = flow_join(b, left.if_false, right.if_false);
	else
		right.if_true = flow_join(b, left.if_true, right.if_true);
	return right;
}

static struct ways add_ternary(struct builder *b, uint32_t from, const struct source_condition *c,
			       uint32_t statement)
{
	struct ways left = flow_condition(b, from, c->left, statement, NULL), right = left, third;

	if (c->right != SOURCE_NONE)
		right = flow_condition(b, left.if_true, c->right, statement, NULL);
	else
		right.if_false = NO_NODE;
	third = flow_condition(b, left.if_false, c->third, statement, NULL);
	return (struct ways){ flow_join(b, right.if_true, third.if_true),
			      flow_join(b, right.if_false, third.if_false) };
}

struct ways flow_condition(struct builder *b, uint32_t from, uint32_t id, uint32_t statement,
			   const struct destinations *to)
{
	const struct source_condition *c = &b->file->conditions[id];
	struct ways ways;

	/* Only one arc has the line. */
	if (c->kind == SOURCE_LEAF || c->lines.first == c->lines.last)
		return add_leaf(b, from, c, statement, to);
	if (c->kind == SOURCE_TERNARY)
		ways = add_ternary(b, from, c, statement);
	else
		ways = add_operands(b, from, c, statement, to);
	return c->negated ? (struct ways){ ways.if_false, ways.if_true } : ways;
}

/* The head of a statement with a condition: from its first line to the ways out. */
static struct ways add_test(struct builder *b, uint32_t from, uint32_t id,
			    struct source_lines lines, const struct destinations *to)
{
	const struct source_statement *s = statement_of(b, id);
	struct ways ways;

	/* Its keyword, or a part before the condition, may stand on a line of its own. */
	if (s->condition == SOURCE_NONE) {
		from = flow_line(b, from, lines.first, id, FLOW_TEST);
		from = flow_more_lines(b, from, lines, id);
		flow_leaks(b, from, s);
		ways = (struct ways){ flow_node(b), flow_node(b) };
		const struct test_arcs arcs = {
			flow_arc(b, from, ways.if_true, 0),
			flow_arc(b, from, ways.if_false, 0),
		};
		note_test(b, id, lines.first, &arcs);
		return ways;
	}
	if (b->file->conditions[s->condition].lines.first != lines.first)
		from = flow_line(b, from, lines.first, id, FLOW_TEST);
	flow_leaks(b, from, s);
	return flow_condition(b, from, s->condition, id, to);
}

struct ways flow_test(struct builder *b, uint32_t from, uint32_t id, struct source_lines lines,
		      const struct destinations *to)
{
	struct ways ways = add_test(b, from, id, lines, to);

	/* A condition on one line has been observed already. */
	if (!to || (statement_of(b, id)->condition != SOURCE_NONE && lines.first == lines.last))
		return ways;
	return observe_ways(b, ways, lines, to);
}
