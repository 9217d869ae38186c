// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds tail calls: jumps to the beginning of another function. */
#include "symbolize/image/image.h"
#include "symbolize/index/private.h"

/*
 * Most jumps stay between two symbols. symbols: ascending; *at: of the first one after the jump
 * before, then of the first one after this jump.
 */
static bool stays(const struct image_symbol *symbols, size_t nr, const struct insn *jump,
		  size_t *at)
{
	while (*at < nr && symbols[*at].address <= jump->address)
		++*at;
	return *at && jump->target > symbols[*at - 1].address &&
	       (*at == nr || jump->target < symbols[*at].address);
}

struct error *index_find_tail_calls(struct index_draft *draft, const struct image *image,
				    const struct code *code)
{
	size_t nr, at = 0, target, caller;
	const struct image_symbol *symbols = image_symbols(image, &nr);

	vector_for_each(&code->transfers, t) {
		if ((t->kind != INSN_JUMP && t->kind != INSN_BRANCH) ||
		    stays(symbols, nr, t, &at) || !image_find_symbol(image, t->target, &target) ||
		    symbols[target].address != t->target || !symbols[target].is_function)
			continue;
		/* A function that begins again does not call. */
		if (image_find_symbol(image, t->address, &caller) && caller == target)
			continue;
		const struct index_tail_call call = { t->address - draft->base, target };
		if (!index_tail_call_vector_append(&draft->tail_calls, &call))
			return &error_no_memory;
	}
	return NULL;
}
