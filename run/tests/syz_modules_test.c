// SPDX-License-Identifier: GPL-2.0-or-later
/* syzkaller's JSON of modules: addresses are exact, and what is no list of modules is refused. */
#include <stdlib.h>

#include "base/tests/assert.h"
#include "run/syz_modules.h"

static void deinit(struct run_module_vector *modules)
{
	vector_for_each(modules, m)
		free(m->name);
	run_module_vector_deinit(modules);
}

static void test_read(void **state)
{
	/* Indented as Go does it, and an address that no double has. */
	static const char text[] =
		"[\n  {\n    \"Name\": \"nf_tables\",\n    \"Addr\": 18446744072635809793,\n"
		"    \"Size\": 4096,\n    \"Path\": \"/m/1e5 \\\"x\\\"/nf_tables.ko\"\n  },\n"
		"  "
		"{\"Name\":\"\",\"Addr\":18446744071578845184,\"Size\":1,\"Path\":null,\"x\":true},"
		"\n"
		"  {\"Path\":\"\",\"Name\":\"a-b\",\"Addr\":5,\"more\":[1,-2.5e3]}\n]\n";
	_cleanup_(deinit) struct run_module_vector modules = VECTOR_INIT;

	(void)state;
	assert_ok(syz_modules_read(text, "m.json", &modules));
	assert_ok(syz_modules_sort(&modules));
	assert_int_equal(modules.len, 2);
	assert_string_equal(modules.data[0].name, "a_b");
	assert_int_equal(modules.data[0].base, 5);
	assert_string_equal(modules.data[1].name, "nf_tables");
	assert_true(modules.data[1].base == 0xffffffffc0000001);
	assert_int_equal(modules.data[0].size, 1 << 20);
	assert_ok(syz_modules_add(&modules, "c", 0xffffffffc0000005));
	assert_ok(syz_modules_sort(&modules));
	assert_int_equal(modules.data[1].size, 4);
	assert_ok(syz_modules_add(&modules, "a-b", 7));
	assert_error(syz_modules_sort(&modules), ERROR_INVALID, "module 'a_b' is named twice");
}

/* Which of them a PC is of could not be told. */
static void test_same_address(void **state)
{
	_cleanup_(deinit) struct run_module_vector modules = VECTOR_INIT;

	(void)state;
	assert_ok(syz_modules_add(&modules, "b", 5));
	assert_ok(syz_modules_add(&modules, "c", 4));
	assert_ok(syz_modules_add(&modules, "a", 5));
	assert_error(syz_modules_sort(&modules), ERROR_INVALID,
		     "modules 'a' and 'b' are at the same address");
}

static void test_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"{}",
		"null",
		"[1]",
		"[{}]",
		"[] []",
		"[{\"Name\":\"a\"}]",
		"[{\"Name\":true,\"Addr\":1}]",
		"[",
		"[{\"a\"",
		"[{\"Name\":\"a\",\"Addr\":-1}]",
		"[{\"Name\":\"a\",\"Addr\":1.5}]",
		"[{\"Name\":\"a\",\"Addr\":18446744073709551616}]",
		"ffffffff81000000\n",
		"\"\\",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		_cleanup_(deinit) struct run_module_vector modules = VECTOR_INIT;

		assert_error(syz_modules_read(texts[i], "m.json", &modules), ERROR_FORMAT,
			     "'m.json'");
		assert_int_equal(modules.len, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_same_address),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("syz_modules", tests, NULL, NULL);
}
