/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From source paths as the compiler saw them to paths of this machine.
 *
 *	strip alone		PREFIX is removed: /build/x/usr/src/linux/fs/open.c
 *				with strip /build/x is /usr/src/linux/fs/open.c
 *	source_dir alone	DIR stands in place of the kernel's source root
 *	strip and source_dir	DIR stands in place of PREFIX
 *
 * A prefix ends at a '/' or at the end: /src/linux is no prefix of
 * /src/linux-6.12/fs/open.c. Paths outside the root (generated files of another
 * build directory, modules built elsewhere) stay as they are.
 *
 * The source root is where the kernel's tree was when it was compiled. DWARF
 * does not name it, so it is found by files that every kernel has (init/main.c,
 * kernel/fork.c, ...); for anything else it is the directory that all files
 * have in common.
 */
#ifndef RENDER_PATH_MAP_H
#define RENDER_PATH_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "symbolize/coverage/coverage.h"

struct path_map_options {
	const char *source_dir; /* an existing directory, or NULL */
	const char *strip;	/* an absolute path, or NULL */
};

struct path_map;

/*
 * For the files of this coverage. Fails with ERROR_INVALID when strip is not
 * absolute, or when source_dir is given and there is no root to replace; with
 * ERROR_SYSTEM when source_dir is no directory.
 */
struct error *path_map_create(const struct coverage *coverage,
			      const struct path_map_options *options, struct path_map **ret);
/* Accepts NULL. */
void path_map_destroy(struct path_map *map);
DEFINE_CLEANUP(path_map, struct path_map, path_map_destroy);
#define _cleanup_path_map_ _cleanup_(cleanup_path_map)

/* The mapped path, absolute and normalised; the caller frees *ret. */
struct error *path_map_apply(const struct path_map *map, const char *path, char **ret);

/* The source root, mapped; NULL when there is none. Valid until path_map_destroy(). */
const char *path_map_root(const struct path_map *map);

/*
 * path without empty, "." and ".." components, by its text alone; relative
 * ones count from "/". The caller frees *ret.
 */
struct error *path_absolute(const char *path, char **ret);

/* What of path comes after the directory prefix and a '/'; NULL when path is not inside it. */
const char *path_inside(const char *path, const char *prefix);

#endif
