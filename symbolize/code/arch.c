// SPDX-License-Identifier: GPL-2.0-or-later
/* The machines whose code we read. */
#include "symbolize/code/arch.h"

static const struct arch *const archs[] = { &arch_x86_64 };

const struct arch *arch_find(uint16_t elf_machine)
{
	for (size_t i = 0; i < sizeof(archs) / sizeof(*archs); i++)
		if (archs[i]->elf_machine == elf_machine)
			return archs[i];
	return NULL;
}
