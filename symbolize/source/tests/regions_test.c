// SPDX-License-Identifier: GPL-2.0-or-later
/* Which arms of #if groups are taken. */
#include "symbolize/source/tests/show.h"

#define UNDECIDED "undecided #if with a jump or a part of a statement"

/* Lines with code, as a string with a 1 for each: "0010". The rest has none. */
static bool has_code(void *data, uint32_t first_line, uint32_t last_line)
{
	const char *lines = data;

	for (uint32_t line = 1; line <= last_line && lines[line - 1]; line++)
		if (line >= first_line && lines[line - 1] == '1')
			return true;
	return false;
}

/* CONFIG_Y... is y, CONFIG_M... is m, CONFIG_5 is 5, CONFIG_S... is a string, CONFIG_N... is not
 * set. */
static enum source_config config(void *data, const char *name, size_t length, int64_t *value)
{
	(void)data;
	assert_true(length > 7 && !memcmp(name, "CONFIG_", 7));
	switch (name[7]) {
	case 'Y':
		return SOURCE_CONFIG_YES;
	case 'M':
		return length == 8 ? SOURCE_CONFIG_MODULE : SOURCE_CONFIG_NO;
	case '5':
		*value = 5;
		return SOURCE_CONFIG_NUMBER;
	case 'S':
		return SOURCE_CONFIG_STRING;
	case 'N':
		return SOURCE_CONFIG_NO;
	default:
		return SOURCE_CONFIG_UNKNOWN;
	}
}

static void check_code(const char *text, const char *lines, const char *want)
{
	struct source_options options = { .data = (void *)lines, .has_code = has_code };

	check_text(text, &options, want);
}

/* Does this directive take its arm (1), its else (0), or is it not known (-1)? */
static void check_directive(const char *directive, int want)
{
	struct source_options options = { .config = config };
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "int f(void) {\n%s\nif (a)\n#else\nwhile (a)\n#endif\nb(); }\n",
		    directive);
	check_text(strbuf_str(&text), &options,
		   want < 0 ? UNDECIDED
		   : want   ? "if3[s7]"
			    : "while5[s7]");
}

static void test_constants(void **state)
{
	(void)state;
	check_directive("#if 0", 0);
	check_directive("#if 1", 1);
	check_directive("  #  if /* a */ ! 0x0 // b", 1);
	check_directive("#if A", -1);
	check_directive("#ifdef __KERNEL__", 1);
	check_directive("#ifndef __KERNEL__", 0);
	check_directive("#ifdef A", -1);
	check_directive("#if 0 && A", 0);
	check_directive("#if A || 1", 1);
	check_directive("#if A && 1", -1);
	check_directive("#if (3 > 2) == 1", 1);
	check_directive("#if 1 << 2", -1);
	check_directive("#if 1 + 2", -1);
	check_directive("#if 1 ? 0 : 1", -1);
	check_directive("#if", -1);
	check_directive("#if (", -1);
	check_directive("#if defined(", -1);
	check_directive("#if 99999999999999999999", -1);
	check_text("int f(void) {\n#if 1 && \\\n0\na();\n#endif\nb();\n}", NULL, "s6");
}

static void test_config(void **state)
{
	(void)state;
	check_directive("#ifdef CONFIG_Y", 1);
	check_directive("#ifdef CONFIG_N", 0);
	check_directive("#ifdef CONFIG_U", -1);
	check_directive("#ifndef CONFIG_N", 1);
	check_directive("#ifdef CONFIG_M", 0);
	check_directive("#ifdef CONFIG_M_MODULE", 1);
	check_directive("#if defined(CONFIG_Y) && !defined CONFIG_N", 1);
	check_directive("#if IS_ENABLED(CONFIG_M)", 1);
	check_directive("#if IS_BUILTIN(CONFIG_M)", 0);
	check_directive("#if IS_MODULE(CONFIG_M)", 1);
	check_directive("#if IS_MODULE(CONFIG_Y)", 0);
	check_directive("#if IS_REACHABLE(CONFIG_Y)", -1);
	check_directive("#if CONFIG_5 > 4", 1);
	check_directive("#if CONFIG_5 <= 4", 0);
	check_directive("#if CONFIG_Y", 1);
	check_directive("#if CONFIG_N", 0);
	check_directive("#ifdef CONFIG_S", 1);
	check_directive("#if CONFIG_S", -1);
}

#define ELSE "int f(void) {\n#ifdef A\na();\n#else\nb();\n#endif\nc();\n}"

static void test_code(void **state)
{
	(void)state;
	check_code(ELSE, "1010001", "s3 s7");
	check_code(ELSE, "1000101", "s5 s7");
	/* Neither, so neither is in the tree. */
	check_code(ELSE, "1000001", "s7");
	/* Both: compiled twice. */
	check_code(ELSE, "1010101", "s7");
	check_code(
		"int f(void) {\n#ifdef A\na();\n#elif B\nb();\n#else\nreturn 0;\n#endif\nc();\n}",
		"100000001", "return7 s9");
}

/* A source may define an option itself, or undefine it: what has code was compiled. */
static void test_contradiction(void **state)
{
	static const char text[] = "#define CONFIG_N 1\n"
				   "int f(void) {\n"
				   "#ifdef CONFIG_N\n"
				   "a();\n"
				   "#else\n"
				   "b();\n"
				   "#endif\n"
				   "}\n";
	struct source_options options = { .config = config, .has_code = has_code };

	(void)state;
	options.data = (void *)"01010001";
	check_text(text, &options, "s4");
	options.data = (void *)"01000101";
	check_text(text, &options, "s6");
	options.data = (void *)"01000001";
	check_text(text, &options, "s6");
	/* Both: the lines are not those of this text. */
	options.data = (void *)"01010101";
	check_text(text, &options, "");
	options.data = (void *)"0100101";
	check_text("#undef CONFIG_Y\nint f(void) {\n#if CONFIG_Y\na();\n#endif\nb(); }", &options,
		   "s4 s6");
	options.data = (void *)"0101";
	check_text("int f(void) {\n#if 0\n#elif CONFIG_N\na();\n#endif\n}", &options, "s4");
}

static void test_undecided(void **state)
{
	struct source_options options = { .data = (void *)"1", .has_code = has_code };

	(void)state;
	check_text(ELSE, NULL, "s7");
	check_text("int f(void) {\n#ifdef A\nif (a)\nreturn;\n#endif\nb();\n}", NULL, UNDECIDED);
	/* If it was compiled, it has no effect. */
	check_code("int f(void) {\n#ifdef A\nif (a)\nreturn;\n#endif\nb();\n}", "1", "s6");
	check_code("int f(void) {\n#ifdef A\nreturn;\n#endif\nb();\n}", "1", UNDECIDED);
	check_code("int f(void) {\n#ifdef A\nif (a) {\n#endif\nb();\n#ifdef A\n}\n#endif\n}", "1",
		   UNDECIDED);
	check_code("int f(void) {\nif (a)\nb();\n#ifdef A\nelse\n#endif\nc();\n}", "1", UNDECIDED);
	check_text("int f(void) {\nif (a\n#ifdef A\n&& b\n#endif\n)\nc();\n}", NULL, "if2[s7]");
	options.take_first_arm = true;
	check_text(ELSE, &options, "s3 s7");
}

static void test_marks(void **state)
{
	_cleanup_(cleanup_source_file) struct source_file *file = parse(
		"int f(void) {\na();\nif (b) {\nc();\n#ifdef D\nd();\n#endif\ne();\n}\n}", NULL);

	(void)state;
	assert_int_equal(file->functions[0].nr_regions, 1);
	assert_int_equal(file->regions[0].lines.first, 5);
	assert_int_equal(file->regions[0].lines.last, 7);
	for (uint32_t s = 0; s < file->nr_statements; s++)
		assert_int_equal(!!(file->statements[s].flags & SOURCE_UNDECIDED),
				 file->statements[s].kind == SOURCE_COMPOUND && s > 0);
}

/* Bodies that begin in one arm and end in another. */
static void test_split(void **state)
{
	const char *text = "#ifdef A\nint f(int a)\n{\n#else\nint f(void)\n{\nint a = 1;\n#endif\n"
			   "b(a);\n}\n";
	_cleanup_(cleanup_source_file) struct source_file *file = NULL;

	(void)state;
	check_code(text, "010000001", "s9");
	check_code(text, "000010001", "d7 s9");
	check_text(text, NULL, UNDECIDED);
	file = parse(
		"#ifdef A\nint f(int a)\n{\n#else\nint f(void)\n#endif\nint g(void)\n{\n}\n}\n",
		NULL);
	assert_int_equal(file->functions[0].reason, SOURCE_UNDECIDED_JUMPS);
}

/* Outside of functions both arms are kept, if nothing decides. */
static void test_definitions(void **state)
{
	_cleanup_(cleanup_source_file) struct source_file *file =
		parse("#ifdef A\nint f(void)\n{\n}\n#else\nint f(void)\n{\n}\nint g;\n#endif\n"
		      "#ifdef B\nstatic\n#endif\nint h(void)\n{\n}\n",
		      NULL);

	(void)state;
	assert_int_equal(file->nr_functions, 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(file->functions[i].reason, SOURCE_UNDERSTOOD);
	assert_int_equal(file->functions[1].name_line, 6);
	assert_int_equal(file->functions[2].name_line, 14);
}

static void test_nested(void **state)
{
	(void)state;
	check_text("int f(void) {\n#if 0\n#if 1\na();\n#else\nb();\n#endif\n#else\n#if 1\nc();\n"
		   "#else\nd();\n#endif\n#endif\ne();\n}",
		   NULL, "s10 s15");
	/* Broken ones. */
	check_text("#endif\n#else\nint f(void) {\n#elif\na();\n#endif\n}", NULL, "s5");
	check_text("int f(void) {\na();\n}\n#if 0\nint g(void) {\n}\n#else\n#else\n", NULL, "s2");
}

static void check_left_out(const char *text, const char *want)
{
	const struct source_options options = { .config = config };
	_cleanup_(cleanup_source_file) struct source_file *file = parse(text, &options);
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;

	for (uint32_t i = 0; i < file->nr_left_out; i++) {
		const struct source_left_out *arm = &file->left_out[i];

		strbuf_addf(&sb, "%s%u-%d@%u/%u %s%s<%.*s>%s", i ? "; " : "", arm->lines.first,
			    (int)arm->lines.last, arm->directive, arm->group,
			    arm->is_else ? "else " : "", arm->is_negated ? "not " : "",
			    (int)arm->length, text + arm->condition, arm->is_undecided ? " ?" : "");
	}
	assert_string_equal(strbuf_str(&sb), want);
}

static void test_left_out(void **state)
{
	(void)state;
	check_left_out("#ifdef CONFIG_Y\na\n#else\nb\n#endif\n", "4-4@3/1 else < CONFIG_Y>");
	check_left_out("#ifdef CONFIG_N\na\n#ifdef CONFIG_Y\nb\n#endif\n#endif\n",
		       "2-5@1/1 < CONFIG_N>");
	check_left_out("#ifdef CONFIG_Y\n#ifndef CONFIG_Y\nb\n#endif\n#endif\n",
		       "3-3@2/2 not < CONFIG_Y>");
	check_left_out("#if defined(CONFIG_N) && \\\n defined(B)\na;\n#elif 0\n#else\nb;\n#endif\n",
		       "3-3@1/1 < defined(CONFIG_N) && \\\n defined(B)>");
	check_left_out("int f(void) {\n#ifdef A\na();\n#endif\n}\n#if 0\nx\n",
		       "3-3@2/2 < A> ?; 7--2@6/6 < 0>");
	check_left_out("#ifdef A\nint a;\n#endif\n#if 0\n#endif\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constants), cmocka_unit_test(test_config),
		cmocka_unit_test(test_code),	  cmocka_unit_test(test_contradiction),
		cmocka_unit_test(test_undecided), cmocka_unit_test(test_marks),
		cmocka_unit_test(test_split),	  cmocka_unit_test(test_definitions),
		cmocka_unit_test(test_nested),	  cmocka_unit_test(test_left_out),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
