/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a coverage is asked for: lines of a few files, or the points of an image.
 *
 * A coverage that is built for a scope (coverage_input.scope) says of these lines, and of the
 * functions declared on them, what a coverage of everything says, and costs what belongs to them.
 * Of other lines and functions of the same files it says what is true if nothing was recorded.
 *
 * Most recorded PCs do not matter to a scope: coverage_scope_select() has the others. So many runs
 * can be asked one after the other.
 */
#ifndef SYMBOLIZE_COVERAGE_SCOPE_H
#define SYMBOLIZE_COVERAGE_SCOPE_H

#include "base/cleanup.h"
#include "base/pc_merge.h"
#include "symbolize/coverage/build.h"

DEFINE_VECTOR(scope_numbers, uint32_t);

/* Lines of a file of one image, by its number in the index. */
struct coverage_range {
	size_t image;
	uint32_t file;
	uint32_t first, last;
};

/* Ascending, each once. */
struct coverage_scope_image {
	bool has_points; /* the points of the whole image are asked for */
	struct scope_numbers files;
	struct scope_numbers groups;
	struct scope_numbers points; /* in the groups; all of the image with has_points */
	/*
	 * Offsets of the PCs that say something of these points: if PCs are return addresses, and
	 * if they are addresses of calls.
	 */
	struct scope_numbers pcs[2];
};

struct coverage_scope {
	struct coverage_scope_image *images; /* one for each image of the input */
	size_t nr_images;
};

/*
 * Extend a range so that the functions that begin or end in it are whole: from the declaration of a
 * function to the line before the next one. Functions without code of known state do not count.
 */
void coverage_range_extend(const struct index *index, struct coverage_range *range);

/*
 * Create the scope of ranges of lines, which are extended, and of the points of images. points: of
 * each image whether its points are asked for; NULL = none. ERROR_FORMAT if an index is damaged.
 */
struct error *coverage_scope_create(const struct coverage_input_image *images, size_t nr_images,
				    const struct coverage_range *ranges, size_t nr_ranges,
				    const bool *points, struct coverage_scope **ret);
/* Accepts NULL. */
void coverage_scope_destroy(struct coverage_scope *scope);
DEFINE_CLEANUP(coverage_scope, struct coverage_scope, coverage_scope_destroy);

/*
 * Set *ret, which is emptied first, to the PCs of a source that matter to the scope: all of them,
 * and maybe some more.
 */
struct error *coverage_scope_select(const struct coverage_scope *scope,
				    const struct coverage_input_image *images,
				    const struct coverage_source *source,
				    struct pc_count_vector *ret);

#endif
