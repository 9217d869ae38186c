// SPDX-License-Identifier: GPL-2.0-or-later
/* Which rows and statements of a block belong to the preceding block. */
#include "symbolize/index/tests/index_text.h"

static void test_runs_into(void **state)
{
	static const struct {
		const char *name;
		const char *blocks;
		size_t block;
		bool want;
	} cases[] = {
		{ "the first has none in front", ". i > 0", 0, false },
		{ "an edge to the next", ". i > 1; . r", 1, true },
		{ "no edge", ". ir; . ir", 1, false },
		{ "an edge past it", ". i > 2; . r; . r", 1, false },
		{ "the second edge", ". i > 2 1; . r; . r", 1, true },
		{ "an edge from elsewhere", ". ir; . r; . > 1", 1, false },
		{ "a gap between them", ". i > 1; . @32+16 r", 1, false },
		{ "the last of three", ". ir; . > 2; . r", 2, true },
		{ "back to itself", ". ir; . > 1", 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct index_text text = { .blocks = cases[i].blocks };
		_cleanup_(index_draft_deinit) struct index_draft d;

		text_draft(&d, &text, NULL);
		if (runs_into(&d, cases[i].block) != cases[i].want)
			fail_msg("%s", cases[i].name);
	}
}

static void test_left_over(void **state)
{
	static const struct {
		const char *name;
		const char *blocks, *rows;
		size_t block, row;
		bool want;
	} cases[] = {
		{ "the block before has the line", ". i > 1; . r", "0:a1s 8:a2s 16:a1s 16:a3s", 1,
		  2, true },
		{ "its last line", ". i > 1; . r", "0:a1s 8:a2s 16:a2s 16:a3s", 1, 2, true },
		{ "the last row of the address is the block's own", ". i > 1; . r",
		  "0:a1s 8:a3s 16:a1s 16:a3s", 1, 3, false },
		{ "the only row of the address", ". i > 1; . r", "0:a1s 16:a1s 20:a3s", 1, 1,
		  false },
		{ "the very last row", ". i > 1; . r", "0:a1s 16:a1s", 1, 1, false },
		{ "another line", ". i > 1; . r", "0:a1s 8:a2s 16:a9s 16:a3s", 1, 2, false },
		{ "the same line of another file", ". i > 1; . r", "0:b1s 16:a1s 16:a3s", 1, 1,
		  false },
		{ "the block before has only code of it", ". i > 1; . r", "0:a1 16:a1s 16:a3s", 1,
		  1, false },
		{ "the block before has a statement, this is code", ". i > 1; . r",
		  "0:a1s 16:a1 16:a3s", 1, 1, true },
		{ "nothing runs into it", ". ir; . ir", "0:a1s 16:a1s 16:a3s", 1, 1, false },
		{ "rows within the block", ". i > 1; . r", "0:a1s 20:a1s 20:a3s", 1, 1, false },
		{ "the first block", ". i > 1; . r", "0:a1s 0:a2s", 0, 0, false },
		{ "behind another of the same address", ". i > 1; . r",
		  "0:a1s 16:a2s 16:a1s 16:a3s", 1, 2, true },
		{ "equal to one of the same address only", ". i > 1; . r",
		  "0:a2s 16:a1s 16:a1 16:a3s", 1, 2, false },
		{ "the row in force where the block before begins", ". i > 1; . > 2; . r",
		  "0:a1s 32:a1s 32:a3s", 2, 1, true },
		{ "a row there ends that", ". i > 1; . > 2; . r", "0:a1s 16:a2s 32:a1s 32:a3s", 2,
		  2, false },
		{ "a row behind its start does not", ". i > 1; . > 2; . r",
		  "0:a1s 20:a2s 32:a1s 32:a3s", 2, 2, true },
		{ "another line in force there", ". i > 1; . > 2; . r", "0:a2s 32:a1s 32:a3s", 2, 1,
		  false },
		{ "no row at all before", ". i > 1; . r", "16:a1s 16:a3s", 1, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		/* A span follows the last row in memory. It must not be read as a row at 16. */
		const struct index_text text = { .blocks = cases[i].blocks,
						 .rows = cases[i].rows,
						 .spans = "16-32:-" };
		_cleanup_(index_draft_deinit) struct index_draft d;

		text_draft(&d, &text, NULL);
		if (is_left_over(&d, cases[i].block, cases[i].row) != cases[i].want)
			fail_msg("%s", cases[i].name);
	}
}

/* The block has one row of the line, then nr other rows, before the line comes again at its end. */
static bool is_left_over_after(unsigned int nr)
{
	_cleanup_strbuf_ struct strbuf rows = STRBUF_INIT;
	_cleanup_(index_draft_deinit) struct index_draft d;

	strbuf_addstr(&rows, "0:a1s");
	for (unsigned int i = 0; i < nr; i++)
		strbuf_addf(&rows, " %u:a%us", i + 1, i + 2);
	strbuf_addstr(&rows, " 1000:a1s 1000:a5000s");
	const struct index_text text = { .blocks = ". i @0+1000 > 1; . r",
					 .rows = strbuf_str(&rows) };
	text_draft(&d, &text, NULL);
	return is_left_over(&d, 1, nr + 1);
}

/* Hostile blocks with very many rows: the search for a row is limited. */
static void test_many_rows(void **state)
{
	(void)state;
	assert_true(is_left_over_after(10));
	assert_true(is_left_over_after(511));
	assert_false(is_left_over_after(512));
	assert_false(is_left_over_after(900));
}

static void test_may_be_tail(void **state)
{
	static const struct {
		const char *name;
		const char *blocks;
		bool want; /* for block 2 */
	} cases[] = {
		{ "where two paths meet", ". i > 2 1; . > 2; . r", true },
		{ "it has a point of its own", ". i > 2 1; . > 2; 5 r", false },
		{ "it ends in a condition", ". i > 2 1; . > 2; . b > 3 4; . r; . r", false },
		{ "it is entered from elsewhere", ". i > 2 1; . > 2; . i > 3; . r", false },
		{ "the block in front goes elsewhere", ". i > 2 1; . > 3; . > 3; . r", false },
		{ "a gap between them", ". i > 2 1; . > 2; . @64+16 r", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct index_text text = { .blocks = cases[i].blocks };
		_cleanup_(index_draft_deinit) struct index_draft d;

		text_draft(&d, &text, NULL);
		if (may_be_tail(&d, 2) != cases[i].want)
			fail_msg("%s", cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs_into),
		cmocka_unit_test(test_left_over),
		cmocka_unit_test(test_many_rows),
		cmocka_unit_test(test_may_be_tail),
	};

	return cmocka_run_group_tests_name("tails", tests, NULL, NULL);
}
