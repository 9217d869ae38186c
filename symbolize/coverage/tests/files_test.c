// SPDX-License-Identifier: GPL-2.0-or-later
/* Files with their lines, branches and functions, from one image and from several. */
#include "symbolize/coverage/tests/draft_fixture.h"

/* Block 0 ends in a branch to block 2 (taken) or block 1 (not taken). */
static const struct {
	const char *name;
	const char *blocks, *rows;
	/* "a1#2 t2 t3": file, line, number if not its place, taken, not taken; n, ?; '!': not
	 * reached */
	const char *want;
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
	{ "the second one, and nothing is known of the first",
	  ". ib > 2 1; . r; 5 ib > 4 3; 3 r; 2 r", "0:a1s 32:a1s", "a1#1 t2 t3" },
	{ "by file and line, not by place", "5 ib > 2 1; 3 r; 2 b > 4 3; 1 r; 1 r", "0:b7s 32:a9s",
	  "a9 t1 t1, b7 t2 t3" },
};

static void add_outcome(struct strbuf *text, const struct coverage_outcome *o)
{
	if (o->state == COVERAGE_OUTCOME_TAKEN)
		strbuf_addf(text, " t%" PRIu64, o->count);
	else
		strbuf_addstr(text, o->state == COVERAGE_OUTCOME_NOT_TAKEN ? " n" : " ?");
}

static void add_branches(struct strbuf *text, const struct coverage_file *file)
{
	for (size_t i = 0; i < file->nr_lines; i++)
		for (size_t n = 0; n < file->lines[i].nr_branches; n++) {
			const struct coverage_branch *b = &file->lines[i].branches[n];

			strbuf_addf(text, "%s%c%u", text->len ? ", " : "", file->path[5],
				    file->lines[i].line);
			if (b->number != n)
				strbuf_addf(text, "#%u", b->number);
			add_outcome(text, &b->outcomes[0]);
			add_outcome(text, &b->outcomes[1]);
			strbuf_addstr(text, b->is_reached ? "" : "!");
		}
}

static void make_files(struct draft_fixture *f, const struct index_text *texts, size_t nr)
{
	draft_fixture_init(f, texts, nr);
	f->input.jobs = 3;
	judge_fixture(f);
	assert_ok(coverage_make_files(&f->draft));
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

		make_files(&f, &text, 1);
		for (size_t n = 0; n < f.coverage.nr_files; n++)
			add_branches(&got, &f.coverage.files[n]);
		wrong += differs(branch_cases[i].name, "branches", &got, branch_cases[i].want);
	}
	assert_int_equal(wrong, 0);
}

/* "a10 h5 2/3": file, line, state, count, blocks hit and found. p is partial, m is missed. */
static void add_lines(struct strbuf *text, const struct coverage_file *file)
{
	static const char states[] = { [COVERAGE_LINE_MISSED] = 'm',
				       [COVERAGE_LINE_PARTIAL] = 'p',
				       [COVERAGE_LINE_HIT] = 'h' };

	for (size_t i = 0; i < file->nr_lines; i++) {
		const struct coverage_line *l = &file->lines[i];

		strbuf_addf(text, "%s%c%u %c%" PRIu64 " %" PRIu64 "/%" PRIu64,
			    text->len ? ", " : "", file->path[5], l->line, states[l->state],
			    l->count, l->blocks.hit, l->blocks.found);
	}
}

static void add_functions(struct strbuf *text, const struct coverage_file *file)
{
	for (size_t i = 0; i < file->nr_functions; i++) {
		const struct coverage_function *c = &file->functions[i];

		strbuf_addf(text, "%s%c:%s %u h%" PRIu64 " %" PRIu64 "/%" PRIu64 "%s",
			    text->len ? ", " : "", file->path[5], c->name, c->line, c->count,
			    c->blocks.hit, c->blocks.found, c->has_body ? "b" : "");
	}
}

#define TWO "f@0+16 g@16+64"

/* What was recorded is judged; the rest is the baseline of the index. Both add up on a line. */
static const struct {
	const char *name;
	struct index_text texts[2];
	const char *want_lines, *want_functions;
} file_cases[] = {
	{ "no code", { { .blocks = "" } }, "", "" },
	{ "nothing was recorded",
	  { { .blocks = "0 ir; 0 ir s1", .rows = "0:a9s 16:a3s", .symbols = TWO } },
	  "a3 m0 0/1, a9 m0 0/1",
	  "" },
	{ "a function with a recorded point, and one without",
	  { { .blocks = "5 ir; 0 ir s1", .rows = "0:a9s 16:a3s", .symbols = TWO } },
	  "a3 m0 0/1, a9 h5 1/1",
	  "" },
	{ "both on one line",
	  { { .blocks = "5 ir; 0 ir s1", .rows = "0:a9s 16:a9s", .symbols = TWO } },
	  "a9 p5 1/2",
	  "" },
	{ "no state is known where nothing was recorded",
	  { { .blocks = ". ir; 5 ir s1", .rows = "0:a9s 16:b9s", .symbols = TWO } },
	  "b9 h5 1/1",
	  "" },
	{ "what was recorded makes more of it known",
	  { { .blocks = "5 i > 1; . ir", .rows = "0:a1s 16:a2s" } },
	  "a1 h5 1/1, a2 h5 1/1",
	  "" },
	{ "two images",
	  { { .blocks = "5 ir", .rows = "0:a9s 4:b1s" }, { .blocks = "0 ir", .rows = "0:a9s" } },
	  "a9 p5 1/2, b1 h5 1/1",
	  "" },
	{ "in the second image only",
	  { { .blocks = "0 ir", .rows = "0:c9s" }, { .blocks = "3 ir", .rows = "0:a9s 4:c9s" } },
	  "a9 h3 1/1, c9 p3 1/2",
	  "" },
	{ "functions by line, then by name",
	  { { .blocks = "1 ir; 2 ir; 3 ir; 4 ir",
	      .rows = "0:a1s 16:a7s 32:a1s 48:a3s",
	      .spans = "0-16:0 16-32:1 32-48:2 48-64:3",
	      .functions = "z:a1 b:a7 a:a1 y:a3b" } },
	  "a1 h3 2/2, a3 h4 1/1, a7 h2 1/1",
	  "a:a 1 h3 1/1, a:z 1 h1 1/1, a:y 3 h4 1/1b, a:b 7 h2 1/1" },
	{ "counts of two functions of the machine code, and of two images, add up",
	  { { .blocks = "5 ir; 3 ir s1",
	      .rows = "0:a9s 16:a9s",
	      .symbols = TWO,
	      .spans = "0-16:0@b1 16-32:0@b2",
	      .functions = "i:c1" },
	    { .blocks = "4 ir",
	      .rows = "0:a9s",
	      .spans = "0-16:0@b3",
	      .functions = "i:c1",
	      .is_module = true } },
	  "a9 h12 3/3, b1 h5 1/1, b2 h3 1/1, b3 h4 1/1, c1 h12 3/3",
	  "c:i 1 h12 3/3" },
	{ "a function is called as often as its entry block is executed",
	  { { .blocks = "2 i > 1; 9 > 1 2; 2 r",
	      .rows = "0:a2s 16:a3s 32:a4s",
	      .spans = "0-48:0 16-32:1@a3",
	      .functions = "f:a1b g:b1b" } },
	  "a2 h2 1/1, a3 h9 1/1, a4 h2 1/1, b1 h9 1/1",
	  "a:f 1 h2 3/3b, b:g 1 h9 1/1b" },
	{ "a function without blocks is not found",
	  { { .blocks = "1 ir", .rows = "0:a1s", .spans = "0-16:0", .functions = "f:a1 g:a2" } },
	  "a1 h1 1/1",
	  "a:f 1 h1 1/1" },
	{ "a function of two images: found in both, with a body if one has it",
	  { { .blocks = "5 ir", .rows = "0:c2s", .spans = "0-16:0", .functions = "f:c1 g:c1" },
	    { .blocks = "0 ir",
	      .rows = "0:c2s",
	      .spans = "0-16:1",
	      .functions = "g:c1b f:c1b",
	      .is_module = true } },
	  "c2 p5 1/2",
	  "c:f 1 h5 1/2b" },
	{ "clang: an instance of a function of b that begins with a line of a, in code of c",
	  { { .blocks = "0 ir; 4 ir s1",
	      .rows = "0:a2e 4:b6e 16:c7e",
	      .symbols = TWO,
	      .spans = "0-16:0 16-24:0@c7",
	      .functions = "g:b5b" } },
	  "a2 p4 1/2, b5 h4 1/1, b6 p4 1/2, c7 h4 1/1",
	  "b:g 5 h4 1/2b" },
};

static void test_files(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(file_cases) / sizeof(*file_cases); i++) {
		_cleanup_draft_fixture_ struct draft_fixture f;
		_cleanup_strbuf_ struct strbuf lines = STRBUF_INIT, functions = STRBUF_INIT;
		uint64_t hit = 0, found = 0;

		make_files(&f, file_cases[i].texts, 2);
		for (size_t n = 0; n < f.coverage.nr_files; n++) {
			const struct coverage_file *file = &f.coverage.files[n];

			add_lines(&lines, file);
			add_functions(&functions, file);
			assert_true(!n || strcmp(file[-1].path, file->path) < 0);
			assert_int_equal(file->line_ratio.found, file->nr_lines);
			hit += file->line_ratio.hit;
			found += file->line_ratio.found;
		}
		assert_int_equal(f.coverage.lines.hit, hit);
		assert_int_equal(f.coverage.lines.found, found);
		wrong += differs(file_cases[i].name, "lines", &lines, file_cases[i].want_lines);
		wrong += differs(file_cases[i].name, "functions", &functions,
				 file_cases[i].want_functions);
	}
	assert_int_equal(wrong, 0);
}

/* What is asked of one file alone is what is said of it among all files. */
static void test_named(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(file_cases) / sizeof(*file_cases); i++) {
		_cleanup_draft_fixture_ struct draft_fixture all;

		make_files(&all, file_cases[i].texts, 2);
		for (size_t n = 0; n < all.coverage.nr_files; n++) {
			_cleanup_draft_fixture_ struct draft_fixture one;
			_cleanup_strbuf_ struct strbuf got = STRBUF_INIT, want = STRBUF_INIT;

			draft_fixture_init(&one, file_cases[i].texts, 2);
			one.input.files_named = all.coverage.files[n].path + strlen("/src/");
			judge_fixture(&one);
			assert_ok(coverage_make_files(&one.draft));
			assert_int_equal(one.coverage.nr_files, 1);
			add_lines(&want, &all.coverage.files[n]);
			add_functions(&want, &all.coverage.files[n]);
			add_lines(&got, one.coverage.files);
			add_functions(&got, one.coverage.files);
			wrong += differs(file_cases[i].name, "one file", &got, strbuf_str(&want));
		}
	}
	assert_int_equal(wrong, 0);
}

/* Points of a file: those of all images. */
static void test_points(void **state)
{
	const struct index_text texts[] = { { .blocks = "5 ir", .rows = "0:c2s" },
					    { .blocks = "0,0 ir", .rows = "0:c2s" } };
	_cleanup_draft_fixture_ struct draft_fixture f;

	(void)state;
	make_files(&f, texts, 2);
	assert_int_equal(f.coverage.nr_files, 1);
	assert_int_equal(f.coverage.files[0].point_ratio.found, 3);
	assert_int_equal(f.coverage.files[0].point_ratio.hit, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_branches),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_points),
	};

	return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
