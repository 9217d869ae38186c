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
#include "base/vector.h"
#include "symbolize/image/addresses.h"
#include "symbolize/image/image.h"

#define PART_NONE UINT32_MAX

/*
 * What to read of the units: the frames of `addresses` (ascending, distinct), and
 * the rows and spans in `ranges` (ascending, not overlapping). Borrowed.
 */
struct wanted {
	const uint64_t *addresses;
	size_t nr;
	const struct address_range *ranges;
	size_t nr_ranges;
};

/* The number of the first wanted address that is not below address; nr if none is. */
static inline size_t wanted_lower_bound(const struct wanted *wanted, uint64_t address)
{
	return search_first(wanted->nr, i, wanted->addresses[i] >= address);
}

struct part_function {
	uint32_t name;	 /* in strings */
	uint32_t file;	 /* in paths, PART_NONE = not known */
	uint32_t line;	 /* of the declaration, 0 = not known */
	bool has_body;	 /* exists out of line */
	bool is_guessed; /* it declares no file and line: they are those of its first address */
};

struct part_frame {
	uint32_t function; /* PART_NONE = not known */
	uint32_t file;	   /* in paths, PART_NONE = not known */
	uint32_t line;	   /* 0 = not known */
	uint32_t column;   /* 0 = not known */
	uint32_t outer;	   /* the frame this one was inlined into, PART_NONE = none */
};

/* The innermost frame of a wanted address. */
struct part_place {
	uint32_t address; /* number of the wanted address */
	uint32_t frame;
};

enum {
	PART_ROW_STMT = 1,  /* is_stmt: a statement begins here */
	PART_ROW_EXACT = 2, /* of a compiler that drops the line of code that it moves */
	PART_ROW_TAILS = 4, /* of a compiler that merges identical tails of blocks */
};

struct part_row {
	uint64_t address;
	uint32_t file; /* in paths, PART_NONE = not known */
	uint32_t line;
	uint32_t flags; /* PART_ROW_* */
};

struct part_span {
	uint64_t start, end;
	uint32_t function; /* PART_NONE = not known */
	uint32_t file;	   /* of the inlined call, PART_NONE = none */
	uint32_t line;
};

DEFINE_VECTOR(part_row_vector, struct part_row);
DEFINE_VECTOR(part_span_vector, struct part_span);
DEFINE_VECTOR(part_function_vector, struct part_function);
DEFINE_VECTOR(part_frame_vector, struct part_frame);
DEFINE_VECTOR(part_place_vector, struct part_place);

struct unit_part {
	struct intern *strings;
	struct intern *paths;
	struct part_function_vector functions;
	struct part_frame_vector frames;
	struct part_place_vector places;
	struct part_row_vector rows;   /* in the order of the line tables */
	struct part_span_vector spans; /* those of an inlined function after those of its caller */
	uint64_t nr_ranges; /* address ranges read so far; limited, as input may be hostile */
};

struct error *unit_part_init(struct unit_part *part);
void unit_part_deinit(struct unit_part *part);
/*
 * Add to part what the units of image say of the wanted addresses and ranges:
 * nothing if the image has no debug info or no address is wanted. The image's
 * log gets a warning for each unit with broken debug info; log gets the progress.
 */
struct error *unit_part_read(struct unit_part *part, const struct image *image,
			     const struct wanted *wanted, const struct log *log);

#endif
