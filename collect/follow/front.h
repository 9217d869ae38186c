/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that stands where the command would stand: child of the shell,
 * parent of the command, in the same process group, and nothing else. It
 * passes on signals that are sent to it, stops when the command stops, goes on
 * when that goes on, and learns how it ended.
 *
 * Signals from the terminal (^C, ^Z, hangup) reach the command by themselves,
 * being in the same process group; they are not passed on. A signal sent
 * with kill(2) may have been sent to the whole process group: it is passed on
 * only when the command did not get it from the same sender, which the
 * tracer tells through `struct delivery_log`. Where nothing traces the command,
 * a witness tells: a child of ours that does nothing in the same group.
 */
#ifndef COLLECT_FOLLOW_FRONT_H
#define COLLECT_FOLLOW_FRONT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

#define DELIVERY_LOG_SIZE 64

/* Signals that were delivered to the command lately; in memory shared by tracer and front. */
struct delivery_log {
	uint32_t next; /* entries ever written */
	struct {
		int32_t signal;
		int32_t sender;
	} entries[DELIVERY_LOG_SIZE];
	uint32_t taken[DELIVERY_LOG_SIZE]; /* written by the front: this entry was matched */
};

struct error *delivery_log_create(struct delivery_log **ret);
void delivery_log_add(struct delivery_log *log, const siginfo_t *info);

struct front {
	sigset_t mask_before; /* of the caller; the command shall have it */
	struct sigaction
		child_before;	  /* what SIGCHLD did: ignored, it would keep us from waiting */
	pid_t command;		  /* our child */
	pid_t supervisor;	  /* our child that traces the command, 0 = none */
	pid_t witness;		  /* our child that tells of signals to the group, 0 = none */
	struct delivery_log *log; /* NULL = nobody tells */
	int command_status;	  /* as wait(2) gives it */
	int supervisor_status;
	int status_fd; /* command_status is written into it, and it is closed; -1 = nobody asks */
};

/* Block all signals, so that none is missed from now on, and make children waitable. Before fork().
 */
void front_block_signals(struct front *front);
/* In a child, before it executes a program: as it was before front_block_signals(). */
void front_restore_signals(const struct front *front);
/* With the log made and signals blocked; front_wait() ends it. */
struct error *front_start_witness(struct front *front);
/*
 * First of all: which of stdin, stdout and stderr are closed stay so for the command, and are no
 * numbers for files of ours.
 */
void front_reserve_stdio(void);
/* Give up stdin and stdout: the command alone decides when its pipes are closed. */
void front_release_stdio(void);
/* Until command and supervisor have ended. */
void front_wait(struct front *front);

#endif
