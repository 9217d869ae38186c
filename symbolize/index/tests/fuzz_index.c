// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz entry: take any bytes as the block of an index. If it is valid, make coverage from it. */
#include "base/tests/fuzz_main.h"
#include "symbolize/index/private.h"
#include "symbolize/tests/read_everything.h"

/* All look-ups at an offset. */
static void find_everything(const struct index *index, uint32_t offset)
{
	uint32_t symbol = index_find_symbol(index, offset);
	size_t nr;

	index_find_point(index, offset);
	index_find_call(index, offset);
	index_find_block(index, offset);
	index_find_section(index, offset);
	if (symbol != INDEX_NONE)
		index_find_name(index, index_string(index, index_symbols(index, &nr)[symbol].name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_index_ struct index *index = NULL;
	_cleanup_free_ void *block = malloc(size + 1);
	const char *what;
	size_t nr;

	if (!block)
		return 0;
	memcpy(block, data, size);
	if (index_validate(block, size, &what) != INDEX_VALID)
		return 0;
	_cleanup_error_ struct error *err = index_create(block, block, 0, "image", &index);
	if (err)
		return 0;
	steal_ptr(&block);
	const struct index_symbol *symbols = index_symbols(index, &nr);
	for (size_t i = 0; i < nr; i++)
		find_everything(index, symbols[i].offset + 1);
	find_everything(index, UINT32_MAX);
	error_destroy(cover_everything(index));
	return 0;
}
