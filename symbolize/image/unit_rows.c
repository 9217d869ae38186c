// SPDX-License-Identifier: GPL-2.0-or-later
/* Collect the line-table rows in the wanted ranges, and the spans that overlap these. */
#include <dwarf.h>
#include <string.h>

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

static struct error *add_row(struct unit *unit, Dwarf_Line *line, uint64_t address,
			     struct last_file *last)
{
	struct part_row row = { .address = address, .flags = unit->row_flags };
	bool is_stmt;
	int number;

	if (!dwarf_lineno(line, &number) && number > 0)
		row.line = number;
	if (!dwarf_linebeginstatement(line, &is_stmt) && is_stmt)
		row.flags |= PART_ROW_STMT;
	struct error *err = row_file(unit, line, last, &row.file);
	if (err)
		return err;
	return part_row_vector_append(&unit->part->rows, &row) ? NULL : &error_no_memory;
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

struct error *unit_make_rows(struct unit *unit, Dwarf_Lines *lines, size_t nr)
{
	const struct wanted *wanted = &unit->wanted;
	struct last_file last = { 0 };

	unit->row_flags = flags_of_compiler(&unit->die);
	for (size_t i = 0; i < nr; i++) {
		Dwarf_Line *line = dwarf_onesrcline(lines, i);
		Dwarf_Addr address;
		bool end;

		if (dwarf_lineaddr(line, &address) || dwarf_lineendsequence(line, &end) || end ||
		    !in_ranges(wanted->ranges, wanted->nr_ranges, address))
			continue;
		struct error *err = add_row(unit, line, address, &last);
		if (err)
			return err;
	}
	return NULL;
}

struct error *unit_make_spans(struct unit *unit)
{
	vector_for_each(&unit->spans, s) {
		struct part_span span = { s->start, s->end, PART_NONE, PART_NONE, 0 };

		struct error *err = unit_node_function(unit, s->node, &span.function);
		if (!err && unit->nodes.data[s->node].depth > 1)
			err = unit_node_call(unit, s->node, &span.file, &span.line);
		if (err)
			return err;
		if (!part_span_vector_append(&unit->part->spans, &span))
			return &error_no_memory;
	}
	return NULL;
}
