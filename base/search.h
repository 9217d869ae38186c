/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binary search, and comparisons for qsort(3).
 *
 * search_first(nr, i, reached) is the lowest number i below nr for which `reached`, an expression
 * with i in it, is true; nr if there is none. `reached` must then be true for all higher numbers
 * too. It is evaluated about log2(nr) times. i is a new variable of type size_t.
 *
 *	size_t at = search_first(v->len, i, v->data[i].address >= address);
 *	bool found = at < v->len && v->data[at].address == address;
 *	size_t after = search_first(v->len, i, v->data[i].address > address);
 *
 * search_next(from, nr, i, reached) is the lowest number from `from` on, which is at most nr. It is
 * for walks along an array: the steps are few if the way is short, and about twice log2 of it.
 */
#ifndef BASE_SEARCH_H
#define BASE_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#define search_first(nr, i, reached)                                                               \
	({                                                                                         \
		size_t search_low = 0, search_high = (nr);                                         \
                                                                                                   \
		while (search_low < search_high) {                                                 \
			size_t i = search_low + (search_high - search_low) / 2;                    \
                                                                                                   \
			if (reached)                                                               \
				search_high = i;                                                   \
			else                                                                       \
				search_low = i + 1;                                                \
		}                                                                                  \
		search_low;                                                                        \
	})

#define search_next(from, nr, i, reached)                                                          \
	({                                                                                         \
		size_t search_from = (from), search_end = (nr), search_step = 1;                   \
                                                                                                   \
		while (search_step < search_end - search_from && !({                               \
			       size_t i = search_from + search_step;                               \
			       reached;                                                            \
		       }))                                                                         \
			search_step *= 2;                                                          \
		if (search_step < search_end - search_from)                                        \
			search_end = search_from + search_step;                                    \
		search_from += search_step / 2;                                                    \
		search_from + search_first(search_end - search_from, search_i, ({                  \
						   size_t i = search_from + search_i;              \
						   reached;                                        \
					   }));                                                    \
	})

/* -1, 0 or 1. Each argument is evaluated twice. */
#define compare_values(a, b) (((a) > (b)) - ((a) < (b)))

/* For qsort(3) and bsearch(3): ascending. */
static inline int compare_u64(const void *a, const void *b)
{
	return compare_values(*(const uint64_t *)a, *(const uint64_t *)b);
}

#endif
