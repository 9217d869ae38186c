// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find the name and declaration of a function. A concrete function or inlined
 * instance refers with DW_AT_abstract_origin or DW_AT_specification to the DIE
 * that declares it. That DIE may be in another unit (dwz, link-time
 * optimisation), and may itself refer to another DIE.
 */
#include <dwarf.h>
#include <string.h>

#include "symbolize/image/origin.h"
#include "symbolize/image/unit.h"

static const char what_names[] = "names of functions";

/* What the chain of DIEs says. Of each attribute the first one counts. */
struct declaration {
	Dwarf_Die last; /* of the chain */
	const char *name;
	const char *linkage_name;
	bool has_file;
	Dwarf_Word file;
	Dwarf_Die file_die; /* the unit that numbers the file */
	Dwarf_Word line;
};

static void declaration_add(struct unit *unit, struct declaration *d, Dwarf_Die *die)
{
	Dwarf_Attribute attr;

	if (!d->name)
		d->name = unit_string(unit, die, DW_AT_name, what_names);
	if (!d->linkage_name)
		d->linkage_name = unit_string(unit, die, DW_AT_linkage_name, what_names);
	if (!d->linkage_name)
		d->linkage_name = unit_string(unit, die, DW_AT_MIPS_linkage_name, what_names);
	if (!d->has_file && dwarf_attr(die, DW_AT_decl_file, &attr) &&
	    !dwarf_formudata(&attr, &d->file) && dwarf_diecu(die, &d->file_die, NULL, NULL))
		d->has_file = true;
	if (!d->line && dwarf_attr(die, DW_AT_decl_line, &attr) && dwarf_formudata(&attr, &d->line))
		d->line = 0;
}

static bool follow(struct unit *unit, Dwarf_Die *die, unsigned int name, Dwarf_Die *ret)
{
	Dwarf_Attribute attr;
	enum origin origin = origin_follow(unit->code->debug_info, die, name, &attr, ret);

	if (origin == ORIGIN_UNREAD)
		unit_note_unread(unit, &attr, what_names);
	return origin == ORIGIN_FOUND;
}

static bool next_origin(struct unit *unit, Dwarf_Die *die, Dwarf_Die *ret)
{
	return follow(unit, die, DW_AT_abstract_origin, ret) ||
	       follow(unit, die, DW_AT_specification, ret);
}

static void declaration_read(struct unit *unit, struct declaration *d, Dwarf_Die *die)
{
	Dwarf_Die next;

	d->last = *die;
	declaration_add(unit, d, &d->last);
	for (int hops = 0; hops < ORIGIN_HOPS_MAX && next_origin(unit, &d->last, &next); hops++) {
		d->last = next;
		declaration_add(unit, d, &d->last);
	}
}

/* C does not mangle names. A linkage name there is an __asm__ label: show the source's name. */
static bool is_c(Dwarf_Die *cu)
{
	switch (dwarf_srclang(cu)) {
	case DW_LANG_C89:
	case DW_LANG_C:
	case DW_LANG_C99:
	case DW_LANG_C11:
		return true;
	default:
		return false;
	}
}

static struct error *declaration_file(struct unit *unit, struct declaration *d, uint32_t *ret)
{
	Dwarf_Half version;
	Dwarf_Files *files;
	size_t nr;

	*ret = PART_NONE;
	if (!d->has_file)
		return NULL;
	if (dwarf_getsrcfiles(&d->file_die, &files, &nr)) {
		unit_note_table(unit, &d->file_die);
		return NULL;
	}
	/* DWARF 5 counts files from 0. In older versions 0 means "no file". */
	if (d->file == 0 &&
	    (dwarf_cu_info(d->file_die.cu, &version, NULL, NULL, NULL, NULL, NULL, NULL) ||
	     version < 5))
		return NULL;
	return unit_file(unit, files, unit_directory(&d->file_die), d->file, ret);
}

struct error *unit_resolve_function(struct unit *unit, Dwarf_Die *die, uint32_t *ret)
{
	struct part_function function = { 0 };
	struct declaration d = { 0 };

	declaration_read(unit, &d, die);
	uint64_t key = (uintptr_t)d.last.addr;
	uint64_t known = pc_map_get(&unit->functions, key);
	if (known) {
		*ret = known - 1;
		return NULL;
	}
	const char *name =
		d.linkage_name && (!d.name || !is_c(&unit->die)) ? d.linkage_name : d.name;
	if (!name || !*name) {
		*ret = PART_NONE;
		return NULL;
	}
	struct error *err = budget_take(unit->budget, BUDGET_NAMES, strlen(name) + 1);
	if (!err)
		err = intern_id(unit->part->strings, name, &function.name);
	if (!err)
		err = declaration_file(unit, &d, &function.file);
	if (err)
		return err;
	function.line = d.line <= INT32_MAX ? d.line : 0;
	function.is_guessed = function.file == PART_NONE || function.line == 0;
	if (!part_function_vector_append(&unit->part->functions, &function) ||
	    !pc_map_add(&unit->functions, key, unit->part->functions.len))
		return &error_no_memory;
	*ret = unit->part->functions.len - 1;
	return NULL;
}
