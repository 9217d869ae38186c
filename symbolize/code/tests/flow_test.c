// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From recorded points to the states of lines. The cases are in comments of the
 * sources in testdata/symbolize: flow.s (flow of control; each line is an
 * instruction), module.s (the same in a .ko), owned.c (each rule of line
 * ownership), moved.c (code from gcc), pruned.c and edges.c (code from clang).
 */
#include "symbolize/image/tests/image_fixture.h"

#include "base/io.h"
#include "symbolize/coverage/build.h"

#define CASES_MAX  4
#define POINTS_MAX 64
#define LINES_MAX  512

/* The cases of a source file. Each is for all functions; one without that case records nothing. */
struct cases {
	const char *path;
	const char *comment; /* how a comment begins */
	char states[LINES_MAX][CASES_MAX];
	char branches[LINES_MAX][CASES_MAX][3];
	unsigned int recorded[CASES_MAX][POINTS_MAX]; /* how often, by point */
	unsigned int nr_lines;
	unsigned int nr_points; /* of the functions read so far */
	struct index *index;
};

static struct cases flow = { .path = SOURCES "/flow.s", .comment = "#" };
static struct cases module = { .path = SOURCES "/module.s", .comment = "#" };
static struct cases owned = { .path = SOURCES "/owned.c", .comment = "/*" };
static struct cases moved = { .path = SOURCES "/moved.c", .comment = "/*" };
static struct cases pruned = { .path = SOURCES "/pruned.c", .comment = "/*" };
static struct cases edges = { .path = SOURCES "/edges.c", .comment = "/*" };

/* "2x3": point 2, three times. */
static void parse_point(struct cases *cases, unsigned int n, const char *word)
{
	char *rest;
	unsigned int point = cases->nr_points + strtoul(word, &rest, 10) - 1;

	cases->recorded[n][point] = *rest == 'x' ? strtoul(rest + 1, NULL, 10) : 1;
}

/* "3: | 1 | 1 2": the next function has 3 points, which are numbered from 1. */
static void parse_record(struct cases *cases, char *text)
{
	char *sets = strchr(text, ':') + 1;
	unsigned int n = 0;

	for (char *set; (set = strsep(&sets, "|")); n++)
		for (char *word; (word = strsep(&set, " "));)
			if (*word && *word != '*')
				parse_point(cases, n, word);
	cases->nr_points += strtoul(text, NULL, 10);
}

/* "m h h", then any remark. */
static void parse_states(char *text, char *states)
{
	unsigned int n = 0;

	for (char *word; (word = strsep(&text, " "));) {
		if (!*word)
			continue;
		if (word[1] || !strchr("hpm?", *word))
			return;
		states[n++] = *word;
	}
}

/* "[.. nt tt]" */
static void parse_branches(struct cases *cases, char *text)
{
	unsigned int n = 0;

	text[strcspn(text, "]")] = '\0';
	for (char *word; (word = strsep(&text, " ")); n++)
		memcpy(cases->branches[cases->nr_lines][n], word, 2);
}

static void parse_line(struct cases *cases, char *line)
{
	static const char record[] = " record";
	char *comment = strstr(line, cases->comment);
	bool is_point = strstr(line, "call\t__sanitizer_cov_trace_pc");

	if (!comment)
		return;
	bool is_alone = comment == line;
	comment += strlen(cases->comment);
	char *branches = strchr(comment, '[');
	if (branches && !is_alone) {
		parse_branches(cases, branches + 1);
		*branches = '\0';
	}
	if (is_alone && !strncmp(comment, record, strlen(record)))
		parse_record(cases, comment + strlen(record));
	else if (!is_alone)
		parse_states(comment, cases->states[cases->nr_lines]);
	cases->nr_points += is_point;
}

static void parse_source(struct cases *cases)
{
	_cleanup_free_ char *text = NULL;

	assert_ok(file_read(cases->path, 1 << 20, &text, NULL));
	char *rest = text;
	for (char *line; (line = strsep(&rest, "\n"));) {
		assert_true(++cases->nr_lines < LINES_MAX);
		parse_line(cases, line);
	}
}

/* Link a compiler's output with the functions that it calls. */
static void link_compiled(const char *name, const char *entry)
{
	shell("cd %s && gcc -c -o %s.o $OLDPWD/" SOURCES "/%s.s && "
	      "echo 'int state, other; void called(int x) { (void)x; } "
	      "int condition(int x) { return x; } int merge(void *x) { return !x; } "
	      "void __sanitizer_cov_trace_pc(void) {}' | "
	      "gcc -c -x c -o others.o - && ld -e %s -o %s %s.o others.o",
	      fixture_dir, name, name, entry, name, name);
}

static void link_assembled(const struct cases *cases, const char *link, const char *name)
{
	shell("as -g -o %s/%s.o %s && gcc -O2 -g -c -o %s/no_return.o " SOURCES "/no_return.c && "
	      "cd %s && %s %s %s.o no_return.o",
	      fixture_dir, name, cases->path, fixture_dir, fixture_dir, link, name, name);
}

static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	parse_source(&flow);
	parse_source(&module);
	parse_source(&owned);
	parse_source(&moved);
	parse_source(&pruned);
	parse_source(&edges);
	link_assembled(&flow, "ld -e start -o", "flow");
	link_assembled(&module, "ld -r -o", "module.ko");
	link_compiled("moved", "moved_value");
	link_compiled("pruned", "one_way");
	link_compiled("edges", "keeps");
	shell("as -g -o %s/owned.o " SOURCES "/owned.s && ld -e hoisted -o %s %s/owned.o",
	      fixture_dir, fixture("owned"), fixture_dir);
	flow.index = read_index(fixture("flow"), NULL);
	module.index = read_index(fixture("module.ko"), NULL);
	owned.index = read_index(fixture("owned"), NULL);
	moved.index = read_index(fixture("moved"), NULL);
	pruned.index = read_index(fixture("pruned"), NULL);
	edges.index = read_index(fixture("edges"), NULL);
	return 0;
}

static int teardown(void **state)
{
	index_destroy(flow.index);
	index_destroy(module.index);
	index_destroy(owned.index);
	index_destroy(moved.index);
	index_destroy(pruned.index);
	index_destroy(edges.index);
	return remove_fixture_dir(state);
}

/* The PCs that all functions recorded in case `number`. */
static size_t recorded_pcs(const struct cases *cases, unsigned int number, struct pc_count *pcs)
{
	size_t nr, nr_pcs = 0;
	const struct index_point *points = index_points(cases->index, &nr);

	assert_int_equal(nr, cases->nr_points);
	assert_true(nr <= POINTS_MAX);
	for (size_t i = 0; i < nr; i++)
		if (cases->recorded[number][i])
			pcs[nr_pcs++] =
				(struct pc_count){ index_base(cases->index) + points[i].offset +
							   points[i].size,
						   cases->recorded[number][i] };
	return nr_pcs;
}

static const struct coverage_mapping only_mapping = { 0 };

static struct coverage *cover_sources(const struct cases *cases,
				      const struct coverage_source *sources, size_t nr)
{
	const struct coverage_input_image image = { .name = "vmlinux", .index = cases->index };
	const struct coverage_input input = {
		.images = &image, .nr_images = 1, .sources = sources, .nr_sources = nr
	};
	struct coverage *coverage;

	assert_ok(coverage_build(&input, &coverage));
	assert_int_equal(coverage->nr_unmatched, 0);
	assert_int_equal(coverage->nr_files, 1);
	return coverage;
}

static struct coverage *cover(const struct cases *cases, unsigned int number)
{
	struct pc_count pcs[POINTS_MAX];
	const struct coverage_source source = { pcs, recorded_pcs(cases, number, pcs), false,
						&only_mapping, 1 };

	return cover_sources(cases, &source, 1);
}

/*
 * Coverage of two cases: one as a trace (NONE = without a trace), one as a set. The counts of
 * the set are made up: coverage must not depend on them.
 */
#define NONE CASES_MAX
static struct coverage *cover_set(const struct cases *cases, unsigned int trace, unsigned int set,
				  unsigned int made_up)
{
	struct pc_count traced[POINTS_MAX], pcs[POINTS_MAX];
	size_t nr_traced = trace == NONE ? 0 : recorded_pcs(cases, trace, traced);
	size_t nr = recorded_pcs(cases, set, pcs);

	for (size_t i = 0; i < nr; i++)
		pcs[i].count = made_up ? 1 + (i * 7919 + made_up) % 13 : 1;
	const struct coverage_source sources[] = {
		{ traced, nr_traced, false, &only_mapping, 1 },
		{ pcs, nr, false, &only_mapping, 1, .counts_are_least = true },
	};
	struct coverage *c = cover_sources(cases, sources, 2);

	assert_int_equal(c->counts_are_least, nr > 0);
	return c;
}

static char line_state(const struct coverage *c, unsigned int number)
{
	static const char letters[] = {
		[COVERAGE_LINE_MISSED] = 'm',
		[COVERAGE_LINE_PARTIAL] = 'p',
		[COVERAGE_LINE_HIT] = 'h',
	};

	for (size_t i = 0; i < c->files[0].nr_lines; i++)
		if (c->files[0].lines[i].line == number)
			return letters[c->files[0].lines[i].state];
	return '?';
}

static char outcome(const struct coverage_branch *b, int which)
{
	static const char letters[] = "?nt";

	return b->is_reached ? letters[b->outcomes[which].state] : '.';
}

static unsigned int check_branches(const struct cases *cases, const struct coverage *c,
				   unsigned int number)
{
	unsigned int wrong = 0;

	for (size_t i = 0; i < c->files[0].nr_lines; i++) {
		const struct coverage_line *line = &c->files[0].lines[i];
		const char *want = cases->branches[line->line][number];

		assert_int_equal(line->nr_branches, cases->branches[line->line][0][0] != '\0');
		if (!*want)
			continue;
		char got[3] = { outcome(line->branches, 0), outcome(line->branches, 1) };
		if (!strcmp(got, want))
			continue;
		print_error("%s:%u: case %u is %s, not %s\n", cases->path, line->line, number + 1,
			    got, want);
		wrong++;
	}
	return wrong;
}

static void test_branches(void **state)
{
	unsigned int wrong = 0;

	(void)state;
	for (unsigned int n = 0; n < CASES_MAX; n++) {
		_cleanup_coverage_ struct coverage *c = cover(&flow, n);

		wrong += check_branches(&flow, c, n);
	}
	assert_int_equal(wrong, 0);
}

/* The same for a line by its number. '?' if it is not in the report: nothing is known of it. */
static char line_outcome(const struct coverage *c, unsigned int number, int which)
{
	for (size_t i = 0; i < c->files[0].nr_lines; i++) {
		const struct coverage_line *line = &c->files[0].lines[i];

		if (line->line == number && line->nr_branches)
			return outcome(line->branches, which);
	}
	return '?';
}

/* One outcome, in two cases together: t if either has t, else ? if either has ?, else n. */
static char both(char a, char b)
{
	if (a == 't' || b == 't')
		return 't';
	if (a == '?' || b == '?')
		return '?';
	return 'n';
}

/* got must not contradict the true outcome `want`. Returns 1 if want is known but got is not. */
static unsigned int check_outcome(const struct cases *cases, const struct coverage_line *line,
				  int which, char want, char got)
{
	if (want == got || want == '?')
		return 0;
	if (got != '?')
		fail_msg("%s:%u: outcome %d is %c, not %c", cases->path, line->line, which, got,
			 want);
	return 1;
}

/* One case as a trace, one as a set: outcomes must be true for both taken together. */
static unsigned int check_set_outcomes(const struct cases *cases, unsigned int trace,
				       unsigned int set)
{
	_cleanup_coverage_ struct coverage *a = cover(cases, trace == NONE ? set : trace);
	_cleanup_coverage_ struct coverage *b = cover(cases, set);
	_cleanup_coverage_ struct coverage *c = cover_set(cases, trace, set, 0);
	unsigned int untold = 0;

	for (size_t i = 0; i < c->files[0].nr_lines; i++) {
		const struct coverage_line *line = &c->files[0].lines[i];

		for (int k = 0; line->nr_branches && k < 2; k++) {
			char first = line_outcome(a, line->line, k);
			char second = line_outcome(b, line->line, k);
			char got = outcome(line->branches, k);

			/* A run that did not reach the branch did not take either outcome. */
			if (got == '.')
				continue;
			untold += check_outcome(
				cases, line, k,
				both(first == '.' ? 'n' : first, second == '.' ? 'n' : second),
				got);
		}
	}
	return untold;
}

static void check_same(const struct coverage *a, const struct coverage *b)
{
	assert_int_equal(a->files[0].nr_lines, b->files[0].nr_lines);
	assert_int_equal(a->branches.found, b->branches.found);
	assert_int_equal(a->branches.hit, b->branches.hit);
	for (size_t i = 0; i < a->files[0].nr_lines; i++) {
		const struct coverage_line *x = &a->files[0].lines[i], *y = &b->files[0].lines[i];

		assert_int_equal(x->state, y->state);
		for (int k = 0; x->nr_branches && k < 2; k++)
			assert_int_equal(outcome(x->branches, k), outcome(y->branches, k));
	}
}

/* The counts of a set are not evidence, neither alone nor together with a trace. */
static void test_sets(void **state)
{
	unsigned int untold = 0;

	(void)state;
	for (unsigned int set = 0; set < CASES_MAX; set++) {
		for (unsigned int trace = 0; trace <= NONE; trace++) {
			_cleanup_coverage_ struct coverage *a = cover_set(&flow, trace, set, 0);

			for (unsigned int made_up = 1; made_up < 8; made_up++) {
				_cleanup_coverage_ struct coverage *b =
					cover_set(&flow, trace, set, made_up);

				check_same(a, b);
			}
			untold += check_set_outcomes(&flow, trace, set);
		}
	}
	/* Some outcomes are known from counts only. */
	assert_true(untold > 0);
}

static void check_states(const struct cases *cases, unsigned int at_least)
{
	unsigned int wrong = 0, checked = 0;

	for (unsigned int n = 0; n < CASES_MAX; n++) {
		_cleanup_coverage_ struct coverage *c = cover(cases, n);

		for (unsigned int line = 1; line <= cases->nr_lines; line++) {
			char want = cases->states[line][n], got = line_state(c, line);

			if (!want)
				continue;
			checked++;
			if (got == want)
				continue;
			print_error("%s:%u: case %u is %c, not %c\n", cases->path, line, n + 1, got,
				    want);
			wrong++;
		}
	}
	assert_true(checked >= at_least);
	assert_int_equal(wrong, 0);
}

static void test_flow(void **state)
{
	(void)state;
	check_states(&flow, 80);
}

static void test_module(void **state)
{
	(void)state;
	check_states(&module, 40);
}

static void test_owned(void **state)
{
	(void)state;
	check_states(&owned, 37);
}

static void test_moved(void **state)
{
	(void)state;
	check_states(&moved, 80);
}

static void test_pruned(void **state)
{
	(void)state;
	check_states(&pruned, 96);
}

static void test_edges(void **state)
{
	(void)state;
	check_states(&edges, 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flow),   cmocka_unit_test(test_branches),
		cmocka_unit_test(test_sets),   cmocka_unit_test(test_module),
		cmocka_unit_test(test_owned),  cmocka_unit_test(test_moved),
		cmocka_unit_test(test_pruned), cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
