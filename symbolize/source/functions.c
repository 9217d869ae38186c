// SPDX-License-Identifier: GPL-2.0-or-later
/* Definitions of functions among the tokens of a file. */
#include <ctype.h>

#include "base/search.h"
#include "symbolize/source/private.h"

/* Of a function. The interpreter of BPF, and the largest of generated ones, have some 10,000. */
#define TOKENS_MAX (1 << 18)

/* Its name begins with a capital: DEFINE_IDA(), SYSCALL_DEFINE3(). */
static bool is_capital(const struct parser *p, uint32_t token)
{
	return isupper((unsigned char)p->text[p->tokens.data[token].offset]);
}

/* In `f(int a) __must_be_held(b) {` the second one is an attribute of the first. */
static bool is_trailing(const struct parser *p, uint32_t name, uint32_t candidate)
{
	return candidate != SOURCE_NONE && p->tokens.data[name - 1].word == ')' &&
	       !is_capital(p, name);
}

/* The name in `(*name(int a))(int b)`: a function that returns a pointer to one. */
static uint32_t name_in(const struct parser *p, uint32_t open)
{
	uint32_t close = p->tokens.data[open].partner;

	if (!is_word(p, open + 1, '*'))
		return SOURCE_NONE;
	for (uint32_t i = open + 1; i < close && p->tokens.data[i].word != '('; i++)
		if (is_name(p, i) && is_word(p, i + 1, '('))
			return i;
	return SOURCE_NONE;
}

/*
 * The name of the function whose body is after tokens [begin, end), or none if that is something
 * else: a structure, an initialiser.
 */
static uint32_t find_name(const struct parser *p, uint32_t begin, uint32_t end)
{
	uint32_t name = SOURCE_NONE;

	for (uint32_t i = begin; i < end; i++) {
		const struct token *t = &p->tokens.data[i];

		if (t->word == PUNCTUATOR_ASSIGN)
			return SOURCE_NONE;
		/* MODULE_LICENSE("GPL") struct s { */
		if (t->word == WORD_STRUCT || t->word == WORD_STATIC || t->word == WORD_TYPE)
			name = SOURCE_NONE;
		if (t->word != '(' && t->word != '[' && t->word != '{')
			continue;
		if (t->partner == SOURCE_NONE || t->partner >= end)
			return SOURCE_NONE;
		if (t->word == '(' && i > begin && is_plain_name(t - 1)) {
			if (!is_trailing(p, i - 1, name))
				name = i - 1;
		} else if (t->word == '(' && name == SOURCE_NONE) {
			name = name_in(p, i);
		}
		i = t->partner;
	}
	return name;
}

/* Undecided groups in the body. */
static void note_regions(struct parser *p, struct source_function *function)
{
	function->first_region = (uint32_t)p->regions.len;
	for (; p->next_undecided < p->undecided.len; p->next_undecided++) {
		const struct undecided *now = &p->undecided.data[p->next_undecided];
		struct source_region region = { .lines = now->lines };

		if (now->token > p->close)
			break;
		if (now->token <= p->open)
			continue;
		if (!now->is_harmless && !p->reason) {
			p->reason = SOURCE_UNDECIDED_JUMPS;
			p->reason_line = now->lines.first;
		}
		if (!source_region_vector_append(&p->regions, &region))
			p->no_memory = true;
	}
	function->nr_regions = (uint32_t)p->regions.len - function->first_region;
}

/* The innermost statements around undecided groups are marked. */
static void mark_regions(struct parser *p, const struct source_function *function)
{
	struct source_statement *s = p->statements.data;
	uint32_t end = function->first_statement + function->nr_statements;

	for (uint32_t i = 0; i < function->nr_regions; i++) {
		struct source_lines lines = p->regions.data[function->first_region + i].lines;
		uint32_t at = function->first_statement +
			      (uint32_t)search_first(function->nr_statements, k,
						     s[function->first_statement + k].lines.first >=
							     lines.first);

		at -= at == end || at > function->first_statement;
		while (at != SOURCE_NONE && s[at].lines.last < lines.last)
			at = s[at].parent;
		if (at != SOURCE_NONE)
			s[at].flags |= SOURCE_UNDECIDED;
		for (; at != SOURCE_NONE && s[at].kind != SOURCE_COMPOUND; at = s[at].parent)
			;
		if (at != SOURCE_NONE)
			s[at].flags |= SOURCE_UNDECIDED;
	}
}

/* Can the body be parsed, and is there room for its statements? */
static void prepare(struct parser *p, const struct source_function *function)
{
	uint32_t nr_tokens = p->close - p->open;
	/* Each statement has a token of its own, or is around a label that has one. */
	size_t room = 2 * (size_t)nr_tokens + 2;

	if (p->tokens.data[p->open].group & GROUP_BAD)
		fail(p, SOURCE_UNBALANCED, p->open);
	if (macros_hide_labels(p, function->open_line, function->close_line))
		fail(p, SOURCE_HIDDEN_LABEL, p->open);
	if (nr_tokens > TOKENS_MAX)
		fail(p, SOURCE_TOO_LARGE, p->open);
	p->first_tokens.len = 0;
	if (p->reason ||
	    (source_statement_vector_reserve(&p->statements, p->statements.len + room) &&
	     index_vector_reserve(&p->first_tokens, room)))
		return;
	p->no_memory = true;
	fail(p, SOURCE_TOO_LARGE, p->open);
}

static void parse_function(struct parser *p, struct source_function *function)
{
	size_t nr_statements = p->statements.len, nr_conditions = p->conditions.len;
	size_t nr_targets = p->targets.len, nr_labels = p->labels.len;

	function->first_statement = (uint32_t)nr_statements;
	function->first_label = (uint32_t)nr_labels;
	if (p->options->no_statements)
		return;
	prepare(p, function);
	if (!p->reason)
		parse_body(p);
	if (!p->reason)
		labels_resolve(p, function);
	if (p->reason) {
		p->statements.len = nr_statements;
		p->conditions.len = nr_conditions;
		p->targets.len = nr_targets;
		p->labels.len = nr_labels;
	}
	function->nr_statements = (uint32_t)(p->statements.len - nr_statements);
	function->nr_labels = (uint32_t)(p->labels.len - nr_labels);
	mark_regions(p, function);
}

static bool add_function(struct parser *p, uint32_t begin, uint32_t name, uint32_t open)
{
	const struct token *t = p->tokens.data;
	struct source_function function = {
		.name = t[name].offset,
		.name_length = t[name].length,
		.first_line = t[begin].line,
		.name_line = t[name].line,
		.open_line = t[open].line,
		.close_line = t[t[open].partner].line,
	};

	p->begin = begin;
	p->open = open;
	p->close = t[open].partner;
	p->reason = SOURCE_UNDERSTOOD;
	p->reason_line = 0;
	note_regions(p, &function);
	parse_function(p, &function);
	function.reason = p->reason;
	function.reason_line = p->reason_line;
	return source_function_vector_append(&p->functions, &function) && !p->no_memory;
}

bool functions_find(struct parser *p)
{
	uint32_t begin = 0;

	for (uint32_t i = 0; i < p->tokens.len; i++) {
		const struct token *t = &p->tokens.data[i];

		if (t->word == ';' || t->word == '}')
			begin = i + 1;
		if (t->partner == SOURCE_NONE || t->partner < i)
			continue;
		if (t->word == '{') {
			uint32_t name = find_name(p, begin, i);

			if (name != SOURCE_NONE && !add_function(p, begin, name, i))
				return false;
			begin = t->partner + 1;
		}
		i = t->partner;
	}
	return true;
}
