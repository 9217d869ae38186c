/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The HTML report (docs/html.md): the files of the page, and chunks of data. A chunk is a script
 * that hands one JSON object to the page:
 *
 *	kcovreport.add({"chunk":"12",...});
 *
 * The page loads chunks as scripts when it needs them, because a page that was opened from a disk
 * may not fetch anything. Text in a chunk is escaped so that it can end neither a string nor an
 * element, and integers that JavaScript's numbers cannot hold are strings (JSON_SCRIPT).
 */
#ifndef RENDER_HTML_PRIVATE_H
#define RENDER_HTML_PRIVATE_H

#include "base/vector.h"
#include "base/writer.h"
#include "render/render.h"

/* A file of the page, from render/html/. The data is static. */
struct html_page_file {
	const char *name;
	const unsigned char *start, *end;
};

/* render/html_page.c: terminated by a row without a name. */
extern const struct html_page_file html_page_files[];

/* The number of the chunk of each file that is written, in their order. */
DEFINE_VECTOR(html_chunk_vector, uint32_t);

/* render/html_text.c: text of any bytes as a JSON string with its quotes; text may be NULL. */
void html_write_text(const char *text, size_t len, struct writer *out);
void html_write_str(const char *text, struct writer *out);
/* A separator or a key, and a number. */
void html_write_number(const char *before, uint64_t number, struct writer *out);
/* The path of a file as the index has it: below the source root, or absolute. */
void html_write_path(const struct view *view, const char *path, struct writer *out);
/* "BEFOREhit,found" */
void html_write_ratio(const char *before, struct coverage_ratio ratio, struct writer *out);

/* Open data/NAME.js and begin its object. */
struct error *html_chunk_begin(struct sink *sink, const char *name, struct writer **ret);
/* Remove data/NAME.js of an older report. *ret: whether there was one. */
struct error *html_chunk_remove(struct sink *sink, const char *name, bool *ret);
/* End the object and the file. */
struct error *html_chunk_end(struct sink *sink, struct writer *out);

/* The evidence and the corrections of a file of the view: elements of those of its coverage. */
struct html_evidence {
	size_t first, nr;
	size_t first_correction, nr_corrections;
};

/*
 * render/html_evidence.c: find those of a file, after those of the file before it; for the first
 * one, before is zeroed.
 */
struct html_evidence html_evidence_find(const struct coverage *coverage, const char *path,
					const struct html_evidence *before);
/* Write the members "evidence" and "corrections" of a file. */
struct error *html_evidence_write(const struct coverage *coverage,
				  const struct html_evidence *evidence, struct writer *out);

/* A file of the view that is written. */
struct html_file {
	size_t file; /* number in the view */
	struct html_evidence evidence;
};

DEFINE_VECTOR(html_file_vector, struct html_file);
DEFINE_VECTOR(html_first_vector, size_t);

/* Which files are written, and in which chunks: the same for the same view. */
struct html_plan {
	const struct view *view;
	const struct render_options *options;
	struct sink *sink;
	struct html_file_vector files;
	struct html_first_vector chunks; /* of each one, its first file; then the end */
};

/*
 * render/html_files.c. chunks: gets the number of the chunk of each file. Call html_plan_deinit()
 * also after an error.
 */
struct error *html_plan_make(struct html_plan *plan, struct html_chunk_vector *chunks);
void html_plan_deinit(struct html_plan *plan);
/* Write sources, lines and functions of the files of a chunk. */
struct error *html_plan_write(const struct html_plan *plan, size_t chunk);
/* Remove chunks of an older report that had more of them. */
struct error *html_plan_remove_older(const struct html_plan *plan);

/*
 * render/html_subsystems.c: write which files are in which entries of MAINTAINERS. *ret: whether
 * there is something to show; not if the source tree has no such file.
 */
struct error *html_subsystems_write(const struct view *view, struct sink *sink, bool *ret);

/* render/html_compare.c: write what only one side executed, if the runs are compared. */
struct error *html_compare_write(const struct view *view, const struct render_options *options,
				 struct sink *sink);

/* What html_index_write() needs besides the view. */
struct html_index {
	const struct html_chunk_vector *chunks;
	bool has_subsystems;
};

/* render/html_index.c: the files with their totals. */
struct error *html_index_write(const struct view *view, const struct render_options *options,
			       const struct html_index *index, struct sink *sink);
/* The functions of all files. */
struct error *html_functions_write(const struct view *view, struct sink *sink);
/* Runs, images, losses, and what the summary says of them. */
struct error *html_runs_write(const struct view *view, struct sink *sink);

#endif
