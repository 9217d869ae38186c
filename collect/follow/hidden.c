// SPDX-License-Identifier: GPL-2.0-or-later
/* Names tasks that were created with CLONE_UNTRACED. */
#include "collect/follow/hidden.h"

#include <stdio.h>

#include "collect/kcov/collector.h"

/* At most this many per parent, which may have created millions. */
#define LISTED_MAX 100

static void skip_hidden(struct collector *collector, const struct hidden_clones *u, uint64_t nr)
{
	const struct task_identity task = { .parent = u->parent };
	char reason[128];

	snprintf(reason, sizeof(reason),
		 "task %d created it with CLONE_UNTRACED, which hides it from ptrace",
		 u->parent_pid);
	for (uint64_t i = 0; i < nr && i < LISTED_MAX; i++)
		collector_skip_task(collector, &task, reason);
	if (nr <= LISTED_MAX)
		return;
	snprintf(reason, sizeof(reason),
		 "task %d created %ju tasks with CLONE_UNTRACED, of which %d are listed",
		 u->parent_pid, (uintmax_t)nr, LISTED_MAX);
	collector_note(collector, reason);
}

/*
 * A clone without a ptrace event created a task that we do not follow. The exception are tasks
 * whose parents were killed before the event: these were followed all the same.
 */
void name_hidden_clones(struct collector *collector, uint64_t strays)
{
	struct hidden_clones_vector hidden;

	collector_hidden_clones(collector, &hidden);
	vector_for_each(&hidden, u) {
		uint64_t nr = u->nr > strays ? u->nr - strays : 0;

		strays -= u->nr - nr;
		skip_hidden(collector, u, nr);
	}
	hidden_clones_vector_deinit(&hidden);
}
