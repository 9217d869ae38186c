/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one of two recordings of a kernel executed, A or B, and the other did not: by file and
 * function, as two views have it.
 */
#ifndef RENDER_COMPARE_H
#define RENDER_COMPARE_H

#include <stdio.h>

#include "base/error.h"
#include "base/vector.h"
#include "render/view.h"

enum compare_side { COMPARE_A, COMPARE_B, COMPARE_SIDES };

/* Lines that one side executed and the other one missed; no line with code between is another. */
struct compare_lines {
	enum compare_side side;
	uint32_t first, last;
	uint32_t nr; /* lines with code */
};
DEFINE_VECTOR(compare_lines_vector, struct compare_lines);

/* Where two ways through a function part, as far as lines and conditions tell. */
struct compare_divergence {
	uint32_t line; /* 0 = it is not known */
	/* The condition of the line, executed by both, went ways that it did not go in the other.
	 */
	bool has_condition;
	struct coverage_condition conditions[COMPARE_SIDES];
};

/* A function that one side executed only, or in which they executed other lines. */
struct compare_function {
	const char *name; /* NULL: lines before the first function of the file; of the views */
	uint32_t line;
	bool is_executed[COMPARE_SIDES];
	struct compare_divergence divergence; /* if both executed it */
	size_t first_lines, nr_lines;	      /* in compare_file.lines */
};
DEFINE_VECTOR(compare_function_vector, struct compare_function);

struct compare_file {
	const char *path;			  /* of the views */
	struct compare_function_vector functions; /* ascending by line, then name */
	struct compare_lines_vector lines;
};
DEFINE_VECTOR(compare_file_vector, struct compare_file);

/* A line that one side executed, and of which the other one is not known. */
struct compare_unknown {
	const char *path; /* of the views */
	uint32_t line;
};
DEFINE_VECTOR(compare_unknown_vector, struct compare_unknown);

/* Zeroed memory is empty. */
struct compare {
	const char *root;		  /* of the sources, or NULL; of the views */
	struct compare_file_vector files; /* that differ, ascending by path */
	uint64_t lines[COMPARE_SIDES];	  /* that only this side executed */
	uint64_t functions[COMPARE_SIDES];
	struct compare_unknown_vector unknown; /* ascending by path and line */
};

/* Compare two views of one kernel, which are borrowed. Call compare_deinit() also after an error.
 */
struct error *compare_views(const struct view *a, const struct view *b, struct compare *ret);
void compare_deinit(struct compare *compare);

/* The names of the runs of each side, NULL-terminated. */
struct compare_names {
	const char *const *names[COMPARE_SIDES];
};

struct error *compare_render_text(const struct compare *compare, const struct compare_names *names,
				  FILE *out);
struct error *compare_render_json(const struct compare *compare, const struct compare_names *names,
				  FILE *out);

#endif
