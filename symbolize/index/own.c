// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Make what coverage needs, from what was read: owners of lines and functions by group, the lines
 * themselves, and what the report says of these where nothing was recorded (the baseline).
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "symbolize/index/private.h"

size_t draft_edges_end(const struct index_draft *draft, size_t block)
{
	return block + 1 < draft->blocks.len ? draft->blocks.data[block + 1].first_edge
					     : draft->edges.len;
}

uint32_t draft_find_block(const struct index_draft *draft, uint32_t offset)
{
	const struct index_block *blocks = draft->blocks.data;
	size_t after = search_first(draft->blocks.len, i, blocks[i].offset > offset);

	return after && offset - blocks[after - 1].offset < blocks[after - 1].size ? after - 1
										   : INDEX_NONE;
}

/* INDEX_BLOCK_FILLING: blocks that nothing leads to and that have no row at their start. */
static struct error *find_fillings(struct index_draft *d)
{
	_cleanup_free_ bool *is_entered = calloc(d->blocks.len + 1, sizeof(*is_entered));
	size_t row = 0;

	if (!is_entered)
		return &error_no_memory;
	vector_for_each(&d->edges, e)
		is_entered[*e] = true;
	for (size_t i = 0; i < d->blocks.len; i++) {
		struct index_block *b = &d->blocks.data[i];

		while (row < d->rows.len && (d->rows.data[row].offset < b->offset ||
					     (d->rows.data[row].offset == b->offset &&
					      index_row_is_end(&d->rows.data[row]))))
			row++;
		if (!is_entered[i] && !(b->flags & INDEX_BLOCK_OPEN_IN) &&
		    (row == d->rows.len || d->rows.data[row].offset != b->offset))
			b->flags |= INDEX_BLOCK_FILLING;
	}
	return NULL;
}

/* The row that is active at the end of a block, where its jump is. Blocks ascend by offset. */
static const struct index_row *jump_row(const struct index_draft *d, size_t *next,
					const struct index_block *block)
{
	while (*next < d->rows.len && d->rows.data[*next].offset < block->offset + block->size)
		++*next;
	return *next ? &d->rows.data[*next - 1] : NULL;
}

/* A branch of a line: a draft_owner without kinds. */
static struct error *find_branches(const struct index_draft *d, struct draft_owner_vector *ret)
{
	size_t next = 0;

	for (size_t b = 0; b < d->blocks.len; b++) {
		const struct index_row *row = jump_row(d, &next, &d->blocks.data[b]);

		if (!(d->blocks.data[b].flags & INDEX_BLOCK_BRANCH) || !row || !row->line ||
		    row->file == INDEX_NONE)
			continue;
		if (!draft_owner_vector_append(
			    ret, &(struct draft_owner){ row->file, row->line, { b, 0 } }))
			return &error_no_memory;
	}
	return NULL;
}

/* Give owners the new numbers of their blocks, and sort them by these (a counting sort). */
static struct error *sort_by_block(struct draft_owner_vector *v, const uint32_t *numbers, size_t nr)
{
	_cleanup_free_ uint32_t *next = calloc(nr + 2, sizeof(*next));
	struct draft_owner_vector sorted = VECTOR_INIT;

	if (!next || !draft_owner_vector_reserve(&sorted, v->len))
		return &error_no_memory;
	vector_for_each(v, o)
		next[(o->owner.block = numbers[o->owner.block]) + 1]++;
	for (size_t i = 1; i < nr + 2; i++)
		next[i] += next[i - 1];
	vector_for_each(v, o)
		sorted.data[next[o->owner.block]++] = *o;
	sorted.len = v->len;
	draft_owner_vector_deinit(v);
	*v = sorted;
	return NULL;
}

/* All that rows and spans are needed for. They are freed. */
static struct error *find_all(struct index_draft *d, struct draft_owners *owners,
			      struct draft_owner_vector *branches, uint32_t **ret_numbers)
{
	struct error *err = find_fillings(d);

	if (!err)
		err = find_owners(d, owners);
	if (!err)
		err = find_branches(d, branches);
	index_row_vector_deinit(&d->rows);
	index_span_vector_deinit(&d->spans);
	return err ? err : group_blocks(d, ret_numbers);
}

struct error *index_own(struct index_draft *d)
{
	struct draft_owner_vector branches = VECTOR_INIT;
	struct draft_owners owners = { 0 };
	_cleanup_free_ uint32_t *numbers = NULL;
	struct error *err = find_all(d, &owners, &branches, &numbers);

	if (!err)
		err = sort_by_block(&owners.lines, numbers, d->blocks.len);
	if (!err)
		err = sort_by_block(&owners.functions, numbers, d->blocks.len);
	if (!err) {
		vector_for_each(&branches, b)
			b->owner.block = numbers[b->owner.block];
		err = index_pack_owners(d, &owners, &branches);
	}
	draft_owner_vector_deinit(&owners.lines);
	draft_owner_vector_deinit(&owners.functions);
	draft_entry_line_vector_deinit(&owners.entry_lines);
	draft_owner_vector_deinit(&branches);
	return err;
}
