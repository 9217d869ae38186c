/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The index of an image: all that coverage needs to know of the image, and
 * nothing that depends on a run. It is one block of memory: flat arrays without
 * pointers (32-bit offsets and numbers), so that it can be written to a file
 * and mapped back (cache.h). Only the path of the image is not in the block.
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
#include "base/source_md5.h"
#include "symbolize/image/image.h"

#define INDEX_NONE UINT32_MAX

struct index;

enum index_call_kind {
	INDEX_CALL,
	INDEX_JUMP,	     /* tail jump; points only */
	INDEX_CALL_INDIRECT, /* other calls only */
	/*
	 * Call of an exit callback; points only. KCOV_TRACE_PC does not record it, so it is not
	 * counted as a point. If it was recorded, its block was executed.
	 */
	INDEX_EXIT,
};

/* A call of a coverage callback, or a tail jump to it. Its return address is offset + size. */
struct index_point {
	uint32_t offset;
	uint16_t size; /* of the instruction, in bytes */
	uint16_t kind; /* enum index_call_kind */
};

/*
 * A function of the source that has code, inlined or not. Ascending by file, line and name; those
 * of no known file come last.
 */
struct index_function {
	uint32_t name;	   /* string */
	uint32_t file;	   /* of its declaration, INDEX_NONE = not known */
	uint32_t line;	   /* of its declaration, 0 = not known */
	uint32_t has_body; /* it exists out of line, with blocks */
	uint32_t found;	   /* blocks of known state if nothing was recorded */
};

/*
 * A source file. Ascending by path (strcmp). What belongs to a file lies between its first_* and
 * that of the next file; one more file than there are ends the last one.
 */
struct index_file {
	uint32_t path;		 /* string */
	uint32_t first_line;	 /* number of a line */
	uint32_t lines;		 /* bytes in the line table: lines.h */
	uint32_t first_function; /* in index_functions() */
	uint32_t first_branch;	 /* in index_branches() */
	uint32_t first_group;	 /* in index_file_groups() */
	uint32_t nr_points;	 /* points whose innermost frame is in it, but for INDEX_EXIT */
	struct source_md5 md5;	 /* when it was compiled */
};

/* An executable section. */
struct index_section {
	uint32_t offset;
	uint32_t size;
	uint32_t name;	   /* string */
	uint32_t is_known; /* its run-time address follows from the base */
};

/* What a call of a symbol can end in (code.h); explains PCs that are not points. */
enum {
	INDEX_TAIL_POINT = 1,
	INDEX_TAIL_INDIRECT = 2,
	INDEX_TAIL_EXTERNAL = 4,
	INDEX_EXTERNAL = 8, /* the symbol is defined in another image */
	INDEX_LABEL = 16,   /* not a function */
};

/* A name of machine code. Ascending by offset; at one offset, the name to show comes first. */
struct index_symbol {
	uint32_t offset;
	uint32_t size; /* 0 = not known */
	uint32_t name; /* string */
	uint32_t flags;
	/*
	 * The point that was executed if the return address of a call of this
	 * symbol was recorded; INDEX_NONE = none, or ambiguous.
	 */
	uint32_t tail_point;
};

struct index_handoff;

/* A call of anything but a coverage callback. */
struct index_call {
	uint32_t offset;
	uint32_t target; /* symbol, INDEX_NONE = not known */
	uint16_t size;
	uint16_t kind; /* enum index_call_kind */
};

/* A jump to the beginning of another function, or to a function of another image. */
struct index_tail_call {
	uint32_t offset;
	uint32_t target; /* symbol */
};

/*
 * A basic block of an instrumented function. A function is instrumented if it
 * has a point; its .cold part belongs to it. Blocks ascend by group, then by offset;
 * code between them is not instrumented.
 */
enum {
	INDEX_BLOCK_OPEN_IN = 1,     /* also entered from elsewhere: an entry, a fixup */
	INDEX_BLOCK_OPEN_OUT = 2,    /* not all successors are known */
	INDEX_BLOCK_BRANCH = 4,	     /* ends in a conditional jump: edge 0 taken, 1 not taken */
	INDEX_BLOCK_LEAVES = 8,	     /* may leave the instrumented code: a return, a tail call */
	INDEX_BLOCK_FAULTS = 16,     /* an instruction in it may fault and continue elsewhere */
	INDEX_BLOCK_RETURNS = 32,    /* ends in a return */
	INDEX_BLOCK_UNRECORDED = 64, /* reached by tasks that are no longer recorded */
	/*
	 * Padding before an aligned address runs into the code there. It would be a predecessor
	 * that may have been executed. Padding is code that nothing leads to and that has no row;
	 * code that is reached in unknown ways does have a row.
	 */
	INDEX_BLOCK_FILLING = 128,
	INDEX_BLOCK_MISSED = 256, /* missed if nothing of its group was recorded; else unknown */
};

#define INDEX_BLOCK_SIZE_MAX ((1U << 22) - 1)

struct index_block {
	uint32_t offset;
	uint32_t size : 22;
	uint32_t flags : 10; /* INDEX_BLOCK_* */
	uint32_t symbol;     /* of its function; INDEX_NONE = not known */
	uint32_t first_edge; /* in index_edges(), up to that of the next block */
};

/*
 * Blocks that are connected by edges, or belong to the same function. Groups ascend by their lowest
 * offset. A group ends where the next one begins; one more group than there are ends the last one.
 */
struct index_group {
	uint32_t first_block;
	uint32_t line_owners;	  /* bytes in the owners (owners.h): of lines */
	uint32_t function_owners; /* of functions; these end where the next group begins */
};

/*
 * Blocks that follow each other by number and by offset, without another block between them.
 * Ascending by offset: to find the block of an offset.
 */
struct index_extent {
	uint32_t offset; /* of its first block */
	uint32_t first_block;
	uint32_t nr_blocks;
};

/* What is true of a block and a line, or of a block and a function, whatever was executed. */
enum {
	INDEX_OWNER_ALWAYS = 1,		    /* without this: only if the block was hit */
	INDEX_OWNER_ROW = 2,		    /* a row of the block names the line */
	INDEX_OWNER_STMT = 4,		    /* a statement begins in the block */
	INDEX_OWNER_STMT_UNLESS_MISSED = 8, /* the same, but not if it was missed */
	INDEX_OWNER_STMT_IF_HIT = 16,	    /* the same, if it was hit */
	INDEX_OWNER_TAIL = 32,		    /* the statement may be that of the block before */
	INDEX_OWNER_ENTERS = 64,	    /* functions: if hit, an inlined instance was entered */
};

struct index_owner {
	uint32_t block;
	uint32_t kinds; /* INDEX_OWNER_* */
};

/* A conditional jump of a line. Ascending by line, then by the offset of its block. */
struct index_branch {
	uint32_t line; /* number of a line */
	uint32_t block;
};

/*
 * A line of the entry block of a function. Entering an inlined instance of the function means
 * executing that block, even if inlining left no code for it. Ascending by function, then line.
 */
struct index_entry_line {
	uint32_t function;
	uint32_t line; /* number of a line */
};

struct index_options {
	const struct log *log; /* NULL = silence */
	/* Threads to use; 0 counts as 1. The index does not depend on their number. */
	unsigned int jobs;
};

/*
 * Build the index of an image, which is not needed after that. options may be
 * NULL. The caller destroys the index with index_destroy(). Fails with
 * ERROR_NOT_FOUND if the image is not a module and has no coverage callback.
 * Broken debug info of a unit is logged as a warning; then code of the unit has
 * one frame, made from its symbol.
 */
struct error *index_build(const struct image *image, const struct index_options *options,
			  struct index **ret);
/*
 * The same in a process of its own, with limits of memory and time that grow with the size of the
 * image. Debug info that crashes the reader, or takes too much, costs the unit that it belongs to:
 * the log gets a warning, and the index is built without that unit. ERROR_FORMAT if this happens
 * too often, or not in a unit. *ret_whole: no unit was skipped, and none is in a .dwo file; may be
 * NULL. The calling process must have one thread.
 */
struct error *index_build_isolated(struct image *image, const struct index_options *options,
				   bool *ret_whole, struct index **ret);
/* Accepts NULL. */
void index_destroy(struct index *index);

/* Pointers are valid until index_destroy(). */
const char *index_path(const struct index *index);
const struct build_id *index_build_id(const struct index *index);
bool index_is_module(const struct index *index);
uint64_t index_base(const struct index *index);
const struct index_point *index_points(const struct index *index, size_t *ret_nr);
const struct index_function *index_functions(const struct index *index, size_t *ret_nr);
const struct index_file *index_files(const struct index *index, size_t *ret_nr);
const struct index_section *index_sections(const struct index *index, size_t *ret_nr);
const struct index_symbol *index_symbols(const struct index *index, size_t *ret_nr);
const struct index_call *index_calls(const struct index *index, size_t *ret_nr);
const struct index_tail_call *index_tail_calls(const struct index *index, size_t *ret_nr);
const struct index_handoff *index_handoffs(const struct index *index,
					   size_t *ret_nr); /* handoff.h */
const struct index_block *index_blocks(const struct index *index, size_t *ret_nr);
/* The successors of each block, as numbers of blocks: see index_block.first_edge. */
const uint32_t *index_edges(const struct index *index, size_t *ret_nr);
const struct index_group *index_groups(const struct index *index, size_t *ret_nr);
/*
 * The groups that a question about a file needs, ascending: without the others its lines and
 * functions get the same verdicts.
 */
const uint32_t *index_file_groups(const struct index *index, uint32_t file, size_t *ret_nr);
const struct index_branch *index_branches(const struct index *index, size_t *ret_nr);
const struct index_entry_line *index_entry_lines(const struct index *index, size_t *ret_nr);
/* Packed: lines.h and owners.h read them. */
const uint8_t *index_line_table(const struct index *index, size_t *ret_size);
const uint8_t *index_owners(const struct index *index, size_t *ret_size);
const char *index_string(const struct index *index, uint32_t string);

/* Path of a file, or NULL for INDEX_NONE. */
const char *index_file_path(const struct index *index, uint32_t file);
/* Name of a function, or NULL for INDEX_NONE. */
const char *index_function_name(const struct index *index, uint32_t function);
/* Number of the last point that starts at or before offset, or INDEX_NONE. */
uint32_t index_find_point(const struct index *index, uint32_t offset);
/* Number of the last index_call that starts at or before offset, or INDEX_NONE. */
uint32_t index_find_call(const struct index *index, uint32_t offset);
/* The block that contains offset, or INDEX_NONE. */
uint32_t index_find_block(const struct index *index, uint32_t offset);
/* The group of a block. */
uint32_t index_block_group(const struct index *index, uint32_t block);
/* The symbol whose code contains offset, or INDEX_NONE. */
uint32_t index_find_symbol(const struct index *index, uint32_t offset);
/* The section that contains offset, or INDEX_NONE. */
uint32_t index_find_section(const struct index *index, uint32_t offset);
/* A symbol that this image defines with this name, or INDEX_NONE. Slow: searches all symbols. */
uint32_t index_find_name(const struct index *index, const char *name);

/*
 * One level of the chain of inlined functions at an address. The innermost
 * frame has the line of the address, each outer one has the line of the inlined
 * call.
 */
struct index_frame {
	const char *function; /* NULL = not known; valid until index_destroy() */
	uint32_t file;	      /* INDEX_NONE = not known */
	uint32_t line;	      /* 0 = not known */
	uint32_t column;      /* 0 = not known */
};

/* No address has more frames: the reader of debug info limits how deep it goes. */
#define INDEX_FRAMES_MAX 257

/*
 * The frames of the code at offset, innermost first: at most max, and at least one
 * if max is not 0. Code of no function in the debug info (assembly, functions that
 * gcc found equal to others) has the name of its symbol. In a damaged index frames
 * are missing or wrong, but nothing worse happens.
 */
size_t index_frames_at(const struct index *index, uint32_t offset, struct index_frame *frames,
		       size_t max);

/*
 * Visit all code whose innermost frame has a file and a line, ascending by offset: from offset up
 * to end it has these. Code of functions without a point is in it. In a damaged index code is
 * missing or wrong, but nothing worse happens.
 */
void index_each_line(const struct index *index,
		     void (*visit)(void *arg, uint32_t offset, uint32_t end, uint32_t file,
				   uint32_t line),
		     void *arg);

DEFINE_CLEANUP(index, struct index, index_destroy);
#define _cleanup_index_ _cleanup_(cleanup_index)

#endif
