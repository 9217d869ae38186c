// SPDX-License-Identifier: GPL-2.0-or-later
/* Include and exclude patterns. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "render/filter.h"

static void test_one_pattern(void **state)
{
	static const struct {
		const char *glob, *path, *relative;
		bool keeps;
	} rows[] = {
		{ "fs/*", "/s/fs/open.c", "fs/open.c", true },
		{ "fs/*", "/s/fs/ext4/a/b.c", "fs/ext4/a/b.c", true },
		{ "fs/", "/s/fs/ext4/a/b.c", "fs/ext4/a/b.c", true },
		{ "fs/", "/s/fsx/a.c", "fsx/a.c", false },
		{ "fs/", "/s/x/fs/a.c", "x/fs/a.c", false },
		{ "*.h", "/s/include/linux/a.h", "include/linux/a.h", true },
		{ "*/ext4/*", "/s/fs/ext4/b.c", "fs/ext4/b.c", true },
		{ "/s/fs/*", "/s/fs/open.c", "fs/open.c", true },
		{ "fs/*", "/other/fs/open.c", NULL, false },
		{ "/other/*", "/other/fs/open.c", NULL, true },
		{ "fs/open.?", "/s/fs/open.c", "fs/open.c", true },
		{ "fs/[a-n]*", "/s/fs/open.c", "fs/open.c", false },
		{ "fs/.*", "/s/fs/.x.c", "fs/.x.c", true },
		{ "", "/s/fs/open.c", "fs/open.c", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		for (int exclude = 0; exclude < 2; exclude++) {
			struct filter filter = { VECTOR_INIT };

			assert_null(filter_add(&filter, rows[i].glob, exclude));
			assert_int_equal(filter_keeps(&filter, rows[i].path, rows[i].relative),
					 rows[i].keeps != exclude);
			assert_int_equal(filter.patterns.data[0].matches, rows[i].keeps);
			assert_string_equal(filter.patterns.data[0].given, rows[i].glob);
			filter_deinit(&filter);
		}
	}
}

static void test_several_patterns(void **state)
{
	struct filter filter = { VECTOR_INIT };

	(void)state;
	assert_true(filter_keeps(&filter, "/s/a.c", "a.c"));
	assert_null(filter_add(&filter, "fs/*", false));
	assert_null(filter_add(&filter, "mm/*", false));
	assert_null(filter_add(&filter, "*.h", true));
	assert_null(filter_add(&filter, "never", true));
	assert_true(filter_keeps(&filter, "/s/fs/a.c", "fs/a.c"));
	assert_true(filter_keeps(&filter, "/s/mm/a.c", "mm/a.c"));
	assert_false(filter_keeps(&filter, "/s/mm/a.h", "mm/a.h"));
	assert_false(filter_keeps(&filter, "/s/net/a.c", "net/a.c"));
	/* A pattern counts its matches even if another pattern decides. */
	assert_false(filter_keeps(&filter, "/s/net/a.h", "net/a.h"));
	assert_int_equal(filter.patterns.data[0].matches, 1);
	assert_int_equal(filter.patterns.data[1].matches, 2);
	assert_int_equal(filter.patterns.data[2].matches, 2);
	assert_int_equal(filter.patterns.data[3].matches, 0);
	filter_deinit(&filter);
}

/* Names choose entries, and add to the patterns. */
static void test_names(void **state)
{
	static const char text[] = "EXT4\nL:\text@k\nF:\tfs/ext4/\nMM\nL:\tmm@k\nF:\tmm/\n"
				   "THE REST\nM:\tLinus <l@k>\nF:\t*/\n";
	static const struct {
		const char *path;
		bool keeps;
	} rows[] = { { "fs/ext4/a.c", true }, { "mm/a.c", false }, { "fs/a.c", true } };
	struct filter filter = { VECTOR_INIT };
	_cleanup_(entry_vector_deinit) struct entry_vector found = VECTOR_INIT;
	_cleanup_maintainers_ struct maintainers *m = NULL;

	(void)state;
	assert_null(maintainers_parse(text, strlen(text), NULL, &m));
	assert_true(filter_keeps_entries(&filter, &found));
	assert_null(filter_add_name(&filter, "Ext"));
	assert_null(filter_add_name(&filter, "linus"));
	assert_null(filter_add_name(&filter, "nobody"));
	assert_null(filter_choose(&filter, m));
	assert_false(filter_keeps_entries(&filter, &found));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_null(maintainers_find_subsystems(m, rows[i].path, &found));
		assert_int_equal(filter_keeps_entries(&filter, &found), rows[i].keeps);
	}
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(filter.names.data[i].nr_entries, i < 2);
		assert_int_equal(filter.names.data[i].matches, i < 2);
	}
	/* Again, as for another view. */
	assert_null(filter_choose(&filter, m));
	assert_int_equal(filter.names.data[0].nr_entries, 1);
	filter_deinit(&filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_pattern),
		cmocka_unit_test(test_several_patterns),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
