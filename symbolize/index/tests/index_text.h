/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Make an index from text, so that a test shows only the blocks, rows and spans that it is about.
 *
 *	blocks    "5 i > 1 2; 0 > 2; . lr"   one after the other, 16 bytes each, separated by ';'
 *	    5  0        a point, and how often it was recorded; "3,4": two of them
 *	    5+          the same, as a lower bound
 *	    j5          a tail jump to the callback, and how often it was executed
 *	    .           no point
 *	    iolfrub     flags: OPEN_IN, OPEN_OUT, LEAVES, FAULTS, RETURNS, UNRECORDED, BRANCH
 *	    @64+8       its offset is 64, its size 8 bytes
 *	    s1  s-      it belongs to symbol 1, or to none; default: symbol 0
 *	    > 1 2       its successors
 *	rows      "0:a10s 4:b11et"   offset, file, line; flags STMT, EXACT, TAILS
 *	spans     "0-32:0 4-8:1@a10" bytes, function; file and line of the inlined call
 *	functions "f:a1b g:b5"       name, file and line of the declaration; b: it has a body
 *	symbols   "f@0+32 g@32+16x"  offset, size, flags; "=3" its tail point
 *	    xlpie       flags: EXTERNAL, LABEL, TAIL_POINT, TAIL_INDIRECT, TAIL_EXTERNAL
 *	sections  ".text@0+64 .init.text@64+16u"   u: its run-time address is not known
 *	calls     "16+5>1 32+2*"     offset, size; > symbol called; *: indirect; else unknown
 *	tail_calls "16>1"            offset, > symbol
 *	handoffs  "16>1:3"           offset, > symbol called, kind
 *
 * Files are a, b and c: "/src/a.c" and so on. '-' is no file; line 0 is not known. NULL is an empty
 * list, but for symbols and sections: then one symbol "f" and one section ".text" hold all blocks.
 */
#ifndef SYMBOLIZE_INDEX_TESTS_INDEX_TEXT_H
#define SYMBOLIZE_INDEX_TESTS_INDEX_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "symbolize/index/private.h"

#define BLOCK_SIZE	16
#define POINT_SIZE	5
#define TEXT_POINTS_MAX 64

struct index_text {
	const char *blocks, *rows, *spans, *functions, *symbols, *sections, *calls, *tail_calls,
		*handoffs;
	bool is_module;
	uint64_t base;
};

/* What was recorded of the points of an index_text. */
struct recorded_points {
	uint64_t counts[TEXT_POINTS_MAX];
	bool is_least[TEXT_POINTS_MAX];
};

#define assert_ok(call)                                                                            \
	do {                                                                                       \
		struct error *_err = (call);                                                       \
		if (_err)                                                                          \
			fail_msg("%s", _err->message);                                             \
	} while (0)

static uint32_t text_id(struct index_draft *d, const char *text)
{
	uint32_t id;

	assert_ok(intern_id(d->strings, text, &id));
	return id;
}

static uint32_t text_file(char letter)
{
	if (letter == '-')
		return INDEX_NONE;
	assert_in_range(letter, 'a', 'c');
	return letter - 'a';
}

/* Flags from letters: letters[i] is flags[i]. */
static uint32_t text_flags(const char *word, const char *letters, const uint32_t *flags)
{
	uint32_t sum = 0;

	for (; *word; word++) {
		const char *letter = strchr(letters, *word);

		if (!letter)
			fail_msg("'%c' is no flag", *word);
		sum |= flags[letter - letters];
	}
	return sum;
}

static void text_point(struct index_draft *d, struct recorded_points *recorded, uint32_t offset,
		       const char *word)
{
	struct index_point point = { offset, POINT_SIZE, INDEX_CALL };
	size_t nr = d->points.len;

	if (*word == 'j' || *word == 'e') {
		point.kind = *word == 'j' ? INDEX_JUMP : INDEX_EXIT;
		word++;
	}
	assert_true(nr < TEXT_POINTS_MAX);
	if (recorded) {
		recorded->counts[nr] = strtoull(word, NULL, 10);
		recorded->is_least[nr] = strchr(word, '+') != NULL;
	}
	assert_non_null(index_point_vector_append(&d->points, &point));
}

static void text_points(struct index_draft *d, struct recorded_points *recorded, uint32_t offset,
			char *words)
{
	for (char *word; (word = strsep(&words, ",")); offset += POINT_SIZE)
		text_point(d, recorded, offset, word);
}

static void text_block(struct index_draft *d, struct recorded_points *recorded, char *text)
{
	static const uint32_t flags[] = { INDEX_BLOCK_OPEN_IN, INDEX_BLOCK_OPEN_OUT,
					  INDEX_BLOCK_LEAVES,  INDEX_BLOCK_FAULTS,
					  INDEX_BLOCK_RETURNS, INDEX_BLOCK_UNRECORDED,
					  INDEX_BLOCK_BRANCH };
	const struct index_block *last = d->blocks.len ? &d->blocks.data[d->blocks.len - 1] : NULL;
	struct index_block block = { .offset = last ? last->offset + last->size : 0,
				     .size = BLOCK_SIZE,
				     .first_edge = d->edges.len };
	char *points = NULL;
	bool successors = false;

	for (char *word; (word = strsep(&text, " "));) {
		if (!*word || !strcmp(word, "."))
			continue;
		if (*word == '>')
			successors = true;
		else if (successors)
			assert_non_null(index_edge_vector_append(
				&d->edges, &(uint32_t){ strtoul(word, NULL, 10) }));
		else if (*word == '@') {
			unsigned int size;

			assert_int_equal(sscanf(word, "@%u+%u", &block.offset, &size), 2);
			block.size = size;
		} else if (*word == 's')
			block.symbol = word[1] == '-' ? INDEX_NONE : strtoul(word + 1, NULL, 10);
		else if (strchr("0123456789je", *word))
			points = word;
		else
			block.flags |= text_flags(word, "iolfrub", flags);
	}
	text_points(d, recorded, block.offset, points);
	assert_non_null(index_block_vector_append(&d->blocks, &block));
}

static void text_row(struct index_draft *d, struct recorded_points *recorded, char *word)
{
	static const uint32_t flags[] = { INDEX_ROW_STMT, INDEX_ROW_EXACT, INDEX_ROW_TAILS };
	struct index_row row = { 0 };
	unsigned int line;
	char file, letters[8] = "";

	(void)recorded;
	assert_true(sscanf(word, "%u:%c%u%7s", &row.offset, &file, &line, letters) >= 3);
	row.line = line;
	row.file = text_file(file);
	row.flags = text_flags(letters, "set", flags);
	assert_non_null(index_row_vector_append(&d->rows, &row));
}

static void text_span(struct index_draft *d, struct recorded_points *recorded, char *word)
{
	struct index_span span = { .file = INDEX_NONE };
	char function[16], file;

	(void)recorded;
	assert_true(sscanf(word, "%u-%u:%15[-0-9]@%c%u", &span.offset, &span.end, function, &file,
			   &span.line) >= 3);
	span.function = *function == '-' ? INDEX_NONE : strtoul(function, NULL, 10);
	if (strchr(word, '@'))
		span.file = text_file(file);
	assert_non_null(index_span_vector_append(&d->spans, &span));
}

static void text_function(struct index_draft *d, struct recorded_points *recorded, char *word)
{
	struct index_function function = { 0 };
	char name[32], file, body = 0;

	(void)recorded;
	assert_true(sscanf(word, "%31[^:]:%c%u%c", name, &file, &function.line, &body) >= 3);
	function.name = text_id(d, name);
	function.file = text_file(file);
	function.has_body = body == 'b';
	assert_non_null(index_function_vector_append(&d->functions, &function));
}

static void text_symbol(struct index_draft *d, struct recorded_points *recorded, char *word)
{
	static const uint32_t flags[] = { INDEX_EXTERNAL, INDEX_LABEL, INDEX_TAIL_POINT,
					  INDEX_TAIL_INDIRECT, INDEX_TAIL_EXTERNAL };
	struct index_symbol symbol = { .tail_point = INDEX_NONE };
	char name[64], letters[8] = "", *point = strchr(word, '=');

	(void)recorded;
	if (point)
		symbol.tail_point = strtoul(point + 1, NULL, 10);
	assert_true(sscanf(word, "%63[^@]@%u+%u%7[xlpie]", name, &symbol.offset, &symbol.size,
			   letters) >= 3);
	symbol.name = text_id(d, name);
	symbol.flags = text_flags(letters, "xlpie", flags);
	assert_non_null(index_symbol_vector_append(&d->symbols, &symbol));
}

static void text_section(struct index_draft *d, struct recorded_points *recorded, char *word)
{
	struct index_section section = { 0 };
	char name[32], unknown = 0;

	(void)recorded;
	assert_true(sscanf(word, "%31[^@]@%u+%u%c", name, &section.offset, &section.size,
			   &unknown) >= 3);
	section.name = text_id(d, name);
	section.is_known = unknown != 'u';
	assert_non_null(index_section_vector_append(&d->sections, &section));
}

static void text_call(struct index_draft *d, struct recorded_points *recorded, char *word)
{
	struct index_call call = { .target = INDEX_NONE };
	unsigned int size;

	(void)recorded;
	assert_true(sscanf(word, "%u+%u>%u", &call.offset, &size, &call.target) >= 2);
	call.size = size;
	call.kind = strchr(word, '*') ? INDEX_CALL_INDIRECT : INDEX_CALL;
	assert_non_null(index_call_vector_append(&d->calls, &call));
}

static void text_tail_call(struct index_draft *d, struct recorded_points *recorded, char *word)
{
	struct index_tail_call call;

	(void)recorded;
	assert_int_equal(sscanf(word, "%u>%u", &call.offset, &call.target), 2);
	assert_non_null(index_tail_call_vector_append(&d->tail_calls, &call));
}

static void text_handoff(struct index_draft *d, struct recorded_points *recorded, char *word)
{
	struct index_handoff h;

	(void)recorded;
	assert_int_equal(sscanf(word, "%u>%u:%u", &h.offset, &h.symbol, &h.kind), 3);
	assert_non_null(index_handoff_vector_append(&d->handoffs, &h));
}

typedef void text_parser(struct index_draft *d, struct recorded_points *recorded, char *text);

static void text_parse(struct index_draft *d, struct recorded_points *recorded, const char *text,
		       const char *divider, text_parser *parse)
{
	_cleanup_free_ char *copy = strdup(text ? text : "");
	char *rest = copy;

	assert_non_null(copy);
	for (char *part; (part = strsep(&rest, divider));)
		if (*part)
			parse(d, recorded, part);
}

static void text_defaults(struct index_draft *d, const struct index_text *text)
{
	const struct index_block *last = d->blocks.len ? &d->blocks.data[d->blocks.len - 1] : NULL;
	uint32_t end = last ? last->offset + last->size : 0;
	char word[32];

	snprintf(word, sizeof(word), "f@0+%u", end);
	text_parse(d, NULL, text->symbols ? text->symbols : word, " ", text_symbol);
	snprintf(word, sizeof(word), ".text@0+%u", end);
	text_parse(d, NULL, text->sections ? text->sections : word, " ", text_section);
}

/* Code has the last row at or before it. Rows must ascend. */
static void text_places(struct index_draft *d)
{
	vector_for_each(&d->rows, row) {
		const struct index_place place = { row->offset, INDEX_NONE, row->file, row->line,
						   0 };

		if (row + 1 == d->rows.data + d->rows.len || row[1].offset != row->offset)
			assert_true(draft_add_place(d, &place));
	}
}

/* What is read of an image, before index_own(). */
static void text_draft(struct index_draft *d, const struct index_text *text,
		       struct recorded_points *recorded)
{
	*d = (struct index_draft){ .base = text->base, .is_module = text->is_module };
	if (recorded)
		*recorded = (struct recorded_points){ 0 };
	assert_ok(intern_create(&d->strings));
	text_id(d, "");
	d->path = "/boot/image";
	for (char path[] = "/src/a.c"; path[5] <= 'c'; path[5]++)
		assert_non_null(index_file_vector_append(&d->files,
							 &(struct index_file){ text_id(d, path) }));
	text_parse(d, recorded, text->blocks, ";", text_block);
	text_parse(d, NULL, text->rows, " ", text_row);
	text_parse(d, NULL, text->spans, " ", text_span);
	text_parse(d, NULL, text->functions, " ", text_function);
	text_parse(d, NULL, text->calls, " ", text_call);
	text_parse(d, NULL, text->tail_calls, " ", text_tail_call);
	text_parse(d, NULL, text->handoffs, " ", text_handoff);
	text_defaults(d, text);
	text_places(d);
}

/* recorded may be NULL. */
static struct error *text_build(const struct index_text *text, struct recorded_points *recorded,
				struct index **ret)
{
	_cleanup_(index_draft_deinit) struct index_draft d;

	text_draft(&d, text, recorded);
	struct error *err = index_sort_names(&d);
	if (!err)
		err = index_own(&d);
	return err ? err : index_draft_finish(&d, ret);
}

__attribute__((unused)) static struct index *text_index(const struct index_text *text,
							struct recorded_points *recorded)
{
	struct index *index;

	assert_ok(text_build(text, recorded, &index));
	return index;
}

/* If they differ, print a message and return 1. */
__attribute__((unused)) static int differs(const char *name, const char *what,
					   const struct strbuf *got, const char *want)
{
	if (!strcmp(strbuf_str(got), want))
		return 0;
	print_error("%s: %s: \"%s\", not \"%s\"\n", name, what, strbuf_str(got), want);
	return 1;
}

#endif
