// SPDX-License-Identifier: GPL-2.0-or-later
/* Labels of a function, and the jumps to them. */
#include <string.h>

#include "base/search.h"
#include "symbolize/source/private.h"

static int compare_labels(const void *a, const void *b)
{
	const struct source_label *x = a, *y = b;

	return compare_values(x->hash, y->hash) ?: compare_values(x->statement, y->statement);
}

static bool is_same(const struct parser *p, const struct source_label *label,
		    const struct token *name)
{
	return label->name_length == name->length &&
	       !memcmp(p->text + label->name, p->text + name->offset, name->length);
}

/* The label with this name, or none. Names of equal hash are few, or the function is hostile. */
static uint32_t find(const struct parser *p, const struct source_function *f, uint32_t token)
{
	const struct source_label *labels = p->labels.data;
	const struct token *name = &p->tokens.data[token];
	uint32_t nr = (uint32_t)p->labels.len - f->first_label;
	if (!nr)
		return SOURCE_NONE;
	uint32_t at = f->first_label +
		      (uint32_t)search_first(nr, i, labels[f->first_label + i].hash >= name->hash);

	if (at < p->labels.len && labels[at].hash == name->hash && is_same(p, &labels[at], name))
		return at;
	return SOURCE_NONE;
}

static void collect(struct parser *p, const struct source_function *f)
{
	for (uint32_t s = f->first_statement; s < p->statements.len; s++) {
		const struct source_statement *statement = &p->statements.data[s];

		if (statement->kind != SOURCE_LABEL)
			continue;
		const struct token *name = &p->tokens.data[statement->label];
		struct source_label label = { .name = name->offset,
					      .name_length = name->length,
					      .hash = name->hash,
					      .statement = s };
		if (!source_label_vector_append(&p->labels, &label))
			p->no_memory = true;
	}
	size_t nr = p->labels.len - f->first_label;
	if (nr)
		qsort(p->labels.data + f->first_label, nr, sizeof(*p->labels.data), compare_labels);
	/* Twice the same, or a collision: neither is told apart. */
	for (size_t i = f->first_label + 1; i < p->labels.len; i++)
		if (p->labels.data[i].hash == p->labels.data[i - 1].hash)
			fail(p, SOURCE_BAD_LABEL,
			     p->statements.data[p->labels.data[i].statement].label);
}

/* Replace the token in *ret by its label. */
static void resolve(struct parser *p, const struct source_function *f, uint32_t *ret)
{
	uint32_t label = find(p, f, *ret);

	if (label == SOURCE_NONE)
		fail(p, SOURCE_BAD_LABEL, *ret);
	*ret = label;
}

/* &&label, as a value. What looks like `a && label` may be one. */
static bool is_address(const struct token *name)
{
	return name[-1].word == PUNCTUATOR_AND && name[-2].kind == TOKEN_PUNCTUATOR &&
	       name[-2].word != ']';
}

/* An argument of its own: unsafe_put_user(x, p, label). */
static bool is_argument(const struct token *name)
{
	return (name[-1].word == ',' || name[-1].word == '(') &&
	       (name[1].word == ',' || name[1].word == ')');
}

/* The innermost statement with this token. */
static uint32_t statement_of(const struct parser *p, const struct source_function *f,
			     uint32_t token)
{
	const uint32_t *firsts = p->first_tokens.data;
	uint32_t line = p->tokens.data[token].line;
	uint32_t s = f->first_statement +
		     (uint32_t)search_first(p->first_tokens.len, i, firsts[i] > token) - 1;

	while (p->statements.data[s].lines.last < line)
		s = p->statements.data[s].parent;
	return s;
}

/* How labels are used elsewhere. A variable may have the name of a label, and is no target. */
static void find_uses(struct parser *p, const struct source_function *f, bool mark)
{
	for (uint32_t i = mark ? p->open + 1 : p->begin; i < p->close; i++) {
		const struct token *t = &p->tokens.data[i];

		if (t->word == WORD_LABEL_MACRO)
			fail(p, SOURCE_HIDDEN_LABEL, i);
		if (t->word != WORD_NONE || i < p->begin + 2)
			continue;
		uint32_t label = find(p, f, i);
		if (label == SOURCE_NONE)
			continue;
		struct source_label *l = &p->labels.data[label];
		if (is_address(t))
			l->is_address_taken = true;
		else if (mark && !l->is_variable && is_argument(t))
			p->statements.data[statement_of(p, f, i)].flags |= SOURCE_NESTED_JUMP;
		else if (!mark && i > p->open && !is_argument(t) && t[-1].word != WORD_GOTO &&
			 t[-1].word != '.' && t[-1].word != PUNCTUATOR_ARROW && t[1].word != ':')
			l->is_variable = true;
		else if (!mark && i < p->open)
			l->is_variable = true;
	}
}

/* Control can enter all statements around a label, up to the function or the switch of a case. */
static void mark_around(struct parser *p, uint32_t statement)
{
	struct source_statement *s = p->statements.data;
	uint32_t end = s[statement].kind == SOURCE_CASE ? s[statement].target : SOURCE_NONE;

	for (uint32_t at = s[statement].parent; at != end && !(s[at].flags & SOURCE_LABELS_INSIDE);
	     at = s[at].parent)
		s[at].flags |= SOURCE_LABELS_INSIDE;
}

void labels_resolve(struct parser *p, struct source_function *f)
{
	collect(p, f);
	for (uint32_t s = f->first_statement; s < p->statements.len && !p->reason; s++) {
		struct source_statement *statement = &p->statements.data[s];

		if (statement->kind == SOURCE_LABEL || statement->kind == SOURCE_GOTO)
			resolve(p, f, &statement->label);
		for (uint32_t i = 0; i < statement->nr_targets; i++)
			resolve(p, f, &p->targets.data[statement->first_target + i]);
		if (statement->kind == SOURCE_LABEL || statement->kind == SOURCE_CASE)
			mark_around(p, s);
	}
	find_uses(p, f, false);
	if (p->labels.len > f->first_label)
		find_uses(p, f, true);
}
