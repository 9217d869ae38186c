// SPDX-License-Identifier: GPL-2.0-or-later
/* The cache of a program without a build id (the Makefile links this suite so): it is not used. */
#include "symbolize/index/tests/cache_fixture.h"

static void test_not_kept(void **state)
{
	_cleanup_free_ char *one = NULL;

	(void)state;
	build_kernel("one", "gcc", "-g");
	one = expect(fixture("one"));
	for (int i = 0; i < 2; i++) {
		check_get(fixture("one"), one, false);
		assert_non_null(strstr(logged, "not kept: this program was linked without a "
					       "build id"));
		assert_int_equal(count_files(""), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_kept),
	};

	return cmocka_run_group_tests(tests, make_fixture_dir, remove_fixture_dir);
}
