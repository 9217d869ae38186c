// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Debug info that marks functions as not returning, for flow.s and module.s: these are assembly
 * and call such functions. The tests compile this with `gcc -O2 -g -c` and link it to either. gcc
 * writes a declaration only if the function is called, hence calls().
 */
__attribute__((noreturn)) void ends_by_name(void);
__attribute__((noreturn, weak)) void may_be_another(void);

__attribute__((noreturn)) void ends_by_address(void)
{
	for (;;)
		;
}

void calls(int which)
{
	if (which)
		ends_by_name();
	may_be_another();
}
