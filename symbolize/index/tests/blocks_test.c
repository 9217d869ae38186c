// SPDX-License-Identifier: GPL-2.0-or-later
/* States of blocks, inferred from recorded points. Graphs are text: see index_text.h. */
#include "symbolize/index/tests/inference_text.h"

struct blocks_case {
	const char *name;
	const char *blocks;
	const char *want;
	const char *rows;
};

static const struct blocks_case point_cases[] = {
	{ "no blocks", "", "" },
	{ "a recorded point", "5 ir", "h5" },
	{ "one that was not", "0 ir", "m" },
	{ "no point", ". ir", "?" },
	{ "the largest count of several points", "3,7,5 ir", "h7" },
	{ "one of several points was recorded", "0,0,2 ir", "h2" },
	{ "none of several", "0,0 ir", "m" },
	{ "the largest count there is", "18446744073709551615 ir", "h18446744073709551615" },
	{ "so often or more", "5+ ir", "h5+" },
	{ "one point of which that is so makes the block so", "7,5+ ir", "h7+" },
	{ "a tail jump that was executed", "j4 ir", "h4" },
	{ "a tail jump records nothing", "j0 ir", "?" },
	{ "a point beside a tail jump tells", "0,j0 ir", "m" },
	{ "a tail jump before a point that was recorded", "j0,3 ir", "h3" },
	{ "an exit callback that was recorded", "e4 ir", "h4" },
	{ "one that was not", "e0 ir", "?" },
	{ "after a point that was", "5,e0 ir", "h5" },
	{ "after a point that was not", "0,e0 ir", "m" },
	{ "a point that tasks reach that are not recorded", "0 iru", "?" },
	{ "the same, recorded by others", "6 iru", "h6+" },
};

static const struct blocks_case forward_cases[] = {
	{ "the only way on", "5 i > 1; . r", "h5 h5<0" },
	{ "it is not known whether it was missed", "0 i > 1; . r", "m m<0" },
	{ "the other way was missed", "5 i > 1 2; 0 r; . r", "h5 m h5<0" },
	{ "the other way was executed", "5 i > 1 2; 3 r; . r", "h5 h3 ?" },
	{ "two open ways", "5 i > 1 2; . r; . r", "h5 ? ?" },
	{ "a block that may leave otherwise", "5 io > 1; . r", "h5 ?" },
	{ "one that may return", "5 il > 1; . r", "h5 ?" },
	{ "a fault is no way on that is asked for", "5 if > 1; . r", "h5 h5<0" },
	{ "a loop of one block is left", "5 i > 0 1; . r", "h5 h5<0" },
	{ "a chain", "2 i > 1; . > 2; . > 3; . r", "h2 h2<0 h2<1 h2<2" },
	{ "a chain of what was missed", "0 i > 1; . > 2; . > 3; . r", "m m<0 m<1 m<2" },
	{ "a way in that is not known saves the next", "0 i > 1; . ir", "m ?" },
	{ "all ways in were missed", "9 i > 1 2 4; 0 > 3; 0 > 3; . r; 9 r", "h9 m m m<1 h9" },
	{ "one of the ways in is open", "9 i > 1 2 4; 0 > 3; . > 3; . r; 9 r", "h9 m ? ? h9" },
	{ "three ways, two missed", "5 i > 1 2 3; 0 r; . r; 0 r", "h5 m h5<0 m" },
	{ "nothing leads to it, and it leads on to what was missed", ". i > 1; 0 r", "m<1 m" },
};

static const struct blocks_case backward_cases[] = {
	{ "the only way in", ". > 1; 5 r", "h5<1 h5", "0:a1" },
	{ "the other way in was missed", "9 i > 1 2; 0 > 3; . > 3; 5 r", "h9 m h9<0 h5" },
	{ "one of two ways in", ". i > 2; 0 i > 2; 5 r", "h5<2 m h5" },
	{ "two open ways in", ". i > 2; . i > 2; 5 r", "? ? h5" },
	{ "what is entered from elsewhere", ". i > 1; 5 ir", "? h5" },
	{ "a loop of one block was entered", ". i > 1; 5 r > 1", "h5<1 h5" },
	{ "all ways out were missed", ". i > 1 2; 0 r; 0 r", "m<1 m m" },
	{ "all but the one that is not known", ". io > 1 2; 0 r; 0 r", "? m m" },
	{ "all but a fault", ". if > 1 2; 0 r; 0 r", "? m m" },
	{ "so another way on may not have been taken", "9 i > 1 3; . f > 2; 0 r; . r", "h9 ? m ?" },
	{ "all but a return", ". il > 1 2; 0 r; 0 r", "? m m" },
	{ "a loop round to itself is no way out", ". i > 1 0; 0 r", "m<1 m" },
	{ "nor is it what it follows from", ". i > 0 1; 0 r", "m<1 m" },
	{ "an endless loop is not missed for what it leads to", ". i > 0", "?" },
	{ "a loop that comes from what was missed", "0 i > 1; . > 1 2; . ir", "m m<0 ?" },
	{ "a loop that comes from itself alone", "0 ir; . > 1 2; 0 r", "m m m" },
	{ "an endless loop that was entered", "5 i > 1; . > 1", "h5 h5<0" },
	{ "an endless loop that was not", "0 i > 1; . > 1", "m m<0" },
	{ "a chain that begins at the end", ". i > 1; . > 2; . > 3; 4 r", "h4<1 h4<2 h4<3 h4" },
	{ "the first hit neighbour is the one it follows from, predecessors first",
	  "2 i > 1; . > 2; 3 r", "h2 h2<0 h3" },
};

static const struct blocks_case filling_cases[] = {
	{ "what nothing leads to fills a gap", "5 ir; . > 2; 3 i r", "h5 m h3" },
	{ "so it is no way into what follows", ". i > 2; . > 2; 3 r", "h3<2 m h3" },
	{ "but for a row at its start", "5 ir; . > 2; 3 i r", "h5 ? h3", "0:a1 16:a2" },
	{ "a row within it is none at its start", "5 ir; . > 2; 3 i r", "h5 m h3", "0:a1 20:a2" },
	{ "a row before it is none", "5 ir; . > 2; 3 i r", "h5 m h3", "0:a1 4:a2 32:a3" },
	{ "the last row is at its start", "5 ir; . > 2; 3 ir", "h5 ? h3", "16:a2" },
	{ "what is entered from elsewhere is no filling", "5 ir; . i > 2; 3 i r", "h5 ? h3" },
	{ "nor is what has a point", "5 ir; 4 > 2; 3 i r", "h5 h4 h3" },
	{ "nor what something leads to", "5 il > 1; . > 2; 3 i r", "h5 ? h3" },
	{ "what a filling leads to alone is missed with it", ". ir; . > 2; . r", "? m m<1" },
};

static void check(const struct blocks_case *cases, size_t nr)
{
	int wrong = 0;

	for (size_t i = 0; i < nr; i++) {
		_cleanup_text_inference_ struct text_inference t;
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;

		text_infer(&t, cases[i].blocks, cases[i].rows, true);
		add_blocks(&got, &t.inference);
		wrong += differs(cases[i].name, "blocks", &got, cases[i].want);
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof(*(cases)))

static void test_points(void **state)
{
	(void)state;
	CHECK(point_cases);
}

static void test_forward(void **state)
{
	(void)state;
	CHECK(forward_cases);
}

static void test_backward(void **state)
{
	(void)state;
	CHECK(backward_cases);
}

static void test_fillings(void **state)
{
	(void)state;
	CHECK(filling_cases);
}

/* A point outside of all blocks has no effect. */
static void test_gaps(void **state)
{
	/* The second point, at 5, is after the end of the first block. */
	_cleanup_text_inference_ struct text_inference t;
	_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;

	(void)state;
	text_infer(&t, "5,6 i @0+4 > 1; . @64+16 r", NULL, true);
	add_blocks(&got, &t.inference);
	assert_string_equal(strbuf_str(&got), "h5 h5<0");
}

/* 0 > 2 > 1 > 4 > 3 > 6 ...: each pass over the blocks gets one step further, or to the end. */
static void test_long_chains(void **state)
{
	enum { NR = 59, LAST = 57 };

	(void)state;
	for (int recorded = 0; recorded <= LAST; recorded += LAST) {
		_cleanup_strbuf_ struct strbuf blocks = STRBUF_INIT;
		_cleanup_text_inference_ struct text_inference t;

		for (int i = 0; i < NR; i++) {
			strbuf_addf(&blocks, "%s%s%s", i ? ";" : "", i == recorded ? "5" : ".",
				    i ? "" : " i");
			if (i == LAST)
				strbuf_addstr(&blocks, " r");
			else
				strbuf_addf(&blocks, " > %d", !i ? 2 : i % 2 ? i + 3 : i - 1);
		}
		text_infer(&t, strbuf_str(&blocks), NULL, true);
		for (int i = 0; i < NR; i++)
			assert_int_equal(t.inference.blocks[i].state, BLOCK_HIT);
	}
}

/* Points that begin in a block count, wherever they end. */
static void test_block_points(void **state)
{
	static const struct {
		const char *name;
		const char *blocks;
		size_t block;
		uint32_t want;
	} cases[] = {
		{ "none", "5 ir; . ir", 1, 0 },
		{ "one at offset 0", "5 ir; . ir", 0, 1 },
		{ "three", "5 ir; 1,2,3 ir; 5 ir", 1, 3 },
		{ "one behind a block", "1,2 ir @0+5; . ir", 0, 1 },
		{ "that lies in the next", "1,2 ir @0+5; . ir", 1, 1 },
		{ "the last block", ". ir; 1,2 ir", 1, 2 },
		{ "no points at all", ". ir", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct index_text text = { .blocks = cases[i].blocks };
		_cleanup_index_ struct index *index = text_index(&text, NULL);
		size_t nr, first;
		const struct index_block *b = &index_blocks(index, &nr)[cases[i].block];
		const struct index_graph graph = index_graph(index);

		if (graph_block_points(&graph, b, &first) != cases[i].want)
			fail_msg("%s", cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_points),	     cmocka_unit_test(test_forward),
		cmocka_unit_test(test_backward),     cmocka_unit_test(test_fillings),
		cmocka_unit_test(test_gaps),	     cmocka_unit_test(test_long_chains),
		cmocka_unit_test(test_block_points),
	};

	return cmocka_run_group_tests_name("blocks", tests, NULL, NULL);
}
