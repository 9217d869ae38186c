// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find the entry block of each function. Entering a function executes its whole
 * entry block. An inlined copy may have lost part of it: code for what the
 * caller knows already, or code merged with the caller's own.
 */
#include <stdlib.h>

#include "symbolize/coverage/private.h"

/*
 * The function has several out-of-line copies. Those of a header's function may differ between
 * units, so none of them is used.
 */
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

		/* Skip inlined instances, and parts that were moved elsewhere. */
		if (s->function == INDEX_NONE || s->file != INDEX_NONE || block == INDEX_NONE ||
		    blocks[block].offset != s->offset || block == last ||
		    !(blocks[block].flags & INDEX_BLOCK_OPEN_IN))
			continue;
		last = block; /* the entry of one function only: others would get its rows too */
		entries[s->function] = entries[s->function] == INDEX_NONE ? block : MANY;
	}
	index_functions(index, &nr);
	for (size_t i = 0; i < nr; i++)
		if (entries[i] == MANY)
			entries[i] = INDEX_NONE;
	return NULL;
}
