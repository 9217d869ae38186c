// SPDX-License-Identifier: GPL-2.0-or-later
/* Packed lists of numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/packed.h"

static void test_round_trip(void **state)
{
	static const uint64_t numbers[] = { 0, 1, 127, 128, 16384, UINT32_MAX, UINT64_MAX };
	static const int64_t differences[] = { 0, -1, 1, -64, 64, INT64_MIN, INT64_MAX };
	struct packed p = VECTOR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		assert_true(packed_put(&p, numbers[i]) && packed_put_signed(&p, differences[i]));
	struct packed_reader r = packed_reader(p.data, p.len);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		assert_true(packed_get(&r) == numbers[i]);
		assert_true(packed_get_signed(&r) == differences[i]);
	}
	assert_true(!r.failed && r.next == r.end);
	packed_deinit(&p);
}

/* A failure stays: what follows is 0, and nothing is read behind the end. */
static void test_damage(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t size;
	} cases[] = {
		{ "nothing", "", 0 },
		{ "it ends within a number", "\x80\x80", 2 },
		{ "more than 64 bits", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x01", 11 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct packed_reader r =
			packed_reader((const uint8_t *)cases[i].bytes, cases[i].size);

		if (packed_get(&r) || !r.failed || packed_get(&r) || r.next != r.end)
			fail_msg("%s", cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests_name("packed", tests, NULL, NULL);
}
