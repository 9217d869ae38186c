// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find the entry block of each function. Entering a function executes its whole
 * entry block. An inlined copy may have lost part of it: code for what the
 * caller knows already, or code merged with the caller's own.
 */
#include <stdlib.h>

#include "symbolize/index/private.h"

/*
 * The function has several out-of-line copies. Those of a header's function may differ between
 * units, so none of them is used.
 */
#define MANY (INDEX_NONE - 1)

struct error *find_entries(const struct index_draft *draft, uint32_t **ret)
{
	const struct index_block *blocks = draft->blocks.data;
	uint32_t last = INDEX_NONE;

	uint32_t *entries = *ret = malloc((draft->functions.len + 1) * sizeof(*entries));
	if (!entries)
		return &error_no_memory;
	for (size_t i = 0; i < draft->functions.len; i++)
		entries[i] = INDEX_NONE;
	vector_for_each(&draft->spans, s) {
		uint32_t block = draft_find_block(draft, s->offset);

		/* Skip inlined instances, and parts that were moved elsewhere. */
		if (s->function == INDEX_NONE || s->file != INDEX_NONE || block == INDEX_NONE ||
		    blocks[block].offset != s->offset || block == last ||
		    !(blocks[block].flags & INDEX_BLOCK_OPEN_IN))
			continue;
		last = block; /* the entry of one function only: others would get its rows too */
		entries[s->function] = entries[s->function] == INDEX_NONE ? block : MANY;
	}
	for (size_t i = 0; i < draft->functions.len; i++)
		if (entries[i] == MANY)
			entries[i] = INDEX_NONE;
	return NULL;
}
