/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays of addresses, and of ranges of them. Private to symbolize/. */
#ifndef SYMBOLIZE_IMAGE_ADDRESSES_H
#define SYMBOLIZE_IMAGE_ADDRESSES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/search.h"
#include "base/vector.h"

DEFINE_VECTOR(address_vector, uint64_t);

/* Sort in ascending order and drop duplicates. */
static inline void sort_addresses(struct address_vector *v)
{
	size_t nr = 0;

	if (v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_u64);
	for (size_t i = 0; i < v->len; i++)
		if (!nr || v->data[i] != v->data[nr - 1])
			v->data[nr++] = v->data[i];
	v->len = nr;
}

/* The index of the first element that is not below address; v->len if none is. v must ascend. */
static inline size_t find_address(const struct address_vector *v, uint64_t address)
{
	return search_first(v->len, i, v->data[i] >= address);
}

static inline bool has_address(const struct address_vector *v, uint64_t address)
{
	size_t i = find_address(v, address);

	return i < v->len && v->data[i] == address;
}

/* From start up to, but not including, end. */
struct address_range {
	uint64_t start, end;
};

DEFINE_VECTOR(address_range_vector, struct address_range);

/*
 * The index of the first range that ends after address; nr if none does. The
 * ranges must ascend and must not overlap.
 */
static inline size_t find_range(const struct address_range *ranges, size_t nr, uint64_t address)
{
	return search_first(nr, i, ranges[i].end > address);
}

static inline bool in_ranges(const struct address_range *ranges, size_t nr, uint64_t address)
{
	size_t i = find_range(ranges, nr, address);

	return i < nr && ranges[i].start <= address;
}

#endif
