/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From run files to a report: files in the requested formats, and a summary. */
#ifndef KCOVREPORT_REPORT_H
#define KCOVREPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "kcovreport/find_image.h"
#include "kcovreport/report_gates.h"
#include "kcovreport/report_runs.h"
#include "render/filter.h"
#include "render/render.h"
#include "render/view.h"
#include "symbolize/coverage/build.h"

/* All borrowed. Zeroed memory means: from ./kcov.data to ./coverage/, and search for all images. */
struct report_options {
	const char *const *files; /* run files; their counts are added up */
	size_t nr_files;
	const struct report_operand *operands; /* applied to the points of the files */
	size_t nr_operands;
	const struct renderer *const *formats; /* empty: lcov, json and summary */
	size_t nr_formats;
	const char *output;  /* directory; created if it does not exist */
	const char *vmlinux; /* NULL: search by build id (find_image.h) */
	const char *modules; /* directory to search for modules first */
	/*
	 * Directories with separate debug files, searched in addition to /usr/lib/debug.
	 * NULL-terminated, or NULL.
	 */
	const char *const *debug_dirs;
	const char *source_dir; /* see render/path_map.h */
	const char *strip;
	struct filter *filter; /* NULL: all files; counts matches */
	/* Used by report_explain(). report_write() sets its own for formats that have evidence. */
	const struct coverage_question *question;
	const char *files_named; /* as in coverage_input; set by report_show() and _explain() */
	bool by_subsystem;	 /* as in view_options */
	/* Compare the runs in the html format, and print no summary; NULL: do not. */
	const struct compare *compare;
	const struct compare_names *compare_names;
	bool quiet;		   /* print no summary */
	struct report_gates gates; /* that have to be passed */
	bool touched;		   /* write only files with a hit */
	const char *relative;	   /* as in struct view_options */
	enum report_source pcs;	   /* which sources of the runs count */
	unsigned int jobs;	   /* threads that read an image; 0 = the default */
	bool force;		   /* accept a vmlinux with another build id */
	bool no_cache;		   /* neither use nor keep indexes */
	bool no_sources;	   /* judge lines by the machine code alone */
};

/*
 * The images of the runs: first vmlinux, then the modules in the order of runs->modules. Zeroed
 * memory is none. Private but for nr_modules and indexes.
 */
struct report_images {
	struct find_options find;
	const char *const *debug_dirs;
	bool no_cache;
	unsigned int jobs;
	char *vmlinux;
	struct found_module *found;
	size_t nr_modules;
	struct index **indexes; /* nr_modules + 1 elements; NULL = no image */
	struct coverage_input_image *inputs;
	char (*build_ids)[BUILD_ID_HEX_SIZE];
};

/* Find and index the images of runs. ERROR_NOT_FOUND and ERROR_MISMATCH as in report_write(). */
struct error *report_images_find(const struct report_options *options,
				 const struct report_runs *runs, struct report_images *images);
void report_images_deinit(struct report_images *images);

/* The options that concern views and sources. */
struct view_options report_view_options(const struct report_options *options);

/*
 * The coverage of the run files, refined by the sources, and the view of it. images keep what it
 * was made of. The caller destroys all of them, also after an error.
 */
struct error *report_read(const struct report_options *options, struct report_images *images,
			  struct coverage **ret_coverage, struct view **ret);

/* Say which source tree is taken, if it is not the one that was compiled and no option says it. */
void report_say_guess(const struct view *view);

/* Warn of images that could not be used although PCs were recorded in them. */
void report_warn_of_images(const struct coverage *coverage);

/*
 * Write the formats to the directory, then the summary to stdout (not flushed). If
 * text is the only format, no file is written. Prints warnings. ERROR_MISMATCH if a gate fails; the
 * report is written then. After any error,
 * including a full disk, the files of an older report are unchanged.
 * ERROR_NOT_FOUND if nothing was recorded or no vmlinux is found; ERROR_MISMATCH
 * if the given vmlinux is of another kernel, or the run files are of different
 * kernels.
 */
struct error *report_write(const struct report_options *options);

/*
 * Can a report in the default formats be written to this directory, or can it be made? For those
 * who have to do something long before it. Leaves nothing behind.
 */
struct error *report_check_directory(const char *directory);

/*
 * Print why the line of options->question is hit or missed: each block that owns it, and what the
 * statements corrected. ERROR_NOT_FOUND if no block owns it and they did not add it.
 */
struct error *report_explain(const struct report_options *options);

/*
 * Print the functions that were never reached, or barely, with their callers (kcovreport/least.h):
 * at most `rows` of each kind.
 */
struct error *report_least(const struct report_options *options, uint64_t rows);

struct report_selection {
	const char *file;     /* the last components of a path */
	const char *function; /* NULL = the whole file */
	bool color;
};

/*
 * Print a source file with its coverage in the margin (render/source_view.h).
 * ERROR_NOT_FOUND if no file or no function of that name has points; ERROR_INVALID
 * if several files match.
 */
struct error *report_show(const struct report_options *options,
			  const struct report_selection *selection);

#endif
