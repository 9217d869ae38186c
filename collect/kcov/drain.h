/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a KCOV area while its task writes to it, without stopping the task
 * and without losing a PC.
 *
 * The kernel's side (kernel/kcov.c, __sanitizer_cov_trace_pc(), 6.12) is
 *
 *	pos = READ_ONCE(area[0]) + 1;
 *	if (pos < size) { WRITE_ONCE(area[0], pos); barrier(); area[pos] = pc; }
 *
 * It knows nothing of a reader. What makes concurrent reading possible:
 *
 * - A slot is consumed by zeroing it. A counted slot that is still zero was
 *   counted but not yet written: wait for it, unless the count says that the
 *   task has since gone on to a later slot.
 * - When what was counted is consumed, the count is exchanged for 0, so that
 *   the area does not fill. The old value R tells which slots were counted
 *   meanwhile: they are consumed next. The task may have read R just before:
 *   it then stores R + 1 over our 0, and our store is lost. Which of the two
 *   happened shows later: slot 1 was zeroed before, so a PC in slot 1 says that
 *   the store survived, while a count above R with an empty slot 1 says that
 *   it was lost, and reading goes on at R + 1.
 * - If the reader is held up so long after the exchange that the task comes
 *   round to slots that are not consumed yet, it overwrites them. That shows as
 *   slots that are zero and will never be written: they are counted as dropped.
 * - A full area (count = size - 1) drops PCs silently. That is counted as a
 *   saturation: it may be exactly full, but nobody can know.
 *
 * A remote section's PCs come all at once (kcov_move_area()): first the slots
 * after the count, as far as there is room, then the count. The same holds for
 * them with R + m for R + 1, where m is 0 for a section that found no room:
 * then a count of R with an empty slot 1 says that our store was lost.
 *
 * The order of the task's stores is relied upon, as x86 gives it.
 */
#ifndef COLLECT_KCOV_DRAIN_H
#define COLLECT_KCOV_DRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pc_map.h"

struct drain {
	uint64_t *area; /* borrowed: words words, shared with the kernel */
	size_t words;
	size_t consumed;   /* slots 1..consumed were read and zeroed */
	bool sections;	   /* remote sections record into it, not a task: set after drain_init() */
	size_t rewound_at; /* R of an exchange whose outcome is open; 0 = none is */
	bool full;	   /* the area was seen full and not yet set back */
	struct pc_map pcs; /* owned; what was read since the last reset */
	uint64_t recorded; /* PCs read in all */
	uint64_t saturations;
	uint64_t dropped; /* PCs known to be lost: overwritten, or out of memory */
};

/* area must be zeroed and not be written to yet. */
void drain_init(struct drain *drain, uint64_t *area, size_t words);
void drain_deinit(struct drain *drain);

/*
 * Read what is there, at most `limit` PCs, while the task may be running.
 * Returns the number of PCs read: 0 means that there is nothing to do now.
 */
size_t drain_step(struct drain *drain, size_t limit);

/* Read all that is left. The task must not write any more (it exited, or is stopped). */
void drain_finish(struct drain *drain);

/* Forget all that is in the area, and make it as drain_init() wants it. The task must not write. */
void drain_discard(struct drain *drain);

#endif
