// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines of a small coverage, corrected by sources. A coverage is made of words: "/a.c" begins a
 * file, "3:5" is its line 3 with the count 5, "f:1:5" a function of line 1 that was called 5 times.
 */
#include "base/tests/assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "symbolize/coverage/build.h"
#include "symbolize/coverage/refine.h"

#define FILES_MAX 8
#define LINES_MAX 32

struct source_text {
	const char *path, *text; /* NULL: it is not to be had */
};

static void read_line(struct coverage_file *file, const char *word)
{
	struct coverage_line *line = &file->lines[file->nr_lines++];
	int got = sscanf(word, "%" SCNu32 ":%" SCNu64, &line->line, &line->count);

	assert_int_equal(got, 2);
	assert_true(file->nr_lines <= LINES_MAX);
	line->most = line->count;
	line->is_statement = true;
	line->state = line->count ? COVERAGE_LINE_HIT : COVERAGE_LINE_MISSED;
	file->line_ratio.found++;
	file->line_ratio.hit += line->count > 0;
}

static struct coverage *make_coverage(const char *words)
{
	struct arena *arena = arena_create();
	struct coverage *c = arena_alloc(arena, 1, sizeof(*c));
	struct coverage_file *file = NULL;
	char *copy = (char *)arena_strdup(arena, words), *save;

	c->arena = arena;
	c->files = arena_alloc(arena, FILES_MAX, sizeof(*c->files));
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (*word == '/') {
			file = &c->files[c->nr_files++];
			assert_true(c->nr_files <= FILES_MAX);
			file->path = word;
			file->lines = arena_alloc(arena, LINES_MAX, sizeof(*file->lines));
			file->functions = arena_alloc(arena, 1, sizeof(*file->functions));
		} else if (*word == 'f') {
			struct coverage_function *f = file->functions;

			file->nr_functions = 1;
			*f = (struct coverage_function){ .name = "f", .has_body = true };
			assert_int_equal(
				sscanf(word, "f:%" SCNu32 ":%" SCNu64, &f->line, &f->count), 2);
		} else {
			read_line(file, word);
		}
	}
	return c;
}

static struct error *read_text(void *data, const struct coverage_file *file,
			       enum coverage_source_state *ret_state, char **ret, size_t *ret_size)
{
	*ret_state = COVERAGE_SOURCE_MISSING;
	for (const struct source_text *t = data; t->path; t++) {
		if (strcmp(t->path, file->path) || !t->text)
			continue;
		*ret = strdup(t->text);
		*ret_size = strlen(t->text);
		*ret_state = COVERAGE_SOURCE_USED;
	}
	return NULL;
}

static void show(const struct coverage *c, struct strbuf *out)
{
	for (size_t i = 0; i < c->nr_files; i++) {
		const struct coverage_file *file = &c->files[i];

		strbuf_addf(out, "%s%s", i ? " " : "", file->path);
		for (size_t j = 0; j < file->nr_lines; j++) {
			const struct coverage_line *line = &file->lines[j];

			assert_int_equal(line->state == COVERAGE_LINE_MISSED, !line->count);
			strbuf_addf(out, " %" PRIu32 ":%" PRIu64, line->line, line->count);
		}
	}
}

/* The same with 1 and 4 threads. */
static struct coverage_refined check(const char *words, bool counts_are_least,
				     const struct source_text *texts, const char *want)
{
	struct coverage_refined refined = { 0 };

	for (unsigned int jobs = 1; jobs <= 4; jobs += 3) {
		_cleanup_coverage_ struct coverage *c = make_coverage(words);
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		struct coverage_ratio sum = { 0 };

		c->counts_are_least = counts_are_least;
		assert_ok(coverage_refine(c, &(struct coverage_texts){ .read = read_text,
								       .data = (void *)texts,
								       .jobs = jobs }));
		refined = c->refined;
		show(c, &got);
		assert_string_equal(strbuf_str(&got), want);
		for (size_t i = 0; i < c->nr_files; i++)
			coverage_ratio_add(&sum, c->files[i].line_ratio);
		assert_int_equal(c->lines.found, sum.found);
		assert_int_equal(c->lines.hit, sum.hit);
	}
	return refined;
}

#define EARLY                                                                                      \
	"int f(int a)\n{\n\tif (a)\n\t\treturn -EINVAL;\n\tb = 1;\n\tone(a);\n"                    \
	"\tif (b)\n\t\treturn -EINVAL;\n\tfour(a);\n\treturn 0;\n}\n"

static const struct source_text early[] = { { "/a.c", EARLY }, { NULL, NULL } };

static void test_changed_and_added(void **state)
{
	struct coverage_refined r = check("/a.c f:1:9 1:9 3:9 4:5 5:0 6:7 7:7 9:4 10:4 11:9", false,
					  early, "/a.c 1:9 3:9 4:2 5:7 6:7 7:7 8:3 9:4 10:4 11:9");

	(void)state;
	assert_int_equal(r.files[COVERAGE_SOURCE_USED], 1);
	assert_int_equal(r.files[COVERAGE_SOURCE_MISSING], 0);
	assert_int_equal(r.functions, 1);
	assert_int_equal(r.functions_not_understood, 0);
	assert_int_equal(r.changed, 2);
	assert_int_equal(r.added, 1);
}

/* A return that was merged into another one, in a body that was missed. */
static void test_added_missed(void **state)
{
	static const struct source_text texts[] = {
		{ "/a.c", "int f(int a)\n{\n\tone(a);\n\tif (a) {\n\t\ttwo(a);\n\t\tif (b)\n"
			  "\t\t\treturn -EINVAL;\n\t}\n\tthree(a);\n}\n" },
		{ NULL, NULL },
	};
	struct coverage_refined r = check("/a.c f:1:9 1:9 3:9 4:9 5:0 6:0 9:9 10:9", false, texts,
					  "/a.c 1:9 3:9 4:9 5:0 6:0 7:0 9:9 10:9");

	(void)state;
	assert_int_equal(r.added, 0);
	assert_int_equal(r.added_missed, 1);
}

static void test_totals(void **state)
{
	_cleanup_coverage_ struct coverage *c =
		make_coverage("/a.c f:1:9 1:9 3:9 4:2 5:0 6:7 7:7 9:4 10:4 11:9 /b.c 1:0 2:0");
	struct coverage_branch branch = {
		.is_reached = true,
		.outcomes = { { COVERAGE_OUTCOME_TAKEN, 2, 4 }, { COVERAGE_OUTCOME_TAKEN, 7, 5 } },
	};

	(void)state;
	c->files[0].lines[1].branches = &branch;
	c->files[0].lines[1].nr_branches = 1;
	/* This line becomes hit, then its branches count. */
	c->files[0].lines[3].branches = &branch;
	c->files[0].lines[3].nr_branches = 1;
	c->files[1].lines[0].branches = &branch;
	c->files[1].lines[0].nr_branches = 1;
	assert_ok(coverage_refine(
		c, &(struct coverage_texts){ .read = read_text, .data = (void *)early }));
	assert_int_equal(c->lines.found, 12);
	assert_int_equal(c->lines.hit, 10);
	assert_int_equal(c->files[0].line_ratio.hit, 10);
	assert_int_equal(c->branches.found, 6);
	assert_int_equal(c->branches.hit, 4);
	assert_ptr_equal(c->files[0].lines[1].branches, &branch);
	assert_int_equal(c->files[1].line_ratio.found, 2);
}

static void assert_condition(const struct coverage_line *line, uint64_t if_true, uint64_t if_false,
			     bool has_operands)
{
	assert_non_null(line->condition);
	assert_int_equal(line->condition->if_true, if_true);
	assert_int_equal(line->condition->if_false, if_false);
	assert_int_equal(line->condition->has_operands, has_operands);
}

static void test_conditions(void **state)
{
	static const struct source_text texts[] = {
		{ "/a.c", "int f(int a)\n{\n\tif (a)\n\t\tone(a);\n\tif (b && c)\n\t\ttwo(a);\n"
			  "\tif (d)\n\t\tb = 1;\n\tfour(a);\n}\n" },
		{ NULL, NULL },
	};
	_cleanup_coverage_ struct coverage *c =
		make_coverage("/a.c f:1:9 1:9 3:9 4:2 5:9 6:0 7:9 9:9 10:9");

	(void)state;
	assert_ok(coverage_refine(
		c, &(struct coverage_texts){ .read = read_text, .data = (void *)texts }));
	const struct coverage_line *lines = c->files[0].lines;
	assert_int_equal(c->refined.conditions, 2);
	assert_condition(&lines[1], 2, 7, false);
	assert_condition(&lines[3], 0, 9, true);
	/* Nothing decides it: the body has no line. */
	assert_int_equal(lines[5].line, 7);
	assert_null(lines[5].condition);
	assert_null(lines[0].condition);
}

static void test_without_text(void **state)
{
	static const struct source_text texts[] = { { "/a.c", NULL }, { NULL, NULL } };
	struct coverage_refined r =
		check("/a.c 3:9 5:0 6:7 /b.c 1:0", false, texts, "/a.c 3:9 5:0 6:7 /b.c 1:0");

	(void)state;
	/* Nothing was executed in the other file. */
	assert_int_equal(r.files[COVERAGE_SOURCE_USED], 0);
	assert_int_equal(r.files[COVERAGE_SOURCE_MISSING], 1);
	assert_int_equal(r.functions, 0);
}

static void test_hostile_texts(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"{",
		"}}}}",
		"int f(int a)\n{\n",
		"int f(int a) { if (",
		"\x01\xff\xfe",
		"#if\n#if\n#else\n#elif\n",
		"int f(int a)\n{\n\tgoto nowhere;\n\tb = 1;\n\tone(a);\n}\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const struct source_text text[] = { { "/a.c", texts[i] }, { NULL, NULL } };

		check("/a.c f:1:9 3:9 4:0 5:7 4294967295:1", false, text,
		      "/a.c 3:9 4:0 5:7 4294967295:1");
	}
}

static void test_not_understood(void **state)
{
	static const struct source_text texts[] = {
		{ "/a.c", "int f(int a)\n{\n\tgoto nowhere;\n\tb = 1;\n\tone(a);\n}\n"
			  "int g(int a)\n{\n\tb = 1;\n\tone(a);\n}\n" },
		{ NULL, NULL },
	};
	struct coverage_refined r = check("/a.c 1:3 3:3 4:0 5:3 6:3 7:2 9:0 10:2 11:2", false,
					  texts, "/a.c 1:3 3:3 4:0 5:3 6:3 7:2 9:2 10:2 11:2");

	(void)state;
	assert_int_equal(r.functions, 2);
	assert_int_equal(r.functions_not_understood, 1);
	assert_int_equal(r.changed, 1);
}

/* Lines before, between and after them stay. */
static void test_functions_of_a_file(void **state)
{
	static const struct source_text texts[] = {
		{ "/a.c", "A(x);\nint f(int a)\n{\n\tb = 1;\n\tone(a);\n}\nA(y);\n"
			  "int g(int a)\n{\n\tb = 1;\n\tone(a);\n}\nint h(int a)\n{\n"
			  "\tb = 1;\n\tone(a);\n}\nA(z);\n" },
		{ NULL, NULL },
	};
	struct coverage_refined r = check(
		"/a.c 1:1 2:3 4:0 5:3 6:3 7:1 8:0 10:0 11:0 12:0 13:5 16:5 17:5 18:7", false, texts,
		"/a.c 1:1 2:3 4:3 5:3 6:3 7:1 8:0 10:0 11:0 12:0 13:5 15:5 16:5 17:5 18:7");

	(void)state;
	assert_int_equal(r.functions, 2);
}

/* A line that two functions share is there once. */
static void test_shared_line(void **state)
{
	static const struct source_text texts[] = {
		{ "/a.c",
		  "int f(int a)\n{\n\tone(a);\n} int g(int a) {\n\tb = 1;\n\tone(a);\n}\n" },
		{ "/b.c", "int f(int a)\n{\n\tone(a);\n\tb = 1; } void g(int a) { one(a); }\n" },
		{ NULL, NULL },
	};

	(void)state;
	check("/a.c 1:3 3:3 4:3 6:3 /b.c 1:3 3:3 4:3", false, texts,
	      "/a.c 1:3 3:3 4:3 5:3 6:3 7:3 /b.c 1:3 3:3 4:3");
}

/*
 * Counts of lines that were hit stay, a line that becomes hit has 1. Both arms were executed: exact
 * counts would say that one of them was not.
 */
static void test_lower_bounds(void **state)
{
	static const struct source_text texts[] = {
		{ "/a.c", "int f(int a)\n{\n\tif (a) {\n\t\tone(a);\n\t\ttwo(a);\n\t} else {\n"
			  "\t\tthree(a);\n\t}\n\tb = 1;\n\tfour(a);\n\tfive(a);\n}\n" },
		{ NULL, NULL },
	};

	(void)state;
	check("/a.c f:1:1 1:1 3:1 4:1 5:1 7:1 10:1 11:1 12:1", true, texts,
	      "/a.c 1:1 3:1 4:1 5:1 7:1 9:1 10:1 11:1 12:1");
	check("/a.c f:1:1 1:1 3:1 4:1 5:1 7:1 9:0 10:7 11:3 12:1", true, texts,
	      "/a.c 1:1 3:1 4:1 5:1 7:1 9:1 10:7 11:3 12:1");
	check("/a.c f:1:1 1:1 3:1 4:1 5:1 7:1 10:1 11:1 12:1", false, texts,
	      "/a.c 1:1 3:1 4:1 5:1 7:0 9:1 10:1 11:1 12:1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changed_and_added),
		cmocka_unit_test(test_added_missed),
		cmocka_unit_test(test_totals),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_without_text),
		cmocka_unit_test(test_hostile_texts),
		cmocka_unit_test(test_not_understood),
		cmocka_unit_test(test_functions_of_a_file),
		cmocka_unit_test(test_shared_line),
		cmocka_unit_test(test_lower_bounds),
	};

	return cmocka_run_group_tests_name("refine", tests, NULL, NULL);
}
