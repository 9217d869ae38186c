// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Without arguments, a suite: every format gives the same bytes each time. With
 * `ROOT OUT [SOURCES [VIEW]]`: create the sources of the fixture below ROOT, unless
 * SOURCES is "none", and write every format to the directory OUT, for the scripts
 * next to this file. VIEW is "touched" or "relative".
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/outfile.h"
#include "render/formats.h"
#include "render/path_map.h"
#include "render/tests/fixture.h"
#include "render/view.h"

static const struct render_options options = { .test_name = "./test --all",
					       .generator = "test 1",
					       .time = 1700000000 };

static void check(struct error *err)
{
	if (!err)
		return;
	char *text = error_format(err);
	fprintf(stderr, "%s\n", text);
	exit(1);
}

static struct view *make_view_as(const struct coverage *coverage,
				 const struct view_options *view_options)
{
	struct view *view;

	check(view_create(coverage, view_options, &view));
	return view;
}

static struct view *make_view(const struct coverage *coverage)
{
	return make_view_as(coverage, &(struct view_options){ 0 });
}

static void test_same_bytes(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, "/nonexistent/linux");
	for (const struct renderer *const *r = renderers; *r; r++) {
		char *text[2];

		for (int i = 0; i < 2; i++) {
			struct view *view = make_view(&fixture.coverage);

			text[i] = fixture_render(*r, view, &options);
			view_destroy(view);
		}
		assert_string_equal(text[0], text[1]);
		free(text[0]);
		free(text[1]);
	}
	fixture_deinit(&fixture);
}

/*
 * A view of a view is equal to it: bringing lines and functions into agreement
 * twice changes nothing.
 */
static void test_view_is_idempotent(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, "/nonexistent/linux");
	struct view *once = make_view(&fixture.coverage);
	struct view *twice = make_view(&once->coverage);
	assert_int_equal(once->coverage.lines.hit, twice->coverage.lines.hit);
	assert_int_equal(once->coverage.lines.found, twice->coverage.lines.found);
	assert_int_equal(once->coverage.functions.hit, twice->coverage.functions.hit);
	assert_int_equal(once->coverage.functions.found, twice->coverage.functions.found);
	view_destroy(twice);
	view_destroy(once);
	fixture_deinit(&fixture);
}

static void write_source(const char *path)
{
	_cleanup_free_ char *directory = strdup(path);
	_cleanup_outfile_ struct outfile *out = NULL;

	*strrchr(directory, '/') = '\0';
	check(make_directories(directory));
	check(outfile_create(path, &out));
	/* The last line has no newline, as in some headers. */
	for (int i = 1; i <= FIXTURE_SOURCE_LINES; i++)
		fprintf(outfile_stream(out), "/* line %d */%s", i,
			i < FIXTURE_SOURCE_LINES ? "\n" : "");
	check(outfile_commit(out));
}

static int write_all_formats(const char *root, const char *directory, bool sources, const char *how)
{
	const struct view_options view_options = {
		.touched = !strcmp(how, "touched"),
		.relative = !strcmp(how, "relative") ? root : NULL,
	};
	_cleanup_sink_ struct sink *sink = NULL;
	struct fixture fixture;

	fixture_init(&fixture, root);
	for (size_t i = 0; sources && i < fixture.coverage.nr_files; i++)
		write_source(fixture.files[i].path);
	check(make_directories(directory));
	struct view *view = make_view_as(&fixture.coverage, &view_options);
	check(sink_create(directory, &sink));
	for (const struct renderer *const *r = renderers; *r; r++)
		check((*r)->render(view, &options, sink));
	check(sink_commit(sink));
	view_destroy(view);
	fixture_deinit(&fixture);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_view_is_idempotent),
	};

	if (argc >= 3)
		return write_all_formats(argv[1], argv[2], argc < 4 || strcmp(argv[3], "none"),
					 argc < 5 ? "" : argv[4]);
	return cmocka_run_group_tests_name("fixture", tests, NULL, NULL);
}
