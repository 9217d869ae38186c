/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Integers in as few bytes as they need: unsigned LEB128 (DWARF 5, 7.6), 7 bits a
 * byte, the lowest first. Signed integers are zigzag-encoded, so that small ones
 * stay short: 0, -1, 1, -2 become 0, 1, 2, 3.
 *
 *	uint8_t bytes[VARINT_MAX];
 *	strbuf_add(sb, bytes, varint_put(bytes, value));
 *
 *	const uint8_t *p = data, *end = data + size;
 *	if (!varint_get(&p, end, &value)) ...
 */
#ifndef BASE_VARINT_H
#define BASE_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most bytes of one integer. */
#define VARINT_MAX 10

/* Encode v at p, which has room for VARINT_MAX bytes. Returns the number of bytes. */
static inline size_t varint_put(uint8_t *p, uint64_t v)
{
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		p[n++] = v | 0x80;
	p[n++] = v;
	return n;
}

/*
 * Decode the integer at *p and move *p behind it. Returns false if it does not end
 * before `end`, or has more than 64 bits; *p is then anywhere up to `end`.
 */
static inline bool varint_get(const uint8_t **p, const uint8_t *end, uint64_t *ret)
{
	uint64_t v = 0;

	for (unsigned int shift = 0; *p < end; shift += 7) {
		uint8_t byte = *(*p)++;

		if (shift == 63 && byte > 1)
			return false;
		v |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*ret = v;
			return true;
		}
	}
	return false;
}

static inline uint64_t zigzag_encode(int64_t v)
{
	return (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
}

static inline int64_t zigzag_decode(uint64_t v)
{
	return (int64_t)(v >> 1 ^ (v & 1 ? UINT64_MAX : 0));
}

#endif
