// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Divide the code of a unit into places: pieces of one scope and one line-table
 * row. Of the scopes that contain an address, the deepest one has it.
 */
#include "base/layers.h"
#include "base/search.h"
#include "symbolize/image/unit.h"

/* The deepest first; of several, the first one in the debug info. */
static int compare_spans(const void *va, const void *vb)
{
	const struct unit_span *a = va, *b = vb;

	if (a->depth != b->depth)
		return compare_values(b->depth, a->depth);
	return compare_values(a->scope, b->scope);
}

static struct error *flatten_spans(struct unit *unit, struct layer_vector *ret)
{
	struct unit_span_vector *spans = &unit->spans;
	struct layer_vector layers = VECTOR_INIT;
	struct error *err = NULL;

	if (spans->len)
		qsort(spans->data, spans->len, sizeof(*spans->data), compare_spans);
	if (!layer_vector_reserve(&layers, spans->len))
		err = &error_no_memory;
	for (size_t i = 0; !err && i < spans->len; i++)
		layers.data[layers.len++] = (struct layer){
			spans->data[i].start,
			spans->data[i].end,
			spans->data[i].scope,
		};
	if (!err)
		err = layers_flatten(layers.data, layers.len, ret);
	layer_vector_deinit(&layers);
	return err;
}

/* A function without a declared file and line (made by the compiler) gets those of its code. */
static void guess_declaration(struct unit *unit, const struct part_place *place)
{
	if (place->scope == PART_NONE || place->file == PART_NONE)
		return;
	uint32_t function = unit->part->scopes.data[place->scope].function;
	if (function == PART_NONE)
		return;
	struct part_function *f = &unit->part->functions.data[function];
	if (!f->is_guessed || f->line)
		return;
	f->file = place->file;
	f->line = place->line;
}

static bool add_place(struct unit *unit, const struct part_place *place)
{
	const struct part_region *region = &unit->part->regions.data[unit->part->regions.len - 1];
	struct part_place_vector *places = &unit->part->places;
	const struct part_place *last = places->len ? &places->data[places->len - 1] : NULL;

	guess_declaration(unit, place);
	if (places->len > region->first_place && last->scope == place->scope &&
	    last->file == place->file && last->line == place->line && last->column == place->column)
		return true;
	return part_place_vector_append(places, place);
}

/* How far rows and pieces of scopes were used; both ascend. */
struct place_cursor {
	size_t row, piece;
};

/* Add the places of one range. Every step goes beyond a row or a border of a scope. */
static bool add_region(struct unit *unit, const struct address_range *range,
		       const struct layer_vector *pieces, struct place_cursor *cursor)
{
	const struct unit_row_vector *rows = &unit->rows;
	const struct part_region region = { range->start, range->end, unit->part->places.len };
	uint64_t next;
	bool ok = part_region_vector_append(&unit->part->regions, &region);

	for (uint64_t at = range->start; ok && at < range->end; at = next) {
		struct part_place place = { at - range->start, PART_NONE, PART_NONE, 0, 0 };

		next = range->end;
		while (cursor->row < rows->len && rows->data[cursor->row].row.address <= at)
			cursor->row++;
		if (cursor->row < rows->len && rows->data[cursor->row].row.address < next)
			next = rows->data[cursor->row].row.address;
		while (cursor->piece < pieces->len && pieces->data[cursor->piece].end <= at)
			cursor->piece++;
		if (cursor->piece < pieces->len) {
			const struct layer *piece = &pieces->data[cursor->piece];
			uint64_t border = piece->start > at ? piece->start : piece->end;

			next = border < next ? border : next;
			place.scope = piece->start > at ? PART_NONE : piece->id;
		}
		const struct unit_row *row = cursor->row ? &rows->data[cursor->row - 1] : NULL;
		if (row && !row->is_end) {
			place.file = row->row.file;
			place.line = row->row.line;
			place.column = row->column;
		}
		ok = add_place(unit, &place);
	}
	return ok;
}

struct error *unit_make_places(struct unit *unit)
{
	struct layer_vector pieces = VECTOR_INIT;
	struct place_cursor cursor = { 0 };

	struct error *err = flatten_spans(unit, &pieces);
	vector_for_each(&unit->ranges, range)
		if (!err && !add_region(unit, range, &pieces, &cursor))
			err = &error_no_memory;
	layer_vector_deinit(&pieces);
	return err;
}
