// SPDX-License-Identifier: GPL-2.0-or-later
/* Mapping of source paths, and finding the source root. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "render/path_map.h"

static void test_normalise(void **state)
{
	static const char *const rows[][2] = {
		{ "/a/b.c", "/a/b.c" },
		{ "/a//b/./c/../d.c", "/a/b/d.c" },
		{ "/../../x", "/x" },
		{ "", "/" },
		{ "a/b.c", "/a/b.c" },
		{ "../a", "/a" },
		{ "/a/..", "/" },
		{ "/a/", "/a" },
		{ "/...a/..b", "/...a/..b" },
		{ "/a/b/../../c", "/c" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_free_ char *path = NULL;

		assert_null(path_absolute(rows[i][0], &path));
		assert_string_equal(path, rows[i][1]);
	}
}

static void test_inside(void **state)
{
	(void)state;
	assert_string_equal(path_inside("/src/linux/fs/open.c", "/src/linux"), "fs/open.c");
	assert_string_equal(path_inside("/src/linux/fs/open.c", "/src/linux/"), "fs/open.c");
	assert_string_equal(path_inside("/fs/open.c", "/"), "fs/open.c");
	assert_null(path_inside("/src/linux-6.12/fs/open.c", "/src/linux"));
	assert_null(path_inside("/src", "/src/linux"));
}

#define MAX_PATHS 8

static struct path_map *make_map(const char *const *paths, const char *source, const char *strip)
{
	struct coverage_file files[MAX_PATHS];
	struct coverage coverage = { .files = files };
	struct path_map *map;

	for (; paths[coverage.nr_files]; coverage.nr_files++)
		files[coverage.nr_files] =
			(struct coverage_file){ .path = paths[coverage.nr_files] };
	assert_null(path_map_create(&coverage, &(struct path_map_options){ source, strip }, &map));
	return map;
}

static void assert_maps(const struct path_map *map, const char *path, const char *expected)
{
	_cleanup_free_ char *mapped = NULL;

	assert_null(path_map_apply(map, path, &mapped));
	assert_string_equal(mapped, expected);
}

/*
 * The build directory has more files than the source tree, so counting files would
 * find the wrong root.
 */
static const char *const kernel[] = { "/b/include/generated/a.h", "/b/include/generated/b.h",
				      "/s/linux/fs/open.c",	  "/s/linux/init/main.c",
				      "/s/linux/kernel/fork.c",	  "/s/linux/kernel/sys.c",
				      "/x/init/main.c",		  NULL };

static void test_source_root(void **state)
{
	static const char *const other[] = { "/tmp/t/a.c", "/tmp/t/deep/b.c", "/tmp/tt.c", NULL };
	static const char *const one[] = { "/tmp/t/a.c", NULL };
	static const char *const nothing_common[] = { "/a/a.c", "/b/b.c", NULL };
	static const char *const none[] = { NULL };
	static const struct {
		const char *const *paths;
		const char *root;
	} rows[] = { { kernel, "/s/linux" },
		     { other, "/tmp" },
		     { one, "/tmp/t" },
		     { nothing_common, NULL },
		     { none, NULL } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct path_map *map = make_map(rows[i].paths, NULL, NULL);

		if (rows[i].root)
			assert_string_equal(path_map_root(map), rows[i].root);
		else
			assert_null(path_map_root(map));
		path_map_destroy(map);
	}
}

static void test_maps(void **state)
{
	struct path_map *map;

	(void)state;
	map = make_map(kernel, NULL, NULL);
	assert_maps(map, "/s/linux/fs/./x/../open.c", "/s/linux/fs/open.c");
	path_map_destroy(map);

	map = make_map(kernel, "/usr/../usr", NULL);
	assert_maps(map, "/s/linux/fs/open.c", "/usr/fs/open.c");
	assert_maps(map, "/s/linux-6/fs/open.c", "/s/linux-6/fs/open.c");
	assert_maps(map, "/b/include/generated/a.h", "/b/include/generated/a.h");
	assert_string_equal(path_map_root(map), "/usr");
	path_map_destroy(map);

	map = make_map(kernel, NULL, "/s");
	assert_maps(map, "/s/linux/fs/open.c", "/linux/fs/open.c");
	assert_string_equal(path_map_root(map), "/linux");
	path_map_destroy(map);

	map = make_map(kernel, NULL, "/s/linux/");
	assert_maps(map, "/s/linux/fs/open.c", "/fs/open.c");
	assert_string_equal(path_map_root(map), "/");
	path_map_destroy(map);

	map = make_map(kernel, "/usr", "/b");
	assert_maps(map, "/b/include/generated/a.h", "/usr/include/generated/a.h");
	assert_maps(map, "/s/linux/fs/open.c", "/s/linux/fs/open.c");
	path_map_destroy(map);

	map = make_map(kernel, "/", NULL);
	assert_maps(map, "/s/linux/fs/open.c", "/fs/open.c");
	path_map_destroy(map);
}

static void assert_refused(const char *const *paths, const char *source, const char *strip,
			   enum error_code code, const char *text)
{
	struct coverage_file files[] = { { .path = paths[0] }, { .path = paths[1] } };
	struct coverage coverage = { .files = files, .nr_files = 2 };
	struct path_map *map = NULL;
	struct error *err =
		path_map_create(&coverage, &(struct path_map_options){ source, strip }, &map);

	assert_non_null(err);
	assert_int_equal(err->code, code);
	_cleanup_free_ char *message = error_format(err);
	assert_string_equal(message, text);
	assert_null(map);
	error_destroy(err);
}

static void test_refuses(void **state)
{
	static const char *const paths[] = { "/a/a.c", "/b/b.c" };

	(void)state;
	assert_refused(paths, "/usr", NULL, ERROR_INVALID,
		       "cannot tell the source root that '/usr' replaces (name it with --strip)");
	assert_refused(paths, NULL, "a", ERROR_INVALID,
		       "'a' is not an absolute path (--strip takes the beginning of a path as the "
		       "compiler "
		       "saw it)");
	assert_refused(paths, "/dev/null", "/a", ERROR_SYSTEM,
		       "cannot use source directory '/dev/null': Not a directory");
	assert_refused(paths, "/nonexistent", "/a", ERROR_SYSTEM,
		       "cannot use source directory '/nonexistent': No such file or directory");
}

/* Relative paths are below the tree that is given, or stood in. */
static void test_relative(void **state)
{
	static const char *const paths[] = { "fs/open.c", "init/main.c", "kernel/fork.c",
					     "../b/gen.h", NULL };
	static const char *const few[] = { "fs/a.c", "fs/b.c", NULL };
	static const char *const beside[] = { "../linux/fs/open.c", "../linux/init/main.c",
					      "../linux/kernel/fork.c", "gen.h", NULL };
	static const char *const mixed[] = { "/s/fs/open.c", "/s/init/main.c", "/s/kernel/fork.c",
					     "gen.h", NULL };
	char *here = get_current_dir_name();

	(void)state;
	assert_int_equal(chdir("/usr/lib"), 0);
	struct path_map *map = make_map(paths, NULL, NULL);
	assert_string_equal(path_map_root(map), "/usr/lib");
	assert_maps(map, "fs/open.c", "/usr/lib/fs/open.c");
	assert_maps(map, "../b/gen.h", "/usr/b/gen.h");
	assert_maps(map, "/x/y.h", "/x/y.h");
	path_map_destroy(map);
	map = make_map(paths, "/usr/share", NULL);
	assert_string_equal(path_map_root(map), "/usr/share");
	assert_maps(map, "./fs//open.c", "/usr/share/fs/open.c");
	path_map_destroy(map);
	map = make_map(few, "/usr/share/", NULL);
	assert_maps(map, "fs/a.c", "/usr/share/fs/a.c");
	path_map_destroy(map);
	map = make_map(few, "/", NULL);
	assert_maps(map, "fs/a.c", "/fs/a.c");
	path_map_destroy(map);
	map = make_map(beside, NULL, NULL);
	assert_string_equal(path_map_root(map), "/usr/linux");
	assert_maps(map, "../linux/fs/open.c", "/usr/linux/fs/open.c");
	assert_maps(map, "gen.h", "/usr/lib/gen.h");
	path_map_destroy(map);
	map = make_map(beside, "/usr/share", NULL);
	assert_string_equal(path_map_root(map), "/usr/share");
	assert_maps(map, "../linux/fs/open.c", "/usr/share/fs/open.c");
	path_map_destroy(map);
	map = make_map(mixed, "/usr/share", NULL);
	assert_maps(map, "/s/fs/open.c", "/usr/share/fs/open.c");
	assert_maps(map, "gen.h", "/usr/share/gen.h");
	path_map_destroy(map);
	map = make_map(mixed, NULL, "/s");
	assert_maps(map, "/s/fs/open.c", "/fs/open.c");
	assert_maps(map, "gen.h", "/usr/lib/gen.h");
	path_map_destroy(map);
	assert_int_equal(chdir(here), 0);
	free(here);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relative), cmocka_unit_test(test_normalise),
		cmocka_unit_test(test_inside),	 cmocka_unit_test(test_source_root),
		cmocka_unit_test(test_maps),	 cmocka_unit_test(test_refuses),
	};

	return cmocka_run_group_tests_name("path_map", tests, NULL, NULL);
}
