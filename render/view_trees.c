// SPDX-License-Identifier: GPL-2.0-or-later
/* Decides which sources are read, and whether they are newer than the images. */
#include "render/view_trees.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "base/vector.h"
#include "render/path_map.h"
#include "render/source_file.h"

DEFINE_VECTOR(tree_vector, char *);

struct view_trees {
	bool all;
	struct tree_vector directories; /* owned */
	bool has_time;
	struct timespec newest; /* when the last image was written */
};

/* Takes directory, which may be NULL. The root directory would let all files in. */
static struct error *add_directory(struct view_trees *trees, char *directory)
{
	if (!directory)
		return &error_no_memory;
	if (strcmp(directory, "/") && tree_vector_append(&trees->directories, &directory))
		return NULL;
	bool is_root = !strcmp(directory, "/");
	free(directory);
	return is_root ? NULL : &error_no_memory;
}

static bool is_after(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* The report of an image whose file is gone by now has only the source root. */
static struct error *add_image(struct view_trees *trees, const struct coverage_image *image)
{
	_cleanup_free_ char *real = image->path ? realpath(image->path, NULL) : NULL;
	struct timespec time;

	if (!real || image->problem)
		return NULL;
	if (source_file_image_time(real, &time) &&
	    (!trees->has_time || is_after(&time, &trees->newest))) {
		trees->newest = time;
		trees->has_time = true;
	}
	char *slash = strrchr(real, '/');
	slash[slash == real] = '\0';
	return add_directory(trees, steal_ptr(&real));
}

/*
 * The source root follows from the paths of debug info alone, if these have no file of the kernel
 * in them. No source tree is in a directory that holds secrets of the system, or files that do
 * something when they are read.
 */
static bool is_of_the_system(const char *root)
{
	static const char *const directories[] = { "/etc", "/proc", "/sys", "/dev" };

	if (path_inside(root, "/dev/shm"))
		return false;
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++)
		if (!strcmp(root, directories[i]) || path_inside(root, directories[i]))
			return true;
	return false;
}

/* Under both names, if a symbolic link leads to it. */
static struct error *add_root(struct view_trees *trees, const char *root)
{
	_cleanup_free_ char *real = realpath(root, NULL);

	if (is_of_the_system(real ? real : root))
		return NULL;
	struct error *err = add_directory(trees, strdup(root));
	if (!err && real && strcmp(real, root))
		err = add_directory(trees, steal_ptr(&real));
	return err;
}

static bool asks_for_files(const struct filter *filter)
{
	if (filter)
		vector_for_each(&filter->patterns, p)
			if (!p->exclude)
				return true;
	return false;
}

static void cleanup_trees(struct view_trees **trees)
{
	view_trees_destroy(*trees);
}

struct error *view_trees_create(const struct coverage *coverage, const char *root,
				const struct view_options *options, struct view_trees **ret)
{
	_cleanup_(cleanup_trees) struct view_trees *trees = calloc(1, sizeof(*trees));

	if (!trees)
		return &error_no_memory;
	/* All files of the view then match an --include. */
	trees->all = options->read_all || asks_for_files(options->filter);
	struct error *err = root && *root ? add_root(trees, root) : NULL;
	for (size_t i = 0; !err && i < coverage->nr_images; i++)
		err = add_image(trees, &coverage->images[i]);
	if (err)
		return err;
	*ret = steal_ptr(&trees);
	return NULL;
}

void view_trees_destroy(struct view_trees *trees)
{
	if (!trees)
		return;
	vector_for_each(&trees->directories, directory)
		free(*directory);
	tree_vector_deinit(&trees->directories);
	free(trees);
}

/*
 * Debug info also names the tree, and so any directory: a home directory, where keys and histories
 * are. This is how the kernel's own sources with code are named.
 */
static bool is_named_as_source(const char *path)
{
	static const char *const suffixes[] = { ".c", ".h", ".S", ".s", ".rs" };
	const char *name = strrchr(path, '/');

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (string_ends_with(name ? name + 1 : path, suffixes[i]))
			return true;
	return false;
}

bool view_trees_have(const struct view_trees *trees, const char *path)
{
	if (trees->all)
		return true;
	if (!is_named_as_source(path))
		return false;
	vector_for_each(&trees->directories, directory)
		if (path_inside(path, *directory))
			return true;
	return false;
}

/* What was opened counts: a directory of the path may be another one by now. */
struct error *view_trees_read(const struct view_trees *trees, const char *path, size_t limit,
			      char **ret, size_t *ret_size)
{
	_cleanup_free_ char *real = NULL;
	_cleanup_close_ int fd = -1;
	struct stat st;

	if (!view_trees_have(trees, path))
		return error_create(ERROR_UNSUPPORTED, "'%s' is %s", path,
				    is_named_as_source(path) ? "outside the source tree"
							     : "not named like a source");
	struct error *err = file_open_regular(path, &fd, &st);
	if (!err)
		err = file_name(fd, &real);
	if (!err && !real)
		real = realpath(path, NULL);
	if (!err && real && !view_trees_have(trees, real))
		err = error_create(ERROR_UNSUPPORTED, "'%s' is a link to a file %s", path,
				   is_named_as_source(real) ? "outside the source tree"
							    : "not named like a source");
	return err ? err : file_read_opened(fd, &st, path, limit, ret, ret_size);
}

bool view_trees_older(const struct view_trees *trees, const struct timespec *time)
{
	return trees->has_time && is_after(time, &trees->newest);
}
