/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The index of an image: all that coverage needs to know of it, and nothing
 * that depends on a run. One block of memory of flat arrays without pointers
 * (offsets and numbers of 32 bits), so that it can be written to a file and
 * mapped back.
 *
 * Addresses are stored as offsets from index_base(): address = base + offset.
 * For vmlinux these are the addresses that KCOV records; for a module they
 * count from the start of its .text (see image.h).
 *
 * An index is immutable, and may be read by several threads.
 */
#ifndef SYMBOLIZE_INDEX_INDEX_H
#define SYMBOLIZE_INDEX_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/build_id.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/log.h"
#include "symbolize/image/image.h"

#define INDEX_NONE UINT32_MAX

struct index;

enum index_call_kind {
	INDEX_CALL,
	INDEX_JUMP,	     /* tail jump; points only */
	INDEX_CALL_INDIRECT, /* other calls only */
};

/* A call or tail jump of a coverage callback. Its return address is offset + size. */
struct index_point {
	uint32_t offset;
	uint32_t frame; /* innermost; never INDEX_NONE */
	uint16_t size;	/* of the instruction in bytes */
	uint16_t kind;	/* enum index_call_kind */
};

/*
 * One level of the chain of inlined functions at an address. The innermost
 * frame has the line of the address, each outer one that of the inlined call.
 * Frames are shared: equal chains are one.
 */
struct index_frame {
	uint32_t function; /* INDEX_NONE = not known */
	uint32_t file;	   /* INDEX_NONE = not known */
	uint32_t line;	   /* 0 = not known */
	uint32_t column;   /* 0 = not known */
	uint32_t outer;	   /* INDEX_NONE = this is the outermost */
};

/* A function of the source that has points, inlined or not. */
struct index_function {
	uint32_t name;	   /* string */
	uint32_t file;	   /* of its declaration, INDEX_NONE = not known */
	uint32_t line;	   /* of its declaration, 0 = not known */
	uint32_t has_body; /* it exists out of line */
};

/* Source file: a string. */
struct index_file {
	uint32_t path;
};

/* An executable section. */
struct index_section {
	uint32_t offset;
	uint32_t size;
	uint32_t name;	   /* string */
	uint32_t is_known; /* its run-time address follows from the base */
};

/* What a call of a symbol can end in (code.h); for PCs that are no points. */
enum {
	INDEX_TAIL_POINT = 1,
	INDEX_TAIL_INDIRECT = 2,
	INDEX_TAIL_EXTERNAL = 4,
	INDEX_EXTERNAL = 8, /* the symbol is not of this image */
	INDEX_LABEL = 16,   /* not a function */
};

/* A name of machine code, by ascending offset; of several at one, the one to show first. */
struct index_symbol {
	uint32_t offset;
	uint32_t size; /* 0 = not known */
	uint32_t name; /* string */
	uint32_t flags;
	/*
	 * The point that was executed when a call of this symbol recorded its
	 * own return address; INDEX_NONE = there is none, or it is not certain.
	 */
	uint32_t tail_point;
};

/* Any other call. */
struct index_call {
	uint32_t offset;
	uint32_t target; /* symbol, INDEX_NONE = not known */
	uint16_t size;
	uint16_t kind; /* enum index_call_kind */
};

/* The frames of an address that was asked for (struct index_options). */
struct index_place {
	uint32_t offset;
	uint32_t frame;
};

/*
 * A basic block of an instrumented function: one that has a point, .cold part
 * included. Blocks ascend; what lies between them is not instrumented.
 */
enum {
	INDEX_BLOCK_OPEN_IN = 1,     /* entered from elsewhere: an entry, a fixup */
	INDEX_BLOCK_OPEN_OUT = 2,    /* not all successors are known */
	INDEX_BLOCK_BRANCH = 4,	     /* ends in a conditional jump: edges are taken, not taken */
	INDEX_BLOCK_LEAVES = 8,	     /* may leave the instrumented code: a return, a tail call */
	INDEX_BLOCK_FAULTS = 16,     /* an instruction in it may fault and go on elsewhere */
	INDEX_BLOCK_RETURNS = 32,    /* ends in a return */
	INDEX_BLOCK_UNRECORDED = 64, /* reached by tasks that are not recorded any more */
};

struct index_block {
	uint32_t offset;
	uint32_t size;
	uint32_t symbol;     /* of its function, INDEX_NONE = not known */
	uint32_t first_edge; /* in index_edges(), up to that of the next block */
	uint32_t flags;
};

/*
 * A row of the line table at an address of a block, the zero-length ones
 * included (DWARF 5, 6.2). Ascending by offset, then as in the table.
 */
enum {
	INDEX_ROW_STMT = 1, /* is_stmt: a statement begins here */
	/*
	 * The compiler gives up a line when it moves the code: where there is code of
	 * a line it was executed, is_stmt or not. Clang does, gcc keeps the line.
	 */
	INDEX_ROW_EXACT = 2,
	/* The compiler makes equal ends of blocks one after it gave out points: gcc does. */
	INDEX_ROW_TAILS = 4,
};

struct index_row {
	uint32_t offset;
	uint32_t file; /* INDEX_NONE = not known */
	uint32_t line; /* 0 = none: what comes here belongs to no line */
	uint32_t flags;
};

/* Code of a function, out of line or inlined, in blocks. Ascending by offset. */
struct index_span {
	uint32_t offset;
	uint32_t end;
	uint32_t function; /* INDEX_NONE = not known */
	uint32_t file;	   /* of the call that was inlined, INDEX_NONE = it was not */
	uint32_t line;	   /* of that call, 0 = not known, or not inlined */
};

struct index_options {
	const struct log *log; /* NULL = silence */
	/*
	 * Addresses whose frames are wanted beside the points: ascending,
	 * distinct. Borrowed during the call.
	 */
	const uint64_t *addresses;
	size_t nr_addresses;
	/* Read debug info for these only: points get no frames but the symbol. Quick for a few. */
	bool only_addresses;
};

/*
 * Read all of image. It is not needed after that. ERROR_NOT_FOUND: it is no
 * module, and knows no coverage callback. Broken debug info of a unit is a
 * warning, and its points have the symbol as their only frame. options may be
 * NULL.
 */
struct error *index_build(const struct image *image, const struct index_options *options,
			  struct index **ret);
/* Accepts NULL. */
void index_destroy(struct index *index);

/* Pointers are valid until index_destroy(). */
const char *index_path(const struct index *index);
const struct build_id *index_build_id(const struct index *index);
bool index_is_module(const struct index *index);
uint64_t index_base(const struct index *index);
const struct index_point *index_points(const struct index *index, size_t *ret_nr);
const struct index_frame *index_frames(const struct index *index, size_t *ret_nr);
const struct index_function *index_functions(const struct index *index, size_t *ret_nr);
const struct index_file *index_files(const struct index *index, size_t *ret_nr);
const struct index_section *index_sections(const struct index *index, size_t *ret_nr);
const struct index_symbol *index_symbols(const struct index *index, size_t *ret_nr);
const struct index_call *index_calls(const struct index *index, size_t *ret_nr);
const struct index_place *index_places(const struct index *index, size_t *ret_nr);
const struct index_block *index_blocks(const struct index *index, size_t *ret_nr);
/* Numbers of blocks: the successors of each, in order of the blocks. */
const uint32_t *index_edges(const struct index *index, size_t *ret_nr);
const struct index_row *index_rows(const struct index *index, size_t *ret_nr);
const struct index_span *index_spans(const struct index *index, size_t *ret_nr);
const char *index_string(const struct index *index, uint32_t string);

/* Path of a file, or NULL for INDEX_NONE. */
const char *index_file_path(const struct index *index, uint32_t file);
/* Name of a function, or NULL for INDEX_NONE. */
const char *index_function_name(const struct index *index, uint32_t function);
/* The last point that starts at or before offset: its number, or INDEX_NONE. */
uint32_t index_find_point(const struct index *index, uint32_t offset);
/* The last other call that starts at or before offset: its number, or INDEX_NONE. */
uint32_t index_find_call(const struct index *index, uint32_t offset);
/* The block that offset lies in, or INDEX_NONE. */
uint32_t index_find_block(const struct index *index, uint32_t offset);
/* The symbol whose code offset lies in, or INDEX_NONE. */
uint32_t index_find_symbol(const struct index *index, uint32_t offset);
/* The section that offset lies in, or INDEX_NONE. */
uint32_t index_find_section(const struct index *index, uint32_t offset);
/* A symbol of this image with this name, or INDEX_NONE. Slow: looks at all of them. */
uint32_t index_find_name(const struct index *index, const char *name);
/* The frame of a place at exactly offset, or INDEX_NONE. */
uint32_t index_find_place(const struct index *index, uint32_t offset);

DEFINE_CLEANUP(index, struct index, index_destroy);
#define _cleanup_index_ _cleanup_(cleanup_index)

#endif
