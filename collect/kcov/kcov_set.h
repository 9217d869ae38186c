/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of PCs that the kernel keeps for any number of tasks. Kernels with our own KCOV have it
 * (kernel/kcov/uapi/kcov_set.h is the contract). Stock kernels do not, so it is probed. A set
 * tells which PCs were executed, not how often.
 *
 * The set only grows, and only we map it. So reading compares it with its state at the last read,
 * a word at a time: each new bit or slot is new coverage. Recording tasks are never stopped and
 * do not notice. Only kcov_set_again() clears bits, one at a time.
 *
 * What the kernel does for these tasks in other contexts goes to sets of their own (contexts.h).
 * The kernel also has one set of the whole system, which records everything.
 */
#ifndef COLLECT_KCOV_KCOV_SET_H
#define COLLECT_KCOV_KCOV_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/pc_map.h"
#include "kernel/kcov/uapi/kcov_set.h"

struct kcov_set {
	int fd; /* -1: not open */
	struct kcov_set_init layout;
	void *memory;	/* laid out as in layout, shared with the kernel; NULL: not mapped */
	uint64_t *seen; /* a copy of memory as of the last read; owned */
};

#define KCOV_SET_CLOSED                                                                            \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/*
 * Open the device at path (KCOV_DEVICE except in tests), O_CLOEXEC, and give it a set with room
 * for hash_slots PCs that are in no bitmap, rounded down to a power of two and to the kernel's
 * limit. ERROR_UNSUPPORTED: the kernel has no sets.
 */
struct error *kcov_set_open(const char *path, uint64_t hash_slots, struct kcov_set *ret);
/*
 * The same for the set of the whole system. from_boot: it must have recorded since boot, and no
 * process has had it; ERROR_UNSUPPORTED otherwise. errnum EBUSY: another process has it.
 */
struct error *kcov_set_open_system(const char *path, uint64_t hash_slots, bool from_boot,
				   struct kcov_set *ret);
/* Map it into this process. */
struct error *kcov_set_map(struct kcov_set *set);
/* Unmap and close. Does nothing on KCOV_SET_CLOSED, or when called again. */
void kcov_set_close(struct kcov_set *set);
DEFINE_CLEANUP(kcov_set, struct kcov_set, kcov_set_close);
#define _cleanup_kcov_set_ _cleanup_(cleanup_kcov_set)

/*
 * The calling task records into the set until it exits, across execve(), and so do all tasks that
 * it and its descendants create from now on. Returns 0 or errno. For use between fork and execve:
 * calls nothing but the ioctl.
 */
int kcov_set_enable_tree(const struct kcov_set *set);
/*
 * What the kernel does for the tasks of set in a context (KCOV_CONTEXT_...) goes to second. Both
 * are open; call it before a task is enabled. ERROR_UNSUPPORTED: the kernel has no contexts.
 */
struct error *kcov_set_add_context(const struct kcov_set *set, unsigned int context,
				   const struct kcov_set *second);
/* Empty the set of the system and record from now on, until kcov_set_stop_system(). */
struct error *kcov_set_start_system(struct kcov_set *set);
struct error *kcov_set_stop_system(const struct kcov_set *set);
/*
 * Add the PCs that are new since the last call, each once. If memory runs out, the rest are added
 * by a later call.
 */
struct error *kcov_set_read(struct kcov_set *set, struct pc_map *pcs);
/*
 * Was pc executed since the last call with the same pc? It is added to pcs if kcov_set_read() has
 * not added it, so it still is added once. False if pc is not in the kernel's text.
 */
bool kcov_set_again(struct kcov_set *set, uint64_t pc, struct pc_map *pcs);
/* How many tasks record, and what was lost. */
struct error *kcov_set_stats(const struct kcov_set *set, struct kcov_stats *ret);

/* Can we read a set with this layout? The kernel may be newer than this program. */
bool kcov_set_layout_is_known(const struct kcov_set_init *layout);

#endif
