/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A number that cannot be known before the process starts, for hash tables whose keys come from
 * files. With a known hash, a file of a few MB can hold keys that all collide, and reading it
 * takes hours. No output may depend on the order of such a table.
 */
#ifndef BASE_HASH_SEED_H
#define BASE_HASH_SEED_H

#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

/* The same in the whole process. Comes from the kernel's 16 random bytes, getauxval(3)
 * AT_RANDOM. */
static inline uint64_t hash_seed(void)
{
	const void *bytes = (const void *)getauxval(AT_RANDOM);
	uint64_t seed = 0x9e3779b97f4a7c15;

	if (bytes)
		memcpy(&seed, bytes, sizeof(seed));
	return seed;
}

#endif
