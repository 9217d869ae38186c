// SPDX-License-Identifier: GPL-2.0-or-later
/* What one of two views executed, and the other did not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "render/compare.h"

#define LINES_MAX 16

/* A file from text: "3+ 4- 7+tf 8-", with conditions that were true, false, or both. */
struct side {
	struct coverage_line lines[LINES_MAX];
	struct coverage_condition conditions[LINES_MAX];
	struct coverage_function functions[2];
	struct coverage_file file;
	struct view view;
};

static void make_lines(struct side *side, const char *text)
{
	_Static_assert(LINES_MAX >= 16, "the texts below fit");
	size_t nr = 0;

	for (char *end; *text; text = end + strspn(end, " ")) {
		struct coverage_line *line = &side->lines[nr];
		struct coverage_condition *c = &side->conditions[nr++];

		assert_true(nr <= LINES_MAX);
		line->line = strtoul(text, &end, 10);
		line->count = *end++ == '+';
		if (*end != 't' && *end != 'f')
			continue;
		line->condition = c;
		for (; *end == 't' || *end == 'f'; end++)
			*(*end == 't' ? &c->if_true : &c->if_false) = 1;
	}
	side->file.nr_lines = nr;
}

/* Functions begin on lines 3 and 10; executed: "", "f", "g" or "fg". */
static void make_side(struct side *side, const char *lines, const char *executed)
{
	*side = (struct side){ 0 };
	make_lines(side, lines);
	side->functions[0] = (struct coverage_function){ .name = "f",
							 .line = 3,
							 .count = strchr(executed, 'f') != NULL };
	side->functions[1] = (struct coverage_function){ .name = "g",
							 .line = 10,
							 .count = strchr(executed, 'g') != NULL };
	side->file.path = "/src/a.c";
	side->file.lines = side->lines;
	side->file.functions = side->functions;
	side->file.nr_functions = 2;
	side->view.coverage.files = &side->file;
	side->view.coverage.nr_files = 1;
}

static const struct {
	const char *name;
	const char *a, *executed_a, *b, *executed_b;
	const char *want;
} cases[] = {
	{ "nothing", "3- 4-", "", "3- 4-", "", "" },
	{ "the same", "3+ 4-", "f", "3+ 4-", "f", "" },
	{ "a function", "3+ 4+ 10-", "f", "3- 4- 10+", "g", "f:a A3-4; g:b B10-10;" },
	{ "lines", "3+ 4+ 5- 6+", "f", "3+ 4- 5+ 6-", "f", "f@4 A4-4 B5-5 A6-6;" },
	{ "a line that both have ends a range", "3+ 4+ 5+ 6+", "f", "3+ 4- 5+ 6-", "f",
	  "f@4 A4-4 A6-6;" },
	{ "lines without code do not", "3+ 4+ 6+", "f", "3+ 4- 6-", "f", "f@4 A4-6;" },
	{ "a line that one does not know", "3+ 4+ 5+ 6+", "f", "3+ 4- 6-", "f",
	  "f@4 A4-4 A6-6; unknown 1" },
	{ "a missed one of which the other does not know", "3+ 4-", "f", "3+", "f", "" },
	{ "a condition", "3+ 4+t 5+ 6-", "f", "3+ 4+f 5- 6+", "f", "f@4c A5-5 B6-6;" },
	{ "one that went both ways in one", "3+ 4+t 5-", "f", "3+ 4+tf 5+", "f", "f@4c B5-5;" },
	{ "one that went the same ways", "3+ 4+t 5+", "f", "3+ 4+t 5-", "f", "f@5 A5-5;" },
	{ "one that only one knows", "3+ 4+t 5+", "f", "3+ 4+ 5-", "f", "f@5 A5-5;" },
	{ "a condition alone is not a difference of lines", "3+ 4+t", "f", "3+ 4+f", "f", "" },
	{ "lines before the first function", "1+ 3-", "", "1- 3-", "", "-@1 A1-1;" },
	{ "a file without lines", "", "f", "", "", "f:a;" },
};

static void describe(const struct compare *c, struct strbuf *text)
{
	static const char names[] = "AB";

	vector_for_each(&c->files, file)
		vector_for_each(&file->functions, f) {
			const struct compare_divergence *d = &f->divergence;

			strbuf_addf(text, "%s%s", text->len ? " " : "", f->name ? f->name : "-");
			if (f->is_executed[COMPARE_A] != f->is_executed[COMPARE_B])
				strbuf_addf(text, ":%c", f->is_executed[COMPARE_A] ? 'a' : 'b');
			else if (d->line)
				strbuf_addf(text, "@%u%s", d->line, d->has_condition ? "c" : "");
			for (size_t i = 0; i < f->nr_lines; i++) {
				const struct compare_lines *l =
					&file->lines.data[f->first_lines + i];

				strbuf_addf(text, " %c%u-%u", names[l->side], l->first, l->last);
			}
			strbuf_addch(text, ';');
		}
	if (c->unknown.len)
		strbuf_addf(text, " unknown %u", (unsigned int)c->unknown.len);
}

static void test_cases(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_cleanup_(compare_deinit) struct compare compare = { 0 };
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		struct side a, b;

		make_side(&a, cases[i].a, cases[i].executed_a);
		make_side(&b, cases[i].b, cases[i].executed_b);
		assert_null(compare_views(&a.view, &b.view, &compare));
		describe(&compare, &got);
		if (!strcmp(strbuf_str(&got), cases[i].want))
			continue;
		print_error("%s: '%s', not '%s'\n", cases[i].name, strbuf_str(&got), cases[i].want);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* A file that only one view has is not known in the other; its functions are told. */
static void test_one_file(void **state)
{
	_cleanup_(compare_deinit) struct compare compare = { 0 };
	struct side a, b;

	(void)state;
	make_side(&a, "3+ 4+", "f");
	make_side(&b, "3+", "f");
	b.view.coverage.nr_files = 0;
	assert_null(compare_views(&a.view, &b.view, &compare));
	assert_int_equal(compare.files.len, 1);
	assert_int_equal(compare.functions[COMPARE_A], 1);
	assert_int_equal(compare.unknown.len, 2);
	assert_int_equal(compare.lines[COMPARE_A], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_one_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
