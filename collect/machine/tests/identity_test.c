// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/machine/tests/tree_fixture.h"

#include <sys/utsname.h>

#include "collect/machine/identity.h"

static void test_kernel(void **state)
{
	_cleanup_tree_ struct tree tree;
	struct run_meta meta = { .release = strdup("older") };

	(void)state;
	tree_init(&tree);
	const struct identity_options options = { .root = tree.root };
	tree_puts(&tree, "/proc/sys/kernel/osrelease", "6.12.1-test\n");
	tree_puts(&tree, "/proc/sys/kernel/version", "#1 SMP\n");
	tree_put(&tree, "/sys/kernel/notes", BUILD_ID_NOTE("\x01\x02\x03\x04"), BUILD_ID_NOTE_SIZE);
	assert_ok(identity_kernel(&options, &meta));
	assert_string_equal(meta.release, "6.12.1-test");
	assert_string_equal(meta.version, "#1 SMP");
	assert_int_equal(meta.build_id.size, 4);
	assert_memory_equal(meta.build_id.bytes, "\1\2\3\4", 4);
	run_meta_deinit(&meta);
}

static void test_kernel_without_anything(void **state)
{
	_cleanup_tree_ struct tree tree;
	struct run_meta meta = { 0 };
	struct utsname u;

	(void)state;
	tree_init(&tree);
	const struct identity_options options = { .root = tree.root };
	assert_ok(identity_kernel(&options, &meta));
	assert_null(meta.release);
	assert_int_equal(meta.build_id.size, 0);
	tree_puts(&tree, "/sys/kernel/notes", "not a note at all");
	assert_ok(identity_kernel(&options, &meta));
	assert_int_equal(meta.build_id.size, 0);
	assert_ok(identity_kernel(NULL, &meta));
	uname(&u);
	assert_string_equal(meta.release, u.release);
	assert_string_equal(meta.machine, u.machine);
	run_meta_deinit(&meta);
}

static void put_module(const struct tree *tree, const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/sections/.text", name);
	tree_puts(tree, path, text);
}

/*
 * As 6.12 shows them: ext4's memory begins with another section, so /proc/modules
 * has another address; the addresses of hidden are hidden from us; the size of a
 * includes data located elsewhere, after b.
 */
static void test_modules(void **state)
{
	_cleanup_tree_ struct tree tree;
	struct run_module_vector modules = VECTOR_INIT;

	(void)state;
	tree_init(&tree);
	const struct identity_options options = { .root = tree.root };
	tree_puts(&tree, "/proc/modules",
		  "b 8192 0 - Live 0xffffffffc0408000\n"
		  "a 65536 2 x,ext4, Live 0xffffffffc0400000 (OE)\n"
		  "ext4 1048576 1 - Live 0xffffffffc0500000\n"
		  "data 16384 0 - Live 0xffffffffc0700000\n"
		  "hidden 16384 0 - Live 0x0000000000000000\n"
		  "../b 1 0 - Live 0x0\n"
		  "b/sections 1 0 - Live 0x0\n"
		  "nosize\n"
		  "badsize x 0 - Live 0x0\n");
	put_module(&tree, "a", "0xffffffffc0401000\n");
	put_module(&tree, "b", "0xffffffffc0408000\n");
	put_module(&tree, "ext4", "0xffffffffc0501000\n");
	put_module(&tree, "hidden", "0x0000000000000000\n");
	tree_puts(&tree, "/sys/module/ext4/sections/.init.text", "0xffffffffc0600000\n");
	tree_puts(&tree, "/sys/module/ext4/coresize", "512000\n");
	tree_put(&tree, "/sys/module/ext4/notes/.note.gnu.build-id",
		 BUILD_ID_NOTE("\xaa\xbb\xcc\xdd"), BUILD_ID_NOTE_SIZE);
	assert_ok(identity_modules(&options, 0x1000000, &modules));
	assert_int_equal(modules.len, 3);
	assert_string_equal(modules.data[0].name, "a");
	assert_int_equal(modules.data[0].base, 0xffffffffbf401000);
	assert_int_equal(modules.data[0].size, 0x7000);
	assert_string_equal(modules.data[1].name, "b");
	assert_int_equal(modules.data[1].size, 8192);
	assert_int_equal(modules.data[1].build_id.size, 0);
	assert_int_equal(modules.data[1].init_base, 0);
	assert_string_equal(modules.data[2].name, "ext4");
	assert_int_equal(modules.data[2].base, 0xffffffffbf501000);
	assert_int_equal(modules.data[2].size, 1048576);
	assert_int_equal(modules.data[2].init_base, 0xffffffffbf600000);
	assert_memory_equal(modules.data[2].build_id.bytes, "\xaa\xbb\xcc\xdd", 4);
	vector_for_each(&modules, m)
		run_module_deinit(m);
	run_module_vector_deinit(&modules);
}

static void test_one_module(void **state)
{
	_cleanup_tree_ struct tree tree;
	struct run_module module;

	(void)state;
	tree_init(&tree);
	const struct identity_options options = { .root = tree.root };
	assert_ok(identity_module(&options, "a", 0, &module));
	assert_null(module.name);
	put_module(&tree, "a", "0xffffffffc0401000\n");
	/* It was unloaded while we read its files. */
	assert_ok(identity_module(&options, "a", 0x1000, &module));
	assert_int_equal(module.size, 0);
	run_module_deinit(&module);
	tree_puts(&tree, "/sys/module/a/coresize", "20480\n");
	assert_ok(identity_module(&options, "a", 0x1000, &module));
	assert_string_equal(module.name, "a");
	assert_int_equal(module.base, 0xffffffffc0400000);
	assert_int_equal(module.size, 20480);
	assert_int_equal(module.init_base, 0);
	run_module_deinit(&module);
}

static void put_note(const struct tree *tree, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/notes/.note.gnu.build-id", name);
	tree_put(tree, path, BUILD_ID_NOTE("\xaa\xbb\xcc\xdd"), BUILD_ID_NOTE_SIZE);
}

/*
 * Sysfs has no file of an empty section: all code of init and exit is in .init.text and .exit.text,
 * all code of init in .init.text. A module that is being loaded has no file of any section yet.
 */
static void test_empty_text(void **state)
{
	_cleanup_tree_ struct tree tree;
	struct run_module_vector modules = VECTOR_INIT;

	(void)state;
	tree_init(&tree);
	const struct identity_options options = { .root = tree.root };
	tree_puts(&tree, "/proc/modules",
		  "init 8192 0 - Live 0x0000000000000000\n"
		  "loading 8192 0 - Loading 0xffffffffc0700000\n"
		  "cut 8192 0 - Live\n"
		  "exit 8192 0 - Live 0xffffffffc0500000 (OE)\n");
	tree_puts(&tree, "/sys/module/exit/sections/.init.text", "0xffffffffc0600000\n");
	tree_puts(&tree, "/sys/module/init/sections/.init.text", "0xffffffffc0601000\n");
	put_note(&tree, "exit");
	put_note(&tree, "init");
	put_note(&tree, "cut");
	assert_ok(identity_modules(&options, 0x1000000, &modules));
	assert_int_equal(modules.len, 2);
	assert_string_equal(modules.data[0].name, "init");
	assert_int_equal(modules.data[0].base, 0);
	assert_int_equal(modules.data[0].init_base, 0xffffffffbf601000);
	assert_int_equal(modules.data[0].size, 8192);
	assert_string_equal(modules.data[1].name, "exit");
	assert_int_equal(modules.data[1].base, 0xffffffffbf500000);
	assert_int_equal(modules.data[1].init_base, 0xffffffffbf600000);
	vector_for_each(&modules, m)
		run_module_deinit(m);
	run_module_vector_deinit(&modules);
}

static void test_module_names(void **state)
{
	static const char *const bad[] = { "", ".", "..", "a/b", "../a", "a b", "a\n", "\xc3\xa9" };

	(void)state;
	assert_true(identity_is_module_name("snd-hda_codec2"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(identity_is_module_name(bad[i]));
}

static void test_kernel_without_modules(void **state)
{
	_cleanup_tree_ struct tree tree;
	struct run_module_vector modules = VECTOR_INIT;

	(void)state;
	tree_init(&tree);
	const struct identity_options options = { .root = tree.root };
	assert_ok(identity_modules(&options, 0, &modules));
	tree_puts(&tree, "/proc/modules", "");
	assert_ok(identity_modules(&options, 0, &modules));
	assert_int_equal(modules.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_kernel_without_anything),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_one_module),
		cmocka_unit_test(test_empty_text),
		cmocka_unit_test(test_module_names),
		cmocka_unit_test(test_kernel_without_modules),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
