// SPDX-License-Identifier: GPL-2.0-or-later
/* Percentages: rounding, and numbers at the limits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "render/render.h"

static void test_percent(void **state)
{
	static const struct {
		uint64_t hit, found;
		const char *expected;
	} rows[] = {
		{ 0, 0, "-" },
		{ 0, 8, "0.0" },
		{ 3, 8, "37.5" },
		{ 2, 3, "66.6" },
		{ 1, 1001, "0.0" },
		{ 999, 1000, "99.9" },
		{ 99999, 100000, "99.9" },
		{ 1000, 1000, "100.0" },
		{ UINT64_MAX - 1, UINT64_MAX, "99.9" },
		{ UINT64_MAX, UINT64_MAX, "100.0" },
		/* Never above 100, whatever the numbers are. */
		{ 5, 4, "100.0" },
	};
	char buf[16];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(
			render_percent((struct coverage_ratio){ rows[i].hit, rows[i].found }, buf),
			rows[i].expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_percent) };

	return cmocka_run_group_tests_name("percent", tests, NULL, NULL);
}
