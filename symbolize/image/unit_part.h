/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was read of some compile units: the piece of an index that one worker
 * makes. Ids are local to the part; symbolize/index/merge.c merges parts. A part
 * does not refer to libdw, so it outlives the session. Private to symbolize/.
 */
#ifndef SYMBOLIZE_IMAGE_UNIT_PART_H
#define SYMBOLIZE_IMAGE_UNIT_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/intern.h"
#include "base/log.h"
#include "base/source_md5.h"
#include "base/vector.h"
#include "symbolize/image/addresses.h"
#include "symbolize/image/image.h"

#define PART_NONE UINT32_MAX

struct part_function {
	uint32_t name;	 /* in strings */
	uint32_t file;	 /* in paths, PART_NONE = not known */
	uint32_t line;	 /* of the declaration, 0 = not known */
	bool has_body;	 /* exists out of line, with blocks */
	bool is_guessed; /* it declares no file and line: they are those of its first code */
};

/* A subprogram, or an inlined instance of one. */
struct part_scope {
	uint32_t parent;   /* the scope it was inlined into, a lower number; PART_NONE = none */
	uint32_t function; /* PART_NONE = not known */
	uint32_t file;	   /* of the inlined call, in paths; PART_NONE = not known */
	uint32_t line;	   /* of the inlined call, 0 = not known */
	uint32_t column;   /* of the inlined call, 0 = not known */
};

/* Code that a unit claims. It begins with a place; the next region has the first place after it. */
struct part_region {
	uint64_t start, end;
	size_t first_place;
};

/* Where code of another scope or line begins; it reaches to the next place of the region. */
struct part_place {
	uint32_t offset; /* from the start of the region */
	uint32_t scope;	 /* the innermost one; PART_NONE = none */
	uint32_t file;	 /* in paths, PART_NONE = not known */
	uint32_t line;	 /* 0 = not known */
	uint32_t column; /* 0 = not known */
};

enum {
	PART_ROW_STMT = 1,  /* is_stmt: a statement begins here */
	PART_ROW_EXACT = 2, /* of a compiler that drops the line of code that it moves */
	PART_ROW_TAILS = 4, /* of a compiler that merges identical tails of blocks */
};

#define PART_LINE_MAX ((1U << 29) - 1)

/* A kernel has millions of rows: this takes 16 bytes. */
struct part_row {
	uint64_t address;
	uint32_t file;	    /* in paths, PART_NONE = not known */
	uint32_t line : 29; /* 0 = none, or above PART_LINE_MAX; without a file: the end of a
			       sequence */
	uint32_t flags : 3; /* PART_ROW_* */
};

/* A range of a scope. */
struct part_span {
	uint64_t start, end;
	uint32_t function; /* PART_NONE = not known */
	uint32_t file;	   /* of the inlined call, PART_NONE = none */
	uint32_t line;
};

DEFINE_VECTOR(part_row_vector, struct part_row);
DEFINE_VECTOR(part_span_vector, struct part_span);
DEFINE_VECTOR(part_function_vector, struct part_function);
DEFINE_VECTOR(part_scope_vector, struct part_scope);
DEFINE_VECTOR(part_region_vector, struct part_region);
DEFINE_VECTOR(part_place_vector, struct part_place);
DEFINE_VECTOR(source_md5_vector, struct source_md5);

struct unit_part {
	struct intern *strings;
	struct intern *paths;
	struct source_md5_vector md5s; /* by number of the path; it may be shorter */
	struct part_function_vector functions;
	struct part_scope_vector scopes;
	struct part_region_vector regions; /* in the order of the units; those of one unit ascend */
	struct part_place_vector places;
	struct part_row_vector rows;   /* in blocks, in the order of the line tables */
	struct part_span_vector spans; /* with blocks; of an inlined function after its caller's */
};

struct error *unit_part_init(struct unit_part *part);
void unit_part_deinit(struct unit_part *part);

/* All units of an image that may hold code, in their order; some form a part (dwarf_units.h). */
struct unit_parts {
	struct unit_part *data;
	size_t nr;
};

/*
 * Read what the units of image say of its code, in several threads (0 jobs count as 1); nothing if
 * the image has no debug info. Rows and spans are read where blocks are: these ranges ascend, do
 * not overlap, and are borrowed. log gets the progress, and a warning for each fault of debug info,
 * with the number of units that have it.
 */
struct error *unit_parts_read(struct unit_parts *parts, const struct image *image,
			      const struct address_range_vector *blocks, unsigned int jobs,
			      const struct log *log);
void unit_parts_deinit(struct unit_parts *parts);

#endif
