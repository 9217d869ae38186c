// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Relocate a .ko as the kernel's loader would. Executable sections are relocated
 * so that the code contains the target of each call, and debug sections so that
 * libdw sees the laid-out addresses. libdwfl could relocate debug sections, but
 * not code, and it lays out sections in its own way.
 *
 * Undefined symbols (in a module, those of the kernel) get pseudo addresses after
 * the layout, 16 bytes apart. So calls of them differ by address, as all other
 * calls do.
 */
#include <string.h>

#include "base/strbuf.h"
#include "symbolize/image/elf_symtab.h"
#include "symbolize/image/private.h"
#include "symbolize/image/relocations.h"

#define EXTERNAL_STRIDE 16
/*
 * In debug info, this replaces the address of code that the linker discarded, as
 * in the output of lld. 0 would be the start of .text, and -1 is a base address
 * selector in old range lists. In tables it is an address that leads nowhere.
 */
#define TOMBSTONE (UINT64_MAX - 1)

uint64_t elf_file_external_address(const struct elf_file *file, size_t index)
{
	return (file->end + 2 * EXTERNAL_STRIDE) / EXTERNAL_STRIDE * EXTERNAL_STRIDE +
	       index * EXTERNAL_STRIDE;
}

enum place_kind { PLACE_NONE, PLACE_CODE, PLACE_TABLE, PLACE_DEBUG };

struct relocation_context {
	const struct elf_file *file;
	const struct machine *machine;
	struct elf_symtab symbols;
	Elf_Data *place; /* data of the section being relocated */
	uint64_t place_address;
	enum place_kind kind;
};

static uint64_t symbol_value(const struct relocation_context *ctx, size_t index)
{
	struct elf_symbol symbol;

	if (index == 0 || !elf_symtab_get(&ctx->symbols, index, &symbol))
		return ctx->kind == PLACE_CODE ? 0 : TOMBSTONE;
	switch (symbol.place) {
	case ELF_SYMBOL_ABSOLUTE:
		return symbol.sym.st_value;
	case ELF_SYMBOL_UNDEFINED:
		return ctx->kind == PLACE_DEBUG ? TOMBSTONE
						: elf_file_external_address(ctx->file, index);
	case ELF_SYMBOL_IN_SECTION:
		return ctx->file->addresses[symbol.section] + symbol.sym.st_value;
	case ELF_SYMBOL_ELSEWHERE:
		break; /* no code */
	}
	return 0;
}

static struct error *apply_relocations(const struct relocation_context *ctx, Elf_Data *relas)
{
	GElf_Rela rela;

	for (size_t i = 0; gelf_getrela(relas, i, &rela); i++) {
		uint64_t symbol = symbol_value(ctx, GELF_R_SYM(rela.r_info));
		uint64_t value = symbol == TOMBSTONE ? TOMBSTONE : symbol + rela.r_addend;
		enum relocate_result result = ctx->machine->relocate(
			GELF_R_TYPE(rela.r_info), ctx->place->d_buf, ctx->place->d_size,
			rela.r_offset, ctx->place_address + rela.r_offset, value);

		/*
		 * An unknown type in code (GOT, TLS) is never a direct call; in DWARF
		 * it would leave wrong data. A table entry that is not relocated
		 * leads to no code.
		 */
		if (ctx->kind == PLACE_TABLE)
			continue;
		if (result == RELOCATE_OVERFLOW ||
		    (result == RELOCATE_UNKNOWN && ctx->kind == PLACE_DEBUG))
			return error_create(ERROR_FORMAT, "'%s' has a broken relocation of type %u",
					    ctx->file->path, (unsigned)GELF_R_TYPE(rela.r_info));
	}
	return NULL;
}

static bool is_debug_section(const char *name)
{
	return string_starts_with(name, ".debug_") || string_starts_with(name, ".zdebug_");
}

static bool is_kernel_table(const struct machine *machine, const char *name)
{
	for (size_t i = 0; i < KERNEL_TABLES; i++)
		if (machine->tables[i] && !strcmp(machine->tables[i], name))
			return true;
	return false;
}

static enum place_kind place_kind(const struct machine *machine, const char *name,
				  const GElf_Shdr *shdr)
{
	if (is_debug_section(name))
		return PLACE_DEBUG;
	if (shdr->sh_flags & SHF_EXECINSTR)
		return PLACE_CODE;
	return is_kernel_table(machine, name) ? PLACE_TABLE : PLACE_NONE;
}

/* The section that the relocations in shdr apply to, if we need it relocated; else NULL. */
static Elf_Scn *relocation_target(const struct relocation_context *ctx, const GElf_Shdr *shdr,
				  enum place_kind *ret)
{
	const struct elf_file *file = ctx->file;
	GElf_Shdr target;

	if (shdr->sh_type != SHT_RELA || shdr->sh_info == 0 || shdr->sh_info >= file->nr_sections)
		return NULL;
	Elf_Scn *scn = elf_getscn(file->elf, shdr->sh_info);
	if (!scn || !gelf_getshdr(scn, &target) || target.sh_type == SHT_NOBITS)
		return NULL;
	*ret = place_kind(ctx->machine, elf_file_section_name(file, scn), &target);
	return *ret == PLACE_NONE ? NULL : scn;
}

static struct error *relocate_target(struct relocation_context *ctx, Elf_Scn *scn,
				     const GElf_Shdr *shdr, Elf_Scn *target)
{
	const struct elf_file *file = ctx->file;
	Elf_Scn *symbols = elf_getscn(file->elf, shdr->sh_link);
	GElf_Shdr symbols_shdr;

	if (!symbols || !gelf_getshdr(symbols, &symbols_shdr) || symbols_shdr.sh_type != SHT_SYMTAB)
		return error_create(ERROR_FORMAT, "'%s' has relocations without symbols",
				    file->path);
	bool has_symbols = elf_symtab_init(&ctx->symbols, file, symbols);
	ctx->place = elf_getdata(target, NULL);
	ctx->place_address = file->addresses[elf_ndxscn(target)];
	Elf_Data *relas = elf_getdata(scn, NULL);
	if (!has_symbols || !ctx->place || !relas)
		return elf_error(file->path, "relocations");
	return apply_relocations(ctx, relas);
}

static struct error *relocate_section(struct elf_file *file, const struct machine *machine,
				      Elf_Scn *scn)
{
	struct relocation_context ctx = { .file = file, .machine = machine };
	GElf_Shdr shdr;

	if (!gelf_getshdr(scn, &shdr))
		return NULL;
	Elf_Scn *target = relocation_target(&ctx, &shdr, &ctx.kind);
	if (!target)
		return NULL;
	struct error *err = relocate_target(&ctx, scn, &shdr, target);
	/* Without a table we know less of the flow, but everything else is still right. */
	if (err && ctx.kind == PLACE_TABLE && err->code == ERROR_FORMAT) {
		error_destroy(err);
		return NULL;
	}
	return err;
}

struct error *elf_file_relocate(struct elf_file *file, const struct machine *machine)
{
	Elf_Scn *scn = NULL;

	if (file->type != ET_REL)
		return NULL;
	file->is_changed = true;
	while ((scn = elf_nextscn(file->elf, scn))) {
		struct error *err = relocate_section(file, machine, scn);
		if (err)
			return err;
	}
	return NULL;
}

/* In a file that is not relocatable, symbols and places have addresses. */
static uint64_t symbol_address(const struct relocation_context *ctx, size_t index)
{
	struct elf_symbol symbol;

	if (ctx->file->type == ET_REL)
		return symbol_value(ctx, index);
	return elf_symtab_get(&ctx->symbols, index, &symbol) && symbol.place != ELF_SYMBOL_UNDEFINED
		       ? symbol.sym.st_value
		       : 0;
}

static bool add_code_relocations(const struct relocation_context *ctx, Elf_Data *relas,
				 uint64_t target, struct address_vector *ret)
{
	GElf_Rela rela;

	for (size_t i = 0; gelf_getrela(relas, i, &rela); i++) {
		uint64_t place = ctx->place_address + rela.r_offset;
		size_t symbol = GELF_R_SYM(rela.r_info);

		if (symbol && symbol_address(ctx, symbol) == target &&
		    !address_vector_append(ret, &place))
			return false;
	}
	return true;
}

struct error *image_code_relocations(const struct image *image, uint64_t target,
				     struct address_vector *ret)
{
	const struct elf_file *file = &image->main;
	struct relocation_context ctx = { .file = file, .machine = image->machine };
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while ((scn = elf_nextscn(file->elf, scn))) {
		Elf_Scn *place =
			gelf_getshdr(scn, &shdr) ? relocation_target(&ctx, &shdr, &ctx.kind) : NULL;

		if (!place || ctx.kind != PLACE_CODE)
			continue;
		bool has_symbols =
			elf_symtab_init(&ctx.symbols, file, elf_getscn(file->elf, shdr.sh_link));
		ctx.place_address = file->type == ET_REL ? file->addresses[elf_ndxscn(place)] : 0;
		Elf_Data *relas = elf_getdata(scn, NULL);
		if (has_symbols && relas && !add_code_relocations(&ctx, relas, target, ret))
			return &error_no_memory;
	}
	return NULL;
}

static struct error *cannot_unpack(const struct elf_file *file, const char *name)
{
	return error_create(ERROR_FORMAT, "cannot unpack section '%s' of '%s'", name, file->path);
}

static struct error *decompress_gnu(struct elf_file *file, Elf_Scn *scn, struct budget *budget)
{
	/* "ZLIB" and a big-endian size */
	Elf_Data *data = elf_rawdata(scn, NULL);
	uint64_t size = 0;

	if (!data || data->d_size < 12 || memcmp(data->d_buf, "ZLIB", 4))
		return NULL; /* named .zdebug_ but not compressed: libdw reads it, too */
	for (int i = 4; i < 12; i++)
		size = size << 8 | ((const uint8_t *)data->d_buf)[i];
	struct error *err = budget_take(budget, BUDGET_UNPACKED, size);
	if (!err && elf_compress_gnu(scn, 0, 0) < 0)
		err = cannot_unpack(file, elf_file_section_name(file, scn));
	return err;
}

static struct error *decompress(struct elf_file *file, Elf_Scn *scn, const char *name,
				struct budget *budget)
{
	GElf_Chdr chdr;

	if (!gelf_getchdr(scn, &chdr))
		return cannot_unpack(file, name);
	struct error *err = budget_take(budget, BUDGET_UNPACKED, chdr.ch_size);
	if (err || elf_compress(scn, 0, 0) >= 0)
		return err;
	err = cannot_unpack(file, name);
	if (chdr.ch_type != ELFCOMPRESS_ZLIB)
		err = error_hint(err, "it is not zlib; objcopy --decompress-debug-sections helps");
	return err;
}

/* libdw ignores sections that cannot be read. So read all of them here. */
static struct error *load_debug_section(struct elf_file *file, Elf_Scn *scn, struct budget *budget)
{
	const char *name = elf_file_section_name(file, scn);
	struct error *err = NULL;
	GElf_Shdr shdr;

	if (!gelf_getshdr(scn, &shdr) || shdr.sh_type == SHT_NOBITS || !is_debug_section(name))
		return NULL;
	if (shdr.sh_flags & SHF_COMPRESSED || string_starts_with(name, ".zdebug_"))
		file->is_changed = true;
	if (string_starts_with(name, ".zdebug_"))
		err = decompress_gnu(file, scn, budget);
	else if (shdr.sh_flags & SHF_COMPRESSED)
		err = decompress(file, scn, name, budget);
	if (!err && !elf_getdata(scn, NULL))
		err = elf_error(file->path, name);
	return err;
}

struct error *elf_file_decompress(struct elf_file *file, struct budget *budget)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(file->elf, scn))) {
		struct error *err = load_debug_section(file, scn, budget);
		if (err)
			return err;
	}
	return NULL;
}
