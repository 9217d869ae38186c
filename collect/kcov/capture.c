// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads a buffer or a set, and keeps the description of its run source up to date. */
#include "collect/kcov/capture.h"

#include <stdlib.h>
#include <string.h>

#include "collect/kcov/collector.h"

struct capture *capture_create(struct kcov *kcov)
{
	struct capture *capture = calloc(1, sizeof(*capture));

	if (!capture)
		return NULL;
	capture->kcov = *kcov;
	*kcov = (struct kcov)KCOV_CLOSED;
	drain_init(&capture->drain, capture->kcov.area, capture->kcov.words);
	return capture;
}

struct capture *capture_create_set(struct kcov_set *set)
{
	struct capture *capture = calloc(1, sizeof(*capture));

	if (!capture)
		return NULL;
	capture->kcov = (struct kcov)KCOV_CLOSED;
	capture->set = set;
	return capture;
}

void capture_destroy(struct capture *capture)
{
	if (!capture)
		return;
	drain_deinit(&capture->drain);
	kcov_close(&capture->kcov);
	pc_map_deinit(&capture->set_pcs);
	run_source_deinit(&capture->about);
	free(capture->news.name);
	free(capture);
}

void capture_destroy_list(struct capture *capture)
{
	while (capture) {
		struct capture *next = capture->next;

		capture_destroy(capture);
		capture = next;
	}
}

void capture_list_remove(struct capture **list, const struct capture *capture)
{
	while (*list && *list != capture)
		list = &(*list)->next;
	if (*list)
		*list = capture->next;
}

/* If memory runs out, the result is NULL: the name is then not known. */
static char *copy_text(const char *s)
{
	return s ? strdup(s) : NULL;
}

struct run_source capture_about_task(enum run_source_kind kind, const struct task_identity *task)
{
	return (struct run_source){ .kind = kind,
				    .pid = task->pid,
				    .tgid = task->tgid,
				    .parent = task->parent,
				    .nr_tasks = 1,
				    .name = copy_text(task->comm) };
}

struct run_source capture_about_remote(uint64_t handle, const char *name)
{
	return (struct run_source){
		.kind = RUN_SOURCE_REMOTE, .parent = -1, .handle = handle, .name = copy_text(name)
	};
}

struct run_source capture_about_context(enum run_source_kind kind)
{
	/* Readers that know no contexts show the name. */
	return (struct run_source){ .kind = kind,
				    .parent = -1,
				    .name = copy_text(run_kind_words(kind)->name) };
}

void capture_begin(struct capture *capture, struct run_source about)
{
	if (!capture->set && capture->drain.sections)
		drain_skip(&capture->drain);
	else if (!capture->set)
		drain_discard(&capture->drain);
	capture->about = about;
	capture->losses_told = 0;
	capture->stats_told = (struct kcov_stats){ 0 };
	capture->watched = false;
	capture->loads = 0;
	memset(capture->clone_counts, 0, sizeof(capture->clone_counts));
}

void capture_end(struct capture *capture)
{
	run_source_deinit(&capture->about);
}

size_t capture_step(struct capture *capture, size_t limit)
{
	return capture->set ? 0 : drain_step(&capture->drain, limit);
}

void capture_finish(struct capture *capture)
{
	if (!capture->set)
		drain_finish(&capture->drain);
}

struct error *capture_gather(struct capture *capture,
			     struct error *(*read_stats)(const struct kcov_set *set,
							 struct kcov_stats *ret))
{
	if (!capture->set)
		return NULL;
	/*
	 * Read the PCs before the counters. The counters may then include a task whose PCs
	 * are read next time, but every task whose PCs were read is counted.
	 */
	struct error *err = kcov_set_read(capture->set, &capture->set_pcs);
	return err ? err : read_stats(capture->set, &capture->stats);
}

struct pc_map *capture_pcs(struct capture *capture)
{
	return capture->set ? &capture->set_pcs : &capture->drain.pcs;
}

void capture_reset_pcs(struct capture *capture)
{
	pc_map_reset(capture_pcs(capture));
	capture->loads = 0;
}

bool capture_saw_first(struct capture *capture, uint64_t pc, const struct pc_count *pcs,
		       size_t nr_pcs)
{
	bool before = capture->watched;

	for (size_t i = 0; i < nr_pcs && !capture->watched; i++)
		capture->watched = pcs[i].pc == pc;
	return capture->watched && !before;
}

static bool set_loads(struct capture *capture, const uint64_t pcs[2])
{
	bool loads = false;

	/* In those of contexts and of the system nothing is cleared. */
	for (int i = 0; i < 2 && capture->about.kind == RUN_SOURCE_SET; i++)
		if (pcs[i] && kcov_set_again(capture->set, pcs[i], &capture->set_pcs))
			loads = true;
	return loads;
}

bool capture_loads(struct capture *capture, const uint64_t pcs[2])
{
	if (capture->set)
		return set_loads(capture, pcs);
	const struct pc_map *map = capture_pcs(capture);
	uint64_t before = capture->loads;

	capture->loads = 0;
	for (int i = 0; i < 2; i++)
		if (pcs[i])
			capture->loads += pc_map_get(map, pcs[i]);
	return capture->loads > before;
}

static bool is_same_name(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

bool capture_learn(struct capture *capture, struct capture_news *news)
{
	struct run_source *about = &capture->about;
	bool changed = false;

	if (news->adopted && about->parent != news->parent) {
		about->parent = news->parent;
		changed = true;
	}
	if (news->renamed && !is_same_name(about->name, news->name)) {
		free(about->name);
		about->name = news->name;
		news->name = NULL;
		changed = true;
	}
	free(news->name);
	return changed;
}

static uint64_t drain_losses(const struct capture *capture)
{
	return capture->drain.saturations + capture->drain.dropped;
}

bool capture_has_news(const struct capture *capture)
{
	const struct kcov_stats *now = &capture->stats, *told = &capture->stats_told;

	return drain_losses(capture) != capture->losses_told ||
	       now->dropped_pcs != told->dropped_pcs || now->dropped_tasks != told->dropped_tasks ||
	       now->dropped_remote_pcs != told->dropped_remote_pcs ||
	       now->dropped_sections != told->dropped_sections ||
	       now->inherited_tasks != told->inherited_tasks ||
	       (capture->about.kind == RUN_SOURCE_WORK && now->tasks != told->tasks);
}

void capture_describe(struct capture *capture)
{
	struct run_losses *losses = &capture->about.losses;

	capture->losses_told = drain_losses(capture);
	capture->stats_told = capture->stats;
	losses->saturations = capture->drain.saturations;
	/* If PCs are known to be lost, count this as one more full buffer. */
	if (capture->drain.dropped)
		losses->saturations++;
	if (!capture->set)
		return;
	losses->dropped_pcs = capture->stats.dropped_pcs;
	if (run_kind_is_context(capture->about.kind)) {
		losses->dropped_pcs += capture->stats.dropped_remote_pcs;
		losses->dropped_sections = capture->stats.dropped_sections;
		capture->about.pending =
			capture->about.kind == RUN_SOURCE_WORK ? capture->stats.tasks : 0;
		return;
	}
	capture->about.nr_tasks = 1 + capture->stats.inherited_tasks;
	losses->dropped_tasks = capture->stats.dropped_tasks;
}
