/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following the tasks of a workload with ptrace, so that each is covered from
 * its first instruction to its exit.
 *
 * The root is seized before it executes its program; new tasks are seized by
 * the kernel (PTRACE_O_TRACEFORK, -VFORK, -CLONE) and stop before they run. A
 * task is stopped only to be born, at execve, and where a signal is delivered
 * to it; group stops are left to be group stops (PTRACE_LISTEN).
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

struct follow_options {
	struct collector *collector; /* borrowed */
	pid_t root;		     /* not our child, has not executed its program */
	bool root_only; /* cover the root task alone; let go of it once it is enabled */
	bool wait;	/* stay until the last task exits, not only the root */
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
 * Until the end of the root (or of all tasks). Tasks that live on are let go
 * and recorded as cut. *started: the root's program was executed.
 */
struct error *follow_run(struct follow *f, bool *started);
/* Accepts NULL. */
void follow_destroy(struct follow *f);

#endif
