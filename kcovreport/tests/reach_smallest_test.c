// SPDX-License-Identifier: GPL-2.0-or-later
/* The greedy choice of runs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/strbuf.h"

/* The code of kcovreport/ is not in the library that suites are linked with. */
#include "kcovreport/reach_smallest.c"

#define RUNS_MAX 8
#define ELEMENTS 130

/* Runs as letters of the elements that they hit, a to z; upper case is the same plus 100. "-":
 * none. */
static const struct {
	const char *name;
	const char *runs[RUNS_MAX];
	const char *want;
} cases[] = {
	{ "no run", { NULL }, "" },
	{ "none hits", { "-", "-" }, "" },
	{ "one", { "a" }, "0" },
	{ "the largest first", { "a", "bcd", "ae" }, "1 2" },
	{ "of equal ones the first", { "ab", "ab", "ba" }, "0" },
	{ "what is hit by others is not run again", { "ab", "cd", "abcde" }, "2" },
	{ "what is new counts", { "abcd", "abcef", "gh" }, "1 2 0" },
	{ "more than a word of elements", { "aA", "aBC", "Z" }, "1 0 2" },
	{ "greedy is not the fewest", { "abcdefgh", "abcdijk", "efghlmn" }, "0 1 2" },
	{ "a run without hits between", { "a", "-", "b" }, "0 2" },
};

static void set_hits(struct reach_run *run, uint64_t *hits, const char *letters)
{
	memset(hits, 0, (ELEMENTS / 64 + 1) * sizeof(*hits));
	for (; *letters && *letters != '-'; letters++) {
		unsigned int e = *letters >= 'a' ? *letters - 'a' : 100 + *letters - 'A';

		hits[e / 64] |= UINT64_C(1) << e % 64;
		run->hits = hits;
	}
}

static void test_choice(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		_cleanup_free_ size_t *chosen = NULL;
		struct reach_run runs[RUNS_MAX] = { 0 };
		uint64_t hits[RUNS_MAX][ELEMENTS / 64 + 1];
		size_t nr = 0, nr_chosen;

		for (; nr < RUNS_MAX && cases[i].runs[nr]; nr++)
			set_hits(&runs[nr], hits[nr], cases[i].runs[nr]);
		assert_null(reach_choose(runs, nr, ELEMENTS, &chosen, &nr_chosen));
		for (size_t k = 0; k < nr_chosen; k++)
			strbuf_addf(&got, "%s%zu", k ? " " : "", chosen[k]);
		if (!strcmp(strbuf_str(&got), cases[i].want))
			continue;
		print_error("%s: '%s', not '%s'\n", cases[i].name, strbuf_str(&got), cases[i].want);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_choice) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
