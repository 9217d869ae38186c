// SPDX-License-Identifier: GPL-2.0-or-later
/* The two tables of machines, one for ELF files and one for code, agree. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "symbolize/code/arch.h"
#include "symbolize/image/machine.h"

static void test_same_machines(void **state)
{
	unsigned int nr = 0;

	(void)state;
	for (uint32_t number = 0; number <= UINT16_MAX; number++) {
		const struct machine *machine = machine_find(number);
		const struct arch *arch = arch_find(number);

		assert_int_equal(!machine, !arch);
		if (!machine)
			continue;
		assert_string_equal(machine->name, arch->name);
		assert_int_equal(!machine->tables[KERNEL_EXCEPTIONS], !arch->exception_size);
		assert_int_equal(!machine->tables[KERNEL_STATIC_KEYS], !arch->static_key_size);
		assert_int_equal(!machine->tables[KERNEL_ALTERNATIVES], !arch->alternative_size);
		nr++;
	}
	assert_true(nr > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_machines),
	};

	return cmocka_run_group_tests_name("machines", tests, NULL, NULL);
}
