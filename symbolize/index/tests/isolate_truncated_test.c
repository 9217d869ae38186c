// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that is truncated, or cannot be read, while an index is built from it: the error names it.
 */
#include "symbolize/index/tests/isolate_fixture.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/tests/failing_read.h"

/* Cut the file of the image, and read it. */
static struct error *build_cut(const struct image *cut, const struct index_options *options,
			       struct index **ret)
{
	assert_int_equal(truncate(image_path(cut), 4096), 0);
	return index_build(cut, options, ret);
}

/* The last bytes are in a page that stays: there is no signal. */
static struct error *build_cut_in_page(const struct image *cut, const struct index_options *options,
				       struct index **ret)
{
	struct error *err = index_build(cut, options, ret);
	struct stat st;

	assert_int_equal(stat(image_path(cut), &st), 0);
	assert_int_equal(truncate(image_path(cut), st.st_size - 1), 0);
	return err;
}

/* A file that is none of the image, as a .dwo file. */
static struct error *build_cut_other(const struct image *cut, const struct index_options *options,
				     struct index **ret)
{
	_cleanup_free_ char *path = NULL;

	assert_true(asprintf(&path, "%s.dwo", image_path(cut)) > 0);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	volatile char *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_int_equal(truncate(path, 0), 0);
	(void)*p;
	return index_build(cut, options, ret);
}

/* The same, as on a disk that fails: the size stays. */
static struct error *build_unreadable(const struct image *cut, const struct index_options *options,
				      struct index **ret)
{
	read_fails_with = EIO;
	return build_cut_other(cut, options, ret);
}

static void assert_ended(index_builder *build, enum error_code code, const char *what)
{
	_cleanup_image_ struct image *cut = NULL;
	struct index *index = NULL;
	bool whole;

	shell("cp %s %s.cut && cp %s %s.cut.dwo", image_path(image), image_path(image),
	      image_path(image), image_path(image));
	_cleanup_free_ char *path = NULL;
	assert_true(asprintf(&path, "%s.cut", image_path(image)) > 0);
	assert_ok(image_open(path, NULL, &cut));
	assert_error(isolate_build(cut, NULL, NULL, build, &whole, &index), code, what);
	assert_null(index);
}

static void test_truncated(void **state)
{
	(void)state;
	assert_ended(build_cut, ERROR_FORMAT, ".cut' was truncated while it was read");
	assert_ended(build_cut_in_page, ERROR_FORMAT, ".cut' was truncated while it was read");
	assert_ended(build_cut_other, ERROR_FORMAT, ".cut.dwo' was truncated while it was read");
}

static void test_read_error(void **state)
{
	(void)state;
	assert_ended(build_unreadable, ERROR_SYSTEM, ".cut.dwo': Input/output error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_read_error),
	};

	return cmocka_run_group_tests_name("isolate_truncated", tests, open_kernel, close_kernel);
}
