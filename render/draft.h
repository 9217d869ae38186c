/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines and functions of one source file on their way into a report,
 * brought into agreement here and nowhere else, so that every format and every
 * total says the same:
 *
 * - A line, and a function (line and name), is there once.
 * - Line numbers are 1 to the length of the source, where that is known.
 * - Each line with a function's declaration is a line of the report. One that
 *   was not is added: count and state of the function, no points.
 * - A function's range is from its line to the line before the next function.
 *   One of the functions on a line is hit exactly when a line of their range
 *   is. Where a function was executed but no line of its range was (its code
 *   stands in other files), its own line is: it was entered. Where a line of
 *   the range was executed but none of its functions (code of others, put
 *   there by a macro or an #include), the first of them gets the count.
 *
 * The last two are how lcov 2.x reads a tracefile without end lines: it stops
 * at any other. Functions that share a line (SYSCALL_DEFINE) are aliases of
 * one to it, so that of these those keep 0 that were not executed.
 */
#ifndef RENDER_DRAFT_H
#define RENDER_DRAFT_H

#include "base/error.h"
#include "base/vector.h"
#include "symbolize/coverage/coverage.h"

DEFINE_VECTOR(line_vector, struct coverage_line);
DEFINE_VECTOR(function_vector, struct coverage_function);

/* Zeroed memory is an empty draft. Names are borrowed from the coverage. */
struct draft {
	struct line_vector lines;
	struct function_vector functions;
	struct coverage_ratio points;
};

void draft_deinit(struct draft *draft);
/* Add a file of the coverage; another one when two paths are mapped to one. */
struct error *draft_add(struct draft *draft, const struct coverage_file *file);
/* Leave out lines and functions that are not in 1..length. Returns how many lines. */
uint64_t draft_cut(struct draft *draft, uint64_t length);
/* All of the above. Call it last, once. */
struct error *draft_reconcile(struct draft *draft);
/* Hand the arrays to file, which owns them from then on, and count its totals. Not the path. */
void draft_steal(struct draft *draft, struct coverage_file *file);

#endif
