// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/machine/tests/tree_fixture.h"

#include "collect/machine/identity.h"

/* From a 6.12 kernel (x86-64, gcc 12) that ran 0x2e000000 above its link address. */
#define OFFSET 0x2e000000ULL
static const char kallsyms_text[] = "0000000000000000 A fixed_percpu_data\n"
				    "0000000000001000 A cpu_debug_store\n"
				    "ffffffffaf000000 T _text\n"
				    "ffffffffaf0fedc0 T __pfx___x64_sys_getpid\n"
				    "ffffffffaf0fedd0 T __ia32_sys_getpid\n"
				    "ffffffffaf0fedd0 T __x64_sys_getpid\n"
				    "ffffffffaf0fedd0 t __do_sys_getpid\n"
				    "ffffffffaf0fee00 T __pfx___ia32_sys_gettid\n"
				    "ffffffffaf1129b0 T pid_vnr\n"
				    "ffffffffaf112a50 T __pfx___task_pid_nr_ns\n"
				    "ffffffffaf112a60 T __task_pid_nr_ns\n"
				    "ffffffffaf112be0 T __pfx_get_task_pid\n"
				    "ffffffffc0401000 t __x64_sys_ptrace\t[liar]\n"
				    "ffffffffc0402000 t last\t[liar]\n"
				    "\n"
				    "nonsense\n"
				    "xyz T name\n";

/* The PCs that one getpid() recorded there. */
static const uint64_t trace[] = {
	0xffffffff810fedd9, 0xffffffff81112a77, 0xffffffff81112b03, 0xffffffff81112b20,
	0xffffffff81112b32, 0xffffffff81112b46, 0xffffffff81112b54, 0xffffffff81112ab1,
	0xffffffff81112ace, 0xffffffff81112b82, 0xffffffff81112b8a, 0xffffffff8106605b,
	0xffffffff81066080, 0xffffffff810660a7, 0xffffffff811a8221,
};
#define NR_TRACE (sizeof(trace) / sizeof(*trace))

static struct kallsyms *load(const char *text)
{
	_cleanup_tree_ struct tree tree;
	struct kallsyms *kallsyms;

	tree_init(&tree);
	const struct identity_options options = { .root = tree.root };
	tree_puts(&tree, "/proc/kallsyms", text);
	assert_ok(kallsyms_load(&options, &kallsyms));
	return kallsyms;
}

static void test_find(void **state)
{
	struct kallsyms *kallsyms = load(kallsyms_text);
	uint64_t addr = 7, end = 7;

	(void)state;
	assert_true(kallsyms_find(kallsyms, "__x64_sys_getpid", &addr, &end));
	assert_int_equal(addr, 0xffffffffaf0fedd0);
	assert_int_equal(end, 0xffffffffaf0fee00);
	/* Its end is at most the start of a module. */
	assert_true(kallsyms_find(kallsyms, "__pfx_get_task_pid", &addr, &end));
	assert_int_equal(end, 0xffffffffc0401000);
	addr = 7;
	assert_false(kallsyms_find(kallsyms, "getpid", &addr, &end));
	assert_false(kallsyms_find(kallsyms, "fixed_percpu_data", &addr, &end));
	/* Symbols of modules are not the kernel's. */
	assert_false(kallsyms_find(kallsyms, "__x64_sys_ptrace", &addr, &end));
	assert_int_equal(addr, 7);
	kallsyms_destroy(kallsyms);
	kallsyms_destroy(NULL);
}

static void test_hidden_addresses(void **state)
{
	_cleanup_tree_ struct tree tree;
	struct kallsyms *kallsyms = NULL;

	(void)state;
	tree_init(&tree);
	const struct identity_options options = { .root = tree.root };
	assert_error(kallsyms_load(&options, &kallsyms), ERROR_SYSTEM, "No such file");
	tree_puts(&tree, "/proc/kallsyms",
		  "0000000000000000 T _text\n0000000000000000 T __x64_sys_getpid\n");
	assert_error(kallsyms_load(&options, &kallsyms), ERROR_UNSUPPORTED, "kptr_restrict");
	assert_null(kallsyms);
}

static void test_kaslr_offset(void **state)
{
	struct kallsyms *kallsyms = load(kallsyms_text);
	uint64_t pcs[NR_TRACE], offset = 7;

	(void)state;
	assert_ok(identity_kaslr_offset(trace, NR_TRACE, kallsyms, &offset));
	assert_int_equal(offset, OFFSET);
	/* nokaslr: the recorded PCs are the run-time addresses. */
	for (size_t i = 0; i < NR_TRACE; i++)
		pcs[i] = trace[i] + OFFSET;
	assert_ok(identity_kaslr_offset(pcs, NR_TRACE, kallsyms, &offset));
	assert_int_equal(offset, 0);
	kallsyms_destroy(kallsyms);
}

static void test_kaslr_offset_is_not_guessed(void **state)
{
	struct kallsyms *kallsyms = load(kallsyms_text);
	const uint64_t again[] = { trace[0], trace[1], trace[0] + 0x600000, trace[1] + 0x600000 };
	uint64_t offset = 7;

	(void)state;
	assert_error(identity_kaslr_offset(trace, 0, kallsyms, &offset), ERROR_NOT_FOUND, "KASLR");
	/* One PC could be anywhere. */
	assert_error(identity_kaslr_offset(trace, 1, kallsyms, &offset), ERROR_NOT_FOUND, "KASLR");
	/* No PC of the system call itself. */
	assert_error(identity_kaslr_offset(trace + 1, 10, kallsyms, &offset), ERROR_NOT_FOUND,
		     "KASLR");
	/* No PC of a known function. */
	assert_error(identity_kaslr_offset(trace + 11, 4, kallsyms, &offset), ERROR_NOT_FOUND,
		     "KASLR");
	/* Two candidates that are equally good. */
	assert_error(identity_kaslr_offset(again, 4, kallsyms, &offset), ERROR_NOT_FOUND, "KASLR");
	assert_int_equal(offset, 7);
	kallsyms_destroy(kallsyms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_hidden_addresses),
		cmocka_unit_test(test_kaslr_offset),
		cmocka_unit_test(test_kaslr_offset_is_not_guessed),
	};

	return cmocka_run_group_tests_name("kallsyms", tests, NULL, NULL);
}
