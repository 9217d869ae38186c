// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines that the statements of a source change or add, and what these follow from. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "symbolize/coverage/refine.h"

#define LINES_MAX 32

/* What the machine code says of the lines: "LINE:COUNT", each the beginning of a statement. */
struct refined_case {
	const char *name, *text, *lines;
	const char *want; /* lines of the result, in the same way */
	/* Corrections: "LINE KIND BASIS BASIS-LINE*COUNT", and "/N" for N equal statements. */
	const char *corrections;
};

static const struct refined_case cases[] = {
	{ "nothing to correct", "int f(int a)\n{\n\ta++;\n\treturn a;\n}\n", "1:2 3:2 4:2 5:2",
	  "1:2 3:2 4:2 5:2", "" },
	{ "a condition that was threaded away: what comes after it was executed",
	  "int f(int a)\n{\n\tg();\n\tif (a)\n\t\th();\n\ti();\n\treturn 1;\n}\n",
	  "1:9 3:9 4:0 5:0 6:9 7:9 8:9", "1:9 3:9 4:9 5:0 6:9 7:9 8:9", "4 if later 6*9; " },
	{ "returns that were merged: the rest went on",
	  "int f(int a)\n{\n\tif (g(a))\n\t\treturn -1;\n\th();\n\tif (i(a))\n\t\treturn "
	  "-1;\n\tj();\n"
	  "\treturn 0;\n}\n",
	  "1:9 3:9 4:5 5:7 6:7 8:4 9:4 10:9", "1:9 3:9 4:2 5:7 6:7 7:3 8:4 9:4 10:9",
	  "4 return left 3*9-5*7 /2; 7 return left 6*7-8*4 /2; " },
	{ "the last return has the count of a shared end",
	  "int f(int a)\n{\n\tg();\n\tif (a)\n\t\treturn 2;\n\th();\n\treturn 0;\n}\n",
	  "1:9 3:9 4:9 5:5 6:4 7:9 8:9", "1:9 3:9 4:9 5:5 6:4 7:4 8:9", "7 return earlier 6*4; " },
	{ "an end without code: the function was called",
	  "static void f(int a)\n{\n\tg();\n\th();\n}\n", "1:6 3:6 4:6", "1:6 3:6 4:6 5:6",
	  "5 end of the function calls 1*6; " },
	{ "a function that is not understood keeps what the machine code says",
	  "int f(int a)\n{\n\tg();\n\tif (a)\n\t\tgoto nowhere;\n\th();\n}\n",
	  "1:9 3:9 4:0 5:0 6:9 7:9", "1:9 3:9 4:0 5:0 6:9 7:9", "" },
	{ "the rest comes to the last return",
	  "int f(int a)\n{\n\tif (a) {\n\t\tg();\n\t\treturn 1;\n\t}\n\treturn 3;\n}\n",
	  "1:9 3:9 4:5 5:5 7:9 8:9", "1:9 3:9 4:5 5:5 7:4 8:9", "7 return rest 3*9-4*5; " },
	{ "a source that ends early", "int f(int a)\n{\n\tg();\n", "1:9 3:9 4:0", "1:9 3:9 4:0",
	  "" },
};

struct texts {
	const char *text;
	enum coverage_source_state state;
};

static struct error *read_text(void *data, const struct coverage_file *file,
			       enum coverage_source_state *ret_state, char **ret, size_t *ret_size)
{
	const struct texts *texts = data;

	(void)file;
	*ret_state = texts->state;
	if (texts->state != COVERAGE_SOURCE_USED)
		return NULL;
	*ret = strdup(texts->text);
	*ret_size = strlen(texts->text);
	return *ret ? NULL : &error_no_memory;
}

/* A coverage of one file, made of "LINE:COUNT ...", with one function on its first line. */
struct made {
	struct coverage coverage;
	struct coverage_file file;
	struct coverage_line lines[LINES_MAX];
	struct coverage_function function;
};

static void make(struct made *made, const char *lines)
{
	int used;

	*made = (struct made){ .function = { .name = "f", .line = 1, .has_body = true } };
	made->file = (struct coverage_file){
		.path = "/src/a.c",
		.lines = made->lines,
		.functions = &made->function,
		.nr_functions = 1,
	};
	for (; *lines; lines += used) {
		struct coverage_line *l = &made->lines[made->file.nr_lines++];

		assert_true(made->file.nr_lines <= LINES_MAX);
		assert_int_equal(
			sscanf(lines, "%" SCNu32 ":%" SCNu64 " %n", &l->line, &l->count, &used), 2);
		l->most = l->count;
		l->is_statement = true;
		l->state = l->count ? COVERAGE_LINE_HIT : COVERAGE_LINE_MISSED;
		made->file.line_ratio.hit += l->count > 0;
	}
	made->function.count = made->lines[0].count;
	made->coverage.files = &made->file;
	made->coverage.nr_files = 1;
	made->coverage.arena = arena_create();
	assert_non_null(made->coverage.arena);
}

static void refine(struct made *made, const struct texts *texts,
		   const struct coverage_question *question)
{
	const struct coverage_texts reader = { .read = read_text,
					       .data = (void *)texts,
					       .question = question };

	assert_null(coverage_refine(&made->coverage, &reader));
	assert_true(made->coverage.is_refined);
}

static void add_correction(struct strbuf *got, const struct coverage_correction *c)
{
	static const char *const bases[] = {
		[COVERAGE_BASIS_FLOW] = "flow",		  [COVERAGE_BASIS_CALLS] = "calls",
		[COVERAGE_BASIS_STATEMENT] = "statement", [COVERAGE_BASIS_LATER] = "later",
		[COVERAGE_BASIS_EARLIER] = "earlier",	  [COVERAGE_BASIS_CONDITION] = "condition",
		[COVERAGE_BASIS_HEAD] = "head",		  [COVERAGE_BASIS_BODY] = "body",
		[COVERAGE_BASIS_LEFT] = "left",		  [COVERAGE_BASIS_REST] = "rest",
	};

	strbuf_addf(got, "%u %s %s %u*%" PRIu64, c->line, c->statement, bases[c->basis],
		    c->basis_line, c->basis_count);
	if (c->after_line)
		strbuf_addf(got, "-%u*%" PRIu64, c->after_line, c->after_count);
	if (c->nr_equal > 1)
		strbuf_addf(got, " /%u", c->nr_equal);
	strbuf_addf(got, "; ");
}

static void check(const struct refined_case *row, int *wrong)
{
	const struct coverage_question question = { "a.c", 0 };
	_cleanup_strbuf_ struct strbuf lines = STRBUF_INIT, corrections = STRBUF_INIT;
	struct made made;

	make(&made, row->lines);
	refine(&made, &(struct texts){ row->text, COVERAGE_SOURCE_USED }, &question);
	for (size_t i = 0; i < made.file.nr_lines; i++)
		strbuf_addf(&lines, "%s%u:%" PRIu64, i ? " " : "", made.file.lines[i].line,
			    made.file.lines[i].count);
	for (size_t i = 0; i < made.coverage.nr_corrections; i++)
		add_correction(&corrections, &made.coverage.corrections[i]);
	if (strcmp(strbuf_str(&lines), row->want) ||
	    strcmp(strbuf_str(&corrections), row->corrections)) {
		print_error("%s:\n  %s\n  %s\n", row->name, strbuf_str(&lines),
			    strbuf_str(&corrections));
		++*wrong;
	}
	arena_destroy(made.coverage.arena);
}

static void test_cases(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(&cases[i], &wrong);
	assert_int_equal(wrong, 0);
}

/* Of two returns that were merged, one line is changed, and one added. */
static void test_counted(void **state)
{
	const struct coverage_question other = { "b.c", 0 }, line = { "", 7 };
	struct made made;

	(void)state;
	make(&made, cases[2].lines);
	refine(&made, &(struct texts){ cases[2].text, COVERAGE_SOURCE_USED }, &other);
	assert_int_equal(made.coverage.refined.files[COVERAGE_SOURCE_USED], 1);
	assert_int_equal(made.coverage.refined.functions, 1);
	assert_int_equal(made.coverage.refined.functions_not_understood, 0);
	assert_int_equal(made.coverage.refined.changed, 1);
	assert_int_equal(made.coverage.refined.added, 1);
	assert_int_equal(made.coverage.lines.found, 9);
	assert_int_equal(made.coverage.lines.hit, 9);
	assert_int_equal(made.coverage.nr_corrections, 0);
	arena_destroy(made.coverage.arena);

	make(&made, cases[2].lines);
	refine(&made, &(struct texts){ cases[2].text, COVERAGE_SOURCE_USED }, &line);
	assert_int_equal(made.coverage.nr_corrections, 1);
	assert_int_equal(made.coverage.corrections[0].line, 7);
	assert_false(made.coverage.corrections[0].has_code);
	arena_destroy(made.coverage.arena);

	make(&made, cases[5].lines);
	refine(&made, &(struct texts){ cases[5].text, COVERAGE_SOURCE_USED }, NULL);
	assert_int_equal(made.coverage.refined.functions, 1);
	assert_int_equal(made.coverage.refined.functions_not_understood, 1);
	arena_destroy(made.coverage.arena);
}

/* Why a source is not used is counted; its lines stay, and so do those of files without a hit. */
static void test_not_used(void **state)
{
	struct made made;

	(void)state;
	for (int i = COVERAGE_SOURCE_USED + 1; i < COVERAGE_SOURCE_STATES; i++) {
		make(&made, "1:9 4:0");
		refine(&made, &(struct texts){ NULL, i }, NULL);
		assert_int_equal(made.coverage.refined.files[i], 1);
		assert_int_equal(made.coverage.refined.functions, 0);
		assert_int_equal(made.coverage.lines.found, 2);
		assert_int_equal(made.coverage.lines.hit, 1);
		arena_destroy(made.coverage.arena);
	}
	make(&made, "1:0 4:0");
	refine(&made, &(struct texts){ NULL, COVERAGE_SOURCE_MISSING }, NULL);
	assert_int_equal(made.coverage.refined.files[COVERAGE_SOURCE_MISSING], 0);
	assert_int_equal(made.coverage.lines.found, 2);
	arena_destroy(made.coverage.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_counted),
		cmocka_unit_test(test_not_used),
	};

	return cmocka_run_group_tests_name("refine", tests, NULL, NULL);
}
