// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The borders of all layers divide the addresses into cells. Each layer, from the
 * top down, takes the cells in it that are free. A union-find structure skips the
 * cells that are taken, so each is visited about once.
 */
#include "base/layers.h"

#include "base/cleanup.h"
#include "base/search.h"

struct cells {
	uint64_t *borders; /* cell i is from borders[i] to borders[i + 1] */
	size_t nr_borders;
	uint32_t *owners; /* layer + 1; 0 = none */
	uint32_t *next;	  /* a cell at or after this one that may be free */
};

static void cells_deinit(struct cells *cells)
{
	free(cells->borders);
	free(cells->owners);
	free(cells->next);
}

static bool cells_init(struct cells *cells, const struct layer *layers, size_t nr)
{
	uint64_t *borders = calloc(2 * nr + 1, sizeof(*borders));
	size_t all = 0, distinct = 0;

	*cells = (struct cells){ .borders = borders };
	if (!borders)
		return false;
	for (size_t i = 0; i < nr; i++) {
		if (layers[i].start >= layers[i].end)
			continue;
		borders[all++] = layers[i].start;
		borders[all++] = layers[i].end;
	}
	qsort(borders, all, sizeof(*borders), compare_u64);
	for (size_t i = 0; i < all; i++)
		if (!distinct || borders[i] != borders[distinct - 1])
			borders[distinct++] = borders[i];
	cells->nr_borders = distinct;
	cells->owners = calloc(distinct + 1, sizeof(*cells->owners));
	cells->next = calloc(distinct + 1, sizeof(*cells->next));
	if (!cells->owners || !cells->next)
		return false;
	for (size_t i = 0; i <= distinct; i++)
		cells->next[i] = i;
	return true;
}

/* The first free cell that is not before this one. */
static size_t first_free(struct cells *cells, size_t cell)
{
	uint32_t *next = cells->next;

	while (next[cell] != cell) {
		next[cell] = next[next[cell]];
		cell = next[cell];
	}
	return cell;
}

static size_t find_border(const struct cells *cells, uint64_t address)
{
	return search_first(cells->nr_borders, i, cells->borders[i] >= address);
}

static void take_cells(struct cells *cells, const struct layer *layer, uint32_t number)
{
	if (layer->start >= layer->end)
		return;
	size_t end = find_border(cells, layer->end);

	for (size_t i = first_free(cells, find_border(cells, layer->start)); i < end;
	     i = first_free(cells, i)) {
		cells->owners[i] = number + 1;
		cells->next[i] = i + 1;
	}
}

static bool append_cell(const struct cells *cells, size_t cell, const struct layer *layers,
			struct layer_vector *ret)
{
	struct layer *last = ret->len ? &ret->data[ret->len - 1] : NULL;
	struct layer piece = { cells->borders[cell], cells->borders[cell + 1],
			       layers[cells->owners[cell] - 1].id };

	if (last && last->end == piece.start && last->id == piece.id) {
		last->end = piece.end;
		return true;
	}
	return layer_vector_append(ret, &piece);
}

struct error *layers_flatten(const struct layer *layers, size_t nr, struct layer_vector *ret)
{
	struct cells cells;

	if (nr >= UINT32_MAX / 2)
		return error_create(ERROR_UNSUPPORTED, "more than 2^31 ranges");
	bool ok = cells_init(&cells, layers, nr);
	for (size_t i = 0; ok && i < nr; i++)
		take_cells(&cells, &layers[i], i);
	for (size_t i = 0; ok && i < cells.nr_borders; i++)
		if (cells.owners[i])
			ok = append_cell(&cells, i, layers, ret);
	cells_deinit(&cells);
	return ok ? NULL : &error_no_memory;
}
