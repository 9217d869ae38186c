// SPDX-License-Identifier: GPL-2.0-or-later
/* One source of the collector: a buffer or a set, and its description in the run file. */
#include "collect/kcov/source.h"

#include <stdlib.h>
#include <string.h>

#include "collect/kcov/collector.h"

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

struct source *source_create_set(struct kcov_set *set)
{
	struct source *source = calloc(1, sizeof(*source));

	if (!source)
		return NULL;
	source->kcov = (struct kcov)KCOV_CLOSED;
	source->set = set;
	return source;
}

void source_destroy(struct source *source)
{
	if (!source)
		return;
	drain_deinit(&source->drain);
	kcov_close(&source->kcov);
	pc_map_deinit(&source->set_pcs);
	run_source_deinit(&source->about);
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

void source_list_remove(struct source **list, const struct source *source)
{
	while (*list && *list != source)
		list = &(*list)->next;
	if (*list)
		*list = source->next;
}

/* If memory runs out, the result is NULL: the name is then not known. */
static char *copy_text(const char *s)
{
	return s ? strdup(s) : NULL;
}

struct run_source source_about_task(enum run_source_kind kind, const struct task_identity *task)
{
	return (struct run_source){ .kind = kind,
				    .pid = task->pid,
				    .tgid = task->tgid,
				    .parent = task->parent,
				    .nr_tasks = 1,
				    .name = copy_text(task->comm) };
}

struct run_source source_about_remote(uint64_t handle, const char *name)
{
	return (struct run_source){
		.kind = RUN_SOURCE_REMOTE, .parent = -1, .handle = handle, .name = copy_text(name)
	};
}

void source_begin(struct source *source, struct run_source about)
{
	if (!source->set)
		drain_discard(&source->drain);
	source->about = about;
	source->losses_told = 0;
	source->stats_told = (struct kcov_stats){ 0 };
	source->watched = false;
	memset(source->clone_counts, 0, sizeof(source->clone_counts));
}

void source_end(struct source *source)
{
	run_source_deinit(&source->about);
}

size_t source_step(struct source *source, size_t limit)
{
	return source->set ? 0 : drain_step(&source->drain, limit);
}

void source_finish(struct source *source)
{
	if (!source->set)
		drain_finish(&source->drain);
}

struct error *source_gather(struct source *source,
			    struct error *(*read_stats)(const struct kcov_set *set,
							struct kcov_stats *ret))
{
	if (!source->set)
		return NULL;
	/*
	 * Read the PCs before the counters. The counters may then include a task whose PCs
	 * are read next time, but every task whose PCs were read is counted.
	 */
	struct error *err = kcov_set_read(source->set, &source->set_pcs);
	return err ? err : read_stats(source->set, &source->stats);
}

struct pc_map *source_pcs(struct source *source)
{
	return source->set ? &source->set_pcs : &source->drain.pcs;
}

bool source_saw_first(struct source *source, uint64_t pc, const struct pc_count *pcs, size_t nr_pcs)
{
	bool before = source->watched;

	for (size_t i = 0; i < nr_pcs && !source->watched; i++)
		source->watched = pcs[i].pc == pc;
	return source->watched && !before;
}

static uint64_t drain_losses(const struct source *source)
{
	return source->drain.saturations + source->drain.dropped;
}

bool source_has_news(const struct source *source)
{
	const struct kcov_stats *now = &source->stats, *told = &source->stats_told;

	return drain_losses(source) != source->losses_told ||
	       now->dropped_pcs != told->dropped_pcs || now->dropped_tasks != told->dropped_tasks ||
	       now->inherited_tasks != told->inherited_tasks;
}

void source_describe(struct source *source)
{
	struct run_losses *losses = &source->about.losses;

	source->losses_told = drain_losses(source);
	source->stats_told = source->stats;
	losses->saturations = source->drain.saturations;
	/* If PCs are known to be lost, count this as one more full buffer. */
	if (source->drain.dropped)
		losses->saturations++;
	if (!source->set)
		return;
	source->about.nr_tasks = 1 + source->stats.inherited_tasks;
	losses->dropped_pcs = source->stats.dropped_pcs;
	losses->dropped_tasks = source->stats.dropped_tasks;
}
