// SPDX-License-Identifier: GPL-2.0-or-later
/* Names that would be markup, formulas or control characters, in XML, CSV and Markdown. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "render/escape.h"

static const struct {
	const char *text, *xml, *csv, *markdown;
} rows[] = {
	{ "", "", "", "" },
	{ "do_open", "do_open", "do_open", "`do_open`" },
	{ "r\xc3\xa9", "r\xc3\xa9", "r\xc3\xa9", "`r\xc3\xa9`" },
	{ "a&b<c>\"d'", "a&amp;b&lt;c&gt;&quot;d'", "\"a&b<c>\"\"d'\"", "`a&b<c>\"d'`" },
	{ "a\x1b[31m\xff\n\t", "a?[31m???", "a?[31m???", "`a?[31m???`" },
	/* Not in XML: U+FFFE. */
	{ "\xef\xbf\xbe", "?", "\xef\xbf\xbe", "`\xef\xbf\xbe`" },
	{ "=1+1", "=1+1", "'=1+1", "`=1+1`" },
	{ "+1", "+1", "'+1", "`+1`" },
	{ "-1,2", "-1,2", "\"'-1,2\"", "`-1,2`" },
	{ "@sum", "@sum", "'@sum", "`@sum`" },
	{ "a=1", "a=1", "a=1", "`a=1`" },
	{ "a,b", "a,b", "\"a,b\"", "`a,b`" },
	{ "*_[](){}#!~:\\", "*_[](){}#!~:\\", "*_[](){}#!~:\\", "`*_[](){}#!~:\\`" },
	{ "|a``b\\|", "|a``b\\|", "|a``b\\|", "&#124;`a`&#96;&#96;`b\\`&#124;" },
	{ "`", "`", "`", "&#96;" },
	{ "#1 a/b#2", "#1 a/b#2", "#1 a/b#2", "`#1 a/b#2`" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_strbuf_ struct strbuf xml = STRBUF_INIT, csv = STRBUF_INIT;
		_cleanup_strbuf_ struct strbuf markdown = STRBUF_INIT;

		escape_xml(rows[i].text, &xml);
		assert_string_equal(strbuf_str(&xml), rows[i].xml);
		escape_csv(rows[i].text, &csv);
		assert_string_equal(strbuf_str(&csv), rows[i].csv);
		escape_markdown(rows[i].text, &markdown);
		assert_string_equal(strbuf_str(&markdown), rows[i].markdown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
