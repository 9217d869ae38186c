// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

static void test_building(void **state)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	_cleanup_free_ char *text = NULL;

	(void)state;
	assert_string_equal(strbuf_str(&sb), "");
	strbuf_addstr(&sb, "a");
	strbuf_addch(&sb, 'b');
	strbuf_add(&sb, "c\0d", 3);
	strbuf_addf(&sb, "%d%s", 12, "");
	strbuf_add(&sb, NULL, 0);
	assert_int_equal(sb.len, 7);
	assert_memory_equal(sb.data, "abc\0d12", 8);
	strbuf_reset(&sb);
	assert_string_equal(strbuf_str(&sb), "");
	strbuf_addstr(&sb, "again");
	assert_null(strbuf_check(&sb));
	assert_null(strbuf_steal(&sb, &text));
	assert_string_equal(text, "again");
	assert_int_equal(sb.len, 0);
	assert_null(sb.data);
}

static void test_growing(void **state)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;

	(void)state;
	for (int i = 0; i < 10000; i++)
		strbuf_addf(&sb, "%04d,", i);
	assert_null(strbuf_check(&sb));
	assert_int_equal(sb.len, 50000);
	assert_memory_equal(sb.data + 5 * 1234, "1234,", 5);
	assert_int_equal(sb.data[sb.len], 0);
}

static void test_stealing_nothing(void **state)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	_cleanup_free_ char *text = NULL;

	(void)state;
	assert_null(strbuf_steal(&sb, &text));
	assert_string_equal(text, "");
}

static void test_failure_is_remembered(void **state)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	char *text = NULL;

	(void)state;
	strbuf_addstr(&sb, "kept");
	strbuf_add(&sb, "x", SIZE_MAX - 1);
	strbuf_addstr(&sb, "not added");
	assert_string_equal(strbuf_str(&sb), "kept");
	assert_ptr_equal(strbuf_check(&sb), &error_no_memory);
	assert_ptr_equal(strbuf_steal(&sb, &text), &error_no_memory);
	assert_null(text);
}

static void test_string_helpers(void **state)
{
	char text[] = "a\tb\x7f\xc3\xa4";

	(void)state;
	string_mask_controls(text);
	assert_string_equal(text, "a?b?\xc3\xa4");
	assert_true(string_starts_with("abc", "ab"));
	assert_true(string_starts_with("abc", ""));
	assert_false(string_starts_with("ab", "abc"));
	assert_true(string_ends_with("abc", "bc"));
	assert_false(string_ends_with("bc", "abc"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_building),
		cmocka_unit_test(test_growing),
		cmocka_unit_test(test_stealing_nothing),
		cmocka_unit_test(test_failure_is_remembered),
		cmocka_unit_test(test_string_helpers),
	};

	return cmocka_run_group_tests_name("strbuf", tests, NULL, NULL);
}
