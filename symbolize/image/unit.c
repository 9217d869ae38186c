// SPDX-License-Identifier: GPL-2.0-or-later
/* Read one unit: scopes and their ranges first, then the line table, then both together. */
#include "symbolize/image/unit.h"

#include <dwarf.h>

#include "base/cleanup.h"
#include "symbolize/image/private.h"

static bool types_hold_code(Dwarf_Die *cu)
{
	switch (dwarf_srclang(cu)) {
	case DW_LANG_C89:
	case DW_LANG_C:
	case DW_LANG_C99:
	case DW_LANG_C11:
	case DW_LANG_Mips_Assembler:
		return false;
	default:
		return true;
	}
}

static struct error *unit_read_code(struct unit *unit)
{
	struct error *err = unit_find_ranges(unit);

	if (!err && unit->ranges.len)
		err = unit_walk(unit);
	if (err && err->code != ERROR_FORMAT)
		return err;
	/* Code in no function (assembly), or of a function that is broken, still has lines. */
	struct error *row_err = unit_read_rows(unit);
	if (row_err && row_err->code != ERROR_FORMAT) {
		error_destroy(err);
		return row_err;
	}
	if (err)
		error_destroy(row_err);
	else
		err = row_err;
	/* Without it, paths would be relative. */
	if (unit->rows.len)
		unit_string(unit, &unit->die, DW_AT_comp_dir, "names of directories");
	if (!err)
		err = steal_ptr(&unit->unread);
	/* A function without lines still has a name. */
	struct error *place_err = unit_make_places(unit);
	if (!place_err)
		return err;
	error_destroy(err);
	return place_err;
}

struct error *unit_read(const struct image *image, const struct unit_code *code,
			const struct dwarf_unit *dwarf_unit, struct unit_part *part)
{
	struct unit unit = {
		.part = part,
		.file = image->debug.elf ? &image->debug : &image->main,
		.alt = image->alt.elf ? &image->alt : NULL,
		.budget = image->budget,
		.code = code,
		.die = dwarf_unit->die,
		.ranges_die = dwarf_unit->ranges,
	};

	unit.types_hold_code = types_hold_code(&unit.die);
	struct error *err = unit_read_code(&unit);

	vector_for_each(&unit.files, files)
		path_id_vector_deinit(&files->paths);
	unit_files_vector_deinit(&unit.files);
	address_range_vector_deinit(&unit.ranges);
	unit_span_vector_deinit(&unit.spans);
	unit_row_vector_deinit(&unit.rows);
	pc_map_deinit(&unit.functions);
	pc_map_deinit(&unit.file_tables);
	strbuf_deinit(&unit.path);
	error_destroy(unit.unread);
	return err;
}
