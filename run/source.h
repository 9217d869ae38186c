/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source of a run: what recorded PCs, and what is known about it. Plain data.
 * Only run/encode.c and run/decode.c know how it is stored in a file. All other
 * code uses the kind and the functions below.
 */
#ifndef RUN_SOURCE_H
#define RUN_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pc_map.h"
#include "base/vector.h"

enum run_source_kind {
	RUN_SOURCE_TASK,   /* one task, recorded into a buffer of its own */
	RUN_SOURCE_REMOTE, /* a KCOV remote handle: work that the kernel did elsewhere for tasks */
	RUN_SOURCE_SET,	   /* a command and all tasks that it created, recorded into one set */
	RUN_SOURCE_IMPORT, /* a text with PCs */
};

/* What the count of a PC means. */
enum run_counts {
	RUN_COUNTS_NONE,  /* nothing: most texts list each PC once */
	RUN_COUNTS_LEAST, /* it was executed at least that often */
	RUN_COUNTS_EXACT, /* it was executed exactly that often */
};

enum run_state {
	RUN_STATE_COVERED,	/* from its first instruction */
	RUN_STATE_NOT_FOLLOWED, /* nothing of it was recorded; reason says why */
	RUN_STATE_CUT,		/* covered, then released before its exit; reason says why */
};

/* What was not recorded, as far as is known. */
struct run_losses {
	uint64_t saturations;	/* how often the buffer was seen full; each time PCs may be lost */
	uint64_t dropped_pcs;	/* of a set: records without room, counted by the kernel */
	uint64_t dropped_tasks; /* of a set: tasks not recorded for lack of memory */
};

struct run_source {
	enum run_source_kind kind;
	uint32_t id; /* unique in the run and, unlike a pid, never reused; 0 = the first task */
	/* Of a task, or of the first task of a set. 0 for other kinds, or if not known. */
	int32_t pid;	       /* thread id */
	int32_t tgid;	       /* process id */
	int32_t parent;	       /* id of the source that created it, -1 = none */
	uint64_t handle;       /* of a remote handle; 0 for other kinds */
	uint64_t nr_tasks;     /* how many it stands for: for a set all, for a handle 0, else 1 or
				  folded_tasks */
	uint64_t folded_tasks; /* of a task that is the sum of several: their number; else 0 */
	/*
	 * For a task, or the first task of a set: the program it last executed. For a
	 * handle "common", "usb:1" or "handle:0x...". For an import the file. Owned;
	 * NULL = not known.
	 */
	char *name;
	enum run_state state;
	char *reason;	/* owned; NULL if covered */
	bool exited;	/* its exit was seen, so status is valid */
	int32_t status; /* as wait(2) gives it */
	struct run_losses losses;
	/* Ascending, each PC once; owned. In descriptions (coverage.h) only nr_pcs is set. */
	struct pc_count *pcs;
	size_t nr_pcs;
};

DEFINE_VECTOR(run_source_vector, struct run_source);

void run_source_deinit(struct run_source *source);

enum run_counts run_source_counts(const struct run_source *source);

/* Words for the state of a source. Handles have words of their own. */
struct run_state_words {
	const char *name;   /* for dump and JSON: "not-followed" */
	const char *said;   /* of one source: "was not followed"; NULL = nothing to report */
	const char *listed; /* title above several: "not followed, ..."; NULL = nothing to report */
};
const struct run_state_words *run_source_state_words(const struct run_source *source);

#endif
