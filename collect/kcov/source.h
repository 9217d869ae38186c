/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the collector reads: the KCOV buffer of a task or a remote handle, or the
 * set that all tasks of a command record into. Internal to
 * collect/kcov/collector.c.
 */
#ifndef COLLECT_KCOV_SOURCE_H
#define COLLECT_KCOV_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "collect/kcov/clone_trace.h"
#include "collect/kcov/drain.h"
#include "collect/kcov/kcov.h"
#include "collect/kcov/kcov_set.h"
#include "run/run.h"

struct task_identity;

struct source {
	struct run_source about; /* its description in the file, without PCs */
	struct drain drain;	 /* reads the buffer */
	struct kcov kcov;
	struct kcov_set *set;  /* used instead of drain and kcov; borrowed, or NULL */
	struct pc_map set_pcs; /* PCs read from the set since the last reset */
	struct kcov_stats stats;
	uint64_t losses_told;	      /* saturations and dropped PCs that are in the file already */
	struct kcov_stats stats_told; /* counters of the set that are in the file already */
	bool watched;		      /* it recorded the watched PC */
	uint64_t clone_counts[CLONE_TRACE_PCS];
	struct source *next;
};

/*
 * Returns NULL if memory runs out; kcov then still belongs to the caller. On
 * success it belongs to the source.
 */
struct source *source_create(struct kcov *kcov);
/* The same for a set, which is mapped already and stays the caller's. */
struct source *source_create_set(struct kcov_set *set);
/* Accepts NULL. Closes the buffer. */
void source_destroy(struct source *source);
void source_destroy_list(struct source *source);
/* Remove source from the list, if the list contains it. */
void source_list_remove(struct source **list, const struct source *source);
/* Describe a new source, with copies of the strings, for source_begin(). */
struct run_source source_about_task(enum run_source_kind kind, const struct task_identity *task);
struct run_source source_about_remote(uint64_t handle, const char *name);
/*
 * Start recording the source that `about` describes; `about` is taken. Discards
 * what the buffer holds; no task may write to the buffer meanwhile.
 */
void source_begin(struct source *source, struct run_source about);
/* Forget the description. The buffer can then be used for another task. */
void source_end(struct source *source);

/*
 * Read at most limit PCs from the buffer. Returns how many were read; always 0 for
 * a set, which source_gather() reads.
 */
size_t source_step(struct source *source, size_t limit);
/* Read everything left in a buffer that no task writes to any more. */
void source_finish(struct source *source);
/*
 * Call before writing to the file: reads new PCs and the counters of a set. Does
 * nothing for a buffer.
 */
struct error *source_gather(struct source *source,
			    struct error *(*read_stats)(const struct kcov_set *set,
							struct kcov_stats *ret));
/* The PCs read since the caller last reset this map. */
struct pc_map *source_pcs(struct source *source);
/* Returns whether pc is among pcs and was in none of the earlier calls. */
bool source_saw_first(struct source *source, uint64_t pc, const struct pc_count *pcs,
		      size_t nr_pcs);
/* Are there losses or tasks that source_describe() has not put into source->about yet? */
bool source_has_news(const struct source *source);
/* Update the losses and the number of tasks in source->about. */
void source_describe(struct source *source);

#endif
