// SPDX-License-Identifier: GPL-2.0-or-later
/* Bringing lines and functions into agreement. Each test gives input and result as text. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <inttypes.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "render/joined_file.h"
#include "render/tests/fixture.h"

static const char state_letters[] = {
	[COVERAGE_LINE_MISSED] = 'm',
	[COVERAGE_LINE_PARTIAL] = 'p',
	[COVERAGE_LINE_HIT] = 'h',
};

/* "LINE:COUNT STATE hit/found ... | name@LINE:COUNT ..." of all parts together. */
static char *reconciled(const struct coverage_file *parts, size_t nr_parts, uint64_t length)
{
	_cleanup_(joined_file_deinit) struct joined_file joined = { 0 };
	struct coverage_file file = { 0 };
	char *text;
	size_t size;

	for (size_t i = 0; i < nr_parts; i++)
		assert_null(joined_file_add(&joined, &parts[i]));
	if (length)
		joined_file_cut(&joined, length);
	assert_null(joined_file_reconcile(&joined));
	struct arena *arena = arena_create();
	assert_non_null(arena);
	joined_file_count(&joined, &file);
	assert_null(joined_file_keep(&joined, &parts[0], arena, &file));
	FILE *out = open_memstream(&text, &size);
	for (size_t i = 0; i < file.nr_lines; i++)
		fprintf(out, "%" PRIu32 ":%" PRIu64 "%c%" PRIu64 "/%" PRIu64 " ",
			file.lines[i].line, file.lines[i].count, state_letters[file.lines[i].state],
			file.lines[i].blocks.hit, file.lines[i].blocks.found);
	fputc('|', out);
	for (size_t i = 0; i < file.nr_functions; i++)
		fprintf(out, " %s@%" PRIu32 ":%" PRIu64, file.functions[i].name,
			file.functions[i].line, file.functions[i].count);
	fprintf(out, " | lines %" PRIu64 "/%" PRIu64 " functions %" PRIu64 "/%" PRIu64,
		file.line_ratio.hit, file.line_ratio.found, file.function_ratio.hit,
		file.function_ratio.found);
	fclose(out);
	arena_destroy(arena);
	return text;
}

#define assert_reconciled(part, length, expected)                                                  \
	do {                                                                                       \
		_cleanup_free_ char *_text = reconciled(&(part), 1, length);                       \
		assert_string_equal(_text, expected);                                              \
	} while (0)

#define PART(l, f)                                                                                 \
	(struct coverage_file)                                                                     \
	{                                                                                          \
		.lines = (l), .nr_lines = sizeof(l) / sizeof(*(l)), .functions = (f),              \
		.nr_functions = sizeof(f) / sizeof(*(f))                                           \
	}

static void test_adds_function_lines(void **state)
{
	struct coverage_line lines[] = { LINE(11, 4, 1, 1), LINE(21, 0, 0, 1) };
	struct coverage_function functions[] = {
		FUNCTION("hit", 10, 4, 1, 1, true),
		FUNCTION("missed", 20, 0, 0, 1, true),
		FUNCTION("last", 30, 2, 1, 1, true),
	};
	struct coverage_file part = PART(lines, functions);

	(void)state;
	assert_reconciled(
		part, 0,
		"10:4h0/0 11:4h1/1 20:0m0/0 21:0m0/1 30:2h0/0 | hit@10:4 missed@20:0 last@30:2"
		" | lines 3/5 functions 2/3");
}

static void test_functions_of_one_line(void **state)
{
	struct coverage_line lines[] = { LINE(12, 0, 0, 1), LINE(22, 6, 1, 1) };
	struct coverage_function functions[] = {
		FUNCTION("a", 10, 0, 0, 1, true), FUNCTION("b", 10, 3, 1, 1, true),
		FUNCTION("c", 10, 5, 1, 1, true), FUNCTION("d", 20, 0, 0, 1, true),
		FUNCTION("e", 20, 0, 0, 1, true),
	};
	struct coverage_file part = PART(lines, functions);

	(void)state;
	assert_reconciled(part, 0,
			  "10:5h0/0 12:0m0/1 20:0m0/0 22:6h1/1 | a@10:0 b@10:3 c@10:5 d@20:6 e@20:0"
			  " | lines 2/4 functions 3/5");
}

static void test_own_line_of_an_entered_function(void **state)
{
	struct coverage_line lines[] = { LINE(10, 0, 0, 1), LINE(11, 0, 0, 1), LINE(20, 0, 0, 2),
					 LINE(21, 7, 1, 1) };
	struct coverage_function functions[] = {
		FUNCTION("body_elsewhere", 10, 3, 1, 3, true),
		FUNCTION("only_inlined_hit", 20, 7, 1, 3, true),
	};
	struct coverage_file part = PART(lines, functions);

	(void)state;
	assert_reconciled(part, 0,
			  "10:3p0/1 11:0m0/1 20:0m0/2 21:7h1/1 | body_elsewhere@10:3 "
			  "only_inlined_hit@20:7 | lines 2/4 functions 2/2");
}

static void test_joins_parts(void **state)
{
	struct coverage_line a_lines[] = { LINE(1, 5, 1, 1), LINE(2, 0, 0, 1), LINE(4, 1, 1, 1) };
	struct coverage_line b_lines[] = { LINE(1, 0, 0, 2), LINE(2, 0, 0, 1), LINE(3, 2, 1, 1),
					   LINE(4, 8, 2, 2) };
	struct coverage_function a_functions[] = { FUNCTION("f", 1, 5, 1, 3, true) };
	struct coverage_function b_functions[] = { FUNCTION("f", 1, 0, 0, 3, true),
						   FUNCTION("g", 3, 8, 0, 3, true) };
	struct coverage_file parts[] = { PART(a_lines, a_functions), PART(b_lines, b_functions) };
	_cleanup_free_ char *text = reconciled(parts, 2, 0);

	(void)state;
	assert_string_equal(text, "1:5p1/3 2:0m0/2 3:2h1/1 4:8h3/3 | f@1:5 g@3:8"
				  " | lines 3/4 functions 2/2");
}

static void test_cuts(void **state)
{
	struct coverage_line lines[] = { LINE(0, 1, 1, 1), LINE(1, 1, 1, 1), LINE(9, 2, 1, 1),
					 LINE(10, 3, 1, 1) };
	struct coverage_function functions[] = { FUNCTION("zero", 0, 1, 1, 1, true),
						 FUNCTION("one", 1, 1, 1, 1, true),
						 FUNCTION("ten", 10, 3, 1, 1, true) };
	struct coverage_file part = PART(lines, functions);

	(void)state;
	assert_reconciled(part, 9, "1:1h1/1 9:2h1/1 | one@1:1 | lines 2/2 functions 1/1");
	assert_reconciled(part, UINT32_MAX,
			  "1:1h1/1 9:2h1/1 10:3h1/1 | one@1:1 ten@10:3 | lines 3/3 functions 2/2");
}

static void test_empty(void **state)
{
	struct coverage_line lines[] = { LINE(5, 1, 1, 1) };
	struct coverage_function functions[] = { FUNCTION("f", 5, 0, 0, 1, true) };

	(void)state;
	assert_reconciled((struct coverage_file){ 0 }, 0, "| | lines 0/0 functions 0/0");
	assert_reconciled(((struct coverage_file){ .lines = lines, .nr_lines = 1 }), 0,
			  "5:1h1/1 | | lines 1/1 functions 0/0");
	assert_reconciled(((struct coverage_file){ .functions = functions, .nr_functions = 1 }), 0,
			  "5:0m0/0 | f@5:0 | lines 0/1 functions 0/1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adds_function_lines),
		cmocka_unit_test(test_functions_of_one_line),
		cmocka_unit_test(test_own_line_of_an_entered_function),
		cmocka_unit_test(test_joins_parts),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests_name("joined_file", tests, NULL, NULL);
}
