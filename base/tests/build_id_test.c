// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/build_id.h"

static void test_text(void **state)
{
	struct build_id id = { .size = 3, .bytes = { 0x00, 0xab, 0x9f } }, parsed = { 0 };
	char hex[BUILD_ID_HEX_SIZE];

	(void)state;
	assert_string_equal(build_id_format(&id, hex), "00ab9f");
	assert_true(build_id_parse("00aB9F", &parsed));
	assert_true(build_id_equal(&id, &parsed));
	parsed.bytes[2]++;
	assert_false(build_id_equal(&id, &parsed));
	parsed.size = 0;
	assert_false(build_id_equal(&id, &parsed));
	assert_string_equal(build_id_format(&parsed, hex), "");
}

static void test_refuses_other_text(void **state)
{
	char longest[2 * BUILD_ID_MAX + 3] = { 0 };
	struct build_id id = { .size = 7 };

	(void)state;
	for (int c = 1; c < 256; c++) {
		char text[3] = { (char)c, '0', 0 };
		bool is_hex =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');

		assert_int_equal(build_id_parse(text, &id), is_hex);
	}
	id.size = 7;
	assert_false(build_id_parse("", &id));
	assert_false(build_id_parse("abc", &id));
	for (size_t i = 0; i < sizeof(longest) - 1; i++)
		longest[i] = '1';
	assert_false(build_id_parse(longest, &id));
	assert_int_equal(id.size, 7);
	longest[2 * BUILD_ID_MAX] = '\0';
	assert_true(build_id_parse(longest, &id));
	assert_int_equal(id.size, BUILD_ID_MAX);
}

static const unsigned char notes[] =
	/* a note of another owner, whose name and content need padding */
	"\x06\0\0\0\x05\0\0\0\x03\0\0\0Linux\0\0\0hello\0\0\0"
	/* owner GNU, but an ABI tag */
	"\x04\0\0\0\x04\0\0\0\x01\0\0\0GNU\0tag."
	"\x04\0\0\0\x03\0\0\0\x03\0\0\0GNU\0\xaa\xbb\xcc\0";

static void test_notes(void **state)
{
	struct build_id id = { 0 };
	char hex[BUILD_ID_HEX_SIZE];

	(void)state;
	assert_true(build_id_from_notes(notes, sizeof(notes) - 1, &id));
	assert_string_equal(build_id_format(&id, hex), "aabbcc");
	for (size_t size = 0; size < sizeof(notes) - 2; size++)
		assert_false(build_id_from_notes(notes, size, &id));
}

static void test_hostile_notes(void **state)
{
	static const unsigned char huge[] = "\xff\xff\xff\xff\xff\xff\xff\xff\x03\0\0\0GNU\0aaaa";
	static const unsigned char too_long[] = "\x04\0\0\0\x24\0\0\0\x03\0\0\0GNU\0"
						"012345678901234567890123456789012345";
	static const unsigned char empty[] = "\x04\0\0\0\0\0\0\0\x03\0\0\0GNU\0";
	struct build_id id = { 0 };

	(void)state;
	assert_false(build_id_from_notes(huge, sizeof(huge) - 1, &id));
	assert_false(build_id_from_notes(too_long, sizeof(too_long) - 1, &id));
	assert_false(build_id_from_notes(empty, sizeof(empty) - 1, &id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_refuses_other_text),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_hostile_notes),
	};

	return cmocka_run_group_tests_name("build_id", tests, NULL, NULL);
}
