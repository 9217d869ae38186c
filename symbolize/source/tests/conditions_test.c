// SPDX-License-Identifier: GPL-2.0-or-later
/* Trees of conditions as text: leaves are their lines, ! is before what is negated. */
#include "symbolize/source/tests/show.h"

static void show(const struct source_file *file, uint32_t c, struct strbuf *out)
{
	static const char *const names[] = { "", "and", "or", "?" };

	for (; c != SOURCE_NONE; c = file->conditions[c].next) {
		const struct source_condition *now = &file->conditions[c];

		strbuf_addstr(out, now->negated ? "!" : "");
		if (now->kind == SOURCE_LEAF)
			strbuf_addf(out, "%u", now->lines.first);
		else
			strbuf_addstr(out, names[now->kind]);
		if (now->left != SOURCE_NONE) {
			strbuf_addch(out, '(');
			show(file, now->left, out);
			strbuf_addstr(out, now->kind == SOURCE_LEAF ? "" : " ");
			show(file, now->right, out);
			strbuf_addstr(out, now->kind == SOURCE_TERNARY ? " " : "");
			show(file, now->third, out);
			strbuf_addch(out, ')');
		}
		if (now->next != SOURCE_NONE)
			strbuf_addch(out, ',');
	}
}

/* The first statement with a condition has these trees. */
static void check(const char *body, const char *want)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT, out = STRBUF_INIT;

	strbuf_addf(&text, "int f(void) { %s\n}\n", body);
	_cleanup_(cleanup_source_file) struct source_file *file = parse(strbuf_str(&text), NULL);
	assert_int_equal(file->functions[0].reason, SOURCE_UNDERSTOOD);
	uint32_t s = 0;
	while (s < file->nr_statements && file->statements[s].condition == SOURCE_NONE)
		s++;
	if (s < file->nr_statements)
		show(file, file->statements[s].condition, &out);
	assert_string_equal(strbuf_str(&out), want);
}

static void test_operators(void **state)
{
	(void)state;
	check("if (a)\n;", "1");
	check("if (a &&\nb ||\nc)\n;", "or(and(1 2) 3)");
	check("if (a ||\nb &&\nc)\n;", "or(1 and(2 3))");
	check("if (a &&\nb &&\nc)\n;", "and(and(1 2) 3)");
	check("if (a ?\nb :\nc)\n;", "?(1 2 3)");
	check("if (a ?\nb :\nc ?\nd :\ne)\n;", "?(1 2 ?(3 4 5))");
	check("if (a ?:\nb)\n;", "?(1  2)");
	check("if (a = b &&\nc)\n;", "and(1 2)");
	check("while (a,\nb)\n;", "1");
}

static void test_negation(void **state)
{
	(void)state;
	check("if (!a)\n;", "!1");
	check("if (!!a)\n;", "1");
	check("if (!(a ||\n!b))\n;", "!or(1 !2)");
	check("if (!a->b[c].d(e, f))\n;", "!1");
	check("if (!a == b)\n;", "1");
	check("if (!(a) &&\nb)\n;", "and(!1 2)");
	check("if (((a)))\n;", "1");
	check("if (likely(!a) &&\nunlikely(b ||\nc))\n;", "and(!1 or(2 3))");
	check("if ((a) && (b))\n;", "and(1 1)");
}

static void test_places(void **state)
{
	(void)state;
	check("do\n;\nwhile (a ||\nb);", "or(3 4)");
	check("for (i = 0 ?: 1;\na &&\nb;\ni++)\n;", "and(2 3)");
	check("switch (a)\ndefault:\n;", "1");
	check("return a &&\nb;", "and(1 2)");
	check("a = b ?\nc :\nd;", "?(1 2 3)");
	check("int a = b &&\nc, d, e = f ?: g;", "and(1 2),?(2  2)");
	check("a(b ||\nc, d, e &&\nf);", "or(1 2),and(2 3)");
	check("a(b, c(d &&\ne));", "and(1 2)");
	check("struct s a = {\n.b = c &&\nd };", "and(2 3)");
	check("if (a &&\nb(c ||\nd))\n;", "and(1 2(or(2 3)))");
	check("a = b;", "");
	/* Inside of statements that are not in the tree. */
	check("a(({ b && c; }));", "");
	check("a(b, { c ? d : e; });", "");
	check("a = sizeof(b ? c : d);", "");
	check("a = &&out;\nout:", "");
}

static enum source_config config(void *data, const char *name, size_t length, int64_t *value)
{
	(void)data;
	(void)value;
	if (length != strlen("CONFIG_A"))
		return SOURCE_CONFIG_UNKNOWN;
	return name[7] == 'A' ? SOURCE_CONFIG_YES : SOURCE_CONFIG_NO;
}

static void test_flags(void **state)
{
	static const struct {
		const char *condition;
		uint32_t flags;
	} rows[] = {
		{ "a", 0 },
		{ "0", SOURCE_CONSTANT | SOURCE_FALSE },
		{ "true", SOURCE_CONSTANT | SOURCE_TRUE },
		{ "false", SOURCE_CONSTANT | SOURCE_FALSE },
		{ "0x10UL", SOURCE_CONSTANT | SOURCE_TRUE },
		{ "1.5", SOURCE_CONSTANT },
		{ "!(1)", SOURCE_CONSTANT | SOURCE_TRUE },
		{ "IS_ENABLED(CONFIG_A)", SOURCE_CONSTANT | SOURCE_TRUE },
		{ "IS_ENABLED(CONFIG_B)", SOURCE_CONSTANT | SOURCE_FALSE },
		{ "IS_ENABLED(CONFIG_UNKNOWN)", SOURCE_CONSTANT },
		{ "IS_ENABLED(CONFIG_A) == a", 0 },
		{ "a(b)", SOURCE_CALLS },
		{ "(a = b)", SOURCE_STORES },
		{ "(a = b(c)) < 0", SOURCE_STORES | SOURCE_CALLS },
		{ "a++ && b()", SOURCE_STORES | SOURCE_CALLS | SOURCE_CONDITIONAL },
		{ "({ a; })", SOURCE_NESTED },
	};

	struct source_options options = { .config = config };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;

		strbuf_addf(&text, "int f(void) { if (%s) ; }\n", rows[i].condition);
		_cleanup_(cleanup_source_file) struct source_file *file =
			parse(strbuf_str(&text), &options);
		assert_int_equal(file->conditions[file->statements[1].condition].flags,
				 rows[i].flags);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_negation),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_flags),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
