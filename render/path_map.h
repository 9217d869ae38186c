/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Maps source paths as the compiler saw them to paths of this machine.
 *
 *	strip alone		PREFIX is removed: with strip /build/x,
 *				/build/x/usr/src/linux/fs/open.c becomes
 *				/usr/src/linux/fs/open.c
 *	source_dir alone	DIR replaces the kernel's source root
 *	strip and source_dir	DIR replaces PREFIX
 *
 * Relative paths, as of a build with -fdebug-prefix-map=$PWD=., are below DIR, or below the current
 * directory. So are those of a source root that is not there, if the current directory has its
 *files.
 *
 * A prefix ends at a '/' or at the end of the path: /src/linux is not a prefix of
 * /src/linux-6.12/fs/open.c. Paths outside the root (generated files of a separate
 * build directory, modules built elsewhere) are not changed.
 *
 * The source root is the directory where the kernel's tree was when it was
 * compiled. DWARF does not name it, so it is found by files that every kernel has
 * (init/main.c, kernel/fork.c, ...). If these are missing, it is the directory
 * that contains all files.
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
 * Create a map for the files of this coverage. Fails with ERROR_INVALID if strip
 * is not absolute, or if source_dir is given and there is no root to replace; with
 * ERROR_SYSTEM if source_dir is not a directory.
 */
struct error *path_map_create(const struct coverage *coverage,
			      const struct path_map_options *options, struct path_map **ret);
/* Accepts NULL. */
void path_map_destroy(struct path_map *map);
DEFINE_CLEANUP(path_map, struct path_map, path_map_destroy);
#define _cleanup_path_map_ _cleanup_(cleanup_path_map)

/* The mapped path, absolute and normalised; the caller frees *ret. */
struct error *path_map_apply(const struct path_map *map, const char *path, char **ret);

/*
 * Neither strip nor source_dir was given, the kernel's source root is not on this machine, and the
 * current directory has its files: it replaces the root.
 */
bool path_map_is_guess(const struct path_map *map);

/* The mapped source root; NULL if there is none. Valid until path_map_destroy(). */
const char *path_map_root(const struct path_map *map);

/*
 * Normalise path: remove empty, "." and ".." components, without looking at the
 * file system. Relative paths start at "/". The caller frees *ret.
 */
struct error *path_absolute(const char *path, char **ret);

/* The part of path after the directory prefix and a '/'; NULL if path is not inside prefix. */
const char *path_inside(const char *path, const char *prefix);

#endif
