// SPDX-License-Identifier: GPL-2.0-or-later
/* Maps the files of evidence and corrections to those of a view. */
#include "render/view_evidence.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "base/sort.h"
#include "base/vector.h"

struct mapped_path {
	const char *compiled, *path;
};

DEFINE_VECTOR(mapped_path_vector, struct mapped_path);
DEFINE_VECTOR(evidence_vector, struct coverage_evidence);
DEFINE_VECTOR(correction_vector, struct coverage_correction);

static bool is_before(const char *path, uint32_t line, const char *other, uint32_t other_line)
{
	/* Paths of the view: equal ones are the same. */
	return path == other ? line < other_line : strcmp(path, other) < 0;
}

DEFINE_SORT(sort_paths, struct mapped_path, strcmp(a->compiled, b->compiled) < 0);
DEFINE_SORT(sort_evidence, struct coverage_evidence, is_before(a->file, a->line, b->file, b->line));
DEFINE_SORT(sort_corrections, struct coverage_correction,
	    is_before(a->file, a->line, b->file, b->line));

struct view_evidence {
	struct mapped_path_vector paths;
	struct evidence_vector evidence;
	struct correction_vector corrections;
};

struct error *view_evidence_create(struct view_evidence **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? NULL : &error_no_memory;
}

void view_evidence_destroy(struct view_evidence *e)
{
	if (!e)
		return;
	mapped_path_vector_deinit(&e->paths);
	evidence_vector_deinit(&e->evidence);
	correction_vector_deinit(&e->corrections);
	free(e);
}

struct error *view_evidence_add_path(struct view_evidence *e, const char *compiled,
				     const char *path)
{
	const struct mapped_path mapped = { compiled, path };

	return mapped_path_vector_append(&e->paths, &mapped) ? NULL : &error_no_memory;
}

/* The path in the view; NULL if it does not have the file. */
static const char *find_path(const struct view_evidence *e, const char *compiled)
{
	size_t at = search_first(e->paths.len, i, strcmp(e->paths.data[i].compiled, compiled) >= 0);

	if (at == e->paths.len || strcmp(e->paths.data[at].compiled, compiled))
		return NULL;
	return e->paths.data[at].path;
}

/* If no path differs, evidence can be borrowed. That of many runs takes long to copy. */
static bool is_unchanged(const struct view_evidence *e, const struct coverage *c)
{
	const char *file = NULL;

	for (size_t i = 0; i < c->nr_evidence; i++) {
		if (c->evidence[i].file == file)
			continue;
		file = c->evidence[i].file;
		const char *path = find_path(e, file);
		if (!path || strcmp(path, file))
			return false;
	}
	return true;
}

static struct error *map_evidence(struct view_evidence *e, const struct coverage *c)
{
	const char *path = NULL, *file = NULL;

	if (!evidence_vector_reserve(&e->evidence, c->nr_evidence))
		return &error_no_memory;
	for (size_t i = 0; i < c->nr_evidence; i++) {
		struct coverage_evidence evidence = c->evidence[i];

		/* Those of one file mostly have the same pointer. */
		if (evidence.file != file)
			path = find_path(e, evidence.file);
		file = evidence.file;
		evidence.file = path;
		if (path && !evidence_vector_append(&e->evidence, &evidence))
			return &error_no_memory;
	}
	return sort_evidence(e->evidence.data, e->evidence.len) ? NULL : &error_no_memory;
}

static struct error *map_corrections(struct view_evidence *e, const struct coverage *c)
{
	for (size_t i = 0; i < c->nr_corrections; i++) {
		struct coverage_correction correction = c->corrections[i];

		correction.file = find_path(e, correction.file);
		if (correction.file && !correction_vector_append(&e->corrections, &correction))
			return &error_no_memory;
	}
	return sort_corrections(e->corrections.data, e->corrections.len) ? NULL : &error_no_memory;
}

struct error *view_evidence_map(struct view_evidence *e, struct coverage *c)
{
	if (!sort_paths(e->paths.data, e->paths.len))
		return &error_no_memory;
	bool copies = !is_unchanged(e, c);
	struct error *err = copies ? map_evidence(e, c) : NULL;
	if (!err)
		err = map_corrections(e, c);
	if (err)
		return err;
	if (copies) {
		c->evidence = e->evidence.data;
		c->nr_evidence = e->evidence.len;
	}
	c->corrections = e->corrections.data;
	c->nr_corrections = e->corrections.len;
	return NULL;
}
