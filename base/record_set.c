// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds elements of an array by their first bytes: a hash table of element numbers. */
#include "base/record_set.h"

#include <stdlib.h>
#include <string.h>

void record_set_deinit(struct record_set *set)
{
	free(set->slots);
	*set = (struct record_set){ 0 };
}

/* FNV-1a over 32-bit words: keys are arrays of them. */
static size_t hash_key(const void *key, size_t size)
{
	uint64_t h = 0xcbf29ce484222325;
	uint32_t word;

	for (size_t i = 0; i + sizeof(word) <= size; i += sizeof(word)) {
		memcpy(&word, (const char *)key + i, sizeof(word));
		h = (h ^ word) * 0x100000001b3;
	}
	return h ^ h >> 29;
}

static const void *element_at(const void *array, size_t element_size, uint32_t element)
{
	return (const char *)array + element * element_size;
}

/* The slot that holds key, or the free slot to store it in. */
static size_t find_slot(const struct record_set *set, const void *array, size_t element_size,
			const void *key, size_t key_size)
{
	size_t i = hash_key(key, key_size) & (set->nr_slots - 1);

	while (set->slots[i] &&
	       memcmp(element_at(array, element_size, set->slots[i] - 1), key, key_size))
		i = (i + 1) & (set->nr_slots - 1);
	return i;
}

uint32_t record_set_find(const struct record_set *set, const void *array, size_t element_size,
			 const void *key, size_t key_size)
{
	if (!set->nr_slots)
		return RECORD_NONE;
	return set->slots[find_slot(set, array, element_size, key, key_size)] - 1;
}

static bool grow(struct record_set *set, const void *array, size_t element_size, size_t key_size)
{
	struct record_set bigger = { .nr_slots = set->nr_slots ? set->nr_slots * 2 : 64 };

	bigger.slots = calloc(bigger.nr_slots, sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < set->nr_slots; i++) {
		if (!set->slots[i])
			continue;
		const void *key = element_at(array, element_size, set->slots[i] - 1);
		bigger.slots[find_slot(&bigger, array, element_size, key, key_size)] =
			set->slots[i];
	}
	bigger.len = set->len;
	free(set->slots);
	*set = bigger;
	return true;
}

bool record_set_add(struct record_set *set, const void *array, size_t element_size, size_t key_size,
		    uint32_t element)
{
	if (set->len * 2 >= set->nr_slots && !grow(set, array, element_size, key_size))
		return false;
	const void *key = element_at(array, element_size, element);
	set->slots[find_slot(set, array, element_size, key, key_size)] = element + 1;
	set->len++;
	return true;
}
