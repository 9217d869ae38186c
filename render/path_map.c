// SPDX-License-Identifier: GPL-2.0-or-later
/* Maps source paths of the compiler to paths of this machine; finds the source root. */
#include "render/path_map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/strbuf.h"

struct path_map {
	char *from; /* normalised prefix to replace, NULL = none */
	char *to;   /* its replacement; "" removes it */
	char *root; /* mapped source root, NULL = none */
};

/* Files that every kernel has, in any configuration and since long before KCOV. */
static const char *const kernel_files[] = {
	"/init/main.c", "/kernel/exit.c", "/kernel/fork.c",   "/kernel/signal.c", "/kernel/sys.c",
	"/fs/open.c",	"/fs/namei.c",	  "/fs/read_write.c", "/fs/file.c",	  "/mm/memory.c",
	"/mm/mmap.c",	"/mm/filemap.c",  "/kernel/cred.c",   "/lib/vsprintf.c",  "/kernel/pid.c",
};

/* A single one may exist by chance in the tree of another program. */
#define KERNEL_FILES_MIN 3

struct error *path_absolute(const char *path, char **ret)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;

	path_normalise("/", path, &sb);
	return strbuf_steal(&sb, ret);
}

const char *path_inside(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	if (len && prefix[len - 1] == '/')
		len--;
	return !strncmp(path, prefix, len) && path[len] == '/' ? path + len + 1 : NULL;
}

/* Length of the path before the name of a kernel file; 0 if it is not a kernel file. */
static size_t kernel_root_length(const char *path)
{
	for (size_t i = 0; i < sizeof(kernel_files) / sizeof(*kernel_files); i++)
		if (string_ends_with(path, kernel_files[i]))
			return strlen(path) - strlen(kernel_files[i]);
	return 0;
}

/*
 * Find the directory with the most kernel files, the first one if several have
 * that many. *ret stays NULL if there is none.
 */
static struct error *find_kernel_root(const struct coverage *coverage, char **ret)
{
	size_t best_votes = KERNEL_FILES_MIN - 1, best = 0, best_length = 0;

	for (size_t i = 0; i < coverage->nr_files; i++) {
		const char *path = coverage->files[i].path;
		size_t length = kernel_root_length(path), votes = 0;

		/* Few files have a length here, so this is not quadratic in the number of files. */
		for (size_t k = 0; length && k < coverage->nr_files; k++) {
			const char *other = coverage->files[k].path;

			votes +=
				kernel_root_length(other) == length && !memcmp(path, other, length);
		}
		if (votes > best_votes) {
			best_votes = votes;
			best = i;
			best_length = length;
		}
	}
	if (!best_length)
		return NULL;
	*ret = strndup(coverage->files[best].path, best_length);
	return *ret ? NULL : &error_no_memory;
}

/* Find the directory that contains all files. *ret stays NULL if that is "/". */
static struct error *find_common_root(const struct coverage *coverage, char **ret)
{
	const char *first = coverage->nr_files ? coverage->files[0].path : "";
	const char *slash = strrchr(first, '/');
	size_t length = slash ? slash - first : 0;

	for (size_t i = 1; i < coverage->nr_files && length; i++) {
		const char *path = coverage->files[i].path;

		while (length && !(strncmp(path, first, length) == 0 && path[length] == '/'))
			while (length && first[--length] != '/')
				;
	}
	if (!length)
		return NULL;
	*ret = strndup(first, length);
	return *ret ? NULL : &error_no_memory;
}

static struct error *real_directory(const char *path, char **ret)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	struct stat st;

	if (!real || stat(real, &st))
		return error_errno(errno, "cannot use source directory '%s'", path);
	if (!S_ISDIR(st.st_mode))
		return error_errno(ENOTDIR, "cannot use source directory '%s'", path);
	if (!strcmp(real, "/"))
		real[0] = '\0';
	*ret = steal_ptr(&real);
	return NULL;
}

/* Set what is replaced, and by what. root: the source root as compiled, or NULL. */
static struct error *set_replacement(struct path_map *map, const struct path_map_options *options,
				     const char *root)
{
	struct error *err = NULL;

	if (options->strip && options->strip[0] != '/')
		return error_hint(
			error_create(ERROR_INVALID, "'%s' is not an absolute path", options->strip),
			"--strip takes the beginning of a path as the compiler saw it");
	if (!options->strip && !options->source_dir)
		return NULL;
	if (!options->strip && !root)
		return error_hint(error_create(ERROR_INVALID,
					       "cannot tell the source root that '%s' replaces",
					       options->source_dir),
				  "name it with --strip");
	err = path_absolute(options->strip ? options->strip : root, &map->from);
	if (err)
		return err;
	if (options->source_dir)
		return real_directory(options->source_dir, &map->to);
	map->to = strdup("");
	return map->to ? NULL : &error_no_memory;
}

struct error *path_map_create(const struct coverage *coverage,
			      const struct path_map_options *options, struct path_map **ret)
{
	_cleanup_path_map_ struct path_map *map = calloc(1, sizeof(*map));
	_cleanup_free_ char *root = NULL;
	struct error *err;

	if (!map)
		return &error_no_memory;
	err = find_kernel_root(coverage, &root);
	if (!err && !root)
		err = find_common_root(coverage, &root);
	if (!err)
		err = set_replacement(map, options, root);
	if (!err && root)
		err = path_map_apply(map, root, &map->root);
	if (err)
		return err;
	*ret = steal_ptr(&map);
	return NULL;
}

void path_map_destroy(struct path_map *map)
{
	if (!map)
		return;
	free(map->from);
	free(map->to);
	free(map->root);
	free(map);
}

struct error *path_map_apply(const struct path_map *map, const char *path, char **ret)
{
	_cleanup_free_ char *normal = NULL;
	_cleanup_free_ char *joined = NULL;
	struct error *err;

	err = path_absolute(path, &normal);
	if (err)
		return err;
	const char *rest = map->from ? path_inside(normal, map->from) : NULL;
	if (map->from && !strcmp(normal, map->from))
		rest = "";
	if (!rest) {
		*ret = steal_ptr(&normal);
		return NULL;
	}
	if (asprintf(&joined, "%s/%s", map->to, rest) < 0) {
		joined = NULL;
		return &error_no_memory;
	}
	/*
	 * The parts are normalised already, except for the '/' that is left if the path is
	 * the prefix itself.
	 */
	if (!*rest && joined[1])
		joined[strlen(joined) - 1] = '\0';
	*ret = steal_ptr(&joined);
	return NULL;
}

const char *path_map_root(const struct path_map *map)
{
	return map->root;
}
