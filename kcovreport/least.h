/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which functions a test should reach next, for `kcovreport report --least`: those that were never
 * reached, and those that were reached a few times only, with their callers that were reached.
 *
 *	least.c		chooses the functions, and puts them in order
 *	least_calls.c	finds the calls of them in the images
 *	least_text.c	prints them
 *
 * Calls are those that name their function, not those through a pointer. Functions that exist only
 * as inlined copies are not listed: no call names them.
 */
#ifndef KCOVREPORT_LEAST_H
#define KCOVREPORT_LEAST_H

#include "base/vector.h"
#include "kcovreport/report.h"
#include "render/path_map.h"

/* Reached at most that often is barely. */
#define LEAST_BARELY 3

#define LEAST_NONE   UINT32_MAX

/* A function of the view. */
struct least_function {
	const struct coverage_file *file;
	const struct coverage_function *function;
	bool is_listed;		       /* it is asked for, and was never or barely reached */
	bool is_called;		       /* some call names it, reached or not */
	uint32_t nr_blocks;	       /* of its code out of line, and of what is inlined there */
	uint32_t first_call, nr_calls; /* in calls: a reached caller each */
};

/* A call in a function that was reached, of a function that is listed. */
struct least_call {
	uint32_t callee, caller; /* numbers of functions */
	const char *path; /* of the call; in an inlined function it is not that of the caller */
	uint32_t line;
};

DEFINE_VECTOR(least_call_vector, struct least_call);
DEFINE_VECTOR(least_number_vector, uint32_t);

struct least {
	const struct view *view;	  /* of all files; borrowed */
	struct least_function *functions; /* those of a file are ascending by name */
	size_t nr_functions;
	uint32_t *first_function; /* of each file of the view; one more ends the last */
	/* Ascending by callee; of these the caller that was executed most comes first. */
	struct least_call_vector calls;
	/* What is printed, in this order. */
	struct least_number_vector next;   /* never reached, with a reached caller */
	struct least_number_vector barely; /* empty if counts are lower bounds */
	struct least_number_vector others; /* never reached, and no caller either */
	uint64_t nr_not_called;		   /* of others: no call names them */
	uint64_t nr_inlined;		   /* never reached, and only inlined */
};

/*
 * all: the view of all files; asked: that of the files that are asked for, perhaps the same. Both
 * must outlive *ret, as the images.
 */
struct error *least_create(const struct view *all, const struct view *asked,
			   const struct path_map *map, const struct report_images *images,
			   struct least **ret);
void least_destroy(struct least *least);
DEFINE_CLEANUP(least, struct least, least_destroy);
#define _cleanup_least_ _cleanup_(cleanup_least)

/* Fill in calls, is_called and nr_blocks. */
struct error *least_find_calls(struct least *least, const struct path_map *map,
			       const struct report_images *images);
/* The number of a function, or LEAST_NONE. file: number of a file of the view. */
uint32_t least_find(const struct least *least, uint32_t file, const char *name);

/* Print at most `rows` functions of each kind to stdout, and how many are left out. */
void least_print(const struct least *least, uint64_t rows);

#endif
