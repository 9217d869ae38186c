// SPDX-License-Identifier: GPL-2.0-or-later
/* How a diff with states is written: columns, markup and text of others. */
#include "base/tests/assert.h"

#include "render/patch.h"

/* A path of 100 letters that is one word, and a text that tabs and wide letters make long. */
#define PATH_10 "a/b_c`d<e>"
#define PATH	PATH_10 PATH_10 PATH_10 PATH_10 PATH_10 PATH_10 PATH_10 PATH_10 PATH_10 PATH_10
#define LONG                                                                                       \
	"\t\tif (\303\251\303\251\303\251\033[2J) return 1; /* one two three four five six seven " \
	"eight nine ten */"

static const char text[] = "diff --git a/" PATH " b/" PATH "\n--- a/" PATH "\n+++ b/" PATH "\n"
			   "@@ -1,2 +1,5 @@\n before\n+" LONG "\n+hit\n+built\n+built too\n-gone\n";

struct fixture {
	struct diff *diff;
	struct patch patch;
};

static void fixture_init(struct fixture *f)
{
	static const struct coverage_condition condition = { .if_true = 3 };
	static const struct coverage_line missed = { .line = 2, .state = COVERAGE_LINE_MISSED };
	static const struct coverage_line hit = {
		.line = 3, .state = COVERAGE_LINE_HIT, .count = 3, .condition = &condition
	};
	static const struct patch_line lines[] = {
		{ 0 },
		{ PATCH_MISSED, &missed, NULL, NULL },
		{ PATCH_HIT, &hit, NULL, NULL },
		{ PATCH_NOT_BUILT, NULL, "CONFIG_A is not set", "CONFIG_A" },
		{ PATCH_NOT_BUILT, NULL, "CONFIG_A is not set", "CONFIG_A" },
		{ 0 },
	};

	*f = (struct fixture){ 0 };
	assert_ok(diff_parse(text, sizeof(text) - 1, &f->diff));
	assert_int_equal(f->diff->nr_files, 1);
	assert_int_equal(f->diff->files[0].nr_lines, 6);
	f->patch.files = calloc(1, sizeof(*f->patch.files));
	f->patch.nr_files = 1;
	f->patch.counts = (struct patch_counts){ { 1, 0, 1, 0, 0, 2 } };
	f->patch.files[0] = (struct patch_file){ .diff = f->diff->files,
						 .path = f->diff->files[0].path,
						 .counts = f->patch.counts };
	f->patch.files[0].lines = calloc(6, sizeof(lines[0]));
	memcpy(f->patch.files[0].lines, lines, sizeof(lines));
}

static void fixture_deinit(struct fixture *f)
{
	patch_deinit(&f->patch);
	diff_destroy(f->diff);
}

static struct error *render_plain(const struct patch *patch, FILE *out)
{
	return patch_render_text(patch, false, out);
}

static char *render(struct error *(*write)(const struct patch *patch, FILE *out))
{
	struct fixture f;
	char *written = NULL;
	size_t size;
	FILE *out = open_memstream(&written, &size);

	fixture_init(&f);
	assert_non_null(out);
	assert_ok(write(&f.patch, out));
	assert_int_equal(fclose(out), 0);
	fixture_deinit(&f);
	assert_null(strchr(written, '\033'));
	return written;
}

#define SUMMARY "4 changed lines: 2 with code, 1 hit, 0 partial, 1 missed; 2 not built: CONFIG_A\n"

static void test_text(void **state)
{
	_cleanup_free_ char *written = render(render_plain);

	(void)state;
	assert_non_null(strstr(written, PATH "\n@@ 1 @@\n                  1    |  before\n"));
	assert_non_null(strstr(written, "         0 -      2    | +\t\tif ("));
	assert_non_null(strstr(written,
			       "         3 +      3 T- | +hit\n           x      4    | +built\n"));
	assert_non_null(strstr(
		written, "                       | -gone\n  4-5: not built: CONFIG_A is not set\n"
			 "  3: the condition was never false\n\n" SUMMARY));
}

static void test_mail(void **state)
{
	_cleanup_free_ char *written = render(patch_render_mail);

	(void)state;
	for (const char *line = written; *line; line += strcspn(line, "\n") + 1) {
		size_t columns = 0;

		for (const char *c = line; *c != '\n'; c++)
			columns += (*c & 0xc0) != 0x80;
		assert_in_range(columns, 0, 72);
	}
	assert_non_null(strstr(written, "missed; 2 not built:\nCONFIG_A\n\na/b_c`d<e>"));
	assert_non_null(
		strstr(written,
		       "\n> +                if (\303\251\303\251\303\251?[2J) return 1; /* one"));
	assert_non_null(strstr(written, "not built:"));
	assert_null(strstr(written, "before"));
}

static void test_markdown(void **state)
{
	_cleanup_free_ char *written = render(patch_render_markdown);

	(void)state;
	assert_ptr_equal(strstr(written, SUMMARY), written);
	assert_non_null(strstr(written, "\n| `a/b_c`&#96;`d<e>a/b"));
	assert_non_null(strstr(written, " | 4 | 50.0 | 1 | 0 | 1 | 0 | 0 | 2 |\n"));
	assert_non_null(strstr(
		written, "         4 | built\n           ^ not built: CONFIG_A is not set\n"));
}

static void test_json(void **state)
{
	_cleanup_free_ char *written = render(patch_render_json);

	(void)state;
	assert_non_null(strstr(written, "{\"line\":3,\"state\":\"hit\",\"count\":3,"
					"\"condition\":{\"true\":3,\"false\":0}}"));
	assert_non_null(strstr(written, "{\"line\":4,\"state\":\"not-built\",\"why\":"
					"\"CONFIG_A is not set\",\"option\":\"CONFIG_A\"}"));
	assert_non_null(strstr(
		written, "\n\"totals\": {\"changed\":4,\"with-code\":2,\"hit\":1,\"partial\":0,"
			 "\"missed\":1,\"no-code\":0,\"not-instrumented\":0,\"not-built\":2,"
			 "\"unknown\":0}}\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_mail),
		cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_json),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
