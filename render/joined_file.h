/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines and functions of one source file, joined from all files of the coverage whose
 * paths are mapped to it. They are brought into agreement here, before they become part of a
 * view, and nowhere else, so that all formats and totals say the same:
 *
 * - Each line, and each function (line and name), exists once. Several paths of one file are
 *   treated like several images with one path: counts and blocks add up, and a line has the
 *   branches of all.
 * - Line numbers are 1 to the length of the source, if that is known.
 * - The line on which a function is declared is a line of the report, as in gcov. If it has
 *   no code, it is added, with the count of the function and without blocks.
 * - A function was executed if and only if one of its lines was. Its lines are those from
 *   its declaration to the line before the next function.
 *   - If the function was executed but none of its lines was, its own line is taken as
 *     executed: the function was entered, and the rest of it was optimized out or is in
 *     other files.
 *   - If one of its lines was executed but the function was not, the function is taken as
 *     executed, with the largest count of its lines. Lines and functions are judged by different
 *     blocks. If the compiler left only one statement of an inlined function, only the line
 *     of that statement shows that the function was executed.
 *   - Functions that a macro declares on one line share their lines, and each keeps its own
 *     count. If only a line says that one of them was executed, it is not known which one,
 *     and the first one gets the count.
 *
 * These are facts about lines and functions, not rules of a format: without them, the
 * summary would call a function missed and show its body executed. lcov 2.x also checks that
 * functions and lines agree in this way, and needs nothing beyond that.
 */
#ifndef RENDER_JOINED_FILE_H
#define RENDER_JOINED_FILE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/vector.h"
#include "symbolize/coverage/coverage.h"

DEFINE_VECTOR(line_vector, struct coverage_line);
DEFINE_VECTOR(function_vector, struct coverage_function);
DEFINE_VECTOR(start_vector, size_t);
DEFINE_VECTOR(branch_vector, struct coverage_branch);
DEFINE_VECTOR(condition_vector, struct coverage_condition);

/* Zeroed memory is an empty joined file. Strings are borrowed from the coverage. */
struct joined_file {
	struct line_vector lines;
	struct function_vector functions;
	struct coverage_ratio points;
	struct line_vector scratch;
	struct start_vector starts;	    /* of each file that was added: its first line */
	struct branch_vector branches;	    /* of joined lines */
	struct condition_vector conditions; /* of joined lines */
};

void joined_file_deinit(struct joined_file *joined);
/* Empty it for another file, and keep its memory. */
void joined_file_reset(struct joined_file *joined);
/* Add a file of the coverage. Call it more than once if several paths are mapped to one file. */
struct error *joined_file_add(struct joined_file *joined, const struct coverage_file *file);
/* Join the files that were added. Call this after the last one. */
struct error *joined_file_join(struct joined_file *joined);
/* Remove lines and functions that are not in 1..length. Returns how many lines were removed. */
uint64_t joined_file_cut(struct joined_file *joined, uint64_t length);
/* Bring lines and functions into agreement, as described above. Call this last, once. */
struct error *joined_file_reconcile(struct joined_file *joined);
/* Set the ratios of file. */
void joined_file_count(const struct joined_file *joined, struct coverage_file *file);
/*
 * Set the arrays of file: copies in the arena, or those of original, one of the files that were
 * added, where they are the same.
 */
struct error *joined_file_keep(const struct joined_file *joined,
			       const struct coverage_file *original, struct arena *arena,
			       struct coverage_file *file);

#endif
