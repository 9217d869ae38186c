// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/pc_merge.h"
#include "base/tests/assert.h"

#define SPANS 4
#define PCS   6

/* PC 0 ends an array. */
static const struct merge_case {
	const char *what;
	struct pc_count spans[SPANS][PCS];
	struct pc_count want[SPANS * PCS];
} merge_cases[] = {
	{ "nothing", { { { 0 } } }, { { 0 } } },
	{ "one array", { { { 3, 1 }, { 7, 2 } } }, { { 3, 1 }, { 7, 2 } } },
	{ "two apart",
	  { { { 8, 1 }, { 9, 2 } }, { { 3, 4 }, { 5, 6 } } },
	  { { 3, 4 }, { 5, 6 }, { 8, 1 }, { 9, 2 } } },
	{ "the same PCs",
	  { { { 3, 1 }, { 7, 2 } }, { { 3, 10 }, { 7, 20 } } },
	  { { 3, 11 }, { 7, 22 } } },
	{ "an empty one between",
	  { { { 3, 1 } }, { { 0 } }, { { 2, 1 } } },
	  { { 2, 1 }, { 3, 1 } } },
	{ "a PC twice in one array",
	  { { { 3, 1 }, { 3, 2 }, { 4, 1 } }, { { 3, 4 } } },
	  { { 3, 7 }, { 4, 1 } } },
	{ "four, interleaved",
	  { { { 1, 1 }, { 5, 1 }, { 9, 1 } },
	    { { 2, 1 }, { 5, 2 } },
	    { { 3, 1 }, { 5, 3 }, { 11, 1 } },
	    { { 4, 1 }, { 12, 1 } } },
	  { { 1, 1 }, { 2, 1 }, { 3, 1 }, { 4, 1 }, { 5, 6 }, { 9, 1 }, { 11, 1 }, { 12, 1 } } },
	{ "the largest PC and counts that saturate",
	  { { { UINT64_MAX, UINT64_MAX - 1 } }, { { UINT64_MAX, 5 } } },
	  { { UINT64_MAX, UINT64_MAX } } },
};

static size_t length(const struct pc_count *pcs, size_t max)
{
	size_t n = 0;

	while (n < max && pcs[n].pc)
		n++;
	return n;
}

static void check(const struct merge_case *c, const struct pc_count *got, size_t nr)
{
	if (nr != length(c->want, SPANS * PCS))
		fail_msg("%s: %zu PCs", c->what, nr);
	for (size_t i = 0; i < nr; i++)
		if (got[i].pc != c->want[i].pc || got[i].count != c->want[i].count)
			fail_msg("%s: PC %ju count %ju at %zu", c->what, (uintmax_t)got[i].pc,
				 (uintmax_t)got[i].count, i);
}

static void test_merge(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(merge_cases) / sizeof(*merge_cases); n++) {
		const struct merge_case *c = &merge_cases[n];
		_cleanup_free_ struct pc_count *got = NULL;
		struct pc_span spans[SPANS];
		size_t nr;

		for (size_t i = 0; i < SPANS; i++)
			spans[i] = (struct pc_span){ c->spans[i], length(c->spans[i], PCS) };
		assert_null(pc_merge(spans, SPANS, &got, &nr));
		assert_non_null(got);
		check(c, got, nr);
	}
}

static void test_parts(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(merge_cases) / sizeof(*merge_cases); n++) {
		const struct merge_case *c = &merge_cases[n];
		_cleanup_free_ struct pc_count *got = NULL;
		struct pc_parts parts = { 0 };
		size_t nr;

		for (size_t i = 0; i < SPANS; i++)
			assert_ok(pc_parts_add(&parts, c->spans[i], length(c->spans[i], PCS)));
		assert_null(pc_parts_take(&parts, &got, &nr));
		assert_non_null(got);
		/* A single array is taken as it is: a reader gives each PC once. */
		check(c, got, nr);
		assert_int_equal(parts.pcs.len + parts.starts.len, 0);
	}
}

/* A long collection: the same PCs in each of many records cost no more memory than a few of them.
 */
static void test_memory_is_bounded(void **state)
{
	enum { DISTINCT = 20000, RECORDS = 100 };
	_cleanup_free_ struct pc_count *pcs = calloc(DISTINCT, sizeof(*pcs)), *got = NULL;
	struct pc_parts parts = { 0 };
	size_t nr, most = 0;

	(void)state;
	for (size_t i = 0; i < DISTINCT; i++)
		pcs[i] = (struct pc_count){ 1000 + i, i + 1 };
	for (size_t n = 0; n < RECORDS; n++) {
		assert_ok(pc_parts_add(&parts, pcs, DISTINCT));
		most = parts.pcs.len > most ? parts.pcs.len : most;
	}
	assert_true(most < 6 * DISTINCT);
	assert_null(pc_parts_take(&parts, &got, &nr));
	assert_int_equal(nr, DISTINCT);
	for (size_t i = 0; i < DISTINCT; i++)
		assert_true(got[i].pc == pcs[i].pc && got[i].count == RECORDS * pcs[i].count);
}

/* A hostile file may hold any number of PCs. */
static void test_too_many(void **state)
{
	enum { STEP = 1 << 18 };
	_cleanup_free_ struct pc_count *pcs = calloc(STEP, sizeof(*pcs));
	struct pc_parts parts = { 0 };
	struct error *err = NULL;
	uint64_t next = 1;

	(void)state;
	assert_non_null(pcs);
	while (!err && next < 4 * PC_PARTS_MAX) {
		for (size_t i = 0; i < STEP; i++)
			pcs[i] = (struct pc_count){ next++, 1 };
		err = pc_parts_add(&parts, pcs, STEP);
	}
	assert_in_range(next, PC_PARTS_MAX, 2 * PC_PARTS_MAX + STEP);
	assert_error(err, ERROR_UNSUPPORTED, "more than 8388608 different PCs");
	pc_parts_deinit(&parts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_memory_is_bounded),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("PC merge", tests, NULL, NULL);
}
