// SPDX-License-Identifier: GPL-2.0-or-later
/* Views of real files: missing, unreadable and short sources; maps and filters together. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "render/source_file.h"
#include "render/tests/view_fixture.h"

static void test_source_length(void **state)
{
	static const struct {
		const char *content;
		uint64_t lines;
	} rows[] = { { "", 0 },	   { "\n", 1 },	  { "a", 1 },
		     { "a\n", 1 }, { "a\nb", 2 }, { "\n\n\n", 3 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_free_ char *path = make_file("/length.c", rows[i].content);
		struct source_facts source;

		assert_null(source_file_read(path, &(struct source_md5){ 0 }, &source));
		assert_int_equal(source.nr_lines, rows[i].lines);
	}
}

static void assert_no_length(const char *path, enum error_code code)
{
	struct source_facts source = { .nr_lines = 99 };
	struct error *err = source_file_read(path, &(struct source_md5){ 0 }, &source);

	assert_non_null(err);
	assert_int_equal(err->code, code);
	assert_int_equal(source.nr_lines, 99);
	error_destroy(err);
}

static void test_no_source_length(void **state)
{
	_cleanup_free_ char *fifo = fixture_path(directory, "/fifo");
	_cleanup_free_ char *loop = fixture_path(directory, "/loop");

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(symlink("loop", loop), 0);
	assert_no_length("/nonexistent/a.c", ERROR_NOT_FOUND);
	assert_no_length("/dev/null/a.c", ERROR_NOT_FOUND);
	assert_no_length(directory, ERROR_FORMAT);
	assert_no_length(fifo, ERROR_FORMAT);
	assert_no_length("/dev/null", ERROR_FORMAT);
	assert_no_length(loop, ERROR_SYSTEM);
}

static void test_sources(void **state)
{
	_cleanup_free_ char *whole = make_file("/s/whole.c", "1\n2\n3\n");
	_cleanup_free_ char *cut = make_file("/s/cut.c", "1\n2");
	_cleanup_free_ char *empty = make_file("/s/empty.c", "");
	_cleanup_free_ char *missing = fixture_path(directory, "/s/missing.c");
	_cleanup_free_ char *unreadable = fixture_path(directory, "/s/unreadable.c");
	struct coverage_line lines[] = { LINE(1, 1, 1, 1), LINE(2, 0, 0, 1), LINE(3, 1, 1, 1) };
	struct coverage_file files[] = {
		{ .path = cut, .lines = lines, .nr_lines = 3 },
		{ .path = empty, .lines = lines, .nr_lines = 3 },
		{ .path = missing, .lines = lines, .nr_lines = 3 },
		{ .path = unreadable, .lines = lines, .nr_lines = 3 },
		{ .path = whole, .lines = lines, .nr_lines = 3 },
	};
	struct coverage coverage = { .files = files, .nr_files = 5 };

	(void)state;
	/* root can read every file, so a directory stands for an unreadable one. */
	assert_int_equal(mkdir(unreadable, 0700), 0);
	struct view *view = make_view(&coverage, NULL, NULL, NULL);
	assert_int_equal(view->missing.nr, 1);
	assert_string_equal(view->missing.first, missing);
	assert_int_equal(view->unreadable.nr, 1);
	assert_string_equal(view->unreadable.first, unreadable);
	assert_int_equal(view->too_short.nr, 2);
	assert_string_equal(view->too_short.first, cut);
	assert_int_equal(view->lines_beyond, 4);
	/* The empty source has no lines left and is not in the view. */
	assert_int_equal(view->coverage.nr_files, 4);
	assert_int_equal(view->coverage.lines.found, 11);
	assert_int_equal(view->coverage.lines.hit, 7);
	view_destroy(view);
}

/* The only short source has no lines left: its path is in no file of the view. */
static void test_emptied_source(void **state)
{
	_cleanup_free_ char *empty = make_file("/s/emptied.c", "");
	struct coverage_line lines[] = { LINE(1, 1, 1, 1) };
	struct coverage_file files[] = { { .path = empty, .lines = lines, .nr_lines = 1 } };
	struct coverage coverage = { .files = files, .nr_files = 1 };

	(void)state;
	struct view *view = make_view(&coverage, NULL, NULL, NULL);
	assert_int_equal(view->coverage.nr_files, 0);
	assert_int_equal(view->too_short.nr, 1);
	assert_string_equal(view->too_short.first, empty);
	view_destroy(view);
}

static void set_time(const char *path, time_t seconds, long ns)
{
	const struct timespec times[] = { { seconds, ns }, { seconds, ns } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* A source counts as newer if it was written after all images, by a nanosecond. */
static void test_newer_source(void **state)
{
	_cleanup_free_ char *a = make_file("/t/a.c", "1\n"), *b = make_file("/t/b.c", "1\n"),
			    *c = make_file("/t/c.c", "1\n"), *vmlinux = make_file("/t/vmlinux", ""),
			    *ko = make_file("/t/m.ko", "");
	struct coverage_line lines[] = { LINE(1, 1, 1, 1) };
	struct coverage_file files[] = {
		{ .path = a, .lines = lines, .nr_lines = 1 },
		{ .path = b, .lines = lines, .nr_lines = 1 },
		{ .path = c, .lines = lines, .nr_lines = 1 },
	};
	struct coverage_image images[] = { { .name = "vmlinux", .path = vmlinux },
					   { .name = "m", .path = ko },
					   { .name = "gone", .path = "/nonexistent/gone.ko" } };
	struct coverage coverage = { .files = files, .nr_files = 3 };

	(void)state;
	set_time(vmlinux, 1000, 0);
	set_time(ko, 2000, 5);
	set_time(a, 1500, 0);
	set_time(b, 2000, 6);
	set_time(c, 2000, 5);
	struct view *view = make_view(&coverage, NULL, NULL, NULL);
	assert_int_equal(view->newer.nr, 0);
	view_destroy(view);
	coverage.images = images;
	coverage.nr_images = 3;
	view = make_view(&coverage, NULL, NULL, NULL);
	assert_int_equal(view->newer.nr, 1);
	assert_string_equal(view->newer.first, b);
	view_destroy(view);
}

/* The MD5 of "1\n". */
#define MD5_OF_1                                                                                   \
	{                                                                                          \
		0xb0, 0x26, 0x32, 0x4c, 0x69, 0x04, 0xb2, 0xa9, 0xcb, 0x4b, 0x88, 0xd6, 0xd6,      \
			0x1c, 0x81, 0xd1                                                           \
	}

/* Where debug info has the MD5 of a source, its age says nothing. */
static void test_changed_source(void **state)
{
	_cleanup_free_ char *same = make_file("/m/same.c", "1\n"),
			    *other = make_file("/m/other.c", "2\n"),
			    *several = make_file("/m/several.c", "1\n"),
			    *unknown = make_file("/m/unknown.c", "1\n"),
			    *vmlinux = make_file("/m/vmlinux", "");
	struct coverage_line lines[] = { LINE(1, 1, 1, 1) };
	const struct source_md5 one = { SOURCE_MD5_ONE, MD5_OF_1 };
	struct coverage_file files[] = {
		{ .path = other, .md5 = one, .lines = lines, .nr_lines = 1 },
		{ .path = same, .md5 = one, .lines = lines, .nr_lines = 1 },
		{ .path = several, .md5 = { SOURCE_MD5_SEVERAL }, .lines = lines, .nr_lines = 1 },
		{ .path = unknown, .lines = lines, .nr_lines = 1 },
	};
	struct coverage_image images[] = { { .name = "vmlinux", .path = vmlinux } };
	struct coverage coverage = { .files = files, .nr_files = 4, images, 1 };

	(void)state;
	set_time(vmlinux, 1000, 0);
	set_time(other, 500, 0);
	struct view *view = make_view(&coverage, NULL, NULL, NULL);
	assert_int_equal(view->changed.nr, 2);
	assert_string_equal(view->changed.first, other);
	assert_int_equal(view->newer.nr, 1);
	assert_string_equal(view->newer.first, unknown);
	assert_int_equal(view->coverage.files[0].md5.state, SOURCE_MD5_ONE);
	view_destroy(view);
}

/* Two files of the coverage that are mapped to one path have to be what is there, both. */
static void test_joined_md5(void **state)
{
	static const struct {
		struct source_md5 a, b;
		uint64_t changed;
	} rows[] = {
		{ { SOURCE_MD5_ONE, MD5_OF_1 }, { SOURCE_MD5_ONE, MD5_OF_1 }, 0 },
		{ { SOURCE_MD5_ONE, MD5_OF_1 }, { SOURCE_MD5_NONE, { 0 } }, 0 },
		{ { SOURCE_MD5_NONE, { 0 } }, { SOURCE_MD5_ONE, MD5_OF_1 }, 0 },
		{ { SOURCE_MD5_ONE, MD5_OF_1 }, { SOURCE_MD5_ONE, { 1 } }, 1 },
		{ { SOURCE_MD5_ONE, { 1 } }, { SOURCE_MD5_ONE, MD5_OF_1 }, 1 },
		{ { SOURCE_MD5_SEVERAL, MD5_OF_1 }, { SOURCE_MD5_ONE, MD5_OF_1 }, 1 },
		{ { SOURCE_MD5_ONE, MD5_OF_1 }, { SOURCE_MD5_SEVERAL, { 0 } }, 1 },
		{ { 77, { 1 } }, { 77, { 1 } }, 0 },
	};
	_cleanup_free_ char *path = make_file("/j/a.c", "1\n");
	struct coverage_line lines[] = { LINE(1, 1, 1, 1), LINE(2, 1, 1, 1) };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct coverage_file files[] = {
			{ .path = path, .md5 = rows[i].a, .lines = lines, .nr_lines = 2 },
			{ .path = path, .md5 = rows[i].b, .lines = lines, .nr_lines = 2 },
		};
		struct coverage coverage = { .files = files, .nr_files = 2 };
		struct filter all = { 0 };

		assert_null(filter_add(&all, "*", false));
		struct view *view = make_view(&coverage, NULL, NULL, &all);
		if (view->changed.nr != rows[i].changed)
			fail_msg("row %zu: %" PRIu64 " changed", i, view->changed.nr);
		/* Each line counts once. */
		assert_int_equal(view->lines_beyond, 1);
		view_destroy(view);
		filter_deinit(&all);
	}
}

static void test_map_and_filter(void **state)
{
	struct fixture fixture;
	struct filter filter = { VECTOR_INIT };

	(void)state;
	fixture_init(&fixture, "/nonexistent/linux");
	for (size_t i = 0; i < fixture.coverage.nr_files; i++) {
		fixture.coverage.files[i].refined.files[COVERAGE_SOURCE_MISSING] = 1;
		fixture.coverage.files[i].refined.changed = 10;
		coverage_refined_add(&fixture.coverage.refined, &fixture.coverage.files[i].refined);
	}
	assert_null(filter_add(&filter, "kernel/*", false));
	assert_null(filter_add(&filter, "*/sys.c", true));
	struct view *view = make_view(&fixture.coverage, directory, NULL, &filter);
	_cleanup_free_ char *path = fixture_path(directory, "/kernel/exit.c");
	assert_string_equal(view->root, directory);
	assert_int_equal(view->coverage.nr_files, 2);
	assert_string_equal(view->coverage.files[0].path, path);
	assert_int_equal(view->nr_files_left, 4);
	assert_int_equal(view->missing.nr, 2);
	/* The points are those of the files that were kept. */
	assert_int_equal(view->coverage.points.found, 12);
	assert_int_equal(view->coverage.points.hit, 7);
	assert_int_equal(view->coverage.functions.found, 7);
	/* And so is what the statements corrected. */
	assert_int_equal(view->coverage.refined.files[COVERAGE_SOURCE_MISSING], 2);
	assert_int_equal(view->coverage.refined.changed, 20);
	assert_false(view->unmapped);
	view_destroy(view);
	filter_deinit(&filter);

	view = make_view(&fixture.coverage, NULL, "/elsewhere", NULL);
	assert_true(view->unmapped);
	assert_int_equal(view->coverage.points.found, 30);
	view_destroy(view);
	fixture_deinit(&fixture);
}

/* Two paths of the compiler may be one file on this machine. */
static void test_maps_to_one(void **state)
{
	struct coverage_line a[] = { LINE(1, 1, 1, 1) },
			     b[] = { LINE(1, 2, 1, 2), LINE(2, 5, 1, 1) };
	struct coverage_file files[] = {
		{ .path = "/a/x.c", .lines = a, .nr_lines = 1, .point_ratio = { 1, 1 } },
		{ .path = "/build/a/x.c", .lines = b, .nr_lines = 2, .point_ratio = { 1, 2 } },
		{ .path = "/build/b.c", .lines = b, .nr_lines = 2, .point_ratio = { 1, 2 } },
	};
	struct coverage coverage = { .files = files, .nr_files = 3 };

	(void)state;
	struct view *view = make_view(&coverage, NULL, "/build", NULL);
	assert_int_equal(view->coverage.nr_files, 2);
	assert_string_equal(view->coverage.files[0].path, "/a/x.c");
	assert_int_equal(view->coverage.files[0].nr_lines, 2);
	assert_int_equal(view->coverage.files[0].lines[0].state, COVERAGE_LINE_PARTIAL);
	assert_int_equal(view->coverage.files[0].lines[0].count, 3);
	assert_int_equal(view->coverage.files[0].point_ratio.found, 3);
	assert_string_equal(view->coverage.files[1].path, "/b.c");
	view_destroy(view);
}

/* Files without a hit stay in the view and its totals; they are only not written. */
static void test_touched(void **state)
{
	struct coverage_function entered[] = { FUNCTION("f", 3, 2, 1, 1, true) };
	struct coverage_line hit[] = { LINE(1, 1, 1, 1), LINE(2, 0, 0, 1) },
			     missed[] = { LINE(1, 0, 0, 1) };
	struct coverage_file files[] = {
		{ .path = "/n/function.c", .functions = entered, .nr_functions = 1 },
		{ .path = "/n/hit.c", .lines = hit, .nr_lines = 2 },
		{ .path = "/n/missed.c", .lines = missed, .nr_lines = 1 },
		{ .path = "/n/point.c", .lines = missed, .nr_lines = 1, .point_ratio = { 1, 1 } },
	};
	struct coverage coverage = { .files = files, .nr_files = 4 };
	struct view *view;

	(void)state;
	assert_null(view_create(&coverage, &(struct view_options){ .touched = true }, &view));
	assert_int_equal(view->coverage.nr_files, 4);
	assert_int_equal(view->coverage.lines.found, 5);
	assert_true(view_writes(view, &view->coverage.files[0]));
	assert_true(view_writes(view, &view->coverage.files[1]));
	assert_false(view_writes(view, &view->coverage.files[2]));
	assert_false(view_writes(view, &view->coverage.files[3]));
	assert_int_equal(view->written.nr_files, 2);
	assert_int_equal(view->written.lines.hit, 2);
	assert_int_equal(view->written.lines.found, 3);
	assert_int_equal(view->written.functions.found, 1);
	view_destroy(view);

	view = make_view(&coverage, NULL, NULL, NULL);
	assert_int_equal(view->written.nr_files, 4);
	assert_int_equal(view->written.lines.found, 5);
	view_destroy(view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_source_length),  cmocka_unit_test(test_no_source_length),
		cmocka_unit_test(test_sources),	       cmocka_unit_test(test_emptied_source),
		cmocka_unit_test(test_map_and_filter), cmocka_unit_test(test_newer_source),
		cmocka_unit_test(test_changed_source), cmocka_unit_test(test_joined_md5),
		cmocka_unit_test(test_maps_to_one),    cmocka_unit_test(test_touched),
	};

	return cmocka_run_group_tests_name("view", tests, make_directory, remove_directory);
}
