// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Judge the lines and functions that inferred groups own. What the index says of a line counts the
 * groups as if nothing was recorded: subtract that for these groups, and add what was recorded.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "symbolize/coverage/private.h"

struct judge {
	struct draft_image *image;
	struct owner_run run;	    /* scratch */
	struct claim_vector claims; /* scratch */
	/* Of each function: 1 + the hit block of an instance with the largest count; 0 = none. */
	uint32_t *entered;
};

static struct error *add_claims(const struct inferred_block *blocks, const struct owner_run *run,
				struct claim_vector *claims)
{
	claims->len = 0;
	for (size_t i = 0; i < run->nr; i++) {
		struct claim claim;

		if (judge_owner(blocks, run->owners[i], &claim) &&
		    !claim_vector_append(claims, &claim))
			return &error_no_memory;
	}
	return NULL;
}

static void add_verdict(struct draft_sum *sum, const struct verdict *verdict,
			const struct verdict *baseline)
{
	sum->hit += verdict->hit;
	sum->found += (int64_t)(verdict->found - baseline->found);
	sum->missed_parts += (int64_t)(verdict->missed_parts - baseline->missed_parts);
	sum->count = count_add(sum->count, verdict->count);
}

/* Whether the code at offset is of the function out of line. */
static bool is_body_at(const struct index *index, uint32_t offset, uint32_t function)
{
	struct index_frame frames[INDEX_FRAMES_MAX];
	size_t nr = index_frames_at(index, offset, frames, INDEX_FRAMES_MAX), nr_functions;
	const char *outermost = nr ? frames[nr - 1].function : NULL;
	const struct index_function *f = &index_functions(index, &nr_functions)[function];

	return f->has_body && outermost && !strcmp(outermost, index_string(index, f->name));
}

/*
 * A function was called as often as its entry block was executed; blocks in its loops may have
 * larger counts. In inlined instances the entry is not known: they keep the largest count.
 */
static uint64_t count_calls(const struct judge *j, uint64_t largest)
{
	const struct index *index = j->image->input->index;
	const struct inference *f = &j->image->inference;
	uint32_t symbol = f->graph.blocks[j->run.owners[0].block].symbol;
	size_t nr;

	if (symbol == INDEX_NONE)
		return largest;
	uint32_t entry = index_symbols(index, &nr)[symbol].offset;
	for (size_t i = 0; i < j->run.nr; i++) {
		uint32_t block = j->run.owners[i].block;

		if (f->graph.blocks[block].offset == entry)
			return f->blocks[block].state == BLOCK_HIT &&
					       is_body_at(index, entry, j->run.id)
				       ? f->blocks[block].count
				       : largest;
	}
	return largest;
}

/* Whether a claim says how often its line was executed. */
static bool is_counted(const struct claim *claim, bool statements_only)
{
	return claim_state(claim) == BLOCK_HIT && (claim->kinds & CLAIM_STMT || !statements_only);
}

static const struct claim *find_counted(const struct judge *j, uint32_t block, bool statements_only)
{
	size_t i = search_first(j->claims.len, i, j->claims.data[i].block >= block);
	const struct claim *claim = &j->claims.data[i];

	return i < j->claims.len && claim->block == block && is_counted(claim, statements_only)
		       ? claim
		       : NULL;
}

/*
 * Edges from a block to others of the line: what came that way was counted there. Edges back count:
 * they begin another round of a loop. False: the count of an edge is not known.
 */
static bool count_inner(const struct judge *j, uint32_t block, bool statements_only, uint64_t *ret)
{
	const struct inference *f = &j->image->inference;

	for (size_t e = f->graph.blocks[block].first_edge; e < graph_edges_end(&f->graph, block);
	     e++) {
		uint32_t to = f->graph.edges[e];

		if (to <= block || !find_counted(j, to, statements_only))
			continue;
		if (!f->edges[e].is_exact)
			return false;
		*ret = count_add(*ret, f->edges[e].count);
	}
	return true;
}

/*
 * How often control came to the blocks of a line from other blocks. The line was executed that
 * often if its blocks are copies of each other, or instances of an inlined function. If one of them
 * only continues what another began, and code of other lines is between, it was executed less
 * often.
 */
static uint64_t count_entries(const struct judge *j, uint64_t largest)
{
	bool has_statement = false;
	uint64_t sum = 0, inner = 0;

	vector_for_each(&j->claims, c)
		has_statement |= is_counted(c, true);
	vector_for_each(&j->claims, c) {
		if (!is_counted(c, has_statement))
			continue;
		sum = count_add(sum, c->count);
		if (!count_inner(j, c->block, has_statement, &inner))
			return largest;
	}
	return sum - inner > largest && inner <= sum ? sum - inner : largest;
}

static bool has_statement(const struct judge *j, enum block_state state)
{
	vector_for_each(&j->claims, c)
		if (c->kinds & CLAIM_STMT && claim_state(c) == state)
			return true;
	return false;
}

/*
 * The largest count of the blocks that have a row of the line. The line of a call that was inlined may
 * have none: then the first block counts, since blocks in loops of the inlined function have larger
 * counts, and the call does not.
 */
static uint64_t count_line(const struct judge *j, uint64_t largest)
{
	bool missed = claims_missed_statement(j->claims.data, j->claims.len), has_row = false;
	uint64_t rows = 0, first = 0;

	vector_for_each(&j->claims, c) {
		if (!claim_counts(c, missed) || claim_state(c) != BLOCK_HIT)
			continue;
		if (c->kinds & CLAIM_ROW) {
			has_row = true;
			rows = c->count > rows ? c->count : rows;
		}
		first = first ? first : c->count;
	}
	return has_row ? rows : first ? first : largest;
}

/* Add the claims in j->claims to a sum, and subtract those that the baseline has. */
static struct error *judge_run(struct judge *j, struct draft_sum *sum, bool is_function)
{
	struct verdict verdict = { 0 }, baseline = { 0 };

	judge_claims(&verdict, j->claims.data, j->claims.len);
	if (is_function && verdict.hit)
		verdict.count = count_calls(j, verdict.count);
	if (!is_function)
		sum->is_statement |= has_statement(j, verdict.hit ? BLOCK_HIT : BLOCK_MISSED);
	if (!is_function && verdict.hit)
		verdict.count = count_line(j, verdict.count);
	if (!is_function && verdict.hit)
		sum->most = count_add(sum->most, count_entries(j, verdict.count));
	struct error *err = add_claims(j->image->baseline, &j->run, &j->claims);
	if (err)
		return err;
	judge_claims(&baseline, j->claims.data, j->claims.len);
	add_verdict(sum, &verdict, &baseline);
	return NULL;
}

/* Of the hit blocks in instances of a function, remember the one with the largest count. */
static void note_entered(struct judge *j)
{
	const struct inferred_block *blocks = j->image->inference.blocks;
	uint32_t *entered = &j->entered[j->run.id];

	for (size_t i = 0; i < j->run.nr; i++) {
		const struct index_owner *o = &j->run.owners[i];

		if (o->kinds & INDEX_OWNER_ENTERS && blocks[o->block].state == BLOCK_HIT &&
		    (!*entered || blocks[*entered - 1].count < blocks[o->block].count))
			*entered = o->block + 1;
	}
}

static struct error *judge_functions(struct judge *j, uint32_t group)
{
	struct owner_reader reader =
		owner_reader(j->image->input->index, group, OWNERS_OF_FUNCTIONS);
	bool more;
	struct error *err;

	while (!(err = owner_next(&reader, &j->run, &more)) && more) {
		note_entered(j);
		err = add_claims(j->image->inference.blocks, &j->run, &j->claims);
		if (!err)
			err = judge_run(j, &j->image->functions[j->run.id], true);
		if (err)
			return err;
	}
	return err;
}

static int compare_entries(const void *va, const void *vb)
{
	const struct draft_entry *a = va, *b = vb;

	if (a->symbol != b->symbol)
		return compare_values(a->symbol, b->symbol);
	if (a->line != b->line)
		return compare_values(a->line, b->line);
	return compare_values(a->block, b->block);
}

/* The lines that blocks own because they entered inlined functions. */
static struct error *find_entries(struct judge *j)
{
	size_t nr, nr_blocks;
	const struct index_entry_line *lines = index_entry_lines(j->image->input->index, &nr);
	const struct index_block *blocks = index_blocks(j->image->input->index, &nr_blocks);
	struct draft_entry_vector *v = &j->image->entries;

	for (size_t i = 0; i < nr; i++) {
		uint32_t entered = j->entered[lines[i].function];

		if (!entered)
			continue;
		const struct draft_entry entry = { blocks[entered - 1].symbol, lines[i].line,
						   entered - 1 };
		if (!draft_entry_vector_append(v, &entry))
			return &error_no_memory;
	}
	if (v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_entries);
	return NULL;
}

static int compare_claims(const void *va, const void *vb)
{
	const struct claim *a = va, *b = vb;

	return compare_values(a->block, b->block);
}

static struct claim *find_claim(struct claim_vector *claims, uint32_t block)
{
	vector_for_each(claims, c)
		if (c->block == block)
			return c;
	return NULL;
}

/* A block that entered a function has executed its first line as a statement. */
static struct error *claim_entry(const struct draft_image *image, uint32_t block,
				 struct claim_vector *claims)
{
	const struct index_owner owner = { block, INDEX_OWNER_ALWAYS | INDEX_OWNER_STMT };
	struct claim claim, *known = find_claim(claims, block);

	judge_owner(image->inference.blocks, owner, &claim);
	if (known)
		known->kinds |= claim.kinds;
	else if (!claim_vector_append(claims, &claim))
		return &error_no_memory;
	return NULL;
}

static size_t first_entry(const struct draft_image *image, uint32_t symbol, uint32_t line)
{
	const struct draft_entry key = { symbol, line, 0 };

	return search_first(image->entries.len, i,
			    compare_entries(&image->entries.data[i], &key) >= 0);
}

/* Add the claims of the entries of a line in one function, from number `i` on; return the next. */
static struct error *claim_entries(struct draft_image *image, size_t *i, bool is_owned,
				   struct claim_vector *claims)
{
	struct draft_entry *entries = image->entries.data, first = entries[*i];
	struct error *err = NULL;

	for (; !err && *i < image->entries.len && entries[*i].symbol == first.symbol &&
	       entries[*i].line == first.line;
	     ++*i) {
		entries[*i].is_owned |= is_owned;
		err = claim_entry(image, entries[*i].block, claims);
	}
	return err;
}

struct error *coverage_line_claims(struct draft_image *image, const struct owner_run *run,
				   struct claim_vector *ret)
{
	struct error *err = add_claims(image->inference.blocks, run, ret);

	if (err || !image->entries.len || !run->nr)
		return err;
	uint32_t symbol = image->inference.graph.blocks[run->owners[0].block].symbol;
	size_t i = first_entry(image, symbol, run->id);
	if (i == image->entries.len || image->entries.data[i].symbol != symbol ||
	    image->entries.data[i].line != run->id)
		return NULL;
	err = claim_entries(image, &i, true, ret);
	qsort(ret->data, ret->len, sizeof(*ret->data), compare_claims);
	return err;
}

struct error *coverage_next_entry(struct draft_image *image, size_t *next, uint32_t *ret_line,
				  struct claim_vector *ret)
{
	ret->len = 0;
	while (*next < image->entries.len && image->entries.data[*next].is_owned)
		++*next;
	if (*next == image->entries.len)
		return NULL;
	*ret_line = image->entries.data[*next].line;
	return claim_entries(image, next, false, ret);
}

static struct error *judge_lines(struct judge *j, uint32_t group)
{
	struct owner_reader reader = owner_reader(j->image->input->index, group, OWNERS_OF_LINES);
	bool more;
	struct error *err;

	while (!(err = owner_next(&reader, &j->run, &more)) && more) {
		err = coverage_line_claims(j->image, &j->run, &j->claims);
		if (!err)
			err = judge_run(j, &j->image->lines[j->run.id], false);
		j->image->is_judged[j->run.id] = true;
		if (err)
			return err;
	}
	return err;
}

/* Lines that no block of the function owns otherwise: there is no baseline. */
static struct error *judge_entries(struct judge *j)
{
	struct error *err;
	uint32_t line;
	size_t next = 0;

	while (!(err = coverage_next_entry(j->image, &next, &line, &j->claims)) && j->claims.len) {
		struct verdict verdict = { 0 }, none = { 0 };

		judge_claims(&verdict, j->claims.data, j->claims.len);
		add_verdict(&j->image->lines[line], &verdict, &none);
		j->image->is_judged[line] = true;
	}
	return err;
}

static struct error *judge_image(struct judge *j)
{
	const struct index_graph *g = &j->image->inference.graph;
	struct error *err = NULL;
	size_t nr;

	index_functions(j->image->input->index, &nr);
	j->entered = calloc(nr + 1, sizeof(*j->entered));
	if (!j->entered)
		return &error_no_memory;
	for (uint32_t i = 0; !err && i < g->nr_groups; i++)
		if (j->image->is_inferred[i])
			err = judge_functions(j, i);
	if (!err)
		err = find_entries(j);
	for (uint32_t i = 0; !err && i < g->nr_groups; i++)
		if (j->image->is_inferred[i])
			err = judge_lines(j, i);
	return err ? err : judge_entries(j);
}

struct error *coverage_judge(struct coverage_draft *draft)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < draft->input->nr_images; i++) {
		struct judge j = { .image = &draft->images[i] };

		if (!j.image->input->index)
			continue;
		err = judge_image(&j);
		free(j.entered);
		free(j.run.owners);
		claim_vector_deinit(&j.claims);
	}
	return err;
}
