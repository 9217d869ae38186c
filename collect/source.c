// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/source.h"

#include <stdlib.h>
#include <string.h>

struct source *source_create(struct kcov *kcov)
{
	struct source *source = calloc(1, sizeof(*source));

	if (!source)
		return NULL;
	source->kcov = *kcov;
	*kcov = (struct kcov)KCOV_CLOSED;
	drain_init(&source->drain, source->kcov.area, source->kcov.words);
	return source;
}

void source_destroy(struct source *source)
{
	if (!source)
		return;
	drain_deinit(&source->drain);
	kcov_close(&source->kcov);
	run_task_deinit(&source->task);
	free(source);
}

void source_destroy_list(struct source *source)
{
	while (source) {
		struct source *next = source->next;

		source_destroy(source);
		source = next;
	}
}

void source_begin(struct source *source, const struct run_task *task)
{
	drain_discard(&source->drain);
	source->task = *task;
	source->task.comm = task->comm ? strdup(task->comm) : NULL;
	source->task.reason = NULL;
	source->task.pcs = (struct pc_map)PC_MAP_INIT;
	source->losses_told = 0;
	source->watched = false;
	memset(source->clone_counts, 0, sizeof(source->clone_counts));
}

void source_end(struct source *source)
{
	run_task_deinit(&source->task);
	memset(&source->task, 0, sizeof(source->task));
}

uint64_t source_losses(const struct source *source)
{
	return source->drain.saturations + source->drain.dropped;
}
