// SPDX-License-Identifier: GPL-2.0-or-later
/* Which lines of the sources of a diff have machine code, and which of it has no point. */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "kcovreport/patch.h"

#define NO_SOURCE UINT32_MAX

struct visit {
	struct patch_job *job;
	const struct index *index;
	uint32_t *sources; /* by number of a file of the index */
};

static void visit_line(void *arg, uint32_t offset, uint32_t end, uint32_t file, uint32_t line)
{
	const struct visit *v = arg;
	struct patch_source *source;

	(void)end;
	if (v->sources[file] == NO_SOURCE)
		return;
	source = &v->job->sources[v->sources[file]];
	if (line > source->nr_lines)
		return;
	source->lines[line] |= PATCH_LINE_MACHINE;
	if (index_find_block(v->index, offset) == INDEX_NONE)
		source->lines[line] |= PATCH_LINE_BARE;
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The sources by name, to look for the files of an index among them. */
struct named {
	const char *name, *path;
	uint32_t source;
};

static int compare_named(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->path, y->path);
}

DEFINE_VECTOR(named_vector, struct named);

static struct error *name_sources(const struct patch_job *job, struct named_vector *ret)
{
	for (uint32_t i = 0; i < job->diff->nr_files; i++) {
		const struct patch_source *source = &job->sources[i];

		if (source->text &&
		    !named_vector_append(ret,
					 &(struct named){ name_of(source->path), source->path, i }))
			return &error_no_memory;
	}
	if (ret->len)
		qsort(ret->data, ret->len, sizeof(*ret->data), compare_named);
	for (size_t i = 1; i < ret->len; i++)
		if (!compare_named(&ret->data[i - 1], &ret->data[i]))
			return error_create(ERROR_INVALID,
					    "the diff has '%s' twice, under different names",
					    ret->data[i].path);
	return NULL;
}

/* Set *ret to the source that a file of an index is, if it is one. */
static struct error *match_file(const struct patch_job *job, const struct named_vector *names,
				const char *path, uint32_t *ret)
{
	const char *name = name_of(path);
	_cleanup_free_ char *mapped = NULL;
	const struct named *n = names->data;
	size_t at = search_first(names->len, i, strcmp(n[i].name, name) >= 0);

	*ret = NO_SOURCE;
	if (at == names->len || strcmp(n[at].name, name))
		return NULL;
	struct error *err = path_map_apply(job->map, path, &mapped);
	for (; !err && at < names->len && !strcmp(n[at].name, name); at++)
		if (!strcmp(n[at].path, mapped))
			*ret = n[at].source;
	return err;
}

static struct error *find_in_index(struct patch_job *job, const struct named_vector *names,
				   const struct index *index)
{
	size_t nr;
	struct error *err = NULL;
	bool has_any = false;

	index_files(index, &nr);
	_cleanup_free_ uint32_t *sources = calloc(nr + 1, sizeof(*sources));
	struct visit visit = { job, index, sources };
	if (!sources)
		return &error_no_memory;
	for (uint32_t i = 0; !err && i < nr; i++) {
		err = match_file(job, names, index_file_path(index, i), &sources[i]);
		if (err || sources[i] == NO_SOURCE)
			continue;
		job->sources[sources[i]].is_in_image = true;
		has_any = true;
	}
	if (!err && has_any)
		index_each_line(index, visit_line, &visit);
	return err;
}

struct error *patch_find_machine_code(struct patch_job *job)
{
	_cleanup_(named_vector_deinit) struct named_vector names = VECTOR_INIT;
	struct error *err = name_sources(job, &names);

	for (size_t i = 0; !err && i <= job->images.nr_modules; i++)
		if (job->images.indexes[i])
			err = find_in_index(job, &names, job->images.indexes[i]);
	return err;
}
