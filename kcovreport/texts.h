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

/*
 * Refine a coverage by the sources that a view with these options reads, if they are what was
 * compiled: a source that was changed, or written after all images, is not used. coverage->refined
 * counts what was used, and what was not. question: as in struct coverage_texts.
 */
struct error *refine_by_sources(struct coverage *coverage, const struct view_options *options,
				const struct coverage_question *question);

#endif
