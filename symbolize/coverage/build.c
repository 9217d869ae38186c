// SPDX-License-Identifier: GPL-2.0-or-later
/* Build coverage: run the steps in their order, and describe images and unmatched PCs. */
#include "symbolize/coverage/build.h"

#include <string.h>

#include "base/cleanup.h"
#include "symbolize/coverage/private.h"
#include "symbolize/coverage/scope.h"

struct error *coverage_draft_init(struct coverage_draft *draft, const struct coverage_input *input)
{
	*draft = (struct coverage_draft){ .input = input };
	draft->arena = arena_create();
	draft->images = calloc(input->nr_images + 1, sizeof(*draft->images));
	if (!draft->arena || !draft->images)
		return &error_no_memory;
	draft->coverage = arena_alloc(draft->arena, 1, sizeof(*draft->coverage));
	if (!draft->coverage)
		return &error_no_memory;
	struct error *err = NULL;
	for (size_t i = 0; !err && i < input->nr_images; i++) {
		struct draft_image *image = &draft->images[i];
		size_t nr = 0;

		image->input = &input->images[i];
		if (image->input->index)
			index_points(image->input->index, &nr);
		image->counts = calloc(nr + 1, sizeof(*image->counts));
		image->is_least = calloc(nr + 1, sizeof(*image->is_least));
		if (!image->counts || !image->is_least)
			err = &error_no_memory;
	}
	return err;
}

void coverage_draft_deinit(struct coverage_draft *draft)
{
	for (size_t i = 0; draft->images && i < draft->input->nr_images; i++) {
		free(draft->images[i].counts);
		free(draft->images[i].is_least);
		free(draft->images[i].is_left_out);
		inference_deinit(&draft->images[i].inference);
		free(draft->images[i].is_asked);
		free(draft->images[i].is_inferred);
		free(draft->images[i].baseline);
		free(draft->images[i].lines);
		free(draft->images[i].functions);
		free(draft->images[i].is_judged);
		draft_entry_vector_deinit(&draft->images[i].entries);
		free(draft->images[i].file_hits);
	}
	free(draft->images);
	draft_unmatched_vector_deinit(&draft->unmatched);
	intern_destroy(draft->symbols);
	free(draft->symbol_flags);
	error_destroy(draft->externals_err);
	arena_destroy(draft->arena);
}

/* Exit callbacks do not count: they are recorded in some modes only. */
static struct coverage_ratio count_points(const struct index *index, const uint64_t *counts)
{
	struct coverage_ratio ratio = { 0 };
	size_t nr;
	const struct index_point *points = index_points(index, &nr);

	for (size_t i = 0; i < nr; i++) {
		if (points[i].kind == INDEX_EXIT)
			continue;
		ratio.found++;
		ratio.hit += counts[i] > 0;
	}
	return ratio;
}

static bool has_points(const struct coverage_draft *draft, const struct draft_image *image)
{
	const struct coverage_scope *scope = draft->input->scope;

	return !scope || scope->images[image - draft->images].has_points;
}

/* Hand out the counts of the points of an image, if a scope asks for them. */
static struct error *copy_points(struct coverage_draft *draft, const struct draft_image *in,
				 struct coverage_image *out)
{
	uint64_t *counts;
	size_t nr;

	if (!draft->input->scope || !has_points(draft, in))
		return NULL;
	index_points(in->input->index, &nr);
	counts = arena_alloc(draft->arena, nr, sizeof(*counts));
	if (!counts)
		return &error_no_memory;
	if (nr)
		memcpy(counts, in->counts, nr * sizeof(*counts));
	out->point_counts = counts;
	return NULL;
}

static struct error *make_image(struct coverage_draft *draft, const struct draft_image *in,
				struct coverage_image *out)
{
	const struct index *index = in->input->index;
	const char *path = in->input->path, *build_id = in->input->build_id;
	char hex[BUILD_ID_HEX_SIZE] = "";

	if (index && !path)
		path = index_path(index);
	if (index && !build_id)
		build_id = build_id_format(index_build_id(index), hex);
	out->name = arena_strdup(draft->arena, in->input->name);
	out->path = arena_strdup(draft->arena, path);
	out->build_id = arena_strdup(draft->arena, build_id ? build_id : "");
	out->problem = arena_strdup(draft->arena, in->input->problem);
	if (!out->name || !out->build_id || (path && !out->path) ||
	    (in->input->problem && !out->problem))
		return &error_no_memory;
	out->base = in->base;
	out->ran_init = in->ran_init;
	if (index && has_points(draft, in))
		out->points = count_points(index, in->counts);
	out->pcs = in->nr_pcs + in->nr_unmatched;
	return copy_points(draft, in, out);
}

/* vmlinux comes first (there is only one, at base 0), then modules by name and build ID. */
static int compare_images(const void *va, const void *vb)
{
	const struct coverage_image *a = va, *b = vb;
	bool a_kernel = !strcmp(a->name, "vmlinux"), b_kernel = !strcmp(b->name, "vmlinux");

	if (a_kernel != b_kernel)
		return a_kernel ? -1 : 1;
	int order = strcmp(a->name, b->name);
	return order ? order : strcmp(a->build_id, b->build_id);
}

static struct error *make_images(struct coverage_draft *draft)
{
	struct coverage *c = draft->coverage;

	c->nr_images = draft->input->nr_images;
	c->images = arena_alloc(draft->arena, c->nr_images, sizeof(*c->images));
	if (!c->images)
		return &error_no_memory;
	for (size_t i = 0; i < c->nr_images; i++) {
		struct error *err = make_image(draft, &draft->images[i], &c->images[i]);

		if (err)
			return err;
		c->points.found += c->images[i].points.found;
		c->points.hit += c->images[i].points.hit;
		c->pcs += draft->images[i].nr_pcs;
	}
	c->pcs += draft->unmatched.len;
	qsort(c->images, c->nr_images, sizeof(*c->images), compare_images);
	return NULL;
}

static struct error *make_unmatched(struct coverage_draft *draft)
{
	struct coverage *c = draft->coverage;

	c->nr_unmatched = draft->unmatched.len;
	c->unmatched = arena_alloc(draft->arena, c->nr_unmatched, sizeof(*c->unmatched));
	if (!c->unmatched)
		return &error_no_memory;
	for (size_t i = 0; i < c->nr_unmatched; i++) {
		const struct draft_unmatched *u = &draft->unmatched.data[i];

		c->unmatched[i] = (struct coverage_unmatched){ u->pc, u->count, u->class, NULL };
		c->unmatched_classes[u->class]++;
		if (u->image == INDEX_NONE)
			continue;
		c->unmatched[i].image =
			arena_strdup(draft->arena, draft->input->images[u->image].name);
		if (!c->unmatched[i].image)
			return &error_no_memory;
	}
	return NULL;
}

static bool have_lower_bounds(const struct coverage_input *input)
{
	for (size_t i = 0; i < input->nr_sources; i++)
		if (input->sources[i].counts_are_least && input->sources[i].nr_pcs)
			return true;
	return false;
}

struct error *coverage_build(const struct coverage_input *input, struct coverage **ret)
{
	struct coverage_draft draft;
	struct error *err = coverage_draft_init(&draft, input);

	if (!err)
		err = coverage_count(&draft);
	if (!err)
		err = coverage_infer(&draft);
	if (!err)
		err = coverage_judge(&draft);
	if (!err && input->question)
		err = coverage_explain(&draft);
	if (!err)
		err = coverage_make_files(&draft);
	if (!err && input->list_points)
		err = coverage_list_points(&draft);
	if (!err)
		err = make_images(&draft);
	if (!err)
		err = make_unmatched(&draft);
	if (!err && !input->scope)
		err = coverage_make_handoffs(&draft);
	if (!err)
		err = coverage_copy_runs(&draft);
	if (!err) {
		draft.coverage->counts_are_least = have_lower_bounds(input);
		draft.coverage->arena = steal_ptr(&draft.arena);
		*ret = draft.coverage;
	}
	coverage_draft_deinit(&draft);
	return err;
}
