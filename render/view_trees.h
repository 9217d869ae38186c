/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which sources a view reads: debug info names any path, and a report only opens those that are
 * below the source root or the directory of an image and are named like a source, or that the user
 * asks for.
 */
#ifndef RENDER_VIEW_TREES_H
#define RENDER_VIEW_TREES_H

#include <stdbool.h>
#include <time.h>

#include "render/view.h"

struct view_trees;

/* root: of the sources on this machine, NULL = none. Nothing is borrowed. */
struct error *view_trees_create(const struct coverage *coverage, const char *root,
				const struct view_options *options, struct view_trees **ret);
/* Accepts NULL. */
void view_trees_destroy(struct view_trees *trees);
/* Whether the source at path (absolute, normalised) is to be read. */
bool view_trees_have(const struct view_trees *trees, const char *path);
/*
 * The content of a source for a format that copies it: as file_read_regular(). ERROR_UNSUPPORTED if
 * it is not to be read, or a symbolic link leads out of the trees.
 */
struct error *view_trees_read(const struct view_trees *trees, const char *path, size_t limit,
			      char **ret, size_t *ret_size);
/* Whether all images were written before this time. False if no image has a file. */
bool view_trees_older(const struct view_trees *trees, const struct timespec *time);

#endif
