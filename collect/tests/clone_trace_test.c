// SPDX-License-Identifier: GPL-2.0-or-later
/* Counting clones; which PCs tell of them only a KCOV kernel can say (the end-to-end cases
 * clone-untraced). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "collect/clone_trace.h"

static void test_least_count(void **state)
{
	const struct clone_trace trace = { .pcs = { 10, 20, 30 }, .nr = 3 };
	const struct pc_count first[] = { { 5, 9 }, { 10, 4 }, { 20, 2 }, { 30, 7 }, { 31, 1 } };
	const struct pc_count second[] = { { 20, 3 }, { 40, 1 } };
	uint64_t counts[CLONE_TRACE_PCS] = { 0 };

	(void)state;
	assert_int_equal(clone_trace_clones(&trace, counts), 0);
	clone_trace_count(&trace, counts, first, 5);
	assert_int_equal(clone_trace_clones(&trace, counts), 2);
	clone_trace_count(&trace, counts, second, 2);
	assert_int_equal(clone_trace_clones(&trace, counts), 4);
	assert_int_equal(counts[1], 5);
	assert_int_equal(counts[2], 7);
}

static void test_nothing_known(void **state)
{
	const struct clone_trace trace = { .nr = 0 };
	const struct pc_count pcs[] = { { 1, 1 } };
	uint64_t counts[CLONE_TRACE_PCS] = { 0 };

	(void)state;
	clone_trace_count(&trace, counts, pcs, 1);
	assert_int_equal(clone_trace_clones(&trace, counts), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_least_count),
		cmocka_unit_test(test_nothing_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
