// SPDX-License-Identifier: GPL-2.0-or-later
/* Finding conditional jumps, and giving them to lines. */
#include "symbolize/coverage/tests/draft_fixture.h"

/* Block 0 ends in a branch to block 2 (taken) or block 1 (not taken). */
static const struct {
	const char *name;
	const char *blocks, *rows;
	const char *want; /* "a1 t2 t3": file, line, taken, not taken; n, ?; '!': not reached */
} branch_cases[] = {
	{ "no blocks", "", "", "" },
	{ "both ways", "5 ib > 2 1; 3 r; 2 r", "0:a1s", "a1 t2 t3" },
	{ "one way", "5 ib > 2 1; 5 r; 0 r", "0:a1s", "a1 n t5" },
	{ "it was not reached", "0 ib > 2 1; 3 ir; 2 ir", "0:a1s", "a1 n n!" },
	{ "it is not known which way", "5 ib > 2 1; . r; . r", "0:a1s", "a1 ? ?" },
	{ "nothing is known", ". ib > 2 1; . ir; . ir", "0:a1s", "" },
	{ "of a set: so often at most", "5+ ib > 2 1; 0 r; 2+ r", "0:a1s", "a1 t5 n" },
	{ "a jump that is not conditional", "5 i > 2 1; 3 r; 2 r", "0:a1s", "" },
	{ "the row in force at the end of the block", "5 ib > 2 1; 3 r; 2 r", "0:a1s 8:a2s 15:a3",
	  "a3 t2 t3" },
	{ "not that of the next block", "5 ib > 2 1; 3 r; 2 r", "0:a1s 16:a9s", "a1 t2 t3" },
	{ "a row from before the block", ". i > 1; 5 b > 3 2; 3 r; 2 r", "0:a1s", "a1 t2 t3" },
	{ "no row", "5 ib > 2 1; 3 r; 2 r", "16:a9s", "" },
	{ "a row of line 0", "5 ib > 2 1; 3 r; 2 r", "0:a0s", "" },
	{ "a row of no file", "5 ib > 2 1; 3 r; 2 r", "0:-1s", "" },
	{ "two on one line, in the order of the code", "5 ib > 2 1; 3 r; 2 b > 4 3; 1 r; 1 r",
	  "0:a1s 32:a1s", "a1 t2 t3, a1 t1 t1" },
	{ "by file and line, not by place", "5 ib > 2 1; 3 r; 2 b > 4 3; 1 r; 1 r", "0:b7s 32:a9s",
	  "a9 t1 t1, b7 t2 t3" },
};

static void add_edge(struct strbuf *text, const struct draft_edge *e)
{
	if (e->state == EDGE_TAKEN)
		strbuf_addf(text, " t%" PRIu64, e->count);
	else
		strbuf_addstr(text, e->state == EDGE_NOT_TAKEN ? " n" : " ?");
}

static void test_branches(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(branch_cases) / sizeof(*branch_cases); i++) {
		const struct index_text text = { .blocks = branch_cases[i].blocks,
						 .rows = branch_cases[i].rows };
		_cleanup_draft_fixture_ struct draft_fixture f;
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;

		draft_fixture_init(&f, &text, 1);
		assert_ok(coverage_claim(&f.draft));
		assert_ok(coverage_find_branches(&f.draft));
		vector_for_each(&f.draft.branches, b) {
			strbuf_addf(&got, "%s%c%u", got.len ? ", " : "",
				    file_letter(&f.draft, b->file), b->line);
			add_edge(&got, &b->outcomes[0]);
			add_edge(&got, &b->outcomes[1]);
			strbuf_addstr(&got, b->is_reached ? "" : "!");
		}
		wrong += differs(branch_cases[i].name, "branches", &got, branch_cases[i].want);
	}
	assert_int_equal(wrong, 0);
}

/* Each line of a file gets its branches. Branches on lines that are not found are dropped. */
static void test_lines_of_branches(void **state)
{
	static const uint32_t lines[] = { 3, 5, 9 };
	static const struct {
		uint32_t file, line;
		enum edge_state taken, not_taken;
	} branches[] = {
		{ 0, 1, EDGE_TAKEN, EDGE_TAKEN },
		{ 1, 1, EDGE_TAKEN, EDGE_TAKEN },     /* before the first line */
		{ 1, 3, EDGE_TAKEN, EDGE_NOT_TAKEN }, /* two on one line */
		{ 1, 3, EDGE_UNKNOWN, EDGE_TAKEN },   /* only one outcome is known */
		{ 1, 4, EDGE_TAKEN, EDGE_TAKEN },     /* between lines */
		{ 1, 9, EDGE_UNKNOWN, EDGE_TAKEN },   /* the last line, which was not executed */
		{ 1, 10, EDGE_TAKEN, EDGE_TAKEN },    /* after the last line */
		{ 2, 3, EDGE_TAKEN, EDGE_TAKEN },
	};
	struct coverage_line file_lines[3] = { 0 };
	struct coverage_file file = { .lines = file_lines, .nr_lines = 3 };
	_cleanup_draft_fixture_ struct draft_fixture f;
	size_t next = 0;

	(void)state;
	draft_fixture_init(&f, NULL, 0);
	for (size_t i = 0; i < 3; i++)
		file_lines[i].line = lines[i];
	file_lines[0].count = 1;
	for (size_t i = 0; i < sizeof(branches) / sizeof(*branches); i++) {
		struct draft_branch b = { .file = branches[i].file,
					  .line = branches[i].line,
					  .is_reached = i != 3,
					  .outcomes = { { 7, branches[i].taken },
							{ 8, branches[i].not_taken } } };

		assert_non_null(draft_branch_vector_append(&f.draft.branches, &b));
	}
	assert_ok(coverage_add_branches(&f.draft, 1, &file, &next));
	/* It is at the first branch of the next file. */
	assert_int_equal(next, 7);
	assert_int_equal(file_lines[0].nr_branches, 2);
	assert_int_equal(file_lines[1].nr_branches, 0);
	assert_int_equal(file_lines[2].nr_branches, 1);
	const struct coverage_branch *b = file_lines[0].branches;
	assert_true(b[0].is_reached && !b[1].is_reached);
	assert_int_equal(b[0].outcomes[0].state, COVERAGE_OUTCOME_TAKEN);
	assert_int_equal(b[0].outcomes[0].count, 7);
	/* An outcome that was not taken has count 0, whatever the edge has. */
	assert_int_equal(b[0].outcomes[1].state, COVERAGE_OUTCOME_NOT_TAKEN);
	assert_int_equal(b[0].outcomes[1].count, 0);
	assert_int_equal(b[1].outcomes[0].state, COVERAGE_OUTCOME_UNKNOWN);
	assert_int_equal(b[1].outcomes[0].count, 0);
	assert_int_equal(b[1].outcomes[1].count, 8);
	/* Found: all outcomes. Hit: those taken on a line that was executed. */
	assert_int_equal(file.branch_ratio.found, 6);
	assert_int_equal(file.branch_ratio.hit, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_branches),
		cmocka_unit_test(test_lines_of_branches),
	};

	return cmocka_run_group_tests_name("branches", tests, NULL, NULL);
}
