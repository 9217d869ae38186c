/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flow of control in the instrumented functions of an image: basic blocks
 * and what follows them. A function is instrumented when it has a point; its
 * .cold part is joined to it. Private to symbolize/.
 *
 * A block ends after a jump, branch, return or trap, after a call that does
 * not return, before the target of a jump, and where the kernel may patch a
 * jump in (static keys, alternatives). What cannot be known is marked, never
 * guessed: FLOW_OPEN_IN and FLOW_OPEN_OUT.
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
	FLOW_FAULTS = 16,     /* an instruction in it may fault and go on elsewhere */
	FLOW_RETURNS = 32,    /* ends in a return */
	FLOW_UNRECORDED = 64, /* reached by tasks that are not recorded any more */
};

struct flow_block {
	uint64_t start;
	uint32_t size;
	uint32_t function;   /* symbol of the function, CODE_NO_SYMBOL = none */
	uint32_t first_edge; /* the edges end where those of the next block begin */
	uint32_t flags;
};

DEFINE_VECTOR(flow_block_vector, struct flow_block);
DEFINE_VECTOR(flow_edge_vector, uint32_t);

struct flow {
	struct flow_block_vector blocks; /* ascending by start */
	struct flow_edge_vector edges;	 /* numbers of blocks, in order of the blocks they leave */
};

/* Instructions that the kernel replaces by a jump or by nothing. */
struct flow_patch {
	uint64_t address, end;
	uint64_t target; /* 0 = by nothing: the flow can only go on at the end */
};

DEFINE_VECTOR(flow_patch_vector, struct flow_patch);

/* What the kernel's tables say of the flow. flow_tables.c */
struct flow_tables {
	struct flow_patch_vector patches; /* ascending by address */
	struct address_vector faults;	  /* instructions that may fault */
	struct address_vector entries;	  /* ascending: where exceptions go on */
};

/*
 * flow_jump_tables.c: where indirect jumps through an array in the image lead,
 * by address of the jump; parent is the function of each symbol. Of a table
 * nobody knows the size: it ends where another begins, and where an entry is
 * not in the function of the jump.
 */
struct error *flow_jump_tables(const struct image *image, const struct code *code,
			       const uint32_t *parent, struct flow_patch_vector *ret);

/* flow_no_return.c: addresses of functions that do not return, ascending. */
struct error *flow_no_return(const struct image *image, struct address_vector *ret);

/* Where calls end, both ascending. flow_calls.c */
struct flow_calls {
	struct address_vector finals;	 /* that do not return */
	struct address_vector silencers; /* behind which nothing is recorded of the task */
};

struct error *flow_calls_init(struct flow_calls *calls, const struct image *image,
			      const struct code *code);
void flow_calls_deinit(struct flow_calls *calls);
/* FLOW_UNRECORDED: what the flow comes to behind a silencer. False: no memory. */
bool flow_mark_unrecorded(struct flow *flow, const struct flow_calls *calls);

struct error *flow_tables_init(struct flow_tables *tables, const struct image *image,
			       const struct arch *arch);
void flow_tables_deinit(struct flow_tables *tables);

struct error *flow_init(struct flow *flow, const struct image *image, const struct code *code);
void flow_deinit(struct flow *flow);
/* The addresses of each block, ascending. False: no memory. */
bool flow_ranges(const struct flow *flow, struct address_range_vector *ret);
/* The first block that ends after address: its number, or that of blocks when there is none. */
uint32_t flow_next_block(const struct flow *flow, uint64_t address);
/* The block that address lies in, false when it is in none. */
bool flow_find_block(const struct flow *flow, uint64_t address, uint32_t *ret);

#endif
