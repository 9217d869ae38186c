/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From run files to a report: files of the formats that are asked for, and a summary. */
#ifndef KCOVREPORT_REPORT_H
#define KCOVREPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "kcovreport/report_runs.h"
#include "render/filter.h"
#include "render/render.h"
#include "symbolize/coverage/build.h"

/* All borrowed. Zeroed: ./kcov.data to ./coverage/, everything else found. */
struct report_options {
	const char *const *files; /* run files; their counts add up */
	size_t nr_files;
	const struct renderer *const *formats; /* none: lcov and json */
	size_t nr_formats;
	const char *output;  /* directory, made when it is not there */
	const char *vmlinux; /* NULL: found by its build id (find_image.h) */
	const char *modules; /* directory to search for modules first */
	/* NULL-terminated, or NULL: where separate debug files are, beside /usr/lib/debug. */
	const char *const *debug_dirs;
	const char *source_dir; /* render/path_map.h */
	const char *strip;
	struct filter *filter;			  /* NULL: all files; matches are counted in it */
	const struct coverage_question *question; /* for report_explain() */
	enum report_source pcs;			  /* whose PCs */
	bool force;				  /* take a vmlinux whose build id is another */
};

/*
 * Write the formats to the directory, then the summary to stdout (unflushed). If text is the only
 * format, no file is written. Warnings are said. On any error, also a full disk, the files of an
 * older report stay as they were. ERROR_NOT_FOUND when nothing was recorded or no vmlinux is found,
 * ERROR_MISMATCH when the one given is of another kernel or run files are of different ones.
 */
struct error *report_write(const struct report_options *options);

/*
 * Print why the line of options->question is what it is: each block that owns
 * it. ERROR_NOT_FOUND: no block does.
 */
struct error *report_explain(const struct report_options *options);

struct report_selection {
	const char *file;     /* the end of a path, whole components */
	const char *function; /* NULL = all of the file */
	bool color;
};

/*
 * Print a source with its coverage in the margin (render/source_view.h).
 * ERROR_NOT_FOUND: no file, or no function, of that name has points;
 * ERROR_INVALID: several files have it.
 */
struct error *report_show(const struct report_options *options,
			  const struct report_selection *selection);

#endif
