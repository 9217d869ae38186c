// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Read one unit: make frames of the hits that the walk (unit_walk.c) found. The
 * deepest instance that contains an address gives the function, and the line
 * table gives the file and line. Each inlined instance gives the call site in its
 * caller (DW_AT_call_file, DW_AT_call_line).
 */
#include "symbolize/image/unit.h"

#include <dwarf.h>

#include "base/search.h"

static int compare_hits(const void *va, const void *vb)
{
	const struct unit_hit *a = va, *b = vb;

	if (a->address != b->address)
		return compare_values(a->address, b->address);
	if (a->depth != b->depth)
		return compare_values(b->depth, a->depth);
	return compare_values(a->node, b->node);
}

static uint32_t attribute_u32(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (dwarf_formudata(dwarf_attr(die, name, &attr), &value) || value > INT32_MAX)
		return 0;
	return value;
}

struct error *unit_node_function(struct unit *unit, uint32_t id, uint32_t *ret)
{
	struct unit_node *node = &unit->nodes.data[id];

	if (id == 0)
		node->function = PART_NONE;
	if (node->function == UNIT_UNRESOLVED) {
		struct error *err = unit_resolve_function(unit, &node->die, &node->function);

		if (err)
			return err;
		if (dwarf_tag(&node->die) == DW_TAG_subprogram && node->function != PART_NONE)
			unit->part->functions.data[node->function].has_body = true;
	}
	*ret = node->function;
	return NULL;
}

struct error *unit_node_call(struct unit *unit, uint32_t node, uint32_t *ret_file,
			     uint32_t *ret_line)
{
	Dwarf_Die *die = &unit->nodes.data[node].die;
	Dwarf_Files *files;
	size_t nr;

	*ret_line = attribute_u32(die, DW_AT_call_line);
	*ret_file = PART_NONE;
	if (!dwarf_hasattr(die, DW_AT_call_file) || dwarf_getsrcfiles(&unit->die, &files, &nr))
		return NULL;
	return unit_file(unit, files, unit_directory(&unit->die),
			 attribute_u32(die, DW_AT_call_file), ret_file);
}

/* Make the frame of the call that node was inlined for. `outer` of its parent must be known. */
static struct error *make_outer(struct unit *unit, uint32_t id)
{
	struct unit_node *node = &unit->nodes.data[id];
	struct part_frame frame = { .outer = unit->nodes.data[node->parent].outer };

	struct error *err = unit_node_function(unit, node->parent, &frame.function);
	if (!err)
		err = unit_node_call(unit, id, &frame.file, &frame.line);
	if (err)
		return err;
	frame.column = attribute_u32(&node->die, DW_AT_call_column);
	node->outer = unit->part->frames.len;
	return part_frame_vector_append(&unit->part->frames, &frame) ? NULL : &error_no_memory;
}

/* Resolve `outer` of a node and of all nodes that it is inlined into, outermost first. */
static struct error *node_outer(struct unit *unit, uint32_t id, uint32_t *ret)
{
	struct unit_node *nodes = unit->nodes.data;

	while (nodes[id].outer == UNIT_UNRESOLVED) {
		uint32_t top = id;

		while (nodes[top].depth > 1 && nodes[nodes[top].parent].outer == UNIT_UNRESOLVED)
			top = nodes[top].parent;
		if (nodes[top].depth <= 1) {
			nodes[top].outer = PART_NONE;
			continue;
		}
		struct error *err = make_outer(unit, top);
		if (err)
			return err;
	}
	*ret = nodes[id].outer;
	return NULL;
}

/* The row that is active at address: the last one that is not above it. NULL = none. */
static Dwarf_Line *find_row(Dwarf_Lines *lines, size_t nr, uint64_t address)
{
	Dwarf_Addr at;
	bool end;

	size_t after = search_first(
		nr, i, dwarf_lineaddr(dwarf_onesrcline(lines, i), &at) || at > address);
	if (!after)
		return NULL;
	Dwarf_Line *row = dwarf_onesrcline(lines, after - 1);
	return row && !dwarf_lineendsequence(row, &end) && !end ? row : NULL;
}

static struct error *fill_row(struct unit *unit, Dwarf_Line *row, struct part_frame *frame)
{
	Dwarf_Files *files;
	size_t index;
	int line, column;

	frame->file = PART_NONE;
	if (!row)
		return NULL;
	if (!dwarf_lineno(row, &line) && line > 0)
		frame->line = line;
	if (!dwarf_linecol(row, &column) && column > 0)
		frame->column = column;
	if (dwarf_line_file(row, &files, &index))
		return NULL;
	return unit_file(unit, files, unit_directory(&unit->die), index, &frame->file);
}

/* A function without a declared file and line (made by the compiler) gets those of its code. */
static void guess_declaration(struct unit *unit, const struct part_frame *frame)
{
	if (frame->function == PART_NONE)
		return;
	struct part_function *f = &unit->part->functions.data[frame->function];
	if (!f->is_guessed || f->line || frame->file == PART_NONE)
		return;
	f->file = frame->file;
	f->line = frame->line;
}

static struct error *add_place(struct unit *unit, const struct unit_hit *hit, Dwarf_Line *row)
{
	struct part_place place = { hit->address, unit->part->frames.len };
	struct part_frame frame = { 0 };

	struct error *err = fill_row(unit, row, &frame);
	if (!err)
		err = unit_node_function(unit, hit->node, &frame.function);
	if (!err)
		err = node_outer(unit, hit->node, &frame.outer);
	if (err)
		return err;
	guess_declaration(unit, &frame);
	place.frame = unit->part->frames.len;
	if (!part_frame_vector_append(&unit->part->frames, &frame) ||
	    !part_place_vector_append(&unit->part->places, &place))
		return &error_no_memory;
	return NULL;
}

static struct error *unit_make_places(struct unit *unit)
{
	Dwarf_Lines *lines = NULL;
	size_t nr = 0;
	uint32_t last = PART_NONE;

	if (unit->hits.len)
		qsort(unit->hits.data, unit->hits.len, sizeof(*unit->hits.data), compare_hits);
	if (dwarf_getsrclines(&unit->die, &lines, &nr))
		nr = 0; /* a unit without line table still has functions */
	vector_for_each(&unit->hits, hit) {
		if (hit->address == last)
			continue; /* the deepest instance came first */
		last = hit->address;
		uint64_t address = unit->wanted.addresses[hit->address];
		struct error *err = add_place(unit, hit, find_row(lines, nr, address));
		if (err)
			return err;
	}
	if (!unit->wanted.nr_ranges)
		return NULL;
	struct error *err = unit_make_rows(unit, lines, nr);
	return err ? err : unit_make_spans(unit);
}

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
	uint32_t root = 0;
	struct unit_node node = {
		.die = unit->die,
		.function = PART_NONE,
		.outer = PART_NONE,
	};
	bool hit;

	if (!unit_node_vector_append(&unit->nodes, &node))
		return &error_no_memory;
	/* Addresses in no function (assembly code) still have lines: they are hits of the unit. */
	struct error *err = unit_hit_ranges(unit, &unit->die, &root, &hit);
	if (!err && hit)
		err = unit_walk(unit);
	if (err && err->code != ERROR_FORMAT)
		return err;
	struct error *place_err = unit_make_places(unit);
	if (!place_err)
		return err;
	error_destroy(err);
	return place_err;
}

struct error *unit_read(const char *path, const struct wanted *wanted, Dwarf_Die *die,
			struct unit_part *part)
{
	struct unit unit = {
		.part = part,
		.debug_path = path,
		.wanted = *wanted,
		.die = *die,
		.types_hold_code = types_hold_code(die),
	};
	struct error *err = unit_read_code(&unit);

	vector_for_each(&unit.files, files)
		path_id_vector_deinit(&files->paths);
	unit_files_vector_deinit(&unit.files);
	unit_node_vector_deinit(&unit.nodes);
	unit_hit_vector_deinit(&unit.hits);
	unit_span_vector_deinit(&unit.spans);
	pc_map_deinit(&unit.functions);
	pc_map_deinit(&unit.file_tables);
	strbuf_deinit(&unit.path);
	return err;
}
