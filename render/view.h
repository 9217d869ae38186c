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
#include <time.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "render/filter.h"
#include "render/subsystems.h"
#include "symbolize/coverage/coverage.h"

struct view_options {
	const char *source_dir; /* as in struct path_map_options */
	const char *strip;
	struct filter *filter; /* borrowed; counts matches. NULL keeps all files */
	bool by_subsystem;     /* count subsystems; needs MAINTAINERS in the source tree */
	bool touched;	       /* write only files with a hit */
	bool read_all;	       /* read sources outside the source tree too */
	/*
	 * Write paths relative to this directory, which must exist; "" is the source root. NULL:
	 * write absolute paths.
	 */
	const char *relative;
	unsigned int jobs; /* threads that read sources; 0 counts as 1 */
	/*
	 * A coverage that has the paths of all files, which tell the source root, if the one that
	 * is shown has only some; NULL: it has all.
	 */
	const struct coverage *paths;
};

/* A number of files, and the first of them as an example. */
struct view_files {
	uint64_t nr;
	char *first; /* owned by the view; NULL if nr is 0 */
};

/* What is known of the source of a file. */
enum view_source_state {
	VIEW_SOURCE_READ, /* and nothing is wrong with it */
	VIEW_SOURCE_MISSING,
	VIEW_SOURCE_UNREADABLE,
	VIEW_SOURCE_OUTSIDE,   /* as struct view.outside */
	VIEW_SOURCE_CHANGED,   /* since the build */
	VIEW_SOURCE_NEWER,     /* than the images */
	VIEW_SOURCE_TOO_SHORT, /* it has lines beyond its end */
};

/* The files that are written, and sums over them. */
struct view_written {
	uint64_t nr_files;
	struct coverage_ratio lines;
	struct coverage_ratio functions;
	struct coverage_ratio branches;
};

struct view {
	/*
	 * The view owns its files and their totals. Everything else, and the names of
	 * functions, is borrowed from the coverage that the view was made of. If the
	 * filter removed files, points is the sum over the remaining ones. Arrays that are as in
	 * the coverage are borrowed, too, so never write to lines or functions of a file. Evidence
	 * and corrections name files of the view, by their paths, and are in their order.
	 */
	struct coverage coverage;
	char *root;	/* source root on this machine, NULL = none */
	char *relative; /* paths are written relative to this one; NULL = absolute */
	struct view_files
		not_below;	   /* kept files that are not below it: their paths are absolute */
	uint64_t nr_files_left;	   /* number of files that the filter removed */
	bool has_names;		   /* the filter has names of --maintainer */
	bool unmapped;		   /* source_dir or strip was given, but changed no path */
	bool is_guess;		   /* path_map_is_guess() */
	struct view_files missing; /* kept files that do not exist */
	struct view_files unreadable;
	char *unreadable_why;	     /* the error of the first one */
	struct view_files too_short; /* kept files with lines beyond their end */
	uint64_t lines_beyond;
	/*
	 * Kept files that are not read, since only debug info names them: they are not below the
	 * source root or the directory of an image, or not named like a source, and neither
	 * read_all nor an --include asks for them.
	 */
	struct view_files outside;
	struct view_files changed;    /* kept files that are not what was compiled */
	uint64_t nr_branches_unknown; /* coverage_line_unknown(), of kept files */
	/* Kept files that were written after all images, if debug info does not say more. */
	struct view_files newer;
	/* Of each file of the coverage, the file of the view that it is in; NULL = left out. */
	const struct coverage_file **file_of;
	enum view_source_state *source_states; /* of each file */
	uint64_t *source_sizes;		       /* in bytes, of each file; 0 if it was not read */
	struct view_evidence *evidence;	       /* private */
	struct view_trees *trees;	       /* private */
	struct arena *arena; /* lines and functions that are not borrowed; private */
	/*
	 * If set, coverage.info and coverage.json have only files with an executed line or
	 * function (view_writes()); other files of the view have no lines and functions, only
	 * their ratios. The totals in coverage, and the summary, are of all files.
	 */
	bool touched;
	struct view_written written;
	struct maintainers *maintainers; /* if anything needs them; private */
	struct subsystems *subsystems;	 /* NULL: not asked for */
};

/* Whether the formats that list files have this file of the view. */
static inline bool view_writes(const struct view *view, const struct coverage_file *file)
{
	return !view->touched || file->line_ratio.hit || file->function_ratio.hit;
}

/* The path of a file as formats write it. Valid as long as the file. */
const char *view_path(const struct view *view, const struct coverage_file *file);
/*
 * The path below view.relative, or else below the source root; absolute if it is not below that one
 * directory. Paths below two directories could be the same.
 */
const char *view_short_path(const struct view *view, const struct coverage_file *file);

/* Whether a source was written after all images. False if no image has a file. */
bool view_source_is_newer(const struct view *view, const struct timespec *modified);

/* Large enough for any source file. */
#define VIEW_SOURCE_MAX (64 << 20)

/*
 * Read the source of a file of the view, for formats that copy it: *ret is NUL-terminated, and the
 * caller frees it. ERROR_NOT_FOUND if it does not exist; ERROR_UNSUPPORTED if it is outside the
 * source tree, also through a symbolic link, and was not asked for.
 */
struct error *view_read_source(const struct view *view, const struct coverage_file *file,
			       char **ret, size_t *ret_size);

/*
 * Create a view. The coverage must outlive it. Fails as path_map_create() does; and as
 * maintainers_read() does if subsystems, or names of the filter, are asked for. ERROR_INVALID if
 * paths shall be relative to the source root, and there is none.
 */
struct error *view_create(const struct coverage *coverage, const struct view_options *options,
			  struct view **ret);
/* Accepts NULL. */
void view_destroy(struct view *view);
DEFINE_CLEANUP(view, struct view, view_destroy);
#define _cleanup_view_ _cleanup_(cleanup_view)

#endif
