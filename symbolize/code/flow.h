/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flow of control in the instrumented functions of an image: basic blocks
 * and the edges between them. A function is instrumented if it has a point; its
 * .cold part belongs to it. Private to symbolize/.
 *
 * A block ends after a jump, branch, return or trap, after a call that does
 * not return, before the target of a jump, where the kernel may patch in a
 * jump (static keys, alternatives; anything that a table of no known format
 * refers to), and after an instruction that may fault if the code after it has
 * a point. If not all ways in or out are known, the
 * block is marked FLOW_OPEN_IN or FLOW_OPEN_OUT; nothing is guessed.
 */
#ifndef SYMBOLIZE_CODE_FLOW_H
#define SYMBOLIZE_CODE_FLOW_H

#include "base/error.h"
#include "base/vector.h"
#include "symbolize/code/code.h"
#include "symbolize/image/image.h"

enum {
	FLOW_OPEN_IN = 1, /* entered from elsewhere: an entry, a fixup */
	FLOW_OPEN_OUT =
		2, /* not all successors are known: an indirect jump, a trap that may return */
	FLOW_BRANCH = 4,      /* ends in a conditional jump: edges are taken, then not taken */
	FLOW_LEAVES = 8,      /* may also leave the instrumented code: a return, a tail call */
	FLOW_FAULTS = 16,     /* an instruction in it may fault; the flow then goes on elsewhere */
	FLOW_RETURNS = 32,    /* ends in a return */
	FLOW_UNRECORDED = 64, /* may run in tasks that are no longer recorded */
};

struct flow_block {
	uint64_t start;
	uint32_t size;
	uint32_t function;   /* symbol of the function, CODE_NO_SYMBOL = none */
	uint32_t first_edge; /* its edges end where those of the next block begin */
	uint32_t flags;
};

DEFINE_VECTOR(flow_block_vector, struct flow_block);
DEFINE_VECTOR(flow_edge_vector, uint32_t);

struct flow {
	struct flow_block_vector blocks; /* ascending by start */
	struct flow_edge_vector edges;	 /* numbers of blocks, in order of the blocks they leave */
};

/*
 * Instructions that the kernel may replace at run time, with or without a jump.
 * For flow_jump_tables(): an indirect jump and one of its targets; end is 0.
 */
struct flow_patch {
	uint64_t address, end;
	uint64_t target; /* of the jump; 0 = without a jump: the flow goes on at the end */
};

DEFINE_VECTOR(flow_patch_vector, struct flow_patch);

/* flow_tables.c: what the kernel's tables say of the flow. */
struct flow_tables {
	struct flow_patch_vector patches; /* ascending by address */
	struct address_vector faults;	  /* instructions that may fault */
	struct address_vector entries;	  /* where exceptions go on, in the order of the table */
	/* Ascending: code to which a table refers whose format is not known. */
	struct address_vector unknown;
};

/*
 * flow_jump_tables.c: the targets of indirect jumps through an array in the
 * image, ascending by address of the jump. parent gives the function that each
 * symbol belongs to; cold parts that only a table leads to are added to it. The
 * image does not tell the size of an array: it ends where another one begins, or
 * after the last entry that leads to the jump's function.
 */
struct error *flow_jump_tables(const struct image *image, const struct code *code, uint32_t *parent,
			       struct flow_patch_vector *ret);
/*
 * flow_parts.c: whether a symbol has the name of a cold part of a function: "f.cold" of "f", or of
 * another symbol at the address of f. The part may be that of a function of the same name in
 * another file.
 */
bool flow_is_cold_part(const struct image *image, uint32_t part, uint32_t function);

/* flow_no_return.c: addresses of functions that do not return, ascending. */
struct error *flow_no_return(const struct image *image, unsigned int jobs,
			     struct address_vector *ret);

/* flow_calls.c: return addresses of certain calls, both ascending. */
struct flow_calls {
	struct address_vector finals;	 /* of calls that do not return */
	struct address_vector silencers; /* of calls after which the task is no longer recorded */
};

struct error *flow_calls_init(struct flow_calls *calls, const struct image *image,
			      const struct code *code, unsigned int jobs);
void flow_calls_deinit(struct flow_calls *calls);
/* Set FLOW_UNRECORDED on the blocks that the flow reaches after a silencer. False: no memory. */
bool flow_mark_unrecorded(struct flow *flow, const struct flow_calls *calls);

struct error *flow_tables_init(struct flow_tables *tables, const struct image *image,
			       const struct arch *arch, const struct log *log);
/*
 * Append where instructions between start and end begin and end to which a table of no known format
 * refers: a jump may be there, or lead there. False: no memory.
 */
bool flow_tables_split(const struct flow_tables *tables, const struct image *image,
		       const struct arch *arch, uint64_t start, uint64_t end,
		       struct address_vector *ret);
void flow_tables_deinit(struct flow_tables *tables);

/*
 * Debug info is read in several threads; 0 jobs count as 1. log gets a warning for each of the
 * kernel's tables that cannot be read: all blocks of the functions in it are open.
 */
struct error *flow_init(struct flow *flow, const struct image *image, const struct code *code,
			unsigned int jobs, const struct log *log);
void flow_deinit(struct flow *flow);
/* The address range of each block, ascending. False: no memory. */
bool flow_ranges(const struct flow *flow, struct address_range_vector *ret);
/* The number of the first block that ends after address; blocks.len if none does. */
uint32_t flow_next_block(const struct flow *flow, uint64_t address);
/* The number of the block that contains address; false if none does. */
bool flow_find_block(const struct flow *flow, uint64_t address, uint32_t *ret);

#endif
