/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a diff and run files to the state of each changed line: the parts of `kcovreport patch`.
 *
 *	patch_sources.c	finds the files of the diff in the source tree, and checks that it is the
 *			tree that was compiled
 *	patch_code.c	which lines of a source have code, as far as the text says
 *	patch_images.c	which lines have machine code without a point
 *	patch_why.c	why something was not instrumented, or not built
 *	patch_states.c	puts all of it together
 *	patch_git.c	asks git for a diff
 */
#ifndef KCOVREPORT_PATCH_H
#define KCOVREPORT_PATCH_H

#include "kcovreport/report.h"
#include "kcovreport/texts.h"
#include "render/diff.h"
#include "render/patch.h"
#include "render/path_map.h"
#include "symbolize/source/statements.h"

/* What is known of a line of a source, as bits. */
enum {
	PATCH_LINE_CODE = 1,	  /* the text has code on it */
	PATCH_LINE_MACHINE = 2,	  /* an image has code of it */
	PATCH_LINE_BARE = 4,	  /* some of that code is in no function with a point */
	PATCH_LINE_STATEMENT = 8, /* a statement begins on it; only used in patch_code.c */
};

/* The source of a file of the diff, as it is now. */
struct patch_source {
	char *path;	      /* absolute; NULL = there is no such file */
	const char *part;     /* of the path in the diff, which the tree has; NULL = all of it */
	const char *relative; /* the part of path below the root; NULL = it is elsewhere */
	bool is_source;	      /* its name is that of a source */
	char *text;
	size_t size;
	uint32_t *starts; /* of lines in the text; one more is the end */
	uint32_t nr_lines;
	uint8_t *lines;			  /* of each line PATCH_LINE_*, from number 1 on */
	bool is_in_image;		  /* debug info names it */
	const struct coverage_file *file; /* of the view; NULL = none */
};

struct patch_job {
	const struct report_options *options;
	const struct diff *diff;
	struct report_images images;
	struct coverage *coverage;
	struct view *view;
	struct path_map *map;
	struct kernel_config config;
	struct patch_source *sources; /* one for each file of the diff */
	struct patch patch;
};

void patch_job_deinit(struct patch_job *job);

/*
 * ERROR_MISMATCH if the tree does not have the new side of the diff, or if a source is not what
 * was compiled. options->force makes a warning of the latter.
 */
struct error *patch_read_sources(struct patch_job *job);
/*
 * Set PATCH_LINE_CODE in the lines of a source. all, none: parsed with the first arm of each #if
 * group, and with no option set.
 */
void patch_find_code(struct patch_source *source, const struct source_file *all,
		     const struct source_file *none);
/* Set PATCH_LINE_MACHINE and _BARE, and is_in_image, in all sources. */
struct error *patch_find_machine_code(struct patch_job *job);

/* Fill in why and option of a line, whose state is set. */
struct error *patch_why_not_built(struct patch_job *job, const struct patch_source *source,
				  struct patch_line *line);
struct error *patch_why_left_out(struct patch_job *job, const struct patch_source *source,
				 const struct source_left_out *arm, struct patch_line *line);
/* Of a branch of an `if` whose condition is constant. */
struct error *patch_why_constant(struct patch_job *job, const struct patch_source *source,
				 const struct source_statement *s, bool is_else,
				 struct patch_line *line);
struct error *patch_why_not_instrumented(struct patch_job *job, const struct patch_source *source,
					 const struct source_function *function,
					 struct patch_line *line);
/* A text that lives as long as the patch. */
struct error *patch_string(struct patch_job *job, const char **ret, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ERROR_FORMAT if a text of which the diff has nothing is no text: it is not an empty diff. */
struct error *patch_check_text(const struct diff_text *text, const struct diff *diff);
/* Whether the path is that of something that is compiled. */
bool patch_is_source(const char *path);

/*
 * Fill job->patch from the diff, and from what report_read() filled in. Without a view, for a diff
 * without sources, no line has code.
 */
struct error *patch_find_states(struct patch_job *job);

/*
 * What git says that a revision changes, or what is between two ("A..B"), in the source tree at
 * root. *ret is for the caller to free. ERROR_INVALID if the revision looks like an option.
 */
struct error *patch_check_revision(const char *revision);
struct error *patch_run_git(const char *root, const char *revision, char **ret, size_t *ret_size);

#endif
