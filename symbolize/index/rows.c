// SPDX-License-Identifier: GPL-2.0-or-later
/* Sort the rows and spans of a draft, and drop duplicates. */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "symbolize/index/private.h"

/* The last row at an address is active after it, so the sort must keep their order. */
struct placed_row {
	struct index_row row;
	uint32_t order;
};

static int compare_rows(const void *va, const void *vb)
{
	const struct placed_row *a = va, *b = vb;

	if (a->row.offset != b->row.offset)
		return compare_values(a->row.offset, b->row.offset);
	return compare_values(a->order, b->order);
}

static int compare_spans(const void *va, const void *vb)
{
	const struct index_span *a = va, *b = vb;

	if (a->offset != b->offset)
		return compare_values(a->offset, b->offset);
	if (a->end != b->end)
		return compare_values(b->end, a->end);
	return memcmp(a, b, sizeof(*a));
}

static struct error *sort_rows(struct index_row_vector *rows)
{
	_cleanup_free_ struct placed_row *sorted = calloc(rows->len + 1, sizeof(*sorted));

	if (!sorted)
		return &error_no_memory;
	for (size_t i = 0; i < rows->len; i++)
		sorted[i] = (struct placed_row){ rows->data[i], i };
	qsort(sorted, rows->len, sizeof(*sorted), compare_rows);
	size_t nr = 0;
	for (size_t i = 0; i < rows->len; i++)
		if (!nr || memcmp(&rows->data[nr - 1], &sorted[i].row, sizeof(sorted[i].row)))
			rows->data[nr++] = sorted[i].row;
	rows->len = nr;
	return NULL;
}

struct error *index_sort_rows(struct index_draft *draft)
{
	struct index_span_vector *spans = &draft->spans;
	size_t nr = 0;

	struct error *err = sort_rows(&draft->rows);
	if (err)
		return err;
	if (spans->len)
		qsort(spans->data, spans->len, sizeof(*spans->data), compare_spans);
	for (size_t i = 0; i < spans->len; i++)
		if (!nr || memcmp(&spans->data[nr - 1], &spans->data[i], sizeof(*spans->data)))
			spans->data[nr++] = spans->data[i];
	spans->len = nr;
	return NULL;
}
