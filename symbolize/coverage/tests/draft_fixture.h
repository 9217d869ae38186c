/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A coverage draft over indexes made from text (index_text.h), and its parts as text again. */
#ifndef SYMBOLIZE_COVERAGE_TESTS_DRAFT_FIXTURE_H
#define SYMBOLIZE_COVERAGE_TESTS_DRAFT_FIXTURE_H

#include <inttypes.h>

#include "symbolize/coverage/private.h"
#include "symbolize/index/lines.h"
#include "symbolize/index/tests/inference_text.h"

#define FIXTURE_IMAGES_MAX 3

/* The images are "vmlinux", "one" and "two". The text of each says what was recorded of it. */
struct draft_fixture {
	struct index *indexes[FIXTURE_IMAGES_MAX];
	struct recorded_points recorded[FIXTURE_IMAGES_MAX];
	struct coverage_input_image inputs[FIXTURE_IMAGES_MAX];
	struct draft_image images[FIXTURE_IMAGES_MAX];
	struct coverage_input input;
	struct coverage coverage;
	struct coverage_draft draft;
};

/* A text of NULLs only is an image without an index. */
static void draft_fixture_init(struct draft_fixture *f, const struct index_text *texts, size_t nr)
{
	static const char *const names[FIXTURE_IMAGES_MAX] = { "vmlinux", "one", "two" };

	assert_true(nr <= FIXTURE_IMAGES_MAX);
	*f = (struct draft_fixture){ .input = { .images = f->inputs, .nr_images = nr } };
	for (size_t i = 0; i < nr; i++) {
		if (texts[i].blocks || texts[i].sections || texts[i].symbols)
			f->indexes[i] = text_index(&texts[i], &f->recorded[i]);
		f->inputs[i].name = names[i];
		f->inputs[i].index = f->indexes[i];
		f->images[i].input = &f->inputs[i];
		f->images[i].counts = f->recorded[i].counts;
		f->images[i].is_least = f->recorded[i].is_least;
	}
	f->draft.input = &f->input;
	f->draft.images = f->images;
	f->draft.coverage = &f->coverage;
	f->draft.arena = arena_create();
	assert_non_null(f->draft.arena);
}

static void draft_fixture_deinit(struct draft_fixture *f)
{
	for (size_t i = 0; i < f->input.nr_images; i++) {
		index_destroy(f->indexes[i]);
		inference_deinit(&f->images[i].inference);
		free(f->images[i].is_asked);
		free(f->images[i].is_inferred);
		free(f->images[i].baseline);
		free(f->images[i].lines);
		free(f->images[i].functions);
		free(f->images[i].is_judged);
		draft_entry_vector_deinit(&f->images[i].entries);
		free(f->images[i].file_hits);
	}
	draft_unmatched_vector_deinit(&f->draft.unmatched);
	intern_destroy(f->draft.symbols);
	free(f->draft.symbol_flags);
	arena_destroy(f->draft.arena);
}

#define _cleanup_draft_fixture_ _cleanup_(draft_fixture_deinit)

/* Infer and judge what was recorded; groups without a recorded point stay out of it. */
__attribute__((unused)) static void judge_fixture(struct draft_fixture *f)
{
	assert_ok(coverage_infer(&f->draft));
	assert_ok(coverage_judge(&f->draft));
}

#endif
