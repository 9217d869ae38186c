// SPDX-License-Identifier: GPL-2.0-or-later
/* Find the groups of blocks, the points and the PCs that lines of a few files depend on. */
#include "symbolize/coverage/scope.h"

#include <string.h>

#include "base/search.h"
#include "base/sort.h"
#include "symbolize/index/infer.h"
#include "symbolize/index/lines.h"
#include "symbolize/index/owners.h"

DEFINE_SORT(sort_numbers, uint32_t, *a < *b);
DEFINE_SORT(sort_pcs, struct pc_count, a->pc < b->pc);

void coverage_scope_destroy(struct coverage_scope *scope)
{
	if (!scope)
		return;
	for (size_t i = 0; scope->images && i < scope->nr_images; i++) {
		scope_numbers_deinit(&scope->images[i].files);
		scope_numbers_deinit(&scope->images[i].groups);
		scope_numbers_deinit(&scope->images[i].points);
		scope_numbers_deinit(&scope->images[i].pcs[0]);
		scope_numbers_deinit(&scope->images[i].pcs[1]);
	}
	free(scope->images);
	free(scope);
}

static bool add(struct scope_numbers *numbers, uint32_t number)
{
	return scope_numbers_append(numbers, &number);
}

static bool sort_unique(struct scope_numbers *numbers)
{
	size_t nr = 0;

	if (!sort_numbers(numbers->data, numbers->len))
		return false;
	vector_for_each(numbers, n)
		if (!nr || numbers->data[nr - 1] != *n)
			numbers->data[nr++] = *n;
	numbers->len = nr;
	return true;
}

static bool has(const struct scope_numbers *numbers, uint32_t number)
{
	size_t at = search_first(numbers->len, i, numbers->data[i] >= number);

	return at < numbers->len && numbers->data[at] == number;
}

void coverage_range_extend(const struct index *index, struct coverage_range *range)
{
	size_t nr;
	const struct index_file *file = &index_files(index, &nr)[range->file];
	const struct index_function *functions = index_functions(index, &nr);
	uint32_t begin = file[0].first_function, end = file[1].first_function;
	uint32_t from = begin + (uint32_t)search_first(end - begin, i,
						       functions[begin + i].line > range->first);
	uint32_t to = begin + (uint32_t)search_first(end - begin, i,
						     functions[begin + i].line > range->last);

	while (from > begin && !functions[from - 1].found)
		from--;
	while (to < end && !functions[to].found)
		to++;
	if (from > begin && functions[from - 1].line < range->first)
		range->first = functions[from - 1].line;
	range->last = to < end ? functions[to].line - 1 : UINT32_MAX;
}

/* What of one file of an index is asked for, as numbers of lines and of functions in the index. */
struct asked {
	const struct index *index;
	uint32_t first_line, end_line;
	uint32_t first_function, end_function;
};

static void find_lines(struct asked *a, const struct coverage_range *range)
{
	struct line_reader reader = line_reader(a->index, range->file);
	size_t nr;
	uint32_t number = index_files(a->index, &nr)[range->file].first_line;
	struct index_line line;

	a->first_line = a->end_line = number;
	for (; line_next(&reader, &line) && line.line <= range->last; a->end_line = ++number)
		if (line.line < range->first)
			a->first_line = number + 1;
}

static void find_functions(struct asked *a, const struct coverage_range *range)
{
	size_t nr;
	const struct index_file *file = &index_files(a->index, &nr)[range->file];
	const struct index_function *f = index_functions(a->index, &nr);
	uint32_t begin = file[0].first_function, end = file[1].first_function;

	a->first_function =
		begin + (uint32_t)search_first(end - begin, i, f[begin + i].line >= range->first);
	a->end_function =
		begin + (uint32_t)search_first(end - begin, i, f[begin + i].line > range->last);
}

static bool is_line_asked(const struct asked *a, uint32_t line)
{
	return line >= a->first_line && line < a->end_line;
}

/* A function, or one of whose entry block is a line that is asked for: an instance claims it. */
static bool is_function_asked(const struct asked *a, uint32_t function)
{
	size_t nr;
	const struct index_entry_line *lines = index_entry_lines(a->index, &nr);
	size_t at = search_first(nr, i, lines[i].function >= function);

	if (function >= a->first_function && function < a->end_function)
		return true;
	for (; at < nr && lines[at].function == function; at++)
		if (is_line_asked(a, lines[at].line))
			return true;
	return false;
}

static struct error *is_group_asked(const struct asked *a, uint32_t group, struct owner_run *run,
				    bool *ret)
{
	struct owner_reader lines = owner_reader(a->index, group, OWNERS_OF_LINES);
	struct owner_reader functions = owner_reader(a->index, group, OWNERS_OF_FUNCTIONS);
	struct error *err = NULL;
	bool more;

	*ret = false;
	while (!*ret && !(err = owner_next(&lines, run, &more)) && more)
		*ret = is_line_asked(a, run->id);
	if (*ret || err)
		return err;
	while (!*ret && !(err = owner_next(&functions, run, &more)) && more)
		*ret = is_function_asked(a, run->id);
	return err;
}

static struct error *add_range(struct coverage_scope_image *image, const struct index *index,
			       struct coverage_range range)
{
	struct asked asked = { .index = index };
	struct owner_run run = { 0 };
	struct error *err = NULL;
	size_t nr;

	coverage_range_extend(index, &range);
	find_lines(&asked, &range);
	find_functions(&asked, &range);
	const uint32_t *groups = index_file_groups(index, range.file, &nr);
	for (size_t i = 0; !err && i < nr; i++) {
		bool is_asked;

		err = is_group_asked(&asked, groups[i], &run, &is_asked);
		if (!err && is_asked && !add(&image->groups, groups[i]))
			err = &error_no_memory;
	}
	free(run.owners);
	if (!err && !add(&image->files, range.file))
		err = &error_no_memory;
	return err;
}

static bool find_points(struct coverage_scope_image *image, const struct index *index)
{
	struct index_graph graph = index_graph(index);

	for (size_t i = 0; image->has_points && i < graph.nr_points; i++)
		if (!add(&image->points, i))
			return false;
	vector_for_each(&image->groups, g) {
		uint32_t end = graph.groups[*g + 1].first_block;

		for (uint32_t b = graph.groups[*g].first_block; b < end; b++) {
			size_t first, nr = graph_block_points(&graph, &graph.blocks[b], &first);

			for (size_t i = first; i < first + nr; i++)
				if (!add(&image->points, i))
					return false;
		}
	}
	return sort_unique(&image->points);
}

static bool add_pcs(struct coverage_scope_image *image, uint32_t offset, uint32_t size)
{
	return add(&image->pcs[0], offset + size) && add(&image->pcs[1], offset);
}

/* If the call of a symbol was recorded, its point was executed: see index_symbol.tail_point. */
static bool find_tail_calls(struct coverage_scope_image *image, const struct index *index)
{
	size_t nr, nr_symbols;
	const struct index_symbol *symbols = index_symbols(index, &nr_symbols);
	const struct index_call *calls = index_calls(index, &nr);

	for (size_t i = 0; i < nr; i++) {
		uint32_t point = calls[i].target == INDEX_NONE
					 ? INDEX_NONE
					 : symbols[calls[i].target].tail_point;

		if (point != INDEX_NONE && has(&image->points, point) &&
		    !add_pcs(image, calls[i].offset, calls[i].size))
			return false;
	}
	return true;
}

static bool find_pcs(struct coverage_scope_image *image, const struct index *index)
{
	size_t nr;
	const struct index_point *points = index_points(index, &nr);

	vector_for_each(&image->points, p)
		if (points[*p].kind != INDEX_JUMP &&
		    !add_pcs(image, points[*p].offset, points[*p].size))
			return false;
	return find_tail_calls(image, index) && sort_unique(&image->pcs[0]) &&
	       sort_unique(&image->pcs[1]);
}

struct error *coverage_scope_create(const struct coverage_input_image *images, size_t nr_images,
				    const struct coverage_range *ranges, size_t nr_ranges,
				    const bool *points, struct coverage_scope **ret)
{
	_cleanup_(cleanup_coverage_scope) struct coverage_scope *scope = calloc(1, sizeof(*scope));
	struct error *err = NULL;

	if (!scope)
		return &error_no_memory;
	scope->images = calloc(nr_images + 1, sizeof(*scope->images));
	if (!scope->images)
		return &error_no_memory;
	scope->nr_images = nr_images;
	for (size_t i = 0; !err && i < nr_ranges; i++)
		err = add_range(&scope->images[ranges[i].image], images[ranges[i].image].index,
				ranges[i]);
	for (size_t i = 0; !err && i < nr_images; i++) {
		struct coverage_scope_image *image = &scope->images[i];

		image->has_points = points && points[i] && images[i].index;
		if (!image->files.len && !image->has_points)
			continue;
		if (!sort_unique(&image->files) || !sort_unique(&image->groups) ||
		    !find_points(image, images[i].index) || !find_pcs(image, images[i].index))
			err = &error_no_memory;
	}
	if (err)
		return err;
	*ret = steal_ptr(&scope);
	return NULL;
}

/* Append the PCs at these offsets, which ascend, from bias on. */
static bool select_at(const struct coverage_source *source, const uint32_t *offsets, size_t nr,
		      uint64_t bias, struct pc_count_vector *ret)
{
	const struct pc_count *pcs = source->pcs, *end = pcs + source->nr_pcs;

	for (size_t i = 0; i < nr && pcs < end;) {
		uint64_t pc = bias + offsets[i];

		/* Whichever of the two is behind catches up with the other. */
		pcs += search_first((size_t)(end - pcs), n, pcs[n].pc >= pc);
		if (pcs == end)
			break;
		if (pcs->pc == pc && !pc_count_vector_append(ret, pcs))
			return false;
		i += search_first(nr - i, n, bias + offsets[i + n] > pcs->pc - (pcs->pc != pc));
	}
	return true;
}

/* Code that a module frees after its init has an address of its own. */
static bool select_init(const struct coverage_source *source, const struct index *index,
			const struct scope_numbers *offsets, uint64_t init_base,
			struct pc_count_vector *ret)
{
	size_t nr;
	const struct index_section *sections = index_sections(index, &nr);

	for (size_t i = 0; init_base && i < nr; i++) {
		const struct index_section *s = &sections[i];
		size_t from = search_first(offsets->len, n, offsets->data[n] >= s->offset);
		size_t to = search_first(offsets->len, n,
					 offsets->data[n] > (uint64_t)s->offset + s->size);

		if (!s->is_known && from < to &&
		    !select_at(source, offsets->data + from, to - from, init_base - s->offset, ret))
			return false;
	}
	return true;
}

struct error *coverage_scope_select(const struct coverage_scope *scope,
				    const struct coverage_input_image *images,
				    const struct coverage_source *source,
				    struct pc_count_vector *ret)
{
	size_t nr = 0;

	ret->len = 0;
	for (size_t m = 0; m < source->nr_mappings; m++) {
		const struct coverage_mapping *mapping = &source->mappings[m];
		const struct scope_numbers *offsets =
			&scope->images[mapping->image].pcs[source->pcs_are_calls];
		const struct index *index = images[mapping->image].index;

		if (!offsets->len)
			continue;
		if (!select_at(source, offsets->data, offsets->len,
			       mapping->base + index_base(index), ret) ||
		    !select_init(source, index, offsets, mapping->init_base, ret))
			return &error_no_memory;
	}
	if (!sort_pcs(ret->data, ret->len))
		return &error_no_memory;
	vector_for_each(ret, pc)
		if (!nr || ret->data[nr - 1].pc != pc->pc)
			ret->data[nr++] = *pc;
	ret->len = nr;
	return NULL;
}
