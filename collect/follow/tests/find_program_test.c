// SPDX-License-Identifier: GPL-2.0-or-later
/* find_program() must find the file that execvp(3) would execute. */
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
	/* A file that cannot be executed, a directory, then the right file. */
	check_found("a:b:none:c", "data", "c/data");
	check_found("a:b", "data", NULL);
	check_found("", "data", NULL);
	assert_int_equal(chdir("c"), 0);
	/* An empty directory means the current one, at any place in PATH. */
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
