/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading one compile unit: its scopes, and the scope and line of its code. Private to
 * symbolize/image/. */
#ifndef SYMBOLIZE_IMAGE_UNIT_H
#define SYMBOLIZE_IMAGE_UNIT_H

#include <elfutils/libdw.h>

#include "base/error.h"
#include "base/pc_map.h"
#include "base/strbuf.h"
#include "base/vector.h"
#include "symbolize/image/budget.h"
#include "symbolize/image/elf_file.h"
#include "symbolize/image/split.h"
#include "symbolize/image/unit_part.h"

DEFINE_VECTOR(path_id_vector, uint32_t);

/* A file table of libdw, and the path of the part for each of its entries. */
struct unit_files {
	Dwarf_Files *files;
	struct path_id_vector paths; /* UNIT_UNRESOLVED = not looked up yet */
};

#define UNIT_UNRESOLVED (PART_NONE - 1)

/* A range of a scope. */
struct unit_span {
	uint64_t start, end;
	uint32_t scope;
	uint32_t depth; /* of inlining: 1 a subprogram, 2 a function inlined into it, ... */
};

/* A row of its line table. */
struct unit_row {
	struct part_row row;
	uint32_t column; /* 0 = not known */
	bool is_end;	 /* no line is known from here on */
};

/* Which code to read: ranges ascend and do not overlap. And sections of debug info of all units. */
struct unit_code {
	struct address_range_vector sections;
	struct address_range_vector blocks;
	const Elf_Data *line_tables; /* NULL = there are none */
	const Elf_Data *debug_info;
};

DEFINE_VECTOR(unit_span_vector, struct unit_span);
DEFINE_VECTOR(unit_files_vector, struct unit_files);
DEFINE_VECTOR(unit_row_vector, struct unit_row);

struct unit {
	struct unit_part *part;
	const struct elf_file *file; /* that has the debug info */
	const struct elf_file *alt;  /* that has what it shares; NULL = none, or it is missing */
	struct budget *budget;
	const struct unit_code *code;
	Dwarf_Die die;
	Dwarf_Die ranges_die; /* the root with its address ranges: see struct dwarf_unit */
	bool types_hold_code; /* types and namespaces may contain functions */
	const void *last_die; /* DIEs are visited in the order of the file */
	struct unit_files_vector files;
	struct pc_map file_tables;	    /* address of a libdw file table: number in files + 1 */
	struct address_range_vector ranges; /* its code: ascending, not overlapping */
	struct unit_span_vector spans;
	struct unit_row_vector rows; /* ascending; of several at one address the last one counts */
	struct pc_map functions;     /* address of the defining DIE in memory: function + 1 */
	struct strbuf path;	     /* scratch */
	struct error *unread;	     /* the first attribute that cannot be read; NULL = none */
};

/*
 * Add to part what a unit of image says of the code. What is read is taken from the budget of
 * the image. ERROR_FORMAT: the debug info is broken; what could be read of the unit is in part.
 * ERROR_UNSUPPORTED: the budget is used up.
 */
struct error *unit_read(const struct image *image, const struct unit_code *code,
			const struct dwarf_unit *dwarf_unit, struct unit_part *part);

/* unit_walk.c: fill ranges with those of the unit; then scopes and spans of the part. */
struct error *unit_find_ranges(struct unit *unit);
struct error *unit_walk(struct unit *unit);
/* unit_rows.c: fill rows, and the rows of the part. */
struct error *unit_read_rows(struct unit *unit);
/*
 * unit_md5s.c: add the MD5s of a file table of libdw to the part, of the files that unit_file()
 * was asked for. files must be that of the line table of the unit. A table without MD5s, or one
 * that is broken where libdw does not look, adds none.
 */
struct error *unit_read_md5s(struct unit *unit, Dwarf_Files *files);
/* unit_md5s.c: bytes of the line table of the unit, at most those of the section; 0 = it has none.
 */
uint64_t unit_line_table_size(const struct unit *unit);
/* unit_places.c: make regions and places of the part from ranges, spans and rows. */
struct error *unit_make_places(struct unit *unit);
/* unit_function.c: the function of a subprogram or inlined subroutine. */
struct error *unit_resolve_function(struct unit *unit, Dwarf_Die *die, uint32_t *ret);
/*
 * unit_files.c: the path of entry `index` of a file table. directory is
 * DW_AT_comp_dir of its unit, NULL = not known. *ret = PART_NONE: no such entry.
 */
struct error *unit_file(struct unit *unit, Dwarf_Files *files, const char *directory,
			uint64_t index, uint32_t *ret);
/*
 * unit_unread.c: the string of an attribute, NULL if there is none. One that cannot be read is
 * noted in unit->unread; what: what it is, for the message.
 */
const char *unit_string(struct unit *unit, Dwarf_Die *die, unsigned int name, const char *what);
/* Note that an attribute cannot be read, or followed, unless it is of a missing supplement. */
void unit_note_unread(struct unit *unit, const Dwarf_Attribute *attr, const char *what);
/*
 * Why an attribute cannot be read; attr may be NULL. ERROR_FORMAT: "cannot read 'PATH': WHAT: ",
 * and the section that this file lacks, or libdw's message.
 */
struct error *unit_unread(const struct unit *unit, const Dwarf_Attribute *attr, const char *what);
/* The same error if the file that has the debug info has no such section, else NULL. */
struct error *unit_lacks_section(const struct unit *unit, const char *what, const char *section);
/*
 * The table with the files of functions that are declared in the unit cu cannot be read: note which
 * section a supplement lacks. That of other units is read for lines, too.
 */
void unit_note_table(struct unit *unit, const Dwarf_Die *cu);
/* DW_AT_comp_dir of the unit of a DIE, or NULL. */
const char *unit_directory(Dwarf_Die *cu);

#endif
