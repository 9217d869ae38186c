// SPDX-License-Identifier: GPL-2.0-or-later
/* Check a block that was read from a file, so that the functions of index.h can trust it. */
#include <string.h>

#include "symbolize/index/private.h"

static const struct {
	const char *name; /* for messages */
	uint32_t size;	  /* of an element */
	bool has_end;	  /* one more element than there are ends the last one */
} arrays[INDEX_ARRAYS] = {
	[INDEX_POINTS] = { "points", sizeof(struct index_point) },
	[INDEX_FUNCTIONS] = { "functions", sizeof(struct index_function) },
	[INDEX_FILES] = { "files", sizeof(struct index_file), true },
	[INDEX_SECTIONS] = { "sections", sizeof(struct index_section) },
	[INDEX_SYMBOLS] = { "symbols", sizeof(struct index_symbol) },
	[INDEX_CALLS] = { "calls", sizeof(struct index_call) },
	[INDEX_TAIL_CALLS] = { "tail calls", sizeof(struct index_tail_call) },
	[INDEX_HANDOFFS] = { "handoffs", sizeof(struct index_handoff) },
	[INDEX_BLOCKS] = { "blocks", sizeof(struct index_block) },
	[INDEX_EXTENTS] = { "extents", sizeof(struct index_extent) },
	[INDEX_EDGES] = { "edges", sizeof(uint32_t) },
	[INDEX_GROUPS] = { "groups", sizeof(struct index_group), true },
	[INDEX_FILE_GROUPS] = { "groups of files", sizeof(uint32_t) },
	[INDEX_BRANCHES] = { "branches", sizeof(struct index_branch) },
	[INDEX_ENTRY_LINES] = { "entry lines", sizeof(struct index_entry_line) },
	[INDEX_LINE_TABLE] = { "lines", 1 },
	[INDEX_OWNERS] = { "owners", 1 },
	[INDEX_PLACE_CHUNKS] = { "chunks of places", sizeof(struct index_place_chunk) },
	[INDEX_PLACES] = { "places", 1 },
	[INDEX_SCOPE_CHUNKS] = { "chunks of scopes", sizeof(uint32_t) },
	[INDEX_SCOPES] = { "scopes", 1 },
	[INDEX_STRINGS] = { "strings", 1 },
};

/* A target of fields: not an array, but the lines, which are numbered through all files. */
#define LINES INDEX_ARRAYS

/* What may be in a field of 32 bits. */
enum field_kind {
	FIELD_ID,	  /* the number of an element of target */
	FIELD_ID_OR_NONE, /* the same, or INDEX_NONE */
	FIELD_ASCENDING,  /* not less than in the element before */
	FIELD_FIRST,	  /* the same, and at most the number of elements of target */
};

/*
 * Fields that refer to an array, or by which an array is searched. The others may have any value.
 * What the bytes of lines, owners, places and scopes refer to is checked by their readers.
 */
static const struct field {
	enum index_array array;
	uint32_t at; /* in the element */
	enum field_kind kind;
	enum index_array target;
} fields[] = {
#define FIELD(array, type, member, kind, target)                                                   \
	{                                                                                          \
		array, offsetof(type, member), kind, target                                        \
	}
	FIELD(INDEX_POINTS, struct index_point, offset, FIELD_ASCENDING, 0),
	FIELD(INDEX_FUNCTIONS, struct index_function, name, FIELD_ID, INDEX_STRINGS),
	FIELD(INDEX_FUNCTIONS, struct index_function, file, FIELD_ID_OR_NONE, INDEX_FILES),
	FIELD(INDEX_FILES, struct index_file, path, FIELD_ID, INDEX_STRINGS),
	FIELD(INDEX_FILES, struct index_file, first_line, FIELD_FIRST, LINES),
	FIELD(INDEX_FILES, struct index_file, lines, FIELD_FIRST, INDEX_LINE_TABLE),
	FIELD(INDEX_FILES, struct index_file, first_function, FIELD_FIRST, INDEX_FUNCTIONS),
	FIELD(INDEX_FILES, struct index_file, first_branch, FIELD_FIRST, INDEX_BRANCHES),
	FIELD(INDEX_FILES, struct index_file, first_group, FIELD_FIRST, INDEX_FILE_GROUPS),
	FIELD(INDEX_SECTIONS, struct index_section, offset, FIELD_ASCENDING, 0),
	FIELD(INDEX_SECTIONS, struct index_section, name, FIELD_ID, INDEX_STRINGS),
	FIELD(INDEX_SYMBOLS, struct index_symbol, offset, FIELD_ASCENDING, 0),
	FIELD(INDEX_SYMBOLS, struct index_symbol, name, FIELD_ID, INDEX_STRINGS),
	FIELD(INDEX_SYMBOLS, struct index_symbol, tail_point, FIELD_ID_OR_NONE, INDEX_POINTS),
	FIELD(INDEX_CALLS, struct index_call, offset, FIELD_ASCENDING, 0),
	FIELD(INDEX_CALLS, struct index_call, target, FIELD_ID_OR_NONE, INDEX_SYMBOLS),
	FIELD(INDEX_TAIL_CALLS, struct index_tail_call, offset, FIELD_ASCENDING, 0),
	FIELD(INDEX_TAIL_CALLS, struct index_tail_call, target, FIELD_ID, INDEX_SYMBOLS),
	FIELD(INDEX_HANDOFFS, struct index_handoff, offset, FIELD_ASCENDING, 0),
	FIELD(INDEX_HANDOFFS, struct index_handoff, symbol, FIELD_ID, INDEX_SYMBOLS),
	FIELD(INDEX_BLOCKS, struct index_block, symbol, FIELD_ID_OR_NONE, INDEX_SYMBOLS),
	FIELD(INDEX_BLOCKS, struct index_block, first_edge, FIELD_FIRST, INDEX_EDGES),
	FIELD(INDEX_EXTENTS, struct index_extent, offset, FIELD_ASCENDING, 0),
	{ INDEX_EDGES, 0, FIELD_ID, INDEX_BLOCKS },
	FIELD(INDEX_GROUPS, struct index_group, first_block, FIELD_FIRST, INDEX_BLOCKS),
	FIELD(INDEX_GROUPS, struct index_group, line_owners, FIELD_FIRST, INDEX_OWNERS),
	FIELD(INDEX_GROUPS, struct index_group, function_owners, FIELD_FIRST, INDEX_OWNERS),
	{ INDEX_FILE_GROUPS, 0, FIELD_ID, INDEX_GROUPS },
	FIELD(INDEX_BRANCHES, struct index_branch, line, FIELD_ASCENDING, 0),
	FIELD(INDEX_BRANCHES, struct index_branch, line, FIELD_ID, LINES),
	FIELD(INDEX_BRANCHES, struct index_branch, block, FIELD_ID, INDEX_BLOCKS),
	FIELD(INDEX_ENTRY_LINES, struct index_entry_line, function, FIELD_ID, INDEX_FUNCTIONS),
	FIELD(INDEX_ENTRY_LINES, struct index_entry_line, line, FIELD_ID, LINES),
	FIELD(INDEX_PLACE_CHUNKS, struct index_place_chunk, offset, FIELD_ASCENDING, 0),
	FIELD(INDEX_PLACE_CHUNKS, struct index_place_chunk, start, FIELD_FIRST, INDEX_PLACES),
	{ INDEX_SCOPE_CHUNKS, 0, FIELD_FIRST, INDEX_SCOPES },
#undef FIELD
};

/* A block while it is checked. The directory is valid. */
struct checked {
	const unsigned char *block;
	const struct index_header *header;
};

static const void *array_of(const struct checked *c, enum index_array array)
{
	return c->block + c->header->arrays[array].offset;
}

/* The number of elements, without one that only ends the last one. */
static uint32_t count_of(const struct checked *c, enum index_array array)
{
	const struct index_file *files = array_of(c, INDEX_FILES);

	if (array == LINES)
		return files[count_of(c, INDEX_FILES)].first_line;
	return c->header->arrays[array].nr - arrays[array].has_end;
}

static inline uint32_t value_at(const unsigned char *field, uint32_t size, uint32_t i)
{
	uint32_t value;

	memcpy(&value, field + (size_t)i * size, sizeof(value));
	return value;
}

/* field: of the first of nr elements of this size. Whether all values plus extra are at most max.
 */
static bool at_most(const unsigned char *field, uint32_t nr, uint32_t size, uint32_t extra,
		    uint32_t max)
{
	uint32_t largest = 0;

	for (uint32_t i = 0; i < nr; i++) {
		uint32_t value = value_at(field, size, i) + extra;

		largest = value > largest ? value : largest;
	}
	return largest <= max;
}

static bool ascend(const unsigned char *field, uint32_t nr, uint32_t size)
{
	bool ok = true;

	for (uint32_t i = 1; i < nr; i++)
		ok &= value_at(field, size, i - 1) <= value_at(field, size, i);
	return ok;
}

static bool field_is_valid(const struct checked *c, const struct field *f)
{
	const struct index_array_header *a = &c->header->arrays[f->array];
	const unsigned char *field = (const unsigned char *)array_of(c, f->array) + f->at;
	uint32_t limit = count_of(c, f->target);

	switch (f->kind) {
	case FIELD_ID:
		return !a->nr || (limit && at_most(field, a->nr, a->size, 0, limit - 1));
	case FIELD_ID_OR_NONE:
		return at_most(field, a->nr, a->size, 1, limit);
	case FIELD_ASCENDING:
		return ascend(field, a->nr, a->size);
	case FIELD_FIRST:
		return ascend(field, a->nr, a->size) && at_most(field, a->nr, a->size, 0, limit);
	}
	return false;
}

static bool are_strings_whole(const struct checked *c)
{
	const char *strings = array_of(c, INDEX_STRINGS);
	uint32_t size = count_of(c, INDEX_STRINGS);

	return size && !strings[0] && !strings[size - 1];
}

/* A line has three bytes at least. So their number, by which readers allocate, is no larger. */
static bool are_lines_there(const struct checked *c)
{
	return count_of(c, LINES) <= count_of(c, INDEX_LINE_TABLE) / 3;
}

static bool are_extents_inside(const struct checked *c)
{
	const struct index_extent *extents = array_of(c, INDEX_EXTENTS);
	uint32_t nr_blocks = count_of(c, INDEX_BLOCKS);

	for (uint32_t i = 0; i < count_of(c, INDEX_EXTENTS); i++)
		if (extents[i].first_block > nr_blocks ||
		    extents[i].nr_blocks > nr_blocks - extents[i].first_block)
			return false;
	return true;
}

/* Number of edges of a block. */
static uint32_t edges_of(const struct checked *c, uint32_t block)
{
	const struct index_block *blocks = array_of(c, INDEX_BLOCKS);
	uint32_t end = block + 1 < count_of(c, INDEX_BLOCKS) ? blocks[block + 1].first_edge
							     : count_of(c, INDEX_EDGES);

	return end - blocks[block].first_edge;
}

/* Every block is in a group, and edges stay in the group of their block. */
static bool are_groups_apart(const struct checked *c)
{
	const struct index_group *groups = array_of(c, INDEX_GROUPS);
	const struct index_block *blocks = array_of(c, INDEX_BLOCKS);
	const uint32_t *edges = array_of(c, INDEX_EDGES);
	uint32_t nr = count_of(c, INDEX_GROUPS), nr_blocks = count_of(c, INDEX_BLOCKS);
	bool ok = groups[0].first_block == 0 && groups[nr].first_block == nr_blocks &&
		  (!nr_blocks || !blocks[0].first_edge);

	for (uint32_t g = 0; ok && g < nr; g++) {
		uint32_t first = groups[g].first_block, end = groups[g + 1].first_block;

		if (first == end)
			continue;
		uint32_t e = blocks[first].first_edge;
		uint32_t end_edge = blocks[end - 1].first_edge + edges_of(c, end - 1);
		for (; e < end_edge; e++)
			ok &= edges[e] - first < end - first;
	}
	return ok;
}

/* A block that ends in a conditional jump has an edge for each of the two ways. */
static bool have_branches_edges(const struct checked *c)
{
	const struct index_branch *branches = array_of(c, INDEX_BRANCHES);
	const struct index_block *blocks = array_of(c, INDEX_BLOCKS);

	for (uint32_t i = 0; i < count_of(c, INDEX_BLOCKS); i++)
		if (blocks[i].flags & INDEX_BLOCK_BRANCH && edges_of(c, i) < 2)
			return false;
	for (uint32_t i = 0; i < count_of(c, INDEX_BRANCHES); i++)
		if (!(blocks[branches[i].block].flags & INDEX_BLOCK_BRANCH))
			return false;
	return true;
}

/* What a table of single fields cannot say. */
static const struct rule {
	const char *name; /* of what is damaged */
	bool (*is_kept)(const struct checked *checked);
} rules[] = {
	{ "strings", are_strings_whole },    { "lines", are_lines_there },
	{ "extents", are_extents_inside },   { "groups", are_groups_apart },
	{ "branches", have_branches_edges },
};

/* The arrays are in the block, one after the other. */
static const char *check_directory(const struct index_header *header)
{
	uint64_t end = sizeof(*header);

	for (enum index_array i = 0; i < INDEX_ARRAYS; i++) {
		const struct index_array_header *a = &header->arrays[i];
		uint64_t bytes = (uint64_t)a->nr * a->size;

		if (a->size != arrays[i].size || a->nr < arrays[i].has_end || a->offset % 8 ||
		    a->offset < end || a->offset > header->size || bytes > header->size - a->offset)
			return arrays[i].name;
		end = a->offset + bytes;
	}
	return NULL;
}

enum index_validity index_validate(const void *block, size_t size, const char **ret_what)
{
	const struct index_header *header = block;

	*ret_what = "header";
	if (size < sizeof(*header) || header->magic != INDEX_MAGIC)
		return INDEX_DAMAGED;
	if (header->version != INDEX_VERSION)
		return INDEX_OTHER_VERSION;
	if (header->size != size || header->is_module > 1 || header->build_id.size > BUILD_ID_MAX)
		return INDEX_DAMAGED;
	const char *array = check_directory(header);
	if (array) {
		*ret_what = array;
		return INDEX_DAMAGED;
	}
	const struct checked c = { block, header };
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		*ret_what = arrays[fields[i].array].name;
		if (!field_is_valid(&c, &fields[i]))
			return INDEX_DAMAGED;
	}
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		*ret_what = rules[i].name;
		if (!rules[i].is_kept(&c))
			return INDEX_DAMAGED;
	}
	return INDEX_VALID;
}
