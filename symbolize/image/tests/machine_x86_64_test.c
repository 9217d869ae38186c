// SPDX-License-Identifier: GPL-2.0-or-later
/* Relocation types of x86-64, and the names of machines. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <elf.h>
#include <string.h>
#include <cmocka.h>

#include "symbolize/image/machine.h"
#include "symbolize/image/tests/bytes.h"

#define ADDRESS UINT64_C(0xffffffff81000000)

/* Relocate `size` bytes of 0xee, which are at ADDRESS, at offset; value: 0x8877665544332211. */
static const struct {
	const char *name;
	uint32_t type;
	size_t size;
	uint64_t offset;
	enum relocate_result want;
	const char *bytes;
} relocations[] = {
	{ "none", R_X86_64_NONE, 4, 100, RELOCATE_DONE, "ee ee ee ee" },
	{ "64 bits", R_X86_64_64, 10, 1, RELOCATE_DONE, "ee 11 22 33 44 55 66 77 88 ee" },
	{ "32 bits", R_X86_64_32, 6, 1, RELOCATE_DONE, "ee 11 22 33 44 ee" },
	{ "32 bits with a sign", R_X86_64_32S, 4, 0, RELOCATE_DONE, "11 22 33 44" },
	{ "relative", R_X86_64_PC32, 5, 1, RELOCATE_DONE, "ee 10 22 33 c3" },
	{ "a call", R_X86_64_PLT32, 5, 1, RELOCATE_DONE, "ee 10 22 33 c3" },
	{ "relative, 64 bits", R_X86_64_PC64, 9, 1, RELOCATE_DONE, "ee 10 22 33 c3 55 66 77 88" },
	{ "thread-local in DWARF, 64 bits", R_X86_64_DTPOFF64, 8, 0, RELOCATE_DONE,
	  "11 22 33 44 55 66 77 88" },
	{ "thread-local in DWARF, 32 bits", R_X86_64_DTPOFF32, 4, 0, RELOCATE_DONE, "11 22 33 44" },
	{ "a type that is not known", R_X86_64_GOTPCREL, 4, 0, RELOCATE_UNKNOWN, "ee ee ee ee" },
	{ "no such type, outside", 1000, 4, 100, RELOCATE_UNKNOWN, "ee ee ee ee" },
	{ "a byte too few", R_X86_64_32, 4, 1, RELOCATE_OVERFLOW, "ee ee ee ee" },
	{ "64 bits, a byte too few", R_X86_64_64, 8, 1, RELOCATE_OVERFLOW,
	  "ee ee ee ee ee ee ee ee" },
	{ "at the end", R_X86_64_32, 4, 4, RELOCATE_OVERFLOW, "ee ee ee ee" },
	{ "behind the end", R_X86_64_32, 4, 5, RELOCATE_OVERFLOW, "ee ee ee ee" },
	{ "an offset that wraps round", R_X86_64_32, 4, UINT64_MAX - 1, RELOCATE_OVERFLOW,
	  "ee ee ee ee" },
	{ "no bytes at all", R_X86_64_64, 0, 0, RELOCATE_OVERFLOW, "" },
};

static void test_relocations(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(relocations) / sizeof(*relocations); i++) {
		uint8_t bytes[BYTES_MAX], want[BYTES_MAX];
		size_t size = relocations[i].size;
		uint64_t offset = relocations[i].offset;

		memset(bytes, 0xee, sizeof(bytes));
		assert_int_equal(parse_bytes(relocations[i].bytes, want), size);
		enum relocate_result result =
			machine_x86_64.relocate(relocations[i].type, bytes, size, offset,
						ADDRESS + offset, 0x8877665544332211);
		if (result != relocations[i].want)
			fail_msg("%s: %d, not %d", relocations[i].name, result,
				 relocations[i].want);
		/* The byte after them is unchanged. */
		if (memcmp(bytes, want, size) || bytes[size] != 0xee)
			fail_msg("%s: other bytes", relocations[i].name);
	}
}

static void test_machines(void **state)
{
	(void)state;
	assert_ptr_equal(machine_find(EM_X86_64), &machine_x86_64);
	assert_null(machine_find(EM_NONE));
	assert_null(machine_find(EM_AARCH64));
	assert_string_equal(machine_name(EM_X86_64), machine_x86_64.name);
	assert_string_equal(machine_name(EM_AARCH64), "arm64");
	assert_null(machine_name(EM_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relocations),
		cmocka_unit_test(test_machines),
	};

	return cmocka_run_group_tests_name("machine_x86_64", tests, NULL, NULL);
}
