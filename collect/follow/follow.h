/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following the tasks of a workload with ptrace, so that each is covered from
 * its first instruction to its exit.
 *
 * The root is seized before it executes its program. The kernel seizes new
 * tasks (PTRACE_O_TRACEFORK, -VFORK, -CLONE), which stop before they run. A
 * task is stopped only at its birth, at execve, and when a signal is
 * delivered to it. Group stops remain group stops (PTRACE_LISTEN).
 *
 * All functions must be called by one thread: the tracer.
 */
#ifndef COLLECT_FOLLOW_FOLLOW_H
#define COLLECT_FOLLOW_FOLLOW_H

#include <stdbool.h>
#include <signal.h>
#include <sys/types.h>

#include "base/error.h"
#include "collect/kcov/collector.h"
#include "collect/kcov/kcov_openers.h"

struct follow_options {
	struct collector *collector; /* borrowed */
	pid_t root;		     /* not our child, has not executed its program */
	bool root_only; /* cover only the root task; detach from it after coverage is enabled */
	int status_fd;	/* root_only: an int, the root's status from wait(2); end: its parent was
			 * killed */
	struct kcov_openers *openers; /* borrowed; its events are taken from it */
	bool wait; /* stay until the last task exits, not only until the root does */
	const volatile sig_atomic_t
		*cancel; /* when it becomes nonzero (in a signal handler), end */
	/* Called for every signal delivered to a task of the root's process. */
	void (*delivered)(void *arg, const siginfo_t *info);
	void *arg;
};

struct follow;

/* Seize the root. It may execute its program after this. */
struct error *follow_create(const struct follow_options *options, struct follow **ret);
/*
 * Follow until the root (or all tasks) have ended. Tasks that live on are
 * detached and recorded as cut. *started: the root's program was executed.
 */
struct error *follow_run(struct follow *f, bool *started);
/* Accepts NULL. */
void follow_destroy(struct follow *f);

#endif
