// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Infer the states of blocks and edges where something was recorded. The index has the answer for
 * everything else, so this costs what was hit, not what there is.
 */
#include "symbolize/coverage/private.h"
#include "symbolize/coverage/scope.h"
#include "symbolize/index/handoff.h"

static const struct coverage_scope_image *scope_image(const struct coverage_draft *draft,
						      const struct draft_image *image)
{
	const struct coverage_scope *scope = draft->input->scope;

	return scope ? &scope->images[image - draft->images] : NULL;
}

/* Note the groups that the files need, if not all files are made. */
static struct error *ask_groups(struct draft_image *image, const struct coverage_input *input,
				const struct coverage_scope_image *scope)
{
	const struct index *index = image->input->index;
	size_t nr_files, nr_groups, nr_handoffs;
	const struct index_handoff *handoffs = index_handoffs(index, &nr_handoffs);

	if (!input->files_named && !scope)
		return NULL;
	index_files(index, &nr_files);
	index_groups(index, &nr_groups);
	image->is_asked = calloc(nr_groups + 1, sizeof(*image->is_asked));
	if (!image->is_asked)
		return &error_no_memory;
	if (scope) {
		vector_for_each(&scope->groups, group)
			image->is_asked[*group] = true;
		return NULL;
	}
	for (uint32_t file = 0; file < nr_files; file++) {
		size_t nr;
		const uint32_t *groups = index_file_groups(index, file, &nr);

		if (coverage_takes_file(input, index_file_path(index, file)))
			for (size_t i = 0; i < nr; i++)
				image->is_asked[groups[i]] = true;
	}
	/* What was handed on is told whatever is made. */
	for (size_t i = 0; i < nr_handoffs; i++) {
		uint32_t block = index_find_block(index, handoffs[i].offset);

		if (block != INDEX_NONE)
			image->is_asked[index_block_group(index, block)] = true;
	}
	return NULL;
}

static struct error *image_init(struct draft_image *image)
{
	const struct index *index = image->input->index;
	struct index_graph graph = index_graph(index);
	size_t nr_files, nr_functions;
	const struct index_file *files = index_files(index, &nr_files);

	index_functions(index, &nr_functions);
	image->is_inferred = calloc(graph.nr_groups + 1, sizeof(*image->is_inferred));
	image->baseline = calloc(graph.nr_blocks + 1, sizeof(*image->baseline));
	image->lines = calloc(files[nr_files].first_line + 1, sizeof(*image->lines));
	image->is_judged = calloc(files[nr_files].first_line + 1, sizeof(*image->is_judged));
	image->functions = calloc(nr_functions + 1, sizeof(*image->functions));
	image->file_hits = calloc(nr_files + 1, sizeof(*image->file_hits));
	if (!image->is_inferred || !image->baseline || !image->lines || !image->is_judged ||
	    !image->functions || !image->file_hits)
		return &error_no_memory;
	return inference_init(&image->inference, graph, image->counts, image->is_least);
}

struct error *coverage_infer_group(struct draft_image *image, uint32_t group)
{
	const struct index_graph *g = &image->inference.graph;

	if (image->is_inferred[group])
		return NULL;
	image->is_inferred[group] = true;
	for (uint32_t b = g->groups[group].first_block; b < g->groups[group + 1].first_block; b++)
		image->baseline[b].state =
			g->blocks[b].flags & INDEX_BLOCK_MISSED ? BLOCK_MISSED : BLOCK_UNKNOWN;
	struct error *err = infer_group(&image->inference, group);
	if (!err)
		coverage_leave_out(image, group);
	return err;
}

static struct error *note_point(struct draft_image *image, size_t point)
{
	const struct index *index = image->input->index;
	size_t nr;
	const struct index_point *p = &index_points(index, &nr)[point];
	uint32_t block = index_find_block(index, p->offset);
	struct index_frame frame;

	index_frames_at(index, p->offset, &frame, 1);
	bool is_left_out = image->is_left_out && image->is_left_out[point];
	if (frame.file != INDEX_NONE && p->kind != INDEX_EXIT && !is_left_out)
		image->file_hits[frame.file]++;
	if (block == INDEX_NONE)
		return NULL;
	uint32_t group = index_block_group(index, block);
	return !image->is_asked || image->is_asked[group] ? coverage_infer_group(image, group)
							  : NULL;
}

static struct error *note_points(struct draft_image *image,
				 const struct coverage_scope_image *scope)
{
	struct error *err = NULL;
	size_t nr;

	index_points(image->input->index, &nr);
	nr = scope ? scope->points.len : nr;
	for (size_t i = 0; !err && i < nr; i++) {
		size_t point = scope ? scope->points.data[i] : i;

		if (image->counts[point])
			err = note_point(image, point);
	}
	return err;
}

struct error *coverage_infer(struct coverage_draft *draft)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < draft->input->nr_images; i++) {
		struct draft_image *image = &draft->images[i];
		const struct coverage_scope_image *scope = scope_image(draft, image);

		if (!image->input->index)
			continue;
		err = image_init(image);
		if (!err)
			err = ask_groups(image, draft->input, scope);
		if (!err)
			err = note_points(image, scope);
		if (!err)
			coverage_remove_points(image);
	}
	return err;
}
