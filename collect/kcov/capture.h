/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run source while it is collected: the KCOV buffer of a task or a remote
 * handle, or the set that all tasks of a command, or a context, record into, and the
 * description of the run source. Internal to collect/kcov/collector*.c.
 */
#ifndef COLLECT_KCOV_CAPTURE_H
#define COLLECT_KCOV_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "collect/kcov/clone_trace.h"
#include "collect/kcov/drain.h"
#include "collect/kcov/inbox.h"
#include "collect/kcov/kcov.h"
#include "collect/kcov/kcov_set.h"
#include "run/run.h"

struct task_identity;

struct capture {
	struct run_source about; /* its run source, without PCs */
	struct drain drain;	 /* reads the buffer */
	struct kcov kcov;
	struct kcov_set *set;  /* used instead of drain and kcov; borrowed, or NULL */
	bool is_discarded;     /* its PCs are not kept */
	struct pc_map set_pcs; /* PCs read from the set since the last reset */
	struct kcov_stats stats;
	uint64_t losses_told;	      /* saturations and dropped PCs that are in the file already */
	struct kcov_stats stats_told; /* counters of the set that are in the file already */
	bool watched;		      /* it recorded the watched PC */
	uint64_t loads; /* counts of PCs of loading a module since the last reset of the PCs */
	uint64_t clone_counts[CLONE_TRACE_PCS];
	struct capture *next;
	/* Of the inbox, with its lock. */
	bool queued;
	struct capture_news news;
	struct capture *next_news;
};

/*
 * Returns NULL if memory runs out; kcov then still belongs to the caller. On
 * success it belongs to the capture.
 */
struct capture *capture_create(struct kcov *kcov);
/* The same for a set, which is mapped already and stays the caller's. */
struct capture *capture_create_set(struct kcov_set *set);
/* Accepts NULL. Closes the buffer. */
void capture_destroy(struct capture *capture);
void capture_destroy_list(struct capture *capture);
/* Remove capture from the list, if the list contains it. */
void capture_list_remove(struct capture **list, const struct capture *capture);
/* Describe a new run source, with copies of the strings, for capture_begin(). */
struct run_source capture_about_task(enum run_source_kind kind, const struct task_identity *task);
struct run_source capture_about_remote(uint64_t handle, const char *name);
struct run_source capture_about_context(enum run_source_kind kind);
/*
 * Start recording the run source that `about` describes; `about` is taken. Discards
 * what the buffer holds. No task may write to the buffer meanwhile, but sections of a
 * remote handle may.
 */
void capture_begin(struct capture *capture, struct run_source about);
/* Forget the description. The buffer can then be used for another task. */
void capture_end(struct capture *capture);

/*
 * Read at most limit PCs from the buffer. Returns how many were read; always 0 for
 * a set, which capture_gather() reads.
 */
size_t capture_step(struct capture *capture, size_t limit);
/* Read everything left in a buffer that no task writes to any more. */
void capture_finish(struct capture *capture);
/*
 * Call before writing to the file: reads new PCs and the counters of a set. Does
 * nothing for a buffer.
 */
struct error *capture_gather(struct capture *capture,
			     struct error *(*read_stats)(const struct kcov_set *set,
							 struct kcov_stats *ret));
/* The PCs read since capture_reset_pcs(). */
struct pc_map *capture_pcs(struct capture *capture);
void capture_reset_pcs(struct capture *capture);
/* Returns whether pc is among pcs and was in none of the earlier calls. */
bool capture_saw_first(struct capture *capture, uint64_t pc, const struct pc_count *pcs,
		       size_t nr_pcs);
/*
 * Returns whether one of two PCs was read again since the last call; of a set of tasks, whether it
 * was executed again. 0 is no PC.
 */
bool capture_loads(struct capture *capture, const uint64_t pcs[2]);
/*
 * Update name and parent in capture->about from the news, whose name is taken. Returns whether
 * they have changed.
 */
bool capture_learn(struct capture *capture, struct capture_news *news);
/* Are there losses or tasks that capture_describe() has not put into capture->about yet? */
bool capture_has_news(const struct capture *capture);
/* Update the losses and the number of tasks in capture->about. */
void capture_describe(struct capture *capture);

#endif
