/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small numbers in few bytes: unsigned LEB128 (DWARF 5, 7.6), seven bits a byte. The reader checks
 * bounds, so the bytes may come from a file.
 */
#ifndef BASE_PACKED_H
#define BASE_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vector.h"

DEFINE_VECTOR(packed, uint8_t);

static inline bool packed_put(struct packed *p, uint64_t value)
{
	uint8_t bytes[10];
	size_t n = 0;

	do {
		bytes[n] = value & 0x7f;
		value >>= 7;
		bytes[n++] |= value ? 0x80 : 0;
	} while (value);
	if (!packed_reserve(p, p->len + n))
		return false;
	for (size_t i = 0; i < n; i++)
		p->data[p->len++] = bytes[i];
	return true;
}

/* A difference, which may be negative: its sign in the lowest bit. */
static inline bool packed_put_signed(struct packed *p, int64_t value)
{
	return packed_put(p, ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0));
}

struct packed_reader {
	const uint8_t *next, *end;
	bool failed; /* the bytes ended within a number, or a number was too large */
};

static inline struct packed_reader packed_reader(const uint8_t *bytes, size_t size)
{
	return (struct packed_reader){ bytes, bytes + size, false };
}

/* 0, and failed is set, if there is no number. */
static inline uint64_t packed_get(struct packed_reader *r)
{
	uint64_t value = 0;

	for (unsigned int shift = 0; r->next < r->end && shift < 64; shift += 7) {
		uint8_t byte = *r->next++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	r->failed = true;
	r->next = r->end;
	return 0;
}

static inline int64_t packed_get_signed(struct packed_reader *r)
{
	uint64_t value = packed_get(r);

	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

#endif
