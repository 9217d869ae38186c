// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which lines of a source have code, as far as its text says: for lines that no machine code names.
 * A line has code if a statement begins on it, or a function.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "kcovreport/patch.h"

/* Goes through a text, without comments and preprocessor lines. */
struct scan {
	const char *at, *end;
	uint32_t line;
	bool is_directive;
	bool at_start; /* nothing but blanks is before on the line */
};

/* After the end of a comment, a string or a character; at the end of the line if it is not closed
 * there. */
static const char *skip_quoted(const char *at, const char *end, const char *close, uint32_t *lines)
{
	size_t length = strlen(close);

	for (; at < end; at++) {
		if ((size_t)(end - at) >= length && !memcmp(at, close, length))
			return at + length;
		if (*at == '\n' && length == 1)
			return at;
		*lines += *at == '\n';
		if (*at == '\\' && length == 1 && at + 1 < end) {
			at++;
			*lines += *at == '\n';
		}
	}
	return end;
}

/* '"' is a character, the one in "don't" is not. */
static const char *skip_in_directive(const char *at, const char *end, uint32_t *lines)
{
	if (*at == '"')
		return skip_quoted(at + 1, end, "\"", lines);
	return end - at > 2 && at[2] == '\'' ? at + 3 : at + 1;
}

static bool is_word(const char *at, const char *end, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(end - at) >= length && !memcmp(at, word, length) &&
	       ((size_t)(end - at) == length ||
		!strchr("_abcdefghijklmnopqrstuvwxyz", at[length]) || !at[length]);
}

/* A word without code of its own: how long is it? */
static size_t silent_word(const char *at, const char *end)
{
	return is_word(at, end, "else") ? 4 : is_word(at, end, "do") ? 2 : 0;
}

static void newline(struct scan *s)
{
	const char *before = s->at;

	/* There is at least a '#' before. */
	if (s->is_directive && before[-1] == '\r')
		before--;
	bool is_continued = s->is_directive && before[-1] == '\\';
	s->line++;
	s->at_start = true;
	s->is_directive = is_continued;
	s->at++;
}

/* Mark lines with more than braces, semicolons and commas. */
static void scan_text(struct patch_source *source)
{
	struct scan s = { source->text, source->text + source->size, 1, false, true };

	while (s.at < s.end) {
		char c = *s.at;
		size_t silent = silent_word(s.at, s.end);

		if (c == '\n') {
			newline(&s);
		} else if (c == '/' && s.end - s.at > 1 && s.at[1] == '*') {
			s.at = skip_quoted(s.at + 2, s.end, "*/", &s.line);
		} else if (c == '/' && s.end - s.at > 1 && s.at[1] == '/') {
			s.at = memchr(s.at, '\n', (size_t)(s.end - s.at)) ?: s.end;
		} else if (s.is_directive && (c == '"' || c == '\'')) {
			s.at = skip_in_directive(s.at, s.end, &s.line);
		} else if (strchr(" \t\r\f\v{}();,", c) || s.is_directive) {
			s.at++;
		} else if (c == '#' && s.at_start) {
			s.is_directive = true;
			s.at++;
		} else if (silent) {
			s.at += silent;
		} else {
			source->lines[s.line] |= PATCH_LINE_CODE;
			s.at_start = false;
			if (c == '"' || c == '\'')
				s.at = skip_quoted(s.at + 1, s.end, c == '"' ? "\"" : "'", &s.line);
			else
				while (s.at < s.end && !strchr(" \t\r\n\f\v{}();,/\"'", *s.at))
					s.at++;
			if (s.at < s.end && *s.at == '/')
				s.at += s.at + 1 == s.end || !strchr("*/", s.at[1]);
		}
	}
}

static bool is_silent(const struct source_statement *s)
{
	return s->kind == SOURCE_COMPOUND || s->kind == SOURCE_LABEL || s->kind == SOURCE_CASE ||
	       (s->kind == SOURCE_DECLARATION && !(s->flags & SOURCE_INITIALISED));
}

static void mark_statement(struct patch_source *source, uint32_t line)
{
	if (line && line <= source->nr_lines)
		source->lines[line] |= PATCH_LINE_STATEMENT;
}

/* Only lines where a statement begins; the text says nothing of functions that are not understood.
 */
static void mark_function(struct patch_source *source, const struct source_file *parsed,
			  const struct source_function *f)
{
	for (uint32_t line = f->first_line; line <= f->close_line && f->reason; line++)
		mark_statement(source, line);
	for (uint32_t i = 0; i < f->nr_statements; i++) {
		const struct source_statement *s = &parsed->statements[f->first_statement + i];

		if (is_silent(s))
			continue;
		mark_statement(source, s->lines.first);
		mark_statement(source, s->tail.first);
		mark_statement(source, s->test.first);
	}
	mark_statement(source, f->name_line);
}

static bool is_left_out(const struct source_file *parsed, uint32_t line)
{
	size_t at = search_first(parsed->nr_left_out, i, parsed->left_out[i].lines.last >= line);

	return at < parsed->nr_left_out && parsed->left_out[at].lines.first <= line;
}

void patch_find_code(struct patch_source *source, const struct source_file *all,
		     const struct source_file *none)
{
	scan_text(source);
	for (uint32_t i = 0; i < all->nr_functions; i++)
		mark_function(source, all, &all->functions[i]);
	for (uint32_t i = 0; i < none->nr_functions; i++)
		mark_function(source, none, &none->functions[i]);
	/* The parser saw none of the lines that both leave out. */
	for (uint32_t line = 1; line <= source->nr_lines; line++)
		if (!(source->lines[line] & PATCH_LINE_STATEMENT) &&
		    !(is_left_out(all, line) && is_left_out(none, line)))
			source->lines[line] &= (uint8_t)~PATCH_LINE_CODE;
}
