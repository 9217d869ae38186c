/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at the sources of a view, in several threads: opening thousands of files takes long. */
#ifndef RENDER_VIEW_SOURCES_H
#define RENDER_VIEW_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/vector.h"
#include "render/source_file.h"
#include "render/view_trees.h"

struct view_source {
	const char *path;	 /* on this machine; borrowed */
	struct source_md5 md5;	 /* when it was compiled */
	struct source_facts file; /* if it was read; else it has UINT32_MAX lines */
	bool outside;		 /* only its existence was looked at: view_trees_have() */
	struct error *err;	 /* why it could not be read; owned; NULL = none */
};

DEFINE_VECTOR(view_source_vector, struct view_source);

/* Fill in all but path and md5. jobs: threads to use; 0 counts as 1. */
struct error *view_sources_read(struct view_source_vector *sources, const struct view_trees *trees,
				unsigned int jobs);
void view_sources_deinit(struct view_source_vector *sources);

#endif
