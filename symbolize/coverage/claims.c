// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Collect claims: the lines that each block owns, and the functions that it is
 * part of. A block has one claim on a line, however many of its rows name it.
 */
#include "base/search.h"
#include "symbolize/coverage/private.h"

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
		return NULL; /* there is no line to report it on */
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

/*
 * Limit on pairs of a span and a block in it, for each span and block that exists. Functions nest
 * only a few levels deep, so real code stays far below.
 */
#define SPAN_BLOCKS_MAX 128

enum {
	WAY_IN = 1,	      /* something leads to the block */
	WAY_IN_SAME_LINE = 2, /* a conditional jump on the line that the block begins with */
};

struct claimant {
	struct coverage_draft *draft;
	const struct draft_image *image;
	uint32_t number; /* of the image */
	const struct index_block *blocks;
	const struct index_row *rows;
	const uint32_t *edges;
	uint32_t *nr_statements; /* of each row: the statements among those before it */
	uint8_t *ways_in;	 /* of each block: WAY_IN_* */
	uint32_t *tail_returns;	 /* of each block: coverage_find_returns() */
	uint32_t *returns;	 /* of each function: the same */
	uint32_t *entries;	 /* of each function: coverage_find_entries() */
	uint32_t *entered;	 /* of each function: 1 + hit block of an instance; 0 = none */
	size_t nr_blocks, nr_rows;
	bool ok;
};

static struct draft_claim block_claim(const struct claimant *c, uint32_t block, uint8_t kinds)
{
	return (struct draft_claim){
		.image = c->number,
		.function = c->blocks[block].symbol,
		.block = block,
		.kinds = kinds,
		.state = c->image->blocks[block].state,
		.count = c->image->blocks[block].count,
	};
}

static void claim_line(struct claimant *c, uint32_t block, uint32_t file, uint32_t line,
		       uint8_t kinds)
{
	struct draft_claim claim = block_claim(c, block, kinds);

	if (file == INDEX_NONE || !line)
		return;
	claim.file = c->image->file_map[file];
	claim.id = line;
	c->ok = c->ok && draft_claim_vector_append(&c->draft->lines, &claim);
}

static size_t first_row(const struct claimant *c, uint32_t offset)
{
	return search_first(c->nr_rows, i, c->rows[i].offset >= offset);
}

/* The row that is active at an offset: the last one that begins there or before. NULL = none. */
static const struct index_row *row_in_force(const struct claimant *c, uint32_t offset)
{
	size_t row = first_row(c, offset + 1);

	return row ? &c->rows[row - 1] : NULL;
}

/*
 * Note in ways_in how the successors of a block are entered. Clang puts the point of an
 * edge into a block of its own, with the line of the jump. If such a block was
 * missed, the line may have been executed: the jump may have gone the other way.
 */
static void find_ways_out(struct claimant *c, size_t b, size_t end)
{
	const struct index_block *block = &c->blocks[b];
	const struct index_row *jump = NULL;

	if (block->flags & INDEX_BLOCK_BRANCH && block->size)
		jump = row_in_force(c, block->offset + block->size - 1);
	for (size_t e = block->first_edge; e < end; e++) {
		uint32_t to = c->edges[e];
		const struct index_row *row = row_in_force(c, c->blocks[to].offset);

		c->ways_in[to] |= WAY_IN;
		if (row && jump && row->line == jump->line && row->file == jump->file)
			c->ways_in[to] |= WAY_IN_SAME_LINE;
	}
}

static bool find_ways_in(struct claimant *c, size_t nr_edges)
{
	c->ways_in = calloc(c->nr_blocks + 1, sizeof(*c->ways_in));
	if (!c->ways_in)
		return false;
	for (size_t b = 0; b < c->nr_blocks; b++) {
		if (c->blocks[b].flags & INDEX_BLOCK_OPEN_IN)
			c->ways_in[b] |= WAY_IN;
		find_ways_out(c, b, b + 1 < c->nr_blocks ? c->blocks[b + 1].first_edge : nr_edges);
	}
	return true;
}

static uint8_t tail_kind(const struct claimant *c, size_t block, const struct index_row *row)
{
	return row->flags & INDEX_ROW_TAILS && coverage_is_tail_of_missed(c->image, block)
		       ? CLAIM_TAIL
		       : 0;
}

static uint8_t row_kinds(const struct claimant *c, size_t block, const struct index_row *row,
			 bool is_first_line)
{
	if (!(row->flags & INDEX_ROW_EXACT)) {
		if (!(row->flags & INDEX_ROW_STMT))
			return CLAIM_ROW;
		return CLAIM_ROW | CLAIM_STMT | tail_kind(c, block, row);
	}
	if (is_first_line && c->ways_in[block] & WAY_IN_SAME_LINE &&
	    c->image->blocks[block].state == BLOCK_MISSED)
		return CLAIM_ROW;
	return CLAIM_ROW | CLAIM_STMT;
}

/*
 * The row that is active where a block begins, if the block has no row at its
 * start; else NULL. Also NULL if nothing leads to the block: then it only fills
 * a gap, and is not code of that line.
 */
static const struct index_row *inherited_row(const struct claimant *c, size_t block, size_t next)
{
	uint32_t start = c->blocks[block].offset;
	const struct index_block *before = block ? &c->blocks[block - 1] : NULL;

	if (!next || (next < c->nr_rows && c->rows[next].offset == start) || !before ||
	    before->offset + before->size != start || !c->ways_in[block])
		return NULL;
	return &c->rows[next - 1];
}

/* Claim the lines of the rows in each block, and of the row that is active where it begins. */
static void claim_rows(struct claimant *c)
{
	const struct index_row *rows = c->rows;
	size_t i = 0;

	for (size_t b = 0; b < c->nr_blocks; b++) {
		uint32_t end = c->blocks[b].offset + c->blocks[b].size;
		const struct index_row *first = inherited_row(c, b, i);

		if (first)
			claim_line(c, b, first->file, first->line,
				   first->flags & INDEX_ROW_EXACT ? row_kinds(c, b, first, true)
								  : CLAIM_ROW);
		for (; i < c->nr_rows && rows[i].offset < end; i++) {
			first = first ? first : &rows[i];
			if (!coverage_is_left_over(c->image, b, i))
				claim_line(c, b, rows[i].file, rows[i].line,
					   row_kinds(c, b, &rows[i],
						     rows[i].line == first->line &&
							     rows[i].file == first->file));
		}
	}
}

/* The first block that ends after offset. */
static size_t next_block(const struct claimant *c, uint32_t offset)
{
	return search_first(c->nr_blocks, i, c->blocks[i].offset + c->blocks[i].size > offset);
}

static void claim_function(struct claimant *c, uint32_t block, uint32_t function, uint8_t kinds)
{
	struct draft_claim claim = block_claim(c, block, kinds);

	claim.id = c->image->function_map[function];
	if (claim.id != INDEX_NONE)
		c->ok = c->ok && draft_claim_vector_append(&c->draft->calls, &claim);
}

/*
 * CLAIM_* for the part of a block that belongs to a span. In gcc's code a
 * statement has to begin there, since other code may have been moved there.
 * Clang drops the line of code that it moves, so all code of a hit block
 * counts: *is_exact.
 */
static uint8_t span_kinds(const struct claimant *c, uint32_t block, const struct index_span *span,
			  bool *is_exact)
{
	uint32_t start = c->blocks[block].offset, end = start + c->blocks[block].size;

	if (start < span->offset)
		start = span->offset;
	if (end > span->end)
		end = span->end;
	*is_exact = false;
	if (start >= end)
		return 0;
	const struct index_row *row = row_in_force(c, start);
	*is_exact =
		row && row->flags & INDEX_ROW_EXACT && c->image->blocks[block].state == BLOCK_HIT;
	bool begins = c->nr_statements[first_row(c, end)] > c->nr_statements[first_row(c, start)];
	if (*is_exact)
		return CLAIM_STMT;
	if (!begins)
		return 0;
	return CLAIM_STMT | (row ? tail_kind(c, block, row) : 0);
}

/* A missed block proves nothing: the function can return in other ways. */
static void claim_return(struct claimant *c, uint32_t block, uint32_t row)
{
	if (row != INDEX_NONE && c->image->blocks[block].state == BLOCK_HIT)
		claim_line(c, block, c->rows[row].file, c->rows[row].line, CLAIM_STMT);
}

/* Of the hit blocks in instances of a function, remember the one with the largest count. */
static void note_entered(struct claimant *c, uint32_t block, uint32_t function)
{
	const struct draft_block *blocks = c->image->blocks;
	uint32_t *entered = &c->entered[function];

	if (!*entered || blocks[*entered - 1].count < blocks[block].count)
		*entered = block + 1;
}

/*
 * Entering an inlined function means executing its entry block, even if inlining left no code for
 * it. So a hit block of an instance also owns the lines of that entry block.
 */
static void claim_entry(struct claimant *c, uint32_t entered, uint32_t entry)
{
	if (!entered || entry == INDEX_NONE)
		return;
	uint32_t start = c->blocks[entry].offset, end = start + c->blocks[entry].size;
	for (size_t i = first_row(c, start); i < c->nr_rows && c->rows[i].offset < end; i++)
		if (c->rows[i].flags & INDEX_ROW_EXACT)
			claim_line(c, entered - 1, c->rows[i].file, c->rows[i].line, CLAIM_STMT);
}

/*
 * Claim the function of a span for a block in it. If the span is an inlined
 * instance, the block also owns the line of the call, and the line on which the
 * function is declared. The declaration has no row of its own.
 */
static void claim_span(struct claimant *c, const struct index_span *s, uint32_t block)
{
	const struct index *index = c->image->input->index;
	bool is_exact;
	uint8_t kinds = span_kinds(c, block, s, &is_exact);
	size_t nr;

	claim_line(c, block, s->file, s->line, is_exact ? CLAIM_STMT : 0);
	if (s->function == INDEX_NONE)
		return;
	const struct index_function *f = &index_functions(index, &nr)[s->function];
	claim_function(c, block, s->function, kinds);
	if (!s->line)
		return;
	claim_line(c, block, f->file, f->line, kinds);
	if (!is_exact)
		return;
	claim_return(c, block, c->returns[s->function]);
	note_entered(c, block, s->function);
}

static struct error *claim_spans(struct claimant *c)
{
	size_t nr, pairs = 0;
	const struct index_span *spans = index_spans(c->image->input->index, &nr);

	for (size_t i = 0; i < nr; i++) {
		size_t b = next_block(c, spans[i].offset);

		for (; b < c->nr_blocks && c->blocks[b].offset < spans[i].end; b++, pairs++) {
			if (pairs / SPAN_BLOCKS_MAX > nr + c->nr_blocks)
				return error_create(
					ERROR_FORMAT,
					"debug info of '%s' has functions in each other "
					"without end",
					index_path(c->image->input->index));
			claim_span(c, &spans[i], b);
		}
	}
	index_functions(c->image->input->index, &nr);
	for (size_t i = 0; i < nr; i++)
		claim_entry(c, c->entered[i], c->entries[i]);
	return NULL;
}

static bool count_statements(struct claimant *c)
{
	c->nr_statements = calloc(c->nr_rows + 1, sizeof(*c->nr_statements));
	for (size_t i = 0; c->nr_statements && i < c->nr_rows; i++)
		c->nr_statements[i + 1] =
			c->nr_statements[i] +
			(c->rows[i].flags & (INDEX_ROW_STMT | INDEX_ROW_EXACT) ? 1 : 0);
	return c->nr_statements;
}

static void claim_returns(struct claimant *c)
{
	for (size_t b = 0; b < c->nr_blocks; b++)
		claim_return(c, b, c->tail_returns[b]);
}

static struct error *claim_image(struct coverage_draft *draft, uint32_t number)
{
	struct claimant c = {
		.draft = draft, .image = &draft->images[number], .number = number, .ok = true
	};
	const struct index *index = c.image->input->index;
	size_t nr;

	c.blocks = index_blocks(index, &c.nr_blocks);
	c.rows = index_rows(index, &c.nr_rows);
	c.edges = index_edges(index, &nr);
	struct error *err = find_ways_in(&c, nr) && count_statements(&c) ? NULL : &error_no_memory;
	index_functions(index, &nr);
	c.entered = calloc(nr + 1, sizeof(*c.entered));
	if (!err && !c.entered)
		err = &error_no_memory;
	if (!err)
		err = coverage_find_returns(index, &c.tail_returns, &c.returns);
	if (!err)
		err = coverage_find_entries(index, &c.entries);
	if (!err) {
		claim_rows(&c);
		claim_returns(&c);
		err = claim_spans(&c);
	}
	free(c.nr_statements);
	free(c.ways_in);
	free(c.tail_returns);
	free(c.returns);
	free(c.entries);
	free(c.entered);
	if (err)
		return err;
	return c.ok ? NULL : &error_no_memory;
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
	if (a->image != b->image)
		return a->image < b->image ? -1 : 1;
	if (a->function != b->function)
		return a->function < b->function ? -1 : 1;
	return a->block < b->block ? -1 : a->block > b->block;
}

/* Sort claims, and merge those of one block on one line or function. */
static void sort_claims(struct draft_claim_vector *v)
{
	size_t nr = 0;

	if (v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_claims);
	for (size_t i = 0; i < v->len; i++)
		if (!nr || compare_claims(&v->data[nr - 1], &v->data[i]))
			v->data[nr++] = v->data[i];
		else
			v->data[nr - 1].kinds |= v->data[i].kinds;
	v->len = nr;
}

struct error *coverage_claim(struct coverage_draft *draft)
{
	size_t nr = draft->input->nr_images;
	struct error *err = NULL;

	for (size_t i = 0; !err && i < nr; i++) {
		struct draft_image *image = &draft->images[i];

		if (!image->input->index)
			continue;
		err = map_files(draft, image);
		if (!err)
			err = map_functions(draft, image);
		if (!err)
			err = coverage_infer_blocks(image);
		if (!err)
			err = coverage_solve_edges(image);
		if (!err)
			err = claim_image(draft, i);
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
