// SPDX-License-Identifier: GPL-2.0-or-later
/* Which sources a view reads, whatever debug info names. */
#include "render/tests/view_fixture.h"

#include <fcntl.h>
#include <pthread.h>

/* Replaces the directory of a source by a link that leads out of the tree, and back. */
static void *swap(void *arg)
{
	_cleanup_free_ char *inside = fixture_path(directory, "/race/tree/s");
	_cleanup_free_ char *link = fixture_path(directory, "/race/tree/link");

	while (!__atomic_load_n((bool *)arg, __ATOMIC_RELAXED))
		renameat2(AT_FDCWD, inside, AT_FDCWD, link, RENAME_EXCHANGE);
	return NULL;
}

static void test_swapped_directory(void **state)
{
	_cleanup_free_ char *inside = make_file("/race/tree/s/a.c", "inside\n");
	_cleanup_free_ char *other = make_file("/race/tree/b.c", "other\n");
	_cleanup_free_ char *link = fixture_path(directory, "/race/tree/link");
	struct coverage_line lines[] = { LINE(1, 1, 1, 1) };
	struct coverage_file files[] = {
		{ .path = other, .lines = lines, .nr_lines = 1 },
		{ .path = inside, .lines = lines, .nr_lines = 1 },
	};
	struct coverage coverage = { .files = files, .nr_files = 2 };
	struct view *view = make_view(&coverage, NULL, NULL, NULL);
	bool is_done = false;
	size_t nr_read = 0;
	pthread_t thread;

	(void)state;
	free(make_file("/race/outside/a.c", "outside\n"));
	assert_int_equal(symlink("../outside", link), 0);
	assert_int_equal(pthread_create(&thread, NULL, swap, &is_done), 0);
	for (int i = 0; i < 20000; i++) {
		_cleanup_free_ char *text = NULL;
		size_t size;
		struct error *err = view_read_source(view, &view->coverage.files[1], &text, &size);

		if (err)
			error_destroy(err);
		else if (strcmp(text, "inside\n"))
			fail_msg("read from outside: %s", text);
		else
			nr_read++;
	}
	__atomic_store_n(&is_done, true, __ATOMIC_RELAXED);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(nr_read);
	view_destroy(view);
}

/* What only debug info names is not opened: a short file outside keeps its lines. */
static void test_outside(void **state)
{
	_cleanup_free_ char *mod = make_file("/home/mod/mod.c", "1\n"),
			    *ko = make_file("/home/mod/mod.ko", ""),
			    *secret = make_file("/other/secret.c", "1\n"),
			    *gone = fixture_path(directory, "/other/gone.c"),
			    *tree = fixture_path(directory, "/tree");
	struct coverage_line lines[] = { LINE(1, 1, 1, 1), LINE(2, 1, 1, 1) };
	struct coverage_file files[] = {
		{ .path = mod, .lines = lines, .nr_lines = 2 },
		{ .path = gone, .lines = lines, .nr_lines = 2 },
		{ .path = secret, .lines = lines, .nr_lines = 2 },
		{ .path = "/build/linux/init/main.c", .lines = lines, .nr_lines = 2 },
		{ .path = "/build/linux/kernel/exit.c", .lines = lines, .nr_lines = 2 },
		{ .path = "/build/linux/kernel/fork.c", .lines = lines, .nr_lines = 2 },
	};
	struct coverage_image image = { .name = "mod", .path = ko };
	struct coverage coverage = {
		.files = files, .nr_files = 6, .images = &image, .nr_images = 1
	};
	_cleanup_(filter_deinit) struct filter filter = { 0 };

	(void)state;
	free(make_file("/tree/init/main.c", "1\n"));
	struct view *view = make_view(&coverage, tree, NULL, NULL);
	assert_int_equal(view->outside.nr, 1);
	assert_string_equal(view->outside.first, secret);
	assert_int_equal(view->missing.nr, 3);
	assert_int_equal(view->too_short.nr, 2);
	assert_int_equal(view->lines_beyond, 2);
	view_destroy(view);
	assert_null(filter_add(&filter, "*secret.c", false));
	view = make_view(&coverage, tree, NULL, &filter);
	assert_int_equal(view->outside.nr, 0);
	assert_int_equal(view->too_short.nr, 1);
	view_destroy(view);
	assert_null(view_create(&coverage, &(struct view_options){ .read_all = true }, &view));
	assert_int_equal(view->outside.nr, 0);
	assert_int_equal(view->too_short.nr, 2);
	view_destroy(view);
}

/* The directory of all files is taken for the source root, but not if it is one of the system. */
static void test_system_root(void **state)
{
	static const char *const paths[] = { "/etc/passwd", "/proc/version", "/dev/null" };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct coverage_line line = LINE(1, 1, 1, 1);
		struct coverage_file file = { (char *)paths[i], .lines = &line, .nr_lines = 1 };
		struct view *view = make_view(&(struct coverage){ .files = &file, .nr_files = 1 },
					      NULL, NULL, NULL);

		if (view->outside.nr != 1)
			fail_msg("%s", paths[i]);
		view_destroy(view);
	}
}

/* An image may name any directory as its tree: only what is named like a source is read there. */
static void test_secrets(void **state)
{
	static const struct {
		const char *path;
		bool is_read;
	} rows[] = {
		{ "/home/.ssh/id_rsa", false }, { "/home/.netrc", false },
		{ "/home/.c/config", false },	{ "/home/secret.c.txt", false },
		{ "/home/linux/x.c", true },	{ "/home/linux/x.h", true },
		{ "/home/linux/x.S", true },	{ "/home/linux/x.rs", true },
	};
	struct filter filter = { VECTOR_INIT };

	(void)state;
	assert_null(filter_add(&filter, "*id_rsa", false));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_free_ char *path = make_file(rows[i].path, "SECRET\n"), *text = NULL;
		struct coverage_line line = LINE(1, 1, 1, 1);
		struct coverage_file file = { path, .lines = &line, .nr_lines = 1 };
		struct coverage coverage = { .files = &file, .nr_files = 1 };
		struct view *view = make_view(&coverage, NULL, NULL, NULL);
		size_t size;

		_cleanup_error_ struct error *err =
			view_read_source(view, &view->coverage.files[0], &text, &size);
		if (view->outside.nr != !rows[i].is_read || !err != rows[i].is_read)
			fail_msg("%s", path);
		if (err)
			assert_non_null(strstr(err->message, "is not named like a source"));
		view_destroy(view);
		if (i)
			continue;
		view = make_view(&coverage, NULL, NULL, &filter);
		assert_null(view_read_source(view, &view->coverage.files[0], &text, &size));
		assert_string_equal(text, "SECRET\n");
		view_destroy(view);
	}
	filter_deinit(&filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_swapped_directory),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_system_root),
		cmocka_unit_test(test_secrets),
	};

	return cmocka_run_group_tests_name("view_trees", tests, make_directory, remove_directory);
}
