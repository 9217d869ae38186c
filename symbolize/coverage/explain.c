// SPDX-License-Identifier: GPL-2.0-or-later
/* Answer --explain: collect the blocks that own a line, and what they proved. */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "base/sort.h"
#include "symbolize/coverage/private.h"
#include "symbolize/index/lines.h"

/* Evidence in the making: there may be a million of them. */
struct found {
	uint32_t path; /* number in explainer.paths, then its rank */
	uint32_t line, image, symbol, offset;
	uint32_t block, recorders;
	uint8_t kinds; /* CLAIM_* */
	bool counts;
};

static bool is_before(const struct found *a, const struct found *b)
{
	if (a->path != b->path)
		return a->path < b->path;
	if (a->line != b->line)
		return a->line < b->line;
	if (a->image != b->image)
		return a->image < b->image;
	if (a->symbol != b->symbol)
		return a->symbol < b->symbol;
	return a->offset < b->offset;
}

DEFINE_VECTOR(found_vector, struct found);
DEFINE_SORT(sort_found, struct found, is_before(a, b));

/* Of a file of an image. Several images may have the same one. */
struct numbered_path {
	const char *path;
	uint32_t number;
};

DEFINE_VECTOR(path_vector, struct numbered_path);
DEFINE_SORT(sort_paths, struct numbered_path, strcmp(a->path, b->path) < 0);

/* Strings that the evidence of an image has in common, in the arena. */
struct image_names {
	const char *image;
	const char **symbols; /* of each one; NULL = not used yet */
};

struct explainer {
	struct coverage_draft *draft;
	uint32_t number; /* of the image at hand */
	struct draft_image *image;
	/* Of each line of the image: 1 + the path if it was asked for; 0 = it was not. */
	uint32_t *asked;
	uint32_t *lines; /* of each line of the image that was asked for: its number in the file */
	uint32_t *sets;	 /* of each block of the image: 1 + the recorders of its points, or 0 */
	struct owner_run run;
	struct claim_vector claims;
	struct path_vector paths;
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
	if (!e->sets[state->source]) {
		nr = graph_block_points(g, &g->blocks[state->source], &first);
		struct error *err = recorders_of(e->recorders, e->number, first, nr, ret);
		if (err)
			return err;
		e->sets[state->source] = 1 + *ret;
	}
	*ret = e->sets[state->source] - 1;
	return NULL;
}

static struct error *add_evidence(struct explainer *e, uint32_t id, const struct claim *claim,
				  bool missed_statement)
{
	const struct index_block *block = &e->image->inference.graph.blocks[claim->block];
	struct found found = {
		.path = e->asked[id] - 1,
		.line = e->lines[id],
		.image = e->number,
		.symbol = block->symbol,
		.offset = block->offset,
		.block = claim->block,
		.kinds = claim->kinds,
		.counts = claim_counts(claim, missed_statement),
	};
	struct error *err =
		find_recorders(e, &e->image->inference.blocks[claim->block], &found.recorders);

	if (err)
		return err;
	return found_vector_append(&e->found, &found) ? NULL : &error_no_memory;
}

static struct error *explain_claims(struct explainer *e, uint32_t id)
{
	bool missed = claims_missed_statement(e->claims.data, e->claims.len);
	struct error *err = NULL;

	for (size_t i = 0; !err && i < e->claims.len; i++)
		err = add_evidence(e, id, &e->claims.data[i], missed);
	return err;
}

/* Mark the lines that were asked for. *ret: how many these are. */
static struct error *mark_lines(struct explainer *e, size_t *ret)
{
	const struct coverage_question *q = e->draft->input->question;
	size_t nr;
	const struct index_file *files = index_files(e->image->input->index, &nr);

	for (uint32_t i = 0; i < nr; i++) {
		struct line_reader reader = line_reader(e->image->input->index, i);
		uint32_t id = files[i].first_line;
		const struct numbered_path path = { index_file_path(e->image->input->index, i),
						    (uint32_t)e->paths.len };

		if (!coverage_question_has(q, path.path))
			continue;
		if (!path_vector_append(&e->paths, &path))
			return &error_no_memory;
		for (struct index_line line; line_next(&reader, &line); id++) {
			if (q->line && line.line != q->line)
				continue;
			e->asked[id] = path.number + 1;
			e->lines[id] = line.line;
			++*ret;
		}
	}
	return NULL;
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
	_cleanup_free_ uint32_t *sets =
		calloc(e->image->inference.graph.nr_blocks + 1, sizeof(*sets));
	size_t marked = 0;

	if (!asked || !lines || !sets)
		return &error_no_memory;
	e->asked = asked;
	e->lines = lines;
	e->sets = sets;
	struct error *err = mark_lines(e, &marked);
	if (err || !marked)
		return err;
	for (uint32_t g = 0; !err && g < e->image->inference.graph.nr_groups; g++)
		if (is_wanted(e, g))
			err = explain_group(e, g);
	return err ? err : explain_entries(e);
}

/* Replace the numbers of paths by their ranks, and leave one path for each rank. */
static struct error *rank_paths(struct explainer *e)
{
	_cleanup_free_ uint32_t *ranks = calloc(e->paths.len + 1, sizeof(*ranks));
	struct numbered_path *paths = e->paths.data;
	uint32_t nr = 0;

	if (!ranks || !sort_paths(paths, e->paths.len))
		return &error_no_memory;
	for (size_t i = 0; i < e->paths.len; i++) {
		if (!nr || strcmp(paths[nr - 1].path, paths[i].path))
			paths[nr++].path = paths[i].path;
		ranks[paths[i].number] = nr - 1;
	}
	vector_for_each(&e->found, f)
		f->path = ranks[f->path];
	return NULL;
}

/* The string of a symbol in the arena. NULL: no memory. */
static const char *symbol_name(const struct explainer *e, struct image_names *names,
			       const struct index *index, uint32_t symbol)
{
	size_t nr;
	const struct index_symbol *symbols = index_symbols(index, &nr);

	if (!names->symbols[symbol])
		names->symbols[symbol] =
			arena_strdup(e->draft->arena, index_string(index, symbols[symbol].name));
	return names->symbols[symbol];
}

static struct error *make_evidence(const struct explainer *e, struct image_names *names,
				   const struct found *f, struct coverage_evidence *ret)
{
	const struct draft_image *image = &e->draft->images[f->image];
	const struct index *index = image->input->index;
	const struct index_graph *g = &image->inference.graph;
	const struct inferred_block *state = &image->inference.blocks[f->block];
	size_t nr, first;

	*ret = (struct coverage_evidence){
		.line = f->line,
		.image = names->image,
		.start = index_base(index) + f->offset,
		.size = g->blocks[f->block].size,
		.state = (enum coverage_block_state)state->state,
		.count = state->count,
		.points = graph_block_points(g, &g->blocks[f->block], &first),
		.source = index_base(index) + g->blocks[state->source].offset,
		.is_statement = f->kinds & CLAIM_STMT,
		.is_of_missed = f->kinds & CLAIM_TAIL,
		.counts = f->counts,
		.recorders = f->recorders,
	};
	if (f->symbol == INDEX_NONE)
		return NULL;
	if (!names->symbols) {
		index_symbols(index, &nr);
		names->symbols = arena_alloc(e->draft->arena, nr, sizeof(*names->symbols));
		if (!names->symbols)
			return &error_no_memory;
		memset(names->symbols, 0, nr * sizeof(*names->symbols));
	}
	ret->symbol = symbol_name(e, names, index, f->symbol);
	return ret->symbol ? NULL : &error_no_memory;
}

static struct error *make_names(const struct explainer *e, struct image_names *names)
{
	for (size_t i = 0; i < e->draft->input->nr_images; i++) {
		names[i].image = arena_strdup(e->draft->arena, e->draft->images[i].input->name);
		if (!names[i].image)
			return &error_no_memory;
	}
	return NULL;
}

static struct error *make_all_evidence(struct explainer *e)
{
	struct coverage *c = e->draft->coverage;
	_cleanup_free_ struct image_names *names =
		calloc(e->draft->input->nr_images + 1, sizeof(*names));
	const struct found *last = NULL;
	const char *path = NULL;

	c->evidence = arena_alloc(e->draft->arena, e->found.len, sizeof(*c->evidence));
	if (!c->evidence || !names)
		return &error_no_memory;
	struct error *err = make_names(e, names);
	vector_for_each(&e->found, f) {
		if (!last || last->path != f->path)
			path = arena_strdup(e->draft->arena, e->paths.data[f->path].path);
		last = f;
		if (!err && !path)
			err = &error_no_memory;
		if (!err)
			err = make_evidence(e, &names[f->image], f, &c->evidence[c->nr_evidence]);
		if (err)
			return err;
		c->evidence[c->nr_evidence++].file = path;
	}
	return err;
}

static struct error *sort_evidence(struct explainer *e)
{
	struct error *err = rank_paths(e);

	if (err)
		return err;
	return sort_found(e->found.data, e->found.len) ? make_all_evidence(e) : &error_no_memory;
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
		err = sort_evidence(&e);
	if (!err)
		err = recorders_finish(e.recorders, draft);
	recorders_destroy(e.recorders);
	free(e.run.owners);
	claim_vector_deinit(&e.claims);
	found_vector_deinit(&e.found);
	path_vector_deinit(&e.paths);
	return err;
}
