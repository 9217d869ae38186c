// SPDX-License-Identifier: GPL-2.0-or-later
/* The size of coverage.md, and what stands for directories without a row. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "render/formats.h"
#include "render/tests/fixture.h"
#include "render/view.h"

#define DIRECTORIES 100

/* A file in each directory; the names of directories have `length` times the character c. */
static char *rendered(char c, int length)
{
	struct coverage_line lines[] = { LINE(1, 1, 1, 1) };
	struct coverage_file files[DIRECTORIES];
	struct coverage coverage = { .files = files, .nr_files = DIRECTORIES };
	const struct view_options options = { 0 };
	char paths[DIRECTORIES][256], name[200];
	struct view *view;

	memset(name, c, sizeof(name));
	for (int i = 0; i < DIRECTORIES; i++) {
		snprintf(paths[i], sizeof(paths[i]), "/r%03d%.*s/x.c", i, length, name);
		files[i] =
			(struct coverage_file){ .path = paths[i], .lines = lines, .nr_lines = 1 };
	}
	assert_null(view_create(&coverage, &options, &view));
	char *text = fixture_render(&renderer_markdown, view, &(struct render_options){ 0 });
	view_destroy(view);
	return text;
}

static size_t count_rows(const char *text)
{
	size_t nr = 0;

	for (; (text = strstr(text, "\n| `/r")); text++)
		nr++;
	return nr;
}

static void test_size(void **state)
{
	_cleanup_free_ char *plain = rendered('x', 180), *bars = rendered('|', 180);
	size_t nr = count_rows(bars);
	char rest[64];

	(void)state;
	assert_int_equal(count_rows(plain), DIRECTORIES);
	assert_null(strstr(plain, "other director"));
	assert_in_range(strlen(bars), 1, 64 << 10);
	assert_in_range(nr, 1, DIRECTORIES - 1);
	snprintf(rest, sizeof(rest), "| *%zu other directories* | %zu / %zu |", DIRECTORIES - nr,
		 DIRECTORIES - nr, DIRECTORIES - nr);
	assert_non_null(strstr(bars, rest));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_size) };

	return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
