// SPDX-License-Identifier: GPL-2.0-or-later
/* Put the places of all units together. */
#include "base/cleanup.h"
#include "base/layers.h"
#include "base/search.h"
#include "symbolize/index/private.h"

/* A region of a part. */
struct merged_region {
	uint32_t part;
	size_t region;
};

DEFINE_VECTOR(merged_region_vector, struct merged_region);

struct region_merge {
	struct index_draft *draft;
	const struct merged_part *parts;
	nameless_code *nameless;
	void *arg;
	struct merged_region_vector regions;
	struct layer_vector layers; /* of the regions; the first unit's are on top */
	struct layer_vector pieces;
};

static bool add_layers(struct region_merge *m, uint32_t part)
{
	const struct part_region_vector *regions = &m->parts[part].part->regions;

	for (size_t i = 0; i < regions->len; i++) {
		const struct part_region *r = &regions->data[i];
		const struct merged_region merged = { part, i };
		const struct layer layer = { r->start, r->end, m->regions.len };

		if (!merged_region_vector_append(&m->regions, &merged) ||
		    !layer_vector_append(&m->layers, &layer))
			return false;
	}
	return true;
}

static struct error *add_place(const struct region_merge *m, const struct merged_part *part,
			       uint64_t start, uint64_t end, const struct part_place *p)
{
	const struct index_scope *scopes = m->draft->scopes.data;
	/* Regions lie in sections: index_draft_add_code() checked that their offsets fit. */
	const struct index_place place = {
		.offset = start - m->draft->base,
		.scope = p->scope == PART_NONE ? INDEX_NONE : part->first_scope + p->scope,
		.file = p->file == PART_NONE ? INDEX_NONE : part->file_map[p->file],
		.line = p->line,
		.column = p->column,
	};

	if (!draft_add_place(m->draft, &place))
		return &error_no_memory;
	if (place.file == INDEX_NONE ||
	    (place.scope != INDEX_NONE && scopes[place.scope].function != INDEX_NONE))
		return NULL;
	return m->nameless(m->arg, &place, end - m->draft->base);
}

/* Add the places of the visible piece of a region. */
static struct error *add_piece(const struct region_merge *m, const struct layer *piece)
{
	const struct merged_region *merged = &m->regions.data[piece->id];
	const struct merged_part *part = &m->parts[merged->part];
	const struct part_region_vector *regions = &part->part->regions;
	const struct part_region *region = &regions->data[merged->region];
	size_t end =
		merged->region + 1 < regions->len ? region[1].first_place : part->part->places.len;
	const struct part_place *places = part->part->places.data + region->first_place;
	size_t nr = end - region->first_place;
	struct error *err = NULL;

	/* The region begins with a place, so one is active where the piece begins. */
	size_t i = search_first(nr, n, region->start + places[n].offset > piece->start) - 1;
	for (uint64_t at = piece->start, next; !err && at < piece->end; at = next, i++) {
		next = i + 1 < nr ? region->start + places[i + 1].offset : piece->end;
		next = next < piece->end ? next : piece->end;
		err = add_place(m, part, at, next, &places[i]);
	}
	return err;
}

static struct error *add_pieces(const struct region_merge *m)
{
	const struct layer_vector *pieces = &m->pieces;
	struct error *err = NULL;

	for (size_t i = 0; !err && i < pieces->len; i++) {
		const struct layer *piece = &pieces->data[i];
		const struct index_place none = { piece->end - m->draft->base, INDEX_NONE,
						  INDEX_NONE, 0, 0 };

		err = add_piece(m, piece);
		if (!err && (i + 1 == pieces->len || pieces->data[i + 1].start > piece->end) &&
		    !draft_add_place(m->draft, &none))
			err = &error_no_memory;
	}
	return err;
}

struct error *index_merge_places(struct index_draft *draft, const struct merged_part *parts,
				 size_t nr_parts, nameless_code *nameless, void *arg)
{
	struct region_merge m = {
		.draft = draft,
		.parts = parts,
		.nameless = nameless,
		.arg = arg,
	};
	bool ok = true;

	for (size_t i = 0; ok && i < nr_parts; i++)
		ok = add_layers(&m, i);
	struct error *err =
		ok ? layers_flatten(m.layers.data, m.layers.len, &m.pieces) : &error_no_memory;
	if (!err)
		err = add_pieces(&m);
	merged_region_vector_deinit(&m.regions);
	layer_vector_deinit(&m.layers);
	layer_vector_deinit(&m.pieces);
	return err;
}
