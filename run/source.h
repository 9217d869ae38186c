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
	/*
	 * Contexts: what the kernel executed elsewhere for the tasks of a set, recorded into
	 * a set for each of these (KCOV_ADD_CONTEXT of kernel/kcov/uapi/kcov_set.h).
	 */
	RUN_SOURCE_SOFTIRQ,   /* softirqs that they raised */
	RUN_SOURCE_INTERRUPT, /* other softirqs on top of them: most are not theirs */
	RUN_SOURCE_KTHREAD,   /* kernel threads and programs that were started for them */
	RUN_SOURCE_WORK,      /* work items, timers and RCU callbacks that they queued */
	/* Everything that all processors executed in any context, for whatever reason. */
	RUN_SOURCE_SYSTEM,
};
#define RUN_SOURCE_KINDS (RUN_SOURCE_SYSTEM + 1)

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
	/* Of a context: how often the kernel could not tell for whom it works there. */
	uint64_t dropped_sections;
};

struct run_source {
	enum run_source_kind kind;
	uint32_t id; /* unique in the run and, unlike a pid, never reused; 0 = the first task */
	/* Of a task, or of the first task of a set. 0 for other kinds, or if not known. */
	int32_t pid;	       /* thread id */
	int32_t tgid;	       /* process id */
	int32_t parent;	       /* id of the source that created it, -1 = none */
	uint64_t handle;       /* of a remote handle; 0 for other kinds */
	uint32_t context;      /* its kind, as the file names it; 0 if it is not a context */
	uint64_t nr_tasks;     /* how many it stands for: for a set all, for a handle or a
				  context 0, else 1 or folded_tasks */
	uint64_t folded_tasks; /* of a task that is the sum of several: their number; else 0 */
	/*
	 * For a task, or the first task of a set: the program it last executed. For a
	 * handle "common", "usb:1" or "handle:0x...". For a context "softirq", ... (struct
	 * run_kind_words). For an import the file. Owned; NULL = not known.
	 */
	char *name;
	enum run_state state;
	char *reason;	  /* owned; NULL if covered */
	bool exited;	  /* its exit was seen, so status is valid */
	int32_t status;	  /* as wait(2) gives it */
	uint64_t pending; /* of RUN_SOURCE_WORK: queued and not run at the end, or cancelled */
	struct run_losses losses;
	/* Ascending, each PC once; owned. In descriptions (coverage.h) only nr_pcs is set. */
	struct pc_count *pcs;
	size_t nr_pcs;
};

DEFINE_VECTOR(run_source_vector, struct run_source);

void run_source_deinit(struct run_source *source);

enum run_counts run_source_counts(const struct run_source *source);

/* Is it one of the kinds from RUN_SOURCE_SOFTIRQ on? */
bool run_kind_is_context(enum run_source_kind kind);
/* Does it show what tasks executed themselves, if only among other things? */
bool run_kind_has_tasks(enum run_source_kind kind);

/* What a kind of source is called. */
struct run_kind_words {
	const char *name;  /* for programs: "set" */
	const char *title; /* for people: "set of tasks" */
	const char *by;	   /* what was executed, was so ...: "by tasks", "for them in softirqs" */
};
const struct run_kind_words *run_kind_words(enum run_source_kind kind);

/* Words for the state of a source. Handles and contexts have words of their own. */
struct run_state_words {
	const char *name;   /* for dump and JSON: "not-followed" */
	const char *said;   /* of one source: "was not followed"; NULL = nothing to report */
	const char *listed; /* title above several: "not followed, ..."; NULL = nothing to report */
};
const struct run_state_words *run_source_state_words(const struct run_source *source);

#endif
