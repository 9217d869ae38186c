// SPDX-License-Identifier: GPL-2.0-or-later
/* What follows from the kind and the state of a source: how its counts are meant, and words. */
#include "run/source.h"

#include <stdlib.h>

#include "run/fields.h"

void run_source_deinit(struct run_source *source)
{
	run_fields_free_strings(run_source_fields, source);
	free(source->pcs);
	*source = (struct run_source){ 0 };
}

enum run_counts run_source_counts(const struct run_source *source)
{
	switch (source->kind) {
	case RUN_SOURCE_TASK:
	case RUN_SOURCE_REMOTE:
		return RUN_COUNTS_EXACT;
	case RUN_SOURCE_SET:
	case RUN_SOURCE_SOFTIRQ:
	case RUN_SOURCE_INTERRUPT:
	case RUN_SOURCE_KTHREAD:
	case RUN_SOURCE_WORK:
	case RUN_SOURCE_SYSTEM:
		return RUN_COUNTS_LEAST;
	case RUN_SOURCE_IMPORT:
		return RUN_COUNTS_NONE;
	}
	return RUN_COUNTS_NONE;
}

bool run_kind_is_context(enum run_source_kind kind)
{
	return kind >= RUN_SOURCE_SOFTIRQ;
}

bool run_kind_has_tasks(enum run_source_kind kind)
{
	return kind == RUN_SOURCE_SYSTEM ||
	       (kind != RUN_SOURCE_REMOTE && !run_kind_is_context(kind));
}

static const struct run_kind_words kind_words[] = {
	[RUN_SOURCE_TASK] = { "task", "task", "by the task" },
	[RUN_SOURCE_REMOTE] = { "remote", "remote", "for tasks, in the background" },
	[RUN_SOURCE_SET] = { "set", "set of tasks", "by tasks" },
	[RUN_SOURCE_IMPORT] = { "import", "text", "by what a text lists" },
	[RUN_SOURCE_SOFTIRQ] = { "softirq", "softirqs that tasks raised",
				 "for tasks, in a softirq" },
	[RUN_SOURCE_INTERRUPT] = { "interrupt", "other softirqs on top of tasks",
				   "in a softirq on top of a task" },
	[RUN_SOURCE_KTHREAD] = { "kthread", "kernel threads for tasks",
				 "for tasks, in a kernel thread" },
	[RUN_SOURCE_WORK] = { "work", "work that tasks queued", "for tasks, in queued work" },
	[RUN_SOURCE_SYSTEM] = { "system", "the whole system", "by the whole system" },
};

const struct run_kind_words *run_kind_words(enum run_source_kind kind)
{
	return &kind_words[kind];
}

static const struct run_state_words task_words[] = {
	[RUN_STATE_COVERED] = { "covered", NULL, NULL },
	[RUN_STATE_NOT_FOLLOWED] = { "not-followed", "was not followed",
				     "not followed and not recorded" },
	[RUN_STATE_CUT] = { "cut", "is covered only in part", "recorded only in part" },
};

static const struct run_state_words handle_words[] = {
	[RUN_STATE_COVERED] = { "recorded", NULL, NULL },
	[RUN_STATE_NOT_FOLLOWED] = { "not-recorded", "was not recorded", "not recorded" },
	[RUN_STATE_CUT] = { "recorded", NULL, NULL },
};

const struct run_state_words *run_source_state_words(const struct run_source *source)
{
	bool is_task = source->kind != RUN_SOURCE_REMOTE && !run_kind_is_context(source->kind);

	return is_task ? &task_words[source->state] : &handle_words[source->state];
}
