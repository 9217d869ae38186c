// SPDX-License-Identifier: GPL-2.0-or-later
/* Pairs of brackets, and what is inside them. */
#include "symbolize/source/private.h"

/* sizeof(...) and typeof(...) do not evaluate what is in them: it has no call, store or condition.
 */
static bool is_unevaluated(const struct parser *p, uint32_t open)
{
	uint8_t before = open ? p->tokens.data[open - 1].word : 0;

	return p->tokens.data[open].word == '(' &&
	       (before == WORD_SIZEOF || before == WORD_TYPEOF || before == WORD_ATTRIBUTE);
}

static bool is_call(const struct parser *p, uint32_t open)
{
	if (!open || p->tokens.data[open].word != '(')
		return false;
	const struct token *before = &p->tokens.data[open - 1];
	if (before->word == ']')
		return true;
	/* (*f)(x) is a call, (int)(x) is not. */
	if (before->word == ')' && before->partner != SOURCE_NONE)
		return p->tokens.data[before->partner + 1].word == '*';
	return is_plain_name(before);
}

static uint8_t flags_of(const struct parser *p, uint32_t i)
{
	const struct token *t = &p->tokens.data[i];

	switch (t->word) {
	case ';':
		return GROUP_SEMICOLON;
	case '?':
	case PUNCTUATOR_AND:
	case PUNCTUATOR_OR:
		return GROUP_CONDITIONAL;
	case PUNCTUATOR_ASSIGN:
	case PUNCTUATOR_STEP:
		return GROUP_STORE;
	case WORD_GOTO:
	case WORD_RETURN:
	case WORD_BREAK:
	case WORD_CONTINUE:
	case WORD_JUMP_MACRO:
	case WORD_RETURN_MACRO:
		return GROUP_JUMP;
	case '(':
		return is_call(p, i) ? GROUP_CALL : 0;
	case '{':
		return i && p->tokens.data[i - 1].word == '(' ? GROUP_NESTED : 0;
	default:
		return 0;
	}
}

static uint8_t opening_of(uint8_t word)
{
	return word == ')' ? '(' : word == ']' ? '[' : word == '}' ? '{' : 0;
}

/* What a group with these flags means for the one around it. */
static uint8_t outer_flags(const struct parser *p, uint32_t open, uint8_t flags)
{
	if (is_unevaluated(p, open))
		return flags & GROUP_BAD;
	if (p->tokens.data[open].word == '{' && flags & GROUP_SEMICOLON)
		flags |= GROUP_NESTED;
	return flags & ~GROUP_SEMICOLON;
}

/* Close the innermost group, with or without its bracket. */
static void close_group(struct parser *p, struct index_vector *stack, uint32_t close)
{
	struct token *tokens = p->tokens.data;
	uint32_t open = stack->data[--stack->len];

	if (close == SOURCE_NONE) {
		tokens[open].group |= GROUP_BAD;
	} else {
		tokens[open].partner = close;
		tokens[close].partner = open;
	}
	if (stack->len)
		tokens[stack->data[stack->len - 1]].group |=
			outer_flags(p, open, tokens[open].group);
}

uint8_t range_groups(const struct parser *p, uint32_t begin, uint32_t end)
{
	const struct token *t = p->tokens.data;
	uint8_t flags = 0;

	for (uint32_t i = begin; i < end; i++) {
		flags |= flags_of(p, i);
		if (t[i].partner == SOURCE_NONE || t[i].partner < i)
			continue;
		flags |= outer_flags(p, i, t[i].group);
		i = t[i].partner;
	}
	return flags;
}

static uint8_t top_word(const struct parser *p, const struct index_vector *stack)
{
	return stack->len ? p->tokens.data[stack->data[stack->len - 1]].word : 0;
}

/*
 * A closing brace ends brackets in its pair that are still open; they have no partner. Other
 * closing brackets without a partner are ignored.
 */
static bool close_bracket(struct parser *p, struct index_vector *stack, uint32_t nr_braces,
			  uint32_t i)
{
	uint8_t opening = opening_of(p->tokens.data[i].word);
	bool fits = top_word(p, stack) == opening;

	if (!fits && (opening != '{' || !nr_braces)) {
		if (stack->len)
			p->tokens.data[stack->data[stack->len - 1]].group |= GROUP_BAD;
		return false;
	}
	while (top_word(p, stack) != opening)
		close_group(p, stack, SOURCE_NONE);
	close_group(p, stack, i);
	return fits;
}

/*
 * A brace in the first column begins or ends a definition, in the kernel's style. If brackets do
 * not fit, that keeps the damage inside of one function.
 */
static void use_column(struct parser *p, struct index_vector *stack, uint8_t word)
{
	size_t keep = word == '}' && stack->len && p->tokens.data[stack->data[0]].word == '{';

	while (stack->len > keep)
		close_group(p, stack, SOURCE_NONE);
}

/* False: they do not all fit, or no memory. */
static bool match(struct parser *p, struct index_vector *stack, bool trust_columns)
{
	uint32_t nr_braces = 0;
	bool fits = true;

	stack->len = 0;
	for (uint32_t i = 0; i < p->tokens.len; i++) {
		struct token *t = &p->tokens.data[i];

		t->group = 0;
		t->partner = SOURCE_NONE;
		if (trust_columns && t->indent == INDENT_FIRST &&
		    (t->word == '{' || t->word == '}')) {
			use_column(p, stack, t->word);
			nr_braces = top_word(p, stack) == '{';
		}
		if (stack->len)
			p->tokens.data[stack->data[stack->len - 1]].group |= flags_of(p, i);
		if (t->word == '(' || t->word == '[' || t->word == '{') {
			nr_braces += t->word == '{';
			if (!index_vector_append(stack, &i))
				return !(p->no_memory = true);
		} else if (opening_of(t->word)) {
			fits &= close_bracket(p, stack, nr_braces, i);
			nr_braces -= t->word == '}' && t->partner != SOURCE_NONE;
		}
	}
	while (stack->len) {
		close_group(p, stack, SOURCE_NONE);
		fits = false;
	}
	return fits;
}

bool brackets_match(struct parser *p)
{
	struct index_vector stack = VECTOR_INIT;

	if (!match(p, &stack, false) && !p->no_memory)
		match(p, &stack, true);
	index_vector_deinit(&stack);
	return !p->no_memory;
}
