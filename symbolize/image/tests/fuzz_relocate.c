// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz entry: any bytes as the relocations, symbols and sections of a small .ko, which is then
 * indexed. All other bytes of the file are right, so that a fuzzer reaches the relocation of code,
 * debug info and the kernel's tables at once. The input is laid over struct parts.
 */
#include "base/tests/fuzz_main.h"

#include <elf.h>

#include "symbolize/tests/read_everything.h"

enum {
	NONE,
	TEXT,
	COLD,
	TABLE,
	DEBUG,
	RELA_TEXT,
	RELA_COLD,
	RELA_TABLE,
	RELA_DEBUG,
	SYMBOLS,
	STRINGS,
	NR_SECTIONS
};

#define NR_RELAS   8
#define NR_SYMBOLS 8

/* What a fuzzer changes. */
struct parts {
	/* Of each section: added to, or replacing, what it would be. */
	struct {
		uint8_t link, info, flags, align, type;
	} sections[NR_SECTIONS];
	Elf64_Sym symbols[NR_SYMBOLS];
	Elf64_Rela relas[RELA_DEBUG - RELA_TEXT + 1][NR_RELAS];
	uint8_t content[DEBUG - TEXT + 1][64];
};

struct module {
	Elf64_Ehdr header;
	Elf64_Shdr sections[NR_SECTIONS];
	struct parts parts;
	char strings[128];
};

static const char strings[] = "\0.text\0.text.unlikely\0__jump_table\0.debug_addr\0.rela.text\0"
			      ".symtab\0.strtab\0__sanitizer_cov_trace_pc\0panic\0f";

/* Where name is in strings. */
static uint32_t string_at(const char *name)
{
	return (const char *)memmem(strings, sizeof(strings), name, strlen(name) + 1) - strings;
}

static void place(Elf64_Shdr *s, const char *name, uint32_t type, uint64_t offset, uint64_t size,
		  uint64_t entry)
{
	*s = (Elf64_Shdr){ .sh_name = string_at(name),
			   .sh_type = type,
			   .sh_offset = offset,
			   .sh_size = size,
			   .sh_entsize = entry,
			   .sh_addralign = 1 };
}

static void place_sections(struct module *m)
{
	static const char *const names[] = { ".text", ".text.unlikely", "__jump_table",
					     ".debug_addr" };
	const size_t parts = offsetof(struct module, parts);

	for (int i = TEXT; i <= DEBUG; i++) {
		Elf64_Shdr *rela = &m->sections[RELA_TEXT + i - TEXT];

		place(&m->sections[i], names[i - TEXT], SHT_PROGBITS,
		      parts + offsetof(struct parts, content) + (i - TEXT) * 64, 64, 0);
		m->sections[i].sh_flags = i <= COLD    ? SHF_ALLOC | SHF_EXECINSTR
					  : i == TABLE ? SHF_ALLOC
						       : 0;
		place(rela, ".rela.text", SHT_RELA,
		      parts + offsetof(struct parts, relas) +
			      (i - TEXT) * sizeof(m->parts.relas[0]),
		      sizeof(m->parts.relas[0]), sizeof(Elf64_Rela));
		rela->sh_link = SYMBOLS;
		rela->sh_info = i;
	}
	place(&m->sections[SYMBOLS], ".symtab", SHT_SYMTAB, parts + offsetof(struct parts, symbols),
	      sizeof(m->parts.symbols), sizeof(Elf64_Sym));
	m->sections[SYMBOLS].sh_link = STRINGS;
	m->sections[SYMBOLS].sh_info = 1;
	place(&m->sections[STRINGS], ".strtab", SHT_STRTAB, offsetof(struct module, strings),
	      sizeof(m->strings), 0);
}

static void change_sections(struct module *m)
{
	for (int i = TEXT; i < NR_SECTIONS; i++) {
		Elf64_Shdr *s = &m->sections[i];

		s->sh_link += m->parts.sections[i].link;
		s->sh_info += m->parts.sections[i].info;
		s->sh_flags ^= m->parts.sections[i].flags;
		s->sh_addralign <<= m->parts.sections[i].align % 64;
		s->sh_type += m->parts.sections[i].type;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct module m = {
		.header = { .e_ident = ELFMAG,
			    .e_type = ET_REL,
			    .e_machine = EM_X86_64,
			    .e_version = EV_CURRENT,
			    .e_shoff = offsetof(struct module, sections),
			    .e_ehsize = sizeof(Elf64_Ehdr),
			    .e_shentsize = sizeof(Elf64_Shdr),
			    .e_shnum = NR_SECTIONS,
			    .e_shstrndx = STRINGS },
	};

	m.header.e_ident[EI_CLASS] = ELFCLASS64;
	m.header.e_ident[EI_DATA] = ELFDATA2LSB;
	m.header.e_ident[EI_VERSION] = EV_CURRENT;
	memcpy(m.strings, strings, sizeof(strings));
	memcpy(&m.parts, data, size < sizeof(m.parts) ? size : sizeof(m.parts));
	place_sections(&m);
	change_sections(&m);
	error_destroy(read_everything(&m, sizeof(m)));
	return 0;
}
