// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compute the addresses of the sections of a file.
 *
 * Those of a relocatable file follow Linux, kernel/module/main.c,
 * __layout_sections(): the sections with SHF_EXECINSTR | SHF_ALLOC come first in
 * the core part, in the order of the section headers, each aligned to its
 * sh_addralign. Those whose name starts with ".init" go to a region of their
 * own. So the file tells the distance of a core section from .text, but not that
 * of an .init section. (Without CONFIG_MODULE_UNLOAD the kernel drops .exit
 * sections together with .init. Then nothing runs there, and no PC lies there.)
 */
#include <string.h>

#include "base/strbuf.h"
#include "symbolize/image/elf_file.h"

/* A 32-bit displacement must reach all code of a module; we limit all its sections to 31 bits. */
#define LAYOUT_MAX ((uint64_t)1 << 31)

enum section_class { SECTION_CORE_TEXT, SECTION_OTHER_TEXT, SECTION_DATA, SECTION_NOT_LOADED };

static enum section_class section_classify(const char *name, const GElf_Shdr *shdr)
{
	if (!(shdr->sh_flags & SHF_ALLOC))
		return SECTION_NOT_LOADED;
	if (!(shdr->sh_flags & SHF_EXECINSTR))
		return SECTION_DATA;
	return string_starts_with(name, ".init") ? SECTION_OTHER_TEXT : SECTION_CORE_TEXT;
}

/* Place the section at the next aligned address; false if it does not fit. */
static bool place_section(const GElf_Shdr *shdr, uint64_t *at, uint64_t *ret)
{
	uint64_t align = shdr->sh_addralign ? shdr->sh_addralign : 1;

	if (align > LAYOUT_MAX || shdr->sh_size > LAYOUT_MAX)
		return false;
	uint64_t start = (*at + align - 1) / align * align;
	if (start + shdr->sh_size > LAYOUT_MAX)
		return false;
	*ret = start;
	*at = start + shdr->sh_size;
	return true;
}

/* Lay out the sections of one class. *text: the address of .text, UINT64_MAX = not placed yet. */
static bool layout_class(struct elf_file *file, enum section_class class, uint64_t *at,
			 uint64_t *text)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while ((scn = elf_nextscn(file->elf, scn))) {
		const char *name = elf_file_section_name(file, scn);
		uint64_t *address = &file->addresses[elf_ndxscn(scn)];

		if (!gelf_getshdr(scn, &shdr) || section_classify(name, &shdr) != class)
			continue;
		if (!place_section(&shdr, at, address))
			return false;
		if (class == SECTION_CORE_TEXT && *text == UINT64_MAX && !strcmp(name, ".text"))
			*text = *address;
	}
	return true;
}

/*
 * Move .text to 0. Core sections before it would get negative addresses, so they
 * are placed after the rest, and their run-time addresses count as not known.
 * The kernel's linker script puts .text first.
 */
static void rebase_core(struct elf_file *file, uint64_t text, uint64_t *at)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while ((scn = elf_nextscn(file->elf, scn))) {
		uint64_t *address = &file->addresses[elf_ndxscn(scn)];

		if (!gelf_getshdr(scn, &shdr) ||
		    section_classify(elf_file_section_name(file, scn), &shdr) != SECTION_CORE_TEXT)
			continue;
		if (*address >= text)
			*address -= text;
		else
			(void)place_section(&shdr, at, address);
	}
}

static struct error *layout_relocatable(struct elf_file *file)
{
	uint64_t at = 0, text = UINT64_MAX;
	bool ok = layout_class(file, SECTION_CORE_TEXT, &at, &text);

	if (text != UINT64_MAX)
		at -= text;
	file->known_end = at;
	if (ok && text != UINT64_MAX && text > 0)
		rebase_core(file, text, &at);
	ok = ok && layout_class(file, SECTION_OTHER_TEXT, &at, &text) &&
	     layout_class(file, SECTION_DATA, &at, &text);
	if (!ok)
		return error_create(ERROR_FORMAT, "'%s' has sections of impossible size",
				    file->path);
	file->end = at;
	return NULL;
}

struct error *elf_file_layout(struct elf_file *file)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	file->addresses = calloc(file->nr_sections + 1, sizeof(*file->addresses));
	if (!file->addresses)
		return &error_no_memory;
	file->known_end = UINT64_MAX;
	if (file->type == ET_REL)
		return layout_relocatable(file);
	while ((scn = elf_nextscn(file->elf, scn)))
		if (gelf_getshdr(scn, &shdr) && shdr.sh_flags & SHF_ALLOC)
			file->addresses[elf_ndxscn(scn)] = shdr.sh_addr;
	return NULL;
}
