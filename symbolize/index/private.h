/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory layout of an index, and the draft that it is built from. Private to symbolize/. */
#ifndef SYMBOLIZE_INDEX_PRIVATE_H
#define SYMBOLIZE_INDEX_PRIVATE_H

#include "symbolize/code/code.h"
#include "symbolize/code/flow.h"
#include "base/packed.h"
#include "symbolize/index/frames.h"
#include "symbolize/index/handoff.h"
#include "symbolize/index/index.h"
#include "symbolize/image/unit_part.h"

#define INDEX_MAGIC   0x78646e69766f636bULL /* "kcovindx" */
#define INDEX_VERSION 5

/* The arrays of the block, in the order in which they lie there. */
enum index_array {
	INDEX_POINTS,
	INDEX_FUNCTIONS,
	INDEX_FILES,
	INDEX_SECTIONS,
	INDEX_SYMBOLS,
	INDEX_CALLS,
	INDEX_TAIL_CALLS,
	INDEX_HANDOFFS,
	INDEX_BLOCKS,
	INDEX_EXTENTS,
	INDEX_EDGES,
	INDEX_GROUPS,
	INDEX_FILE_GROUPS,
	INDEX_BRANCHES,
	INDEX_ENTRY_LINES,
	INDEX_LINE_TABLE,
	INDEX_OWNERS,
	INDEX_PLACE_CHUNKS, /* frames.h */
	INDEX_PLACES,	    /* bytes */
	INDEX_SCOPE_CHUNKS,
	INDEX_SCOPES,  /* bytes */
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
	struct build_id build_id;
	struct index_array_header arrays[INDEX_ARRAYS];
};

struct index {
	const unsigned char *block;
	const struct index_header *header; /* = block */
	char *path;			   /* of the image, as it was asked for */
	void *memory;			   /* that holds the block */
	size_t mapped;			   /* bytes of memory to unmap; 0 = memory is on the heap */
};

/*
 * A row of the line table at an address of a block, zero-length rows included
 * (DWARF 5, 6.2). Ascending by offset; at one offset, in the order of the table.
 */
enum {
	INDEX_ROW_STMT = 1, /* is_stmt: a statement begins here */
	/*
	 * The compiler drops the line of code that it moves (clang does, gcc does not).
	 * So code of a line proves that the line was executed, with is_stmt or without.
	 */
	INDEX_ROW_EXACT = 2,
	/* The compiler merges identical block tails after instrumentation (gcc does). */
	INDEX_ROW_TAILS = 4,
};

struct index_row {
	uint32_t offset;
	uint32_t file;	    /* INDEX_NONE = not known */
	uint32_t line : 29; /* 0 = none: the code from here on belongs to no line */
	uint32_t flags : 3; /* INDEX_ROW_* */
};

/* A row that is no statement: it ends the row before it, so it comes before others of its offset.
 */
static inline bool index_row_is_end(const struct index_row *row)
{
	return !row->line && row->file == INDEX_NONE;
}

/* An address range of a function, out of line or inlined, with blocks. Ascending by offset. */
struct index_span {
	uint32_t offset;
	uint32_t end;
	uint32_t function; /* INDEX_NONE = not known */
	uint32_t file;	   /* of the inlined call; INDEX_NONE = out of line */
	uint32_t line;	   /* of the inlined call; 0 = not known, or out of line */
};

DEFINE_VECTOR(index_point_vector, struct index_point);
DEFINE_VECTOR(index_function_vector, struct index_function);
DEFINE_VECTOR(index_file_vector, struct index_file);
DEFINE_VECTOR(index_section_vector, struct index_section);
DEFINE_VECTOR(index_symbol_vector, struct index_symbol);
DEFINE_VECTOR(index_call_vector, struct index_call);
DEFINE_VECTOR(index_tail_call_vector, struct index_tail_call);
DEFINE_VECTOR(index_handoff_vector, struct index_handoff);
DEFINE_VECTOR(index_block_vector, struct index_block);
DEFINE_VECTOR(index_edge_vector, uint32_t);
DEFINE_VECTOR(index_offset_vector, uint32_t);
DEFINE_VECTOR(index_extent_vector, struct index_extent);
DEFINE_VECTOR(index_group_vector, struct index_group);
DEFINE_VECTOR(index_group_number_vector, uint32_t);
DEFINE_VECTOR(index_branch_vector, struct index_branch);
DEFINE_VECTOR(index_entry_line_vector, struct index_entry_line);
DEFINE_VECTOR(index_row_vector, struct index_row);
DEFINE_VECTOR(index_span_vector, struct index_span);

/* An index while it is built: arrays that grow. */
struct index_draft {
	struct index_point_vector points;
	struct index_function_vector functions;
	struct index_file_vector files;
	struct index_section_vector sections;
	struct index_symbol_vector symbols;
	struct index_call_vector calls;
	struct index_tail_call_vector tail_calls;
	struct index_handoff_vector handoffs;
	struct index_block_vector blocks;
	struct index_extent_vector extents;
	struct index_edge_vector edges;
	struct index_offset_vector jumps; /* direct unconditional ones, ascending */
	struct index_group_vector groups;
	struct index_group_number_vector file_groups;
	struct index_branch_vector branches;
	struct index_entry_line_vector entry_lines;
	struct packed line_table, owners;
	struct index_row_vector rows;
	struct index_span_vector spans;
	struct index_scope_vector scopes;
	struct index_place_vector places; /* ascending, each differs from the one before */
	struct index_place_chunk_vector place_chunks; /* these four: index_pack_frames() */
	struct packed packed_places;
	struct index_scope_chunk_vector scope_chunks;
	struct packed packed_scopes;
	struct intern *strings; /* ids, turned into offsets by index_draft_finish() */
	uint64_t base;
	bool is_module;
	struct build_id build_id;
	const char *path; /* borrowed */
};

/*
 * What names a line, or a part of a function of the source, before lines have numbers: an owner and
 * what it owns. file is INDEX_NONE, and line the number of the function, in owners of functions.
 */
struct draft_owner {
	uint32_t file, line;
	struct index_owner owner;
};

DEFINE_VECTOR(draft_owner_vector, struct draft_owner);
DEFINE_VECTOR(line_key_vector, uint64_t);

/* A line of the entry block of a function: index_entry_line, before lines have numbers. */
struct draft_entry_line {
	uint32_t function, file, line;
};

DEFINE_VECTOR(draft_entry_line_vector, struct draft_entry_line);

/* What find_owners.c finds. */
struct draft_owners {
	struct draft_owner_vector lines, functions;
	struct draft_entry_line_vector entry_lines;
};

/* symbolize/index/draft.c */
struct error *index_draft_init(struct index_draft *draft, const struct image *image);
void index_draft_deinit(struct index_draft *draft);
/* Add what does not come from debug info: sections, symbols, calls, points. */
struct error *index_draft_add_code(struct index_draft *draft, const struct image *image,
				   const struct code *code);
/* symbolize/index/find_tail_calls.c */
struct error *index_find_tail_calls(struct index_draft *draft, const struct image *image,
				    const struct code *code);
/* symbolize/index/handoff.c: find the handoffs. */
struct error *index_find_handoffs(struct index_draft *draft, const struct image *image,
				  const struct code *code);
/* Add blocks and edges. */
struct error *index_draft_add_flow(struct index_draft *draft, const struct flow *flow);
/* Put everything into one block of memory. The draft can only be deinitialised after that. */
struct error *index_draft_finish(struct index_draft *draft, struct index **ret);

/*
 * symbolize/index/names.c: sort files and functions as index.h says, in place of the order in which
 * units name them.
 */
struct error *index_sort_names(struct index_draft *draft);

/*
 * symbolize/index/own.c: from rows, spans, blocks and edges (blocks ascend by offset) make all that
 * coverage needs: groups, owners, lines, branches, and the baseline. Renumbers the blocks, and
 * frees rows and spans.
 */
struct error *index_own(struct index_draft *draft);

/* A line: its file in the upper half, so that keys ascend by file, then line. */
static inline uint64_t line_key(uint32_t file, uint32_t line)
{
	return (uint64_t)file << 32 | line;
}

/*
 * symbolize/index/pack_owners.c: number the lines, and pack owners by group. Owners ascend by block
 * (as renumbered); a block may own a line more than once. Branches are owners without kinds, by
 * offset.
 */
struct error *index_pack_owners(struct index_draft *draft, const struct draft_owners *owners,
				const struct draft_owner_vector *branches);

/* symbolize/index/find_owners.c: the owners of all lines and functions, in no order. */
struct error *find_owners(const struct index_draft *draft, struct draft_owners *ret);
/*
 * symbolize/index/returns.c: find a row with the line on which a function
 * returns, for each block that ends in a tail call and for each function.
 * INDEX_NONE = none, or not known. The caller frees both arrays, also after an
 * error.
 */
struct error *find_returns(const struct index_draft *draft, uint32_t **ret_of_block,
			   uint32_t **ret_of_function);
/*
 * symbolize/index/entries.c: find the entry block of the out-of-line copy of each function.
 * INDEX_NONE = it has no such copy, or several. The caller frees the array, also after an error.
 */
struct error *find_entries(const struct index_draft *draft, uint32_t **ret);
/*
 * symbolize/index/tails.c: whether the preceding block ends where this one begins, and has an
 * edge to it.
 */
bool runs_into(const struct index_draft *draft, size_t block);
/* Whether a row at the first address of a block belongs to the preceding block. */
bool is_left_over(const struct index_draft *draft, size_t block, size_t row);
/*
 * Whether the statements of a block, if it was hit, belong to the preceding block, if that was
 * missed. For gcc's code only.
 */
bool may_be_tail(const struct index_draft *draft, size_t block);
/* The block that contains offset, or INDEX_NONE. */
uint32_t draft_find_block(const struct index_draft *draft, uint32_t offset);
/* The end of the edges of a block; they begin at first_edge. */
size_t draft_edges_end(const struct index_draft *draft, size_t block);

/* symbolize/index/file_groups.c: the groups of each file (index_file_groups()), in the making. */
struct file_groups {
	const struct index_draft *draft;
	const struct draft_entry_line_vector *entry_lines; /* ascending by function */
	uint32_t *last;		      /* of each file: 1 + the last group that has it; 0 = none */
	struct line_key_vector pairs; /* of a file and a group */
};
/* These return false if memory runs out. Call file_groups_deinit() even then. */
bool file_groups_init(struct file_groups *groups, const struct index_draft *draft,
		      const struct draft_entry_line_vector *entry_lines);
void file_groups_deinit(struct file_groups *groups);
/* Add what an owner of a group owns; groups have to come in their order. */
bool file_groups_add(struct file_groups *groups, const struct draft_owner *owner, uint32_t group);
/* Fill the file_groups of the draft. */
bool file_groups_finish(struct file_groups *groups, struct index_draft *draft);

/* symbolize/index/groups.c: put blocks into groups, and number them by these. */
struct error *group_blocks(struct index_draft *draft, uint32_t **ret_new_numbers);

/*
 * symbolize/index/index.c: an index over a block that is whole and valid. path: copied. Takes
 * memory on success; see struct index.
 */
struct error *index_create(void *memory, const void *block, size_t mapped, const char *path,
			   struct index **ret);

/*
 * symbolize/index/validate.c: check a block of size bytes, aligned as by malloc(). If it is valid,
 * no function of index.h reads outside of it, every number that refers to another array is inside
 * of that array, and every chain of numbers ends. The content may still be wrong. ret_what gets
 * the part that is damaged, for a message.
 */
enum index_validity {
	INDEX_VALID,
	INDEX_DAMAGED,
	INDEX_OTHER_VERSION,
};
enum index_validity index_validate(const void *block, size_t size, const char **ret_what);

/* symbolize/index/rows.c: sort rows and spans as said above, and drop duplicates. */
struct error *index_sort_rows(struct index_draft *draft);

/*
 * symbolize/index/merge.c: merge what was read of the debug info. Parts are in the order of their
 * units. Their rows and spans are freed on the way: there are millions.
 */
struct error *index_merge(struct index_draft *draft, const struct image *image,
			  struct unit_part *parts, size_t nr_parts);

/* symbolize/index/regions.c: a part, and how its numbers are merged. */
struct merged_part {
	const struct unit_part *part;
	uint32_t *file_map;   /* from files of the part to files of the draft */
	uint32_t first_scope; /* of the part in the draft */
};

/* Gets code from place to end that is in a file and in no function of the debug info. */
typedef struct error *nameless_code(void *arg, const struct index_place *place, uint32_t end);

/*
 * Add the places of all parts, and pass those without function to `nameless`. If several units
 * claim an address, the first one has it.
 */
struct error *index_merge_places(struct index_draft *draft, const struct merged_part *parts,
				 size_t nr_parts, nameless_code *nameless, void *arg);

/*
 * symbolize/index/pack_frames.c: add a place, at an offset that is not before those of the others;
 * nothing is added for one that goes on with the last one. False: no memory.
 */
bool draft_add_place(struct index_draft *draft, const struct index_place *place);
/* The place that is active at offset, or NULL. */
const struct index_place *draft_find_place(const struct index_draft *draft, uint32_t offset);
/* Pack scopes and places. Files and functions must have their last numbers. */
struct error *index_pack_frames(struct index_draft *draft);

/* symbolize/index/index.c: any array of an index. */
const void *index_array(const struct index *index, enum index_array array, size_t *ret_nr);

#endif
