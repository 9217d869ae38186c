/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A map from PC to how often it was recorded: an open-addressing hash table
 * that grows by doubling. 0 is not a PC and is not stored. Counts saturate at
 * 2^64-1. Not thread-safe. Zeroed memory is an empty map. The hash differs
 * between processes: PCs come from files, which may be crafted to collide.
 */
#ifndef BASE_PC_MAP_H
#define BASE_PC_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct pc_count {
	uint64_t pc;
	uint64_t count;
};

struct pc_map {
	struct pc_count *slots; /* pc 0 = free */
	size_t nr_slots;	/* 0 or a power of two */
	size_t len;		/* PCs stored */
	uint64_t seed;		/* seed of the hash; set with the first slots */
};

#define PC_MAP_INIT                                                                                \
	{                                                                                          \
		0                                                                                  \
	}

void pc_map_deinit(struct pc_map *map);
/* Remove all PCs, keep the memory. */
void pc_map_reset(struct pc_map *map);
/* Add count to pc. Returns false if memory runs out; the map is then unchanged. */
bool pc_map_add(struct pc_map *map, uint64_t pc, uint64_t count);
/* 0 if pc is not in the map. */
uint64_t pc_map_get(const struct pc_map *map, uint64_t pc);
/* All entries in ascending order of PC; the caller frees *ret (also when *ret_len is 0). */
struct error *pc_map_sorted(const struct pc_map *map, struct pc_count **ret, size_t *ret_len);
/* Iterate: start with *pos = 0; NULL at the end. Order is arbitrary. */
const struct pc_count *pc_map_next(const struct pc_map *map, size_t *pos);

#endif
