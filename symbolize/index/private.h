/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory layout of an index, and the draft that it is built from. Private to symbolize/. */
#ifndef SYMBOLIZE_INDEX_PRIVATE_H
#define SYMBOLIZE_INDEX_PRIVATE_H

#include "symbolize/code/code.h"
#include "symbolize/code/flow.h"
#include "symbolize/index/index.h"
#include "symbolize/image/unit_part.h"

#define INDEX_MAGIC   0x78646e69766f636bULL /* "kcovindx" */
#define INDEX_VERSION 1

/* The arrays of the block, in the order in which they lie there. */
enum index_array {
	INDEX_POINTS,
	INDEX_FRAMES,
	INDEX_FUNCTIONS,
	INDEX_FILES,
	INDEX_SECTIONS,
	INDEX_SYMBOLS,
	INDEX_CALLS,
	INDEX_PLACES,
	INDEX_BLOCKS,
	INDEX_EDGES,
	INDEX_ROWS,
	INDEX_SPANS,
	INDEX_STRINGS, /* bytes; string 0 is "" */
	INDEX_ARRAYS,
};

struct index_array_header {
	uint32_t nr;	 /* elements */
	uint32_t size;	 /* of an element */
	uint64_t offset; /* from the start of the block, a multiple of 8 */
};

/* At the start of the block. */
struct index_header {
	uint64_t magic;
	uint32_t version;
	uint32_t is_module;
	uint64_t base;
	uint64_t size; /* of the block */
	uint32_t path; /* string */
	struct build_id build_id;
	struct index_array_header arrays[INDEX_ARRAYS];
};

struct index {
	unsigned char *block;
	const struct index_header *header; /* = block */
};

DEFINE_VECTOR(index_point_vector, struct index_point);
DEFINE_VECTOR(index_frame_vector, struct index_frame);
DEFINE_VECTOR(index_function_vector, struct index_function);
DEFINE_VECTOR(index_file_vector, struct index_file);
DEFINE_VECTOR(index_section_vector, struct index_section);
DEFINE_VECTOR(index_symbol_vector, struct index_symbol);
DEFINE_VECTOR(index_call_vector, struct index_call);
DEFINE_VECTOR(index_place_vector, struct index_place);
DEFINE_VECTOR(index_block_vector, struct index_block);
DEFINE_VECTOR(index_edge_vector, uint32_t);
DEFINE_VECTOR(index_row_vector, struct index_row);
DEFINE_VECTOR(index_span_vector, struct index_span);

/* An index while it is built: arrays that grow. */
struct index_draft {
	struct index_point_vector points;
	struct index_frame_vector frames;
	struct index_function_vector functions;
	struct index_file_vector files;
	struct index_section_vector sections;
	struct index_symbol_vector symbols;
	struct index_call_vector calls;
	struct index_place_vector places;
	struct index_block_vector blocks;
	struct index_edge_vector edges;
	struct index_row_vector rows;
	struct index_span_vector spans;
	struct intern *strings; /* ids, turned into offsets by index_draft_finish() */
	uint64_t base;
	bool is_module;
	struct build_id build_id;
	uint32_t path; /* id in strings */
};

/* symbolize/index/draft.c */
struct error *index_draft_init(struct index_draft *draft, const struct image *image);
void index_draft_deinit(struct index_draft *draft);
/* Add what does not come from debug info: sections, symbols, calls, points without frames. */
struct error *index_draft_add_code(struct index_draft *draft, const struct image *image,
				   const struct code *code);
/* Add blocks and edges. */
struct error *index_draft_add_flow(struct index_draft *draft, const struct flow *flow);
/* Put everything into one block of memory. The draft can only be deinitialised after that. */
struct error *index_draft_finish(struct index_draft *draft, struct index **ret);

/* symbolize/index/rows.c: sort rows and spans as index.h says, and drop duplicates. */
struct error *index_sort_rows(struct index_draft *draft);

/*
 * symbolize/index/merge.c: merge what was read of the debug info. Parts are in the order of their
 * units. frames has room for one number per wanted address, and gets the innermost frame of each.
 */
struct error *index_merge(struct index_draft *draft, const struct image *image,
			  const struct wanted *wanted, const struct unit_part *parts,
			  size_t nr_parts, uint32_t *frames);

#endif
