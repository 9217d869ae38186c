// SPDX-License-Identifier: GPL-2.0-or-later
/* Relocation types to the bytes that they write. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <elf.h>
#include <string.h>

#include "symbolize/image/machine.h"

#define UNTOUCHED 'w'
#define SIZE	  16
#define PLACE	  UINT64_C(0xffffffff81000100)

static const struct {
	const char *what;
	uint32_t type;
	uint64_t offset, value;
	enum relocate_result result;
	uint8_t bytes[SIZE]; /* UNTOUCHED where nothing is written */
} x86_cases[] = {
	{ "64 bits", R_X86_64_64, 0, 0x1122334455667788, RELOCATE_DONE,
	  "\x88\x77\x66\x55\x44\x33\x22\x11"
	  "wwwwwwww" },
	{ "32 bits", R_X86_64_32S, 4, 0xffffffff81000004, RELOCATE_DONE,
	  "wwww"
	  "\x04\0\0\x81"
	  "wwwwwwww" },
	{ "32 bits from the place", R_X86_64_PC32, 12, PLACE + 12 - 4, RELOCATE_DONE,
	  "wwwwwwwwwwww"
	  "\xfc\xff\xff\xff" },
	{ "a call", R_X86_64_PLT32, 1, PLACE + 1 + 0x203, RELOCATE_DONE,
	  "w"
	  "\x03\x02\0\0"
	  "wwwwwwwwwww" },
	{ "64 bits from the place", R_X86_64_PC64, 8, PLACE + 8 - 1, RELOCATE_DONE,
	  "wwwwwwww"
	  "\xff\xff\xff\xff\xff\xff\xff\xff" },
	{ "nothing", R_X86_64_NONE, 99, 1, RELOCATE_DONE, "wwwwwwwwwwwwwwww" },
	{ "not known", R_X86_64_GOTPCREL, 0, 1, RELOCATE_UNKNOWN, "wwwwwwwwwwwwwwww" },
	{ "last bytes", R_X86_64_32, 12, 0x01020304, RELOCATE_DONE,
	  "wwwwwwwwwwww"
	  "\4\3\2\1" },
	{ "over the end", R_X86_64_32, 13, 1, RELOCATE_OVERFLOW, "wwwwwwwwwwwwwwww" },
	{ "over the end, 64 bits", R_X86_64_64, 9, 1, RELOCATE_OVERFLOW, "wwwwwwwwwwwwwwww" },
	{ "after the end", R_X86_64_32, UINT64_MAX - 1, 1, RELOCATE_OVERFLOW, "wwwwwwwwwwwwwwww" },
};

static void test_relocate_x86_64(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(x86_cases) / sizeof(*x86_cases); i++) {
		uint8_t data[SIZE];

		memset(data, UNTOUCHED, sizeof(data));
		enum relocate_result result = machine_x86_64.relocate(
			x86_cases[i].type, data, sizeof(data), x86_cases[i].offset,
			PLACE + x86_cases[i].offset, x86_cases[i].value);
		if (result != x86_cases[i].result || memcmp(data, x86_cases[i].bytes, SIZE))
			fail_msg("%s", x86_cases[i].what);
	}
}

static void test_find(void **state)
{
	(void)state;
	assert_ptr_equal(machine_find(EM_X86_64), &machine_x86_64);
	assert_null(machine_find(EM_386));
	assert_string_equal(machine_name(EM_X86_64), machine_x86_64.name);
	assert_string_equal(machine_name(EM_AARCH64), "arm64");
	assert_null(machine_name(EM_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relocate_x86_64),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
