// SPDX-License-Identifier: GPL-2.0-or-later
/* A file from a debuginfod server that is replaced after its build id was checked is not used. */
#include "symbolize/image/tests/image_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "symbolize/image/debuginfod.h"

/* debuginfod_find_debug() checks a file, but this one is at its path when it is opened. */
static const char *found;

struct error *__wrap_debuginfod_find_debug(const struct build_id *build_id, const struct log *log,
					   char **ret);
struct error *__wrap_debuginfod_find_debug(const struct build_id *build_id, const struct log *log,
					   char **ret)
{
	(void)build_id;
	(void)log;
	*ret = strdup(fixture(found));
	return *ret ? NULL : &error_no_memory;
}

static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	setenv("DEBUGINFOD_URLS", "http://127.0.0.1:9", 1);
	build_kernel("kernel", "gcc", "-g");
	build_kernel("other", "gcc", "-g -O1");
	shell("cd %s && strip -g -o stripped kernel", fixture_dir);
	return 0;
}

static void test_replaced(void **state)
{
	_cleanup_image_ struct image *image = NULL;

	(void)state;
	found = "kernel";
	assert_ok(image_open(fixture("stripped"), NULL, &image));
	assert_true(image_has_debug(image));
	image_close(steal_ptr(&image));
	found = "other";
	assert_error(image_open(fixture("stripped"), NULL, &image), ERROR_NOT_FOUND,
		     "other' was replaced while it was opened");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_replaced) };

	return cmocka_run_group_tests_name("debug_replaced", tests, setup, remove_fixture_dir);
}
