/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The collector owns the KCOV buffers of all tasks, or reads the set that they share;
 * the thread that reads them; and the run file. The code that follows tasks
 * reports when a task starts and ends, and does not wait until that is written:
 * the thread does so. What was recorded is written to the file at least once a
 * second.
 *
 * Buffers are reused for later tasks: for a new one the kernel must zero as many
 * pages as the buffer has.
 */
#ifndef COLLECT_KCOV_COLLECTOR_H
#define COLLECT_KCOV_COLLECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/log.h"
#include "base/vector.h"
#include "run/run.h"
#include "run/writer.h"

struct clone_trace;
struct collector;
struct kcov;
struct kcov_set;
struct kcov_stats;
struct capture; /* of a task: its buffer, or the set; borrowed, valid until
		 * collector_end_task() */

/* What the follower knows about a task. All borrowed. */
struct task_identity {
	int32_t pid; /* thread id; 0 = not known */
	int32_t tgid;
	int32_t parent;	  /* id of the task that created it, -1 = none */
	const char *comm; /* NULL = not known */
};

struct collector_options {
	struct run_writer *writer;   /* borrowed */
	uint64_t words;		     /* of each buffer; 0 = no task has a buffer of its own */
	const struct run_meta *meta; /* borrowed during create; written first */
	uint64_t kaslr_offset;	     /* used to convert module addresses to those of PCs */
	uint64_t watch_pc; /* count tasks that record it (collector_watch_hits()); 0 = none */
	/* A task that records one of these has begun to load a module; 0 = none. */
	uint64_t load_pcs[2];
	const struct clone_trace *clones; /* borrowed; NULL = do not count clones */
	/* Do not keep what the tasks of a set execute themselves: only contexts are wanted. */
	bool discards_set;
	/* No task is recorded: the system is the first run source. */
	bool system_only;
	/* Makes a buffer; NULL = kcov_open(). Tests replace it, since they have no KCOV kernel. */
	struct error *(*open_buffer)(struct kcov *ret, size_t words);
	/* NULL = kcov_set_stats(). Also replaced by tests. */
	struct error *(*set_stats)(const struct kcov_set *set, struct kcov_stats *ret);
};

/* Write meta and the modules, and start the thread. */
struct error *collector_create(const struct collector_options *options, struct collector **ret);
/* Stop the thread and free everything. Accepts NULL. */
void collector_destroy(struct collector *c);
DEFINE_CLEANUP(collector, struct collector, collector_destroy);
#define _cleanup_collector_ _cleanup_(cleanup_collector)

/*
 * Get a buffer for a task that is about to start. *ret_fd is the KCOV fd to enable
 * in the task (borrowed). The task is not in the file yet.
 */
struct error *collector_prepare(struct collector *c, struct capture **ret, int *ret_fd);
/* The task could not be enabled: destroy the capture and its buffer. */
void collector_cancel(struct collector *c, struct capture *capture);
/*
 * The task is enabled and stopped: discard what its buffer holds, and drain it
 * from now on. task: copied. Assigns an id to the task and returns it.
 */
uint32_t collector_start_task(struct collector *c, struct capture *capture,
			      const struct task_identity *task);
/* Record that a task is not covered, and why. Copied. Returns the id of the task. */
uint32_t collector_skip_task(struct collector *c, const struct task_identity *task,
			     const char *reason);
/* The task executes another program now; comm is copied. */
void collector_rename_task(struct collector *c, struct capture *capture, const char *comm);
void collector_set_parent(struct collector *c, struct capture *capture, int32_t parent);
/*
 * The task is dead: read and write the rest, and reuse its buffer. announced: how
 * many tasks it created as far as the follower knows, for collector_hidden_clones().
 */
void collector_end_task(struct collector *c, struct capture *capture, int32_t status,
			uint64_t announced);
/*
 * The same for a task that lives on after we release it: its coverage up to now is
 * kept. Its buffer is closed. status: the wait status of the command, if it has
 * exited and only tasks that it created live on; otherwise NULL.
 */
void collector_cut_task(struct collector *c, struct capture *capture, const int32_t *status,
			const char *reason, uint64_t announced);

/* Tasks that a task created according to its coverage, but not according to the follower. */
struct hidden_clones {
	int32_t parent; /* id of the task that created them */
	int32_t parent_pid;
	uint64_t nr;
};
DEFINE_VECTOR(hidden_clones_vector, struct hidden_clones);
/* Those of all tasks that have ended or were cut since the last call (clone_trace.h). The caller
 * frees ret. */
void collector_hidden_clones(struct collector *c, struct hidden_clones_vector *ret);

/*
 * Start a command whose tasks all record into one set, until collector_end_task()
 * or collector_cut_task() of the command. task: the command, copied as above. set:
 * mapped; borrowed until collector_destroy().
 */
struct error *collector_start_set(struct collector *c, struct kcov_set *set,
				  const struct task_identity *task, struct capture **ret);

/*
 * Add a remote handle that records into kcov from now on, up to
 * collector_finish(). It is a run source of its own. It is enabled, so sections may
 * be under way. kcov: taken on success. name: copied.
 */
struct error *collector_add_remote(struct collector *c, struct kcov *kcov, uint64_t handle,
				   const char *name);
/*
 * Record that a remote handle is not available, and why. Copied. Returns the id of
 * its run source.
 */
uint32_t collector_skip_remote(struct collector *c, uint64_t handle, const char *name,
			       const char *reason);
/*
 * Call when the workload has ended. If remote sections were recorded, waits until
 * none arrived for 20 ms, but at most a second.
 */
void collector_settle_remote(struct collector *c);

/*
 * Add a context of the tasks, or the system, which records into set from now on, up to
 * collector_finish(). It is a run source of its own. kind: from RUN_SOURCE_SOFTIRQ on. set:
 * mapped; borrowed until collector_destroy().
 */
struct error *collector_add_context(struct collector *c, enum run_source_kind kind,
				    struct kcov_set *set);
/* Record that a context is not recorded, and why. Copied. Returns the id of its run source. */
uint32_t collector_skip_context(struct collector *c, enum run_source_kind kind, const char *reason);

/* Number of tasks that recorded the watched PC. */
uint64_t collector_watch_hits(struct collector *c);
/* Add a note to the run file. */
void collector_note(struct collector *c, const char *text);

/*
 * Write everything, with the end record. Returns the first error since
 * collector_create() (disk full, ...); such an error never disturbs the workload.
 */
struct error *collector_finish(struct collector *c);

#endif
