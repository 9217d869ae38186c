// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find the line on which a function returns, for tail calls and inlined
 * instances in clang's code. Before it optimizes, clang gives each function one
 * return. So all returns that are left have the same line: the closing brace,
 * or the only `return`. A tail call and an inlined instance have no code for
 * that line, though the function returns there too.
 */
#include <stdlib.h>

#include "base/cleanup.h"
#include "symbolize/index/private.h"

/* The row that is active at the end of a block, or INDEX_NONE. Blocks have to come in order. */
static uint32_t end_row(const struct index_row *rows, size_t nr_rows, size_t *next,
			const struct index_block *block)
{
	while (*next < nr_rows && rows[*next].offset < block->offset + block->size)
		++*next;
	return *next ? *next - 1 : INDEX_NONE;
}

/* Does the block end in a jump to another function, instrumented or not? */
static bool is_tail_call(const struct index_block *blocks, const uint32_t *edges, size_t block,
			 size_t end)
{
	const struct index_block *b = &blocks[block];

	if (b->first_edge == end)
		return (b->flags & (INDEX_BLOCK_LEAVES | INDEX_BLOCK_RETURNS)) ==
		       INDEX_BLOCK_LEAVES;
	return b->first_edge + 1 == end && !(b->flags & INDEX_BLOCK_LEAVES) &&
	       blocks[edges[b->first_edge]].symbol != b->symbol;
}

/* The returns of a symbol have several lines, or a line that proves nothing (gcc's, or none). */
#define MANY (INDEX_NONE - 1)

static void note_return(uint32_t *of_symbol, const struct index_row *rows, uint32_t row)
{
	if (row == INDEX_NONE || !(rows[row].flags & INDEX_ROW_EXACT) || !rows[row].line)
		*of_symbol = MANY;
	else if (*of_symbol == INDEX_NONE)
		*of_symbol = row;
	else if (*of_symbol != MANY && (rows[*of_symbol].line != rows[row].line ||
					rows[*of_symbol].file != rows[row].file))
		*of_symbol = MANY;
}

static uint32_t *new_list(size_t nr)
{
	uint32_t *list = malloc((nr + 1) * sizeof(*list));

	for (size_t i = 0; list && i <= nr; i++)
		list[i] = INDEX_NONE;
	return list;
}

static void find_of_symbols(const struct index_draft *draft, uint32_t *of_symbol)
{
	size_t next = 0;

	vector_for_each(&draft->blocks, b) {
		uint32_t row = end_row(draft->rows.data, draft->rows.len, &next, b);

		if (b->flags & INDEX_BLOCK_RETURNS && b->symbol != INDEX_NONE)
			note_return(&of_symbol[b->symbol], draft->rows.data, row);
	}
}

static void find_tail_calls(const struct index_draft *draft, const uint32_t *of_symbol,
			    uint32_t *of_block)
{
	const struct index_block *blocks = draft->blocks.data;

	for (size_t i = 0; i < draft->blocks.len; i++)
		if (blocks[i].symbol != INDEX_NONE && of_symbol[blocks[i].symbol] != MANY &&
		    is_tail_call(blocks, draft->edges.data, i, draft_edges_end(draft, i)))
			of_block[i] = of_symbol[blocks[i].symbol];
}

/* A function returns on the line on which its out-of-line code returns. */
static void find_functions(const struct index_draft *draft, const uint32_t *of_symbol,
			   uint32_t *of_function)
{
	const struct index_block *blocks = draft->blocks.data;

	vector_for_each(&draft->spans, s) {
		uint32_t block = draft_find_block(draft, s->offset);

		if (s->function == INDEX_NONE || s->line || block == INDEX_NONE ||
		    blocks[block].symbol == INDEX_NONE || of_symbol[blocks[block].symbol] == MANY)
			continue;
		of_function[s->function] = of_symbol[blocks[block].symbol];
	}
}

struct error *find_returns(const struct index_draft *draft, uint32_t **ret_of_block,
			   uint32_t **ret_of_function)
{
	_cleanup_free_ uint32_t *of_symbol = new_list(draft->symbols.len);

	*ret_of_block = new_list(draft->blocks.len);
	*ret_of_function = new_list(draft->functions.len);
	if (!of_symbol || !*ret_of_block || !*ret_of_function)
		return &error_no_memory;
	find_of_symbols(draft, of_symbol);
	find_tail_calls(draft, of_symbol, *ret_of_block);
	find_functions(draft, of_symbol, *ret_of_function);
	return NULL;
}
