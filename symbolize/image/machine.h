/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an ELF file needs to know of its machine: one const struct per machine,
 * in one file machine_NAME.c, and one line in the table in machine.c. What its
 * instructions do is in symbolize/code/arch.h. Private to symbolize/.
 */
#ifndef SYMBOLIZE_IMAGE_MACHINE_H
#define SYMBOLIZE_IMAGE_MACHINE_H

#include <stddef.h>
#include <stdint.h>

enum relocate_result {
	RELOCATE_DONE,
	RELOCATE_UNKNOWN,  /* no such type: the place is as before */
	RELOCATE_OVERFLOW, /* the place lies (partly) outside of the section */
};

/* Sections in which the kernel keeps what it does to the flow of control. */
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

	/* Write S + A = value into the place at data[offset], which has this address. */
	enum relocate_result (*relocate)(uint32_t type, uint8_t *data, size_t size, uint64_t offset,
					 uint64_t address, uint64_t value);
};

extern const struct machine machine_x86_64;

/* NULL when this machine (EM_*) is not supported. */
const struct machine *machine_find(uint16_t elf_machine);
/* The name of a machine for messages ("arm64"), or NULL when not known. */
const char *machine_name(uint16_t elf_machine);

#endif
