/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A coverage draft over indexes made from text (index_text.h), and its parts as text again. */
#ifndef SYMBOLIZE_COVERAGE_TESTS_DRAFT_FIXTURE_H
#define SYMBOLIZE_COVERAGE_TESTS_DRAFT_FIXTURE_H

#include <inttypes.h>

#include "symbolize/coverage/private.h"
#include "symbolize/index/tests/index_text.h"

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
	assert_ok(intern_create(&f->draft.paths));
	assert_ok(intern_create(&f->draft.names));
}

static void draft_fixture_deinit(struct draft_fixture *f)
{
	for (size_t i = 0; i < f->input.nr_images; i++) {
		index_destroy(f->indexes[i]);
		free(f->images[i].blocks);
		free(f->images[i].edges);
		free(f->images[i].file_map);
		free(f->images[i].function_map);
	}
	draft_unmatched_vector_deinit(&f->draft.unmatched);
	draft_function_vector_deinit(&f->draft.functions);
	draft_claim_vector_deinit(&f->draft.lines);
	draft_claim_vector_deinit(&f->draft.calls);
	draft_branch_vector_deinit(&f->draft.branches);
	record_set_deinit(&f->draft.function_set);
	intern_destroy(f->draft.paths);
	intern_destroy(f->draft.names);
	intern_destroy(f->draft.symbols);
	free(f->draft.symbol_flags);
	free(f->draft.file_points);
	arena_destroy(f->draft.arena);
}

#define _cleanup_draft_fixture_ _cleanup_(draft_fixture_deinit)

static void add_state(struct strbuf *text, enum block_state state, uint64_t count)
{
	switch (state) {
	case BLOCK_UNKNOWN:
		strbuf_addch(text, '?');
		return;
	case BLOCK_MISSED:
		strbuf_addch(text, 'm');
		return;
	case BLOCK_HIT:
		strbuf_addf(text, "h%" PRIu64, count);
	}
}

/* "h5 m h5+ ? h5<0": the state of each block; '+' lower bound; '<' the block it follows from. */
__attribute__((unused)) static void add_blocks(struct strbuf *text, const struct draft_image *image)
{
	size_t nr;

	index_blocks(image->input->index, &nr);
	for (size_t i = 0; i < nr; i++) {
		const struct draft_block *b = &image->blocks[i];

		strbuf_addstr(text, i ? " " : "");
		add_state(text, b->state, b->count);
		strbuf_addstr(text, b->is_least ? "+" : "");
		if (b->state != BLOCK_UNKNOWN && b->source != i)
			strbuf_addf(text, "<%u", b->source);
	}
}

/* "t5 t5~ n ?": the state of each edge; '~' upper bound. */
__attribute__((unused)) static void add_edges(struct strbuf *text, const struct draft_image *image)
{
	size_t nr;

	index_edges(image->input->index, &nr);
	for (size_t i = 0; i < nr; i++) {
		const struct draft_edge *e = &image->edges[i];

		strbuf_addstr(text, i ? " " : "");
		if (e->state == EDGE_TAKEN)
			strbuf_addf(text, "t%" PRIu64 "%s", e->count, e->is_exact ? "" : "~");
		else
			strbuf_addch(text, e->state == EDGE_NOT_TAKEN ? 'n' : '?');
	}
}

/* The letter of a file: see index_text.h. */
__attribute__((unused)) static char file_letter(const struct coverage_draft *draft, uint32_t file)
{
	return intern_string(draft->paths, file)[strlen("/src/")];
}

static void add_claim(struct strbuf *text, const struct draft_claim *claim)
{
	strbuf_addf(text, ":%u", claim->block);
	add_state(text, claim->state, claim->count);
	strbuf_addf(text, "%s%s%s", claim->kinds & CLAIM_ROW ? "r" : "",
		    claim->kinds & CLAIM_STMT ? "s" : "", claim->kinds & CLAIM_TAIL ? "t" : "");
}

/* "a10:0h5rs": line 10 of a, block 0 and its state, CLAIM_ROW and CLAIM_STMT; t is CLAIM_TAIL. */
__attribute__((unused)) static void add_line_claims(struct strbuf *text,
						    const struct coverage_draft *draft)
{
	vector_for_each(&draft->lines, claim) {
		strbuf_addf(text, "%s%c%u", text->len ? " " : "", file_letter(draft, claim->file),
			    claim->id);
		add_claim(text, claim);
	}
}

/* "f:0h5s": the same for function f. */
__attribute__((unused)) static void add_call_claims(struct strbuf *text,
						    const struct coverage_draft *draft)
{
	vector_for_each(&draft->calls, claim) {
		uint32_t name = draft->functions.data[claim->id].name;

		strbuf_addf(text, "%s%s", text->len ? " " : "", intern_string(draft->names, name));
		add_claim(text, claim);
	}
}

#endif
