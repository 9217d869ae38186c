// SPDX-License-Identifier: GPL-2.0-or-later
/* Read which supplementary file a file refers to, and keep libdw from looking for it. */
#include "symbolize/image/supplement.h"

#include <string.h>

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

/* libdw accepts a file that has a line table. This one has a byte of it. */
static struct {
	Elf64_Ehdr header;
	Elf64_Shdr sections[3];
	char names[32];
} empty_file = {
	.header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC,
		.e_version = EV_CURRENT,
		.e_shoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = 3,
		.e_shstrndx = 1,
	},
	.sections = {
		[1] = { .sh_name = 1, .sh_type = SHT_STRTAB,
			.sh_offset = sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Shdr), .sh_size = 32 },
		[2] = { .sh_name = 7, .sh_type = SHT_PROGBITS,
			.sh_offset = sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Shdr), .sh_size = 1 },
	},
	.names = "\0names\0.debug_line",
};

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
