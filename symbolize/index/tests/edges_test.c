// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * States and counts of edges, and of blocks that follow from them. Graphs are text: see
 * index_text.h. Edges are in the order of the blocks.
 */
#include "symbolize/index/tests/inference_text.h"

struct edges_case {
	const char *name;
	const char *blocks;
	const char *want_blocks, *want_edges;
};

static const struct edges_case side_cases[] = {
	{ "no blocks", "", "", "" },
	{ "a missed block is left by none", "0 i > 1; 5 ir", "m h5", "n" },
	{ "a missed block is entered by none", "5 il > 1; 0 r", "h5 m", "n" },
	{ "the only way on takes all", "5 i > 1; 5 r", "h5 h5", "t5" },
	{ "what is missing went the other way", "5 i > 1 2; 3 r; 9 ir", "h5 h3 h9", "t3 t2" },
	{ "nothing is missing", "5 i > 1 2; 5 r; 9 ir", "h5 h5 h9", "t5 n" },
	{ "what is missing came the other way", "9 il > 2; 4 il > 2; 7 > 3; 7 r", "h9 h4 h7 h7",
	  "? ? t7" },
	{ "three ways, two counted", "9 i > 1 2 3; 4 r; 3 r; 8 ir", "h9 h4 h3 h8", "t4 t3 t2" },
	{ "two ways not counted", "9 i > 1 2 3; 4 r; 8 ir; 8 ir", "h9 h4 h8 h8", "t4 ? ?" },
	{ "more than there is: a task ended on its way", "5 i > 1 2; 7 r; 9 ir", "h5 h7 h9",
	  "t7 ?" },
	{ "counts do not tell where a block may be left unseen", "5 io > 1; 3 r", "h5 h3", "t3" },
	{ "nor where it may fault", "5 if > 1; 3 ir", "h5 h3", "?" },
	{ "nor where it may return", "5 il > 1; 3 ir", "h5 h3", "?" },
	{ "nor where one may be entered unseen", "5 il > 1; 5 ir", "h5 h5", "?" },
	{ "a division of none", "0 i > 1 2; 9 ir; 9 ir", "m h9 h9", "n n" },
	{ "both ends are entered by two", "4 i > 2 3; 6 i > 2 3; 5 r; 5 r", "h4 h6 h5 h5",
	  "? ? ? ?" },
};

static const struct edges_case taken_cases[] = {
	{ "a set says so often or more: taken, but not how often", "5+ i > 1; 9+ ir", "h5+ h9+",
	  "t5~" },
	{ "of two ways one was missed", "5+ i > 1 2; 0 r; 9+ ir", "h5+ m h9+", "n t5~" },
	{ "of two ways none was", "5+ i > 1 2; 3+ ir; 9+ ir", "h5+ h3+ h9+", "? ?" },
	{ "the only way in", "5+ il > 1; 9+ r", "h5+ h9+", "t9~" },
	{ "equal counts of a set mean nothing", "5+ i > 1 2; 5+ r; 9+ ir", "h5+ h5+ h9+", "t5~ ?" },
	{ "what may be reached unrecorded is a count of those who are", "5 i > 1; 3 uir", "h5 h3+",
	  "t5" },
};

static const struct edges_case block_cases[] = {
	{ "the count of a block without point is what goes in", "2 i > 2; 3 i > 2; . r",
	  "h2 h3 h5<0", "t2 t3" },
	{ "or what comes out", ". i > 1 2; 2 r; 3 r", "h5<1 h2 h3", "t2 t3" },
	{ "more than the block it follows from says", ". i > 2; 9 i > 2 3; 10 r; 4 r",
	  "h5<2 h9 h10 h4", "t5 t5 t4" },
	{ "two open ends are told by what the sides add up to", "9 i > 1 2; 4 > 3; . > 3; 9 r",
	  "h9 h4 h5<3 h9", "t4 t5 t4 t5" },
	{ "a chain behind them is told, too", "9 i > 1 2; 4 > 4; . > 3; . > 4; 9 r",
	  "h9 h4 h5<3 h5<4 h9", "t4 t5 t4 t5 t5" },
	{ "the other arm is missed when nothing is missing", "9 i > 1 2; 9 > 3; . > 3; 9 r",
	  "h9 h9 m<3 h9", "t9 n t9 n" },
	{ "an arm that may be left unseen is not", "9 i > 1 2; 9 > 3; . o > 3; 9 r", "h9 h9 m<0 h9",
	  "t9 n t9 n" },
	{ "a sum of nothing does not make a hit block", "5 i > 1; . > 2 3; 0 r; 0 r", "h5 h5<0 m m",
	  "t5 n n" },
	{ "a sum that is known twice, and differs: the first is taken",
	  "2 i > 2; 3 i > 2; . > 3 4; 4 r; 2 r", "h2 h3 h5<0 h4 h2", "t2 t3 t4 t2" },
	{ "nor one of which only that is known", "5+ i > 1; . > 2 3; 0 r; 0 r", "h5+ h5<0 m m",
	  "t5~ n n" },
	{ "what is so often or more stays so, whatever goes in", "2 i > 2; 3 i > 2; 9+ r",
	  "h2 h3 h9+", "t2 t3" },
	{ "and whatever goes through", "9 i > 1; 4+ > 2; 9 r", "h9 h4+ h9", "t9 t9" },
	{ "counts of a set add up to none", "2+ i > 2; 3 i > 2; . r", "h2+ h3 h2<0", "t2~ t3" },
	{ "a loop: those who go round do not come again", "5 i > 1; 20 > 1 2; 5 r", "h5 h20 h5",
	  "t5 t15 t5" },
	{ "a loop of a block without point stays open at its count", "5 i > 1; . > 1 2; 5 r",
	  "h5 h5<0 h5", "t5 ? t5" },
};

static const struct edges_case network_cases[] = {
	{ "a block in which two ways meet again, neither of which is known",
	  "9 i > 1 2; . > 3; . > 3; . > 4 5; 4 r; 5 r", "h9 ? ? h9<4 h4 h5", "? ? ? ? t4 t5" },
	{ "the count of a block between two divisions",
	  "9 i > 1 2; . > 3; . > 3; . > 4 5; . > 6; . > 6; 9 r", "h9 ? ? h9<1 ? ? h9",
	  "? ? ? ? ? ? ? ?" },
	{ "what leaves a loop", "7 i > 1; . > 2 3; . > 1; . > 4 5; 7 r; 0 r", "h7 h7<0 ? h7<4 h7 m",
	  "t7 ? t7 ? t7 n" },
	{ "a way round that may be left unseen hides it",
	  "9 i > 1 2; . o > 3; . > 3; . > 4 5; . r; . r", "h9 ? ? ? ? ?", "? ? ? ? ? ?" },
};

static void check(const struct edges_case *cases, size_t nr)
{
	int wrong = 0;

	for (size_t i = 0; i < nr; i++) {
		_cleanup_text_inference_ struct text_inference t;
		_cleanup_strbuf_ struct strbuf blocks = STRBUF_INIT, edges = STRBUF_INIT;

		text_infer(&t, cases[i].blocks, NULL, false);
		add_blocks(&blocks, &t.inference);
		add_edges(&edges, &t.inference);
		wrong += differs(cases[i].name, "blocks", &blocks, cases[i].want_blocks);
		wrong += differs(cases[i].name, "edges", &edges, cases[i].want_edges);
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof(*(cases)))

static void test_sides(void **state)
{
	(void)state;
	CHECK(side_cases);
}

static void test_taken(void **state)
{
	(void)state;
	CHECK(taken_cases);
}

static void test_blocks(void **state)
{
	(void)state;
	CHECK(block_cases);
}

static void test_networks(void **state)
{
	(void)state;
	CHECK(network_cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sides),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_networks),
	};

	return cmocka_run_group_tests_name("edges", tests, NULL, NULL);
}
