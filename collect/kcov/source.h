/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the collector reads: a task or a remote handle, and its KCOV buffer; or
 * all tasks of a command, and the set that they record into.
 * Internal to collect/kcov/collector.c.
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
	struct run_source about; /* what the file says of it; without PCs */
	struct drain drain;	 /* of a buffer */
	struct kcov kcov;
	struct kcov_set *set;  /* instead of both; borrowed, or NULL */
	struct pc_map set_pcs; /* what was read of it since the last reset */
	struct kcov_stats stats;
	uint64_t losses_told;	      /* saturations and dropped PCs that the file knows of */
	struct kcov_stats stats_told; /* of the set: the same */
	bool watched;		      /* has recorded the watched PC */
	uint64_t clone_counts[CLONE_TRACE_PCS];
	struct source *next;
};

/* NULL: out of memory; kcov is then still the caller's. Otherwise it belongs to the source. */
struct source *source_create(struct kcov *kcov);
/* The same for a set, which is mapped and stays the caller's. */
struct source *source_create_set(struct kcov_set *set);
/* Accepts NULL. Closes the buffer. */
void source_destroy(struct source *source);
void source_destroy_list(struct source *source);
/* Take it out of the list, if it is in there. */
void source_list_remove(struct source **list, const struct source *source);
/* What the file says of a new source, with strings of its own; for source_begin(). */
struct run_source source_about_task(enum run_source_kind kind, const struct task_identity *task);
struct run_source source_about_remote(uint64_t handle, const char *name);
/*
 * Become the source of what about says, and take that: what the buffer holds is
 * forgotten. Nobody may write to the buffer.
 */
void source_begin(struct source *source, struct run_source about);
/* Forget what it was of; the buffer can be used for another one. */
void source_end(struct source *source);

/* Read what is there, at most limit PCs: how many. Of a set: nothing, source_gather() does. */
size_t source_step(struct source *source, size_t limit);
/* Read all that is left of a buffer into which nobody writes any more. */
void source_finish(struct source *source);
/* Before the file is written: read what sets got, and what they lost. */
struct error *source_gather(struct source *source,
			    struct error *(*read_stats)(const struct kcov_set *set,
							struct kcov_stats *ret));
/* What was read since somebody reset it. */
struct pc_map *source_pcs(struct source *source);
/* Whether pc is among the PCs, and was in none that came before. */
bool source_saw_first(struct source *source, uint64_t pc, const struct pc_count *pcs,
		      size_t nr_pcs);
/* Whether source_describe() has something to say that it has not said. */
bool source_has_news(const struct source *source);
/* Put into source->about what was lost, and how many tasks it is. */
void source_describe(struct source *source);

#endif
