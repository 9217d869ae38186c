// SPDX-License-Identifier: GPL-2.0-or-later
/* Read which supplementary file a file refers to, and keep libdw from looking for it. */
#include "symbolize/image/supplement.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/varint.h"

#define SUP_VERSION 5 /* of .debug_sup */

/* The bytes of a section that were not read yet. */
struct cursor {
	const uint8_t *at, *end;
};

static bool open_section(const struct elf_file *file, const char *name, struct cursor *ret)
{
	Elf_Scn *scn = elf_file_section(file, name);
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;

	*ret = (struct cursor){ 0 };
	if (data && data->d_buf)
		*ret = (struct cursor){ data->d_buf, (const uint8_t *)data->d_buf + data->d_size };
	return scn;
}

static const char *take_string(struct cursor *c)
{
	const char *string = (const char *)c->at;
	const uint8_t *nul = c->at ? memchr(c->at, '\0', c->end - c->at) : NULL;

	if (!nul)
		return NULL;
	c->at = nul + 1;
	return string;
}

static bool take_id(struct cursor *c, uint64_t size, struct build_id *ret)
{
	if (!size || size > BUILD_ID_MAX || size > (uint64_t)(c->end - c->at))
		return false;
	ret->size = size;
	memcpy(ret->bytes, c->at, size);
	return true;
}

/* False if it cannot be read. */
static bool read_debug_sup(struct cursor c, struct supplement_link *ret, bool *ret_is_supplement)
{
	uint64_t size;

	if (c.end - c.at < 3 || c.at[0] != SUP_VERSION || c.at[1])
		return false;
	*ret_is_supplement = c.at[2];
	c.at += 3;
	ret->name = take_string(&c);
	ret->is_checksum = true;
	return ret->name && varint_get(&c.at, c.end, &size) && take_id(&c, size, &ret->id);
}

enum supplement_state supplement_read_link(const struct elf_file *file, struct supplement_link *ret)
{
	struct supplement_link link = { 0 };
	bool is_supplement = false, ok;
	struct cursor c;

	if (open_section(file, ".gnu_debugaltlink", &c)) {
		link.name = take_string(&c);
		ok = link.name && take_id(&c, c.end - c.at, &link.id);
	} else if (open_section(file, ".debug_sup", &c)) {
		ok = read_debug_sup(c, &link, &is_supplement);
	} else {
		return SUPPLEMENT_NONE;
	}
	if (!ok)
		return SUPPLEMENT_BROKEN;
	*ret = link;
	return is_supplement ? SUPPLEMENT_NONE : SUPPLEMENT_NAMED;
}

bool supplement_has_checksum(const struct elf_file *file, const struct build_id *checksum)
{
	struct supplement_link link = { 0 };
	bool is_supplement;
	struct cursor c;

	return open_section(file, ".debug_sup", &c) && read_debug_sup(c, &link, &is_supplement) &&
	       is_supplement && build_id_equal(&link.id, checksum);
}

static bool has_section(const struct elf_file *file, const char *name, const char *packed)
{
	return elf_file_section(file, name) || elf_file_section(file, packed);
}

/* One with abbreviations had debug info, which was removed. */
bool supplement_is_usable(const struct elf_file *file)
{
	return elf_file_has_dwarf(file) || (has_section(file, ".debug_str", ".zdebug_str") &&
					    !has_section(file, ".debug_abbrev", ".zdebug_abbrev"));
}

/* libdw accepts a file that has a line table. This one has a byte of it. Strings may follow. */
struct small_file {
	Elf64_Ehdr header;
	Elf64_Shdr sections[4];
	char names[32];
};

#define NAMES_AT offsetof(struct small_file, names)

static struct small_file empty_file = {
	.header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC,
		.e_version = EV_CURRENT,
		.e_shoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = 4,
		.e_shstrndx = 1,
	},
	.sections = {
		[1] = { .sh_name = 1, .sh_type = SHT_STRTAB, .sh_offset = NAMES_AT,
			.sh_size = 31 },
		[2] = { .sh_name = 7, .sh_type = SHT_PROGBITS, .sh_offset = NAMES_AT + 31,
			.sh_size = 1 },
		[3] = { .sh_name = 19, .sh_type = SHT_PROGBITS,
			.sh_offset = sizeof(struct small_file) },
	},
	.names = "\0names\0.debug_line\0.debug_str",
};

struct error *supplement_complete(struct elf_file *file, struct budget *budget)
{
	_cleanup_free_ struct small_file *copy = NULL;
	uint64_t budget_size = budget->size;
	struct elf_file complete;
	struct cursor strings;

	if (elf_file_has_dwarf(file) || (!open_section(file, ".debug_str", &strings) &&
					 !open_section(file, ".zdebug_str", &strings)))
		return NULL;
	size_t size = strings.end - strings.at;
	copy = malloc(sizeof(*copy) + size);
	if (!copy)
		return &error_no_memory;
	*copy = empty_file;
	copy->header.e_machine = file->machine;
	copy->sections[3].sh_size = size;
	if (size)
		memcpy(copy + 1, strings.at, size);
	struct error *err =
		elf_file_init_memory(&complete, copy, sizeof(*copy) + size, file->path, budget);
	budget->size = budget_size; /* It has no bytes that are not in the file. */
	if (err)
		return err;
	complete.weight = file->weight;
	complete.build_id = file->build_id;
	elf_file_deinit(file);
	*file = complete;
	return NULL;
}

bool empty_supplement_init(struct empty_supplement *empty)
{
	*empty = (struct empty_supplement){ 0 };
	empty->elf = elf_memory((char *)&empty_file, sizeof(empty_file));
	if (empty->elf)
		empty->dwarf = dwarf_begin_elf(empty->elf, DWARF_C_READ, NULL);
	if (!empty->dwarf)
		empty_supplement_deinit(empty);
	return empty->dwarf;
}

void empty_supplement_deinit(struct empty_supplement *empty)
{
	if (empty->dwarf)
		dwarf_end(empty->dwarf);
	if (empty->elf)
		elf_end(empty->elf);
	*empty = (struct empty_supplement){ 0 };
}
