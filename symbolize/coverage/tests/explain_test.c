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

/* The last function was not executed. */
static const struct index_text half_reached = {
	.blocks = "5 i > 1 2; 0 > 2; . r; 0 ir s1",
	.symbols = "f@0+48 g@48+16",
	.rows = "0:a1s 16:a2s 32:a3s 48:a9s",
	.base = 4096,
};

/* Points end at 4101, 4117 and 4149. Nothing else than the first one was recorded. */
static const struct pc_count both[] = { { 4101, 2 } }, more[] = { { 4101, 3 }, { 5000, 1 } };
static const struct coverage_mapping at_zero = { 0 };
static const struct pc_count all[] = { { 4101, 5 }, { 5000, 1 } };
static const struct coverage_source mapped = {
	.pcs = all, .nr_pcs = 2, .mappings = &at_zero, .nr_mappings = 1
};
static const struct coverage_recording recordings[] = {
	{ { 0, 4 }, both, 1, 0 },
	{ { 1, 7 }, more, 2, 0 },
	{ { 1, 8 }, both, 0, 0 },
};

static void explain_reached(struct draft_fixture *f, const struct coverage_question *question)
{
	draft_fixture_init(f, &half_reached, 1);
	f->input.question = question;
	f->input.sources = &mapped;
	f->input.nr_sources = 1;
	f->input.recordings = recordings;
	f->input.nr_recordings = 3;
	judge_fixture(f);
	assert_ok(coverage_explain(&f->draft));
}

static void test_reached(void **state)
{
	const struct coverage_question question = { "", 0, .is_reached = true };
	_cleanup_draft_fixture_ struct draft_fixture f;

	(void)state;
	explain_reached(&f, &question);
	assert_int_equal(f.coverage.nr_evidence, 3);
	assert_int_equal(f.coverage.evidence[2].line, 3);
}

/* Lines 1 and 3 were executed by the same ones: the state of line 3 follows from that of line 1. */
static void test_recorders(void **state)
{
	const struct coverage_question question = { "", 0 };
	_cleanup_draft_fixture_ struct draft_fixture f;

	(void)state;
	explain_reached(&f, &question);
	const struct coverage *c = &f.coverage;
	assert_int_equal(c->nr_evidence, 4);
	assert_int_equal(c->nr_recorders, 2);
	assert_int_equal(c->recorders[0].nr, 0);
	const struct coverage_recorder_set *set = &c->recorders[1];
	assert_int_equal(set->nr, 2);
	assert_int_equal(set->nr_named, 2);
	assert_true(set->named[0].run == 0 && set->named[0].source == 4);
	assert_true(set->named[1].run == 1 && set->named[1].source == 7);
	assert_int_equal(c->evidence[0].recorders, 1);
	assert_int_equal(c->evidence[1].recorders, 0);
	assert_int_equal(c->evidence[2].recorders, 1);
	assert_int_equal(c->evidence[3].recorders, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_evidence),
		cmocka_unit_test(test_reached),
		cmocka_unit_test(test_recorders),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
