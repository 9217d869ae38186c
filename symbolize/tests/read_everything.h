/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do with any bytes all that can be done with an image: for the fuzz entry and hostile suite. */
#ifndef SYMBOLIZE_TESTS_READ_EVERYTHING_H
#define SYMBOLIZE_TESTS_READ_EVERYTHING_H

#include <stdlib.h>

#include "base/cleanup.h"
#include "symbolize/coverage/build.h"

/* Make coverage from PCs at the start and at the end of every point, as call and as return PCs. */
static struct error *cover_everything(const struct index *index)
{
	_cleanup_coverage_ struct coverage *coverage = NULL;
	size_t nr, nr_pcs = 0;
	const struct index_point *points = index_points(index, &nr);
	_cleanup_free_ struct pc_count *pcs = calloc(2 * nr + 1, sizeof(*pcs));
	const struct coverage_input_image image = { .name = "image", .index = index };
	const struct coverage_mapping mapping = { .image = 0 };

	if (!pcs)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++) {
		pcs[nr_pcs++] = (struct pc_count){ index_base(index) + points[i].offset, 1 };
		pcs[nr_pcs++] =
			(struct pc_count){ index_base(index) + points[i].offset + points[i].size,
					   1 };
	}
	const struct coverage_source sources[] = {
		{ .pcs = pcs, .nr_pcs = nr_pcs, .mappings = &mapping, .nr_mappings = 1 },
		{ pcs, nr_pcs, .pcs_are_calls = true, .mappings = &mapping, .nr_mappings = 1 },
	};
	const struct coverage_question question = { .file = "" };
	const struct coverage_input input = { .images = &image,
					      .nr_images = 1,
					      .sources = sources,
					      .nr_sources = 2,
					      .question = &question };
	return coverage_build(&input, &coverage);
}

static void ignore_line(void *arg, uint32_t offset, uint32_t end, uint32_t file, uint32_t line)
{
	(void)arg;
	(void)offset;
	(void)end;
	(void)file;
	(void)line;
}

/* Look up the frames of all points, and at the borders of all sections. */
static void find_all_frames(const struct index *index)
{
	struct index_frame frames[INDEX_FRAMES_MAX];
	size_t nr;
	const struct index_point *points = index_points(index, &nr);

	for (size_t i = 0; i < nr; i++)
		index_frames_at(index, points[i].offset, frames, INDEX_FRAMES_MAX);
	index_each_line(index, ignore_line, NULL);
	const struct index_section *sections = index_sections(index, &nr);
	for (size_t i = 0; i < nr; i++) {
		index_frames_at(index, sections[i].offset, frames, INDEX_FRAMES_MAX);
		index_frames_at(index, sections[i].offset + sections[i].size, frames,
				INDEX_FRAMES_MAX);
	}
}

static struct error *index_everything(const struct image *image)
{
	_cleanup_index_ struct index *index = NULL;
	struct error *err = index_build(image, NULL, &index);

	if (err)
		return err;
	find_all_frames(index);
	return cover_everything(index);
}

/* Return NULL if data is a whole image, else the error. */
__attribute__((unused)) static struct error *read_everything(const void *data, size_t size)
{
	_cleanup_image_ struct image *image = NULL;
	const struct image_options options = { .allow_no_debug = true };
	struct error *err = image_open_memory(data, size, "image", &options, &image);

	return err ? err : index_everything(image);
}

/* The same for a file, which may refer to others. */
__attribute__((unused)) static struct error *read_file_and_everything(const char *path)
{
	_cleanup_image_ struct image *image = NULL;
	const struct image_options options = { .allow_no_debug = true };
	struct error *err = image_open(path, &options, &image);

	return err ? err : index_everything(image);
}

#endif
