/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trees of statements as text: kind and first line of each one, what it goes to, and in brackets
 * what is inside of it, with the else branch after a '|'. A compound has no name.
 */
#ifndef SYMBOLIZE_SOURCE_TESTS_SHOW_H
#define SYMBOLIZE_SOURCE_TESTS_SHOW_H

#include "base/tests/assert.h"

#include "base/strbuf.h"
#include "symbolize/source/statements.h"

static const char *const short_names[] = {
	[SOURCE_SIMPLE] = "s",
	[SOURCE_DECLARATION] = "d",
	[SOURCE_COMPOUND] = "",
	[SOURCE_IF] = "if",
	[SOURCE_WHILE] = "while",
	[SOURCE_DO] = "do",
	[SOURCE_FOR] = "for",
	[SOURCE_LOOP_MACRO] = "macro",
	[SOURCE_SWITCH] = "switch",
	[SOURCE_CASE] = "case",
	[SOURCE_LABEL] = "label",
	[SOURCE_GOTO] = "goto",
	[SOURCE_COMPUTED_GOTO] = "computed",
	[SOURCE_RETURN] = "return",
	[SOURCE_BREAK] = "break",
	[SOURCE_CONTINUE] = "continue",
	[SOURCE_ASM] = "asm",
};

static inline void show_target(const struct source_file *file, uint32_t s, struct strbuf *out)
{
	const struct source_statement *now = &file->statements[s];

	if (now->kind == SOURCE_GOTO)
		s = file->labels[now->label].statement;
	else if (now->kind == SOURCE_BREAK || now->kind == SOURCE_CONTINUE)
		s = now->target;
	else
		return;
	strbuf_addf(out, "->%u", file->statements[s].lines.first);
}

static inline void show_list(const struct source_file *file, uint32_t s, struct strbuf *out)
{
	for (; s != SOURCE_NONE; s = file->statements[s].next) {
		const struct source_statement *now = &file->statements[s];

		strbuf_addf(out, "%s%u", short_names[now->kind], now->lines.first);
		show_target(file, s, out);
		if (now->first_child != SOURCE_NONE) {
			strbuf_addch(out, '[');
			show_list(file, now->first_child, out);
			if (now->else_child != SOURCE_NONE)
				strbuf_addch(out, '|');
			show_list(file, now->else_child, out);
			strbuf_addch(out, ']');
		}
		if (now->next != SOURCE_NONE)
			strbuf_addch(out, ' ');
	}
}

static inline struct source_file *parse(const char *text, const struct source_options *options)
{
	struct source_file *file = NULL;

	assert_ok(source_parse(text, strlen(text), options, &file));
	return file;
}

/* The only function of the text has this tree. */
static inline void check_text(const char *text, const struct source_options *options,
			      const char *want)
{
	_cleanup_(cleanup_source_file) struct source_file *file = parse(text, options);
	_cleanup_strbuf_ struct strbuf out = STRBUF_INIT;

	assert_int_equal(file->nr_functions, 1);
	if (file->functions[0].reason)
		strbuf_addstr(&out, source_reason_name(file->functions[0].reason));
	else
		show_list(file, file->statements[file->functions[0].first_statement].first_child,
			  &out);
	assert_string_equal(strbuf_str(&out), want);
}

/* A function with these statements in its braces; the first line of them is 1. */
static inline void check_body(const char *body, const char *want)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "int f(void) { %s\n}\n", body);
	check_text(strbuf_str(&text), NULL, want);
}

/* The first statement of this kind that the body has. */
static inline struct source_statement find_statement(const char *body,
						     enum source_statement_kind kind)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "int f(void) { %s\n}\n", body);
	_cleanup_(cleanup_source_file) struct source_file *file = parse(strbuf_str(&text), NULL);
	for (uint32_t i = 0; i < file->nr_statements; i++)
		if (file->statements[i].kind == kind)
			return file->statements[i];
	fail_msg("there is no %s in: %s", source_kind_name(kind), body);
	return (struct source_statement){ 0 };
}

#endif
