/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set over the elements of an array: finds the element whose first bytes
 * are equal to a key. The array belongs to its owner and may only grow.
 * Zeroed memory is an empty set.
 */
#ifndef BASE_RECORD_SET_H
#define BASE_RECORD_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct record_set {
	uint32_t *slots; /* element + 1, 0 = free */
	size_t nr_slots; /* 0 or a power of two */
	size_t len;
};

#define RECORD_NONE UINT32_MAX

void record_set_deinit(struct record_set *set);
/* Number of the element that starts with key, or RECORD_NONE. */
uint32_t record_set_find(const struct record_set *set, const void *array, size_t element_size,
			 const void *key, size_t key_size);
/* Add element number `element` of array. No other element of the set may have its key. */
bool record_set_add(struct record_set *set, const void *array, size_t element_size, size_t key_size,
		    uint32_t element);

#endif
