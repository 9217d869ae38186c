// SPDX-License-Identifier: GPL-2.0-or-later
/* The file that is found is the one that execvp(3) would execute. */
#include "collect/machine/tests/tree_fixture.h"

#include <sys/stat.h>

#include "base/cleanup.h"
#include "collect/follow/find_program.h"

static void check_found(const char *path, const char *name, const char *want)
{
	_cleanup_free_ char *text = NULL;

	assert_int_equal(setenv("PATH", path, 1), 0);
	text = find_program(name);
	if (!want)
		assert_null(text);
	else
		assert_string_equal(text, want);
}

static void test_path(void **state)
{
	struct tree tree;

	(void)state;
	tree_init(&tree);
	tree_puts(&tree, "/a/data", "");
	tree_puts(&tree, "/b/data/file", "");
	tree_puts(&tree, "/c/data", "");
	assert_int_equal(chdir(tree.root), 0);
	assert_int_equal(chmod("c/data", 0755), 0);
	/* No right to execute it, a directory, then the one. */
	check_found("a:b:none:c", "data", "c/data");
	check_found("a:b", "data", NULL);
	check_found("", "data", NULL);
	assert_int_equal(chdir("c"), 0);
	/* An empty directory is the current one, wherever it stands. */
	check_found("", "data", "data");
	check_found(":/none", "data", "data");
	check_found("/none:", "data", "data");
	check_found("/none::/none", "data", "data");
	check_found("/none", "./data", "./data");
	check_found("/none", "/not/there", "/not/there");
	assert_int_equal(chdir("/"), 0);
	tree_deinit(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path),
	};

	return cmocka_run_group_tests_name("find_program", tests, NULL, NULL);
}
