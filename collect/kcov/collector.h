/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The collector: owns the KCOV buffers of all tasks, or the set that they share,
 * the thread that reads them, and the run file. Whoever follows tasks tells it when one starts and
 * ends. At least once a second what was recorded goes to the file.
 *
 * Buffers are used again for later tasks: making one costs the kernel as many
 * zeroed pages as it is large.
 */
#ifndef COLLECT_KCOV_COLLECTOR_H
#define COLLECT_KCOV_COLLECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"
#include "run/run.h"
#include "run/writer.h"

struct clone_trace;
struct collector;
struct kcov;
struct kcov_set;
struct kcov_stats;
struct source; /* a task, or a remote handle, and its buffer; borrowed, valid until
		  collector_end_task() */

/* A task, as the one who follows it knows it. All borrowed. */
struct task_identity {
	int32_t pid; /* thread id; 0 = not known */
	int32_t tgid;
	int32_t parent;	  /* id of the task that made it, -1 = none */
	const char *comm; /* NULL = not known */
};

struct collector_options {
	struct run_writer *writer;   /* borrowed */
	uint64_t words;		     /* of each buffer; 0 = no task will have one */
	const struct run_meta *meta; /* borrowed during create; written first */
	uint64_t kaslr_offset;	     /* to turn module addresses into those of PCs */
	uint64_t watch_pc; /* tasks that record this one are told about (watch_hits); 0 = none */
	const struct clone_trace
		*clones; /* borrowed; to count the tasks that tasks make; or NULL */
	/* Makes a buffer; NULL = kcov_open(). Tests have no kernel to ask. */
	struct error *(*open_buffer)(struct kcov *ret, size_t words);
	/* NULL = kcov_set_stats(). For tests as well. */
	struct error *(*set_stats)(const struct kcov_set *set, struct kcov_stats *ret);
};

/* Writes meta and the modules, starts the thread. */
struct error *collector_create(const struct collector_options *options, struct collector **ret);
/* Accepts NULL. Stops the thread. */
void collector_destroy(struct collector *c);

/*
 * A buffer for a task that is about to start: *ret_fd is the kcov fd to enable
 * in the task (borrowed). The task is not in the file yet.
 */
struct error *collector_prepare(struct collector *c, struct source **ret, int *ret_fd);
/* The task could not be enabled: give the buffer back. */
void collector_cancel(struct collector *c, struct source *source);
/*
 * The task is enabled and stopped: what its buffer holds is forgotten, it is
 * drained from now on. task: copied; its id is assigned and returned.
 */
uint32_t collector_start_task(struct collector *c, struct source *source,
			      const struct task_identity *task);
/* A task that is not covered, and why. Copied; its id is returned. */
uint32_t collector_skip_task(struct collector *c, const struct task_identity *task,
			     const char *reason);
/* The program of the task changed; comm is copied. */
void collector_rename_task(struct collector *c, struct source *source, const char *comm);
void collector_set_parent(struct collector *c, struct source *source, int32_t parent);
/*
 * The task is dead: read the rest, write it, use its buffer again. Returns how
 * many tasks it made (collect/kcov/clone_trace.h), 0 where that is not known.
 */
uint64_t collector_end_task(struct collector *c, struct source *source, int32_t status);
/*
 * The same for what lives on without us: its coverage up to now counts. The buffer is given up.
 * status: of the command, where only tasks that it made live on; NULL otherwise.
 */
uint64_t collector_cut_task(struct collector *c, struct source *source, const int32_t *status,
			    const char *reason);

/*
 * A command whose tasks all record into a set, from now to collector_end_task() or
 * collector_cut_task() of the command, for which task is copied as above. set: borrowed until
 * collector_destroy(); mapped.
 */
struct error *collector_start_set(struct collector *c, struct kcov_set *set,
				  const struct task_identity *task, struct source **ret);

/*
 * A remote handle that records into kcov, from now to the end: its own source
 * in the file. kcov is taken on success; name is copied.
 */
struct error *collector_add_remote(struct collector *c, struct kcov *kcov, uint64_t handle,
				   const char *name);
/* A remote handle that could not be had, and why. Copied; its id is returned. */
uint32_t collector_skip_remote(struct collector *c, uint64_t handle, const char *name,
			       const char *reason);
/*
 * The workload has ended: where remote sections were recorded, wait until none
 * came for a moment (20 ms; a second at most).
 */
void collector_settle_remote(struct collector *c);

/* Number of tasks that recorded the watched PC. */
uint64_t collector_watch_hits(struct collector *c);
/* A note for the run file. */
void collector_note(struct collector *c, const char *text);

/*
 * Write everything, with the end record. The first thing that went wrong since
 * create (disk full, ...) comes back here; the workload was not disturbed by it.
 */
struct error *collector_finish(struct collector *c);

#endif
