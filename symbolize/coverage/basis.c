// SPDX-License-Identifier: GPL-2.0-or-later
/* Find the line that a corrected line follows from. */
#include "symbolize/coverage/basis.h"

/* Counts that a line may have to show something. */
struct wanted {
	uint64_t least, most;
};

struct finder {
	const struct balanced_function *balanced;
	struct coverage_correction *correction;
	struct wanted wanted;
};

static const struct source_statement *statement_at(const struct finder *f, uint32_t id)
{
	return &f->balanced->file->statements[id];
}

/* Whether the machine code and the flow agree on a line of this statement, and on a wanted count.
 */
static bool shows(const struct finder *f, uint32_t line, uint32_t statement)
{
	const struct source_function *function = f->balanced->function;

	if (line < function->first_line || line > function->close_line ||
	    line == f->correction->line)
		return false;
	const struct flow_result *result = &f->balanced->results[line - function->first_line];
	const struct flow_observation *o =
		&f->balanced->machine->observations[line - function->first_line];
	return result->is_found && result->statement == statement && o->is_known &&
	       o->count == result->count && o->count >= f->wanted.least &&
	       o->count <= f->wanted.most;
}

static uint64_t count_at(const struct finder *f, uint32_t line)
{
	return f->balanced->results[line - f->balanced->function->first_line].count;
}

static bool take(struct finder *f, enum coverage_basis basis, uint32_t line)
{
	f->correction->basis = basis;
	f->correction->basis_line = line;
	f->correction->basis_count = count_at(f, line);
	return true;
}

static bool is_loop(const struct source_statement *s)
{
	return s->kind == SOURCE_WHILE || s->kind == SOURCE_DO || s->kind == SOURCE_FOR ||
	       s->kind == SOURCE_LOOP_MACRO;
}

static bool is_mark(const struct source_statement *s)
{
	return s->kind == SOURCE_LABEL || s->kind == SOURCE_CASE;
}

static bool is_jump(const struct source_statement *s)
{
	return s->kind == SOURCE_RETURN || s->kind == SOURCE_GOTO || s->kind == SOURCE_BREAK ||
	       s->kind == SOURCE_CONTINUE || s->kind == SOURCE_COMPUTED_GOTO;
}

/* Whether the first line of a statement shows how often control came to it. A loop's does not. */
static bool shows_arrival(const struct finder *f, uint32_t id)
{
	const struct source_statement *s = statement_at(f, id);

	return !is_loop(s) && s->kind != SOURCE_COMPOUND && shows(f, s->lines.first, id);
}

static bool find_own(struct finder *f, uint32_t id)
{
	const struct source_lines lines = statement_at(f, id)->head;

	for (uint32_t line = lines.first; line && line <= lines.last; line++)
		if (shows(f, line, id))
			return take(f, COVERAGE_BASIS_STATEMENT, line);
	return false;
}

/* From this statement on, as far as control comes from nowhere else. */
static bool find_in_list(struct finder *f, uint32_t id, enum coverage_basis basis)
{
	for (; id != SOURCE_NONE; id = statement_at(f, id)->next) {
		const struct source_statement *s = statement_at(f, id);

		if (is_mark(s) || s->flags & SOURCE_LABELS_INSIDE)
			return false;
		if (shows_arrival(f, id))
			return take(f, basis, s->lines.first);
		if (is_jump(s))
			return false;
	}
	return false;
}

static bool find_later(struct finder *f, uint32_t id)
{
	const struct source_statement *s = statement_at(f, id);

	return !is_jump(s) && find_in_list(f, s->next, COVERAGE_BASIS_LATER);
}

/* The last one of a list, before this statement, after which control can only go on to it. */
static bool find_last(struct finder *f, uint32_t first, uint32_t end)
{
	uint32_t best = SOURCE_NONE;

	for (uint32_t i = first; i != end && i != SOURCE_NONE; i = statement_at(f, i)->next) {
		if (is_mark(statement_at(f, i)) || is_jump(statement_at(f, i)))
			best = SOURCE_NONE;
		if (!is_jump(statement_at(f, i)) && shows_arrival(f, i))
			best = i;
	}
	return best != SOURCE_NONE &&
	       take(f, COVERAGE_BASIS_EARLIER, statement_at(f, best)->lines.first);
}

static bool find_earlier(struct finder *f, uint32_t id)
{
	const struct source_statement *s = statement_at(f, id);

	return !is_mark(s) && s->parent != SOURCE_NONE &&
	       statement_at(f, s->parent)->kind == SOURCE_COMPOUND &&
	       find_last(f, statement_at(f, s->parent)->first_child, id);
}

/* A jump of the condition around a body leads to it, the wanted number of times. */
static bool find_jump(struct finder *f, const struct source_statement *around,
		      struct source_lines body)
{
	const struct flow_machine *m = f->balanced->machine;

	for (size_t i = 0; i < m->nr_jumps; i++) {
		const struct flow_jump *jump = &m->jumps[i];

		if (jump->line < around->head.first || jump->line > around->head.last)
			continue;
		for (int j = 0; j < 2; j++) {
			const struct flow_outcome *o = &jump->outcomes[j];

			if (!o->is_known || o->to < body.first || o->to > body.last ||
			    o->count < f->wanted.least || o->count > f->wanted.most)
				continue;
			f->correction->basis = COVERAGE_BASIS_CONDITION;
			f->correction->basis_line = jump->line;
			f->correction->basis_count = o->count;
			return true;
		}
	}
	return false;
}

static bool find_body(struct finder *f, uint32_t id)
{
	const uint32_t bodies[] = { statement_at(f, id)->first_child,
				    statement_at(f, id)->else_child };

	if (statement_at(f, id)->kind == SOURCE_COMPOUND)
		return false;
	for (int i = 0; i < 2; i++) {
		uint32_t body = bodies[i];

		if (body != SOURCE_NONE && statement_at(f, body)->kind == SOURCE_COMPOUND)
			body = statement_at(f, body)->first_child;
		if (find_in_list(f, body, COVERAGE_BASIS_BODY))
			return true;
	}
	return false;
}

static bool find_calls(struct finder *f)
{
	const uint64_t *calls = f->balanced->machine->calls;
	uint32_t line = f->balanced->function->name_line;

	if (!calls && shows(f, line, SOURCE_NONE))
		return take(f, COVERAGE_BASIS_CALLS, line);
	if (!calls || *calls < f->wanted.least || *calls > f->wanted.most)
		return false;
	f->correction->basis = COVERAGE_BASIS_CALLS;
	f->correction->basis_line = line;
	f->correction->basis_count = *calls;
	return true;
}

/*
 * A body that control leaves for elsewhere: of those that came to the condition, the others came to
 * what is after it.
 */
static bool find_left(struct finder *f, uint32_t id, const struct source_statement *parent)
{
	const struct wanted wanted = f->wanted;
	const struct source_statement *after;
	uint64_t head, rest;
	bool found;

	if (parent->kind != SOURCE_IF || parent->else_child != SOURCE_NONE ||
	    parent->next == SOURCE_NONE || !wanted.least)
		return false;
	after = statement_at(f, parent->next);
	f->wanted = (struct wanted){ 0, UINT64_MAX };
	found = shows(f, parent->lines.first, statement_at(f, id)->parent) &&
		shows_arrival(f, parent->next) && !is_mark(after);
	f->wanted = wanted;
	if (!found)
		return false;
	head = count_at(f, parent->lines.first);
	rest = count_at(f, after->lines.first);
	if (head < rest || head - rest != wanted.least)
		return false;
	take(f, COVERAGE_BASIS_LEFT, parent->lines.first);
	f->correction->after_line = after->lines.first;
	f->correction->after_count = rest;
	return true;
}

/* The first statement of a body that control leaves for elsewhere at its end. */
static uint32_t find_leaving(const struct finder *f, uint32_t body)
{
	uint32_t first = body, last;

	if (body != SOURCE_NONE && statement_at(f, body)->kind == SOURCE_COMPOUND)
		first = statement_at(f, body)->first_child;
	for (last = first; last != SOURCE_NONE; last = statement_at(f, last)->next)
		if (is_jump(statement_at(f, last)))
			return first;
	return SOURCE_NONE;
}

/* After a condition whose body leaves: of those that came to it, the rest comes here. */
static bool find_rest(struct finder *f, uint32_t id)
{
	const struct source_statement *s = statement_at(f, id), *before;
	const struct wanted wanted = f->wanted;
	uint32_t first, at;
	bool found;

	if (is_mark(s) || s->parent == SOURCE_NONE)
		return false;
	for (at = statement_at(f, s->parent)->first_child; at != SOURCE_NONE;
	     at = statement_at(f, at)->next)
		if (statement_at(f, at)->next == id)
			break;
	if (at == SOURCE_NONE)
		return false;
	before = statement_at(f, at);
	if (before->kind != SOURCE_IF || before->else_child != SOURCE_NONE)
		return false;
	first = find_leaving(f, before->first_child);
	f->wanted = (struct wanted){ 0, UINT64_MAX };
	found = first != SOURCE_NONE && shows_arrival(f, at) && shows_arrival(f, first);
	f->wanted = wanted;
	if (!found ||
	    count_at(f, before->lines.first) - count_at(f, statement_at(f, first)->lines.first) !=
		    wanted.least)
		return false;
	take(f, COVERAGE_BASIS_REST, before->lines.first);
	f->correction->after_line = statement_at(f, first)->lines.first;
	f->correction->after_count = count_at(f, f->correction->after_line);
	return true;
}

/* Lists around the statement, up to the condition that leads to it. */
static bool find_around(struct finder *f, uint32_t id)
{
	while (statement_at(f, id)->parent != SOURCE_NONE) {
		const struct source_statement *s = statement_at(f, id);
		const struct source_statement *parent = statement_at(f, s->parent);

		if (find_later(f, id) || find_rest(f, id) || find_earlier(f, id))
			return true;
		if (parent->kind != SOURCE_COMPOUND) {
			if (find_jump(f, parent, s->lines) || find_left(f, id, parent))
				return true;
			return shows(f, parent->head.first, s->parent) &&
			       take(f, COVERAGE_BASIS_HEAD, parent->head.first);
		}
		id = s->parent;
	}
	return find_calls(f);
}

static bool find_equal_count(struct finder *f, uint32_t id)
{
	const struct source_function *function = f->balanced->function;

	if (id != SOURCE_NONE)
		return find_own(f, id) || find_around(f, id) || find_body(f, id);
	id = statement_at(f, function->first_statement)->first_child;
	if (f->correction->line == function->close_line)
		return find_calls(f) || find_last(f, id, SOURCE_NONE);
	return find_calls(f) || find_in_list(f, id, COVERAGE_BASIS_LATER);
}

static const char *name_statement(const struct finder *f, uint32_t id)
{
	if (id == SOURCE_NONE)
		return f->correction->line == f->balanced->function->close_line
			       ? "end of the function"
			       : "head of the function";
	if (statement_at(f, id)->kind == SOURCE_SIMPLE)
		return "statement";
	if (statement_at(f, id)->kind == SOURCE_LOOP_MACRO)
		return "loop";
	return source_kind_name(statement_at(f, id)->kind);
}

/* The compiler merges statements. Heads of others it does not, and only their first line counts. */
static uint32_t count_equal(const struct finder *f, uint32_t id)
{
	const struct source_function *function = f->balanced->function;
	uint32_t nr = 0;

	if (id == SOURCE_NONE || statement_at(f, id)->first_child != SOURCE_NONE ||
	    is_mark(statement_at(f, id)))
		return 1;
	for (uint32_t i = 0; i < function->nr_statements; i++)
		nr += statement_at(f, function->first_statement + i)->hash ==
		      statement_at(f, id)->hash;
	return nr;
}

void coverage_find_basis(const struct balanced_function *balanced, struct coverage_correction *c)
{
	struct finder f = { balanced, c, { c->count, c->count } };
	uint32_t id = balanced->results[c->line - balanced->function->first_line].statement;

	c->statement = name_statement(&f, id);
	c->nr_equal = count_equal(&f, id);
	c->basis = COVERAGE_BASIS_FLOW;
	if (find_equal_count(&f, id) || id == SOURCE_NONE || !c->count)
		return;
	/* What comes after it, or is in it, was executed: at least that often it was too. */
	f.wanted.least = 1;
	if (!find_later(&f, id))
		find_body(&f, id);
}
