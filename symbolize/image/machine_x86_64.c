// SPDX-License-Identifier: GPL-2.0-or-later
/* x86-64. Relocations are those of the System V psABI AMD64, tables those of Linux 6.12. */
#include <elf.h>

#include "symbolize/image/machine.h"

static void write_le(uint8_t *p, uint64_t value, unsigned int size)
{
	for (unsigned int i = 0; i < size; i++)
		p[i] = value >> (8 * i);
}

static enum relocate_result x86_relocate(uint32_t type, uint8_t *data, size_t size, uint64_t offset,
					 uint64_t address, uint64_t value)
{
	unsigned int width = 4;

	switch (type) {
	case R_X86_64_NONE:
		return RELOCATE_DONE;
	case R_X86_64_64:
	case R_X86_64_DTPOFF64: /* thread-local variables, in DWARF */
		width = 8;
		break;
	case R_X86_64_PC64:
		width = 8;
		value -= address;
		break;
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		value -= address;
		break;
	case R_X86_64_32:
	case R_X86_64_32S:
	case R_X86_64_DTPOFF32:
		break;
	default:
		return RELOCATE_UNKNOWN;
	}
	if (offset > size || width > size - offset)
		return RELOCATE_OVERFLOW;
	write_le(data + offset, value, width);
	return RELOCATE_DONE;
}

const struct machine machine_x86_64 = {
	.name = "x86_64",
	.elf_machine = EM_X86_64,
	.tables = {
		[KERNEL_EXCEPTIONS] = "__ex_table",
		[KERNEL_STATIC_KEYS] = "__jump_table",
		[KERNEL_ALTERNATIVES] = ".altinstructions",
	},
	.relocate = x86_relocate,
};
