// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Debug info that says of functions that they do not return, for flow.s and module.s, which are
 * assembly and call them: `gcc -O2 -g -c`, linked to either. Declarations are only written of what
 * is called.
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
