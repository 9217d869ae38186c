// SPDX-License-Identifier: GPL-2.0-or-later
/* The map from PC to count: an open-addressing hash table. */
#include "base/pc_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/hash_seed.h"
#include "base/vector.h"

/* The finaliser of MurmurHash3, without its first shift. */
static size_t pc_hash(uint64_t pc, uint64_t seed)
{
	uint64_t h = (pc ^ seed) * 0xff51afd7ed558ccd;

	h = (h ^ h >> 32) * 0xc4ceb9fe1a85ec53;
	return h ^ h >> 32;
}

static struct pc_count *pc_map_slot(const struct pc_map *map, uint64_t pc)
{
	size_t mask = map->nr_slots - 1;
	size_t i = pc_hash(pc, map->seed) & mask;

	while (map->slots[i].pc && map->slots[i].pc != pc)
		i = (i + 1) & mask;
	return &map->slots[i];
}

void pc_map_deinit(struct pc_map *map)
{
	free(map->slots);
	*map = (struct pc_map)PC_MAP_INIT;
}

void pc_map_reset(struct pc_map *map)
{
	if (map->len)
		memset(map->slots, 0, map->nr_slots * sizeof(*map->slots));
	map->len = 0;
}

static bool pc_map_grow(struct pc_map *map)
{
	struct pc_map grown = {
		.nr_slots = map->nr_slots ? map->nr_slots * 2 : 64,
		.seed = map->nr_slots ? map->seed : hash_seed(),
	};

	grown.slots = calloc(grown.nr_slots, sizeof(*grown.slots));
	if (!grown.slots)
		return false;
	for (size_t i = 0; i < map->nr_slots; i++)
		if (map->slots[i].pc)
			*pc_map_slot(&grown, map->slots[i].pc) = map->slots[i];
	grown.len = map->len;
	free(map->slots);
	*map = grown;
	return true;
}

bool pc_map_add(struct pc_map *map, uint64_t pc, uint64_t count)
{
	if (!pc)
		return true;
	if ((map->len + 1) * 2 > map->nr_slots && !pc_map_grow(map))
		return false;
	struct pc_count *slot = pc_map_slot(map, pc);
	if (!slot->pc) {
		slot->pc = pc;
		map->len++;
	}
	if (__builtin_add_overflow(slot->count, count, &slot->count))
		slot->count = UINT64_MAX;
	return true;
}

uint64_t pc_map_get(const struct pc_map *map, uint64_t pc)
{
	return map->nr_slots && pc ? pc_map_slot(map, pc)->count : 0;
}

const struct pc_count *pc_map_next(const struct pc_map *map, size_t *pos)
{
	while (*pos < map->nr_slots) {
		const struct pc_count *slot = &map->slots[(*pos)++];

		if (slot->pc)
			return slot;
	}
	return NULL;
}

/*
 * One pass of a radix sort: from `from` to `to`, by the byte of the PC at shift, and otherwise in
 * the old order.
 */
static void sort_by_byte(const struct pc_count *from, size_t n, unsigned int shift,
			 struct pc_count *to)
{
	size_t starts[256] = { 0 }, next = 0;

	for (size_t i = 0; i < n; i++)
		starts[from[i].pc >> shift & 0xff]++;
	for (size_t i = 0; i < 256; i++) {
		size_t start = next;

		next += starts[i];
		starts[i] = start;
	}
	for (size_t i = 0; i < n; i++)
		to[starts[from[i].pc >> shift & 0xff]++] = from[i];
}

struct error *pc_map_sorted(const struct pc_map *map, struct pc_count **ret, size_t *ret_len)
{
	_cleanup_free_ struct pc_count *sorted = array_realloc(NULL, map->len, sizeof(*sorted));
	_cleanup_free_ struct pc_count *other = array_realloc(NULL, map->len, sizeof(*other));
	const struct pc_count *slot;
	uint64_t differing = 0;
	size_t n = 0;

	if (!sorted || !other)
		return &error_no_memory;
	for (size_t pos = 0; (slot = pc_map_next(map, &pos)); n++) {
		sorted[n] = *slot;
		differing |= slot->pc ^ sorted[0].pc;
	}
	/* The PCs of one kernel differ in three or four of their bytes. */
	for (unsigned int shift = 0; shift < 64; shift += 8) {
		if (!(differing >> shift & 0xff))
			continue;
		sort_by_byte(sorted, n, shift, other);
		struct pc_count *swap = sorted;
		sorted = other;
		other = swap;
	}
	*ret = steal_ptr(&sorted);
	*ret_len = n;
	return NULL;
}
