/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines and functions of one source file on their way into a report. They are brought into
 * agreement here and nowhere else, so that every format and every total says the same:
 *
 * - A line, and a function (line and name), is there once.
 * - Line numbers are 1 to the length of the source, where that is known.
 * - The line on which a function is declared is a line of the report, as it is one of gcov's. If it
 *   has no code, it is added, with the count of the function and without blocks.
 * - A function was executed exactly when one of its lines was. Its lines are those from its
 *   declaration to the line before that of the next function.
 *   - If the function was executed but none of its lines was, then its own line was: the function
 *     was entered, and the rest of it was optimized out or stands in other files.
 *   - If one of its lines was executed but the function was not, then it was, that often. Lines and
 *     functions are judged by different blocks, and an inlined function of which the compiler left
 *     a single statement is hit by the line of that statement alone.
 *   - Functions that a macro declares on one line share their lines, and each keeps its own count.
 *     If only a line says that one of them was executed, it is not known which one; the first of
 *     them stands for it.
 *
 * These are facts about lines and functions, not rules of a format: without them, the summary would
 * call a function missed and show its body executed. lcov 2.x checks that functions and lines agree
 * in this way, but needs nothing beyond it.
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
