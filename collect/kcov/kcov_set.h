/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of PCs that the kernel keeps for any number of tasks: what a kernel
 * with our own KCOV has (kernel/kcov/uapi/kcov_set.h is the contract; stock ones
 * do not, so it is probed). A set knows which PCs were executed, not how often.
 *
 * The set only grows, and nobody but us maps it. So reading is: compare it with
 * what it was the last time, a word at a time; what is new is new coverage. Who
 * records is never stopped, nor notices.
 */
#ifndef COLLECT_KCOV_KCOV_SET_H
#define COLLECT_KCOV_KCOV_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/pc_map.h"
#include "kernel/kcov/uapi/kcov_set.h"

struct kcov_set {
	int fd; /* -1: not open */
	struct kcov_set_init layout;
	const void *memory; /* as layout says, shared with the kernel; NULL: not mapped */
	uint64_t *seen;	    /* the same as it was last read; owned */
};

#define KCOV_SET_CLOSED                                                                            \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/*
 * Open the device at path (KCOV_DEVICE but in tests), O_CLOEXEC, and give it a set with room for
 * so many PCs that are in no bitmap, rounded down to a power of two and to what the kernel takes.
 * ERROR_UNSUPPORTED: the kernel has no sets.
 */
struct error *kcov_set_open(const char *path, uint64_t hash_slots, struct kcov_set *ret);
/* To read it, in this process. */
struct error *kcov_set_map(struct kcov_set *set);
/* Unmap and close; harmless on KCOV_SET_CLOSED, and twice. */
void kcov_set_close(struct kcov_set *set);

/*
 * The calling task records into the set until it exits, whatever it executes, and so do all
 * that it and they make from now on. 0, or errno. Between fork and execve: calls nothing else.
 */
int kcov_set_enable_tree(const struct kcov_set *set);
/* Add the PCs that came since the last call, each once. Without memory some come the next time. */
struct error *kcov_set_read(struct kcov_set *set, struct pc_map *pcs);
/* What records, and what could not. */
struct error *kcov_set_stats(const struct kcov_set *set, struct kcov_stats *ret);

/* Whether a set can be read that is laid out like this: the kernel may be newer than we are. */
bool kcov_set_layout_is_known(const struct kcov_set_init *layout);

#endif
