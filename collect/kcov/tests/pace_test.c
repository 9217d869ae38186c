// SPDX-License-Identifier: GPL-2.0-or-later
/* How long a reader may wait, and the limits of the measured speed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "collect/kcov/pace.h"

#define MIB_WORDS (1 << 20)

static void test_wait(void **state)
{
	(void)state;
	/* 786432 words at 1, 4 and 50 ns. */
	assert_int_equal(pace_wait(1000, MIB_WORDS), PACE_MIN_NS);
	assert_int_equal(pace_wait(4000, MIB_WORDS), 786432 * 4);
	assert_int_equal(pace_wait(50000, MIB_WORDS), PACE_MAX_NS);
	assert_int_equal(pace_wait(50000, 65536), 49152 * 50);
	assert_int_equal(pace_wait(50000, 2), PACE_MIN_NS);
	assert_int_equal(pace_wait(UINT64_MAX, (size_t)1 << 60), PACE_MAX_NS);
}

/* From a 10 GHz processor that stores a PC per cycle, to the slowest emulator with a sanitizer. */
static void test_measure(void **state)
{
	uint64_t ps = pace_measure();

	(void)state;
	print_message("%ju ps\n", (uintmax_t)ps);
	assert_in_range(ps, 100, 10000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_measure),
	};

	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
