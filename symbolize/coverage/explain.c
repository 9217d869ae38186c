// SPDX-License-Identifier: GPL-2.0-or-later
/* Answer --explain: collect the blocks that own a line, and what they proved. */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "symbolize/coverage/private.h"
#include "symbolize/index/lines.h"

/* Evidence, and what it is sorted by. */
struct found {
	struct coverage_evidence evidence;
	uint32_t image, symbol;
};

DEFINE_VECTOR(found_vector, struct found);

struct explainer {
	struct coverage_draft *draft;
	uint32_t number; /* of the image at hand */
	struct draft_image *image;
	/* Of each line of the image: 1 + the file if it was asked for; 0 = it was not. */
	uint32_t *asked;
	uint32_t *lines; /* of each line of the image that was asked for: its number in the file */
	struct owner_run run;
	struct claim_vector claims;
	struct found_vector found;
	struct recorders *recorders;
};

/* Who recorded the block that decided the state of this one. */
static struct error *find_recorders(struct explainer *e, const struct inferred_block *state,
				    uint32_t *ret)
{
	const struct index_graph *g = &e->image->inference.graph;
	size_t nr, first;

	*ret = 0;
	if ((enum coverage_block_state)state->state != COVERAGE_BLOCK_HIT)
		return NULL;
	nr = graph_block_points(g, &g->blocks[state->source], &first);
	return recorders_of(e->recorders, e->number, first, nr, ret);
}

static struct error *add_evidence(struct explainer *e, uint32_t id, const struct claim *claim,
				  bool missed_statement)
{
	const struct index *index = e->image->input->index;
	const struct index_graph *g = &e->image->inference.graph;
	const struct inferred_block *state = &e->image->inference.blocks[claim->block];
	const struct index_block *block = &g->blocks[claim->block];
	struct arena *arena = e->draft->arena;
	size_t nr, first;
	struct found found = { .image = e->number, .symbol = block->symbol };

	found.evidence = (struct coverage_evidence){
		.file = arena_strdup(arena, index_file_path(index, e->asked[id] - 1)),
		.line = e->lines[id],
		.image = arena_strdup(arena, e->image->input->name),
		.start = index_base(index) + block->offset,
		.size = block->size,
		.state = (enum coverage_block_state)state->state,
		.count = state->count,
		.points = graph_block_points(g, block, &first),
		.source = index_base(index) + g->blocks[state->source].offset,
		.is_statement = claim->kinds & CLAIM_STMT,
		.is_of_missed = claim->kinds & CLAIM_TAIL,
		.counts = claim_counts(claim, missed_statement),
	};
	if (block->symbol != INDEX_NONE) {
		found.evidence.symbol = arena_strdup(
			arena, index_string(index, index_symbols(index, &nr)[block->symbol].name));
		if (!found.evidence.symbol)
			return &error_no_memory;
	}
	struct error *err = find_recorders(e, state, &found.evidence.recorders);
	if (err)
		return err;
	if (!found.evidence.file || !found.evidence.image ||
	    !found_vector_append(&e->found, &found))
		return &error_no_memory;
	return NULL;
}

static struct error *explain_claims(struct explainer *e, uint32_t id)
{
	bool missed = claims_missed_statement(e->claims.data, e->claims.len);
	struct error *err = NULL;

	for (size_t i = 0; !err && i < e->claims.len; i++)
		err = add_evidence(e, id, &e->claims.data[i], missed);
	return err;
}

/* Mark the lines that were asked for. Returns how many these are. */
static size_t mark_lines(struct explainer *e)
{
	const struct coverage_question *q = e->draft->input->question;
	size_t nr, marked = 0;
	const struct index_file *files = index_files(e->image->input->index, &nr);

	for (uint32_t i = 0; i < nr; i++) {
		struct line_reader reader = line_reader(e->image->input->index, i);
		uint32_t id = files[i].first_line;

		if (!coverage_question_has(q, index_file_path(e->image->input->index, i)))
			continue;
		for (struct index_line line; line_next(&reader, &line); id++) {
			if (q->line && line.line != q->line)
				continue;
			e->asked[id] = i + 1;
			e->lines[id] = line.line;
			marked++;
		}
	}
	return marked;
}

static struct error *explain_group(struct explainer *e, uint32_t group)
{
	struct owner_reader reader = owner_reader(e->image->input->index, group, OWNERS_OF_LINES);
	bool more;
	struct error *err;

	while (!(err = owner_next(&reader, &e->run, &more)) && more) {
		if (!e->asked[e->run.id])
			continue;
		err = coverage_infer_group(e->image, group);
		if (!err)
			err = coverage_line_claims(e->image, &e->run, &e->claims);
		if (!err)
			err = explain_claims(e, e->run.id);
		if (err)
			return err;
	}
	return err;
}

static struct error *explain_entries(struct explainer *e)
{
	struct error *err = NULL;
	uint32_t line;
	size_t next = 0;

	while (!(err = coverage_next_entry(e->image, &next, &line, &e->claims)) && e->claims.len) {
		err = e->asked[line] ? explain_claims(e, line) : NULL;
		if (err)
			return err;
	}
	return err;
}

static bool is_wanted(const struct explainer *e, uint32_t group)
{
	if (e->draft->input->question->is_reached && !e->image->is_inferred[group])
		return false;
	return !e->image->is_asked || e->image->is_asked[group];
}

static struct error *explain_image(struct explainer *e)
{
	size_t nr;
	const struct index_file *files = index_files(e->image->input->index, &nr);
	uint32_t nr_lines = files[nr].first_line;
	_cleanup_free_ uint32_t *asked = calloc(nr_lines + 1, sizeof(*asked));
	_cleanup_free_ uint32_t *lines = calloc(nr_lines + 1, sizeof(*lines));
	struct error *err = NULL;

	if (!asked || !lines)
		return &error_no_memory;
	e->asked = asked;
	e->lines = lines;
	if (!mark_lines(e))
		return NULL;
	for (uint32_t g = 0; !err && g < e->image->inference.graph.nr_groups; g++)
		if (is_wanted(e, g))
			err = explain_group(e, g);
	return err ? err : explain_entries(e);
}

static int compare_found(const void *va, const void *vb)
{
	const struct found *a = va, *b = vb;
	int order = strcmp(a->evidence.file, b->evidence.file);

	if (order)
		return order;
	if (a->evidence.line != b->evidence.line)
		return compare_values(a->evidence.line, b->evidence.line);
	if (a->image != b->image)
		return compare_values(a->image, b->image);
	if (a->symbol != b->symbol)
		return compare_values(a->symbol, b->symbol);
	return compare_values(a->evidence.start, b->evidence.start);
}

static struct error *sort_evidence(struct coverage_draft *draft, struct found_vector *found)
{
	struct coverage *c = draft->coverage;

	c->evidence = arena_alloc(draft->arena, found->len, sizeof(*c->evidence));
	if (!c->evidence)
		return &error_no_memory;
	if (found->len)
		qsort(found->data, found->len, sizeof(*found->data), compare_found);
	vector_for_each(found, f)
		c->evidence[c->nr_evidence++] = f->evidence;
	return NULL;
}

struct error *coverage_explain(struct coverage_draft *draft)
{
	struct explainer e = { .draft = draft };
	struct error *err = recorders_create(draft, &e.recorders);

	for (size_t i = 0; !err && i < draft->input->nr_images; i++) {
		e.number = i;
		e.image = &draft->images[i];
		if (e.image->input->index)
			err = explain_image(&e);
	}
	if (!err)
		err = sort_evidence(draft, &e.found);
	if (!err)
		err = recorders_finish(e.recorders, draft);
	recorders_destroy(e.recorders);
	free(e.run.owners);
	claim_vector_deinit(&e.claims);
	found_vector_deinit(&e.found);
	return err;
}
