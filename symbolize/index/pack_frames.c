// SPDX-License-Identifier: GPL-2.0-or-later
/* Collect places, and pack scopes and places for index_frames_at(): see frames.h. */
#include "base/search.h"
#include "symbolize/index/private.h"

/* Whether only the offset differs. */
static bool same_code(const struct index_place *a, const struct index_place *b)
{
	return a->scope == b->scope && a->file == b->file && a->line == b->line &&
	       a->column == b->column;
}

bool draft_add_place(struct index_draft *draft, const struct index_place *place)
{
	struct index_place_vector *v = &draft->places;

	if (v->len && same_code(&v->data[v->len - 1], place))
		return true;
	return index_place_vector_append(v, place);
}

const struct index_place *draft_find_place(const struct index_draft *draft, uint32_t offset)
{
	const struct index_place_vector *v = &draft->places;
	size_t after = search_first(v->len, i, v->data[i].offset > offset);

	return after ? &v->data[after - 1] : NULL;
}

/* INDEX_NONE becomes 0. */
static bool put_id(struct packed *p, uint32_t id)
{
	return packed_put(p, (uint32_t)(id + 1));
}

static bool put_difference(struct packed *p, uint32_t value, uint32_t before)
{
	return packed_put_signed(p, (int64_t)value - before);
}

/* The declaration of the function of a scope. */
static void scope_declaration(const struct index_draft *d, uint32_t scope, uint32_t *ret_file,
			      uint32_t *ret_line)
{
	uint32_t function = scope == INDEX_NONE ? INDEX_NONE : d->scopes.data[scope].function;

	*ret_file = INDEX_NONE;
	*ret_line = 0;
	if (function == INDEX_NONE)
		return;
	*ret_file = d->functions.data[function].file;
	*ret_line = d->functions.data[function].line;
}

static bool put_scope(struct index_draft *d, uint32_t id)
{
	const struct index_scope *scope = &d->scopes.data[id];
	struct packed *p = &d->packed_scopes;
	bool has_parent = scope->parent != INDEX_NONE;
	uint32_t start = p->len, file, line;

	scope_declaration(d, scope->parent, &file, &line);
	bool has_file = has_parent && scope->file != file;
	uint64_t head = (uint64_t)(has_parent ? id - scope->parent : 0) << SCOPE_BITS |
			(has_file ? SCOPE_FILE : 0);
	return (id % SCOPES_PER_CHUNK ||
		index_scope_chunk_vector_append(&d->scope_chunks, &start)) &&
	       packed_put(p, head) && put_id(p, scope->function) &&
	       (!has_file || put_id(p, scope->file)) &&
	       (!has_parent ||
		(put_difference(p, scope->line, line) && packed_put(p, scope->column)));
}

/* Put what differs from the place before. */
static bool put_place(struct index_draft *d, size_t number)
{
	const struct index_place *place = &d->places.data[number];
	struct packed *p = &d->packed_places;
	const struct index_place_chunk chunk = { place->offset, p->len };
	const struct index_place none = { place->offset, INDEX_NONE, INDEX_NONE, 0, 0 };
	bool is_first = number % PLACES_PER_CHUNK == 0;
	const struct index_place *before = is_first ? &none : place - 1;
	uint32_t file = before->file, line = before->line;
	unsigned int flags = 0;

	if (place->scope != before->scope) {
		flags |= PLACE_SCOPE;
		scope_declaration(d, place->scope, &file, &line);
	}
	flags |= place->file != file ? PLACE_FILE : 0;
	flags |= place->line != line ? PLACE_LINE : 0;
	return (!is_first || index_place_chunk_vector_append(&d->place_chunks, &chunk)) &&
	       packed_put(p, (uint64_t)(place->offset - before->offset) << PLACE_BITS | flags) &&
	       (!(flags & PLACE_SCOPE) || put_difference(p, place->scope + 1, before->scope + 1)) &&
	       (!(flags & PLACE_FILE) || put_id(p, place->file)) &&
	       (!(flags & PLACE_LINE) || put_difference(p, place->line, line)) &&
	       packed_put(p, place->column);
}

struct error *index_pack_frames(struct index_draft *draft)
{
	bool ok = true;

	for (size_t i = 0; ok && i < draft->scopes.len; i++)
		ok = put_scope(draft, i);
	for (size_t i = 0; ok && i < draft->places.len; i++)
		ok = put_place(draft, i);
	if (!ok)
		return &error_no_memory;
	if (draft->scopes.len >= UINT32_MAX || draft->packed_scopes.len >= UINT32_MAX ||
	    draft->packed_places.len >= UINT32_MAX)
		return error_create(ERROR_UNSUPPORTED, "more than 4 GiB of frames");
	/* They are large, and not needed any more. */
	index_scope_vector_deinit(&draft->scopes);
	index_place_vector_deinit(&draft->places);
	return NULL;
}
