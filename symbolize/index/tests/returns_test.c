// SPDX-License-Identifier: GPL-2.0-or-later
/* Finding the lines on which functions return, and their entry blocks. */
#include "symbolize/index/tests/index_text.h"

#define TWO_SYMBOLS   "f@0+32 g@32+32"
#define TWO_FUNCTIONS "f:a1b g:a5b"

/* "1 - 0": numbers; '-' is INDEX_NONE. */
static void add_list(struct strbuf *text, const uint32_t *list, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (list[i] == INDEX_NONE)
			strbuf_addstr(text, i ? " -" : "-");
		else
			strbuf_addf(text, "%s%u", i ? " " : "", list[i]);
}

/* The expected row of the return, for each block and for each function. */
static const struct {
	const char *name;
	const char *blocks, *rows, *spans;
	const char *want_blocks, *want_functions;
} return_cases[] = {
	{ "no code", "", "", "", "", "- -" },
	{ "a tail call has the return of its function", ". il; . lr; . lr s1",
	  "0:a1e 16:a9e 32:a5e", "", "1 - -", "- -" },
	{ "a return is no tail call", ". ilr; . lr", "0:a9e", "", "- -", "- -" },
	{ "rows of gcc say nothing", ". il; . lr", "0:a1s 16:a9s", "", "- -", "- -" },
	{ "nor do rows of line 0", ". il; . lr", "0:a1e 16:a0e", "", "- -", "- -" },
	{ "nor do those of two lines", ". il; . lr; . lr", "0:a1e 16:a9e 32:a8e", "", "- - -",
	  "- -" },
	{ "nor do those of two files", ". il; . lr; . lr", "0:a1e 16:a9e 32:b9e", "", "- - -",
	  "- -" },
	{ "a third return does not help", ". il; . lr; . lr; . lr", "0:a1e 16:a9e 32:a8e 48:a9e",
	  "", "- - - -", "- -" },
	{ "two of one line: the first", ". il; . lr; . lr", "0:a1e 16:a9e 24:a8 32:a9e", "",
	  "- - -", "- -" },
	{ "two of one line, by their last rows", ". il; . lr; . lr", "0:a1e 16:a8e 24:a9e 32:a9e",
	  "", "2 - -", "- -" },
	{ "the last row before the end of the block", ". il; . lr; . lr s1",
	  "0:a1e 16:a8e 31:a9e 32:a5e", "", "2 - -", "- -" },
	{ "a row in force from before it", ". il; . lr", "0:a9e", "", "0 -", "- -" },
	{ "no row before its end", ". il; . lr", "32:a9e", "", "- -", "- -" },
	{ "a function without a return", ". il; . il s1", "0:a1e 16:a9e", "", "- -", "- -" },
	{ "a jump to another instrumented function", ". i > 2; . lr; . lr s1",
	  "0:a1e 16:a9e 32:a5e", "", "1 - -", "- -" },
	{ "a jump within the function", ". i > 1; . lr", "0:a1e 16:a9e", "", "- -", "- -" },
	{ "a branch", ". i > 1 2; . lr; . lr s1", "0:a1e 16:a9e 32:a5e", "", "- - -", "- -" },
	{ "a jump to another function, or away", ". il > 2; . lr; . lr s1", "0:a1e 16:a9e 32:a5e",
	  "", "- - -", "- -" },
	{ "an end that is not known", ". io; . lr", "0:a1e 16:a9e", "", "- -", "- -" },
	{ "blocks of no symbol", ". il s-; . lr s-", "0:a1e 16:a9e", "", "- -", "- -" },
	{ "the last block is a tail call", ". lr; . l", "0:a9e 16:a2e", "", "- 0", "- -" },
	{ "functions have the return of their symbol", ". i > 1; . lr; . lr s1",
	  "0:a1e 16:a9e 32:a5e", "0-32:0 32-48:1", "- - -", "1 2" },
	{ "not where they are inlined", ". i > 1; . lr", "0:a1e 16:a9e", "0-32:0 4-8:1@a3", "- -",
	  "1 -" },
	{ "code of no function", ". i > 1; . lr", "0:a1e 16:a9e", "0-32:-", "- -", "- -" },
	{ "a function that begins in no block", ". i > 1; . lr", "0:a1e 16:a9e", "100-132:0", "- -",
	  "- -" },
	{ "a function of a symbol that returns on several lines", ". lr; . lr", "0:a1e 16:a9e",
	  "0-32:0", "- -", "- -" },
	{ "a function that begins in a block of no symbol", ". i s- > 1; . lr", "0:a1e 16:a9e",
	  "0-32:0", "- -", "- -" },
};

static void test_returns(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(return_cases) / sizeof(*return_cases); i++) {
		const struct index_text text = { .blocks = return_cases[i].blocks,
						 .rows = return_cases[i].rows,
						 .spans = return_cases[i].spans,
						 .symbols = TWO_SYMBOLS,
						 .functions = TWO_FUNCTIONS };
		_cleanup_(index_draft_deinit) struct index_draft d;
		_cleanup_free_ uint32_t *of_block = NULL, *of_function = NULL;
		_cleanup_strbuf_ struct strbuf blocks = STRBUF_INIT, functions = STRBUF_INIT;

		text_draft(&d, &text, NULL);
		assert_ok(find_returns(&d, &of_block, &of_function));
		add_list(&blocks, of_block, d.blocks.len);
		add_list(&functions, of_function, 2);
		wrong += differs(return_cases[i].name, "blocks", &blocks,
				 return_cases[i].want_blocks);
		wrong += differs(return_cases[i].name, "functions", &functions,
				 return_cases[i].want_functions);
	}
	assert_int_equal(wrong, 0);
}

/* The expected entry block of each function. */
static const struct {
	const char *name;
	const char *blocks, *spans;
	const char *want;
} entry_cases[] = {
	{ "no code", "", "", "- -" },
	{ "two functions", ". i > 1; . lr; . ilr", "0-32:0 32-48:1", "0 2" },
	{ "a part that was put elsewhere", ". ilr; . lr", "0-16:0 16-32:0", "0 -" },
	{ "two copies are none", ". ilr; . ilr", "0-16:0 16-32:0", "- -" },
	{ "so are three", ". ilr; . ilr; . ilr", "0-16:0 16-32:0 32-48:0", "- -" },
	{ "it begins within a block", ". ilr", "4-16:0", "- -" },
	{ "it begins in no block", ". ilr", "64-80:0", "- -" },
	{ "it is inlined where a function begins", ". ilr", "0-8:0@a3", "- -" },
	{ "the outer of two that begin together", ". ilr", "0-16:0 0-16:1", "0 -" },
	{ "the next block begins another", ". ilr; . ilr", "0-16:0 0-16:1 16-32:1", "0 1" },
	{ "code of no function", ". ilr", "0-16:- 0-16:1", "- 0" },
};

static void test_entries(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(entry_cases) / sizeof(*entry_cases); i++) {
		const struct index_text text = { .blocks = entry_cases[i].blocks,
						 .spans = entry_cases[i].spans,
						 .functions = TWO_FUNCTIONS };
		_cleanup_(index_draft_deinit) struct index_draft d;
		_cleanup_free_ uint32_t *entries = NULL;
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;

		text_draft(&d, &text, NULL);
		assert_ok(find_entries(&d, &entries));
		add_list(&got, entries, 2);
		wrong += differs(entry_cases[i].name, "entries", &got, entry_cases[i].want);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_returns),
		cmocka_unit_test(test_entries),
	};

	return cmocka_run_group_tests_name("returns", tests, NULL, NULL);
}
