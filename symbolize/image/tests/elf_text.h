/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Make a tiny ELF file from a few words and open it as an image, for files that no compiler
 * writes. Sections and symbols are numbered from 1.
 *
 *	sections     ".text:x16+32 .bss:db8+64"
 *	             name, flags, alignment, size
 *	    x d n    code; data; not loaded
 *	    b        without bytes (SHT_NOBITS)
 *	    @4096    its address, in a file that is not relocatable
 *	symbols      "f@1+0:16 puts@u+0:0"
 *	             name, section (u: undefined, a: absolute), value, size
 *	    n o i    untyped, object, ifunc; else a function
 *	    l w      local, weak; else global
 *	relocations  "1+4=2>3-4"
 *	             section, offset, type, symbol, addend
 *	code         "1+16:e8ebffffff"
 *	             section, offset, bytes; bytes that are not given are nop (0x90)
 */
#ifndef SYMBOLIZE_IMAGE_TESTS_ELF_TEXT_H
#define SYMBOLIZE_IMAGE_TESTS_ELF_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/tests/assert.h"
#include "symbolize/image/image.h"

#define ELF_SECTIONS_MAX 24
#define ELF_BYTES_MAX	 4096

struct elf_text {
	const char *sections, *symbols, *relocations, *code;
	bool is_executable; /* ET_EXEC, not ET_REL */
};

struct elf_section {
	char name[32];
	Elf64_Shdr shdr;
	struct strbuf data;
};

struct elf_builder {
	struct elf_section sections[ELF_SECTIONS_MAX]; /* number 0 is the null section */
	uint32_t nr_sections, nr_given;
	struct strbuf names;
};

static struct elf_section *elf_add_section(struct elf_builder *b, const char *name, uint32_t type)
{
	struct elf_section *s = &b->sections[b->nr_sections];

	assert_true(b->nr_sections++ < ELF_SECTIONS_MAX);
	snprintf(s->name, sizeof(s->name), "%s", name);
	s->shdr = (Elf64_Shdr){ .sh_type = type, .sh_addralign = 1 };
	return s;
}

static void elf_parse_section(struct elf_builder *b, const char *word)
{
	char name[32], flags[8];
	unsigned long long align, size, address = 0;

	assert_true(sscanf(word, "%31[^:]:%7[a-z]%llu+%llu@%llu", name, flags, &align, &size,
			   &address) >= 4);
	struct elf_section *s =
		elf_add_section(b, name, strchr(flags, 'b') ? SHT_NOBITS : SHT_PROGBITS);
	s->shdr.sh_flags = strchr(flags, 'x')	? SHF_ALLOC | SHF_EXECINSTR
			   : strchr(flags, 'd') ? SHF_ALLOC | SHF_WRITE
						: 0;
	s->shdr.sh_addralign = align;
	s->shdr.sh_addr = address;
	s->shdr.sh_size = size;
	if (s->shdr.sh_type == SHT_NOBITS)
		return;
	assert_true(size <= ELF_BYTES_MAX);
	for (size_t i = 0; i < size; i++)
		strbuf_addch(&s->data, (char)0x90);
}

static void elf_parse_code(struct elf_builder *b, const char *word)
{
	unsigned int section, offset, byte;
	int len;

	assert_int_equal(sscanf(word, "%u+%u:%n", &section, &offset, &len), 2);
	for (word += len; sscanf(word, "%2x", &byte) == 1; word += 2) {
		assert_true(section <= b->nr_given && offset < b->sections[section].data.len);
		b->sections[section].data.data[offset++] = byte;
	}
	assert_string_equal(word, "");
}

static void elf_parse_symbol(struct elf_section *table, struct elf_section *names, const char *word)
{
	char name[64], section[8], flags[8] = "";
	unsigned long long value, size;

	assert_true(sscanf(word, "%63[^@]@%7[ua0-9]+%llu:%llu%7[a-z]", name, section, &value, &size,
			   flags) >= 4);
	int type = strchr(flags, 'n')	? STT_NOTYPE
		   : strchr(flags, 'o') ? STT_OBJECT
		   : strchr(flags, 'i') ? STT_GNU_IFUNC
					: STT_FUNC;
	int bind = strchr(flags, 'l') ? STB_LOCAL : strchr(flags, 'w') ? STB_WEAK : STB_GLOBAL;
	Elf64_Sym sym = {
		.st_name = names->data.len,
		.st_info = ELF64_ST_INFO(bind, type),
		.st_shndx = *section == 'u'   ? SHN_UNDEF
			    : *section == 'a' ? SHN_ABS
					      : strtoul(section, NULL, 10),
		.st_value = value,
		.st_size = size,
	};
	strbuf_add(&names->data, strcmp(name, "-") ? name : "",
		   strcmp(name, "-") ? strlen(name) + 1 : 1);
	strbuf_add(&table->data, &sym, sizeof(sym));
}

/* Each section has one table of relocations, so list relocations in the order of sections. */
static void elf_parse_relocation(struct elf_builder *b, uint32_t symbols, const char *word)
{
	struct elf_section *last = &b->sections[b->nr_sections - 1];
	unsigned int section, type, symbol;
	unsigned long long offset;
	long long addend;

	assert_int_equal(
		sscanf(word, "%u+%llu=%u>%u%lld", &section, &offset, &type, &symbol, &addend), 5);
	Elf64_Rela rela = { offset, ELF64_R_INFO((uint64_t)symbol, type), addend };
	if (last->shdr.sh_type != SHT_RELA || last->shdr.sh_info != section) {
		last = elf_add_section(b, ".rela", SHT_RELA);
		last->shdr.sh_info = section;
		last->shdr.sh_link = symbols;
		last->shdr.sh_entsize = sizeof(rela);
	}
	strbuf_add(&last->data, &rela, sizeof(rela));
}

/* Copy the next word of *text to `word`; false at the end. */
static bool elf_next_word(const char **text, char *word, size_t size)
{
	int len = 0;

	if (!*text || sscanf(*text, " %*s%n", &len) < 0 || !len)
		return false;
	const char *start = *text + strspn(*text, " ");
	assert_true((size_t)(*text + len - start) < size);
	snprintf(word, size, "%.*s", (int)(*text + len - start), start);
	*text += len;
	return true;
}

static void elf_parse(struct elf_builder *b, struct elf_text text)
{
	char word[256];

	elf_add_section(b, "", SHT_NULL);
	while (elf_next_word(&text.sections, word, sizeof(word)))
		elf_parse_section(b, word);
	b->nr_given = b->nr_sections - 1;
	while (elf_next_word(&text.code, word, sizeof(word)))
		elf_parse_code(b, word);
	uint32_t symbols = b->nr_sections;
	struct elf_section *table = elf_add_section(b, ".symtab", SHT_SYMTAB);
	struct elf_section *names = elf_add_section(b, ".strtab", SHT_STRTAB);
	table->shdr.sh_link = symbols + 1;
	table->shdr.sh_entsize = sizeof(Elf64_Sym);
	table->shdr.sh_addralign = 8;
	strbuf_add(&table->data, &(Elf64_Sym){ 0 }, sizeof(Elf64_Sym));
	strbuf_addch(&names->data, '\0');
	while (elf_next_word(&text.symbols, word, sizeof(word)))
		elf_parse_symbol(table, names, word);
	while (elf_next_word(&text.relocations, word, sizeof(word)))
		elf_parse_relocation(b, symbols, word);
	names = elf_add_section(b, ".shstrtab", SHT_STRTAB);
	for (uint32_t i = 0; i < b->nr_sections; i++) {
		b->sections[i].shdr.sh_name = names->data.len;
		strbuf_add(&names->data, b->sections[i].name, strlen(b->sections[i].name) + 1);
	}
}

static void elf_write(struct elf_builder *b, bool is_executable, struct strbuf *out)
{
	Elf64_Ehdr ehdr = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = is_executable ? ET_EXEC : ET_REL,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof(ehdr),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = b->nr_sections,
		.e_shstrndx = b->nr_sections - 1,
	};

	strbuf_add(out, &ehdr, sizeof(ehdr));
	for (uint32_t i = 0; i < b->nr_sections; i++) {
		struct elf_section *s = &b->sections[i];

		while (out->len % 8)
			strbuf_addch(out, '\0');
		s->shdr.sh_offset = out->len;
		if (s->shdr.sh_type == SHT_NOBITS || s->shdr.sh_type == SHT_NULL)
			continue;
		s->shdr.sh_size = s->data.len;
		strbuf_add(out, s->data.data, s->data.len);
	}
	while (out->len % 8)
		strbuf_addch(out, '\0');
	ehdr.e_shoff = out->len;
	for (uint32_t i = 0; i < b->nr_sections; i++)
		strbuf_add(out, &b->sections[i].shdr, sizeof(Elf64_Shdr));
	assert_null(strbuf_check(out));
	memcpy(out->data, &ehdr, sizeof(ehdr));
}

/* Open the file under the name 'elf', without debug info. */
static struct error *elf_text_open(const struct elf_text *text, struct image **ret)
{
	const struct image_options options = { .allow_no_debug = true };
	_cleanup_free_ struct elf_builder *b = calloc(1, sizeof(*b));
	_cleanup_strbuf_ struct strbuf file = STRBUF_INIT;

	assert_non_null(b);
	elf_parse(b, *text);
	elf_write(b, text->is_executable, &file);
	for (uint32_t i = 0; i < b->nr_sections; i++)
		strbuf_deinit(&b->sections[i].data);
	return image_open_memory(file.data, file.len, "elf", &options, ret);
}

/* The same for a file that must open. */
__attribute__((unused)) static struct image *elf_text_image(const struct elf_text *text)
{
	struct image *image;

	assert_ok(elf_text_open(text, &image));
	return image;
}

#endif
