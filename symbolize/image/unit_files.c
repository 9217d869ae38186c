// SPDX-License-Identifier: GPL-2.0-or-later
/* Translate file numbers to paths of the part. Every number is looked up once. */
#include <dwarf.h>
#include <string.h>

#include "base/path.h"
#include "symbolize/image/unit.h"

const char *unit_directory(Dwarf_Die *cu)
{
	Dwarf_Attribute attr;

	return dwarf_formstring(dwarf_attr(cu, DW_AT_comp_dir, &attr));
}

static struct unit_files *find_table(struct unit *unit, Dwarf_Files *files)
{
	struct unit_files table = { .files = files };
	uint64_t known = pc_map_get(&unit->file_tables, (uintptr_t)files);

	if (known)
		return &unit->files.data[known - 1];
	if (!pc_map_add(&unit->file_tables, (uintptr_t)files, unit->files.len + 1))
		return NULL;
	return unit_files_vector_append(&unit->files, &table);
}

/* Make paths[index] exist. libdw must have a file with this index: that bounds the memory. */
static bool grow_table(struct unit_files *table, uint64_t index)
{
	while (table->paths.len <= index)
		if (!path_id_vector_append(&table->paths, &(uint32_t){ UNIT_UNRESOLVED }))
			return false;
	return true;
}

/*
 * Whether the name begins with the directory already. libdw joins them if the line table has a file
 * in its directory 0, but leaves paths below the other directories relative.
 */
static bool is_below(const char *name, const char *directory)
{
	size_t len = directory ? strlen(directory) : 0;

	return len && !strncmp(name, directory, len) && name[len] == '/';
}

struct error *unit_file(struct unit *unit, Dwarf_Files *files, const char *directory,
			uint64_t index, uint32_t *ret)
{
	struct unit_files *table = find_table(unit, files);

	if (!table)
		return &error_no_memory;
	if (index < table->paths.len && table->paths.data[index] != UNIT_UNRESOLVED) {
		*ret = table->paths.data[index];
		return NULL;
	}
	const char *name = dwarf_filesrc(files, index, NULL, NULL);
	if (!name) {
		*ret = PART_NONE;
		return NULL;
	}
	path_normalise(is_below(name, directory) ? NULL : directory, name, &unit->path);
	struct error *err = strbuf_check(&unit->path);
	if (!err)
		err = budget_take(unit->budget, BUDGET_NAMES, unit->path.len + 1);
	if (!err)
		err = intern_id(unit->part->paths, strbuf_str(&unit->path), ret);
	if (err)
		return err;
	if (!grow_table(table, index))
		return &error_no_memory;
	table->paths.data[index] = *ret;
	return NULL;
}
