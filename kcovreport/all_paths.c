// SPDX-License-Identifier: GPL-2.0-or-later
#include "kcovreport/all_paths.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "base/vector.h"
#include "symbolize/index/index.h"

typedef const char *path_text;

DEFINE_SORT(sort_paths, path_text, strcmp(*a, *b) < 0);

/* The files that a coverage may have. */
static struct error *add_files(const struct index *index, struct string_vector *ret)
{
	size_t nr;
	const struct index_file *files = index_files(index, &nr);

	for (uint32_t i = 0; i < nr; i++) {
		const char *path = index_file_path(index, i);

		if (files[i].first_line == files[i + 1].first_line &&
		    files[i].first_function == files[i + 1].first_function)
			continue;
		if (!string_vector_append(ret, &path))
			return &error_no_memory;
	}
	return NULL;
}

struct error *all_paths_init(struct coverage *ret, const struct report_images *images)
{
	_cleanup_(string_vector_deinit) struct string_vector paths = VECTOR_INIT;
	struct error *err = NULL;

	for (size_t i = 0; !err && i <= images->nr_modules; i++)
		if (images->indexes[i])
			err = add_files(images->indexes[i], &paths);
	if (err)
		return err;
	ret->files = calloc(paths.len + 1, sizeof(*ret->files));
	ret->images = calloc(images->nr_modules + 1, sizeof(*ret->images));
	if (!ret->files || !ret->images || !sort_paths(paths.data, paths.len))
		return &error_no_memory;
	vector_for_each(&paths, path)
		if (!ret->nr_files || strcmp(ret->files[ret->nr_files - 1].path, *path))
			ret->files[ret->nr_files++].path = *path;
	for (; ret->nr_images <= images->nr_modules; ret->nr_images++) {
		ret->images[ret->nr_images].name = images->inputs[ret->nr_images].name;
		ret->images[ret->nr_images].path = images->inputs[ret->nr_images].path;
	}
	return NULL;
}

void all_paths_deinit(struct coverage *coverage)
{
	free(coverage->files);
	free(coverage->images);
}
