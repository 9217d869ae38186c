// SPDX-License-Identifier: GPL-2.0-or-later
/* Read the packed lines and owners of an index. Their bytes may come from a damaged file. */
#include "symbolize/index/owners.h"

#include "symbolize/index/lines.h"

const uint32_t owner_kinds[OWNER_OTHER_KINDS] = {
	INDEX_OWNER_ALWAYS | INDEX_OWNER_ROW | INDEX_OWNER_STMT,
	INDEX_OWNER_ALWAYS | INDEX_OWNER_ROW,
	INDEX_OWNER_ALWAYS | INDEX_OWNER_STMT,
	INDEX_OWNER_ALWAYS,
	INDEX_OWNER_ALWAYS | INDEX_OWNER_STMT | INDEX_OWNER_STMT_IF_HIT,
	INDEX_OWNER_ALWAYS | INDEX_OWNER_STMT | INDEX_OWNER_STMT_IF_HIT | INDEX_OWNER_ENTERS,
	INDEX_OWNER_STMT_IF_HIT,
};

struct line_reader line_reader(const struct index *index, uint32_t file)
{
	size_t size, nr;
	const uint8_t *bytes = index_line_table(index, &size);
	const struct index_file *f = &index_files(index, &nr)[file];
	size_t start = f[0].lines < size ? f[0].lines : size;
	size_t end = f[1].lines < size ? f[1].lines : size;

	return (struct line_reader){
		.bytes = packed_reader(bytes + start, end > start ? end - start : 0),
		.left = f[1].first_line > f[0].first_line ? f[1].first_line - f[0].first_line : 0,
	};
}

bool line_next(struct line_reader *reader, struct index_line *ret)
{
	if (!reader->left)
		return false;
	reader->left--;
	reader->line += packed_get(&reader->bytes);
	ret->line = reader->line;
	ret->found = packed_get(&reader->bytes);
	ret->missed_parts = packed_get(&reader->bytes);
	return !reader->bytes.failed;
}

struct owner_reader owner_reader(const struct index *index, uint32_t group, enum owner_list list)
{
	size_t size, nr;
	const uint8_t *bytes = index_owners(index, &size);
	const struct index_group *g = &index_groups(index, &nr)[group];
	struct owner_reader reader = { .first_block = g[0].first_block,
				       .end_block = g[1].first_block };
	size_t start = g->line_owners, end = g->function_owners;

	if (list == OWNERS_OF_LINES) {
		size_t nr_files;
		const struct index_file *files = index_files(index, &nr_files);

		reader.nr_ids = files[nr_files].first_line;
	} else {
		start = g->function_owners;
		end = g[1].line_owners;
		index_functions(index, &nr);
		reader.nr_ids = nr;
	}
	end = end < size ? end : size;
	start = start < end ? start : end;
	reader.bytes = packed_reader(bytes + start, end - start);
	return reader;
}

static struct error *damaged(void)
{
	return error_create(ERROR_FORMAT, "the index is damaged: an owner is out of bounds");
}

struct error *owner_next(struct owner_reader *r, struct owner_run *run, bool *ret_more)
{
	uint32_t block = r->first_block;

	*ret_more = r->bytes.next < r->bytes.end;
	if (!*ret_more)
		return NULL;
	run->id = r->id += packed_get_signed(&r->bytes);
	uint64_t nr = packed_get(&r->bytes);
	/* An owner has one byte at least. */
	if (r->bytes.failed || run->id >= r->nr_ids || nr > (size_t)(r->bytes.end - r->bytes.next))
		return damaged();
	if (nr > run->room) {
		void *owners = array_realloc(run->owners, 2 * nr, sizeof(*run->owners));

		if (!owners)
			return &error_no_memory;
		run->owners = owners;
		run->room = 2 * nr;
	}
	for (size_t i = 0; i < nr; i++) {
		uint64_t value = packed_get(&r->bytes);
		uint32_t kinds = value % (1 << OWNER_KINDS_SHIFT);

		block += value >> OWNER_KINDS_SHIFT;
		kinds = kinds == OWNER_OTHER_KINDS ? packed_get(&r->bytes) : owner_kinds[kinds];
		run->owners[i] = (struct index_owner){ block, kinds };
		if (r->bytes.failed || block < r->first_block || block >= r->end_block)
			return damaged();
		/* The block before it, whose tail it may be, is in the same group. */
		if (kinds & INDEX_OWNER_TAIL && block == r->first_block)
			return damaged();
	}
	run->nr = nr;
	return NULL;
}
