// SPDX-License-Identifier: GPL-2.0-or-later
/* Trees of conditions: how && || and ?: divide an expression. */
#include "symbolize/source/private.h"

struct range {
	uint32_t begin, end;
};

/* Linked trees. */
struct trees {
	uint32_t first, last;
};

static uint32_t add(struct parser *p, enum source_condition_kind kind, struct range range)
{
	struct source_condition condition = {
		.kind = kind,
		.left = SOURCE_NONE,
		.right = SOURCE_NONE,
		.third = SOURCE_NONE,
		.next = SOURCE_NONE,
		.lines = { p->tokens.data[range.begin].line, p->tokens.data[range.end - 1].line },
	};

	if (!source_condition_vector_append(&p->conditions, &condition)) {
		p->no_memory = true;
		return SOURCE_NONE;
	}
	return (uint32_t)p->conditions.len - 1;
}

static void append(struct parser *p, struct trees *trees, uint32_t tree)
{
	if (tree == SOURCE_NONE)
		return;
	if (trees->first == SOURCE_NONE)
		trees->first = tree;
	else
		p->conditions.data[trees->last].next = tree;
	while (p->conditions.data[tree].next != SOURCE_NONE)
		tree = p->conditions.data[tree].next;
	trees->last = tree;
}

/* The next token that is not inside of a bracket that begins here. */
static uint32_t step(const struct parser *p, uint32_t at)
{
	const struct token *t = &p->tokens.data[at];

	return t->partner != SOURCE_NONE && t->partner > at ? t->partner + 1 : at + 1;
}

/* && between operands, not that of &&label. */
static bool is_and(const struct parser *p, uint32_t at, uint32_t begin)
{
	const struct token *t = &p->tokens.data[at];

	return t->word == PUNCTUATOR_AND && at > begin &&
	       (t[-1].kind != TOKEN_PUNCTUATOR || t[-1].word == ')' || t[-1].word == ']' ||
		t[-1].word == '}' || t[-1].word == PUNCTUATOR_STEP);
}

/* The operators of a range that are not in brackets. */
struct operators {
	uint32_t comma, question; /* the first one, or none */
	uint32_t assign;	  /* the last one before a '?' */
	bool has_or, has_and;
};

static struct operators find_operators(const struct parser *p, struct range r)
{
	struct operators o = { SOURCE_NONE, SOURCE_NONE, SOURCE_NONE, false, false };

	for (uint32_t i = r.begin; i < r.end; i = step(p, i)) {
		uint8_t word = p->tokens.data[i].word;

		if (word == ',' && o.comma == SOURCE_NONE)
			o.comma = i;
		/* In a ? b = c : d the assignment is inside. */
		if (word == PUNCTUATOR_ASSIGN && o.question == SOURCE_NONE)
			o.assign = i;
		if (word == '?' && o.question == SOURCE_NONE)
			o.question = i;
		o.has_or |= word == PUNCTUATOR_OR;
		o.has_and |= is_and(p, i, r.begin);
	}
	return o;
}

/* Without parentheses around all of it. */
static struct range strip(const struct parser *p, struct range r)
{
	const struct token *t = p->tokens.data;

	while (r.end - r.begin > 1) {
		uint32_t open = r.begin + (t[r.begin].word == WORD_LIKELY);

		if (t[open].word != '(' || t[open].partner != r.end - 1 ||
		    t[open + 1].word == '{' || open + 1 >= r.end - 1)
			break;
		r.begin = open + 1;
		r.end--;
	}
	return r;
}

static struct trees find_trees(struct parser *p, struct range r);

/* Trees in the brackets of an expression that has no operators of its own. */
static struct trees find_inside(struct parser *p, struct range r)
{
	const struct token *t = p->tokens.data;
	struct trees trees = { SOURCE_NONE, SOURCE_NONE };

	for (uint32_t i = r.begin; i < r.end; i = step(p, i)) {
		if (t[i].partner == SOURCE_NONE || t[i].partner < i)
			continue;
		struct range inside = { i + 1, t[i].partner };
		/* A statement expression, or statements as an argument. */
		if (!(range_groups(p, i, i + 1) & GROUP_CONDITIONAL) ||
		    t[i].group & GROUP_SEMICOLON || (t[i].word == '{' && t[i - 1].word == '('))
			continue;
		append(p, &trees, find_trees(p, inside).first);
	}
	return trees;
}

/* Is it a number, true, or IS_ENABLED(CONFIG_A)? Then what is its value? */
static uint32_t constant_flags(const struct parser *p, struct range r)
{
	const struct token *t = &p->tokens.data[r.begin], *last = &p->tokens.data[r.end - 1];
	bool is_single = r.end == r.begin + 1;

	if (!(is_single && t->kind == TOKEN_NUMBER) &&
	    !(t->word == WORD_CONSTANT && (is_single || t[1].partner == r.end - 1)))
		return 0;
	int value = evaluate_text(p, t->offset, last->offset + last->length);
	return SOURCE_CONSTANT | (value == 1 ? SOURCE_TRUE : value == 0 ? SOURCE_FALSE : 0);
}

static uint32_t parse_leaf(struct parser *p, struct range r)
{
	uint32_t leaf = add(p, SOURCE_LEAF, r);

	if (leaf == SOURCE_NONE)
		return leaf;
	uint32_t inside = find_inside(p, r).first;
	struct source_condition *c = &p->conditions.data[leaf];
	c->left = inside;
	c->flags = range_flags(p, r.begin, r.end) | constant_flags(p, r);
	return leaf;
}

static uint32_t flags_of(const struct parser *p, uint32_t condition)
{
	return condition == SOURCE_NONE ? 0
					: p->conditions.data[condition].flags & ~SOURCE_CONSTANTS;
}

static uint32_t join(struct parser *p, enum source_condition_kind kind, struct range r,
		     uint32_t left, uint32_t right, uint32_t third)
{
	uint32_t flags = flags_of(p, left) | flags_of(p, right) | flags_of(p, third);
	uint32_t both = add(p, kind, r);

	if (both == SOURCE_NONE)
		return both;
	struct source_condition *c = &p->conditions.data[both];
	c->left = left;
	c->right = right;
	c->third = third;
	c->flags = flags | SOURCE_CONDITIONAL;
	return both;
}

/* a || b || c is (a || b) || c, the same for &&. */
static uint32_t parse_chain(struct parser *p, struct range r, enum source_condition_kind kind)
{
	uint32_t tree = SOURCE_NONE, begin = r.begin;

	for (uint32_t i = r.begin; i <= r.end && !p->reason; i = i < r.end ? step(p, i) : i + 1) {
		bool ends =
			i == r.end || (kind == SOURCE_OR ? p->tokens.data[i].word == PUNCTUATOR_OR
							 : is_and(p, i, begin));

		if (!ends)
			continue;
		uint32_t part = condition_parse(p, begin, i);
		if (begin == r.begin)
			tree = part;
		else
			tree = join(p, kind, (struct range){ r.begin, i }, tree, part, SOURCE_NONE);
		begin = i + 1;
	}
	return tree;
}

/* The ':' of this '?'. */
static uint32_t find_colon(const struct parser *p, uint32_t question, uint32_t end)
{
	uint32_t nr_questions = 0;

	for (uint32_t i = question + 1; i < end; i = step(p, i)) {
		if (p->tokens.data[i].word == ':' && !nr_questions--)
			return i;
		nr_questions += p->tokens.data[i].word == '?';
	}
	return SOURCE_NONE;
}

static uint32_t parse_ternary(struct parser *p, struct range r, uint32_t question)
{
	uint32_t colon = find_colon(p, question, r.end), second = SOURCE_NONE;

	if (colon == SOURCE_NONE)
		return parse_leaf(p, r);
	uint32_t first = condition_parse(p, r.begin, question);
	if (colon > question + 1)
		second = condition_parse(p, question + 1, colon);
	uint32_t third = condition_parse(p, colon + 1, r.end);
	return join(p, SOURCE_TERNARY, r, first, second, third);
}

/* How many ! are before the operand that is all of the rest? None in !a == b. */
static uint32_t count_negations(const struct parser *p, struct range r)
{
	const struct token *t = p->tokens.data;
	uint32_t nr = 0, i;

	while (r.begin + nr < r.end && t[r.begin + nr].word == '!')
		nr++;
	for (i = r.begin + nr; i < r.end && t[i].kind == TOKEN_PUNCTUATOR && t[i].word != '('; i++)
		;
	if (!nr || i >= r.end)
		return 0;
	for (i = step(p, i); i < r.end; i = step(p, i)) {
		bool is_member = t[i].word == '.' || t[i].word == PUNCTUATOR_ARROW ||
				 t[i - 1].word == '.' || t[i - 1].word == PUNCTUATOR_ARROW;

		if (!is_member && t[i].word != '(' && t[i].word != '[')
			return 0;
	}
	return nr;
}

static uint32_t parse_range(struct parser *p, struct range r, uint32_t *flags, bool *negated)
{
	for (;;) {
		r = strip(p, r);
		struct operators o = find_operators(p, r);

		if (o.comma != SOURCE_NONE)
			return parse_leaf(p, r);
		if (o.assign != SOURCE_NONE && o.assign + 1 < r.end) {
			/* The value is that of the right side. */
			*flags |= range_flags(p, r.begin, o.assign + 1);
			r.begin = o.assign + 1;
			continue;
		}
		if (o.question != SOURCE_NONE)
			return parse_ternary(p, r, o.question);
		if (o.has_or || o.has_and)
			return parse_chain(p, r, o.has_or ? SOURCE_OR : SOURCE_AND);
		uint32_t nr_not = count_negations(p, r);
		if (!nr_not)
			return parse_leaf(p, r);
		*negated ^= nr_not % 2;
		r.begin += nr_not;
	}
}

uint32_t condition_parse(struct parser *p, uint32_t begin, uint32_t end)
{
	uint32_t tree = SOURCE_NONE, flags = 0;
	bool negated = false;

	if (++p->depth > SOURCE_DEPTH_MAX)
		fail(p, SOURCE_TOO_DEEP, begin);
	if (begin >= end)
		fail(p, SOURCE_UNKNOWN_STATEMENT, begin);
	if (!p->reason)
		tree = parse_range(p, (struct range){ begin, end }, &flags, &negated);
	/* An operand is missing. */
	if (tree == SOURCE_NONE && !p->reason)
		fail(p, SOURCE_UNKNOWN_STATEMENT, begin);
	if (tree != SOURCE_NONE) {
		p->conditions.data[tree].flags |= flags;
		p->conditions.data[tree].negated ^= negated;
	}
	p->depth--;
	return tree;
}

/* The trees in the parts between the commas of a range. */
static struct trees find_trees(struct parser *p, struct range r)
{
	struct trees trees = { SOURCE_NONE, SOURCE_NONE };
	uint32_t begin = r.begin;

	if (++p->depth > SOURCE_DEPTH_MAX)
		fail(p, SOURCE_TOO_DEEP, r.begin);
	for (uint32_t i = r.begin; i <= r.end && !p->reason; i = i < r.end ? step(p, i) : i + 1) {
		if (i < r.end && p->tokens.data[i].word != ',')
			continue;
		struct range part = { begin, i };
		struct operators o = find_operators(p, part);

		begin = i + 1;
		if (part.begin == part.end)
			continue;
		if (o.question != SOURCE_NONE || o.has_or || o.has_and)
			append(p, &trees, condition_parse(p, part.begin, part.end));
		else
			append(p, &trees, find_inside(p, part).first);
	}
	p->depth--;
	return trees;
}

uint32_t conditions_find(struct parser *p, uint32_t begin, uint32_t end)
{
	if (!(range_groups(p, begin, end) & GROUP_CONDITIONAL))
		return SOURCE_NONE;
	return find_trees(p, (struct range){ begin, end }).first;
}
