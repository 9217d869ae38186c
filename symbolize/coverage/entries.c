// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where functions begin. Whoever comes into a function executes all of the block
 * that its code out of line begins with; where it is inlined less may be left of that:
 * what the caller knows already, or does together with something of its own.
 */
#include <stdlib.h>

#include "symbolize/coverage/private.h"

/* Copies of a header's function that differ, as each unit's calls need it, are nobody's model. */
#define MANY (INDEX_NONE - 1)

struct error *coverage_find_entries(const struct index *index, uint32_t **ret)
{
	size_t nr, nr_spans;

	index_functions(index, &nr);
	uint32_t *entries = *ret = malloc((nr + 1) * sizeof(*entries));
	if (!entries)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++)
		entries[i] = INDEX_NONE;
	const struct index_span *spans = index_spans(index, &nr_spans);
	const struct index_block *blocks = index_blocks(index, &nr);
	uint32_t last = INDEX_NONE;
	for (size_t i = 0; i < nr_spans; i++) {
		const struct index_span *s = &spans[i];
		uint32_t block = index_find_block(index, s->offset);

		/* It is not inlined, and no part that was put elsewhere. */
		if (s->function == INDEX_NONE || s->file != INDEX_NONE || block == INDEX_NONE ||
		    blocks[block].offset != s->offset || block == last ||
		    !(blocks[block].flags & INDEX_BLOCK_OPEN_IN))
			continue;
		last = block; /* one block begins one function: others would have its rows, too */
		entries[s->function] = entries[s->function] == INDEX_NONE ? block : MANY;
	}
	index_functions(index, &nr);
	for (size_t i = 0; i < nr; i++)
		if (entries[i] == MANY)
			entries[i] = INDEX_NONE;
	return NULL;
}
