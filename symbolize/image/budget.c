// SPDX-License-Identifier: GPL-2.0-or-later
/* The limits on what is read of one image. docs/symbolize.md has the same table. */
#include "symbolize/image/budget.h"

#include <inttypes.h>

#define MIB ((uint64_t)1 << 20)

/* times the size of the files, divided, and a base for small ones */
static const struct limit {
	const char *what;
	uint64_t base;
	unsigned int times, divided;
} limits[BUDGET_KINDS] = {
	/* Without a linker's merging a module has one for each function. */
	[BUDGET_SECTIONS] = { "sections", 16384, 1, 1024 },
	/* Debug info compresses to a third, at best to a twentieth of its size. */
	[BUDGET_UNPACKED] = { "bytes of unpacked data", 4 * MIB, 32, 1 },
	[BUDGET_NAMES] = { "bytes of names", 16 * MIB, 16, 1 },
	[BUDGET_UNITS] = { "units", 32768, 1, 1024 },
	[BUDGET_ROWS] = { "rows of line tables", MIB, 1, 2 },
	[BUDGET_RANGES] = { "address ranges", MIB, 1, 16 },
};

uint64_t budget_limit(const struct budget *budget, enum budget_kind kind)
{
	const struct limit *l = &limits[kind];
	uint64_t most = (UINT64_MAX - l->base) / l->times;

	return l->base + (budget->size < most ? budget->size : most) * l->times / l->divided;
}

struct error *budget_check(const struct budget *budget, enum budget_kind kind, uint64_t total)
{
	uint64_t limit = budget_limit(budget, kind);

	if (total <= limit)
		return NULL;
	return error_hint(error_create(ERROR_UNSUPPORTED, "'%s' has more than %" PRIu64 " %s",
				       budget->path ? budget->path : "?", limit, limits[kind].what),
			  "that is far more than a kernel of this size has: the file is broken, or "
			  "made to exhaust memory");
}

struct error *budget_take(struct budget *budget, enum budget_kind kind, uint64_t amount)
{
	uint64_t before = atomic_fetch_add(&budget->used[kind], amount);

	return budget_check(budget, kind,
			    amount > UINT64_MAX - before ? UINT64_MAX : before + amount);
}
