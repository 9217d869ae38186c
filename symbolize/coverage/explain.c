// SPDX-License-Identifier: GPL-2.0-or-later
/* Answer --explain: collect the blocks that own a line, and what they proved. */
#include <string.h>

#include "symbolize/coverage/private.h"

static bool path_ends_with(const char *path, const char *end)
{
	size_t len = strlen(path), end_len = strlen(end);

	if (!end_len)
		return true;
	return end_len <= len && !strcmp(path + len - end_len, end) &&
	       (end_len == len || *end == '/' || path[len - end_len - 1] == '/');
}

uint32_t coverage_block_points(const struct index *index, const struct index_block *block)
{
	uint32_t end = block->offset + block->size, n = 0;
	size_t nr;
	const struct index_point *points = index_points(index, &nr);
	uint32_t i = block->offset ? index_find_point(index, block->offset - 1) : INDEX_NONE;

	for (i = i == INDEX_NONE ? 0 : i + 1; i < nr && points[i].offset < end; i++)
		n++;
	return n;
}

static struct error *explain_claim(struct coverage_draft *draft, const struct draft_claim *claim,
				   bool missed_statement, struct coverage_evidence *out)
{
	const struct draft_image *image = &draft->images[claim->image];
	const struct index *index = image->input->index;
	const struct draft_block *state = &image->blocks[claim->block];
	size_t nr;
	const struct index_block *blocks = index_blocks(index, &nr);
	const struct index_block *block = &blocks[claim->block];

	*out = (struct coverage_evidence){
		.file = arena_strdup(draft->arena, intern_string(draft->paths, claim->file)),
		.line = claim->id,
		.image = arena_strdup(draft->arena, image->input->name),
		.start = index_base(index) + block->offset,
		.size = block->size,
		.state = (enum coverage_block_state)state->state,
		.count = state->count,
		.points = coverage_block_points(index, block),
		.source = index_base(index) + blocks[state->source].offset,
		.is_statement = claim->kinds & CLAIM_STMT,
		.is_of_missed = claim->kinds & CLAIM_TAIL,
		.counts = claim_counts(claim, missed_statement),
	};
	if (block->symbol != INDEX_NONE) {
		out->symbol = arena_strdup(
			draft->arena,
			index_string(index, index_symbols(index, &nr)[block->symbol].name));
		if (!out->symbol)
			return &error_no_memory;
	}
	return out->file && out->image ? NULL : &error_no_memory;
}

static bool is_asked_for(const struct coverage_draft *draft, const struct draft_claim *claim)
{
	const struct coverage_question *q = draft->input->question;

	return (!q->line || claim->id == q->line) &&
	       path_ends_with(intern_string(draft->paths, claim->file), q->file);
}

struct error *coverage_explain(struct coverage_draft *draft)
{
	const struct draft_claim *claims = draft->lines.data;
	struct coverage *c = draft->coverage;
	size_t nr = 0;

	for (size_t i = 0; i < draft->lines.len; i++)
		nr += is_asked_for(draft, &claims[i]);
	c->evidence = arena_alloc(draft->arena, nr, sizeof(*c->evidence));
	if (!c->evidence)
		return &error_no_memory;
	for (size_t i = 0; i < draft->lines.len;) {
		size_t n = claims_same_function(claims + i, draft->lines.len - i);
		bool missed;

		if (!is_asked_for(draft, &claims[i])) {
			i++;
			continue;
		}
		missed = claims_missed_statement(claims + i, n);
		for (; n--; i++) {
			struct error *err = explain_claim(draft, &claims[i], missed,
							  &c->evidence[c->nr_evidence++]);
			if (err)
				return err;
		}
	}
	return NULL;
}
