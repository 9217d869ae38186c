// SPDX-License-Identifier: GPL-2.0-or-later
/* Expressions, declarations and asm statements; which macros have a body. */
#include <string.h>

#include "symbolize/source/private.h"

static bool name_begins(const struct parser *p, uint32_t at, const char *prefix)
{
	const struct token *t = &p->tokens.data[at];
	size_t length = strlen(prefix);

	return t->length >= length && !memcmp(p->text + t->offset, prefix, length);
}

uint32_t range_flags(const struct parser *p, uint32_t begin, uint32_t end)
{
	uint8_t groups = range_groups(p, begin, end);
	uint32_t flags = 0;

	flags |= groups & GROUP_CONDITIONAL ? SOURCE_CONDITIONAL : 0;
	flags |= groups & GROUP_CALL ? SOURCE_CALLS : 0;
	flags |= groups & GROUP_STORE ? SOURCE_STORES : 0;
	flags |= groups & GROUP_NESTED ? SOURCE_NESTED : 0;
	flags |= groups & GROUP_JUMP ? SOURCE_NESTED_JUMP : 0;
	return flags;
}

uint64_t range_hash(const struct parser *p, uint32_t begin, uint32_t end)
{
	uint64_t hash = 0;

	for (uint32_t i = begin; i < end; i++) {
		hash = (hash ^ p->tokens.data[i].hash) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
	}
	return hash;
}

/* May a brace be at `at`, in an expression or declaration? */
static bool is_initialiser(const struct parser *p, uint32_t at, bool after_struct)
{
	const struct token *t = p->tokens.data;

	if (t[at - 1].word == PUNCTUATOR_ASSIGN || after_struct)
		return true;
	if (t[at - 1].word != ')')
		return false;
	/* A compound literal: (struct s){ ... }; but not f(x) { ... }. */
	const struct token *before = &t[t[at - 1].partner - 1];
	return before->kind != TOKEN_NAME || before->word == WORD_RETURN ||
	       before->word == WORD_ATTRIBUTE;
}

uint32_t find_semicolon(struct parser *p, uint32_t at)
{
	const struct token *t = p->tokens.data;
	bool after_struct = t[at - 1].word == WORD_STRUCT;

	for (; at < p->close; at++) {
		uint8_t word = t[at].word;

		if (word == ';' || word == '}' || word == WORD_ELSE)
			return at;
		if (is_statement_word(&t[at])) {
			if (!is_first_on_line(&t[at]))
				fail(p, SOURCE_UNKNOWN_STATEMENT, at);
			return at;
		}
		if (word == '{' && !is_initialiser(p, at, after_struct)) {
			fail(p, SOURCE_UNKNOWN_STATEMENT, at);
			return at;
		}
		after_struct |= word == WORD_STRUCT;
		if (word == '(' || word == '[' || word == '{')
			at = t[at].partner;
	}
	return at;
}

/* What is after NAME(...), at `next`: is it the macro's body? */
static bool is_body(const struct parser *p, uint32_t at, uint32_t next, bool is_loop)
{
	const struct token *t = &p->tokens.data[next];

	if (t->word == '{')
		return true;
	if (t->word == ';' || t->word == '}' || t->word == WORD_ELSE || next >= p->close)
		return false;
	if (is_loop)
		return true;
	if (t->kind != TOKEN_NAME && t->word != PUNCTUATOR_STEP && t->word != '*')
		return false;
	return is_first_on_line(t) && indent_of(t) > indent_of(&p->tokens.data[at]);
}

bool has_body(const struct parser *p, uint32_t at, uint32_t *flags)
{
	const struct token *t = &p->tokens.data[at];
	bool is_loop = t->word == WORD_LOOP || t->word == WORD_OPEN_LOOP;

	if (!is_plain_name(t) || !is_word(p, at + 1, '('))
		return false;
	*flags = 0;
	if (t->word == WORD_NONE)
		is_loop = word_is_loop(p->text + t->offset, t->length);
	else if (t->word == WORD_ONCE || t->word == WORD_AT_MOST_ONCE)
		*flags = t->word == WORD_ONCE ? SOURCE_ONCE : SOURCE_AT_MOST_ONCE;
	if (!is_loop && !*flags)
		*flags = SOURCE_UNKNOWN_MACRO;
	return is_body(p, at, t[1].partner + 1, !(*flags & SOURCE_UNKNOWN_MACRO));
}

bool is_loop_name(const struct parser *p, uint32_t at)
{
	const struct token *t = &p->tokens.data[at];

	return is_name(p, at) && is_word(p, at + 1, '(') &&
	       (t->word == WORD_LOOP ||
		(t->word == WORD_NONE && word_is_loop(p->text + t->offset, t->length)));
}

bool is_loop_end(const struct parser *p, uint32_t at, uint32_t macro)
{
	if (!is_name(p, at) || !is_word(p, at + 1, '('))
		return false;
	if (is_word(p, macro, WORD_OPEN_LOOP))
		return is_word(p, at, WORD_CLOSE_LOOP);
	return name_begins(p, at, "while_") && p->tokens.data[at].word == WORD_NONE;
}

static bool is_declaration(const struct parser *p, uint32_t at)
{
	const struct token *t = &p->tokens.data[at];
	uint32_t next = at + 1;

	if (t->word >= WORD_TYPE && t->word <= WORD_TYPEOF)
		return true;
	if (t->word == WORD_LABEL || (t->word == WORD_ATTRIBUTE && !is_word(p, at + 1, ';') &&
				      !is_word(p, t[1].partner + 1, ';')))
		return true;
	if (t->kind != TOKEN_NAME)
		return false;
	if (name_begins(p, at, "DECLARE_"))
		return true;
	while (is_word(p, next, '*'))
		next++;
	return is_name(p, next) && !is_statement_word(&p->tokens.data[next]) &&
	       (next == at + 1 || !is_word(p, next + 1, '('));
}

/* The labels of an asm goto: after the fourth colon. */
static void find_targets(struct parser *p, uint32_t statement, uint32_t open)
{
	const struct token *t = p->tokens.data;
	struct source_statement *s = &p->statements.data[statement];
	uint32_t nr_colons = 0;

	s->first_target = (uint32_t)p->targets.len;
	for (uint32_t i = open + 1; i < t[open].partner; i++) {
		nr_colons += t[i].word == ':';
		if (t[i].partner != SOURCE_NONE && t[i].partner > i)
			i = t[i].partner;
		else if (nr_colons == 4 && t[i].kind == TOKEN_NAME &&
			 !index_vector_append(&p->targets, &i))
			p->no_memory = true;
	}
	s->nr_targets = (uint32_t)p->targets.len - s->first_target;
}

static void parse_asm(struct parser *p, uint32_t statement)
{
	struct source_statement *s = &p->statements.data[statement];
	bool is_goto = is_word(p, p->at, WORD_ASM_GOTO);
	uint32_t open = p->at + 1;

	for (; is_name(p, open); open++)
		is_goto |= is_word(p, open, WORD_GOTO);
	if (!is_word(p, open, '(')) {
		fail(p, SOURCE_UNKNOWN_STATEMENT, open);
		return;
	}
	s->kind = SOURCE_ASM;
	if (is_goto) {
		s->flags |= SOURCE_ASM_GOTO;
		find_targets(p, statement, open);
	}
	uint32_t end = p->tokens.data[open].partner + 1;
	take_head(p, statement, end + is_word(p, end, ';'));
	/* Not a jump out of a nested statement. */
	p->statements.data[statement].flags &= ~SOURCE_NESTED_JUMP;
}

/* A macro alone on its lines, without ';': the token after it. Else none. */
static uint32_t macro_end(const struct parser *p, uint32_t at)
{
	const struct token *t = &p->tokens.data[at];

	if (!is_plain_name(t) || !is_word(p, at + 1, '('))
		return SOURCE_NONE;
	uint32_t next = t[1].partner + 1;
	const struct token *after = &p->tokens.data[next];
	if (next >= p->close || !is_first_on_line(after))
		return SOURCE_NONE;
	if (after->kind == TOKEN_NAME || after->word == PUNCTUATOR_STEP || after->word == '*')
		return next;
	return SOURCE_NONE;
}

uint32_t parse_simple(struct parser *p, uint32_t parent)
{
	uint32_t statement = statement_add(p, SOURCE_SIMPLE, parent), begin = p->at;
	const struct token *first = &p->tokens.data[begin];

	if (first->word == WORD_ASM || first->word == WORD_ASM_GOTO) {
		parse_asm(p, statement);
		return statement;
	}
	/* A loop is opened, but what it repeats does not follow, or one is closed elsewhere. */
	if (first->word == WORD_OPEN_LOOP || first->word == WORD_CLOSE_LOOP)
		fail(p, SOURCE_HIDDEN_LABEL, begin);
	bool declares = is_declaration(p, begin);
	uint32_t end = macro_end(p, begin);
	if (end == SOURCE_NONE || declares)
		end = find_semicolon(p, begin);
	if (end == begin && !is_word(p, begin, ';'))
		fail(p, SOURCE_UNKNOWN_STATEMENT, begin);
	if (p->reason)
		return statement;
	uint32_t condition = conditions_find(p, begin, end);
	struct source_statement *s = &p->statements.data[statement];
	s->condition = condition;
	if (declares)
		s->kind = SOURCE_DECLARATION;
	if (first->word == WORD_NO_RETURN && is_word(p, begin + 1, '('))
		s->flags |= SOURCE_NO_RETURN;
	take_head(p, statement, end + is_word(p, end, ';'));
	if (first->word == WORD_RETURN_MACRO) {
		s->kind = SOURCE_RETURN;
		s->flags |= end > begin + 1 ? SOURCE_HAS_VALUE : 0;
		s->flags &= ~(SOURCE_NESTED_JUMP | SOURCE_CALLS);
	}
	if (declares && s->flags & SOURCE_STORES && first->word != WORD_STATIC)
		s->flags |= SOURCE_INITIALISED;
	return statement;
}
