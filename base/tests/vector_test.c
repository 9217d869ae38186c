// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/vector.h"

struct pair {
	int a, b;
};
DEFINE_VECTOR(pair_vector, struct pair);

static void test_append_and_iterate(void **state)
{
	struct pair_vector v = VECTOR_INIT;
	int n = 0;

	(void)state;
	vector_for_each(&v, p)
		n++;
	assert_int_equal(n, 0);
	for (int i = 0; i < 1000; i++)
		assert_non_null(pair_vector_append(&v, &(struct pair){ i, -i }));
	const struct pair *zero = pair_vector_append(&v, NULL);
	assert_int_equal(zero->a, 0);
	const struct pair_vector *c = &v;
	vector_for_each(c, p)
		n += p->a + p->b == 0;
	assert_int_equal(n, 1001);
	pair_vector_deinit(&v);
	assert_int_equal(v.len, 0);
	pair_vector_deinit(&v);
}

static void test_extend(void **state)
{
	struct pair_vector v = VECTOR_INIT, more = VECTOR_INIT;

	(void)state;
	assert_true(pair_vector_extend(&v, &more));
	assert_int_equal(v.len, 0);
	for (int i = 0; i < 20; i++)
		assert_non_null(pair_vector_append(&more, &(struct pair){ i, -i }));
	assert_true(pair_vector_extend(&v, &more));
	assert_true(pair_vector_extend(&v, &more));
	assert_int_equal(v.len, 40);
	for (int i = 0; i < 40; i++)
		assert_int_equal(v.data[i].a, i % 20);
	pair_vector_deinit(&v);
	pair_vector_deinit(&more);
}

static void test_overflow(void **state)
{
	struct pair_vector v = VECTOR_INIT;

	(void)state;
	assert_false(pair_vector_reserve(&v, SIZE_MAX));
	assert_false(pair_vector_reserve(&v, SIZE_MAX / sizeof(struct pair)));
	assert_non_null(pair_vector_append(&v, NULL));
	assert_null(array_realloc(NULL, SIZE_MAX / 2, 4));
	void *nothing = array_realloc(NULL, 0, 4);
	assert_non_null(nothing);
	free(nothing);
	pair_vector_deinit(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append_and_iterate),
		cmocka_unit_test(test_extend),
		cmocka_unit_test(test_overflow),
	};

	return cmocka_run_group_tests_name("vector", tests, NULL, NULL);
}
