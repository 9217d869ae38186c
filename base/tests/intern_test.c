// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/intern.h"

static void test_same_text_same_id(void **state)
{
	char name[] = "fs/ext4/inode.c";
	struct intern *in;
	uint32_t a, b, c;

	(void)state;
	assert_null(intern_create(&in));
	assert_null(intern_id(in, name, &a));
	assert_null(intern_id(in, "", &b));
	assert_null(intern_id(in, "fs/ext4/inode.c", &c));
	assert_int_equal(a, 0);
	assert_int_equal(b, 1);
	assert_int_equal(c, 0);
	assert_int_equal(intern_find(in, "fs/ext4/inode.c"), 0);
	assert_int_equal(intern_find(in, ""), 1);
	assert_int_equal(intern_find(in, "fs"), INTERN_NONE);
	assert_int_equal(intern_count(in), 2);
	name[0] = 'X';
	assert_string_equal(intern_string(in, 0), "fs/ext4/inode.c");
	assert_string_equal(intern_string(in, 1), "");
	assert_int_equal(intern_count(in), 2);
	intern_destroy(in);
	intern_destroy(NULL);
}

static void test_many(void **state)
{
	struct intern *in;
	char name[16];
	uint32_t id;

	(void)state;
	assert_null(intern_create(&in));
	assert_null(intern_id(in, "0", &id));
	const char *first = intern_string(in, 0);
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 20000; i++) {
			snprintf(name, sizeof(name), "%u", i);
			assert_null(intern_id(in, name, &id));
			assert_int_equal(id, i);
		}
	assert_int_equal(intern_count(in), 20000);
	assert_ptr_equal(intern_string(in, 0), first);
	intern_destroy(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_text_same_id),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("intern", tests, NULL, NULL);
}
