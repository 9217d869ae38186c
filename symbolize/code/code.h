/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the machine code of an image tells: its points, its other calls, and
 * which functions can tail-call the callback. Private to symbolize/.
 */
#ifndef SYMBOLIZE_CODE_CODE_H
#define SYMBOLIZE_CODE_CODE_H

#include "base/log.h"
#include "base/vector.h"
#include "symbolize/code/arch.h"
#include "symbolize/image/image.h"

enum code_kind {
	CODE_CALL,	    /* of the callback, or of target */
	CODE_JUMP,	    /* tail jump to the callback; of points only */
	CODE_CALL_INDIRECT, /* of other calls only */
	CODE_EXIT,	    /* call of an exit callback (callbacks.h); of points only */
};

struct code_point {
	uint64_t address;
	uint8_t size;
	enum code_kind kind;
};

struct code_call {
	uint64_t address;
	uint32_t target; /* symbol that contains the target; CODE_NO_SYMBOL = none, or indirect */
	uint8_t size;
	enum code_kind kind;
};

#define CODE_NO_SYMBOL UINT32_MAX

/*
 * code.tail_points has for each symbol the only tail-jump point that a call of it
 * can end in, as a number in code.points. If a call can end in no such point, or
 * in several, tail_points has one of these values instead.
 */
#define CODE_NO_POINT	 UINT32_MAX
#define CODE_MANY_POINTS (UINT32_MAX - 1)

/* What a call of a function can end in, through its own jumps or those of their targets. */
enum {
	CODE_TAIL_POINT = 1,	/* a tail jump to the callback */
	CODE_TAIL_INDIRECT = 2, /* an indirect jump */
	CODE_TAIL_EXTERNAL = 4, /* a jump to a function of another image */
};

/* A piece of an executable section that belongs to one symbol. */
struct code_segment {
	uint64_t start, end;
	uint32_t symbol; /* CODE_NO_SYMBOL = none */
};

DEFINE_VECTOR(code_segment_vector, struct code_segment);
DEFINE_VECTOR(insn_vector, struct insn);
DEFINE_VECTOR(code_point_vector, struct code_point);
DEFINE_VECTOR(code_call_vector, struct code_call);

struct code {
	const struct arch *arch;
	struct code_point_vector points;     /* ascending by address */
	struct code_call_vector calls;	     /* ascending; without those of the callback */
	struct insn_vector transfers;	     /* ascending: jumps, branches, returns, traps */
	struct code_segment_vector segments; /* ascending; together they cover all code */
	uint32_t *tail_points;		     /* by symbol: see CODE_NO_POINT */
	uint8_t *symbol_flags;		     /* by symbol: CODE_TAIL_* */
	bool has_callback;		     /* the image has a symbol of a coverage callback */
};

struct code_options {
	const struct log *log; /* gets the progress; NULL = silence */
	unsigned int jobs;     /* threads; 0 counts as 1. The result does not depend on it. */
	/*
	 * The code is decoded in pieces of this many bytes or more; 0 = a size
	 * that keeps threads busy. For tests: the result does not depend on it.
	 */
	uint64_t piece_size;
};

/* Decode all code of image. options may be NULL. ERROR_UNSUPPORTED: we cannot decode it. */
struct error *code_init(struct code *code, const struct image *image,
			const struct code_options *options);
void code_deinit(struct code *code);

/* A direct jump from one function to another, by their symbols. */
struct code_edge {
	uint32_t from;
	uint32_t to;
};

DEFINE_VECTOR(code_edge_vector, struct code_edge);

/*
 * tail_calls.c: propagate flags (CODE_TAIL_* of nr symbols) from jump targets to the functions
 * that jump there, until nothing changes: a function can end in whatever its jump
 * target can end in. Sorts edges by `to`, then `from`. Time is linear in flags and
 * edges.
 */
struct error *tail_calls_spread(uint8_t *flags, size_t nr, struct code_edge_vector *edges);
/* The same for code.tail_points. tail_calls_spread() must have sorted edges. */
struct error *tail_points_spread(uint32_t *points, size_t nr, const struct code_edge_vector *edges);

#endif
