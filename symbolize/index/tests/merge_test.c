// SPDX-License-Identifier: GPL-2.0-or-later
/* Merging parts, as workers read them from units, into one index. Parts are text. */
#include "symbolize/image/tests/elf_text.h"
#include "symbolize/index/tests/index_text.h"

#define PARTS_MAX   4
#define ADDRESS_MAX 8

/*
 * A part has functions "f:a1b" as in index_text.h; frames "0@a10^1": function, file and line, the
 * frame that it was inlined into; places "0>1": wanted address number 0 has frame 1. '-' is always
 * none.
 */
struct part_text {
	const char *functions, *frames, *places, *rows, *spans;
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

static void part_frames(struct unit_part *part, const char *text)
{
	char word[64];

	while (elf_next_word(&text, word, sizeof(word))) {
		struct part_frame f = { 0 };
		char function[8], file, outer[8];

		assert_int_equal(sscanf(word, "%7[-0-9]@%c%u^%7s", function, &file, &f.line, outer),
				 4);
		f.function = part_number(function);
		f.file = part_path(part, file);
		f.outer = part_number(outer);
		assert_non_null(part_frame_vector_append(&part->frames, &f));
	}
}

static void part_init(struct unit_part *part, const struct part_text *text)
{
	const char *places = text->places, *rows = text->rows, *spans = text->spans;
	char word[64], file;

	assert_ok(unit_part_init(part));
	part_functions(part, text->functions);
	part_frames(part, text->frames);
	while (elf_next_word(&places, word, sizeof(word))) {
		struct part_place p;

		assert_int_equal(sscanf(word, "%u>%u", &p.address, &p.frame), 2);
		assert_non_null(part_place_vector_append(&part->places, &p));
	}
	while (elf_next_word(&rows, word, sizeof(word))) {
		struct part_row r = { 0 };

		assert_int_equal(sscanf(word, "%" SCNu64 ":%c%u", &r.address, &file, &r.line), 3);
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

/* wanted: addresses. Expected: all functions, all frames, and the frame of each wanted address. */
static const struct merge_case {
	const char *name;
	struct part_text parts[PARTS_MAX];
	uint64_t wanted[ADDRESS_MAX];
	const char *functions, *frames, *of_wanted;
} cases[] = {
	{ "no parts: the symbol, where there is one",
	  { { 0 } },
	  { 4096, 4112, 4130 },
	  "f:-0b g:-0b",
	  "f@-0^- g@-0^- -@-0^-",
	  "0 1 2" },
	{ "two addresses of one symbol", { { 0 } }, { 4096, 4100 }, "f:-0b", "f@-0^-", "0 0" },
	{ "a frame of debug info",
	  { { "f:a1b", "0@a10^-", "0>0" } },
	  { 4096 },
	  "f:a1b",
	  "f@a10^-",
	  "0" },
	{ "an inlined chain",
	  { { "f:a1b g:b5", "0@a10^- 1@b6^0", "0>1" } },
	  { 4096 },
	  "f:a1b g:b5",
	  "f@a10^- g@b6^0",
	  "1" },
	{ "equal functions and frames of two parts are one",
	  { { "f:a1 g:b5", "1@b6^-", "0>0" }, { "g:b5b f:a1", "0@b6^-", "1>0" } },
	  { 4096, 4112 },
	  "f:a1 g:b5b",
	  "g@b6^-",
	  "0 0" },
	{ "functions of one name on other lines, or in other files, are others",
	  { { "f:a1 f:a2", "0@a1^-", "" }, { "f:b1", "0@a1^-", "0>0" } },
	  { 4096 },
	  "f:a1 f:a2 f:b1",
	  "f@a1^- f@a1^-",
	  "1" },
	{ "a function of no file",
	  { { "f:-0", "0@-0^-", "0>0" } },
	  { 4096 },
	  "f:-0",
	  "f@-0^-",
	  "0" },
	{ "the frames of a part count on their own",
	  { { "f:a1", "0@a1^- 0@a2^0", "" }, { "g:b5", "0@b6^- 0@b7^0", "0>1" } },
	  { 4096 },
	  "f:a1 g:b5",
	  "f@a1^- f@a2^0 g@b6^- g@b7^2",
	  "3" },
	{ "equal frames within others differ",
	  { { "f:a1 g:b5", "0@a1^- 0@a2^- 1@b6^0 1@b6^1", "0>2 1>3" } },
	  { 4096, 4100 },
	  "f:a1 g:b5",
	  "f@a1^- f@a2^- g@b6^0 g@b6^1",
	  "2 3" },
	{ "the first unit that has an address",
	  { { "f:a1", "0@a1^-", "1>0" }, { "g:b5", "0@b6^-", "1>0 0>0" } },
	  { 4096, 4112 },
	  "f:a1 g:b5",
	  "f@a1^- g@b6^-",
	  "1 0" },
	{ "code of no function has its symbol, at the place that is known",
	  { { "", "-@a7^-", "0>0" } },
	  { 4096 },
	  "f:a7b",
	  "-@a7^- f@a7^-",
	  "1" },
	{ "its symbol has the place of the first address",
	  { { "", "-@a7^- -@a9^-", "0>0 1>1" } },
	  { 4096, 4100 },
	  "f:a7b",
	  "-@a7^- -@a9^- f@a7^- f@a9^-",
	  "2 3" },
	{ "code of no function and no symbol",
	  { { "", "-@a7^-", "0>0" } },
	  { 4130 },
	  "",
	  "-@a7^-",
	  "0" },
	{ "a part that is empty",
	  { { "", "", "" }, { "f:a1", "0@a1^-", "0>0" } },
	  { 4096 },
	  "f:a1",
	  "f@a1^-",
	  "0" },
};

/* What the last merge made. */
struct merged {
	struct index_draft draft;
	uint32_t frames[ADDRESS_MAX];
};

static void merge(struct merged *m, const struct part_text *texts, const uint64_t *addresses,
		  size_t nr_addresses)
{
	_cleanup_image_ struct image *image = elf_text_image(&elf);
	const struct wanted wanted = { addresses, nr_addresses, NULL };
	struct unit_part parts[PARTS_MAX];

	assert_ok(intern_create(&m->draft.strings));
	m->draft.base = 4096;
	for (size_t i = 0; i < PARTS_MAX; i++)
		part_init(&parts[i], &texts[i]);
	assert_ok(index_merge(&m->draft, image, &wanted, parts, PARTS_MAX, m->frames));
	for (size_t i = 0; i < PARTS_MAX; i++)
		unit_part_deinit(&parts[i]);
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

static void add_frames(struct strbuf *text, const struct index_draft *d)
{
	vector_for_each(&d->frames, f) {
		strbuf_addf(
			text, "%s%s@%c%u^", text->len ? " " : "",
			f->function == INDEX_NONE
				? "-"
				: intern_string(d->strings, d->functions.data[f->function].name),
			merged_file(d, f->file), f->line);
		if (f->outer == INDEX_NONE)
			strbuf_addch(text, '-');
		else
			strbuf_addf(text, "%u", f->outer);
	}
}

static void test_parts(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct merge_case *c = &cases[i];
		_cleanup_strbuf_ struct strbuf functions = STRBUF_INIT, frames = STRBUF_INIT,
					       wanted = STRBUF_INIT;
		struct merged m = { 0 };
		size_t nr = 0;

		while (nr < ADDRESS_MAX && c->wanted[nr])
			nr++;
		merge(&m, c->parts, c->wanted, nr);
		add_functions(&functions, &m.draft);
		add_frames(&frames, &m.draft);
		for (size_t n = 0; n < nr; n++)
			strbuf_addf(&wanted, "%s%u", n ? " " : "", m.frames[n]);
		index_draft_deinit(&m.draft);
		wrong += differs(c->name, "functions", &functions, c->functions);
		wrong += differs(c->name, "frames", &frames, c->frames);
		wrong += differs(c->name, "wanted", &wanted, c->of_wanted);
	}
	assert_int_equal(wrong, 0);
}

/* A point gets the frame of its wanted address, or a frame made from its symbol. */
static void test_points(void **state)
{
	static const struct part_text parts[PARTS_MAX] = { { "h:a1", "0@a3^-", "1>0 2>0" } };
	static const uint64_t wanted[] = { 4096, 4100, 4112 };
	static const uint32_t offsets[] = { 0, 4, 5, 16, 40 };
	static const char *const names[] = { "f", "h", "f", "h", NULL };
	struct merged m = { 0 };

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_non_null(index_point_vector_append(
			&m.draft.points, &(struct index_point){ offsets[i], 77, 5, 0 }));
	merge(&m, parts, wanted, 3);
	for (size_t i = 0; i < 5; i++) {
		const struct index_frame *f = &m.draft.frames.data[m.draft.points.data[i].frame];

		if (!names[i])
			assert_int_equal(f->function, INDEX_NONE);
		else
			assert_string_equal(intern_string(m.draft.strings,
							  m.draft.functions.data[f->function].name),
					    names[i]);
	}
	index_draft_deinit(&m.draft);
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
	struct merged m = { 0 };

	(void)state;
	merge(&m, parts, NULL, 0);
	assert_int_equal(m.draft.rows.len, 3);
	assert_int_equal(m.draft.rows.data[0].offset, 0);
	assert_int_equal(m.draft.rows.data[0].line, 3);
	assert_int_equal(m.draft.rows.data[1].line, 4);
	assert_int_equal(m.draft.rows.data[1].file, INDEX_NONE);
	assert_int_equal(m.draft.rows.data[2].offset, 16);
	assert_int_equal(merged_file(&m.draft, m.draft.rows.data[2].file), 'b');
	assert_int_equal(m.draft.spans.len, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct index_span *s = &m.draft.spans.data[i];

		assert_int_equal(s->offset, spans[i].offset);
		assert_int_equal(s->end, spans[i].end);
		assert_int_equal(s->function, spans[i].function);
		assert_int_equal(s->line, spans[i].line);
		if (s->file != INDEX_NONE)
			assert_int_equal(merged_file(&m.draft, s->file), 'c');
	}
	index_draft_deinit(&m.draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_rows_and_spans),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
