/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was read of some compile units: the piece of an index that one worker
 * makes. Ids count within the part; index_merge.c puts parts together. Nothing
 * here refers to libdw, so a part outlives its session. Private to symbolize/.
 */
#ifndef SYMBOLIZE_INDEX_PART_H
#define SYMBOLIZE_INDEX_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/intern.h"
#include "base/vector.h"

#define PART_NONE UINT32_MAX

struct part_function {
	uint32_t name;	 /* in strings */
	uint32_t file;	 /* in paths, PART_NONE = not known */
	uint32_t line;	 /* of the declaration, 0 = not known */
	bool has_body;	 /* exists out of line */
	bool is_guessed; /* file and line are those of its first address: it declares none */
};

struct part_frame {
	uint32_t function; /* PART_NONE = not known */
	uint32_t file;	   /* in paths, PART_NONE = not known */
	uint32_t line;	   /* 0 = not known */
	uint32_t column;   /* 0 = not known */
	uint32_t outer;	   /* the frame this one was inlined into, PART_NONE = none */
};

/* What frame a wanted address is in. */
struct part_place {
	uint32_t address; /* number of the wanted address */
	uint32_t frame;
};

DEFINE_VECTOR(part_function_vector, struct part_function);
DEFINE_VECTOR(part_frame_vector, struct part_frame);
DEFINE_VECTOR(part_place_vector, struct part_place);

struct index_part {
	struct intern *strings;
	struct intern *paths;
	struct part_function_vector functions;
	struct part_frame_vector frames;
	struct part_place_vector places;
	uint64_t nr_ranges; /* address ranges read: bounds the time that hostile ones can take */
};

struct error *index_part_init(struct index_part *part);
void index_part_deinit(struct index_part *part);

#endif
