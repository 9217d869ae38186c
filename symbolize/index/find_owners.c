// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find owners: the lines that each block owns, and the functions that it is
 * part of. docs/lines.md has the rules.
 */
#include "base/cleanup.h"
#include "base/search.h"
#include "symbolize/index/private.h"

/*
 * Limit on pairs of a span and a block in it, for each span and block that exists. Functions nest
 * only a few levels deep, so real code stays far below.
 */
#define SPAN_BLOCKS_MAX 128

enum {
	WAY_IN = 1,	      /* something leads to the block */
	WAY_IN_SAME_LINE = 2, /* a conditional jump on the line that the block begins with */
};

/* Rows, by number. */
struct block_rows {
	uint32_t first;	 /* at or after the start of the block */
	uint32_t second; /* after its start: the one before it is active there */
	uint32_t after;	 /* at or after its end: the one before it is active at its last byte */
};

struct finder {
	const struct index_draft *draft;
	const struct index_block *blocks;
	const struct index_row *rows;
	size_t nr_blocks, nr_rows;
	struct block_rows *of_block;
	uint8_t *is_jump;	 /* of each row: a direct unconditional jump begins there */
	uint32_t *nr_statements; /* of each row: the statements among those before it */
	uint8_t *ways_in;	 /* of each block: WAY_IN_* */
	uint32_t *tail_returns;	 /* of each block: find_returns() */
	uint32_t *returns;	 /* of each function: the same */
	uint32_t *entries;	 /* of each function: find_entries() */
	struct draft_owners *owners;
	bool ok;
};

/* Most rows of a block are of a line that another row, shortly before, was of. */
#define LOOK_BACK 6

static void own_line(struct finder *f, uint32_t block, uint32_t file, uint32_t line, uint32_t kinds)
{
	const struct draft_owner owner = { file, line, { block, kinds } };
	struct draft_owner_vector *v = &f->owners->lines;

	if (file == INDEX_NONE || !line)
		return;
	for (size_t i = v->len; i && v->len - i < LOOK_BACK; i--) {
		struct draft_owner *last = &v->data[i - 1];

		if (last->owner.block != block)
			break;
		if (last->line == line && last->file == file) {
			last->owner.kinds |= kinds;
			return;
		}
	}
	f->ok = f->ok && draft_owner_vector_append(v, &owner);
}

/* A function of which no line is known is not reported: there is no line to report it on. */
static void own_function(struct finder *f, uint32_t block, uint32_t function, uint32_t kinds)
{
	const struct index_function *of = &f->draft->functions.data[function];
	const struct draft_owner owner = { INDEX_NONE, function, { block, kinds } };

	if (of->file != INDEX_NONE && of->line)
		f->ok = f->ok && draft_owner_vector_append(&f->owners->functions, &owner);
}

static size_t first_row(const struct finder *f, uint32_t offset)
{
	return search_first(f->nr_rows, i, f->rows[i].offset >= offset);
}

/* Blocks ascend and do not overlap: one walk instead of searches, of which there would be millions.
 */
static bool find_block_rows(struct finder *f)
{
	size_t row = 0;

	f->of_block = calloc(f->nr_blocks + 1, sizeof(*f->of_block));
	for (size_t b = 0; f->of_block && b < f->nr_blocks; b++) {
		uint32_t start = f->blocks[b].offset, end = start + f->blocks[b].size;
		struct block_rows *of = &f->of_block[b];

		while (row < f->nr_rows && f->rows[row].offset < start)
			row++;
		of->first = row;
		while (row < f->nr_rows && f->rows[row].offset <= start)
			row++;
		of->second = row;
		while (row < f->nr_rows && f->rows[row].offset < end)
			row++;
		of->after = end > start ? row : of->first;
		row = of->after;
	}
	return f->of_block;
}

/* A row that is active: the last one before the number. NULL = none. */
static const struct index_row *row_before(const struct finder *f, size_t row)
{
	return row ? &f->rows[row - 1] : NULL;
}

/*
 * Note in ways_in how the successors of a block are entered. Clang puts the point of an
 * edge into a block of its own, with the line of the jump. If such a block was
 * missed, the line may have been executed: the jump may have gone the other way.
 */
static void find_ways_out(struct finder *f, size_t b)
{
	const struct index_block *block = &f->blocks[b];
	const struct index_row *jump = NULL;

	if (block->flags & INDEX_BLOCK_BRANCH && block->size)
		jump = row_before(f, f->of_block[b].after);
	for (size_t e = block->first_edge; e < draft_edges_end(f->draft, b); e++) {
		uint32_t to = f->draft->edges.data[e];

		f->ways_in[to] |= WAY_IN;
		if (!jump || !(jump->flags & INDEX_ROW_EXACT))
			continue; /* only exact rows ask for it */
		const struct index_row *row = row_before(f, f->of_block[to].second);
		if (row && row->line == jump->line && row->file == jump->file)
			f->ways_in[to] |= WAY_IN_SAME_LINE;
	}
}

static bool find_ways_in(struct finder *f)
{
	f->ways_in = calloc(f->nr_blocks + 1, sizeof(*f->ways_in));
	if (!f->ways_in)
		return false;
	for (size_t b = 0; b < f->nr_blocks; b++) {
		if (f->blocks[b].flags & INDEX_BLOCK_OPEN_IN)
			f->ways_in[b] |= WAY_IN;
		find_ways_out(f, b);
	}
	return true;
}

static uint32_t tail_kind(const struct finder *f, size_t block, const struct index_row *row)
{
	return row->flags & INDEX_ROW_TAILS && may_be_tail(f->draft, block) ? INDEX_OWNER_TAIL : 0;
}

/*
 * A jump that ends a block is not the code of a statement: clang 19 gives the jump after the point
 * of an edge the line of a statement that the edge goes around. It only counts if the line has no
 * other code, as that of a goto.
 */
static uint32_t row_kinds(const struct finder *f, size_t block, const struct index_row *row,
			  bool is_first_line)
{
	const uint32_t kinds = INDEX_OWNER_ALWAYS | INDEX_OWNER_ROW;

	if (row->flags & INDEX_ROW_EXACT && f->is_jump[row - f->rows])
		return kinds;
	if (row->flags & INDEX_ROW_EXACT)
		return kinds | (is_first_line && f->ways_in[block] & WAY_IN_SAME_LINE
					? INDEX_OWNER_STMT_UNLESS_MISSED
					: INDEX_OWNER_STMT);
	if (row->flags & INDEX_ROW_STMT)
		return kinds | INDEX_OWNER_STMT | tail_kind(f, block, row);
	return kinds;
}

/*
 * The row that is active where a block begins, if the block has no row at its
 * start; else NULL. Also NULL if nothing leads to the block: then it only fills
 * a gap, and is not code of that line; or if no line is known there.
 */
static const struct index_row *inherited_row(const struct finder *f, size_t block, size_t next)
{
	uint32_t start = f->blocks[block].offset;
	const struct index_block *before = block ? &f->blocks[block - 1] : NULL;

	if (!next || (next < f->nr_rows && f->rows[next].offset == start) || !before ||
	    before->offset + before->size != start || !f->ways_in[block])
		return NULL;
	return index_row_is_end(&f->rows[next - 1]) ? NULL : &f->rows[next - 1];
}

/* The lines of the rows in each block, and of the row that is active where it begins. */
static void own_rows(struct finder *f)
{
	const struct index_row *rows = f->rows;
	size_t i = 0;

	for (size_t b = 0; b < f->nr_blocks; b++) {
		uint32_t end = f->blocks[b].offset + f->blocks[b].size;
		const struct index_row *first = inherited_row(f, b, i);

		if (first)
			own_line(f, b, first->file, first->line,
				 first->flags & INDEX_ROW_EXACT
					 ? row_kinds(f, b, first, true)
					 : INDEX_OWNER_ALWAYS | INDEX_OWNER_ROW);
		for (; i < f->nr_rows && rows[i].offset < end; i++) {
			if (index_row_is_end(&rows[i]))
				continue;
			first = first ? first : &rows[i];
			if (!is_left_over(f->draft, b, i))
				own_line(f, b, rows[i].file, rows[i].line,
					 row_kinds(f, b, &rows[i],
						   rows[i].line == first->line &&
							   rows[i].file == first->file));
		}
	}
}

/* The first block that ends after offset. */
static size_t next_block(const struct finder *f, uint32_t offset)
{
	return search_first(f->nr_blocks, i, f->blocks[i].offset + f->blocks[i].size > offset);
}

static bool is_jump(const struct finder *f, uint32_t offset)
{
	const struct index_offset_vector *jumps = &f->draft->jumps;
	size_t i = search_first(jumps->len, n, jumps->data[n] >= offset);

	return i < jumps->len && jumps->data[i] == offset;
}

/*
 * INDEX_OWNER_* for the part of a block that belongs to a span; 0 = none. In gcc's code a
 * statement has to begin there, since other code may have been moved there.
 * Clang drops the line of code that it moves, so all code of a hit block
 * counts.
 */
static uint32_t span_kinds(const struct finder *f, uint32_t block, const struct index_span *span)
{
	uint32_t start = f->blocks[block].offset, end = start + f->blocks[block].size;
	struct block_rows rows = f->of_block[block];

	if (start < span->offset) {
		start = span->offset;
		rows.first = first_row(f, start);
		rows.second = first_row(f, start + 1);
	}
	if (end > span->end) {
		end = span->end;
		rows.after = first_row(f, end);
	}
	if (start >= end)
		return INDEX_OWNER_ALWAYS;
	const struct index_row *row = row_before(f, rows.second);
	bool begins = f->nr_statements[rows.after] > f->nr_statements[rows.first];
	uint32_t kinds = INDEX_OWNER_ALWAYS;

	/* As of a line (row_kinds()), its jump alone is not the code of a function. */
	if (row && row->flags & INDEX_ROW_EXACT && is_jump(f, start))
		return span->line ? 0 : INDEX_OWNER_ALWAYS;
	if (row && row->flags & INDEX_ROW_EXACT)
		kinds |= INDEX_OWNER_STMT_IF_HIT;
	if (begins)
		kinds |= INDEX_OWNER_STMT | (row ? tail_kind(f, block, row) : 0);
	return kinds;
}

/* A missed block proves nothing: the function can return in other ways. */
static void own_return(struct finder *f, uint32_t block, uint32_t row)
{
	if (row != INDEX_NONE)
		own_line(f, block, f->rows[row].file, f->rows[row].line, INDEX_OWNER_STMT_IF_HIT);
}

/*
 * The block is part of the function of the span. If the span is an inlined
 * instance, the block also owns the line of the call, and the line on which the
 * function is declared. The declaration has no row of its own.
 */
static void own_span(struct finder *f, const struct index_span *s, uint32_t block)
{
	uint32_t kinds = span_kinds(f, block, s);
	bool is_exact = kinds & INDEX_OWNER_STMT_IF_HIT;

	if (!kinds)
		return;
	own_line(f, block, s->file, s->line,
		 INDEX_OWNER_ALWAYS | (kinds & INDEX_OWNER_STMT_IF_HIT));
	if (s->function == INDEX_NONE)
		return;
	const struct index_function *function = &f->draft->functions.data[s->function];
	own_function(f, block, s->function, kinds | (s->line && is_exact ? INDEX_OWNER_ENTERS : 0));
	if (!s->line)
		return;
	own_line(f, block, function->file, function->line, kinds);
	if (is_exact)
		own_return(f, block, f->returns[s->function]);
}

static struct error *own_spans(struct finder *f)
{
	size_t nr = f->draft->spans.len, pairs = 0;
	const struct index_span *spans = f->draft->spans.data;

	for (size_t i = 0; i < nr; i++) {
		size_t b = next_block(f, spans[i].offset);

		for (; b < f->nr_blocks && f->blocks[b].offset < spans[i].end; b++, pairs++) {
			if (pairs / SPAN_BLOCKS_MAX > nr + f->nr_blocks)
				return error_create(
					ERROR_FORMAT,
					"'%s' has functions nested too deeply in its debug info",
					f->draft->path);
			own_span(f, &spans[i], b);
		}
	}
	return NULL;
}

/* index_entry_line */
static void find_entry_lines(struct finder *f)
{
	for (uint32_t i = 0; i < f->draft->functions.len; i++) {
		if (f->entries[i] == INDEX_NONE)
			continue;
		uint32_t start = f->blocks[f->entries[i]].offset;
		uint32_t end = start + f->blocks[f->entries[i]].size;
		for (size_t r = first_row(f, start); r < f->nr_rows && f->rows[r].offset < end;
		     r++) {
			const struct index_row *row = &f->rows[r];
			const struct draft_entry_line line = { i, row->file, row->line };

			if (row->flags & INDEX_ROW_EXACT && row->file != INDEX_NONE && row->line)
				f->ok = f->ok && draft_entry_line_vector_append(
							 &f->owners->entry_lines, &line);
		}
	}
}

static bool is_statement(const struct finder *f, size_t row)
{
	uint32_t flags = f->rows[row].flags;

	return flags & INDEX_ROW_EXACT ? !f->is_jump[row] : flags & INDEX_ROW_STMT;
}

/* Rows and jumps ascend: one walk instead of a search for each row. */
static bool count_statements(struct finder *f)
{
	const struct index_offset_vector *jumps = &f->draft->jumps;
	size_t jump = 0;

	f->is_jump = calloc(f->nr_rows + 1, sizeof(*f->is_jump));
	f->nr_statements = calloc(f->nr_rows + 1, sizeof(*f->nr_statements));
	for (size_t i = 0; f->is_jump && f->nr_statements && i < f->nr_rows; i++) {
		while (jump < jumps->len && jumps->data[jump] < f->rows[i].offset)
			jump++;
		f->is_jump[i] = jump < jumps->len && jumps->data[jump] == f->rows[i].offset;
		f->nr_statements[i + 1] = f->nr_statements[i] + is_statement(f, i);
	}
	return f->is_jump && f->nr_statements;
}

static void finder_deinit(struct finder *f)
{
	free(f->of_block);
	free(f->is_jump);
	free(f->nr_statements);
	free(f->ways_in);
	free(f->tail_returns);
	free(f->returns);
	free(f->entries);
}

struct error *find_owners(const struct index_draft *draft, struct draft_owners *ret)
{
	_cleanup_(finder_deinit) struct finder f = {
		.draft = draft,
		.blocks = draft->blocks.data,
		.nr_blocks = draft->blocks.len,
		.rows = draft->rows.data,
		.nr_rows = draft->rows.len,
		.owners = ret,
		.ok = true,
	};
	struct error *err;

	if (!find_block_rows(&f) || !find_ways_in(&f) || !count_statements(&f))
		return &error_no_memory;
	err = find_returns(draft, &f.tail_returns, &f.returns);
	if (!err)
		err = find_entries(draft, &f.entries);
	if (err)
		return err;
	/* What a kernel needs, roughly: growing step by step copies it several times. */
	if (!draft_owner_vector_reserve(&ret->lines, f.nr_rows + 4 * draft->spans.len) ||
	    !draft_owner_vector_reserve(&ret->functions, 3 * draft->spans.len))
		return &error_no_memory;
	own_rows(&f);
	for (size_t b = 0; b < f.nr_blocks; b++)
		own_return(&f, b, f.tail_returns[b]);
	err = own_spans(&f);
	if (err)
		return err;
	find_entry_lines(&f);
	return f.ok ? NULL : &error_no_memory;
}
