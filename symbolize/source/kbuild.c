// SPDX-License-Identifier: GPL-2.0-or-later
#include "symbolize/source/kbuild.h"

#include <string.h>

/* A composite object may be part of another one. */
#define COMPOSITES_MAX 4
#define NESTED_MAX     32

struct word {
	const char *text;
	size_t length;
};

/* Goes through the lines; a backslash continues one. */
struct lines {
	const char *next, *end;
	uint32_t number; /* of the line */
	uint32_t nr_read;
	struct word line;
	struct kbuild_option nested[NESTED_MAX]; /* of ifdef and ifeq; no name = not known */
	uint32_t depth;
};

static bool next_line(struct lines *l)
{
	if (l->next == l->end)
		return false;
	l->line.text = l->next;
	l->number = l->nr_read + 1;
	for (;;) {
		const char *newline = memchr(l->next, '\n', (size_t)(l->end - l->next));
		const char *stop = newline ? newline : l->end;

		l->nr_read++;
		l->next = newline ? newline + 1 : l->end;
		l->line.length = (size_t)(stop - l->line.text);
		if (!newline || stop == l->line.text || stop[-1] != '\\' || l->next == l->end)
			break;
	}
	const char *comment = memchr(l->line.text, '#', l->line.length);
	if (comment)
		l->line.length = (size_t)(comment - l->line.text);
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\\';
}

/* Cut the first word off. */
static bool next_word(struct word *rest, struct word *ret)
{
	while (rest->length && is_blank(*rest->text))
		rest->text++, rest->length--;
	*ret = (struct word){ rest->text, 0 };
	while (rest->length && !is_blank(*rest->text))
		rest->text++, rest->length--, ret->length++;
	return ret->length;
}

static bool is(struct word word, const char *what)
{
	return word.length == strlen(what) && !memcmp(word.text, what, word.length);
}

/* The first CONFIG_NAME in the text. */
static struct kbuild_option find_option(struct word text)
{
	const char *at = memmem(text.text, text.length, "CONFIG_", 7);
	struct kbuild_option option = { at, 0 };

	if (!at)
		return option;
	for (const char *end = text.text + text.length; at < end; at++, option.length++)
		if (!(*at >= 'A' && *at <= 'Z') && !(*at >= '0' && *at <= '9') && *at != '_' &&
		    !(*at >= 'a' && *at <= 'z'))
			break;
	return option;
}

/* ifdef and the like. True if the line was one. */
static bool take_condition(struct lines *l)
{
	struct word rest = l->line, word;

	if (!next_word(&rest, &word))
		return true;
	bool positive = is(word, "ifdef") ||
			(is(word, "ifeq") && memmem(rest.text, rest.length, ",y)", 3)) ||
			(is(word, "ifneq") && memmem(rest.text, rest.length, ",)", 2));
	if (positive || is(word, "ifndef") || is(word, "ifeq") || is(word, "ifneq")) {
		if (l->depth < NESTED_MAX)
			l->nested[l->depth] =
				positive ? find_option(rest) : (struct kbuild_option){ 0 };
		l->depth++;
	} else if (is(word, "else")) {
		if (l->depth && l->depth <= NESTED_MAX)
			l->nested[l->depth - 1] = (struct kbuild_option){ 0 };
	} else if (is(word, "endif")) {
		l->depth -= l->depth > 0;
	} else {
		return false;
	}
	return true;
}

/* NAME := VALUE, also with other operators. */
static bool split_assignment(struct word line, struct word *name, struct word *value)
{
	const char *equals = memchr(line.text, '=', line.length);
	struct word left;

	if (!equals)
		return false;
	*value = (struct word){ equals + 1, line.length - (size_t)(equals + 1 - line.text) };
	left = (struct word){ line.text, (size_t)(equals - line.text) };
	while (left.length && strchr(":+?", left.text[left.length - 1]))
		left.length--;
	return next_word(&left, name);
}

static bool has_word(struct word text, const char *what)
{
	struct word word;

	while (next_word(&text, &word))
		if (is(word, what))
			return true;
	return false;
}

static void add_option(struct kbuild_options *options, struct kbuild_option option)
{
	if (option.length && options->nr < KBUILD_OPTIONS_MAX)
		options->options[options->nr++] = option;
}

/* "NAME-$(CONFIG_X)", "NAME-y", "NAME-objs": the NAME. */
static struct word list_name(struct word list)
{
	const char *dollar = memchr(list.text, '$', list.length);
	const char *end = dollar ? dollar - 1 : memrchr(list.text, '-', list.length);

	if (!end || end <= list.text || *end != '-')
		return (struct word){ list.text, 0 };
	return (struct word){ list.text, (size_t)(end - list.text) };
}

static bool find(const char *text, size_t size, const char *target, int depth,
		 struct kbuild_options *ret)
{
	struct lines l = { .next = text, .end = text + size };
	struct word list, value;

	while (next_line(&l)) {
		if (take_condition(&l) || !split_assignment(l.line, &list, &value) ||
		    !has_word(value, target))
			continue;
		struct word name = list_name(list);
		bool is_last = is(name, "obj") || is(name, "lib") || is(name, "core") ||
			       is(name, "drivers");
		char composite[256];

		if (!name.length || name.length + 3 > sizeof(composite))
			continue;
		add_option(ret, find_option(list));
		for (uint32_t i = 0; i < l.depth && i < NESTED_MAX; i++)
			add_option(ret, l.nested[i]);
		if (is_last || depth == COMPOSITES_MAX)
			return true;
		memcpy(composite, name.text, name.length);
		memcpy(composite + name.length, ".o", 3);
		return !strcmp(composite, target) || find(text, size, composite, depth + 1, ret);
	}
	return false;
}

bool kbuild_find(const char *text, size_t size, const char *target, struct kbuild_options *ret)
{
	return find(text, size, target, 0, ret);
}

uint32_t kbuild_not_instrumented(const char *text, size_t size, const char *object, bool all_too)
{
	static const char variable[] = "KCOV_INSTRUMENT";
	size_t length = sizeof(variable) - 1;
	struct lines l = { .next = text, .end = text + size };
	struct word name, value, word;

	while (next_line(&l)) {
		if (!split_assignment(l.line, &name, &value) || name.length < length ||
		    memcmp(name.text, variable, length))
			continue;
		struct word of = { name.text + length, name.length - length };
		bool is_meant =
			of.length ? *of.text == '_' &&
					    is((struct word){ of.text + 1, of.length - 1 }, object)
				  : all_too;
		if (is_meant && next_word(&value, &word) && word.text[0] == 'n')
			return l.number;
	}
	return 0;
}
