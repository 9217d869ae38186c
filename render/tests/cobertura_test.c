// SPDX-License-Identifier: GPL-2.0-or-later
/* Names in Cobertura's format: readers take those of a file, with their signatures, for keys. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "render/formats.h"
#include "render/tests/fixture.h"
#include "render/view.h"

static void test_methods_of_one_name(void **state)
{
	struct coverage_line lines[] = { LINE(3, 1, 1, 1), LINE(7, 0, 0, 1) };
	struct coverage_function functions[] = {
		{ .name = "init", .line = 3, .count = 1 },
		{ .name = "init", .line = 7 },
		{ .name = "a<\x01", .line = 9 },
		{ .name = "a<\x02", .line = 10 },
	};
	struct coverage_file file = { .path = "/n/a.h",
				      .lines = lines,
				      .nr_lines = 2,
				      .functions = functions,
				      .nr_functions = 4 };
	struct view *view;

	(void)state;
	assert_null(view_create(&(struct coverage){ .files = &file, .nr_files = 1 },
				&(struct view_options){ 0 }, &view));
	_cleanup_free_ char *text =
		fixture_render(&renderer_cobertura, view, &(struct render_options){ 0 });
	view_destroy(view);
	assert_non_null(strstr(text, "<method name=\"init\" signature=\"\""));
	assert_non_null(strstr(text, "<method name=\"init\" signature=\"line 7\""));
	assert_non_null(strstr(text, " signature=\"line 10\""));
	assert_null(strstr(text, " signature=\"line 9\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_methods_of_one_name),
	};

	return cmocka_run_group_tests_name("cobertura", tests, NULL, NULL);
}
