// SPDX-License-Identifier: GPL-2.0-or-later
/* Which definitions are functions, and their names and lines. */
#include "symbolize/source/tests/show.h"

/* Names of all functions of a text, with the line of the name and of the braces. */
static void check_functions(const char *text, const char *want)
{
	_cleanup_(cleanup_source_file) struct source_file *file = parse(text, NULL);
	_cleanup_strbuf_ struct strbuf out = STRBUF_INIT;

	for (uint32_t i = 0; i < file->nr_functions; i++) {
		const struct source_function *f = &file->functions[i];

		strbuf_addf(&out, "%s%.*s %u %u-%u", i ? ", " : "", (int)f->name_length,
			    text + f->name, f->name_line, f->open_line, f->close_line);
	}
	assert_string_equal(strbuf_str(&out), want);
}

static void test_names(void **state)
{
	(void)state;
	check_functions("int f(void) { }", "f 1 1-1");
	check_functions("static int __init\nf(void)\n{\n}", "f 2 3-4");
	check_functions("SYSCALL_DEFINE3(open, int, a,\nint, b)\n{\n}", "SYSCALL_DEFINE3 1 3-4");
	check_functions("int f(int (*g)(void)) { } int h(void) { }", "f 1 1-1, h 1 1-1");
	check_functions("void (*f(int a))(int) { }", "f 1 1-1");
	check_functions("f(void) { }", "f 1 1-1");
}

static void test_attributes(void **state)
{
	(void)state;
	check_functions("int f(void) __acquires(a)\n__must_be_held(b) { }", "f 1 2-2");
	check_functions("__printf(1, 2) void f(char *a, ...) { }", "f 1 1-1");
	check_functions("void __attribute__((noinline)) f(void) { }", "f 1 1-1");
	check_functions("int f(void) __attribute__((weak)) { }", "f 1 1-1");
	check_functions("int __section(\"a\") f(void) { }", "f 1 1-1");
}

static void test_no_functions(void **state)
{
	(void)state;
	check_functions("struct s { int (*f)(void); };", "");
	check_functions("struct s a = { .b = f(1), };", "");
	check_functions("struct __attribute__((packed)) s { int a; } b;", "");
	check_functions("enum { A = F(1) };", "");
	check_functions("TRACE_EVENT(a, TP_PROTO(b), TP_fast_assign({ c(); }));", "");
	check_functions("int f(void);", "");
	check_functions("#define f(x) { }\n#define g(x) \\\n{ \\\n}\n", "");
}

static void test_neighbours(void **state)
{
	(void)state;
	check_functions("EXPORT_SYMBOL(a)\nint f(void) { }\nDEFINE_B(b)\nSYSCALL_DEFINE0(c) { }",
			"f 2 2-2, SYSCALL_DEFINE0 4 4-4");
	check_functions("struct s { int a; };\nint f(void) { }", "f 2 2-2");
	check_functions("MODULE_LICENSE(\"GPL\")\nstruct s { int a; };\nint f(void) { }",
			"f 3 3-3");
	check_functions("int a = 1, b[] = { 2, 3 }; int f(void) { }", "f 1 1-1");
}

/* A bracket too many, or too few, spoils one function. */
static void test_unbalanced(void **state)
{
	const char *text =
		"int f(void)\n{\nif (a {\n}\nint g(void)\n{\n}\n}\n]\nint h(void)\n{\n}\n";
	_cleanup_(cleanup_source_file) struct source_file *file = parse(text, NULL);

	(void)state;
	check_functions(text, "f 1 2-4, g 5 6-7, h 10 11-12");
	assert_int_equal(file->functions[0].reason, SOURCE_UNBALANCED);
	assert_int_equal(file->functions[1].reason, SOURCE_UNDERSTOOD);
	assert_int_equal(file->functions[2].reason, SOURCE_UNDERSTOOD);
}

static void add_times(struct strbuf *out, const char *what, int times)
{
	while (times--)
		strbuf_addstr(out, what);
}

static void check_deep(const char *head, const char *tail, int times, const char *want)
{
	_cleanup_strbuf_ struct strbuf body = STRBUF_INIT;

	add_times(&body, head, times);
	strbuf_addstr(&body, "a;");
	add_times(&body, tail, times);
	if (want)
		return check_body(strbuf_str(&body), want);
	check_deep(head, tail, SOURCE_DEPTH_MAX + 10, "nested too deep");
	find_statement(strbuf_str(&body), SOURCE_SIMPLE);
}

static void test_deep(void **state)
{
	(void)state;
	check_deep("{", "}", SOURCE_DEPTH_MAX - 10, NULL);
	check_deep("if (b)", "", SOURCE_DEPTH_MAX - 10, NULL);
	check_deep("if (b) c(); else ", "", SOURCE_DEPTH_MAX - 10, NULL);
	check_deep("x = (b || (", "));", 10, NULL);
}

static void test_bytes(void **state)
{
	(void)state;
	check_functions("/* int f(void) { */ int /* { */ g(void) // {\n{ \"}\"; '}'; '\\''; }",
			"g 1 2-2");
	check_functions("int f\\\n(void) \\\r\n{ }", "f 1 3-3");
	check_functions("int f\xc3\xa4(void) { }", "f\xc3\xa4 1 1-1");
	/* Unterminated. */
	check_functions("int f(void) {\n\"a }\n}", "f 1 1-3");
	check_functions("int f(void) { } /* int g(void) { }", "f 1 1-1");
	check_functions("int f(void) {", "");
	check_functions("", "");
}

/* Where a directive ends decides what is code. */
static void test_quotes_in_directives(void **state)
{
	(void)state;
	check_functions("#define A '\\\n/*'\nint f(void) { }\n#if B\n#endif\n", "f 3 3-3");
	check_functions("#define A '\\\n/*'\nint f(void) { }\n#if B\n#if C\n", "f 3 3-3");
	check_functions("#define A '\\\"' /* {\n{ \" */\nint f(void) { }", "f 3 3-3");
	check_functions("#define A '\"' '\\'' \"'\" /*\n{ */\nint f(void) { }", "f 3 3-3");
	check_functions("#error don't /*\nint f(void) { }", "f 2 2-2");
	check_functions("#error \"don't /*\nint f(void) { }", "f 2 2-2");
	check_functions("#if A // don't \\\n{\n#endif\nint f(void) { }", "f 4 4-4");
}

static void test_large(void **state)
{
	_cleanup_strbuf_ struct strbuf body = STRBUF_INIT;

	(void)state;
	add_times(&body, ";", 1 << 18);
	check_body(strbuf_str(&body), "too large");
	body.data[body.len - 8] = '\0';
	find_statement(strbuf_str(&body), SOURCE_SIMPLE);
}

static void test_no_statements(void **state)
{
	const struct source_options options = { .no_statements = true };
	const char *text = "int f(void)\n{\n#ifdef A\n\treturn 1;\n#endif\n\tgoto no;\n}\n";
	_cleanup_(cleanup_source_file) struct source_file *file = parse(text, &options);

	(void)state;
	assert_int_equal(file->nr_functions, 1);
	assert_int_equal(file->functions[0].close_line, 7);
	assert_int_equal(file->nr_statements + file->nr_conditions + file->nr_labels, 0);
	assert_int_equal(source_function_at(file, 6), 0);
	assert_int_equal(source_statement_at(file, 6), SOURCE_NONE);
}

/* Their bodies are skipped, and the same functions are found. */
static void test_skipped_bodies(void **state)
{
	static const struct source_options options = { .no_statements = true };
	static const char *const texts[] = {
		"int f(void)\n{\n\tif (a) {\n#ifdef A\n\t} else {\n#endif\n\t}\n}\nint "
		"g(void)\n{\n}",
		"#ifdef A\nint f(int a)\n#else\nint f(void)\n#endif\n{\n\tb(\"{\", '{');\n}\n"
		"int g(void)\n{\n}\n",
		"struct s a = { .f = { 1 }, };\nT(a, P({ b(); }));\nint g(void) { struct s { } y; "
		"}",
		"#define static int f(void) {\nstatic int g(int a[]) { }\nint h(void)\n{\n}\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		_cleanup_(cleanup_source_file) struct source_file *all = parse(texts[i], NULL);
		_cleanup_(cleanup_source_file) struct source_file *file = parse(texts[i], &options);

		assert_true(all->nr_functions);
		assert_int_equal(file->nr_functions, all->nr_functions);
		for (uint32_t f = 0; f < file->nr_functions; f++) {
			assert_int_equal(file->functions[f].name, all->functions[f].name);
			assert_int_equal(file->functions[f].first_line,
					 all->functions[f].first_line);
			assert_int_equal(file->functions[f].close_line,
					 all->functions[f].close_line);
		}
	}
}

static void test_size(void **state)
{
	struct source_file *file = NULL;

	(void)state;
	assert_error(source_parse("", (size_t)SOURCE_SIZE_MAX + 1, NULL, &file), ERROR_UNSUPPORTED,
		     "larger than 8 MB");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),	      cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_no_functions),  cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_unbalanced),    cmocka_unit_test(test_deep),
		cmocka_unit_test(test_bytes),	      cmocka_unit_test(test_quotes_in_directives),
		cmocka_unit_test(test_large),	      cmocka_unit_test(test_size),
		cmocka_unit_test(test_no_statements), cmocka_unit_test(test_skipped_bodies),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
