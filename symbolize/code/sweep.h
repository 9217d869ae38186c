/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decode the code of an image piece by piece. Pieces do not depend on each other,
 * so they can be swept in several threads. Private to symbolize/code/.
 */
#ifndef SYMBOLIZE_CODE_SWEEP_H
#define SYMBOLIZE_CODE_SWEEP_H

#include "base/error.h"
#include "base/vector.h"
#include "symbolize/code/code.h"

/* A function can end in this through its own jumps. */
struct sweep_mark {
	uint32_t symbol;
	uint32_t point; /* of CODE_TAIL_POINT: number in the points of the piece */
	uint8_t flag;	/* CODE_TAIL_* */
};

DEFINE_VECTOR(sweep_mark_vector, struct sweep_mark);

/* Whole segments of one section that follow each other, and what their code does. */
struct sweep_piece {
	const struct image_section *section;
	uint64_t start, end;
	size_t next_symbol; /* the first symbol above start */

	/* Calls of the callback by their bytes, but within other instructions: no points. */
	size_t nr_doubtful;
	uint64_t first_doubtful;

	struct code_point_vector points;
	struct code_call_vector calls;
	struct insn_vector transfers;
	struct code_segment_vector segments;
	struct code_edge_vector edges;
	struct sweep_mark_vector marks;
};

DEFINE_VECTOR(sweep_piece_vector, struct sweep_piece);

/* What all pieces have in common. Not changed while pieces are swept. */
struct sweep {
	const struct image *image;
	const struct image_symbol *symbols;
	size_t nr_symbols;
	const struct arch *arch;
	struct address_vector callbacks, exits, thunks,
		returns;		  /* ascending; exits: of callbacks */
	struct sweep_piece_vector pieces; /* ascending; all code */
};

/* Find the callbacks and thunks, and divide the code into pieces of at least piece_size bytes. */
struct error *sweep_init(struct sweep *sweep, const struct image *image, const struct arch *arch,
			 uint64_t piece_size);
void sweep_deinit(struct sweep *sweep);
/* Decode a piece. Several threads may do this at once, each with a piece of its own. */
struct error *sweep_piece(const struct sweep *sweep, struct sweep_piece *piece);
void sweep_piece_deinit(struct sweep_piece *piece);

#endif
