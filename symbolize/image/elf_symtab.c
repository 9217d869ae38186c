// SPDX-License-Identifier: GPL-2.0-or-later
/* Read symbols, and the numbers of their sections. */
#include "symbolize/image/elf_symtab.h"

/* The table with the large numbers; NULL = none. */
static Elf_Data *find_numbers(const struct elf_file *file, Elf_Scn *symbols)
{
	GElf_Shdr shdr;
	int number = elf_scnshndx(symbols);
	Elf_Scn *scn = number > 0 ? elf_getscn(file->elf, number) : NULL;

	return scn && gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_SYMTAB_SHNDX
		       ? elf_getdata(scn, NULL)
		       : NULL;
}

bool elf_symtab_init(struct elf_symtab *table, const struct elf_file *file, Elf_Scn *scn)
{
	*table = (struct elf_symtab){ .nr_sections = file->nr_sections };
	table->symbols = elf_getdata(scn, NULL);
	if (table->symbols)
		table->numbers = find_numbers(file, scn);
	return table->symbols;
}

bool elf_symtab_get(const struct elf_symtab *table, size_t index, struct elf_symbol *ret)
{
	*ret = (struct elf_symbol){ 0 };
	if (!gelf_getsym(table->symbols, index, &ret->sym))
		return false;
	size_t number = ret->sym.st_shndx;
	if (number == SHN_XINDEX) {
		Elf32_Word large = 0;
		GElf_Sym sym;

		if (!table->numbers ||
		    !gelf_getsymshndx(table->symbols, table->numbers, index, &sym, &large))
			large = 0;
		number = large;
		ret->place = ELF_SYMBOL_ELSEWHERE;
	} else if (number >= SHN_LORESERVE) {
		ret->place = number == SHN_ABS ? ELF_SYMBOL_ABSOLUTE : ELF_SYMBOL_ELSEWHERE;
		return true;
	}
	if (number && number < table->nr_sections) {
		ret->place = ELF_SYMBOL_IN_SECTION;
		ret->section = number;
	} else if (number) {
		ret->place = ELF_SYMBOL_ELSEWHERE;
	}
	return true;
}
