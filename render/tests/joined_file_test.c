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

/* "LINE:COUNT STATE hit/found ... | name@LINE:COUNT ... | totals" */
static char *file_text(const struct coverage_file *file)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (size_t i = 0; i < file->nr_lines; i++)
		fprintf(out, "%" PRIu32 ":%" PRIu64 "%c%" PRIu64 "/%" PRIu64 " ",
			file->lines[i].line, file->lines[i].count,
			state_letters[file->lines[i].state], file->lines[i].blocks.hit,
			file->lines[i].blocks.found);
	fputc('|', out);
	for (size_t i = 0; i < file->nr_functions; i++)
		fprintf(out, " %s@%" PRIu32 ":%" PRIu64, file->functions[i].name,
			file->functions[i].line, file->functions[i].count);
	fprintf(out, " | lines %" PRIu64 "/%" PRIu64 " functions %" PRIu64 "/%" PRIu64,
		file->line_ratio.hit, file->line_ratio.found, file->function_ratio.hit,
		file->function_ratio.found);
	fclose(out);
	return text;
}

/* The file that all parts together give; part 0 is the original. What was joined is freed. */
static void join_and_keep(const struct coverage_file *parts, size_t nr_parts, uint64_t length,
			  struct arena *arena, struct coverage_file *file)
{
	_cleanup_(joined_file_deinit) struct joined_file joined = { 0 };

	for (size_t i = 0; i < nr_parts; i++)
		assert_null(joined_file_add(&joined, &parts[i]));
	assert_null(joined_file_join(&joined));
	if (length)
		joined_file_cut(&joined, length);
	assert_null(joined_file_reconcile(&joined));
	joined_file_count(&joined, file);
	assert_null(joined_file_keep(&joined, &parts[0], arena, file));
}

static char *reconciled(const struct coverage_file *parts, size_t nr_parts, uint64_t length)
{
	struct coverage_file file = { 0 };
	struct arena *arena = arena_create();

	assert_non_null(arena);
	join_and_keep(parts, nr_parts, length, arena, &file);
	char *text = file_text(&file);
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

/* Own memory of that size, so that ASan knows where it ends and when it is freed. */
static void *on_heap(const void *array, size_t nr, size_t size)
{
	void *copy = array ? malloc(nr * size) : NULL;

	assert_true(copy || !array);
	return copy ? memcpy(copy, array, nr * size) : NULL;
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
	assert_string_equal(text, "1:5p1/3 2:0m0/2 3:2h1/1 4:9h3/3 | f@1:5 g@3:8"
				  " | lines 3/4 functions 2/2");
}

/* As of several images with one path: they are executed apart. */
static void test_counts_add_up(void **state)
{
	struct coverage_line lines[] = { LINE(1, 5, 1, 1), LINE(2, UINT64_MAX, 1, 1) };
	struct coverage_function functions[] = { FUNCTION("f", 1, 5, 1, 3, true) };
	struct coverage_file part = PART(lines, functions), parts[] = { part, part, part };
	struct coverage_file file = { 0 };
	struct arena *arena = arena_create();

	(void)state;
	assert_non_null(arena);
	lines[0].most = 7;
	join_and_keep(parts, 3, 0, arena, &file);
	_cleanup_free_ char *text = file_text(&file);
	assert_string_equal(text, "1:15h3/3 2:18446744073709551615h3/3 | f@1:15"
				  " | lines 2/2 functions 1/1");
	assert_int_equal(file.lines[0].most, 21);
	arena_destroy(arena);
}

static struct coverage_branch a_branches[] = { BRANCH(0, true, TAKEN, 3, NOT_TAKEN, 0),
					       BRANCH(2, true, TAKEN, 1, TAKEN, 2) };
static struct coverage_branch b_branches[] = { BRANCH(0, true, TAKEN, 9, TAKEN, 1) };

/* "NUMBER:JUMPED,WENT-ON " for each branch, and the condition. */
static char *branch_text(const struct coverage_line *line)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (size_t i = 0; i < line->nr_branches; i++)
		fprintf(out, "%" PRIu32 ":%" PRIu64 ",%" PRIu64 " ", line->branches[i].number,
			line->branches[i].outcomes[0].count, line->branches[i].outcomes[1].count);
	if (line->condition)
		fprintf(out, "T%" PRIu64 " F%" PRIu64 "%s", line->condition->if_true,
			line->condition->if_false, line->condition->has_operands ? " &&" : "");
	fclose(out);
	return text;
}

static void check_branches(const struct coverage_line *a, const struct coverage_line *b,
			   const char *expected)
{
	struct coverage_line *copies[] = { on_heap(a, 1, sizeof(*a)), on_heap(b, 1, sizeof(*b)) };
	const struct coverage_file parts[] = { { .lines = copies[0], .nr_lines = 1 },
					       { .lines = copies[1], .nr_lines = 1 } };
	struct coverage_file file = { 0 };
	struct arena *arena = arena_create();

	assert_non_null(arena);
	join_and_keep(parts, 2, 0, arena, &file);
	free(copies[0]);
	free(copies[1]);
	assert_int_equal(file.branch_ratio.found, 2 * (a->nr_branches + b->nr_branches));
	_cleanup_free_ char *text = branch_text(&file.lines[0]);
	assert_string_equal(text, expected);
	arena_destroy(arena);
}

/* Both have their own jumps. What is known of a condition is known of both, or of neither. */
static void test_joins_branches(void **state)
{
	static const struct coverage_condition cond_a = { 3, 4, false }, cond_b = { 10, 0, true };
	struct coverage_line a = LINE(5, 7, 1, 1), b = LINE(5, 9, 1, 1), missed = LINE(5, 0, 0, 1);

	(void)state;
	a.branches = a_branches;
	a.nr_branches = 2;
	b.branches = b_branches;
	b.nr_branches = 1;
	check_branches(&a, &b, "0:3,0 4:1,2 1:9,1 ");
	check_branches(&b, &a, "0:9,1 1:3,0 5:1,2 ");
	/* The numbers do not depend on what was executed. */
	check_branches(&a, &missed, "0:3,0 4:1,2 ");
	check_branches(&missed, &a, "1:3,0 5:1,2 ");
	a.condition = &cond_a;
	check_branches(&a, &missed, "0:3,0 4:1,2 T3 F4");
	check_branches(&missed, &a, "1:3,0 5:1,2 T3 F4");
	check_branches(&a, &b, "0:3,0 4:1,2 1:9,1 ");
	check_branches(&b, &a, "0:9,1 1:3,0 5:1,2 ");
	b.condition = &cond_b;
	check_branches(&a, &b, "0:3,0 4:1,2 1:9,1 T13 F4 &&");
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

/*
 * Frees all that the kept file may not need any more, and only then reads it. borrowed: which
 * arrays of the part it must borrow, "lines functions". other: another part of the same file.
 */
static void check_keep(const char *borrowed, struct coverage_file part, struct coverage_file other,
		       uint64_t length, const char *expected)
{
	bool lines = strstr(borrowed, "lines"), functions = strstr(borrowed, "functions");
	struct coverage_file parts[2] = { part, other }, file = { 0 };
	struct coverage_file *first = &parts[0];
	struct arena *arena = arena_create();

	assert_non_null(arena);
	first->lines = on_heap(part.lines, part.nr_lines, sizeof(*part.lines));
	first->functions = on_heap(part.functions, part.nr_functions, sizeof(*part.functions));
	join_and_keep(parts, 2, length, arena, &file);
	assert_int_equal(file.lines == first->lines, lines);
	assert_int_equal(file.functions == first->functions, functions);
	if (!lines)
		free(first->lines);
	if (!functions)
		free(first->functions);
	_cleanup_free_ char *text = file_text(&file);
	assert_string_equal(text, expected);
	arena_destroy(arena);
	/* The arena does not own what is borrowed. */
	if (lines)
		free(first->lines);
	if (functions)
		free(first->functions);
}

static struct coverage_line both_lines[] = { LINE(10, 4, 1, 1), LINE(11, 4, 1, 1) };
static struct coverage_line line_10_missed[] = { LINE(10, 0, 0, 1) };
static struct coverage_line line_11[] = { LINE(11, 4, 1, 1) }, line_12[] = { LINE(12, 1, 1, 1) };
static struct coverage_function f_hit[] = { FUNCTION("f", 10, 4, 1, 1, true) };
static struct coverage_function f_missed[] = { FUNCTION("f", 10, 0, 0, 1, true) };
static struct coverage_function f_and_g[] = { FUNCTION("f", 10, 4, 1, 1, true),
					      FUNCTION("g", 20, 0, 0, 1, true) };
static struct coverage_function g_hit[] = { FUNCTION("g", 10, 3, 1, 1, true) };
static const struct coverage_file no_file;

static void test_borrows(void **state)
{
	const struct coverage_file part = PART(both_lines, f_hit);

	(void)state;
	check_keep("lines functions", part, no_file, 0,
		   "10:4h1/1 11:4h1/1 | f@10:4 | lines 2/2 functions 1/1");
	check_keep("lines functions", part, no_file, 11,
		   "10:4h1/1 11:4h1/1 | f@10:4 | lines 2/2 functions 1/1");
	check_keep("lines functions",
		   (struct coverage_file){ .lines = both_lines, .functions = f_hit }, no_file, 0,
		   "| | lines 0/0 functions 0/0");
}

static void test_copies_lines(void **state)
{
	const struct coverage_file part = PART(both_lines, f_hit);

	(void)state;
	/* One is added, one is changed, one is removed. */
	check_keep("functions", PART(line_11, f_hit), no_file, 0,
		   "10:4h0/0 11:4h1/1 | f@10:4 | lines 2/2 functions 1/1");
	check_keep("functions", PART(line_10_missed, f_hit), no_file, 0,
		   "10:4p0/1 | f@10:4 | lines 1/1 functions 1/1");
	check_keep("functions", part, no_file, 10, "10:4h1/1 | f@10:4 | lines 1/1 functions 1/1");
	check_keep("functions", part, (struct coverage_file){ .lines = line_12, .nr_lines = 1 }, 0,
		   "10:4h1/1 11:4h1/1 12:1h1/1 | f@10:4 | lines 3/3 functions 1/1");
}

static void test_copies_functions(void **state)
{
	const struct coverage_file part = PART(both_lines, f_hit);

	(void)state;
	/* One is changed, one is removed, one is added. */
	check_keep("lines", PART(both_lines, f_missed), no_file, 0,
		   "10:4h1/1 11:4h1/1 | f@10:4 | lines 2/2 functions 1/1");
	check_keep("lines", PART(both_lines, f_and_g), no_file, 11,
		   "10:4h1/1 11:4h1/1 | f@10:4 | lines 2/2 functions 1/1");
	check_keep("lines", part, (struct coverage_file){ .functions = g_hit, .nr_functions = 1 },
		   0, "10:4h1/1 11:4h1/1 | f@10:4 g@10:3 | lines 2/2 functions 2/2");
}

static void test_copies_both(void **state)
{
	(void)state;
	check_keep("", PART(line_11, f_missed), no_file, 0,
		   "10:0m0/0 11:4h1/1 | f@10:4 | lines 1/2 functions 1/1");
	/* There is no array to borrow. */
	check_keep("", no_file, no_file, 0, "| | lines 0/0 functions 0/0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adds_function_lines),
		cmocka_unit_test(test_functions_of_one_line),
		cmocka_unit_test(test_own_line_of_an_entered_function),
		cmocka_unit_test(test_joins_parts),
		cmocka_unit_test(test_counts_add_up),
		cmocka_unit_test(test_joins_branches),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_borrows),
		cmocka_unit_test(test_copies_lines),
		cmocka_unit_test(test_copies_functions),
		cmocka_unit_test(test_copies_both),
	};

	return cmocka_run_group_tests_name("joined_file", tests, NULL, NULL);
}
