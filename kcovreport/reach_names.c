// SPDX-License-Identifier: GPL-2.0-or-later
/* Names the sources of all images, as they are on this machine. */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "base/strbuf.h"
#include "kcovreport/all_paths.h"
#include "kcovreport/jobs.h"
#include "kcovreport/reach.h"
#include "render/path_map.h"

/* An error lists at most this many files. */
#define FILES_LISTED 10

void reach_names_deinit(struct reach_names *names)
{
	vector_for_each(&names->names, name)
		free(name->path);
	reach_name_vector_deinit(&names->names);
	texts_deinit(&names->texts);
}

static int compare_paths(const void *a, const void *b)
{
	const struct reach_name *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	if (order)
		return order;
	return x->image != y->image ? compare_values(x->image, y->image)
				    : compare_values(x->file, y->file);
}

static struct error *add_image(struct reach_names *names, const struct index *index, size_t image)
{
	size_t nr;
	const struct index_file *files = index_files(index, &nr);

	for (uint32_t i = 0; i < nr; i++) {
		const struct reach_name name = { .given = index_file_path(index, i),
						 .image = image,
						 .file = i };

		if (files[i].first_line == files[i + 1].first_line &&
		    files[i].first_function == files[i + 1].first_function)
			continue;
		if (!reach_name_vector_append(&names->names, &name))
			return &error_no_memory;
	}
	return NULL;
}

struct error *reach_names_init(struct reach_names *names, const struct report_images *images,
			       const struct report_options *options)
{
	const struct view_options view_options = report_view_options(options);
	_cleanup_(all_paths_deinit) struct coverage all = { 0 };
	struct reach_name_vector *v = &names->names;
	struct error *err = NULL;

	for (size_t i = 0; !err && i <= images->nr_modules; i++)
		if (images->indexes[i])
			err = add_image(names, images->indexes[i], i);
	if (!err)
		err = all_paths_init(&all, images);
	if (!err)
		err = texts_init(&names->texts, &all, &view_options);
	for (size_t i = 0; !err && i < v->len; i++)
		err = path_map_apply(names->texts.map, v->data[i].given, &v->data[i].path);
	if (err)
		return err;
	names->root = path_map_root(names->texts.map);
	if (v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_paths);
	return NULL;
}

static bool ends_with(const char *path, const char *file)
{
	size_t length = strlen(path), end = strlen(file);

	return end && end <= length && !strcmp(path + length - end, file) &&
	       (end == length || *file == '/' || path[length - end - 1] == '/');
}

static bool is_below_root(const struct reach_names *names, const char *path, const char *file)
{
	const char *inside = names->root ? path_inside(path, names->root) : NULL;

	return !strcmp(path, file) || (inside && !strcmp(inside, file));
}

static struct error *several(const struct reach_names *names, const char *file, size_t nr)
{
	_cleanup_strbuf_ struct strbuf list = STRBUF_INIT;
	const char *last = "";
	size_t listed = 0;

	vector_for_each(&names->names, name) {
		if (!ends_with(name->path, file) || !strcmp(name->path, last))
			continue;
		last = name->path;
		if (listed++ < FILES_LISTED)
			strbuf_addf(&list, "%s%s", listed > 1 ? ", " : "", name->path);
	}
	if (listed > FILES_LISTED)
		strbuf_addf(&list, " and %zu more", listed - FILES_LISTED);
	if (list.failed)
		return &error_no_memory;
	return error_hint(error_create(ERROR_INVALID, "'%s' matches %zu files: %s", file, nr,
				       strbuf_str(&list)),
			  "give more of the path");
}

struct error *reach_names_find(const struct reach_names *names, const char *file, size_t *ret_first,
			       size_t *ret_last)
{
	const struct reach_name_vector *v = &names->names;
	size_t nr = 0, found = v->len;
	bool is_exact = false;

	if (!strncmp(file, "./", 2))
		file += 2;
	for (size_t i = 0; i < v->len; i++) {
		if ((i && !strcmp(v->data[i - 1].path, v->data[i].path)) ||
		    !ends_with(v->data[i].path, file))
			continue;
		nr++;
		if (is_exact)
			continue;
		is_exact = is_below_root(names, v->data[i].path, file);
		found = i;
	}
	if (!nr)
		return error_create(ERROR_NOT_FOUND, "no instrumented code belongs to '%s'", file);
	if (nr > 1 && !is_exact)
		return several(names, file, nr);
	*ret_first = found;
	while (found < v->len && !strcmp(v->data[found].path, v->data[*ret_first].path))
		found++;
	*ret_last = found;
	return NULL;
}
