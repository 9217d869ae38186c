/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the collector drains: a task or a remote handle, and its KCOV buffer.
 * Internal to collect/collector.c.
 */
#ifndef COLLECT_SOURCE_H
#define COLLECT_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "collect/clone_trace.h"
#include "collect/drain.h"
#include "collect/kcov.h"
#include "collect/run.h"

struct source {
	struct run_task task; /* pcs is not used */
	struct drain drain;
	struct kcov kcov;
	uint64_t losses_told; /* saturations and dropped PCs that the file knows of */
	bool watched;	      /* has recorded the watched PC */
	uint64_t clone_counts[CLONE_TRACE_PCS];
	struct source *next;
};

/* NULL: out of memory; kcov is then still the caller's. Otherwise it belongs to the source. */
struct source *source_create(struct kcov *kcov);
/* Accepts NULL. Closes the buffer. */
void source_destroy(struct source *source);
void source_destroy_list(struct source *source);
/*
 * Take over a task, or a remote handle: what the buffer holds is forgotten, comm
 * is copied. Nobody may write to the buffer.
 */
void source_begin(struct source *source, const struct run_task *task);
/* Forget the task; the buffer can be used for another one. */
void source_end(struct source *source);
/* Saturations and dropped PCs. */
uint64_t source_losses(const struct source *source);

#endif
