/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading one compile unit: which of the wanted addresses it contains, and the
 * frames of each. Private to symbolize/image/.
 */
#ifndef SYMBOLIZE_IMAGE_UNIT_H
#define SYMBOLIZE_IMAGE_UNIT_H

#include <elfutils/libdw.h>

#include "base/error.h"
#include "base/pc_map.h"
#include "base/strbuf.h"
#include "base/vector.h"
#include "symbolize/image/unit_part.h"

DEFINE_VECTOR(path_id_vector, uint32_t);

/* A file table of libdw, and the path of the part for each of its entries. */
struct unit_files {
	Dwarf_Files *files;
	struct path_id_vector paths; /* UNIT_UNRESOLVED = not looked up yet */
};

/* A subprogram, an inlined instance of one, or the whole unit (number 0). */
struct unit_node {
	Dwarf_Die die;
	uint32_t parent;   /* node; the unit is its own */
	uint32_t depth;	   /* of inlining: 0 the unit, 1 a subprogram, ... */
	uint32_t function; /* in the part; UNIT_UNRESOLVED = not looked up yet */
	uint32_t outer;	   /* frame that calls it, or UNIT_UNRESOLVED */
};

#define UNIT_UNRESOLVED (PART_NONE - 1)

/* A wanted address, and a node that contains it. */
struct unit_hit {
	uint32_t address; /* number of the wanted address */
	uint32_t depth;
	uint32_t node;
};

/* A range of a node. */
struct unit_span {
	uint64_t start, end;
	uint32_t node;
};

DEFINE_VECTOR(unit_span_vector, struct unit_span);
DEFINE_VECTOR(unit_files_vector, struct unit_files);
DEFINE_VECTOR(unit_node_vector, struct unit_node);
DEFINE_VECTOR(unit_hit_vector, struct unit_hit);

struct unit {
	struct unit_part *part;
	const char *debug_path; /* the file of the debug info, for messages */
	struct wanted wanted;
	Dwarf_Die die;
	bool types_hold_code; /* types and namespaces may contain functions */
	uint32_t row_flags;   /* PART_ROW_* that all its rows have */
	const void *last_die; /* DIEs are visited in the order of the file */
	struct unit_files_vector files;
	struct pc_map file_tables; /* address of a libdw file table: number in files + 1 */
	struct unit_node_vector nodes;
	struct unit_hit_vector hits;
	struct unit_span_vector spans;
	struct pc_map functions; /* address of the defining DIE in memory: function + 1 */
	struct strbuf path;	 /* scratch */
};

/*
 * Add to part what the unit with this root DIE says of the wanted addresses and
 * ranges. path is the file of the DIE, for messages. ERROR_FORMAT: the debug
 * info is broken; what was read of the unit before that stays in part.
 */
struct error *unit_read(const char *path, const struct wanted *wanted, Dwarf_Die *die,
			struct unit_part *part);

/* unit_walk.c: fill nodes and hits. */
struct error *unit_walk(struct unit *unit);
/*
 * *ret: whether the ranges of a DIE contain a wanted address. If node is not NULL,
 * each such address is added as a hit of the node. If it is also not the unit
 * (0), ranges that overlap a wanted range are added as its spans and set *ret.
 */
struct error *unit_hit_ranges(struct unit *unit, Dwarf_Die *die, const uint32_t *node, bool *ret);
/* unit_rows.c: rows and spans in the wanted ranges. */
struct error *unit_make_rows(struct unit *unit, Dwarf_Lines *lines, size_t nr);
struct error *unit_make_spans(struct unit *unit);
/* unit.c: the function of a node, and where its inlined call is; PART_NONE, 0 = not known. */
struct error *unit_node_function(struct unit *unit, uint32_t node, uint32_t *ret);
struct error *unit_node_call(struct unit *unit, uint32_t node, uint32_t *ret_file,
			     uint32_t *ret_line);
/* unit_function.c: the function of a subprogram or inlined subroutine. */
struct error *unit_resolve_function(struct unit *unit, Dwarf_Die *die, uint32_t *ret);
/*
 * unit_files.c: the path of entry `index` of a file table. directory is
 * DW_AT_comp_dir of its unit, NULL = not known. *ret = PART_NONE: no such entry.
 */
struct error *unit_file(struct unit *unit, Dwarf_Files *files, const char *directory,
			uint64_t index, uint32_t *ret);
/* DW_AT_comp_dir of the unit of a DIE, or NULL. */
const char *unit_directory(Dwarf_Die *cu);

#endif
