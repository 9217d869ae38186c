/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following the tasks of a workload where the kernel does it: the command records
 * into a set, and so does all that it makes (kcov_set.h). Nothing is traced, nothing
 * is stopped; what is left to do is to know when it has ended.
 */
#ifndef COLLECT_FOLLOW_FOLLOW_SET_H
#define COLLECT_FOLLOW_FOLLOW_SET_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

struct collector;
struct kcov_set;

struct follow_set_options {
	struct collector *collector; /* borrowed */
	struct kcov_set *set;	     /* borrowed; mapped */
	pid_t root;		     /* the command: not our child, has not executed its program */
	const char *program;	     /* as it was named; borrowed */
	int exec_fd;   /* readable when the root failed to, ends when it executes its program */
	int status_fd; /* an int: what wait(2) gave for the root. The end: its parent was killed */
	bool wait;     /* stay until the last task exits, not only the root */
	const volatile sig_atomic_t
		*cancel; /* when it becomes nonzero (in a signal handler), end */
};

/*
 * Until the end of the root (or of all tasks). *started: the root's program was executed. Where
 * tasks live on, the workload is recorded as cut; they record on, and nobody reads it.
 */
struct error *follow_set_run(const struct follow_set_options *options, bool *started);

#endif
