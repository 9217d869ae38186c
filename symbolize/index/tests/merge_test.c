// SPDX-License-Identifier: GPL-2.0-or-later
/* Merging parts, as workers read them from units, into one index. Parts are text. */
#include "symbolize/image/tests/elf_text.h"
#include "symbolize/index/tests/index_text.h"

#define PARTS_MAX 4

/*
 * A part has functions "f:a1b" as in index_text.h; scopes "0" and "1^0@b6": function, the scope
 * that it was inlined into, file and line of the call; regions "4096-4112/0:1@a7/4:-@-0":
 * addresses, and places with their offset, scope, file and line. '-' is always none.
 */
struct part_text {
	const char *functions, *scopes, *regions, *rows, *spans;
};

/* The code begins at 4096 with 16 bytes of f and 16 bytes of g. The rest has no symbol. */
static const struct elf_text elf = {
	.sections = ".text:x16+48@4096",
	.symbols = "f@1+4096:16 g@1+4112:16",
	.is_executable = true,
};

static uint32_t part_path(struct unit_part *part, char letter)
{
	char path[] = "/src/a.c";
	uint32_t id;

	if (letter == '-')
		return PART_NONE;
	path[5] = letter;
	assert_ok(intern_id(part->paths, path, &id));
	return id;
}

static uint32_t part_number(const char *word)
{
	return *word == '-' ? PART_NONE : strtoul(word, NULL, 10);
}

static void part_functions(struct unit_part *part, const char *text)
{
	char word[64];

	while (elf_next_word(&text, word, sizeof(word))) {
		struct part_function f = { 0 };
		char name[32], file, body = 0;

		assert_true(sscanf(word, "%31[^:]:%c%u%c", name, &file, &f.line, &body) >= 3);
		assert_ok(intern_id(part->strings, name, &f.name));
		f.file = part_path(part, file);
		f.has_body = body == 'b';
		assert_non_null(part_function_vector_append(&part->functions, &f));
	}
}

static void part_scopes(struct unit_part *part, const char *text)
{
	char word[64];

	while (elf_next_word(&text, word, sizeof(word))) {
		struct part_scope s = { .parent = PART_NONE, .file = PART_NONE };
		char function[8], file;

		if (sscanf(word, "%7[-0-9]^%u@%c%u", function, &s.parent, &file, &s.line) == 4)
			s.file = part_path(part, file);
		s.function = part_number(function);
		assert_non_null(part_scope_vector_append(&part->scopes, &s));
	}
}

static void part_regions(struct unit_part *part, const char *text)
{
	char word[64];

	while (elf_next_word(&text, word, sizeof(word))) {
		char *rest = word, *piece = strsep(&rest, "/");
		struct part_region r = { .first_place = part->places.len };

		assert_int_equal(sscanf(piece, "%" SCNu64 "-%" SCNu64, &r.start, &r.end), 2);
		assert_non_null(part_region_vector_append(&part->regions, &r));
		while ((piece = strsep(&rest, "/"))) {
			struct part_place p = { 0 };
			char scope[8], file;

			assert_int_equal(
				sscanf(piece, "%u:%7[-0-9]@%c%u", &p.offset, scope, &file, &p.line),
				4);
			p.scope = part_number(scope);
			p.file = part_path(part, file);
			assert_non_null(part_place_vector_append(&part->places, &p));
		}
	}
}

static void part_init(struct unit_part *part, const struct part_text *text)
{
	const char *rows = text->rows, *spans = text->spans;
	char word[64], file;

	assert_ok(unit_part_init(part));
	part_functions(part, text->functions);
	part_scopes(part, text->scopes);
	part_regions(part, text->regions);
	while (elf_next_word(&rows, word, sizeof(word))) {
		struct part_row r = { 0 };
		unsigned int line;

		assert_int_equal(sscanf(word, "%" SCNu64 ":%c%u", &r.address, &file, &line), 3);
		r.line = line;
		r.file = part_path(part, file);
		assert_non_null(part_row_vector_append(&part->rows, &r));
	}
	while (elf_next_word(&spans, word, sizeof(word))) {
		struct part_span s = { .file = PART_NONE };
		char function[8];

		assert_true(sscanf(word, "%" SCNu64 "-%" SCNu64 ":%7[-0-9]@%c%u", &s.start, &s.end,
				   function, &file, &s.line) >= 3);
		s.function = part_number(function);
		if (strchr(word, '@'))
			s.file = part_path(part, file);
		assert_non_null(part_span_vector_append(&part->spans, &s));
	}
}

/* points and asked are offsets. Expected: all functions, and the frames of each offset that is
 * asked for. */
static const struct merge_case {
	const char *name;
	struct part_text parts[PARTS_MAX];
	const char *points, *asked;
	const char *functions, *frames;
} cases[] = {
	{ "no parts: the symbol, where there is one",
	  { { 0 } },
	  "0 16 34",
	  "0 16 34",
	  "",
	  "f@-0 g@-0 -@-0" },
	{ "debug info",
	  { { "f:a1b", "0", "4096-4112/0:0@a10" } },
	  "0",
	  "0 15 16",
	  "f:a1b",
	  "f@a10 f@a10 g@-0" },
	{ "an inlined chain",
	  { { "f:a1b g:b5", "0 1^0@a12", "4096-4112/0:0@a10/4:1@b6/8:0@a13" } },
	  "0",
	  "0 4 7 8",
	  "f:a1b g:b5",
	  "f@a10 g@b6<f@a12 g@b6<f@a12 f@a13" },
	{ "equal functions of two parts are one",
	  { { "f:a1 g:b5", "1", "4096-4112/0:0@b6" }, { "g:b5b f:a1", "1", "4112-4120/0:0@a2" } },
	  "",
	  "0 16",
	  "f:a1 g:b5b",
	  "g@b6 f@a2" },
	{ "functions of one name on other lines, or in other files, are others",
	  { { "f:a1 f:a2", "0", "" }, { "f:b1", "0", "4096-4112/0:0@a1" } },
	  "",
	  "0",
	  "f:a1 f:a2 f:b1",
	  "f@a1" },
	{ "the scopes of a part count on their own",
	  { { "f:a1", "0 0^0@a3", "4096-4100/0:1@a2" },
	    { "g:b5", "0 0^0@b7", "4112-4116/0:1@b6" } },
	  "",
	  "0 16",
	  "f:a1 g:b5",
	  "f@a2<f@a3 g@b6<g@b7" },
	{ "of two units the first one",
	  { { "f:a1", "0", "4100-4104/0:0@a1" },
	    { "g:b5", "0", "4096-4112/0:0@b6/8:0@b7/12:0@b8" } },
	  "",
	  "0 4 7 8 12 15 16",
	  "f:a1 g:b5",
	  "g@b6 f@a1 f@a1 g@b7 g@b8 g@b8 g@-0" },
	{ "the second unit goes on in the middle of a line",
	  { { "f:a1", "0", "4096-4100/0:0@a1" }, { "g:b5", "0", "4096-4112/0:0@b6/12:0@b8" } },
	  "",
	  "0 4 11 12",
	  "f:a1 g:b5",
	  "f@a1 g@b6 g@b6 g@b8" },
	{ "points of no function have their symbol, at the place of the first one",
	  { { "", "", "4096-4112/0:-@a6/4:-@a7/8:-@a9" } },
	  "4 8",
	  "0 4 8",
	  "f:a7b",
	  "f@a6 f@a7 f@a9" },
	{ "without points there is no function, but a name",
	  { { "", "", "4096-4112/0:-@a6" } },
	  "",
	  "0",
	  "",
	  "f@a6" },
	{ "its symbol is a function that is inlined elsewhere",
	  { { "f:a7", "0", "4112-4128/0:0@a8 4096-4112/0:-@a7" } },
	  "0",
	  "0 16",
	  "f:a7b",
	  "f@a7 f@a8" },
	{ "a scope without a name",
	  { { "", "-", "4096-4112/0:0@a6" } },
	  "0",
	  "0",
	  "f:a6b",
	  "f@a6" },
	{ "code of no function and no symbol",
	  { { "", "", "4128-4140/0:-@a7" } },
	  "34",
	  "34",
	  "",
	  "-@a7" },
	{ "a part that is empty",
	  { { "", "", "" }, { "f:a1", "0", "4096-4112/0:0@a1" } },
	  "",
	  "0",
	  "f:a1",
	  "f@a1" },
};

static void merge(struct index_draft *d, const struct part_text *texts)
{
	_cleanup_image_ struct image *image = elf_text_image(&elf);
	struct unit_part parts[PARTS_MAX];

	for (size_t i = 0; i < PARTS_MAX; i++)
		part_init(&parts[i], &texts[i]);
	assert_ok(index_merge(d, image, parts, PARTS_MAX));
	assert_ok(index_sort_rows(d));
	for (size_t i = 0; i < PARTS_MAX; i++)
		unit_part_deinit(&parts[i]);
}

/* The symbols and the section of the image. */
static void draft_init(struct index_draft *d)
{
	*d = (struct index_draft){ .base = 4096 };
	assert_ok(intern_create(&d->strings));
	d->path = "/boot/image";
	text_id(d, "");
	text_parse(d, NULL, "f@0+16 g@16+16", " ", text_symbol);
	text_parse(d, NULL, ".text@0+48", " ", text_section);
}

static char merged_file(const struct index_draft *d, uint32_t file)
{
	return file == INDEX_NONE ? '-' : intern_string(d->strings, d->files.data[file].path)[5];
}

static void add_functions(struct strbuf *text, const struct index_draft *d)
{
	vector_for_each(&d->functions, f)
		strbuf_addf(text, "%s%s:%c%u%s", text->len ? " " : "",
			    intern_string(d->strings, f->name), merged_file(d, f->file), f->line,
			    f->has_body ? "b" : "");
}

static void add_frames(struct strbuf *text, const struct index *index, const char *asked)
{
	char word[16];

	while (elf_next_word(&asked, word, sizeof(word))) {
		struct index_frame frames[4];
		size_t nr = index_frames_at(index, strtoul(word, NULL, 10), frames, 4);

		strbuf_addstr(text, text->len ? " " : "");
		for (size_t i = 0; i < nr; i++) {
			const char *path = index_file_path(index, frames[i].file);

			strbuf_addf(text, "%s%s@%c%u", i ? "<" : "",
				    frames[i].function ? frames[i].function : "-",
				    path ? path[5] : '-', frames[i].line);
		}
	}
}

static void test_parts(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct merge_case *c = &cases[i];
		const char *points = c->points;
		_cleanup_strbuf_ struct strbuf functions = STRBUF_INIT, frames = STRBUF_INIT;
		_cleanup_index_ struct index *index = NULL;
		struct index_draft draft;
		char word[16];

		draft_init(&draft);
		while (elf_next_word(&points, word, sizeof(word)))
			text_point(&draft, NULL, strtoul(word, NULL, 10), "");
		merge(&draft, c->parts);
		add_functions(&functions, &draft);
		assert_ok(index_sort_names(&draft));
		assert_ok(index_own(&draft));
		assert_ok(index_draft_finish(&draft, &index));
		add_frames(&frames, index, c->asked);
		index_draft_deinit(&draft);
		wrong += differs(c->name, "functions", &functions, c->functions);
		wrong += differs(c->name, "frames", &frames, c->frames);
	}
	assert_int_equal(wrong, 0);
}

/* Where a sequence ends, others may begin: those are active then, whatever unit comes first. */
static void test_ends_of_sequences(void **state)
{
	static const struct part_text parts[PARTS_MAX] = {
		{ .rows = "4096:a1 4112:a2" },
		{ .rows = "4112:-0 4128:-0" },
		{ .rows = "4100:b3 4112:b4 4128:-0" },
	};
	static const uint32_t lines[] = { 1, 3, 0, 2, 4, 0 };
	struct index_draft draft;

	(void)state;
	draft_init(&draft);
	merge(&draft, parts);
	assert_int_equal(draft.rows.len, 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(draft.rows.data[i].line, lines[i]);
	assert_true(index_row_is_end(&draft.rows.data[2]));
	index_draft_deinit(&draft);
}

/* Rows and spans count from the base. Spans may begin before the code or end after it. */
static void test_rows_and_spans(void **state)
{
	static const struct part_text parts[PARTS_MAX] = {
		{ .functions = "f:a1",
		  .rows = "4112:b9 4096:a3",
		  .spans = "4096-4112:0 4000-4104:-@c7 4097-18446744073709551615:0" },
		{ .functions = "g:c1 f:a1", .rows = "4096:-4", .spans = "4096-4112:1 1-2:0" },
	};
	static const struct index_span spans[] = {
		{ 0, 16, 0, INDEX_NONE, 0 },
		{ 0, 8, INDEX_NONE, 2, 7 },
		{ 0, 0, 1, INDEX_NONE, 0 },
		{ 1, UINT32_MAX, 0, INDEX_NONE, 0 },
	};
	struct index_draft draft;

	(void)state;
	draft_init(&draft);
	merge(&draft, parts);
	assert_int_equal(draft.rows.len, 3);
	assert_int_equal(draft.rows.data[0].offset, 0);
	assert_int_equal(draft.rows.data[0].line, 3);
	assert_int_equal(draft.rows.data[1].line, 4);
	assert_int_equal(draft.rows.data[1].file, INDEX_NONE);
	assert_int_equal(draft.rows.data[2].offset, 16);
	assert_int_equal(merged_file(&draft, draft.rows.data[2].file), 'b');
	assert_int_equal(draft.spans.len, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct index_span *s = &draft.spans.data[i];

		assert_int_equal(s->offset, spans[i].offset);
		assert_int_equal(s->end, spans[i].end);
		assert_int_equal(s->function, spans[i].function);
		assert_int_equal(s->line, spans[i].line);
		if (s->file != INDEX_NONE)
			assert_int_equal(merged_file(&draft, s->file), 'c');
	}
	index_draft_deinit(&draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_ends_of_sequences),
		cmocka_unit_test(test_rows_and_spans),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
