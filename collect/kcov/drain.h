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
 * It does not know of a reader. Concurrent reading works like this:
 *
 * - The reader consumes a slot by zeroing it. A counted slot that is still zero
 *   is not written yet: wait for it, unless the count shows that the task has
 *   since gone on to a later slot.
 * - When all counted slots are consumed, the reader exchanges the count for 0,
 *   so that the area does not fill. The old value R tells which slots were
 *   counted meanwhile; they are consumed next. But the task may have read R
 *   just before: then it stores R + 1 over our 0, and our store is lost. Which
 *   of the two happened shows later. Slot 1 was zeroed before, so a PC in slot
 *   1 means that our store survived. A count above R with an empty slot 1 means
 *   that it was lost, and reading continues at R + 1.
 * - If the reader is delayed so long after the exchange that the task reaches
 *   slots that are not consumed yet, the task overwrites them. The reader then
 *   finds slots that are zero and will never be written, and counts them as
 *   dropped. In a full area the count does not show that the last slot will
 *   never be written. So after an exchange the reader does not consume slot
 *   size - 1, and counts it as dropped. The PC in it may be read when the area is
 *   next full, in place of the one that the task is about to write.
 * - If the area is full (count = size - 1), the kernel drops PCs silently. The
 *   reader counts a saturation. The area may also be exactly full; nothing
 *   tells the two apart.
 *
 * The PCs of a remote section arrive all at once (kcov_move_area()): first the
 * slots after the count, as far as there is room, then the count. The same
 * rules hold for them with R + m for R + 1. m is 0 for a section that found no
 * room, so then a count of R with an empty slot 1 means that our store was
 * lost.
 *
 * All this relies on the order of the task's stores, as x86 guarantees it.
 */
#ifndef COLLECT_KCOV_DRAIN_H
#define COLLECT_KCOV_DRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pc_map.h"

struct drain {
	uint64_t *area; /* borrowed: `words` words, shared with the kernel */
	size_t words;
	size_t consumed;   /* slots 1..consumed were read and zeroed */
	bool sections;	   /* remote sections record into it, not a task; set after drain_init() */
	size_t rewound_at; /* R of an exchange whose outcome is not known yet; 0 = none */
	bool full;	   /* the area was seen full and has not been reset yet */
	struct pc_map pcs; /* owned; what was read since the last reset */
	uint64_t recorded; /* PCs read in all */
	uint64_t saturations;
	uint64_t dropped; /* PCs known to be lost: overwritten, or out of memory */
};

/* area must be zeroed before anything writes to it. */
void drain_init(struct drain *drain, uint64_t *area, size_t words);
void drain_deinit(struct drain *drain);

/*
 * Read what is there, at most `limit` PCs, while the task may be running.
 * Returns the number of PCs read; 0 means that there is nothing to do now.
 */
size_t drain_step(struct drain *drain, size_t limit);

/* Read all that is left. The task must not write any more (it exited, or is stopped). */
void drain_finish(struct drain *drain);

/*
 * Discard the contents of the area and zero it, as drain_init() needs it. The
 * task must not write.
 */
void drain_discard(struct drain *drain);

/* Forget what was recorded up to now. The task or the sections may be writing. */
void drain_skip(struct drain *drain);

#endif
