// SPDX-License-Identifier: GPL-2.0-or-later
/* Sort the rows and spans of a draft, and drop duplicates. */
#include <string.h>

#include "base/sort.h"
#include "symbolize/index/private.h"

static bool span_is_before(const struct index_span *a, const struct index_span *b)
{
	if (a->offset != b->offset)
		return a->offset < b->offset;
	if (a->end != b->end)
		return a->end > b->end;
	return memcmp(a, b, sizeof(*a)) < 0;
}

DEFINE_SORT(sort_spans, struct index_span, span_is_before(a, b));

/* The last row at an offset is active after it, so those of one offset must keep their order. */
static bool row_order(const struct index_row_vector *rows, struct line_key_vector *ret)
{
	if (!line_key_vector_reserve(ret, rows->len))
		return false;
	for (size_t i = 0; i < rows->len; i++)
		ret->data[i] = (uint64_t)rows->data[i].offset << 32 | i;
	ret->len = rows->len;
	return sort_keys(ret->data, ret->len, 32);
}

/* Add the rows of one offset: those from order[0] to order[nr - 1] that are ends, or the others. */
static void add_rows(struct index_row_vector *sorted, const struct index_row *rows,
		     const uint64_t *order, size_t nr, bool ends)
{
	for (size_t i = 0; i < nr; i++) {
		const struct index_row *row = &rows[(uint32_t)order[i]];

		if (index_row_is_end(row) == ends &&
		    (!sorted->len || memcmp(&sorted->data[sorted->len - 1], row, sizeof(*row))))
			sorted->data[sorted->len++] = *row;
	}
}

static bool sort_rows(struct index_row_vector *rows)
{
	struct index_row_vector sorted = VECTOR_INIT;
	struct line_key_vector order = VECTOR_INIT;
	bool ok = row_order(rows, &order) && index_row_vector_reserve(&sorted, rows->len);

	for (size_t i = 0, nr; ok && i < order.len; i += nr) {
		const uint64_t *first = &order.data[i];

		for (nr = 1; i + nr < order.len && first[nr] >> 32 == first[0] >> 32;)
			nr++;
		/* A sequence of another unit may end where this one begins. */
		add_rows(&sorted, rows->data, first, nr, true);
		add_rows(&sorted, rows->data, first, nr, false);
	}
	line_key_vector_deinit(&order);
	index_row_vector_deinit(ok ? rows : &sorted);
	if (ok)
		*rows = sorted;
	return ok;
}

struct error *index_sort_rows(struct index_draft *draft)
{
	struct index_span_vector *spans = &draft->spans;
	size_t nr = 0;

	if (draft->rows.len >= UINT32_MAX)
		return error_create(ERROR_UNSUPPORTED, "more than 2^32 rows in line tables");
	if (!sort_rows(&draft->rows) || !sort_spans(spans->data, spans->len))
		return &error_no_memory;
	for (size_t i = 0; i < spans->len; i++)
		if (!nr || memcmp(&spans->data[nr - 1], &spans->data[i], sizeof(*spans->data)))
			spans->data[nr++] = spans->data[i];
	spans->len = nr;
	return NULL;
}
