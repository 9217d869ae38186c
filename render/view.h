/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A view: coverage as a report shows it. Paths are mapped to this machine, files
 * are filtered, lines beyond the end of a source are removed, lines and functions
 * agree (render/joined_file.h), and totals are counted again. All renderers get the
 * same view, so their numbers cannot differ.
 */
#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "render/filter.h"
#include "symbolize/coverage/coverage.h"

struct view_options {
	const char *source_dir; /* as in struct path_map_options */
	const char *strip;
	struct filter *filter; /* borrowed; counts matches. NULL keeps all files */
};

/* A number of files, and the first of them as an example. */
struct view_files {
	uint64_t nr;
	const char *first; /* valid as long as the view; NULL if nr is 0 */
};

struct view {
	/*
	 * The view owns its files and their totals. Everything else, and the names of
	 * functions, is borrowed from the coverage that the view was made of. If the
	 * filter removed files, points is the sum over the remaining ones.
	 */
	struct coverage coverage;
	char *root;		   /* source root on this machine, NULL = none */
	uint64_t nr_files_left;	   /* number of files that the filter removed */
	bool unmapped;		   /* source_dir or strip was given, but changed no path */
	struct view_files missing; /* kept files that do not exist */
	struct view_files unreadable;
	char *unreadable_why;	     /* the error of the first one */
	struct view_files too_short; /* kept files with lines beyond their end */
	uint64_t lines_beyond;
};

/* Create a view. The coverage must outlive it. Fails as path_map_create() does. */
struct error *view_create(const struct coverage *coverage, const struct view_options *options,
			  struct view **ret);
/* Accepts NULL. */
void view_destroy(struct view *view);
DEFINE_CLEANUP(view, struct view, view_destroy);
#define _cleanup_view_ _cleanup_(cleanup_view)

#endif
