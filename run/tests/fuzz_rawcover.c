// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as syzkaller's text: PCs that were read must be written and read again unchanged. */
#include "base/cleanup.h"
#include "base/tests/fuzz_main.h"
#include "run/rawcover.h"

static void check_again(const struct pc_map *pcs)
{
	_cleanup_(pc_map_deinit) struct pc_map again = PC_MAP_INIT;
	_cleanup_free_ struct pc_count *sorted = NULL;
	_cleanup_fclose_ FILE *f = tmpfile();
	size_t n;

	if (!f || pc_map_sorted(pcs, &sorted, &n))
		abort();
	rawcover_write(f, sorted, n);
	rewind(f);
	if (rawcover_read(f, "again", &again) || again.len != pcs->len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(pc_map_deinit) struct pc_map pcs = PC_MAP_INIT;
	_cleanup_fclose_ FILE *in = size ? fmemopen((void *)data, size, "r") : NULL;

	if (!in)
		return 0;
	struct error *err = rawcover_read(in, "input", &pcs);
	if (err)
		error_destroy(err);
	else
		check_again(&pcs);
	return 0;
}
