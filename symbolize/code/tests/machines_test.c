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
		for (int table = 0; table < KERNEL_TABLES; table++)
			assert_int_equal(!machine->tables[table],
					 !arch->table_entry_sizes[table][0]);
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
