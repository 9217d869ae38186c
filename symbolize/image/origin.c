// SPDX-License-Identifier: GPL-2.0-or-later
/* Follow references from one DIE to another. */
#include "symbolize/image/origin.h"

#include <dwarf.h>
#include <string.h>

#include "symbolize/image/private.h"

const Elf_Data *origin_section(const struct image *image)
{
	const struct elf_file *file = image->debug.elf ? &image->debug : &image->main;
	Elf_Scn *scn = elf_file_section(file, ".debug_info");

	return scn ? elf_getdata(scn, NULL) : NULL;
}

/*
 * A reference into the supplementary file. libdw (0.188 at least) looks for this offset in the
 * file itself, and so finds another DIE or none.
 */
static bool follow_sup(const Elf_Data *data, const Dwarf_Attribute *attr, Dwarf_Die *ret)
{
	size_t size = attr->form == DW_FORM_ref_sup4 ? 4 : 8;
	uint64_t offset = 0;

	if (!data || !data->d_buf)
		return false;
	uintptr_t start = (uintptr_t)data->d_buf, at = (uintptr_t)attr->valp;
	if (data->d_size < size || at < start || at - start > data->d_size - size)
		return false;
	memcpy(&offset, attr->valp, size);
	Dwarf *supplement = dwarf_getalt(dwarf_cu_getdwarf(attr->cu));
	return supplement && dwarf_offdie(supplement, offset, ret);
}

enum origin origin_follow(const Elf_Data *section, Dwarf_Die *die, unsigned int name,
			  Dwarf_Attribute *attr, Dwarf_Die *ret)
{
	bool ok;

	if (!dwarf_attr(die, name, attr))
		return ORIGIN_NONE;
	if (attr->form == DW_FORM_ref_sup4 || attr->form == DW_FORM_ref_sup8)
		ok = follow_sup(section, attr, ret);
	else
		ok = dwarf_formref_die(attr, ret);
	return ok && dwarf_tag(ret) != DW_TAG_invalid ? ORIGIN_FOUND : ORIGIN_UNREAD;
}

bool origin_find(const Elf_Data *section, const Dwarf_Die *die, unsigned int name,
		 Dwarf_Attribute *ret)
{
	Dwarf_Die at = *die, next;
	Dwarf_Attribute attr;

	for (int hops = 0; hops <= ORIGIN_HOPS_MAX; hops++, at = next) {
		if (dwarf_attr(&at, name, ret))
			return true;
		if (origin_follow(section, &at, DW_AT_abstract_origin, &attr, &next) !=
			    ORIGIN_FOUND &&
		    origin_follow(section, &at, DW_AT_specification, &attr, &next) != ORIGIN_FOUND)
			return false;
	}
	return false;
}
