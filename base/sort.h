/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sorting where qsort(3) is too slow. It calls a function to compare, and copies elements of sizes
 * that it does not know: for millions of records that took as long as reading them.
 *
 *	DEFINE_SORT(sort_spans, struct span, a->start < b->start);
 *	if (!sort_spans(v.data, v.len))
 *		return &error_no_memory;
 *
 * DEFINE_SORT(name, type, before) defines a function that sorts an array of `type`. `before` is an
 * expression that is true if *a has to come before *b; both are type const *. The sort is stable,
 * takes n log n steps, n if the array is sorted already, and memory for a copy of the array. The
 * function returns false if there is no memory; then the array is unchanged.
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/vector.h"

/* Pieces of this size are sorted by insertion. */
#define SORT_PIECE 8

/* Pieces are merged in pairs, from one array into the other, until one piece is left. */
#define DEFINE_SORT(name, type, before)                                                            \
	static inline bool name##_before(type const *a, type const *b)                             \
	{                                                                                          \
		return before;                                                                     \
	}                                                                                          \
	static inline bool name##_is_sorted(type const *data, size_t nr)                           \
	{                                                                                          \
		for (size_t i = 1; i < nr; i++)                                                    \
			if (name##_before(&data[i], &data[i - 1]))                                 \
				return false;                                                      \
		return true;                                                                       \
	}                                                                                          \
	static inline void name##_insertion(type *data, size_t nr)                                 \
	{                                                                                          \
		for (size_t i = 1; i < nr; i++) {                                                  \
			type value = data[i];                                                      \
			size_t at = i;                                                             \
                                                                                                   \
			for (; at && name##_before(&value, &data[at - 1]); at--)                   \
				data[at] = data[at - 1];                                           \
			data[at] = value;                                                          \
		}                                                                                  \
	}                                                                                          \
	static inline void name##_merge(type *to, type const *a, size_t nr_a, type const *b,       \
					size_t nr_b)                                               \
	{                                                                                          \
		if (!nr_b || !name##_before(b, &a[nr_a - 1])) {                                    \
			memcpy(to, a, (nr_a + nr_b) * sizeof(*to)); /* b follows a */              \
			return;                                                                    \
		}                                                                                  \
		while (nr_a && nr_b) {                                                             \
			if (name##_before(b, a)) {                                                 \
				*to++ = *b++;                                                      \
				nr_b--;                                                            \
			} else {                                                                   \
				*to++ = *a++;                                                      \
				nr_a--;                                                            \
			}                                                                          \
		}                                                                                  \
		memcpy(to, nr_a ? a : b, (nr_a + nr_b) * sizeof(*to));                             \
	}                                                                                          \
	__attribute__((unused)) static bool name(type *data, size_t nr)                            \
	{                                                                                          \
		if (name##_is_sorted(data, nr))                                                    \
			return true;                                                               \
		if (nr <= SORT_PIECE) {                                                            \
			name##_insertion(data, nr);                                                \
			return true;                                                               \
		}                                                                                  \
		type *other = array_realloc(NULL, nr, sizeof(*other)), *from = data, *to = other;  \
		if (!other)                                                                        \
			return false;                                                              \
		for (size_t i = 0; i < nr; i += SORT_PIECE)                                        \
			name##_insertion(&data[i], nr - i < SORT_PIECE ? nr - i : SORT_PIECE);     \
		for (size_t size = SORT_PIECE; size < nr; size *= 2) {                             \
			for (size_t i = 0; i < nr; i += 2 * size) {                                \
				size_t a = nr - i < size ? nr - i : size;                          \
				size_t b = nr - i - a < size ? nr - i - a : size;                  \
                                                                                                   \
				name##_merge(&to[i], &from[i], a, &from[i + a], b);                \
			}                                                                          \
			type *sorted = to;                                                         \
			to = from;                                                                 \
			from = sorted;                                                             \
		}                                                                                  \
		if (from != data)                                                                  \
			memcpy(data, from, nr * sizeof(*data));                                    \
		free(other);                                                                       \
		return true;                                                                       \
	}                                                                                          \
	struct name##_semicolon

/*
 * Sort keys ascending by their bits from lowest_bit up: a stable radix sort, a step for each key
 * and each byte in which keys differ. False: no memory; then they are unchanged.
 */
bool sort_keys(uint64_t *keys, size_t nr, unsigned int lowest_bit);

#endif
