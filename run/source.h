/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source of a run: who recorded PCs, and what is known of them. Plain data.
 * How it lies in a file is the business of run/encode.c and run/decode.c alone:
 * every other reader asks the kind, and what follows from it.
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
	RUN_SOURCE_REMOTE, /* a KCOV remote handle: what the kernel did for tasks elsewhere */
	RUN_SOURCE_SET,	   /* a command with all tasks that it made, recorded into one set */
	RUN_SOURCE_IMPORT, /* a text of PCs */
};

/* What the count of a PC says. */
enum run_counts {
	RUN_COUNTS_NONE,  /* nothing: of most texts each PC is in there once */
	RUN_COUNTS_LEAST, /* it was executed that often, or more */
	RUN_COUNTS_EXACT, /* it was executed that often */
};

enum run_state {
	RUN_STATE_COVERED,	/* from its first instruction */
	RUN_STATE_NOT_FOLLOWED, /* reason says why; nothing of it was recorded */
	RUN_STATE_CUT,		/* covered, then let go before its exit; reason says why */
};

/* What was not recorded, as far as it is known. */
struct run_losses {
	uint64_t saturations;	/* times the buffer was seen full: each may have lost PCs */
	uint64_t dropped_pcs;	/* of a set: records it had no room for, counted by the kernel */
	uint64_t dropped_tasks; /* of a set: made, and not recorded for lack of memory */
};

struct run_source {
	enum run_source_kind kind;
	uint32_t id; /* unique in the run, never reused as pids are; 0 = the first task */
	/* Of a task, or of the first one of a set; 0 otherwise, or when not known. */
	int32_t pid;	   /* thread id */
	int32_t tgid;	   /* process id */
	int32_t parent;	   /* id of the source that made it, -1 = none */
	uint64_t handle;   /* of a remote handle; 0 otherwise */
	uint64_t nr_tasks; /* that it is: 1, but of a set all that were recorded, of a handle 0 */
	/*
	 * Of a task, or of the first one of a set: its (last) program; of a
	 * handle "common", "usb:1", "handle:0x..."; of an import the file. Owned;
	 * NULL = not known.
	 */
	char *name;
	enum run_state state;
	char *reason;	/* owned; NULL when covered */
	bool exited;	/* its exit was seen: status holds */
	int32_t status; /* as wait(2) gives it */
	struct run_losses losses;
	/* Ascending by PC, each once; owned. Descriptions (coverage.h) have nr_pcs alone. */
	struct pc_count *pcs;
	size_t nr_pcs;
};

DEFINE_VECTOR(run_source_vector, struct run_source);

void run_source_deinit(struct run_source *source);

enum run_counts run_source_counts(const struct run_source *source);

/* How the state of a source is said, of a handle in words of its own. */
struct run_state_words {
	const char *name;   /* in dump and JSON: "not-followed" */
	const char *said;   /* of one source: "was not followed"; NULL when all is well */
	const char *listed; /* above several: "not followed, ..."; NULL when all is well */
};
const struct run_state_words *run_source_state_words(const struct run_source *source);

#endif
