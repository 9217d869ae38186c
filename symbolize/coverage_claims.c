// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every point claims the line and the function of each of its frames. A claim
 * counts once per point, though inlining may name one line at two levels.
 */
#include "symbolize/coverage_private.h"

static struct error *map_files(struct coverage_draft *draft, struct draft_image *image)
{
	const struct index *index = image->input->index;
	struct error *err = NULL;
	size_t nr;

	index_files(index, &nr);
	image->file_map = calloc(nr + 1, sizeof(*image->file_map));
	if (!image->file_map)
		return &error_no_memory;
	for (size_t i = 0; !err && i < nr; i++)
		err = intern_id(draft->paths, index_file_path(index, i), &image->file_map[i]);
	return err;
}

static struct error *map_function(struct coverage_draft *draft, const struct draft_image *image,
				  const struct index_function *in, uint32_t *ret)
{
	const size_t key = 3 * sizeof(uint32_t);
	struct draft_function_vector *v = &draft->functions;
	struct draft_function f = { .line = in->line, .has_body = in->has_body };

	*ret = INDEX_NONE;
	if (in->file == INDEX_NONE || !in->line)
		return NULL; /* it has no place in any file */
	f.file = image->file_map[in->file];
	struct error *err =
		intern_id(draft->names, index_string(image->input->index, in->name), &f.name);
	if (err)
		return err;
	*ret = record_set_find(&draft->function_set, v->data, sizeof(f), &f, key);
	if (*ret != RECORD_NONE) {
		v->data[*ret].has_body |= f.has_body;
		return NULL;
	}
	*ret = v->len;
	if (!draft_function_vector_append(v, &f) ||
	    !record_set_add(&draft->function_set, v->data, sizeof(f), key, *ret))
		return &error_no_memory;
	return NULL;
}

static struct error *map_functions(struct coverage_draft *draft, struct draft_image *image)
{
	struct error *err = NULL;
	size_t nr;
	const struct index_function *functions = index_functions(image->input->index, &nr);

	image->function_map = calloc(nr + 1, sizeof(*image->function_map));
	if (!image->function_map)
		return &error_no_memory;
	for (size_t i = 0; !err && i < nr; i++)
		err = map_function(draft, image, &functions[i], &image->function_map[i]);
	return err;
}

static bool claim_frame(struct coverage_draft *draft, const struct draft_image *image,
			const struct index_frame *frame, uint64_t point, uint64_t count)
{
	struct draft_claim claim = { .point = point, .count = count };

	if (frame->file != INDEX_NONE && frame->line) {
		claim.file = image->file_map[frame->file];
		claim.id = frame->line;
		if (!draft_claim_vector_append(&draft->lines, &claim))
			return false;
	}
	if (frame->function == INDEX_NONE || image->function_map[frame->function] == INDEX_NONE)
		return true;
	claim.file = 0;
	claim.id = image->function_map[frame->function];
	return draft_claim_vector_append(&draft->calls, &claim);
}

static struct error *claim_image(struct coverage_draft *draft, struct draft_image *image,
				 uint64_t *next_point)
{
	size_t nr_points, nr_frames;
	const struct index_point *points = index_points(image->input->index, &nr_points);
	const struct index_frame *frames = index_frames(image->input->index, &nr_frames);

	for (size_t i = 0; i < nr_points; i++, ++*next_point) {
		uint32_t f = points[i].frame;

		for (; f != INDEX_NONE; f = frames[f].outer)
			if (!claim_frame(draft, image, &frames[f], *next_point, image->counts[i]))
				return &error_no_memory;
	}
	return NULL;
}

static void count_file_points(struct coverage_draft *draft, const struct draft_image *image)
{
	size_t nr_points, nr_frames;
	const struct index_point *points = index_points(image->input->index, &nr_points);
	const struct index_frame *frames = index_frames(image->input->index, &nr_frames);

	for (size_t i = 0; i < nr_points; i++) {
		uint32_t file = frames[points[i].frame].file;

		if (file == INDEX_NONE)
			continue;
		struct coverage_ratio *ratio = &draft->file_points[image->file_map[file]];
		ratio->found++;
		ratio->hit += image->counts[i] > 0;
	}
}

static int compare_claims(const void *va, const void *vb)
{
	const struct draft_claim *a = va, *b = vb;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->point < b->point ? -1 : a->point > b->point;
}

static void sort_claims(struct draft_claim_vector *v)
{
	size_t nr = 0;

	if (v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_claims);
	for (size_t i = 0; i < v->len; i++)
		if (!nr || compare_claims(&v->data[nr - 1], &v->data[i]))
			v->data[nr++] = v->data[i];
	v->len = nr;
}

struct error *coverage_claim(struct coverage_draft *draft)
{
	size_t nr = draft->input->nr_images;
	struct error *err = NULL;
	uint64_t next_point = 0;

	for (size_t i = 0; !err && i < nr; i++) {
		struct draft_image *image = &draft->images[i];

		if (!image->input->index)
			continue;
		err = map_files(draft, image);
		if (!err)
			err = map_functions(draft, image);
		if (!err)
			err = claim_image(draft, image, &next_point);
	}
	if (err)
		return err;
	draft->file_points = calloc(intern_count(draft->paths) + 1, sizeof(*draft->file_points));
	if (!draft->file_points)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++)
		if (draft->images[i].input->index)
			count_file_points(draft, &draft->images[i]);
	sort_claims(&draft->lines);
	sort_claims(&draft->calls);
	return NULL;
}
