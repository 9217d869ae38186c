/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which source files a report keeps: those that an include pattern matches (all
 * files if there is no include pattern) and that no exclude pattern matches.
 *
 * Patterns are shell patterns of fnmatch(3) in which '*' and '?' also match a '/'.
 * Each is tried on the mapped absolute path and on the path relative to the source
 * root: 'fs/ext4/' followed by '*' matches all of ext4, '*.h' all headers. A
 * pattern that ends with '/' matches everything in that directory.
 *
 * If there are names, a file must also be in an entry of MAINTAINERS that one of them chooses
 * (maintainers_entry_has()). A name that chooses THE REST has the files of no other entry.
 */
#ifndef RENDER_FILTER_H
#define RENDER_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/vector.h"
#include "render/maintainers.h"

struct filter_pattern {
	char *given; /* as the user wrote it; owned */
	char *glob;  /* for fnmatch(); owned */
	bool exclude;
	uint64_t matches; /* number of files it matched, whether or not they were kept */
};

DEFINE_VECTOR(filter_pattern_vector, struct filter_pattern);

/* Of --maintainer. */
struct filter_name {
	char *given;	     /* owned */
	bool *chosen;	     /* for each entry: whether it is; owned */
	uint64_t nr_entries; /* that it chooses */
	uint64_t matches;    /* number of files in them, whether or not they were kept */
};

DEFINE_VECTOR(filter_name_vector, struct filter_name);

/* VECTOR_INIT keeps all files. */
struct filter {
	struct filter_pattern_vector patterns;
	struct filter_name_vector names;
};

/* glob: copied. */
struct error *filter_add(struct filter *filter, const char *glob, bool exclude);
/* name: copied. */
struct error *filter_add_name(struct filter *filter, const char *name);
void filter_deinit(struct filter *filter);

/*
 * Returns whether to keep a file, and counts the matches of every pattern.
 * relative: the path below the source root, NULL if the file is outside.
 */
bool filter_keeps(struct filter *filter, const char *path, const char *relative);

/* Find the entries that the names choose: before filter_keeps_entries(). */
struct error *filter_choose(struct filter *filter, const struct maintainers *maintainers);
/* The same as filter_keeps() for the names; found: maintainers_find_subsystems() of the file. */
bool filter_keeps_entries(struct filter *filter, const struct entry_vector *found);

#endif
