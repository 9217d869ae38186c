/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that stands where the command would stand: child of the shell, parent of the command,
 * in the same process group. It does nothing else. It forwards signals sent to it, stops and
 * continues together with the command, and learns how the command ended.
 *
 * Signals from the terminal (^C, ^Z, hangup) reach the command directly, since it is in the same
 * process group; they are not forwarded. A signal sent with kill(2) may have been sent to the whole
 * process group. It is forwarded only if the command did not get it from the same sender. The
 * tracer records that in `struct delivery_log`. If nothing traces the command, a witness records
 * it: a child of ours in the same group that does nothing else.
 *
 * The command may be continued alone, by a signal that does not reach us. While we are stopped, a
 * child of ours in a group of its own, the waker, waits for that.
 */
#ifndef COLLECT_FOLLOW_FRONT_H
#define COLLECT_FOLLOW_FRONT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

#define DELIVERY_LOG_SIZE 64

/* Signals recently delivered to the command; in memory shared by tracer and front. */
struct delivery_log {
	uint32_t next; /* number of entries ever written */
	struct {
		int32_t signal;
		int32_t sender;
	} entries[DELIVERY_LOG_SIZE];
	uint32_t taken[DELIVERY_LOG_SIZE]; /* written by the front: this entry was matched */
};

struct error *delivery_log_create(struct delivery_log **ret);
void delivery_log_add(struct delivery_log *log, const siginfo_t *info);

struct front {
	sigset_t mask_before; /* the caller's mask, which the command gets back */
	struct sigaction
		child_before;	  /* the caller's SIGCHLD action; if ignored, we could not wait */
	pid_t command;		  /* our child */
	pid_t supervisor;	  /* our child that traces the command, 0 = none */
	pid_t witness;		  /* our child that notes signals to the group, 0 = none */
	pid_t waker;		  /* our last child that continued us, or could have; 0 = none */
	struct delivery_log *log; /* NULL = no log */
	int command_status;	  /* as wait(2) gives it */
	int supervisor_status;
	int status_fd; /* command_status is written to it, then it is closed; -1 = not needed */
};

/* Block all signals, so that none is missed from now on, and make children waitable. Call before
 * fork(). */
void front_block_signals(struct front *front);
/* In a child, before it executes a program: restore the state before front_block_signals(). */
void front_restore_signals(const struct front *front);
/* Needs the log, and signals blocked. front_wait() ends the witness. */
struct error *front_start_witness(struct front *front);
/* Close our stdin and stdout, so that the command alone decides when its pipes are closed. */
void front_release_stdio(void);
/* Returns when command and supervisor have ended. */
void front_wait(struct front *front);

#endif
