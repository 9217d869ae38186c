/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A view: coverage as a report shows it. Paths are mapped to this machine,
 * files are chosen, lines beyond the end of a source are left out, lines and
 * functions agree (render/draft.h), and totals are counted anew. All renderers are
 * given a view, so that they cannot differ.
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
	struct filter *filter; /* borrowed; matches are counted in it. NULL keeps all */
};

/* Some files, and the first of them as an example. */
struct view_files {
	uint64_t nr;
	const char *first; /* valid as long as the view; NULL when nr is 0 */
};

struct view {
	/*
	 * Files and their totals are the view's; everything else, and names
	 * of functions, is borrowed from the coverage it was made of.
	 * points is the sum over files when a filter left files out.
	 */
	struct coverage coverage;
	char *root;		   /* source root on this machine, NULL = none */
	uint64_t nr_files_left;	   /* out by the filter */
	bool unmapped;		   /* source_dir or strip was given, and changed no path */
	struct view_files missing; /* kept files that do not exist */
	struct view_files unreadable;
	char *unreadable_why;	     /* the first one's error */
	struct view_files too_short; /* kept files that had lines beyond their end */
	uint64_t lines_beyond;
};

/* The coverage must outlive the view. Fails as path_map_create() does. */
struct error *view_create(const struct coverage *coverage, const struct view_options *options,
			  struct view **ret);
/* Accepts NULL. */
void view_destroy(struct view *view);
DEFINE_CLEANUP(view, struct view, view_destroy);
#define _cleanup_view_ _cleanup_(cleanup_view)

#endif
