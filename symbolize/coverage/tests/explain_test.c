// SPDX-License-Identifier: GPL-2.0-or-later
/* The evidence that --explain shows: blocks that own a line. */
#include "symbolize/coverage/tests/draft_fixture.h"

/* The file of a question is matched with the last components of a path. */
static const struct {
	const char *name;
	const char *file;
	uint32_t line;
	const char *want; /* lines of the evidence */
} questions[] = {
	{ "everything", "", 0, "a1 a2 a2 b3" },
	{ "a line of every file", "", 2, "a2 a2" },
	{ "a file", "a.c", 0, "a1 a2 a2" },
	{ "a line", "a.c", 2, "a2 a2" },
	{ "a line that is not there", "a.c", 3, "" },
	{ "a whole path", "/src/a.c", 1, "a1" },
	{ "some components", "src/b.c", 0, "b3" },
	{ "with a slash in front", "/b.c", 0, "b3" },
	{ "half of a component", "rc/a.c", 0, "" },
	{ "half of a name", ".c", 0, "" },
	{ "more than the path", "/usr/src/a.c", 0, "" },
	{ "another file", "x.c", 0, "" },
};

static const struct index_text explained = {
	.blocks = "5 i > 1 2; 0 > 2; . r",
	.rows = "0:a1s 16:a2s 32:a2 40:b3s",
	.base = 4096,
};

static void explain(struct draft_fixture *f, const struct coverage_question *question)
{
	draft_fixture_init(f, &explained, 1);
	f->input.question = question;
	judge_fixture(f);
	assert_ok(coverage_explain(&f->draft));
}

static void test_questions(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++) {
		const struct coverage_question question = { questions[i].file, questions[i].line };
		_cleanup_draft_fixture_ struct draft_fixture f;
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;

		explain(&f, &question);
		for (size_t n = 0; n < f.coverage.nr_evidence; n++)
			strbuf_addf(&got, "%s%c%u", n ? " " : "", f.coverage.evidence[n].file[5],
				    f.coverage.evidence[n].line);
		wrong += differs(questions[i].name, "evidence", &got, questions[i].want);
	}
	assert_int_equal(wrong, 0);
}

static void test_evidence(void **state)
{
	const struct coverage_question question = { "a.c", 2 };
	_cleanup_draft_fixture_ struct draft_fixture f;

	(void)state;
	explain(&f, &question);
	assert_int_equal(f.coverage.nr_evidence, 2);
	const struct coverage_evidence *missed = &f.coverage.evidence[0], *hit = missed + 1;
	assert_string_equal(missed->image, "vmlinux");
	assert_string_equal(missed->symbol, "f");
	assert_int_equal(missed->start, 4096 + 16);
	assert_int_equal(missed->size, 16);
	assert_int_equal(missed->state, COVERAGE_BLOCK_MISSED);
	assert_int_equal(missed->points, 1);
	assert_int_equal(missed->source, missed->start);
	assert_true(missed->is_statement && missed->counts && !missed->is_of_missed);
	/* This block was hit, but it has only code of the line, and the statement was missed. */
	assert_int_equal(hit->start, 4096 + 32);
	assert_int_equal(hit->state, COVERAGE_BLOCK_HIT);
	assert_int_equal(hit->count, 5);
	assert_int_equal(hit->points, 0);
	assert_int_equal(hit->source, 4096);
	assert_true(!hit->is_statement && !hit->counts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_evidence),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
