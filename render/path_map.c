// SPDX-License-Identifier: GPL-2.0-or-later
/* Maps source paths of the compiler to paths of this machine; finds the source root. */
#include "render/path_map.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/vector.h"

/* A prefix and what replaces it. */
struct replacement {
	char *from; /* normalised; NULL = none */
	char *to;   /* "" removes it */
};

struct path_map {
	struct replacement absolute;
	/* Paths that debug info has relative to the source tree. from is relative; "" is that tree.
	 */
	struct replacement relative;
	char *base; /* directory of the other relative paths; NULL = there are none */
	char *root; /* mapped source root, NULL = none */
	/* The current directory replaces the source root, but files that are there stay. */
	bool is_guess;
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

#define NO_ROOT SIZE_MAX

/*
 * Length of the path before the name of a kernel file, 0 if that is all of a relative path. NO_ROOT
 * if it is not a kernel file, or one of the root directory.
 */
static size_t kernel_root_length(const char *path)
{
	for (size_t i = 0; i < sizeof(kernel_files) / sizeof(*kernel_files); i++) {
		if (!strcmp(path, kernel_files[i] + 1))
			return 0;
		if (string_ends_with(path, kernel_files[i]) && strcmp(path, kernel_files[i]))
			return strlen(path) - strlen(kernel_files[i]);
	}
	return NO_ROOT;
}

/* A kernel file, and what is before its name. */
struct vote {
	const char *path;
	size_t root_length;
};

DEFINE_VECTOR(vote_vector, struct vote);

static bool find_votes(const struct coverage *coverage, struct vote_vector *ret)
{
	for (size_t i = 0; i < coverage->nr_files; i++) {
		const char *path = coverage->files[i].path;
		const struct vote vote = { path, kernel_root_length(path) };

		if (vote.root_length != NO_ROOT && !vote_vector_append(ret, &vote))
			return false;
	}
	return true;
}

static size_t count_votes(const struct vote_vector *votes, const struct vote *of)
{
	size_t nr = 0;

	vector_for_each(votes, v)
		nr += v->root_length == of->root_length &&
		      !memcmp(v->path, of->path, of->root_length);
	return nr;
}

/*
 * Find the directory with the most kernel files, the first one if several have
 * that many. *ret stays NULL if there is none.
 */
static struct error *find_kernel_root(const struct coverage *coverage, char **ret)
{
	_cleanup_(vote_vector_deinit) struct vote_vector votes = VECTOR_INIT;
	size_t best_votes = KERNEL_FILES_MIN - 1;
	const struct vote *best = NULL;

	if (!find_votes(coverage, &votes))
		return &error_no_memory;
	/* Few files have a vote, so this is not quadratic in the number of files. */
	vector_for_each(&votes, v) {
		size_t nr = count_votes(&votes, v);

		if (nr > best_votes) {
			best_votes = nr;
			best = v;
		}
	}
	if (!best)
		return NULL;
	*ret = strndup(best->path, best->root_length);
	return *ret ? NULL : &error_no_memory;
}

static bool has_relative_paths(const struct coverage *coverage)
{
	for (size_t i = 0; i < coverage->nr_files; i++)
		if (coverage->files[i].path[0] != '/')
			return true;
	return false;
}

/*
 * Find the directory that contains all files. *ret stays NULL if that is "/". Relative paths are
 * those of a build whose source tree is "" (-fdebug-prefix-map=$PWD=.).
 */
static struct error *find_common_root(const struct coverage *coverage, char **ret)
{
	if (has_relative_paths(coverage)) {
		*ret = strdup("");
		return *ret ? NULL : &error_no_memory;
	}
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

/* Set what is replaced of absolute paths, and by what. root: as compiled; NULL, or relative, =
 * none. */
static struct error *set_absolute(struct path_map *map, const struct path_map_options *options,
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
	if (!options->strip && root[0] != '/')
		return NULL;
	err = path_absolute(options->strip ? options->strip : root, &map->absolute.from);
	if (err)
		return err;
	if (options->source_dir)
		return real_directory(options->source_dir, &map->absolute.to);
	map->absolute.to = strdup("");
	return map->absolute.to ? NULL : &error_no_memory;
}

static bool exists(const char *directory, const char *file, bool *ret_no_memory)
{
	_cleanup_free_ char *path = NULL;

	if (asprintf(&path, "%s%s", directory, file) < 0) {
		path = NULL;
		*ret_no_memory = true;
		return false;
	}
	return !access(path, F_OK);
}

/*
 * Whether no kernel file of the coverage is in the directory `there`, as which root is taken, but
 * all of them are in the directory `here`.
 */
static struct error *is_moved(const struct coverage *coverage, const char *root, const char *there,
			      const char *here, bool *ret)
{
	_cleanup_(vote_vector_deinit) struct vote_vector votes = VECTOR_INIT;
	bool no_memory = false, moved = true;

	if (!find_votes(coverage, &votes))
		return &error_no_memory;
	vector_for_each(&votes, v) {
		const char *name = v->path + v->root_length;

		if (v->root_length != strlen(root) || strncmp(v->path, root, v->root_length))
			continue;
		moved &= !exists(there, name, &no_memory) && exists(here, name, &no_memory);
	}
	*ret = moved;
	return no_memory ? &error_no_memory : NULL;
}

/*
 * Kernels that were built elsewhere, or in a build directory with -ffile-prefix-map=SOURCE/=, have
 * a source root that is not there. If all kernel files of the coverage are below the current
 * directory, that is meant.
 */
static struct error *guess_root(struct path_map *map, const struct coverage *coverage,
				const char *root)
{
	_cleanup_free_ char *current = NULL;
	bool moved = false;

	struct error *err = real_directory(".", &current);
	if (!err)
		err = is_moved(coverage, root, root, current, &moved);
	if (err || !moved)
		return err;
	map->absolute.to = steal_ptr(&current);
	map->is_guess = true;
	return path_absolute(root, &map->absolute.from);
}

/* Relative paths are below the source tree that is given, or else the current directory. */
static struct error *set_relative(struct path_map *map, const struct coverage *coverage,
				  const struct path_map_options *options, const char *root)
{
	_cleanup_strbuf_ struct strbuf from = STRBUF_INIT, to = STRBUF_INIT;
	bool moved = options->source_dir;

	if (!has_relative_paths(coverage))
		return NULL;
	struct error *err = real_directory(moved ? options->source_dir : ".", &map->base);
	if (err || !root || root[0] == '/')
		return err;
	path_normalise(NULL, root, &from);
	path_normalise(*map->base ? map->base : "/", root, &to);
	/* The compiler saw another directory name: -fdebug-prefix-map=$PWD=linux-6.12. */
	if (!moved && !options->strip && *root) {
		err = is_moved(coverage, root, strbuf_str(&to), map->base, &moved);
		map->is_guess |= moved;
	}
	if (moved) {
		strbuf_reset(&to);
		strbuf_addstr(&to, map->base);
	}
	if (!strcmp(strbuf_str(&to), "/"))
		strbuf_reset(&to);
	if (!err)
		err = strbuf_steal(&from, &map->relative.from);
	return err ? err : strbuf_steal(&to, &map->relative.to);
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
	if (!err && root && *root == '/' && !options->source_dir && !options->strip)
		err = guess_root(map, coverage, root);
	if (!err && !root)
		err = find_common_root(coverage, &root);
	if (!err)
		err = set_absolute(map, options, root);
	if (!err)
		err = set_relative(map, coverage, options, root);
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
	free(map->absolute.from);
	free(map->absolute.to);
	free(map->relative.from);
	free(map->relative.to);
	free(map->base);
	free(map->root);
	free(map);
}

/* The part of path that is kept; NULL if the prefix is not replaced. */
static const char *kept_part(const struct replacement *r, const char *path)
{
	if (!r->from)
		return NULL;
	if (!strcmp(path, r->from))
		return "";
	/* Relative paths that leave the tree begin with "..". */
	if (!*r->from)
		return strcmp(path, "..") && !string_starts_with(path, "../") ? path : NULL;
	return path_inside(path, r->from);
}

struct error *path_map_apply(const struct path_map *map, const char *path, char **ret)
{
	const struct replacement *r = path[0] == '/' ? &map->absolute : &map->relative;
	_cleanup_strbuf_ struct strbuf normal = STRBUF_INIT, joined = STRBUF_INIT;

	path_normalise(NULL, path, &normal);
	if (normal.failed)
		return &error_no_memory;
	const char *rest = kept_part(r, strbuf_str(&normal));
	bool stays = rest && *rest && map->is_guess && !access(strbuf_str(&normal), F_OK);
	if (rest && !stays) {
		/* The parts are normalised already. */
		strbuf_addf(&joined, "%s%s%s", r->to, *rest || !*r->to ? "/" : "", rest);
		return strbuf_steal(&joined, ret);
	}
	path_normalise(map->base && *map->base ? map->base : "/", path, &joined);
	return strbuf_steal(&joined, ret);
}

bool path_map_is_guess(const struct path_map *map)
{
	return map->is_guess;
}

const char *path_map_root(const struct path_map *map)
{
	return map->root;
}
