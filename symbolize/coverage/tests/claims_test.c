// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Owners, and the claims that they make: which blocks own a line, or are part of a function.
 * Blocks, rows and spans are text.
 */
#include "base/search.h"
#include "symbolize/coverage/tests/draft_fixture.h"

#define FUNCTIONS "f:a1b g:b5 h:-0"

struct claims_case {
	const char *name;
	const char *blocks, *rows, *spans;
	const char *want_lines, *want_calls;
};

static const struct claims_case row_cases[] = {
	{ "no rows", "5 ir", "", "", "", "" },
	{ "a statement", "5 ir", "0:a1s", "", "a1:0h5rs", "" },
	{ "only code of the line", "5 ir", "0:a1", "", "a1:0h5r", "" },
	{ "a row of line 0", "5 ir", "0:a0s", "", "", "" },
	{ "a row of no file", "5 ir", "0:-1s", "", "", "" },
	{ "a missed block", "0 ir", "0:a1s", "", "a1:0mrs", "" },
	{ "a block of which nothing is known", ". ir", "0:a1s", "", "a1:0?rs", "" },
	{ "several rows of a line are one claim", "5 ir", "0:a1 4:a2s 8:a1s 12:a1", "",
	  "a1:0h5rs a2:0h5rs", "" },
	{ "zero-length rows count", "5 ir", "0:a1s 0:a2s 0:b3s", "", "a1:0h5rs a2:0h5rs b3:0h5rs",
	  "" },
	{ "lines of several files", "5 ir", "0:b9s 4:a10s 8:a2s 12:b1s", "",
	  "a2:0h5rs a10:0h5rs b1:0h5rs b9:0h5rs", "" },
	{ "the last byte of a block, and the first of the next", "5 ir; 0 ir",
	  "0:a1s 15:a2s 16:a3s", "", "a1:0h5rs a2:0h5rs a3:1mrs", "" },
	{ "rows behind the last block", "5 ir", "0:a1s 16:a2s", "", "a1:0h5rs", "" },
	{ "a line of two blocks", "5 i > 1; 5 r", "0:a1s 16:a1s", "", "a1:0h5rs a1:1h5rs", "" },
};

static const struct claims_case inherited_cases[] = {
	{ "the row in force where a block begins", "5 i > 1; 5 r", "0:a1s", "", "a1:0h5rs a1:1h5r",
	  "" },
	{ "a row there ends it", "5 i > 1; 5 r", "0:a1s 16:a2s", "", "a1:0h5rs a2:1h5rs", "" },
	{ "a row behind its start does not", "5 i > 1; 5 r", "0:a1s 18:a2s", "",
	  "a1:0h5rs a1:1h5r a2:1h5rs", "" },
	{ "it goes on over several blocks", "5 i > 1; 5 > 2; 5 r", "0:a1s", "",
	  "a1:0h5rs a1:1h5r a1:2h5r", "" },
	{ "not across a gap", "5 i > 1; 5 @64+16 r", "0:a1s", "", "a1:0h5rs", "" },
	{ "not to what nothing leads to", "5 ir; 5 r", "0:a1s", "", "a1:0h5rs", "" },
	{ "what is entered from elsewhere has a way in", "5 ir; 5 ir", "0:a1s", "",
	  "a1:0h5rs a1:1h5r", "" },
	{ "a row of line 0 is in force, too", "5 i > 1; 5 r", "0:a1s 8:a0", "", "a1:0h5rs", "" },
	{ "the first block inherits nothing", "5 ir @16+16", "0:a1s", "", "a1:0h5rs", "" },
	{ "in clang's code it is a statement", "5 i > 1; 5 r", "0:a1e", "", "a1:0h5rs a1:1h5rs",
	  "" },
};

static const struct claims_case left_over_cases[] = {
	{ "a row left over by the block before", "5 i > 1; 0 r", "0:a1s 16:a1s 16:a2s", "",
	  "a1:0h5rs a2:1mrs", "" },
	{ "its last row at that address is its own", "5 i > 1; 0 r", "0:a1s 16:a2s 16:a1s", "",
	  "a1:0h5rs a1:1mrs a2:1mrs", "" },
};

static const struct claims_case tail_cases[] = {
	{ "an end of the missed block in front", "5 i > 2 1; 0 > 2; . r", "0:a1s 16:a2s 32:a3st",
	  "", "a1:0h5rs a2:1mrs a3:2h5rst", "" },
	{ "a compiler that leaves ends alone", "5 i > 2 1; 0 > 2; . r", "0:a1s 16:a2s 32:a3s", "",
	  "a1:0h5rs a2:1mrs a3:2h5rs", "" },
	{ "only code of the line", "5 i > 2 1; 0 > 2; . r", "0:a1s 16:a2s 32:a3t", "",
	  "a1:0h5rs a2:1mrs a3:2h5r", "" },
	{ "the block in front was hit", "5 i > 2 1; 4 > 2; 5 r", "0:a1s 16:a2s 32:a3st", "",
	  "a1:0h5rs a2:1h4rs a3:2h5rs", "" },
};

static const struct claims_case edge_cases[] = {
	{ "clang: a missed block with the line of the jump to it has only code of it",
	  "5 ib > 1 2; 0 > 2; 5 r", "0:a1e 16:a1e 32:a3e", "", "a1:0h5rs a1:1mr a3:2h5rs", "" },
	{ "a hit one has the statement", "5 ib > 1 2; 4 > 2; 5 r", "0:a1e 16:a1e 32:a3e", "",
	  "a1:0h5rs a1:1h4rs a3:2h5rs", "" },
	{ "of a jump that is none", "5 i > 1 2; 0 > 2; 5 r", "0:a1e 16:a1e 32:a3e", "",
	  "a1:0h5rs a1:1mrs a3:2h5rs", "" },
	{ "the jump has another line", "5 ib > 1 2; 0 > 2; 5 r", "0:a1e 12:a2e 16:a1e 32:a3e", "",
	  "a1:0h5rs a1:1mrs a2:0h5rs a3:2h5rs", "" },
	{ "the jump has that line of another file", "5 ib > 1 2; 0 > 2; 5 r", "0:b1e 16:a1e 32:a3e",
	  "", "a1:1mrs a3:2h5rs b1:0h5rs", "" },
	{ "a later line of the block is a statement", "5 ib > 1 2; 0 > 2; 5 r",
	  "0:a1e 16:a1e 20:a2e 32:a3e", "", "a1:0h5rs a1:1mr a2:1mrs a3:2h5rs", "" },
	{ "the first line again, later", "5 ib > 1 2; 0 > 2; 5 r",
	  "0:a1e 16:a1e 20:a2e 24:a1e 32:a3e", "", "a1:0h5rs a1:1mr a2:1mrs a3:2h5rs", "" },
	{ "the line is in force where the block begins", "5 ib > 1 2; 0 > 2; 5 r", "0:a1e 32:a3e",
	  "", "a1:0h5rs a1:1mr a3:2h5rs", "" },
	{ "gcc: the same is a statement", "5 ib > 1 2; 0 > 2; 5 r", "0:a1s 16:a1s 32:a3s", "",
	  "a1:0h5rs a1:1mrs a3:2h5rs", "" },
};

static const struct claims_case span_cases[] = {
	{ "a function out of line", "5 ir", "0:a1s", "0-16:0", "a1:0h5rs", "f:0h5s" },
	{ "blocks without a statement are part of it", "5 i > 1; 5 r", "0:a1s", "0-32:0",
	  "a1:0h5rs a1:1h5r", "f:0h5s f:1h5" },
	{ "a block that begins in front of it", "5 ir", "0:a1s 8:a2s", "8-16:0",
	  "a1:0h5rs a2:0h5rs", "f:0h5s" },
	{ "a statement in front of its part says nothing", "5 ir", "0:a1s", "8-16:0", "a1:0h5rs",
	  "f:0h5" },
	{ "a statement behind its part says nothing", "5 ir", "0:a1 8:a2s", "0-8:0",
	  "a1:0h5r a2:0h5rs", "f:0h5" },
	{ "a span of no code", "5 ir; 5 ir", "0:a1s", "16-16:0", "a1:0h5rs a1:1h5r", "" },
	{ "a span in no block", "5 ir; 5 ir @64+16", "0:a1s", "16-64:0", "a1:0h5rs", "" },
	{ "a span of several blocks, with a gap", "5 ir; 0 ir @64+16", "0:a1s 64:a2s", "0-80:0",
	  "a1:0h5rs a2:1mrs", "f:0h5s f:1ms" },
	{ "a function that is inlined owns its call and its declaration", "5 ir", "0:a7s 4:b6s",
	  "4-8:1@a7", "a7:0h5rs b5:0h5s b6:0h5rs", "g:0h5s" },
	{ "without a statement there", "5 ir", "0:a7s 4:b6", "4-8:1@a8",
	  "a7:0h5rs a8:0h5 b5:0h5 b6:0h5r", "g:0h5" },
	{ "a call of which no line is known", "5 ir", "0:a7s 4:b6s", "4-8:1@a0",
	  "a7:0h5rs b6:0h5rs", "g:0h5s" },
	{ "a call of no known function", "5 ir", "0:a7s", "4-8:-@a9", "a7:0h5rs a9:0h5", "" },
	{ "a function of no known place", "5 ir", "0:a7s", "4-8:2@a9", "a7:0h5rs a9:0h5", "" },
	{ "the same function twice in one block", "5 ir", "0:a7s 4:b6s 8:a7s 12:b6s",
	  "4-8:1@a7 12-16:1@a7", "a7:0h5rs b5:0h5s b6:0h5rs", "g:0h5s" },
	{ "an end of the missed block in front", "5 i > 2 1; 0 > 2; . r", "0:a1s 16:a2s 32:b6st",
	  "32-48:1@a9", "a1:0h5rs a2:1mrs a9:2h5 b5:2h5st b6:2h5rst", "g:2h5st" },
	{ "clang: all of a hit block is its code", "5 ir", "0:a7e 4:b6e", "8-12:1@a7",
	  "a7:0h5rs b5:0h5s b6:0h5rs", "g:0h5s" },
	{ "clang: a missed block needs a row", "0 ir", "0:a7e 4:b6e", "8-12:1@a9",
	  "a7:0mrs a9:0m b5:0m b6:0mrs", "g:0m" },
	{ "clang: a missed block with one", "0 ir", "0:a7e 4:b6e", "4-12:1@a9",
	  "a7:0mrs a9:0m b5:0ms b6:0mrs", "g:0ms" },
};

/* f is at 0 to 32, and returns on line 9. */
static const struct claims_case return_cases[] = {
	{ "clang: a hit tail call returns, too", "5 il; 3 lr", "0:a2e 16:a9e", "",
	  "a2:0h5rs a9:0h5s a9:1h3rs", "" },
	{ "a missed one says nothing: there are other ways", "0 il; 3 lr", "0:a2e 16:a9e", "",
	  "a2:0mrs a9:1h3rs", "" },
	{ "a hit block of an inlined instance has the return", "5 i > 1; 5 lr; 4 ir s1",
	  "0:a2e 16:a9e 32:a7e", "0-32:0 32-40:0@a7",
	  "a1:2h4s a2:0h5rs a2:2h4s a7:2h4rs a9:1h5rs a9:2h4s", "f:0h5s f:1h5s f:2h4s" },
	{ "a missed one has neither", "5 i > 1; 5 lr; 0 ir s1", "0:a2e 16:a9e 32:a7e",
	  "0-32:0 32-40:0@a7", "a1:2ms a2:0h5rs a7:2mrs a9:1h5rs", "f:0h5s f:1h5s f:2ms" },
	{ "of two instances the one executed most has the beginning",
	  "5 i > 1; 5 lr; 4 ir s1; 6 ir s1", "0:a2e 16:a9e 32:a7e 48:a8e",
	  "0-32:0 32-40:0@a7 48-56:0@a8",
	  "a1:2h4s a1:3h6s a2:0h5rs a2:3h6s a7:2h4rs a8:3h6rs a9:1h5rs a9:2h4s a9:3h6s",
	  "f:0h5s f:1h5s f:2h4s f:3h6s" },
	{ "of two executed as often the first", "5 i > 1; 5 lr; 4 ir s1; 4 ir s1",
	  "0:a2e 16:a9e 32:a7e 48:a8e", "0-32:0 32-40:0@a7 48-56:0@a8",
	  "a1:2h4s a1:3h4s a2:0h5rs a2:2h4s a7:2h4rs a8:3h4rs a9:1h5rs a9:2h4s a9:3h4s",
	  "f:0h5s f:1h5s f:2h4s f:3h4s" },
	{ "gcc: none of it", "5 i > 1; 5 lr; 4 ir s1", "0:a2s 16:a9s 32:a7s", "0-32:0 32-40:0@a7",
	  "a1:2h4s a2:0h5rs a7:2h4rs a9:1h5rs", "f:0h5s f:1h5s f:2h4s" },
};

/* A claim, and what sorts it. id is the line, or the number of the function. */
struct listed {
	uint32_t file, id, symbol;
	struct claim claim;
};

DEFINE_VECTOR(listed_vector, struct listed);

static int compare_listed(const void *va, const void *vb)
{
	const struct listed *a = va, *b = vb;

	if (a->file != b->file)
		return compare_values(a->file, b->file);
	if (a->id != b->id)
		return compare_values(a->id, b->id);
	if (a->symbol != b->symbol)
		return compare_values(a->symbol, b->symbol);
	return compare_values(a->claim.block, b->claim.block);
}

static void list_claims(struct listed_vector *list, const struct draft_image *image, uint32_t file,
			uint32_t id, const struct claim_vector *claims)
{
	vector_for_each(claims, c) {
		const struct listed listed = { file, id,
					       image->inference.graph.blocks[c->block].symbol, *c };

		assert_non_null(listed_vector_append(list, &listed));
	}
}

static void list_line(struct listed_vector *list, const struct draft_image *image, uint32_t number,
		      const struct claim_vector *claims)
{
	size_t nr;
	const struct index_file *files = index_files(image->input->index, &nr);

	for (uint32_t i = 0; i < nr; i++) {
		struct line_reader reader = line_reader(image->input->index, i);
		uint32_t id = files[i].first_line;

		for (struct index_line line; line_next(&reader, &line); id++)
			if (id == number)
				list_claims(list, image, i, line.line, claims);
	}
}

static void list_runs(struct listed_vector *list, struct draft_image *image, uint32_t group,
		      enum owner_list of)
{
	struct owner_reader reader = owner_reader(image->input->index, group, of);
	struct claim_vector claims = VECTOR_INIT;
	struct owner_run run = { 0 };

	for (bool more;;) {
		assert_ok(owner_next(&reader, &run, &more));
		if (!more)
			break;
		if (of == OWNERS_OF_LINES) {
			assert_ok(coverage_line_claims(image, &run, &claims));
			list_line(list, image, run.id, &claims);
			continue;
		}
		claims.len = 0;
		for (size_t i = 0; i < run.nr; i++) {
			struct claim claim;

			if (judge_owner(image->inference.blocks, run.owners[i], &claim))
				assert_non_null(claim_vector_append(&claims, &claim));
		}
		list_claims(list, image, 0, run.id, &claims);
	}
	claim_vector_deinit(&claims);
	free(run.owners);
}

/* Lines that are owned only by a block that entered an inlined function. */
static void list_entries(struct listed_vector *list, struct draft_image *image)
{
	struct claim_vector claims = VECTOR_INIT;
	uint32_t line;
	size_t next = 0;

	while (!coverage_next_entry(image, &next, &line, &claims) && claims.len)
		list_line(list, image, line, &claims);
	claim_vector_deinit(&claims);
}

static void list_claim(struct strbuf *text, const struct claim *claim)
{
	strbuf_addf(text, ":%u", claim->block);
	add_state(text, claim->state, claim->count);
	strbuf_addf(text, "%s%s%s", claim->kinds & CLAIM_ROW ? "r" : "",
		    claim->kinds & CLAIM_STMT ? "s" : "", claim->kinds & CLAIM_TAIL ? "t" : "");
}

/* "a10:0h5rs": line 10 of a, block 0 and its state, CLAIM_ROW and CLAIM_STMT; t is CLAIM_TAIL. */
static void add_line_claims(struct strbuf *text, struct draft_image *image)
{
	struct listed_vector list = VECTOR_INIT;

	for (uint32_t g = 0; g < image->inference.graph.nr_groups; g++)
		list_runs(&list, image, g, OWNERS_OF_LINES);
	list_entries(&list, image);
	if (list.len)
		qsort(list.data, list.len, sizeof(*list.data), compare_listed);
	vector_for_each(&list, l) {
		strbuf_addf(text, "%s%c%u", text->len ? " " : "",
			    index_file_path(image->input->index, l->file)[strlen("/src/")], l->id);
		list_claim(text, &l->claim);
	}
	listed_vector_deinit(&list);
}

/* "f:0h5s": the same for function f. */
static void add_function_claims(struct strbuf *text, struct draft_image *image)
{
	struct listed_vector list = VECTOR_INIT;

	for (uint32_t g = 0; g < image->inference.graph.nr_groups; g++)
		list_runs(&list, image, g, OWNERS_OF_FUNCTIONS);
	if (list.len)
		qsort(list.data, list.len, sizeof(*list.data), compare_listed);
	vector_for_each(&list, l) {
		strbuf_addf(text, "%s%s", text->len ? " " : "",
			    index_function_name(image->input->index, l->id));
		list_claim(text, &l->claim);
	}
	listed_vector_deinit(&list);
}

/* All groups, those without a recorded point too. */
static void infer_all(struct draft_fixture *f)
{
	assert_ok(coverage_infer(&f->draft));
	for (uint32_t g = 0; g < f->images[0].inference.graph.nr_groups; g++)
		assert_ok(coverage_infer_group(&f->images[0], g));
	assert_ok(coverage_judge(&f->draft));
}

static void check(const struct claims_case *cases, size_t nr)
{
	int wrong = 0;

	for (size_t i = 0; i < nr; i++) {
		const struct index_text text = { .blocks = cases[i].blocks,
						 .rows = cases[i].rows,
						 .spans = cases[i].spans,
						 .symbols = "f@0+32 g@32+64",
						 .functions = FUNCTIONS };
		_cleanup_draft_fixture_ struct draft_fixture f;
		_cleanup_strbuf_ struct strbuf lines = STRBUF_INIT, functions = STRBUF_INIT;

		draft_fixture_init(&f, &text, 1);
		infer_all(&f);
		add_line_claims(&lines, &f.images[0]);
		add_function_claims(&functions, &f.images[0]);
		wrong += differs(cases[i].name, "lines", &lines, cases[i].want_lines);
		wrong += differs(cases[i].name, "functions", &functions, cases[i].want_calls);
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof(*(cases)))

static void test_rows(void **state)
{
	(void)state;
	CHECK(row_cases);
}

static void test_inherited_rows(void **state)
{
	(void)state;
	CHECK(inherited_cases);
}

static void test_left_over_rows(void **state)
{
	(void)state;
	CHECK(left_over_cases);
}

static void test_tails(void **state)
{
	(void)state;
	CHECK(tail_cases);
}

static void test_points_of_edges(void **state)
{
	(void)state;
	CHECK(edge_cases);
}

static void test_spans(void **state)
{
	(void)state;
	CHECK(span_cases);
}

static void test_returns(void **state)
{
	(void)state;
	CHECK(return_cases);
}

/* Hostile debug info: functions that are all nested in each other. */
static void test_spans_without_end(void **state)
{
	enum { BLOCKS = 300, SPANS = 400 };
	_cleanup_strbuf_ struct strbuf blocks = STRBUF_INIT, spans = STRBUF_INIT;
	struct index *index;

	(void)state;
	for (int i = 0; i < BLOCKS; i++)
		strbuf_addstr(&blocks, i ? ";. ir" : ". ir");
	for (int i = 0; i < SPANS; i++)
		strbuf_addf(&spans, "0-%d:0 ", BLOCKS * BLOCK_SIZE - i % 2);
	const struct index_text text = { .blocks = strbuf_str(&blocks),
					 .spans = strbuf_str(&spans),
					 .functions = FUNCTIONS };
	_cleanup_error_ struct error *err = text_build(&text, NULL, &index);
	assert_non_null(err);
	assert_int_equal(err->code, ERROR_FORMAT);
	assert_non_null(strstr(err->message, "'/boot/image'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_inherited_rows),
		cmocka_unit_test(test_left_over_rows),
		cmocka_unit_test(test_tails),
		cmocka_unit_test(test_points_of_edges),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_returns),
		cmocka_unit_test(test_spans_without_end),
	};

	return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
