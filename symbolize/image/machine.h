/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine-dependent part of reading ELF files: one const struct per machine,
 * in its own file machine_NAME.c, and one line in the table of machine.c.
 * symbolize/code/arch.h has what depends on the machine in its code. Private to
 * symbolize/.
 */
#ifndef SYMBOLIZE_IMAGE_MACHINE_H
#define SYMBOLIZE_IMAGE_MACHINE_H

#include <stddef.h>
#include <stdint.h>

enum relocate_result {
	RELOCATE_DONE,
	RELOCATE_UNKNOWN,  /* the type is not known: the place is unchanged */
	RELOCATE_OVERFLOW, /* the place lies (partly) outside of the section */
};

/* Sections in which the kernel records where it changes the flow of control. */
enum kernel_table {
	KERNEL_EXCEPTIONS,   /* struct exception_table_entry */
	KERNEL_STATIC_KEYS,  /* struct jump_entry, include/linux/jump_label.h */
	KERNEL_ALTERNATIVES, /* struct alt_instr */
	KERNEL_TABLES,
};

struct machine {
	const char *name; /* as uname -m says it */
	uint16_t elf_machine;

	/* Names of the sections; NULL = this machine has none. */
	const char *tables[KERNEL_TABLES];

	/*
	 * Relocate the place at data[offset], whose address is `address`. value
	 * is S + A (symbol plus addend); size is that of data.
	 */
	enum relocate_result (*relocate)(uint32_t type, uint8_t *data, size_t size, uint64_t offset,
					 uint64_t address, uint64_t value);
};

extern const struct machine machine_x86_64;

/* NULL if this machine (EM_*) is not supported. */
const struct machine *machine_find(uint16_t elf_machine);
/* The name of a machine for messages ("arm64"), or NULL if it is not known. */
const char *machine_name(uint16_t elf_machine);

#endif
