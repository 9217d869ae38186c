// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Say why an attribute cannot be read: mostly a tool removed the section that it refers to. libdw
 * then acts as if there was no such attribute.
 */
#include <dwarf.h>

#include "symbolize/image/dwarf_session.h"
#include "symbolize/image/unit.h"

/* The sections that a form needs. has_addresses: the unit refers to .debug_addr. */
static const char *const *sections_of(const Dwarf_Attribute *attr, bool has_addresses)
{
	static const char *const strings[] = { ".debug_str", NULL };
	static const char *const line_strings[] = { ".debug_line_str", NULL };
	static const char *const indexed_strings[] = { ".debug_str_offsets", ".debug_str", NULL };
	static const char *const addresses[] = { ".debug_addr", NULL };
	static const char *const lists[] = { ".debug_rnglists", NULL };
	static const char *const indexed_lists[] = { ".debug_rnglists", ".debug_addr", NULL };
	static const char *const old_lists[] = { ".debug_ranges", NULL };
	static const char *const none[] = { NULL };
	Dwarf_Half version = 0;

	switch (attr->form) {
	case DW_FORM_strp:
	case DW_FORM_GNU_strp_alt:
	case DW_FORM_strp_sup:
		return strings;
	case DW_FORM_line_strp:
		return line_strings;
	case DW_FORM_strx:
	case DW_FORM_strx1 ... DW_FORM_strx4:
		return indexed_strings;
	case DW_FORM_addrx:
	case DW_FORM_addrx1 ... DW_FORM_addrx4:
		return addresses;
	case DW_FORM_rnglistx:
		return has_addresses ? indexed_lists : lists;
	case DW_FORM_sec_offset:
		dwarf_cu_info(attr->cu, &version, NULL, NULL, NULL, NULL, NULL, NULL);
		if (attr->code != DW_AT_ranges)
			return none;
		if (version < 5)
			return old_lists;
		return has_addresses ? indexed_lists : lists;
	default:
		return none;
	}
}

struct error *unit_lacks_section(const struct unit *unit, const char *what, const char *section)
{
	return elf_file_lacks(unit->file, what, section);
}

void unit_note_table(struct unit *unit, const Dwarf_Die *cu)
{
	static const char what[] = "files of functions";
	Dwarf_Half version = 0;
	Dwarf_Die die = *cu;

	if (unit->unread || !unit->alt ||
	    dwarf_cu_getdwarf(cu->cu) != dwarf_getalt(dwarf_cu_getdwarf(unit->ranges_die.cu)))
		return;
	/* It does not say where its table is. */
	if (dwarf_tag(&die) == DW_TAG_invalid) {
		unit->unread = dwarf_error(unit->alt->path, what);
		return;
	}
	dwarf_cu_info(cu->cu, &version, NULL, NULL, NULL, NULL, NULL, NULL);
	unit->unread = elf_file_lacks(unit->alt, what, ".debug_line");
	if (!unit->unread && version >= 5)
		unit->unread = elf_file_lacks(unit->alt, what, ".debug_line_str");
}

static bool is_shared(const Dwarf_Attribute *attr)
{
	switch (attr->form) {
	case DW_FORM_GNU_strp_alt:
	case DW_FORM_strp_sup:
	case DW_FORM_GNU_ref_alt:
	case DW_FORM_ref_sup4:
	case DW_FORM_ref_sup8:
		return true;
	default:
		return false;
	}
}

/*
 * The file with what an attribute refers to; NULL = a .dwo file. The strings of a .dwo file or a
 * supplement are in that file, all addresses in the image.
 */
static const struct elf_file *file_of(const struct unit *unit, const Dwarf_Attribute *attr)
{
	Dwarf *own = dwarf_cu_getdwarf(unit->ranges_die.cu), *of = dwarf_cu_getdwarf(attr->cu);

	if (of == own)
		return is_shared(attr) ? unit->alt : unit->file;
	return of == dwarf_getalt(own) ? unit->alt : NULL;
}

struct error *unit_unread(const struct unit *unit, const Dwarf_Attribute *attr, const char *what)
{
	const struct elf_file *file = attr ? file_of(unit, attr) : NULL;
	Dwarf_Die die = unit->ranges_die;
	struct error *err = NULL;

	if (file)
		for (const char *const *s = sections_of(attr, dwarf_hasattr(&die, DW_AT_addr_base));
		     !err && *s; s++)
			err = elf_file_lacks(file, what, *s);
	return err ? err : dwarf_error(file ? file->path : unit->file->path, what);
}

void unit_note_unread(struct unit *unit, const Dwarf_Attribute *attr, const char *what)
{
	/* A supplement that is missing was said when the image was opened. */
	if (!unit->unread && (unit->alt || !is_shared(attr)))
		unit->unread = unit_unread(unit, attr, what);
}

const char *unit_string(struct unit *unit, Dwarf_Die *die, unsigned int name, const char *what)
{
	Dwarf_Attribute attr;

	if (!dwarf_attr(die, name, &attr))
		return NULL;
	const char *ret = dwarf_formstring(&attr);
	if (!ret)
		unit_note_unread(unit, &attr, what);
	return ret;
}
