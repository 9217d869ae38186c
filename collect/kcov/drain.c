// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the KCOV area of a running task. drain.h explains why nothing is lost. */
#include "collect/kcov/drain.h"

#include <string.h>

/*
 * The count is reset when this fraction of the area is used. An early reset
 * keeps the slots in the caches; a late one gives more time before the task
 * reuses them.
 */
#define REWIND_FRACTION 4

static uint64_t slot_load(const struct drain *drain, size_t i)
{
	return __atomic_load_n(&drain->area[i], __ATOMIC_ACQUIRE);
}

static void slot_clear(struct drain *drain, size_t i)
{
	__atomic_store_n(&drain->area[i], 0, __ATOMIC_RELAXED);
}

void drain_init(struct drain *drain, uint64_t *area, size_t words)
{
	*drain = (struct drain){ .area = area, .words = words };
}

void drain_deinit(struct drain *drain)
{
	pc_map_deinit(&drain->pcs);
}

/* The count, but never more than the kernel can have stored, whatever the memory contains. */
static size_t drain_count(const struct drain *drain)
{
	uint64_t count = slot_load(drain, 0);

	return count < drain->words ? count : drain->words - 1;
}

/*
 * A full area has no later slot, so an empty last one would be waited for without end. After an
 * exchange the task may have filled the area again, and nothing tells whether the last slot is
 * from before. So it is left as it is, and counts as lost.
 */
static bool is_left(const struct drain *drain, size_t i)
{
	return drain->rewound_at && i == drain->words - 1;
}

/*
 * Read slots up to end. Slots below `written` are known to be written, because
 * the task has counted later ones since. The caller must have seen that before
 * the call.
 */
static size_t drain_consume(struct drain *drain, size_t end, size_t written, size_t limit)
{
	size_t n = 0;

	while (drain->consumed < end && n < limit) {
		size_t i = drain->consumed + 1;
		uint64_t pc = slot_load(drain, i);

		if (!pc && i >= written)
			break;
		drain->consumed = i;
		n++;
		if (is_left(drain, i))
			pc = 0;
		if (pc)
			slot_clear(drain, i);
		if (pc && pc_map_add(&drain->pcs, pc, 1))
			drain->recorded++;
		else
			drain->dropped++;
	}
	return n;
}

/*
 * After an exchange: read what was counted before it, then find out whether
 * our 0 survived. When that is known, rewound_at is set to 0.
 */
static size_t drain_settle(struct drain *drain, size_t count, size_t limit, bool writer_gone)
{
	/* The count was read before slot 1. So if it is above 1, slot 1 was written long ago. */
	bool survived = slot_load(drain, 1) != 0;
	/* A section that finds no room stores the count that it read, unchanged. */
	bool lost = !survived &&
		    (count > drain->rewound_at || (drain->sections && count == drain->rewound_at));
	bool moved_on = survived || lost || writer_gone;
	size_t end = drain->rewound_at;
	size_t n = drain_consume(drain, end, moved_on ? end + 1 : end, limit);

	if (drain->consumed < end || !moved_on)
		return n;
	if (!lost)
		drain->consumed = 0;
	drain->rewound_at = 0;
	return n;
}

/* Reset the count from this value on. A section needs as much room as possible. */
static size_t rewind_at(const struct drain *drain)
{
	return drain->sections ? 1 : drain->words / REWIND_FRACTION;
}

size_t drain_step(struct drain *drain, size_t limit)
{
	size_t count = drain_count(drain);
	size_t n = 0;

	if (drain->rewound_at)
		n = drain_settle(drain, count, limit, false);
	if (drain->rewound_at)
		return n;
	if (count == drain->words - 1 && !drain->full) {
		drain->full = true;
		drain->saturations++;
	}
	n += drain_consume(drain, count, count, limit - n);
	if (drain->consumed == count && count && count >= rewind_at(drain)) {
		drain->rewound_at = __atomic_exchange_n(&drain->area[0], 0, __ATOMIC_ACQ_REL);
		if (drain->rewound_at >= drain->words)
			drain->rewound_at = drain->words - 1;
		/* The area became full after the count was read. */
		if (drain->rewound_at == drain->words - 1 && !drain->full)
			drain->saturations++;
		drain->full = false;
	}
	return n;
}

void drain_finish(struct drain *drain)
{
	size_t count = drain_count(drain);

	if (drain->rewound_at)
		drain_settle(drain, count, SIZE_MAX, true);
	if (count == drain->words - 1 && !drain->full)
		drain->saturations++;
	drain_consume(drain, count, count + 1, SIZE_MAX);
	drain_discard(drain);
}

void drain_discard(struct drain *drain)
{
	size_t count = drain_count(drain);

	memset(drain->area, 0, (count + 1) * sizeof(*drain->area));
	slot_clear(drain, drain->words - 1);
	drain->consumed = 0;
	drain->rewound_at = 0;
	drain->full = false;
}

void drain_skip(struct drain *drain)
{
	drain_step(drain, SIZE_MAX);
	pc_map_reset(&drain->pcs);
	drain->recorded = 0;
	drain->saturations = 0;
	drain->dropped = 0;
}
