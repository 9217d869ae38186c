// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Merge parts into one index. Ids follow the order of the parts, and the order
 * within each part, so the result does not depend on how the units were
 * distributed over parts. Functions that several units declare (inline functions
 * of headers) become one.
 */
#include <malloc.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/pc_map.h"
#include "base/record_set.h"
#include "base/search.h"
#include "symbolize/index/private.h"

struct merge {
	struct index_draft *draft;
	const struct image *image;
	struct record_set files, functions;
	struct pc_map symbols; /* symbol + 1 of each that a function was made from */
	/* from ids of the current part to ids of the draft */
	uint32_t *file_map, *function_map;
};

/* It takes longer than merging some parts. */
#define PARTS_PER_TRIM 8

#define FILE_KEY       sizeof(uint32_t)
#define FUNCTION_KEY   (3 * sizeof(uint32_t))

static struct error *merge_file(struct merge *m, const char *path, uint32_t *ret)
{
	struct index_file_vector *v = &m->draft->files;
	struct index_file file = { 0 };

	struct error *err = intern_id(m->draft->strings, path, &file.path);
	if (err)
		return err;
	*ret = record_set_find(&m->files, v->data, sizeof(file), &file, FILE_KEY);
	if (*ret != RECORD_NONE)
		return NULL;
	*ret = v->len;
	if (!index_file_vector_append(v, &file) ||
	    !record_set_add(&m->files, v->data, sizeof(file), FILE_KEY, *ret))
		return &error_no_memory;
	return NULL;
}

static struct error *merge_function(struct merge *m, const char *name, uint32_t file, uint32_t line,
				    bool has_body, uint32_t *ret)
{
	struct index_function_vector *v = &m->draft->functions;
	struct index_function f = { .file = file, .line = line, .has_body = has_body };

	struct error *err = intern_id(m->draft->strings, name, &f.name);
	if (err)
		return err;
	*ret = record_set_find(&m->functions, v->data, sizeof(f), &f, FUNCTION_KEY);
	if (*ret != RECORD_NONE) {
		v->data[*ret].has_body |= has_body;
		return NULL;
	}
	*ret = v->len;
	if (!index_function_vector_append(v, &f) ||
	    !record_set_add(&m->functions, v->data, sizeof(f), FUNCTION_KEY, *ret))
		return &error_no_memory;
	return NULL;
}

static uint32_t map_id(const uint32_t *map, uint32_t id)
{
	return id == PART_NONE ? INDEX_NONE : map[id];
}

static struct error *merge_names(struct merge *m, const struct unit_part *part)
{
	struct error *err = NULL;

	for (uint32_t i = 0; !err && i < intern_count(part->paths); i++)
		err = merge_file(m, intern_string(part->paths, i), &m->file_map[i]);
	for (uint32_t i = 0; !err && i < part->md5s.len; i++)
		source_md5_join(&m->draft->files.data[m->file_map[i]].md5, &part->md5s.data[i]);
	for (uint32_t i = 0; !err && i < part->functions.len; i++) {
		const struct part_function *f = &part->functions.data[i];

		err = merge_function(m, intern_string(part->strings, f->name),
				     map_id(m->file_map, f->file), f->line, f->has_body,
				     &m->function_map[i]);
	}
	return err;
}

static struct error *merge_scopes(struct merge *m, const struct unit_part *part)
{
	uint32_t first = m->draft->scopes.len;
	struct error *err = NULL;

	for (uint32_t i = 0; !err && i < part->scopes.len; i++) {
		const struct part_scope *s = &part->scopes.data[i];
		struct index_scope scope = {
			.parent = s->parent == PART_NONE ? INDEX_NONE : first + s->parent,
			.function = map_id(m->function_map, s->function),
			.file = map_id(m->file_map, s->file),
			.line = s->line,
			.column = s->column,
		};

		if (!index_scope_vector_append(&m->draft->scopes, &scope))
			err = &error_no_memory;
	}
	return err;
}

/* A range may begin before the code and end after it. */
static uint32_t clip_offset(const struct merge *m, uint64_t address)
{
	if (address < m->draft->base)
		return 0;
	return address - m->draft->base < UINT32_MAX ? address - m->draft->base : UINT32_MAX;
}

/* Rows lie in blocks, so in sections: index_draft_add_code() checked that their offsets fit. */
static void merge_rows(struct merge *m, struct unit_part *part)
{
	_Static_assert((int)INDEX_ROW_STMT == (int)PART_ROW_STMT &&
			       (int)INDEX_ROW_EXACT == (int)PART_ROW_EXACT &&
			       (int)INDEX_ROW_TAILS == (int)PART_ROW_TAILS,
		       "flags are taken over as they are");
	vector_for_each(&part->rows, r) {
		struct index_row row = { r->address - m->draft->base, map_id(m->file_map, r->file),
					 r->line, r->flags };

		index_row_vector_append(&m->draft->rows, &row); /* index_merge() made room */
	}
	vector_for_each(&part->spans, s) {
		struct index_span span = { clip_offset(m, s->start), clip_offset(m, s->end),
					   map_id(m->function_map, s->function),
					   map_id(m->file_map, s->file), s->line };

		index_span_vector_append(&m->draft->spans, &span);
	}
	part_row_vector_deinit(&part->rows);
	part_span_vector_deinit(&part->spans);
}

/* All code of the symbol is that of the function, out of line. */
static bool add_symbol_span(struct merge *m, const struct image_symbol *s, uint32_t function)
{
	const struct index_span span = { clip_offset(m, s->address),
					 clip_offset(m, s->address + s->size), function, INDEX_NONE,
					 0 };

	return span.offset >= span.end || index_span_vector_append(&m->draft->spans, &span);
}

/*
 * Make functions for points without a DIE: of assembly, of functions that gcc found
 * to be equal to others, and of most functions with clang -g1. Such a function gets the name of its
 * symbol, and the file and line of its first point. It may be one that exists inlined elsewhere.
 */
static struct error *add_symbol_functions(void *arg, const struct index_place *place, uint32_t end)
{
	struct merge *m = arg;
	const struct index_point_vector *points = &m->draft->points;
	size_t i = search_first(points->len, n, points->data[n].offset >= place->offset);
	struct error *err = NULL;

	for (; !err && i < points->len && points->data[i].offset < end; i++) {
		size_t symbol, nr;
		uint32_t id;

		if (!image_find_symbol(m->image, m->draft->base + points->data[i].offset,
				       &symbol) ||
		    pc_map_get(&m->symbols, symbol + 1))
			continue;
		if (!pc_map_add(&m->symbols, symbol + 1, 1))
			return &error_no_memory;
		const struct image_symbol *s = &image_symbols(m->image, &nr)[symbol];
		err = merge_function(m, s->name, place->file, place->line, true, &id);
		if (!err && !add_symbol_span(m, s, id))
			err = &error_no_memory;
	}
	return err;
}

static struct error *merge_part(struct merge *m, struct unit_part *part, struct merged_part *ret)
{
	_cleanup_free_ uint32_t *functions = calloc(part->functions.len + 1, sizeof(*functions));

	ret->part = part;
	ret->first_scope = m->draft->scopes.len;
	ret->file_map = calloc(intern_count(part->paths) + 1, sizeof(*ret->file_map));
	if (!functions || !ret->file_map)
		return &error_no_memory;
	m->file_map = ret->file_map;
	m->function_map = functions;
	struct error *err = merge_names(m, part);
	if (!err)
		err = merge_scopes(m, part);
	if (!err)
		merge_rows(m, part);
	return err;
}

static bool make_room(struct index_draft *draft, const struct unit_part *parts, size_t nr_parts)
{
	size_t rows = 0, spans = 0;

	for (size_t i = 0; i < nr_parts; i++) {
		rows += parts[i].rows.len;
		spans += parts[i].spans.len;
	}
	return index_row_vector_reserve(&draft->rows, rows) &&
	       index_span_vector_reserve(&draft->spans, spans);
}

struct error *index_merge(struct index_draft *draft, const struct image *image,
			  struct unit_part *parts, size_t nr_parts)
{
	_cleanup_free_ struct merged_part *merged = calloc(nr_parts + 1, sizeof(*merged));
	struct merge m = { .draft = draft, .image = image };
	struct error *err = merged && make_room(draft, parts, nr_parts) ? NULL : &error_no_memory;

	for (size_t i = 0; !err && i < nr_parts; i++) {
		err = merge_part(&m, &parts[i], &merged[i]);
		/* Rows and spans were most of the parts: back to the kernel. */
		if (i % PARTS_PER_TRIM == PARTS_PER_TRIM - 1)
			malloc_trim(0);
	}
	malloc_trim(0);
	if (!err)
		err = index_merge_places(draft, merged, nr_parts, add_symbol_functions, &m);
	for (size_t i = 0; merged && i < nr_parts; i++)
		free(merged[i].file_map);
	record_set_deinit(&m.files);
	record_set_deinit(&m.functions);
	pc_map_deinit(&m.symbols);
	return err;
}
