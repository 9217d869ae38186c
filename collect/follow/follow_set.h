/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following the tasks of a workload when the kernel does it: the command records into a set,
 * and so do all tasks that it creates (kcov_set.h). Nothing is traced, nothing is stopped. What
 * remains to do is to notice when the workload has ended.
 */
#ifndef COLLECT_FOLLOW_FOLLOW_SET_H
#define COLLECT_FOLLOW_FOLLOW_SET_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

struct collector;
struct contexts;
struct kcov_openers;
struct kcov_set;

struct follow_set_options {
	struct collector *collector; /* borrowed */
	struct kcov_set *set;	     /* borrowed; mapped; NULL = no task is recorded */
	struct contexts *contexts;   /* borrowed; mapped */
	pid_t root;		     /* the command: not our child, has not executed its program */
	const char *program;	     /* as it was named; borrowed */
	int exec_fd;   /* readable: the root failed to execute its program; end: it did */
	int status_fd; /* an int: the root's status from wait(2); end: its parent was killed */
	struct kcov_openers *openers; /* borrowed; its events are taken from it */
	bool wait;		      /* stay until the last task exits, not only the root */
	const volatile sig_atomic_t
		*cancel; /* when it becomes nonzero (in a signal handler), end */
};

/*
 * Returns when the root (or all tasks) have ended. *started: the root's program was executed.
 * If tasks live on, the workload is recorded as cut; they go on recording, but nothing reads
 * it.
 */
struct error *follow_set_run(const struct follow_set_options *options, bool *started);

#endif
