// SPDX-License-Identifier: GPL-2.0-or-later
/* What the balanced network of a function says of its lines. */
#include "base/search.h"
#include "symbolize/source/flow_builder.h"

static bool has_row(const struct builder *b, struct source_lines lines)
{
	for (uint32_t line = lines.first; line && line <= lines.last; line++)
		if (flow_is_observed(b, line))
			return true;
	return false;
}

static bool has_jump(const struct builder *b, struct source_lines lines)
{
	const struct flow_machine *m = b->machine;
	size_t i = search_first(m->nr_jumps, i, m->jumps[i].line >= lines.first);

	return i < m->nr_jumps && m->jumps[i].line <= lines.last;
}

static bool has_condition(const struct source_statement *s)
{
	return s->kind == SOURCE_IF || s->kind == SOURCE_WHILE || s->kind == SOURCE_DO ||
	       s->kind == SOURCE_FOR || s->kind == SOURCE_LOOP_MACRO || s->kind == SOURCE_SWITCH;
}

/*
 * Whether the compiler may have kept a statement that was not executed and has no code of its own:
 * not if a condition around it has no jump, and nothing in the same arm has code. Then it was known
 * when compiling.
 */
static bool is_live(const struct builder *b, uint32_t id)
{
	uint32_t arm = id;
	const struct source_function *f = b->function;

	for (id = statement_of(b, id)->parent; id != SOURCE_NONE;
	     id = statement_of(b, id)->parent) {
		const struct source_statement *s = statement_of(b, id);

		if (has_condition(s)) {
			struct source_lines test = s->kind == SOURCE_DO ? s->tail : s->head;

			return has_row(b, statement_of(b, arm)->lines) || has_jump(b, test) ||
			       (flow_is_observed(b, test.first) &&
				!b->machine->observations[test.first - f->first_line].count);
		}
		arm = id;
	}
	return true;
}

static struct flow_way way_of(const struct builder *b, uint32_t arc)
{
	const struct balance_arc *a;
	bool is_least = b->machine->counts_are_least;

	/* A constant never goes this way. */
	if (arc == NO_ARC)
		return (struct flow_way){ 0, true };
	a = &b->arcs.data[arc];
	return (struct flow_way){
		.count = is_least && a->flow ? 1 : a->flow,
		.is_known = !a->may_be_less && (!a->may_be_more || (is_least && a->flow)),
	};
}

static void fill_test(const struct builder *b, const struct test_arcs *arcs, struct flow_test *ret)
{
	if (arcs->is_ambiguous || (arcs->if_true == NO_ARC && arcs->if_false == NO_ARC))
		return;
	*ret = (struct flow_test){
		.is_found = true,
		.has_operands = arcs->has_operands,
		.if_true = way_of(b, arcs->if_true),
		.if_false = way_of(b, arcs->if_false),
	};
}

void flow_fill_results(const struct builder *b, struct flow_result *results)
{
	size_t nr = b->function->close_line - b->function->first_line + 1;
	bool falls_off = b->falls_off != NO_ARC && b->arcs.data[b->falls_off].flow;

	for (size_t i = 0; i < nr; i++) {
		const struct line_arc *l = &b->lines[i];

		results[i] = (struct flow_result){ .statement = l->statement };
		fill_test(b, &l->test, &results[i].test);
		if (l->arc == NO_ARC)
			continue;
		const struct balance_arc *a = &b->arcs.data[l->arc];
		results[i].count = a->flow;
		results[i].is_found = true;
		results[i].has_code = l->statement != SOURCE_NONE
					      ? a->flow || is_live(b, l->statement)
					      : i == nr - 1 && falls_off;
		results[i].may_be_less = a->may_be_less;
		results[i].may_be_more = a->may_be_more;
		if (b->machine->counts_are_least && a->flow) {
			results[i].count = 1;
			results[i].may_be_more = false;
		}
	}
}
