// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Take the arms of #if groups that were compiled, and leave the tokens of the others out.
 *
 * Outside of functions an undecided group does no harm if each of its arms has whole definitions:
 * all are kept. Inside of functions none is. That changes the flow of control if an arm has jumps
 * that are always executed, or parts of statements.
 */
#include "symbolize/source/private.h"

struct filter {
	struct parser *p;
	uint32_t read;	 /* number of the next token, as they were lexed */
	uint32_t write;	 /* how many are left */
	uint32_t braces; /* open in what is left */
	uint32_t depth;	 /* of #if groups */
};

/* What an arm has. */
struct arm {
	bool is_balanced;
	bool is_whole;	    /* statements or definitions, from first to last token */
	bool is_expression; /* a part of one statement */
	bool has_calls;
	bool has_jumps;
	bool always_jumps; /* may do so, without a condition */
};

enum arm_state {
	ARM_NO,
	ARM_YES,
	ARM_UNKNOWN,
};

/* Set next in each directive of a group, in linear time. */
static bool link_groups(struct parser *p)
{
	struct index_vector open = VECTOR_INIT;

	for (uint32_t i = 0; i < p->directives.len; i++) {
		struct directive *d = &p->directives.data[i];

		d->group = i;
		if (d->kind <= DIRECTIVE_IFNDEF) {
			if (!index_vector_append(&open, &i)) {
				index_vector_deinit(&open);
				return false;
			}
			continue;
		}
		if (!open.len) {
			d->is_taken = true;
			continue;
		}
		p->directives.data[open.data[open.len - 1]].next = i;
		d->group = p->directives.data[open.data[open.len - 1]].group;
		if (d->kind == DIRECTIVE_ENDIF)
			open.len--;
		else
			open.data[open.len - 1] = i;
	}
	index_vector_deinit(&open);
	return true;
}

static bool ends_statement(const struct token *t)
{
	return t->word == ';' || t->word == '}' || t->word == '{' || t->word == ':';
}

static bool is_jump(uint8_t word)
{
	return word == WORD_GOTO || word == WORD_RETURN || word == WORD_BREAK ||
	       word == WORD_CONTINUE;
}

static bool is_condition(uint8_t word)
{
	return word == WORD_IF || word == WORD_ELSE || word == WORD_FOR || word == WORD_WHILE ||
	       word == WORD_SWITCH;
}

static bool is_plain_call(const struct token *t, uint32_t i, uint32_t begin)
{
	return t[i].word == '(' && i > begin && is_plain_name(&t[i - 1]);
}

static uint32_t arm_end(const struct parser *p, const struct directive *d)
{
	return d->next == SOURCE_NONE ? (uint32_t)p->tokens.len : p->directives.data[d->next].token;
}

static struct arm examine_arm(const struct filter *f, const struct directive *d)
{
	const struct token *t = f->p->tokens.data;
	uint32_t begin = d->token, end = arm_end(f->p, d);
	struct arm arm = { .is_balanced = true, .is_expression = true };
	bool is_conditional = false;
	int64_t depth = 0;

	for (uint32_t i = begin; i < end; i++) {
		uint8_t word = t[i].word;

		depth += (word == '(') + (word == '{') + (word == '[');
		depth -= (word == ')') + (word == '}') + (word == ']');
		arm.is_balanced &= depth >= 0;
		arm.has_calls |= is_plain_call(t, i, begin);
		arm.has_jumps |= is_jump(word) || word == WORD_CASE || word == WORD_DEFAULT;
		arm.is_expression &= !is_statement_word(&t[i]) && word != ';' && word != '{';
		/* The statement after `if (...)` is conditional, up to its end. */
		is_conditional |= !depth && is_condition(word);
		arm.always_jumps |= !is_conditional && is_jump(word);
		if (!depth && (word == ';' || word == '}'))
			is_conditional = false;
	}
	arm.is_balanced &= !depth;
	arm.is_expression &= arm.is_balanced;
	arm.is_whole = arm.is_balanced &&
		       (begin == end || (ends_statement(&t[end - 1]) &&
					 (!f->write || ends_statement(&t[f->write - 1]))));
	return arm;
}

static bool arm_has_code(const struct parser *p, const struct directive *d)
{
	uint32_t last = d->next == SOURCE_NONE ? UINT32_MAX : p->directives.data[d->next].line - 1;

	return d->last_line < last &&
	       p->options->has_code(p->options->data, d->last_line + 1, last);
}

static struct directive *next_arm(const struct parser *p, const struct directive *d)
{
	struct directive *next = d->next == SOURCE_NONE ? NULL : &p->directives.data[d->next];

	return next && next->kind != DIRECTIVE_ENDIF ? next : NULL;
}

#define for_each_arm(p, group, d) for (struct directive *d = (group); d; d = next_arm(p, d))

static uint32_t count_arms(const struct parser *p, struct directive *group, enum arm_state state)
{
	uint32_t nr = 0;

	for_each_arm(p, group, d) nr += d->state == state;
	return nr;
}

/* This arm was compiled, so no other one was. */
static void decide_for(const struct parser *p, struct directive *group, struct directive *arm)
{
	for_each_arm(p, group, d) d->state = d == arm ? ARM_YES : ARM_NO;
}

static void decide_by_conditions(const struct parser *p, struct directive *group)
{
	bool before_unknown = false;

	for_each_arm(p, group, d)
	{
		int value = evaluate_directive(p, d);

		d->state = value ? ARM_UNKNOWN : ARM_NO;
		if (value == 1 && !before_unknown) {
			decide_for(p, group, d);
			return;
		}
		before_unknown |= value < 0;
	}
}

/* An arm that has code was compiled, if it is the only one. */
static void decide_by_code(const struct parser *p, struct directive *group)
{
	struct directive *found = NULL;

	for_each_arm(p, group, d)
	{
		if (d->state != ARM_UNKNOWN || !arm_has_code(p, d))
			continue;
		if (found)
			return;
		found = d;
	}
	if (found)
		decide_for(p, group, found);
}

/*
 * The configuration may not be what an option is here: a source can define one itself, or undefine
 * it. Then an arm that has code shows that it does not decide.
 */
static void doubt_config(const struct parser *p, struct directive *group)
{
	bool is_wrong = false;

	for_each_arm(p, group, d) is_wrong |= d->state == ARM_NO && arm_has_code(p, d);
	for_each_arm(p, group, d) d->state = is_wrong ? ARM_UNKNOWN : d->state;
}

/*
 * In a function that has code, an arm with a call but without code was not compiled. If it was,
 * then it has nothing that anything follows from. With an #else one of the arms was compiled.
 */
static void exclude_by_code(const struct filter *f, struct directive *group)
{
	const struct parser *p = f->p;
	struct directive *last = NULL;
	uint32_t nr_left = 0;
	bool has_else = false;

	for_each_arm(p, group, d)
	{
		has_else |= d->kind == DIRECTIVE_ELSE;
		if (d->state != ARM_UNKNOWN)
			continue;
		d->is_excluded = !arm_has_code(p, d) && examine_arm(f, d).has_calls;
		if (!d->is_excluded) {
			nr_left++;
			last = d;
		}
	}
	if (has_else && nr_left == 1)
		decide_for(p, group, last);
	else if (!has_else || nr_left)
		for_each_arm(p, group, d) if (d->state == ARM_UNKNOWN && d->is_excluded) d->state =
			ARM_NO;
}

static void decide(const struct filter *f, struct directive *group)
{
	const struct parser *p = f->p;

	decide_by_conditions(p, group);
	if (p->options->config && p->options->has_code)
		doubt_config(p, group);
	if (count_arms(p, group, ARM_UNKNOWN) && p->options->has_code)
		decide_by_code(p, group);
	if (count_arms(p, group, ARM_UNKNOWN) && p->options->has_code && f->braces &&
	    f->depth <= SOURCE_DEPTH_MAX)
		exclude_by_code(f, group);
	if (!p->options->take_first_arm)
		return;
	for_each_arm(p, group, d)
	{
		if (d->state != ARM_UNKNOWN)
			continue;
		decide_for(p, group, d);
		return;
	}
}

/* Nothing changes in the flow of control if the arms of this group are left out. */
static bool is_harmless(const struct filter *f, struct directive *group)
{
	const struct parser *p = f->p;

	if (f->depth > SOURCE_DEPTH_MAX)
		return false;
	for_each_arm(p, group, d)
	{
		if (d->state != ARM_UNKNOWN)
			continue;
		struct arm arm = examine_arm(f, d);
		/* Conditional jumps without code were not compiled, or never executed. */
		bool jumps = p->options->has_code ? arm.always_jumps : arm.has_jumps;
		if (!arm.is_expression && (!arm.is_whole || jumps))
			return false;
	}
	return true;
}

static bool all_balanced(const struct filter *f, struct directive *group)
{
	if (f->depth > SOURCE_DEPTH_MAX)
		return false;
	for_each_arm(f->p, group,
		     d) if (d->state == ARM_UNKNOWN && !examine_arm(f, d).is_balanced) return false;
	return true;
}

static bool add_undecided(struct filter *f, uint32_t first_line, uint32_t last_line, bool harmless)
{
	struct undecided undecided = { .token = f->write,
				       .lines = { first_line, last_line },
				       .is_harmless = harmless };

	return undecided_vector_append(&f->p->undecided, &undecided);
}

/* Outside of functions: keep what can be kept, and mark where it begins and ends. */
static void keep(const struct filter *f, struct directive *group)
{
	bool keep_all = all_balanced(f, group), has_else = false, is_kept = false;

	for_each_arm(f->p, group, d) has_else |= d->kind == DIRECTIVE_ELSE;
	for_each_arm(f->p, group, d)
	{
		d->is_uncertain = true;
		d->is_taken = d->state == ARM_UNKNOWN && (keep_all || (has_else && !is_kept));
		is_kept |= d->is_taken;
		if (d->next != SOURCE_NONE)
			f->p->directives.data[d->next].is_uncertain = true;
	}
}

static uint32_t last_line_of(const struct parser *p, struct directive *group)
{
	uint32_t line = group->line;

	for (struct directive *d = group; d->next != SOURCE_NONE; line = d->line)
		d = &p->directives.data[d->next];
	return line;
}

/* At the #if of a group: which of its arms are taken? */
static bool begin_group(struct filter *f, struct directive *group)
{
	decide(f, group);
	for_each_arm(f->p, group, d) d->is_taken = d->state == ARM_YES;
	if (!count_arms(f->p, group, ARM_UNKNOWN))
		return true;
	if (!f->braces) {
		keep(f, group);
		return true;
	}
	return add_undecided(f, group->line, last_line_of(f->p, group), is_harmless(f, group));
}

/* Note an arm that is not taken. first: of its group. */
static bool note_left_out(struct parser *p, const struct directive *first,
			  const struct directive *d)
{
	uint32_t end = d->next == SOURCE_NONE ? UINT32_MAX : p->directives.data[d->next].line;
	const struct directive *of = d->kind == DIRECTIVE_ELSE ? first : d;
	const struct source_left_out arm = {
		.lines = { d->last_line + 1, end - 1 },
		.directive = d->line,
		.group = first->line,
		.condition = of->offset,
		.length = of->length,
		.is_else = d->kind == DIRECTIVE_ELSE,
		.is_negated = of->kind == DIRECTIVE_IFNDEF || of->kind == DIRECTIVE_ELIFNDEF,
		.is_undecided = d->state == ARM_UNKNOWN,
	};

	return arm.lines.first > arm.lines.last ||
	       source_left_out_vector_append(&p->left_out, &arm);
}

/* Copy the tokens before this one. */
static void copy_tokens(struct filter *f, uint32_t end)
{
	struct token *t = f->p->tokens.data;

	for (; f->read < end; f->read++) {
		/* In the kernel's style a brace in the first column is that of a definition. */
		if (t[f->read].word == '{')
			f->braces = t[f->read].indent == INDENT_FIRST ? 1 : f->braces + 1;
		else if (t[f->read].word == '}' && f->braces)
			f->braces = t[f->read].indent == INDENT_FIRST ? 0 : f->braces - 1;
		t[f->write++] = t[f->read];
	}
}

bool directives_apply(struct parser *p)
{
	struct filter f = { .p = p };

	if (!link_groups(p))
		return false;
	for (uint32_t i = 0; i < p->directives.len;) {
		struct directive *d = &p->directives.data[i];

		copy_tokens(&f, d->token);
		if (d->kind <= DIRECTIVE_IFNDEF) {
			f.depth++;
			if (!begin_group(&f, d))
				return false;
		}
		if (d->kind == DIRECTIVE_ENDIF)
			f.depth -= f.depth > 0;
		if (d->is_uncertain && !add_undecided(&f, d->line, d->line, false))
			return false;
		i++;
		if (d->kind == DIRECTIVE_ENDIF || d->is_taken)
			continue;
		if (!note_left_out(p, &p->directives.data[d->group], d))
			return false;
		/* Skip the arm, and the groups in it. */
		f.read = arm_end(p, d);
		i = d->next == SOURCE_NONE ? (uint32_t)p->directives.len : d->next;
	}
	copy_tokens(&f, (uint32_t)p->tokens.len);
	p->tokens.len = f.write;
	return true;
}
