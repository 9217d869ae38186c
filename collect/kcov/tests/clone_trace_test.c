// SPDX-License-Identifier: GPL-2.0-or-later
/* Counting clones from counts of PCs. Only a KCOV kernel can tell which PCs to count:
 * the end-to-end cases clone-untraced test that. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "collect/kcov/clone_trace.h"

/* 20 and 30 are the last PCs; other callers reach 10 too. */
static void test_counts(void **state)
{
	const struct clone_trace trace = { .pcs = { 10, 20, 30, 40, 50 },
					   .last = { false, true, true },
					   .nr = 5 };
	const struct pc_count first[] = { { 5, 9 },  { 10, 8 }, { 20, 2 },
					  { 30, 3 }, { 40, 2 }, { 50, 2 } };
	const struct pc_count second[] = { { 20, 3 }, { 41, 1 } };
	const struct pc_count preempted[] = { { 20, 5 }, { 30, 5 } };
	uint64_t counts[CLONE_TRACE_PCS] = { 0 };

	(void)state;
	assert_int_equal(clone_trace_clones(&trace, counts), 0);
	clone_trace_count(&trace, counts, first, 6);
	assert_int_equal(clone_trace_clones(&trace, counts), 2);
	clone_trace_count(&trace, counts, second, 2);
	assert_int_equal(counts[1], 5);
	assert_int_equal(clone_trace_clones(&trace, counts), 3);
	memset(counts, 0, sizeof(counts));
	clone_trace_count(&trace, counts, preempted, 2);
	assert_int_equal(clone_trace_clones(&trace, counts), 0);
}

/* Creating one of the kernel's own workers reaches all but the last PCs. */
static void test_workers(void **state)
{
	const struct clone_trace trace = { .pcs = { 10, 20, 30, 40, 50 },
					   .last = { false, true, true },
					   .nr = 5 };
	const struct pc_count pcs[] = { { 10, 4 }, { 40, 4 }, { 50, 4 } };
	uint64_t counts[CLONE_TRACE_PCS] = { 0 };

	(void)state;
	clone_trace_count(&trace, counts, pcs, 3);
	assert_int_equal(clone_trace_clones(&trace, counts), 0);
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
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_workers),
		cmocka_unit_test(test_nothing_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
