/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of small numbers in few bytes (varint.h). The reader checks bounds and remembers a failure,
 * so the bytes may come from a file, and a caller may check once for several numbers.
 */
#ifndef BASE_PACKED_H
#define BASE_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/varint.h"
#include "base/vector.h"

DEFINE_VECTOR(packed, uint8_t);

static inline bool packed_put(struct packed *p, uint64_t value)
{
	if (!packed_reserve(p, p->len + VARINT_MAX))
		return false;
	p->len += varint_put(p->data + p->len, value);
	return true;
}

static inline bool packed_put_signed(struct packed *p, int64_t value)
{
	return packed_put(p, zigzag_encode(value));
}

struct packed_reader {
	const uint8_t *next, *end;
	bool failed; /* the bytes ended within a number, or a number was too large */
};

static inline struct packed_reader packed_reader(const uint8_t *bytes, size_t size)
{
	return (struct packed_reader){ bytes, bytes + size, false };
}

/* 0, and failed is set, if there is no number. Then nothing is left to read. */
static inline uint64_t packed_get(struct packed_reader *r)
{
	uint64_t value;

	if (varint_get(&r->next, r->end, &value))
		return value;
	r->failed = true;
	r->next = r->end;
	return 0;
}

static inline int64_t packed_get_signed(struct packed_reader *r)
{
	return zigzag_decode(packed_get(r));
}

#endif
