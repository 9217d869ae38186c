// SPDX-License-Identifier: GPL-2.0-or-later
/* Groups the files of a view by directory. */
#include "render/directories.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

struct placed_file {
	const char *name; /* of the directory */
	size_t length;
	const struct coverage_file *file;
};

DEFINE_VECTOR(placed_file_vector, struct placed_file);

static struct placed_file place(const struct view *view, const struct coverage_file *file)
{
	const char *path = view_short_path(view, file), *slash = strrchr(path, '/');

	if (!slash)
		return (struct placed_file){ ".", 1, file };
	return (struct placed_file){ path, slash == path ? 1 : slash - path, file };
}

static int compare_names(const struct placed_file *a, const struct placed_file *b)
{
	int order = memcmp(a->name, b->name, a->length < b->length ? a->length : b->length);

	return order ? order : (a->length > b->length) - (a->length < b->length);
}

static int compare_placed(const void *va, const void *vb)
{
	const struct placed_file *a = va, *b = vb;
	int order = compare_names(a, b);

	return order ? order : strcmp(a->file->path, b->file->path);
}

static struct error *add_file(struct directories *ret, const struct placed_file *placed, size_t i,
			      bool is_first)
{
	struct directory *d;

	if (is_first &&
	    !directory_vector_append(&ret->all, &(struct directory){ .name = placed->name,
								     .length = placed->length,
								     .files = &ret->files[i] }))
		return &error_no_memory;
	d = &ret->all.data[ret->all.len - 1];
	d->nr_files++;
	ret->files[i] = placed->file;
	coverage_ratio_add(&d->lines, placed->file->line_ratio);
	coverage_ratio_add(&d->functions, placed->file->function_ratio);
	coverage_ratio_add(&d->branches, placed->file->branch_ratio);
	return NULL;
}

struct error *directories_init(struct directories *ret, const struct view *view)
{
	_cleanup_(placed_file_vector_deinit) struct placed_file_vector placed = VECTOR_INIT;
	struct error *err = NULL;

	*ret = (struct directories){ 0 };
	for (size_t i = 0; i < view->coverage.nr_files; i++) {
		const struct placed_file p = place(view, &view->coverage.files[i]);

		if (view_writes(view, p.file) && !placed_file_vector_append(&placed, &p))
			return &error_no_memory;
	}
	if (!placed.len)
		return NULL;
	qsort(placed.data, placed.len, sizeof(*placed.data), compare_placed);
	ret->files = calloc(placed.len, sizeof(*ret->files));
	if (!ret->files)
		return &error_no_memory;
	for (size_t i = 0; !err && i < placed.len; i++)
		err = add_file(ret, &placed.data[i], i,
			       !i || compare_names(&placed.data[i - 1], &placed.data[i]));
	return err;
}

void directories_deinit(struct directories *directories)
{
	directory_vector_deinit(&directories->all);
	free(directories->files);
}
