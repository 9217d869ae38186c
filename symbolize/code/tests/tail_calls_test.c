// SPDX-License-Identifier: GPL-2.0-or-later
/* What functions can end in, through their jumps. Cases give the jumps as words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "symbolize/code/code.h"

#define SYMBOLS_MAX 8

enum { P = CODE_TAIL_POINT, I = CODE_TAIL_INDIRECT, E = CODE_TAIL_EXTERNAL };

/* "0>1 2>1": function 0 jumps to 1, and so does 2. */
static void parse_edges(const char *text, struct code_edge_vector *edges)
{
	struct code_edge e;
	int len;

	for (; sscanf(text, " %u>%u%n", &e.from, &e.to, &len) == 2; text += len)
		assert_non_null(code_edge_vector_append(edges, &e));
	assert_string_equal(text, "");
}

static const struct {
	const char *name;
	const char *edges;
	size_t nr;
	uint8_t flags[SYMBOLS_MAX], want[SYMBOLS_MAX];
} flag_cases[] = {
	{ "no functions", "", 0, { 0 }, { 0 } },
	{ "no jumps", "", 2, { P, 0 }, { P, 0 } },
	{ "who jumps there can end there", "0>1", 2, { 0, P }, { P, P } },
	{ "who is jumped to cannot", "0>1", 2, { P, 0 }, { P, 0 } },
	{ "jumps to nothing of it", "0>1 1>2", 3, { 0, 0, 0 }, { 0, 0, 0 } },
	{ "a chain", "0>1 1>2 2>3", 4, { 0, 0, 0, I }, { I, I, I, I } },
	{ "a chain, its jumps in another order", "2>3 0>1 1>2", 4, { 0, 0, 0, I }, { I, I, I, I } },
	{ "from the middle of a chain", "0>1 1>2 2>3", 4, { 0, 0, P, 0 }, { P, P, P, 0 } },
	{ "several that jump to one", "0>3 1>3 2>3", 4, { 0, 0, 0, P }, { P, P, P, P } },
	{ "one that jumps to several", "0>1 0>2 0>3", 4, { 0, P, I, E }, { P | I | E, P, I, E } },
	{ "a flag it has, and one it gains", "0>1", 2, { P, P | I }, { P | I, P | I } },
	{ "a circle", "0>1 1>2 2>0", 3, { P, I, 0 }, { P | I, P | I, P | I } },
	{ "a jump to itself", "0>0 1>0", 2, { P, 0 }, { P, P } },
	{ "a circle that nothing comes out of", "0>1 1>0 2>0", 4, { 0, 0, 0, P }, { 0, 0, 0, P } },
	{ "the same jump twice", "0>1 0>1", 2, { 0, P }, { P, P } },
	{ "the last of all", "6>7 0>6", 8, { 0, 0, 0, 0, 0, 0, 0, E }, { E, 0, 0, 0, 0, 0, E, E } },
	{ "gained on two ways, one after the other",
	  "0>1 1>2 1>3 3>4",
	  5,
	  { 0, 0, P, 0, I },
	  { P | I, P | I, P, I, I } },
};

static void test_flags(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(flag_cases) / sizeof(*flag_cases); i++) {
		struct code_edge_vector edges = VECTOR_INIT;
		uint8_t flags[SYMBOLS_MAX];

		memcpy(flags, flag_cases[i].flags, sizeof(flags));
		parse_edges(flag_cases[i].edges, &edges);
		assert_null(tail_calls_spread(flags, flag_cases[i].nr, &edges));
		if (memcmp(flags, flag_cases[i].want, sizeof(flags)))
			fail_msg("%s", flag_cases[i].name);
		code_edge_vector_deinit(&edges);
	}
}

/* tail_calls_spread() leaves edges in the order that tail_points_spread() needs. */
static void test_sorted(void **state)
{
	struct code_edge_vector edges = VECTOR_INIT;
	uint8_t flags[SYMBOLS_MAX] = { 0 };

	(void)state;
	parse_edges("5>1 0>3 4>0 2>1 0>0 5>1", &edges);
	assert_null(tail_calls_spread(flags, SYMBOLS_MAX, &edges));
	assert_int_equal(edges.len, 6);
	for (size_t i = 1; i < edges.len; i++) {
		const struct code_edge *a = &edges.data[i - 1], *b = &edges.data[i];

		assert_true(a->to < b->to || (a->to == b->to && a->from <= b->from));
	}
	code_edge_vector_deinit(&edges);
}

#define NONE CODE_NO_POINT
#define MANY CODE_MANY_POINTS

static const struct {
	const char *name;
	const char *edges; /* by target, then source */
	size_t nr;
	uint32_t points[SYMBOLS_MAX], want[SYMBOLS_MAX];
} point_cases[] = {
	{ "no functions", "", 0, { 0 }, { 0 } },
	{ "no jumps", "", 3, { 7, NONE, MANY }, { 7, NONE, MANY } },
	{ "who jumps there ends there", "0>1", 2, { NONE, 7 }, { 7, 7 } },
	{ "point 0 is one, too", "0>1", 2, { NONE, 0 }, { 0, 0 } },
	{ "one of its own, and another", "0>1", 2, { 3, 7 }, { MANY, 7 } },
	{ "the same on two ways", "0>1 0>2 1>3 2>3", 4, { NONE, NONE, NONE, 7 }, { 7, 7, 7, 7 } },
	{ "one of two", "0>1 0>2", 3, { NONE, 4, 7 }, { MANY, 4, 7 } },
	{ "several stay several", "0>1", 2, { NONE, MANY }, { MANY, MANY } },
	{ "several and one", "0>1", 2, { 4, MANY }, { MANY, MANY } },
	{ "one and none", "0>1", 2, { 4, NONE }, { 4, NONE } },
	{ "a chain", "0>1 1>2", 3, { NONE, NONE, 5 }, { 5, 5, 5 } },
	{ "several go on along a chain",
	  "0>1 1>2 1>3",
	  4,
	  { NONE, NONE, 5, 6 },
	  { MANY, MANY, 5, 6 } },
	{ "a circle with one", "1>0 0>1", 2, { NONE, 5 }, { 5, 5 } },
	{ "a circle with two", "1>0 0>1", 2, { 4, 5 }, { MANY, MANY } },
	{ "a jump to itself is no second", "0>0", 1, { 4 }, { 4 } },
};

static void test_points(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(point_cases) / sizeof(*point_cases); i++) {
		struct code_edge_vector edges = VECTOR_INIT;
		uint32_t points[SYMBOLS_MAX];

		memcpy(points, point_cases[i].points, sizeof(points));
		parse_edges(point_cases[i].edges, &edges);
		assert_null(tail_points_spread(points, point_cases[i].nr, &edges));
		if (memcmp(points, point_cases[i].want, sizeof(points)))
			fail_msg("%s", point_cases[i].name);
		code_edge_vector_deinit(&edges);
	}
}

/* A ladder: each function jumps to the next two. If time is not linear, the test does not end. */
static void test_ladder(void **state)
{
	const uint32_t nr = 100000;
	_cleanup_free_ uint8_t *flags = calloc(nr, 1);
	_cleanup_free_ uint32_t *points = malloc(nr * sizeof(*points));
	struct code_edge_vector edges = VECTOR_INIT;

	(void)state;
	assert_non_null(flags);
	assert_non_null(points);
	for (uint32_t i = 0; i < nr; i++) {
		points[i] = NONE;
		for (uint32_t to = i + 1; to < nr && to < i + 3; to++)
			assert_non_null(
				code_edge_vector_append(&edges, &(struct code_edge){ i, to }));
	}
	flags[nr - 1] = P | E;
	flags[nr - 2] = I;
	points[nr - 1] = 3;
	points[nr - 2] = 4;
	assert_null(tail_calls_spread(flags, nr, &edges));
	assert_null(tail_points_spread(points, nr, &edges));
	for (uint32_t i = 0; i + 2 < nr; i++) {
		assert_int_equal(flags[i], P | I | E);
		assert_int_equal(points[i], MANY);
	}
	code_edge_vector_deinit(&edges);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_ladder),
	};

	return cmocka_run_group_tests_name("tail_calls", tests, NULL, NULL);
}
