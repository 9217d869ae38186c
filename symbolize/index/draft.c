// SPDX-License-Identifier: GPL-2.0-or-later
/* The draft of an index: collect what the machine code gives, then lay out the finished index. */
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/index/private.h"

/* The base of a vmlinux is the lowest address of its sections. The base of a module is 0. */
static uint64_t image_base(const struct image *image)
{
	size_t nr;
	const struct image_section *sections = image_sections(image, &nr);

	return nr && !image_is_module(image) ? sections[0].address : 0;
}

struct error *index_draft_init(struct index_draft *draft, const struct image *image)
{
	struct index_draft d = {
		.base = image_base(image),
		.is_module = image_is_module(image),
		.build_id = *image_build_id(image),
		.path = image_path(image),
	};
	uint32_t empty;

	struct error *err = intern_create(&d.strings);
	if (!err)
		err = intern_id(d.strings, "", &empty);
	if (err) {
		index_draft_deinit(&d);
		return err;
	}
	*draft = d;
	return NULL;
}

void index_draft_deinit(struct index_draft *draft)
{
	index_point_vector_deinit(&draft->points);
	index_function_vector_deinit(&draft->functions);
	index_file_vector_deinit(&draft->files);
	index_section_vector_deinit(&draft->sections);
	index_symbol_vector_deinit(&draft->symbols);
	index_call_vector_deinit(&draft->calls);
	index_tail_call_vector_deinit(&draft->tail_calls);
	index_handoff_vector_deinit(&draft->handoffs);
	index_block_vector_deinit(&draft->blocks);
	index_extent_vector_deinit(&draft->extents);
	index_edge_vector_deinit(&draft->edges);
	index_offset_vector_deinit(&draft->jumps);
	index_group_vector_deinit(&draft->groups);
	index_group_number_vector_deinit(&draft->file_groups);
	index_branch_vector_deinit(&draft->branches);
	index_entry_line_vector_deinit(&draft->entry_lines);
	packed_deinit(&draft->line_table);
	packed_deinit(&draft->owners);
	index_row_vector_deinit(&draft->rows);
	index_span_vector_deinit(&draft->spans);
	index_scope_vector_deinit(&draft->scopes);
	index_place_vector_deinit(&draft->places);
	index_place_chunk_vector_deinit(&draft->place_chunks);
	packed_deinit(&draft->packed_places);
	index_scope_chunk_vector_deinit(&draft->scope_chunks);
	packed_deinit(&draft->packed_scopes);
	intern_destroy(draft->strings);
}

static struct error *add_sections(struct index_draft *draft, const struct image *image)
{
	size_t nr;
	const struct image_section *sections = image_sections(image, &nr);

	for (size_t i = 0; i < nr; i++) {
		const struct image_section *s = &sections[i];
		struct index_section out = { .size = s->size, .is_known = s->is_known };
		uint64_t end = s->address - draft->base + s->size;

		if (end >= UINT32_MAX)
			return error_create(ERROR_UNSUPPORTED,
					    "'%s' has code more than 4 GiB apart",
					    image_path(image));
		out.offset = s->address - draft->base;
		struct error *err = intern_id(draft->strings, s->name, &out.name);
		if (err)
			return err;
		if (!index_section_vector_append(&draft->sections, &out))
			return &error_no_memory;
	}
	return NULL;
}

static struct error *add_symbols(struct index_draft *draft, const struct image *image,
				 const struct code *code)
{
	size_t nr;
	const struct image_symbol *symbols = image_symbols(image, &nr);

	for (size_t i = 0; i < nr; i++) {
		const struct image_symbol *s = &symbols[i];
		struct index_symbol out = { .size = s->size, .flags = code->symbol_flags[i] };
		bool may_end_elsewhere = out.flags & (INDEX_TAIL_INDIRECT | INDEX_TAIL_EXTERNAL);

		if (s->address - draft->base >= UINT32_MAX)
			return error_create(ERROR_UNSUPPORTED, "'%s' has too many symbols",
					    image_path(image));
		out.offset = s->address - draft->base;
		out.tail_point = code->tail_points[i] == CODE_MANY_POINTS || may_end_elsewhere
					 ? INDEX_NONE
					 : code->tail_points[i];
		out.flags |= s->is_external ? INDEX_EXTERNAL : 0;
		out.flags |= s->is_function ? 0 : INDEX_LABEL;
		struct error *err = intern_id(draft->strings, s->name, &out.name);
		if (err)
			return err;
		if (!index_symbol_vector_append(&draft->symbols, &out))
			return &error_no_memory;
	}
	return NULL;
}

static enum index_call_kind call_kind(enum code_kind kind)
{
	switch (kind) {
	case CODE_CALL:
		return INDEX_CALL;
	case CODE_JUMP:
		return INDEX_JUMP;
	case CODE_CALL_INDIRECT:
		return INDEX_CALL_INDIRECT;
	case CODE_EXIT:
		return INDEX_EXIT;
	}
	return INDEX_CALL;
}

struct error *index_draft_add_code(struct index_draft *draft, const struct image *image,
				   const struct code *code)
{
	_Static_assert((int)INDEX_TAIL_POINT == (int)CODE_TAIL_POINT &&
			       (int)INDEX_TAIL_INDIRECT == (int)CODE_TAIL_INDIRECT &&
			       (int)INDEX_TAIL_EXTERNAL == (int)CODE_TAIL_EXTERNAL &&
			       INDEX_NONE == CODE_NO_SYMBOL && INDEX_NONE == CODE_NO_POINT,
		       "symbol numbers and flags are taken over as they are");
	struct error *err = add_sections(draft, image);

	if (!err)
		err = add_symbols(draft, image, code);
	if (err)
		return err;
	vector_for_each(&code->points, p) {
		struct index_point out = { p->address - draft->base, p->size, call_kind(p->kind) };
		if (!index_point_vector_append(&draft->points, &out))
			return &error_no_memory;
	}
	vector_for_each(&code->calls, c) {
		struct index_call out = { c->address - draft->base, c->target, c->size,
					  call_kind(c->kind) };
		if (!index_call_vector_append(&draft->calls, &out))
			return &error_no_memory;
	}
	vector_for_each(&code->transfers, t) {
		uint32_t offset = t->address - draft->base;

		if (t->kind == INSN_JUMP && !index_offset_vector_append(&draft->jumps, &offset))
			return &error_no_memory;
	}
	return NULL;
}

struct error *index_draft_add_flow(struct index_draft *draft, const struct flow *flow)
{
	_Static_assert((int)INDEX_BLOCK_OPEN_IN == (int)FLOW_OPEN_IN &&
			       (int)INDEX_BLOCK_OPEN_OUT == (int)FLOW_OPEN_OUT &&
			       (int)INDEX_BLOCK_BRANCH == (int)FLOW_BRANCH &&
			       (int)INDEX_BLOCK_LEAVES == (int)FLOW_LEAVES &&
			       (int)INDEX_BLOCK_FAULTS == (int)FLOW_FAULTS &&
			       (int)INDEX_BLOCK_RETURNS == (int)FLOW_RETURNS &&
			       (int)INDEX_BLOCK_UNRECORDED == (int)FLOW_UNRECORDED,
		       "flags are taken over as they are");
	vector_for_each(&flow->blocks, b) {
		struct index_block out = { b->start - draft->base, b->size, b->flags, b->function,
					   b->first_edge };

		if (b->size > INDEX_BLOCK_SIZE_MAX)
			return error_create(ERROR_UNSUPPORTED,
					    "a basic block of more than 4 MiB in '%s'",
					    draft->path);
		if (!index_block_vector_append(&draft->blocks, &out))
			return &error_no_memory;
	}
	vector_for_each(&flow->edges, e)
		if (!index_edge_vector_append(&draft->edges, e))
			return &error_no_memory;
	return NULL;
}

/* Place the strings one after the other: string id begins at offsets[id]. */
static struct error *lay_out_strings(const struct intern *strings, uint32_t *offsets,
				     uint32_t *ret_size)
{
	uint64_t size = 0;

	for (uint32_t i = 0; i < intern_count(strings); i++) {
		offsets[i] = size;
		size += strlen(intern_string(strings, i)) + 1;
		if (size >= UINT32_MAX)
			return error_create(ERROR_UNSUPPORTED, "more than 4 GiB of names");
	}
	*ret_size = size;
	return NULL;
}

static void replace_strings(struct index_draft *d, const uint32_t *offsets)
{
	vector_for_each(&d->functions, f)
		f->name = offsets[f->name];
	vector_for_each(&d->files, f)
		f->path = offsets[f->path];
	vector_for_each(&d->sections, s)
		s->name = offsets[s->name];
	vector_for_each(&d->symbols, s)
		s->name = offsets[s->name];
}

struct draft_array {
	const void *data;
	size_t nr, size; /* size: of an element */
};

#define ARRAY(v) ((struct draft_array){ (v).data, (v).len, sizeof(*(v).data) })

/* An array of the draft: all but the strings. */
static struct draft_array draft_array(const struct index_draft *d, enum index_array array)
{
	switch (array) {
	case INDEX_POINTS:
		return ARRAY(d->points);
	case INDEX_FUNCTIONS:
		return ARRAY(d->functions);
	case INDEX_FILES:
		return ARRAY(d->files);
	case INDEX_SECTIONS:
		return ARRAY(d->sections);
	case INDEX_SYMBOLS:
		return ARRAY(d->symbols);
	case INDEX_CALLS:
		return ARRAY(d->calls);
	case INDEX_TAIL_CALLS:
		return ARRAY(d->tail_calls);
	case INDEX_HANDOFFS:
		return ARRAY(d->handoffs);
	case INDEX_BLOCKS:
		return ARRAY(d->blocks);
	case INDEX_EXTENTS:
		return ARRAY(d->extents);
	case INDEX_EDGES:
		return ARRAY(d->edges);
	case INDEX_GROUPS:
		return ARRAY(d->groups);
	case INDEX_FILE_GROUPS:
		return ARRAY(d->file_groups);
	case INDEX_BRANCHES:
		return ARRAY(d->branches);
	case INDEX_ENTRY_LINES:
		return ARRAY(d->entry_lines);
	case INDEX_LINE_TABLE:
		return ARRAY(d->line_table);
	case INDEX_OWNERS:
		return ARRAY(d->owners);
	case INDEX_PLACE_CHUNKS:
		return ARRAY(d->place_chunks);
	case INDEX_PLACES:
		return ARRAY(d->packed_places);
	case INDEX_SCOPE_CHUNKS:
		return ARRAY(d->scope_chunks);
	case INDEX_SCOPES:
		return ARRAY(d->packed_scopes);
	case INDEX_STRINGS:
	case INDEX_ARRAYS:
		break;
	}
	return (struct draft_array){ NULL, 0, 1 };
}

static void place_array(struct index_header *h, enum index_array array, size_t nr, size_t size)
{
	h->arrays[array] = (struct index_array_header){ nr, size, h->size };
	h->size = (h->size + nr * size + 7) & ~(uint64_t)7;
}

static void plan_block(const struct index_draft *d, uint32_t strings, struct index_header *h)
{
	*h = (struct index_header){
		.magic = INDEX_MAGIC,
		.version = INDEX_VERSION,
		.is_module = d->is_module,
		.base = d->base,
		.size = (sizeof(*h) + 7) & ~(uint64_t)7,
		.build_id = d->build_id,
	};
	for (int i = 0; i < INDEX_STRINGS; i++) {
		struct draft_array a = draft_array(d, i);

		place_array(h, i, a.nr, a.size);
	}
	place_array(h, INDEX_STRINGS, strings, 1);
}

static void copy_array(unsigned char *block, const struct index_header *h, enum index_array array,
		       const void *data)
{
	const struct index_array_header *a = &h->arrays[array];

	if (a->nr)
		memcpy(block + a->offset, data, (size_t)a->nr * a->size);
}

static void fill_block(unsigned char *block, const struct index_header *h,
		       const struct index_draft *d, const uint32_t *offsets)
{
	char *strings = (char *)block + h->arrays[INDEX_STRINGS].offset;

	memcpy(block, h, sizeof(*h));
	for (int i = 0; i < INDEX_STRINGS; i++)
		copy_array(block, h, i, draft_array(d, i).data);
	for (uint32_t i = 0; i < intern_count(d->strings); i++) {
		const char *s = intern_string(d->strings, i);

		memcpy(strings + offsets[i], s, strlen(s) + 1);
	}
}

struct error *index_draft_finish(struct index_draft *draft, struct index **ret)
{
	_cleanup_free_ uint32_t *offsets = calloc(intern_count(draft->strings), sizeof(*offsets));
	_cleanup_free_ unsigned char *block = NULL;
	struct index_header header;
	uint32_t strings;

	if (!offsets)
		return &error_no_memory;
	struct error *err = index_pack_frames(draft);
	if (!err)
		err = lay_out_strings(draft->strings, offsets, &strings);
	if (err)
		return err;
	replace_strings(draft, offsets);
	plan_block(draft, strings, &header);
	block = calloc(1, header.size);
	if (!block)
		return &error_no_memory;
	if (header.size >= HUGE_ARRAY_MIN)
		advise_huge(block, header.size);
	fill_block(block, &header, draft, offsets);
	err = index_create(block, block, 0, draft->path, ret);
	if (!err)
		steal_ptr(&block);
	return err;
}
