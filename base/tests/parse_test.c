// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/parse.h"

static void test_accepts_whole_numbers(void **state)
{
	uint64_t v = 7;

	(void)state;
	assert_true(parse_u64("0", 10, UINT64_MAX, &v) && v == 0);
	assert_true(parse_u64("18446744073709551615", 10, UINT64_MAX, &v) && v == UINT64_MAX);
	assert_true(parse_u64("0xffffffff81000000", 16, UINT64_MAX, &v) && v == 0xffffffff81000000);
	assert_true(parse_u64("Ff", 16, UINT64_MAX, &v) && v == 255);
	assert_true(parse_u64("0x10", 0, UINT64_MAX, &v) && v == 16);
	assert_true(parse_u64("10", 0, 10, &v) && v == 10);
}

static void test_refuses_the_rest(void **state)
{
	static const char *const bad[] = { "",	 "-1", "+1", " 1",
					   "1 ", "1x", "0x", "18446744073709551616",
					   "a" };
	uint64_t v = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(parse_u64(bad[i], 10, UINT64_MAX, &v));
	assert_false(parse_u64("11", 10, 10, &v));
	assert_false(parse_u64("0x", 0, UINT64_MAX, &v));
	assert_int_equal(v, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepts_whole_numbers),
		cmocka_unit_test(test_refuses_the_rest),
	};

	return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
