// SPDX-License-Identifier: GPL-2.0-or-later
/* Which lines of a text have code. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

/* The code of kcovreport/ is not in the library that suites are linked with. */
#include "kcovreport/patch_code.c"

#define LINES_MAX 40

static enum source_config get_none(void *data, const char *name, size_t length, int64_t *value)
{
	(void)data;
	(void)name;
	(void)length;
	(void)value;
	return SOURCE_CONFIG_NO;
}

/* want: a '1' for each line with code. */
static void check_code(const char *text, const char *want)
{
	static const struct source_options first = { .take_first_arm = true };
	static const struct source_options no = { .config = get_none };
	_cleanup_(cleanup_source_file) struct source_file *all = NULL, *none = NULL;
	uint8_t lines[LINES_MAX] = { 0 };
	char got[LINES_MAX] = "";
	struct patch_source source = {
		.text = (char *)text,
		.size = strlen(text),
		.nr_lines = strlen(want),
		.lines = lines,
	};

	assert_null(source_parse(text, source.size, &first, &all));
	assert_null(source_parse(text, source.size, &no, &none));
	patch_find_code(&source, all, none);
	for (uint32_t i = 0; i < source.nr_lines; i++)
		got[i] = lines[i + 1] & PATCH_LINE_CODE ? '1' : '0';
	assert_string_equal(got, want);
}

#define FUNCTION "int f(int x)\n{\n\treturn x;\n}\n"

static void test_statements(void **state)
{
	(void)state;
	check_code(FUNCTION, "1010");
	check_code("int f(int x)\n{\n\tint a;\n\tif (x)\n\t\ta = 1;\n\telse\n\t\ta =\n\t\t2;\n}\n",
		   "100110100");
	check_code("int f(int x)\n{\n\tg(\"/*\");\n\tg('\"'); /* a\n\tb */\n\tg(x);\n}\n",
		   "1011010");
}

/* In a string of a directive no comment begins, and it ends with its line. */
static void test_directives(void **state)
{
	(void)state;
	check_code("#define PATTERN \"fs/*\"\n" FUNCTION "/* end */\n", "010100");
	check_code("#define QUOTE '\"' /* a\n b */\n" FUNCTION, "001010");
	check_code("#error don't \"do that\n" FUNCTION, "01010");
	check_code("#error \"/* nor that\n" FUNCTION "/* end */\n", "010100");
	check_code("#define LONG(a) a + \\\n\tg(\"*/\") \\\n\t+ 1\n" FUNCTION, "0001010");
	check_code("#ifdef CONFIG_NO\n#define P \"fs/*\"\n" FUNCTION "#endif\n/* end */\n",
		   "00101000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statements),
		cmocka_unit_test(test_directives),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
