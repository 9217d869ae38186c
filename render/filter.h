/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which source files a report keeps: those that one of the include patterns
 * matches (all, when there is none) and no exclude pattern.
 *
 * Patterns are shell patterns of fnmatch(3) in which '*' and '?' match a '/'
 * too. Each is tried on the mapped absolute path and on the path relative to
 * the source root: 'fs/ext4/' followed by '*' takes all of ext4, '*.h' all
 * headers. A pattern that ends with '/' means all that is inside.
 */
#ifndef RENDER_FILTER_H
#define RENDER_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/vector.h"

struct filter_pattern {
	char *given; /* as the user wrote it; owned */
	char *glob;  /* for fnmatch(); owned */
	bool exclude;
	uint64_t matches; /* files it matched, kept or not */
};

DEFINE_VECTOR(filter_pattern_vector, struct filter_pattern);

/* VECTOR_INIT: keeps everything. */
struct filter {
	struct filter_pattern_vector patterns;
};

/* glob: copied. */
struct error *filter_add(struct filter *filter, const char *glob, bool exclude);
void filter_deinit(struct filter *filter);

/*
 * Whether to keep a file; counts the matches of every pattern. relative: the
 * path below the source root, NULL when it is outside.
 */
bool filter_keeps(struct filter *filter, const char *path, const char *relative);

#endif
