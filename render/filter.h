/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which source files a report keeps: those that an include pattern matches (all
 * files if there is no include pattern) and that no exclude pattern matches.
 *
 * Patterns are shell patterns of fnmatch(3) in which '*' and '?' also match a '/'.
 * Each is tried on the mapped absolute path and on the path relative to the source
 * root: 'fs/ext4/' followed by '*' matches all of ext4, '*.h' all headers. A
 * pattern that ends with '/' matches everything in that directory.
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
	uint64_t matches; /* number of files it matched, whether or not they were kept */
};

DEFINE_VECTOR(filter_pattern_vector, struct filter_pattern);

/* VECTOR_INIT keeps all files. */
struct filter {
	struct filter_pattern_vector patterns;
};

/* glob: copied. */
struct error *filter_add(struct filter *filter, const char *glob, bool exclude);
void filter_deinit(struct filter *filter);

/*
 * Returns whether to keep a file, and counts the matches of every pattern.
 * relative: the path below the source root, NULL if the file is outside.
 */
bool filter_keeps(struct filter *filter, const char *path, const char *relative);

#endif
