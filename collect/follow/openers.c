// SPDX-License-Identifier: GPL-2.0-or-later
/* Says that processes of the workload use KCOV themselves. */
#include "collect/follow/openers.h"

#include <stdio.h>

#include "collect/follow/tracee.h"
#include "collect/kcov/collector.h"
#include "collect/kcov/kcov.h"

/* A chain that is longer has changed while it was read. */
#define ANCESTORS_MAX 4096

void note_openers(struct collector *collector, uint64_t nr)
{
	char text[160];

	snprintf(text, sizeof(text),
		 "%ju process%s opened " KCOV_DEVICE ": a task that is recorded cannot use KCOV "
		 "itself (KCOV_ENABLE fails with EBUSY)",
		 (uintmax_t)nr, nr == 1 ? "" : "es");
	if (nr)
		collector_note(collector, text);
}

bool is_descendant(pid_t pid, pid_t root)
{
	struct task_status status;

	for (int i = 0; i < ANCESTORS_MAX && pid > 1; i++) {
		if (pid == root)
			return true;
		if (!task_status_read(pid, &status))
			return false;
		pid = status.ppid;
	}
	return false;
}
