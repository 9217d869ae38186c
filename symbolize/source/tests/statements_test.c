// SPDX-License-Identifier: GPL-2.0-or-later
#include "symbolize/source/tests/show.h"

#define UNKNOWN "unknown statement"

static void test_branches(void **state)
{
	(void)state;
	check_body("if (a)\nb();\nelse\nc();", "if1[s2|s4]");
	check_body("if (a) {\nb();\n} else if (c) {\nd();\n} else {\ne();\n}",
		   "if1[1[s2]|if3[3[s4]|5[s6]]]");
	/* The else is of the inner one. */
	check_body("if (a)\nif (b)\nc();\nelse\nd();", "if1[if2[s3|s5]]");
	check_body("if (a)\n;\nreturn;", "if1[s2] return3");
	check_body("if (a && ({ int b = c; b; }))\nd();", "if1[s2]");
	check_body("if unlikely(a)\nb();", "if1[s2]");
	check_body("else\na();", UNKNOWN);
	check_body("if (a)", UNKNOWN);
}

static void test_loops(void **state)
{
	(void)state;
	check_body("while (a) {\nif (b)\nbreak;\ncontinue;\n}",
		   "while1[1[if2[break3->1] continue4->1]]");
	check_body("do\na();\nwhile (b);\nc();", "do1[s2] s4");
	check_body("for (i = 0; i < 9; i++)\nfor (;;)\nbreak;", "for1[for2[break3->2]]");
	check_body("while (a)\nswitch (b) {\ncase 1:\nbreak;\ndefault:\ncontinue;\n}",
		   "while1[switch2[2[case3 break4->2 case5 continue6->1]]]");
	check_body("break;", "break, continue or case outside of its statement");
	check_body("switch (a) {\ncase 1:\ncontinue;\n}",
		   "break, continue or case outside of its statement");
	check_body("case 1:\na();", "break, continue or case outside of its statement");
}

static void test_loop_lines(void **state)
{
	struct source_statement s;

	(void)state;
	s = find_statement("for (i = 0;\n     i < 5;\n     i++)\n{\n}", SOURCE_FOR);
	assert_int_equal(s.lines.last, 5);
	assert_int_equal(s.head.last, 3);
	assert_int_equal(s.init.first, 1);
	assert_int_equal(s.test.first, 2);
	assert_int_equal(s.step.first, 3);
	s = find_statement("for (;;)\na();", SOURCE_FOR);
	assert_int_equal(s.init.first + s.test.first + s.step.first, 0);
	assert_int_equal(s.condition, SOURCE_NONE);
	s = find_statement("do {\na();\n} while (b &&\nc);\nd();", SOURCE_DO);
	assert_int_equal(s.head.last, 1);
	assert_int_equal(s.tail.first, 3);
	assert_int_equal(s.tail.last, 4);
	assert_int_equal(s.lines.last, 4);
}

static void test_switch(void **state)
{
	(void)state;
	check_body(
		"switch (a) {\ncase 1 ... 5:\ncase X ? 1 : 2:\nb();\nbreak;\ncase 'c':\ndefault:\n"
		"}",
		"switch1[1[case2 case3 s4 break5->1 case6 case7]]");
	check_body("switch (a)\ncase 1:\nb();\nc();", "switch1[2[case2 s3]] s4");
	assert_true(find_statement("switch (a) {\ndefault:\n}", SOURCE_SWITCH).flags &
		    SOURCE_DEFAULT);
	assert_false(find_statement("switch (a) {\ncase 1:\n}", SOURCE_SWITCH).flags &
		     SOURCE_DEFAULT);
}

/* A case inside of a loop that began before it. */
static void test_duff(void **state)
{
	const char *body =
		"switch (n % 2) {\ncase 0:\ndo {\na();\ncase 1:\nb();\n} while (--n);\n}";

	(void)state;
	check_body(body, "switch1[1[case2 do3[3[s4 case5 s6]]]]");
	assert_true(find_statement(body, SOURCE_DO).flags & SOURCE_LABELS_INSIDE);
	assert_false(find_statement(body, SOURCE_SWITCH).flags & SOURCE_LABELS_INSIDE);
}

static void test_labels(void **state)
{
	(void)state;
	check_body("again:\nif (a)\ngoto again;\ngoto out;\nout:\nreturn b;",
		   "label1 if2[goto3->1] goto4->5 label5 return6");
	check_body("if (a)\nb: c();\nd();\ngoto b;", "if1[2[label2 s2]] s3 goto4->2");
	/* Into a block. */
	assert_true(find_statement("goto a;\nwhile (b) {\na:\nc();\n}", SOURCE_WHILE).flags &
		    SOURCE_LABELS_INSIDE);
	check_body("out:\nint a = b ? c : d;", "label1 d2");
	check_body("if (x)\ngoto out;\nout:", "if1[goto2->3] label3");
	check_body("goto nowhere;", "label missing, or there twice");
	check_body("a:\nb();\na:\nc();", "label missing, or there twice");
}

static void test_computed_goto(void **state)
{
	const char *text = "int f(void) { static void *t[] = { &&a, &&b };\n"
			   "goto *t[x && y];\na:\nb:\nc:\nreturn;\n}";
	_cleanup_(cleanup_source_file) struct source_file *file = parse(text, NULL);
	uint32_t nr = 0;

	(void)state;
	check_text(text, NULL, "d1 computed2 label3 label4 label5 return6");
	assert_int_equal(file->nr_labels, 3);
	for (uint32_t i = 0; i < file->nr_labels; i++)
		nr += file->labels[i].is_address_taken;
	assert_int_equal(nr, 2);
}

static void test_asm(void **state)
{
	const char *text =
		"void f(void) { asm goto(\"jmp %l0\" : : \"r\"(a ? b : c) : \"memory\" :\n"
		"one, two);\nthree: one:\ntwo:\n}";
	_cleanup_(cleanup_source_file) struct source_file *file = parse(text, NULL);
	const struct source_statement *s = &file->statements[1];

	(void)state;
	check_text(text, NULL, "asm1 label3 label3 label4");
	assert_true(s->flags & SOURCE_ASM_GOTO);
	assert_int_equal(s->nr_targets, 2);
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t label = file->targets[s->first_target + i];
		assert_int_equal(file->statements[file->labels[label].statement].lines.first,
				 3 + i);
	}
	check_body("asm volatile(\"nop\" : [x] \"=r\" (y)\n: : \"memory\");\n__asm__(\"\");",
		   "asm1 asm3");
	check_body("asm_goto_output(\"\" : : : : a);\na:\n;", "asm1 label2 s3");
	assert_false(find_statement("asm(\"\");", SOURCE_ASM).flags & SOURCE_ASM_GOTO);
}

static void test_macros_with_body(void **state)
{
	(void)state;
	check_body("list_for_each_entry(a, b, c) {\nif (d)\nbreak;\n}\ne();",
		   "macro1[1[if2[break3->1]]] s5");
	check_body("for_each_cpu(i, mask)\na(i);\nb();", "macro1[s2] s3");
	check_body("for_each_cpu(i, mask)\nif (a)\nb(i);\nelse\nc();", "macro1[if2[s3|s5]]");
	check_body("do_each_thread(g, t) {\na();\n} while_each_thread(g, t);\nb();",
		   "macro1[1[s2]] s4");
	check_body("do {\na();\n} while_each_thread(g, t);\nb();", "do1[1[s2]] s4");
	/* A function, in spite of its name. */
	check_body("bus_for_each_dev(a, b, c, d);\ne();", "s1 s2");
	/* Its name says nothing, but the indentation does. */
	check_body("with_foo(a)\n\tb();\nc();", "macro1[s2] s3");
	check_body("FOO(a)\nb();\nc();", "s1 s2 s3");
	check_body("FOO(a)\n}\nint g;{", "s1");
	check_body("FOO\nif (a)\nb();", "s1 if2[s3]");
	assert_true(find_statement("scoped_guard(a, b) { c(); }", SOURCE_LOOP_MACRO).flags &
		    SOURCE_ONCE);
	assert_true(
		find_statement("scoped_cond_guard(a, return 1, b)\nc();", SOURCE_LOOP_MACRO).flags &
		SOURCE_AT_MOST_ONCE);
	assert_true(find_statement("foo(a, b) { c(); }", SOURCE_LOOP_MACRO).flags &
		    SOURCE_UNKNOWN_MACRO);
	/* Nothing tells what these leave. */
	check_body("foo(a) {\nbreak;\n}", "break, continue or case outside of its statement");
	check_body("foo(a) return;", UNKNOWN);
}

static void test_flags(void **state)
{
	static const struct {
		const char *body;
		enum source_statement_kind kind;
		uint32_t flags;
	} rows[] = {
		{ "a = b;", SOURCE_SIMPLE, SOURCE_STORES },
		{ "a++;", SOURCE_SIMPLE, SOURCE_STORES },
		{ "a(b);", SOURCE_SIMPLE, SOURCE_CALLS },
		{ "(*a)(b);", SOURCE_SIMPLE, SOURCE_CALLS },
		{ "a[1](b);", SOURCE_SIMPLE, SOURCE_CALLS },
		{ "(void)(b);", SOURCE_SIMPLE, 0 },
		{ "b;", SOURCE_SIMPLE, 0 },
		{ "sizeof(f(x) && y);", SOURCE_SIMPLE, 0 },
		{ "BUILD_BUG_ON(sizeof(a) > 4);", SOURCE_SIMPLE, 0 },
		{ "a ? b : c;", SOURCE_SIMPLE, SOURCE_CONDITIONAL },
		{ "a(({ b; }));", SOURCE_SIMPLE, SOURCE_CALLS | SOURCE_NESTED },
		{ "wait_event(a, { b; });", SOURCE_SIMPLE, SOURCE_CALLS | SOURCE_NESTED },
		{ "a(b, { if (c) return d; });", SOURCE_SIMPLE,
		  SOURCE_CALLS | SOURCE_NESTED | SOURCE_NESTED_JUMP },
		{ "panic(\"a\");", SOURCE_SIMPLE, SOURCE_CALLS | SOURCE_NO_RETURN },
		{ "BUG();", SOURCE_SIMPLE, SOURCE_CALLS | SOURCE_NO_RETURN },
		{ "BUG_ON(a);", SOURCE_SIMPLE, SOURCE_CALLS },
		{ "return;", SOURCE_RETURN, 0 },
		{ "return a();", SOURCE_RETURN, SOURCE_HAS_VALUE | SOURCE_CALLS },
		{ "return ({ return 5; });", SOURCE_RETURN,
		  SOURCE_HAS_VALUE | SOURCE_NESTED | SOURCE_NESTED_JUMP },
		{ "int a = b;", SOURCE_DECLARATION, SOURCE_STORES | SOURCE_INITIALISED },
		{ "static int a = 1;", SOURCE_DECLARATION, SOURCE_STORES },
		{ "struct s a = { .b = 1, }, *c;", SOURCE_DECLARATION,
		  SOURCE_STORES | SOURCE_INITIALISED },
		{ "foo_t *a, b;", SOURCE_DECLARATION, 0 },
		{ "foo_t a __free(kfree) = b;", SOURCE_DECLARATION,
		  SOURCE_STORES | SOURCE_INITIALISED },
		{ "typeof(a) b;", SOURCE_DECLARATION, 0 },
		{ "__label__ a, b;", SOURCE_DECLARATION, 0 },
		{ "DECLARE_BITMAP(a, 5);", SOURCE_DECLARATION, SOURCE_CALLS },
		{ "__attribute__((fallthrough));", SOURCE_SIMPLE, 0 },
		{ "a = (struct s){ 1, { 2 } };", SOURCE_SIMPLE, SOURCE_STORES },
		{ "if (a = b())\nc ? d : e;", SOURCE_IF, SOURCE_STORES | SOURCE_CALLS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(find_statement(rows[i].body, rows[i].kind).flags, rows[i].flags);
}

static void test_first_on_line(void **state)
{
	(void)state;
	assert_true(find_statement("\na++;", SOURCE_SIMPLE).flags & SOURCE_FIRST_ON_LINE);
	assert_true(find_statement("\n/* b */ a++;", SOURCE_SIMPLE).flags & SOURCE_FIRST_ON_LINE);
	assert_false(find_statement("\nif (b) a++;", SOURCE_SIMPLE).flags & SOURCE_FIRST_ON_LINE);
}

/* Equal text has equal hashes, whatever is between its tokens. */
static void test_hash(void **state)
{
	uint64_t hash = find_statement("a->b = c(1, \"x\");", SOURCE_SIMPLE).hash;

	(void)state;
	assert_true(find_statement("a -> b\n=c( 1 /* y */, \"x\" ) ;", SOURCE_SIMPLE).hash == hash);
	assert_true(find_statement("a->b = c(1, \"y\");", SOURCE_SIMPLE).hash != hash);
	assert_true(find_statement("a->b = c(\"x\", 1);", SOURCE_SIMPLE).hash != hash);
	hash = find_statement("if (a) b();", SOURCE_IF).hash;
	assert_true(find_statement("if (a)\nc(); else d();", SOURCE_IF).hash == hash);
}

static void test_statement_at(void **state)
{
	_cleanup_(cleanup_source_file) struct source_file *file =
		parse("int x;\nint\nf(void)\n{\nif (a)\nb(c,\nd);\n\n}\nint y;\n", NULL);
	static const uint32_t lines[] = { [4] = 4, [5] = 5, [6] = 6, [7] = 6, [8] = 4, [9] = 4 };

	(void)state;
	assert_int_equal(file->functions[0].first_line, 2);
	assert_int_equal(file->functions[0].name_line, 3);
	for (uint32_t line = 1; line <= 10; line++) {
		uint32_t s = source_statement_at(file, line);
		uint32_t want = line < 4 || line > 9 ? 0 : lines[line];

		assert_int_equal(source_function_at(file, line) != SOURCE_NONE,
				 line >= 2 && line <= 9);
		assert_int_equal(s == SOURCE_NONE ? 0 : file->statements[s].lines.first, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_branches),
		cmocka_unit_test(test_loops),
		cmocka_unit_test(test_loop_lines),
		cmocka_unit_test(test_switch),
		cmocka_unit_test(test_duff),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_computed_goto),
		cmocka_unit_test(test_asm),
		cmocka_unit_test(test_macros_with_body),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_first_on_line),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_statement_at),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
