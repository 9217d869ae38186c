// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Walk over the DIEs of a unit that have code. Each address range of a subprogram
 * or an inlined instance is compared with the wanted addresses immediately. So
 * memory is proportional to the wanted addresses, not to the debug info.
 */
#include <dwarf.h>

#include "symbolize/image/dwarf_session.h"
#include "symbolize/image/unit.h"

/*
 * Limits for hostile input, far above what compilers write: the DIEs of a small
 * kernel are 28 levels deep. Where DW_AT_sibling is missing, each level costs
 * another walk over all DIEs below it.
 */
#define WALK_DEPTH_MAX 256
/* Hits of one unit: addresses times inlining depth. */
#define HITS_MAX (16 << 20)
/* Address ranges of all units of a part: many DIEs can share one long list. */
#define RANGES_MAX (UINT64_C(1) << 28)

static struct error *hit_range(struct unit *unit, uint64_t start, uint64_t end,
			       const uint32_t *node, bool *ret)
{
	size_t i = wanted_lower_bound(&unit->wanted, start);

	for (; i < unit->wanted.nr && unit->wanted.addresses[i] < end; i++) {
		*ret = true;
		if (!node)
			return NULL;
		struct unit_hit hit = { i, unit->nodes.data[*node].depth, *node };
		if (unit->hits.len >= HITS_MAX)
			return error_create(ERROR_FORMAT, "too many ranges in one unit");
		if (!unit_hit_vector_append(&unit->hits, &hit))
			return &error_no_memory;
	}
	return NULL;
}

/* Whether a range overlaps a wanted one. */
static bool is_wanted_range(const struct wanted *wanted, uint64_t start, uint64_t end)
{
	size_t i = find_range(wanted->ranges, wanted->nr_ranges, start);

	return i < wanted->nr_ranges && wanted->ranges[i].start < end;
}

static struct error *add_span(struct unit *unit, uint64_t start, uint64_t end, uint32_t node,
			      bool *ret)
{
	struct unit_span span = { start, end, node };

	if (!node || !is_wanted_range(&unit->wanted, start, end))
		return NULL;
	*ret = true;
	if (unit->spans.len >= HITS_MAX)
		return error_create(ERROR_FORMAT, "too many ranges in one unit");
	return unit_span_vector_append(&unit->spans, &span) ? NULL : &error_no_memory;
}

struct error *unit_hit_ranges(struct unit *unit, Dwarf_Die *die, const uint32_t *node, bool *ret)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t offset = 0;

	*ret = false;
	while ((offset = dwarf_ranges(die, offset, &base, &start, &end)) > 0) {
		if (++unit->part->nr_ranges > RANGES_MAX)
			return error_create(ERROR_FORMAT, "too many address ranges");
		struct error *err = hit_range(unit, start, end, node, ret);

		if (!err && node)
			err = add_span(unit, start, end, *node, ret);
		if (err || (*ret && !node))
			return err;
	}
	return offset < 0 ? dwarf_error(unit->debug_path, "address ranges") : NULL;
}

static struct error *walk_children(struct unit *unit, Dwarf_Die *die, uint32_t node, int depth);

/* Visit a subprogram or inlined instance. It becomes a node if it has a hit or a span. */
static struct error *walk_code(struct unit *unit, Dwarf_Die *die, uint32_t parent, bool inlined,
			       int depth)
{
	uint32_t id = unit->nodes.len;
	struct unit_node node = {
		.die = *die,
		.parent = inlined ? parent : 0,
		.function = UNIT_UNRESOLVED,
		.outer = UNIT_UNRESOLVED,
	};
	bool hit;

	node.depth = unit->nodes.data[node.parent].depth + 1;
	if (!unit_node_vector_append(&unit->nodes, &node))
		return &error_no_memory;
	struct error *err = unit_hit_ranges(unit, die, &id, &hit);
	if (err)
		return err;
	if (!hit)
		unit->nodes.len--; /* no hit or span refers to it yet */
	/* Without hits only nested functions matter, and the parent of these is the unit. */
	return walk_children(unit, die, hit ? id : node.parent, depth + 1);
}

static struct error *walk_die(struct unit *unit, Dwarf_Die *die, uint32_t node, int depth)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_subprogram:
		return walk_code(unit, die, node, false, depth);
	case DW_TAG_inlined_subroutine:
		return walk_code(unit, die, node, true, depth);
	case DW_TAG_lexical_block:
	case DW_TAG_try_block:
	case DW_TAG_catch_block:
	case DW_TAG_with_stmt:
		return walk_children(unit, die, node, depth + 1);
	case DW_TAG_namespace:
	case DW_TAG_module:
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
	case DW_TAG_interface_type:
	case DW_TAG_enumeration_type:
		return unit->types_hold_code ? walk_children(unit, die, node, depth + 1) : NULL;
	default:
		return NULL;
	}
}

/* A reference to an earlier DIE would make the walk endless: addresses of DIEs must ascend. */
static struct error *check_order(struct unit *unit, const Dwarf_Die *die)
{
	if ((uintptr_t)die->addr <= (uintptr_t)unit->last_die)
		return error_create(ERROR_FORMAT, "'%s' has cyclic references in its debug info",
				    unit->debug_path);
	unit->last_die = die->addr;
	return NULL;
}

static struct error *walk_children(struct unit *unit, Dwarf_Die *die, uint32_t node, int depth)
{
	Dwarf_Die child;

	if (depth > WALK_DEPTH_MAX)
		return error_create(ERROR_FORMAT, "'%s' has debug info nested too deeply",
				    unit->debug_path);
	int rc = dwarf_child(die, &child);
	while (rc == 0) {
		struct error *err = check_order(unit, &child);

		if (!err)
			err = walk_die(unit, &child, node, depth);
		if (err)
			return err;
		rc = dwarf_siblingof(&child, &child);
	}
	return rc < 0 ? dwarf_error(unit->debug_path, "debug info") : NULL;
}

struct error *unit_walk(struct unit *unit)
{
	unit->last_die = unit->die.addr;
	return walk_children(unit, &unit->die, 0, 0);
}
