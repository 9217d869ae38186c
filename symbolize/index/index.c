// SPDX-License-Identifier: GPL-2.0-or-later
/* Access to an index: its arrays, and lookups by offset and by name. */
#include "symbolize/index/index.h"

#include <string.h>
#include <sys/mman.h>

#include "base/search.h"
#include "symbolize/index/private.h"

void index_destroy(struct index *index)
{
	if (!index)
		return;
	if (index->mapped)
		munmap(index->memory, index->mapped);
	else
		free(index->memory);
	free(index->path);
	free(index);
}

struct error *index_create(void *memory, const void *block, size_t mapped, const char *path,
			   struct index **ret)
{
	_cleanup_free_ char *copy = strdup(path);
	struct index *index = calloc(1, sizeof(*index));

	if (!copy || !index) {
		free(index);
		return &error_no_memory;
	}
	*index = (struct index){ block, block, steal_ptr(&copy), memory, mapped };
	*ret = index;
	return NULL;
}

const void *index_array(const struct index *index, enum index_array array, size_t *ret_nr)
{
	const struct index_array_header *a = &index->header->arrays[array];

	*ret_nr = a->nr;
	return index->block + a->offset;
}

const char *index_path(const struct index *index)
{
	return index->path;
}

const struct build_id *index_build_id(const struct index *index)
{
	return &index->header->build_id;
}

bool index_is_module(const struct index *index)
{
	return index->header->is_module;
}

uint64_t index_base(const struct index *index)
{
	return index->header->base;
}

const struct index_point *index_points(const struct index *index, size_t *ret_nr)
{
	return index_array(index, INDEX_POINTS, ret_nr);
}

const struct index_function *index_functions(const struct index *index, size_t *ret_nr)
{
	return index_array(index, INDEX_FUNCTIONS, ret_nr);
}

/* One file more ends the last one. */
const struct index_file *index_files(const struct index *index, size_t *ret_nr)
{
	const struct index_file *files = index_array(index, INDEX_FILES, ret_nr);

	--*ret_nr;
	return files;
}

const struct index_section *index_sections(const struct index *index, size_t *ret_nr)
{
	return index_array(index, INDEX_SECTIONS, ret_nr);
}

const struct index_symbol *index_symbols(const struct index *index, size_t *ret_nr)
{
	return index_array(index, INDEX_SYMBOLS, ret_nr);
}

const struct index_call *index_calls(const struct index *index, size_t *ret_nr)
{
	return index_array(index, INDEX_CALLS, ret_nr);
}

const struct index_tail_call *index_tail_calls(const struct index *index, size_t *ret_nr)
{
	return index_array(index, INDEX_TAIL_CALLS, ret_nr);
}

const struct index_handoff *index_handoffs(const struct index *index, size_t *ret_nr)
{
	return index_array(index, INDEX_HANDOFFS, ret_nr);
}

const struct index_block *index_blocks(const struct index *index, size_t *ret_nr)
{
	return index_array(index, INDEX_BLOCKS, ret_nr);
}

const uint32_t *index_edges(const struct index *index, size_t *ret_nr)
{
	return index_array(index, INDEX_EDGES, ret_nr);
}

const struct index_group *index_groups(const struct index *index, size_t *ret_nr)
{
	const struct index_group *groups = index_array(index, INDEX_GROUPS, ret_nr);

	--*ret_nr;
	return groups;
}

const uint32_t *index_file_groups(const struct index *index, uint32_t file, size_t *ret_nr)
{
	size_t nr;
	const uint32_t *groups = index_array(index, INDEX_FILE_GROUPS, &nr);
	const struct index_file *f = &index_files(index, &nr)[file];

	*ret_nr = f[1].first_group - f[0].first_group;
	return groups + f->first_group;
}

const struct index_branch *index_branches(const struct index *index, size_t *ret_nr)
{
	return index_array(index, INDEX_BRANCHES, ret_nr);
}

const struct index_entry_line *index_entry_lines(const struct index *index, size_t *ret_nr)
{
	return index_array(index, INDEX_ENTRY_LINES, ret_nr);
}

const uint8_t *index_line_table(const struct index *index, size_t *ret_size)
{
	return index_array(index, INDEX_LINE_TABLE, ret_size);
}

const uint8_t *index_owners(const struct index *index, size_t *ret_size)
{
	return index_array(index, INDEX_OWNERS, ret_size);
}

const char *index_string(const struct index *index, uint32_t string)
{
	size_t size;

	return (const char *)index_array(index, INDEX_STRINGS, &size) + string;
}

const char *index_file_path(const struct index *index, uint32_t file)
{
	size_t nr;

	return file == INDEX_NONE ? NULL : index_string(index, index_files(index, &nr)[file].path);
}

const char *index_function_name(const struct index *index, uint32_t function)
{
	size_t nr;

	if (function == INDEX_NONE)
		return NULL;
	return index_string(index, index_functions(index, &nr)[function].name);
}

/* The elements of all arrays that are sorted by offset begin with the offset. */
static uint32_t offset_of(const void *array, size_t size, size_t i)
{
	uint32_t offset;

	memcpy(&offset, (const char *)array + i * size, sizeof(offset));
	return offset;
}

/* The last element that is not after offset, or INDEX_NONE. */
static uint32_t find_last(const void *array, size_t nr, size_t size, uint32_t offset)
{
	size_t after = search_first(nr, i, offset_of(array, size, i) > offset);

	return after ? after - 1 : INDEX_NONE;
}

uint32_t index_find_point(const struct index *index, uint32_t offset)
{
	size_t nr;
	const struct index_point *points = index_points(index, &nr);

	return find_last(points, nr, sizeof(*points), offset);
}

uint32_t index_find_call(const struct index *index, uint32_t offset)
{
	size_t nr;
	const struct index_call *calls = index_calls(index, &nr);

	return find_last(calls, nr, sizeof(*calls), offset);
}

uint32_t index_find_section(const struct index *index, uint32_t offset)
{
	size_t nr;
	const struct index_section *sections = index_sections(index, &nr);
	uint32_t i = find_last(sections, nr, sizeof(*sections), offset);

	return i != INDEX_NONE && offset - sections[i].offset < sections[i].size ? i : INDEX_NONE;
}

uint32_t index_find_block(const struct index *index, uint32_t offset)
{
	size_t nr, nr_blocks;
	const struct index_extent *extents = index_array(index, INDEX_EXTENTS, &nr);
	const struct index_block *blocks = index_blocks(index, &nr_blocks);
	uint32_t i = find_last(extents, nr, sizeof(*extents), offset);

	if (i == INDEX_NONE)
		return INDEX_NONE;
	blocks += extents[i].first_block;
	uint32_t b = find_last(blocks, extents[i].nr_blocks, sizeof(*blocks), offset);
	return b != INDEX_NONE && offset - blocks[b].offset < blocks[b].size
		       ? extents[i].first_block + b
		       : INDEX_NONE;
}

uint32_t index_block_group(const struct index *index, uint32_t block)
{
	size_t nr;
	const struct index_group *groups = index_groups(index, &nr);

	return search_first(nr, i, groups[i].first_block > block) - 1;
}

uint32_t index_find_name(const struct index *index, const char *name)
{
	size_t nr;
	const struct index_symbol *symbols = index_symbols(index, &nr);

	for (size_t i = 0; i < nr; i++)
		if (!(symbols[i].flags & INDEX_EXTERNAL) &&
		    !strcmp(index_string(index, symbols[i].name), name))
			return i;
	return INDEX_NONE;
}

/* The first of the symbols at the offset of this one: the one to show. */
static uint32_t first_alias(const struct index_symbol *symbols, size_t nr, uint32_t symbol)
{
	uint32_t offset = symbols[symbol].offset;

	if (!offset)
		return 0;
	uint32_t before = find_last(symbols, nr, sizeof(*symbols), offset - 1);
	return before == INDEX_NONE ? 0 : before + 1;
}

/* The same limit as in image_find_symbol(). */
#define SYMBOL_NESTING_MAX 64

uint32_t index_find_symbol(const struct index *index, uint32_t offset)
{
	size_t nr;
	const struct index_symbol *symbols = index_symbols(index, &nr);
	uint32_t i = find_last(symbols, nr, sizeof(*symbols), offset), label = INDEX_NONE;
	uint32_t section = index_find_section(index, offset);

	for (int n = 0; i != INDEX_NONE && n < SYMBOL_NESTING_MAX; n++) {
		i = first_alias(symbols, nr, i);
		const struct index_symbol *s = &symbols[i];
		if (offset - s->offset < s->size ||
		    (s->offset == offset && !(s->flags & INDEX_LABEL)))
			return i;
		if (label == INDEX_NONE && !s->size)
			label = i;
		i = i ? i - 1 : INDEX_NONE;
	}
	if (label == INDEX_NONE || section == INDEX_NONE ||
	    symbols[label].offset < index_sections(index, &nr)[section].offset)
		return INDEX_NONE;
	return label;
}
