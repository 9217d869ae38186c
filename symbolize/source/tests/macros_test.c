// SPDX-License-Identifier: GPL-2.0-or-later
/* What macros hide of the flow of control. */
#include "symbolize/source/tests/show.h"

#define HIDDEN "label or case in a macro"

/* The function f() after a definition, with its first line as 1 less than in the text. */
static void check_macro(const char *define, const char *body, const char *want)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s\nint f(void) {\n%s\n}\n", define, body);
	check_text(strbuf_str(&text), NULL, want);
}

/* Flags of the first statement after that definition. */
static uint32_t flags_after(const char *define, const char *body)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s\nint f(void) {\n%s\n}\n", define, body);
	_cleanup_(cleanup_source_file) struct source_file *file = parse(strbuf_str(&text), NULL);
	assert_true(file->nr_statements > 1);
	return file->statements[1].flags & ~(SOURCE_FIRST_ON_LINE | SOURCE_CALLS);
}

static void test_jumps(void **state)
{
	(void)state;
	assert_int_equal(flags_after("#define A(x) if (x) return 1", "A(b);"), SOURCE_NESTED_JUMP);
	assert_int_equal(flags_after("#define A(x) do { if (x) goto out; } while (0)", "A(b);out:"),
			 SOURCE_NESTED_JUMP);
	assert_int_equal(flags_after("#define A(x) do { if (x) break; b(); } while (0)", "A(b);"),
			 0);
	assert_int_equal(flags_after("#define A b() /* return */ + \"goto\"", "A;"), 0);
	assert_int_equal(flags_after("#define A(x) if (x) return 1\n#define B(x) A(x)", "B(b);"),
			 SOURCE_NESTED_JUMP);
	/* Defined anew. */
	assert_int_equal(flags_after("#define A(x) return 1\n#define A(x) b(x)", "A(b);"), 0);
	assert_int_equal(flags_after("#define A(x) b(x)\n#define A(x) return 1", "A(b);"),
			 SOURCE_NESTED_JUMP);
}

static void test_labels(void **state)
{
	(void)state;
	check_macro("#define A(x) case x: return #x;", "switch (a) {\nA(1)\nA(2)\n}", HIDDEN);
	check_macro("#define A(x) x: b();", "A(c)", HIDDEN);
	check_macro("#define A(x) if (x) {", "A(c)\nb();", HIDDEN);
	/* Not when it is called: in a list that another macro has. */
	check_macro("#define B", "switch (a) {\n#define A(x) case x: return #x;\nLIST\n}", HIDDEN);
	check_macro("#define A(x) ({ __label__ l; l: b(x); })", "A(c);", "s3");
	check_macro("#define A(x) do { switch (x) { case 1: b(); } } while (0)", "A(c);", "s3");
	check_macro("#define A(x) _Generic(x, default: 1)", "A(c);", "s3");
	check_macro("#define A(x) (x ? b : c)", "A(c);", "s3");
}

static void test_loops(void **state)
{
	(void)state;
	check_macro("#define A(x) for (; x;)", "A(b)\nc();", "macro3[s4]");
	check_macro("#define A(x) for (; x;) if (b) {} else", "A(b) {\nbreak;\n}",
		    "macro3[3[break4->3]]");
	check_macro("#define A(x) { for (; x;)\n#define B(x) }", "A(b) {\nbreak;\n} B(b);\nc();",
		    "macro4[4[break5->4]] s7");
	check_macro("#define A(x) { for (; x;) {\n#define B(x) } }", "A(b);\nc();\nB(b);", HIDDEN);
	check_macro("#define A(x) { for (; x;)\n#define B(x) }", "A(b) {\nbreak;\n}\nc();", HIDDEN);
	assert_int_equal(flags_after("#define A(x) if (x)", "A(b)\n\tc();"), SOURCE_AT_MOST_ONCE);
}

static void test_returns(void **state)
{
	(void)state;
	check_body("if (a)\nreturn_ptr(b);\nreturn_VOID;", "if1[return2] return3");
	assert_int_equal(find_statement("return_ptr(b);", SOURCE_RETURN).flags, SOURCE_HAS_VALUE);
	assert_int_equal(find_statement("return_VOID;", SOURCE_RETURN).flags, 0);
	check_body("return_address(b);", "s1");
}

/* Macros of the kernel's headers, which are not read. */
static void test_headers(void **state)
{
	(void)state;
	check_body("switch (a) {\nC2S(B);\ndefault: return c;\n}", HIDDEN);
	check_body("switch (a) {\nIL_CMD(B);\ndefault: return c;\n}", HIDDEN);
	check_body("switch (a) {\ncase_rtn_string(B);\ndefault: return c;\n}", HIDDEN);
	assert_true(find_statement("mipi_dsi_dcs_write_seq(a, 1);", SOURCE_SIMPLE).flags &
		    SOURCE_NESTED_JUMP);
	assert_true(find_statement("AR5K_EEPROM_READ(a, b);", SOURCE_SIMPLE).flags &
		    SOURCE_NESTED_JUMP);
}

/* A label that a macro gets is one that it may jump to. */
static void test_label_arguments(void **state)
{
	(void)state;
	assert_true(find_statement("unsafe_put_user(a, b, out);\nout:", SOURCE_SIMPLE).flags &
		    SOURCE_NESTED_JUMP);
	assert_true(find_statement("if (a(out))\n;out:", SOURCE_IF).flags & SOURCE_NESTED_JUMP);
	/* The argument is a variable. */
	assert_false(find_statement("a(out);\nout = 1;\nout:", SOURCE_SIMPLE).flags &
		     SOURCE_NESTED_JUMP);
	assert_false(find_statement("a(b->out);\nout:", SOURCE_SIMPLE).flags & SOURCE_NESTED_JUMP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jumps),		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_loops),		cmocka_unit_test(test_returns),
		cmocka_unit_test(test_label_arguments), cmocka_unit_test(test_headers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
