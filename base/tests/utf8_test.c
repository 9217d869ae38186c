// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/utf8.h"

/* Each text with its bad characters replaced by '?'. */
static const struct {
	const char *given, *masked;
} rows[] = {
	{ "", "" },
	{ "plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7",
	  "plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7" },
	{ "\x1b[31m\n\t\r\x7f", "?[31m????" },
	{ "C1 \xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0", "C1 ???\xc2\xa0" },
	{ "raw \x9b\xff\x80", "raw ???" },
	{ "bidi \xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9",
	  "bidi ???????" },
	{ "lines \xe2\x80\xa8\xe2\x80\xa9", "lines ??" },
	{ "zero width \xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf",
	  "zero width ?????" },
	{ "format \xc2\xad\xe1\xa0\x8e\xe2\x81\xa4\xe2\x81\xaa\xe2\x81\xaf\xef\xbf\xb9",
	  "format ??????" },
	{ "tags \xf3\xa0\x80\x81\xf3\xa0\x80\xa0\xf3\xa0\x81\xbf", "tags ???" },
	{ "ignorable \xcd\x8f\xe3\x85\xa4\xef\xb8\x8f\xe2\x81\xa5\xf3\xa0\x84\x80",
	  "ignorable ?????" },
	{ "beside \xe2\x80\x8a\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\x9f\xe2\x81\xb0",
	  "beside \xe2\x80\x8a\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\x9f\xe2\x81\xb0" },
	{ "beside \xc2\xac\xc2\xae\xef\xbb\xbe\xef\xbf\xbc\xf3\x9f\xbf\xbd\xf3\xa1\x80\x80",
	  "beside \xc2\xac\xc2\xae\xef\xbb\xbe\xef\xbf\xbc\xf3\x9f\xbf\xbd\xf3\xa1\x80\x80" },
	/* Overlong, a surrogate, above U+10FFFF, and characters that end too early. */
	{ "\xc0\x9b\xe0\x82\x9b", "?????" },
	{ "\xed\xa0\x80\xf4\x90\x80\x80", "???????" },
	{ "\xe2\x80", "??" },
	{ "\xe2\x80x\xc2", "??x?" },
};

static void test_masked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_free_ char *text = strdup(rows[i].given);

		string_mask_controls(text);
		assert_string_equal(text, rows[i].masked);
	}
}

/* The same with write_masked(), which may not read past the end that it is given. */
static void test_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t len = strlen(rows[i].given), size;
		_cleanup_free_ char *text = malloc(len + 1), *written = NULL;
		FILE *out = open_memstream(&written, &size);

		memcpy(text, rows[i].given, len);
		text = realloc(text, len ? len : 1);
		write_masked(text, len, "", out);
		fclose(out);
		assert_string_equal(written, rows[i].masked);
	}
}

static void test_kept(void **state)
{
	_cleanup_free_ char *written = NULL;
	size_t size;
	FILE *out = open_memstream(&written, &size);

	(void)state;
	write_masked("a\tb\0\x01", 5, "\t", out);
	fclose(out);
	assert_string_equal(written, "a\tb??");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masked),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_kept),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
