/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A symbol table, and the sections of its symbols. The number of a section has 16 bits in a symbol,
 * and 0xff00 and more mean something else there. In a file with more sections, such numbers are in
 * a section of their own (gABI: SHN_XINDEX, SHT_SYMTAB_SHNDX).
 */
#ifndef SYMBOLIZE_IMAGE_ELF_SYMTAB_H
#define SYMBOLIZE_IMAGE_ELF_SYMTAB_H

#include "symbolize/image/elf_file.h"

struct elf_symtab {
	size_t nr_sections; /* of the file */
	Elf_Data *symbols, *numbers;
};

enum elf_symbol_place {
	ELF_SYMBOL_UNDEFINED,
	ELF_SYMBOL_IN_SECTION,
	ELF_SYMBOL_ABSOLUTE,
	ELF_SYMBOL_ELSEWHERE, /* common, or its section is not there */
};

struct elf_symbol {
	GElf_Sym sym;
	enum elf_symbol_place place;
	size_t section; /* of ELF_SYMBOL_IN_SECTION */
};

/* scn is a SHT_SYMTAB of the file. False: libelf cannot read it, elf_errno() says why. */
bool elf_symtab_init(struct elf_symtab *table, const struct elf_file *file, Elf_Scn *scn);
/* False: the table has no symbol number `index`. */
bool elf_symtab_get(const struct elf_symtab *table, size_t index, struct elf_symbol *ret);

#endif
