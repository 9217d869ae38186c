// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Macros that a file defines itself: which of them hide jumps, labels, or the head of a loop. The
 * macros of headers are not read; those that matter are in words.c.
 */
#include <string.h>

#include "base/search.h"
#include "symbolize/source/private.h"

/* What was seen of the body of a macro so far. */
struct body {
	bool is_start; /* of a statement */
	bool begins_loop, begins_if;
	bool has_loop, has_switch, has_own_labels;
	bool has_jump, has_label;
	int64_t depth; /* of braces */
};

static void see(struct body *b, const struct token *t, bool before_colon)
{
	switch (t->word) {
	case WORD_GOTO:
	case WORD_RETURN:
	case WORD_RETURN_MACRO:
	case WORD_JUMP_MACRO:
		b->has_jump = true;
		break;
	case WORD_BREAK:
	case WORD_CONTINUE:
		b->has_jump |= !b->has_loop;
		break;
	case WORD_CASE:
	case WORD_DEFAULT:
		b->has_label |= b->is_start && !b->has_switch;
		break;
	case WORD_LABEL_MACRO:
		b->has_label = true;
		break;
	case WORD_SWITCH:
	case WORD_DO:
	case WORD_FOR:
	case WORD_WHILE:
		b->has_switch |= t->word == WORD_SWITCH;
		b->has_loop = true;
		break;
	case WORD_LABEL:
		b->has_own_labels = true;
		break;
	case '{':
		b->depth++;
		break;
	case '}':
		b->depth--;
		break;
	default:
		b->has_label |=
			t->kind == TOKEN_NAME && b->is_start && before_colon && !b->has_own_labels;
	}
	b->is_start = t->word == ';' || t->word == '{' || t->word == '}';
}

/* What the macro with this body hides: an enum word. */
static uint8_t classify(const struct token *t, size_t nr)
{
	struct body b = { .is_start = true };

	for (size_t i = 0; i < nr; i++)
		see(&b, &t[i], i + 1 < nr && t[i + 1].word == ':');
	if (b.has_label || (b.depth > 0 && !b.has_loop))
		return WORD_LABEL_MACRO;
	if (b.depth)
		return b.depth > 0 ? WORD_OPEN_LOOP : WORD_CLOSE_LOOP;
	/* for (...) or if (...), without the statement after it. */
	bool is_head = nr && (t[nr - 1].word == ')' || t[nr - 1].word == WORD_ELSE);
	if (is_head && (t->word == WORD_FOR || t->word == WORD_WHILE))
		return WORD_LOOP;
	if (is_head && t->word == WORD_IF && !b.has_jump)
		return WORD_AT_MOST_ONCE;
	return b.has_jump ? WORD_JUMP_MACRO : WORD_NONE;
}

static uint32_t *slot_of(const struct parser *p, const char *name, uint32_t length, uint32_t hash)
{
	size_t mask = p->macro_slots.len - 1, slot = (hash ^ hash >> 15) & mask;

	for (;; slot = (slot + 1) & mask) {
		uint32_t *ret = &p->macro_slots.data[slot];

		if (*ret == SOURCE_NONE)
			return ret;
		const struct macro *m = &p->macros.data[*ret];
		if (m->hash == hash && m->length == length &&
		    !memcmp(p->text + m->name, name, length))
			return ret;
	}
}

/* Room for one more: at most half of the slots are in use. */
static bool reserve(struct parser *p)
{
	size_t nr = p->macro_slots.len ? p->macro_slots.len : 64;

	if (p->macro_slots.len && p->macros.len * 2 < p->macro_slots.len)
		return true;
	nr = p->macro_slots.len ? nr * 2 : nr;
	if (!index_vector_reserve(&p->macro_slots, nr))
		return false;
	p->macro_slots.len = nr;
	memset(p->macro_slots.data, 0xff, nr * sizeof(uint32_t));
	for (uint32_t i = 0; i < p->macros.len; i++) {
		const struct macro *m = &p->macros.data[i];

		*slot_of(p, p->text + m->name, m->length, m->hash) = i;
	}
	return true;
}

/* The tokens of a #define: its name, perhaps its parameters, and its body. */
bool macro_add(struct parser *p, const struct token *t, size_t nr)
{
	size_t body = 1;

	if (!nr || t->kind != TOKEN_NAME)
		return true;
	if (nr > 1 && t[1].word == '(' && t[1].offset == t->offset + t->length)
		while (body < nr && t[body++].word != ')')
			;
	uint8_t word = classify(t + body, nr - body);
	if (word == WORD_NONE && !p->macro_slots.len)
		return true;
	if (!reserve(p))
		return false;
	uint32_t *slot = slot_of(p, p->text + t->offset, t->length, t->hash);
	struct macro macro = { t->offset, t->length, t->hash, t->line, word };
	if (*slot == SOURCE_NONE && word == WORD_NONE)
		return true;
	/* A macro that is defined anew is appended too: they stay in the order of lines. */
	*slot = (uint32_t)p->macros.len;
	return macro_vector_append(&p->macros, &macro);
}

uint8_t macro_find(const struct parser *p, const char *name, uint32_t length, uint32_t hash)
{
	if (!p->macros.len)
		return WORD_NONE;
	uint32_t slot = *slot_of(p, name, length, hash);
	return slot == SOURCE_NONE ? WORD_NONE : p->macros.data[slot].word;
}

bool macros_hide_labels(const struct parser *p, uint32_t first_line, uint32_t last_line)
{
	const struct macro *m = p->macros.data;
	size_t i = search_first(p->macros.len, k, m[k].line > first_line);

	for (; i < p->macros.len && m[i].line < last_line; i++)
		if (m[i].word == WORD_LABEL_MACRO)
			return true;
	return false;
}
