// SPDX-License-Identifier: GPL-2.0-or-later
/* Kept parses: a source is read again only if the parser would be told something else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "symbolize/coverage/parses.h"

static const char text[] = "#ifdef UNKNOWN\n"
			   "int f(int x)\n"
			   "{\n"
			   "\treturn x;\n"
			   "}\n"
			   "#else\n"
			   "int g(int x)\n"
			   "{\n"
			   "\treturn -x;\n"
			   "}\n"
			   "#endif\n";

struct input {
	enum coverage_source_state state;
	unsigned int nr_reads;
	uint32_t first, last; /* lines with code */
};

static struct error *read_source(void *data, const struct coverage_file *file,
				 enum coverage_source_state *ret_state, char **ret,
				 size_t *ret_size)
{
	struct input *input = data;

	(void)file;
	input->nr_reads++;
	*ret_state = input->state;
	if (input->state != COVERAGE_SOURCE_USED)
		return NULL;
	*ret = strdup(text);
	*ret_size = strlen(text);
	return NULL;
}

static bool has_code(void *data, uint32_t first, uint32_t last)
{
	const struct input *input = data;

	return input->first <= last && input->last >= first;
}

static const struct source_file *get(struct coverage_parses *parses, struct input *input,
				     const char *path)
{
	const struct coverage_texts texts = { .read = read_source, .data = input };
	const struct source_options options = { .data = input, .has_code = has_code };
	const struct coverage_file file = { .path = path };
	enum coverage_source_state state = COVERAGE_SOURCE_STATES;
	const struct source_file *source = NULL;

	assert_null(coverage_parses_get(parses, &texts, &file, &options, &state, &source));
	assert_int_equal(state, input->state);
	return source;
}

static void test_reads(void **state)
{
	_cleanup_(cleanup_coverage_parses) struct coverage_parses *parses = NULL;
	struct input input = { COVERAGE_SOURCE_USED, 0, 3, 4 };

	(void)state;
	assert_null(coverage_parses_create(&parses));
	assert_int_equal(get(parses, &input, "a")->functions[0].name_line, 2);
	input.first = 4;
	assert_int_equal(get(parses, &input, "a")->functions[0].name_line, 2);
	assert_int_equal(input.nr_reads, 1);
	input.first = input.last = 9;
	assert_int_equal(get(parses, &input, "a")->functions[0].name_line, 7);
	assert_int_equal(input.nr_reads, 2);
	assert_int_equal(get(parses, &input, "b")->functions[0].name_line, 7);
	assert_int_equal(input.nr_reads, 3);
}

static void test_unused(void **state)
{
	_cleanup_(cleanup_coverage_parses) struct coverage_parses *parses = NULL;
	struct input input = { COVERAGE_SOURCE_NEWER, 0, 3, 4 };

	(void)state;
	assert_null(coverage_parses_create(&parses));
	assert_null(get(parses, &input, "a"));
	input.first = input.last = 9;
	assert_null(get(parses, &input, "a"));
	assert_int_equal(input.nr_reads, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_unused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
