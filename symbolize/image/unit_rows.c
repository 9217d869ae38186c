// SPDX-License-Identifier: GPL-2.0-or-later
/* Read the line table of a unit. */
#include <dwarf.h>
#include <string.h>

#include "symbolize/image/dwarf_session.h"
#include "symbolize/image/unit.h"

/* The result of the last look-up: rows of the same file mostly follow each other. */
struct last_file {
	Dwarf_Files *files;
	size_t index;
	uint32_t path;
};

static struct error *row_file(struct unit *unit, Dwarf_Line *row, struct last_file *last,
			      uint32_t *ret)
{
	Dwarf_Files *files;
	size_t index;

	*ret = PART_NONE;
	if (dwarf_line_file(row, &files, &index))
		return NULL;
	if (files != last->files || index != last->index) {
		struct error *err =
			unit_file(unit, files, unit_directory(&unit->die), index, &last->path);

		if (err)
			return err;
		last->files = files;
		last->index = index;
	}
	*ret = last->path;
	return NULL;
}

/*
 * LLVM's guide (HowToUpdateDebugInfo) tells passes to drop the line of code that
 * they move to another block. In LLVM's line tables is_stmt only says that the
 * line differs from that of the row before, even if that is in another block.
 */
static uint32_t flags_of_compiler(Dwarf_Die *cu)
{
	Dwarf_Attribute attr;
	const char *producer = dwarf_formstring(dwarf_attr(cu, DW_AT_producer, &attr));

	if (producer && strstr(producer, "clang"))
		return PART_ROW_EXACT;
	return producer && !strncmp(producer, "GNU C", strlen("GNU C")) ? PART_ROW_TAILS : 0;
}

/* Units can share the name of their compiler, which may have any length. */
static struct error *charge_producer(struct unit *unit)
{
	Dwarf_Attribute attr;
	const char *producer = dwarf_formstring(dwarf_attr(&unit->die, DW_AT_producer, &attr));

	return producer ? budget_take(unit->budget, BUDGET_NAMES, strlen(producer) + 1) : NULL;
}

/* libdw reads a table that is broken again for each unit that has it, up to where it is broken. */
static struct error *broken_table(struct unit *unit)
{
	static const char *const sections[] = { ".debug_line", ".debug_line_str" };
	struct error *err = NULL;
	Dwarf_Half version = 0;

	dwarf_cu_info(unit->ranges_die.cu, &version, NULL, NULL, NULL, NULL, NULL, NULL);
	for (int i = 0; !err && i < (version < 5 ? 1 : 2); i++)
		err = unit_lacks_section(unit, "line table", sections[i]);
	if (!err)
		err = dwarf_error(unit->file->path, "line table");
	struct error *over = budget_take(unit->budget, BUDGET_ROWS, unit_line_table_size(unit));

	if (!over)
		return err;
	error_destroy(err);
	return over;
}

/* What all rows of a unit share, and how far their reader came. */
struct row_reader {
	struct unit *unit;
	uint32_t flags; /* PART_ROW_* that all of them have */
	struct last_file file;
	size_t block; /* the range of blocks that the last row was in, or that follows it */
};

/* Rows ascend, so the next row is in the same range as the last one or after it. */
static bool in_blocks(struct row_reader *r, uint64_t address)
{
	const struct address_range_vector *blocks = &r->unit->code->blocks;

	if (r->block < blocks->len && blocks->data[r->block].end <= address &&
	    r->block + 1 < blocks->len && blocks->data[r->block + 1].end > address)
		r->block++;
	else if (r->block < blocks->len && blocks->data[r->block].end <= address)
		r->block = find_range(blocks->data, blocks->len, address);
	return r->block < blocks->len && blocks->data[r->block].start <= address;
}

static struct error *fill_row(struct row_reader *r, Dwarf_Line *line, struct unit_row *out)
{
	int number, column;
	bool is_stmt;

	out->row.flags = r->flags;
	if (!dwarf_lineno(line, &number) && number > 0 && (uint32_t)number <= PART_LINE_MAX)
		out->row.line = number;
	if (!dwarf_linecol(line, &column) && column > 0)
		out->column = column;
	if (!dwarf_linebeginstatement(line, &is_stmt) && is_stmt)
		out->row.flags |= PART_ROW_STMT;
	return row_file(r->unit, line, &r->file, &out->row.file);
}

/*
 * No line is known from here on: for blocks, from the next one on if none is here. Code of a unit
 * without a line table may follow.
 */
static struct error *add_end(struct row_reader *r, uint64_t address)
{
	const struct address_range_vector *blocks = &r->unit->code->blocks;
	struct part_row row = { .address = address, .file = PART_NONE };

	if (!in_blocks(r, address)) {
		if (r->block == blocks->len)
			return NULL;
		row.address = blocks->data[r->block].start;
	}
	return part_row_vector_append(&r->unit->part->rows, &row) ? NULL : &error_no_memory;
}

static struct error *read_row(struct row_reader *r, Dwarf_Line *line)
{
	struct unit_row row = { .row.file = PART_NONE };

	if (dwarf_lineaddr(line, &row.row.address))
		return NULL;
	if (dwarf_lineendsequence(line, &row.is_end))
		row.is_end = true;
	struct error *err = row.is_end ? NULL : fill_row(r, line, &row);
	if (err)
		return err;
	if (!unit_row_vector_append(&r->unit->rows, &row))
		return &error_no_memory;
	if (row.is_end)
		return add_end(r, row.row.address);
	if (in_blocks(r, row.row.address) &&
	    !part_row_vector_append(&r->unit->part->rows, &row.row))
		return &error_no_memory;
	return NULL;
}

struct error *unit_read_rows(struct unit *unit)
{
	struct row_reader reader = { .unit = unit };
	struct error *err = charge_producer(unit);
	Dwarf_Lines *lines;
	size_t nr;

	/* A unit of assembly without lines has no line table; that is no error. */
	if (err)
		return err;
	if (dwarf_getsrclines(&unit->die, &lines, &nr))
		return dwarf_hasattr(&unit->ranges_die, DW_AT_stmt_list) ? broken_table(unit)
									 : NULL;
	reader.flags = flags_of_compiler(&unit->die);
	/* Units can share a table. */
	err = budget_take(unit->budget, BUDGET_ROWS, nr);
	if (!err && (!unit_row_vector_reserve(&unit->rows, nr) ||
		     !part_row_vector_reserve(&unit->part->rows, unit->part->rows.len + nr)))
		err = &error_no_memory;
	/* libdw sorts them by address; an end of sequence comes before other rows at its address.
	 */
	for (size_t i = 0; !err && i < nr; i++)
		err = read_row(&reader, dwarf_onesrcline(lines, i));
	return err ? err : unit_read_md5s(unit, reader.file.files);
}
