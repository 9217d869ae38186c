// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Networks as text, whose balance is known; and random ones, whose balance is a flow that no circle
 * of changes makes cheaper.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "symbolize/source/balance.h"

#define ARCS_MAX  64
#define NODES_MAX 16

/*
 * An arc is "FROM>TO", "FROM>TO=OBSERVED" (cost 2 for a unit less or more) or
 * "FROM>TO=OBSERVED/BELOW/ABOVE". The wanted result is the flow of each arc; + and - follow it if
 * it may be more or less.
 */
static const struct {
	const char *name, *arcs, *want;
} cases[] = {
	{ "nothing at all", "", "" },
	{ "nothing observed", "0>1 1>0", "0+ 0+" },
	{ "one observation in a circle", "0>1=5 1>0", "5 5" },
	{ "equal observations", "0>1=5 1>2=5 2>0", "5 5 5" },
	{ "between two equal observations", "0>1=5 1>2 2>3=5 3>0", "5 5 5 5" },
	{ "the dearer observation wins", "0>1=5/9/9 1>2=7/1/1 2>0", "5 5 5" },
	{ "equally dear: each may be right", "0>1=5/2/2 1>2=7/2/2 2>0", "5+ 5+ 5+" },
	{ "a later one is more often seen than an earlier one that costs little to raise",
	  "0>1=0/0/1 1>2=14/8/8 2>0", "14 14 14" },
	{ "a missed statement that is trusted", "0>1=0/0/99 1>2=14/8/8 2>0", "0 0 0" },
	{ "an if: the other branch has the rest", "0>1=10 1>2=4 1>3 2>4 3>4 4>0", "10 4 6 4 6 10" },
	{ "an if without else of which nothing is seen inside", "0>1=10 1>2 1>3 2>3 3>0",
	  "10 0+ 10- 0+ 10" },
	{ "a loop", "0>1=1 1>2=5 2>3=4 3>1 2>4 4>0=1", "1 5 4 4 1 1" },
	{ "a leak costs less than what follows it", "0>1=5/8/8 1>2=4/8/8 2>0 1>0/0/1", "5 4 4 1" },
	{ "an arc that leads to its own beginning", "0>0=3 0>1=2 1>0", "3 2 2" },
	{ "a dead end has no flow", "0>1=3 1>0 1>2=9", "3 3 0" },
};

static size_t read_arcs(const char *text, struct balance_arc *arcs, size_t *ret_nodes)
{
	_cleanup_free_ char *copy = strdup(text);
	char *save;
	size_t nr = 0;

	*ret_nodes = 0;
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		struct balance_arc *arc = &arcs[nr++];
		const char *costs = strchr(word, '/');

		*arc = (struct balance_arc){ 0 };
		int got = sscanf(word, "%" SCNu32 ">%" SCNu32 "=%" SCNd64, &arc->from, &arc->to,
				 &arc->observed);
		assert_true(got >= 2);
		if (got == 3)
			arc->below = arc->above = 2;
		if (costs)
			assert_int_equal(
				sscanf(costs, "/%" SCNu32 "/%" SCNu32, &arc->below, &arc->above),
				2);
		*ret_nodes = arc->from >= *ret_nodes ? arc->from + 1 : *ret_nodes;
		*ret_nodes = arc->to >= *ret_nodes ? arc->to + 1 : *ret_nodes;
	}
	return nr;
}

static void test_known(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++) {
		struct balance_arc arcs[ARCS_MAX];
		size_t nodes, nr = read_arcs(cases[c].arcs, arcs, &nodes);
		char got[512] = "";
		bool done;

		uint64_t steps = 1000000;
		assert_true(balance(arcs, nr, nodes, &steps, &done));
		assert_true(done);
		for (size_t i = 0; i < nr; i++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%" PRId64 "%s%s",
				 i ? " " : "", arcs[i].flow, arcs[i].may_be_less ? "-" : "",
				 arcs[i].may_be_more ? "+" : "");
		if (!strcmp(got, cases[c].want))
			continue;
		print_error("%s: '%s' became '%s', not '%s'\n", cases[c].name, cases[c].arcs, got,
			    cases[c].want);
		failed++;
	}
	assert_int_equal(failed, 0);
}

static int64_t cost_of_change(const struct balance_arc *arc, int step)
{
	if (step > 0)
		return arc->flow < arc->observed ? -(int64_t)arc->below
		       : arc->flow < arc->most	 ? arc->within
						 : arc->above;
	return arc->flow > arc->most && arc->flow > arc->observed ? -(int64_t)arc->above
	       : arc->flow > arc->observed			  ? -(int64_t)arc->within
								  : arc->below;
}

/* Bellman and Ford: is there a circle of changes, each of one unit, that lowers the cost? */
static bool can_be_cheaper(const struct balance_arc *arcs, size_t nr, size_t nr_nodes)
{
	int64_t distance[NODES_MAX] = { 0 };
	bool changed = true;

	for (size_t pass = 0; changed && pass <= nr_nodes; pass++) {
		changed = false;
		for (size_t i = 0; i < 2 * nr; i++) {
			const struct balance_arc *arc = &arcs[i / 2];
			bool more = i % 2;
			uint32_t from = more ? arc->from : arc->to;
			uint32_t to = more ? arc->to : arc->from;

			if (!more && !arc->flow)
				continue;
			int64_t there = distance[from] + cost_of_change(arc, more ? 1 : -1);
			if (there < distance[to])
				distance[to] = there, changed = true;
		}
	}
	return changed;
}

static void test_random(void **state)
{
	(void)state;
	srandom(1);
	for (int round = 0; round < 3000; round++) {
		struct balance_arc arcs[ARCS_MAX];
		size_t nodes = 2 + random() % (NODES_MAX - 2), nr = 1 + random() % ARCS_MAX;
		int64_t sum[NODES_MAX] = { 0 };
		bool done;

		for (size_t i = 0; i < nr; i++)
			arcs[i] = (struct balance_arc){
				.from = random() % nodes,
				.to = random() % nodes,
				.observed = random() % 3 ? 0 : random() % 20,
				.most = random() % 3 ? 0 : random() % 30,
				.below = random() % 5,
				.within = random() % 3,
				.above = 2 + random() % 5,
			};
		uint64_t steps = 1000000;
		assert_true(balance(arcs, nr, nodes, &steps, &done));
		assert_true(done);
		for (size_t i = 0; i < nr; i++) {
			assert_true(arcs[i].flow >= 0);
			sum[arcs[i].from] -= arcs[i].flow;
			sum[arcs[i].to] += arcs[i].flow;
		}
		for (size_t i = 0; i < nodes; i++)
			assert_int_equal(sum[i], 0);
		assert_false(can_be_cheaper(arcs, nr, nodes));
	}
}

static void test_steps_are_limited(void **state)
{
	struct balance_arc arcs[ARCS_MAX];
	size_t nodes, nr = read_arcs("0>1=5 1>2=7 2>0", arcs, &nodes);
	uint64_t steps = 1;
	bool done = true;

	(void)state;
	assert_true(balance(arcs, nr, nodes, &steps, &done));
	assert_false(done);
	assert_int_equal(steps, 0);
	steps = 1000;
	assert_true(balance(arcs, nr, nodes, &steps, &done));
	assert_true(done);
	assert_true(steps > 0 && steps < 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_steps_are_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
