/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line table of an index: of each file all lines that blocks own, and what the blocks say of
 * them if nothing was recorded. Lines are numbered through all files: index_file.first_line.
 *
 * A line is three packed numbers (base/packed.h): the difference to the line before it in the file,
 * blocks of known state, and of these the missed parts (judge.h: verdict).
 */
#ifndef SYMBOLIZE_INDEX_LINES_H
#define SYMBOLIZE_INDEX_LINES_H

#include "base/packed.h"
#include "symbolize/index/index.h"

struct index_line {
	uint32_t line;
	uint32_t found;	       /* 0 = the state of no block is known if nothing was recorded */
	uint32_t missed_parts; /* at most found */
};

struct line_reader {
	struct packed_reader bytes;
	uint32_t left; /* lines not read yet */
	uint32_t line; /* the last one read */
};

/* The lines of a file. */
struct line_reader line_reader(const struct index *index, uint32_t file);
/* The next line. False behind the last one, or if the table is damaged. */
bool line_next(struct line_reader *reader, struct index_line *ret);

#endif
