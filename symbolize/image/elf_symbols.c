// SPDX-License-Identifier: GPL-2.0-or-later
/* Read the symbols of code, with the addresses of the layout, and find them by address. */
#include <string.h>

#include "base/search.h"
#include "symbolize/image/elf_symtab.h"
#include "symbolize/image/private.h"

/*
 * Which symbol of an address to show: functions first, then global before weak
 * before local ones, then the one with the fewest leading '_'.
 */
static uint8_t symbol_rank(const GElf_Sym *sym, const char *name)
{
	uint8_t rank = 0;

	if (GELF_ST_TYPE(sym->st_info) != STT_FUNC)
		rank |= 0x80;
	if (GELF_ST_BIND(sym->st_info) == STB_LOCAL)
		rank |= 0x40;
	else if (GELF_ST_BIND(sym->st_info) == STB_WEAK)
		rank |= 0x20;
	for (; *name == '_' && (rank & 0xf) < 0xf; name++)
		rank++;
	return rank;
}

static bool symbol_type_is_code(const GElf_Sym *sym)
{
	switch (GELF_ST_TYPE(sym->st_info)) {
	case STT_FUNC:
	case STT_NOTYPE:
	case STT_GNU_IFUNC:
		return true;
	default:
		return false;
	}
}

/* Whether the section of a symbol of this file is executable. */
static bool symbol_is_in_code(const struct elf_file *file, const struct elf_symbol *symbol)
{
	GElf_Shdr shdr;

	if (symbol->place != ELF_SYMBOL_IN_SECTION)
		return false;
	Elf_Scn *scn = elf_getscn(file->elf, symbol->section);
	return scn && gelf_getshdr(scn, &shdr) && shdr.sh_flags & SHF_EXECINSTR;
}

static struct error *add_symbol(struct image *image, const struct elf_file *file, size_t index,
				const struct elf_symbol *symbol, const char *name)
{
	const GElf_Sym *sym = &symbol->sym;
	bool is_ifunc = GELF_ST_TYPE(sym->st_info) == STT_GNU_IFUNC;
	struct image_symbol s = {
		.name = name,
		.rank = symbol_rank(sym, name),
		.is_global = GELF_ST_BIND(sym->st_info) == STB_GLOBAL && !is_ifunc,
		.is_replaceable = GELF_ST_BIND(sym->st_info) == STB_WEAK || is_ifunc,
	};

	if (symbol->place == ELF_SYMBOL_UNDEFINED) {
		s.is_external = true;
		s.is_function = true;
		s.address = elf_file_external_address(file, index);
	} else {
		uint64_t base = file->type == ET_REL ? file->addresses[symbol->section] : 0;

		s.is_function = GELF_ST_TYPE(sym->st_info) != STT_NOTYPE;
		s.address = base + sym->st_value;
		const struct image_section *section = image_find_section(image, s.address);
		if (!section)
			return NULL;
		uint64_t room = section->size - (s.address - section->address);
		s.size = sym->st_size < room ? sym->st_size : room;
	}
	return image_symbol_vector_append(&image->symbols, &s) ? NULL : &error_no_memory;
}

static int compare_symbols(const void *va, const void *vb)
{
	const struct image_symbol *a = va, *b = vb;

	if (a->address != b->address)
		return compare_values(a->address, b->address);
	if (a->rank != b->rank)
		return compare_values(a->rank, b->rank);
	return strcmp(a->name, b->name);
}

static struct error *read_table(struct image *image, const struct elf_file *file, Elf_Scn *scn,
				const GElf_Shdr *shdr)
{
	struct elf_symtab table;
	struct elf_symbol symbol;

	if (!elf_symtab_init(&table, file, scn))
		return elf_error(file->path, "symbol table");
	if (!elf_file_strings_end(file, shdr->sh_link))
		return error_create(ERROR_FORMAT, "'%s' has a broken symbol table", file->path);
	for (size_t i = 1; elf_symtab_get(&table, i, &symbol); i++) {
		bool external = file->type == ET_REL && symbol.place == ELF_SYMBOL_UNDEFINED;

		if (!symbol_type_is_code(&symbol.sym) ||
		    (!external && !symbol_is_in_code(file, &symbol)))
			continue;
		const char *name = elf_strptr(file->elf, shdr->sh_link, symbol.sym.st_name);
		if (!name || !*name)
			continue;
		/* Names may be suffixes of each other. */
		struct error *err = budget_take(image->budget, BUDGET_NAMES, strlen(name) + 1);
		if (!err)
			err = add_symbol(image, file, i, &symbol, name);
		if (err)
			return err;
	}
	return NULL;
}

struct error *image_read_symbols(struct image *image, const struct elf_file *file)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while ((scn = elf_nextscn(file->elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_SYMTAB)
			continue;
		struct error *err = read_table(image, file, scn, &shdr);
		if (err)
			return err;
	}
	if (image->symbols.len)
		qsort(image->symbols.data, image->symbols.len, sizeof(*image->symbols.data),
		      compare_symbols);
	return NULL;
}

/* Functions can be nested (entry points within assembly code), but not deeply. */
#define SYMBOL_NESTING_MAX 64

/* The first symbol whose address is not below address. */
static size_t lower_bound(const struct image_symbol_vector *v, uint64_t address)
{
	return search_first(v->len, i, v->data[i].address >= address);
}

bool image_find_symbol(const struct image *image, uint64_t address, size_t *ret)
{
	const struct image_symbol_vector *v = &image->symbols;
	size_t i = address == UINT64_MAX ? v->len : lower_bound(v, address + 1);
	size_t label = SIZE_MAX;

	for (size_t n = 0; i && n < SYMBOL_NESTING_MAX; n++) {
		const struct image_symbol *s;

		/* Of several symbols at one address, show the first: it has the lowest rank. */
		i = lower_bound(v, v->data[i - 1].address);
		s = &v->data[i];
		if (address - s->address < s->size || (s->is_function && s->address == address)) {
			*ret = i;
			return true;
		}
		if (label == SIZE_MAX && !s->size)
			label = i;
	}
	const struct image_section *section = image_find_section(image, address);
	if (label == SIZE_MAX || !section || v->data[label].address < section->address)
		return false;
	*ret = label;
	return true;
}
