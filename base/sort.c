// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/sort.h"

static uint64_t differing_bits(const uint64_t *keys, size_t nr)
{
	uint64_t differ = 0;

	for (size_t i = 1; i < nr; i++)
		differ |= keys[i] ^ keys[0];
	return differ;
}

/* A stable sort by one byte. */
static void sort_by_byte(uint64_t *to, const uint64_t *from, size_t nr, unsigned int shift)
{
	size_t next[257] = { 0 };

	for (size_t i = 0; i < nr; i++)
		next[(from[i] >> shift & 0xff) + 1]++;
	for (size_t i = 1; i < 257; i++)
		next[i] += next[i - 1];
	for (size_t i = 0; i < nr; i++)
		to[next[from[i] >> shift & 0xff]++] = from[i];
}

bool sort_keys(uint64_t *keys, size_t nr, unsigned int lowest_bit)
{
	uint64_t differ = differing_bits(keys, nr) >> lowest_bit << lowest_bit;

	if (!differ)
		return true;
	uint64_t *other = array_realloc(NULL, nr, sizeof(*other)), *from = keys, *to = other;
	if (!other)
		return false;
	for (unsigned int shift = lowest_bit; shift < 64; shift += 8) {
		if (!(differ >> shift & 0xff))
			continue;
		sort_by_byte(to, from, nr, shift);
		uint64_t *sorted = to;
		to = from;
		from = sorted;
	}
	if (from != keys)
		memcpy(keys, from, nr * sizeof(*keys));
	free(other);
	return true;
}
