// SPDX-License-Identifier: GPL-2.0-or-later
/* Networks as text: which arcs become known, and with what value. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "symbolize/index/network.h"

#define ARCS_MAX  16
#define NODES_MAX 8

/*
 * An arc is "FROM>TO". The supply of a node is what leaves it minus what enters it. The expected
 * result is a number for each arc that is known, and '?' for the others.
 */
static const struct {
	const char *name;
	const char *arcs;
	int64_t supply[NODES_MAX]; /* the ground has one too, which means nothing */
	uint32_t nr_nodes;
	const char *want;
} cases[] = {
	{ "nothing at all", "", { 0 }, 1, "" },
	{ "nodes without arcs", "", { 3, 4 }, 3, "" },
	{ "an arc to the ground", "0>1", { 5, 77 }, 2, "5" },
	{ "an arc from the ground", "1>0", { -5, 77 }, 2, "5" },
	{ "an arc the other way round carries less than nothing", "1>0", { 5, 77 }, 2, "-5" },
	{ "nothing goes along an arc", "0>1", { 0 }, 2, "0" },
	{ "a chain adds up", "0>1 1>2 2>3", { 1, 2, 4, 0 }, 4, "1 3 7" },
	{ "a chain that takes again", "0>1 1>2 2>3", { 5, -3, -2, 0 }, 4, "5 2 0" },
	{ "a chain apart from the ground", "0>1 1>2", { 9, 0, -9, 0 }, 4, "9 9" },
	{ "a star", "0>3 1>3 3>2", { 1, 2, -3, 8 }, 4, "1 2 3" },
	{ "two arcs side by side", "0>1 0>1", { 5 }, 2, "? ?" },
	{ "two arcs, there and back", "0>1 1>0", { 5 }, 2, "? ?" },
	{ "a triangle", "0>1 1>2 2>0", { 1, 1 }, 3, "? ? ?" },
	{ "a loop of one node is no bridge, and hides none", "0>0 0>1", { 5 }, 2, "? 5" },
	{ "a loop of the ground", "1>1 0>1", { 5 }, 2, "? 5" },
	{ "a bridge between two triangles",
	  "0>1 1>2 2>0 2>3 3>4 4>5 5>3",
	  { 1, 2, 3, 4, 5, 6 },
	  6,
	  "? ? ? 6 ? ? ?" },
	{ "a leaf on a triangle", "0>1 1>2 2>0 3>0", { 1, 1, 1, 4, 0 }, 5, "? ? ? ?" },
	{ "the same, all of it nothing as a whole",
	  "0>1 1>2 2>0 3>0",
	  { -4, 0, 0, 4, 0 },
	  5,
	  "? ? ? 4" },
	{ "two bridges with a circle between them",
	  "0>1 1>2 1>3 2>4 3>4 4>5",
	  { 7, 0, 0, 0, 0, 0 },
	  6,
	  "7 ? ? ? ? 7" },
	{ "a back arc past a bridge takes it away",
	  "0>1 1>2 2>3 0>3",
	  { 1, 1, 1, 0 },
	  4,
	  "? ? ? ?" },
	{ "a back arc that ends where the bridge does",
	  "3>0 0>1 1>2 2>0",
	  { 0, 0, -1, 0 },
	  4,
	  "1 ? ? ?" },
	{ "apart from the ground, and true", "0>1", { 5, -5, 0 }, 3, "5" },
	{ "apart from the ground, and a contradiction", "0>1", { 5, -4, 0 }, 3, "?" },
	{ "a contradiction elsewhere is none here", "0>1 2>3", { 5, -4, 6, 0 }, 4, "? 6" },
	{ "two parts without the ground, one of them true",
	  "0>1 2>3",
	  { 5, -5, 6, 6, 0 },
	  5,
	  "5 ?" },
	{ "what is known of the ground is not asked for", "0>2 2>1", { 3, -8, 1000 }, 3, "3 8" },
	{ "the largest counts",
	  "0>1 1>2",
	  { NETWORK_COUNT_MAX, NETWORK_COUNT_MAX, 0 },
	  3,
	  "1099511627776 2199023255552" },
};

static uint32_t parse_arcs(const char *text, struct network_arc *arcs)
{
	uint32_t nr = 0;
	int len;

	for (; sscanf(text, " %u>%u%n", &arcs[nr].from, &arcs[nr].to, &len) == 2; text += len)
		assert_true(++nr < ARCS_MAX);
	return nr;
}

static void format_arcs(const struct network *n, char *text, size_t size)
{
	text[0] = '\0';
	for (uint32_t i = 0; i < n->nr_arcs; i++) {
		size_t len = strlen(text);

		if (n->arcs[i].is_known)
			snprintf(text + len, size - len, "%s%lld", i ? " " : "",
				 (long long)n->arcs[i].value);
		else
			snprintf(text + len, size - len, "%s?", i ? " " : "");
	}
}

static void test_cases(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct network_arc arcs[ARCS_MAX] = { 0 };
		int64_t supply[NODES_MAX];
		struct network n = { cases[i].nr_nodes, supply, arcs, 0 };
		char got[256];

		memcpy(supply, cases[i].supply, sizeof(supply));
		n.nr_arcs = parse_arcs(cases[i].arcs, arcs);
		assert_true(network_solve(&n));
		format_arcs(&n, got, sizeof(got));
		if (!strcmp(got, cases[i].want))
			continue;
		print_error("%s: %s, not %s\n", cases[i].name, got, cases[i].want);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static uint32_t next_random(uint32_t *state)
{
	/* xorshift32 */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Whether the nodes of an arc are connected without this arc. */
static bool connected_without(const struct network *n, uint32_t arc)
{
	bool seen[NODES_MAX] = { 0 };

	seen[n->arcs[arc].from] = true;
	for (uint32_t round = 0; round < n->nr_nodes; round++)
		for (uint32_t i = 0; i < n->nr_arcs; i++)
			if (i != arc && (seen[n->arcs[i].from] || seen[n->arcs[i].to]))
				seen[n->arcs[i].from] = seen[n->arcs[i].to] = true;
	return seen[n->arcs[arc].to];
}

/* Random graphs with random flow: the flow of exactly the bridges is found again. */
static void test_random(void **state)
{
	uint32_t random = 20261129, bridges = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct network_arc arcs[ARCS_MAX] = { 0 };
		int64_t supply[NODES_MAX] = { 0 }, values[ARCS_MAX];
		struct network n = { 1 + next_random(&random) % NODES_MAX, supply, arcs,
				     next_random(&random) % ARCS_MAX };

		for (uint32_t i = 0; i < n.nr_arcs; i++) {
			arcs[i].from = next_random(&random) % n.nr_nodes;
			arcs[i].to = next_random(&random) % n.nr_nodes;
			values[i] = (int64_t)(next_random(&random) % 2001) - 1000;
			supply[arcs[i].from] += values[i];
			supply[arcs[i].to] -= values[i];
		}
		supply[n.nr_nodes - 1] = next_random(&random);
		assert_true(network_solve(&n));
		for (uint32_t i = 0; i < n.nr_arcs; i++) {
			bool is_bridge = !connected_without(&n, i);

			assert_int_equal(arcs[i].is_known, is_bridge);
			if (is_bridge)
				assert_int_equal(arcs[i].value, values[i]);
			bridges += is_bridge;
		}
	}
	assert_true(bridges > 10000);
}

/* A search as deep as there are nodes, with sums as large as the header allows. */
static void test_deep(void **state)
{
	const uint32_t nr = 1 << 20;
	_cleanup_free_ struct network_arc *arcs = calloc(nr, sizeof(*arcs));
	_cleanup_free_ int64_t *supply = calloc(nr, sizeof(*supply));
	struct network n = { nr, supply, arcs, nr - 1 };

	(void)state;
	assert_non_null(arcs);
	assert_non_null(supply);
	for (uint32_t i = 0; i + 1 < nr; i++) {
		arcs[i] = (struct network_arc){ .from = i, .to = i + 1 };
		supply[i] = NETWORK_COUNT_MAX;
	}
	assert_true(network_solve(&n));
	for (uint32_t i = 0; i + 1 < nr; i++) {
		assert_true(arcs[i].is_known);
		assert_int_equal(arcs[i].value, (i + 1) * NETWORK_COUNT_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
