// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/varint.h"

static void test_bytes(void **state)
{
	static const struct {
		uint64_t value;
		size_t nr;
		const char *bytes;
	} cases[] = {
		{ 0, 1, "\x00" },
		{ 1, 1, "\x01" },
		{ 127, 1, "\x7f" },
		{ 128, 2, "\x80\x01" },
		{ 300, 2, "\xac\x02" },
		{ 16383, 2, "\xff\x7f" },
		{ 16384, 3, "\x80\x80\x01" },
		{ UINT64_MAX, 10, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t bytes[VARINT_MAX];
		uint64_t value;

		assert_int_equal(varint_put(bytes, cases[i].value), cases[i].nr);
		assert_memory_equal(bytes, cases[i].bytes, cases[i].nr);
		for (size_t cut = 0; cut < cases[i].nr; cut++) {
			const uint8_t *p = bytes;

			assert_false(varint_get(&p, bytes + cut, &value));
		}
		const uint8_t *p = bytes;
		assert_true(varint_get(&p, bytes + VARINT_MAX, &value));
		assert_int_equal(p - bytes, cases[i].nr);
		assert_int_equal(value, cases[i].value);
	}
}

static void test_not_64_bits(void **state)
{
	static const char *const texts[] = {
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
		"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
		"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x81",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const uint8_t *p = (const uint8_t *)texts[i], *end = p + strlen(texts[i]);
		uint64_t value;

		assert_false(varint_get(&p, end, &value));
		assert_true(p <= end);
	}
}

static void test_zigzag(void **state)
{
	static const int64_t values[] = { 0, -1, 1, -2, 2, INT64_MAX, INT64_MIN };
	static const uint64_t codes[] = { 0, 1, 2, 3, 4, UINT64_MAX - 1, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		assert_int_equal(zigzag_encode(values[i]), codes[i]);
		assert_int_equal(zigzag_decode(codes[i]), values[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_not_64_bits),
		cmocka_unit_test(test_zigzag),
	};

	return cmocka_run_group_tests_name("varint", tests, NULL, NULL);
}
