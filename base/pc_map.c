// SPDX-License-Identifier: GPL-2.0-or-later
/* The map from PC to count: an open-addressing hash table. */
#include "base/pc_map.h"

#include <stdlib.h>
#include <string.h>

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

static int compare_pc(const void *a, const void *b)
{
	const struct pc_count *x = a, *y = b;

	return x->pc < y->pc ? -1 : x->pc > y->pc;
}

struct error *pc_map_sorted(const struct pc_map *map, struct pc_count **ret, size_t *ret_len)
{
	struct pc_count *sorted = array_realloc(NULL, map->len, sizeof(*sorted));
	const struct pc_count *slot;
	size_t n = 0;

	if (!sorted)
		return &error_no_memory;
	for (size_t pos = 0; (slot = pc_map_next(map, &pos));)
		sorted[n++] = *slot;
	qsort(sorted, n, sizeof(*sorted), compare_pc);
	*ret = sorted;
	*ret_len = n;
	return NULL;
}
