// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Merge parts into one index. Ids follow the order of the parts, and the order
 * within each part, so the result does not depend on how the units were
 * distributed over parts. Functions that several units declare (inline functions
 * of headers) become one, and so do equal frames.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/pc_map.h"
#include "base/record_set.h"
#include "symbolize/index/private.h"

struct merge {
	struct index_draft *draft;
	const struct image *image;
	struct record_set files, functions, frames;
	struct pc_map symbols; /* symbol + 1: the function made from it, + 1 */
	/* from ids of the current part to ids of the draft */
	uint32_t *file_map, *function_map, *frame_map;
};

#define FILE_KEY     sizeof(uint32_t)
#define FUNCTION_KEY (3 * sizeof(uint32_t))
#define FRAME_KEY    sizeof(struct index_frame)

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

static struct error *merge_frame(struct merge *m, const struct index_frame *frame, uint32_t *ret)
{
	struct index_frame_vector *v = &m->draft->frames;

	*ret = record_set_find(&m->frames, v->data, sizeof(*frame), frame, FRAME_KEY);
	if (*ret != RECORD_NONE)
		return NULL;
	*ret = v->len;
	if (*ret == INDEX_NONE)
		return error_create(ERROR_UNSUPPORTED, "more than 2^32 frames");
	if (!index_frame_vector_append(v, frame) ||
	    !record_set_add(&m->frames, v->data, sizeof(*frame), FRAME_KEY, *ret))
		return &error_no_memory;
	return NULL;
}

/*
 * Make a function for code without a DIE: assembly, and functions that gcc found
 * to be equal to others. It gets the name of its symbol, and the file and line
 * of the first address that is merged.
 */
static struct error *symbol_function(struct merge *m, uint64_t address, uint32_t file,
				     uint32_t line, uint32_t *ret)
{
	size_t symbol, nr;

	*ret = INDEX_NONE;
	if (!image_find_symbol(m->image, address, &symbol))
		return NULL;
	uint64_t known = pc_map_get(&m->symbols, symbol + 1);
	if (known) {
		*ret = known - 1;
		return NULL;
	}
	const char *name = image_symbols(m->image, &nr)[symbol].name;
	struct error *err = merge_function(m, name, file, line, true, ret);
	if (!err && !pc_map_add(&m->symbols, symbol + 1, *ret + 1))
		err = &error_no_memory;
	return err;
}

static struct error *symbol_frame(struct merge *m, uint64_t address, uint32_t *ret)
{
	struct index_frame frame = { .file = INDEX_NONE, .outer = INDEX_NONE };

	struct error *err = symbol_function(m, address, INDEX_NONE, 0, &frame.function);
	return err ? err : merge_frame(m, &frame, ret);
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
	for (uint32_t i = 0; !err && i < part->functions.len; i++) {
		const struct part_function *f = &part->functions.data[i];

		err = merge_function(m, intern_string(part->strings, f->name),
				     map_id(m->file_map, f->file), f->line, f->has_body,
				     &m->function_map[i]);
	}
	return err;
}

static struct error *merge_frames(struct merge *m, const struct unit_part *part)
{
	struct error *err = NULL;

	for (uint32_t i = 0; !err && i < part->frames.len; i++) {
		const struct part_frame *f = &part->frames.data[i];
		struct index_frame frame = {
			.function = map_id(m->function_map, f->function),
			.file = map_id(m->file_map, f->file),
			.line = f->line,
			.column = f->column,
			/* an outer frame has a lower id, so it is mapped already */
			.outer = map_id(m->frame_map, f->outer),
		};

		err = merge_frame(m, &frame, &m->frame_map[i]);
	}
	return err;
}

/* If several units claim an address, the first one has it. */
static struct error *merge_places(struct merge *m, const struct wanted *wanted,
				  const struct unit_part *part, uint32_t *frames)
{
	vector_for_each(&part->places, place) {
		if (frames[place->address] != INDEX_NONE)
			continue;
		uint32_t id = m->frame_map[place->frame];
		struct index_frame frame = m->draft->frames.data[id];

		if (frame.function == INDEX_NONE) {
			struct error *err =
				symbol_function(m, wanted->addresses[place->address], frame.file,
						frame.line, &frame.function);
			if (!err)
				err = merge_frame(m, &frame, &id);
			if (err)
				return err;
		}
		frames[place->address] = id;
	}
	return NULL;
}

/* A range may begin before the code and end after it. */
static uint32_t clip_offset(const struct merge *m, uint64_t address)
{
	if (address < m->draft->base)
		return 0;
	return address - m->draft->base < UINT32_MAX ? address - m->draft->base : UINT32_MAX;
}

/* Rows lie in blocks, so in sections: index_draft_add_code() checked that their offsets fit. */
static bool merge_rows(struct merge *m, const struct unit_part *part)
{
	_Static_assert((int)INDEX_ROW_STMT == (int)PART_ROW_STMT &&
			       (int)INDEX_ROW_EXACT == (int)PART_ROW_EXACT &&
			       (int)INDEX_ROW_TAILS == (int)PART_ROW_TAILS,
		       "flags are taken over as they are");
	vector_for_each(&part->rows, r) {
		struct index_row row = { r->address - m->draft->base, map_id(m->file_map, r->file),
					 r->line, r->flags };

		if (!index_row_vector_append(&m->draft->rows, &row))
			return false;
	}
	vector_for_each(&part->spans, s) {
		struct index_span span = { clip_offset(m, s->start), clip_offset(m, s->end),
					   map_id(m->function_map, s->function),
					   map_id(m->file_map, s->file), s->line };

		if (!index_span_vector_append(&m->draft->spans, &span))
			return false;
	}
	return true;
}

static struct error *merge_part(struct merge *m, const struct wanted *wanted,
				const struct unit_part *part, uint32_t *frames)
{
	_cleanup_free_ uint32_t *files = calloc(intern_count(part->paths) + 1, sizeof(*files));
	_cleanup_free_ uint32_t *functions = calloc(part->functions.len + 1, sizeof(*functions));
	_cleanup_free_ uint32_t *frame_map = calloc(part->frames.len + 1, sizeof(*frame_map));

	if (!files || !functions || !frame_map)
		return &error_no_memory;
	m->file_map = files;
	m->function_map = functions;
	m->frame_map = frame_map;
	struct error *err = merge_names(m, part);
	if (!err)
		err = merge_frames(m, part);
	if (!err)
		err = merge_places(m, wanted, part, frames);
	if (!err && !merge_rows(m, part))
		err = &error_no_memory;
	return err;
}

/* Give each point the frame of its wanted address, or else a frame made from its symbol. */
static struct error *fill_points(struct merge *m, const struct wanted *wanted,
				 const uint32_t *frames)
{
	vector_for_each(&m->draft->points, point) {
		uint64_t address = m->draft->base + point->offset;
		size_t i = wanted_lower_bound(wanted, address);

		point->frame = INDEX_NONE;
		if (i < wanted->nr && wanted->addresses[i] == address)
			point->frame = frames[i];
		if (point->frame == INDEX_NONE) {
			struct error *err = symbol_frame(m, address, &point->frame);
			if (err)
				return err;
		}
	}
	return NULL;
}

struct error *index_merge(struct index_draft *draft, const struct image *image,
			  const struct wanted *wanted, const struct unit_part *parts,
			  size_t nr_parts, uint32_t *frames)
{
	struct merge m = { .draft = draft, .image = image };
	struct error *err = NULL;

	for (size_t i = 0; i < wanted->nr; i++)
		frames[i] = INDEX_NONE;
	for (size_t i = 0; !err && i < nr_parts; i++)
		err = merge_part(&m, wanted, &parts[i], frames);
	if (!err)
		err = fill_points(&m, wanted, frames);
	for (size_t i = 0; !err && i < wanted->nr; i++)
		if (frames[i] == INDEX_NONE)
			err = symbol_frame(&m, wanted->addresses[i], &frames[i]);
	if (!err)
		err = index_sort_rows(draft);
	record_set_deinit(&m.files);
	record_set_deinit(&m.functions);
	record_set_deinit(&m.frames);
	pc_map_deinit(&m.symbols);
	return err;
}
