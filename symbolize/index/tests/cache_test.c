// SPDX-License-Identifier: GPL-2.0-or-later
/* Which index the cache gives for which image, and what it keeps and removes. */
#include "symbolize/index/tests/cache_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>

static char *one, *other;

/*
 * Two kernels, one with separate debug info. The cache trusts time stamps that are more than two
 * seconds old.
 */
static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	build_kernel("one", "gcc", "-g");
	build_kernel("other", "gcc", "-g -fno-inline");
	shell("cd %s && mkdir debug && cp one two && objcopy --only-keep-debug one linked.debug && "
	      "strip -g -o linked one && objcopy --add-gnu-debuglink=linked.debug linked && "
	      "sleep 3",
	      fixture_dir);
	one = expect(fixture("one"));
	other = expect(fixture("other"));
	return 0;
}

static int teardown(void **state)
{
	free(one);
	free(other);
	return remove_fixture_dir(state);
}

static int clear(void **state)
{
	(void)state;
	shell("rm -rf %s", fixture("cache"));
	return 0;
}

static void test_kept(void **state)
{
	struct stat st;

	(void)state;
	check_get(fixture("one"), one, false);
	assert_string_equal(logged, "");
	assert_int_equal(count_files(".index"), 1);
	assert_int_equal(count_files(""), 2); /* and .image; no lock, nothing unfinished */
	assert_int_equal(stat(fixture("cache"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	check_get(fixture("one"), one, true);
	assert_string_equal(logged, "");
	/* Equal bytes under another path. */
	check_get(fixture("two"), one, true);
	check_get(fixture("other"), other, false);
	assert_int_equal(count_files(".index"), 2);
	check_get(fixture("one"), one, true);
	check_get(fixture("other"), other, true);
}

/* Whether a file was changed in the last 2 seconds; on a slow machine, they may have passed. */
static bool is_fresh(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return time(NULL) - 2 <= st.st_ctime;
}

/* An image may change within the resolution of its time stamps. */
static void test_fresh(void **state)
{
	(void)state;
	shell("cp %s %s", fixture("one"), fixture("fresh"));
	check_get(fixture("fresh"), one, false);
	if (is_fresh(fixture("fresh")))
		assert_int_equal(count_files(".image"), 0);
	check_get(fixture("fresh"), one, true);
	shell("cp %s %s", fixture("other"), fixture("fresh"));
	check_get(fixture("fresh"), other, false);
	check_get(fixture("fresh"), other, true);
}

/* Files of images of file systems, which two builds made with the same times. */
static void test_times(void **state)
{
	const time_t now = time(NULL);
	static const struct {
		time_t age;
		long ns;
		bool known;
	} cases[] = {
		{ 100, 1, true }, { 100, 999999999, true }, { 100, 0, false },
		{ 1, 1, false },  { 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct stat st = { .st_ctim = { now - cases[i].age, cases[i].ns } };

		assert_int_equal(cache_ctime_is_known(&st), cases[i].known);
	}
}

/* The build id stays the same when a file is edited. */
static void test_same_build_id(void **state)
{
	struct image_identity before, after;
	struct stat st;

	(void)state;
	check_get(fixture("one"), one, false);
	shell("cd %s && cp one edited && objcopy --redefine-sym outermost=changed edited",
	      fixture_dir);
	assert_ok(image_identify(fixture("one"), &before));
	assert_ok(image_identify(fixture("edited"), &after));
	assert_true(build_id_equal(&before.build_id, &after.build_id));
	_cleanup_index_ struct index *index = get(fixture("edited"));
	assert_false(is_from_cache(index));
	assert_int_not_equal(index_find_name(index, "changed"), INDEX_NONE);
	/* One byte in place, size and mtime restored. */
	shell("cd %s && cp -p one patched && sleep 3", fixture_dir);
	check_get(fixture("patched"), one, true);
	assert_int_equal(stat(fixture("patched"), &st), 0);
	shell("cd %s && sed s/outermost/Outermost/g one >patched && touch -r one patched",
	      fixture_dir);
	index_destroy(index);
	index = get(fixture("patched"));
	assert_false(is_from_cache(index));
	assert_int_not_equal(index_find_name(index, "Outermost"), INDEX_NONE);
}

static void test_replaced(void **state)
{
	(void)state;
	shell("cd %s && cp -p one vmlinux && sleep 3", fixture_dir);
	check_get(fixture("vmlinux"), one, false);
	check_get(fixture("vmlinux"), one, true);
	shell("cd %s && mv vmlinux old && cp -p other vmlinux", fixture_dir);
	check_get(fixture("vmlinux"), other, false);
	check_get(fixture("old"), one, true);
}

/* Another debug file that would be found is one more reason to read the image again. */
static void test_separate_debug(void **state)
{
	struct image_identity identity;
	char hex[BUILD_ID_HEX_SIZE];

	(void)state;
	_cleanup_free_ char *expected = expect(fixture("linked"));
	check_get(fixture("linked"), expected, false);
	check_get(fixture("linked"), expected, true);
	assert_ok(image_identify(fixture("linked"), &identity));
	build_id_format(&identity.build_id, hex);
	/* In a debug directory, which comes first. It is too new to be trusted. */
	shell("cd %s && mkdir -p debug/.build-id/%.2s && cp other debug/.build-id/%.2s/%s.debug",
	      fixture_dir, hex, hex, hex + 2);
	check_get(fixture("linked"), expected, false);
	assert_non_null(strstr(logged, "is not the debug file of"));
	char debug[600];
	snprintf(debug, sizeof(debug), "%s/debug/.build-id/%.2s/%s.debug", fixture_dir, hex,
		 hex + 2);
	if (is_fresh(debug))
		check_get(fixture("linked"), expected, false);
	shell("rm -rf %s && sleep 3", fixture("cache"));
	check_get(fixture("linked"), expected, false);
	assert_non_null(strstr(logged, "is not the debug file of"));
	/* What was logged about the image is logged again. */
	check_get(fixture("linked"), expected, true);
	char want[1024];
	snprintf(want, sizeof(want), "warning: '%s' is not the debug file of '%s'\n", debug,
		 fixture("linked"));
	assert_string_equal(logged, want);
	shell("rm -r %s/debug/.build-id", fixture_dir);
	check_get(fixture("linked"), expected, false);
	/* The same bytes elsewhere, where no debug file is. */
	struct index *index;
	const struct index_get_options options = { .directory = fixture("cache"),
						   .size_limit = UINT64_MAX };
	shell("cd %s && mkdir -p away && cp linked away/", fixture_dir);
	assert_error(index_get(fixture("away/linked"), &options, &index), ERROR_NOT_FOUND,
		     "has no debug info");
}

static void test_split_is_not_kept(void **state)
{
	(void)state;
	build_kernel("split", "gcc", "-g -gsplit-dwarf");
	_cleanup_free_ char *expected = expect(fixture("split"));
	check_get(fixture("split"), expected, false);
	check_get(fixture("split"), expected, false);
	assert_int_equal(count_files(".index"), 0);
}

/* Errors are those of the image, and are not kept. */
static void test_errors(void **state)
{
	const struct index_get_options options = { .directory = fixture("cache"),
						   .size_limit = UINT64_MAX };
	struct index *index;

	(void)state;
	assert_error(index_get(fixture("missing"), &options, &index), ERROR_SYSTEM, "cannot open");
	assert_error(index_get("/dev/null", &options, &index), ERROR_FORMAT, "not a regular file");
	assert_error(index_get(SOURCES "/callback.c", &options, &index), ERROR_FORMAT,
		     "not an ELF file");
	assert_int_equal(count_files(".index"), 0);
	assert_int_equal(count_files(".lock"), 0);
	/* Without a cache. */
	assert_ok(index_get(fixture("one"), NULL, &index));
	index_destroy(index);
}

static void test_size_limit(void **state)
{
	uint64_t freed;
	struct stat st;

	(void)state;
	check_get(fixture("one"), one, false);
	assert_int_equal(count_files(".index"), 1);
	assert_int_equal(stat(cache_path, &st), 0);
	const ino_t first = st.st_ino;
	check_get(fixture("other"), other, false);
	/* The one that was used last stays, though it is the older one. */
	sleep_ns(20000000);
	check_get(fixture("one"), one, true);
	assert_ok(index_cache_prune(fixture("cache"), st.st_size, &freed));
	assert_true(freed > 0);
	assert_int_equal(count_files(".index"), 1);
	assert_int_equal(inode_of(cache_path), first);
	/* One that was just made stays. */
	const uint64_t larger = freed > st.st_size ? freed : st.st_size;
	index_destroy(get_limited(fixture("other"), larger));
	assert_int_equal(count_files(".index"), 1);
	check_get(fixture("other"), other, true);
	/* One that is too large is not kept. */
	index_destroy(get_limited(fixture("one"), 1000));
	assert_non_null(strstr(logged, "is not kept: it is larger than the cache may become"));
	assert_ok(index_cache_prune(fixture("cache"), 0, &freed));
	assert_int_equal(count_files(""), 0);
}

static void test_list(void **state)
{
	struct index_cache_entry_vector list = VECTOR_INIT;

	(void)state;
	assert_ok(index_cache_list(fixture("cache"), &list));
	assert_int_equal(list.len, 0);
	assert_int_not_equal(access(fixture("cache"), F_OK), 0);
	check_get(fixture("one"), one, false);
	sleep_ns(20000000);
	check_get(fixture("other"), other, false);
	assert_int_equal(count_files(".index"), 2);
	shell("touch %s/README && : >%s/%032d.index && touch -d '1 day ago' %s/%032d.index",
	      fixture("cache"), fixture("cache"), 0, fixture("cache"), 0);
	assert_ok(index_cache_list(fixture("cache"), &list));
	assert_int_equal(list.len, 3);
	assert_string_equal(list.data[0].path, fixture("other"));
	assert_string_equal(list.data[1].path, fixture("one"));
	assert_int_equal(list.data[0].build_id.size, 20);
	assert_true(list.data[0].is_usable && list.data[1].is_usable);
	assert_false(list.data[2].is_usable);
	index_cache_entries_deinit(&list);
	/* By the path of its last use. */
	shell("rm %s/*.image", fixture("cache"));
	check_get(fixture("two"), one, true);
	assert_ok(index_cache_list(fixture("cache"), &list));
	assert_string_equal(list.data[0].path, fixture("two"));
	index_cache_entries_deinit(&list);
	uint64_t freed;
	assert_ok(index_cache_prune(fixture("cache"), 0, &freed));
	assert_int_equal(count_files(""), 1); /* README */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_kept, clear),
		cmocka_unit_test_setup(test_fresh, clear),
		cmocka_unit_test(test_times),
		cmocka_unit_test_setup(test_same_build_id, clear),
		cmocka_unit_test_setup(test_replaced, clear),
		cmocka_unit_test_setup(test_separate_debug, clear),
		cmocka_unit_test_setup(test_split_is_not_kept, clear),
		cmocka_unit_test_setup(test_errors, clear),
		cmocka_unit_test_setup(test_size_limit, clear),
		cmocka_unit_test_setup(test_list, clear),
	};

	return cmocka_run_group_tests_name("cache", tests, setup, teardown);
}
