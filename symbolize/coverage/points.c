// SPDX-License-Identifier: GPL-2.0-or-later
/* List all points with their counts and frames, for formats that have a record for each. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/coverage/private.h"

/* Names of functions in the arena of the coverage, each once. */
struct names {
	struct intern *intern;
	struct string_vector copies; /* by id */
};

static void names_deinit(struct names *names)
{
	intern_destroy(names->intern);
	string_vector_deinit(&names->copies);
}

static struct error *names_get(struct names *names, struct arena *arena, const char *name,
			       const char **ret)
{
	uint32_t id;
	struct error *err = intern_id(names->intern, name, &id);

	if (err)
		return err;
	if (id == names->copies.len) {
		const char *copy = arena_strdup(arena, name);

		if (!copy || !string_vector_append(&names->copies, &copy))
			return &error_no_memory;
	}
	*ret = names->copies.data[id];
	return NULL;
}

static int compare_path(const void *key, const void *element)
{
	return strcmp(key, ((const struct coverage_file *)element)->path);
}

/* The number in the coverage of each file of the index; COVERAGE_NO_FILE = it is not there. */
static struct error *map_files(const struct coverage *c, const struct index *index, uint32_t **ret)
{
	size_t nr;

	index_files(index, &nr);
	uint32_t *map = calloc(nr + 1, sizeof(*map));
	if (!map)
		return &error_no_memory;
	for (uint32_t i = 0; i < nr; i++) {
		const struct coverage_file *file =
			c->nr_files ? bsearch(index_file_path(index, i), c->files, c->nr_files,
					      sizeof(*c->files), compare_path)
				    : NULL;

		map[i] = file ? (uint32_t)(file - c->files) : COVERAGE_NO_FILE;
	}
	*ret = map;
	return NULL;
}

/* Points of one image. */
struct lister {
	struct coverage_draft *draft;
	const struct draft_image *image;
	const uint32_t *files;
	struct names *names;
};

static struct error *add_frames(const struct lister *l, uint32_t offset, struct coverage_point *ret)
{
	struct index_frame frames[INDEX_FRAMES_MAX];
	size_t nr = index_frames_at(l->image->input->index, offset, frames, INDEX_FRAMES_MAX);
	struct coverage_frame *out = arena_alloc(l->draft->arena, nr, sizeof(*out));
	struct error *err = NULL;

	if (!out)
		return &error_no_memory;
	for (size_t i = 0; !err && i < nr; i++) {
		const struct index_frame *in = &frames[i];

		out[i].file = in->file == INDEX_NONE ? COVERAGE_NO_FILE : l->files[in->file];
		out[i].line = in->line;
		if (in->function)
			err = names_get(l->names, l->draft->arena, in->function, &out[i].function);
	}
	ret->frames = out;
	ret->nr_frames = nr;
	return err;
}

static struct error *add_image(const struct lister *l)
{
	const struct index *index = l->image->input->index;
	struct coverage *c = l->draft->coverage;
	struct error *err = NULL;
	size_t nr;
	const struct index_point *points = index_points(index, &nr);

	for (size_t i = 0; !err && i < nr; i++) {
		if (points[i].kind == INDEX_EXIT)
			continue;
		struct coverage_point *point = &c->each_point[c->nr_each_point++];

		point->pc = l->image->base + index_base(index) + points[i].offset;
		point->count = l->image->counts[i];
		err = add_frames(l, points[i].offset, point);
	}
	return err;
}

static size_t count_points(const struct coverage_draft *draft)
{
	size_t total = 0, nr;

	for (size_t i = 0; i < draft->input->nr_images; i++) {
		if (!draft->images[i].input->index)
			continue;
		index_points(draft->images[i].input->index, &nr);
		total += nr;
	}
	return total;
}

static int compare_points(const void *va, const void *vb)
{
	const struct coverage_point *a = va, *b = vb;

	return (a->pc > b->pc) - (a->pc < b->pc);
}

static struct error *add_images(struct coverage_draft *draft, struct names *names)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < draft->input->nr_images; i++) {
		_cleanup_free_ uint32_t *files = NULL;
		const struct draft_image *image = &draft->images[i];

		if (!image->input->index)
			continue;
		err = map_files(draft->coverage, image->input->index, &files);
		if (!err)
			err = add_image(&(struct lister){ draft, image, files, names });
	}
	return err;
}

struct error *coverage_list_points(struct coverage_draft *draft)
{
	_cleanup_(names_deinit) struct names names = { 0 };
	struct coverage *c = draft->coverage;
	struct error *err = intern_create(&names.intern);

	c->each_point = arena_alloc(draft->arena, count_points(draft), sizeof(*c->each_point));
	if (!err && !c->each_point)
		err = &error_no_memory;
	if (!err)
		err = add_images(draft, &names);
	if (!err && c->nr_each_point)
		qsort(c->each_point, c->nr_each_point, sizeof(*c->each_point), compare_points);
	return err;
}
