// SPDX-License-Identifier: GPL-2.0-or-later
/* The machines whose files we read, and the names of others for messages. */
#include "symbolize/image/machine.h"

#include <elf.h>

static const struct machine *const machines[] = { &machine_x86_64 };

const struct machine *machine_find(uint16_t elf_machine)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(*machines); i++)
		if (machines[i]->elf_machine == elf_machine)
			return machines[i];
	return NULL;
}

const char *machine_name(uint16_t elf_machine)
{
	/* The machines whose kernels have KCOV, and the usual mistakes. */
	static const struct {
		uint16_t machine;
		const char *name;
	} names[] = {
		{ EM_X86_64, "x86_64" }, { EM_AARCH64, "arm64" },
		{ EM_ARM, "arm" },	 { EM_386, "i386" },
		{ EM_RISCV, "riscv" },	 { EM_PPC64, "ppc64" },
		{ EM_PPC, "ppc" },	 { EM_S390, "s390" },
		{ EM_MIPS, "mips" },	 { EM_LOONGARCH, "loongarch" },
		{ EM_XTENSA, "xtensa" }, { EM_SPARCV9, "sparc64" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].machine == elf_machine)
			return names[i].name;
	return NULL;
}
