// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>

#include "base/cleanup.h"
#include "base/error.h"

static void assert_formats(const struct error *err, const char *want)
{
	_cleanup_free_ char *text = error_format(err);

	assert_string_equal(text, want);
}

static void test_message(void **state)
{
	_cleanup_error_ struct error *err =
		error_create(ERROR_FORMAT, "line %d of '%s' is bad", 3, "x");

	(void)state;
	assert_int_equal(err->code, ERROR_FORMAT);
	assert_int_equal(err->errnum, 0);
	assert_null(err->hint);
	assert_formats(err, "line 3 of 'x' is bad");
}

static void test_errno_hint_and_context(void **state)
{
	_cleanup_error_ struct error *err = error_errno(ENOENT, "cannot open '%s'", "a");

	(void)state;
	err = error_context(err, "unit '%d'", 7);
	err = error_hint(err, "first");
	err = error_hint(err, "make %s", "it");
	assert_int_equal(err->code, ERROR_SYSTEM);
	assert_int_equal(err->errnum, ENOENT);
	assert_formats(err, "unit '7': cannot open 'a': No such file or directory (make it)");
}

static void test_control_bytes_are_masked(void **state)
{
	_cleanup_error_ struct error *err =
		error_hint(error_create(ERROR_FORMAT, "a\nb\x1b[0m"), "c\td\x7f");

	(void)state;
	assert_formats(err, "a?b?[0m (c?d?)");
}

static void test_no_memory_needs_none(void **state)
{
	struct error *err = error_errno(ENOMEM, "cannot do '%s'", "a");

	(void)state;
	assert_ptr_equal(err, &error_no_memory);
	err = error_hint(error_context(err, "x"), "y");
	assert_ptr_equal(err, &error_no_memory);
	assert_formats(err, "out of memory");
	error_destroy(err);
	assert_formats(&error_no_memory, "out of memory");
}

static void test_null_is_success(void **state)
{
	(void)state;
	assert_null(error_context(NULL, "x"));
	assert_null(error_hint(NULL, "x"));
	error_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_errno_hint_and_context),
		cmocka_unit_test(test_control_bytes_are_masked),
		cmocka_unit_test(test_no_memory_needs_none),
		cmocka_unit_test(test_null_is_success),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
