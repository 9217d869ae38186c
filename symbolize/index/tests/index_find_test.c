// SPDX-License-Identifier: GPL-2.0-or-later
/* Lookups in an index by offset and by name, and the order of rows and spans. */
#include "symbolize/index/tests/index_text.h"

/* Functions, labels and gaps, with the same results as image_find_symbol(). */
static const struct index_text found = {
	.blocks = "1 ir; 1 i @16+8 r; 1,1 i @64+16 r",
	.symbols = "outer@0+48 alias@0+48 inner@8+8 label@12+0l empty@20+0 next@64+16 "
		   "tail@80+0l elsewhere@200+0x",
	.sections = ".text@0+48 .exit.text@64+32 .init.text@96+16u",
	.calls = "8+5>1 14+2* 64+5",
	.functions = "f:a1b g:b5 h:-0",
	.base = 4096,
};

static void test_symbols(void **state)
{
	static const struct {
		const char *name;
		uint32_t offset;
		const char *want;
	} cases[] = {
		{ "the first byte, of two names the first", 0, "outer" },
		{ "an inner function", 8, "inner" },
		{ "a label within it does not hide it", 12, "inner" },
		{ "nor does it behind the label", 13, "inner" },
		{ "behind it the outer one again", 16, "outer" },
		{ "a function of no size, at its place", 20, "empty" },
		{ "behind that the outer one", 21, "outer" },
		{ "the last byte", 47, "outer" },
		{ "behind it, in no section", 48, NULL },
		{ "the first byte of the next section", 64, "next" },
		{ "a label has what follows it", 90, "tail" },
		{ "up to the end of its section", 96, NULL },
		{ "where another image's symbol stands", 200, "elsewhere" },
		{ "behind all", 201, NULL },
		{ "the last offset", UINT32_MAX, NULL },
	};
	_cleanup_index_ struct index *index = text_index(&found, NULL);
	size_t nr;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint32_t symbol = index_find_symbol(index, cases[i].offset);
		const char *name =
			symbol == INDEX_NONE
				? "-"
				: index_string(index, index_symbols(index, &nr)[symbol].name);

		if (strcmp(name, cases[i].want ? cases[i].want : "-"))
			fail_msg("%s: %s", cases[i].name, name);
	}
}

/* The last point and call at or before an offset; the block and section that contain it. */
static void test_offsets(void **state)
{
	static const struct {
		uint32_t offset;
		uint32_t point, call, block, section;
	} cases[] = {
		{ 0, 0, INDEX_NONE, 0, 0 },
		{ 7, 0, INDEX_NONE, 0, 0 },
		{ 8, 0, 0, 0, 0 },
		{ 15, 0, 1, 0, 0 },
		{ 16, 1, 1, 1, 0 },
		{ 23, 1, 1, 1, 0 },
		{ 24, 1, 1, INDEX_NONE, 0 },
		{ 48, 1, 1, INDEX_NONE, INDEX_NONE },
		{ 63, 1, 1, INDEX_NONE, INDEX_NONE },
		{ 64, 2, 2, 2, 1 },
		{ 69, 3, 2, 2, 1 },
		{ 79, 3, 2, 2, 1 },
		{ 80, 3, 2, INDEX_NONE, 1 },
		{ 96, 3, 2, INDEX_NONE, 2 },
		{ 111, 3, 2, INDEX_NONE, 2 },
		{ 112, 3, 2, INDEX_NONE, INDEX_NONE },
		{ UINT32_MAX, 3, 2, INDEX_NONE, INDEX_NONE },
	};
	_cleanup_index_ struct index *index = text_index(&found, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint32_t at = cases[i].offset;

		if (index_find_point(index, at) != cases[i].point ||
		    index_find_call(index, at) != cases[i].call ||
		    index_find_block(index, at) != cases[i].block ||
		    index_find_section(index, at) != cases[i].section)
			fail_msg("offset %u: point %u, call %u, block %u, section %u", at,
				 index_find_point(index, at), index_find_call(index, at),
				 index_find_block(index, at), index_find_section(index, at));
	}
}

static void test_nothing(void **state)
{
	const struct index_text text = { .symbols = "", .sections = "" };
	_cleanup_index_ struct index *index = text_index(&text, NULL);
	size_t nr;

	(void)state;
	assert_int_equal(index_find_point(index, 0), INDEX_NONE);
	assert_int_equal(index_find_block(index, 0), INDEX_NONE);
	assert_int_equal(index_find_section(index, UINT32_MAX), INDEX_NONE);
	assert_int_equal(index_find_symbol(index, 0), INDEX_NONE);
	assert_int_equal(index_find_name(index, ""), INDEX_NONE);
	index_blocks(index, &nr);
	assert_int_equal(nr, 0);
	index_destroy(NULL);
}

static void test_names(void **state)
{
	_cleanup_index_ struct index *index = text_index(&found, NULL);

	(void)state;
	assert_int_equal(index_find_name(index, "outer"), 0);
	assert_int_equal(index_find_name(index, "tail"), 6);
	assert_int_equal(index_find_name(index, "out"), INDEX_NONE);
	/* A symbol of another image is not found. */
	assert_int_equal(index_find_name(index, "elsewhere"), INDEX_NONE);
	assert_string_equal(index_path(index), "/boot/image");
	assert_string_equal(index_file_path(index, 1), "/src/b.c");
	assert_null(index_file_path(index, INDEX_NONE));
	assert_string_equal(index_function_name(index, 1), "g");
	assert_null(index_function_name(index, INDEX_NONE));
	assert_int_equal(index_base(index), 4096);
	assert_false(index_is_module(index));
}

static void add_rows(struct strbuf *text, const struct index_draft *d)
{
	vector_for_each(&d->rows, r)
		strbuf_addf(text, "%s%u:%c%u%s%s", text->len ? " " : "", r->offset, 'a' + r->file,
			    r->line, r->flags & INDEX_ROW_STMT ? "s" : "",
			    r->flags & INDEX_ROW_EXACT ? "e" : "");
}

static void add_spans(struct strbuf *text, const struct index_draft *d)
{
	vector_for_each(&d->spans, s) {
		strbuf_addf(text, "%s%u-%u:%u", text->len ? " " : "", s->offset, s->end,
			    s->function);
		if (s->file != INDEX_NONE)
			strbuf_addf(text, "@%c%u", 'a' + s->file, s->line);
	}
}

static const struct {
	const char *name;
	const char *rows, *spans;
	const char *want_rows, *want_spans;
} orders[] = {
	{ "nothing", "", "", "", "" },
	{ "one of each", "0:a1s", "0-8:0", "0:a1s", "0-8:0" },
	{ "by offset", "8:a1s 0:a2 4:a3", "8-16:0 0-8:1 4-8:2", "0:a2 4:a3 8:a1s",
	  "0-8:1 4-8:2 8-16:0" },
	{ "rows of one address keep their order", "4:a9 4:a1 4:b5 4:a3", "", "4:a9 4:a1 4:b5 4:a3",
	  "" },
	{ "between others that move", "8:a9 0:a5 8:a1 4:a1 8:a3 0:a4", "",
	  "0:a5 0:a4 4:a1 8:a9 8:a1 8:a3", "" },
	{ "equal rows one after the other are one", "4:a1s 4:a1s 4:a1s", "", "4:a1s", "" },
	{ "not with another between them: the last is in force", "4:a1 4:a2 4:a1", "",
	  "4:a1 4:a2 4:a1", "" },
	{ "rows that differ in a flag", "4:a1s 4:a1 4:a1e", "", "4:a1s 4:a1 4:a1e", "" },
	{ "equal rows of several units", "4:a1 8:a1 4:a1", "", "4:a1 8:a1", "" },
	{ "the outer span first", "", "0-4:0 0-16:1 0-8:2", "", "0-16:1 0-8:2 0-4:0" },
	{ "equal spans are one, whatever is between them", "", "0-8:1 0-8:0 0-8:1", "",
	  "0-8:0 0-8:1" },
	{ "spans that differ in their call", "", "0-8:0@a5 0-8:0 0-8:0@a5", "", "0-8:0@a5 0-8:0" },
	{ "the largest offsets", "4294967295:a1 0:a2", "0-4294967295:0 0-4294967294:1",
	  "0:a2 4294967295:a1", "0-4294967295:0 0-4294967294:1" },
};

static void test_orders(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
		_cleanup_strbuf_ struct strbuf rows = STRBUF_INIT, spans = STRBUF_INIT;
		struct index_draft d = { 0 };

		text_parse(&d, NULL, orders[i].rows, " ", text_row);
		text_parse(&d, NULL, orders[i].spans, " ", text_span);
		assert_ok(index_sort_rows(&d));
		add_rows(&rows, &d);
		add_spans(&spans, &d);
		index_draft_deinit(&d);
		wrong += differs(orders[i].name, "rows", &rows, orders[i].want_rows);
		wrong += differs(orders[i].name, "spans", &spans, orders[i].want_spans);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_symbols), cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_names),
		cmocka_unit_test(test_orders),
	};

	return cmocka_run_group_tests_name("index_find", tests, NULL, NULL);
}
