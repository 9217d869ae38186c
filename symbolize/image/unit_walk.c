// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Walk over the DIEs of a unit that have code. A subprogram or an inlined instance
 * with a range in the code of the image becomes a scope.
 */
#include <dwarf.h>

#include "base/layers.h"
#include "symbolize/image/dwarf_session.h"
#include "symbolize/image/unit.h"

/*
 * Limits for hostile input, far above what compilers write: the DIEs of a small
 * kernel are 28 levels deep. Where DW_AT_sibling is missing, each level costs
 * another walk over all DIEs below it. INDEX_FRAMES_MAX is one more.
 */
#define WALK_DEPTH_MAX 256

/* The scope that a DIE is in. */
struct walk_scope {
	uint32_t id; /* PART_NONE = none, only the unit */
	uint32_t depth;
};

/* Whether a range overlaps one of these. An empty range does in the middle of one. */
static bool overlaps(const struct address_range_vector *ranges, uint64_t start, uint64_t end)
{
	size_t i = find_range(ranges->data, ranges->len, start);

	return i < ranges->len && ranges->data[i].start < end;
}

/* libdw ignores addresses that it cannot read. */
static struct error *check_address(const struct unit *unit, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Addr address;

	if (!dwarf_attr(die, DW_AT_low_pc, &attr) || !dwarf_formaddr(&attr, &address))
		return NULL;
	return unit_unread(unit, &attr, "addresses of code");
}

/* Add the ranges of a DIE that overlap code as spans of a scope. */
static struct error *add_spans(struct unit *unit, Dwarf_Die *die, const struct walk_scope *scope)
{
	Dwarf_Addr base, start, end;
	Dwarf_Attribute attr;
	ptrdiff_t offset = 0;
	bool has_range = false;

	while ((offset = dwarf_ranges(die, offset, &base, &start, &end)) > 0) {
		struct unit_span span = { start, end, scope->id, scope->depth };

		has_range = true;
		/* Many DIEs can share one long list. */
		struct error *err = budget_take(unit->budget, BUDGET_RANGES, 1);
		if (err)
			return err;
		if (!overlaps(&unit->code->sections, start, end))
			continue;
		if (!unit_span_vector_append(&unit->spans, &span))
			return &error_no_memory;
	}
	if (offset < 0)
		return unit_unread(unit, dwarf_attr(die, DW_AT_ranges, &attr), "address ranges");
	return has_range ? NULL : check_address(unit, die);
}

/* Add those parts of a range of the unit that are in a section. */
static bool add_clipped(struct unit *unit, uint64_t start, uint64_t end)
{
	const struct address_range_vector *sections = &unit->code->sections;
	size_t i = find_range(sections->data, sections->len, start);

	for (; i < sections->len && sections->data[i].start < end; i++) {
		const struct address_range *s = &sections->data[i];
		struct address_range part = { s->start > start ? s->start : start,
					      s->end < end ? s->end : end };

		if (!address_range_vector_append(&unit->ranges, &part))
			return false;
	}
	return true;
}

/* The ranges of a hostile unit may overlap: flatten them first, so that few are clipped. */
struct error *unit_find_ranges(struct unit *unit)
{
	const struct walk_scope none = { PART_NONE, 0 };
	struct layer_vector layers = VECTOR_INIT, flat = VECTOR_INIT;
	bool ok = true;

	struct error *err = add_spans(unit, &unit->ranges_die, &none);
	vector_for_each(&unit->spans, s)
		ok = ok && layer_vector_append(&layers, &(struct layer){ s->start, s->end });
	unit->spans.len = 0;
	if (!err && ok)
		err = layers_flatten(layers.data, layers.len, &flat);
	vector_for_each(&flat, l)
		ok = ok && add_clipped(unit, l->start, l->end);
	layer_vector_deinit(&layers);
	layer_vector_deinit(&flat);
	if (err)
		return err;
	return ok ? NULL : &error_no_memory;
}

static uint32_t attribute_u32(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (dwarf_formudata(dwarf_attr(die, name, &attr), &value) || value > INT32_MAX)
		return 0;
	return value;
}

/* Where the call is that this instance was inlined for. */
static struct error *find_call(struct unit *unit, Dwarf_Die *die, struct part_scope *scope)
{
	Dwarf_Files *files;
	size_t nr;

	scope->line = attribute_u32(die, DW_AT_call_line);
	scope->column = attribute_u32(die, DW_AT_call_column);
	if (!dwarf_hasattr(die, DW_AT_call_file) || dwarf_getsrcfiles(&unit->die, &files, &nr))
		return NULL;
	return unit_file(unit, files, unit_directory(&unit->die),
			 attribute_u32(die, DW_AT_call_file), &scope->file);
}

/* Add a scope and those of its spans that have blocks. */
static struct error *add_scope(struct unit *unit, Dwarf_Die *die, uint32_t parent,
			       size_t first_span)
{
	struct part_scope scope = { .parent = parent, .file = PART_NONE };
	struct unit_part *part = unit->part;
	bool has_blocks = false;

	struct error *err = unit_resolve_function(unit, die, &scope.function);
	if (!err && parent != PART_NONE)
		err = find_call(unit, die, &scope);
	if (err)
		return err;
	if (!part_scope_vector_append(&part->scopes, &scope))
		return &error_no_memory;
	for (size_t i = first_span; i < unit->spans.len; i++) {
		const struct unit_span *s = &unit->spans.data[i];
		struct part_span span = { s->start, s->end, scope.function, scope.file,
					  scope.line };

		if (!overlaps(&unit->code->blocks, s->start, s->end))
			continue;
		has_blocks = true;
		if (!part_span_vector_append(&part->spans, &span))
			return &error_no_memory;
	}
	if (has_blocks && dwarf_tag(die) == DW_TAG_subprogram && scope.function != PART_NONE)
		part->functions.data[scope.function].has_body = true;
	return NULL;
}

static struct error *walk_children(struct unit *unit, Dwarf_Die *die,
				   const struct walk_scope *scope, int depth);

/* Visit a subprogram or inlined instance. It becomes a scope if it has code. */
static struct error *walk_code(struct unit *unit, Dwarf_Die *die, const struct walk_scope *parent,
			       int depth)
{
	struct walk_scope scope = { unit->part->scopes.len, parent->depth + 1 };
	size_t first = unit->spans.len;

	struct error *err = add_spans(unit, die, &scope);
	if (!err && unit->spans.len > first)
		err = add_scope(unit, die, parent->id, first);
	if (err) {
		unit->spans.len = first; /* there is no such scope */
		return err;
	}
	/* A function without code of its own may still have nested ones with code. */
	return walk_children(unit, die, unit->spans.len > first ? &scope : parent, depth + 1);
}

static struct error *walk_die(struct unit *unit, Dwarf_Die *die, const struct walk_scope *scope,
			      int depth)
{
	static const struct walk_scope none = { PART_NONE, 0 };

	switch (dwarf_tag(die)) {
	case DW_TAG_subprogram:
		return walk_code(unit, die, &none, depth);
	case DW_TAG_inlined_subroutine:
		return walk_code(unit, die, scope, depth);
	case DW_TAG_lexical_block:
	case DW_TAG_try_block:
	case DW_TAG_catch_block:
	case DW_TAG_with_stmt:
		return walk_children(unit, die, scope, depth + 1);
	case DW_TAG_namespace:
	case DW_TAG_module:
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
	case DW_TAG_interface_type:
	case DW_TAG_enumeration_type:
		return unit->types_hold_code ? walk_children(unit, die, scope, depth + 1) : NULL;
	default:
		return NULL;
	}
}

/* A reference to an earlier DIE would make the walk endless: addresses of DIEs must ascend. */
static struct error *check_order(struct unit *unit, const Dwarf_Die *die)
{
	if ((uintptr_t)die->addr <= (uintptr_t)unit->last_die)
		return error_create(ERROR_FORMAT, "'%s' has cyclic references in its debug info",
				    unit->file->path);
	unit->last_die = die->addr;
	return NULL;
}

static struct error *walk_children(struct unit *unit, Dwarf_Die *die,
				   const struct walk_scope *scope, int depth)
{
	Dwarf_Die child;

	if (depth > WALK_DEPTH_MAX)
		return error_create(ERROR_FORMAT, "'%s' has debug info nested too deeply",
				    unit->file->path);
	int rc = dwarf_child(die, &child);
	while (rc == 0) {
		struct error *err = check_order(unit, &child);

		if (!err)
			err = walk_die(unit, &child, scope, depth);
		if (err)
			return err;
		rc = dwarf_siblingof(&child, &child);
	}
	return rc < 0 ? dwarf_error(unit->file->path, "debug info") : NULL;
}

struct error *unit_walk(struct unit *unit)
{
	const struct walk_scope none = { PART_NONE, 0 };

	unit->last_die = unit->die.addr;
	return walk_children(unit, &unit->die, &none, 0);
}
