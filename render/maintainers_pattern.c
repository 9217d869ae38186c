// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Patterns of MAINTAINERS. get_maintainer.pl makes a regular expression of each. Nearly all of F:
 * and X: have only '*' and '?', for which a loop is enough; PCRE2 does the others.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "base/strbuf.h"
#include "render/maintainers_private.h"

/* Longer ones are no patterns for a path. */
#define REGEX_LENGTH_MAX  1000
#define REGEX_NESTING_MAX 50
/* For one path and one regular expression. */
#define REGEX_STEPS_MAX	   10000
#define REGEX_HEAP_KIB_MAX 1024
/*
 * For one path and all patterns: characters that are compared; 1000 for a regular expression, and
 * 100 for a pattern that matches, since its entry is sorted and summed up. The MAINTAINERS of Linux
 * 6.12 needs less than an eighth of it for any path. A kernel has thousands of paths.
 */
#define STEPS_MAX   (1U << 20)
#define REGEX_STEPS 1000
#define MATCH_STEPS 100

struct maintainers_regex {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *limits;
};

static void regex_destroy(struct maintainers_regex *regex)
{
	if (!regex)
		return;
	pcre2_code_free(regex->code);
	pcre2_match_data_free(regex->match);
	pcre2_match_context_free(regex->limits);
	free(regex);
}

DEFINE_CLEANUP(regex, struct maintainers_regex, regex_destroy);

static void free_context(pcre2_compile_context **context)
{
	pcre2_compile_context_free(*context);
}

static struct error *wrong_pattern(const struct maintainers_pattern *p, int error)
{
	PCRE2_UCHAR why[120];

	if (error == PCRE2_ERROR_NOMEMORY || pcre2_get_error_message(error, why, sizeof(why)) < 0)
		return &error_no_memory;
	return error_create(ERROR_FORMAT, "line %u: wrong pattern '%s': %s", p->line, p->text, why);
}

static struct error *regex_compile(struct maintainers_regex *regex,
				   const struct maintainers_pattern *p, const struct strbuf *text,
				   uint32_t options)
{
	_cleanup_(free_context) pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	size_t at;
	int error;

	if (!context)
		return &error_no_memory;
	pcre2_set_max_pattern_length(context, REGEX_LENGTH_MAX);
	pcre2_set_parens_nest_limit(context, REGEX_NESTING_MAX);
	regex->code =
		pcre2_compile((PCRE2_SPTR)strbuf_str(text), text->len,
			      options | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C,
			      &error, &at, context);
	if (!regex->code)
		return wrong_pattern(p, error);
	regex->match = pcre2_match_data_create(1, NULL);
	regex->limits = pcre2_match_context_create(NULL);
	if (!regex->match || !regex->limits)
		return &error_no_memory;
	pcre2_set_match_limit(regex->limits, REGEX_STEPS_MAX);
	pcre2_set_depth_limit(regex->limits, REGEX_STEPS_MAX);
	pcre2_set_heap_limit(regex->limits, REGEX_HEAP_KIB_MAX);
	return NULL;
}

static struct error *add_regex(struct maintainers_pattern *p, const struct strbuf *text,
			       uint32_t options, size_t *nr_regex)
{
	_cleanup_(cleanup_regex) struct maintainers_regex *regex = calloc(1, sizeof(*regex));

	if (!regex || text->failed)
		return &error_no_memory;
	if (++*nr_regex > MAINTAINERS_REGEX_MAX)
		return error_create(ERROR_FORMAT, "line %u: more than %d regular expressions",
				    p->line, MAINTAINERS_REGEX_MAX);
	struct error *err = regex_compile(regex, p, text, options);
	if (!err)
		p->regex = steal_ptr(&regex);
	return err;
}

static struct error *check_steps(const struct maintainers_pattern *p,
				 const struct maintainers_question *q)
{
	if (q->steps <= STEPS_MAX)
		return NULL;
	return error_create(ERROR_FORMAT, "line %u: the patterns take too long for one path",
			    p->line);
}

static struct error *regex_matches(const struct maintainers_pattern *p,
				   struct maintainers_question *q, bool *ret)
{
	const struct maintainers_regex *regex = p->regex;
	int got = pcre2_match(regex->code, (PCRE2_SPTR)q->path, q->length, 0, 0, regex->match,
			      regex->limits);

	q->steps += REGEX_STEPS;
	if (got < 0 && got != PCRE2_ERROR_NOMATCH)
		return wrong_pattern(p, got);
	*ret = got >= 0;
	return check_steps(p, q);
}

/* Characters that mean something else in a regular expression, but for those that F: translates. */
static bool is_special(char c)
{
	return strchr("[](){}+|^$\\", c);
}

/* What every match begins with. */
static size_t find_head(const struct maintainers_pattern *p)
{
	size_t head = 0;

	if (memchr(p->text, '|', p->length))
		return 0;
	for (size_t i = 0; i < p->length && !strchr("*?", p->text[i]) && !is_special(p->text[i]);
	     i++) {
		/* A quantifier is about the character before it. */
		if (p->text[i] == '/' && (i + 1 == p->length || !is_special(p->text[i + 1])))
			head = i + 1;
	}
	return head;
}

/* As get_maintainer.pl translates F: and X:. */
static void translate(const struct maintainers_pattern *p, struct strbuf *ret)
{
	for (size_t i = 0; i < p->length; i++) {
		switch (p->text[i]) {
		case '.':
			strbuf_addstr(ret, "\\.");
			break;
		case '*':
			strbuf_addstr(ret, ".*");
			break;
		case '?':
			strbuf_addch(ret, '.');
			break;
		default:
			strbuf_addch(ret, p->text[i]);
		}
	}
}

struct error *maintainers_path_init(struct maintainers_pattern *p, size_t *nr_regex)
{
	_cleanup_strbuf_ struct strbuf translated = STRBUF_INIT;
	bool special = false;

	for (size_t i = 0; i < p->length; i++) {
		p->slashes += p->text[i] == '/';
		special |= is_special(p->text[i]);
	}
	p->is_tree = p->length && p->text[p->length - 1] == '/';
	p->head = find_head(p);
	if (!special)
		return NULL;
	strbuf_addch(&translated, '^');
	translate(p, &translated);
	return add_regex(p, &translated, 0, nr_regex);
}

struct error *maintainers_name_init(struct maintainers_pattern *p, size_t *nr_regex)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;

	p->is_plain = true;
	for (size_t i = 0; i < p->length; i++)
		if (is_special(p->text[i]) || strchr(".*?# \t\v\f", p->text[i]))
			p->is_plain = false;
	if (p->is_plain)
		return NULL;
	strbuf_add(&text, p->text, p->length);
	return add_regex(p, &text, PCRE2_EXTENDED, nr_regex);
}

void maintainers_pattern_deinit(struct maintainers_pattern *pattern)
{
	regex_destroy(pattern->regex);
}

/*
 * Whether a beginning of the path matches, for patterns without special characters: if a character
 * does not fit, the last '*' takes one more. As '.' does, neither '*' nor '?' takes a newline.
 */
static bool begins_with(struct maintainers_question *q, const struct maintainers_pattern *p)
{
	const char *path = q->path, *text = p->text;
	size_t at = 0, i = 0, star = SIZE_MAX, star_at = 0;

	for (; i < p->length; q->steps++) {
		if (text[i] == '*') {
			star = ++i;
			star_at = at;
		} else if (at < q->length &&
			   (text[i] == path[at] || (text[i] == '?' && path[at] != '\n'))) {
			i++;
			at++;
		} else if (star != SIZE_MAX && star_at < q->length && path[star_at] != '\n') {
			i = star;
			at = ++star_at;
		} else {
			return false;
		}
	}
	return true;
}

struct error *maintainers_path_matches(const struct maintainers_pattern *p,
				       struct maintainers_question *q, bool *ret)
{
	*ret = false;
	q->steps++;
	if (!p->is_tree && p->slashes != q->slashes)
		return check_steps(p, q);
	if (p->regex)
		return regex_matches(p, q, ret);
	*ret = begins_with(q, p);
	q->steps += *ret ? MATCH_STEPS : 0;
	return check_steps(p, q);
}

struct error *maintainers_name_matches(const struct maintainers_pattern *p,
				       struct maintainers_question *q, bool *ret)
{
	if (p->regex)
		return regex_matches(p, q, ret);
	*ret = p->length && memmem(q->path, q->length, p->text, p->length);
	q->steps += q->length + (*ret ? MATCH_STEPS : 0);
	return check_steps(p, q);
}
