// SPDX-License-Identifier: GPL-2.0-or-later
/* Each rule of the portable form (render/formats.h): a coverage, and the whole tracefile of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "render/formats.h"
#include "render/tests/fixture.h"
#include "render/view.h"

static char *rendered(const struct coverage *coverage, const char *test_name)
{
	struct view *view;

	assert_null(view_create(coverage, &(struct view_options){ 0 }, &view));
	char *text = fixture_render(&renderer_lcov, view,
				    &(struct render_options){ .test_name = test_name });
	view_destroy(view);
	return text;
}

#define assert_rendered(coverage, test_name, expected)                                             \
	do {                                                                                       \
		_cleanup_free_ char *_text = rendered(coverage, test_name);                        \
		assert_string_equal(_text, expected);                                              \
	} while (0)

#define A_LINE "SF:/n/a.c\nFNF:0\nFNH:0\nDA:1,1\nLF:1\nLH:1\nend_of_record\n"

static void test_test_name(void **state)
{
	static const struct {
		const char *given, *written;
	} rows[] = {
		{ NULL, "TN:\n" A_LINE },
		{ "", "TN:\n" A_LINE },
		{ "plain_1", "TN:plain_1\n" A_LINE },
		{ "./my test,diff --x=\xc3\xa9\n", "TN:my_test_diff_x\n" A_LINE },
		{ "../", "TN:\n" A_LINE },
		{ "0123456789012345678901234567890123456789012345678901234567890123456789"
		  "0123456789 cut",
		  "TN:0123456789012345678901234567890123456789012345678901234567890123456789"
		  "0123456789\n" A_LINE },
	};
	struct coverage_line lines[] = { LINE(1, 1, 1, 1) };
	struct coverage_file file = { .path = "/n/a.c", .lines = lines, .nr_lines = 1 };
	struct coverage coverage = { .files = &file, .nr_files = 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_rendered(&coverage, rows[i].given, rows[i].written);
}

static void test_sections(void **state)
{
	struct coverage_line lines[] = { LINE(1, 1, 1, 1) };
	struct coverage_file files[] = {
		{ .path = "/n/no_lines.c", .point_ratio = { 0, 1 } },
		{ .path = "/odd/../a\tb\x9b\n<b>\".c", .lines = lines, .nr_lines = 1 },
	};
	struct coverage coverage = { .files = files, .nr_files = 2 };

	(void)state;
	assert_rendered(&coverage, NULL,
			"TN:\nSF:/a?b???b??.c\nFNF:0\nFNH:0\nDA:1,1\nLF:1\nLH:1\nend_of_record\n");
	assert_rendered(&(struct coverage){ 0 }, NULL, "");
}

/*
 * A missed line has only '-', even if its jump may have run. A hit line has no branch with an
 * outcome that is not known, and none at all without an outcome that was taken.
 */
static void test_branches(void **state)
{
	struct coverage_branch branches[] = {
		BRANCH(0, true, TAKEN, 2, NOT_TAKEN, 0),
		BRANCH(1, true, TAKEN, 1, UNKNOWN, 0),
		BRANCH(4, false, NOT_TAKEN, 0, NOT_TAKEN, 0),
	};
	struct coverage_branch unknown[] = { BRANCH(0, true, UNKNOWN, 0, UNKNOWN, 0) };
	struct coverage_branch not_reached[] = {
		BRANCH(0, true, TAKEN, 1, UNKNOWN, 0),
		BRANCH(1, false, NOT_TAKEN, 0, NOT_TAKEN, 0),
	};
	struct coverage_line lines[] = {
		{ .line = 1, .count = 3, .state = COVERAGE_LINE_HIT, BRANCHES(branches) },
		{ .line = 2, .count = 1, .state = COVERAGE_LINE_HIT, BRANCHES(unknown) },
		{ .line = 3, .state = COVERAGE_LINE_MISSED, BRANCHES(branches) },
		{ .line = 4, .count = 1, .state = COVERAGE_LINE_HIT, BRANCHES(not_reached) },
	};
	struct coverage_file file = { .path = "/n/a.c", .lines = lines, .nr_lines = 4 };
	struct coverage coverage = { .files = &file, .nr_files = 1 };

	(void)state;
	assert_rendered(&coverage, NULL,
			"TN:\nSF:/n/a.c\nFNF:0\nFNH:0\n"
			"BRDA:1,100000,0,2\nBRDA:1,100000,1,0\n"
			"BRDA:1,100004,8,-\nBRDA:1,100004,9,-\n"
			"BRDA:3,100000,0,-\nBRDA:3,100000,1,-\n"
			"BRDA:3,100001,2,-\nBRDA:3,100001,3,-\n"
			"BRDA:3,100004,8,-\nBRDA:3,100004,9,-\n"
			"BRF:10\nBRH:1\n"
			"DA:1,3\nDA:2,1\nDA:3,0\nDA:4,1\nLF:4\nLH:3\nend_of_record\n");
}

static void test_functions(void **state)
{
	struct coverage_line lines[] = { LINE(3, 0, 0, 1), LINE(11, 4, 1, 1), LINE(21, 0, 0, 1) };
	struct coverage_function functions[] = {
		FUNCTION("__ia32_sys_x", 10, 0, 0, 1, true),
		FUNCTION("__x64_sys_x", 10, 4, 1, 1, true),
		FUNCTION("only_inlined", 20, 0, 0, 1, false),
	};
	struct coverage_file file = { .path = "/n/a.c",
				      .lines = lines,
				      .nr_lines = 3,
				      .functions = functions,
				      .nr_functions = 3 };
	struct coverage coverage = { .files = &file, .nr_files = 1 };

	(void)state;
	assert_rendered(&coverage, NULL,
			"TN:\nSF:/n/a.c\n"
			"FN:10,__ia32_sys_x\nFN:10,__x64_sys_x\nFN:20,only_inlined\n"
			"FNDA:0,__ia32_sys_x\nFNDA:4,__x64_sys_x\nFNDA:0,only_inlined\n"
			"FNF:3\nFNH:1\n"
			"DA:3,0\nDA:10,4\nDA:11,4\nDA:20,0\nDA:21,0\nLF:5\nLH:2\nend_of_record\n");
}

static void test_names(void **state)
{
	struct coverage_function functions[] = {
		FUNCTION("", 1, 0, 0, 1, true),		 FUNCTION("f", 2, 0, 0, 1, true),
		FUNCTION("f", 5, 0, 0, 1, true),	 FUNCTION("f_5", 7, 0, 0, 1, true),
		FUNCTION("g<a, b>\n", 8, 0, 0, 1, true), FUNCTION("f", 9, 0, 0, 1, true),
		FUNCTION("g<a  b>\t", 9, 0, 0, 1, true),
	};
	struct coverage_file file = { .path = "/n/a.c", .functions = functions, .nr_functions = 7 };
	struct coverage coverage = { .files = &file, .nr_files = 1 };

	(void)state;
	assert_rendered(&coverage, NULL,
			"TN:\nSF:/n/a.c\n"
			"FN:1,unnamed\nFN:2,f\nFN:5,f_5\nFN:7,f_5_7\nFN:8,g<a__b>_\nFN:9,f_9\n"
			"FN:9,g<a__b>__9\n"
			"FNDA:0,unnamed\nFNDA:0,f\nFNDA:0,f_5\nFNDA:0,f_5_7\nFNDA:0,g<a__b>_\n"
			"FNDA:0,f_9\nFNDA:0,g<a__b>__9\n"
			"FNF:7\nFNH:0\nDA:1,0\nDA:2,0\nDA:5,0\nDA:7,0\nDA:8,0\nDA:9,0\nLF:6\nLH:0\n"
			"end_of_record\n");
}

#define MANY 8000

/*
 * Names of one line that differ only in what cannot be written. Each must stay short: appending
 * the line until a name is free took minutes and wrote hundreds of MB.
 */
static void test_many_equal_names(void **state)
{
	static struct coverage_function functions[MANY];
	static char names[MANY][16];
	struct coverage_file file = { .path = "/n/a.c",
				      .functions = functions,
				      .nr_functions = MANY };
	struct coverage coverage = { .files = &file, .nr_files = 1 };
	size_t nr = 0;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		for (int bit = 0; bit < 13; bit++)
			names[i][bit] = i >> bit & 1 ? ',' : ' ';
		functions[i] = (struct coverage_function)FUNCTION(names[i], 7, 0, 0, 1, true);
	}
	struct view *view;
	assert_null(view_create(&coverage, &(struct view_options){ 0 }, &view));
	_cleanup_free_ char *text =
		fixture_render(&renderer_lcov, view, &(struct render_options){ 0 });
	assert_non_null(strstr(text, "FN:7,_____________\nFN:7,______________7\n"
				     "FN:7,______________7_2\n"));
	assert_non_null(strstr(text, "FN:7,______________7_7999\n"));
	for (char *line = text; *line; line = strchr(line, '\n') + 1, nr++)
		assert_true(strchr(line, '\n') - line < 40);
	assert_int_equal(nr, 2 + MANY + MANY + 2 + 1 + 2 + 1);
	view_destroy(view);
}

static void test_counts(void **state)
{
	struct coverage_line lines[] = { LINE(1, UINT64_MAX, 1, 1), LINE(4294967295, 1, 1, 1) };
	struct coverage_function functions[] = { FUNCTION("f", 1, UINT64_MAX, 1, 1, true) };
	struct coverage_file file = { .path = "/n/a.c",
				      .lines = lines,
				      .nr_lines = 2,
				      .functions = functions,
				      .nr_functions = 1 };
	struct coverage coverage = { .files = &file, .nr_files = 1 };

	(void)state;
	assert_rendered(&coverage, NULL,
			"TN:\nSF:/n/a.c\nFN:1,f\nFNDA:18446744073709551615,f\nFNF:1\nFNH:1\n"
			"DA:1,18446744073709551615\nDA:4294967295,1\nLF:2\nLH:2\nend_of_record\n");
}

static void test_touched(void **state)
{
	struct coverage_line missed[] = { LINE(1, 0, 0, 1) }, hit[] = { LINE(1, 1, 1, 1) };
	struct coverage_file files[] = {
		{ .path = "/m/a.c", .lines = missed, .nr_lines = 1, .line_ratio = { 0, 1 } },
		{ .path = "/n/a.c", .lines = hit, .nr_lines = 1, .line_ratio = { 1, 1 } },
	};
	const struct view view = { .coverage = { .files = files, .nr_files = 2 }, .touched = true };
	static const struct {
		const char *given, *written;
	} rows[] = {
		{ NULL, "TN:touched_files_only\n" A_LINE },
		{ "./test", "TN:test_touched_files_only\n" A_LINE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_free_ char *text =
			fixture_render(&renderer_lcov, &view,
				       &(struct render_options){ .test_name = rows[i].given });

		assert_string_equal(text, rows[i].written);
	}
}

static void test_table(void **state)
{
	(void)state;
	assert_ptr_equal(renderer_find("lcov"), &renderer_lcov);
	assert_ptr_equal(renderer_find("json"), &renderer_json);
	assert_ptr_equal(renderer_find("text"), &renderer_text);
	assert_ptr_equal(renderer_find("cobertura"), &renderer_cobertura);
	assert_null(renderer_find("pdf"));
	assert_null(renderer_find(""));
	for (const struct renderer *const *r = renderers; *r; r++)
		assert_ptr_equal(renderer_find((*r)->name), *r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_test_name),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_branches),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_touched),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_many_equal_names),
	};

	return cmocka_run_group_tests_name("lcov", tests, NULL, NULL);
}
