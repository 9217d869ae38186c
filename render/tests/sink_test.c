// SPDX-License-Identifier: GPL-2.0-or-later
/* Outputs are put in place all together or not at all. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "render/sink.h"
#include "render/tests/fixture.h"

static char directory[] = "/tmp/sink_test.XXXXXX";

static int make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	_cleanup_free_ char *command = fixture_path("rm -rf ", directory);

	(void)state;
	return system(command);
}

static void put(struct sink *sink, const char *name, const char *text)
{
	struct writer *out;

	assert_null(sink_open(sink, name, &out));
	writer_str(out, text);
}

/* text NULL: the file must not exist. */
static void assert_content(const char *name, const char *text)
{
	_cleanup_free_ char *tail = fixture_path("/", name);
	_cleanup_free_ char *path = fixture_path(directory, tail);
	_cleanup_free_ char *content = NULL;

	if (!text) {
		assert_int_not_equal(access(path, F_OK), 0);
		return;
	}
	assert_null(file_read(path, 1000, &content, NULL));
	assert_string_equal(content, text);
}

static void test_together(void **state)
{
	struct sink *sink;

	(void)state;
	assert_null(sink_create(directory, &sink));
	put(sink, "a", "one");
	put(sink, "b", "two");
	assert_content("a", NULL);
	assert_null(sink_commit(sink));
	sink_destroy(sink);
	assert_content("a", "one");
	assert_content("b", "two");
}

static void test_without_commit(void **state)
{
	struct sink *sink;

	(void)state;
	assert_null(sink_create(directory, &sink));
	put(sink, "a", "three");
	put(sink, "new", "four");
	put(sink, "made/below/c", "five");
	sink_destroy(sink);
	assert_content("a", "one");
	assert_content("new", NULL);
	assert_content("made", NULL);
}

static void test_directories(void **state)
{
	struct sink *sink;

	(void)state;
	assert_null(sink_create(directory, &sink));
	put(sink, "html/index.html", "index");
	put(sink, "html/fs/open.c.html", "open");
	put(sink, "html/fs/namei.c.html", "namei");
	assert_null(sink_commit(sink));
	sink_destroy(sink);
	assert_content("html/index.html", "index");
	assert_content("html/fs/open.c.html", "open");
	assert_content("html/fs/namei.c.html", "namei");
}

static size_t count_entries(void)
{
	DIR *d = opendir(directory);
	size_t nr = 0;

	assert_non_null(d);
	while (readdir(d))
		nr++;
	closedir(d);
	return nr;
}

/* If one cannot be put in its place, those that were are put back. */
static void test_failed_rename(void **state)
{
	_cleanup_free_ char *late = fixture_path(directory, "/late");
	_cleanup_free_ char *inside = fixture_path(late, "/inside");
	size_t before = count_entries();
	struct sink *sink;

	(void)state;
	assert_null(sink_create(directory, &sink));
	put(sink, "a", "changed");
	put(sink, "first", "changed");
	put(sink, "late", "changed");
	put(sink, "b", "changed");
	/* No file can replace a directory that is not empty. */
	assert_int_equal(mkdir(late, 0700), 0);
	assert_int_equal(mkdir(inside, 0700), 0);
	struct error *err = sink_commit(sink);
	sink_destroy(sink);
	assert_non_null(err);
	assert_non_null(strstr(err->message, "/late'"));
	error_destroy(err);
	assert_content("a", "one");
	assert_content("b", "two");
	assert_content("first", NULL);
	assert_int_equal(rmdir(inside), 0);
	assert_int_equal(rmdir(late), 0);
	/* No temporary file is left. */
	assert_int_equal(count_entries(), before);
}

/*
 * If one output cannot be written, none is replaced. /dev/full is written in
 * place, through a link.
 */
static void test_full(void **state)
{
	_cleanup_free_ char *link = fixture_path(directory, "/full");
	struct sink *sink;

	(void)state;
	if (access("/dev/full", W_OK))
		skip();
	assert_int_equal(symlink("/dev/full", link), 0);
	assert_null(sink_create(directory, &sink));
	put(sink, "a", "six");
	put(sink, "full", "seven");
	struct error *err = sink_commit(sink);
	sink_destroy(sink);
	assert_non_null(err);
	assert_int_equal(err->errnum, ENOSPC);
	assert_non_null(strstr(err->message, "/full'"));
	error_destroy(err);
	assert_content("a", "one");
}

/* The error that is reported is the first one, which occurred long before the commit. */
static void test_full_early(void **state)
{
	_cleanup_free_ char *link = fixture_path(directory, "/early");
	struct writer *out;
	struct sink *sink;

	(void)state;
	if (access("/dev/full", W_OK))
		skip();
	assert_int_equal(symlink("/dev/full", link), 0);
	assert_null(sink_create(directory, &sink));
	assert_null(sink_open(sink, "early", &out));
	for (int i = 0; i < 3 * WRITER_BUFFER_SIZE; i++)
		writer_byte(out, 'x');
	errno = 0;
	struct error *err = sink_commit(sink);
	sink_destroy(sink);
	assert_non_null(err);
	assert_int_equal(err->errnum, ENOSPC);
	error_destroy(err);
}

/* A finished output is still put in place with the others, and only then. */
static void test_finish(void **state)
{
	_cleanup_free_ char *link = fixture_path(directory, "/finished");
	struct writer *first, *out;
	struct sink *sink;

	(void)state;
	assert_null(sink_create(directory, &sink));
	assert_null(sink_open(sink, "first", &first));
	writer_str(first, "1");
	assert_null(sink_open(sink, "second", &out));
	assert_null(sink_finish(sink, first));
	assert_content("first", NULL);
	writer_str(out, "2");
	assert_null(sink_commit(sink));
	sink_destroy(sink);
	assert_content("first", "1");
	assert_content("second", "2");
	if (access("/dev/full", W_OK))
		return;
	assert_int_equal(symlink("/dev/full", link), 0);
	assert_null(sink_create(directory, &sink));
	assert_null(sink_open(sink, "finished", &out));
	writer_str(out, "3");
	struct error *err = sink_finish(sink, out);
	assert_non_null(err);
	assert_int_equal(err->errnum, ENOSPC);
	error_destroy(err);
	sink_destroy(sink);
}

static void assert_not_opened(const char *name, int errnum)
{
	struct sink *sink;
	struct writer *out;

	assert_null(sink_create(directory, &sink));
	struct error *err = sink_open(sink, name, &out);
	sink_destroy(sink);
	assert_non_null(err);
	assert_int_equal(err->errnum, errnum);
	error_destroy(err);
}

static void test_not_opened(void **state)
{
	(void)state;
	assert_not_opened("html", EISDIR);
	assert_not_opened("a/b", ENOTDIR);
	assert_not_opened("gone/a/b/", EISDIR);
	assert_content("gone", NULL);
}

static void test_stream(void **state)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct sink *sink;

	(void)state;
	assert_null(sink_create_stream(out, &sink));
	put(sink, "a/b", "text");
	assert_null(sink_commit(sink));
	sink_destroy(sink);
	fclose(out);
	assert_string_equal(text, "text");
	assert_content("a", "one");
}

/* The directory and its parents exist only if the outputs do. */
static void test_new_directory(void **state)
{
	_cleanup_free_ char *top = fixture_path(directory, "/fresh");
	_cleanup_free_ char *deep = fixture_path(top, "/a/b/");
	_cleanup_free_ char *file = fixture_path(top, "/a/b/x");
	struct sink *sink;

	(void)state;
	assert_null(sink_create(deep, &sink));
	put(sink, "x", "text");
	sink_destroy(sink);
	assert_int_not_equal(access(top, F_OK), 0);
	assert_null(sink_create(deep, &sink));
	put(sink, "x", "text");
	assert_null(sink_commit(sink));
	sink_destroy(sink);
	assert_content("fresh/a/b/x", "text");
	struct error *err = sink_create(file, &sink);
	assert_non_null(err);
	assert_int_equal(err->errnum, ENOTDIR);
	error_destroy(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_directory),  cmocka_unit_test(test_together),
		cmocka_unit_test(test_without_commit), cmocka_unit_test(test_directories),
		cmocka_unit_test(test_failed_rename),  cmocka_unit_test(test_full),
		cmocka_unit_test(test_full_early),     cmocka_unit_test(test_not_opened),
		cmocka_unit_test(test_stream),	       cmocka_unit_test(test_finish),
	};

	return cmocka_run_group_tests_name("sink", tests, make_directory, remove_directory);
}
