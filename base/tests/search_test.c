// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "base/search.h"

static void test_first(void **state)
{
	static const uint64_t values[] = { 1, 3, 3, 3, 7, UINT64_MAX };
	static const struct {
		size_t nr;
		uint64_t value;
		size_t not_below, above;
	} cases[] = {
		{ 0, 1, 0, 0 }, { 1, 0, 0, 0 }, { 1, 1, 0, 1 },		 { 1, 2, 1, 1 },
		{ 6, 0, 0, 0 }, { 6, 1, 0, 1 }, { 6, 2, 1, 1 },		 { 6, 3, 1, 4 },
		{ 5, 3, 1, 4 }, { 3, 3, 1, 3 }, { 6, 4, 4, 4 },		 { 6, 7, 4, 5 },
		{ 6, 8, 5, 5 }, { 5, 8, 5, 5 }, { 6, UINT64_MAX, 5, 6 },
	};

	(void)state;
	for (size_t n = 0; n < sizeof(cases) / sizeof(*cases); n++) {
		uint64_t value = cases[n].value;

		assert_int_equal(search_first(cases[n].nr, i, values[i] >= value),
				 cases[n].not_below);
		assert_int_equal(search_first(cases[n].nr, i, values[i] > value), cases[n].above);
		for (size_t from = 0; from <= cases[n].not_below; from++)
			assert_int_equal(search_next(from, cases[n].nr, i, values[i] >= value),
					 cases[n].not_below);
	}
}

/* Every possible answer in arrays of up to 40 elements, none of them twice. */
static void test_every_answer(void **state)
{
	(void)state;
	for (size_t nr = 0; nr < 40; nr++)
		for (size_t answer = 0; answer <= nr; answer++) {
			uint64_t asked = 0;

			assert_int_equal(
				search_first(nr, i,
					     (assert_true(i < nr), assert_false(asked >> i & 1),
					      asked |= UINT64_C(1) << i, i >= answer)),
				answer);
		}
}

static void test_compare(void **state)
{
	uint64_t values[] = { UINT64_MAX, 0, 1, UINT64_MAX - 1, 1, UINT64_C(1) << 63 };
	static const uint64_t sorted[] = { 0, 1, 1, UINT64_C(1) << 63, UINT64_MAX - 1, UINT64_MAX };

	(void)state;
	qsort(values, 6, sizeof(*values), compare_u64);
	assert_memory_equal(values, sorted, sizeof(sorted));
	assert_int_equal(compare_values(-1, 1), -1);
	assert_int_equal(compare_values(2, 2), 0);
	assert_int_equal(compare_values(UINT64_MAX, UINT64_C(1)), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_every_answer),
		cmocka_unit_test(test_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
