// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements that contain statements, and jumps. */
#include "symbolize/source/private.h"

static uint32_t parse_statement(struct parser *p, uint32_t parent);

static struct source_statement *statement_of(struct parser *p, uint32_t statement)
{
	return &p->statements.data[statement];
}

static struct source_lines lines_of(const struct parser *p, uint32_t begin, uint32_t end)
{
	if (begin >= end)
		return (struct source_lines){ 0, 0 };
	return (struct source_lines){ p->tokens.data[begin].line, p->tokens.data[end - 1].line };
}

/* Never fails: parse_function() made room. Its first token is the next one. */
uint32_t statement_add(struct parser *p, enum source_statement_kind kind, uint32_t parent)
{
	const struct token *t = &p->tokens.data[p->at];
	struct source_statement statement = {
		.kind = kind,
		.flags = is_first_on_line(t) ? SOURCE_FIRST_ON_LINE : 0,
		.lines = { t->line, t->line },
		.head = { t->line, t->line },
		.parent = parent,
		.first_child = SOURCE_NONE,
		.else_child = SOURCE_NONE,
		.next = SOURCE_NONE,
		.condition = SOURCE_NONE,
		.label = SOURCE_NONE,
		.target = SOURCE_NONE,
	};

	p->statements.data[p->statements.len++] = statement;
	p->first_tokens.data[p->first_tokens.len++] = p->at;
	return (uint32_t)p->statements.len - 1;
}

/* The statement ends with the last token that was taken. */
static void statement_end(struct parser *p, uint32_t statement)
{
	statement_of(p, statement)->lines.last = p->tokens.data[p->at - 1].line;
}

void take_head(struct parser *p, uint32_t statement, uint32_t end)
{
	struct source_statement *s = statement_of(p, statement);

	s->head = lines_of(p, p->at, end);
	s->hash = range_hash(p, p->at, end);
	/* The first token of a jump is not a jump inside of it. */
	s->flags |= range_flags(p, p->at + is_statement_word(&p->tokens.data[p->at]), end);
	p->at = end;
	statement_end(p, statement);
}

/* The token after the parenthesis at `open`; fails if there is none. */
static uint32_t after_group(struct parser *p, uint32_t open)
{
	if (!is_word(p, open, '(') || p->tokens.data[open].partner >= p->close) {
		fail(p, SOURCE_UNKNOWN_STATEMENT, open);
		return open;
	}
	return p->tokens.data[open].partner + 1;
}

/* Statements up to `end`, into this compound. */
static void parse_list(struct parser *p, uint32_t compound, uint32_t end)
{
	uint32_t last = SOURCE_NONE;

	while (p->at < end && !p->reason) {
		uint32_t statement = parse_statement(p, compound);

		if (last == SOURCE_NONE)
			statement_of(p, compound)->first_child = statement;
		else
			statement_of(p, last)->next = statement;
		last = statement;
	}
}

static uint32_t parse_compound(struct parser *p, uint32_t parent)
{
	uint32_t compound = statement_add(p, SOURCE_COMPOUND, parent);
	uint32_t close = p->tokens.data[p->at++].partner;

	parse_list(p, compound, close);
	p->at = close + 1;
	statement_end(p, compound);
	return compound;
}

static bool is_label(const struct parser *p, uint32_t at)
{
	return is_word(p, at, WORD_CASE) || is_word(p, at, WORD_DEFAULT) ||
	       (is_name(p, at) && !is_statement_word(&p->tokens.data[at]) &&
		is_word(p, at + 1, ':'));
}

/* Labels and the statement after them, where the grammar has one statement. */
static uint32_t parse_labelled(struct parser *p, uint32_t parent)
{
	uint32_t compound = statement_add(p, SOURCE_COMPOUND, parent), last = SOURCE_NONE;
	bool is_done = false;

	statement_of(p, compound)->flags |= SOURCE_IMPLICIT;
	while (!is_done && !p->reason && !is_word(p, p->at, '}')) {
		is_done = !is_label(p, p->at);
		uint32_t statement = parse_statement(p, compound);

		if (last == SOURCE_NONE)
			statement_of(p, compound)->first_child = statement;
		else
			statement_of(p, last)->next = statement;
		last = statement;
	}
	statement_end(p, compound);
	return compound;
}

/* The body or branch of a statement. */
static uint32_t parse_branch(struct parser *p, uint32_t parent)
{
	if (p->reason)
		return SOURCE_NONE;
	if (p->at >= p->close || is_word(p, p->at, '}')) {
		fail(p, SOURCE_UNKNOWN_STATEMENT, p->at);
		return SOURCE_NONE;
	}
	return is_label(p, p->at) ? parse_labelled(p, parent) : parse_statement(p, parent);
}

/* The body of what break and continue inside it belong to. */
static uint32_t parse_loop_body(struct parser *p, uint32_t loop, bool is_known)
{
	uint32_t breaks = p->breaks, continues = p->continues;

	p->breaks = p->continues = is_known ? loop : SOURCE_NONE;
	uint32_t body = parse_branch(p, loop);
	p->breaks = breaks;
	p->continues = continues;
	return body;
}

/* `KEYWORD (...)`, or `KEYWORD macro(...)`: take it, with its condition. */
static void parse_head(struct parser *p, uint32_t statement)
{
	uint32_t open = p->at + 1, begin = open;

	if (is_name(p, open) && !is_statement_word(&p->tokens.data[open]))
		open++;
	uint32_t end = after_group(p, open);
	if (p->reason)
		return;
	uint32_t condition = begin == open ? condition_parse(p, open + 1, end - 1)
					   : condition_parse(p, begin, end);
	statement_of(p, statement)->condition = condition;
	take_head(p, statement, end);
}

static uint32_t parse_if(struct parser *p, uint32_t parent)
{
	uint32_t statement = statement_add(p, SOURCE_IF, parent);

	parse_head(p, statement);
	uint32_t child = parse_branch(p, statement);
	statement_of(p, statement)->first_child = child;
	if (!p->reason && p->at < p->close && is_word(p, p->at, WORD_ELSE)) {
		p->at++;
		child = parse_branch(p, statement);
		statement_of(p, statement)->else_child = child;
	}
	return statement;
}

static uint32_t parse_while(struct parser *p, uint32_t parent)
{
	uint32_t statement = statement_add(p, SOURCE_WHILE, parent);

	parse_head(p, statement);
	uint32_t body = parse_loop_body(p, statement, true);
	statement_of(p, statement)->first_child = body;
	return statement;
}

static uint32_t parse_do(struct parser *p, uint32_t parent)
{
	uint32_t statement = statement_add(p, SOURCE_DO, parent);

	p->at++;
	uint32_t body = parse_loop_body(p, statement, true);
	statement_of(p, statement)->first_child = body;
	if (p->reason)
		return statement;
	struct source_lines head = statement_of(p, statement)->head;
	/* do { ... } while_each_thread(g, t); */
	if (is_loop_name(p, p->at))
		take_head(p, statement, after_group(p, p->at + 1));
	else if (p->at < p->close && is_word(p, p->at, WORD_WHILE))
		parse_head(p, statement);
	else
		fail(p, SOURCE_UNKNOWN_STATEMENT, p->at);
	statement_of(p, statement)->tail = statement_of(p, statement)->head;
	statement_of(p, statement)->head = head;
	if (!p->reason && is_word(p, p->at, ';'))
		p->at++;
	return statement;
}

static void parse_for_head(struct parser *p, uint32_t statement)
{
	struct source_statement *s = statement_of(p, statement);
	uint32_t open = p->at + 1, end = after_group(p, open), semicolons[2], nr = 0;

	for (uint32_t i = open + 1; !p->reason && i + 1 < end; i++) {
		if (is_word(p, i, ';') && nr++ < 2)
			semicolons[nr - 1] = i;
		if (p->tokens.data[i].partner != SOURCE_NONE && p->tokens.data[i].partner > i)
			i = p->tokens.data[i].partner;
	}
	if (nr != 2)
		fail(p, SOURCE_UNKNOWN_STATEMENT, open);
	if (p->reason)
		return;
	s->init = lines_of(p, open + 1, semicolons[0]);
	s->test = lines_of(p, semicolons[0] + 1, semicolons[1]);
	s->step = lines_of(p, semicolons[1] + 1, end - 1);
	if (s->test.first)
		s->condition = condition_parse(p, semicolons[0] + 1, semicolons[1]);
	take_head(p, statement, end);
}

static uint32_t parse_for(struct parser *p, uint32_t parent)
{
	uint32_t statement = statement_add(p, SOURCE_FOR, parent);

	parse_for_head(p, statement);
	uint32_t body = parse_loop_body(p, statement, true);
	statement_of(p, statement)->first_child = body;
	return statement;
}

static uint32_t parse_switch(struct parser *p, uint32_t parent)
{
	uint32_t statement = statement_add(p, SOURCE_SWITCH, parent);
	uint32_t breaks = p->breaks, switches = p->switches;

	parse_head(p, statement);
	p->breaks = p->switches = statement;
	uint32_t body = parse_branch(p, statement);
	statement_of(p, statement)->first_child = body;
	p->breaks = breaks;
	p->switches = switches;
	return statement;
}

/* To the ':' that ends `case A ? B : C:`, or p->close. */
static uint32_t find_colon(const struct parser *p, uint32_t at)
{
	uint32_t nr_questions = 0;

	for (; at < p->close; at++) {
		const struct token *t = &p->tokens.data[at];

		if (t->word == ':' && !nr_questions--)
			return at;
		nr_questions += t->word == '?';
		if (t->word == ';' || t->word == '{' || t->word == '}')
			break;
		if (t->word == '(' || t->word == '[')
			at = t->partner;
	}
	return p->close;
}

static uint32_t parse_case(struct parser *p, uint32_t parent)
{
	uint32_t statement = statement_add(p, SOURCE_CASE, parent);
	bool is_default = is_word(p, p->at, WORD_DEFAULT);
	uint32_t colon = find_colon(p, p->at + 1);

	if (p->switches == SOURCE_NONE)
		fail(p, SOURCE_BAD_BREAK, p->at);
	if (colon == p->close)
		fail(p, SOURCE_UNKNOWN_STATEMENT, p->at);
	if (p->reason)
		return statement;
	statement_of(p, statement)->target = p->switches;
	if (is_default) {
		statement_of(p, statement)->flags |= SOURCE_DEFAULT;
		statement_of(p, p->switches)->flags |= SOURCE_DEFAULT;
	}
	take_head(p, statement, colon + 1);
	return statement;
}

/* The name's token stands in for the label until labels_resolve(). */
static uint32_t parse_label(struct parser *p, uint32_t parent)
{
	uint32_t statement = statement_add(p, SOURCE_LABEL, parent);

	statement_of(p, statement)->label = p->at;
	take_head(p, statement, p->at + 2);
	return statement;
}

/* return, goto, break, continue: up to ';'. */
static uint32_t parse_jump(struct parser *p, uint32_t parent, enum source_statement_kind kind)
{
	uint32_t statement = statement_add(p, kind, parent), begin = p->at;
	uint32_t end = find_semicolon(p, begin + 1);

	if (p->reason)
		return statement;
	struct source_statement *s = statement_of(p, statement);
	if (end > begin + 1 && kind == SOURCE_RETURN)
		s->flags |= SOURCE_HAS_VALUE;
	if (kind == SOURCE_GOTO && is_name(p, begin + 1) && end == begin + 2)
		s->label = begin + 1;
	else if (kind == SOURCE_GOTO)
		s->kind = SOURCE_COMPUTED_GOTO;
	if (kind == SOURCE_BREAK || kind == SOURCE_CONTINUE) {
		s->target = kind == SOURCE_BREAK ? p->breaks : p->continues;
		if (s->target == SOURCE_NONE || end != begin + 1)
			fail(p, SOURCE_BAD_BREAK, begin);
	}
	uint32_t condition = conditions_find(p, begin + 1, end);
	statement_of(p, statement)->condition = condition;
	take_head(p, statement, end);
	if (is_word(p, p->at, ';'))
		p->at++;
	return statement;
}

/* NAME(...) with a body after it. */
static uint32_t parse_macro(struct parser *p, uint32_t parent, uint32_t flags)
{
	uint32_t statement = statement_add(p, SOURCE_LOOP_MACRO, parent);
	struct source_statement *s = statement_of(p, statement);
	uint32_t begin = p->at, end = after_group(p, begin + 1);

	s->flags |= flags;
	take_head(p, statement, end);
	uint32_t body = parse_loop_body(p, statement, !(flags & SOURCE_UNKNOWN_MACRO));
	statement_of(p, statement)->first_child = body;
	if (p->reason || !is_loop_end(p, p->at, begin)) {
		if (is_word(p, begin, WORD_OPEN_LOOP))
			fail(p, SOURCE_HIDDEN_LABEL, begin);
		return statement;
	}
	/* do_each_thread(g, t) { ... } while_each_thread(g, t); */
	end = after_group(p, p->at + 1);
	statement_of(p, statement)->tail = lines_of(p, p->at, end);
	p->at = end + is_word(p, end, ';');
	return statement;
}

static uint32_t parse_by_word(struct parser *p, uint32_t parent)
{
	uint32_t flags;

	switch (p->tokens.data[p->at].word) {
	case '{':
		return parse_compound(p, parent);
	case WORD_IF:
		return parse_if(p, parent);
	case WORD_WHILE:
		return parse_while(p, parent);
	case WORD_DO:
		return parse_do(p, parent);
	case WORD_FOR:
		return parse_for(p, parent);
	case WORD_SWITCH:
		return parse_switch(p, parent);
	case WORD_CASE:
	case WORD_DEFAULT:
		return parse_case(p, parent);
	case WORD_GOTO:
		return parse_jump(p, parent, SOURCE_GOTO);
	case WORD_RETURN:
		return parse_jump(p, parent, SOURCE_RETURN);
	case WORD_BREAK:
		return parse_jump(p, parent, SOURCE_BREAK);
	case WORD_CONTINUE:
		return parse_jump(p, parent, SOURCE_CONTINUE);
	case WORD_ELSE:
		fail(p, SOURCE_UNKNOWN_STATEMENT, p->at);
		return SOURCE_NONE;
	default:
		if (is_label(p, p->at))
			return parse_label(p, parent);
		if (has_body(p, p->at, &flags))
			return parse_macro(p, parent, flags);
		return parse_simple(p, parent);
	}
}

static uint32_t parse_statement(struct parser *p, uint32_t parent)
{
	if (++p->depth > SOURCE_DEPTH_MAX)
		fail(p, SOURCE_TOO_DEEP, p->at);
	uint32_t statement = p->reason ? SOURCE_NONE : parse_by_word(p, parent);
	if (!p->reason)
		statement_end(p, statement);
	p->depth--;
	return statement;
}

void parse_body(struct parser *p)
{
	p->at = p->open;
	p->depth = 0;
	p->breaks = p->continues = p->switches = SOURCE_NONE;
	parse_statement(p, SOURCE_NONE);
}
