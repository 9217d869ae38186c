/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the sources by which a report corrects its lines (symbolize/coverage/refine.h). */
#ifndef KCOVREPORT_TEXTS_H
#define KCOVREPORT_TEXTS_H

#include "base/error.h"
#include "render/view.h"
#include "symbolize/coverage/refine.h"

struct source_config_file;
struct view_trees;

/* Zeroed memory: nothing is known. */
struct kernel_config {
	char *text;
	struct source_config_file *options; /* NULL = none was found */
};

/* The configuration beside vmlinux, if it is not newer than the images. */
void config_read(const struct coverage *coverage, const struct view_trees *trees,
		 struct kernel_config *ret);
void config_deinit(struct kernel_config *config);

/* How the sources of a coverage are found and read. Starts as zeroed memory. */
struct texts {
	struct path_map *map;
	struct view_trees *trees;
	struct kernel_config config;
};

/* Only files and images of the coverage are looked at, and their paths. Call texts_deinit() also
 * after an error. */
struct error *texts_init(struct texts *texts, const struct coverage *coverage,
			 const struct view_options *options);
void texts_deinit(struct texts *texts);
/* For coverage_refine(). The texts are borrowed; several threads may have them. */
struct coverage_texts texts_of_coverage(struct texts *texts);

/*
 * Refine a coverage by the sources that a view with these options reads, if they are what was
 * compiled: a source that was changed, or written after all images, is not used. coverage->refined
 * counts what was used, and what was not. question: as in struct coverage_texts.
 */
struct error *refine_by_sources(struct coverage *coverage, const struct view_options *options,
				const struct coverage_question *question);

#endif
