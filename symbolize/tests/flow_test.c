// SPDX-License-Identifier: GPL-2.0-or-later
/* States of blocks from recorded points: the cases are in testdata/symbolize/flow.s. */
#include "symbolize/tests/image_fixture.h"

#include "base/io.h"
#include "symbolize/coverage_build.h"

#define FLOW_SOURCE SOURCES "/flow.s"
#define CASES_MAX   4
#define POINTS_MAX  64
#define LINES_MAX   256

/* The cases of the source, all functions at once: functions with fewer have none recorded. */
static char expected[LINES_MAX][CASES_MAX];
static char expected_branches[LINES_MAX][CASES_MAX][3];
static bool recorded[CASES_MAX][POINTS_MAX];
static unsigned int nr_lines;

static struct index *kernel;

/* "# record:   | 1 | 1 2": points count from the first of the next function. */
static void parse_record(char *text, unsigned int first_point)
{
	unsigned int n = 0;

	for (char *set; (set = strsep(&text, "|")); n++)
		for (char *word; (word = strsep(&set, " "));)
			if (*word)
				recorded[n][first_point + strtoul(word, NULL, 10) - 1] = true;
}

static void parse_states(const char *text, char *states)
{
	for (unsigned int n = 0; *text; text++)
		if (strchr("hm?", *text))
			states[n++] = *text;
}

/* "[.. nt tt]" */
static void parse_branches(char *text, unsigned int line)
{
	unsigned int n = 0;

	text[strcspn(text, "]")] = '\0';
	for (char *word; (word = strsep(&text, " ")); n++)
		memcpy(expected_branches[line][n], word, 2);
}

static void parse_source(void)
{
	_cleanup_free_ char *text = NULL;
	static const char record[] = "# record:";
	unsigned int points = 0;

	assert_ok(file_read(FLOW_SOURCE, 1 << 20, &text, NULL));
	char *rest = text;
	for (char *line; (line = strsep(&rest, "\n")); nr_lines++) {
		char *comment = strchr(line, '#');
		char *branches = comment > line ? strchr(comment, '[') : NULL;

		if (branches) {
			parse_branches(branches + 1, nr_lines + 1);
			*branches = '\0';
		}
		assert_true(nr_lines + 1 < LINES_MAX);
		if (!strncmp(line, record, strlen(record)))
			parse_record(line + strlen(record), points);
		else if (comment > line)
			parse_states(comment, expected[nr_lines + 1]);
		if (comment > line && strstr(line, "call\t__sanitizer_cov_trace_pc"))
			points++;
	}
}

static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	parse_source();
	shell("as -g -o %s/flow.o " FLOW_SOURCE " && ld -e start -o %s %s/flow.o", fixture_dir,
	      fixture("flow"), fixture_dir);
	kernel = read_index(fixture("flow"), NULL);
	return 0;
}

static int teardown(void **state)
{
	index_destroy(kernel);
	return remove_fixture_dir(state);
}

static struct coverage *cover(unsigned int number)
{
	size_t nr, nr_pcs = 0;
	const struct index_point *points = index_points(kernel, &nr);
	struct pc_count pcs[POINTS_MAX];

	assert_true(nr <= POINTS_MAX);
	for (size_t i = 0; i < nr; i++)
		if (recorded[number][i])
			pcs[nr_pcs++] = (struct pc_count){
				index_base(kernel) + points[i].offset + points[i].size, 1
			};
	const struct coverage_input_image image = { .name = "vmlinux", .index = kernel };
	const struct coverage_mapping mapping = { 0 };
	const struct coverage_source source = { pcs, nr_pcs, false, &mapping, 1 };
	const struct coverage_input input = {
		.images = &image, .nr_images = 1, .sources = &source, .nr_sources = 1
	};
	struct coverage *coverage;

	assert_ok(coverage_build(&input, &coverage));
	assert_int_equal(coverage->nr_unmatched, 0);
	return coverage;
}

static char line_state(const struct coverage *c, unsigned int number)
{
	assert_int_equal(c->nr_files, 1);
	for (size_t i = 0; i < c->files[0].nr_lines; i++)
		if (c->files[0].lines[i].line == number)
			return c->files[0].lines[i].state == COVERAGE_LINE_HIT ? 'h' : 'm';
	return '?';
}

static char outcome(const struct coverage_branch *b, int which)
{
	static const char letters[] = "?nt";

	return b->is_reached ? letters[b->outcomes[which].state] : '.';
}

static unsigned int check_branches(const struct coverage *c, unsigned int number)
{
	unsigned int wrong = 0;

	for (size_t i = 0; i < c->files[0].nr_lines; i++) {
		const struct coverage_line *line = &c->files[0].lines[i];
		const char *want = expected_branches[line->line][number];

		assert_int_equal(line->nr_branches, expected_branches[line->line][0][0] != '\0');
		if (!*want)
			continue;
		char got[3] = { outcome(line->branches, 0), outcome(line->branches, 1) };
		if (!strcmp(got, want))
			continue;
		print_error(FLOW_SOURCE ":%u: case %u is %s, not %s\n", line->line, number + 1, got,
			    want);
		wrong++;
	}
	return wrong;
}

static void test_branches(void **state)
{
	unsigned int wrong = 0;

	(void)state;
	for (unsigned int n = 0; n < CASES_MAX; n++) {
		_cleanup_coverage_ struct coverage *c = cover(n);

		wrong += check_branches(c, n);
	}
	assert_int_equal(wrong, 0);
}

static void test_states(void **state)
{
	unsigned int wrong = 0, checked = 0;

	(void)state;
	for (unsigned int n = 0; n < CASES_MAX; n++) {
		_cleanup_coverage_ struct coverage *c = cover(n);

		for (unsigned int line = 1; line <= nr_lines; line++) {
			char want = expected[line][n], got = line_state(c, line);

			if (!want)
				continue;
			checked++;
			if (got == want)
				continue;
			print_error(FLOW_SOURCE ":%u: case %u is %c, not %c\n", line, n + 1, got,
				    want);
			wrong++;
		}
	}
	assert_true(checked > 80);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_states),
					    cmocka_unit_test(test_branches) };

	return cmocka_run_group_tests(tests, setup, teardown);
}
